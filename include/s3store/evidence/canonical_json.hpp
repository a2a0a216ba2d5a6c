// Which text is the checksum of a bundle taken of? The one that Python's `json.dumps(evidence_data, sort_keys=True)` writes:
// separators ", " and ": ", ASCII alone, keys by code point.
#pragma once

#include <string>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/evidence/python_json.hpp>

namespace s3store::inline v0::evidence {

struct canonical_json {
  std::string text{};
  std::vector<std::string> oddities{};  ///< see evidence/python_json.hpp

  /// SHA-256 of the text, in hex.
  std::string checksum() const { return crypto::sha256_hex(as_bytes(text)); }
};

/// Of any JSON text that Python reads; malformed_response where it does not.
inline result<canonical_json> canonical(const json_text& value) {
  auto read = python_loads(value.str());
  if (!read) return result<canonical_json>::failed_as(std::move(read));
  return canonical_json{python_dumps(read->top, {.sort_keys = true}), std::move(read->oddities)};
}

/// The same of what is to be stored: an oddity is refused (invalid_argument) with its place. `what` names the value in the message.
inline result<canonical_json> canonical_to_store(const json_text& value, const std::string& what) {
  auto out = canonical(value);
  if (!out) return fail(error_kind::invalid_argument, {what, ": ", out.error().message});
  if (!out->oddities.empty())
    return fail(error_kind::invalid_argument, {what, " holds ", out->oddities.front(), ", and cannot be stored"});
  return out;
}

}  // namespace s3store::inline v0::evidence
