// How is ASCII text compared, trimmed and turned into numbers? Locale-free, because the wire is.
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace s3store::inline v0 {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Equal without regard to ASCII case, as header names are (RFC 9110, section 5.1).
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

namespace detail {
template <class Widest>
bool read_integer(std::string_view s, Widest& value) noexcept {
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), value);
  return failure == std::errc{} && end == s.data() + s.size() && !s.empty();
}
}  // namespace detail

/// The whole of `s` as a decimal integer; nothing else (no sign but `-` on signed types, no spaces, no overflow).
template <class Int>
std::optional<Int> parse_integer(std::string_view s) noexcept {
  std::conditional_t<std::is_signed_v<Int>, std::int64_t, std::uint64_t> value{};
  if (!detail::read_integer(s, value) || value < (std::numeric_limits<Int>::min)() || value > (std::numeric_limits<Int>::max)())
    return std::nullopt;
  return static_cast<Int>(value);
}

template <class Int>
void append_integer(std::string& out, Int value) {
  static_assert(std::is_integral_v<Int>);
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// Calls `each(std::string_view)` for every piece of `s` between separators, in order; empty pieces included.
template <class Each>
void split(std::string_view s, char separator, Each&& each) {
  for (;;) {
    const auto at = s.find(separator);
    each(s.substr(0, at));
    if (at == std::string_view::npos) return;
    s.remove_prefix(at + 1);
  }
}

}  // namespace s3store::inline v0
