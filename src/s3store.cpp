// The one file of a program that compiles what its others leave out; see the end of client/client.hpp. The CMake target
// s3store::precompiled adds it to what links it, and defines S3STORE_PRECOMPILED for the others.
#define S3STORE_IMPLEMENTATION
#include <s3store/client/client.hpp>
