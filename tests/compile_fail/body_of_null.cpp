// expect: deleted
#include <s3store/client/client.hpp>
#include <s3store/operations/object.hpp>

const s3store::put_object_request r{.bucket = "b", .key = "k", .body = nullptr};
