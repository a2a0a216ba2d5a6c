// expect: nodiscard
#include <s3store/client/client.hpp>
#include <s3store/operations/object.hpp>

void use(const s3store::client& client) { client.delete_object({.bucket = "b", .key = "k"}); }
