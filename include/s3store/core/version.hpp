// Which version is this, and can this compiler use it? CMake reads the three numbers below, too.
//
// Everything is in an inline namespace of `s3store`, which is part of every symbol's name. Its name changes with each version that
// changes the layout of a type, and differs between header-only and compiled code, so that object files that do not fit together do
// not link.
#pragma once

#define S3STORE_VERSION_MAJOR 0
#define S3STORE_VERSION_MINOR 2
#define S3STORE_VERSION_PATCH 0

#if !(defined(_MSVC_LANG) ? _MSVC_LANG >= 202002L : __cplusplus >= 202002L)
#define S3STORE_UNSUPPORTED  // a header that sees this includes nothing more, so that the error below is the only one
#error "s3store needs C++20: compile with -std=c++20 or later"
#elif !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#define S3STORE_UNSUPPORTED
#error "s3store needs exceptions: compile without -fno-exceptions"
#else

// S3STORE_COMPILED: the headers only declare what the compiled library defines. All files of a program must define it, or none; the
// CMake target s3store::compiled does so. Instead of linking the library, one file may define S3STORE_IMPLEMENTATION as well.
#ifdef S3STORE_COMPILED
#define S3STORE_ABI v0_2_compiled
#define S3STORE_INLINE
#else
#define S3STORE_ABI v0_2
#define S3STORE_INLINE inline
#endif
#if !defined(S3STORE_COMPILED) || defined(S3STORE_IMPLEMENTATION)
#define S3STORE_DEFINITIONS  // include the headers whose names end in _impl.hpp
#endif

namespace s3store::inline S3STORE_ABI {

inline constexpr const char* version = "0.2.0";

}  // namespace s3store::inline S3STORE_ABI

#endif
