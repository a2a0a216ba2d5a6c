// Which version is this? Read by CMake as well: the three numbers below are the only place where the version is written.
//
// Everything lives in `s3store::inline v0`. The inline namespace is part of every mangled name, so two versions of the library
// can be linked into one program without their definitions being mixed up (the one-definition rule).
#pragma once

#define S3STORE_VERSION_MAJOR 0
#define S3STORE_VERSION_MINOR 1
#define S3STORE_VERSION_PATCH 0

namespace s3store::inline v0 {

inline constexpr const char* version = "0.1.0";

}  // namespace s3store::inline v0
