// Is this UTF-8, and how does a code point become UTF-8, and UTF-8 a code point? As RFC 3629 says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// The length in bytes, 1 to 4, of the code point at the front of `s`. 0 if `s` is empty or does not start with well-formed UTF-8
/// (RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF).
constexpr std::size_t utf8_length(std::string_view s) noexcept {
  const auto byte = [s](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) return s.empty() ? 0 : 1;
  if (!follows(1)) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    return follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// Reads the bytes of one code point, whose length `utf8_length` gave; also the three bytes of a surrogate.
constexpr char32_t code_point(std::string_view bytes) noexcept {
  const auto lead = static_cast<unsigned char>(bytes.front());
  char32_t c = lead & (bytes.size() == 1 ? 0xffu : 0xffu >> (bytes.size() + 1));
  for (const char next : bytes.substr(1)) c = c << 6 | (static_cast<unsigned char>(next) & 0x3fu);
  return c;
}

/// Appends a code point up to U+10FFFF. A surrogate is not refused: it becomes three bytes, which are WTF-8 and not UTF-8.
inline void append_utf8(std::string& out, char32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.append({static_cast<char>(0xC0 | c >> 6), tail(0)});
  } else if (c < 0x10000) {
    out.append({static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)});
  } else {
    out.append({static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)});
  }
}

}  // namespace s3store::inline S3STORE_ABI::detail
