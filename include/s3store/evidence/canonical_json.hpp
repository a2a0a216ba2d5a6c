// Which text is a bundle's checksum computed from? The one that Python's `json.dumps(evidence_data, sort_keys=True)` writes:
// separators ", " and ": ", only ASCII characters, keys sorted by code point.
#pragma once

#include <cstddef>
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
  std::size_t depth{};                  ///< how many objects and arrays are nested

  /// SHA-256 of the text, in hex.
  std::string checksum() const { return crypto::sha256_hex(detail::as_bytes(text)); }
};

/// Accepts any JSON text that Python's json.loads reads; fails with malformed_response for others. `keys_may_be_numbers`: the text
/// that Python would have written if all keys that look like numbers had been numbers, which it sorts by their values.
inline result<canonical_json> canonical(const json_text& value, bool keys_may_be_numbers = false) {
  auto read = python_loads(value.str());
  if (!read) return result<canonical_json>::failed_as(std::move(read));
  const python_style style{.sort_keys = true, .keys_may_be_numbers = keys_may_be_numbers};
  return canonical_json{python_dumps(read->top, style), std::move(read->oddities), read->depth};
}

/// Of a value that is stored. Python reads and writes less than 1,000 levels, of which its own calls and the bundle need some.
inline constexpr std::size_t max_depth_to_store = 900;

/// The same for a value that is going to be stored: fails with invalid_argument if it has an oddity, and says where, or if it nests
/// more than `max_depth_to_store` levels deep. `what` is the value's name in the message.
inline result<canonical_json> canonical_to_store(const json_text& value, const std::string& what) {
  auto out = canonical(value);
  if (!out) return detail::fail(error_kind::invalid_argument, {what, ": ", out.error().message});
  if (!out->oddities.empty())
    return detail::fail(error_kind::invalid_argument, {what, " holds ", out->oddities.front(), ", and cannot be stored"});
  if (out->depth > max_depth_to_store)
    return detail::fail(error_kind::invalid_argument,
                        {what, " is nested ", detail::decimal(out->depth), " levels deep; Python would not read more than ",
                         detail::decimal(max_depth_to_store)});
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
