// What is an operation? One declaration of a request and its response, from which both are written and read.
//
// Besides its members a request has a `response` type, a `spec`, and a function `describe`, which says for each member where in the
// HTTP message it goes. `describe` takes a visitor. The client's visitors write a request or read an answer, the embedded S3's do
// the opposite, and others compare, print or count. So no operation needs code of its own for any of this. A listing also says how
// to get from one page to the next; see client/pagers.hpp.
//
// `describe` calls these functions, which every visitor has:
//   uri(label, m)              a part of the path: "Bucket", or "Key", whose slashes are not encoded
//   query(name, m)             a query parameter
//   header(name, m)            a header; a list is one field, separated by commas
//   headers(prefix, m)         one header for each entry of a metadata member
//   status(m)                  the HTTP status of the answer
//   stream(m)                  the body, as bytes
//   text(m)                    the body, as text
//   payload(root, m)           the body, as an XML document that is this structure
//   root(name)                 the body is an XML document; the calls that follow declare its elements
//   root_text(name, m)         the body is an XML document that holds nothing but this value
//   element(name, m)           a child element; a list repeats it
//   list(name, item, m)        a child element around the items of a list; absent where there are none
//   url_element(name, m)       a child element that is percent-encoded where the answer says encoding-type=url
//   attribute(name, m)         an XML attribute, declared before any element
//   event(name, m)             an event, in an answer that is a stream of events: text is passed on as it comes, a structure is XML
//
// An optional without a value, an empty text and an empty list are not written. A last argument changes that:
//   required                   the API requires it: an empty query parameter or header is refused, an empty element is written, and
//                              an event must arrive
//   even_if_empty              in an answer: S3 sends the element even if it has no value
//   never_empty                an optional text in an element: refused if present but empty, as it always is in a query or header
//   by_default{"…"}            the value of a query parameter if the caller set none
// A last argument also names a date's format, if it is not the usual one (HTTP dates in headers, ISO 8601 elsewhere).
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/http/body.hpp>
#include <s3store/http/message.hpp>
#include <s3store/protocol/wire_value.hpp>

namespace s3store::inline S3STORE_ABI {

/// Does S3 accept, or require, a checksum of the request's body?
enum class request_checksum : std::uint8_t { none, supported, required };

enum class answer_body : std::uint8_t {
  document,  ///< read into memory, up to `settings::max_document` bytes, and decoded
  stream,    ///< passed to a sink as it arrives
};

struct operation_spec {
  std::string_view name{};  ///< as in the S3 API: "PutObject"
  http::method method{};
  std::string_view uri{};   ///< "/{Bucket}/{Key+}?uploads"
  std::string_view service{"s3"};    ///< the service in the endpoint's name and the signature
  std::string_view host_prefix{};    ///< a header whose value also becomes a prefix of the endpoint's host name
  request_checksum checksum{request_checksum::none};
  bool answer_checksum{};   ///< the answer carries the body's checksum when `x-amz-checksum-mode` asks for it
  bool unsigned_payload{};  ///< with payload_signing::automatic, do not sign the body over plain HTTP either
  answer_body answer{answer_body::document};
  int status{200};          ///< S3's status for success
};

/// A type that can be sent. It also needs `describe`, which the concept cannot check.
template <class R>
concept operation_request = requires {
  typename R::response;
  { R::spec } -> std::convertible_to<const operation_spec&>;
};

template <operation_request R>
using response_of = typename R::response;

}  // namespace s3store::inline S3STORE_ABI
