// XML: a document that an operation's declaration decodes can be encoded by the same declaration, unless it holds a character that XML has no
// way to carry; and what is encoded decodes to the same. An error document never does harm, whatever its bytes.
//
// The input is a line with a number, which says whose document it is, and the document.
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/replication.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/transports/embedded/serve.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

/// The text of a response, as a server writes it; nothing if XML cannot carry it.
template <class R>
std::optional<std::string> encoded(response_of<R> response) {
  auto out = s3store::embedded::encode_response<R>(std::move(response));
  if (!out) return std::nullopt;
  return std::move(out->body);
}

template <class R>
void check(std::string text) {
  const headers none;
  const auto decoded = [&none](std::string document, bool urls) {
    wire::received_answer from{.status = R::spec.status, .fields = &none, .body = &document, .decode_urls = urls, .operation = R::spec.name};
    return wire::decode<R>(from);
  };
  auto first = decoded(std::move(text), false);
  if (!first) return;
  bool urls = false;
  if constexpr (requires { first->encoding_type; }) urls = first->encoding_type == "url";
  const auto written = encoded<R>(std::move(*first));
  if (!written) return;
  auto second = decoded(*written, urls);
  fuzz::hold(bool(second), "what was encoded can be decoded");
  fuzz::hold(encoded<R>(std::move(*second)) == written, "what was encoded and decoded is encoded to the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const std::size_t which = in.number(13);
  std::string text{in.rest()};
  static_cast<void>(wire::parse_error_document(text));
  switch (which) {
    case 0: check<list_objects_v2_request>(std::move(text)); break;
    case 1: check<list_objects_request>(std::move(text)); break;
    case 2: check<list_object_versions_request>(std::move(text)); break;
    case 3: check<list_multipart_uploads_request>(std::move(text)); break;
    case 4: check<list_parts_request>(std::move(text)); break;
    case 5: check<get_bucket_lifecycle_configuration_request>(std::move(text)); break;
    case 6: check<get_bucket_replication_request>(std::move(text)); break;
    case 7: check<get_object_acl_request>(std::move(text)); break;
    case 8: check<delete_objects_request>(std::move(text)); break;
    case 9: check<copy_object_request>(std::move(text)); break;
    case 10: check<complete_multipart_upload_request>(std::move(text)); break;
    case 11: check<get_object_attributes_request>(std::move(text)); break;
    default: check<get_bucket_notification_configuration_request>(std::move(text)); break;
  }
  return 0;
}
