// How is ASCII text compared, trimmed and turned into numbers? Without locales, since HTTP and XML know none.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Ignores ASCII case, as header names require (RFC 9110, section 5.1).
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i != a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

constexpr std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

inline std::string lower_case(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = to_lower(c);
  return out;
}

/// Reads all of `s` as a number in base 10 or 16. False, with `value` unchanged, if `s` is empty, holds anything else, or does not
/// fit.
constexpr bool read_digits(std::string_view s, unsigned base, std::uint64_t& value) noexcept {
  constexpr std::uint64_t most = ~std::uint64_t{0};
  const std::uint64_t limit = base == 16 ? most / 16 : most / 10;
  std::uint64_t read{};
  for (const char c : s) {
    const unsigned digit = is_digit(c)   ? static_cast<unsigned>(c - '0')
                           : is_alpha(c) ? static_cast<unsigned>(to_lower(c) - 'a') + 10
                                         : base;
    if (digit >= base || read > limit || read * base > most - digit) return false;
    read = read * base + digit;
  }
  if (s.empty()) return false;
  value = read;
  return true;
}

/// In base 10 or 16, with lower-case letters.
inline void append_digits(std::string& out, std::uint64_t value, unsigned base) {
  char digits[20];
  char* const end = digits + sizeof digits;
  char* first = end;
  do {
    const std::uint64_t rest = base == 16 ? value / 16 : value / 10;  // constant divisors are faster than `base`
    *--first = "0123456789abcdef"[value - rest * base];
    value = rest;
  } while (value != 0);
  out.append(first, static_cast<std::size_t>(end - first));
}

/// Reads all of `s` as a decimal integer. False, with `value` unchanged, for anything else: `+`, a `-` for an unsigned type,
/// spaces, or a number that does not fit.
template <class Int>
bool read_integer(std::string_view s, Int& value) noexcept {
  // Not std::from_chars, whose support for every base makes the program much larger.
  const bool negative = std::is_signed_v<Int> && !s.empty() && s[0] == '-';
  std::uint64_t size{};
  const std::uint64_t most = static_cast<std::uint64_t>((std::numeric_limits<Int>::max)()) + (negative ? 1 : 0);
  if (!read_digits(negative ? s.substr(1) : s, 10, size) || size > most) return false;
  value = static_cast<Int>(negative ? 0 - size : size);
  return true;
}
template <class Int>
std::optional<Int> parse_integer(std::string_view s) noexcept {
  Int value{};
  return read_integer(s, value) ? std::optional<Int>{value} : std::nullopt;
}

template <class Int>
void append_integer(std::string& out, Int value) {
  static_assert(std::is_integral_v<Int>);
  const auto size = static_cast<std::uint64_t>(value);
  const bool negative = std::is_signed_v<Int> && static_cast<std::int64_t>(size) < 0;
  if (negative) out.push_back('-');
  append_digits(out, negative ? 0 - size : size, 10);
}

template <class Int>
std::string decimal(Int value) {
  std::string out;
  append_integer(out, value);
  return out;
}

/// Joins the pieces with one allocation, where a chain of `+` would make a temporary string for each.
inline std::string concat(std::initializer_list<std::string_view> pieces) {
  std::size_t size{};
  for (const std::string_view piece : pieces) size += piece.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view piece : pieces) out.append(piece);
  return out;
}

/// The text, or nothing if it is empty: for members of a request where absent and empty mean different things.
inline std::optional<std::string> optional_text(std::string s) {
  return s.empty() ? std::nullopt : std::optional<std::string>{std::move(s)};
}

/// Calls `each(std::string_view)` for every piece of `s` between separators, in order, including empty ones.
template <class Each>
void split(std::string_view s, char separator, Each&& each) {
  for (;;) {
    const auto at = s.find(separator);
    each(s.substr(0, at));
    if (at == std::string_view::npos) return;
    s.remove_prefix(at + 1);
  }
}

}  // namespace s3store::inline S3STORE_ABI::detail
