// The file that has the library's code in a program without CMake, as docs/decisions/0011 and src/s3store.cpp describe it.
#define S3STORE_IMPLEMENTATION
#include <s3store/client.hpp>
