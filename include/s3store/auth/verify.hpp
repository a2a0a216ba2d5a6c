// Is a received request really from whom it says? For servers: the signature is computed again with the secret that the server
// knows.
//
// The caller reads the signature (`presented`), looks its access key id up (InvalidAccessKeyId is the caller's to say), and
// verifies. Errors carry the code and status that S3 answers with; none tells what the right signature would have been.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <s3store/auth/presented.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/equal.hpp>

namespace s3store::inline v0::auth {

/// How far a request's clock may be off.
inline constexpr std::chrono::minutes allowed_skew{15};

namespace detail {

inline error signature_mismatch() {
  return refusal("SignatureDoesNotMatch", 403, "the request's signature is not the one that its access key gives it");
}

/// Scope, times, key and token: all that needs no signature.
inline result<void> check_claims(const presented_signature& p, const credentials& who, const signing_scope& expected,
                                 timestamp now) {
  if (p.scope.region != expected.region) {
    error wrong = malformed(p.from, concat({"the region '", p.scope.region, "' is wrong; expecting '", expected.region, "'"}));
    wrong.region = expected.region;
    return wrong;
  }
  if (p.scope.service != expected.service)
    return malformed(p.from, concat({"the service '", p.scope.service, "' is wrong; expecting '", expected.service, "'"}));
  if (p.from == presented_signature::place::fields && (p.at > now + allowed_skew || p.at < now - allowed_skew))
    return refusal("RequestTimeTooSkewed", 403, "the difference between the request's time and the server's is too large");
  if (p.from == presented_signature::place::query) {
    if (p.at > now + allowed_skew) return refusal("AccessDenied", 403, "Request is not valid yet");
    if (now > p.at + p.expires) return refusal("AccessDenied", 403, "Request has expired");
  }
  if (p.access_key_id != who.access_key_id) return refusal("InvalidAccessKeyId", 403, "the access key id is not known");
  if (!crypto::equal_in_constant_time(p.token, who.session_token.reveal()))
    return refusal("InvalidToken", 400, "the session token is not valid");
  if (who.expires && now >= *who.expires) return refusal("ExpiredToken", 400, "the session token has expired");
  return {};
}

/// Is `name` one of those in "host;range;x-amz-date"?
inline bool lists(std::string_view names, std::string_view name) noexcept {
  bool found = false;
  split(names, ';', [&](std::string_view one) { found = found || equal_ignoring_case(one, name); });
  return found;
}

}  // namespace detail

/// Succeeds where the request is signed by `who`, here and now. `what.payload` is not looked at: the hash that the request names
/// counts, and whether the body has it is for the caller to see. Afterwards `with.chunks()` verifies the chunks of a streamed body.
/// `with`: scratch space that may be used for any number of requests, one at a time.
inline result<void> verify(signer& with, const presented_signature& p, const signable& what, const headers& fields,
                           const credentials& who, const signing_scope& expected, timestamp now) {
  const bool in_query = p.from == presented_signature::place::query;
  const auto hash = fields.get("x-amz-content-sha256");
  if (!hash && !in_query) return refusal("MissingSecurityHeader", 400, "a signed request needs the header x-amz-content-sha256");
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  if (!detail::lists(p.signed_headers, "host")) return refusal("AccessDenied", 403, "the header host is not signed");
  for (const auto [name, value] : fields)
    if (equal_ignoring_case(name.substr(0, 6), "x-amz-") && !detail::lists(p.signed_headers, name))
      return refusal("AccessDenied", 403, concat({"the header ", lower_case(name), " is not signed"}));

  signable signed_part = what;
  signed_part.payload = hash.value_or(payload::not_signed);
  const auto wanted = [&p](std::string_view name) { return detail::lists(p.signed_headers, name); };
  auto right = with.signature_of(signed_part, fields, wanted, in_query ? "X-Amz-Signature" : "", who, expected, p.at);
  if (!right) return result<void>::failed_as(std::move(right));
  if (with.signed_headers() != p.signed_headers)
    return refusal("AccessDenied", 403, "a signed header is not part of the request, or they are not sorted");
  if (!crypto::equal_in_constant_time(*right, p.signature)) return detail::signature_mismatch();
  return {};
}

/// Succeeds where `signature` is the one of the chunk, or trailer, that `right` was computed of by a chunk_signer.
inline result<void> verify_chunk(std::string_view right, std::string_view signature) {
  if (!crypto::equal_in_constant_time(right, signature)) return detail::signature_mismatch();
  return {};
}

}  // namespace s3store::inline v0::auth
