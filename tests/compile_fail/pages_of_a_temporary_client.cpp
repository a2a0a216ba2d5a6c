// expect: deleted
#include <s3store/client/client.hpp>
#include <s3store/operations/listing.hpp>

auto pages() { return s3store::client{}.pages(s3store::list_objects_v2_request{.bucket = "b"}); }
