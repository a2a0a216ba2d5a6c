// Are the conditions of a request met? (RFC 9110, section 13.2.2, as S3 implements it)
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/transports/embedded/context.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct read_conditions {
  const std::optional<std::string>& match;
  const std::optional<std::string>& none_match;
  const std::optional<timestamp>& modified_since;
  const std::optional<timestamp>& unmodified_since;
};

inline error precondition_failed(std::string_view which) {
  return refusal("PreconditionFailed", 412, detail::concat({"a condition of the request does not hold: ", which}));
}

/// True if the ETag is in the list, or the list is "*".
inline bool names_etag(std::string_view list, std::string_view etag) {
  bool found = false;
  detail::split(list, ',', [&](std::string_view one) {
    one = detail::trim(one);
    found = found || one == "*" || unquoted(one) == unquoted(etag);
  });
  return found;
}

/// For a GET, a HEAD or the source of a copy. For a copy, "not modified" is a failed precondition.
inline result<void> check_read(const read_conditions& r, const version& v, bool of_copy = false) {
  const auto at = std::chrono::floor<std::chrono::seconds>(v.last_modified);
  if (r.match && !names_etag(*r.match, v.etag)) return precondition_failed("If-Match");
  if (!r.match && r.unmodified_since && at > *r.unmodified_since) return precondition_failed("If-Unmodified-Since");
  const bool unmodified = r.none_match ? names_etag(*r.none_match, v.etag) : r.modified_since && at <= *r.modified_since;
  if (!unmodified) return {};
  if (of_copy) return precondition_failed(r.none_match ? "If-None-Match" : "If-Modified-Since");
  return refusal("NotModified", 304, "the object has not been modified");
}

/// For a write. `current`: the version that would be replaced; null if there is none, or a delete marker.
inline result<void> check_write(const std::optional<std::string>& match, const std::optional<std::string>& none_match,
                                const version* current) {
  if (none_match && *none_match != "*") return not_done("If-None-Match on a write, other than *");
  if (match && none_match) return bad_request("a write has either If-Match or If-None-Match");
  if (none_match && current) return precondition_failed("If-None-Match");
  if (match && !current) return refusal("NoSuchKey", 404, "there is no such key");
  if (match && !names_etag(*match, current->etag)) return precondition_failed("If-Match");
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
