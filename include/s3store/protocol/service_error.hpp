// What went wrong, when S3 answers with an error? Its kind follows from the status and the code, the rest is read from body and
// headers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/headers.hpp>
#include <s3store/core/masking.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/message.hpp>
#include <s3store/retry/classify.hpp>
#include <s3store/xml/reader.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// The kind of error for an HTTP status.
constexpr error_kind kind_of_status(int status) noexcept {
  switch (status) {
    case 301: case 302: case 303: case 307: case 308: return error_kind::redirect;
    case 304: return error_kind::not_modified;
    case 401: case 403: return error_kind::access_denied;
    case 404: return error_kind::not_found;
    case 405: return error_kind::method_not_allowed;
    case 408: return error_kind::timeout;
    case 409: return error_kind::conflict;
    case 412: return error_kind::precondition_failed;
    case 416: return error_kind::range_not_satisfiable;
    case 429: return error_kind::throttled;
    case 501: return error_kind::not_implemented;
    default: return status >= 500 ? error_kind::server : error_kind::bad_request;
  }
}

/// The HTTP status that S3 normally sends with an error code. Needed if the error is in the body of an answer that began with 200.
constexpr int status_of_code(std::string_view code) noexcept {
  struct known_code {
    std::string_view code;
    int status;
  };
  constexpr known_code known[] = {
      {"InternalError", 500}, {"ServiceUnavailable", 503}, {"AccessDenied", 403},          {"NoSuchKey", 404},        {"NoSuchUpload", 404},
      {"NoSuchBucket", 404},  {"NoSuchVersion", 404},      {"PreconditionFailed", 412},    {"OperationAborted", 409}, {"ConditionalRequestConflict", 409},
      {"NotImplemented", 501}};
  for (const known_code& k : known)
    if (code == k.code) return k.status;
  return 400;
}

/// Sets the error's kind from the answer's status, or from the error's code if the status was a success. `throttled` goes by the
/// code too.
inline void settle_kind(error& e, int status) {
  e.kind = kind_of_status(status < 300 ? status_of_code(e.code) : status);
  if (classify(e) == retry_class::throttling || (status == 503 && e.code.empty())) e.kind = error_kind::throttled;
}

/// The local name of the first element of an XML or HTML text; empty if the text does not begin with one.
inline std::string_view first_element(std::string_view s) noexcept {
  if (s.starts_with("\xEF\xBB\xBF")) s.remove_prefix(3);
  for (;;) {
    s = detail::trim(s);  // during a long copy S3 sends white space first, to keep the connection alive
    if (!s.starts_with('<')) return {};
    const std::string_view end = s.starts_with("<?") ? "?>" : s.starts_with("<!--") ? "-->" : s.starts_with("<!") ? ">" : "";
    if (end.empty()) break;
    const auto at = s.find(end);
    if (at == std::string_view::npos) return {};
    s.remove_prefix(at + end.size());
  }
  s.remove_prefix(1);
  s = s.substr(0, s.find_first_of(" \t\r\n/>"));
  return s.substr(s.find(':') + 1);  // npos + 1 is 0
}
inline bool is_error_document(std::string_view body) noexcept {
  const auto name = first_element(body);
  return name == "Error" || name == "ErrorResponse";
}
inline bool is_web_page(std::string_view body) noexcept { return detail::equal_ignoring_case(first_element(body), "html"); }

/// Makes every '&' that begins no reference of XML into one. Some stores write them so into the messages of their errors.
inline std::string with_escaped_ampersands(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i != s.size(); ++i) {
    out.push_back(s[i]);
    if (s[i] == '&' && !xml::detail::is_reference(s.substr(i))) out.append("amp;");
  }
  return out;
}

/// Reads an `<Error>` document, or an `<ErrorResponse>` with an `<Error>` in it; nullopt if the body is none.
inline std::optional<error> parse_error_document(std::string_view body) {
  if (!is_error_document(body)) return std::nullopt;
  auto parsed = xml::document::parse(std::string(body));
  if (!parsed) parsed = xml::document::parse(with_escaped_ampersands(body));
  if (!parsed) return std::nullopt;
  const xml::node root = parsed->root();
  const xml::node at = root.name() == "Error" ? root : root.child("Error");
  error e;
  e.code = detail::printable(at.child("Code").text());  // which observers are told for their logs
  e.message = at.child("Message").text();
  e.region = at.child("Region").text();
  for (const xml::node n : {at, root}) {  // an <ErrorResponse> has the ids beside its <Error>
    if (e.request_id.empty()) e.request_id = n.child("RequestId").text();
    if (e.host_id.empty()) e.host_id = n.child("HostId").text();
  }
  return e;
}

/// The error in an answer. What the body does not say is taken from the headers: the answer to a HEAD has no body.
inline error service_error(const http::response& head, std::string_view body, http::method method) {
  auto document = parse_error_document(body);
  error e = document ? std::move(*document) : error{};
  e.status = head.status;
  if (e.code.empty()) e.code = head.fields.value_or_empty("x-minio-error-code");
  if (e.message.empty()) {
    std::string_view text = head.fields.value_or_empty("x-minio-error-desc");
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
    e.message = text;
  }
  settle_kind(e, head.status);
  if (e.request_id.empty()) e.request_id = head.fields.value_or_empty("x-amz-request-id");
  if (e.host_id.empty()) e.host_id = head.fields.value_or_empty("x-amz-id-2");
  if (e.region.empty()) e.region = head.fields.value_or_empty("x-amz-bucket-region");
  if (!e.message.empty()) return e;
  if (!body.empty() && !document) {
    e.message = "the body is no error of S3's; did a proxy answer?";
  } else if (method == http::method::head && head.status == 400 && e.code.empty()) {
    e.message = "the answer to a HEAD says no more than 400: the token may have expired, or the bucket may be in another region";
  } else if (!e.code.empty()) {
    e.message = to_string(e.kind);
  } else {
    e.message = "the answer names no reason";
  }
  return e;
}

/// Masks in an error's texts the secrets of the request that was sent, which a server may send back: the session token, the
/// signature, keys of SSE-C, and the secret access key.
inline void mask_secrets(error& e, const headers& sent, std::string_view secret_access_key) {
  if (e.kind == error_kind::none) return;
  const auto mask = [&e](std::string_view secret) {
    for (std::string* const text : {&e.message, &e.code, &e.request_id, &e.host_id, &e.region}) detail::mask(*text, secret);
  };
  for (const auto [name, value] : sent) {
    constexpr std::string_view before_signature = "Signature=";
    if (detail::equal_ignoring_case(name, "Authorization")) {
      const auto at = value.rfind(before_signature);
      mask(at == std::string_view::npos ? value : value.substr(at + before_signature.size()));
    } else {
      for (const std::string_view secret :
           {"x-amz-security-token", "x-amz-s3session-token", "x-amz-server-side-encryption-customer-key",
            "x-amz-copy-source-server-side-encryption-customer-key"})
        if (detail::equal_ignoring_case(name, secret)) mask(value);
    }
  }
  mask(secret_access_key);
}

/// The wait that the server asks for: `Retry-After` in either form (RFC 9110, section 10.2.3), or `x-amz-retry-after`, in
/// milliseconds. nullopt if there is none, or if it is a day or longer.
inline std::optional<duration> retry_after(const headers& fields, timestamp now) {
  constexpr std::int64_t day = 86'400'000'000;  // in microseconds
  const std::string_view text = detail::trim(fields.value_or_empty("Retry-After"));
  std::uint64_t n = 0;
  std::int64_t wait = day;
  if (detail::read_integer(detail::trim(fields.value_or_empty("x-amz-retry-after")), n) && n < day / 1000) {
    wait = static_cast<std::int64_t>(n) * 1000;
  } else if (detail::read_integer(text, n) && n < day / 1'000'000) {
    wait = static_cast<std::int64_t>(n) * 1'000'000;
  } else if (const auto date = parse_http_date(text, now); date && *date > now) {
    wait = detail::saturating_sub(*date, now).count();
  }
  if (wait >= day) return std::nullopt;
  return duration{std::chrono::microseconds{wait}};
}

}  // namespace s3store::inline S3STORE_ABI::wire
