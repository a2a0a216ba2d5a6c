// How do bytes become text on the wire: hex, base64 and percent-encoding?
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

inline std::span<const std::byte> as_bytes(std::string_view s) noexcept {
  return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}
inline std::string_view as_text(std::span<const std::byte> b) noexcept {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

/// Are they bytes of that string? Then they must be copied before it grows.
inline bool holds(const std::string& s, std::string_view bytes) noexcept {
  const std::less<> before{};
  return !before(bytes.data(), s.data()) && !before(s.data() + s.size(), bytes.data());
}

// --- hex -------------------------------------------------------------------------------------------------------------------------

inline void append_hex(std::string& out, std::span<const std::byte> bytes) {
  if (holds(out, as_text(bytes))) {
    const std::string copy{as_text(bytes)};
    return append_hex(out, as_bytes(copy));
  }
  constexpr char digits[] = "0123456789abcdef";
  const auto at = out.size();
  out.resize(at + 2 * bytes.size());
  char* p = out.data() + at;
  for (const std::byte b : bytes) {
    *p++ = digits[std::to_integer<unsigned>(b) >> 4];
    *p++ = digits[std::to_integer<unsigned>(b) & 15];
  }
}
inline std::string hex(std::span<const std::byte> bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The bytes of a hex text, in upper or lower case; nothing if its length is odd or it holds any other character.
inline std::optional<std::string> from_hex(std::string_view s) {
  if (s.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 2);
  for (std::size_t i = 0; i != s.size(); i += 2) {
    const int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

// --- base64 (RFC 4648, section 4, with padding) ----------------------------------------------------------------------------------

inline std::string base64(std::span<const std::byte> bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i;
    std::uint32_t group = std::to_integer<std::uint32_t>(bytes[i]) << 16;
    if (have > 1) group |= std::to_integer<std::uint32_t>(bytes[i + 1]) << 8;
    if (have > 2) group |= std::to_integer<std::uint32_t>(bytes[i + 2]);
    out.push_back(alphabet[group >> 18 & 63]);
    out.push_back(alphabet[group >> 12 & 63]);
    out.push_back(have > 1 ? alphabet[group >> 6 & 63] : '=');
    out.push_back(have > 2 ? alphabet[group & 63] : '=');
  }
  return out;
}

/// The bytes of a base64 text; nothing if it is not strictly base64 (padding required, no white space, unused bits zero).
inline std::optional<std::string> from_base64(std::string_view s) {
  const auto digit = [](char c) -> int {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
  };
  if (s.size() % 4 != 0) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 4 * 3);
  for (std::size_t i = 0; i != s.size(); i += 4) {
    const bool last = i + 4 == s.size();
    const int pads = !last ? 0 : s[i + 2] == '=' && s[i + 3] == '=' ? 2 : s[i + 3] == '=' ? 1 : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k != 4; ++k) {
      const int value = static_cast<int>(k) >= 4 - pads ? 0 : digit(s[i + k]);
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    if ((pads == 1 && (group & 0xff) != 0) || (pads == 2 && (group & 0xffff) != 0)) return std::nullopt;
    out.push_back(static_cast<char>(group >> 16 & 255));
    if (pads < 2) out.push_back(static_cast<char>(group >> 8 & 255));
    if (pads < 1) out.push_back(static_cast<char>(group & 255));
  }
  return out;
}

// --- percent-encoding (RFC 3986) -------------------------------------------------------------------------------------------------

/// Where the text will stand. In both places all but RFC 3986's unreserved characters are encoded, as SigV4's UriEncode does; in a
/// path, slashes are kept as well.
enum class uri_part { query, path };

inline constexpr auto unreserved = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// Appends `s` percent-encoded as in RFC 3986, section 2: byte by byte, not normalised, hex digits in upper case.
inline void append_uri_encoded(std::string& out, std::string_view s, uri_part part) {
  if (holds(out, s)) return append_uri_encoded(out, std::string(s), part);
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved[byte] || (c == '/' && part == uri_part::path)) {
      out.push_back(c);
    } else {
      const char triplet[3] = {'%', digits[byte >> 4], digits[byte & 15]};
      out.append(triplet, 3);
    }
  }
}
inline std::string uri_encode(std::string_view s, uri_part part) {
  std::string out;
  out.reserve(s.size() + 16);
  append_uri_encoded(out, s, part);
  return out;
}

/// Undoes percent-encoding; nothing if a `%` is not followed by two hex digits. `plus_is_space`: a `+` becomes a space, as in the
/// keys of a listing with encoding-type=url.
inline std::optional<std::string> uri_decode(std::string_view s, bool plus_is_space = false) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i != s.size(); ++i) {
    if (s[i] == '%') {
      if (s.size() - i < 3) return std::nullopt;
      const int high = hex_digit(s[i + 1]), low = hex_digit(s[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(s[i] == '+' && plus_is_space ? ' ' : s[i]);
    }
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::detail
