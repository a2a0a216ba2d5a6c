// expect: get_object_request
#include <s3store/client/client.hpp>

void use(const s3store::client& s3) { static_cast<void>(s3.get_object({.bucket = "b", .key = "k"})); }
