# What the project's own programs are built with, and what its users are spared: warnings as errors, ccache.

if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(S3STORE_CCACHE ccache)
  if(S3STORE_CCACHE)
    # A clone in another folder shall find the same objects (base directory, no directory in the hash), precompiled headers included.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${S3STORE_CCACHE})
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
endif()

set(S3STORE_WARNINGS "")
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  set(S3STORE_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
endif()

# Header-only, as most users have it: for the examples, the benchmarks and the checks.
add_library(s3store_own INTERFACE)
target_link_libraries(s3store_own INTERFACE s3store::s3store)
target_compile_options(s3store_own INTERFACE ${S3STORE_WARNINGS})
target_compile_options(s3store_compiled PRIVATE ${S3STORE_WARNINGS})

# The HTTP server of the tests and examples. Debian's package is a compiled library without a CMake file, others have the header alone.
find_path(S3STORE_HTTPLIB_INCLUDE httplib.h)
find_library(S3STORE_HTTPLIB_LIBRARY cpp-httplib)
mark_as_advanced(S3STORE_CCACHE S3STORE_HTTPLIB_INCLUDE S3STORE_HTTPLIB_LIBRARY)
if(S3STORE_HTTPLIB_INCLUDE)
  add_library(s3store_httplib INTERFACE)
  target_include_directories(s3store_httplib SYSTEM INTERFACE ${S3STORE_HTTPLIB_INCLUDE})
  target_link_libraries(s3store_httplib INTERFACE Threads::Threads)
  if(S3STORE_HTTPLIB_LIBRARY)
    # The macros that the library was built with change its types, so they have to be the same here.
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(S3STORE_HTTPLIB QUIET cpp-httplib)
    endif()
    target_compile_options(s3store_httplib INTERFACE ${S3STORE_HTTPLIB_CFLAGS_OTHER})
    target_link_libraries(s3store_httplib INTERFACE ${S3STORE_HTTPLIB_LIBRARY} OpenSSL::SSL)
  endif()
endif()
