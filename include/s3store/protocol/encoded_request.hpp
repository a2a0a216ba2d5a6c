// What is a request before it has an endpoint and a signature? Its HTTP parts: path, query, headers and body. Here are also the
// rules for which characters they may hold.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/body.hpp>
#include <s3store/protocol/operation.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// The HTTP parts of a request, before endpoint and signature.
struct encoded_request {
  const operation_spec* spec{};
  std::string bucket{};
  std::string key{};         ///< percent-encoded, without a slash in front
  bool has_bucket{};
  bool has_key{};
  bool decode_urls{};        ///< decode keys that the answer says are encoded, because the caller did not ask for the encoding
  std::string host{};        ///< a prefix of the endpoint's host name, dot included
  std::string query{};       ///< percent-encoded, without its '?'
  headers fields{};
  std::string document{};    ///< the body, if it is XML or text
  const http::body* stream{};///< the body, if the caller supplied it
  error refused{};           ///< why the request can't be sent; kind `none`: it can

  /// Empties it but keeps the allocated memory.
  void clear() noexcept {
    for (std::string* const text : {&bucket, &key, &host, &query, &document}) text->clear();
    fields.clear();
    has_bucket = has_key = decode_urls = false;
    stream = nullptr;
    refused.kind = error_kind::none;
  }
  void refuse(std::string why) {
    if (refused.kind == error_kind::none) refused = detail::fail(error_kind::invalid_argument, std::move(why));
  }
};

/// Appends a parameter to a query; percent-encodes both name and value, which may be views of the query.
inline void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (detail::holds(query, name) || detail::holds(query, value)) return append_query(query, std::string(name), std::string(value));
  if (!query.empty()) query.push_back('&');
  detail::append_uri_encoded(query, name, detail::uri_part::query);
  query.push_back('=');
  detail::append_uri_encoded(query, value, detail::uri_part::query);
}

/// A header's value may hold no control character except tab (RFC 9110, section 5.5): a CR or LF would start another header.
constexpr bool is_header_value(std::string_view s) noexcept {
  for (const char c : s)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return false;
  return true;
}
constexpr bool is_ascii(std::string_view s) noexcept {
  for (const char c : s)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}
/// A header's name is a token (RFC 9110, section 5.6.2).
constexpr bool is_header_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) == std::string_view::npos) return false;
  return !s.empty();
}

/// Why the bucket name can't be part of a URL; empty if it can. Does not check AWS's naming rules, because other stores and old
/// buckets do not follow them.
inline std::string bucket_name_fault(std::string_view name) {
  if (name.empty()) return "the bucket name is empty";
  const bool is_arn = name.starts_with("arn:");  // which endpoint rules take apart, and never put into a URL as it is
  if (name.size() > 255) return "the bucket name is longer than 255 bytes";
  for (const char c : name)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && c != '.' && c != '-' && c != '_' && !(is_arn && (c == ':' || c == '/')))
      return detail::concat({"the bucket name \"", name, "\" holds a character other than letters, digits, '.', '-' and '_'"});
  if (name == "." || name == "..") return detail::concat({"the bucket name is \"", name, "\""});
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::wire
