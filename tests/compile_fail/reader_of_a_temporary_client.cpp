// expect: deleted
#include <s3store/transfer/reader.hpp>

s3store::object_reader file{s3store::client{}, {.object = {.bucket = "b", .key = "k"}}};
