// What does a received request say about its signature? It is read from the Authorization header, the query, or a form.
//
// Errors carry the code and status that S3 answers with.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/post_policy.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// As received, not verified.
struct presented_signature {
  enum class place : std::uint8_t { fields, query, form };

  place from{};
  std::string access_key_id{};
  std::string date{};  ///< of the scope: "20130524"
  auth::signing_scope scope{};
  timestamp at{};
  std::chrono::seconds expires{};  ///< of a presigned URL
  std::string signed_headers{};
  std::string signature{};
  std::string token{};
};

/// An error with S3's code, an HTTP status and a message.
inline error refusal(std::string_view code, int status, std::string message) {
  error e = detail::fail(status == 403 ? error_kind::access_denied : error_kind::bad_request, std::move(message));
  e.code = code;
  e.status = status;
  return e;
}

namespace detail {
using namespace s3store::detail;

/// The error code for a signature that cannot be parsed.
constexpr std::string_view malformed_code(presented_signature::place from) noexcept {
  constexpr std::string_view codes[] = {"AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "InvalidArgument"};
  return codes[static_cast<std::size_t>(from)];
}

inline error malformed(presented_signature::place from, std::string message) {
  return refusal(malformed_code(from), 400, std::move(message));
}

inline error unsupported() {
  return refusal("InvalidRequest", 400, "this authorization mechanism is not supported: use AWS4-HMAC-SHA256 or AWS4-ECDSA-P256-SHA256");
}

inline std::optional<auth::signing_algorithm> read_algorithm(std::string_view text) noexcept {
  for (const auto one : {auth::signing_algorithm::sigv4, auth::signing_algorithm::sigv4a})
    if (text == auth::name(one)) return one;
  return std::nullopt;
}

/// Parses "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request" from its end, since some servers' key ids have slashes. There is no region
/// with SigV4A.
inline result<void> read_credential(presented_signature& into, std::string_view text) {
  const std::string_view all = text;
  const auto last = [&text] {
    const auto slash = text.rfind('/');
    const auto piece = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
    text = text.substr(0, slash == std::string_view::npos ? 0 : slash);
    return piece;
  };
  const auto terminator = last();
  into.scope.service = last();
  const bool has_region = into.scope.algorithm == auth::signing_algorithm::sigv4;
  if (has_region) into.scope.region = last();
  into.date = last();
  into.access_key_id = text;
  if (terminator != "aws4_request" || into.date.size() != 8 || (has_region && into.scope.region.empty()) || text.empty())
    return malformed(into.from, detail::concat({"the credential \"", all, "\" is not of the form KEY/YYYYMMDD/",
                                                has_region ? "REGION/" : "", "SERVICE/aws4_request"}));
  return {};
}

/// Parses "20130524T000000Z"; the day must be the scope's.
inline result<void> read_amz_date(presented_signature& into, std::string_view text) {
  const auto at = text.size() == 16 ? parse_iso8601(text) : std::nullopt;
  if (!at || detail::format_amz_date(*at) != text)
    return malformed(into.from, detail::concat({"the date \"", text, "\" is not of the form 20130524T000000Z"}));
  if (text.substr(0, 8) != into.date) return malformed(into.from, "the date of the credential is not the date of the request");
  into.at = *at;
  return {};
}

inline std::size_t count_fields(const headers& fields, std::string_view name) noexcept {
  std::size_t out = 0;
  for (const auto [one, value] : fields) out += detail::equal_ignoring_case(one, name) ? 1 : 0;
  return out;
}

/// Parses the Authorization header.
inline result<presented_signature> read_fields(std::string_view authorization, const headers& fields) {
  presented_signature out;
  const auto blank = (std::min)(authorization.find_first_of(" \t"), authorization.size());
  const auto algorithm = read_algorithm(authorization.substr(0, blank));
  if (!algorithm || blank == authorization.size()) return unsupported();
  out.scope.algorithm = *algorithm;
  std::string_view credential;
  bool twice = false;
  const auto take = [&twice](auto& into, std::string_view value) {
    twice = twice || !into.empty();
    into = value;
  };
  detail::split(authorization.substr(blank), ',', [&](std::string_view piece) {
    piece = detail::trim(piece);
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos) return;
    const auto name = piece.substr(0, equals), value = piece.substr(equals + 1);
    if (name == "Credential") take(credential, value);
    if (name == "SignedHeaders") take(out.signed_headers, value);
    if (name == "Signature") take(out.signature, value);
  });
  if (twice || credential.empty() || out.signed_headers.empty() || out.signature.empty())
    return malformed(out.from, "the Authorization header must have Credential, SignedHeaders and Signature, each once");
  if (auto read = read_credential(out, credential); !read) return result<presented_signature>::failed_as(std::move(read));

  std::string date(fields.value_or_empty("x-amz-date"));
  if (date.empty())
    if (const auto plain = parse_timestamp(fields.value_or_empty("date"))) date = detail::format_amz_date(*plain);
  if (date.empty()) return refusal("AccessDenied", 403, "a signed request needs a valid Date or x-amz-date header");
  if (auto read = read_amz_date(out, date); !read) return result<presented_signature>::failed_as(std::move(read));
  // Requests to a directory bucket have the token of a session, or another one under the usual name.
  for (const auto& names : {auth::token_names_of(out.scope), auth::token_names{}})
    if (out.token.empty()) out.token = fields.value_or_empty(names.field);
  if (*algorithm == auth::signing_algorithm::sigv4a) out.scope.region_set = fields.value_or_empty("x-amz-region-set");
  return out;
}

inline result<presented_signature> read_query(std::string_view query) {
  presented_signature out{.from = presented_signature::place::query};
  constexpr std::array<std::string_view, 8> names{"X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Date",           "X-Amz-Expires",
                                                  "X-Amz-SignedHeaders", "X-Amz-Signature",  "X-Amz-Security-Token", "X-Amz-Region-Set"};
  constexpr std::size_t always = 6, token = 6, region_set = 7;
  std::array<std::optional<std::string>, names.size()> values{};
  bool broken = false;
  detail::split(query, '&', [&](std::string_view piece) {
    const auto equals = piece.find('=');
    std::string_view name = piece.substr(0, equals);
    if (name == "X-Amz-S3session-Token") name = names[token];
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size()) return;
    broken = broken || values[at];  // a repeated parameter is ambiguous
    values[at] = detail::uri_decode(equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1));
    broken = broken || !values[at];
  });
  for (std::size_t i = 0; i != always; ++i) broken = broken || !values[i];
  if (broken)
    return malformed(
        out.from,
        "a presigned URL must have X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and "
        "X-Amz-Signature, each once");
  const auto algorithm = read_algorithm(*values[0]);
  if (!algorithm) return malformed(out.from, "X-Amz-Algorithm must be AWS4-HMAC-SHA256 or AWS4-ECDSA-P256-SHA256");
  out.scope.algorithm = *algorithm;
  if (auto read = read_credential(out, *values[1]); !read) return result<presented_signature>::failed_as(std::move(read));
  if (auto read = read_amz_date(out, *values[2]); !read) return result<presented_signature>::failed_as(std::move(read));
  const auto expires = detail::parse_integer<std::int64_t>(*values[3]);
  if (!expires || *expires < 0 || *expires > auth::longest_presigned.count())
    return malformed(out.from, "X-Amz-Expires must be a number of seconds from 0 to 604800 (a week)");
  out.expires = std::chrono::seconds{*expires};
  out.signed_headers = std::move(*values[4]);
  out.signature = std::move(*values[5]);
  out.token = std::move(values[token]).value_or("");
  if (*algorithm == auth::signing_algorithm::sigv4a) out.scope.region_set = std::move(values[region_set]).value_or("");
  return out;
}

}  // namespace detail

/// The signature in a request's headers or query; empty if it has none (an anonymous request). `query` is as received, not decoded.
/// Fails with AuthorizationHeaderMalformed, AuthorizationQueryParametersError, AccessDenied, InvalidRequest or InvalidArgument.
inline result<std::optional<presented_signature>> presented(std::string_view query, const headers& fields) {
  using given = result<std::optional<presented_signature>>;
  const auto authorization = fields.get("authorization");
  bool in_query = false, old = false;
  detail::split(query, '&', [&](std::string_view piece) {
    const auto name = piece.substr(0, piece.find('='));
    in_query = in_query || name == "X-Amz-Algorithm" || name == "X-Amz-Signature" || name == "X-Amz-Credential";
    old = old || name == "AWSAccessKeyId";
  });
  if (detail::count_fields(fields, "authorization") > 1)
    return refusal("InvalidArgument", 400, "a request has only one Authorization header");
  if (authorization && in_query)
    return refusal("InvalidArgument", 400, "a request must be signed in its header or in its query, not in both");
  if (old) return detail::unsupported();
  if (!authorization && !in_query) return std::optional<presented_signature>{};
  auto read = authorization ? detail::read_fields(*authorization, fields) : detail::read_query(query);
  if (!read) return given::failed_as(std::move(read));
  return std::optional{std::move(*read)};
}

/// The first form field with that name; upper and lower case make no difference.
inline std::optional<std::string_view> find_field(const auth::form_fields& form, std::string_view name) noexcept {
  for (const auto& [field, value] : form)
    if (detail::equal_ignoring_case(field, name)) return value;
  return std::nullopt;
}

/// The signature in a POST form; empty if it has no policy (an anonymous upload).
inline result<std::optional<presented_signature>> presented(const auth::form_fields& form) {
  using given = result<std::optional<presented_signature>>;
  presented_signature out{.from = presented_signature::place::form};
  if (!find_field(form, "policy")) return std::optional<presented_signature>{};
  std::array<std::string, 4> values{};
  constexpr std::array<std::string_view, 4> names{"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"};
  for (std::size_t i = 0; i != names.size(); ++i) {
    const auto value = find_field(form, names[i]);
    if (!value) return detail::malformed(out.from, detail::concat({"a POST form with a policy must have a field named ", names[i]}));
    values[i] = *value;
  }
  if (values[0] != auth::name(auth::signing_algorithm::sigv4)) return detail::malformed(out.from, "x-amz-algorithm must be AWS4-HMAC-SHA256");
  if (auto read = detail::read_credential(out, values[1]); !read) return given::failed_as(std::move(read));
  if (auto read = detail::read_amz_date(out, values[2]); !read) return given::failed_as(std::move(read));
  out.signature = std::move(values[3]);
  out.token = find_field(form, auth::token_names_of(out.scope).field).value_or("");
  return std::optional{std::move(out)};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
