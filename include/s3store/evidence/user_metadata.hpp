// Which user metadata do bundles and attachments have? Those of this library, followed by the caller's.
//
// User metadata must be ASCII: boto3 refuses anything else. Other text is written as an encoded word (RFC 2047), the form in which
// S3 itself returns it. So is text that an HTTP header would change (control characters, spaces at the ends), and text that looks
// like an encoded word. Inside the bundle the text is plain.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/protocol/encode.hpp>

namespace s3store::inline S3STORE_ABI::evidence {

inline std::string metadata_value(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.starts_with("=?")) return std::string(text);
  return "=?UTF-8?B?" + detail::base64(detail::as_bytes(text)) + "?=";
}
/// Reverses `metadata_value`; returns any other text unchanged.
inline std::string plain_metadata_value(std::string_view value) {
  constexpr std::string_view front = "=?UTF-8?B?", back = "?=";
  if (value.size() < front.size() + back.size() || !detail::equal_ignoring_case(value.substr(0, front.size()), front) ||
      !value.ends_with(back))
    return std::string(value);
  const auto bytes = detail::from_base64(value.substr(front.size(), value.size() - front.size() - back.size()));
  return bytes ? *bytes : std::string(value);
}

/// Does this value of a header stand for the text? As `metadata_value` writes it, or as it is: the Python module writes it so, and
/// HTTP drops the spaces at its ends.
inline bool is_metadata_value(std::string_view value, std::string_view text) {
  return detail::trim(value) == detail::trim(text) || detail::trim(plain_metadata_value(value)) == detail::trim(text);
}

/// What happens to metadata of the caller's that has a name of the library's.
enum class taken_names : std::uint8_t { refuse, leave_out };

/// `ours` first, then `theirs`. Fails with invalid_argument if `theirs` has a name of `ours` (unless those are left out), or one
/// name twice. Upper and lower case make no difference, as in HTTP headers.
inline result<metadata> with_own_metadata(std::initializer_list<std::pair<std::string_view, std::string_view>> ours,
                                          const metadata& theirs, taken_names taken = taken_names::refuse) {
  metadata out;
  for (const auto& [name, value] : ours) out.add(name, metadata_value(value));
  for (const auto [name, value] : theirs) {
    const bool own = std::any_of(ours.begin(), ours.end(),
                                 [n = name](const auto& o) { return detail::equal_ignoring_case(o.first, n); });
    if (own && taken == taken_names::leave_out) continue;
    if (own)
      return detail::fail(error_kind::invalid_argument, {"the metadata \"", name, "\" is the library's own; choose another name"});
    if (out.contains(name))
      return detail::fail(error_kind::invalid_argument, {"the metadata \"", name, "\" is there twice; S3 ignores case"});
    out.add(name, metadata_value(value));
  }
  return out;
}

/// The string members of a bundle's `metadata`; other values are only in the bundle.
inline result<metadata> texts_of(const json_text& object) {
  auto read = python_loads(object.str());
  if (!read) return result<metadata>::failed_as(std::move(read));
  metadata out;
  const auto kind = read->top.kind;
  if (kind != json::token_kind::begin_object && kind != json::token_kind::null)
    return detail::fail(error_kind::invalid_argument, "metadata must be a JSON object");
  for (const auto* const m : read->top.items)
    if (m->kind == json::token_kind::string) out.add(m->key, m->string);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
