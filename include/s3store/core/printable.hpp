// How is a text shown that came from outside? Without anything that could make a reader of the log take it for something else.
//
// A message of a server's, or a key, may have line breaks that begin a forged line of a log, sequences that a terminal obeys, or
// characters that turn the direction of what follows. They are written as escapes. A backslash stays as it is: what was escaped is
// not meant to be read back.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <s3store/core/text.hpp>
#include <s3store/core/utf8.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Control characters (C0, DEL, C1), line and paragraph separators, and the controls of the bidirectional algorithm (Unicode
/// Standard Annex 9, section 2), which can show a text in another order than its own.
constexpr bool is_unprintable(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Appends the text as valid UTF-8 without control characters, which become `\n`, `\x1b` or `\u202e`; so do bytes that are not
/// UTF-8.
inline void append_printable(std::string& out, std::string_view text) {
  const auto escape = [&out](char letter, int digits, char32_t value) {
    out.append({'\\', letter});
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[value >> shift & 15]);
  };
  while (!text.empty()) {
    const std::size_t size = utf8_length(text);
    const char32_t c = size != 0 ? code_point(text.substr(0, size)) : static_cast<unsigned char>(text.front());
    if (size != 0 && !is_unprintable(c)) {
      out.append(text, 0, size);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out.append({'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't'});
    } else if (size <= 1) {
      escape('x', 2, c);
    } else {
      escape('u', 4, c);
    }
    text.remove_prefix(size != 0 ? size : 1);
  }
}
/// Appends no more than `most` bytes of the text, and how many there are beyond.
inline void append_abbreviated(std::string& out, std::string_view text, std::size_t most) {
  std::size_t shown = (std::min)(most, text.size());
  // The cut is not within a character: at most three bytes of one come after its first.
  for (int i = 0; i != 3 && shown != text.size() && shown != 0 && (static_cast<unsigned char>(text[shown]) & 0xc0) == 0x80; ++i) --shown;
  append_printable(out, text.substr(0, shown));
  if (shown != text.size()) out.append("... (").append(decimal(text.size() - shown)).append(" more bytes)");
}
inline std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::detail
