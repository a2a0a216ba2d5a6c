// Was a received request signed by the owner of its access key? The server computes the signature again with the secret key that it
// knows, and compares. A signature of SigV4A is verified with the public half of the key that the secret key gives.
//
// The caller reads the signature (`presented`), finds the credentials of its access key id (or answers InvalidAccessKeyId), and
// calls `verify_signature`. Errors have S3's code and status; none reveals the right signature.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <s3store/transports/embedded/presented.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// How far the time of a request may differ from the server's.
inline constexpr std::chrono::minutes allowed_skew{15};

namespace detail {
using namespace s3store::detail;

inline error signature_mismatch() {
  return refusal("SignatureDoesNotMatch", 403, "the request's signature is not the one that its access key gives it");
}

/// Does a set such as "us-east-1,eu-*" hold the region? A '*' stands for any text.
inline bool holds_region(std::string_view set, std::string_view region) noexcept {
  bool found = false;
  detail::split(set, ',', [&](std::string_view one) {
    one = detail::trim(one);
    const auto star = one.find('*');
    if (star == std::string_view::npos) return static_cast<void>(found = found || one == region);
    const auto before = one.substr(0, star), after = one.substr(star + 1);
    found = found || (region.size() >= before.size() + after.size() && region.starts_with(before) && region.ends_with(after));
  });
  return found;
}

/// Checks scope, times, key and token: everything but the signature.
inline result<void> check_claims(const presented_signature& p, const auth::credentials& who, const auth::signing_scope& expected,
                                 timestamp now) {
  if (p.scope.algorithm == auth::signing_algorithm::sigv4a) {
    if (!holds_region(p.scope.region_set, expected.region))
      return malformed(p.from, detail::concat({"the region set '", p.scope.region_set, "' is wrong; expecting '", expected.region, "' in it"}));
  } else if (p.scope.region != expected.region) {
    error wrong = malformed(p.from, detail::concat({"the region '", p.scope.region, "' is wrong; expecting '", expected.region, "'"}));
    wrong.region = expected.region;
    return wrong;
  }
  if (p.scope.service != expected.service)
    return malformed(p.from, detail::concat({"the service '", p.scope.service, "' is wrong; expecting '", expected.service, "'"}));
  if (p.from == presented_signature::place::fields && (p.at > detail::saturating_add(now, allowed_skew) || p.at < detail::saturating_sub(now, allowed_skew)))
    return refusal("RequestTimeTooSkewed", 403, "the difference between the request's time and the server's is too large");
  if (p.from == presented_signature::place::query) {
    if (p.at > detail::saturating_add(now, allowed_skew)) return refusal("AccessDenied", 403, "Request is not valid yet");
    if (now > p.at + p.expires) return refusal("AccessDenied", 403, "Request has expired");
  }
  if (p.access_key_id != who.access_key_id) return refusal("InvalidAccessKeyId", 403, "the access key id is not known");
  if (!crypto::equal_in_constant_time(p.token, who.session_token.reveal()))
    return refusal("InvalidToken", 400, "the session token is not valid");
  if (who.expires && now >= *who.expires) return refusal("ExpiredToken", 400, "the session token has expired");
  return {};
}

/// True if `name` is in a list such as "host;range;x-amz-date".
inline bool lists(std::string_view names, std::string_view name) noexcept {
  bool found = false;
  detail::split(names, ';', [&](std::string_view one) { found = found || detail::equal_ignoring_case(one, name); });
  return found;
}

}  // namespace detail

/// Succeeds if the request is signed by `who`, for this region and time. `what.payload` is ignored: the hash named in the request
/// is used, and the caller must check that the body has that hash. Afterwards `with.chunks()` verifies the signatures of the chunks
/// of a streamed body. `with` may be used for any number of requests, one at a time.
inline result<void> verify_signature(auth::signer& with, const presented_signature& p, const auth::signable& what, const headers& fields,
                           const auth::credentials& who, const auth::signing_scope& expected, timestamp now) {
  const bool in_query = p.from == presented_signature::place::query;
  const auto hash = fields.get("x-amz-content-sha256");
  if (!hash && !in_query) return refusal("MissingSecurityHeader", 400, "a signed request needs the header x-amz-content-sha256");
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  if (!detail::lists(p.signed_headers, "host")) return refusal("AccessDenied", 403, "the header host is not signed");
  for (const auto [name, value] : fields)
    if (detail::equal_ignoring_case(name.substr(0, 6), "x-amz-") && !detail::lists(p.signed_headers, name))
      return refusal("AccessDenied", 403, detail::concat({"the header ", detail::lower_case(name), " is not signed"}));

  auth::signable signed_part = what;
  signed_part.payload = hash.value_or(auth::payload::not_signed);
  const auto wanted = [&p](std::string_view name) { return detail::lists(p.signed_headers, name); };
  auto right = with.verifies(p.signature, signed_part, fields, wanted, in_query ? "X-Amz-Signature" : "", who, p.scope, p.at);
  if (!right) return result<void>::failed_as(std::move(right));
  if (with.signed_headers() != p.signed_headers)
    return refusal("AccessDenied", 403, "a signed header is not part of the request, or they are not sorted");
  if (!*right) return detail::signature_mismatch();
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
