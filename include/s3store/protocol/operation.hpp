// What is an operation? One declaration, read in both directions.
//
// A request is an aggregate with three things beside its members: its `response` type, its `spec`, and `describe`, which says of each
// member where it travels. A visitor that is handed to `describe` decides what happens there: the client's writes a request or reads
// an answer, the embedded S3's does the opposite, and others compare, print or count. No operation has code of its own for any of it.
// A listing also says how its pages follow each other; see client/pagers.hpp.
//
// The words that `describe` is written in, and that every visitor understands:
//   uri(label, m)              a label of the path: "Bucket", or "Key", which keeps its slashes
//   query(name, m)             a query parameter; absent when the member is, or by_default{"..."}
//   header(name, m)            a header; a list travels as one field, comma-separated
//   headers(prefix, m)         one header for each entry of a metadata member
//   status(m)                  the HTTP status of the answer
//   stream(m)                  the body, as bytes
//   text(m)                    the body, as text
//   payload(root, m)           the body, as an XML document that is this structure
//   root(name)                 the body is an XML document, whose parts are declared by what follows
//   root_text(name, m)         the body is an XML document that holds nothing but this value
//   element(name, m)           a child element; a list repeats it
//   list(name, item, m)        a child element around the items of a list; in a request it is absent where there are none, unless a last
//                              argument says even_if_empty{}
//   url_element(name, m)       a child element that is percent-encoded where the answer says encoding-type=url
//   attribute(name, m)         an XML attribute, declared before any element
//   event(name, m)             an event of an answer that is a stream of them: a text goes on as it comes, a structure is read from XML;
//                              one that is not optional has to come
// Where a date's format is not the place's own (HTTP dates in headers, ISO 8601 elsewhere), it is named as a last argument.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/http/body.hpp>
#include <s3store/http/message.hpp>
#include <s3store/protocol/wire_value.hpp>

namespace s3store::inline v0 {

/// What happens when a request takes effect twice, because the first answer was lost.
enum class repetition : std::uint8_t {
  harmless,         ///< the same state as after the first
  creates_another,  ///< something new each time; what is left over costs, but does no harm
};

/// What S3 says of a checksum over the request's body.
enum class request_checksum : std::uint8_t { none, supported, required };

enum class answer_body : std::uint8_t {
  document,  ///< read into a bounded buffer and decoded
  stream,    ///< handed on as it comes
};

struct operation_spec {
  std::string_view name{};  ///< as in the S3 API: "PutObject"
  http::method method{};
  std::string_view uri{};   ///< "/{Bucket}/{Key+}?uploads"
  std::string_view service{"s3"};    ///< that the endpoint and the signature name
  std::string_view host_prefix{};    ///< the header whose value stands, with a dot, in front of the endpoint's host name, too
  repetition repeating{repetition::harmless};
  request_checksum checksum{request_checksum::none};
  bool answer_checksum{};   ///< the answer carries the body's checksum when `x-amz-checksum-mode` asks for it
  bool unsigned_payload{};  ///< of a request over plain HTTP, too, where nothing else is set
  answer_body answer{answer_body::document};
  bool error_in_success{};  ///< the answer can be a 200 whose body is an error
  int status{200};          ///< of success, as S3 answers it
};

/// The value that a query parameter has where the caller gave none.
struct by_default {
  const char* value{};
};

/// A type that can be sent: it has a `response`, a `spec`, and is described.
template <class R>
concept operation_request = requires {
  typename R::response;
  { R::spec } -> std::convertible_to<const operation_spec&>;
};

template <operation_request R>
using response_of = typename R::response;

}  // namespace s3store::inline v0
