// expect: this operation has no pages
#include <s3store/client/client.hpp>
#include <s3store/operations/object.hpp>

void use(const s3store::client& s3) {
  for (auto& page : s3.pages(s3store::head_object_request{.bucket = "b", .key = "k"})) static_cast<void>(page);
}
