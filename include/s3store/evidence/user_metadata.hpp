// Which user metadata do bundles and attachments carry? Our own, and the caller's beside it.
//
// S3 takes ASCII alone there, and so does boto3, which refuses the rest. Other text is written as an encoded word (RFC 2047), the
// form in which S3 itself shows such metadata; the bundle's own bytes have it plain. So is what a header would not bring back as it
// was: control characters, spaces at the ends, and what looks like an encoded word.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/protocol/encode.hpp>

namespace s3store::inline v0::evidence {

inline std::string metadata_value(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.starts_with("=?")) return std::string(text);
  return "=?UTF-8?B?" + base64(as_bytes(text)) + "?=";
}
/// Undoes `metadata_value`; any other text stays as it is.
inline std::string plain_metadata_value(std::string_view value) {
  constexpr std::string_view front = "=?UTF-8?B?", back = "?=";
  if (value.size() < front.size() + back.size() || !equal_ignoring_case(value.substr(0, front.size()), front) ||
      !value.ends_with(back))
    return std::string(value);
  const auto bytes = from_base64(value.substr(front.size(), value.size() - front.size() - back.size()));
  return bytes ? *bytes : std::string(value);
}

/// Ours first, then the caller's. Fails with invalid_argument where the caller's has a name of ours, or one twice but for its case,
/// which headers do not have.
inline result<metadata> with_own_metadata(std::initializer_list<std::pair<std::string_view, std::string_view>> ours,
                                          const metadata& theirs) {
  metadata out;
  for (const auto& [name, value] : ours) out.add(name, metadata_value(value));
  for (const auto [name, value] : theirs) {
    for (const auto& own : ours)
      if (equal_ignoring_case(own.first, name))
        return fail(error_kind::invalid_argument, {"the metadata \"", own.first, "\" is the library's own; choose another name"});
    if (out.contains(name))
      return fail(error_kind::invalid_argument, {"the metadata \"", name, "\" is there twice; S3 ignores case"});
    out.add(name, metadata_value(value));
  }
  return out;
}

/// The texts of a bundle's `metadata` member; other values stay in the bundle alone.
inline result<metadata> texts_of(const json_text& object) {
  auto read = python_loads(object.str());
  if (!read) return result<metadata>::failed_as(std::move(read));
  metadata out;
  const auto kind = read->top.kind;
  if (kind != json::token_kind::begin_object && kind != json::token_kind::null)
    return fail(error_kind::invalid_argument, "metadata must be a JSON object");
  for (const auto& m : read->top.items)
    if (m.kind == json::token_kind::string) out.add(m.key, m.string);
  return out;
}

}  // namespace s3store::inline v0::evidence
