// The compiled library: what files that define S3STORE_COMPILED leave out. The CMake target s3store::compiled builds it, and defines
// S3STORE_COMPILED for whoever links it. A program without CMake defines S3STORE_COMPILED for all of its files, and has these lines in one.
#ifndef S3STORE_COMPILED
#define S3STORE_COMPILED
#endif
#define S3STORE_IMPLEMENTATION
#include <s3store/s3store.hpp>
