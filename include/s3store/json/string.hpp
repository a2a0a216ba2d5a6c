// How is a text written as a JSON string? In ASCII only, with the same escapes that Python's json module writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <s3store/core/utf8.hpp>
#include <s3store/json/tokenizer.hpp>

namespace s3store::inline S3STORE_ABI::json {

/// Appends `s` in double quotes; all that is not printable ASCII becomes an escape. False if `s` is not UTF-8; `out` then holds a
/// part of it. With `lone_surrogates::keep`, the three bytes that `unescape` makes of a lone surrogate become its escape again.
inline bool append_ascii_string(std::string& out, std::string_view s, lone_surrogates lone = lone_surrogates::refuse) {
  const auto unit = [&out](char32_t c) {
    constexpr char digits[] = "0123456789abcdef";
    out.append("\\u");
    for (const int shift : {12, 8, 4, 0}) out.push_back(digits[c >> shift & 15]);
  };
  const auto follows = [&s](std::size_t i) { return (static_cast<unsigned char>(s[i]) & 0xC0u) == 0x80u; };
  out.push_back('"');
  while (!s.empty()) {
    std::size_t size = detail::utf8_length(s);
    if (size == 0 && lone == lone_surrogates::keep && s.size() >= 3 && s[0] == '\xED' && follows(1) && follows(2)) size = 3;
    if (size == 0) return false;
    const char32_t c = detail::code_point(s.substr(0, size));
    s.remove_prefix(size);
    constexpr std::string_view special = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto at = c < 0x80 ? special.find(static_cast<char>(c)) : std::string_view::npos;
    if (at != std::string_view::npos) {
      out.append({'\\', letters[at]});
    } else if (c >= ' ' && c <= '~') {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x10000) {
      unit(c);
    } else {
      unit(0xd800 + ((c - 0x10000) >> 10));
      unit(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  out.push_back('"');
  return true;
}

}  // namespace s3store::inline S3STORE_ABI::json
