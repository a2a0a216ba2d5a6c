// Which text is a bundle's checksum computed from? The one that Python's `json.dumps(evidence_data, sort_keys=True)` writes:
// separators ", " and ": ", only ASCII characters, keys sorted by code point.
#pragma once

#include <string>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/evidence/python_json.hpp>

namespace s3store::inline S3STORE_ABI::evidence {

struct canonical_json {
  std::string text{};
  std::vector<std::string> oddities{};  ///< see evidence/python_json.hpp

  /// SHA-256 of the text, in hex.
  std::string checksum() const { return crypto::sha256_hex(detail::as_bytes(text)); }
};

/// Accepts any JSON text that Python's json.loads reads; fails with malformed_response for others.
inline result<canonical_json> canonical(const json_text& value) {
  auto read = python_loads(value.str());
  if (!read) return result<canonical_json>::failed_as(std::move(read));
  return canonical_json{python_dumps(read->top, {.sort_keys = true}), std::move(read->oddities)};
}

/// The same for a value that is going to be stored: fails with invalid_argument if it has an oddity, and says where. `what` is the
/// value's name in the message.
inline result<canonical_json> canonical_to_store(const json_text& value, const std::string& what) {
  auto out = canonical(value);
  if (!out) return detail::fail(error_kind::invalid_argument, {what, ": ", out.error().message});
  if (!out->oddities.empty())
    return detail::fail(error_kind::invalid_argument, {what, " holds ", out->oddities.front(), ", and cannot be stored"});
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
