// s3store 0.2.0, an S3 client, in one header.
// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The s3store authors; the terms are in the file LICENSE of the project.
//
// Written by scripts/amalgamate.py from the headers in include/: change those, not this file.
#pragma once

// ---- s3store/core/version.hpp
// Which version is this, and can this compiler use it? CMake reads the three numbers below, too.
//
// Everything is in an inline namespace of `s3store`, which is part of every symbol's name. Its name changes with each version that
// changes the layout of a type, and differs between header-only and compiled code, so that object files that do not fit together do
// not link.

#define S3STORE_VERSION_MAJOR 0
#define S3STORE_VERSION_MINOR 2
#define S3STORE_VERSION_PATCH 0

#if !(defined(_MSVC_LANG) ? _MSVC_LANG >= 202002L : __cplusplus >= 202002L)
#define S3STORE_UNSUPPORTED  // a header that sees this includes nothing more, so that the error below is the only one
#error "s3store needs C++20: compile with -std=c++20 or later"
#elif !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#define S3STORE_UNSUPPORTED
#error "s3store needs exceptions: compile without -fno-exceptions"
#else

// S3STORE_COMPILED: the headers only declare what the compiled library defines. All files of a program must define it, or none; the
// CMake target s3store::compiled does so. Instead of linking the library, one file may define S3STORE_IMPLEMENTATION as well.
#ifdef S3STORE_COMPILED
#define S3STORE_ABI v0_2_compiled
#define S3STORE_INLINE
#else
#define S3STORE_ABI v0_2
#define S3STORE_INLINE inline
#endif
#if !defined(S3STORE_COMPILED) || defined(S3STORE_IMPLEMENTATION)
#define S3STORE_DEFINITIONS  // include the headers whose names end in _impl.hpp
#endif

namespace s3store::inline S3STORE_ABI {

inline constexpr const char* version = "0.2.0";

}  // namespace s3store::inline S3STORE_ABI

#endif

#ifndef S3STORE_UNSUPPORTED

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <climits>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// ---- s3store/core/text.hpp
// How is ASCII text compared, trimmed and turned into numbers? Without locales, since HTTP and XML know none.

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

// ---- s3store/core/utf8.hpp
// Is this UTF-8, and how does a code point become UTF-8, and UTF-8 a code point? As RFC 3629 says.

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

// ---- s3store/core/printable.hpp
// How is a text shown that came from outside? Without anything that could make a reader of the log take it for something else.
//
// A message of a server's, or a key, may have line breaks that begin a forged line of a log, sequences that a terminal obeys, or
// characters that turn the direction of what follows. They are written as escapes. A backslash stays as it is: what was escaped is
// not meant to be read back.

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

// ---- s3store/core/shared.hpp
// Who deletes a thing that several own? The last of them, as with std::shared_ptr.
//
// Inside of the library, in what every call compiles, this stands for std::shared_ptr, for the reason that core/owned.hpp gives.

namespace s3store::inline S3STORE_ABI::detail {

/// Made by `share<T>(arguments...)`. Different owners of one thing may be copied and destroyed on different threads.
template <class T>
class shared {
 public:
  shared() noexcept = default;
  shared(std::nullptr_t) noexcept {}
  shared(const shared& other) noexcept : block_(other.block_) {
    if (block_) block_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  shared(shared&& other) noexcept : block_(other.block_) { other.block_ = nullptr; }
  shared& operator=(shared other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~shared() {
    if (block_ && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  T* get() const noexcept { return block_ ? &block_->value : nullptr; }
  T& operator*() const noexcept { return block_->value; }
  T* operator->() const noexcept { return &block_->value; }
  explicit operator bool() const noexcept { return block_ != nullptr; }
  void reset() noexcept { *this = shared{}; }
  friend bool operator==(const shared& a, const shared& b) noexcept { return a.block_ == b.block_; }

 private:
  template <class U, class... A>
  friend shared<U> share(A&&... a);

  struct block {
    template <class... A>
    explicit block(std::nullptr_t, A&&... a) : value(std::forward<A>(a)...) {}
    std::atomic<std::uint32_t> owners{1};
    T value;
  };
  block* block_{};
};

template <class T, class... A>
shared<T> share(A&&... a) {
  shared<T> out;
  out.block_ = new typename shared<T>::block(nullptr, std::forward<A>(a)...);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::detail

// ---- s3store/core/time.hpp
// Which clocks does the library read, and which date formats does S3 use?
//
// S3 writes dates in three ways: HTTP dates in headers (RFC 9110, section 5.6.7), ISO 8601 in XML, and seconds since 1970 in a few
// query strings. All three are accepted wherever a date is read; writing uses the one that belongs there. The first two have room
// for four digits of a year: a time before the year 0 or after the year 9999 is written as the first or last moment of these years.

namespace s3store::inline S3STORE_ABI {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using duration = std::chrono::steady_clock::duration;
using steady_time = std::chrono::steady_clock::time_point;

/// One moment on two clocks: waits and deadlines use the steady clock, signatures and expiry times the wall clock (UTC).
struct instants {
  steady_time steady{};
  timestamp wall{};
};

enum class timestamp_format { http_date, iso8601, unix_seconds };

namespace detail {

// Limits such as duration::max() are a usual way to say "never". So arithmetic with times that a caller or a server chose stops at
// the ends of its type, where the operators of <chrono> would overflow. The names are those of C++26 for integers.

constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) noexcept {
  using limits = std::numeric_limits<std::int64_t>;
  if (b > 0 && a > (limits::max)() - b) return (limits::max)();
  if (b < 0 && a < (limits::min)() - b) return (limits::min)();
  return a + b;
}
constexpr std::int64_t saturating_sub(std::int64_t a, std::int64_t b) noexcept {
  using limits = std::numeric_limits<std::int64_t>;
  if (b < 0 && a > (limits::max)() + b) return (limits::max)();
  if (b > 0 && a < (limits::min)() + b) return (limits::min)();
  return a - b;
}
/// `by` must be positive.
constexpr std::int64_t saturating_mul(std::int64_t a, std::int64_t by) noexcept {
  using limits = std::numeric_limits<std::int64_t>;
  if (a > (limits::max)() / by) return (limits::max)();
  if (a < (limits::min)() / by) return (limits::min)();
  return a * by;
}

/// Converts to another unit; a fraction is dropped, as by duration_cast.
template <class To, class Rep, class Period>
constexpr To saturating_cast(std::chrono::duration<Rep, Period> d) noexcept {
  using factor = std::ratio_divide<Period, typename To::period>;
  static_assert(std::is_integral_v<Rep> && sizeof(Rep) <= sizeof(std::int64_t) && sizeof(typename To::rep) == sizeof(std::int64_t));
  static_assert(factor::num == 1 || factor::den == 1, "one unit must be a multiple of the other");
  return To{static_cast<typename To::rep>(saturating_mul(d.count(), factor::num) / factor::den)};
}

template <class Rep, class Period, class Rep2, class Period2>
constexpr auto saturating_add(std::chrono::duration<Rep, Period> a, std::chrono::duration<Rep2, Period2> b) noexcept {
  using sum = std::chrono::duration<Rep, Period>;
  return sum{static_cast<Rep>(saturating_add(a.count(), saturating_cast<sum>(b).count()))};
}
/// The sum is in the unit of `at`.
template <class Clock, class Unit, class Rep, class Period>
constexpr auto saturating_add(std::chrono::time_point<Clock, Unit> at, std::chrono::duration<Rep, Period> by) noexcept {
  return std::chrono::time_point<Clock, Unit>{saturating_add(at.time_since_epoch(), by)};
}
template <class Clock, class Unit, class Rep, class Period>
constexpr auto saturating_sub(std::chrono::time_point<Clock, Unit> at, std::chrono::duration<Rep, Period> by) noexcept {
  const auto count = saturating_sub(at.time_since_epoch().count(), saturating_cast<Unit>(by).count());
  return std::chrono::time_point<Clock, Unit>{Unit{static_cast<typename Unit::rep>(count)}};
}
/// The time from `earlier` to `later`.
template <class Clock, class Unit>
constexpr Unit saturating_sub(std::chrono::time_point<Clock, Unit> later, std::chrono::time_point<Clock, Unit> earlier) noexcept {
  const auto count = saturating_sub(later.time_since_epoch().count(), earlier.time_since_epoch().count());
  return Unit{static_cast<typename Unit::rep>(count)};
}
template <class Rep, class Period>
constexpr auto saturating_mul(std::chrono::duration<Rep, Period> d, std::int64_t by) noexcept {
  return std::chrono::duration<Rep, Period>{static_cast<Rep>(saturating_mul(d.count(), by))};
}

struct civil_time {
  int year{}, month{}, day{}, hour{}, minute{}, second{};
  unsigned weekday{};  // 0 is Sunday
  std::int64_t microsecond{};
};

// The next functions count in years that begin in March, so that the leap day is the last day of its year, and in eras of 400
// years, each of which has 146,097 days.

/// Rounds down, for negative numbers too; `by` must be positive.
constexpr std::int64_t floor_division(std::int64_t n, std::int64_t by) noexcept { return n / by - (n % by < 0 ? 1 : 0); }

inline constexpr timestamp first_written{std::chrono::seconds{-62'167'219'200}};                  // 0000-01-01T00:00:00Z
inline constexpr timestamp last_written{std::chrono::microseconds{253'402'300'799'999'999}};  // 9999-12-31T23:59:59.999999Z

/// The nearest time whose year has four digits.
constexpr timestamp writable(timestamp t) noexcept { return t < first_written ? first_written : t > last_written ? last_written : t; }

inline civil_time civil(timestamp t) noexcept {
  constexpr std::int64_t day = 86'400'000'000;
  const std::int64_t us = t.time_since_epoch().count(), days = floor_division(us, day), rest = us % day + (us % day < 0 ? day : 0);
  const std::int64_t since = days + 719'468;  // 0000-03-01
  const std::int64_t era = floor_division(since, 146'097);
  const std::int64_t of_era = since - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;  // 0 is March
  const std::int64_t s = rest / 1'000'000;
  return {.year = static_cast<int>(year + era * 400 + (month >= 10 ? 1 : 0)),
          .month = static_cast<int>(month < 10 ? month + 3 : month - 9),
          .day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1),
          .hour = static_cast<int>(s / 3600),
          .minute = static_cast<int>(s / 60 % 60),
          .second = static_cast<int>(s % 60),
          .weekday = static_cast<unsigned>(days + 4 - 7 * floor_division(days + 4, 7)),  // 1970-01-01 was a Thursday
          .microsecond = rest % 1'000'000};
}

inline int days_in(int year, int month) noexcept {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

inline std::optional<timestamp> from_civil(const civil_time& c) noexcept {
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in(c.year, c.month) || c.hour > 23 || c.minute > 59 || c.second > 60)
    return std::nullopt;
  const std::int64_t year = c.month > 2 ? c.year : c.year - 1;
  const std::int64_t era = floor_division(year, 400);
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;
  const std::int64_t days = era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
  const std::int64_t seconds = ((days * 24 + c.hour) * 60 + c.minute) * 60 + c.second;
  return timestamp{std::chrono::microseconds{seconds * 1'000'000 + c.microsecond}};
}

inline void append_padded(std::string& out, std::int64_t value, int width) {
  char digits[20];
  int at = 20;
  for (int i = 0; i != width; ++i, value /= 10) digits[--at] = static_cast<char>('0' + value % 10);
  out.append(digits + at, static_cast<std::size_t>(width));
}
/// The separator, then two digits.
inline void append_two(std::string& out, char separator, int value) {
  out.push_back(separator);
  append_padded(out, value, 2);
}

inline constexpr std::string_view weekday_names = "SunMonTueWedThuFriSat";
inline constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Removes exactly `width` digits from the front of `s`.
inline bool take_digits(std::string_view& s, std::size_t width, int& into) noexcept {
  if (s.size() < width) return false;
  int value = 0;
  for (std::size_t i = 0; i != width; ++i) {
    if (!detail::is_digit(s[i])) return false;
    value = value * 10 + (s[i] - '0');
  }
  s.remove_prefix(width);
  into = value;
  return true;
}

inline bool take(std::string_view& s, char c) noexcept {
  if (s.empty() || s.front() != c) return false;
  s.remove_prefix(1);
  return true;
}

/// Reads `.123456789` as microseconds; digits after the sixth are ignored.
inline bool take_fraction(std::string_view& s, std::int64_t& into) noexcept {
  std::int64_t value = 0;
  if (take(s, '.')) {
    int digits = 0;
    for (; !s.empty() && detail::is_digit(s.front()); s.remove_prefix(1), ++digits)
      if (digits < 6) value = value * 10 + (s.front() - '0');
    if (digits == 0) return false;
    for (; digits < 6; ++digits) value *= 10;
  }
  into = value;
  return true;
}

}  // namespace detail

/// `Sun, 06 Nov 1994 08:49:37 GMT`; fractions of a second are dropped.
inline std::string format_http_date(timestamp t) {
  const auto c = detail::civil(detail::writable(t));
  std::string out;
  out.reserve(29);
  out.append(detail::weekday_names.substr(std::size_t{c.weekday} * 3, 3)).append(", ");
  detail::append_padded(out, c.day, 2);
  out.append(" ").append(detail::month_names.substr(static_cast<std::size_t>(c.month - 1) * 3, 3)).append(" ");
  detail::append_padded(out, c.year, 4);
  detail::append_two(out, ' ', c.hour);
  detail::append_two(out, ':', c.minute);
  detail::append_two(out, ':', c.second);
  return out.append(" GMT");
}

/// `2006-02-03T16:45:09Z`, and with a fraction `...09.123Z` or `...09.123456Z`.
inline std::string format_iso8601(timestamp t) {
  const auto c = detail::civil(detail::writable(t));
  std::string out;
  out.reserve(27);
  detail::append_padded(out, c.year, 4);
  detail::append_two(out, '-', c.month);
  detail::append_two(out, '-', c.day);
  detail::append_two(out, 'T', c.hour);
  detail::append_two(out, ':', c.minute);
  detail::append_two(out, ':', c.second);
  if (c.microsecond % 1000 != 0) {
    out.push_back('.');
    detail::append_padded(out, c.microsecond, 6);
  } else if (c.microsecond != 0) {
    out.push_back('.');
    detail::append_padded(out, c.microsecond / 1000, 3);
  }
  out.push_back('Z');
  return out;
}

namespace detail {
/// `20130524T000000Z`, as signatures have it; the first eight characters are the date in the signing scope.
inline void append_amz_date(std::string& out, timestamp t) {
  const auto c = civil(writable(t));
  append_padded(out, c.year, 4);
  append_padded(out, c.month, 2);
  append_padded(out, c.day, 2);
  out.push_back('T');
  append_padded(out, c.hour, 2);
  append_padded(out, c.minute, 2);
  append_padded(out, c.second, 2);
  out.push_back('Z');
}
inline std::string format_amz_date(timestamp t) {
  std::string out;
  detail::append_amz_date(out, t);
  return out;
}
}  // namespace detail

inline std::string format_timestamp(timestamp t, timestamp_format format) {
  if (format == timestamp_format::http_date) return format_http_date(t);
  if (format == timestamp_format::iso8601) return format_iso8601(t);
  std::string out;
  detail::append_integer(out, detail::floor_division(t.time_since_epoch().count(), 1'000'000));
  return out;
}

/// Reads ISO 8601, with or without separators, time, fraction and offset (`Z`, `+01:00`). Without an offset the time is UTC. An
/// offset may have seconds and a fraction, as Python writes it for local times of the 19th century (`+00:53:28`). Nothing if it is
/// no such date.
inline std::optional<timestamp> parse_iso8601(std::string_view s) noexcept {
  using namespace detail;
  civil_time c;
  if (!take_digits(s, 4, c.year)) return std::nullopt;
  const bool dashes = take(s, '-');
  if (!take_digits(s, 2, c.month) || (dashes && !take(s, '-')) || !take_digits(s, 2, c.day)) return std::nullopt;
  if (s.empty()) return from_civil(c);
  if (!take(s, 'T') && !take(s, 't') && !take(s, ' ')) return std::nullopt;
  if (!take_digits(s, 2, c.hour)) return std::nullopt;
  const bool colons = take(s, ':');
  if (!take_digits(s, 2, c.minute)) return std::nullopt;
  if ((!colons || take(s, ':')) && (!take_digits(s, 2, c.second) || !take_fraction(s, c.microsecond))) return std::nullopt;
  std::int64_t offset = 0;  // in microseconds
  if (!take(s, 'Z') && !take(s, 'z') && !s.empty()) {
    const int sign = s.front() == '-' ? -1 : 1;
    if (!take(s, '+') && !take(s, '-')) return std::nullopt;
    int hours = 0, minutes = 0, seconds = 0;
    if (!take_digits(s, 2, hours)) return std::nullopt;
    take(s, ':');
    if (!s.empty() && !take_digits(s, 2, minutes)) return std::nullopt;
    if (take(s, ':') || !s.empty()) {
      if (!take_digits(s, 2, seconds) || !take_fraction(s, offset)) return std::nullopt;
    }
    if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
    offset = sign * (offset + ((hours * 60 + minutes) * 60 + seconds) * std::int64_t{1'000'000});
  }
  if (!s.empty()) return std::nullopt;
  auto at = from_civil(c);
  if (at) *at -= timestamp::duration{offset};
  return at;
}

namespace detail {

/// Reads `Nov` as 11.
inline bool take_month(std::string_view& s, int& into) noexcept {
  const auto at = month_names.find(s.substr(0, 3));
  if (s.size() < 3 || at == std::string_view::npos || at % 3 != 0) return false;
  s.remove_prefix(3);
  into = static_cast<int>(at / 3 + 1);
  return true;
}

/// Reads `08:49:37`.
inline bool take_time(std::string_view& s, civil_time& into) noexcept {
  return take_digits(s, 2, into.hour) && take(s, ':') && take_digits(s, 2, into.minute) && take(s, ':') && take_digits(s, 2, into.second);
}

/// Replaces a year of two digits by the latest one that ends in them and makes a date of at most 50 years after `now`.
inline void complete_year(civil_time& date, const civil_time& now) noexcept {
  const auto within_year = [](const civil_time& c) { return (((c.month * 32 + c.day) * 24 + c.hour) * 60 + c.minute) * 61 + c.second; };
  const int latest = now.year + 50;
  date.year = latest - (latest - date.year) % 100;
  if (date.year == latest && within_year(date) > within_year(now)) date.year -= 100;
}

}  // namespace detail

/// Reads the three forms of RFC 9110, section 5.6.7; nothing for anything else:
///   Sun, 06 Nov 1994 08:49:37 GMT
///   Sunday, 06-Nov-94 08:49:37 GMT   (RFC 850: the latest year with these digits that is at most 50 years after `now`)
///   Sun Nov  6 08:49:37 1994         (asctime)
/// The name of the weekday is not checked. `now` is by default the system's time.
inline std::optional<timestamp> parse_http_date(std::string_view s, std::optional<timestamp> now = std::nullopt) noexcept {
  using namespace detail;
  civil_time c;
  const auto comma = s.find(',');
  s.remove_prefix(comma != std::string_view::npos ? comma + 1 : (std::min)(s.size(), std::size_t{3}));
  while (take(s, ' ')) {
  }
  const auto take_day = [&] { return take_digits(s, s.size() > 1 && s[1] == ' ' ? 1 : 2, c.day); };
  if (comma == std::string_view::npos) {
    if (!take_month(s, c.month) || !take(s, ' ')) return std::nullopt;
    take(s, ' ');
    if (!take_day() || !take(s, ' ') || !take_time(s, c) || !take(s, ' ') || !take_digits(s, 4, c.year) || !s.empty()) return std::nullopt;
    return from_civil(c);
  }
  if (!take_day()) return std::nullopt;
  const bool rfc850 = take(s, '-');
  if ((!rfc850 && !take(s, ' ')) || !take_month(s, c.month) || !take(s, rfc850 ? '-' : ' ') || !take_digits(s, rfc850 ? 2 : 4, c.year) ||
      !take(s, ' ') || !take_time(s, c) || (s != " GMT" && s != " UTC" && s != " +0000"))
    return std::nullopt;
  if (rfc850)
    complete_year(c, civil(writable(now ? *now : std::chrono::time_point_cast<timestamp::duration>(std::chrono::system_clock::now()))));
  return from_civil(c);
}

/// Reads a date in any of the three formats; nothing if it is in none of them.
inline std::optional<timestamp> parse_timestamp(std::string_view s) noexcept {
  if (const auto date = parse_http_date(s)) return date;
  if (s.find('T') != std::string_view::npos || s.find('-', 1) != std::string_view::npos) return parse_iso8601(s);
  const auto point = s.find('.');
  constexpr std::int64_t limit = detail::last_written.time_since_epoch().count() / 1'000'000;
  std::int64_t seconds = 0, fraction = 0;
  if (!detail::read_integer(s.substr(0, point), seconds) || seconds > limit || seconds < -limit) return std::nullopt;
  std::string_view rest = point == std::string_view::npos ? std::string_view{} : s.substr(point);
  if (!detail::take_fraction(rest, fraction) || !rest.empty()) return std::nullopt;
  return timestamp{timestamp::duration{seconds * 1'000'000 + (seconds < 0 ? -fraction : fraction)}};
}

namespace detail {
/// Rounded up, so that a wait of this length does not end early.
constexpr std::int64_t whole_milliseconds(duration d) noexcept {
  constexpr duration::rep one = duration{std::chrono::milliseconds{1}}.count();
  return d.count() / one + (d.count() % one > 0 ? 1 : 0);
}
}  // namespace detail

/// The system's clocks. Tests replace it by another type with a `now()`.
struct system_clock {
  instants now() const noexcept {
    return {std::chrono::steady_clock::now(),
            std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/core/error.hpp
// What can go wrong, and what does an error carry?
//
// An error is a value that holds all that is known about a failure. The code that sees the failure first sets `kind` and `message`;
// the layers above add where it happened. It never holds a secret: no key, signature, token or presigned URL is put into it, and
// those that a server sends back are masked (protocol/service_error.hpp).

namespace s3store::inline S3STORE_ABI {

/// What kind of failure it is. The comments say whether the request was sent, and whether it may have taken effect.
enum class error_kind : std::uint8_t {
  none,
  // Failures on this side.
  invalid_argument,     ///< refused before anything was sent; the same call fails again
  configuration,        ///< a setting, environment variable or file is missing or malformed
  credentials,          ///< no provider had credentials, or one failed
  cancelled,            ///< the caller's cancel token was cancelled
  deadline_exceeded,    ///< the call's total deadline has passed
  body_source,          ///< the caller's source failed or threw
  body_sink,            ///< the caller's sink failed or threw
  io,                   ///< a local file could not be read or written
  out_of_memory,        ///< this process has no memory left for what arrived
  too_large,            ///< what arrived is larger than the limit for bodies kept in memory; use a sink
  // The transport: no answer came, or only a part of one.
  resolve,              ///< host name not found; the request was not sent
  connect,              ///< no connection (refused, unreachable, timed out); the request was not sent
  tls,                  ///< handshake or certificate failed; the request was not sent
  connection_lost,      ///< sent in part or whole, and the answer is missing or cut off: it may have taken effect
  timeout,              ///< no first byte, or no progress, in time: it may have taken effect
  transport,            ///< any other failure of the transport
  // The protocol.
  malformed_response,   ///< an answer that S3 would not give: not XML, wrong root, cut off, too large or too deep
  integrity,            ///< bytes that do not match their checksum
  range_mismatch,       ///< the answer does not hold the range that was asked for
  object_changed,       ///< the object was replaced while it was read, so its parts do not belong together
  // The service's answer. `code` has the details.
  bad_request,          ///< 400 and anything not named below
  access_denied,        ///< 401 and 403
  not_found,            ///< 404: NoSuchKey, NoSuchBucket, NoSuchUpload, NoSuchVersion, or a bare 404 to a HEAD
  method_not_allowed,   ///< 405, for example where the version is a delete marker
  conflict,             ///< 409
  precondition_failed,  ///< 412
  not_modified,         ///< 304
  range_not_satisfiable,///< 416
  redirect,             ///< 301, 302, 307 or 308 that names no usable region
  throttled,            ///< 429, 503 SlowDown and the like
  server,               ///< 5xx
  not_implemented,      ///< 501
};

constexpr std::string_view to_string(error_kind k) noexcept {
  switch (k) {
    case error_kind::none: return "none";
    case error_kind::invalid_argument: return "invalid argument";
    case error_kind::configuration: return "configuration";
    case error_kind::credentials: return "credentials";
    case error_kind::cancelled: return "cancelled";
    case error_kind::deadline_exceeded: return "deadline exceeded";
    case error_kind::body_source: return "body source";
    case error_kind::body_sink: return "body sink";
    case error_kind::io: return "input/output";
    case error_kind::out_of_memory: return "out of memory";
    case error_kind::too_large: return "too large";
    case error_kind::resolve: return "host not found";
    case error_kind::connect: return "no connection";
    case error_kind::tls: return "TLS";
    case error_kind::connection_lost: return "connection lost";
    case error_kind::timeout: return "timeout";
    case error_kind::transport: return "transport";
    case error_kind::malformed_response: return "malformed response";
    case error_kind::integrity: return "integrity";
    case error_kind::range_mismatch: return "range mismatch";
    case error_kind::object_changed: return "object changed";
    case error_kind::bad_request: return "bad request";
    case error_kind::access_denied: return "access denied";
    case error_kind::not_found: return "not found";
    case error_kind::method_not_allowed: return "method not allowed";
    case error_kind::conflict: return "conflict";
    case error_kind::precondition_failed: return "precondition failed";
    case error_kind::not_modified: return "not modified";
    case error_kind::range_not_satisfiable: return "range not satisfiable";
    case error_kind::redirect: return "redirect";
    case error_kind::throttled: return "throttled";
    case error_kind::server: return "server";
    case error_kind::not_implemented: return "not implemented";
  }
  return "unknown";
}

/// All that is known about a failure; members that are not known are empty or 0. Texts of the server's are as it sent them, but for
/// secrets of the request, which are masked. Print them by `describe()`, which escapes what could forge a line of a log.
struct error {
  error_kind kind{};
  std::string message{};     ///< one sentence for a person
  std::string code{};        ///< S3's error code ("NoSuchKey"), or empty where no server answered with one
  int status{};              ///< HTTP status, or 0 where no answer came
  std::string request_id{};  ///< x-amz-request-id
  std::string host_id{};     ///< x-amz-id-2
  std::string operation{};   ///< "PutObject"
  std::string bucket{};
  std::string key{};
  std::string endpoint{};    ///< scheme, host and port; never a path or a query
  std::string region{};      ///< the region that the server named, where it named one
  int attempts{};            ///< how often it was sent
  duration elapsed{};        ///< from the start of the call to its end, waits included
  std::exception_ptr thrown{};  ///< what a function of the caller threw; the client throws it again
  bool maybe_own_success{};  ///< an earlier attempt, whose answer was lost, may have succeeded and caused this refusal

  /// One line for a log: operation, code or kind, message, and the details that are known. Control characters and the like are
  /// escaped (core/printable.hpp), so it is one line, in valid UTF-8, whatever the server sent. Of each text that is longer than 4,096
  /// bytes, only the beginning is shown; no name or message of S3's is that long.
  std::string describe() const {
    constexpr std::size_t most = 4096;
    std::string out;
    if (!operation.empty()) {
      detail::append_printable(out, operation);
      out.append(": ");
    }
    detail::append_abbreviated(out, code.empty() ? to_string(kind) : std::string_view{code}, most);
    if (!message.empty()) detail::append_abbreviated(out.append(": "), message, most);
    const char* before = " (";
    const auto detail = [&](std::string_view name, std::string_view value) {
      if (value.empty()) return;
      out.append(std::exchange(before, ", ")).append(name).append(" ");
      detail::append_abbreviated(out, value, most);
    };
    detail("status", status != 0 ? detail::decimal(status) : std::string{});
    detail("bucket", bucket);
    detail("key", key);
    detail("endpoint", endpoint);
    detail("request id", request_id);
    detail("attempts", attempts > 1 ? detail::decimal(attempts) : std::string{});
    if (*before == ',') out.append(")");
    return out;
  }
};

namespace detail {
/// Does the error say that what was asked for does not exist? NoSuchBucket and a denied access do not say so of an object. The
/// answer to a HEAD has no code, so there any 404 counts.
inline bool is_absent(const error& e) noexcept {
  return e.kind == error_kind::not_found && (e.code.empty() || e.code == "NoSuchKey" || e.code == "NoSuchVersion");
}
}  // namespace detail

/// What `result::value()` and the store layer throw. Its copies share the error, so copying it cannot fail.
class s3_error : public std::exception {
 public:
  explicit s3_error(s3store::error e) : shared_(detail::share<const state>(std::move(e))) {}

  const char* what() const noexcept override { return shared_->text.c_str(); }
  const s3store::error& error() const noexcept { return shared_->of; }
  error_kind kind() const noexcept { return shared_->of.kind; }
  const std::string& code() const noexcept { return shared_->of.code; }
  int status() const noexcept { return shared_->of.status; }

 private:
  struct state {
    explicit state(s3store::error e) : of(std::move(e)), text(of.describe()) {}
    s3store::error of;
    std::string text;
  };
  detail::shared<const state> shared_;
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/core/secret.hpp
// How is a secret kept? In a string that overwrites its memory when destroyed and cannot be printed by accident. And what carries one on
// its way, such as header fields, overwrites whatever memory it gives back.

namespace s3store::inline S3STORE_ABI {

namespace detail {
/// Overwrites memory with zeros in a way that the compiler may not optimise away.
inline void wipe(void* at, std::size_t size) noexcept {
#if defined(__GNUC__)
  if (size == 0) return;
  std::memset(at, 0, size);
  __asm__ __volatile__("" : : "r"(at) : "memory");  // to the compiler, this may read what was written
#else
  volatile auto* p = static_cast<volatile unsigned char*>(at);
  while (size-- != 0) *p++ = 0;
#endif
}

/// Empties the string and overwrites all its memory: up to the capacity, because bytes of an earlier, longer text may still be there.
inline void wipe(std::string& text) noexcept {
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

/// Wipes a string when the scope is left. If the string grows before that, its old memory is not overwritten: reserve ahead.
class wiped_at_end {
 public:
  explicit wiped_at_end(std::string& text) noexcept : text_(text) {}
  ~wiped_at_end() { wipe(text_); }
  wiped_at_end(const wiped_at_end&) = delete;
  wiped_at_end& operator=(const wiped_at_end&) = delete;

 private:
  std::string& text_;
};

/// A text that many small texts are appended to, some of which may be secrets. Like a std::string, but memory is overwritten before it
/// is given back, also when the text outgrows it.
class wiped_text {
 public:
  wiped_text() = default;
  wiped_text(const wiped_text& other) { append(other); }
  wiped_text(wiped_text&& other) noexcept { swap(other); }
  wiped_text& operator=(const wiped_text& other) {
    if (this == &other) return *this;
    clear();
    return append(other);
  }
  wiped_text& operator=(wiped_text&& other) noexcept {
    swap(other);
    return *this;
  }
  ~wiped_text() { give_back(data_, capacity_); }

  /// The texts may be parts of this one.
  wiped_text& append(std::initializer_list<std::string_view> more) {
    std::size_t size = 0;
    for (const std::string_view text : more) size += text.size();
    if (size > capacity_ - size_) return append_to_larger(more, size);
    for (const std::string_view text : more) add(text);
    return *this;
  }
  wiped_text& append(std::string_view more) {
    if (more.size() > capacity_ - size_) return append_to_larger({more}, more.size());
    add(more);
    return *this;
  }
  wiped_text& push_back(char c) {
    if (size_ == capacity_) return append_to_larger({std::string_view{&c, 1}}, 1);
    data_[size_++] = c;
    return *this;
  }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) append_to_larger({}, capacity - size_);
  }
  void pop_back() noexcept { --size_; }
  /// Keeps the memory and what is in it.
  void clear() noexcept { size_ = 0; }
  /// Like `clear`, and overwrites the memory.
  void wipe() noexcept {
    detail::wipe(data_, capacity_);
    size_ = 0;
  }

  char* data() noexcept { return data_; }
  const char* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  operator std::string_view() const noexcept { return {data_, size_}; }

 private:
  void add(std::string_view text) noexcept {
    if (text.empty()) return;  // memcpy must not get a null pointer
    std::memcpy(data_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  /// `size`: room for how many bytes more.
  wiped_text& append_to_larger(std::initializer_list<std::string_view> more, std::size_t size) {
    wiped_text larger;
    larger.capacity_ = (std::max)({std::size_t{64}, 2 * capacity_, size_ + size});
    larger.data_ = static_cast<char*>(::operator new(larger.capacity_));
    larger.add(*this);
    for (const std::string_view text : more) larger.add(text);
    swap(larger);  // the old memory goes last, because `more` may be in it
    return *this;
  }
  static void give_back(char* at, std::size_t capacity) noexcept {
    if (!at) return;
    detail::wipe(at, capacity);
    ::operator delete(at);
  }
  void swap(wiped_text& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  char* data_{};
  std::size_t size_{};
  std::size_t capacity_{};
};
}  // namespace detail

/// A string whose memory is overwritten on destruction, assignment and move. It has no operator<< on purpose: only `reveal()` gives
/// the text, as a view that is valid until the string changes.
class secret_string {
 public:
  secret_string() = default;
  secret_string(std::string text) : text_(text.size() < inline_limit ? std::string(text) : std::move(text)) {
    detail::wipe(text);
  }
  secret_string(std::string_view text) : text_(text) {}
  secret_string(const char* text) : text_(text) {}
  secret_string(const secret_string& other) = default;
  // Moving a short std::string copies its bytes and leaves them in `other`, so `other` is wiped.
  secret_string(secret_string&& other) noexcept : text_(other.text_.size() < inline_limit ? std::string(other.text_) : std::move(other.text_)) {
    other.clear();
  }
  secret_string& operator=(secret_string other) noexcept {
    clear();
    text_.swap(other.text_);
    return *this;
  }
  ~secret_string() { clear(); }

  std::string_view reveal() const noexcept { return text_; }
  const char* c_str() const noexcept { return text_.c_str(); }  ///< the same, with a NUL at its end
  bool empty() const noexcept { return text_.empty(); }

  void clear() noexcept { detail::wipe(text_); }

  friend bool operator==(const secret_string& a, const secret_string& b) noexcept { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t inline_limit = 32;  // no standard library keeps strings this long inside the object
  std::string text_{};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/core/headers.hpp
// How are HTTP header fields and user metadata kept? In the order in which they were added; case does not count in names.
//
// All text is in one buffer, so that a reused object allocates nothing. Views that `get` and iteration return are valid until the
// next change.

namespace s3store::inline S3STORE_ABI {

/// A list of fields; a name may occur several times. Like a standard container it is not synchronised.
class headers {
 public:
  struct field {
    std::string_view name{};
    std::string_view value{};
  };

  headers() = default;
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  /// Both may be views of this object's own fields.
  void add(std::string_view name, std::string_view value) {
    const entry e{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                  static_cast<std::uint32_t>(value.size())};
    const std::uint64_t mark = mark_of(name);  // ahead, because the name may be in memory that is given back now
    text_.append({name, value});
    entries_.push_back(e);
    seen_ |= mark;
  }

  /// Replaces all fields of that name by one. Both may be views of this object's own fields.
  void set(std::string_view name, std::string_view value) {
    erase(name);
    add(name, value);
  }

  void erase(std::string_view name) noexcept {
    for (std::size_t i = entries_.size(); i-- != 0;)
      if (detail::equal_ignoring_case(name_of(entries_[i]), name)) entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  /// The first field of that name; nothing where there is none.
  std::optional<std::string_view> get(std::string_view name) const noexcept {
    const entry* const e = find(name);
    return e ? std::optional<std::string_view>{value_of(*e)} : std::nullopt;
  }

  /// The first field of that name, or an empty view: for fields where absent and empty mean the same.
  std::string_view value_or_empty(std::string_view name) const noexcept {
    const entry* const e = find(name);
    return e ? value_of(*e) : std::string_view{};
  }

  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  field operator[](std::size_t i) const noexcept { return {name_of(entries_[i]), value_of(entries_[i])}; }

  /// Allocates ahead. `text`: bytes of all names and values together; `fields`: how many fields.
  void reserve(std::size_t text, std::size_t fields) {
    text_.reserve(text);
    entries_.reserve(fields);
  }

  /// Removes all fields and keeps the memory.
  void clear() noexcept {
    text_.clear();
    entries_.clear();
    seen_ = 0;
  }

  /// Like `clear`, and overwrites the text, for fields that held a secret.
  void wipe() noexcept {
    text_.wipe();
    clear();
  }

  class iterator {
   public:
    using value_type = field;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    iterator(const headers* of, std::size_t at) noexcept : of_(of), at_(at) {}
    field operator*() const noexcept { return (*of_)[at_]; }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const iterator&) const = default;

   private:
    const headers* of_{};
    std::size_t at_{};
  };

  iterator begin() const noexcept { return {this, 0}; }
  iterator end() const noexcept { return {this, entries_.size()}; }

  friend bool operator==(const headers& a, const headers& b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i != a.size(); ++i)
      if (!detail::equal_ignoring_case(a[i].name, b[i].name) || a[i].value != b[i].value) return false;
    return true;
  }

 private:
  struct entry {  // in text_, the value directly follows the name
    std::uint32_t start{};
    std::uint32_t name{};
    std::uint32_t value{};
  };
  const entry* find(std::string_view name) const noexcept {
    if ((seen_ & mark_of(name)) == 0) return nullptr;
    for (const entry& e : entries_)
      if (e.name == name.size() && detail::equal_ignoring_case(name_of(e), name)) return &e;
    return nullptr;
  }
  std::string_view name_of(const entry& e) const noexcept { return {text_.data() + e.start, e.name}; }
  std::string_view value_of(const entry& e) const noexcept { return {text_.data() + e.start + e.name, e.value}; }

  /// One of 64 bits, chosen by the name's length and last letter.
  static constexpr std::uint64_t mark_of(std::string_view name) noexcept {
    return name.empty() ? 1 : std::uint64_t{1} << (name.size() + std::size_t{5} * static_cast<unsigned char>(detail::to_lower(name.back()))) % 64;
  }

  detail::wiped_text text_{};  // session tokens and customer keys travel in headers
  std::vector<entry> entries_{};
  std::uint64_t seen_{};  // the marks of all names added so far; most look-ups are for absent names, and end here
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/core/owned.hpp
// Who deletes a thing on the heap? Its one owner, as with std::unique_ptr.
//
// Inside of the library, in what every call compiles, this stands for std::unique_ptr, of which each type is 45 functions to a compiler
// that does not optimise (it is made of a tuple): together with core/shared.hpp it saves a fifth of the code of a GET. The public interface
// has the standard's pointers. See docs/decisions/0006.

namespace s3store::inline S3STORE_ABI::detail {

struct heap_deleter {
  template <class T>
  void operator()(T* p) const noexcept { delete p; }
};

/// Owns at most one `T`; `Deleter` is an empty type that gives it back.
template <class T, class Deleter = heap_deleter>
class owned {
 public:
  owned() noexcept = default;
  owned(std::nullptr_t) noexcept {}
  explicit owned(T* p) noexcept : pointer_(p) {}
  owned(owned&& other) noexcept : pointer_(other.release()) {}
  owned& operator=(owned&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~owned() {
    if (pointer_) Deleter{}(pointer_);
  }

  T* get() const noexcept { return pointer_; }
  auto& operator*() const noexcept { return *pointer_; }
  T* operator->() const noexcept { return pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }
  T* release() noexcept {
    T* const out = pointer_;
    pointer_ = nullptr;
    return out;
  }
  void reset(T* p = nullptr) noexcept {
    T* const old = pointer_;
    pointer_ = p;
    if (old) Deleter{}(old);
  }

 private:
  T* pointer_{};
};

template <class T, class... A>
owned<T> make_owned(A&&... a) {
  return owned<T>{new T(std::forward<A>(a)...)};
}

}  // namespace s3store::inline S3STORE_ABI::detail

// ---- s3store/core/result.hpp
// What does a call return? Either a value or an error, and with both, what is known about the HTTP exchange.

namespace s3store::inline S3STORE_ABI {

/// How the bytes of a download were checked.
enum class integrity : std::uint8_t {
  absent,     ///< not checked: the answer named no checksum that we can compute, or had no body
  verified,   ///< the whole body matched its checksum
  composite,  ///< not checked: the checksum was computed from the parts' checksums and not from the body
  ranged,     ///< not checked: only a range was read, and the checksum is the whole object's
};

/// What is known about the exchange besides the value or error.
struct response_meta {
  int status{};
  headers fields{};         ///< every response header, in order
  int attempts{};           ///< how often the request was sent
  duration elapsed{};       ///< from the start of the call to its end, waits included
  std::uint64_t sent{};     ///< body bytes of the last attempt
  std::uint64_t received{};  ///< body bytes of the last attempt
  s3store::integrity integrity{};
  /// Names of headers and elements whose values could not be read, and whose members are empty for that reason.
  std::vector<std::string> unreadable{};

  std::string_view request_id() const noexcept { return fields.value_or_empty("x-amz-request-id"); }
  std::string_view host_id() const noexcept { return fields.value_or_empty("x-amz-id-2"); }
};

namespace detail {
struct nothing {};
struct no_value_yet {};

/// Never destroyed: the library has no static with a destructor.
inline const response_meta& no_meta() {
  static const response_meta* const none = new response_meta{};
  return *none;
}

/// Prints one line to the standard error stream and ends the program.
[[noreturn]] inline void stop(std::string_view why) noexcept {
  std::fprintf(stderr, "s3store: %.*s\n", static_cast<int>(why.size()), why.data());
  std::abort();
}

/// For a failed allocation. Allocates nothing: the text fits into any std::string.
inline error out_of_memory() noexcept {
  error e;
  e.kind = error_kind::out_of_memory;
  e.message = "no memory left";
  return e;
}

/// An error in one line: `return fail(error_kind::io, "the disk is full");` If there is no memory for the message, it has another.
inline error fail(error_kind kind, std::string&& message) noexcept {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  return e;
}
/// The same, with a message made of several pieces: `return fail(error_kind::io, {"no such file: ", name});`
inline error fail(error_kind kind, std::initializer_list<std::string_view> message) noexcept {
  try {
    return detail::fail(kind, detail::concat(message));
  } catch (...) {
    error e = out_of_memory();
    e.kind = kind;
    return e;
  }
}
inline error fail(error_kind kind, std::string_view message) noexcept { return detail::fail(kind, {message}); }
inline error fail(error_kind kind, const char* message) noexcept { return detail::fail(kind, {std::string_view{message}}); }

/// The place of an error. Errors that must be told when the heap has no memory left have theirs in here.
class spare_errors {
 public:
  constexpr spare_errors() noexcept = default;
  /// Null if all are taken.
  void* take() noexcept {
    for (spare& s : spares_)
      if (!s.taken.exchange(true, std::memory_order_acquire)) return s.bytes;
    return nullptr;
  }
  /// False if it is none of these.
  bool give_back(void* place) noexcept {
    for (spare& s : spares_) {
      if (place != s.bytes) continue;
      s.taken.store(false, std::memory_order_release);
      return true;
    }
    return false;
  }

 private:
  struct spare {
    alignas(error) std::byte bytes[sizeof(error)]{};
    std::atomic<bool> taken{};
  };
  std::array<spare, 32> spares_{};
};
inline constinit spare_errors spares{};

struct error_deleter {
  void operator()(error* e) const noexcept {
    e->~error();
    if (!spares.give_back(e)) ::operator delete(e);
  }
};
using owned_error = owned<error, error_deleter>;
/// Throws std::bad_alloc if the spare places are taken as well.
inline owned_error own(error&& e) {
  void* place = ::operator new(sizeof(error), std::nothrow);
  if (!place) place = spares.take();
  if (!place) throw std::bad_alloc{};
  return owned_error{::new (place) error(std::move(e))};
}

}  // namespace detail

/// The part of a result that does not depend on its value's type.
class result_base {
 public:
  bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  /// The error. If there is a value instead, this prints a line and ends the program, in optimised builds too. From a temporary
  /// result the error is moved out, so that `const auto& e = f().error();` is safe.
  s3store::error& error() & noexcept { return stop_if_no_error(), *error_; }
  const s3store::error& error() const& noexcept { return stop_if_no_error(), *error_; }
  s3store::error error() && noexcept { return stop_if_no_error(), std::move(*error_); }

  /// Status, headers, attempts and times of the exchange; all empty if nothing was sent. The reference is valid as long as the
  /// result; from a temporary result it is moved out.
  const response_meta& meta() const& noexcept { return meta_ ? *meta_ : detail::no_meta(); }
  response_meta meta() && { return meta_ ? std::move(*meta_) : response_meta{}; }
  void attach(detail::owned<response_meta> meta) noexcept { meta_ = std::move(meta); }
  detail::owned<response_meta> release_meta() noexcept { return std::move(meta_); }

 protected:
  explicit result_base(bool has_value) noexcept : has_value_(has_value) {}
  explicit result_base(s3store::error e) : error_(detail::own(std::move(e))) {}
  result_base(result_base&&) noexcept = default;
  result_base& operator=(result_base&&) noexcept = default;
  ~result_base() = default;

  void forget_value() noexcept { has_value_ = false; }
  void throw_if_absent() const {
    if (!has_value_) throw s3_error{error_ ? *error_ : s3store::error{}};
  }
  void stop_if_absent() const noexcept {
    if (!has_value_)
      detail::stop(error_ ? "the value of a result that holds an error was used: " + error_->describe()
                          : std::string("the value of a result that holds none was used"));
  }

 private:
  void stop_if_no_error() const noexcept {
    if (!error_) detail::stop("error() of a result that holds a value was used");
  }

  detail::owned_error error_{};
  detail::owned<response_meta> meta_{};
  bool has_value_{};
};

/// A value of type T, or an error. `result<void>` holds success or an error.
///   auto got = s3.get_object({.bucket = "b", .key = "k"});
///   if (!got) return report(got.error().describe());
///   use(got->body);
template <class T>
class [[nodiscard]] result : public result_base {
  using stored = std::conditional_t<std::is_void_v<T>, detail::nothing, T>;

 public:
  using value_type = T;

  result() requires std::is_void_v<T> : result_base(true), value_() {}
  result(stored value) requires(!std::is_void_v<T>) : result_base(true), value_(std::move(value)) {}
  explicit result(std::in_place_t) : result_base(true), value_() {}  // a default-constructed value, to be filled in
  result(s3store::error e) : result_base(std::move(e)), none_() {}
  explicit result(detail::no_value_yet) noexcept : result_base(false), none_() {}  // must be assigned to before it is used
  result(result&& other) noexcept(std::is_nothrow_move_constructible_v<stored>) : result_base(std::move(other)), none_() {
    if (has_value()) std::construct_at(&value_, std::move(other.value_));  // NOLINT(bugprone-use-after-move): only its base was moved
  }
  result& operator=(result&& other) noexcept(std::is_nothrow_move_constructible_v<stored>) {
    if (this == &other) return *this;
    if (has_value()) value_.~stored();
    forget_value();  // until there is one again: constructing it may throw
    if (other.has_value()) std::construct_at(&value_, std::move(other.value_));
    result_base::operator=(std::move(other));
    return *this;
  }
  ~result() {
    if (has_value()) value_.~stored();
  }
  /// Passes on the error, and what is known about the exchange, of a result of any type. `other` must hold an error.
  static result failed_as(result_base&& other) {
    result out{std::move(other.error())};
    out.attach(other.release_meta());
    return out;
  }

  /// The value; throws s3_error if there is none. From a temporary result the value is moved out, so that
  /// `for (auto& x : f().value())` is safe.
  stored& value() & { return throw_if_absent(), value_; }
  const stored& value() const& { return throw_if_absent(), value_; }
  stored value() && { return throw_if_absent(), std::move(value_); }

  /// The value. If there is an error instead, these print it and end the program, in optimised builds too.
  stored& operator*() & noexcept { return stop_if_absent(), value_; }
  const stored& operator*() const& noexcept { return stop_if_absent(), value_; }
  stored operator*() && { return stop_if_absent(), std::move(value_); }
  stored* operator->() noexcept { return stop_if_absent(), &value_; }
  const stored* operator->() const noexcept { return stop_if_absent(), &value_; }

 private:
  // A union and not a std::optional, because result_base already knows whether there is a value.
  union {
    detail::nothing none_;
    stored value_;
  };
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/core/process.hpp
// Does this code still run in the process that an object was made in? After fork, the child has a copy of all memory: of connections,
// which are the parent's, and of locks, which stay locked for ever if another thread held them, because only the thread that called
// fork is in the child.

#ifndef _WIN32
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace s3store::inline S3STORE_ABI::detail {

#if defined(__linux__) && defined(MADV_WIPEONFORK)

/// Remembers a process's id on a page of memory that the kernel empties in every child, however that was made; since Linux 4.14.
/// Asking the kernel each time would take a system call, several times in every request.
class remembered_process_id {
 public:
  remembered_process_id() noexcept {
    const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (::madvise(page, size, MADV_WIPEONFORK) == 0) {
      known_ = ::new (page) std::atomic<int>{0};
    } else {
      ::munmap(page, size);
    }
  }

  int get() const noexcept {
    if (!known_) return ::getpid();
    if (const int id = known_->load(std::memory_order_relaxed); id != 0) return id;
    const int id = ::getpid();
    known_->store(id, std::memory_order_relaxed);
    return id;
  }

 private:
  static_assert(std::atomic<int>::is_always_lock_free);  // then all bits zero is the number zero
  std::atomic<int>* known_{};                            // never unmapped; null: this kernel can't do it
};

/// The same number during all of a process's life, and another one in a child. Costs about as much as reading a variable.
inline int process_id() noexcept {
  static const remembered_process_id remembered;
  return remembered.get();
}

#elif !defined(_WIN32)
inline int process_id() noexcept { return ::getpid(); }
#else
inline int process_id() noexcept { return 0; }  // no fork
#endif

/// Keeps a `T` for the threads of a process, which lock its member `guard` while they use it. If no thread held the lock when a child
/// was forked off, the child goes on with its copy, of which `T::forked()` is called once, with the lock held. If one did, the copy
/// may be half-changed: the child leaves it alone, which leaks it, and begins with a new `T`.
template <class T>
class per_process {
 public:
  per_process() : now_(new kept) {}
  per_process(const per_process&) = delete;
  per_process& operator=(const per_process&) = delete;
  ~per_process() {
    kept* const last = now_.load(std::memory_order_relaxed);
    if (last->process.load(std::memory_order_relaxed) != process_id()) {
      if (!last->value.guard.try_lock()) return;
      last->value.guard.unlock();
    }
    delete last;
  }

  /// May be called from any thread. Throws std::bad_alloc, only in a child.
  T& get() {
    kept* const current = now_.load(std::memory_order_acquire);
    const int here = process_id();
    return current->process.load(std::memory_order_relaxed) == here ? current->value : inherited(current, here);
  }

 private:
  struct kept {
    std::atomic<int> process{process_id()};
    T value{};
  };

  T& inherited(kept* old, int here) {
    if (old->value.guard.try_lock()) {
      const std::lock_guard hold{old->value.guard, std::adopt_lock};
      if (old->process.load(std::memory_order_relaxed) != here) {
        old->value.forked();
        old->process.store(here, std::memory_order_relaxed);
      }
      return old->value;
    }
    auto* const fresh = new kept;
    if (now_.compare_exchange_strong(old, fresh, std::memory_order_acq_rel)) return fresh->value;
    delete fresh;  // another thread of this process was first
    return old->value;
  }

  std::atomic<kept*> now_;
};

}  // namespace s3store::inline S3STORE_ABI::detail

// ---- s3store/core/cancel.hpp
// How does a caller stop a call that is under way? It gives the call a token and cancels the token's source.
//
// Every wait of the library registers a wake-up with the token, so that a cancelled call returns at once and not at its next
// timeout. std::stop_token would do the same, but libc++ 14 has none.

namespace s3store::inline S3STORE_ABI {

namespace detail {
struct cancel_state {
  struct waiter {  // an entry of a circular list, kept in the cancel_waiter
    waiter* next{this};
    waiter* previous{this};
    void* who{};
    void (*wake)(void*){};
  };
  struct list {
    void forked() noexcept { head.next = head.previous = &head; }  // those waits are the parent's

    std::mutex guard{};
    waiter head{};  // stands for no wait itself
  };
  std::atomic<bool> cancelled{false};
  per_process<list> waiters{};
};
}  // namespace detail

/// Cheap to copy, and its copies may be used from any thread. A default-constructed token is never cancelled.
class cancel_token {
 public:
  cancel_token() = default;
  bool cancelled() const noexcept { return state_ && state_->cancelled.load(std::memory_order_acquire); }
  bool can_cancel() const noexcept { return static_cast<bool>(state_); }

 private:
  friend class cancel_source;
  friend class cancel_waiter;
  explicit cancel_token(detail::shared<detail::cancel_state> s) noexcept : state_(std::move(s)) {}
  detail::shared<detail::cancel_state> state_{};
};

/// Makes tokens and cancels them. Tokens may outlive their source.
class cancel_source {
 public:
  cancel_source() : state_(detail::share<detail::cancel_state>()) {}
  cancel_token token() const noexcept { return cancel_token{state_}; }

  /// Cancels every call that holds a token of this source; each fails with error_kind::cancelled. May be called from any thread;
  /// calling it again does nothing. After fork, parent and child each cancel their own calls.
  void cancel() const {
    auto& waiters = state_->waiters.get();
    const std::lock_guard lock{waiters.guard};
    if (state_->cancelled.exchange(true, std::memory_order_acq_rel)) return;
    for (auto* w = waiters.head.next; w != &waiters.head; w = w->next) w->wake(w->who);
  }

 private:
  detail::shared<detail::cancel_state> state_;
};

/// Registers a wake-up for the duration of one wait. `wake(who)` runs on the thread that cancels, while
/// the token's lock is held: it must not register another waiter, and may cancel no other source than one that stands for this wait
/// alone. A token that was cancelled before does not call it, so ask `cancelled()` after registering.
class cancel_waiter {
 public:
  cancel_waiter(const cancel_token& token, void* who, void (*wake)(void*)) : state_(token.state_) {
    if (!state_) return;
    here_.who = who;
    here_.wake = wake;
    list_ = &token.state_->waiters.get();
    const std::lock_guard lock{list_->guard};
    here_.next = &list_->head;
    here_.previous = list_->head.previous;
    here_.previous->next = here_.next->previous = &here_;
  }
  ~cancel_waiter() {
    if (!list_ || process_ != detail::process_id()) return;  // in a child, the list is the parent's
    const std::lock_guard lock{list_->guard};
    here_.previous->next = here_.next;
    here_.next->previous = here_.previous;
  }
  cancel_waiter(const cancel_waiter&) = delete;
  cancel_waiter& operator=(const cancel_waiter&) = delete;

 private:
  detail::shared<detail::cancel_state> state_;
  detail::cancel_state::list* list_{};  // in `state_`
  detail::cancel_state::waiter here_{};
  int process_{detail::process_id()};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/http/message.hpp
// What is an HTTP exchange? A request whose body is read from a source, and a response whose body is written to a sink.
//
// Nothing here is specific to S3. All that an exchange points to must stay valid until it ends. Sources, sinks and receivers are
// called on the thread that performs the exchange.

namespace s3store::inline S3STORE_ABI::http {

using s3store::headers;

enum class method : std::uint8_t { get, head, put, post, delete_ };

constexpr std::string_view to_string(method m) noexcept {
  switch (m) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::put: return "PUT";
    case method::post: return "POST";
    case method::delete_: return "DELETE";
  }
  return "GET";
}

constexpr std::optional<method> parse_method(std::string_view s) noexcept {
  for (const method m : {method::get, method::head, method::put, method::post, method::delete_})
    if (to_string(m) == s) return m;
  return std::nullopt;
}

namespace detail {
using namespace s3store::detail;
inline error more_than_its_room(std::string_view given, std::size_t room) {
  return detail::fail(error_kind::body_source, {"the body's source says that it wrote ", given, " bytes, and it had room for ", detail::decimal(room)});
}
}  // namespace detail

/// Bytes to send. Not thread-safe; only one exchange at a time may use it.
struct source {
  /// Writes the next bytes to the front of `into` and returns how many, at most `into.size()`; 0 at the end.
  virtual result<std::size_t> read(std::span<std::byte> into) noexcept = 0;
  /// The next read starts at that offset, in bytes. False if that is not possible; a failed send is then not repeated.
  virtual bool seek(std::uint64_t from) noexcept = 0;
  /// Bytes from start to end; nothing if that is not known.
  virtual std::optional<std::uint64_t> size() const noexcept = 0;

 protected:
  ~source() = default;
};

/// Reads from a source, and checks the number that it returns: one that is larger than its room fails with error_kind::body_source,
/// so that nobody uses bytes behind `into`. Whoever reads from a source (a transport, another source) does it with this function.
inline result<std::size_t> read_some(source& from, std::span<std::byte> into) noexcept {
  auto given = from.read(into);
  if (given && *given > into.size()) return detail::more_than_its_room(detail::decimal(*given), into.size());
  return given;
}

/// Where received bytes go. Not thread-safe; only one exchange at a time may use it.
struct sink {
  /// Takes all of the bytes or fails.
  virtual result<void> write(std::span<const std::byte> bytes) noexcept = 0;
  /// Removes what was written from that offset on, in bytes. False if that is not possible; what was written then stays, and an
  /// interrupted download continues after it.
  virtual bool seek(std::uint64_t from) noexcept = 0;

 protected:
  ~sink() = default;
};

struct request {
  method verb{};
  std::string url{};     ///< absolute and percent-encoded; sent unchanged
  headers fields{};      ///< all that are sent but `Content-Length`, which comes from `body`, and `Host`, which, if it is not here, is
                         ///< what `url` has, byte for byte
  source* body{};        ///< null: no body. A GET, HEAD or DELETE without a body sends no Content-Length
  bool no_expect{};      ///< send no `Expect: 100-continue`, whatever the transport's settings say: the server refused it
};

struct response {
  int status{};
  headers fields{};
};

/// Gets the response of an exchange.
struct receiver {
  /// Called with the final head (not a 1xx one), before any byte of the body. Returns where the body goes; null: it is read and
  /// dropped. An error ends the exchange at once, without reading the body, and is its outcome.
  virtual result<sink*> on_response(response&& head) noexcept = 0;

 protected:
  ~receiver() = default;
};

/// How long each stage may take. Zero: no limit.
struct limits {
  duration connect{};     ///< name look-up, TCP and TLS together
  duration first_byte{};  ///< from the last byte sent to the first one received
  duration idle{};        ///< without a byte in either direction, once connected
  steady_time deadline{(steady_time::max)()};  ///< when the whole exchange must have ended
};

/// What one exchange demands beyond its transport's settings, if for example it carries credentials to a service of the machine's
/// own network. A transport without a network has nothing to check.
struct connection_rules {
  /// No proxy is used, whatever the settings and the environment say.
  bool no_proxy{};
  /// Is asked for the numeric address (without brackets) that the socket is connected to, before anything is sent. False: the
  /// exchange fails with error_kind::connect. Null: any address is right.
  bool (*may_send_to)(std::string_view address) noexcept {};
  std::string client_certificate{};  ///< a PEM file; empty: that of the transport's settings
  std::string client_key{};          ///< a PEM file, if the key is not in `client_certificate`
};

/// What is known about a completed exchange.
struct transfer_stats {
  std::uint64_t sent{};      ///< body bytes
  std::uint64_t received{};  ///< body bytes
  bool reused_connection{};
};

/// Success means that the whole response arrived, whatever its status. An error's kind says whether the request may have taken
/// effect (core/error.hpp).
using outcome = result<transfer_stats>;

struct exchange {
  request* out{};
  receiver* in{};
  limits within{};
  cancel_token stop{};
  const connection_rules* rules{};  ///< null: none
};

}  // namespace s3store::inline S3STORE_ABI::http

// ---- s3store/operations/fwd.hpp
// Which operations are there? Only declarations, so that client/operations.hpp need not include the definitions.

namespace s3store::inline S3STORE_ABI {

// operations/bucket.hpp
struct list_buckets_request;
struct list_buckets_response;
struct create_bucket_request;
struct create_bucket_response;
struct head_bucket_request;
struct head_bucket_response;
struct get_bucket_location_request;
struct get_bucket_location_response;
struct delete_bucket_request;
struct delete_bucket_response;

// operations/object.hpp
struct put_object_request;
struct put_object_response;
struct get_object_request;
struct get_object_response;
struct head_object_request;
struct head_object_response;
struct delete_object_request;
struct delete_object_response;
struct delete_objects_request;
struct delete_objects_response;
struct copy_object_request;
struct copy_object_response;
struct get_object_attributes_request;
struct get_object_attributes_response;

// operations/listing.hpp
struct list_objects_request;
struct list_objects_response;
struct list_objects_v2_request;
struct list_objects_v2_response;
struct list_object_versions_request;
struct list_object_versions_response;

// operations/multipart.hpp
struct create_multipart_upload_request;
struct create_multipart_upload_response;
struct upload_part_request;
struct upload_part_response;
struct upload_part_copy_request;
struct upload_part_copy_response;
struct complete_multipart_upload_request;
struct complete_multipart_upload_response;
struct abort_multipart_upload_request;
struct abort_multipart_upload_response;
struct list_multipart_uploads_request;
struct list_multipart_uploads_response;
struct list_parts_request;
struct list_parts_response;

// operations/versioning.hpp
struct put_bucket_versioning_request;
struct put_bucket_versioning_response;
struct get_bucket_versioning_request;
struct get_bucket_versioning_response;

// operations/tagging.hpp
struct put_bucket_tagging_request;
struct put_bucket_tagging_response;
struct get_bucket_tagging_request;
struct get_bucket_tagging_response;
struct delete_bucket_tagging_request;
struct delete_bucket_tagging_response;
struct put_object_tagging_request;
struct put_object_tagging_response;
struct get_object_tagging_request;
struct get_object_tagging_response;
struct delete_object_tagging_request;
struct delete_object_tagging_response;

// operations/acl.hpp
struct put_bucket_acl_request;
struct put_bucket_acl_response;
struct get_bucket_acl_request;
struct get_bucket_acl_response;
struct put_object_acl_request;
struct put_object_acl_response;
struct get_object_acl_request;
struct get_object_acl_response;
struct put_bucket_ownership_controls_request;
struct put_bucket_ownership_controls_response;
struct get_bucket_ownership_controls_request;
struct get_bucket_ownership_controls_response;
struct delete_bucket_ownership_controls_request;
struct delete_bucket_ownership_controls_response;
struct put_bucket_abac_request;
struct put_bucket_abac_response;
struct get_bucket_abac_request;
struct get_bucket_abac_response;

// operations/policy.hpp
struct put_bucket_policy_request;
struct put_bucket_policy_response;
struct get_bucket_policy_request;
struct get_bucket_policy_response;
struct delete_bucket_policy_request;
struct delete_bucket_policy_response;
struct get_bucket_policy_status_request;
struct get_bucket_policy_status_response;
struct put_public_access_block_request;
struct put_public_access_block_response;
struct get_public_access_block_request;
struct get_public_access_block_response;
struct delete_public_access_block_request;
struct delete_public_access_block_response;

// operations/lifecycle.hpp
struct put_bucket_lifecycle_configuration_request;
struct put_bucket_lifecycle_configuration_response;
struct get_bucket_lifecycle_configuration_request;
struct get_bucket_lifecycle_configuration_response;
struct delete_bucket_lifecycle_request;
struct delete_bucket_lifecycle_response;
struct put_bucket_lifecycle_request;
struct put_bucket_lifecycle_response;
struct get_bucket_lifecycle_request;
struct get_bucket_lifecycle_response;

// operations/replication.hpp
struct put_bucket_replication_request;
struct put_bucket_replication_response;
struct get_bucket_replication_request;
struct get_bucket_replication_response;
struct delete_bucket_replication_request;
struct delete_bucket_replication_response;

// operations/notification.hpp
struct put_bucket_notification_configuration_request;
struct put_bucket_notification_configuration_response;
struct get_bucket_notification_configuration_request;
struct get_bucket_notification_configuration_response;
struct put_bucket_notification_request;
struct put_bucket_notification_response;
struct get_bucket_notification_request;
struct get_bucket_notification_response;

// operations/website.hpp
struct put_bucket_website_request;
struct put_bucket_website_response;
struct get_bucket_website_request;
struct get_bucket_website_response;
struct delete_bucket_website_request;
struct delete_bucket_website_response;
struct put_bucket_cors_request;
struct put_bucket_cors_response;
struct get_bucket_cors_request;
struct get_bucket_cors_response;
struct delete_bucket_cors_request;
struct delete_bucket_cors_response;

// operations/encryption.hpp
struct put_bucket_encryption_request;
struct put_bucket_encryption_response;
struct get_bucket_encryption_request;
struct get_bucket_encryption_response;
struct delete_bucket_encryption_request;
struct delete_bucket_encryption_response;
struct update_object_encryption_request;
struct update_object_encryption_response;

// operations/logging.hpp
struct put_bucket_logging_request;
struct put_bucket_logging_response;
struct get_bucket_logging_request;
struct get_bucket_logging_response;
struct put_bucket_accelerate_configuration_request;
struct put_bucket_accelerate_configuration_response;
struct get_bucket_accelerate_configuration_request;
struct get_bucket_accelerate_configuration_response;
struct put_bucket_request_payment_request;
struct put_bucket_request_payment_response;
struct get_bucket_request_payment_request;
struct get_bucket_request_payment_response;

// operations/analysis.hpp
struct put_bucket_inventory_configuration_request;
struct put_bucket_inventory_configuration_response;
struct get_bucket_inventory_configuration_request;
struct get_bucket_inventory_configuration_response;
struct delete_bucket_inventory_configuration_request;
struct delete_bucket_inventory_configuration_response;
struct list_bucket_inventory_configurations_request;
struct list_bucket_inventory_configurations_response;
struct put_bucket_analytics_configuration_request;
struct put_bucket_analytics_configuration_response;
struct get_bucket_analytics_configuration_request;
struct get_bucket_analytics_configuration_response;
struct delete_bucket_analytics_configuration_request;
struct delete_bucket_analytics_configuration_response;
struct list_bucket_analytics_configurations_request;
struct list_bucket_analytics_configurations_response;
struct put_bucket_metrics_configuration_request;
struct put_bucket_metrics_configuration_response;
struct get_bucket_metrics_configuration_request;
struct get_bucket_metrics_configuration_response;
struct delete_bucket_metrics_configuration_request;
struct delete_bucket_metrics_configuration_response;
struct list_bucket_metrics_configurations_request;
struct list_bucket_metrics_configurations_response;
struct put_bucket_intelligent_tiering_configuration_request;
struct put_bucket_intelligent_tiering_configuration_response;
struct get_bucket_intelligent_tiering_configuration_request;
struct get_bucket_intelligent_tiering_configuration_response;
struct delete_bucket_intelligent_tiering_configuration_request;
struct delete_bucket_intelligent_tiering_configuration_response;
struct list_bucket_intelligent_tiering_configurations_request;
struct list_bucket_intelligent_tiering_configurations_response;

// operations/object_lock.hpp
struct put_object_lock_configuration_request;
struct put_object_lock_configuration_response;
struct get_object_lock_configuration_request;
struct get_object_lock_configuration_response;
struct put_object_retention_request;
struct put_object_retention_response;
struct get_object_retention_request;
struct get_object_retention_response;
struct put_object_legal_hold_request;
struct put_object_legal_hold_response;
struct get_object_legal_hold_request;
struct get_object_legal_hold_response;

// operations/annotation.hpp
struct put_object_annotation_request;
struct put_object_annotation_response;
struct get_object_annotation_request;
struct get_object_annotation_response;
struct delete_object_annotation_request;
struct delete_object_annotation_response;
struct list_object_annotations_request;
struct list_object_annotations_response;

// operations/metadata.hpp
struct create_bucket_metadata_configuration_request;
struct create_bucket_metadata_configuration_response;
struct get_bucket_metadata_configuration_request;
struct get_bucket_metadata_configuration_response;
struct delete_bucket_metadata_configuration_request;
struct delete_bucket_metadata_configuration_response;
struct update_bucket_metadata_inventory_table_configuration_request;
struct update_bucket_metadata_inventory_table_configuration_response;
struct update_bucket_metadata_journal_table_configuration_request;
struct update_bucket_metadata_journal_table_configuration_response;
struct update_bucket_metadata_annotation_table_configuration_request;
struct update_bucket_metadata_annotation_table_configuration_response;
struct create_bucket_metadata_table_configuration_request;
struct create_bucket_metadata_table_configuration_response;
struct get_bucket_metadata_table_configuration_request;
struct get_bucket_metadata_table_configuration_response;
struct delete_bucket_metadata_table_configuration_request;
struct delete_bucket_metadata_table_configuration_response;

// operations/retrieval.hpp
struct restore_object_request;
struct restore_object_response;
struct select_object_content_request;
struct select_object_content_response;
struct get_object_torrent_request;
struct get_object_torrent_response;
struct write_get_object_response_request;
struct write_get_object_response_response;

// operations/directory.hpp
struct create_session_request;
struct create_session_response;
struct list_directory_buckets_request;
struct list_directory_buckets_response;
struct rename_object_request;
struct rename_object_response;

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/auth/credentials.hpp
// Who sends a request? The owner of an access key, which for temporary credentials has a session token and an expiry time.

namespace s3store::inline S3STORE_ABI::auth {

/// It has no operator<< on purpose, so that it cannot get into a log by accident.
struct credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};       ///< only temporary credentials have one
  std::optional<timestamp> expires{};  ///< nothing: they do not expire
  std::string account_id{};            ///< of AWS, where the provider tells it
  /// They may be used after `expires`, too, as long as no new ones can be got: their service says so when it cannot make new ones in
  /// time (static stability; EC2's metadata service does).
  bool usable_after_expiry{};

  /// True: requests are sent unsigned.
  bool anonymous() const noexcept { return access_key_id.empty() && secret_access_key.empty(); }
};

/// When credentials that expire are fetched again. The windows are those of AWS's SDKs, and count back from the time of expiry.
struct refresh_windows {
  duration advisory{std::chrono::minutes{15}};   ///< within it one call fetches, and the others go on with the old credentials
  duration mandatory{std::chrono::minutes{10}};  ///< within it the others wait for that
  double advisory_share{1.0 / 4};                ///< of the credentials' lifetime; the advisory window is never longer
  double mandatory_share{1.0 / 8};               ///< the mandatory window, likewise
  duration pause{std::chrono::minutes{1}};       ///< after a fetch that failed, while the old credentials are valid
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/http/machine.hpp
// How does a protocol ask for I/O without doing any? It is a machine: it says which step it needs next, and is told the outcome.
//
// A driver calls `next(now)` again and again, and does what the returned step says:
//   send              perform the exchange, then call `sent(outcome)`
//   wait              wait until that time
//   need_credentials  get credentials, then call `credentials(result)`
//   local             do the task on this computer (http/local_task.hpp), then call `local_done(result)`
//   done              call `finish()` once, for the machine's result
// A machine has `credentials` and `local_done` only if it can ask for these; one that asks all the same ends with an error.
// A machine must not be moved, because its steps point into it. Only one thread at a time may call it.
//
// Steps do not depend on the type of the result, so a driver handles all machines alike. A new kind of step (start a child machine)
// becomes another alternative of `step`, and a driver that does not handle it does not compile. docs/decisions/0008 says which ones are
// planned.

namespace s3store::inline S3STORE_ABI::sans_io {

struct send {
  http::exchange what{};
};
struct wait {
  steady_time until{};
  cancel_token stop{};  ///< ends the wait early; `next` is then called as after any wait
};
struct need_credentials {
  steady_time deadline{(steady_time::max)()};  ///< of the call, so no fetch may go on longer
  cancel_token stop{};                         ///< of the call
};
struct local_task;  // http/local_task.hpp
struct local {
  const local_task* what{};  ///< the machine's, until `local_done` is called
};
struct done {};

using step = std::variant<send, wait, need_credentials, local, done>;

/// The error of a machine that asked for a step whose outcome it has no member for (`credentials`, `local_done`).
inline error unanswerable(std::string_view member) {
  return detail::fail(error_kind::configuration, {"a machine asked for a step, but has no member ", member, " that takes its outcome"});
}

template <class M>
concept machine = requires(M& m, instants now, http::outcome o) {
  typename M::value_type;
  { m.next(now) } -> std::same_as<step>;
  m.sent(std::move(o));
  { m.finish() } -> std::same_as<result<typename M::value_type>>;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/http/local_task.hpp
// What may a machine ask of the computer it runs on, besides the network? To read or replace a small file, and to run a program.
// Providers of credentials do.

namespace s3store::inline S3STORE_ABI::sans_io {

/// Gives the file's bytes, or nothing if there is no such file. Fails with error_kind::io if it cannot be read, or is longer than
/// `max_bytes`.
struct read_file {
  std::string path{};
  std::size_t max_bytes{std::size_t{1} << 20};
};

/// Gives the file this content and mode 0600, and makes its folders (mode 0700) where they are missing. Whoever opens it meanwhile gets
/// the old content or the new one. Fails with error_kind::io.
struct replace_file {
  std::string path{};
  secret_string text{};
};

/// Runs a program, without a shell, with no input and with the environment of this process, and waits for its end. Gives what it wrote.
/// Fails with error_kind::io if it cannot be started or writes too much, and with error_kind::timeout if it takes too long; it is then
/// killed.
struct run_program {
  std::vector<std::string> command{};  ///< the program's path, or its name to be looked for in PATH; then its arguments
  duration limit{std::chrono::minutes{1}};
  std::size_t max_bytes{std::size_t{1} << 20};  ///< of its output
};

struct local_task {
  std::variant<read_file, replace_file, run_program> what{};
};

/// What came of a task.
struct local_output {
  std::optional<secret_string> text{};  ///< the file's content, or the program's standard output
  int exit_status{};                    ///< of the program; 128 and the signal's number if a signal ended it
  std::string errors{};                 ///< the first 4,096 bytes of what the program wrote to its standard error
};

/// May the machine ask for such tasks?
template <class M>
concept does_local_tasks = requires(M& m, result<local_output> out) { m.local_done(std::move(out)); };

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/core/encoding.hpp
// How do bytes become text on the wire: hex, base64 and percent-encoding?

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

// ---- s3store/http/body.hpp
// Where do a body's bytes come from, and where do they go? From and to memory or functions of the caller; `body` holds any of them.
//
// Functions of the caller run on the thread that performs the exchange.

namespace s3store::inline S3STORE_ABI::http {

namespace detail {
template <class T>
inline constexpr bool is_view = false;
template <>
inline constexpr bool is_view<std::string_view> = true;
template <class T, std::size_t n>
inline constexpr bool is_view<std::span<T, n>> = true;

/// The type that a forwarding reference deduces for a temporary object with bytes of its own, such as a std::string or a vector.
template <class T>
concept temporary_owner = !std::is_lvalue_reference_v<T> && std::is_class_v<T> && !is_view<std::remove_cv_t<T>> &&
                          (std::is_convertible_v<T&, std::string_view> || std::is_convertible_v<T&, std::span<const std::byte>>);
}  // namespace detail

/// Reads bytes that it does not own: they must outlive it.
class memory_source final : public source {
 public:
  memory_source() = default;
  explicit memory_source(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
  explicit memory_source(std::string_view text) noexcept : bytes_(detail::as_bytes(text)) {}
  /// Refused: a temporary would be destroyed before the first read.
  template <detail::temporary_owner Owner>
  explicit memory_source(Owner&& temporary) = delete;

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    const std::size_t n = (std::min)(into.size(), bytes_.size() - at_);
    if (n != 0) std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > bytes_.size()) return false;
    at_ = static_cast<std::size_t>(from);
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_{};
  std::size_t at_{};
};

/// Appends to a string, which must outlive it. Fails with error_kind::too_large for more than `limit` bytes, and with
/// error_kind::out_of_memory.
class string_sink final : public sink {
 public:
  explicit string_sink(std::string& into, std::uint64_t limit = (std::numeric_limits<std::uint64_t>::max)()) noexcept
      : into_(&into), start_(into.size()), limit_(limit) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (into_->size() - start_ + bytes.size() > limit_)
      return detail::fail(error_kind::too_large, {"the body is longer than the limit of ", detail::decimal(limit_), " bytes"});
    try {
      into_->append(detail::as_text(bytes));
    } catch (...) {
      return detail::out_of_memory();
    }
    return {};
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > into_->size() - start_) return false;
    into_->resize(start_ + static_cast<std::size_t>(from));
    return true;
  }

 private:
  std::string* into_;
  std::size_t start_;
  std::uint64_t limit_;
};

namespace detail {
using namespace s3store::detail;
/// Runs a function of the caller where exceptions must not pass, such as C code of libcurl. What it throws is kept in the error,
/// and the client throws it again once the transport has returned.
template <class F>
auto guarded(error_kind kind, F&& f) noexcept -> decltype(f()) {
  const auto caught = [kind](std::initializer_list<std::string_view> why) {
    error e = detail::fail(kind, why);
    e.thrown = std::current_exception();
    return e;
  };
  try {
    return f();
  } catch (const std::exception& e) {
    return caught({"the caller's function threw: ", e.what()});
  } catch (...) {
    return caught({"the caller's function threw"});
  }
}
}  // namespace detail

/// A source made of a function `std::size_t(std::span<std::byte>)` that writes the next bytes to the front of the span and returns
/// their number, 0 at the end. If it throws, the call fails, and the client throws the exception again. A number that is negative or
/// larger than the span is an error of kind body_source. `size`: in bytes, if known.
/// A failed send is repeated only if there is a function `bool(std::uint64_t)` as `rewind`, which goes to that offset.
template <class Read, class Rewind = std::nullptr_t>
class function_source final : public source {
 public:
  explicit function_source(Read read, std::optional<std::uint64_t> size = std::nullopt, Rewind rewind = Rewind{})
      : read_(std::move(read)), rewind_(std::move(rewind)), size_(size) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    started_ = true;
    return detail::guarded(error_kind::body_source, [&]() -> result<std::size_t> {
      const auto given = read_(into);
      // A negative number, such as that of a failed snprintf, becomes a very large one.
      if (static_cast<std::uint64_t>(given) > into.size()) return detail::more_than_its_room(detail::decimal(given), into.size());
      return static_cast<std::size_t>(given);
    });
  }
  bool seek(std::uint64_t from) noexcept override {
    if (!started_ && from == 0) return true;
    if constexpr (!std::is_same_v<Rewind, std::nullptr_t>) {
      try {
        return rewind_(from);
      } catch (...) {  // the same as false: the body is not sent again
      }
    }
    return false;
  }
  std::optional<std::uint64_t> size() const noexcept override { return size_; }

 private:
  Read read_;
  Rewind rewind_;
  std::optional<std::uint64_t> size_;
  bool started_{};
};

/// A sink made of a function `void(std::span<const std::byte>)`. If it throws, the call fails, and the client throws the exception
/// again. Bytes that the function was given are not given to it a second time.
template <class Write>
class function_sink final : public sink {
 public:
  explicit function_sink(Write write) : write_(std::move(write)) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    return detail::guarded(error_kind::body_sink, [&]() -> result<void> {
      write_(bytes);
      taken_ += bytes.size();
      return {};
    });
  }
  bool seek(std::uint64_t from) noexcept override { return from == taken_; }

 private:
  Write write_;
  std::uint64_t taken_{};
};

namespace detail {
/// A contiguous range of std::byte or unsigned char: a vector, an array, a span.
template <class T>
concept byte_sequence = requires(const T& t) { std::span<const std::byte>(t); } || requires(const T& t) { std::span<const unsigned char>(t); };
}  // namespace detail

/// The body of a request: bytes that it owns, bytes that the caller owns (`borrow`), or a source.
///   .body = "hello"                     copied
///   .body = bytes                       copied: a string_view, or a vector, array or span of std::byte or unsigned char
///   .body = std::move(text)             moved
///   .body = http::body::borrow(bytes)   not copied: the bytes must outlive the call
///   .body = file                        a source, by reference: it must outlive the call
class body {
 public:
  body() = default;
  body(std::string text) noexcept : text_(std::move(text)), present_(true) {}
  body(std::string_view text) : text_(text), present_(true) {}
  /// A null pointer is refused when the request is to be sent.
  body(const char* text) : text_(text ? text : ""), present_(true), is_null_(text == nullptr) {}
  body(std::nullptr_t) = delete;
  template <detail::byte_sequence Bytes>
  body(const Bytes& bytes) : text_(reinterpret_cast<const char*>(std::data(bytes)), std::size(bytes)), present_(true) {}
  body(source& from) noexcept : source_(&from), present_(true) {}

  static body borrow(std::span<const std::byte> bytes) noexcept {
    body out;
    out.borrowed_ = bytes;
    out.is_borrowed_ = out.present_ = true;
    return out;
  }
  static body borrow(std::string_view text) noexcept { return borrow(detail::as_bytes(text)); }
  /// Refused: a temporary would be destroyed before the call begins.
  template <class Owner>
    requires(!std::is_lvalue_reference_v<Owner> && !detail::is_view<std::remove_cv_t<Owner>> && std::is_class_v<Owner>)
  static body borrow(Owner&& temporary) = delete;

  /// False: the request has no body at all, which S3 takes for an empty one.
  bool present() const noexcept { return present_; }
  /// True if it was made of a null pointer.
  bool is_null() const noexcept { return is_null_; }
  /// The caller's source; null if the bytes are in memory.
  source* stream() const noexcept { return source_; }
  /// The bytes if they are in memory, else none.
  std::span<const std::byte> bytes() const noexcept { return is_borrowed_ ? borrowed_ : detail::as_bytes(text_); }
  std::string_view text() const noexcept { return detail::as_text(bytes()); }

 private:
  std::string text_{};
  std::span<const std::byte> borrowed_{};
  source* source_{};
  bool present_{};
  bool is_borrowed_{};
  bool is_null_{};
};

}  // namespace s3store::inline S3STORE_ABI::http

// ---- s3store/http/small_exchange.hpp
// How does a machine ask for a small document, as credentials services give them? With an exchange that is tried again if that may
// help, and whose answer is read into memory.

namespace s3store::inline S3STORE_ABI::sans_io {

struct small_answer {
  int status{};
  http::headers fields{};
  detail::wiped_text body{};
};

struct small_request {
  http::method verb{};
  std::string url{};
  http::headers fields{};
  secret_string body{};  ///< sent unless empty
  const http::connection_rules* rules{};  ///< must stay valid until the answer has come; null: none
  /// `deadline` is not used: each attempt may take as long as `attempt_limit`.
  http::limits within{.connect = std::chrono::seconds{5}, .first_byte = std::chrono::seconds{10}, .idle = std::chrono::seconds{5}};
  duration attempt_limit{std::chrono::seconds{20}};
  std::size_t max_bytes{std::size_t{1} << 20};  ///< of the answer; a longer one is an error of kind too_large
  int attempts{3};                              ///< the first time counts
  duration pause{std::chrono::milliseconds{250}};  ///< before the second attempt; twice as long before each further one
  /// Whether an answer says that trying again may help. By default 429 and 5xx do; so does a lost connection.
  bool (*worth_repeating)(const small_answer&){[](const small_answer& a) { return a.status == 429 || a.status / 100 == 5; }};
};

/// A part of a machine: it is started, asked for steps until it has none left, and told what came of each; then it has an answer. It
/// must not be moved while it is under way.
class small_exchange final : http::receiver, http::sink {
 public:
  void start(small_request what) {
    what_ = std::move(what);
    wire_.verb = what_.verb;
    wire_.url = what_.url;
    wire_.fields = what_.fields;
    wire_.no_expect = true;
    attempt_ = 0;
    stage_ = stage::ready;
  }

  /// Nothing: it has ended, or was never started.
  std::optional<step> next(instants now) {
    if (stage_ == stage::answered) settle(now);
    if (stage_ == stage::waiting && now.steady >= wait_until_) stage_ = stage::ready;
    if (stage_ == stage::waiting) return wait{wait_until_};
    if (stage_ == stage::idle) return std::nullopt;
    ++attempt_;
    answer_ = {};
    body_ = http::memory_source{what_.body.reveal()};
    wire_.body = what_.body.empty() ? nullptr : &body_;
    stage_ = stage::sending;
    http::limits within = what_.within;
    within.deadline = detail::saturating_add(now.steady, what_.attempt_limit);
    return send{{.out = &wire_, .in = this, .within = within, .rules = what_.rules}};
  }
  void sent(http::outcome o) {
    outcome_ = o ? result<void>{} : result<void>{std::move(o.error())};
    stage_ = stage::answered;
  }
  /// What came of the last attempt, whatever its status; call it once. An error's message names the host.
  result<small_answer> finish() {
    if (!outcome_) return std::move(outcome_.error());
    return std::move(answer_);
  }

 private:
  enum class stage : std::uint8_t { idle, ready, sending, answered, waiting };

  result<http::sink*> on_response(http::response&& head) noexcept override {
    answer_.status = head.status;
    answer_.fields = std::move(head.fields);
    return static_cast<http::sink*>(this);
  }
  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (bytes.size() > what_.max_bytes - (std::min)(what_.max_bytes, answer_.body.size()))
      return detail::fail(error_kind::too_large, {"the answer is longer than the ", detail::decimal(what_.max_bytes), " bytes accepted"});
    try {
      answer_.body.append(detail::as_text(bytes));
    } catch (const std::bad_alloc&) {
      return detail::out_of_memory();
    }
    return {};
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// The attempt is over: is there another one?
  void settle(instants now) {
    const bool again = attempt_ < what_.attempts && (outcome_ ? what_.worth_repeating(answer_) : may_help(outcome_.error().kind));
    stage_ = again ? stage::waiting : stage::idle;
    if (again) wait_until_ = detail::saturating_add(now.steady, what_.pause * (std::int64_t{1} << (std::min)(attempt_ - 1, 20)));
  }
  static bool may_help(error_kind k) noexcept {
    return k == error_kind::resolve || k == error_kind::connect || k == error_kind::connection_lost || k == error_kind::timeout ||
           k == error_kind::deadline_exceeded || k == error_kind::malformed_response;
  }

  small_request what_{};
  http::request wire_{};
  http::memory_source body_{};
  small_answer answer_{};
  result<void> outcome_{};
  int attempt_{};
  stage stage_{};
  steady_time wait_until_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/auth/fetching.hpp
// How does a provider that needs several things, one after the other, get them? By a sequence: it says what it needs next, and reads
// what came of it.
//
//   class my_fetch final : public auth::sequence {
//     bool asked{};
//     void advance() override {
//       if (!std::exchange(asked, true)) return perform({sans_io::read_file{"/run/keys"}});  // and `advance` is called again
//       conclude(output() ? keys_of(*output()) : result<auth::credentials>{output().error()});
//     }
//   };

namespace s3store::inline S3STORE_ABI::auth {

/// A machine that fetches credentials (http/machine.hpp), behind an interface.
class fetching {
 public:
  using value_type = credentials;

  fetching() = default;
  fetching(const fetching&) = delete;
  fetching& operator=(const fetching&) = delete;
  virtual ~fetching() = default;
  virtual sans_io::step next(instants now) = 0;
  virtual void sent(http::outcome o) = 0;
  virtual void local_done(result<sans_io::local_output> out) = 0;
  virtual result<credentials> finish() = 0;
};

/// Such a machine of any type. Null is not allowed.
class any_fetch {
 public:
  using value_type = credentials;

  explicit any_fetch(std::unique_ptr<fetching> of) noexcept : of_(std::move(of)) {}
  sans_io::step next(instants now) { return of_->next(now); }
  void sent(http::outcome o) { of_->sent(std::move(o)); }
  void local_done(result<sans_io::local_output> out) { of_->local_done(std::move(out)); }
  result<credentials> finish() { return of_->finish(); }
  /// The machine, which is the caller's to delete.
  fetching* release() && noexcept { return of_.release(); }

 private:
  std::unique_ptr<fetching> of_;
};

/// The base of machines that do one thing after the other. `advance` is called at the start, and whenever what it asked for has come. It
/// must ask for one thing more (`ask`, `perform`, `await`), or `conclude`. A failed allocation in it is the machine's result.
class sequence : public fetching {
 public:
  sans_io::step next(instants now) final {
    now_ = now;
    try {
      for (;;) {
        if (nested_) {
          if (auto needs = nested_->next(now); !std::holds_alternative<sans_io::done>(needs)) return needs;
          fetched_ = nested_->finish();
          nested_.reset();
        } else if (auto needs = exchange_.next(now)) {
          return *std::move(needs);
        } else if (asked_) {
          asked_ = false;
          answer_ = exchange_.finish();
        }
        if (result_) return sans_io::done{};
        advance();
        if (performing_) return sans_io::local{&task_};
      }
    } catch (const std::bad_alloc&) {
      nested_.reset();
      asked_ = performing_ = false;
      conclude(detail::out_of_memory());
      return sans_io::done{};
    }
  }
  void sent(http::outcome o) final {
    if (nested_) return nested_->sent(std::move(o));
    exchange_.sent(std::move(o));
  }
  void local_done(result<sans_io::local_output> out) final {
    if (nested_) return nested_->local_done(std::move(out));
    performing_ = false;
    task_ = {};
    output_ = std::move(out);
  }
  result<credentials> finish() final { return std::move(*result_); }

 protected:
  virtual void advance() = 0;

  /// Then `answer` has what came of it.
  void ask(sans_io::small_request what) {
    exchange_.start(std::move(what));
    asked_ = true;
  }
  result<sans_io::small_answer>& answer() noexcept { return *answer_; }

  /// Then `output` has what came of it.
  void perform(sans_io::local_task what) {
    task_ = std::move(what);
    performing_ = true;
  }
  result<sans_io::local_output>& output() noexcept { return *output_; }

  /// Runs another machine. Then `fetched` has what came of it.
  void await(std::unique_ptr<fetching> other) { nested_ = std::move(other); }
  result<credentials>& fetched() noexcept { return *fetched_; }

  void conclude(result<credentials> r) { result_.emplace(std::move(r)); }

  instants now() const noexcept { return now_; }

 private:
  instants now_{};
  sans_io::small_exchange exchange_{};
  bool asked_{};
  std::optional<result<sans_io::small_answer>> answer_{};
  sans_io::local_task task_{};
  bool performing_{};
  std::optional<result<sans_io::local_output>> output_{};
  std::unique_ptr<fetching> nested_{};
  std::optional<result<credentials>> fetched_{};
  std::optional<result<credentials>> result_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/auth/provider.hpp
// Where do credentials come from? From providers: objects whose `fetch()` returns a machine whose result are credentials.
//
// Such a machine may ask for exchanges and waits like any other (http/machine.hpp), so a provider that must ask a server does not
// block a loop. One that only reads memory or files is done at the first step.
//
//   struct my_vault {
//     result<auth::credentials> load(timestamp now) const;                  // all that a local provider needs
//     auto fetch() const { return auth::local_fetch<my_vault>{*this}; }
//   };

namespace s3store::inline S3STORE_ABI::auth {

/// The machine that a provider's `fetch()` returns. It must not be moved, and the provider must outlive it.
template <class P>
using fetch_of = decltype(std::declval<const P&>().fetch());

/// A provider can be copied, and its `const` members may be called from any thread.
template <class P>
concept credentials_provider = std::copy_constructible<P> && requires(const P& p) {
  p.fetch();
} && sans_io::machine<fetch_of<P>> && std::same_as<typename fetch_of<P>::value_type, credentials>;

/// The error of a provider that has no credentials. It is not taken for a failure: a chain goes on with the next provider. `why`
/// says what was looked for.
inline error none_here(std::string why) {
  error e = detail::fail(error_kind::credentials, std::move(why));
  e.code = "NoCredentials";
  return e;
}
inline bool is_none_here(const error& e) noexcept { return e.kind == error_kind::credentials && e.code == "NoCredentials"; }

/// What a provider's source calls the parts of credentials, for messages.
struct credential_names {
  std::string_view place;  ///< "the environment"
  std::string_view access_key_id, secret_access_key, session_token;
};

/// Fails with error_kind::credentials if there is one key without the other, or a part that is white space alone: whoever wrote
/// these meant to give credentials, and neither a signature with them nor other credentials would be what was meant. An empty part
/// is not there.
inline result<void> check_complete(const credentials& c, const credential_names& named) {
  const auto blank = [](std::string_view text) { return !text.empty() && detail::trim(text).empty(); };
  const auto secret = c.secret_access_key.reveal();
  const std::string_view wrong = blank(c.access_key_id)            ? named.access_key_id
                                 : blank(secret)                   ? named.secret_access_key
                                 : blank(c.session_token.reveal()) ? named.session_token
                                                                   : std::string_view{};
  if (!wrong.empty()) return detail::fail(error_kind::credentials, {wrong, " in ", named.place, " is set to white space alone"});
  if (c.access_key_id.empty() != secret.empty())
    return detail::fail(error_kind::credentials, {named.place, " must have both ", named.access_key_id, " and ",
                                                  named.secret_access_key, ", and has only one of them"});
  return {};
}

/// The machine of a provider with a function `result<credentials> load(timestamp now) const`, which must outlive it.
template <class P>
class local_fetch {
 public:
  using value_type = credentials;

  explicit local_fetch(const P& from) noexcept : from_(&from) {}
  explicit local_fetch(const P&&) = delete;
  sans_io::step next(instants now) noexcept {
    now_ = now.wall;
    return sans_io::done{};
  }
  void sent(http::outcome) noexcept {}
  result<credentials> finish() { return from_->load(now_); }

 private:
  const P* from_;
  timestamp now_{};
};

/// Returns the credentials that it was given.
class static_credentials {
 public:
  explicit static_credentials(credentials given) : given_(std::move(given)) {}
  static_credentials(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : given_{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)} {}

  auto fetch() const noexcept { return local_fetch<static_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    if (auto whole = check_complete(given_, {"the credentials given", "an access key id", "a secret access key", "a session token"}); !whole)
      return std::move(whole.error());
    if (given_.anonymous()) return none_here("no credentials were given");
    return given_;
  }

 private:
  credentials given_{};
};

/// For requests that are to be sent unsigned.
struct anonymous_credentials {
  auto fetch() const noexcept { return local_fetch<anonymous_credentials>{*this}; }
  result<credentials> load(timestamp) const { return credentials{}; }
};

namespace detail {
using namespace s3store::detail;
/// The machine of a provider, which must outlive it, behind the interface.
template <class P>
struct fetching_of final : fetching {
  explicit fetching_of(const P& p) : machine(p.fetch()) {}
  sans_io::step next(instants now) override { return unanswered ? sans_io::step{sans_io::done{}} : machine.next(now); }
  void sent(http::outcome o) override { machine.sent(std::move(o)); }
  void local_done([[maybe_unused]] result<sans_io::local_output> out) override {
    if constexpr (sans_io::does_local_tasks<fetch_of<P>>) {
      machine.local_done(std::move(out));
    } else {
      unanswered = true;
    }
  }
  result<credentials> finish() override {
    if (unanswered) return sans_io::unanswerable("local_done");
    return machine.finish();
  }
  fetch_of<P> machine;
  bool unanswered{};
};
}  // namespace detail

/// Holds a provider of any type: the type of `settings::credentials`. Copies share one provider.
///   .credentials = {"id", "secret"}                          given ones; a session token may follow
///   .credentials = auth::anonymous_credentials{}             none: requests are sent unsigned
///   .credentials = auth::profile_credentials{"work"}         anything that models credentials_provider
/// If it is empty (the default), the client uses the provider of its policies.
class provider {
  struct any {
    virtual ~any() = default;
    virtual detail::owned<fetching> fetch() const = 0;
  };
  using held = detail::owned<any>;

 public:
  provider() = default;
  provider(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : provider(static_credentials{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)}) {}
  provider(auth::credentials given) : provider(static_credentials{std::move(given)}) {}
  template <class P>
    requires(!std::same_as<P, provider> && credentials_provider<P>)
  provider(P of) : of_(detail::share<const held>(new model<P>(std::move(of)))) {}

  explicit operator bool() const noexcept { return static_cast<bool>(of_); }

  /// Keeps the provider alive, and ends when the call that needs the credentials must.
  class machine_type {
   public:
    using value_type = auth::credentials;

    machine_type(detail::shared<const held> of, sans_io::need_credentials within)
        : of_(std::move(of)), within_(std::move(within)), under_way_(of_ ? (*of_)->fetch() : nullptr) {}
    sans_io::step next(instants now);
    void sent(http::outcome o) {
      if (under_way_) under_way_->sent(std::move(o));
    }
    void local_done(result<sans_io::local_output> out) {
      if (under_way_) under_way_->local_done(std::move(out));
    }
    result<auth::credentials> finish();

   private:
    detail::shared<const held> of_;
    sans_io::need_credentials within_;
    detail::owned<fetching> under_way_;  // refers to what of_ points to
    error_kind ended_{};
  };
  machine_type fetch(const sans_io::need_credentials& within = {}) const { return machine_type{of_, within}; }

 private:
  template <class P>
  struct model final : any {
    explicit model(P p) : of(std::move(p)) {}
    detail::owned<fetching> fetch() const override {
      if constexpr (std::same_as<fetch_of<P>, any_fetch>) {
        return detail::owned<fetching>{of.fetch().release()};
      } else {
        return detail::owned<fetching>{new detail::fetching_of<P>(of)};
      }
    }
    P of;
  };

  detail::shared<const held> of_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
// ---- s3store/auth/provider_impl.hpp
// How does a fetch end in time? The definitions for provider.hpp.

#include <algorithm>
#include <utility>
#include <variant>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE sans_io::step provider::machine_type::next(instants now) {
  if (!under_way_) return sans_io::done{};
  auto needs = under_way_->next(now);
  if (std::holds_alternative<sans_io::done>(needs)) return needs;
  if (within_.stop.cancelled()) ended_ = error_kind::cancelled;
  if (now.steady >= within_.deadline) ended_ = error_kind::deadline_exceeded;
  if (ended_ != error_kind::none) return sans_io::done{};
  if (auto* const s = std::get_if<sans_io::send>(&needs)) {
    s->what.within.deadline = (std::min)(s->what.within.deadline, within_.deadline);
    s->what.stop = within_.stop;
  } else if (auto* const w = std::get_if<sans_io::wait>(&needs)) {
    w->until = (std::min)(w->until, within_.deadline);
    w->stop = within_.stop;
  }
  return needs;
}

S3STORE_INLINE result<credentials> provider::machine_type::finish() {
  if (!under_way_) return none_here("no provider of credentials is set");
  if (ended_ == error_kind::none) return under_way_->finish();
  return detail::fail(ended_, ended_ == error_kind::cancelled ? "the call was cancelled while credentials were fetched"
                                                              : "no time was left for fetching credentials");
}

}  // namespace s3store::inline S3STORE_ABI::auth
#endif

// ---- s3store/config/environment.hpp
// Where do settings come from that are made outside the program? From environment variables, read through an object that tests can
// replace.
//
// In all getters but `get`, a variable that is set but empty counts as unset, so that `NAME= program` switches a setting off.
// Messages name the variable and what it accepts, never its value.

namespace s3store::inline S3STORE_ABI {

/// The process's variables, given ones, or both. The typed getters return nothing if the variable is unset or empty, and fail with
/// error_kind::configuration if its value is not accepted.
class environment {
 public:
  /// No variables at all.
  environment() = default;
  /// Exactly these; of several with the same name the last counts.
  environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
    for (const auto& [name, value] : variables) set(name, value);
  }
  /// The process's own, read anew by every getter. It uses std::getenv, so no thread may change the environment meanwhile.
  static environment process() noexcept {
    environment out;
    out.of_process_ = true;
    return out;
  }

  /// Overrides a variable in this object only; the process's environment is not changed.
  void set(std::string_view name, std::string_view value) { fixed_.push_back({std::string(name), secret_string{value}}); }

  /// The value, which may be empty; nothing if the variable is unset.
  std::optional<std::string> get(std::string_view name) const {
    for (std::size_t i = fixed_.size(); i-- != 0;)
      if (fixed_[i].name == name) return std::string(fixed_[i].value.reveal());
    if (of_process_)
      if (const char* value = std::getenv(std::string(name).c_str())) return std::string(value);
    return std::nullopt;
  }

  /// The value; nothing if the variable is unset or empty.
  std::optional<std::string> get_nonempty(std::string_view name) const {
    auto value = get(name);
    if (value && value->empty()) value.reset();
    return value;
  }

  /// A decimal integer from `low` to `high`, both included.
  template <class Int = std::int64_t>
  result<std::optional<Int>> integer(std::string_view name, Int low = (std::numeric_limits<Int>::lowest)(),
                                     Int high = (std::numeric_limits<Int>::max)()) const {
    static_assert(std::is_integral_v<Int>);
    return typed<Int>(
        name, [&] { return detail::concat({"an integer from ", detail::decimal(low), " to ", detail::decimal(high)}); },
        [&](std::string_view s) -> std::optional<Int> {
          const auto n = detail::parse_integer<Int>(s);
          return n && *n >= low && *n <= high ? n : std::nullopt;
        });
  }

  /// A number of seconds such as 60 or 2.5, not negative, of at most 15 digits.
  result<std::optional<double>> seconds(std::string_view name) const {
    return typed<double>(
        name, [] { return std::string("a number of seconds of at most 15 digits, such as 60 or 2.5"); }, parse_seconds);
  }

  /// true, false, 1 or 0, in upper or lower case.
  result<std::optional<bool>> boolean(std::string_view name) const {
    return typed<bool>(
        name, [] { return std::string("true, false, 1 or 0"); },
        [](std::string_view s) -> std::optional<bool> {
          if (s == "1" || detail::equal_ignoring_case(s, "true")) return true;
          if (s == "0" || detail::equal_ignoring_case(s, "false")) return false;
          return std::nullopt;
        });
  }

 private:
  template <class T, class Accepted, class Parse>
  result<std::optional<T>> typed(std::string_view name, Accepted accepted, Parse parse) const {
    const auto text = get_nonempty(name);
    if (!text) return std::optional<T>{};
    if (const std::optional<T> value = parse(detail::trim(*text))) return value;
    return detail::fail(error_kind::configuration, {"the environment variable ", name, " must be ", accepted(), ", and is something else"});
  }

  /// Not strtod, which depends on the locale, nor from_chars, which libc++ 14 lacks for double. A double holds up to 15 digits and
  /// the power of ten exactly, so only their quotient is rounded.
  static std::optional<double> parse_seconds(std::string_view s) noexcept {
    const auto point = s.find('.');
    std::uint64_t digits = 0;
    double scale = 1;
    std::size_t count = 0;
    for (std::size_t i = 0; i != s.size(); ++i) {
      if (i == point) continue;
      if (!detail::is_digit(s[i]) || ++count > 15) return std::nullopt;
      digits = digits * 10 + static_cast<std::uint64_t>(s[i] - '0');
      if (i > point) scale *= 10;
    }
    if (count == 0) return std::nullopt;
    return static_cast<double>(digits) / scale;
  }

  struct variable {
    std::string name{};
    secret_string value{};  // some are keys
  };
  std::vector<variable> fixed_{};
  bool of_process_{};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/crypto/checksum_algorithm.hpp
// Which checksums does S3 know, and what are their names in requests? Computing them is in checksum.hpp.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

namespace s3store::inline S3STORE_ABI::crypto {

/// What the names of checksum headers begin with, as in "x-amz-checksum-crc32".
inline constexpr std::string_view checksum_header_prefix = "x-amz-checksum-";

enum class checksum_algorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256, sha512, md5, xxhash64, xxhash3, xxhash128 };

struct checksum_traits {
  checksum_algorithm algorithm{};
  std::string_view name{};    ///< as in `x-amz-sdk-checksum-algorithm` and `ChecksumAlgorithm`
  std::string_view header{};  ///< the header or trailer with the value in base64
  std::size_t size{};         ///< bytes in the value
};

/// All of them, in the order of the enumeration. The older `Content-MD5` is not one of them: it belongs to a request, not to an
/// object.
inline constexpr std::array<checksum_traits, 10> checksum_algorithms{{
    {checksum_algorithm::crc32, "CRC32", "x-amz-checksum-crc32", 4},
    {checksum_algorithm::crc32c, "CRC32C", "x-amz-checksum-crc32c", 4},
    {checksum_algorithm::crc64nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", 8},
    {checksum_algorithm::sha1, "SHA1", "x-amz-checksum-sha1", 20},
    {checksum_algorithm::sha256, "SHA256", "x-amz-checksum-sha256", 32},
    {checksum_algorithm::sha512, "SHA512", "x-amz-checksum-sha512", 64},
    {checksum_algorithm::md5, "MD5", "x-amz-checksum-md5", 16},
    {checksum_algorithm::xxhash64, "XXHASH64", "x-amz-checksum-xxhash64", 8},
    {checksum_algorithm::xxhash3, "XXHASH3", "x-amz-checksum-xxhash3", 8},
    {checksum_algorithm::xxhash128, "XXHASH128", "x-amz-checksum-xxhash128", 16},
}};

constexpr const checksum_traits& traits_of(checksum_algorithm a) noexcept {
  return checksum_algorithms[static_cast<std::size_t>(a)];
}
constexpr std::string_view name(checksum_algorithm a) noexcept { return traits_of(a).name; }
constexpr std::string_view header_name(checksum_algorithm a) noexcept { return traits_of(a).header; }

/// A CRC of a whole can be computed from the CRCs of its parts. So S3 keeps a CRC of the whole object even after a multipart upload
/// (FULL_OBJECT); with other algorithms it keeps a checksum of the parts' checksums (COMPOSITE).
constexpr bool is_crc(checksum_algorithm a) noexcept { return a <= checksum_algorithm::crc64nvme; }
/// These need the xxHash library.
constexpr bool is_xxhash(checksum_algorithm a) noexcept { return a >= checksum_algorithm::xxhash64; }

/// Characters in the value's base64 text.
constexpr std::size_t base64_size(checksum_algorithm a) noexcept { return (traits_of(a).size + 2) / 3 * 4; }

/// The algorithm of that name, in upper or lower case; nothing for an unknown name, since S3 may add algorithms.
constexpr std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name) noexcept {
  for (const checksum_traits& known : checksum_algorithms)
    if (detail::equal_ignoring_case(known.name, name)) return known.algorithm;
  return std::nullopt;
}

}  // namespace s3store::inline S3STORE_ABI::crypto

// ---- s3store/protocol/settings.hpp
// What can be set for a client, and what for a single call? `settings` is for the client, `call_options` for one call.

namespace s3store::inline S3STORE_ABI {

/// Time limits of a call. Zero means no limit, and so does duration::max(). Exceeding `connect` is an error of kind connect, `first_byte` and `idle` of kind
/// timeout.
struct call_limits {
  duration connect{std::chrono::seconds{10}};      ///< DNS, TCP and TLS together
  duration first_byte{std::chrono::seconds{60}};   ///< from the last byte sent to the first received
  duration idle{std::chrono::seconds{30}};         ///< without a byte in either direction
  duration retry_waits{std::chrono::minutes{2}};   ///< sum of all waits between attempts; no retry once it would be exceeded
  duration total{};                                ///< the whole call with its retries; else an error of kind deadline_exceeded
};

/// Where in a URL the bucket's name goes.
enum class addressing : std::uint8_t {
  automatic,     ///< AWS: in the host name if the bucket's name allows it; other endpoints: in the path
  path,          ///< https://endpoint/bucket/key
  virtual_host,  ///< https://bucket.endpoint/key
};

/// Whether signatures cover the body. The headers are always signed, unless the credentials are anonymous.
enum class payload_signing : std::uint8_t {
  automatic,  ///< not signed over TLS, which already protects the body; signed over plain HTTP
  always,
  never,
};

/// What a store supports. The defaults are for AWS S3.
struct store_profile {
  /// The checksum of an upload if the caller chose none. nullopt: none, except a CRC32 where S3 requires a checksum.
  std::optional<crypto::checksum_algorithm> checksum{crypto::checksum_algorithm::crc64nvme};
  bool content_md5{};      ///< where S3 requires a checksum (DeleteObjects, bucket settings), send Content-MD5 instead
  bool aws_chunked{true};  ///< the store accepts a checksum in a trailer after the body
  /// Every download asks for the object's checksum and is verified. False: only those whose request asks for it (`checksum_mode`).
  bool verify_downloads{true};

  crypto::checksum_algorithm required_checksum() const noexcept { return checksum.value_or(crypto::checksum_algorithm::crc32); }
};

/// Of a client. Some can come from environment variables:
///   s3store::client s3{s3store::settings::from_environment().value()};
struct settings {
  std::string endpoint{};             ///< "https://host:port"; empty: AWS
  std::string region{"us-east-1"};
  auth::provider credentials{};       ///< `{"id", "secret"}`, or any provider; empty: by default, where AWS's tools look
  auth::refresh_windows refresh{};    ///< of credentials that expire
  addressing style{};
  bool use_accelerate{};              ///< S3 Transfer Acceleration (AWS only)
  bool use_dualstack{};               ///< IPv6 and IPv4 (AWS only)
  bool use_fips{};                    ///< FIPS endpoints (AWS only)
  call_limits limits{};
  std::optional<int> max_attempts{};  ///< how often a call sends at most; the first time counts. nullopt: the retry policy decides
  payload_signing signing{};
  store_profile profile{};
  std::string expected_bucket_owner{};  ///< account id for x-amz-expected-bucket-owner, in bucket requests that do not set it
  std::string request_payer{};          ///< "requester": for x-amz-request-payer, likewise
  std::string user_agent_suffix{};
  std::uint64_t max_document{64u << 20};  ///< bytes; a longer XML answer is an error of kind malformed_response
  /// Bytes that a call without a sink (`get_object`) reads into memory. A longer body is an error of kind too_large.
  std::uint64_t max_body{std::uint64_t{1} << 30};
  /// A PEM file; only its authorities are trusted then. For a curl_transport that has none in its own settings; other transports, and
  /// loops, are told in a way of their own.
  std::string ca_bundle{};

  /// `otherwise`, with what the variables of protocol/environment_settings.hpp set instead: region, endpoint, checksums, attempts, and
  /// authorities. A variable that is unset or empty sets nothing. Fails with error_kind::configuration if one is white space or
  /// another value that is not accepted; the message names the variable and what it accepts, never its value. Credentials are not
  /// read here, but when they are first needed.
  static result<settings> from_environment(const environment& variables, settings otherwise);
  static result<settings> from_environment(const environment& variables = environment::process());
};

/// Options for one call. What is not set is as in the client's settings.
struct call_options {
  std::optional<call_limits> limits{};
  std::optional<int> max_attempts{};        ///< see `settings::max_attempts`
  std::optional<std::uint64_t> max_body{};  ///< bytes; see `settings::max_body`
  cancel_token stop{};                      ///< cancelling it, from any thread, ends the call with an error of kind cancelled
  headers fields{};  ///< additional headers; they are signed
  headers query{};   ///< additional query parameters; the library encodes them
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/client/operations.hpp
// Which functions does a client have? One for each operation; each only calls `send`. Here are buckets, objects, listings, uploads
// and versions; the others are in configuration_operations.hpp.
//
// They are members of a template, so that a program needs to include only the operations that it calls.

namespace s3store::inline S3STORE_ABI {

namespace detail {
template <class T, class>
struct dependent {
  using type = T;
};
}  // namespace detail

/// A base class of basic_client. Each function returns the operation's response or an error. The request's members are in the
/// header that is named above each group. Threads and exceptions: as said of basic_client.
template <class Client>
class operation_members {
  /// A dependent type, so that a response may be an incomplete type until its function is called.
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- buckets: operations/bucket.hpp
  answer<list_buckets_response> list_buckets(const list_buckets_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_response> create_bucket(const create_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<head_bucket_response> head_bucket(const head_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_location_response> get_bucket_location(const get_bucket_location_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_response> delete_bucket(const delete_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- objects: operations/object.hpp
  answer<put_object_response> put_object(const put_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_response> get_object(const get_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  /// The body goes to `into`: an `http::sink&`, or a function `void(std::span<const std::byte>)`. It is used on this thread.
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_response> get_object(const get_object_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<head_object_response> head_object(const head_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_response> delete_object(const delete_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_objects_response> delete_objects(const delete_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<copy_object_response> copy_object(const copy_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_attributes_response> get_object_attributes(const get_object_attributes_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- listings: operations/listing.hpp
  answer<list_objects_response> list_objects(const list_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_objects_v2_response> list_objects_v2(const list_objects_v2_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_versions_response> list_object_versions(const list_object_versions_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- uploads in parts: operations/multipart.hpp
  answer<create_multipart_upload_response> create_multipart_upload(const create_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_response> upload_part(const upload_part_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_copy_response> upload_part_copy(const upload_part_copy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<complete_multipart_upload_response> complete_multipart_upload(const complete_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<abort_multipart_upload_response> abort_multipart_upload(const abort_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_multipart_uploads_response> list_multipart_uploads(const list_multipart_uploads_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_parts_response> list_parts(const list_parts_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- versions: operations/versioning.hpp
  answer<put_bucket_versioning_response> put_bucket_versioning(const put_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_versioning_response> get_bucket_versioning(const get_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  operation_members() = default;
  ~operation_members() = default;
  operation_members(operation_members&&) = default;
  operation_members& operator=(operation_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/client/configuration_operations.hpp
// Which functions does a client have for settings of buckets and objects? One for each operation; see operations.hpp.

namespace s3store::inline S3STORE_ABI {

/// A base class of basic_client. Each function returns the operation's response or an error. The request's members are in the
/// header that is named above each group. Threads and exceptions: as said of basic_client.
template <class Client>
class configuration_members {
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- tags: operations/tagging.hpp
  answer<put_bucket_tagging_response> put_bucket_tagging(const put_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_tagging_response> get_bucket_tagging(const get_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_tagging_response> delete_bucket_tagging(const delete_bucket_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_tagging_response> put_object_tagging(const put_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_tagging_response> get_object_tagging(const get_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_tagging_response> delete_object_tagging(const delete_object_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- access control lists and ownership: operations/acl.hpp
  answer<put_bucket_acl_response> put_bucket_acl(const put_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_acl_response> get_bucket_acl(const get_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_acl_response> put_object_acl(const put_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_acl_response> get_object_acl(const get_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_ownership_controls_response> put_bucket_ownership_controls(const put_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_ownership_controls_response> get_bucket_ownership_controls(const get_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_ownership_controls_response> delete_bucket_ownership_controls(const delete_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_abac_response> put_bucket_abac(const put_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_abac_response> get_bucket_abac(const get_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- policies and the public access block: operations/policy.hpp
  answer<put_bucket_policy_response> put_bucket_policy(const put_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_response> get_bucket_policy(const get_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_policy_response> delete_bucket_policy(const delete_bucket_policy_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_status_response> get_bucket_policy_status(const get_bucket_policy_status_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_public_access_block_response> put_public_access_block(const put_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_public_access_block_response> get_public_access_block(const get_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_public_access_block_response> delete_public_access_block(const delete_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- lifecycle: operations/lifecycle.hpp
  answer<put_bucket_lifecycle_configuration_response> put_bucket_lifecycle_configuration(const put_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_configuration_response> get_bucket_lifecycle_configuration(const get_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_lifecycle_response> delete_bucket_lifecycle(const delete_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_lifecycle_response> put_bucket_lifecycle(const put_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_response> get_bucket_lifecycle(const get_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- replication: operations/replication.hpp
  answer<put_bucket_replication_response> put_bucket_replication(const put_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_replication_response> get_bucket_replication(const get_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_replication_response> delete_bucket_replication(const delete_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- notifications: operations/notification.hpp
  answer<put_bucket_notification_configuration_response> put_bucket_notification_configuration(const put_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_configuration_response> get_bucket_notification_configuration(const get_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_notification_response> put_bucket_notification(const put_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_response> get_bucket_notification(const get_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- websites and CORS: operations/website.hpp
  answer<put_bucket_website_response> put_bucket_website(const put_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_website_response> get_bucket_website(const get_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_website_response> delete_bucket_website(const delete_bucket_website_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_cors_response> put_bucket_cors(const put_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_cors_response> get_bucket_cors(const get_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_cors_response> delete_bucket_cors(const delete_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- encryption: operations/encryption.hpp
  answer<put_bucket_encryption_response> put_bucket_encryption(const put_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_encryption_response> get_bucket_encryption(const get_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_encryption_response> delete_bucket_encryption(const delete_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_object_encryption_response> update_object_encryption(const update_object_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- logging, acceleration, request payment: operations/logging.hpp
  answer<put_bucket_logging_response> put_bucket_logging(const put_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_logging_response> get_bucket_logging(const get_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_accelerate_configuration_response> put_bucket_accelerate_configuration(const put_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_accelerate_configuration_response> get_bucket_accelerate_configuration(const get_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_request_payment_response> put_bucket_request_payment(const put_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_request_payment_response> get_bucket_request_payment(const get_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- inventories, analytics, metrics, tiering: operations/analysis.hpp
  answer<put_bucket_inventory_configuration_response> put_bucket_inventory_configuration(const put_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_inventory_configuration_response> get_bucket_inventory_configuration(const get_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_inventory_configuration_response> delete_bucket_inventory_configuration(const delete_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_inventory_configurations_response> list_bucket_inventory_configurations(const list_bucket_inventory_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_analytics_configuration_response> put_bucket_analytics_configuration(const put_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_analytics_configuration_response> get_bucket_analytics_configuration(const get_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_analytics_configuration_response> delete_bucket_analytics_configuration(const delete_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_analytics_configurations_response> list_bucket_analytics_configurations(const list_bucket_analytics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_metrics_configuration_response> put_bucket_metrics_configuration(const put_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metrics_configuration_response> get_bucket_metrics_configuration(const get_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metrics_configuration_response> delete_bucket_metrics_configuration(const delete_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_metrics_configurations_response> list_bucket_metrics_configurations(const list_bucket_metrics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_intelligent_tiering_configuration_response> put_bucket_intelligent_tiering_configuration(const put_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_intelligent_tiering_configuration_response> get_bucket_intelligent_tiering_configuration(const get_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_intelligent_tiering_configuration_response> delete_bucket_intelligent_tiering_configuration(const delete_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_intelligent_tiering_configurations_response> list_bucket_intelligent_tiering_configurations(const list_bucket_intelligent_tiering_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- object lock: operations/object_lock.hpp
  answer<put_object_lock_configuration_response> put_object_lock_configuration(const put_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_lock_configuration_response> get_object_lock_configuration(const get_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_retention_response> put_object_retention(const put_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_retention_response> get_object_retention(const get_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_legal_hold_response> put_object_legal_hold(const put_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_legal_hold_response> get_object_legal_hold(const get_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- annotations: operations/annotation.hpp
  answer<put_object_annotation_response> put_object_annotation(const put_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<delete_object_annotation_response> delete_object_annotation(const delete_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_annotations_response> list_object_annotations(const list_object_annotations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- metadata tables: operations/metadata.hpp
  answer<create_bucket_metadata_configuration_response> create_bucket_metadata_configuration(const create_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_configuration_response> get_bucket_metadata_configuration(const get_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_configuration_response> delete_bucket_metadata_configuration(const delete_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_inventory_table_configuration_response> update_bucket_metadata_inventory_table_configuration(const update_bucket_metadata_inventory_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_journal_table_configuration_response> update_bucket_metadata_journal_table_configuration(const update_bucket_metadata_journal_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_annotation_table_configuration_response> update_bucket_metadata_annotation_table_configuration(const update_bucket_metadata_annotation_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_metadata_table_configuration_response> create_bucket_metadata_table_configuration(const create_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_table_configuration_response> get_bucket_metadata_table_configuration(const get_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_table_configuration_response> delete_bucket_metadata_table_configuration(const delete_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- restoring, selecting, torrents, Object Lambda answers: operations/retrieval.hpp
  answer<restore_object_response> restore_object(const restore_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<select_object_content_response> select_object_content(const select_object_content_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  /// The records go to `into`: an `http::sink&`, or a function `void(std::span<const std::byte>)`. It is used on this thread.
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<select_object_content_response> select_object_content(const select_object_content_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<write_get_object_response_response> write_get_object_response(const write_get_object_response_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- directory buckets: operations/directory.hpp
  answer<create_session_response> create_session(const create_session_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_directory_buckets_response> list_directory_buckets(const list_directory_buckets_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<rename_object_response> rename_object(const rename_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  configuration_members() = default;
  ~configuration_members() = default;
  configuration_members(configuration_members&&) = default;
  configuration_members& operator=(configuration_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/client/pagers.hpp
// How is a listing read to its end? With a range that fetches each page when the loop gets to it.
//
//   for (auto& page : s3.pages(list_objects_v2_request{.bucket = "b"})) { if (!page) …; for (auto& object : page->contents) … }
//   for (auto& object : s3.items(list_objects_v2_request{.bucket = "b"})) …                  // throws s3_error if a page fails
//
// Nothing is fetched ahead. The range ends after a page that failed. If a page says that there are more but not where they start,
// the next page is an error: an incomplete listing must not look like a complete one.

namespace s3store::inline S3STORE_ABI {

/// What follows a page.
enum class page_turn : std::uint8_t {
  last,   ///< nothing
  next,   ///< another page; the request was changed to ask for it
  stuck,  ///< another page, but the server did not say where it starts
};

/// An operation with pages. Its request has two more functions: `items` returns the list in a page, and `next_page` changes the
/// request so that it asks for the page after the given one; it calls the functions of page_turner.
template <class R>
concept paged = requires(typename R::response& page) { R::items(page); };

inline error no_next_page() {
  return detail::fail(error_kind::malformed_response,
                      "the listing has more pages, but the server does not say where the next one starts, or names one that was there before");
}

/// The functions that a request's `next_page` calls. A page that is not `truncated` is the last. An object of this class follows one
/// listing, and finds a server whose pages go round in a circle.
class page_turner {
 public:
  /// For operations where a token means that there is another page.
  page_turn token(std::string& to, std::string from) {
    const bool more = !from.empty();
    return token(to, std::move(from), more);
  }
  page_turn token(std::string& to, std::string from, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (from.empty() || to == from) return page_turn::stuck;  // no token, or the same as for this page
    to = std::move(from);
    return go_to(to);
  }
  /// For a number, such as that of a part. `last_item`: that of the page's last item, for a server that names no next one.
  template <class T>
  page_turn token(std::optional<T>& to, std::optional<T> from, std::optional<T> last_item, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (!from) from = last_item;
    if (!from || to == from) return page_turn::stuck;
    to = from;
    return go_to(detail::decimal(*to));
  }
  /// For two markers, of which the second may be absent.
  page_turn markers(std::string& to, std::string from, std::string& to_part, std::string from_part, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (from.empty() || (to == from && to_part == from_part)) return page_turn::stuck;
    to = std::move(from);
    to_part = std::move(from_part);
    return go_to(detail::concat({to, std::string_view{"\0", 1}, to_part}));
  }
  /// A key that is sent back as a marker. If the caller asked for encoded keys ("url"), it is still encoded and is decoded here.
  static std::string key(std::string_view asked_for, const std::string& from) {
    return asked_for == "url" ? detail::uri_decode(from, true).value_or(from) : from;
  }

 private:
  /// Brent's algorithm: the position is compared with an earlier one, which is replaced after 1, 2, 4, 8… pages. So a circle of any
  /// length is found, and only one position is kept.
  page_turn go_to(std::string position) {
    if (pages_ != 0 && position == earlier_) return page_turn::stuck;
    if (++pages_ >= replace_after_) {
      earlier_ = std::move(position);
      pages_ = 1;
      replace_after_ *= 2;
    }
    return page_turn::next;
  }

  std::string earlier_{};
  std::uint64_t pages_{}, replace_after_{1};
};

/// The pages of a listing, as an input range of `result<response>`. The client must outlive it. For one thread at a time. A page is
/// valid until the iterator is incremented.
template <class Client, class R>
class page_range {
  static_assert(paged<R>, "this operation has no pages");

 public:
  using page = result<typename R::response>;

  page_range(const Client& from, R request, call_options options)
      : from_(&from), request_(std::move(request)), options_(std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = page;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(page_range* of) noexcept : of_(of) {}
    page& operator*() const noexcept { return *of_->current_; }
    iterator& operator++() {
      of_->turn();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !of_->current_; }

   private:
    page_range* of_{};
  };

  /// Fetches the first page. Call it only once.
  iterator begin() {
    current_.emplace(from_->send(request_, options_));
    return iterator{this};
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void turn() {
    switch (*current_ ? R::next_page(turner_, request_, **current_) : page_turn::last) {
      case page_turn::last: return current_.reset();
      case page_turn::next: return static_cast<void>(current_.emplace(from_->send(request_, options_)));
      case page_turn::stuck:
        current_.emplace(no_next_page());
    }
  }

  const Client* from_;
  R request_;
  call_options options_;
  page_turner turner_{};
  std::optional<page> current_{};
};

/// The items of all pages, as an input range. `begin` and `++` throw s3_error if a page fails. The client must outlive it. For one
/// thread at a time. An item is valid until the next page is fetched.
template <class Client, class R>
class item_range {
  using pages = page_range<Client, R>;
  using list = std::remove_cvref_t<decltype(R::items(std::declval<typename R::response&>()))>;

 public:
  item_range(const Client& from, R request, call_options options) : pages_(from, std::move(request), std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = typename list::value_type;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(typename pages::iterator at) : page_(at) { settle(); }
    value_type& operator*() const { return R::items((*page_).value())[at_]; }
    value_type* operator->() const { return &**this; }
    iterator& operator++() {
      ++at_;
      settle();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t end) const noexcept { return page_ == end; }

   private:
    /// Goes on to a page with items, because pages may be empty.
    void settle() {
      while (!(page_ == std::default_sentinel) && at_ == R::items((*page_).value()).size()) {
        ++page_;
        at_ = 0;
      }
    }
    typename pages::iterator page_{};
    std::size_t at_{};
  };

  iterator begin() { return iterator{pages_.begin()}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  pages pages_;
};

/// A base class of basic_client. The options hold for the request of each page.
template <class Client>
class pager_members {
 public:
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const& {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const& {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  /// Refused: a temporary client would be gone before the first page is fetched.
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const&& = delete;
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const&& = delete;
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/auth/canonical.hpp
// Which text is signed? The canonical request: all that a signature covers, written in one fixed form, so that client and server
// get the same bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
//
// Unlike other AWS services, S3 signs the path as it is sent: encoded once, and not normalised.

namespace s3store::inline S3STORE_ABI::auth {

/// Values for `x-amz-content-sha256`, and for the hash in the canonical request, if the body is not hashed before it is sent.
namespace payload {
inline constexpr std::string_view empty =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  ///< the hash of no bytes
inline constexpr std::string_view not_signed = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view not_signed_with_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view signed_chunks_with_trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
}  // namespace payload

/// What a signature covers besides the header fields. These are views of what is sent and must outlive the call that signs.
struct signable {
  std::string_view method{};   ///< "GET"
  std::string_view path{};     ///< percent-encoded; empty is "/"
  std::string_view query{};    ///< percent-encoded, without its '?', in any order
  std::string_view host{};     ///< host and port; a `Host` among the header fields is used instead
  std::string_view payload{};  ///< the hex SHA-256 of the body, or one of `payload::`
};

/// False for fields that a proxy or the transport may change (botocore's list), and for Authorization.
constexpr bool is_signed(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 15> left_out{"authorization",
                                                      "baggage",
                                                      "connection",
                                                      "expect",
                                                      "keep-alive",
                                                      "proxy-authenticate",
                                                      "proxy-authorization",
                                                      "te",
                                                      "traceparent",
                                                      "tracestate",
                                                      "trailer",
                                                      "transfer-encoding",
                                                      "upgrade",
                                                      "user-agent",
                                                      "x-amzn-trace-id"};
  for (const std::string_view other : left_out)
    if (detail::equal_ignoring_case(name, other)) return false;
  return true;
}

/// Writes canonical requests. Keeps its memory from one to the next. Not thread-safe.
class canonicalizer {
 public:
  /// Takes the host and the fields whose names `wanted(name)` accepts. `fields` and `host` must live until `write` returns.
  template <class Wanted>
  void take(const headers& fields, std::string_view host, Wanted&& wanted) {
    std::size_t size = 4;
    for (const auto [name, value] : fields) size += name.size();
    names_.clear();
    names_.reserve(size);  // it must not reallocate below, since fields_ has views of it
    fields_.clear();
    bool own_host = false;
    for (const auto [name, value] : fields) {
      if (!wanted(name)) continue;
      add(name, value);
      own_host = own_host || fields_.back().name == "host";
    }
    if (!own_host) add("host", host);
    sort(fields_);
    signed_headers_.clear();
    for (std::size_t i = 0; i != fields_.size(); ++i) {
      if (!begins_name(i)) continue;
      if (i != 0) signed_headers_.push_back(';');
      signed_headers_.append(fields_[i].name);
    }
  }
  void take(const headers& fields, std::string_view host) { take(fields, host, is_signed); }

  /// Overwrites the last canonical request.
  void wipe() noexcept { text_.wipe(); }

  /// The names of the fields taken, in lower case, sorted and joined by ';'. Valid until the next `take`.
  std::string_view signed_headers() const noexcept { return signed_headers_; }

  /// The canonical request of `what` and the fields taken, without the query parameter `left_out`. Valid until the next `write`.
  std::string_view write(const signable& what, std::string_view left_out = {}) {
    text_.clear();
    text_.append(what.method).append("\n");
    text_.append(what.path.empty() ? std::string_view{"/"} : what.path).append("\n");
    append_query(what.query, left_out);
    text_.append("\n");
    for (std::size_t i = 0; i != fields_.size(); ++i) {
      if (begins_name(i)) {
        if (i != 0) text_.push_back('\n');
        text_.append(fields_[i].name).push_back(':');
      } else {
        text_.push_back(',');
      }
      append_folded(fields_[i].value);
    }
    text_.append("\n\n").append(signed_headers_).append("\n").append(what.payload);
    return text_;
  }

 private:
  /// A header field or query parameter. Both are sorted by name; fields of the same name keep their order (`place`), and parameters
  /// of the same name, whose place is always 0, are sorted by value.
  struct part {
    std::string_view name{};
    std::size_t place{};
    std::string_view value{};

    bool before(const part& other) const noexcept {
      if (const int names = name.compare(other.name); names != 0) return names < 0;
      return place != other.place ? place < other.place : value < other.value;
    }
  };

  /// Insertion sort, since a request has about a dozen of either, most of them already in order.
  static void sort(std::vector<part>& parts) {
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const part one = parts[i];
      std::size_t at = i;
      for (; at != 0 && one.before(parts[at - 1]); --at) parts[at] = parts[at - 1];
      parts[at] = one;
    }
  }

  void add(std::string_view name, std::string_view value) {
    const std::size_t at = names_.size();
    names_.append(name);
    char* const end = names_.data() + names_.size();
    for (char* c = end - name.size(); c != end; ++c) *c = detail::to_lower(*c);
    fields_.push_back({std::string_view{names_}.substr(at), fields_.size(), value});
  }

  /// Is the i-th of the sorted fields the first one of its name?
  bool begins_name(std::size_t i) const noexcept { return i == 0 || fields_[i].name != fields_[i - 1].name; }

  /// Sorted by encoded name, then by value; a parameter without '=' gets one.
  void append_query(std::string_view query, std::string_view left_out) {
    if (query.empty()) return;
    parameters_.clear();
    detail::split(query, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      const auto name = piece.substr(0, equals);
      if (!piece.empty() && (left_out.empty() || name != left_out))
        parameters_.push_back({name, 0, piece.substr((std::min)(equals + 1, piece.size()))});
    });
    sort(parameters_);
    for (const part& p : parameters_) text_.append(p.name).append("=").append(p.value).push_back('&');
    if (!parameters_.empty()) text_.pop_back();
  }

  /// White space at both ends is removed, and each run of it inside becomes one space.
  void append_folded(std::string_view value) {
    value = detail::trim(value);
    while (!value.empty()) {
      std::size_t word = 0;
      while (word != value.size() && !detail::is_space(value[word])) ++word;
      text_.append(value.substr(0, word));
      value = detail::trim(value.substr(word));
      if (!value.empty()) text_.push_back(' ');
    }
  }

  std::string names_{};
  std::string signed_headers_{};
  detail::wiped_text text_{};  // session tokens and customer keys are signed, too
  std::vector<part> fields_{};
  std::vector<part> parameters_{};
};

/// For a single request; to sign many, keep a `signer`.
inline std::string canonical_request(const signable& what, const headers& fields) {
  canonicalizer c;
  c.take(fields, what.host);
  return std::string(c.write(what));
}

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/crypto/digest.hpp
// How are bytes hashed? With OpenSSL's EVP digests, on contexts that are used again.
//
// Making a digest searches OpenSSL's providers for the algorithm, which takes about a microsecond, so a client keeps its digests.
// Only the EVP functions are used, since the older SHA256_* functions bypass a FIPS provider. Only digest_impl.hpp includes
// OpenSSL.

struct evp_md_st;
struct evp_md_ctx_st;

namespace s3store::inline S3STORE_ABI::crypto {

enum class digest_algorithm : std::uint8_t { md5, sha1, sha256, sha512 };

using sha256_value = std::array<std::byte, 32>;

namespace detail {
using namespace s3store::detail;

struct evp_deleter {
  void operator()(evp_md_st* p) const noexcept;
  void operator()(evp_md_ctx_st* p) const noexcept;
};
using evp_algorithm = detail::owned<evp_md_st, evp_deleter>;
using evp_context = detail::owned<evp_md_ctx_st, evp_deleter>;

}  // namespace detail

/// One running hash. Not thread-safe. `finish` makes it ready for the next message.
class digest {
 public:
  static constexpr std::size_t max_size = 64;  ///< bytes

  /// Throws std::bad_alloc.
  explicit digest(digest_algorithm a);

  /// False if this OpenSSL does not have the algorithm (MD5 in a FIPS build). `finish` then writes nothing and returns 0.
  bool usable() const noexcept { return static_cast<bool>(algorithm_); }
  /// False after OpenSSL had no memory for this message; `finish` then throws.
  bool intact() const noexcept { return !failed_; }

  /// Bytes in a hash: 16, 20, 32 or 64; 0 if not usable.
  std::size_t size() const noexcept;

  void update(std::span<const std::byte> bytes) noexcept;

  /// Writes the hash of all bytes since the last `finish` or `reset`; returns its size in bytes. Throws std::bad_alloc if OpenSSL had
  /// no memory for that; the next message is not affected.
  std::size_t finish(std::span<std::byte, max_size> out);

  /// Drops the bytes so far.
  void reset() noexcept { running_ = failed_ = false; }

  /// Takes over the state of `other`, which must have the same algorithm and have been updated since its last `finish`. Many
  /// threads may resume from one `other` at once, as long as no thread changes it.
  void resume(const digest& other) noexcept;

 private:
  bool begin() noexcept;
  void fail() noexcept;

  detail::evp_algorithm algorithm_{};
  detail::evp_context context_{};
  bool running_{};
  bool failed_{};
  bool knows_algorithm_{};  // the context does
};

/// What `d`, a SHA-256 digest, finishes with. Throws s3_error (error_kind::configuration) if OpenSSL has no SHA-256, and
/// std::bad_alloc.
sha256_value finish_sha256(digest& d);

/// The hash of one message; for many messages keep a `digest`. Throws as `finish_sha256`.
sha256_value sha256(std::span<const std::byte> bytes);

/// The same as 64 hex digits, as in `x-amz-content-sha256`.
inline std::string sha256_hex(std::span<const std::byte> bytes) { return detail::hex(sha256(bytes)); }

/// Compares in a time that does not depend on where texts of the same length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace s3store::inline S3STORE_ABI::crypto

#ifdef S3STORE_DEFINITIONS
// ---- s3store/crypto/digest_impl.hpp
// The definitions of crypto/digest.hpp, and the only include of OpenSSL.

#include <cstring>
#include <new>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace s3store::inline S3STORE_ABI::crypto {

static_assert(digest::max_size == EVP_MAX_MD_SIZE);

S3STORE_INLINE void detail::evp_deleter::operator()(evp_md_st* p) const noexcept { EVP_MD_free(p); }
S3STORE_INLINE void detail::evp_deleter::operator()(evp_md_ctx_st* p) const noexcept { EVP_MD_CTX_free(p); }

namespace detail {

/// Null if no provider has the algorithm. OpenSSL's error queue stays as it was.
inline evp_algorithm fetch(digest_algorithm a) {
  constexpr const char* names[] = {"MD5", "SHA1", "SHA2-256", "SHA2-512"};
  ERR_set_mark();
  evp_algorithm found{EVP_MD_fetch(nullptr, names[static_cast<std::size_t>(a)], nullptr)};
  const bool no_memory = !found && ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
  ERR_pop_to_mark();
  if (no_memory) throw std::bad_alloc{};
  return found;
}

inline evp_context new_context() {
  evp_context made{EVP_MD_CTX_new()};
  if (!made) throw std::bad_alloc{};
  return made;
}

}  // namespace detail

S3STORE_INLINE digest::digest(digest_algorithm a) : algorithm_(detail::fetch(a)), context_(detail::new_context()) {
  if (usable() && !begin()) throw std::bad_alloc{};
}

S3STORE_INLINE std::size_t digest::size() const noexcept {
  return usable() ? static_cast<std::size_t>(EVP_MD_get_size(algorithm_.get())) : 0;
}

S3STORE_INLINE void digest::update(std::span<const std::byte> bytes) noexcept {
  if (failed_ || !usable()) return;
  if (!begin() || EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) fail();
}

S3STORE_INLINE std::size_t digest::finish(std::span<std::byte, max_size> out) {
  if (!usable()) return 0;
  unsigned size = 0;
  const bool done = !failed_ && begin() && EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
  if (!done) fail();
  reset();
  if (!done) throw std::bad_alloc{};
  return size;
}

S3STORE_INLINE void digest::resume(const digest& other) noexcept {
  reset();
  running_ = knows_algorithm_ = other.running_ && !other.failed_ && EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) == 1;
  failed_ = !running_;
}

/// Called as late as possible, because `resume` makes a start unnecessary. With a null algorithm OpenSSL uses the one from before,
/// which is twice as fast.
S3STORE_INLINE bool digest::begin() noexcept {
  if (!running_) running_ = knows_algorithm_ = EVP_DigestInit_ex2(context_.get(), knows_algorithm_ ? nullptr : algorithm_.get(), nullptr) == 1;
  return running_;
}
S3STORE_INLINE void digest::fail() noexcept {
  failed_ = true;
  running_ = knows_algorithm_ = false;
}

S3STORE_INLINE sha256_value finish_sha256(digest& d) {
  std::array<std::byte, digest::max_size> out{};
  if (d.finish(out) != sizeof(sha256_value))
    throw s3_error{detail::fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  sha256_value value{};
  std::memcpy(value.data(), out.data(), value.size());
  return value;
}

S3STORE_INLINE sha256_value sha256(std::span<const std::byte> bytes) {
  digest d{digest_algorithm::sha256};
  d.update(bytes);
  return finish_sha256(d);
}

S3STORE_INLINE bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace s3store::inline S3STORE_ABI::crypto
#endif

// ---- s3store/crypto/hmac.hpp
// How is a message authenticated with a key (HMAC-SHA256, RFC 2104)?
//
// HMAC hashes twice: H(key ^ opad, H(key ^ ipad, message)). The first block of both hashes depends only on the key, so a key keeps
// the two states after that block, and each message starts from copies of them.

namespace s3store::inline S3STORE_ABI::crypto {

/// A prepared key. It never changes, so many threads may use one, each with its own digest. OpenSSL overwrites the states when it
/// frees them.
class hmac_key {
 public:
  /// `key`: any number of bytes, not needed after the call; more than 64 are hashed first (RFC 2104, section 2). Throws s3_error
  /// (error_kind::configuration) if OpenSSL has no SHA-256, and std::bad_alloc.
  explicit hmac_key(std::span<const std::byte> key) {
    std::array<std::byte, 64> block{};
    if (key.size() > block.size()) {
      inner_.update(key);
      const sha256_value hashed = finish_sha256(inner_);
      std::memcpy(block.data(), hashed.data(), hashed.size());
    } else if (!key.empty()) {  // memcpy must not get a null pointer
      std::memcpy(block.data(), key.data(), key.size());
    }
    absorb(inner_, block, std::byte{0x36});
    absorb(outer_, block, std::byte{0x36 ^ 0x5c});
    detail::wipe(block.data(), block.size());
    if (!inner_.usable()) finish_sha256(inner_);  // throws
    if (!inner_.intact() || !outer_.intact()) throw std::bad_alloc{};
  }

  /// `scratch` is any SHA-256 digest; what it held before is lost, and it is ready for the next message afterwards. Throws
  /// std::bad_alloc.
  sha256_value sign(std::span<const std::byte> message, digest& scratch) const {
    scratch.resume(inner_);
    scratch.update(message);
    const sha256_value inner = finish_sha256(scratch);
    scratch.resume(outer_);
    scratch.update(inner);
    return finish_sha256(scratch);
  }

 private:
  static void absorb(digest& d, std::array<std::byte, 64>& block, std::byte pad) noexcept {
    for (std::size_t i = 0; i != block.size(); ++i) block[i] ^= pad;
    d.update(block);
  }

  digest inner_{digest_algorithm::sha256};
  digest outer_{digest_algorithm::sha256};
};

/// For a key that is used once. Throws s3_error (error_kind::configuration) if OpenSSL has no SHA-256, and std::bad_alloc.
inline sha256_value hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message) {
  const hmac_key ready{key};
  digest scratch{digest_algorithm::sha256};
  return ready.sign(message, scratch);
}

}  // namespace s3store::inline S3STORE_ABI::crypto

// ---- s3store/auth/signing_key.hpp
// Which key signs? One that is derived from the secret key for a day, a region and a service; it is derived once a day and kept.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

namespace s3store::inline S3STORE_ABI::auth {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// Where a signature is valid.
struct signing_scope {
  std::string region{};  ///< "eu-central-1"
  std::string service{"s3"};

  friend bool operator==(const signing_scope&, const signing_scope&) = default;
};

/// Appends the text that is signed: a line each for algorithm, time, scope and the hash of the canonical request.
inline void append_string_to_sign(std::string& out, std::string_view amz_date, std::string_view scope,
                                  std::span<const std::byte> hash) {
  out.append(algorithm).append("\n").append(amz_date).append("\n").append(scope).append("\n");
  detail::append_hex(out, hash);
}
inline std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request) {
  std::string out;
  append_string_to_sign(out, amz_date, scope, crypto::sha256(detail::as_bytes(canonical_request)));
  return out;
}

/// Printable ASCII without spaces, which is signed and sent in a header field unchanged.
inline bool is_graphic(std::string_view s) noexcept {
  for (const char c : s)
    if (c <= ' ' || c > '~') return false;
  return true;
}

/// A derived key. Immutable, and copies share one state: any number of threads may sign with it at once, each with its own digest.
/// A default-constructed one can only be assigned to.
class signing_key {
 public:
  signing_key() = default;
  /// `date`: eight digits, "20130524". Fails with error_kind::credentials if a key is missing or cannot be sent in a header, and
  /// with error_kind::invalid_argument if the region cannot be one. Throws s3_error (error_kind::configuration) if OpenSSL has no
  /// SHA-256.
  static result<signing_key> derive(const credentials& who, const signing_scope& where, std::string_view date) {
    if (who.access_key_id.empty() || who.secret_access_key.empty())
      return detail::fail(error_kind::credentials, "credentials to sign with need both an access key id and a secret access key");
    if (!is_graphic(who.access_key_id))
      return detail::fail(error_kind::credentials, "an access key id must be printable ASCII without spaces");
    if (!is_graphic(where.region) || where.region.empty() || where.region.find('/') != std::string::npos)
      return detail::fail(error_kind::invalid_argument,
                  {"\"", where.region, "\" is no region to sign for: a name such as us-east-1 is needed"});

    crypto::sha256_value step{};
    const auto advance = [&step](std::span<const std::byte> key, std::string_view text) {
      step = crypto::hmac_sha256(key, detail::as_bytes(text));
    };
    {
      std::string seed;
      seed.reserve(4 + who.secret_access_key.reveal().size());
      seed.append("AWS4").append(who.secret_access_key.reveal());
      advance(detail::as_bytes(seed), date);
      detail::wipe(seed.data(), seed.size());
    }
    for (const std::string_view text : {std::string_view{where.region}, std::string_view{where.service}, terminator})
      advance(step, text);
    auto made = detail::share<const state>(who, where, std::string(date), crypto::hmac_key{step});
    detail::wipe(step.data(), step.size());
    return signing_key{std::move(made)};
  }

  /// True if `derive` would give this key again.
  bool is_for(const credentials& who, const signing_scope& where, std::string_view date) const noexcept {
    return state_->date == date && state_->where == where && state_->access_key_id == who.access_key_id &&
           state_->secret == who.secret_access_key;
  }

  /// "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"
  std::string_view credential() const noexcept { return state_->credential; }
  /// "20130524/us-east-1/s3/aws4_request"
  std::string_view scope() const noexcept { return credential().substr(state_->access_key_id.size() + 1); }
  std::string_view service() const noexcept { return state_->where.service; }

  /// `scratch` is a SHA-256 digest that no other thread uses meanwhile. Throws std::bad_alloc.
  crypto::sha256_value sign(std::string_view text, crypto::digest& scratch) const {
    return state_->key.sign(detail::as_bytes(text), scratch);
  }

 private:
  static constexpr std::string_view terminator = "aws4_request";

  struct state {
    state(const credentials& who, const signing_scope& in, std::string day, crypto::hmac_key made)
        : access_key_id(who.access_key_id), secret(who.secret_access_key), where(in), date(std::move(day)), key(std::move(made)) {
      for (const std::string_view part : {std::string_view{access_key_id}, std::string_view{date}, std::string_view{where.region},
                                          std::string_view{where.service}})
        credential.append(part).push_back('/');
      credential.append(terminator);
    }
    std::string access_key_id;
    secret_string secret;
    signing_scope where;
    std::string date;
    std::string credential{};
    crypto::hmac_key key;
  };

  explicit signing_key(detail::shared<const state> made) noexcept : state_(std::move(made)) {}
  detail::shared<const state> state_{};
};

/// The last few keys that were derived, so that a signer does not derive them again. Not thread-safe.
class signing_key_cache {
 public:
  /// Fails and throws as `signing_key::derive`.
  result<signing_key> get(const credentials& who, const signing_scope& where, std::string_view date) {
    for (const signing_key& k : keys_)
      if (k.is_for(who, where, date)) return k;
    auto made = signing_key::derive(who, where, date);
    if (!made) return made;
    if (keys_.size() < size) {
      keys_.push_back(*made);
    } else {
      next_ = (next_ + 1) % size;
      keys_[next_] = *made;
    }
    return made;
  }

 private:
  static constexpr std::size_t size = 8;
  std::vector<signing_key> keys_{};
  std::size_t next_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/auth/chunk.hpp
// How are the chunks of a body signed (aws-chunked)? Each signature covers its chunk and the previous signature, so that no chunk
// can be left out, swapped or repeated. For the first chunk, the previous signature is that of the headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html

namespace s3store::inline S3STORE_ABI::auth {

/// Signs the chunks of one body, in order. Not thread-safe.
class chunk_signer {
 public:
  /// `seed`: the signature in the request's headers; `amz_date`: their x-amz-date. Throws std::bad_alloc.
  chunk_signer(signing_key key, std::string_view amz_date, std::string_view seed)
      : key_(std::move(key)), amz_date_(amz_date), previous_(seed) {}

  /// Adds bytes to the current chunk, in pieces of any size.
  void update(std::span<const std::byte> bytes) noexcept { body_.update(bytes); }

  /// Ends the chunk and returns its signature: 64 hex digits, valid until the next signature. The last chunk must be empty.
  std::string_view finish() { return sign("AWS4-HMAC-SHA256-PAYLOAD", payload::empty); }

  /// The signature of the trailer, to be called after the empty chunk. `trailer`: `name:value\n` for each field but the signature,
  /// with names in lower case.
  std::string_view finish_trailer(std::string_view trailer) {
    update(detail::as_bytes(trailer));
    return sign("AWS4-HMAC-SHA256-TRAILER", {});
  }

  std::string_view chunk(std::span<const std::byte> bytes) {
    update(bytes);
    return finish();
  }

 private:
  /// `before_body`: a line that a chunk has and a trailer does not: the hash of the chunk's header fields, which are always empty.
  std::string_view sign(std::string_view kind, std::string_view before_body) {
    const auto hash = crypto::finish_sha256(body_);
    text_.clear();
    for (const std::string_view line : {kind, std::string_view{amz_date_}, key_.scope(), std::string_view{previous_}, before_body})
      if (!line.empty()) text_.append(line).push_back('\n');
    detail::append_hex(text_, hash);
    previous_.clear();
    detail::append_hex(previous_, key_.sign(text_, scratch_));
    return previous_;
  }

  signing_key key_;
  std::string amz_date_;
  std::string previous_;
  std::string text_{};
  crypto::digest body_{crypto::digest_algorithm::sha256};
  crypto::digest scratch_{crypto::digest_algorithm::sha256};
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/auth/sigv4.hpp
// How is a request signed, in its headers or in its query? With AWS Signature Version 4, by a `signer`.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
//
// The steps are always the same: the canonical request, its hash, the string to sign, and the HMAC of that string under the day's
// key. A `signer` keeps what they need (hash contexts, buffers, keys) for the next signature.

namespace s3store::inline S3STORE_ABI::auth {

/// The query of a presigned URL, and the header fields that must be sent with it.
struct presigned_query {
  std::string query{};  ///< the request's own parameters, then those of the signature; without a '?'
  headers
      signed_fields{};  ///< all signed fields but `Host`; a request with the URL must send them unchanged
};

/// The names of the header field and query parameter for a session token; S3 Express has its own.
struct token_names {
  std::string_view field{"x-amz-security-token"};
  std::string_view parameter{"X-Amz-Security-Token"};
};
constexpr token_names token_names_of(std::string_view service) noexcept {
  if (service == "s3express") return {"x-amz-s3session-token", "X-Amz-S3session-Token"};
  return {};
}

inline constexpr std::chrono::seconds longest_presigned{604800};

  /// A second parameter of one of these names would make the URL ambiguous, and S3 refuses it.
  static result<void> check_unsigned(std::string_view query) {
    result<void> out;
    detail::split(query, '&', [&](std::string_view one) {
      const auto has = one.substr(0, one.find('='));
      for (const std::string_view name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
                                          "X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-S3session-Token"})
        if (has == name) out = detail::fail(error_kind::invalid_argument, {"the query has a parameter ", name, ", which signing adds"});
    });
    return out;
  }
/// A presigned URL may be valid for 1 second to 7 days; fails with error_kind::invalid_argument for any other time.
inline result<void> check_expiry(std::chrono::seconds expires_in) {
  if (expires_in >= std::chrono::seconds{1} && expires_in <= longest_presigned) return {};
  return detail::fail(error_kind::invalid_argument,
              {"what is presigned can be valid for 1 to 604800 seconds (7 days), not for ", detail::decimal(expires_in.count())});
}

/// Makes signatures, one at a time. Not thread-safe. All that is passed to it is needed only during the call.
class signer {
 public:
  /// Signs all fields for which `is_signed` is true. Adds x-amz-date, x-amz-content-sha256, the session token and Authorization to
  /// `fields`, and removes those of an earlier attempt. Anonymous credentials add nothing.
  /// Fails with error_kind::credentials if a key is missing, or a key or the session token cannot be sent in a header; with
  /// error_kind::invalid_argument if the region cannot be one; with error_kind::configuration if OpenSSL has no SHA-256. `fields`
  /// then have no signature.
  result<void> sign_headers(const signable& what, headers& fields, const credentials& who, const signing_scope& where,
                            timestamp now) {
    const auto token = token_names_of(where.service).field;
    for (const std::string_view name :
         {std::string_view{"authorization"}, std::string_view{"x-amz-date"}, std::string_view{"x-amz-content-sha256"}, token})
      fields.erase(name);
    if (who.anonymous()) return {};
    if (auto found = find_key(who, where, now); !found) return found;

    text_ = what.payload;  // which may be a view of `fields`, and they grow
    fields.add("x-amz-date", date_);
    fields.add("x-amz-content-sha256", text_);
    if (!who.session_token.empty()) fields.add(token, who.session_token.reveal());
    canonical_.take(fields, what.host);
    signable all = what;
    all.payload = text_;
    sign(canonical_.write(all));

    text_.clear();
    text_.append(algorithm).append(" Credential=").append(key_.credential());
    text_.append(", SignedHeaders=").append(canonical_.signed_headers());
    text_.append(", Signature=").append(signature_);
    fields.add("authorization", text_);
    return {};
  }

  /// Signs a URL. A request with that URL must send `fields`. `what.payload` is ignored: the body is not signed, unless `fields`
  /// have an x-amz-content-sha256. `expires_in`: 1 to 604800 seconds (7 days), else it fails with error_kind::invalid_argument, and so
  /// it does if the query has one of the parameters that signing adds; it also fails as `sign_headers` does. With anonymous
  /// credentials the query stays as it is.
  result<presigned_query> sign_query(const signable& what, const headers& fields, std::chrono::seconds expires_in,
                                     const credentials& who, const signing_scope& where, timestamp now) {
    presigned_query out{.query = std::string(what.query)};
    for (const auto [name, value] : fields)
      if (is_signed(name) && !detail::equal_ignoring_case(name, "host")) out.signed_fields.add(name, value);
    if (who.anonymous()) return out;
    if (auto good = check_expiry(expires_in); !good) return std::move(good.error());
    if (auto good = check_unsigned(what.query); !good) return std::move(good.error());
    if (auto found = find_key(who, where, now); !found) return std::move(found.error());

    canonical_.take(fields, what.host);
    const std::size_t size = who.session_token.reveal().size() + key_.credential().size() + canonical_.signed_headers().size();
    out.query.reserve(out.query.size() + 3 * size + 400);  // so that no outgrown memory keeps the token
    const auto add = [&out](std::string_view name, std::string_view value) {
      if (!out.query.empty()) out.query.push_back('&');
      detail::append_uri_encoded(out.query.append(name).append("="), value, detail::uri_part::query);
    };
    add("X-Amz-Algorithm", algorithm);
    add("X-Amz-Credential", key_.credential());
    add("X-Amz-Date", date_);
    add("X-Amz-Expires", detail::decimal(expires_in.count()));
    add("X-Amz-SignedHeaders", canonical_.signed_headers());
    if (!who.session_token.empty()) add(token_names_of(where.service).parameter, who.session_token.reveal());

    signable all = what;
    all.query = out.query;
    all.payload = fields.get("x-amz-content-sha256").value_or(payload::not_signed);
    sign(canonical_.write(all));
    add("X-Amz-Signature", signature_);
    return out;
  }

  /// The key for signatures at `now`; `amz_date()` is then that time. Fails as `sign_headers`, also for anonymous credentials.
  result<signing_key> key_for(const credentials& who, const signing_scope& where, timestamp now) {
    if (auto found = find_key(who, where, now); !found) return std::move(found.error());
    return key_;
  }

  /// Signs the base64 text of a POST policy. Returns 64 hex digits, valid until the next signature.
  std::string_view sign_policy(const signing_key& key, std::string_view policy) {
    set_signature(key.sign(policy, digest_));
    return signature_;
  }

  /// For a server: the signature that a received request must have if `who` signed it at time `at`. It covers the fields whose
  /// names `wanted(name)` accepts, and the query without the parameter `left_out`. `signed_headers()` then lists those fields.
  /// Valid until the next signature. Fails as `sign_headers`, also for anonymous credentials.
  template <class Wanted>
  result<std::string_view> signature_of(const signable& what, const headers& fields, Wanted&& wanted, std::string_view left_out,
                                        const credentials& who, const signing_scope& where, timestamp at) {
    if (auto found = find_key(who, where, at); !found) return std::move(found.error());
    canonical_.take(fields, what.host, wanted);
    sign(canonical_.write(what, left_out));
    return std::string_view{signature_};
  }

  std::string_view signed_headers() const noexcept { return canonical_.signed_headers(); }
  /// Overwrites what the latest signature covered, if that held a secret.
  void wipe() noexcept { canonical_.wipe(); }

  /// The latest signature, 64 hex digits, and its time, as "20130524T000000Z".
  std::string_view signature() const noexcept { return signature_; }
  std::string_view amz_date() const noexcept { return date_; }

  /// Signs the chunks of the request whose headers were signed last; there must be one.
  chunk_signer chunks() const { return chunk_signer{key_, date_, signature_}; }

 private:
  /// Makes `key_` the one to sign with at `now`, and `date_` that time.
  result<void> find_key(const credentials& who, const signing_scope& where, timestamp now) {
    digest_.reset();  // in case an exception left it within a message
    date_.clear();
    detail::append_amz_date(date_, now);
    if (!digest_.usable()) return detail::fail(error_kind::configuration, "this OpenSSL offers no SHA-256");
    if (!is_graphic(who.session_token.reveal()))
      return detail::fail(error_kind::credentials, "a session token must be printable ASCII without spaces");
    auto key = keys_.get(who, where, std::string_view{date_}.substr(0, 8));
    if (!key) return std::move(key.error());
    key_ = std::move(*key);
    return {};
  }

  void sign(std::string_view canonical_request) {
    digest_.update(detail::as_bytes(canonical_request));
    const auto hash = crypto::finish_sha256(digest_);
    text_.clear();
    append_string_to_sign(text_, date_, key_.scope(), hash);
    set_signature(key_.sign(text_, digest_));
  }

  void set_signature(const crypto::sha256_value& value) {
    signature_.clear();
    detail::append_hex(signature_, value);
  }

  crypto::digest digest_{crypto::digest_algorithm::sha256};
  canonicalizer canonical_{};
  signing_key_cache keys_{};
  signing_key key_{};  // the one of the latest signature
  std::string date_{};
  std::string signature_{};
  std::string text_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/json/tokenizer.hpp
// What does a JSON text consist of? Tokens, which a strict and lossless reader returns as views of the text.
//
// Strict: it accepts RFC 8259 and nothing else. That is UTF-8 without a byte order mark, no comments, no trailing commas, and one
// value with only white space after it. Lossless: a number keeps its digits and a string its escapes, since a number's digits may
// not fit a double. It does not recurse, so deep nesting cannot overflow the stack. Messages say where the error is and what was
// expected, and never quote the text, which may be a secret.

namespace s3store::inline S3STORE_ABI::json {

enum class token_kind : std::uint8_t {
  begin_object,
  end_object,
  begin_array,
  end_array,
  key,
  string,
  number,
  true_,
  false_,
  null,
  end
};

struct token {
  token_kind kind{};
  std::string_view raw{};  ///< exactly as written; strings and keys with their quotes, empty at the end
  std::size_t offset{};    ///< in bytes from the start of the text
};

struct options {
  std::size_t max_depth{512};  ///< how many objects and arrays may be nested
  bool allow_non_finite{};     ///< accept NaN, Infinity and -Infinity as numbers, as Python's json module writes them
};

/// Reads one token after the other; a key is always followed by its value. The text must outlive the tokenizer and its tokens.
class tokenizer {
 public:
  explicit tokenizer(std::string_view text, const options& accept = {}) noexcept : text_(text), accept_(accept) {}

  /// The next token; at the end of the text `token_kind::end`, however often it is called. Fails with
  /// error_kind::malformed_response, and after that always with the same error.
  result<token> next() {
    if (expected_) return failure();
    skip_space();
    if (state_ == state::after_value) {
      if (open_.empty()) return at_ == text_.size() ? make(token_kind::end, at_) : expect("the end of the text");
      if (take(closing())) return close();
      if (!take(',')) return expect(in_object() ? "',' or '}'" : "',' or ']'");
      state_ = in_object() ? state::key : state::value;
      skip_space();
    }
    switch (state_) {
      case state::first_key:
        if (take('}')) return close();
        [[fallthrough]];
      case state::key: return key();
      case state::first_value:
        if (take(']')) return close();
        [[fallthrough]];
      default: return value();
    }
  }

  /// How many objects and arrays are open.
  std::size_t depth() const noexcept { return open_.size(); }

 private:
  enum class state : std::uint8_t { value, first_value, first_key, key, after_value };

  bool in_object() const noexcept { return open_.back() == '{'; }
  char closing() const noexcept { return in_object() ? '}' : ']'; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }  // NUL is accepted nowhere
  void skip_space() noexcept {
    while (at_ < text_.size() && detail::is_space(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) noexcept {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_digits() noexcept {
    const std::size_t start = at_;
    while (detail::is_digit(peek())) ++at_;
    return at_ != start;
  }

  token make(token_kind kind, std::size_t start) const noexcept { return {kind, text_.substr(start, at_ - start), start}; }

  result<token> close() {
    const auto kind = in_object() ? token_kind::end_object : token_kind::end_array;
    open_.pop_back();
    state_ = state::after_value;
    return make(kind, at_ - 1);
  }

  result<token> key() {
    const std::size_t start = at_;
    if (peek() != '"') return expect(state_ == state::first_key ? "a key in double quotes or '}'" : "a key in double quotes");
    if (!string()) return failure();
    const token name = make(token_kind::key, start);
    skip_space();
    if (!take(':')) return expect("':'");
    state_ = state::value;
    return name;
  }

  result<token> value() {
    const std::size_t start = at_;
    const char first = peek();
    if (first == '{' || first == '[') {
      if (open_.size() == accept_.max_depth) return expect("no deeper nesting, since this is the limit,");
      ++at_;
      open_.push_back(first);
      state_ = first == '{' ? state::first_key : state::first_value;
      return make(first == '{' ? token_kind::begin_object : token_kind::begin_array, start);
    }
    const char* const wanted = state_ == state::first_value ? "a value or ']'" : "a value";
    state_ = state::after_value;
    if (first == '"') return string() ? result<token>{make(token_kind::string, start)} : failure();
    if (take("true")) return make(token_kind::true_, start);
    if (take("false")) return make(token_kind::false_, start);
    if (take("null")) return make(token_kind::null, start);
    if (accept_.allow_non_finite && (take("NaN") || take("Infinity") || take("-Infinity"))) return make(token_kind::number, start);
    if (first != '-' && !detail::is_digit(first)) return expect(wanted);
    return number() ? result<token>{make(token_kind::number, start)} : failure();
  }

  /// RFC 8259, section 6. False after noting what was expected.
  bool number() noexcept {
    take('-');
    if (!take('0') && !take_digits()) return note("a digit");
    if (take('.') && !take_digits()) return note("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!take_digits()) return note("a digit");
    }
    return true;
  }

  /// RFC 8259, section 7. False after noting what was expected.
  bool string() noexcept {
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return note("an escape in place of a control character");
      if (c == '\\') {
        ++at_;
        if (take('u')) {
          for (int i = 0; i != 4; ++i, ++at_)
            if (detail::hex_digit(peek()) < 0) return note("four hexadecimal digits");
        } else if (peek() != '\0' && std::string_view{"\"\\/bfnrt"}.find(peek()) != std::string_view::npos) {
          ++at_;
        } else {
          return note("one of \" \\ / b f n r t u after the backslash");
        }
      } else {
        const std::size_t length = detail::utf8_length(text_.substr(at_));
        if (length == 0) return note("UTF-8");
        at_ += length;
      }
    }
    return note("a closing double quote");
  }

  bool note(const char* expected) noexcept {
    expected_ = expected;
    return false;
  }
  result<token> expect(const char* expected) {
    note(expected);
    return failure();
  }
  error failure() const {
    const auto before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto column = at_ - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return detail::fail(error_kind::malformed_response,
                {"JSON: expected ", expected_, (at_ == text_.size() ? " where the text ends, at line " : " at line "),
                 detail::decimal(line), ", column ", detail::decimal(column), " (byte ", detail::decimal(at_), ")"});
  }

  std::string_view text_;
  options accept_;
  std::size_t at_{};
  state state_{state::value};
  std::string open_{};      // the '{' and '[' that are not closed yet
  const char* expected_{};  // set once reading has failed
};

/// What to do with an escaped surrogate that is not one of a pair, and so stands for no character. Python writes such strings.
enum class lone_surrogates : std::uint8_t {
  refuse,
  keep,  ///< as three bytes, which are WTF-8 and not UTF-8
};

/// Appends the text of a string or key, escapes decoded. `raw` is a token's, with its quotes. Fails with
/// error_kind::malformed_response, naming the byte within `raw`; `out` then holds a part of the text.
inline result<void> unescape(std::string_view raw, std::string& out, lone_surrogates lone = lone_surrogates::refuse) {
  const auto broken = [](const char* what, std::size_t at) {
    return detail::fail(error_kind::malformed_response, {"JSON: ", what, " at byte ", detail::decimal(at), " of the string"});
  };
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return broken("no string in double quotes", 0);
  const auto inside = raw.substr(0, raw.size() - 1);
  const auto unit_at = [&](std::size_t at) -> int {  // the value of a \uXXXX, or -1 if there is none
    if (inside.size() - at < 6 || inside[at] != '\\' || inside[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char c : inside.substr(at + 2, 4)) {
      const int digit = detail::hex_digit(c);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  };
  for (std::size_t at = 1; at < inside.size();) {
    const std::size_t plain = (std::min)(inside.find('\\', at), inside.size());
    out.append(inside, at, plain - at);
    at = plain;
    if (at == inside.size()) break;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const auto letter = at + 1 < inside.size() ? letters.find(inside[at + 1]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      out.push_back(meanings[letter]);
      at += 2;
      continue;
    }
    const int unit = unit_at(at);
    if (unit < 0) return broken("no known escape", at);
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const int second = high ? unit_at(at + 6) : -1;
    const bool pair = second >= 0xDC00 && second <= 0xDFFF;
    if (lone == lone_surrogates::refuse && !pair && unit >= 0xD800 && unit <= 0xDFFF) return broken("half of a surrogate pair", at);
    detail::append_utf8(out, static_cast<char32_t>(pair ? 0x10000 + (unit - 0xD800) * 0x400 + (second - 0xDC00) : unit));
    at += pair ? 12 : 6;
  }
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::json

// ---- s3store/json/string.hpp
// How is a text written as a JSON string? In ASCII only, with the same escapes that Python's json module writes.

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

// ---- s3store/auth/post_policy.hpp
// How may a browser upload without credentials? With a form that has a policy, which says what may be uploaded, and its signature.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

namespace s3store::inline S3STORE_ABI::auth {

/// A condition that S3 checks before it accepts the upload. To be made with the three functions.
struct post_condition {
  enum class test : std::uint8_t { eq, starts_with, content_length_range };

  test kind{};
  std::string field{};  ///< "key", "Content-Type", "x-amz-meta-tag"; empty for a content length
  std::string value{};
  std::uint64_t least{};  ///< bytes, inclusive
  std::uint64_t most{};   ///< bytes, inclusive

  static post_condition eq(std::string field, std::string value) { return {test::eq, std::move(field), std::move(value)}; }
  /// An empty value allows anything.
  static post_condition starts_with(std::string field, std::string value) {
    return {test::starts_with, std::move(field), std::move(value)};
  }
  /// The file's size in bytes, both included.
  static post_condition content_length_range(std::uint64_t least, std::uint64_t most) {
    return {test::content_length_range, {}, {}, least, most};
  }
};

struct post_policy {
  timestamp expiration{};
  std::vector<post_condition> conditions{};
};

using form_fields = std::vector<std::pair<std::string, std::string>>;

/// The form's target and its fields, which must be sent in this order and before the file.
struct presigned_post {
  std::string url{};
  form_fields fields{};
};

/// The policy as JSON in ASCII; the expiration is rounded down to seconds. Fails with error_kind::invalid_argument if a name or
/// value is not UTF-8.
inline result<std::string> policy_document(const post_policy& policy) {
  using test = post_condition::test;
  std::size_t size = 128;
  for (const post_condition& c : policy.conditions) size += 6 * (c.field.size() + c.value.size()) + 64;
  std::string out;
  out.reserve(size);  // so that no outgrown memory keeps a session token
  out.append("{\"expiration\": \"");
  out.append(format_iso8601(std::chrono::floor<std::chrono::seconds>(s3store::detail::writable(policy.expiration)))).append("\", \"conditions\": [");
  bool utf8 = true, first = true;
  const auto text = [&](std::string_view s) { utf8 = json::append_ascii_string(out, s) && utf8; };
  for (const post_condition& c : policy.conditions) {
    if (!std::exchange(first, false)) out.append(", ");
    if (c.kind == test::eq) {
      out.push_back('{');
      text(c.field);
      out.append(": ");
      text(c.value);
      out.push_back('}');
    } else if (c.kind == test::starts_with) {
      out.append("[\"starts-with\", ");
      text(detail::concat({"$", c.field}));
      out.append(", ");
      text(c.value);
      out.push_back(']');
    } else {
      detail::append_integer(out.append("[\"content-length-range\", "), c.least);
      detail::append_integer(out.append(", "), c.most);
      out.push_back(']');
    }
  }
  if (!utf8) return detail::fail(error_kind::invalid_argument, "a POST policy is JSON: its field names and values must be UTF-8");
  out.append("]}");
  return out;
}

/// In every field of a form, S3 puts the name of the file in the place of this, and only then looks whether the policy is met.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
inline constexpr std::string_view filename_variable = "${filename}";

namespace detail {
using namespace s3store::detail;

/// The condition that the field has this value. What a variable becomes is known to nobody here, so then it is that the field begins
/// with what is before the variable; a policy has no test for what follows.
inline post_condition condition_for(std::string_view field, std::string_view value) {
  const auto at = value.find(filename_variable);
  if (at == std::string_view::npos) return post_condition::eq(std::string(field), std::string(value));
  return post_condition::starts_with(std::string(field), std::string(value.substr(0, at)));
}

/// Fails with invalid_argument if no form can meet the condition.
inline result<void> check_condition(const post_condition& c) {
  if (c.kind == post_condition::test::content_length_range) {
    if (c.least > c.most) return detail::fail(error_kind::invalid_argument, "a content-length-range must not end before it starts");
  } else if (c.value.find(filename_variable) != std::string::npos) {
    return detail::fail(error_kind::invalid_argument, {"no form can meet the condition for ", c.field, ": S3 has put the file's name in the place of ",
                                               filename_variable, " when it looks; let the field start with what is before that"});
  }
  return {};
}
}  // namespace detail

/// The form for uploads to `key` of `bucket` at `url`. S3 puts the name of the file in the place of each `${filename}` in the key and
/// in `fields`.
/// Conditions for bucket, key and signature are added to those of the policy. S3 refuses a form with a field that the policy does
/// not name, so each of `fields` without a condition gets one for equality; so does the key. With `${filename}` in it, the condition
/// is that it starts with what is before that: what follows is not held by the policy.
/// Fails with error_kind::invalid_argument if the policy could never be met or expires in more than 7 days, and otherwise as
/// `signer::sign_headers` does; anonymous credentials cannot sign a form.
inline result<presigned_post> presign_post(signer& with, std::string url, std::string_view bucket, std::string_view key,
                                           form_fields fields, post_policy policy, const credentials& who,
                                           const signing_scope& where, timestamp now) {
  if (key.empty()) return detail::fail(error_kind::invalid_argument, "a POST policy needs a key, such as \"uploads/${filename}\"");
  if (policy.expiration <= now) return detail::fail(error_kind::invalid_argument, "a POST policy must expire in the future");
  if (const auto left = detail::saturating_sub(policy.expiration, now); left > longest_presigned)
    if (auto good = check_expiry(std::chrono::ceil<std::chrono::seconds>(left)); !good) return std::move(good.error());
  for (const post_condition& c : policy.conditions)
    if (auto possible = detail::check_condition(c); !possible) return std::move(possible.error());
  auto signs = with.key_for(who, where, now);
  if (!signs) return result<presigned_post>::failed_as(std::move(signs));

  const auto is_named = [&policy](std::string_view field) {
    return std::any_of(policy.conditions.begin(), policy.conditions.end(),
                       [&](const auto& c) { return detail::equal_ignoring_case(c.field, field); });
  };
  for (const auto& [name, value] : fields)
    if (!is_named(name)) policy.conditions.push_back(detail::condition_for(name, value));

  policy.conditions.push_back(post_condition::eq("bucket", std::string(bucket)));
  policy.conditions.push_back(detail::condition_for("key", key));
  fields.emplace_back("key", key);
  const auto bind = [&](std::string_view name, std::string_view value) {
    fields.emplace_back(name, value);
    policy.conditions.push_back(post_condition::eq(std::string(name), std::string(value)));
  };
  bind("x-amz-algorithm", algorithm);
  bind("x-amz-credential", signs->credential());
  bind("x-amz-date", with.amz_date());
  if (!who.session_token.empty()) bind(token_names_of(where.service).field, who.session_token.reveal());

  auto document = policy_document(policy);
  for (post_condition& c : policy.conditions) detail::wipe(c.value);
  if (!document) return result<presigned_post>::failed_as(std::move(document));
  std::string encoded = detail::base64(detail::as_bytes(*document));
  const detail::wiped_at_end secret{encoded};
  detail::wipe(*document);
  fields.emplace_back("policy", encoded);
  fields.emplace_back("x-amz-signature", with.sign_policy(*signs, encoded));
  return presigned_post{std::move(url), std::move(fields)};
}

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/auth/cache.hpp
// When are credentials fetched again, and who waits for that? Some time before they expire one of the calls that share them fetches new
// ones, while the others go on with the old ones; shortly before they expire all wait for it.

namespace s3store::inline S3STORE_ABI::auth {

/// Shared by the calls of a client; may be used from any thread, and on both sides of a fork. It fetches nothing itself, but tells one
/// caller at a time to do so.
class credentials_cache {
 public:
  explicit credentials_cache(const refresh_windows& when = {}) : when_(when) {}

  /// One of three: `value` alone; `task`, with or without `value`; or `awaited`.
  struct answer {
    detail::shared<const credentials> value{};  ///< may be used now
    /// Not 0: the caller must fetch, and then call `put`, `failed` or `give_up` with this number.
    std::uint64_t task{};
    /// Not 0: the number of another caller's task, whose end cancels `ended`. Whoever waits longer than `until` should ask again.
    std::uint64_t awaited{};
    cancel_token ended{};
    steady_time until{};
  };
  answer get(instants now);

  /// The fetch worked. Returns the credentials, even if they have expired already.
  detail::shared<const credentials> put(std::uint64_t task, credentials fetched, instants now);
  /// The fetch failed. Returns the old credentials if they are still valid, and the error otherwise.
  result<detail::shared<const credentials>> failed(std::uint64_t task, error why, instants now);
  /// Nothing came of the task: another caller gets it.
  void give_up(std::uint64_t task) noexcept;
  /// The error of that task, if it failed and nothing came after it; else its kind is `none`.
  error failure_of(std::uint64_t task);

  /// The server refused these credentials (ExpiredToken), so `get` does not return them again. Does nothing if they have been
  /// replaced already.
  void drop(const credentials* refused);

 private:
  struct kept {
    bool is_valid(instants now) const noexcept {
      return value && (!value->expires || now.wall < *value->expires || value->usable_after_expiry);
    }
    /// Returns whom to tell, once the lock is released.
    detail::owned<cancel_source> end(std::uint64_t which) noexcept {
      if (which != task) return nullptr;
      task = 0;
      return std::move(ended);
    }
    void forked() noexcept {  // whoever was told to fetch is in the parent
      task = 0;
      ended.reset();
    }

    std::mutex guard{};
    detail::shared<const credentials> value{};
    timestamp advised_from{}, demanded_from{};  // when to fetch others, and when to wait for them
    steady_time quiet_until{};
    std::uint64_t count{};                 // of tasks given so far
    std::uint64_t task{};                  // 0: none is under way
    steady_time task_until{};              // whoever has it is then taken for lost
    detail::owned<cancel_source> ended{};  // made by the first who waits
    std::uint64_t failed_task{};
    error failure{};
  };
  static void tell(const detail::owned<cancel_source>& waiting) {
    if (waiting) waiting->cancel();
  }

  /// Longer than a fetch takes: its holder tells how it ended, even if it is destroyed. This is for one that is never run to its end.
  static constexpr duration patience = std::chrono::minutes{5};

  refresh_windows when_;
  detail::per_process<kept> kept_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
// ---- s3store/auth/cache_impl.hpp
// How are the times computed at which credentials are renewed? The definitions for cache.hpp.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <new>
#include <utility>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE credentials_cache::answer credentials_cache::get(instants now) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  const bool valid = k.is_valid(now);
  if (valid && now.wall < k.advised_from) return {.value = k.value};
  // Those that may be used after their end are, or a service that fails would cost every call the time of its failure.
  const bool must_wait = !valid || (now.wall >= k.demanded_from && now.wall < *k.value->expires);
  if (k.task != 0 && now.steady < k.task_until) {
    if (!must_wait) return {.value = k.value};
    if (!k.ended) k.ended = detail::make_owned<cancel_source>();
    return {.awaited = k.task, .ended = k.ended->token(), .until = k.task_until};
  }
  if (valid && now.steady < k.quiet_until) return {.value = k.value};
  k.task = ++k.count;
  k.task_until = detail::saturating_add(now.steady, patience);
  return {.value = valid ? k.value : nullptr, .task = k.task};
}

namespace detail {
using namespace s3store::detail;
inline timestamp::duration refresh_window(duration longest, double share, timestamp::duration lifetime) noexcept {
  const timestamp::duration part{static_cast<timestamp::duration::rep>(static_cast<double>(lifetime.count()) * share)};
  return (std::clamp)(part, timestamp::duration::zero(), saturating_cast<timestamp::duration>(longest));
}
}  // namespace detail

S3STORE_INLINE detail::shared<const credentials> credentials_cache::put(std::uint64_t task, credentials fetched, instants now) {
  const auto made = detail::share<const credentials>(std::move(fetched));
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  {
    const std::lock_guard hold{k.guard};
    k.value = made;
    k.advised_from = k.demanded_from = (timestamp::max)();
    k.quiet_until = {};
    k.failed_task = 0;
    if (made->expires) {
      const auto lifetime = detail::saturating_sub(*made->expires, now.wall);
      k.advised_from = detail::saturating_sub(*made->expires, detail::refresh_window(when_.advisory, when_.advisory_share, lifetime));
      k.demanded_from = detail::saturating_sub(*made->expires, detail::refresh_window(when_.mandatory, when_.mandatory_share, lifetime));
      // Some that have expired already are all that their service has, so asking again at once is no use.
      if (made->usable_after_expiry && now.wall >= k.advised_from) k.quiet_until = detail::saturating_add(now.steady, when_.pause);
    }
    waiting = k.end(task);
  }
  tell(waiting);
  return made;
}

S3STORE_INLINE result<detail::shared<const credentials>> credentials_cache::failed(std::uint64_t task, error why, instants now) {
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  detail::shared<const credentials> still;
  {
    const std::lock_guard hold{k.guard};
    if (k.is_valid(now)) still = k.value;
    k.quiet_until = still ? detail::saturating_add(now.steady, when_.pause) : steady_time{};
    // That this caller was cancelled, or had no time left, says nothing to those who wait: one of them fetches.
    if (!still && why.kind != error_kind::cancelled && why.kind != error_kind::deadline_exceeded) {
      k.failed_task = task;
      k.failure = why;
    }
    waiting = k.end(task);
  }
  tell(waiting);
  if (still) return still;
  return why;
}

S3STORE_INLINE void credentials_cache::give_up(std::uint64_t task) noexcept try {
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  {
    const std::lock_guard hold{k.guard};
    waiting = k.end(task);
  }
  tell(waiting);
} catch (const std::bad_alloc&) {  // in a child that had to make a new cache, where nobody has this task
}

S3STORE_INLINE error credentials_cache::failure_of(std::uint64_t task) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  return task != 0 && k.failed_task == task ? k.failure : error{};
}

S3STORE_INLINE void credentials_cache::drop(const credentials* refused) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  if (k.value.get() != refused) return;
  k.value.reset();
  k.quiet_until = {};
}

}  // namespace s3store::inline S3STORE_ABI::auth
#endif

// ---- s3store/auth/credentials_access.hpp
// How does one call come by the credentials that all calls of a client share? They are there, or this call fetches them, or it waits for
// another call that does.

namespace s3store::inline S3STORE_ABI::auth {

/// Part of a machine. The cache must outlive it. If it is destroyed while it fetches, another call fetches.
class credentials_access {
 public:
  explicit credentials_access(credentials_cache& from) noexcept : from_(from) {}
  credentials_access(const credentials_access&) = delete;
  credentials_access& operator=(const credentials_access&) = delete;
  ~credentials_access();

  /// What the machine must do next: `need_credentials`, and then call `fetched`; or `wait`, and then call this again; or nothing (`done`),
  /// since there are credentials, or else a `failure`. The call ends at `deadline`, or when `stop` is cancelled.
  sans_io::step next(instants now, steady_time deadline, const cancel_token& stop) {
    if (value_ || failure_.kind != error_kind::none) return sans_io::done{};
    return look(now, deadline, stop);
  }
  void fetched(result<credentials> c, instants now);

  explicit operator bool() const noexcept { return static_cast<bool>(value_); }
  const credentials& operator*() const noexcept { return *value_; }
  const credentials* operator->() const noexcept { return value_.get(); }
  const credentials* get() const noexcept { return value_.get(); }
  error& failure() noexcept { return failure_; }

  /// Forgets the credentials, so that they are looked up again.
  void reset() noexcept { value_.reset(); }

 private:
  /// For the end of another call's fetch, or of this call.
  struct waiting {
    waiting(const credentials_cache::answer& other, const cancel_token& stop)
        : task(other.awaited), until(other.until), ended(other.ended), of_ended(ended, &either, wake), of_stop(stop, &either, wake) {}
    static void wake(void* source) { static_cast<cancel_source*>(source)->cancel(); }

    std::uint64_t task;
    steady_time until;
    cancel_token ended;
    cancel_source either{};
    cancel_waiter of_ended, of_stop;
  };
  sans_io::step look(instants now, steady_time deadline, const cancel_token& stop);

  credentials_cache& from_;
  detail::shared<const credentials> value_{};
  error failure_{};
  std::uint64_t task_{};              // ours
  detail::owned<waiting> waiting_{};  // for another call's
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
// ---- s3store/auth/credentials_access_impl.hpp
// What does a call do that finds no credentials it may use at once? The definitions for credentials_access.hpp.

#include <algorithm>
#include <cstdint>
#include <utility>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE credentials_access::~credentials_access() {
  if (task_ != 0) from_.give_up(task_);
}

S3STORE_INLINE sans_io::step credentials_access::look(instants now, steady_time deadline, const cancel_token& stop) {
  for (;;) {
    if (task_ != 0) return sans_io::need_credentials{deadline, stop};
    if (waiting_) {
      const auto until = (std::min)(waiting_->until, deadline);
      if (!stop.cancelled() && !waiting_->ended.cancelled() && now.steady < until) return sans_io::wait{until, waiting_->either.token()};
      failure_ = from_.failure_of(waiting_->task);
      waiting_.reset();
      if (stop.cancelled()) failure_ = detail::fail(error_kind::cancelled, "the call was cancelled while it waited for credentials");
      if (now.steady >= deadline) failure_ = detail::fail(error_kind::deadline_exceeded, "no time was left after the wait for credentials");
      if (failure_.kind != error_kind::none) return sans_io::done{};
    }
    auto known = from_.get(now);
    if (known.awaited != 0) {
      waiting_ = detail::make_owned<waiting>(known, stop);
    } else if (known.task != 0) {
      task_ = known.task;
    } else {
      value_ = std::move(known.value);
      return sans_io::done{};
    }
  }
}

S3STORE_INLINE void credentials_access::fetched(result<credentials> c, instants now) {
  // Our task ends with these calls, and if there is no memory for one of them, in the destructor.
  if (c) {
    value_ = from_.put(task_, std::move(*c), now);
  } else if (auto still = from_.failed(task_, std::move(c.error()), now)) {
    value_ = std::move(*still);
  } else {
    failure_ = std::move(still.error());
  }
  task_ = 0;
}

}  // namespace s3store::inline S3STORE_ABI::auth
#endif

// ---- s3store/protocol/wire_value.hpp
// How is a single value written as text and read back? By two functions for each type: `to_wire` appends its text, `from_wire`
// reads it.
//
// Headers, query parameters and XML elements all use them, so a type has the same text everywhere. Only the format of dates differs
// by place; the caller passes it.

namespace s3store::inline S3STORE_ABI {

/// User metadata: names, without `x-amz-meta-` and lower-case when read, and values, in order.
using metadata = headers;

/// The base of all enumerations; holds the value's text.
class enumeration_text {
 public:
  /// The value as S3 writes it; empty if there is none.
  const std::string& str() const noexcept { return text_; }
  const char* c_str() const noexcept { return text_.c_str(); }
  bool empty() const noexcept { return text_.empty(); }
  operator std::string_view() const noexcept { return text_; }
  void assign(std::string_view text) { text_ = text; }

 protected:
  enumeration_text() = default;
  explicit enumeration_text(std::string text) noexcept : text_(std::move(text)) {}

 private:
  std::string text_{};
};

/// An enumeration of the S3 API: text with named constants, so that values which S3 adds later can be used too. Empty means absent.
///   struct storage_class : enumeration<storage_class> {
///     using enumeration::enumeration;
///     static constexpr constant standard{"STANDARD"};
///   };
///   .storage_class = types::storage_class::standard      or      .storage_class = "STANDARD"
template <class E>
class enumeration : public enumeration_text {
 public:
  /// One of the named values.
  struct constant {
    const char* text{};
    constexpr operator std::string_view() const noexcept { return text; }
  };

  enumeration() = default;
  enumeration(constant c) : enumeration_text(c.text) {}
  enumeration(const char* text) : enumeration_text(text) {}
  enumeration(std::nullptr_t) = delete;
  enumeration(std::string text) noexcept : enumeration_text(std::move(text)) {}
  explicit enumeration(std::string_view text) : enumeration_text(std::string(text)) {}

  friend bool operator==(const enumeration& a, const enumeration& b) noexcept { return a.str() == b.str(); }
  /// Compares with a constant or any text.
  template <class Text>
    requires(std::is_convertible_v<const Text&, std::string_view> && !std::is_base_of_v<enumeration_text, Text>)
  friend bool operator==(const enumeration& a, const Text& b) noexcept {
    return a.str() == std::string_view(b);
  }
};

/// A customer-provided encryption key (SSE-C): 32 raw bytes, not base64, wiped on destruction. The client adds the algorithm and
/// the MD5 that S3 requires. A key of another length is refused with invalid_argument when the request is sent.
class customer_key {
 public:
  customer_key() = default;
  customer_key(secret_string raw) : raw_(std::move(raw)) {}
  customer_key(const char* raw) : raw_(raw) {}
  customer_key(std::nullptr_t) = delete;
  const secret_string& raw() const noexcept { return raw_; }
  friend bool operator==(const customer_key&, const customer_key&) = default;

 private:
  secret_string raw_{};
};

/// What is copied: an object, or one version of it.
///   .copy_source = "bucket/key"                  or "bucket/key?versionId=v"; as with boto3, the text must not be percent-encoded
///   .copy_source = {"bucket", "key"}             for a key that holds "?versionId="
///   .copy_source = {"bucket", "key", version}
/// The bucket may be the ARN of an access point ("arn:…:accesspoint/name/object/key" in the first form). Without bucket or key the
/// request is refused with invalid_argument.
class copy_source {
 public:
  copy_source() = default;
  copy_source(const char* text) : copy_source(std::string_view{text}) {}
  copy_source(std::nullptr_t) = delete;
  copy_source(const std::string& text) : copy_source(std::string_view{text}) {}
  copy_source(std::string_view text) {
    const parts split{text};
    set_path(split.path);
    if (split.version) version_id.emplace(*split.version);
  }
  copy_source(std::string of_bucket, std::string of_key, std::optional<std::string> of_version = std::nullopt)
      : bucket(std::move(of_bucket)), key(std::move(of_key)), version_id(std::move(of_version)) {}

  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};  ///< nullopt: the current version; an empty text is refused

  friend bool operator==(const copy_source&, const copy_source&) = default;

  /// Reads the percent-encoded form in which it travels. False if that is malformed, or has no bucket or no key.
  bool read_encoded(std::string_view text) {
    const parts split{text};
    const auto path = detail::uri_decode(split.path);
    auto of_version = split.version ? detail::uri_decode(*split.version) : std::nullopt;
    if (!path || of_version.has_value() != split.version.has_value()) return false;
    set_path(*path);
    version_id = std::move(of_version);
    return !bucket.empty() && !key.empty();
  }
  /// Between bucket and key.
  static std::string_view separator(std::string_view bucket) noexcept { return bucket.starts_with("arn:") ? "/object/" : "/"; }

 private:
  struct parts {
    explicit parts(std::string_view text) : path(text.substr(text.starts_with('/') ? 1 : 0)) {
      constexpr std::string_view mark = "?versionId=";
      const auto at = path.find(mark);
      if (at == std::string_view::npos) return;
      version = path.substr(at + mark.size());
      path = path.substr(0, at);
    }
    std::string_view path;
    std::optional<std::string_view> version{};
  };
  void set_path(std::string_view path) {
    const auto between = separator(path);
    const auto at = path.find(between);
    bucket = path.substr(0, at);
    key = at == std::string_view::npos ? std::string_view{} : path.substr(at + between.size());
  }
};

namespace wire {

/// In `describe`: the value of a query parameter if the caller set none.
struct by_default {
  const char* value{};
};

/// In `describe`: the API requires the member. An empty query parameter or header is refused; an empty XML element is written.
struct required_t {};
inline constexpr required_t required{};

/// In a response's `describe`: S3 sends the element even if it has no value.
struct even_if_empty_t {};
inline constexpr even_if_empty_t even_if_empty{};

/// In `describe`: the element's text is optional, but a request is refused if it is present and empty.
struct never_empty_t {};
inline constexpr never_empty_t never_empty{};

template <class T>
concept open_enumeration = std::is_base_of_v<enumeration_text, T>;

/// Types whose empty value means absent.
template <class T>
concept text_like = std::is_same_v<T, std::string> || open_enumeration<T>;

/// Types that are written as a single text: all except structures and lists.
template <class T>
concept scalar = std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_integral_v<T> ||
                 std::is_same_v<T, timestamp> || std::is_same_v<T, customer_key> || std::is_same_v<T, secret_string> ||
                 std::is_same_v<T, copy_source> || open_enumeration<T>;

inline void to_wire(std::string& out, const std::string& v, timestamp_format) { out.append(v); }
inline void to_wire(std::string& out, bool v, timestamp_format) { out.append(v ? "true" : "false"); }
inline void to_wire(std::string& out, std::int32_t v, timestamp_format) { detail::append_integer(out, v); }
inline void to_wire(std::string& out, std::int64_t v, timestamp_format) { detail::append_integer(out, v); }
inline void to_wire(std::string& out, timestamp v, timestamp_format f) { out.append(format_timestamp(v, f)); }
inline void to_wire(std::string& out, const secret_string& v, timestamp_format) { out.append(v.reveal()); }
inline void to_wire(std::string& out, const customer_key& v, timestamp_format) {
  std::string text = detail::base64(detail::as_bytes(v.raw().reveal()));
  const detail::wiped_at_end secret{text};
  out.append(text);
}
inline void to_wire(std::string& out, const copy_source& v, timestamp_format) {
  detail::append_uri_encoded(out, v.bucket, detail::uri_part::path);
  out.append(copy_source::separator(v.bucket));
  detail::append_uri_encoded(out, v.key, detail::uri_part::path);
  if (v.version_id) detail::append_uri_encoded(out.append("?versionId="), *v.version_id, detail::uri_part::query);
}
inline void to_wire(std::string& out, const enumeration_text& v, timestamp_format) { out.append(v.str()); }

/// Types whose text must not stay in memory.
template <class T>
inline constexpr bool is_secret = std::is_same_v<T, secret_string> || std::is_same_v<T, customer_key>;

/// The value's text, written to `scratch`; valid until that changes.
template <class T>
std::string_view text_of(std::string& scratch, const T& v, timestamp_format format = timestamp_format::iso8601) {
  scratch.clear();
  to_wire(scratch, v, format);
  return scratch;
}

inline bool from_wire(std::string_view s, std::string& v) { return v.assign(s), true; }
inline bool from_wire(std::string_view s, bool& v) {
  v = detail::equal_ignoring_case(s, "true");
  return v || detail::equal_ignoring_case(s, "false");
}
template <class Int>
  requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool>)
bool from_wire(std::string_view s, Int& v) {
  return detail::read_integer(detail::trim(s), v);
}
inline bool from_wire(std::string_view s, timestamp& v) {
  const auto parsed = parse_timestamp(detail::trim(s));
  if (parsed) v = *parsed;
  return parsed.has_value();
}
inline bool from_wire(std::string_view s, secret_string& v) { return v = secret_string{s}, true; }
inline bool from_wire(std::string_view s, customer_key& v) {
  auto raw = detail::from_base64(s);
  if (raw) v = customer_key{secret_string{std::move(*raw)}};
  return raw.has_value();
}
inline bool from_wire(std::string_view s, copy_source& v) { return v.read_encoded(s); }
inline bool from_wire(std::string_view s, enumeration_text& v) { return v.assign(s), true; }

// --- what a member's type says about it ------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

/// The value of a member to write; null if the member is absent (an optional without a value, or an empty text).
template <class T>
const T* present(const T& member) noexcept { return &member; }
inline const std::string* present(const std::string& member) noexcept { return member.empty() ? nullptr : &member; }
template <open_enumeration T>
const T* present(const T& member) noexcept { return member.empty() ? nullptr : &member; }
template <class T>
const T* present(const std::optional<T>& member) noexcept { return member ? &*member : nullptr; }

/// The object to read a member's value into. An optional member gets a value if it has none.
template <class T>
T& value_of(T& member) { return member; }
template <class T>
T& value_of(std::optional<T>& member) { return member ? *member : member.emplace(); }

}  // namespace wire
}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/operation.hpp
// What is an operation? One declaration of a request and its response, from which both are written and read.
//
// Besides its members a request has a `response` type, a `spec`, and a function `describe`, which says for each member where in the
// HTTP message it goes. `describe` takes a visitor. The client's visitors write a request or read an answer, the embedded S3's do
// the opposite, and others compare, print or count. So no operation needs code of its own for any of this. A listing also says how
// to get from one page to the next; see client/pagers.hpp.
//
// `describe` calls these functions, which every visitor has:
//   uri(label, m)              a part of the path: "Bucket", or "Key", whose slashes are not encoded
//   query(name, m)             a query parameter
//   header(name, m)            a header; a list is one field, separated by commas
//   headers(prefix, m)         one header for each entry of a metadata member
//   status(m)                  the HTTP status of the answer
//   stream(m)                  the body, as bytes
//   text(m)                    the body, as text
//   payload(root, m)           the body, as an XML document that is this structure
//   root(name)                 the body is an XML document; the calls that follow declare its elements
//   root_text(name, m)         the body is an XML document that holds nothing but this value
//   element(name, m)           a child element; a list repeats it
//   list(name, item, m)        a child element around the items of a list; absent where there are none
//   url_element(name, m)       a child element that is percent-encoded where the answer says encoding-type=url
//   attribute(name, m)         an XML attribute, declared before any element
//   event(name, m)             an event, in an answer that is a stream of events: text is passed on as it comes, a structure is XML
//
// An optional without a value, an empty text and an empty list are not written. A last argument changes that:
//   required                   the API requires it: an empty query parameter or header is refused, an empty element is written, and
//                              an event must arrive
//   even_if_empty              in an answer: S3 sends the element even if it has no value
//   never_empty                an optional text in an element: refused if present but empty, as it always is in a query or header
//   by_default{"…"}            the value of a query parameter if the caller set none
// A last argument also names a date's format, if it is not the usual one (HTTP dates in headers, ISO 8601 elsewhere).

namespace s3store::inline S3STORE_ABI {

/// Does S3 accept, or require, a checksum of the request's body?
enum class request_checksum : std::uint8_t { none, supported, required };

enum class answer_body : std::uint8_t {
  document,  ///< read into memory, up to `settings::max_document` bytes, and decoded
  stream,    ///< passed to a sink as it arrives
};

struct operation_spec {
  std::string_view name{};  ///< as in the S3 API: "PutObject"
  http::method method{};
  std::string_view uri{};   ///< "/{Bucket}/{Key+}?uploads"
  std::string_view service{"s3"};    ///< the service in the endpoint's name and the signature
  std::string_view host_prefix{};    ///< a header whose value also becomes a prefix of the endpoint's host name
  request_checksum checksum{request_checksum::none};
  bool answer_checksum{};   ///< the answer carries the body's checksum when `x-amz-checksum-mode` asks for it
  bool unsigned_payload{};  ///< with payload_signing::automatic, do not sign the body over plain HTTP either
  answer_body answer{answer_body::document};
  int status{200};          ///< S3's status for success
};

/// A type that can be sent. It also needs `describe`, which the concept cannot check.
template <class R>
concept operation_request = requires {
  typename R::response;
  { R::spec } -> std::convertible_to<const operation_spec&>;
};

template <operation_request R>
using response_of = typename R::response;

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/encoded_request.hpp
// What is a request before it has an endpoint and a signature? Its HTTP parts: path, query, headers and body. Here are also the
// rules for which characters they may hold.

namespace s3store::inline S3STORE_ABI::wire {

/// The HTTP parts of a request, before endpoint and signature.
struct encoded_request {
  const operation_spec* spec{};
  std::string bucket{};
  std::string key{};         ///< percent-encoded, without a slash in front
  bool has_bucket{};
  bool has_key{};
  bool decode_urls{};        ///< decode keys that the answer says are encoded, because the caller did not ask for the encoding
  std::string host{};        ///< a prefix of the endpoint's host name, dot included
  std::string query{};       ///< percent-encoded, without its '?'
  headers fields{};
  std::string document{};    ///< the body, if it is XML or text
  const http::body* stream{};///< the body, if the caller supplied it
  error refused{};           ///< why the request can't be sent; kind `none`: it can

  /// Empties it but keeps the allocated memory.
  void clear() noexcept {
    for (std::string* const text : {&bucket, &key, &host, &query, &document}) text->clear();
    fields.clear();
    has_bucket = has_key = decode_urls = false;
    stream = nullptr;
    refused.kind = error_kind::none;
  }
  void refuse(std::string why) {
    if (refused.kind == error_kind::none) refused = detail::fail(error_kind::invalid_argument, std::move(why));
  }
};

/// Appends a parameter to a query; percent-encodes both name and value, which may be views of the query.
inline void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (detail::holds(query, name) || detail::holds(query, value)) return append_query(query, std::string(name), std::string(value));
  if (!query.empty()) query.push_back('&');
  detail::append_uri_encoded(query, name, detail::uri_part::query);
  query.push_back('=');
  detail::append_uri_encoded(query, value, detail::uri_part::query);
}

/// A header's value may hold no control character except tab (RFC 9110, section 5.5): a CR or LF would start another header.
constexpr bool is_header_value(std::string_view s) noexcept {
  for (const char c : s)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return false;
  return true;
}
constexpr bool is_ascii(std::string_view s) noexcept {
  for (const char c : s)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}
/// A header's name is a token (RFC 9110, section 5.6.2).
constexpr bool is_header_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) == std::string_view::npos) return false;
  return !s.empty();
}

/// Why the bucket name can't be part of a URL; empty if it can. Does not check AWS's naming rules, because other stores and old
/// buckets do not follow them.
inline std::string bucket_name_fault(std::string_view name) {
  if (name.empty()) return "the bucket name is empty";
  if (name.size() > 255) return "the bucket name is longer than 255 bytes";
  for (const char c : name)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && c != '.' && c != '-' && c != '_')
      return detail::concat({"the bucket name \"", name, "\" holds a character other than letters, digits, '.', '-' and '_'"});
  if (name == "." || name == "..") return detail::concat({"the bucket name is \"", name, "\""});
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/auth/chain.hpp
// Which of several providers is used? The first that has credentials. If one fails, the search ends with its error, since
// credentials of a later one are not those that the user meant.

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

/// A list of providers; chained_machines is the list of their machines.
template <class... Ps>
struct chained_providers {};
template <class P, class... Rest>
struct chained_providers<P, Rest...> {
  chained_providers() = default;
  explicit chained_providers(P one, Rest... others) : first(std::move(one)), rest(std::move(others)...) {}
  P first;
  chained_providers<Rest...> rest;
};

template <class... Ps>
struct chained_machines {
  explicit chained_machines(const chained_providers<>&) noexcept {}
};
template <class P, class... Rest>
struct chained_machines<P, Rest...> {
  explicit chained_machines(const chained_providers<P, Rest...>& from) : first(from.first.fetch()), rest(from.rest) {}

  /// Calls `f` with the machine at that place.
  template <class F>
  auto visit(std::size_t at, F&& f) {
    if constexpr (sizeof...(Rest) != 0)
      if (at != 0) return rest.visit(at - 1, f);
    return f(first);
  }

  fetch_of<P> first;
  chained_machines<Rest...> rest;
};

}  // namespace detail

/// A provider made of providers. If none has credentials, it fails with an error that names all that was tried and is a `none_here`
/// itself, so that a chain can be part of another one. `fetch` makes the machines of all providers, but each runs only when its
/// turn comes. The chain must outlive its machine.
template <credentials_provider... Ps>
class credentials_chain {
  static_assert(sizeof...(Ps) != 0, "a credentials_chain needs at least one provider");

 public:
  credentials_chain() requires(std::default_initializable<Ps>&&...) = default;
  explicit credentials_chain(Ps... each) : each_(std::move(each)...) {}

  class machine_type {
   public:
    using value_type = credentials;

    explicit machine_type(const credentials_chain& of) : machines_(of.each_) {}
    machine_type(const machine_type&) = delete;
    machine_type& operator=(const machine_type&) = delete;

    sans_io::step next(instants now) {
      while (!unanswered_) {
        auto answer = machines_.visit(at_, [&](auto& m) { return m.next(now); });
        if (!std::holds_alternative<sans_io::done>(answer)) return answer;
        found_ = machines_.visit(at_, [](auto& m) { return m.finish(); });
        if (found_ || !is_none_here(found_.error())) return sans_io::done{};
        tried_.append(tried_.empty() ? "" : "; ").append(found_.error().message);
        if (++at_ != sizeof...(Ps)) continue;
        found_ = none_here(detail::concat({"no credentials: ", tried_}));
        return sans_io::done{};
      }
      return sans_io::done{};
    }
    result<credentials> finish() { return std::move(found_); }

    void sent(http::outcome o) {
      machines_.visit(at_, [&](auto& m) { return m.sent(std::move(o)); });
    }
    void local_done(result<sans_io::local_output> out) {
      machines_.visit(at_, [&]<class M>([[maybe_unused]] M& m) {
        if constexpr (sans_io::does_local_tasks<M>) {
          m.local_done(std::move(out));
        } else {
          found_ = sans_io::unanswerable("local_done");
          unanswered_ = true;
        }
      });
    }

   private:
    detail::chained_machines<Ps...> machines_;
    std::size_t at_{};
    std::string tried_{};
    bool unanswered_{};
    result<credentials> found_{s3store::detail::no_value_yet{}};
  };

  auto fetch() const { return machine_type{*this}; }

 private:
  detail::chained_providers<Ps...> each_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/config/files.hpp
// Where are the files that settings come from, and what do they hold? In ~/.aws, unless a variable names another place.

namespace s3store::inline S3STORE_ABI::config {

namespace detail {
using namespace s3store::detail;
struct file_closer {
  void operator()(std::FILE* f) const noexcept { static_cast<void>(std::fclose(f)); }
};
inline constexpr std::size_t small_file = std::size_t{1} << 20;
}  // namespace detail

/// The bytes of a small file; nothing if there is no such file. Fails with error_kind::io if it cannot be read or has more than
/// `max_bytes` bytes. The text may hold a secret: no other copy of it is left in memory.
inline result<std::optional<std::string>> read_file_if_present(const std::string& path,
                                                               std::size_t max_bytes = detail::small_file) {
  const auto broken = [&path](int code) {
    return detail::fail(error_kind::io, {"cannot read the file ", path, ": ", std::generic_category().message(code)});
  };
  errno = 0;
  const detail::owned<std::FILE, detail::file_closer> file{std::fopen(path.c_str(), "rb")};
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
  if (!file) return broken(errno);
  std::setvbuf(file.get(), nullptr, _IONBF, 0);  // stdio's own buffer would keep a copy
  std::string text(4096, '\0');
  std::size_t size = 0;
  for (;;) {
    const std::size_t got = std::fread(text.data() + size, 1, text.size() - size, file.get());
    if (got == 0) break;
    size += got;
    if (size > max_bytes) {
      detail::wipe(text.data(), size);
      return detail::fail(error_kind::io, {"the file ", path, " is larger than the ", detail::decimal(max_bytes), " bytes accepted"});
    }
    if (size != text.size()) continue;
    std::string larger(2 * size, '\0');
    larger.replace(0, size, text);
    detail::wipe(text.data(), size);
    text = std::move(larger);
  }
  if (std::ferror(file.get())) {
    const int why = errno;
    detail::wipe(text.data(), size);
    return broken(why);
  }
  text.resize(size);
  return std::optional<std::string>{std::move(text)};
}

/// The same, but also fails with error_kind::io if there is no such file.
inline result<std::string> read_file(const std::string& path, std::size_t max_bytes = detail::small_file) {
  auto text = read_file_if_present(path, max_bytes);
  if (!text) return std::move(text.error());
  if (!*text) return detail::fail(error_kind::io, {"there is no file ", path});
  return std::move(**text);
}

/// HOME, or USERPROFILE if that is unset, as on Windows; nothing if both are unset or empty.
inline std::optional<std::string> home_directory(const environment& env) {
  auto home = env.get_nonempty("HOME");
  return home ? home : env.get_nonempty("USERPROFILE");
}

/// Replaces a `~` that is the whole path or is followed by a slash by the home directory; unchanged if there is no home directory.
inline std::string expand_home(std::string_view path, const environment& env) {
  const bool tilde = path == "~" || path.starts_with("~/");
  const auto home = tilde ? home_directory(env) : std::nullopt;
  return home ? detail::concat({*home, path.substr(1)}) : std::string(path);
}

namespace detail {
inline std::optional<std::string> shared_file(const environment& env, std::string_view variable, std::string_view in_home) {
  if (const auto named = env.get_nonempty(variable)) return expand_home(*named, env);
  if (const auto home = home_directory(env)) return detail::concat({*home, in_home});
  return std::nullopt;
}
}  // namespace detail

/// AWS_CONFIG_FILE, or ~/.aws/config; nothing if there is neither such a variable nor a home directory.
inline std::optional<std::string> shared_config_path(const environment& env) {
  return detail::shared_file(env, "AWS_CONFIG_FILE", "/.aws/config");
}
/// AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/credentials; nothing if there is neither such a variable nor a home directory.
inline std::optional<std::string> shared_credentials_path(const environment& env) {
  return detail::shared_file(env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
}

/// AWS_PROFILE; nothing if it is unset. The profile is then "default", which, unlike a named one, need not exist.
inline std::optional<std::string> chosen_profile(const environment& env) { return env.get_nonempty("AWS_PROFILE"); }

}  // namespace s3store::inline S3STORE_ABI::config

// ---- s3store/config/ini.hpp
// What is in ~/.aws/config and ~/.aws/credentials? Sections of settings, in the format that all AWS tools share.
//
//   [profile build]            # a comment
//   region = eu-central-1
//   s3 =
//     addressing_style = path
//
// The rules are those of the AWS SDKs and Tools Reference Guide (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html),
// and where the guide says nothing, botocore's:
//   - A line that starts with # or ; is a comment. Elsewhere these characters are part of a value.
//   - A line that is indented deeper than its key continues that key's value. If the key's own line has no value, such lines are
//     nested properties.
//   - A section or key may occur several times; the last value counts. (Here botocore refuses the file; other SDKs merge.)

namespace s3store::inline S3STORE_ABI::config {

/// One `[...]` and what follows it. Values may be secrets, so their memory is overwritten with the section; case does not count in
/// the names of keys.
class ini_section {
 public:
  struct property {
    std::string key{};  ///< in lower case
    secret_string value{};
    std::vector<property> nested{};  ///< the indented properties, where the key's own line has no value
  };

  std::string kind{};  ///< "profile", "sso-session" or "services"; empty if the header is only a name
  std::string name{};  ///< without quotes
  std::vector<property> properties{};

  /// A value; empty for a key that has nested properties, nothing if the key is absent. Valid until the section changes.
  std::optional<std::string_view> get(std::string_view key) const noexcept { return value_in(properties, key); }

  /// The value of a nested property: get("s3", "addressing_style").
  std::optional<std::string_view> get(std::string_view key, std::string_view nested) const noexcept {
    const property* const p = find_in(properties, key);
    return p ? value_in(p->nested, nested) : std::nullopt;
  }

  /// Adds an empty property, or empties the one of that key. Valid until the next one is added.
  static property& put(std::vector<property>& into, std::string_view key) {
    for (property& p : into)
      if (detail::equal_ignoring_case(p.key, key)) return p = {detail::lower_case(key), {}, {}};
    return into.emplace_back(property{detail::lower_case(key), {}, {}});
  }

 private:
  static const property* find_in(const std::vector<property>& in, std::string_view key) noexcept {
    for (const property& p : in)
      if (detail::equal_ignoring_case(p.key, key)) return &p;
    return nullptr;
  }
  static std::optional<std::string_view> value_in(const std::vector<property>& in, std::string_view key) noexcept {
    const property* const p = find_in(in, key);
    if (!p) return std::nullopt;
    return p->value.reveal();
  }
};

/// A file's sections, in the order in which each occurs first.
class ini_document {
 public:
  std::vector<ini_section> sections{};

  /// The section with that header, where case counts; null if there is none. Valid until `sections` changes.
  const ini_section* find(std::string_view kind, std::string_view name) const noexcept {
    for (const ini_section& s : sections)
      if (s.kind == kind && s.name == name) return &s;
    return nullptr;
  }
  /// `[name]`, as the credentials file names a profile.
  const ini_section* find(std::string_view name) const noexcept { return find("", name); }
  /// `[profile name]`, as the config file names a profile; for "default" also `[default]`, if there is no `[profile default]`.
  const ini_section* profile(std::string_view name) const noexcept {
    const ini_section* const found = find("profile", name);
    return !found && name == "default" ? find("", name) : found;
  }
};

namespace detail {
using namespace s3store::detail;

class ini_parser {
 public:
  explicit ini_parser(std::string_view text) noexcept : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  result<ini_document> run() {
    detail::split(text_, '\n', [this](std::string_view line) {
      ++line_;
      if (!problem_) read(line);
    });
    if (!problem_) end_property();
    if (problem_)
      return detail::fail(error_kind::configuration, {"line ", detail::decimal(problem_line_), " must be ", problem_});
    return std::move(out_);
  }

 private:
  void refuse(const char* accepted, std::size_t line) noexcept {
    problem_ = accepted;
    problem_line_ = line;
  }

  static bool is_comment(std::string_view content) noexcept { return content.starts_with('#') || content.starts_with(';'); }

  void read(std::string_view line) {
    const auto content = detail::trim(line);
    if (content.empty() || is_comment(content)) return;
    const std::size_t indent = line.find_first_not_of(" \t\r");
    if (value_.data() && indent > indent_) return extend_value(content);
    end_property();
    if (problem_) return;
    indent_ = indent;
    if (content.front() == '[') return header(content);
    if (section_ == none) return refuse("a section's name, as in [default]", line_);
    const auto equals = content.find_first_of("=:");
    key_ = detail::trim(content.substr(0, equals));
    if (equals == std::string_view::npos || key_.empty()) return refuse("key = value, a [section], or a # comment", line_);
    value_ = content.substr(equals + 1);
    key_line_ = line_;
  }

  /// The value goes on to the end of `content`, which stands in the same text.
  void extend_value(std::string_view content) noexcept {
    value_ = {value_.data(), static_cast<std::size_t>(content.data() + content.size() - value_.data())};
  }

  /// Makes a property of the lines since the last key.
  void end_property() {
    if (!value_.data()) return;
    auto& p = ini_section::put(out_.sections[section_].properties, key_);
    const bool nested = detail::trim(value_.substr(0, value_.find('\n'))).empty();
    std::string value;
    value.reserve(value_.size());  // growing would leave copies of a secret in freed memory
    std::size_t number = key_line_;
    value.reserve(value_.size());  // so that no outgrown memory keeps a part of it
    detail::split(value_, '\n', [&](std::string_view line) {
      const auto content = detail::trim(line);
      const std::size_t at = number++;
      if (problem_ || (at != key_line_ && is_comment(content)) || (nested && content.empty())) return;
      if (!nested) {
        value.append(value.empty() ? "" : "\n").append(content);
        return;
      }
      const auto equals = content.find('=');
      const auto key = detail::trim(content.substr(0, equals));
      if (equals == std::string_view::npos || key.empty()) return refuse("an indented key = value", at);
      ini_section::put(p.nested, key).value = detail::trim(content.substr(equals + 1));
    });
    if (!nested) p.value = secret_string{std::move(value)};
    value_ = {};
  }

  /// `[name]`, `[kind name]` or `[kind "a name"]`; only a comment may follow.
  void header(std::string_view line) {
    constexpr const char* accepted = "a section's name in brackets, as in [profile name], and behind it only a comment";
    std::size_t end = 1;
    for (char quote = '\0'; end != line.size() && (quote != '\0' || line[end] != ']'); ++end) {
      if (line[end] == quote) {
        quote = '\0';
      } else if (quote == '\0' && (line[end] == '"' || line[end] == '\'')) {
        quote = line[end];
      }
    }
    if (end == line.size()) return refuse(accepted, line_);
    const auto behind = detail::trim(line.substr(end + 1));
    const auto inside = detail::trim(line.substr(1, end - 1));
    if (inside.empty() || (!behind.empty() && behind.front() != '#' && behind.front() != ';')) return refuse(accepted, line_);
    const auto blank = inside.find_first_of(" \t");
    const auto kind = inside.substr(0, blank);
    const auto name = blank == std::string_view::npos ? std::string_view{} : one_word(detail::trim(inside.substr(blank)));
    // Anything else, such as an unquoted name of two words or an unknown kind, is kept as a name; it then is no profile.
    if (!name.empty() && (kind == "profile" || kind == "sso-session" || kind == "services")) return enter(kind, name);
    const auto whole = one_word(inside);
    enter({}, whole.empty() ? inside : whole);
  }

  /// A single word, or the text inside one pair of quotes; empty if `s` is neither.
  static std::string_view one_word(std::string_view s) noexcept {
    if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.find(s.front(), 1) == s.size() - 1)
      return s.substr(1, s.size() - 2);
    return s.find_first_of(" \t\"'") == std::string_view::npos ? s : std::string_view{};
  }

  void enter(std::string_view kind, std::string_view name) {
    section_ = 0;
    for (const ini_section& s : out_.sections) {
      if (s.kind == kind && s.name == name) return;
      ++section_;
    }
    ini_section& added = out_.sections.emplace_back();
    added.kind = kind;
    added.name = name;
  }

  static constexpr std::size_t none = ~std::size_t{0};

  std::string_view text_;
  ini_document out_{};
  std::size_t line_{};
  std::size_t section_{none};  // index in `out_.sections`
  std::string_view key_{};
  std::string_view value_{};  // of `key_`: the rest of its line, and the lines that continue it; null if there is no key yet
  std::size_t key_line_{};
  std::size_t indent_{};  // of the line of `key_`
  const char* problem_{};
  std::size_t problem_line_{};
};

}  // namespace detail

/// Reads the text of such a file. Fails with error_kind::configuration; the message names the line and what is accepted there, and
/// never quotes the file.
inline result<ini_document> parse_ini(std::string_view text) { return detail::ini_parser{text}.run(); }

}  // namespace s3store::inline S3STORE_ABI::config

// ---- s3store/auth/providers.hpp
// Which credentials does this computer have? Those of the environment, else those of the profile in the shared files.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

/// `key`, a setting in `place`, says that credentials come from somewhere that the library cannot ask yet.
inline error not_supported(std::string_view place, std::string_view key) {
  return detail::fail(error_kind::credentials,
                      {place, " has ", key, ", which says where credentials come from, and this version of the library cannot get them from there"});
}

/// The first key of a profile that says that its credentials come from elsewhere; empty if none does.
/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
inline std::string_view key_for_elsewhere(const config::ini_section& profile) noexcept {
  for (const config::ini_section::property& p : profile.properties) {
    if (p.value.reveal().empty()) continue;  // as an empty variable, it is not there
    for (const std::string_view key :
         {"role_arn", "source_profile", "credential_source", "web_identity_token_file", "credential_process", "login_session"})
      if (p.key == key) return p.key;
    if (p.key.starts_with("sso_")) return p.key;
  }
  return {};
}
}  // namespace detail

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and AWS_CREDENTIAL_EXPIRATION (a date), read at every fetch. Fails
/// with error_kind::credentials if only one of the keys is set, if one of the three is white space alone, or if there are no keys
/// and AWS_WEB_IDENTITY_TOKEN_FILE says where others come from; and with error_kind::configuration if the date is malformed.
class environment_credentials {
 public:
  explicit environment_credentials(environment from = environment::process()) : from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<environment_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    constexpr credential_names named{"the environment", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    const auto take = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    credentials out{take(named.access_key_id), take(named.secret_access_key), take(named.session_token)};
    if (auto whole = check_complete(out, named); !whole) return std::move(whole.error());
    if (out.anonymous()) {
      // The AWS SDKs look for the role before the profiles, so the keys of a profile are not those that were meant.
      if (from_.get_nonempty("AWS_WEB_IDENTITY_TOKEN_FILE"))
        return detail::not_supported("the environment", "AWS_WEB_IDENTITY_TOKEN_FILE");
      return none_here("the environment has no AWS_ACCESS_KEY_ID");
    }
    if (const auto expires = from_.get_nonempty("AWS_CREDENTIAL_EXPIRATION")) {
      out.expires = parse_timestamp(*expires);
      if (!out.expires)
        return detail::fail(error_kind::configuration, "AWS_CREDENTIAL_EXPIRATION must be a date such as 2030-01-31T12:00:00Z");
    }
    return out;
  }

 private:
  environment from_;
};

/// The static keys of a profile, from the credentials file, else from the config file; read at every fetch. Fails with
/// error_kind::credentials if only one of the keys is there, or if the profile, in either file, has a key that says that its
/// credentials come from elsewhere (role_arn, sso_session, credential_process and the like), even if it has keys, too; with
/// error_kind::configuration if a file is malformed or a profile that was asked for by name is missing; and with error_kind::io if
/// a file cannot be read.
class profile_credentials {
 public:
  /// `profile`: if empty, the one that AWS_PROFILE names, else "default".
  explicit profile_credentials(std::string profile = {}, environment from = environment::process())
      : profile_(std::move(profile)), from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<profile_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    std::string name = profile_;
    if (auto chosen = name.empty() ? config::chosen_profile(from_) : std::nullopt) name = std::move(*chosen);
    const bool is_chosen = !name.empty();
    if (!is_chosen) name = "default";
    const auto credentials_file = config::shared_credentials_path(from_), config_file = config::shared_config_path(from_);
    bool exists = false;
    std::string looked;
    credentials found;
    for (const auto* path : {&credentials_file, &config_file}) {
      if (!*path) continue;
      looked.append(looked.empty() ? "" : " or ").append(**path);
      auto file = read(**path);
      if (!file) return result<credentials>::failed_as(std::move(file));
      const config::ini_section* const section = path == &config_file ? file->profile(name) : file->find(name);
      if (!section) continue;
      exists = true;
      const std::string place = detail::concat({"the profile \"", name, "\" in ", **path});
      if (const auto key = detail::key_for_elsewhere(*section); !key.empty()) return detail::not_supported(place, key);
      if (!found.anonymous()) continue;
      constexpr std::string_view id = "aws_access_key_id", secret = "aws_secret_access_key", token = "aws_session_token";
      const auto take = [section](std::string_view key) { return section->get(key).value_or(std::string_view{}); };
      found = {std::string(take(id)), take(secret), take(token)};
      if (auto whole = check_complete(found, {place, id, secret, token}); !whole) return std::move(whole.error());
    }
    if (!found.anonymous()) return found;
    if (looked.empty()) return none_here("there is no home directory to look for profiles in");
    if (exists) return none_here(detail::concat({"the profile \"", name, "\" in ", looked, " has no aws_access_key_id"}));
    if (is_chosen) return detail::fail(error_kind::configuration, {"there is no profile \"", name, "\" in ", looked});
    return none_here(detail::concat({"there is no profile \"", name, "\" in ", looked}));
  }

 private:
  /// An empty document if there is no file.
  static result<config::ini_document> read(const std::string& path) {
    auto text = config::read_file_if_present(path);
    if (!text) return result<config::ini_document>::failed_as(std::move(text));
    if (!*text) return config::ini_document{};
    auto parsed = config::parse_ini(**text);
    detail::wipe((*text)->data(), (*text)->size());
    if (!parsed) parsed.error().message = detail::concat({"cannot read ", path, ": ", parsed.error().message});
    return parsed;
  }

  std::string profile_;
  environment from_;
};

/// Where a client looks if it is given no provider.
using default_credentials = credentials_chain<environment_credentials, profile_credentials>;

}  // namespace s3store::inline S3STORE_ABI::auth

// ---- s3store/crypto/crc_tables.hpp
// What is a CRC, as arithmetic? The remainder of the message, taken as a polynomial over GF(2), modulo a polynomial P.
//
// A reflected CRC of W bits is a polynomial of degree < W: the top bit of the integer is the coefficient of x^0, the lowest bit
// that of x^(W-1). The bits of a byte of the message have the same order, so the state is added (xor) to the next bytes. Only the
// three polynomials are given here; all tables and constants are computed from them.

namespace s3store::inline S3STORE_ABI::crypto {

/// CRC-32 of IEEE 802.3, gzip and zlib (0x04C11DB7, reflected).
struct crc32_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0xEDB88320;
};
/// CRC-32C (Castagnoli), as in iSCSI (0x1EDC6F41, reflected).
struct crc32c_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0x82F63B78;
};
/// CRC-64/NVME of the NVM Express specification (0xAD93D23594C93659, reflected).
struct crc64nvme_polynomial {
  using value_type = std::uint64_t;
  static constexpr value_type value = 0x9A6C9329AC4BC9B5;
};

namespace detail {

template <class P>
inline constexpr int crc_bits = std::numeric_limits<typename P::value_type>::digits;

/// A polynomial as a value, so that the same code serves all of them. A remainder of any width is in the lower bits of 64.
struct crc_polynomial {
  std::uint64_t value{};
  int bits{};

  /// The polynomial x^n for n < W.
  constexpr std::uint64_t monomial(int n) const noexcept { return std::uint64_t{1} << (bits - 1 - n); }

  /// a * x mod P.
  constexpr std::uint64_t times_x(std::uint64_t a) const noexcept { return (a >> 1) ^ ((a & 1) != 0 ? value : 0); }

  /// a * b mod P.
  constexpr std::uint64_t product(std::uint64_t a, std::uint64_t b) const noexcept {
    std::uint64_t sum{};
    for (int n = 0; n != bits; ++n, b = times_x(b))
      if ((a & monomial(n)) != 0) sum ^= b;
    return sum;
  }

  /// a^n mod P, by squaring.
  constexpr std::uint64_t power(std::uint64_t a, std::uint64_t n) const noexcept {
    std::uint64_t result = monomial(0);
    for (; n != 0; n >>= 1, a = product(a, a))
      if ((n & 1) != 0) result = product(result, a);
    return result;
  }
};

template <class P>
inline constexpr crc_polynomial crc_polynomial_of{P::value, crc_bits<P>};

/// Ways to compute a CRC, from slow to fast. Each needs more of the CPU than the one before it.
enum class crc_path : std::uint8_t {
  portable,      ///< table look-ups, 16 bytes at a time
  instructions,  ///< the CPU's CRC instruction, if it has one for the polynomial, else tables
  folding,       ///< carry-less products, 16 bytes at a time
  wide_folding,  ///< the same, 64 bytes at a time
};

/// Two factors that move the halves of a 128-bit lane `distance` bits ahead. A lane is a polynomial of degree < 128, whose low half
/// has the higher powers. The carry-less product of two reflected 64-bit integers has 127 bits, so that as a lane it is multiplied
/// by one x too many. Hence the factors are x^(distance + 64 - 1) and x^(distance - 1) mod P. If P has 32 bits, they are in the
/// upper bits of 64.
struct crc_factors {
  std::uint64_t low{};
  std::uint64_t high{};

  crc_factors() = default;
  constexpr crc_factors(const crc_polynomial& p, std::uint64_t distance) noexcept
      : low(p.power(p.monomial(1), distance + 63) << (64 - p.bits)), high(p.power(p.monomial(1), distance - 1) << (64 - p.bits)) {}
};

/// The tables of one polynomial, made at its first use.
struct crc_tables {
  crc_polynomial polynomial;
  std::uint64_t after[16][256]{};  ///< after[k][b]: the remainder of byte b followed by k zero bytes
  crc_factors by_128;
  crc_factors by_512;
  crc_factors by_2048;

  explicit crc_tables(const crc_polynomial& p) noexcept : polynomial(p), by_128(p, 128), by_512(p, 512), by_2048(p, 2048) {
    for (unsigned b = 0; b != 256; ++b) {
      std::uint64_t remainder = b;
      for (int bit = 0; bit != 8; ++bit) remainder = p.times_x(remainder);
      after[0][b] = remainder;
    }
    for (int k = 1; k != 16; ++k)
      for (int b = 0; b != 256; ++b) after[k][b] = step(after[k - 1][b], 0);
  }

  /// The state after one more byte.
  std::uint64_t step(std::uint64_t state, std::uint8_t byte) const noexcept {
    return after[0][(state ^ byte) & 0xff] ^ (state >> 8);
  }

  /// The remainder of a little-endian word of eight bytes followed by `zeros` zero bytes.
  std::uint64_t word(std::uint64_t w, int zeros) const noexcept {
    const auto* const t = after + zeros;
    return t[7][w & 0xff] ^ t[6][w >> 8 & 0xff] ^ t[5][w >> 16 & 0xff] ^ t[4][w >> 24 & 0xff] ^  //
           t[3][w >> 32 & 0xff] ^ t[2][w >> 40 & 0xff] ^ t[1][w >> 48 & 0xff] ^ t[0][w >> 56];
  }
};

template <class P>
const crc_tables& crc_tables_of() noexcept {
  static const crc_tables tables{crc_polynomial_of<P>};
  return tables;
}

inline std::uint64_t load_little(const std::byte* p) noexcept {
  std::uint64_t w{};
  std::memcpy(&w, p, sizeof w);
  if constexpr (std::endian::native == std::endian::big) {
    std::uint64_t swapped{};
    for (int i = 0; i != 8; ++i, w >>= 8) swapped = swapped << 8 | (w & 0xff);
    return swapped;
  }
  return w;
}

inline std::uint64_t crc_by_table(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  for (; n >= 16; p += 16, n -= 16) state = tables.word(load_little(p) ^ state, 8) ^ tables.word(load_little(p + 8), 0);
  if (n >= 8) {
    state = tables.word(load_little(p) ^ state, 0);
    p += 8, n -= 8;
  }
  // A 64-bit word covers the whole state, whatever its width; a single byte covers only a part, so `step` shifts in the rest.
  for (; n != 0; ++p, --n) state = tables.step(state, static_cast<std::uint8_t>(*p));
  return state;
}

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI::crypto

// ---- s3store/crypto/crc_arm.hpp
// Which instructions does AArch64 have for a CRC? PMULL (carry-less product), and crc32x and crc32cx for the two 32-bit
// polynomials.
//
// This is assembly, because GCC and Clang have different names for the builtins and target attributes. The .arch_extension
// directive is for the assembler only; crc_fold.hpp asks the CPU before it uses an instruction. Some CPUs (Raspberry Pi 4) have the
// CRC instructions but no PMULL.

#if defined(__GNUC__) && defined(__AARCH64EL__)

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define S3STORE_CRC_TARGET

namespace s3store::inline S3STORE_ABI::crypto::detail {

/// For both 32-bit polynomials.
inline bool crc_has_instruction(const crc_tables& tables) noexcept { return tables.polynomial.bits == 32; }

inline crc_path crc_cpu_path() noexcept {
#if defined(__APPLE__)
  return crc_path::folding;
#elif defined(__linux__)
  constexpr unsigned long pmull = 1UL << 4, crc32 = 1UL << 7;  // the kernel's HWCAP_PMULL and HWCAP_CRC32
  const unsigned long has = getauxval(AT_HWCAP);
  if ((has & crc32) == 0) return crc_path::portable;
  return (has & pmull) != 0 ? crc_path::folding : crc_path::instructions;
#else
  return crc_path::portable;
#endif
}

/// The state after n more bytes, computed with the CPU's CRC instruction.
inline std::uint64_t crc_by_instruction(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  if (tables.polynomial.value == crc32c_polynomial::value) {
    for (; n >= 8; p += 8, n -= 8) asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(load_little(p)));
    for (; n != 0; ++p, --n)
      asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(*p)));
  } else {
    for (; n >= 8; p += 8, n -= 8) asm(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(state) : "r"(load_little(p)));
    for (; n != 0; ++p, --n) asm(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(*p)));
  }
  return state;
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Multiplies each half of the lane by its factor and adds (xor) the products.
__attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  crc_lane low, high;
  asm(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d" : "=w"(low) : "w"(x), "w"(factors));
  asm(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d" : "=w"(high) : "w"(x), "w"(factors));
  return low ^ high;
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#endif

// ---- s3store/crypto/crc_x86.hpp
// Which instructions does x86-64 have for a CRC? PCLMULQDQ (carry-less product), VPCLMULQDQ (four of them at once, with AVX-512),
// and SSE4.2's crc32, but only for CRC-32C.
//
// Uses compiler builtins, without <immintrin.h>. The target attribute lets a single function use instructions that the rest of the
// program must not use; crc_fold.hpp asks the CPU before it calls such a function.

#if defined(__GNUC__) && defined(__x86_64__)

#include <cstddef>
#include <cstdint>
#include <cstring>

#define S3STORE_CRC_TARGET __attribute__((target("pclmul,sse4.2")))
#define S3STORE_CRC_WIDE_TARGET __attribute__((target("avx512f,vpclmulqdq")))

namespace s3store::inline S3STORE_ABI::crypto::detail {

/// For CRC-32C only.
inline bool crc_has_instruction(const crc_tables& tables) noexcept { return tables.polynomial.value == crc32c_polynomial::value; }

inline crc_path crc_cpu_path() noexcept {
  __builtin_cpu_init();  // a static object's constructor may get here before the compiler has done this itself
  if (!__builtin_cpu_supports("sse4.2")) return crc_path::portable;
  if (!__builtin_cpu_supports("pclmul")) return crc_path::instructions;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
  return wide ? crc_path::wide_folding : crc_path::folding;
}

/// The state after n more bytes, computed with the CPU's CRC instruction.
__attribute__((target("sse4.2"))) inline std::uint64_t crc_by_instruction(const crc_tables&, std::uint64_t state,
                                                                          const std::byte* p, std::size_t n) noexcept {
  for (; n >= 8; p += 8, n -= 8) state = __builtin_ia32_crc32di(state, load_little(p));
  for (; n != 0; ++p, --n) state = __builtin_ia32_crc32qi(static_cast<std::uint32_t>(state), static_cast<std::uint8_t>(*p));
  return state;
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Multiplies each half of the lane by its factor and adds (xor) the products.
S3STORE_CRC_TARGET __attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  return __builtin_ia32_pclmulqdq128(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq128(x, factors, 0x11);
}

typedef long long crc_wide_lane __attribute__((vector_size(64)));

S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline crc_wide_lane crc_wide_load(const void* p) noexcept {
  crc_wide_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

/// Folds `x` onto the lane at `p`.
S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline void crc_wide_fold(crc_wide_lane& x, const crc_wide_lane& factors,
                                                                                const void* p) noexcept {
#if defined(__clang__)
  x = __builtin_ia32_pclmulqdq512(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq512(x, factors, 0x11) ^ crc_wide_load(p);
#else
  x = __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x00) ^ __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x11) ^ crc_wide_load(p);
#endif
}

/// Folds all whole blocks of 256 bytes into 256 bytes with the same remainder; there must be at least one block. Returns how many
/// bytes were taken.
S3STORE_CRC_WIDE_TARGET inline std::size_t crc_fold_wide(const crc_tables& tables, std::uint64_t state, const std::byte* p,
                                                         std::size_t n, std::byte* folded) noexcept {
  const auto l = static_cast<long long>(tables.by_2048.low), h = static_cast<long long>(tables.by_2048.high);
  const crc_wide_lane by_2048{l, h, l, h, l, h, l, h};
  crc_wide_lane a = crc_wide_load(p) ^ crc_wide_lane{static_cast<long long>(state)};
  crc_wide_lane b = crc_wide_load(p + 64), c = crc_wide_load(p + 128), d = crc_wide_load(p + 192);
  std::size_t taken = 256;
  for (; n - taken >= 256; taken += 256) {
    crc_wide_fold(a, by_2048, p + taken);
    crc_wide_fold(b, by_2048, p + taken + 64);
    crc_wide_fold(c, by_2048, p + taken + 128);
    crc_wide_fold(d, by_2048, p + taken + 192);
  }
  const crc_wide_lane block[] = {a, b, c, d};
  std::memcpy(folded, block, sizeof block);
  return taken;
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#endif

// ---- s3store/crypto/crc_fold.hpp
// How is a CRC computed with the CPU's instructions? By folding, with one kernel for all polynomials and both architectures.
//
// Folding moves a lane of 16 bytes ahead by a fixed distance, which takes two carry-less products with powers of x mod P, and adds
// it (xor) to the bytes there. Four independent lanes hide the latency of the products. In the end, 16 bytes are left that have the
// same remainder as the whole message, and they are handled like any short message. The wide kernel does the same with 256 bytes at
// a time, and leaves 256 bytes to this one.

namespace s3store::inline S3STORE_ABI::crypto::detail {

#if defined(S3STORE_CRC_TARGET)

/// For a few bytes, where folding is not worth it.
inline std::uint64_t crc_short(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  return crc_has_instruction(tables) ? crc_by_instruction(tables, state, p, n) : crc_by_table(tables, state, p, n);
}

__attribute__((always_inline)) inline crc_lane crc_load(const void* p) noexcept {
  crc_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

S3STORE_CRC_TARGET inline std::uint64_t crc_by_folding(const crc_tables& tables, std::uint64_t state, const std::byte* p,
                                                       std::size_t n) noexcept {
  if (n < 32) return crc_short(tables, state, p, n);
  const crc_lane by_128 = crc_load(&tables.by_128);
  crc_lane a = crc_load(p) ^ crc_lane{static_cast<long long>(state), 0};
  p += 16, n -= 16;
  if (n >= 64 + 48) {
    const crc_lane by_512 = crc_load(&tables.by_512);
    crc_lane b = crc_load(p), c = crc_load(p + 16), d = crc_load(p + 32);
    for (p += 48, n -= 48; n >= 64; p += 64, n -= 64) {
      a = crc_fold(a, by_512) ^ crc_load(p);
      b = crc_fold(b, by_512) ^ crc_load(p + 16);
      c = crc_fold(c, by_512) ^ crc_load(p + 32);
      d = crc_fold(d, by_512) ^ crc_load(p + 48);
    }
    b ^= crc_fold(a, by_128);
    c ^= crc_fold(b, by_128);
    a = crc_fold(c, by_128) ^ d;
  }
  for (; n >= 16; p += 16, n -= 16) a = crc_fold(a, by_128) ^ crc_load(p);
  std::byte folded[16];
  std::memcpy(folded, &a, sizeof folded);
  return crc_short(tables, crc_short(tables, 0, folded, sizeof folded), p, n);
}

#else
inline crc_path crc_cpu_path() noexcept { return crc_path::portable; }
#endif

/// The state after n more bytes, computed on the fastest path that this CPU has, but none faster than `at_most`.
inline std::uint64_t crc_advance(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n,
                                 crc_path at_most) noexcept {
#if defined(S3STORE_CRC_TARGET)
  static const crc_path cpu = crc_cpu_path();
  const crc_path path = at_most < cpu ? at_most : cpu;
#if defined(S3STORE_CRC_WIDE_TARGET)
  if (path == crc_path::wide_folding && n >= 1024) {  // below, the extra pass over 256 bytes costs more than it saves
    std::byte folded[256];
    const std::size_t taken = crc_fold_wide(tables, state, p, n, folded);
    state = crc_by_folding(tables, 0, folded, sizeof folded);
    p += taken, n -= taken;
  }
#endif
  if (path >= crc_path::folding) return crc_by_folding(tables, state, p, n);
  if (path == crc_path::instructions) return crc_short(tables, state, p, n);
#else
  static_cast<void>(at_most);
#endif
  return crc_by_table(tables, state, p, n);
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#undef S3STORE_CRC_TARGET
#undef S3STORE_CRC_WIDE_TARGET

// ---- s3store/crypto/crc.hpp
// How is the CRC of a stream of bytes computed? With CRC32, CRC32C and CRC64NVME as S3 defines them: reflected, with all ones as
// the initial value and as the final xor.
//
//   crypto::crc64nvme crc;
//   crc.update(bytes);                 // any number of times, with pieces of any size
//   std::uint64_t value = crc.value();
//
// The CPU's fastest instructions are chosen at run time (crc_fold.hpp); a CPU without any uses tables (crc_tables.hpp).

namespace s3store::inline S3STORE_ABI::crypto {

/// A running CRC of any polynomial. A copy continues from the same bytes. Not thread-safe.
class running_crc {
 public:
  template <class Polynomial>
  explicit running_crc(Polynomial) noexcept : tables_(detail::crc_tables_of<Polynomial>), bits_(detail::crc_bits<Polynomial>) {}

  void update(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::wide_folding); }
  /// Uses no special instruction, as a CPU that has none; tests compare with it.
  void update_portable(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::portable); }
  /// For tests: uses `at_most`, or what the CPU has if that is less.
  void update(std::span<const std::byte> bytes, detail::crc_path at_most) noexcept {
    state_ = detail::crc_advance(tables_(), state_, bytes.data(), bytes.size(), at_most);
  }

  /// The CRC of all bytes so far, in the lower bits; more bytes may follow.
  std::uint64_t value() const noexcept { return state_ ^ ones(); }
  /// Bytes in the value: 4 or 8.
  std::size_t size() const noexcept { return static_cast<std::size_t>(bits_) / 8; }
  void reset() noexcept { state_ = ones(); }

 private:
  std::uint64_t ones() const noexcept { return ~std::uint64_t{0} >> (64 - bits_); }

  const detail::crc_tables& (*tables_)() noexcept;
  int bits_;
  std::uint64_t state_{ones()};
};

template <class Polynomial>
class basic_crc : public running_crc {
 public:
  using value_type = typename Polynomial::value_type;

  basic_crc() noexcept : running_crc(Polynomial{}) {}
  value_type value() const noexcept { return static_cast<value_type>(running_crc::value()); }

  /// The CRC of A followed by B, from their CRCs and B's length in bytes. So the parts' CRCs give that of the whole object.
  static constexpr value_type combine(value_type crc_a, value_type crc_b, std::uint64_t length_b) noexcept {
    // The initial and final ones cancel out, so A's CRC is only multiplied by x^8 for each byte of B, like any remainder.
    constexpr const detail::crc_polynomial& p = detail::crc_polynomial_of<Polynomial>;
    return static_cast<value_type>(p.product(crc_a, p.power(p.monomial(8), length_b)) ^ crc_b);
  }
};

class crc32 final : public basic_crc<crc32_polynomial> {};
class crc32c final : public basic_crc<crc32c_polynomial> {};
class crc64nvme final : public basic_crc<crc64nvme_polynomial> {};

}  // namespace s3store::inline S3STORE_ABI::crypto

// ---- s3store/crypto/checksum.hpp
// How is a checksum computed if its algorithm is known only at run time? With one type that holds any of them.
//
//   crypto::checksum sum{crypto::checksum_algorithm::crc64nvme};
//   sum.update(bytes);
//   fields.set(crypto::header_name(sum.algorithm()), sum.base64());
//
// The CRCs are this library's own, the digests OpenSSL's. The xxHashes need another library and are optional: see xxhash.hpp.

namespace s3store::inline S3STORE_ABI::crypto {

/// A running checksum of an algorithm that this library does not implement. `finish` and `reset` make it ready for the next
/// message.
class further_checksum {
 public:
  virtual ~further_checksum() = default;
  virtual void update(std::span<const std::byte> bytes) noexcept = 0;
  /// Writes the value, big-endian if it is a number, and returns its size in bytes, which must be that of the algorithm.
  virtual std::size_t finish(std::span<std::byte, digest::max_size> out) noexcept = 0;
  virtual void reset() noexcept = 0;
};

/// Makes one; returns null for an algorithm that it does not know.
using checksum_maker = std::unique_ptr<further_checksum> (*)(checksum_algorithm);

/// A running checksum. Move-only, and not thread-safe. `finish`, `base64` and `reset` make it ready for the next message.
class checksum {
 public:
  static constexpr std::size_t max_size = digest::max_size;  ///< bytes

  /// `further` makes the algorithms that this library does not implement; without it they are not usable. Throws std::bad_alloc.
  explicit checksum(checksum_algorithm a, checksum_maker further = nullptr) : algorithm_(a), crc_(crc_for(a)) {
    if (is_xxhash(a)) {
      if (further) further_ = further(a);
      usable_ = static_cast<bool>(further_);
    } else if (!is_crc(a)) {
      digest_.emplace(digest_for(a));
      usable_ = digest_->usable();
    }
  }

  checksum_algorithm algorithm() const noexcept { return algorithm_; }
  /// False if the algorithm is not available (MD5 with a FIPS OpenSSL, an xxHash without xxhash.hpp). There is no value then.
  bool usable() const noexcept { return usable_; }

  void update(std::span<const std::byte> bytes) noexcept {
    if (digest_) digest_->update(bytes);
    else if (further_) further_->update(bytes);
    else if (is_crc(algorithm_)) crc_.update(bytes);
  }

  /// Writes the value, big-endian if it is a number, and returns its size in bytes; 0 if not usable. Throws std::bad_alloc.
  std::size_t finish(std::span<std::byte, max_size> out) {
    if (!usable_) return 0;
    if (digest_) return digest_->finish(out);
    if (further_) {
      const std::size_t size = further_->finish(out);
      usable_ = size == traits_of(algorithm_).size;  // another size is not this algorithm's value, and may be larger than `out`
      return usable_ ? size : 0;
    }
    const std::size_t size = crc_.size();
    std::uint64_t value = crc_.value();
    for (std::size_t i = size; i != 0; value >>= 8) out[--i] = static_cast<std::byte>(value & 0xff);
    crc_.reset();
    return size;
  }

  /// Ends the message and gives the value as its header has it; empty if not usable.
  std::string base64() {
    std::array<std::byte, max_size> value{};
    return detail::base64({value.data(), finish(value)});
  }

  /// Drops the bytes so far.
  void reset() noexcept {
    if (digest_) digest_->reset();
    if (further_) further_->reset();
    crc_.reset();
  }

 private:
  static constexpr digest_algorithm digest_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::md5: return digest_algorithm::md5;
      case checksum_algorithm::sha1: return digest_algorithm::sha1;
      case checksum_algorithm::sha512: return digest_algorithm::sha512;
      default: return digest_algorithm::sha256;
    }
  }
  static running_crc crc_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::crc32c: return running_crc{crc32c_polynomial{}};
      case checksum_algorithm::crc64nvme: return running_crc{crc64nvme_polynomial{}};
      default: return running_crc{crc32_polynomial{}};
    }
  }

  // Only one of crc_, digest_ and further_ is in use.
  checksum_algorithm algorithm_{};
  running_crc crc_;
  std::optional<digest> digest_{};
  std::unique_ptr<further_checksum> further_{};
  bool usable_{true};
};

/// Why a checksum of that algorithm is not usable, and what to do about it; for an error message.
inline std::string why_unusable(checksum_algorithm a) {
  if (is_xxhash(a))
    return detail::concat({name(a), " needs the xxHash library: include <s3store/crypto/xxhash.hpp> and let policies::checksums be "
                            "crypto::with_xxhash<checksums_always>, or send a value of your own"});
  return detail::concat({name(a), " is not offered by this OpenSSL (a FIPS provider has no MD5): choose another checksum, such as CRC32"});
}

}  // namespace s3store::inline S3STORE_ABI::crypto

// ---- s3store/http/transport.hpp
// What must a transport do, and what a loop? A transport performs one exchange at a time for each caller, a loop many at once.

namespace s3store::inline S3STORE_ABI::http {

/// Performs one exchange on the caller's thread and returns when it has ended. Many threads may call it at once.
template <class T>
concept transport = requires(T& t, exchange x) {
  { t.perform(x) } -> std::same_as<outcome>;
};

/// An exchange that a loop has finished; `tag` is what was given to `start`.
struct completion {
  void* tag{};
  outcome what;
};

/// Performs many exchanges at once on one thread; only `wake` may be called from another thread.
///   start   begins an exchange
///   poll    waits, and returns one finished exchange, or nothing at `until` or after a `wake`
///   wake    ends a `poll` early
///   cancel  ends an exchange: what it points to is not used any more, and `poll` does not return it. (An exchange that is ended by
///           its cancel token, however, is returned by `poll`.)
template <class L>
concept loop = requires(L& l, exchange x, void* tag, steady_time until) {
  l.start(x, tag);
  l.cancel(tag);
  l.wake();
  { l.poll(until) } -> std::same_as<std::optional<completion>>;
};

}  // namespace s3store::inline S3STORE_ABI::http

// ---- s3store/http/url.hpp
// What does an endpoint or proxy URL consist of? A scheme (http or https), a host, and optionally a port and a path.

#ifndef _WIN32
#include <arpa/inet.h>
#endif

namespace s3store::inline S3STORE_ABI::http {

struct url {
  std::string scheme{};  ///< "http" or "https"
  /// In lower case. Addresses are in the form that every other program, too, writes into its `Host` header, which a signature covers:
  /// "127.0.0.1" for "127.1" and "0x7f.1", "[::1]" for "[0:0:0:0:0:0:0:1]" (RFC 5952).
  std::string host{};
  std::optional<std::uint16_t> port{};  ///< absent if none was given, or if it is the scheme's default
  std::string path{};    ///< percent-encoded; empty, or "/a/b" without a slash at the end

  bool secure() const noexcept { return scheme == "https"; }

  /// The `Host` header: host, and the port if it is not the scheme's default.
  std::string authority() const {
    std::string out = host;
    if (port) detail::append_integer(out.append(":"), *port);
    return out;
  }
  /// Scheme, host and port.
  std::string origin() const { return detail::concat({scheme, "://", authority()}); }
};

namespace detail {
using namespace s3store::detail;

/// The message does not repeat the text: in one that is malformed, a password or a signature can stand anywhere.
inline error not_a_url(std::string_view why) {
  return detail::fail(error_kind::invalid_argument, {"the endpoint URL is malformed: ", why});
}

/// A number as old resolvers read it: "0x7f", "0177", "127".
inline std::optional<std::uint32_t> address_number(std::string_view text) noexcept {
  std::uint32_t base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    base = to_lower(text[1]) == 'x' ? 16 : 8;
    text.remove_prefix(base == 16 ? 2 : 1);
  }
  std::uint64_t out = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<std::uint32_t>(digit) >= base) return std::nullopt;
    out = out * base + static_cast<std::uint64_t>(digit);
    if (out > 0xffffffff) return std::nullopt;
  }
  return static_cast<std::uint32_t>(out);
}

/// The four bytes of an IPv4 address with one to four numbers, of which the last stands for all bytes that are left; nothing if it is a
/// name. https://url.spec.whatwg.org/#concept-ipv4-parser
inline std::optional<std::uint32_t> ipv4_address(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::uint32_t numbers[4]{};
  std::size_t count = 0;
  bool good = true;
  split(host, '.', [&](std::string_view part) {
    const auto number = part.empty() || count == 4 ? std::nullopt : address_number(part);
    good = good && number;
    if (good) numbers[count++] = *number;
  });
  if (!good || count == 0) return std::nullopt;
  const std::uint64_t last = numbers[count - 1];
  if (last >= std::uint64_t{1} << (8 * (5 - count))) return std::nullopt;
  std::uint32_t out = static_cast<std::uint32_t>(last);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    out |= numbers[i] << (24 - 8 * i);
  }
  return out;
}

/// `text` is without brackets; false if it is no IPv6 address.
inline bool append_ipv6_address(std::string& out, std::string_view text) {
#ifdef _WIN32
  out.append(text);
#else
  unsigned char bytes[16];
  char written[INET6_ADDRSTRLEN];
  if (::inet_pton(AF_INET6, std::string(text).c_str(), bytes) != 1) return false;
  if (!::inet_ntop(AF_INET6, bytes, written, sizeof written)) return false;
  out.append(written);
#endif
  return true;
}

/// Appends a path whose characters that no URL may have are percent-encoded (RFC 3986, section 3.3), as browsers do it.
inline void append_path(std::string& out, std::string_view path) {
  for (const char c : path) {
    if (is_alpha(c) || is_digit(c) || std::string_view{"/%-._~!$&'()*+,;=:@"}.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      append_uri_encoded(out, {&c, 1}, uri_part::query);
    }
  }
}

constexpr bool host_character(char c) noexcept { return detail::is_alpha(c) || detail::is_digit(c) || c == '-' || c == '.' || c == '_'; }

}  // namespace detail

/// Parses `http[s]://host[:port][/path]`. Fails with error_kind::invalid_argument for anything else, also for user names, queries
/// and fragments; the message says what is wrong, and repeats nothing of `text`.
inline result<url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return detail::not_a_url("it must begin with http:// or https://");
  url out;
  out.scheme = detail::lower_case(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return detail::not_a_url("the scheme must be http or https");
  const std::string_view rest = text.substr(colon + 3);
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return detail::not_a_url("it must not hold a user name or password");
  if (rest.find_first_of("?#") != std::string_view::npos) return detail::not_a_url("it must not have a query or fragment");

  const auto slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return detail::not_a_url("white space in the path");
  detail::append_path(out.path, path);

  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return detail::not_a_url("an IPv6 address without its closing bracket");
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
    for (const char c : host.substr(1, host.size() - 2))
      if (detail::hex_digit(c) < 0 && c != ':' && c != '.') return detail::not_a_url("the host is no IPv6 address");
    out.host = "[";
    if (!detail::append_ipv6_address(out.host, detail::lower_case(host.substr(1, host.size() - 2))))
      return detail::not_a_url("the host is no IPv6 address");
    out.host.push_back(']');
  } else {
    const auto at = authority.find(':');
    host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
    if (host.empty()) return detail::not_a_url("it names no host");
    for (const char c : host)
      if (!detail::host_character(c)) return detail::not_a_url("the host has a character that host names do not have");
    if (const auto address = detail::ipv4_address(host)) {
      for (int shift = 24; shift >= 0; shift -= 8) detail::append_integer(out.host.append(shift == 24 ? "" : "."), *address >> shift & 0xff);
    } else {
      out.host = detail::lower_case(host);
    }
  }
  if (!port.empty()) {
    std::uint16_t number = 0;
    if (port.front() != ':' || !detail::read_integer(port.substr(1), number) || number == 0)
      return detail::not_a_url("the port must be a number from 1 to 65535");
    if (number != (out.secure() ? 443 : 80)) out.port = number;
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::http

// ---- s3store/protocol/endpoint.hpp
// Where does a request go? These rules derive a host and a path from the endpoint, the region and the bucket.

namespace s3store::inline S3STORE_ABI {

struct endpoint {
  bool secure{true};
  std::string authority{};  ///< host and port, as the Host header has them
  std::string path{};       ///< the path before the key, without a final slash: "", "/bucket", "/prefix/bucket"
  std::string region{};     ///< the region that goes into the signature

  std::string origin() const { return (secure ? "https://" : "http://") + authority; }
};

/// The input of `resolve`. It refers to the settings and texts it is made of; valid only during the call.
struct endpoint_query {
  const settings& of;
  const http::url* custom{};       ///< the parsed `settings::endpoint`; null: AWS
  std::string_view bucket{};       ///< empty if the operation has none
  std::string_view service{"s3"};  ///< the operation's
  std::string_view region{};       ///< the client's, or the one that a server named for this bucket
};

/// Can the name be one label of a host name? (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)
constexpr bool is_dns_label(std::string_view s, bool dots_allowed) noexcept {
  if (s.size() < 3 || s.size() > 63) return false;
  bool digits_only = true;
  for (std::size_t i = 0; i != s.size(); ++i) {
    const char c = s[i];
    const bool letter = c >= 'a' && c <= 'z';
    if (c == '.') {
      if (!dots_allowed || i == 0 || i + 1 == s.size() || s[i - 1] == '.' || s[i - 1] == '-' || s[i + 1] == '-') return false;
    } else if (!letter && !detail::is_digit(c) && (c != '-' || i == 0 || i + 1 == s.size())) {
      return false;
    }
    digits_only = digits_only && (detail::is_digit(c) || c == '.');
  }
  return !digits_only || s.find('.') == std::string_view::npos;  // "192.168.0.1" is an address
}

/// Can a signature name it as its region? A store that is not AWS's may call its region what it likes.
constexpr bool is_signing_region(std::string_view s) noexcept {
  for (const char c : s)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && c != '-' && c != '_' && c != '.') return false;
  return !s.empty();
}

/// Can it be a region of AWS's? That is one label of a host name (RFC 1123, section 2.1). So must be a region that a server names.
constexpr bool is_region_name(std::string_view s) noexcept {
  return is_signing_region(s) && s.size() <= 63 && s.find_first_of("._") == std::string_view::npos && s.front() != '-' && s.back() != '-';
}

/// The default rules, the same as botocore's, for AWS and for custom endpoints.
struct standard_endpoint_rules {
  static std::string_view dns_suffix(std::string_view region) noexcept {
    struct partition {
      std::string_view prefix, suffix;
    };
    constexpr partition partitions[] = {{"cn-", "amazonaws.com.cn"},    {"us-iso-", "c2s.ic.gov"},
                                        {"us-isob-", "sc2s.sgov.gov"},  {"us-isof-", "csp.hci.ic.gov"},
                                        {"eu-isoe-", "cloud.adc-e.uk"}, {"eusc-", "amazonaws.eu"}};
    for (const partition& p : partitions)
      if (region.starts_with(p.prefix)) return p.suffix;
    return "amazonaws.com";
  }

  /// Fails with `configuration` if settings are wrong or contradict each other, and with `invalid_argument` if the bucket name
  /// can't be part of a host name but must be, or is one that AWS serves from hosts that are not supported yet.
  result<endpoint> resolve(const endpoint_query& q) const {
    endpoint out;
    // The pseudo-region of AWS's global endpoint, whose signatures name us-east-1.
    const bool global = q.region == "aws-global";
    const std::string_view region = global ? std::string_view{"us-east-1"} : q.region;
    out.region = region;
    if (region.empty()) return detail::fail(error_kind::configuration, "no region is set");
    if (!is_signing_region(region))
      return detail::fail(error_kind::configuration,
                          {"the region \"", region, "\" holds a character other than letters, digits, '-', '_' and '.'"});
    const bool wants_host = q.of.style == addressing::virtual_host;

    if (q.custom && (q.of.use_accelerate || q.of.use_dualstack || q.of.use_fips))
      return detail::fail(
          error_kind::configuration,
          "use_accelerate, use_dualstack and use_fips choose among AWS's endpoints and cannot go with one of your own");
    if (q.of.use_accelerate && q.of.use_fips)
      return detail::fail(error_kind::configuration,
                          "S3 Transfer Acceleration has no FIPS endpoints: use_accelerate and use_fips cannot go together");

    if (q.custom) {
      out.secure = q.custom->secure();
      out.authority = q.custom->authority();
      out.path = q.custom->path;
      if (q.bucket.empty()) return out;
      if (wants_host) {
        if (is_address(q.custom->host))
          return detail::fail(
              error_kind::configuration,
              {"virtual hosting puts the bucket's name in front of the endpoint's, which is an address: ", q.custom->host});
        if (!is_dns_label(q.bucket, true)) return cannot_be_host(q.bucket);
        out.authority = detail::concat({q.bucket, ".", out.authority});
      } else {
        out.path.append("/").append(q.bucket);
      }
      return out;
    }

    if (const auto service = service_of(q.bucket); !service.empty())
      return detail::fail(error_kind::invalid_argument, {"the bucket name \"", q.bucket, "\" ends as the names of ", service,
                                                         " do, which AWS serves from hosts of their own; that is not supported yet"});
    if ((q.of.use_fips || (q.of.use_accelerate && !q.bucket.empty())) && region.starts_with("cn-"))
      return detail::fail(error_kind::configuration, "AWS has no FIPS endpoints and no S3 Transfer Acceleration in China");
    if (q.service != "s3" && (q.of.use_accelerate || q.of.use_dualstack))
      return detail::fail(error_kind::configuration,
                          {"use_accelerate and use_dualstack choose among S3's endpoints; ", q.service, " has none of these"});

    // A bucket name with a dot does not match the wildcard of the server's TLS certificate.
    const bool host = !q.bucket.empty() && q.of.style != addressing::path && is_dns_label(q.bucket, false);
    if (wants_host && !q.bucket.empty() && !host) return cannot_be_host(q.bucket);
    if (host) out.authority.append(q.bucket).append(".");
    if (q.of.use_accelerate && !q.bucket.empty()) {
      if (!host)
        return detail::fail(error_kind::configuration,
                            "S3 Transfer Acceleration needs a bucket whose name is a DNS label without dots");
      out.authority.append(q.of.use_dualstack ? "s3-accelerate.dualstack." : "s3-accelerate.");
      if (global && q.of.use_dualstack) out.authority.append(region).append(".");  // as in AWS's own rules
      out.authority.append(dns_suffix(region));
      return out;
    }
    if (!is_region_name(region))
      return detail::fail(error_kind::configuration,
                          {"the region \"", region, "\" cannot be part of a host name of AWS's: that is at most 63 letters, digits and '-'"});
    out.authority.append(q.service).append(q.of.use_fips ? "-fips." : ".");
    if (q.of.use_dualstack) out.authority.append("dualstack.");
    if (!global || q.of.use_dualstack || q.of.use_fips || q.service != "s3") out.authority.append(region).append(".");
    out.authority.append(dns_suffix(region));
    if (!host && !q.bucket.empty()) out.path.append("/").append(q.bucket);
    return out;
  }

 private:
  /// The service of AWS that a bucket name belongs to by its reserved ending; empty if it is a general purpose bucket's.
  /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  static std::string_view service_of(std::string_view bucket) noexcept {
    if (bucket.ends_with("--x-s3")) return "directory buckets (S3 Express One Zone)";
    if (bucket.ends_with("--xa-s3")) return "access points of directory buckets (S3 Express One Zone)";
    if (bucket.ends_with("--op-s3")) return "access points of S3 on Outposts";
    return {};
  }
  /// An IPv6 address is in brackets, an IPv4 address has only digits and dots.
  static bool is_address(std::string_view host) noexcept {
    return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
  }
  static error cannot_be_host(std::string_view bucket) {
    return detail::fail(error_kind::invalid_argument,
                        {"the bucket name \"", bucket, "\" cannot be part of a host name; use path addressing"});
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/retry/budget.hpp
// How many retries may a client make when everything fails? As many as its budget of tokens allows, which all its calls share.
// Without one, a client with three attempts would send three times as many requests to a service that is overloaded.

namespace s3store::inline S3STORE_ABI {

/// May be used from any thread.
class retry_budget {
 public:
  // The numbers of the AWS SDKs' standard mode.
  static constexpr int capacity = 500;
  static constexpr int retry_cost = 5;
  static constexpr int timeout_cost = 10;

  retry_budget() = default;
  retry_budget(const retry_budget& other) noexcept : tokens_(other.left()) {}

  /// False, and nothing is taken, if there are fewer tokens.
  bool take(int cost) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    do {
      if (have < cost) return false;
    } while (!tokens_.compare_exchange_weak(have, have - cost, std::memory_order_relaxed));
    return true;
  }
  /// Called after a success. Gives back what a retry costs if there was one, else one token.
  void give_back(bool after_retry) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    int want{};
    do {
      if (have >= capacity) return;
      want = have + (after_retry ? retry_cost : 1);
      if (want > capacity) want = capacity;
    } while (!tokens_.compare_exchange_weak(have, want, std::memory_order_relaxed));
  }
  int left() const noexcept { return tokens_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> tokens_{capacity};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/retry/classify.hpp
// Is a failure worth another attempt? If the cause is likely to pass: the network, a server's failure, or too many requests.

namespace s3store::inline S3STORE_ABI {

enum class retry_class : std::uint8_t {
  never,       ///< the same request fails again
  transient,   ///< a failure of the network or server that may be over soon
  throttling,  ///< the server wants fewer requests
};

/// S3's error codes are checked before the status, because they say more: a 400 RequestTimeout is worth a retry, other 400s are
/// not. The lists are those of the AWS SDKs' "standard" mode:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
inline retry_class classify(const error& e) noexcept {
  for (const std::string_view code :
       {"SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "ServiceUnavailable",
        "PriorRequestNotComplete", "TransactionInProgressException", "EC2ThrottledException", "ProvisionedThroughputExceededException"})
    if (e.code == code) return retry_class::throttling;
  for (const std::string_view code : {"RequestTimeout", "RequestTimeoutException", "InternalError", "OperationAborted"})
    if (e.code == code) return retry_class::transient;

  switch (e.kind) {
    case error_kind::throttled: return retry_class::throttling;
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::connection_lost:
    case error_kind::timeout:
    case error_kind::transport:
    case error_kind::malformed_response:  // mostly a proxy's error page instead of S3's answer
    case error_kind::integrity: return retry_class::transient;
    case error_kind::server:
      switch (e.status) {
        case 500: case 502: case 503: case 504:
        case 520: case 521: case 522: case 523: case 524:  // of the proxies of Cloudflare, which stand before R2
          return retry_class::transient;
        default: return retry_class::never;
      }
    default: return retry_class::never;
  }
}

namespace detail {
/// After this failure, may the request have been carried out although no answer says so?
inline bool may_have_taken_effect(const error& e) noexcept {
  return e.status >= 500 || e.kind == error_kind::server || e.kind == error_kind::connection_lost || e.kind == error_kind::timeout ||
         e.kind == error_kind::transport || e.kind == error_kind::malformed_response;
}
}  // namespace detail

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/retry/policy.hpp
// When is a failed attempt repeated, and after how long? A policy decides: it gives the time to wait, or gives up.
//
// All calls of a client share its policy and ask it from any thread. The call itself checks whether a request can be repeated at
// all: whether its body can be rewound, and whether the deadline and the limit for all waits together allow it.

namespace s3store::inline S3STORE_ABI {

/// What a policy knows about a failure.
struct failed_attempt {
  int attempt{};  ///< which one failed; the first is 1, also of those after a download has got further than the attempt before
  const error& failure;
  retry_class kind{};                     ///< what classify() returned
  std::optional<duration> retry_after{};  ///< what the server asked for
  std::optional<int> max_attempts{};      ///< set by the caller for this call; it overrides the policy's
};

/// `next_wait` returns the time until the next attempt, or nothing to give up. `succeeded` is called after a success, with the
/// number of attempts. Both are called from any thread.
template <class R>
concept retry_policy = requires(R& r, const failed_attempt& f, int attempts) {
  { r.next_wait(f) } -> std::same_as<std::optional<duration>>;
  r.succeeded(attempts);
};

/// The standard policy: exponential backoff with full jitter, a budget of retry tokens that all calls share, and the server's
/// `Retry-After` if that is longer.
/// https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
class exponential_backoff {
 public:
  /// The wait after attempt n is random, from 0 to the smaller of base * 2^(n-1) and cap.
  struct options {
    int max_attempts{3};  ///< including the first
    duration base{std::chrono::milliseconds{100}};
    duration cap{std::chrono::seconds{20}};
    duration throttling_base{std::chrono::milliseconds{500}};  ///< in place of `base` if the server throttles
    duration retry_after_cap{std::chrono::seconds{60}};        ///< a longer `Retry-After` is shortened to this
    std::uint64_t seed{0};                                     ///< for the random waits; 0: made of an address and the time
  };

  exponential_backoff() : exponential_backoff(options{}) {}
  explicit exponential_backoff(options o) : options_(o), random_(o.seed != 0 ? o.seed : some_seed()) {}
  exponential_backoff(const exponential_backoff& other) noexcept
      : options_(other.options_),
        random_(other.random_.load(std::memory_order_relaxed) + 1),
        seeded_in_(other.seeded_in_),
        budget_(other.budget_) {}

  std::optional<duration> next_wait(const failed_attempt& f) {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(options_.max_attempts)) return std::nullopt;
    if (!budget_.take(f.failure.kind == error_kind::timeout ? retry_budget::timeout_cost : retry_budget::retry_cost)) return std::nullopt;
    const duration base = f.kind == retry_class::throttling ? options_.throttling_base : options_.base;
    duration bound = options_.cap;
    bound = (std::min)(bound, detail::saturating_mul(base, std::int64_t{1} << std::clamp(f.attempt - 1, 0, 62)));
    const duration jittered{static_cast<duration::rep>(fraction() * static_cast<double>(bound.count()))};
    return (std::max)(jittered, (std::min)(f.retry_after.value_or(duration::zero()), options_.retry_after_cap));
  }
  void succeeded(int attempts) noexcept { budget_.give_back(attempts > 1); }

 private:
  static std::uint64_t some_seed() noexcept {
    int here{};
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&here));
  }
  /// In [0, 1), by SplitMix64. Waits must be spread evenly, but may be predictable. The process's id is mixed in, because all children
  /// of a fork begin with the same state and must not try again all at once.
  double fraction() noexcept {
    std::uint64_t z = random_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed) + 0x9e3779b97f4a7c15;
    z += static_cast<std::uint64_t>(detail::process_id() - seeded_in_) * 0xd1342543de82ef95;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }

  options options_;
  std::atomic<std::uint64_t> random_;
  int seeded_in_{detail::process_id()};
  retry_budget budget_{};
};

/// The policy of the original Python module: three attempts, and after attempt n a wait of 2^n seconds, but at least 2 and at most
/// 10.
class doubling_backoff {
 public:
  explicit doubling_backoff(int max_attempts = 3) noexcept : max_attempts_(max_attempts) {}

  std::optional<duration> next_wait(const failed_attempt& f) const noexcept {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(max_attempts_)) return std::nullopt;
    const int seconds = f.attempt >= 4 ? 10 : 1 << f.attempt;
    return std::chrono::seconds{(std::max)(2, (std::min)(seconds, 10))};
  }
  void succeeded(int) const noexcept {}

 private:
  int max_attempts_;
};

/// Sends each request once.
struct no_retry {
  std::optional<duration> next_wait(const failed_attempt&) const noexcept { return std::nullopt; }
  void succeeded(int) const noexcept {}
};

static_assert(retry_policy<exponential_backoff> && retry_policy<doubling_backoff> && retry_policy<no_retry>);

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/policies.hpp
// Which parts of a client can be replaced at compile time? The types in a policies struct. Each must model the concept for its
// role.
//
//   struct mine : s3store::default_policies {
//     using retry = s3store::no_retry;
//     using clock = my_clock;
//   };
//   s3store::basic_client<mine> client{settings, {.clock = my_clock{...}}};

namespace s3store::inline S3STORE_ABI {

/// Gives the current time of the steady and the wall clock. Called from any thread, also from several at once.
template <class T>
concept clock_source = requires(const T& t) {
  { t.now() } -> std::same_as<instants>;
};

/// Blocks until `until`, or returns an error of kind cancelled as soon as the token is cancelled. Called on the threads that run
/// calls, also on several at once.
template <class T>
concept sleeper = requires(T& t, steady_time until, const cancel_token& stop) {
  { t.sleep_until(until, stop) } -> std::same_as<result<void>>;
};

/// Finds the host and path of a request. Called from any thread, also from several at once.
template <class T>
concept endpoint_rules = requires(const T& t, const endpoint_query& q) {
  { t.resolve(q) } -> std::same_as<result<endpoint>>;
};

/// Signs requests. A signer is used by one call at a time, so it may have scratch space.
template <class T>
concept request_signer = std::default_initializable<T> &&
    requires(T& t, const auth::signable& what, headers& fields, const auth::credentials& who, const auth::signing_scope& where, timestamp now) {
  { t.sign_headers(what, fields, who, where, now) } -> std::same_as<result<void>>;
  { t.sign_query(what, fields, std::chrono::seconds{}, who, where, now) } -> std::same_as<result<auth::presigned_query>>;
  { t.chunks() } -> std::same_as<auth::chunk_signer>;
};

/// Chooses the checksum of an upload, and whether downloads are verified. Called from any thread, also from several at once.
template <class T>
concept checksum_rules = requires(const T& t, const operation_spec& spec, const store_profile& profile) {
  { t.for_upload(spec, profile) } -> std::same_as<std::optional<crypto::checksum_algorithm>>;
  { t.verify_downloads() } -> std::convertible_to<bool>;
};

/// Makes checksums that the library does not have built in, if the rules have a member `further()` for them; see crypto/xxhash.hpp.
template <checksum_rules T>
constexpr crypto::checksum_maker further_checksums(const T& rules) noexcept {
  if constexpr (requires { rules.further(); }) {
    return rules.further();
  } else {
    return nullptr;
  }
}

/// What an observer is told about one attempt. Contains no secrets, and so no URL: a presigned one is a secret. The texts are valid
/// only during the call of `attempt_ended`.
struct attempt_event {
  std::string_view operation{};
  std::string_view bucket{};
  std::string_view endpoint{};     ///< scheme, host and port
  int attempt{};                   ///< from 1
  int status{};                    ///< HTTP status; 0 if no answer came
  error_kind kind{};               ///< error_kind::none: success
  std::string_view code{};
  duration elapsed{};              ///< of this attempt
  std::optional<duration> wait{};  ///< before the next attempt; nullopt: there is none
};

/// `attempt_ended` is called on the thread that runs the call, so on several at once if several threads use the client.
template <class T>
concept call_observer = requires(const T& t, const attempt_event& e) { t.attempt_ended(e); };

/// The default: every upload that can have a checksum gets the profile's, and every download is verified.
struct checksums_always {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum == request_checksum::none) return std::nullopt;
    return spec.checksum == request_checksum::required ? profile.required_checksum() : profile.checksum;
  }
  bool verify_downloads() const noexcept { return true; }
};

/// Uploads get a checksum only if S3 requires one, and downloads are not verified.
struct checksums_when_required {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum != request_checksum::required) return std::nullopt;
    return profile.required_checksum();
  }
  bool verify_downloads() const noexcept { return false; }
};

struct no_observer {
  void attempt_ended(const attempt_event&) const noexcept {}
};

/// The defaults for all roles except those that do I/O or sleep, which default_policies adds (client/client.hpp).
struct protocol_policies {
  using retry = exponential_backoff;
  using credentials = auth::default_credentials;
  using signer = auth::signer;
  using clock = system_clock;
  using checksums = checksums_always;
  using endpoint_rules = standard_endpoint_rules;
  using observer = no_observer;
};

/// Makes the compiler say what a policy lacks, instead of where in the library it failed.
template <class P>
consteval bool checked_policies() {
  static_assert(retry_policy<typename P::retry>,
                "policies::retry must have next_wait(const failed_attempt&) -> std::optional<duration> and succeeded(int)");
  static_assert(auth::credentials_provider<typename P::credentials>,
                "policies::credentials must have fetch() that gives a machine whose value_type is auth::credentials");
  static_assert(request_signer<typename P::signer>,
                "policies::signer must be default-constructible and have sign_headers, sign_query and chunks like auth::signer");
  static_assert(clock_source<typename P::clock>, "policies::clock must have now() const -> instants");
  static_assert(checksum_rules<typename P::checksums>,
                "policies::checksums must have for_upload(const operation_spec&, const store_profile&) and verify_downloads()");
  static_assert(endpoint_rules<typename P::endpoint_rules>,
                "policies::endpoint_rules must have resolve(const endpoint_query&) const -> result<endpoint>");
  static_assert(call_observer<typename P::observer>, "policies::observer must have attempt_ended(const attempt_event&) const");
  return true;
}

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/session.hpp
// What do the calls of one client share? Credentials, the regions of buckets and the clock offset that servers told, the retry
// budget, and workspaces: buffers and hash contexts that are used again.

namespace s3store::inline S3STORE_ABI::sans_io {

/// The policy objects of a session.
template <class P>
struct session_values {
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// The values of a client that is given none: those that can be made of nothing. For other policies it is never called, since the
/// constructors that call it are constrained; but Clang 14 instantiates these, too, where it instantiates their class.
template <class Values>
Values initial_values() {
  if constexpr (std::default_initializable<decltype(Values::credentials)>) {
    return Values{};
  } else {
    std::terminate();
  }
}

/// May be used from any thread, and on both sides of a fork. Cannot be copied or moved. Does no I/O.
template <class P>
class session {
  static_assert(checked_policies<P>());

 public:
  /// Buffers for one call at a time.
  struct workspace {
    typename P::signer signer{};
    http::request wire{};
    wire::encoded_request encoded{};
    std::string document{};
    crypto::digest sha256{crypto::digest_algorithm::sha256};
    detail::owned<workspace> below{};  ///< the next in the list of unused workspaces
  };

  explicit session(settings s) requires std::default_initializable<typename P::credentials>
      : session(std::move(s), initial_values<session_values<P>>()) {}
  session(settings s, session_values<P> values)
      : settings_(std::move(s)),
        values_(std::move(values)),
        provider_(settings_.credentials ? settings_.credentials : auth::provider{values_.credentials}),
        cache_(settings_.refresh),
        user_agent_(detail::concat({"s3store/", version})) {
    if (!settings_.user_agent_suffix.empty()) user_agent_.append(" ").append(settings_.user_agent_suffix);
    if (!settings_.endpoint.empty()) {
      auto parsed = http::parse_url(settings_.endpoint);
      if (parsed) {
        custom_ = std::move(*parsed);
      } else {
        unusable_ = std::move(parsed.error());
      }
    }
    refuse_unless_sendable("user_agent_suffix", user_agent_);
    refuse_unless_sendable("expected_bucket_owner", settings_.expected_bucket_owner);
    refuse_unless_sendable("request_payer", settings_.request_payer);
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const settings& configuration() const noexcept { return settings_; }
  std::string_view user_agent() const noexcept { return user_agent_; }
  /// The error of every call if a setting is wrong; its kind is `none` if the settings are valid.
  const error& unusable() const noexcept { return unusable_; }

  typename P::retry& retry() noexcept { return values_.retry; }
  const typename P::checksums& checksums() const noexcept { return values_.checksums; }
  const typename P::observer& observer() const noexcept { return values_.observer; }

  instants now() const { return values_.clock.now(); }
  /// Converts local wall time to the server's time; the same until a server told another time.
  timestamp server_time(timestamp wall) const noexcept { return detail::saturating_add(wall, clock_offset()); }
  /// What must be added to the local wall time.
  timestamp::duration clock_offset() const noexcept { return timestamp::duration{clock_offset_.load(std::memory_order_relaxed)}; }
  void set_clock_offset(timestamp::duration offset) noexcept { clock_offset_.store(offset.count(), std::memory_order_relaxed); }
  /// Sets the offset to `to` if it still is `from`, and no other call has learned another one meanwhile.
  void restore_clock_offset(timestamp::duration from, timestamp::duration to) noexcept {
    std::int64_t expected = from.count();
    clock_offset_.compare_exchange_strong(expected, to.count(), std::memory_order_relaxed);
  }

  result<endpoint> resolve(std::string_view bucket, std::string_view service = "s3") const {
    const std::string learned = region_of(bucket);
    return values_.endpoint_rules.resolve(
        {.of = settings_,
         .custom = settings_.endpoint.empty() ? nullptr : &custom_,
         .bucket = bucket,
         .service = service,
         .region = learned.empty() ? std::string_view{settings_.region} : std::string_view{learned}});
  }
  /// Remembers the region that a server named for the bucket.
  void learn_region(std::string_view bucket, std::string_view region) {
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    for (auto& known : mine.regions)
      if (known.bucket == bucket) return static_cast<void>(known.region = region);
    mine.regions.push_back({std::string(bucket), std::string(region)});
    has_regions_.store(true, std::memory_order_release);
  }

  /// The credentials that all calls share; see auth/cache.hpp.
  auth::credentials_cache& identity() noexcept { return cache_; }
  /// The machine that fetches credentials; see http/machine.hpp.
  auto fetch_credentials(const need_credentials& within = {}) const { return provider_.fetch(within); }

  detail::owned<workspace> lease() {
    {
      own& mine = own_.get();
      const std::lock_guard lock{mine.guard};
      if (mine.idle) {
        auto out = std::move(mine.idle);
        mine.idle = std::move(out->below);
        --mine.idle_count;
        return out;
      }
    }
    return detail::make_owned<workspace>();
  }
  void give_back(detail::owned<workspace> w) noexcept try {
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    if (mine.idle_count == most_idle || !w->sha256.usable()) return;  // OpenSSL may have had no memory for that one
    ++mine.idle_count;
    w->below = std::move(mine.idle);
    mine.idle = std::move(w);
  } catch (const std::bad_alloc&) {  // a workspace less
  }

 private:
  void refuse_unless_sendable(std::string_view name, std::string_view value) {
    if (unusable_.kind == error_kind::none && !wire::is_header_value(value))
      unusable_ =
          detail::fail(error_kind::configuration, {name, " holds a control character (CR, LF or NUL), which no header may"});
  }

  static constexpr std::size_t most_idle = 64;
  struct known_region {
    std::string bucket{};
    std::string region{};
  };
  struct own {
    void forked() noexcept {}  // all of it is as good in the child

    std::mutex guard{};
    std::vector<known_region> regions{};
    detail::owned<workspace> idle{};  // a stack, so that the workspace used last, likely still in the CPU's cache, is used next
    std::size_t idle_count{};
  };

  std::string region_of(std::string_view bucket) const {
    if (!has_regions_.load(std::memory_order_acquire)) return {};
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    for (const auto& known : mine.regions)
      if (known.bucket == bucket) return known.region;
    return {};
  }

  settings settings_;
  session_values<P> values_;
  auth::provider provider_;  // from the settings, or else the policy's
  auth::credentials_cache cache_;
  std::string user_agent_;
  http::url custom_{};  // the parsed `settings::endpoint`, if it is set
  error unusable_{};
  std::atomic<std::int64_t> clock_offset_{0};  // microseconds
  std::atomic<bool> has_regions_{false};       // avoids the lock while no region is known
  mutable detail::per_process<own> own_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/protocol/credentials_lookup.hpp
// How does a machine that signs but sends nothing get its credentials? Presigning a URL and signing a form have this in common.

namespace s3store::inline S3STORE_ABI::sans_io {

/// The base of such machines. Ends with credentials, or with the error that `finish` must return. The session must outlive it.
template <class P>
class credentials_lookup {
 public:
  step next(instants now) {
    at_server_ = {now.steady, shared_.server_time(now.wall)};
    if (refused_) return done{};
    auto needs = found_.next(at_server_, (steady_time::max)(), {});
    if (std::holds_alternative<done>(needs) && !found_) refuse(std::move(found_.failure()));
    return needs;
  }
  void credentials(result<auth::credentials> c) { found_.fetched(std::move(c), at_server_); }
  void sent(http::outcome) noexcept {}

 protected:
  explicit credentials_lookup(session<P>& shared) : shared_(shared), found_(shared.identity()) {}

  /// Nothing can be signed, for this reason. Of several, the first counts.
  void refuse(error e) {
    if (!refused_) refused_.emplace(std::move(e));
  }
  session<P>& shared() const noexcept { return shared_; }
  std::optional<error>& refused() noexcept { return refused_; }
  const auth::credentials& found() const noexcept { return *found_; }
  timestamp server_time() const noexcept { return at_server_.wall; }

 private:
  session<P>& shared_;
  instants at_server_{};
  auth::credentials_access found_;
  std::optional<error> refused_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/client/post_signing.hpp
// How is a form for browser uploads signed? By a machine, because credentials may have to be fetched first.

namespace s3store::inline S3STORE_ABI::sans_io {

/// The session must outlive it.
template <class P>
class post_signing : public credentials_lookup<P> {
 public:
  using value_type = auth::presigned_post;

  post_signing(session<P>& shared, std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
               std::vector<auth::post_condition> conditions, auth::form_fields fields)
      : credentials_lookup<P>(shared),
        bucket_(bucket),
        key_(key),
        expires_in_(expires_in),
        conditions_(std::move(conditions)),
        fields_(std::move(fields)) {
    if (shared.unusable().kind != error_kind::none) this->refuse(shared.unusable());
    if (const auto fault = wire::bucket_name_fault(bucket_); !fault.empty())
      this->refuse(detail::fail(error_kind::invalid_argument, fault));
    if (auto good = auth::check_expiry(expires_in_); !good) this->refuse(std::move(good.error()));
  }

  result<auth::presigned_post> finish() {
    if (this->refused()) return std::move(*this->refused());
    auto where = this->shared().resolve(bucket_);
    if (!where) return std::move(where.error());
    auto work = this->shared().lease();
    auto made = auth::presign_post(work->signer, where->origin() + where->path, bucket_, key_, std::move(fields_),
                                   {.expiration = detail::saturating_add(this->server_time(), expires_in_), .conditions = std::move(conditions_)},
                                   this->found(), {.region = where->region}, this->server_time());
    this->shared().give_back(std::move(work));
    return made;
  }

 private:
  std::string bucket_;
  std::string key_;
  std::chrono::seconds expires_in_;
  std::vector<auth::post_condition> conditions_;
  auth::form_fields fields_;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/client/waiters.hpp
// How does a program wait until a bucket or an object exists, or is deleted? It sends HEAD requests until that is so, up to a
// maximum number of times.

namespace s3store::inline S3STORE_ABI {

/// The defaults are those of the AWS SDKs: 20 requests, 5 seconds apart. `call` holds for each request; its token also ends the
/// waits.
struct wait_options {
  duration delay{std::chrono::seconds{5}};
  int max_attempts{20};
  call_options call{};
};

/// A base class of basic_client. The functions block. They fail with timeout after `max_attempts` requests, with cancelled if the
/// token of `call` is cancelled, and at once with a request's error if that is not 404.
template <class Client>
class waiter_members {
 public:
  /// The answers 403 (no permission) and 301 (another region) also mean that the bucket exists.
  result<void> wait_until_bucket_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) {
      return head || head.error().status == 301 || head.error().status == 403;
    });
  }
  result<void> wait_until_bucket_not_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_gone(head); });
  }
  result<void> wait_until_object_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return head.has_value(); });
  }
  result<void> wait_until_object_not_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_gone(head); });
  }

 private:
  template <class Head>
  static bool is_gone(const Head& head) { return !head && head.error().kind == error_kind::not_found; }

  template <class R, class Reached>
  result<void> wait_for(const R& request, const wait_options& o, Reached reached) const {
    const Client& self = static_cast<const Client&>(*this);
    for (int attempt = 1;; ++attempt) {
      auto head = self.send(request, o.call);
      if (reached(head)) return {};
      if (!head && !is_gone(head)) return result<void>::failed_as(std::move(head));
      if (attempt >= o.max_attempts)
        return detail::fail(error_kind::timeout, {"the state waited for was not reached in ", detail::decimal(attempt), " attempts"});
      if (auto slept = self.sleeping().sleep_until(detail::saturating_add(self.shared().now().steady, o.delay), o.call.stop); !slept) return slept;
    }
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/http/file.hpp
// How is a file sent as a body, and a body written to a file? With a file_source and a file_sink.
//
// Each source has its own position in the file, so that parts of one file can be sent at the same time. A source takes the file's
// size when it is opened. If the file has another size by the time all has been read, the last read fails, so that a changed file
// is never sent completely. A file that says that it has no bytes, and has some (those in /proc), is read to its end.
//
// A sink takes bytes back, as a download that starts again needs it, only if they are the last ones of the file and nobody else
// wrote to it.

#ifdef _WIN32
#include <io.h>

#include <mutex>

// From <windows.h>, whose macros (min, max, GetObject) no program should get from a header of ours.
extern "C" __declspec(dllimport) int __stdcall MoveFileExA(const char* from, const char* to, unsigned long how);
extern "C" __declspec(dllimport) unsigned long __stdcall GetLastError();
#else
#include <unistd.h>
#endif

namespace s3store::inline S3STORE_ABI::http {

namespace detail {
using namespace s3store::detail;

/// Repeats a system call that a signal has interrupted.
template <class Call>
auto retried(Call&& call) {
  for (;;)
    if (const auto done = call(); done >= 0 || errno != EINTR) return done;
}

/// A file descriptor, with the few calls that differ between systems. All fail with error_kind::io; the message says what was tried
/// and names the file.
class file {
 public:
  file() = default;
  file(int descriptor, std::string path, bool owned) noexcept : path_(std::move(path)), descriptor_(descriptor), owned_(owned) {}
  file(file&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), owned_(other.owned_) {}
  file& operator=(file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~file() { static_cast<void>(close()); }

  /// `mode`: the permissions of a file that this makes, without those that the process's umask takes away.
  static result<file> open(const std::string& path, int flags, [[maybe_unused]] unsigned mode = 0666) {
    if (path.find('\0') != std::string::npos) return detail::fail(error_kind::io, "a file name must not hold a NUL character");
#ifdef _WIN32
    const int descriptor = ::_open(path.c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
#else
    const int descriptor = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
#endif
    file out{descriptor, path, true};
    if (descriptor < 0) return out.failed("open", errno);
    return out;
  }

  /// The size in bytes; nothing if it is no regular file but a pipe or a device.
  result<std::optional<std::uint64_t>> size() const {
    const auto about = look();
    if (!about) return failed("stat", errno);
    return about->regular ? std::optional{about->size} : std::nullopt;
  }

  /// Several sources and threads may use this at once, since it does not use the descriptor's position (on Windows it takes a
  /// lock). Returns 0 at the end of the file.
  result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const {
#ifdef _WIN32
    const std::lock_guard lock{*one_reader_};
    const bool there = ::_lseeki64(descriptor_, static_cast<__int64>(offset), SEEK_SET) >= 0;
    const auto n = there ? ::_read(descriptor_, into.data(), static_cast<unsigned>(piece(into.size()))) : -1;
#else
    const auto n = retried([&] { return ::pread(descriptor_, into.data(), piece(into.size()), static_cast<off_t>(offset)); });
#endif
    if (n < 0) return failed("read", errno);
    return static_cast<std::size_t>(n);
  }

  result<void> write(std::span<const std::byte> bytes) {
    std::uint64_t written{};
    return write(bytes, written);
  }
  /// Adds to `written` how many bytes were, which counts if it fails.
  result<void> write(std::span<const std::byte> bytes, std::uint64_t& written) {
    while (!bytes.empty()) {
#ifdef _WIN32
      const auto n = ::_write(descriptor_, bytes.data(), static_cast<unsigned>(piece(bytes.size())));
#else
      const auto n = retried([&] { return ::write(descriptor_, bytes.data(), piece(bytes.size())); });
#endif
      if (n < 0) return failed("write to", errno);
      written += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Where the next write goes, in bytes; nothing if there are no positions, as in a pipe.
  std::optional<std::uint64_t> position() const noexcept {
#ifdef _WIN32
    const auto at = ::_lseeki64(descriptor_, 0, SEEK_CUR);
#else
    const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
#endif
    return at < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(at)};
  }

  /// True if the next write goes to `at`, and the file ends there. Never for a file opened for appending: others append to such a
  /// file, too.
  bool ends_at(std::uint64_t at) const noexcept {
#ifndef _WIN32
    const int flags = ::fcntl(descriptor_, F_GETFL);
    if (flags < 0 || (flags & O_APPEND) != 0) return false;
#endif
    const auto about = look();
    return about && about->regular && about->size == at && position() == at;
  }

  /// Truncates the file to `at` bytes; the next write goes there.
  bool cut(std::uint64_t at) noexcept {
#ifdef _WIN32
    return ::_chsize_s(descriptor_, static_cast<__int64>(at)) == 0 &&
           ::_lseeki64(descriptor_, static_cast<__int64>(at), SEEK_SET) >= 0;
#else
    const auto to = static_cast<off_t>(at);
    return retried([&] { return ::ftruncate(descriptor_, to); }) == 0 && ::lseek(descriptor_, to, SEEK_SET) == to;
#endif
  }

  /// Returns once the disk has what was written, so that a crash of the system does not undo it. That takes milliseconds.
  result<void> sync() {
#ifdef _WIN32
    const int done = ::_commit(descriptor_);
#else
    int done = -1;
#ifdef F_FULLFSYNC
    done = ::fcntl(descriptor_, F_FULLFSYNC);  // on Apple's systems fsync leaves the bytes in the drive's cache
#endif
    if (done < 0) done = retried([&] { return ::fsync(descriptor_); });
#endif
    // Some file systems have no such call. Then there is nothing to wait for.
    if (done < 0 && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS) return failed("sync", errno);
    return {};
  }

  /// Some file systems report a failed write only here.
  result<void> close() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || !owned_) return {};
#ifdef _WIN32
    if (::_close(descriptor) != 0) return failed("close", errno);
#else
    if (::close(descriptor) != 0 && errno != EINTR) return failed("close", errno);
#endif
    return {};
  }

  const std::string& path() const noexcept { return path_; }
  int descriptor() const noexcept { return descriptor_; }

 private:
  struct facts {
    std::uint64_t size{};
    bool regular{};
  };
  /// Nothing on failure, with the reason in errno.
  std::optional<facts> look() const noexcept {
#ifdef _WIN32
    struct ::_stat64 about {};
    if (::_fstat64(descriptor_, &about) != 0) return std::nullopt;
    const bool regular = (about.st_mode & _S_IFMT) == _S_IFREG;
#else
    struct ::stat about {};
    if (::fstat(descriptor_, &about) != 0) return std::nullopt;
    const bool regular = S_ISREG(about.st_mode);
#endif
    return facts{static_cast<std::uint64_t>(about.st_size), regular};
  }
  error failed(std::string_view what, int code) const {
    return detail::fail(error_kind::io, std::string("cannot ").append(what).append(" ").append(path_).append(": ").append(
                                    std::generic_category().message(code)));
  }
  /// On some systems, the size of one read or write must fit an int.
  static constexpr std::size_t piece(std::size_t size) noexcept { return (std::min)(size, std::size_t{1} << 30); }

  std::string path_{};
  int descriptor_{-1};
  bool owned_{};
#ifdef _WIN32
  std::unique_ptr<std::mutex> one_reader_{std::make_unique<std::mutex>()};
#endif
};

/// Gives the file `from` the name `to`, and replaces a file of that name, all in one call: whoever opens `to` meanwhile gets the old
/// file or the new one.
inline result<void> rename_over(const std::string& from, const std::string& to) {
#ifdef _WIN32
  constexpr unsigned long replace_existing = 1, write_through = 8;  // rename() of Windows refuses to replace a file
  const bool renamed = ::MoveFileExA(from.c_str(), to.c_str(), replace_existing | write_through) != 0;
  const std::error_code code{renamed ? 0 : static_cast<int>(::GetLastError()), std::system_category()};
#else
  const std::error_code code{::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno, std::generic_category()};
#endif
  if (code) return detail::fail(error_kind::io, {"cannot rename ", from, " to ", to, ": ", code.message()});
  return {};
}

}  // namespace detail

/// A file, or a range of it, as the body of a request. Ranges made of one source share its descriptor, which stays open until the
/// last of them is destroyed. Different threads may read different ranges at the same time.
class file_source final : public source {
 public:
  /// Fails with error_kind::io if the file cannot be read or is no regular file, since a pipe has no size. A file of size 0 that has
  /// bytes nevertheless, as those in /proc, becomes a source of unknown size. If an empty file gets bytes later, `read` fails.
  static result<file_source> open(const std::string& path) {
#ifdef _WIN32
    constexpr int how = O_RDONLY;
#else
    constexpr int how = O_RDONLY | O_NONBLOCK;  // a pipe without a writer is refused below, instead of waited for here
#endif
    auto opened = detail::file::open(path, how);
    if (!opened) return std::move(opened.error());
    auto size = opened->size();
    if (!size) return std::move(size.error());
    if (!*size) return detail::fail(error_kind::io, {path, " is no regular file; a pipe or device is sent with a function_source"});
    auto f = std::make_shared<const detail::file>(std::move(*opened));
    std::optional<std::uint64_t> length = *size;
    if (length == 0) {
      auto filled = has_bytes(*f);
      if (!filled) return std::move(filled.error());
      if (*filled) {
        auto now = f->size();  // the file may also have grown
        length = now && *now != std::uint64_t{0} ? *now : std::nullopt;
      }
    }
    return file_source{std::move(f), length, 0, length};
  }
  /// `length` bytes from `offset` on; fails with error_kind::io also if the file is not that long.
  static result<file_source> open(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    auto whole = open(path);
    if (!whole) return whole;
    return whole->range(offset, length);
  }

  /// Another source over `length` bytes of this one, with its own position. Fails with error_kind::io if this one is not that long,
  /// or if its size is not known.
  result<file_source> range(std::uint64_t offset, std::uint64_t length) const {
    if (!length_)
      return detail::fail(error_kind::io, {file_->path(), " does not say how long it is, so no range of it can be taken"});
    if (offset > *length_ || length > *length_ - offset)
      return detail::fail(error_kind::io, {file_->path(), " has ", detail::decimal(*length_), " bytes, and not ", detail::decimal(length), " from ",
                                   detail::decimal(offset), " on"});
    return file_source{file_, file_size_, start_ + offset, length};
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ && *length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(*length_ - at_));
    if (into.empty()) {
      if (auto same = still_empty(); !same) return std::move(same.error());
      return std::size_t{0};
    }
    auto n = file_->read_at(start_ + at_, into);
    if (!n) return n;
    at_ += *n;
    if (length_ && (*n == 0 || at_ == *length_))
      if (auto same = still_as_long(*n == 0); !same) return std::move(same.error());
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (length_ && from > *length_) return false;
    at_ = from;
    return true;
  }
  /// The size when the file was opened. Of a file that was empty, the size that it has now: nobody would read it otherwise, and so
  /// nobody would learn that it has bytes.
  std::optional<std::uint64_t> size() const noexcept override {
    if (file_size_ != std::uint64_t{0}) return length_;
    const auto now = file_->size();
    if (now && now->value_or(0) != 0) return *now;
    const auto filled = has_bytes(*file_);
    return filled && !*filled ? length_ : std::nullopt;
  }
  /// The size when the file was opened; 0 also if that is not known, which `size` tells apart.
  std::uint64_t length() const noexcept { return length_.value_or(0); }
  const std::string& path() const noexcept { return file_->path(); }

 private:
  file_source(std::shared_ptr<const detail::file> f, std::optional<std::uint64_t> file_size, std::uint64_t start,
              std::optional<std::uint64_t> length) noexcept
      : file_(std::move(f)), file_size_(file_size), start_(start), length_(length) {}

  /// Whatever its size says.
  static result<bool> has_bytes(const detail::file& f) {
    std::byte one{};
    auto n = f.read_at(0, {&one, 1});
    if (!n) return std::move(n.error());
    return *n != 0;
  }
  result<void> still_as_long(bool ended) const {
    const auto size = file_->size();
    if (!size) return size.error();
    if (*size != file_size_) return changed(detail::decimal(size->value_or(0)));
    if (!ended) return {};
    return detail::fail(error_kind::io, {file_->path(), " ends after ", detail::decimal(start_ + at_), " bytes, and its size says ",
                                         detail::decimal(*file_size_)});
  }
  /// A range of no bytes of a file that has some is as it was asked for.
  result<void> still_empty() const {
    if (file_size_ != std::uint64_t{0}) return {};
    auto filled = has_bytes(*file_);
    if (!filled) return std::move(filled.error());
    if (!*filled) return {};
    const auto size = file_->size();
    return changed(size && size->value_or(0) != 0 ? detail::decimal(**size) : "some");
  }
  error changed(std::string_view has) const {
    return detail::fail(error_kind::io, {file_->path(), " changed while it was read: it had ", detail::decimal(file_size_.value_or(0)),
                                         " bytes and has ", has});
  }

  std::shared_ptr<const detail::file> file_;
  std::optional<std::uint64_t> file_size_;  // nothing: not known, the file is read to its end
  std::uint64_t start_;
  std::optional<std::uint64_t> length_;  // nothing where file_size_ is
  std::uint64_t at_{};
};

/// A file to which the body of an answer is written. Move-only. The destructor closes the file, but only `close` reports whether
/// all was written.
///
/// `seek` takes bytes back only if nothing but them is lost; otherwise it returns false, everything stays, and a download that broke
/// goes on after the last byte instead of starting again. What can be taken back depends on the file:
///
///   a new or emptied file                                      all
///   a descriptor of the caller's that stands at a file's end   what was written through this sink
///   one that stands elsewhere: bytes of the file follow        nothing
///   one opened for appending (`>>`)                            nothing
///   a pipe, a socket, a terminal or another device             nothing
///
/// And nothing of a file to which others wrote since, or whose descriptor was moved, as can happen when programs share it.
class file_sink final : public sink {
 public:
  /// Makes the file, or empties an existing one; fails with error_kind::io.
  static result<file_sink> create(const std::string& path) { return open(path, O_TRUNC); }
  /// Makes the file; fails with error_kind::io, also if it exists already. `mode`: its permissions, without those that the umask
  /// takes away.
  static result<file_sink> create_new(const std::string& path, unsigned mode = 0666) { return open(path, O_EXCL, mode); }
  /// Writes to an open descriptor from its current position on, over bytes that are there, as `write` of the system does. It may be
  /// a pipe or a terminal. The caller must keep it open as long as the sink is used, and close it.
  static file_sink to_descriptor(int descriptor) {
    return file_sink{detail::file{descriptor, detail::concat({"descriptor ", detail::decimal(descriptor)}), false}};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    auto written = file_.write(bytes, put_);
    if (written) taken_ += bytes.size();
    return written;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > taken_) return false;
    if (from == put_) return true;
    if (!start_ || !file_.ends_at(*start_ + put_) || !file_.cut(*start_ + from)) return false;
    taken_ = put_ = from;
    return true;
  }

  /// Returns once the disk has what was written; takes milliseconds. Fails with error_kind::io.
  result<void> sync() { return file_.sync(); }
  /// Fails with error_kind::io if the system reports only now that a write failed. Leaves a descriptor of the caller's open.
  result<void> close() { return file_.close(); }
  std::uint64_t written() const noexcept { return taken_; }
  const std::string& path() const noexcept { return file_.path(); }
  /// -1 once it is closed.
  int descriptor() const noexcept { return file_.descriptor(); }

 private:
  explicit file_sink(detail::file f) : file_(std::move(f)) {
    if (const auto at = file_.position(); at && file_.ends_at(*at)) start_ = at;
  }

  static result<file_sink> open(const std::string& path, int how, unsigned mode = 0666) {
    auto opened = detail::file::open(path, O_WRONLY | O_CREAT | how, mode);
    if (!opened) return std::move(opened.error());
    return file_sink{std::move(*opened)};
  }

  detail::file file_;
  std::optional<std::uint64_t> start_{};  // where the body starts in the file; nothing if written bytes cannot be taken back
  std::uint64_t taken_{};
  std::uint64_t put_{};  // more than taken_ after a write that failed halfway
};

}  // namespace s3store::inline S3STORE_ABI::http

// ---- s3store/drive/local_tasks.hpp
// How does a driver do a machine's local tasks (http/local_task.hpp)? Files at once, since they are small and local. A program is
// started, and asked again and again whether it has ended, so that a loop can do other things meanwhile.

namespace s3store::inline S3STORE_ABI::sans_io {

/// A task under way. Not thread-safe. If it is destroyed before it has ended, its program is killed.
class running_task {
 public:
  /// Starts it. A failure is what `finish` returns. The task must outlive this.
  explicit running_task(const local_task& of);
  ~running_task();
  running_task(const running_task&) = delete;
  running_task& operator=(const running_task&) = delete;

  /// True once it has ended; then call `finish` once. Waits until then, but at most until `until`, by the steady clock.
  bool ended(steady_time until);
  result<local_output> finish();

 private:
  struct program;
  void read(const read_file& what);
  void replace(const replace_file& what);

  result<local_output> out_;
  detail::owned<program> program_{};  // null: no program runs
};

/// Does the task on this thread, and returns when it has ended. A failed allocation is an error, too.
result<local_output> perform(const local_task& what);

}  // namespace s3store::inline S3STORE_ABI::sans_io

#ifdef S3STORE_DEFINITIONS
// ---- s3store/drive/local_tasks_impl.hpp
// How are files read and programs run? The definitions for local_tasks.hpp.

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#ifdef _WIN32
#include <direct.h>
#else
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

// ---- s3store/http/replacing_file.hpp
// How is a file replaced, so that nobody ever finds half of a new one? The new one is written under another name in the same folder,
// gets the permissions of the old one, and then its name, in one step.

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace s3store::inline S3STORE_ABI::detail {

/// A temporary file next to the one that it will replace. The destructor deletes it, unless `keep` was called.
class replacing_file {
 public:
  /// A symbolic link is followed: the file behind it is replaced, and the link stays. Fails (io) if the temporary file cannot be
  /// created, or if `path` is something else than a regular file: a directory, a pipe. `mode`: the permissions that the file gets; if
  /// not given, those of the old file.
  static result<replacing_file> open(const std::string& path, std::optional<unsigned> mode = {}) {
    if (path.find('\0') != std::string::npos) return detail::fail(error_kind::io, "a file name must not hold a NUL character");
    auto found = behind_links(path);
    if (!found) return result<replacing_file>::failed_as(std::move(found));
    struct ::stat about {};
    const bool there = ::stat(found->c_str(), &about) == 0;
    // Found out now, and not when all has been downloaded: a name that is too long, or a folder that may not be entered.
    if (!there && errno != ENOENT) return failed("look at", *found, errno);
    if (!there && folder_of(*found).size() == found->size())
      return detail::fail(error_kind::io, {"\"", path, "\" names no file that could be written"});
    if (there && (about.st_mode & S_IFMT) != S_IFREG)
      return detail::fail(error_kind::io, {path, " is there, and is no regular file that could be replaced"});
    // Until it has the old file's permissions, it is readable for nobody else.
    auto opened = http::file_sink::create_new(temporary_name(*found, &about), mode.value_or(there ? 0600 : 0666));
    if (!opened) return result<replacing_file>::failed_as(std::move(opened));
    return replacing_file{std::move(*found), std::move(*opened), about, there, !mode};
  }
  replacing_file(replacing_file&& other) noexcept
      : path_(std::move(other.path_)),
        sink_(std::move(other.sink_)),
        old_(other.old_),
        replaces_(other.replaces_),
        takes_permissions_(other.takes_permissions_),
        kept_(std::exchange(other.kept_, true)) {}
  replacing_file& operator=(replacing_file&&) = delete;
  ~replacing_file() {
    if (kept_) return;
    static_cast<void>(sink_.close());
    std::remove(sink_.path().c_str());
  }

  http::sink& sink() noexcept { return sink_; }

  /// Closes the file and gives it the name of the old one: whoever opens that name meanwhile gets the whole old file or the whole
  /// new one. With `sync`, that is also what is found after a crash of the system; and once this has returned, it is the new one. (If
  /// at the very end the disk fails to take the folder, this fails, although the new file is there.)
  result<void> keep(bool sync) {
    if (takes_permissions_)
      if (auto same = take_permissions(); !same) return same;
    if (sync)
      if (auto safe = sink_.sync(); !safe) return safe;
    if (auto closed = sink_.close(); !closed) return closed;
    if (auto renamed = http::detail::rename_over(sink_.path(), path_); !renamed) return renamed;
    kept_ = true;
    return sync ? sync_folder() : result<void>{};
  }

 private:
  using status = struct ::stat;

  replacing_file(std::string path, http::file_sink sink, const status& old, bool replaces, bool takes_permissions)
      : path_(std::move(path)), sink_(std::move(sink)), old_(old), replaces_(replaces), takes_permissions_(takes_permissions) {}

  static error failed(std::string_view what, const std::string& path, int code) {
    return detail::fail(error_kind::io, {"cannot ", what, " ", path, ": ", std::generic_category().message(code)});
  }
  /// With its last slash; empty for a name in the current folder.
  static std::string_view folder_of(std::string_view path) noexcept {
#ifdef _WIN32
    return path.substr(0, path.find_last_of("/\\:") + 1);
#else
    return path.substr(0, path.rfind('/') + 1);
#endif
  }
  /// In the same folder, since a rename cannot change the disk. It does not begin with the file's own name, which may already be as
  /// long as a name can be. It is made of the clock and an address on the stack, so that downloads do not meet.
  static std::string temporary_name(std::string_view path, const void* here) {
    const auto ticks = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    const std::uint64_t some = ticks ^ (static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(here)) << 20);
    return detail::concat({folder_of(path), ".s3store-", detail::decimal(some), ".part"});
  }

#ifdef _WIN32
  static result<std::string> behind_links(std::string path) { return path; }
  result<void> take_permissions() const { return {}; }
  result<void> sync_folder() const { return {}; }  // Windows has no such call
#else
  static result<std::string> behind_links(std::string path) {
    constexpr int most = 40;  // as Linux has it
    for (int links = 0; links != most; ++links) {
      status about{};
      if (::lstat(path.c_str(), &about) != 0 || !S_ISLNK(about.st_mode)) return path;
      std::string target(4096, '\0');  // no path is longer
      const auto size = ::readlink(path.c_str(), target.data(), target.size());
      if (size < 0) return failed("follow the link", path, errno);
      target.resize(static_cast<std::size_t>(size));
      path = target.starts_with('/') ? std::move(target) : detail::concat({folder_of(path), target});
    }
    return failed("follow the link", path, ELOOP);
  }

  /// Owner, group and mode of the old file, as far as this process may set them. If it may not set the group, the group that the new
  /// file has gets no more rights than everybody. Bits that let a program run as somebody else are not kept, since this is another
  /// program; nor are access control lists.
  result<void> take_permissions() {
    status now{};
    if (::stat(path_.c_str(), &now) == 0) {  // they may have changed during the download
      old_ = now;
      replaces_ = true;
    }
    if (!replaces_) return {};
    const int file = sink_.descriptor();
    status mine{};
    if (::fstat(file, &mine) != 0) return failed("look at", sink_.path(), errno);
    ::mode_t mode = old_.st_mode & 0777;
    if (mine.st_uid != old_.st_uid || mine.st_gid != old_.st_gid) {
      const bool group = ::fchown(file, old_.st_uid, old_.st_gid) == 0 || ::fchown(file, static_cast<::uid_t>(-1), old_.st_gid) == 0;
      if (!group) mode &= static_cast<::mode_t>(0707 | (mode & 07) << 3);
    }
    if (mode != (mine.st_mode & 0777) && ::fchmod(file, mode) != 0) return failed("set the permissions of", sink_.path(), errno);
    return {};
  }

  /// A file system that cannot do this, or a folder that may not be opened, is no reason to fail: the file itself is whole.
  result<void> sync_folder() const {
    const std::string_view folder = folder_of(path_);
    auto opened = http::detail::file::open(folder.empty() ? "." : std::string(folder), O_RDONLY | O_DIRECTORY);
    return opened ? opened->sync() : result<void>{};
  }
#endif

  std::string path_;
  http::file_sink sink_;
  status old_;
  bool replaces_;  ///< an old file is there
  bool takes_permissions_;
  bool kept_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail

#ifndef _WIN32
extern "C" char** environ;  // NOLINT(readability-redundant-declaration): not everywhere
#endif

namespace s3store::inline S3STORE_ABI::sans_io {

#ifdef _WIN32
struct running_task::program {
  program(const run_program&, result<local_output>& out) {
    out = detail::fail(error_kind::io, "programs cannot be run on Windows yet");
  }
  bool ended(steady_time, result<local_output>&) { return true; }
};
#else

/// A program with two pipes from it. Nothing here is inherited by other programs that this process starts.
struct running_task::program {
  /// On failure, `out` has the error.
  program(const run_program& what, result<local_output>& out) : max_bytes_(what.max_bytes) {
    name_ = what.command.empty() ? std::string{} : what.command.front();
    limit_ = what.limit;
    due_ = detail::saturating_add(std::chrono::steady_clock::now(), what.limit);
    if (name_.empty()) {
      out = detail::fail(error_kind::io, "the command that is to be run is empty");
      return;
    }
    if (const int code = start(what.command); code != 0) {
      out = detail::fail(error_kind::io, {"cannot run ", name_, ": ", std::generic_category().message(code)});
      return;
    }
    runs_ = true;
  }
  ~program() {
    if (!runs_ || process_ != detail::process_id()) return;
    ::kill(id_, SIGKILL);
    reap(0);
  }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  bool ended(steady_time until, result<local_output>& out) {
    for (int pause_ms = 1;; pause_ms = (std::min)(2 * pause_ms, 50)) {
      const bool exited = reap(WNOHANG);  // asked before the pipes, so that all that it wrote is in them
      if (!output_.take(max_bytes_)) {
        out = detail::fail(error_kind::io, {name_, " wrote more than the ", detail::decimal(max_bytes_), " bytes accepted"});
        return true;
      }
      errors_.take(shown_errors);
      if (exited) {
        out = local_output{.text = secret_string{std::string_view{output_.text}}, .exit_status = status_, .errors = std::string{std::string_view{errors_.text}}};
        return true;
      }
      const steady_time now = std::chrono::steady_clock::now();
      if (now >= due_) {
        out = detail::fail(error_kind::timeout, {name_, " did not end within ", detail::decimal(detail::whole_milliseconds(limit_)), " ms"});
        return true;
      }
      if (now >= until) return false;
      const auto left = detail::whole_milliseconds((std::min)(until, due_) - now);
      ::pollfd ends[] = {{output_.end.number, POLLIN, 0}, {errors_.end.number, POLLIN, 0}};  // a negative number is passed over
      ::poll(ends, 2, static_cast<int>((std::clamp)(left, std::int64_t{1}, std::int64_t{pause_ms})));
    }
  }

 private:
  static constexpr std::size_t shown_errors = 4096;

  struct descriptor {
    descriptor() = default;
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(); }
    void close() noexcept {
      if (const int open = std::exchange(number, -1); open >= 0) ::close(open);
    }
    int number{-1};
  };

  /// The reading end of a pipe, and what came out of it.
  struct stream {
    /// Reads what is there. False if that is more than `most` bytes in all; they are then dropped.
    bool take(std::size_t most) {
      char piece[4096];
      while (end.number >= 0) {
        const auto n = ::read(end.number, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (n <= 0) {
          end.close();
          break;
        }
        const auto got = static_cast<std::size_t>(n), room = most - (std::min)(most, text.size());
        text.append(std::string_view{piece, (std::min)(got, room)});
        detail::wipe(piece, got);
        if (got > room) whole = false;
      }
      return whole;
    }

    descriptor end{};
    detail::wiped_text text{};
    bool whole{true};
  };

  static int open_pipe(descriptor& from, descriptor& to) noexcept {
    int ends[2];
#ifdef __linux__
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
#else
    if (::pipe(ends) != 0) return errno;
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
    from.number = ends[0];
    to.number = ends[1];
    return ::fcntl(from.number, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  }

  /// Returns 0, or an error number.
  int start(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));  // POSIX promises not to write there
    arguments.push_back(nullptr);

    descriptor to_output, to_errors;
    if (const int code = open_pipe(output_.end, to_output); code != 0) return code;
    if (const int code = open_pipe(errors_.end, to_errors); code != 0) return code;

    ::posix_spawn_file_actions_t actions;
    ::posix_spawnattr_t attributes;
    if (const int code = ::posix_spawn_file_actions_init(&actions); code != 0) return code;
    if (const int code = ::posix_spawnattr_init(&attributes); code != 0) return ::posix_spawn_file_actions_destroy(&actions), code;
    ::sigset_t none, broken_pipe;
    ::sigemptyset(&none);
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    int code = ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0) code = ::posix_spawn_file_actions_adddup2(&actions, to_output.number, STDOUT_FILENO);
    if (code == 0) code = ::posix_spawn_file_actions_adddup2(&actions, to_errors.number, STDERR_FILENO);
    // What this process blocks or ignores is its own affair.
    if (code == 0) code = ::posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0) code = ::posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
    if (code == 0) code = ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (code == 0) code = ::posix_spawnp(&id_, arguments.front(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return code;
  }

  /// True once the program has ended. If this process has told the system to forget its children (SIGCHLD is ignored), how it ended
  /// is not known, and counts as success.
  bool reap(int how) noexcept {
    int status = 0;
    ::pid_t got = 0;
    do {
      got = ::waitpid(id_, &status, how);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    runs_ = false;
    status_ = got < 0 ? 0 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }

  std::string name_;
  std::size_t max_bytes_;
  duration limit_{};
  steady_time due_{};
  ::pid_t id_{};
  int process_{detail::process_id()};  // in a child of this process, the program is none of its own
  bool runs_{};
  int status_{};
  stream output_{}, errors_{};
};
#endif

S3STORE_INLINE running_task::running_task(const local_task& of) : out_(local_output{}) {
  if (const auto* const file = std::get_if<read_file>(&of.what)) {
    read(*file);
  } else if (const auto* const replacement = std::get_if<replace_file>(&of.what)) {
    replace(*replacement);
  } else {
    program_ = detail::make_owned<program>(std::get<run_program>(of.what), out_);
    if (!out_) program_.reset();
  }
}
S3STORE_INLINE running_task::~running_task() = default;

S3STORE_INLINE void running_task::read(const read_file& what) {
  auto text = config::read_file_if_present(what.path, what.max_bytes);
  if (!text) {
    out_ = std::move(text.error());
  } else if (*text) {
    out_->text = secret_string{std::move(**text)};
  }
}

S3STORE_INLINE void running_task::replace(const replace_file& what) {
  for (auto slash = what.path.find('/', 1); slash != std::string::npos; slash = what.path.find('/', slash + 1)) {
    const std::string folder = what.path.substr(0, slash);
#ifdef _WIN32
    static_cast<void>(::_mkdir(folder.c_str()));
#else
    static_cast<void>(::mkdir(folder.c_str(), 0700));  // if it cannot be made, and is not there, opening the file says so
#endif
  }
  auto file = detail::replacing_file::open(what.path, 0600);
  auto done = file ? file->sink().write(detail::as_bytes(what.text.reveal())) : result<void>{file.error()};
  if (done) done = file->keep(true);
  if (!done) out_ = std::move(done.error());
}

S3STORE_INLINE bool running_task::ended(steady_time until) { return !program_ || program_->ended(until, out_); }
S3STORE_INLINE result<local_output> running_task::finish() { return std::move(out_); }

S3STORE_INLINE result<local_output> perform(const local_task& what) {
  try {
    running_task task{what};
    static_cast<void>(task.ended((steady_time::max)()));
    return task.finish();
  } catch (const std::bad_alloc&) {
    return detail::out_of_memory();
  }
}

}  // namespace s3store::inline S3STORE_ABI::sans_io
#endif

// ---- s3store/drive/blocking.hpp
// How does a machine run on the caller's thread? A loop does what each step asks for. Every exchange and every wait blocks the
// thread.

namespace s3store::inline S3STORE_ABI {

/// Blocks the calling thread until `until`. Ends early with an error of kind cancelled when the token is cancelled, from any
/// thread.
struct thread_sleeper {
  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    struct alarm {
      std::mutex guard{};
      std::condition_variable rang{};
    } clock;
    const cancel_waiter waiter{stop, &clock, [](void* who) {
                                 auto* const a = static_cast<alarm*>(who);
                                 // Locked, so that no notification is lost between the sleeper's check of the token and its wait.
                                 const std::lock_guard lock{a->guard};
                                 a->rang.notify_all();
                               }};
    std::unique_lock lock{clock.guard};
    // An hour at most, since standard libraries convert the time to another clock, where "never" may overflow.
    for (auto now = std::chrono::steady_clock::now(); !stop.cancelled() && now < until; now = std::chrono::steady_clock::now())
      clock.rang.wait_until(lock, (std::min)(until, detail::saturating_add(now, std::chrono::hours{1})));
    if (stop.cancelled()) return detail::fail(error_kind::cancelled, "the call was cancelled while it waited");
    return {};
  }
};

namespace sans_io {

/// The type of the machine that fetches credentials for a session.
template <class Session>
using fetch_of_session = decltype(std::declval<Session&>().fetch_credentials(std::declval<const need_credentials&>()));

/// Runs machines on the calling thread. `shared` supplies the time and the machine that fetches credentials, which also runs on
/// this thread. All three arguments must outlive the driver.
template <class Session, http::transport T, class Sleeper>
class blocking_driver {
 public:
  blocking_driver(Session& shared, T& transport, Sleeper& sleeper) noexcept : shared_(shared), transport_(transport), sleeper_(sleeper) {}

  template <machine M>
  result<typename M::value_type> run(M& m) {
    for (;;) {
      auto next = m.next(now());
      if (auto* const s = std::get_if<send>(&next)) {
        m.sent(perform(std::move(s->what)));
      } else if (auto* const w = std::get_if<wait>(&next)) {
        pause(*w);
      } else if (std::holds_alternative<done>(next)) {
        return m.finish();
      } else if (auto* const l = std::get_if<local>(&next)) {
        if constexpr (does_local_tasks<M>) {
          m.local_done(sans_io::perform(*l->what));
        } else {
          return unanswerable("local_done");
        }
      } else {
        if constexpr (requires(result<typename fetch_of_session<Session>::value_type> c) { m.credentials(std::move(c)); }) {
          m.credentials(credentials(std::get<need_credentials>(next)));
        } else {
          return unanswerable("credentials");
        }
      }
    }
  }

 private:
  instants now() const { return shared_.now(); }
  http::outcome perform(http::exchange x) { return transport_.perform(std::move(x)); }
  void pause(const wait& w) {
    // The result is not needed: the machine itself checks the clock and the token.
    static_cast<void>(sleeper_.sleep_until(w.until, w.stop));
  }
  auto credentials(const need_credentials& within) -> result<typename fetch_of_session<Session>::value_type> {
    auto fetch = shared_.fetch_credentials(within);
    return run(fetch);
  }

  Session& shared_;
  T& transport_;
  Sleeper& sleeper_;
};

/// Runs `m` to its end.
template <machine M, class Session, http::transport T, class Sleeper>
result<typename M::value_type> drive(M& m, Session& shared, T& transport, Sleeper& sleeper) {
  return blocking_driver<Session, T, Sleeper>{shared, transport, sleeper}.run(m);
}

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/received_answer.hpp
// What is an answer before it is decoded? Its status, headers and body.

namespace s3store::inline S3STORE_ABI::wire {

/// The pointers are not null; what they point to must live until the answer is decoded.
struct received_answer {
  int status{};
  const headers* fields{};
  std::string* body{};     ///< an XML document or an object's bytes; decoding moves it out
  bool body_given_away{};  ///< the bytes already went to the caller's sink
  bool decode_urls{};      ///< decode keys if the answer says encoding-type=url
  std::string_view operation{};  ///< the operation's name: "GetBucketVersioning"
  std::vector<std::string> unreadable{};  ///< set by decoding; see response_meta
};

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/xml/survey.hpp
// May this text be given to the parser? Only if it passes the checks that the parser does not make.
//
// The parser has no limits for depth and number of elements, keeps an unknown entity as text, and takes a NUL for the end. So one
// pass over the text counts tags and checks references, and refuses a hostile or damaged answer before anything is allocated for
// it. The parser itself refuses the rest: end tags that do not match, and malformed attributes.

namespace s3store::inline S3STORE_ABI::xml {

/// What is accepted of a document. S3's largest answers have some ten thousand elements, nested six deep.
struct limits {
  std::size_t max_bytes{std::size_t{64} << 20};  ///< 64 MiB
  std::size_t max_depth{64};
  std::size_t max_nodes{1'000'000};  ///< elements, attributes, CDATA sections, comments and processing instructions
};

namespace detail {
using namespace s3store::detail;

/// Does the text begin with a reference to one of the five entities of XML 1.0, section 4.6, or to a code point?
inline bool is_reference(std::string_view s) noexcept {
  constexpr std::size_t longest = 12;
  const auto end = s.substr(0, longest).find(';');
  if (end == std::string_view::npos) return false;
  const auto name = s.substr(1, end - 1);
  if (!name.starts_with('#')) return name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos";
  const bool hex = name.starts_with("#x");
  const auto digits = name.substr(hex ? 2 : 1);
  std::uint64_t code{};
  return detail::read_digits(digits, hex ? 16 : 10, code) && code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

/// What the reader needs to know about the text.
struct survey_result {
  bool pieces{};    ///< a comment, CDATA section or processing instruction may split a text into pieces
  bool prefixes{};  ///< an element's name may have a namespace prefix
};

class survey {
 public:
  survey(std::string_view text, const limits& within) noexcept : text_(text), within_(within) {}

  result<survey_result> run() {
    if (text_.size() > within_.max_bytes)
      return detail::fail(error_kind::malformed_response, {"XML: the document has ", detail::decimal(text_.size()), " bytes; at most ",
                                                   detail::decimal(within_.max_bytes), " are accepted"});
    if (const auto nul = text_.find('\0'); nul != npos) refuse(nul, "a NUL byte");
    if (text_.starts_with("\xEF\xBB\xBF")) done_ = 3;
    ampersand_ = text_.find('&');
    while (!problem_) {
      const auto tag = text_.find('<', done_);
      check_text(tag == npos ? text_.size() : tag);
      if (tag == npos || problem_) break;
      markup(tag);
    }
    if (!problem_ && depth_ != 0) refuse(text_.size(), cut_off);
    if (!problem_ && !root_seen_) refuse(text_.size(), "no root element");
    if (problem_)
      return detail::fail(error_kind::malformed_response, {"XML: ", problem_, " at byte ", detail::decimal(problem_at_)});
    return found_;
  }

 private:
  static constexpr auto npos = std::string_view::npos;
  static constexpr auto structural = [] {  // characters with a meaning inside a start tag
    std::array<bool, 256> table{};
    for (const char c : {'>', ':', '"', '\''}) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  static constexpr const char* cut_off = "the document is cut off";

  void refuse(std::size_t at, const char* what) noexcept {
    if (problem_) return;
    problem_ = what;
    problem_at_ = at;
  }

  /// Checks the text between the last markup and `end`: only known references, and outside the root only white space.
  void check_text(std::size_t end) noexcept {
    for (; ampersand_ < end; ampersand_ = text_.find('&', ampersand_ + 1))
      if (!is_reference(text_.substr(ampersand_))) return refuse(ampersand_, "an '&' that starts no known reference");
    if (depth_ != 0) return;
    for (std::size_t i = done_; i < end; ++i)
      if (!detail::is_space(text_[i])) return refuse(i, "text outside the root element");
  }

  void markup(std::size_t at) noexcept {
    const auto rest = text_.substr(at);
    switch (rest.size() > 1 ? rest[1] : '\0') {
      case '/': return end_tag(at);
      case '?': return skip_piece(at, 2, "?>");
      case '!': break;
      default: return start_tag(at);
    }
    if (rest.starts_with("<!--")) return skip_piece(at, 4, "-->");
    if (!rest.starts_with("<![CDATA[")) return refuse(at, "a document type declaration, which S3 never sends,");
    if (depth_ == 0) return refuse(at, "text outside the root element");
    skip_piece(at, 9, "]]>");
  }

  void end_tag(std::size_t at) noexcept {
    if (depth_ == 0) return refuse(at, "an end tag without its start tag");
    done_ = at + 2;
    if (--depth_ != 0) return;  // the rest of the tag is taken for text here; the parser checks it
    const auto end = text_.find('>', done_);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + 1;
  }

  void skip_piece(std::size_t at, std::size_t opening, std::string_view closing) noexcept {
    count_node(at);
    found_.pieces |= depth_ != 0;
    const auto end = text_.find(closing, at + opening);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + closing.size();
    if (ampersand_ < done_) ampersand_ = text_.find('&', done_);  // an '&' in the skipped piece is no reference
  }

  void start_tag(std::size_t at) noexcept {
    count_node(at);
    if (depth_ == 0 && root_seen_) return refuse(at, "a second root element");
    root_seen_ = true;
    if (depth_ == within_.max_depth) return refuse(at, "elements nested deeper than accepted");
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (!structural[static_cast<unsigned char>(text_[i])]) continue;
      if (text_[i] == '>') {
        done_ = i + 1;
        if (text_[i - 1] != '/') ++depth_;
        return;
      }
      if (text_[i] == ':') {
        found_.prefixes = true;
        continue;
      }
      count_node(i);
      i = text_.find(text_[i], i + 1);  // skip the quoted value
      if (i == npos) break;
    }
    refuse(text_.size(), cut_off);
  }

  void count_node(std::size_t at) noexcept {
    if (++nodes_ > within_.max_nodes) refuse(at, "more elements and attributes than accepted");
  }

  std::string_view text_;
  limits within_;
  std::size_t done_{};       // everything before this has been checked
  std::size_t ampersand_{};  // the next '&' to check
  std::size_t depth_{};
  std::size_t nodes_{};
  bool root_seen_{};
  survey_result found_{};
  const char* problem_{};
  std::size_t problem_at_{};
};

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI::xml

// ---- s3store/xml/reader.hpp
// How is an XML answer read? It is parsed into a document, whose elements are read through small views.
//
// The text is first checked (survey.hpp) and then parsed in place by pugixml. If it has comments, CDATA sections or namespace
// prefixes, the tree is then changed once, so that each element has its local name and its text in one piece; looking up needs no
// copies. White space is kept if it is all of an element's text, since a key may be a single space. Only reader_impl.hpp includes
// pugixml.

namespace pugi {
struct xml_node_struct;
}

namespace s3store::inline S3STORE_ABI::xml {

class node_range;
class cursor;

/// A view of an element, or of none. It and the views it returns are valid as long as the document. A node of no element has no
/// children and an empty text, so look-ups can be chained.
class node {
 public:
  node() = default;
  explicit operator bool() const noexcept { return at_ != nullptr; }
  friend bool operator==(node a, node b) noexcept { return a.at_ == b.at_; }

  /// The local name, without a namespace prefix.
  std::string_view name() const noexcept;

  /// The element's text, references decoded. If text and elements are mixed, which S3 never does, only the first piece of text.
  std::string_view text() const noexcept;

  /// The first child of that local name; an empty node if there is none.
  node child(std::string_view name) const noexcept;

  /// The value of an attribute; nothing if there is none. Looks for the qualified name as written ("xsi:type"), then for the local
  /// name ("type").
  std::optional<std::string_view> attribute(std::string_view name) const noexcept;

  /// `for (node c : n.children("Contents"))`: the children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;
  /// All child elements, in order.
  node_range children() const noexcept;

 private:
  friend class document;
  friend class node_range;
  friend class cursor;
  explicit node(pugi::xml_node_struct* at) noexcept : at_(at) {}

  static pugi::xml_node_struct* find(pugi::xml_node_struct* from, std::string_view name) noexcept;

  pugi::xml_node_struct* at_{};
};

/// Child elements as a range for `for`. An empty name means all.
class node_range {
 public:
  class iterator {
   public:
    using value_type = node;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    node operator*() const noexcept { return node{at_}; }
    iterator& operator++() noexcept;
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return at_ == nullptr; }

   private:
    friend class node_range;
    iterator(pugi::xml_node_struct* at, std::string_view name) noexcept : at_(at), name_(name) { settle(); }
    void settle() noexcept;
    pugi::xml_node_struct* at_{};
    std::string_view name_{};
  };

  iterator begin() const noexcept { return {from_, name_}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class node;
  friend class cursor;
  node_range(pugi::xml_node_struct* from, std::string_view name) noexcept : from_(from), name_(name) {}
  pugi::xml_node_struct* from_;
  std::string_view name_;
};

/// Looks up the children of one element, one after the other, as the members of a structure are read.
///
/// It notes the first 16 children once. If members are asked for in the order of the document, each takes one comparison; an absent
/// one does not walk the tree. This matters because most members are optional, and a page of a thousand keys asks for thousands
/// that are absent.
class cursor {
 public:
  cursor() = default;
  explicit cursor(node parent) noexcept;

  node parent() const noexcept { return parent_; }

  /// The next child of that local name after the one found last, else the first one; an empty node if there is none. Children after
  /// the first 16 are looked at only if none of those has that name.
  node child(std::string_view name) noexcept;

  /// All children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;

 private:
  static constexpr std::size_t most = 16;
  struct noted_child {
    pugi::xml_node_struct* at{};
    const char* name{};
  };
  node parent_{};
  std::array<noted_child, most> children_{};
  std::size_t noted_{};
  std::size_t next_{};             // the index after the one found last
  pugi::xml_node_struct* rest_{};  // the first child that is not noted
};

/// A parsed document, which owns its text. Movable; views of it stay valid when it is moved. Many threads may read one document.
class document {
 public:
  /// Holds no document, and can only be assigned to.
  document() = default;
  /// Parses UTF-8 text. Fails with error_kind::malformed_response if the text is not well-formed, exceeds the limits, or has a
  /// document type declaration, so that no entities but XML's own five exist. Throws std::bad_alloc.
  static result<document> parse(std::string text, const limits& within = {});

  node root() const noexcept;

 private:
  struct state;
  struct state_deleter {
    void operator()(state* s) const noexcept;
  };
  explicit document(std::string text);
  // On the heap, because the tree points into the text, and a short string's bytes would move with the object.
  detail::owned<state, state_deleter> state_{};
};

}  // namespace s3store::inline S3STORE_ABI::xml

#ifdef S3STORE_DEFINITIONS
// ---- s3store/xml/reader_impl.hpp
// The definitions of xml/reader.hpp, and the only include of pugixml.

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <pugixml.hpp>

namespace s3store::inline S3STORE_ABI::xml {

namespace detail {

inline bool same_name(const char* name, std::string_view wanted) noexcept {
  for (const char c : wanted)
    if (*name++ != c) return false;
  return *name == '\0';
}

inline std::string_view local_part(std::string_view qualified) noexcept {
  return qualified.substr(qualified.find(':') + 1);  // npos + 1 is 0
}

inline bool is_text(pugi::xml_node n) noexcept { return n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata; }

/// Gives each element its local name and its text in one piece, as `node` expects. Names and texts are in `buffer` in the order of
/// the document, so they only ever move towards the front, over markup that is not needed any more.
class tidier {
 public:
  tidier(std::string& buffer, pugi::xml_node root) noexcept : buffer_(buffer), root_(root) {}

  void run() {
    for (pugi::xml_node at = root_; at;) {
      if (at.type() == pugi::node_element) {
        strip_prefix(at);
        join_texts(at);
      }
      at = next(at);
    }
  }

 private:
  /// In the order of the document. Not recursive, because the sender decides the depth.
  pugi::xml_node next(pugi::xml_node at) const noexcept {
    if (const auto child = at.first_child()) return child;
    while (at != root_) {
      if (const auto sibling = at.next_sibling()) return sibling;
      at = at.parent();
    }
    return {};
  }

  char* in_buffer(const char* view) noexcept { return buffer_.data() + (view - buffer_.data()); }

  void strip_prefix(pugi::xml_node element) noexcept {
    const std::string_view name = element.name(), local = local_part(name);
    if (local.size() != name.size()) std::memmove(in_buffer(element.name()), local.data(), local.size() + 1);  // with its NUL
  }

  void join_texts(pugi::xml_node parent) {
    for (auto n = parent.first_child(); n; n = n.next_sibling()) {
      if (!is_text(n)) continue;
      char* end = in_buffer(n.value()) + std::strlen(n.value());
      for (auto more = n.next_sibling(); more && is_text(more); more = n.next_sibling()) {
        const std::size_t length = std::strlen(more.value());
        std::memmove(end, more.value(), length + 1);
        end += length;
        parent.remove_child(more);
      }
    }
    // White space between elements is only layout.
    for (auto n = parent.first_child(); n;) {
      const auto following = n.next_sibling();
      if (is_text(n) && (following || n.previous_sibling()) && detail::trim(n.value()).empty()) parent.remove_child(n);
      n = following;
    }
  }

  std::string& buffer_;
  pugi::xml_node root_;
};

}  // namespace detail

// --- node ------------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE std::string_view node::name() const noexcept { return pugi::xml_node{at_}.name(); }
S3STORE_INLINE std::string_view node::text() const noexcept { return pugi::xml_node{at_}.child_value(); }
S3STORE_INLINE pugi::xml_node_struct* node::find(pugi::xml_node_struct* from, std::string_view name) noexcept {
  pugi::xml_node at{from};
  while (at && !detail::same_name(at.name(), name)) at = at.next_sibling();
  return at.internal_object();
}
S3STORE_INLINE node node::child(std::string_view name) const noexcept {
  return node{find(pugi::xml_node{at_}.first_child().internal_object(), name)};
}
S3STORE_INLINE std::optional<std::string_view> node::attribute(std::string_view name) const noexcept {
  const pugi::xml_node at{at_};
  for (auto a = at.first_attribute(); a; a = a.next_attribute())
    if (detail::same_name(a.name(), name)) return a.value();
  for (auto a = at.first_attribute(); a; a = a.next_attribute())
    if (detail::local_part(a.name()) == name) return a.value();
  return std::nullopt;
}
S3STORE_INLINE node_range node::children(std::string_view name) const noexcept {
  return {pugi::xml_node{at_}.first_child().internal_object(), name};
}
S3STORE_INLINE node_range node::children() const noexcept { return children({}); }

// --- node_range ------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE node_range::iterator& node_range::iterator::operator++() noexcept {
  at_ = pugi::xml_node{at_}.next_sibling().internal_object();
  settle();
  return *this;
}
S3STORE_INLINE void node_range::iterator::settle() noexcept {
  pugi::xml_node at{at_};
  while (at && !(name_.empty() ? at.type() == pugi::node_element : detail::same_name(at.name(), name_))) at = at.next_sibling();
  at_ = at.internal_object();
}

// --- cursor ----------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE cursor::cursor(node parent) noexcept : parent_(parent) {
  pugi::xml_node rest = pugi::xml_node{parent.at_}.first_child();
  for (; rest && noted_ != most; rest = rest.next_sibling())
    if (const char* name = rest.name(); *name != '\0') children_[noted_++] = {rest.internal_object(), name};
  rest_ = rest.internal_object();
}
S3STORE_INLINE node cursor::child(std::string_view name) noexcept {
  for (std::size_t i = 0; i != noted_; ++i) {
    const std::size_t at = next_ + i < noted_ ? next_ + i : next_ + i - noted_;
    if (!detail::same_name(children_[at].name, name)) continue;
    next_ = at + 1;
    return node{children_[at].at};
  }
  return node{node::find(rest_, name)};
}
S3STORE_INLINE node_range cursor::children(std::string_view name) const noexcept {
  for (std::size_t i = 0; i != noted_; ++i)
    if (detail::same_name(children_[i].name, name)) return {children_[i].at, name};
  return {rest_, name};
}

// --- document --------------------------------------------------------------------------------------------------------------------

struct document::state {
  ~state() { s3store::detail::wipe(text); }  // CreateSession answers with keys
  std::string text{};
  pugi::xml_document tree{};
};
S3STORE_INLINE void document::state_deleter::operator()(state* s) const noexcept { delete s; }

S3STORE_INLINE document::document(std::string text) : state_(new state{}) { state_->text = std::move(text); }
S3STORE_INLINE node document::root() const noexcept { return node{state_->tree.document_element().internal_object()}; }

S3STORE_INLINE result<document> document::parse(std::string text, const limits& within) {
  const auto surveyed = detail::survey{text, within}.run();
  if (!surveyed) return surveyed.error();
  document out{std::move(text)};
  // If there are pieces, the tidier removes white space, after it has joined them.
  const unsigned keep_space = surveyed->pieces ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single;
  const auto parsed = out.state_->tree.load_buffer_inplace(
      out.state_->text.data(), out.state_->text.size(),
      pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_wconv_attribute | keep_space, pugi::encoding_utf8);
  if (parsed.status == pugi::status_out_of_memory) throw std::bad_alloc{};
  if (!parsed)
    return detail::fail(error_kind::malformed_response,
                        {"XML: ", detail::lower_case(parsed.description()), " at byte ", detail::decimal(parsed.offset)});
  if (surveyed->pieces || surveyed->prefixes) detail::tidier{out.state_->text, out.state_->tree.document_element()}.run();
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::xml
#endif

// ---- s3store/xml/writer.hpp
// How is XML written? Element by element, appended to a string, with every text escaped.
//
// XML 1.0 cannot hold most control characters, nor bytes that are not UTF-8, but a key may have both. The writer refuses them:
// later calls still work, but the document is `bad()` and must not be sent.

namespace s3store::inline S3STORE_ABI::xml {

/// Appends one document to a string, which must outlive the writer and must not be changed by others. Names of elements and
/// attributes are not checked.
class writer {
 public:
  explicit writer(std::string& out) noexcept : out_(&out) {}

  /// Optional; to be called before anything else.
  void declaration() { out_->append(R"(<?xml version="1.0" encoding="UTF-8"?>)").push_back('\n'); }

  void open(std::string_view name) {
    end_start_tag();
    out_->push_back('<');
    open_.push_back({out_->size(), name.size()});
    out_->append(name);
    in_start_tag_ = true;
  }
  void open(std::string_view name, std::string_view xml_namespace) {
    open(name);
    attribute("xmlns", xml_namespace);
  }

  /// Adds an attribute to the element opened last; to be called before its text and children are written.
  void attribute(std::string_view name, std::string_view value) {
    if (!in_start_tag_) return refuse("an attribute that follows its element's content");
    out_->append(" ").append(name).append("=\"");
    escape<true>(value);
    out_->push_back('"');
  }

  void text(std::string_view value) {
    end_start_tag();
    escape<false>(value);
  }

  /// Ends the element opened last.
  void close() {
    if (open_.empty()) return refuse("an end without an open element");
    const auto [at, size] = open_.back();
    open_.pop_back();
    if (std::exchange(in_start_tag_, false)) {
      out_->append("/>");
    } else {
      out_->append("</").append(*out_, at, size).push_back('>');
    }
  }

  void element(std::string_view name, std::string_view value) {
    open(name);
    if (!value.empty()) text(value);
    close();
  }

  /// True once anything was refused; the string then holds no valid document.
  bool bad() const noexcept { return problem_ != nullptr; }

  /// To be called at the end. Fails with error_kind::invalid_argument if anything was refused or an element is still open.
  result<void> finish() const {
    const char* const problem = problem_ ? problem_ : !open_.empty() ? "an element that was left open" : nullptr;
    if (problem) return detail::fail(error_kind::invalid_argument, {"XML cannot be written with ", problem});
    return {};
  }

 private:
  struct open_element {  // where in the string its name is, for the end tag
    std::size_t at{};
    std::size_t size{};
  };

  void refuse(const char* problem) noexcept {
    if (!problem_) problem_ = problem;
  }

  void end_start_tag() {
    if (std::exchange(in_start_tag_, false)) out_->push_back('>');
  }

  /// What to write instead of a character; empty: the character itself. A carriage return would be read back as a line feed (XML
  /// 1.0, section 2.11), and in an attribute a line feed or tab as a space (section 3.3.3), so these are written as references.
  template <bool in_attribute>
  static constexpr std::string_view reference(char c) noexcept {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      case '\r': return "&#13;";
      case '\n': return in_attribute ? "&#10;" : "";
      case '\t': return in_attribute ? "&#9;" : "";
      default: return "";
    }
  }

  template <bool in_attribute>
  void escape(std::string_view s) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < s.size();) {
      const std::size_t length = detail::utf8_length(s.substr(i));
      if (length == 0) return refuse("bytes that are not UTF-8");
      if (length == 3 && (s.substr(i, 3) == "\xEF\xBF\xBE" || s.substr(i, 3) == "\xEF\xBF\xBF"))
        return refuse("U+FFFE or U+FFFF, which XML 1.0 has no way to carry");
      if (const auto instead = reference<in_attribute>(s[i]); !instead.empty()) {
        out_->append(s, written, i - written).append(instead);
        written = i + 1;
      } else if (static_cast<unsigned char>(s[i]) < 0x20 && s[i] != '\n' && s[i] != '\t') {
        return refuse("a control character, which XML 1.0 has no way to carry");
      }
      i += length;
    }
    out_->append(s, written);
  }

  std::string* out_;
  std::vector<open_element> open_{};
  bool in_start_tag_{};
  const char* problem_{};
};

/// True if a document can have this text.
inline bool can_hold(std::string_view text) {
  std::string out;
  writer document{out};
  document.element("t", text);
  return !document.bad();
}

}  // namespace s3store::inline S3STORE_ABI::xml

// ---- s3store/protocol/xml_binding.hpp
// How does a structure become XML, and XML a structure? Two visitors do it, one for writing and one for reading.
//
// Both are used by the client and by the embedded S3: what one writes, the other reads.

namespace s3store::inline S3STORE_ABI::wire {

inline constexpr const char* s3_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
inline constexpr const char* xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

/// A key as S3 writes it with encoding-type=url: a form's encoding (application/x-www-form-urlencoded), where a space is `+` and `*`
/// stays, with slashes kept: "a b/c+d~" is "a+b/c%2Bd%7E". AWS documents only which characters need it; MinIO, which follows AWS in this
/// (s3URLEncode in its cmd/api-utils.go), also leaves `/` and `*` and encodes `~`.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
inline std::string url_encoded(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 16);
  for (const char& c : s) {
    if (c == ' ') {
      out.push_back('+');
    } else if (c == '~') {
      out.append("%7E");
    } else if (c == '*') {
      out.push_back(c);
    } else {
      detail::append_uri_encoded(out, {&c, 1}, detail::uri_part::path);
    }
  }
  return out;
}

/// Writes the members of a structure into the element that is open.
class xml_members_writer {
 public:
  /// `encode_urls`: percent-encode the elements declared by `url_element`, for answers with encoding-type=url.
  explicit xml_members_writer(xml::writer& out, bool encode_urls = false) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (is_list<T>) {
      for (const auto& item : m) value(name, item, format);
    } else if (const auto* v = present(m)) {
      value(name, *v, format);
    }
  }
  template <class T>
  void element(const char* name, const T& m, required_t) { element_always(name, m); }
  template <class T>
  void element(const char* name, const T& m, even_if_empty_t) { element_always(name, m); }
  void element(const char* name, const std::optional<std::string>& m, never_empty_t) {
    if (!m) return;
    if (m->empty() && blank_.empty()) blank_ = name;
    value(name, *m, timestamp_format::iso8601);
  }

  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m) {
    if (!m.empty()) list_always(name, item_name, m);
  }
  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m, required_t) { list_always(name, item_name, m); }
  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m, even_if_empty_t) { list_always(name, item_name, m); }

  void url_element(const char* name, const std::string& m) {
    if (!m.empty()) url_element(name, m, even_if_empty);
  }
  void url_element(const char* name, const std::string& m, even_if_empty_t) {
    out_.element(name, encode_urls_ ? std::string_view{url_encoded(m)} : std::string_view{m});
  }

  template <class T>
  void attribute(const char* name, const T& m, required_t) {
    if (std::string_view{name}.starts_with("xsi:")) out_.attribute("xmlns:xsi", xsi_namespace);
    out_.attribute(name, text_of(scratch_, m, timestamp_format::iso8601));
  }

  /// The first element that is present but empty although that is not allowed; an empty view if there is none.
  std::string_view blank() const noexcept { return blank_; }

 private:
  template <class T>
  void element_always(const char* name, const T& m) {
    if constexpr (is_list<T>) {
      element(name, m);  // each item has an element of its own
    } else {
      value(name, m, timestamp_format::iso8601);
    }
  }
  template <class T>
  void list_always(const char* name, const char* item_name, const std::vector<T>& m) {
    out_.open(name);
    for (const T& item : m) value(item_name, item, timestamp_format::iso8601);
    out_.close();
  }
  template <class T>
  void value(const char* name, const T& v, timestamp_format format) {
    if constexpr (scalar<T>) {
      out_.element(name, text_of(scratch_, v, format));
    } else {
      out_.open(name);
      T::describe(*this, v);
      out_.close();
    }
  }

  xml::writer& out_;
  bool encode_urls_;
  std::string_view blank_{};
  std::string scratch_{};
};

/// What could not be read. Reading continues after it.
struct reading_failure {
  std::string what{};  ///< the first thing for which the whole is refused
  /// If set, a date that can't be read leaves its member empty, and its name is appended here: one odd date must not lose a listing's
  /// page of a thousand keys. Elsewhere a date may be that of a rule or a retention, which must not seem to have none.
  std::vector<std::string>* skipped{};

  void note(std::string_view where, std::string_view why) {
    if (what.empty()) what.append(where).append(" ").append(why);
  }
  bool any() const noexcept { return !what.empty(); }
};

/// Reads the members of a structure from an element. Unknown elements are ignored, and missing ones leave their member empty. An
/// empty element gives an empty string, and leaves an optional number, date or flag without a value.
class xml_members_reader {
 public:
  xml_members_reader(xml::node at, reading_failure& failure, bool decode_urls = false) noexcept
      : at_(at), failure_(failure), decode_urls_(decode_urls) {}

  template <class T>
  void element(const char* name, T& m, auto...) {
    if constexpr (is_list<T>) {
      for (const xml::node n : at_.children(name)) value(name, n, m.emplace_back());
    } else if (const xml::node n = at_.child(name)) {
      member(name, n, m);
    }
  }

  template <class T>
  void list(const char* name, const char* item_name, std::vector<T>& m, auto...) {
    if (const xml::node n = at_.child(name))
      for (const xml::node item : n.children(item_name)) value(item_name, item, m.emplace_back());
  }

  void url_element(const char* name, std::string& m, auto...) {
    const xml::node n = at_.child(name);
    if (!n) return;
    if (!decode_urls_) return static_cast<void>(m = n.text());
    // Some stores leave one element as it is (Ceph the Delimiter), although the answer says that all are encoded.
    if (auto decoded = detail::uri_decode(n.text(), true)) {
      m = std::move(*decoded);
    } else {
      m = n.text();
    }
  }

  template <class T>
  void attribute(const char* name, T& m, auto...) {
    if (const auto text = at_.parent().attribute(name))
      if (!from_wire(*text, value_of(m))) failure_.note(name, "has an attribute value that cannot be read");
  }

 private:
  template <class T>
  void member(const char* name, xml::node n, T& m) {
    if constexpr (is_optional<T>) {
      using inner = typename T::value_type;
      if constexpr (scalar<inner> && !std::is_same_v<inner, std::string>)
        if (n.text().empty()) return;
      if constexpr (std::is_same_v<inner, timestamp>) {
        if (failure_.skipped && !from_wire(n.text(), value_of(m))) {
          m.reset();
          return failure_.skipped->emplace_back(name), void();
        }
      }
    }
    value(name, n, value_of(m));
  }
  template <class T>
  void value(const char* name, xml::node n, T& v) {
    if constexpr (scalar<T>) {
      if (!from_wire(n.text(), v)) failure_.note(name, "has a value that cannot be read");
    } else {
      xml_members_reader inside{n, failure_, decode_urls_};
      T::describe(inside, v);
    }
  }

  xml::cursor at_;  // searches on from the last element found, because servers mostly keep the declared order
  reading_failure& failure_;
  bool decode_urls_;
};

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/decode.hpp
// How does an answer become a response? A visitor reads each member from where the response's `describe` says it is.

namespace s3store::inline S3STORE_ABI::wire {

/// Reads a header that is not a list. An empty text leaves an optional member without a value, unless it is an optional string.
template <class T>
bool read_text(std::string_view text, T& m) {
  if constexpr (is_optional<T>)
    if (!std::is_same_v<typename T::value_type, std::string> && text.empty()) return true;
  return from_wire(text, value_of(m));
}

/// Reads a header into a member. Used for answers, and in the embedded S3 for requests.
template <class T>
void read_header(const headers& fields, std::string_view name, T& m, reading_failure& failure) {
  const auto text = fields.get(name);
  if (!text) return;
  if constexpr (is_list<T>) {
    detail::split(*text, ',', [&](std::string_view item) {
      if (!from_wire(detail::trim(item), m.emplace_back())) failure.note(name, "holds an item that cannot be read");
    });
  } else if (!read_text(*text, m)) {
    failure.note(name, "has a value that cannot be read");
  }
}

inline void read_headers(const headers& fields, std::string_view prefix, metadata& m) {
  for (const auto [name, value] : fields)
    if (name.size() > prefix.size() && detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      m.add(detail::lower_case(name.substr(prefix.size())), value);
}

/// The visitor that reads an answer.
class response_reader {
 public:
  /// `skip_dates`: see reading_failure.
  explicit response_reader(received_answer& from, bool skip_dates = false) noexcept
      : from_(from), failure_{.skipped = skip_dates ? &from.unreadable : nullptr} {}

  /// A value that can't be read leaves its member empty instead of failing the call: a store's odd date in a header must not lose
  /// the body. The header's text is still in the result's meta().
  template <class T>
  void header(std::string_view name, T& m, auto...) {
    if constexpr (is_list<T>) {
      reading_failure unreadable;
      read_header(*from_.fields, name, m, unreadable);
      if (unreadable.any()) skip(name, m);
    } else if (const auto text = from_.fields->get(name)) {
      if (!read_text(*text, m)) skip(name, m);
    }
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(*from_.fields, prefix, m); }
  template <class T>
  void status(T& m) { value_of(m) = from_.status; }
  void stream(std::string& m) {
    if (!from_.body_given_away) m = std::move(*from_.body);
  }
  template <class T>
  void text(T& m, auto...) {
    if (!from_.body->empty()) value_of(m) = std::move(*from_.body);
  }

  void event(const char*, const auto&, auto...) {}  // read by protocol/events.hpp

  void root(const char* name) {
    if (const xml::node top = parse(name)) at_.emplace(top, failure_, url_encoded(top));
  }
  template <class T>
  void root_text(const char* name, T& m, auto...) {
    const xml::node top = parse(name);
    if (top && !top.text().empty() && !from_wire(top.text(), value_of(m))) failure_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void payload(const char* name, T& m, auto...) {
    const xml::node top = parse(name);
    if (!top) return;
    xml_members_reader members{top, failure_, url_encoded(top)};
    auto& v = value_of(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  template <class T>
  void element(const char* name, T& m, auto...) {
    if (at_) at_->element(name, m);
  }
  template <class T>
  void list(const char* name, const char* item, T& m, auto...) {
    if (at_) at_->list(name, item, m);
  }
  void url_element(const char* name, std::string& m, auto...) {
    if (at_) at_->url_element(name, m);
  }

  const reading_failure& failure() const noexcept { return failure_; }

 private:
  /// An empty body in place of a document is an error: otherwise it would look like, for example, a bucket without objects.
  xml::node parse(const char* expected) {
    if (from_.body->empty()) return failure_.note(detail::concat({"the answer is empty where <", expected, ">"}), "is due"), xml::node{};
    const xml::limits within{.max_bytes = from_.body->size()};  // its size was already limited when it was received
    auto parsed = xml::document::parse(std::move(*from_.body), within);
    if (!parsed) {
      failure_.note(parsed.error().message, "");
      return {};
    }
    document_ = std::move(*parsed);
    const xml::node top = document_.root();
    if (top.name() == expected) return top;
    // Other stores use other root names: that of the API's shape ("GetObjectAttributesOutput", versitygw's "ObjectLockRetention"),
    // of the operation (moto's "GetBucketVersioningResponse"), or one that begins in lower case (MinIO).
    if (accepted_alias(top.name(), expected) || accepted_alias(top.name(), from_.operation)) return top;
    failure_.note(detail::concat({"the answer's root is <", top.name(), "> where <", expected, ">"}), "is due");
    return {};
  }
  template <class T>
  void skip(std::string_view name, T& m) {
    m = T{};
    from_.unreadable.emplace_back(name);
  }
  static bool accepted_alias(std::string_view name, std::string_view expected) {
    const auto stem = [](std::string_view s) {
      for (const std::string_view end : {"Response", "Output", "Result"})
        if (s.ends_with(end)) return s.substr(0, s.size() - end.size());
      return s;
    };
    constexpr std::string_view lock = "ObjectLock";  // begins the names of two shapes, but not of their roots
    return detail::equal_ignoring_case(stem(name), stem(expected)) || (name.starts_with(lock) && name.substr(lock.size()) == expected);
  }
  bool url_encoded(xml::node top) const { return from_.decode_urls && top.child("EncodingType").text() == "url"; }

  received_answer& from_;
  reading_failure failure_;
  xml::document document_{};  // what the members point into
  std::optional<xml_members_reader> at_{};
};

/// Reads an answer into a default-constructed response, which stays so after an error. Returns an error of kind malformed_response, or of
/// kind `none` for success.
template <operation_request R>
error decode_into(received_answer& from, response_of<R>& out) {
  constexpr bool is_listing = requires(response_of<R>& page) { R::items(page); };
  response_reader reader{from, is_listing};
  response_of<R>::describe(reader, out);
  if (!reader.failure().any()) return {};
  out = {};
  return detail::fail(error_kind::malformed_response, reader.failure().what);
}

/// The same, returning the response.
template <operation_request R>
result<response_of<R>> decode(received_answer& from) {
  result<response_of<R>> out{std::in_place};
  if (error e = decode_into<R>(from, *out); e.kind != error_kind::none) out = std::move(e);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/door.hpp
// How does a call encode its request and decode its answer without knowing their types? Through two function pointers that each
// operation supplies.
//
// So the rest of the protocol is the same code for all operations. With S3STORE_COMPILED the library contains these functions for
// all operations of the S3 API. A file that defines and sends a request type of its own includes door_impl.hpp.

namespace s3store::inline S3STORE_ABI::wire {

struct operation_door {
  /// Writes the request into `out`; also sets `out.spec`.
  void (*encode)(const void* request, encoded_request& out);
  /// Reads the answer into the response slot. The error's kind is `none` for success.
  error (*decode)(received_answer& from, void* response);
};

/// Where an answer is decoded to. For most operations that is the response, filled at the end. An operation that names an
/// `answer_path` (protocol/events.hpp) puts a sink of its own between the transport and the caller's sink.
template <operation_request R>
struct response_slot {
  response_slot(response_of<R>& to, http::sink* caller) noexcept : response(to), into(caller) {}
  http::sink* entrance() const noexcept { return into; }
  response_of<R>& response;
  http::sink* into;
};
template <operation_request R>
  requires requires { typename R::answer_path; }
struct response_slot<R> {
  response_slot(response_of<R>& to, http::sink* caller) : response(to), path(caller) {}
  http::sink* entrance() noexcept { return path.entrance(); }
  response_of<R>& response;
  typename R::answer_path path;
};

template <operation_request R>
struct door {
  static void encode(const void* request, encoded_request& out);
  static error decode(received_answer& from, void* slot);
  static constexpr operation_door value{&encode, &decode};
};

}  // namespace s3store::inline S3STORE_ABI::wire

#ifdef S3STORE_DEFINITIONS
// ---- s3store/protocol/door_impl.hpp
// How does an operation encode and decode its members? The definitions for protocol/door.hpp.

#include <utility>

// ---- s3store/protocol/encode.hpp
// How does a request become something that can be sent? A visitor writes each member to where the request's `describe` says it
// goes.
//
// Encoding writes no URL yet. The endpoint decides whether the bucket goes into the path or the host name, and a call that learns
// of another region resolves its endpoint again without encoding again.

#include <string>
#include <string_view>

namespace s3store::inline S3STORE_ABI::wire {

/// Reads the host prefix from its header. As in botocore, only letters, digits, '-' and '.' may become part of a host name.
inline void take_host_prefix(encoded_request& e) {
  e.host = e.fields.value_or_empty(e.spec->host_prefix);
  for (const char c : e.host)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && c != '-' && c != '.')
      return e.refuse(detail::concat({"\"", e.host, "\" cannot be part of a host name: that has letters, digits, '-' and '.'"}));
  e.host.push_back('.');
}

/// Is a required member empty? Without it the request could mean something else: S3 takes a copy without a source as an empty
/// upload.
template <class T>
bool is_missing(const T&) noexcept { return false; }  // a number, a flag, a date
inline bool is_missing(const std::string& m) noexcept { return m.empty(); }
inline bool is_missing(const enumeration_text& m) noexcept { return m.empty(); }
inline bool is_missing(const copy_source& m) noexcept { return m.bucket.empty() || m.key.empty(); }
template <class T>
bool is_missing(const std::vector<T>& m) noexcept { return m.empty(); }

/// Is an optional text present but empty? That is refused: a condition, version or owner set from an empty variable would otherwise
/// be left out, and the request would do more than the caller meant.
template <class T>
bool is_blank(const T&) noexcept { return false; }
inline bool is_blank(const std::optional<std::string>& m) noexcept { return m && m->empty(); }
inline bool is_blank(const copy_source& m) noexcept { return is_blank(m.version_id); }

/// The visitor that writes a request.
class request_writer {
 public:
  explicit request_writer(encoded_request& out) : out_(out) {
    // The part of the spec's URI after the question mark ("?uploads") belongs to every request of the operation.
    const auto mark = out.spec->uri.find('?');
    if (mark != std::string_view::npos) out.query = out.spec->uri.substr(mark + 1);
  }

  void uri(std::string_view label, const std::string& m) {
    if (label == "Bucket") {
      if (auto fault = bucket_name_fault(m); !fault.empty()) out_.refuse(std::move(fault));
      out_.bucket = m;
      out_.has_bucket = true;
    } else {
      if (m.empty()) out_.refuse("the key is empty");
      detail::append_uri_encoded(out_.key, m, detail::uri_part::path);
      out_.has_key = true;
    }
  }

  template <class T>
  void query(std::string_view name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if (is_blank(m)) return refuse_blank("the query parameter", name);
    if (const auto* v = present(m)) add_query(name, text_of(scratch_, *v, format));
  }
  template <class T>
  void query(std::string_view name, const T& m, required_t) {
    if (is_missing(m)) return refuse_missing("the query parameter", name);
    query(name, m);
  }
  template <class T>
  void query(std::string_view name, const T& m, by_default otherwise) {
    const auto* v = present(m);
    add_query(name, v ? text_of(scratch_, *v, timestamp_format::iso8601) : std::string_view{otherwise.value});
  }

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    if constexpr (is_list<T>) {
      if (m.empty()) return;
      scratch_.clear();
      for (const auto& item : m) {
        if (!scratch_.empty()) scratch_.push_back(',');
        to_wire(scratch_, item, format);
      }
      add_header(name, scratch_);
    } else {
      if (is_blank(m)) return refuse_blank("the header", name);
      if (const auto* v = present(m)) {
        add_header(name, text_of(scratch_, *v, format));
        if constexpr (is_secret<std::remove_cvref_t<decltype(*v)>>) detail::wipe(scratch_);
      }
    }
  }
  template <class T>
  void header(std::string_view name, const T& m, required_t) {
    if (is_missing(m)) return refuse_missing("the header", name);
    header(name, m);
  }

  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) {
      if (!is_header_name(name)) return out_.refuse(detail::concat({"the metadata name \"", name, "\" is no header name"}));
      if (!is_ascii(value))
        return out_.refuse(detail::concat({"the value of the metadata \"", name, "\" is not ASCII; encode it before it is stored"}));
      scratch_.assign(prefix).append(name);
      add_header(scratch_, value);
    }
  }

  void status(const auto&) {}
  void stream(const http::body& m) {
    if (m.is_null()) out_.refuse("the body was made of a null pointer");
    if (m.present()) out_.stream = &m;
  }
  template <class T>
  void text(const T& m, auto...) {
    if (const auto* v = present(m)) out_.document = *v;
  }

  template <class T>
  void payload(const char* root, const T& m, auto...) {
    const auto* v = present(m);
    if (!v) return;
    xml::writer document{out_.document};
    document.open(root, s3_namespace);
    xml_members_writer members{document};
    std::remove_cvref_t<decltype(*v)>::describe(members, *v);
    document.close();
    refuse_faults(document, members, root);
  }

  void root(const char* name) {
    root_ = name;
    xml::writer document{out_.document};
    document.open(name, s3_namespace);
    document.text({});
  }
  template <class T>
  void element(const char* name, const T& m, auto... how) {
    xml::writer document{out_.document};
    xml_members_writer members{document};
    members.element(name, m, how...);
    refuse_faults(document, members, name);
  }
  /// Called after `describe`: closes the XML document, if there is one.
  void finish() {
    if (root_) out_.document.append("</").append(root_).append(">");
  }

 private:
  void refuse_faults(const xml::writer& document, const xml_members_writer& members, std::string_view where) {
    if (document.bad())
      out_.refuse(detail::concat({"a text in <", where, "> cannot stand in XML: it is not UTF-8, or holds a control character"}));
    if (!members.blank().empty()) refuse_blank("the element", members.blank());
  }
  void refuse_missing(std::string_view what, std::string_view name) {
    out_.refuse(detail::concat({what, " ", name, " is required, and empty"}));
  }
  void refuse_blank(std::string_view what, std::string_view name) {
    out_.refuse(detail::concat({what, " ", name, " is there, but empty; leave it out if nothing is meant"}));
  }
  void add_query(std::string_view name, std::string_view value) {
    append_query(out_.query, name, value);
  }
  void add_header(std::string_view name, std::string_view value) {
    if (!is_header_value(value))
      return out_.refuse(detail::concat({"the value of the header ", name, " holds a control character (CR, LF or NUL)"}));
    out_.fields.add(name, value);
  }

  encoded_request& out_;
  std::string scratch_{};
  const char* root_{};
};

/// Writes a request into `out`. If it is refused, `out.refused` says why.
template <operation_request R>
void encode(const R& request, encoded_request& out) {
  out.spec = &R::spec;
  request_writer writer{out};
  R::describe(writer, request);
  writer.finish();
  if constexpr (!R::spec.host_prefix.empty()) take_host_prefix(out);
  if constexpr (requires { request.encoding_type; }) out.decode_urls = request.encoding_type.empty();
}

}  // namespace s3store::inline S3STORE_ABI::wire

namespace s3store::inline S3STORE_ABI::wire {

template <operation_request R>
void door<R>::encode(const void* request, encoded_request& out) {
  wire::encode(*static_cast<const R*>(request), out);
}
template <operation_request R>
error door<R>::decode(received_answer& from, void* slot) {
  auto& to = *static_cast<response_slot<R>*>(slot);
  if constexpr (requires { typename R::answer_path; }) {
    auto read = to.path.decoded(from);
    if (!read) return std::move(read.error());
    to.response = std::move(*read);
    return {};
  } else {
    return decode_into<R>(from, to.response);
  }
}

}  // namespace s3store::inline S3STORE_ABI::wire
#endif

// ---- s3store/core/byte_range.hpp
// Which bytes of an object? Those from a first to a last one, both included; and how a request asks for them.

namespace s3store::inline S3STORE_ABI {

/// Bytes of an object, both ends included: {0, 1023} are its first 1,024.
struct byte_range {
  std::uint64_t first{};
  std::uint64_t last{};
};

namespace detail {
/// What a Range with a single range says (RFC 9110, section 14.1.2). At least one of the two is there.
struct range_text {
  std::optional<std::uint64_t> first{};  ///< absent: the last bytes
  std::optional<std::uint64_t> last{};   ///< absent: to the end; without `first` it is how many bytes

  static constexpr std::string_view unit = "bytes=";

  /// nullopt for anything else: another unit, several ranges, blanks, or a range that ends before it begins. S3 passes over such a Range.
  static std::optional<range_text> parse(std::string_view s) noexcept {
    if (!equal_ignoring_case(s.substr(0, unit.size()), unit)) return std::nullopt;
    s.remove_prefix(unit.size());
    const auto dash = s.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto left = s.substr(0, dash), right = s.substr(dash + 1);
    const range_text out{parse_integer<std::uint64_t>(left), parse_integer<std::uint64_t>(right)};
    if ((!out.first && !left.empty()) || (!out.last && !right.empty()) || (!out.first && !out.last)) return std::nullopt;
    if (out.first && out.last && *out.last < *out.first) return std::nullopt;
    return out;
  }
};
}  // namespace detail

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/requested_range.hpp
// Does an answer hold the bytes that were asked for? A server or a proxy may ignore a range, or send another one, and the caller would
// take these bytes for those that it asked for. So Range (or `partNumber`), the status and Content-Range must agree.

namespace s3store::inline S3STORE_ABI::wire {

/// What a Content-Range says (RFC 9110, section 14.4): `bytes 0-9/100`, or `bytes 0-9/*` if the object's size is not told.
struct content_range {
  byte_range bytes{};
  std::optional<std::uint64_t> size{};  ///< of the whole object

  std::uint64_t length() const noexcept { return bytes.last - bytes.first + 1; }

  /// nullopt if it is malformed or contradicts itself.
  static std::optional<content_range> parse(std::string_view s) {
    constexpr std::string_view unit = "bytes ";
    if (!detail::equal_ignoring_case(s.substr(0, unit.size()), unit)) return std::nullopt;
    s = detail::trim(s.substr(unit.size()));
    const auto dash = s.find('-');
    const auto slash = s.find('/');
    content_range out;
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
    if (!detail::read_integer(s.substr(0, dash), out.bytes.first) ||
        !detail::read_integer(s.substr(dash + 1, slash - dash - 1), out.bytes.last) || out.bytes.last < out.bytes.first ||
        out.bytes.last == ~std::uint64_t{0})
      return std::nullopt;
    if (s.substr(slash + 1) != "*") {
      out.size.emplace();
      if (!detail::read_integer(s.substr(slash + 1), *out.size) || out.bytes.last >= *out.size) return std::nullopt;
    }
    return out;
  }
};

/// The bytes of an object that a request asks for.
class requested_range {
 public:
  /// The whole object.
  requested_range() = default;
  /// What the headers and the percent-encoded query of a request ask for.
  requested_range(const headers& fields, std::string_view query) {
    if (const auto range = fields.get("Range")) {
      text_ = *range;
      read_range(detail::trim(*range));
      // With If-Range, 200 and the whole object is the answer if the object has changed (RFC 9110, section 13.1.5).
      whole_is_fine_ = fields.contains("If-Range");
    } else if (const auto at = find_part_number(query); at != std::string_view::npos) {
      text_ = query.substr(at, query.find('&', at) - at);
      form_ = form::part;
      const auto number = std::string_view{text_}.substr(text_.find('=') + 1);
      if (!detail::read_integer(number, first_)) first_ = 0;
    }
  }

  bool is_part() const noexcept { return form_ == form::part; }

  /// Why an answer does not hold what was asked for; empty if it does. `told`: its Content-Range, if that can be read. `length`: the
  /// bytes of its body, if they are known.
  std::string disagreement(int status, const headers& fields, const std::optional<content_range>& told,
                           std::optional<std::uint64_t> length) const {
    if (status != 206) return holds_if_whole(length, fields) ? std::string{} : detail::concat({"the whole object came, and not ", text_});
    if (form_ == form::whole) return "a part of the object came, although the whole was asked for";
    if (!told) {
      const bool many = form_ == form::several && fields.value_or_empty("Content-Type").starts_with("multipart/byteranges");
      return many ? std::string{} : detail::concat({"a part of the object came, but the answer does not say which; asked for was ", text_});
    }
    if (length && *length != told->length())
      return detail::concat({"the answer has ", detail::decimal(*length), " bytes, but says that they are the ", detail::decimal(told->length()),
                             " bytes ", fields.value_or_empty("Content-Range")});
    return holds(*told) ? std::string{} : detail::concat({fields.value_or_empty("Content-Range"), " came, and not ", text_});
  }

  /// The most bytes that an answer with the whole object may have, if that limit follows from the request only.
  std::optional<std::uint64_t> most() const noexcept {
    if (whole_is_fine_) return std::nullopt;
    if (form_ == form::between && last_ != unlimited) return last_ + 1;
    if (form_ == form::last_bytes) return first_;
    return std::nullopt;
  }

  /// The query without its `partNumber`, beside which S3 takes no Range.
  static std::string without_part_number(std::string_view query) {
    const auto at = find_part_number(query);
    if (at == std::string_view::npos) return std::string(query);
    const auto end = query.find('&', at);
    if (end != std::string_view::npos) return detail::concat({query.substr(0, at), query.substr(end + 1)});
    return std::string(query.substr(0, at == 0 ? 0 : at - 1));
  }

 private:
  enum class form : std::uint8_t {
    whole,
    between,     // bytes=2-5: `first_` to `last_`
    from,        // bytes=2-: from `first_`
    last_bytes,  // bytes=-5: the last `first_` bytes
    several,     // bytes=0-1,4-5
    part,        // partNumber=3: `first_` is the number
    unreadable,
  };

  void read_range(std::string_view s) {
    form_ = form::unreadable;
    if (const auto read = detail::range_text::parse(s)) {
      form_ = !read->first ? form::last_bytes : !read->last ? form::from : form::between;
      first_ = read->first ? *read->first : *read->last;
      last_ = read->last.value_or(0);
    } else if (detail::equal_ignoring_case(s.substr(0, detail::range_text::unit.size()), detail::range_text::unit) &&
               s.find(',') != std::string_view::npos) {
      form_ = form::several;
    }
  }
  static std::size_t find_part_number(std::string_view query) noexcept {
    constexpr std::string_view name = "partNumber=";
    for (std::size_t at = 0; (at = query.find(name, at)) != std::string_view::npos; ++at)
      if (at == 0 || query[at - 1] == '&') return at;
    return std::string_view::npos;
  }

  bool holds(const content_range& told) const noexcept {
    const auto& [first, last] = told.bytes;
    const bool to_end = !told.size || last == *told.size - 1;
    switch (form_) {
      case form::between: return first == first_ && (last == last_ || (last < last_ && told.size && to_end));
      case form::from: return first == first_ && to_end;
      case form::last_bytes: return to_end && told.length() == (std::min)(first_, told.size.value_or(first_));
      case form::unreadable: return false;  // S3 passes over such a Range and sends the whole object
      default: return true;  // which bytes a part has, and which of several ranges exist, only the server knows
    }
  }
  bool holds_if_whole(std::optional<std::uint64_t> length, const headers& fields) const {
    if (whole_is_fine_) return true;
    switch (form_) {
      case form::whole: return true;
      case form::from: return first_ == 0;
      case form::between: return first_ == 0 && length.value_or(0) <= most().value_or(unlimited);
      case form::last_bytes: return length.value_or(0) <= first_;
      case form::part: {
        const auto parts = fields.value_or_empty("x-amz-mp-parts-count");
        return first_ == 1 && (parts.empty() || parts == "1");
      }
      default: return false;
    }
  }

  static constexpr std::uint64_t unlimited = ~std::uint64_t{0};

  form form_{};
  bool whole_is_fine_{};
  std::uint64_t first_{}, last_{};
  std::string text_{};  // as it was asked for
};

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/download.hpp
// What happens to the bytes of an answer before the caller's sink gets them? They are compared with what was asked for and announced,
// counted and hashed. A broken download continues where it stopped, so that no byte is delivered twice.

namespace s3store::inline S3STORE_ABI::wire {

class download final : public http::sink {
 public:
  explicit download(http::sink& into) noexcept : into_(into) {}

  /// Says what the next attempt asks for.
  void asking_for(requested_range range) { asked_ = std::move(range); }

  /// Takes the head of a successful answer. `further` makes checksums that the library does not have built in. An error of kind
  /// malformed_response if its status says that it holds no object; of kind range_mismatch if it does not hold the bytes that were
  /// asked for; of kind connection_lost if it does not go on where the last attempt stopped; of kind object_changed if it is of another
  /// object.
  result<void> begin(const http::response& head, bool verify, crypto::checksum_maker further = nullptr) {
    // S3 reads with these two. A 204 would make an empty object of none (RFC 9110, section 15.3).
    if (head.status != 200 && head.status != 206)
      return detail::fail(error_kind::malformed_response, {"an answer with the status ", detail::decimal(head.status), " holds no object"});
    const auto told = content_range::parse(head.fields.value_or_empty("Content-Range"));
    std::uint64_t length{};
    const bool knows_length = detail::read_integer(head.fields.value_or_empty("Content-Length"), length);
    const auto told_length = knows_length ? std::optional{length} : std::nullopt;
    if (resuming_) {
      if (head.status == 206) return go_on(head, told, told_length);
      // The server ignores Range: the whole comes again, and is taken if the sink can discard what it has.
      if (!into_.seek(0)) return refuse_to_resume(error_kind::connection_lost, "the server did not continue it there");
      delivered_ = 0;
      resuming_ = false;
    }
    if (auto why = asked_.disagreement(head.status, head.fields, told, told_length); !why.empty())
      return detail::fail(error_kind::range_mismatch, std::move(why));
    etag_ = head.fields.value_or_empty("ETag");
    first_ = 0;
    due_ = told_length;
    most_ = head.status == 206 ? std::nullopt : asked_.most();
    if (head.status == 206 && told) {
      first_ = told->bytes.first;
      due_ = told->length();
    }
    // If-Match never matches a weak ETag (RFC 9110, section 13.1.1), and an answer with several ranges can't be continued.
    if (etag_.starts_with("W/") || (head.status == 206 && !told)) etag_.clear();
    expected_.clear();
    hash_.reset();
    found_ = integrity::absent;
    if (verify) choose_checksum(head, further);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    const auto limit = due_ ? due_ : most_;
    if (limit && bytes.size() > *limit - delivered_)
      return detail::fail(error_kind::range_mismatch, {"the answer goes on behind the ", detail::decimal(*limit), " bytes that it was to have"});
    if (hash_) hash_->update(bytes);
    delivered_ += bytes.size();  // if the sink fails, it may have got only some of them
    return into_.write(bytes);
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// Prepares another attempt: after the last delivered byte, if `may_resume` and the object can be recognised by its ETag; else from
  /// the start, if the sink can discard what it has. False: neither is possible.
  bool restart(bool may_resume) {
    resuming_ = may_resume && can_resume();
    if (resuming_) return true;
    if (delivered_ != 0 && !into_.seek(0)) return false;
    delivered_ = 0;
    return true;
  }

  bool can_resume() const noexcept { return delivered_ != 0 && !resume_refused_ && !etag_.empty() && delivered_ != due_; }

  /// If true, the next attempt sends `range()` as Range and `etag()` as If-Match: the missing bytes of the same object.
  bool resuming() const noexcept { return resuming_; }
  /// The request of the first attempt asked for one part of the object, which a later one must not do beside its Range.
  bool asked_for_part() const noexcept { return asked_.is_part(); }
  std::string range() const {
    return detail::concat({"bytes=", detail::decimal(first_ + delivered_), "-", due_ ? detail::decimal(first_ + *due_ - 1) : std::string{}});
  }
  const std::string& etag() const noexcept { return etag_; }
  /// Bytes that the sink has got.
  std::uint64_t delivered() const noexcept { return delivered_; }

  /// The error of a resumed download whose object is another one now. Later attempts start from the beginning.
  error changed() {
    return refuse_to_resume(error_kind::object_changed, "the object was replaced meanwhile");
  }

  /// Called after the last byte: how the bytes were checked. An error of kind connection_lost if some are missing, or integrity.
  result<integrity> finish() {
    if (due_ && delivered_ < *due_)
      return detail::fail(error_kind::connection_lost,
                          {"the answer ended after ", detail::decimal(delivered_), " of ", detail::decimal(*due_), " bytes"});
    if (!hash_) return found_;
    const std::string actual = hash_->base64();
    if (actual == expected_) return integrity::verified;
    return detail::fail(error_kind::integrity,
                {"the body's ", crypto::name(hash_->algorithm()), " is ", actual, ", but the answer promised ", expected_});
  }

 private:
  error refuse_to_resume(error_kind kind, std::string_view why) {
    resume_refused_ = true;
    return detail::fail(kind, {"the download broke after ", detail::decimal(delivered_), " bytes, and ", why});
  }

  /// Takes the head of an answer that continues a download.
  result<void> go_on(const http::response& head, const std::optional<content_range>& told, std::optional<std::uint64_t> length) {
    const auto etag = head.fields.get("ETag");
    if (etag && *etag != etag_) return changed();
    const bool continues = told && told->bytes.first == first_ + delivered_ && (!due_ || told->bytes.last == first_ + *due_ - 1) &&
                           (!length || *length == told->length());
    if (!continues) return refuse_to_resume(error_kind::connection_lost, "the server did not continue it there");
    if (!due_) due_ = delivered_ + told->length();
    return {};
  }

  void choose_checksum(const http::response& head, crypto::checksum_maker further) {
    for (const auto& [algorithm, name, header, size] : crypto::checksum_algorithms) {
      const auto value = head.fields.get(header);
      if (!value) continue;
      // A composite checksum ends in the number of parts: "base64-3".
      if (head.fields.value_or_empty("x-amz-checksum-type") == "COMPOSITE" || value->find('-') != std::string_view::npos) {
        found_ = integrity::composite;
      } else if (head.status == 206) {
        found_ = integrity::ranged;
      } else {
        expected_ = *value;
        if (hash_.emplace(algorithm, further).usable()) return;
        hash_.reset();  // a checksum that can't be computed here counts as none
      }
    }
    if (found_ == integrity::absent && head.status == 206) found_ = integrity::ranged;
  }

  http::sink& into_;
  requested_range asked_{};
  std::uint64_t delivered_{};
  std::uint64_t first_{};                ///< where in the object the first answer begins
  std::optional<std::uint64_t> due_{};   ///< how many bytes the first answer announced
  std::optional<std::uint64_t> most_{};  ///< the most that may come if it announced none
  std::string etag_{};                   ///< empty: the download can't be continued
  std::string expected_{};
  std::optional<crypto::checksum> hash_{};
  integrity found_{};
  bool resuming_{};
  bool resume_refused_{};  ///< the server did not continue the download
};

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/lessons.hpp
// What can a call learn from a refusal, so that the same request succeeds when it is sent again? The bucket's region, that the
// credentials have expired, the server's time, and that the server wants no `Expect`. Each is learned at most once in a call, so that
// a server that keeps refusing does not cause an endless loop.

namespace s3store::inline S3STORE_ABI::sans_io {

/// What was sent, and what was answered.
struct refusal {
  const error& why;
  const http::response& head;
  http::method method{};
  std::string_view bucket{};
  std::string_view region{};  ///< that the request was sent to
  const auth::credentials* identity{};
  timestamp now{};  ///< by the local clock
};

/// The lessons of one call. The session must outlive it.
template <class P>
class lessons {
 public:
  explicit lessons(session<P>& shared) noexcept : shared_(shared) {}
  lessons(const lessons&) = delete;
  lessons& operator=(const lessons&) = delete;
  ~lessons() { settle_time(false); }

  /// True: what was learned may help, so the request is sent again at once.
  bool learn(const refusal& r) {
    return learn_region(r) || learn_expiry(r) || learn_time(r) || learn_expectation(r);
  }

  /// Does the answer redirect without naming a region? The bucket itself can then be asked for it, once.
  bool should_ask_for_region(const refusal& r) {
    const bool elsewhere = r.head.status == 301 || r.head.status == 307 || r.why.code == "PermanentRedirect" || r.why.code == "TemporaryRedirect";
    if (!elsewhere || r.bucket.empty() || asked_for_region_ || region_.done || can_be_region(r.why.region)) return false;
    return asked_for_region_ = true;
  }
  /// The answer to HeadBucket. True if it names a region that helps.
  bool told_region(std::string_view bucket, std::string_view sent_to, const http::response& head) {
    return keep_region(bucket, sent_to, head.fields.value_or_empty("x-amz-bucket-region"));
  }

  /// Called for every answer: the last lesson about the time is forgotten, unless it helped.
  void answered(const error& e) {
    if (e.kind == error_kind::none || e.status != 0) settle_time(!is_about_time(e) && e.kind != error_kind::access_denied);
  }

  /// The server does not accept `Expect: 100-continue`.
  bool no_expect() const noexcept { return expectation_.done; }

 private:
  struct lesson {
    bool done{};
    /// True the first time.
    bool take() noexcept { return !done && (done = true); }
  };

  bool learn_region(const refusal& r) {
    const std::string_view code = r.why.code;
    const bool about_region = r.head.status == 301 || r.head.status == 307 || code == "AuthorizationHeaderMalformed" ||
                              code == "PermanentRedirect" || code == "IncorrectEndpoint" || code == "IllegalLocationConstraintException" ||
                              (r.method == http::method::head && r.head.status == 400);
    return about_region && keep_region(r.bucket, r.region, r.why.region);
  }
  /// At AWS it becomes part of a host name; at other stores it is only signed.
  bool can_be_region(std::string_view region) const noexcept {
    return shared_.configuration().endpoint.empty() ? is_region_name(region) : is_signing_region(region);
  }
  bool keep_region(std::string_view bucket, std::string_view sent_to, std::string_view region) {
    if (!can_be_region(region) || region == sent_to || !region_.take()) return false;
    shared_.learn_region(bucket, region);
    return true;
  }

  bool learn_expiry(const refusal& r) {
    if ((r.why.code != "ExpiredToken" && r.why.code != "TokenRefreshRequired") || !identity_.take()) return false;
    shared_.identity().drop(r.identity);
    return true;
  }

  static bool is_about_time(const error& e) noexcept {
    return e.code == "RequestTimeTooSkewed" || e.code == "RequestExpired" || e.code == "RequestInTheFuture";
  }
  /// The answer to a HEAD has no code. So a 403 to one may be about the time if its Date is far from ours, but a Date that is off by
  /// days is more likely wrong itself.
  bool learn_time(const refusal& r) {
    const bool may_be_about_time = r.method == http::method::head && r.head.status == 403 && r.why.code.empty();
    if (!is_about_time(r.why) && !may_be_about_time) return false;
    const auto server = parse_http_date(r.head.fields.value_or_empty("Date"));
    if (!server) return false;
    const auto now = shared_.server_time(r.now);
    const auto size = *server > now ? detail::saturating_sub(*server, now) : detail::saturating_sub(now, *server);
    if (may_be_about_time && (size < tolerated_skew || size > believable_skew)) return false;
    if (!time_.take()) return false;
    before_ = shared_.clock_offset();
    offset_ = detail::saturating_sub(*server, r.now);
    shared_.set_clock_offset(offset_);
    unproven_ = true;
    return true;
  }
  void settle_time(bool helped) noexcept {
    if (unproven_ && !helped) shared_.restore_clock_offset(offset_, before_);
    unproven_ = false;
  }

  /// Only a request that may have a body is sent with an expectation.
  bool learn_expectation(const refusal& r) {
    return r.head.status == 417 && (r.method == http::method::put || r.method == http::method::post) && expectation_.take();
  }

  static constexpr timestamp::duration tolerated_skew = std::chrono::minutes{4};  // S3 itself tolerates 15
  static constexpr timestamp::duration believable_skew = std::chrono::hours{24};

  session<P>& shared_;
  lesson region_{}, identity_{}, time_{}, expectation_{};
  bool asked_for_region_{};
  bool unproven_{};  // the clock's offset was changed, and no answer has shown yet that this was right
  timestamp::duration before_{}, offset_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/protocol/prepared_request.hpp
// What do a call and a presigned URL have in common? An encoded request, to which the session and the options add headers, which
// gets an endpoint, and which is signed.

namespace s3store::inline S3STORE_ABI::sans_io {

/// Leases a workspace from the session and gives it back in the destructor, with secrets wiped. The session must outlive it.
template <class P>
class prepared_request {
 public:
  explicit prepared_request(session<P>& shared) : shared_(shared), work_(shared.lease()) { work_->encoded.clear(); }
  prepared_request(const prepared_request&) = delete;
  prepared_request& operator=(const prepared_request&) = delete;
  ~prepared_request() {
    if (holds_secret_) {  // the workspace will be used again
      work_->encoded.fields.wipe();
      work_->wire.fields.wipe();
      detail::wipe(work_->wire.url);
      if constexpr (requires { work_->signer.wipe(); }) work_->signer.wipe();
    }
    shared_.give_back(std::move(work_));
  }

  session<P>& shared() const noexcept { return shared_; }
  wire::encoded_request& encoded() noexcept { return work_->encoded; }
  const wire::encoded_request& encoded() const noexcept { return work_->encoded; }
  const operation_spec& spec() const noexcept { return *work_->encoded.spec; }
  http::request& wire() noexcept { return work_->wire; }
  std::string& document() noexcept { return work_->document; }
  auto& signer() noexcept { return work_->signer; }
  crypto::digest& sha256() noexcept { return work_->sha256; }
  const endpoint& where() const noexcept { return endpoint_; }
  /// Says that the header fields will hold a secret, so the destructor must wipe them.
  void keeps_secret() noexcept { holds_secret_ = true; }

  /// Adds the options' headers and query parameters, and the MD5 of a customer-provided key. Fails if the session's settings or the
  /// request are invalid.
  result<void> apply(const call_options& options) {
    if (shared_.unusable().kind != error_kind::none) return shared_.unusable();
    wire::encoded_request& e = work_->encoded;
    for (const auto [name, value] : options.fields) {
      if (!wire::is_header_name(name) || !wire::is_header_value(value))
        e.refuse(detail::concat({"the header \"", name, "\" of the call's options has a malformed name or value"}));
      e.fields.set(name, value);
    }
    for (const auto [name, value] : options.query) wire::append_query(e.query, name, value);
    add_customer_key_digest("x-amz-server-side-encryption-customer-key");
    add_customer_key_digest("x-amz-copy-source-server-side-encryption-customer-key");
    if (e.refused.kind != error_kind::none) return std::move(e.refused);
    return {};
  }
  /// Adds a header unless the request has it or `value` is empty.
  void add_default(std::string_view name, std::string_view value) {
    if (!value.empty() && !work_->encoded.fields.contains(name)) work_->encoded.fields.add(name, value);
  }

  /// True if the answer's body is to be verified: by the rules and settings, or because the request asks for its checksum.
  bool verifies_download() const noexcept {
    return shared_.checksums().verify_downloads() &&
           (shared_.configuration().profile.verify_downloads || work_->encoded.fields.contains("x-amz-checksum-mode"));
  }

  /// Finds the endpoint and writes the URL without its query.
  result<void> locate() {
    auto found = shared_.resolve(work_->encoded.bucket, spec().service);
    if (!found) return result<void>::failed_as(std::move(found));
    endpoint_ = std::move(*found);
    endpoint_.authority.insert(0, work_->encoded.host);
    std::string& url = work_->wire.url;
    url.assign(endpoint_.secure ? "https://" : "http://").append(endpoint_.authority);
    origin_size_ = url.size();
    url.append(endpoint_.path);
    if (work_->encoded.has_key) {
      url.append("/").append(work_->encoded.key);
    } else {
      // An operation on neither bucket nor key has a path of its own ("/WriteGetObjectResponse"), or none.
      const std::string_view uri = spec().uri.substr(0, spec().uri.find('?'));
      if (!work_->encoded.has_bucket) url.append(uri);
    }
    if (url.size() == origin_size_) url.push_back('/');
    return {};
  }
  /// Changes the URL that `locate` wrote to that of the bucket itself.
  void aim_at_bucket() {
    work_->wire.url.resize(origin_size_);
    work_->wire.url.append(endpoint_.path.empty() ? std::string_view{"/"} : std::string_view{endpoint_.path});
  }
  /// Scheme, host and port of the URL.
  std::string_view origin() const noexcept { return std::string_view{work_->wire.url}.substr(0, origin_size_); }

  /// What is signed of the request with this query. Must be called before `append_to_url`.
  auth::signable signable(std::string_view payload, http::method method, std::string_view query) const noexcept {
    return {.method = http::to_string(method),
            .path = std::string_view{work_->wire.url}.substr(origin_size_),
            .query = query,
            .host = endpoint_.authority,
            .payload = payload};
  }
  auth::signable signable(std::string_view payload) const noexcept { return signable(payload, spec().method, work_->encoded.query); }
  auth::signing_scope scope() const { return {.region = endpoint_.region, .service = std::string(spec().service)}; }
  void append_to_url(std::string_view query) {
    if (!query.empty()) work_->wire.url.append("?").append(query);
  }

  /// Adds operation, bucket, key and endpoint to an error.
  error located(error e) const {
    const wire::encoded_request& r = work_->encoded;
    e.operation = spec().name;
    e.bucket = r.bucket;
    if (r.has_key) e.key = detail::uri_decode(r.key).value_or(std::string{});
    if (!endpoint_.authority.empty()) e.endpoint = endpoint_.origin();
    return e;
  }

 private:
  /// S3 requires the MD5 of a customer-provided key, to detect that the key was damaged in transit; it is not there for security.
  void add_customer_key_digest(std::string_view field) {
    wire::encoded_request& e = work_->encoded;
    const auto key = e.fields.get(field);
    if (!key) return;
    holds_secret_ = true;
    const std::string digest_field = detail::concat({field, "-MD5"});
    if (e.fields.contains(digest_field)) return;
    auto raw = detail::from_base64(*key);
    if (!raw) return e.refuse("a customer-provided encryption key has 32 bytes");
    const detail::wiped_at_end secret{*raw};
    if (raw->size() != 32) return e.refuse("a customer-provided encryption key has 32 bytes");
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    md5.update(detail::as_bytes(*raw));
    if (!md5.usable()) return e.refuse("this OpenSSL offers no MD5, which S3 needs beside a customer-provided encryption key");
    e.fields.add(digest_field, md5.base64());
    const std::string algorithm = detail::concat({field.substr(0, field.size() - 3), "algorithm"});
    if (!e.fields.contains(algorithm)) e.fields.add(algorithm, "AES256");
  }

  session<P>& shared_;
  detail::owned<typename session<P>::workspace> work_;
  endpoint endpoint_{};
  std::size_t origin_size_{};  // length of scheme, host and port in the URL
  bool holds_secret_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/protocol/service_error.hpp
// What went wrong, when S3 answers with an error? Its kind follows from the status and the code, the rest is read from body and
// headers.

namespace s3store::inline S3STORE_ABI::wire {

/// The kind of error for an HTTP status.
constexpr error_kind kind_of_status(int status) noexcept {
  switch (status) {
    case 301: case 302: case 303: case 307: case 308: return error_kind::redirect;
    case 304: return error_kind::not_modified;
    case 401: case 403: return error_kind::access_denied;
    case 404: return error_kind::not_found;
    case 405: return error_kind::method_not_allowed;
    case 408: return error_kind::timeout;
    case 409: return error_kind::conflict;
    case 412: return error_kind::precondition_failed;
    case 416: return error_kind::range_not_satisfiable;
    case 429: return error_kind::throttled;
    case 501: return error_kind::not_implemented;
    default: return status >= 500 ? error_kind::server : error_kind::bad_request;
  }
}

/// The HTTP status that S3 normally sends with an error code. Needed if the error is in the body of an answer that began with 200.
constexpr int status_of_code(std::string_view code) noexcept {
  struct known_code {
    std::string_view code;
    int status;
  };
  constexpr known_code known[] = {
      {"InternalError", 500}, {"ServiceUnavailable", 503}, {"AccessDenied", 403},          {"NoSuchKey", 404},        {"NoSuchUpload", 404},
      {"NoSuchBucket", 404},  {"NoSuchVersion", 404},      {"PreconditionFailed", 412},    {"OperationAborted", 409}, {"ConditionalRequestConflict", 409},
      {"NotImplemented", 501}};
  for (const known_code& k : known)
    if (code == k.code) return k.status;
  return 400;
}

/// Sets the error's kind from the answer's status, or from the error's code if the status was a success. `throttled` goes by the
/// code too.
inline void settle_kind(error& e, int status) {
  e.kind = kind_of_status(status < 300 ? status_of_code(e.code) : status);
  if (classify(e) == retry_class::throttling || (status == 503 && e.code.empty())) e.kind = error_kind::throttled;
}

/// The local name of the first element of an XML or HTML text; empty if the text does not begin with one.
inline std::string_view first_element(std::string_view s) noexcept {
  if (s.starts_with("\xEF\xBB\xBF")) s.remove_prefix(3);
  for (;;) {
    s = detail::trim(s);  // during a long copy S3 sends white space first, to keep the connection alive
    if (!s.starts_with('<')) return {};
    const std::string_view end = s.starts_with("<?") ? "?>" : s.starts_with("<!--") ? "-->" : s.starts_with("<!") ? ">" : "";
    if (end.empty()) break;
    const auto at = s.find(end);
    if (at == std::string_view::npos) return {};
    s.remove_prefix(at + end.size());
  }
  s.remove_prefix(1);
  s = s.substr(0, s.find_first_of(" \t\r\n/>"));
  return s.substr(s.find(':') + 1);  // npos + 1 is 0
}
inline bool is_error_document(std::string_view body) noexcept {
  const auto name = first_element(body);
  return name == "Error" || name == "ErrorResponse";
}
inline bool is_web_page(std::string_view body) noexcept { return detail::equal_ignoring_case(first_element(body), "html"); }

/// Makes every '&' that begins no reference of XML into one. Some stores write them so into the messages of their errors.
inline std::string with_escaped_ampersands(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i != s.size(); ++i) {
    out.push_back(s[i]);
    if (s[i] == '&' && !xml::detail::is_reference(s.substr(i))) out.append("amp;");
  }
  return out;
}

/// Reads an `<Error>` document, or an `<ErrorResponse>` with an `<Error>` in it; nullopt if the body is none.
inline std::optional<error> parse_error_document(std::string_view body) {
  if (!is_error_document(body)) return std::nullopt;
  auto parsed = xml::document::parse(std::string(body));
  if (!parsed) parsed = xml::document::parse(with_escaped_ampersands(body));
  if (!parsed) return std::nullopt;
  const xml::node root = parsed->root();
  const xml::node at = root.name() == "Error" ? root : root.child("Error");
  error e;
  e.code = detail::printable(at.child("Code").text());  // which observers are told for their logs
  e.message = at.child("Message").text();
  e.region = at.child("Region").text();
  for (const xml::node n : {at, root}) {  // an <ErrorResponse> has the ids beside its <Error>
    if (e.request_id.empty()) e.request_id = n.child("RequestId").text();
    if (e.host_id.empty()) e.host_id = n.child("HostId").text();
  }
  return e;
}

/// The error in an answer. What the body does not say is taken from the headers: the answer to a HEAD has no body.
inline error service_error(const http::response& head, std::string_view body, http::method method) {
  auto document = parse_error_document(body);
  error e = document ? std::move(*document) : error{};
  e.status = head.status;
  if (e.code.empty()) e.code = head.fields.value_or_empty("x-minio-error-code");
  if (e.message.empty()) {
    std::string_view text = head.fields.value_or_empty("x-minio-error-desc");
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
    e.message = text;
  }
  settle_kind(e, head.status);
  if (e.request_id.empty()) e.request_id = head.fields.value_or_empty("x-amz-request-id");
  if (e.host_id.empty()) e.host_id = head.fields.value_or_empty("x-amz-id-2");
  if (e.region.empty()) e.region = head.fields.value_or_empty("x-amz-bucket-region");
  if (!e.message.empty()) return e;
  if (!body.empty() && !document) {
    e.message = "the body is no error of S3's; did a proxy answer?";
  } else if (method == http::method::head && head.status == 400 && e.code.empty()) {
    e.message = "the answer to a HEAD says no more than 400: the token may have expired, or the bucket may be in another region";
  } else if (!e.code.empty()) {
    e.message = to_string(e.kind);
  } else {
    e.message = "the answer names no reason";
  }
  return e;
}

/// How many bytes at the front of `text` are the secret: as it is, percent-encoded, or with backslashes as JSON has them. 0 if that
/// is not enough of it to be meant: a text may be cut off, and a secret of a few letters would be found in any.
inline std::size_t secret_at(std::string_view text, std::string_view secret) noexcept {
  constexpr std::size_t shortest = 8, enough = 16;
  std::size_t size = 0, matched = 0;
  for (; matched != secret.size(); ++matched) {
    const auto rest = text.substr(size);
    const auto byte = static_cast<unsigned char>(secret[matched]);
    if (rest.starts_with(secret[matched])) {
      size += 1;
    } else if (rest.size() > 1 && rest[0] == '\\' && rest[1] == secret[matched]) {
      size += 2;
    } else if (rest.size() > 2 && rest[0] == '%' && detail::hex_digit(rest[1]) == byte >> 4 &&
               detail::hex_digit(rest[2]) == (byte & 15)) {
      size += 3;
    } else {
      break;
    }
  }
  return secret.size() >= shortest && matched >= (std::min)(enough, secret.size()) ? size : 0;
}

/// Masks in an error's texts the secrets of the request that was sent, which a server may send back: the session token, the
/// signature, keys of SSE-C, and the secret access key.
inline void mask_secrets(error& e, const headers& sent, std::string_view secret_access_key) {
  if (e.kind == error_kind::none) return;
  const auto mask = [&e](std::string_view secret) {
    for (std::string* const text : {&e.message, &e.code, &e.request_id, &e.host_id, &e.region})
      for (std::size_t at = 0; at < text->size(); ++at)
        if (const std::size_t size = secret_at(std::string_view{*text}.substr(at), secret); size != 0) {
          const std::string_view all{*text}, stars = "[masked]";
          std::string masked = detail::concat({all.substr(0, at), stars, all.substr(at + size)});
          detail::wipe(text->data(), text->size());
          *text = std::move(masked);
          at += stars.size() - 1;
        }
  };
  for (const auto [name, value] : sent) {
    constexpr std::string_view before_signature = "Signature=";
    if (detail::equal_ignoring_case(name, "Authorization")) {
      const auto at = value.rfind(before_signature);
      mask(at == std::string_view::npos ? value : value.substr(at + before_signature.size()));
    } else {
      for (const std::string_view secret :
           {"x-amz-security-token", "x-amz-s3session-token", "x-amz-server-side-encryption-customer-key",
            "x-amz-copy-source-server-side-encryption-customer-key"})
        if (detail::equal_ignoring_case(name, secret)) mask(value);
    }
  }
  mask(secret_access_key);
}

/// The wait that the server asks for: `Retry-After` in either form (RFC 9110, section 10.2.3), or `x-amz-retry-after`, in
/// milliseconds. nullopt if there is none, or if it is a day or longer.
inline std::optional<duration> retry_after(const headers& fields, timestamp now) {
  constexpr std::int64_t day = 86'400'000'000;  // in microseconds
  const std::string_view text = detail::trim(fields.value_or_empty("Retry-After"));
  std::uint64_t n = 0;
  std::int64_t wait = day;
  if (detail::read_integer(detail::trim(fields.value_or_empty("x-amz-retry-after")), n) && n < day / 1000) {
    wait = static_cast<std::int64_t>(n) * 1000;
  } else if (detail::read_integer(text, n) && n < day / 1'000'000) {
    wait = static_cast<std::int64_t>(n) * 1'000'000;
  } else if (const auto date = parse_http_date(text, now); date && *date > now) {
    wait = detail::saturating_sub(*date, now).count();
  }
  if (wait >= day) return std::nullopt;
  return duration{std::chrono::microseconds{wait}};
}

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/chunked_source.hpp
// How does a checksum follow a body that is read only once? The body is sent in chunks, which may each carry a signature, and the
// checksum comes after them in a trailer. S3 calls this encoding aws-chunked.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
//
//  unsigned  10000\r\n<65536 bytes>\r\n … 0\r\nx-amz-checksum-crc64nvme:…\r\n\r\n
//  signed    10000;chunk-signature=<hex>\r\n<bytes>\r\n … 0;chunk-signature=<hex>\r\n<trailer>x-amz-trailer-signature:<hex>\r\n\r\n
//
// S3 takes no body without Content-Length. So the body's length must be known, and the encoded length is computed from it.

namespace s3store::inline S3STORE_ABI::wire {

class chunked_source final : public http::source {
 public:
  /// `from` has exactly `length` bytes and must outlive this. `hash` computes the trailer's checksum and must be usable; without it
  /// the chunks must be signed.
  chunked_source(http::source& from, std::uint64_t length, std::optional<crypto::checksum> hash)
      : from_(from), length_(length), hash_(std::move(hash)) {}

  /// Starts a new attempt. Chunk signatures continue from the signature of the attempt's headers, which `signer` holds; without a
  /// signer the chunks are unsigned.
  void start(std::optional<auth::chunk_signer> signer) {
    signer_ = std::move(signer);
    if (hash_) hash_->reset();
    if (signer_ && !block_) block_ = std::unique_ptr<std::byte[]>{new std::byte[chunk_size]};
    left_ = length_;
    in_chunk_ = 0;
    block_at_ = block_end_ = 0;
    ended_ = false;
    pending_.clear();
    pending_at_ = 0;
  }
  void sign(bool with_signatures) noexcept { is_signed_ = with_signatures; }

  /// How many bytes are sent, framing included.
  std::uint64_t encoded_size() const noexcept {
    const auto frame = [this](std::uint64_t n) { return hex_digits(n) + (is_signed_ ? signature_name.size() + 64 : 0) + 2; };
    const std::uint64_t whole = length_ / chunk_size, rest = length_ % chunk_size;
    std::uint64_t size = whole * (frame(chunk_size) + chunk_size + 2);
    if (rest != 0) size += frame(rest) + rest + 2;
    size += frame(0);
    if (hash_) {
      size += crypto::header_name(hash_->algorithm()).size() + 1 + crypto::base64_size(hash_->algorithm()) + 2;
      if (is_signed_) size += trailer_signature_name.size() + 64 + 2;
    }
    return size + 2;
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    try {
      return encode(into);
    } catch (...) {
      return detail::out_of_memory();
    }
  }
  /// True only if nothing was read yet. Later only `start` can begin anew, because chunk signatures depend on those of the headers.
  bool seek(std::uint64_t from) noexcept override { return from == 0 && left_ == length_ && in_chunk_ == 0 && !ended_; }
  std::optional<std::uint64_t> size() const noexcept override { return encoded_size(); }

 private:
  static constexpr std::size_t chunk_size = std::size_t{64} * 1024;
  static constexpr std::string_view signature_name = ";chunk-signature=";
  static constexpr std::string_view trailer_signature_name = "x-amz-trailer-signature:";

  result<std::size_t> encode(std::span<std::byte> into) {
    std::size_t done = 0;
    while (done != into.size()) {
      const auto rest = into.subspan(done);
      if (pending_at_ != pending_.size()) {
        done += copy_out(rest, detail::as_bytes(pending_).subspan(pending_at_), pending_at_);
      } else if (block_at_ != block_end_) {
        done += copy_out(rest, {block_.get() + block_at_, block_end_ - block_at_}, block_at_);
        if (block_at_ == block_end_) set_pending("\r\n");
      } else if (in_chunk_ != 0) {
        auto got = pass_through(rest);
        if (!got) return got;
        done += *got;
      } else if (ended_) {
        break;
      } else if (auto begun = left_ != 0 ? begin_chunk() : end(); !begun) {
        return result<std::size_t>::failed_as(std::move(begun));
      }
    }
    return done;
  }

  static std::uint64_t hex_digits(std::uint64_t n) noexcept {
    std::uint64_t digits = 1;
    while (n >>= 4) ++digits;
    return digits;
  }
  static std::size_t copy_out(std::span<std::byte> into, std::span<const std::byte> from, std::size_t& at) noexcept {
    const std::size_t n = (std::min)(into.size(), from.size());
    std::memcpy(into.data(), from.data(), n);
    at += n;
    return n;
  }
  void set_pending(std::string_view text) {
    pending_ = text;
    pending_at_ = 0;
  }
  void frame(std::size_t size, std::string_view signature) {
    set_pending({});
    detail::append_digits(pending_, size, 16);
    if (is_signed_) pending_.append(signature_name).append(signature);
    pending_.append("\r\n");
  }

  /// A signed chunk is read completely first, because its signature is sent before its bytes. An unsigned chunk is passed through.
  result<void> begin_chunk() {
    const std::size_t size = static_cast<std::size_t>((std::min)(left_, std::uint64_t{chunk_size}));
    if (!signer_) {
      in_chunk_ = size;
      frame(size, {});
      return {};
    }
    for (std::size_t have = 0; have != size;) {
      auto got = take({block_.get() + have, size - have});
      if (!got) return result<void>::failed_as(std::move(got));
      have += *got;
    }
    frame(size, signer_->chunk({block_.get(), size}));
    block_at_ = 0;
    block_end_ = size;
    return {};
  }
  result<std::size_t> pass_through(std::span<std::byte> into) {
    auto got = take(into.first((std::min)(into.size(), in_chunk_)));
    if (!got) return got;
    in_chunk_ -= *got;
    if (in_chunk_ == 0) set_pending("\r\n");
    return got;
  }
  /// Reads and hashes bytes of the body. If the body ends early, that is an error, because its length was already sent.
  result<std::size_t> take(std::span<std::byte> into) {
    auto got = http::read_some(from_, into);
    if (!got) return got;
    if (*got == 0)
      return detail::fail(error_kind::body_source,
                  {"the body ended ", detail::decimal(left_), " bytes before its promised length of ", detail::decimal(length_)});
    if (hash_) hash_->update(into.first(*got));
    left_ -= *got;
    return got;
  }
  result<void> end() {
    frame(0, signer_ ? signer_->chunk({}) : std::string_view{});
    if (hash_) {
      const std::string trailer = detail::concat({crypto::header_name(hash_->algorithm()), ":", hash_->base64()});
      pending_.append(trailer).append("\r\n");
      if (signer_) pending_.append(trailer_signature_name).append(signer_->finish_trailer(detail::concat({trailer, "\n"}))).append("\r\n");
    }
    pending_.append("\r\n");
    ended_ = true;
    return {};
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t left_{};
  std::optional<crypto::checksum> hash_{};
  std::optional<auth::chunk_signer> signer_{};
  std::unique_ptr<std::byte[]> block_{};  ///< the signed chunk that is being sent
  std::size_t block_at_{}, block_end_{};
  std::size_t in_chunk_{};                ///< bytes of an unsigned chunk still to be passed through
  std::string pending_{};                 ///< framing that is being sent
  std::size_t pending_at_{};
  bool is_signed_{};
  bool ended_{};
};

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/upload.hpp
// What is sent as the body of a request, and which checksum and payload hash protect it? This is decided once per call. Each
// attempt then sends the body from its start.
//
//   body                       checksum            payload hash if signed / unsigned
//   none, or a document        header, if due      of the bytes / UNSIGNED-PAYLOAD
//   in memory, up to 1 MiB     header              of the bytes / UNSIGNED-PAYLOAD
//   longer, or a source        trailer             of each chunk / none
// If the caller gave a checksum or Content-MD5, none is added. Content-MD5 is added in place of a checksum if one is required and
// `store_profile::content_md5` is set.

namespace s3store::inline S3STORE_ABI::wire {

/// What the plan depends on.
struct upload_terms {
  bool sign_payload{};  ///< false: the payload goes unsigned
  bool anonymous{};
  bool aws_chunked{true};                                ///< the store accepts aws-chunked bodies
  bool content_md5{};                                    ///< send Content-MD5 where a checksum is required
  std::optional<crypto::checksum_algorithm> checksum{};  ///< the one to add; nullopt: none
  crypto::checksum_maker further{};                      ///< makes those that are not built in
};

/// Gives a source of unknown size the length that the caller named. Reading fails with body_source if it has fewer or more bytes.
class sized_source final : public http::source {
 public:
  sized_source(http::source& from, std::uint64_t length) noexcept : from_(from), length_(length) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(length_ - at_));
    auto got = into.empty() ? result<std::size_t>{std::size_t{0}} : http::read_some(from_, into);
    if (!got) return got;
    at_ += *got;
    if (*got == 0 && at_ != length_) return wrong(detail::concat({"only ", detail::decimal(at_)}));
    // Checked before the last byte is returned, because after it the request would be complete.
    std::byte more{};
    if (*got == 0 || at_ != length_) return got;
    if (auto rest = http::read_some(from_, {&more, 1}); !rest || *rest != 0) return rest ? wrong("more") : std::move(rest);
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_ || !from_.seek(from)) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

 private:
  error wrong(std::string_view has) const {
    return detail::fail(error_kind::body_source,
                        {"content_length is ", detail::decimal(length_), ", but the body has ", has, " bytes"});
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t at_{};
};

/// Used in place of upload_body for operations without a body: GET, HEAD and DELETE.
class no_upload_body {
 public:
  result<void> plan(encoded_request& e, const upload_terms& terms, crypto::digest&) {
    if (e.stream || !e.document.empty())
      return detail::fail(error_kind::invalid_argument, "an operation whose method is GET, HEAD or DELETE has no body");
    payload_ = terms.sign_payload && !terms.anonymous ? auth::payload::empty : auth::payload::not_signed;
    return {};
  }
  std::string_view payload() const noexcept { return payload_; }
  bool has_unsigned_trailer() const noexcept { return false; }
  bool rewind() noexcept { return true; }
  http::source* start(const auto&) noexcept { return nullptr; }

 private:
  std::string_view payload_{};
};

class upload_body {
 public:
  static constexpr std::uint64_t in_memory_limit = 1u << 20;

  upload_body() = default;
  upload_body(const upload_body&) = delete;
  upload_body& operator=(const upload_body&) = delete;

  /// Decides how the body is sent, and adds the headers for that to `e.fields`. `sha256` is scratch space.
  result<void> plan(encoded_request& e, const upload_terms& terms, crypto::digest& sha256) {
    if (e.stream && e.stream->stream()) {
      from_ = e.stream->stream();
    } else if (e.stream || !e.document.empty()) {
      memory_ = http::memory_source{e.stream ? e.stream->bytes() : detail::as_bytes(e.document)};
      from_ = &memory_;
    }
    if (auto known = settle_length(e); !known) return known;
    auto chosen = choose_checksum(e, terms);
    if (!chosen) return result<void>::failed_as(std::move(chosen));
    auto& hash = chosen->sum;

    const bool at_once = from_ == nullptr || (from_ == &memory_ && (!e.stream || length_ <= in_memory_limit));
    const bool sign = terms.sign_payload && !terms.anonymous;
    if (!at_once && terms.aws_chunked && (hash || (sign && from_ != &memory_))) {
      chunk(e, std::move(hash), sign);
    } else {
      if (hash) {
        auto value = digest_of(*hash);
        if (!value) return result<void>::failed_as(std::move(value));
        e.fields.set(chosen->field, *value);
      }
      payload_ = auth::payload::not_signed;
      if (sign && from_ == nullptr) payload_ = auth::payload::empty;
      if (sign && from_ != nullptr) {
        auto value = sha256_of_body(sha256);
        if (!value) return result<void>::failed_as(std::move(value));
        payload_ = std::move(*value);
      }
    }
    return {};
  }

  /// The value of `x-amz-content-sha256`, which is also the payload hash in the signature.
  std::string_view payload() const noexcept { return payload_; }
  bool has_unsigned_trailer() const noexcept { return chunked_ && !signed_chunks_; }

  /// Called before an attempt is signed: goes to the first byte. False: the body was read and can't be read again.
  bool rewind() { return !from_ || from_->seek(0); }

  /// Called after an attempt is signed: what to send; null if there is no body. `with` is the signer that signed the headers.
  template <class Signer>
  http::source* start(const Signer& with) {
    if (!chunked_) return from_;
    chunked_->start(signed_chunks_ ? std::optional{with.chunks()} : std::nullopt);
    return &*chunked_;
  }

 private:
  /// The caller's Content-Length header is used as the length of a source of unknown size. The transport writes the header that is
  /// sent.
  result<void> settle_length(encoded_request& e) {
    std::optional<std::uint64_t> declared;
    if (const auto text = e.fields.get("Content-Length")) declared = detail::parse_integer<std::uint64_t>(*text);
    e.fields.erase("Content-Length");
    if (!from_) return {};
    const auto known = from_->size();
    if (known && declared && *known != *declared)
      return detail::fail(error_kind::invalid_argument, {"content_length is ", detail::decimal(*declared), ", but the body has ",
                                                         detail::decimal(*known), " bytes"});
    constexpr auto most = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)());
    if (known && *known > most)
      return detail::fail(error_kind::invalid_argument, {"the body's source says that it has ", detail::decimal(*known), " bytes"});
    if (!known && !declared)
      return detail::fail(
          error_kind::invalid_argument,
          "the length of the body is not known, and S3 takes none without: set content_length, or upload it in parts");
    length_ = known ? *known : *declared;
    if (!known) from_ = &sized_.emplace(*from_, length_);
    return {};
  }

  struct chosen_checksum {
    std::optional<crypto::checksum> sum{};
    std::string_view field{};
  };
  /// The algorithm that the request names, or else the client's; none if the caller gave a checksum's value.
  result<chosen_checksum> choose_checksum(encoded_request& e, const upload_terms& terms) const {
    const bool is_required = e.spec->checksum == request_checksum::required;
    if (e.spec->checksum == request_checksum::none || (!from_ && !is_required)) return chosen_checksum{};
    for (const auto [name, value] : e.fields) {
      const bool own =
          name.size() > crypto::checksum_header_prefix.size() &&
          detail::equal_ignoring_case(name.substr(0, crypto::checksum_header_prefix.size()), crypto::checksum_header_prefix) &&
          !detail::equal_ignoring_case(name, "x-amz-checksum-type") &&
          !detail::equal_ignoring_case(name, "x-amz-checksum-algorithm");
      if (own || detail::equal_ignoring_case(name, content_md5)) return chosen_checksum{};
    }
    auto algorithm = terms.checksum;
    const auto named = e.fields.get("x-amz-sdk-checksum-algorithm");
    const bool as_content_md5 = !named && is_required && terms.content_md5;
    if (named) algorithm = crypto::parse_checksum_algorithm(*named);
    if (named && !algorithm)
      return detail::fail(error_kind::invalid_argument,
                          {"the checksum algorithm \"", *named, "\" is not known here; send its value yourself"});
    if (as_content_md5) algorithm = crypto::checksum_algorithm::md5;
    if (!algorithm) return chosen_checksum{};
    chosen_checksum out{.sum = crypto::checksum{*algorithm, terms.further},
                        .field = as_content_md5 ? content_md5 : crypto::header_name(*algorithm)};
    if (!out.sum->usable())
      return detail::fail(named ? error_kind::invalid_argument : error_kind::configuration,
                          {"the checksum ", crypto::why_unusable(*algorithm)});
    if (!named && !as_content_md5) e.fields.add("x-amz-sdk-checksum-algorithm", crypto::name(*algorithm));
    return out;
  }

  void chunk(encoded_request& e, std::optional<crypto::checksum> hash, bool sign) {
    signed_chunks_ = sign;
    payload_ = !sign  ? auth::payload::not_signed_with_trailer
               : hash ? auth::payload::signed_chunks_with_trailer
                      : auth::payload::signed_chunks;
    const std::string own{e.fields.value_or_empty("Content-Encoding")};
    e.fields.set("Content-Encoding", detail::concat({own, own.empty() ? "" : ",", "aws-chunked"}));
    e.fields.set("x-amz-decoded-content-length", detail::decimal(length_));
    if (hash) e.fields.set("x-amz-trailer", crypto::header_name(hash->algorithm()));
    chunked_.emplace(*from_, length_, std::move(hash)).sign(sign);
  }

  /// Reads the body once to hash it, so it must be possible to read it again when it is sent.
  template <class Hash>
  result<void> hash_body(Hash&& update) {
    if (!from_) return {};
    if (!from_->seek(0)) return not_twice();
    std::byte buffer[16 * 1024];
    for (std::uint64_t left = length_; left != 0;) {
      auto got = http::read_some(*from_, {buffer, static_cast<std::size_t>((std::min)(left, std::uint64_t{sizeof buffer}))});
      if (!got) return result<void>::failed_as(std::move(got));
      if (*got == 0)
        return detail::fail(error_kind::body_source,
                            {"the body ended before its promised length of ", detail::decimal(length_), " bytes"});
      update(std::span<const std::byte>{buffer, *got});
      left -= *got;
    }
    if (!from_->seek(0)) return not_twice();
    return {};
  }
  static error not_twice() {
    return detail::fail(error_kind::invalid_argument,
                        "this store needs the body's checksum ahead of it, but the body can be read only once");
  }
  result<std::string> digest_of(crypto::checksum& hash) {
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    auto value = hash.base64();
    if (value.empty()) return detail::fail(error_kind::configuration, {"the checksum ", crypto::name(hash.algorithm()), " has no value"});
    return value;
  }
  result<std::string> sha256_of_body(crypto::digest& hash) {
    hash.reset();
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    return detail::hex(crypto::finish_sha256(hash));
  }

  static constexpr std::string_view content_md5 = "Content-MD5";

  http::memory_source memory_{};
  http::source* from_{};
  std::optional<sized_source> sized_{};
  std::uint64_t length_{};
  std::optional<chunked_source> chunked_{};
  std::string payload_{};
  bool signed_chunks_{};
};

/// The class that handles the operation's body.
template <operation_request R>
using body_to_send =
    std::conditional_t<R::spec.method == http::method::put || R::spec.method == http::method::post, upload_body, no_upload_body>;

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/call.hpp
// How does one operation run, from request to response? A state machine (http/machine.hpp) takes these steps, without I/O.
//
//   encode ─► resolve, rewind, sign ─► send ─► classify ─► parse
//                     ▲                            │
//                     └──────── back off ◄─────────┘
//
// The order inside an attempt matters. The endpoint is resolved before signing, because the signature covers the host. The body is
// rewound before signing, so that a body that can't be read again is never sent. Credentials are fetched after the wait, because
// they may have expired during it.
//
// `call_engine` does not know the operation's types: encoding and decoding go through two function pointers (protocol/door.hpp).
// `call` wraps it and gives the typed response.

namespace s3store::inline S3STORE_ABI::sans_io {

/// The request, the session and the sinks must outlive it. It cannot be copied or moved.
template <class P, class Body>  // upload_body, or no_upload_body
class call_engine final : public http::receiver {
 public:
  using value_type = void;

  /// `request` and `response` are passed to the functions of `door`. A streamed body goes to `into`; if that is null, it is
  /// collected.
  call_engine(const wire::operation_door& door, const void* request, void* response, http::sink* into, session<P>& shared,
              const call_options& options)
      : door_(door),
        response_(response),
        shared_(shared),
        options_(options),
        limits_(options.limits.value_or(shared.configuration().limits)),
        request_(shared),
        lessons_(shared),
        identity_(shared.identity()),
        collected_(body_, options.max_body.value_or(shared.configuration().max_body)),
        gives_away_(into != nullptr),
        download_(into ? *into : static_cast<http::sink&>(collected_)) {
    door.encode(request, request_.encoded());
  }
  call_engine(const call_engine&) = delete;
  call_engine& operator=(const call_engine&) = delete;

  step next(instants now) {
    now_ = now;
    try {
      return advance();
    } catch (const s3_error& e) {  // this OpenSSL can't sign
      conclude(detail::fail(e.kind(), e.error().message));
    } catch (const std::bad_alloc&) {
      conclude(detail::out_of_memory());
    }
    return done{};
  }
  /// The result of the exchange that `next` asked for.
  void sent(http::outcome o) {
    outcome_ = std::move(o);
    phase_ = phase::answered;
  }
  /// The credentials that `next` asked for.
  void credentials(result<auth::credentials> c) {
    try {
      identity_.fetched(std::move(c), at_server());
    } catch (const std::bad_alloc&) {
      conclude(detail::out_of_memory());
    }
  }

  /// Called once, after `next` returned `done`.
  result<void> finish() {
    result<void> out;
    try {
      if (failure_.kind != error_kind::none) out = completed(std::move(failure_));
      out.attach(meta());
    } catch (const std::bad_alloc&) {
      if (out || failure_.kind != error_kind::none) out = detail::out_of_memory();
    }
    return out;
  }

  result<http::sink*> on_response(http::response&& head) noexcept override {
    try {
      return take(std::move(head));
    } catch (const std::bad_alloc&) {
      return detail::out_of_memory();
    }
  }

 private:
  enum class phase { fresh, ready, sending, answered, waiting, finished };

  result<http::sink*> take(http::response&& head) {
    const bool to_document = asking_ || head.status / 100 != 2 || spec().answer != answer_body::stream;
    if (!to_document) {
      auto begun = download_.begin(head, request_.verifies_download(), further_checksums(shared_.checksums()));
      if (!begun) {
        head_ = std::move(head);
        return std::move(begun.error());
      }
    }
    // The response to a download that goes on is made of the first head: its length and range are those of all the bytes.
    if (to_document || !download_.resuming()) {
      head_ = std::move(head);
    } else {
      head_ = std::exchange(first_head_, {});
    }
    if (!to_document) return &download_;
    request_.document().clear();
    return &buffer_.emplace(request_.document(), shared_.configuration().max_document);
  }

  step advance() {
    if (phase_ == phase::fresh) {
      started_ = now_.steady;
      if (auto prepared = prepare(); !prepared) {
        conclude(std::move(prepared.error()));
      } else {
        phase_ = phase::ready;
      }
    }
    if (phase_ == phase::answered) classify_outcome();
    if (phase_ == phase::waiting && now_.steady >= wait_until_) phase_ = phase::ready;
    if (phase_ == phase::waiting && options_.stop.cancelled())
      conclude(detail::fail(error_kind::cancelled, "the call was cancelled while it waited to try again"));
    if (phase_ == phase::waiting) return wait{wait_until_, options_.stop};
    if (phase_ == phase::ready) {
      if (options_.stop.cancelled()) {
        conclude(detail::fail(error_kind::cancelled, "the call was cancelled before it was sent"));
      } else {
        if (auto needs = identity_.next(at_server(), deadline(), options_.stop); !std::holds_alternative<done>(needs)) return needs;
        if (!identity_) {
          conclude(std::move(identity_.failure()));
        } else if (auto ready = asking_ ? ask_for_region() : attempt(); !ready) {
          conclude(std::move(ready.error()));
        }
      }
    }
    if (phase_ != phase::finished) return send{exchange()};
    return done{};
  }
  const operation_spec& spec() const noexcept { return request_.spec(); }
  /// The current time by the server's clock, if that is known: expiry dates refer to the server's clock.
  instants at_server() const noexcept { return {now_.steady, shared_.server_time(now_.wall)}; }

  steady_time deadline() const noexcept {
    return limits_.total != duration::zero() ? detail::saturating_add(started_, limits_.total) : (steady_time::max)();
  }
  http::exchange exchange() noexcept {
    const http::limits within{limits_.connect, limits_.first_byte, limits_.idle, deadline()};
    return {.out = &request_.wire(), .in = this, .within = within, .stop = options_.stop};
  }

  void conclude(error e) {
    failure_ = std::move(e);
    phase_ = phase::finished;
  }

  // --- once a call ---------------------------------------------------------------------------------------------------------------

  result<void> prepare() {
    if (auto applied = request_.apply(options_); !applied) return applied;
    const settings& s = shared_.configuration();
    if (request_.encoded().has_bucket) {
      request_.add_default("x-amz-expected-bucket-owner", s.expected_bucket_owner);
      request_.add_default("x-amz-request-payer", s.request_payer);
    }
    request_.add_default("User-Agent", shared_.user_agent());
    if (spec().answer_checksum && request_.verifies_download()) request_.add_default("x-amz-checksum-mode", "ENABLED");
    return {};
  }

  // --- once an attempt -----------------------------------------------------------------------------------------------------------

  /// Prepares the next send: endpoint, body, signature.
  result<void> attempt() {
    if (auto located = request_.locate(); !located) return located;
    if (!planned_) {
      const auto mode = shared_.configuration().signing;
      const bool signs_by_itself = !request_.where().secure && !spec().unsigned_payload;
      const wire::upload_terms terms{
          .sign_payload = mode == payload_signing::always || (mode == payload_signing::automatic && signs_by_itself),
          .anonymous = identity_->anonymous(),
          .aws_chunked = shared_.configuration().profile.aws_chunked,
          .content_md5 = shared_.configuration().profile.content_md5,
          .checksum = shared_.checksums().for_upload(spec(), shared_.configuration().profile),
          .further = further_checksums(shared_.checksums())};
      if (auto planned = body_to_send_.plan(request_.encoded(), terms, request_.sha256()); !planned) return planned;
      planned_ = true;
    }
    if (!body_to_send_.rewind()) return detail::fail(error_kind::body_source, "the body cannot be read from its start");

    if (!identity_->session_token.empty()) request_.keeps_secret();
    http::request& wire = request_.wire();
    wire.verb = spec().method;
    wire.no_expect = lessons_.no_expect();
    wire.fields = request_.encoded().fields;
    if (download_.resuming()) {
      wire.fields.set("Range", download_.range());
      wire.fields.set("If-Match", download_.etag());
      if (download_.asked_for_part())
        request_.encoded().query = wire::requested_range::without_part_number(request_.encoded().query);
    } else if (spec().answer == answer_body::stream) {
      download_.asking_for({wire.fields, request_.encoded().query});
    }
    if (auto done = request_.signer().sign_headers(request_.signable(body_to_send_.payload()), wire.fields, *identity_,
                                                   request_.scope(), at_server().wall);
        !done)
      return done;
    if (identity_->anonymous() && body_to_send_.has_unsigned_trailer())
      wire.fields.set("x-amz-content-sha256", body_to_send_.payload());
    request_.append_to_url(request_.encoded().query);
    wire.body = body_to_send_.start(request_.signer());

    ++attempts_;
    start_exchange();
    return {};
  }
  void start_exchange() {
    attempt_started_ = now_.steady;
    if (!download_.resuming()) {
      first_head_ = {};
    } else if (first_head_.status == 0) {
      first_head_ = std::move(head_);
    }
    head_ = {};
    request_.document().clear();
    phase_ = phase::sending;
  }

  /// Prepares a HeadBucket: whatever its status, its answer names the bucket's region.
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
  result<void> ask_for_region() {
    if (auto located = request_.locate(); !located) return located;
    request_.aim_at_bucket();
    http::request& wire = request_.wire();
    wire.verb = http::method::head;
    wire.body = nullptr;
    wire.fields.clear();
    wire.fields.add("User-Agent", shared_.user_agent());
    if (auto done = request_.signer().sign_headers(request_.signable(auth::payload::empty, wire.verb, {}), wire.fields, *identity_,
                                                   request_.scope(), at_server().wall);
        !done)
      return done;
    start_exchange();
    return {};
  }

  // --- after an attempt ----------------------------------------------------------------------------------------------------------

  void classify_outcome() {
    if (std::exchange(asking_, false)) return take_region();
    error e = attempt_failure();
    lessons_.answered(e);
    wire::mask_secrets(e, request_.wire().fields, identity_->secret_access_key.reveal());
    if (e.kind == error_kind::none) {
      shared_.retry().succeeded(attempts_);
      report(e, std::nullopt);
      phase_ = phase::finished;
      return;
    }
    e.maybe_own_success = answer_was_lost_ && may_be_own_success(e);
    const auto wait = next_wait(e);
    report(e, wait);
    if (!wait) return conclude(std::move(e));
    if (spec().method != http::method::get && spec().method != http::method::head)
      answer_was_lost_ = answer_was_lost_ || detail::may_have_taken_effect(e);
    identity_.reset();  // the credentials may expire during the wait, so they are looked up again
    waited_ += *wait;
    wait_until_ = detail::saturating_add(now_.steady, *wait);
    phase_ = phase::waiting;
    if (asking_) failure_ = std::move(e);
  }
  /// The answer to HeadBucket: the call goes on in the region that it names, or ends with the error it had before.
  void take_region() {
    if (!lessons_.told_region(request_.encoded().bucket, request_.where().region, head_)) return conclude(std::move(failure_));
    failure_ = {};
    phase_ = phase::ready;
  }

  /// The attempt's error; its kind is `none` for a success, whose response is then complete.
  error attempt_failure() {
    const bool refused = head_.status >= 300;
    const bool streamed = !refused && spec().answer == answer_body::stream;
    // A server that refuses an upload may answer and then close the connection. Its answer says more than the broken connection.
    if (!outcome_ && !refused) {
      if (streamed || outcome_.error().kind != error_kind::too_large) return std::move(outcome_.error());
      hopeless_ = true;
      return detail::fail(error_kind::malformed_response, {"the answer: ", outcome_.error().message});
    }
    if (refused || (!streamed && wire::is_error_document(request_.document()))) {
      error e = wire::service_error(head_, request_.document(), spec().method);
      if (download_.resuming() && e.status == 412) {
        error changed = download_.changed();
        e.kind = changed.kind;
        e.message = std::move(changed.message);
      }
      return e;
    }
    if (streamed) {
      auto checked = download_.finish();
      if (!checked) return std::move(checked.error());
      integrity_ = *checked;
    } else if (wire::is_web_page(request_.document())) {
      return detail::fail(error_kind::malformed_response, "a web page came in place of S3's answer; did a proxy answer?");
    }
    wire::received_answer answer{.status = head_.status,
                                 .fields = &head_.fields,
                                 .body = streamed ? &body_ : &request_.document(),
                                 .body_given_away = gives_away_,
                                 .decode_urls = request_.encoded().decode_urls,
                                 .operation = spec().name};
    error e = door_.decode(answer, response_);
    unreadable_ = std::move(answer.unreadable);
    return e;
  }

  static bool may_be_own_success(const error& e) noexcept {
    return e.kind == error_kind::precondition_failed || e.kind == error_kind::not_found || e.code == "BucketAlreadyOwnedByYou";
  }
  /// How long to wait before the next attempt; nullopt: there is none.
  std::optional<duration> next_wait(const error& e) {
    if (hopeless_) return std::nullopt;
    const bool may_resume = spec().method == http::method::get && e.kind != error_kind::integrity;
    const bool advanced = may_resume && download_.can_resume() && download_.delivered() > delivered_before_;
    fruitless_ = advanced ? 1 : fruitless_ + 1;
    std::optional<duration> wait = duration::zero();
    if (!learn(e)) {
      wait = shared_.retry().next_wait({.attempt = fruitless_,
                                        .failure = e,
                                        .kind = classify(e),
                                        .retry_after = wire::retry_after(head_.fields, at_server().wall),
                                        .max_attempts = options_.max_attempts ? options_.max_attempts
                                                                               : shared_.configuration().max_attempts});
    }
    if (!wait) return std::nullopt;
    if (limits_.retry_waits != duration::zero() && *wait > limits_.retry_waits - waited_) return std::nullopt;
    if (limits_.total != duration::zero() && *wait >= limits_.total - (now_.steady - started_)) return std::nullopt;
    // Checked last, because both calls change the state of body and download.
    if (!body_to_send_.rewind() || !download_.restart(may_resume)) return std::nullopt;
    delivered_before_ = download_.delivered();
    return wait;
  }

  /// Can the request succeed with what the failure says, without a wait?
  bool learn(const error& e) {
    const refusal what{.why = e,
                       .head = head_,
                       .method = spec().method,
                       .bucket = request_.encoded().bucket,
                       .region = request_.where().region,
                       .identity = identity_.get(),
                       .now = now_.wall};
    if (lessons_.learn(what)) return true;
    if (spec().name != "HeadBucket" && lessons_.should_ask_for_region(what)) return asking_ = true;
    // The object that was being read is gone, so it is read from the start, unless it is replaced each time.
    return e.kind == error_kind::object_changed && !std::exchange(started_over_, true);
  }

  void report(const error& e, std::optional<duration> wait) const {
    shared_.observer().attempt_ended({.operation = spec().name,
                                      .bucket = request_.encoded().bucket,
                                      .endpoint = request_.origin(),
                                      .attempt = attempts_,
                                      .status = head_.status,
                                      .kind = e.kind,
                                      .code = e.code,
                                      .elapsed = now_.steady - attempt_started_,
                                      .wait = wait});
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  /// Adds what is known about the call to an error.
  error completed(error e) const {
    if (e.status == 0) e.status = head_.status;  // the answer was cut off, or its checksum did not match
    if (e.request_id.empty()) e.request_id = head_.fields.value_or_empty("x-amz-request-id");
    if (e.host_id.empty()) e.host_id = head_.fields.value_or_empty("x-amz-id-2");
    e.attempts = attempts_;
    e.elapsed = now_.steady - started_;
    return request_.located(std::move(e));
  }
  detail::owned<response_meta> meta() {
    if (attempts_ == 0) return nullptr;
    auto out = detail::make_owned<response_meta>();
    out->status = head_.status;
    out->fields = std::move(head_.fields);
    out->attempts = attempts_;
    out->elapsed = now_.steady - started_;
    if (outcome_) {
      out->sent = outcome_->sent;
      out->received = outcome_->received;
    }
    out->integrity = integrity_;
    out->unreadable = std::move(unreadable_);
    return out;
  }

  const wire::operation_door& door_;
  void* response_;
  session<P>& shared_;
  call_options options_;
  call_limits limits_;
  prepared_request<P> request_;
  lessons<P> lessons_;

  phase phase_{phase::fresh};
  instants now_{};
  steady_time started_{}, attempt_started_{}, wait_until_{};
  duration waited_{};
  int attempts_{};
  int fruitless_{};                    // failed attempts since one that brought bytes with which the download goes on
  std::uint64_t delivered_before_{};   // bytes that came before this attempt
  bool planned_{}, answer_was_lost_{}, started_over_{};
  bool hopeless_{};  // the next attempt would end as this one
  bool asking_{};    // the exchange is a HeadBucket

  auth::credentials_access identity_;
  Body body_to_send_{};

  http::outcome outcome_{http::transfer_stats{}};
  http::response head_{};
  http::response first_head_{};                // of a download that was continued
  std::optional<http::string_sink> buffer_{};  // for XML documents and errors
  std::string body_{};                         // a streamed body, if the caller gave no sink
  http::string_sink collected_;
  bool gives_away_;
  wire::download download_;
  integrity integrity_{};
  std::vector<std::string> unreadable_{};
  error failure_{};
};

/// One running operation. The request, the session and the sink must outlive it. It cannot be copied or moved.
template <operation_request R, class P>
class call {
 public:
  using value_type = response_of<R>;

  /// A streamed body goes to `into`; if that is null, it is collected in the response.
  call(const R& request, session<P>& shared, const call_options& options, http::sink* into = nullptr)
      : slot_(*out_, into), engine_(wire::door<R>::value, &request, &slot_, slot_.entrance(), shared, options) {}
  call(const R&&, session<P>&, const call_options&, http::sink* = nullptr) = delete;  // a temporary would be gone too early
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  step next(instants now) { return engine_.next(now); }
  void sent(http::outcome o) { engine_.sent(std::move(o)); }
  void credentials(result<auth::credentials> c) { engine_.credentials(std::move(c)); }
  result<value_type> finish() { return finish(engine_.finish()); }

  /// A driver may run `engine()`, whose type does not depend on the operation, and pass its result to `finish(end)` below.
  auto& engine() noexcept { return engine_; }
  result<value_type> finish(result<void> end) {
    if (!end) return result<value_type>::failed_as(std::move(end));
    out_.attach(end.release_meta());
    return std::move(out_);
  }

 private:
  result<value_type> out_{std::in_place};
  wire::response_slot<R> slot_;
  call_engine<P, wire::body_to_send<R>> engine_;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

// ---- s3store/config/settings_reader.hpp
// How do settings get their values from environment variables? A reader takes one variable after another, and keeps the first error.
//
// A variable that is unset or empty changes nothing. One of white space alone is an error, as any value that is not accepted:
// whoever wrote it meant to set something.

namespace s3store::inline S3STORE_ABI::detail {

inline error malformed_variable(std::string_view name, std::string_view accepted) {
  return detail::fail(error_kind::configuration, {"the environment variable ", name, " must be ", accepted, ", and is something else"});
}

/// Each function reads one kind of variable into a member, and leaves the member unchanged if the variable is unset. The environment
/// must outlive the reader.
class settings_reader {
 public:
  explicit settings_reader(const environment& from) noexcept : from_(from) {}

  bool is_set(std::string_view name) const { return from_.get_nonempty(name).has_value(); }
  /// The first of these variables that is set; if none is, the last.
  std::string_view first_set(std::initializer_list<std::string_view> names) const {
    std::string_view last;
    for (const std::string_view name : names) {
      last = name;
      if (is_set(name)) break;
    }
    return last;
  }

  void text(std::string_view name, std::string& into) {
    auto value = from_.get_nonempty(name);
    if (!value) return;
    if (detail::trim(*value).empty()) return refuse(malformed_variable(name, "more than white space"));
    into = std::move(*value);
  }
  void seconds(std::string_view name, duration& into) {
    const auto value = take(from_.seconds(name));
    if (!value) return;
    constexpr double day = 86'400;
    if (*value <= 0 || *value > day)
      return refuse(malformed_variable(name, "a number of seconds above 0 and up to 86400, such as 60 or 2.5"));
    into = std::chrono::duration_cast<duration>(std::chrono::duration<double>{*value});
  }
  template <class Into>
  void integer(std::string_view name, Into& into, int low, int high) {
    const auto value = take(from_.integer<int>(name, low, high));
    if (!value) return;
    const int number = *value;
    into = number;
  }
  void boolean(std::string_view name, bool& into) { into = take(from_.boolean(name)).value_or(into); }
  /// `parse` takes the text, and returns false if it is malformed.
  template <class Parse>
  void parsed(std::string_view name, std::string_view accepted, Parse parse) {
    const auto value = from_.get_nonempty(name);
    if (value && !parse(std::string(detail::trim(*value)))) refuse(malformed_variable(name, accepted));
  }

  /// The first error.
  const std::optional<error>& fault() const noexcept { return fault_; }

 private:
  template <class T>
  std::optional<T> take(result<std::optional<T>> r) {
    if (r) return *r;
    refuse(std::move(r.error()));
    return std::nullopt;
  }
  void refuse(error e) {
    if (!fault_) fault_ = std::move(e);
  }

  const environment& from_;
  std::optional<error> fault_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail

// ---- s3store/protocol/environment_settings.hpp
// Which settings of a client do environment variables make? Those that all AWS SDKs and tools read.
// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
//
//   AWS_REGION, else AWS_DEFAULT_REGION
//   AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL            neither, if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true
//   AWS_REQUEST_CHECKSUM_CALCULATION                      WHEN_SUPPORTED: every upload gets the checksum of `settings::profile`
//                                                         WHEN_REQUIRED: only where S3 requires one
//   AWS_RESPONSE_CHECKSUM_VALIDATION                      WHEN_SUPPORTED: every download is verified
//                                                         WHEN_REQUIRED: only where the request asks for it (`checksum_mode`)
//   AWS_MAX_ATTEMPTS                                      attempts, from 1, the first one included
//   AWS_CA_BUNDLE                                         a PEM file
//
// Stores that know no checksum in a trailer (R2, GCS, older ones) need both variables of checksums to be WHEN_REQUIRED.

namespace s3store::inline S3STORE_ABI {

namespace detail {

/// Reads the variables above into a client's settings. `own_endpoint` is a variable that comes before AWS's two; it may be empty.
/// Returns the variable that named the endpoint, if one did.
inline std::string_view read_client_settings(settings_reader& read, settings& into, std::string_view own_endpoint = {}) {
  bool ignored = false;
  read.boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", ignored);
  std::string_view endpoint = own_endpoint;
  const bool own = !own_endpoint.empty() && read.is_set(own_endpoint);
  if (!own && !ignored) endpoint = read.first_set({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  bool named = false;
  if (!endpoint.empty())
    read.parsed(endpoint, "a URL such as http://localhost:9000 or https://s3.example.com, without user, query and fragment",
                [&](std::string text) {
                  named = true;
                  into.endpoint = std::move(text);
                  return http::parse_url(into.endpoint).has_value();
                });
  read.parsed(read.first_set({"AWS_REGION", "AWS_DEFAULT_REGION"}), "the name of a region, such as us-east-1", [&into](std::string text) {
    into.region = std::move(text);
    return into.endpoint.empty() ? is_region_name(into.region) : is_signing_region(into.region);
  });

  constexpr std::string_view modes = "WHEN_SUPPORTED or WHEN_REQUIRED";
  bool when_supported = false;
  const auto mode = [&when_supported](std::string_view text) {
    when_supported = detail::equal_ignoring_case(text, "when_supported");
    return when_supported || detail::equal_ignoring_case(text, "when_required");
  };
  read.parsed("AWS_REQUEST_CHECKSUM_CALCULATION", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    if (!when_supported) {
      into.profile.checksum.reset();
    } else if (!into.profile.checksum) {
      into.profile.checksum = store_profile{}.checksum;
    }
    return true;
  });
  read.parsed("AWS_RESPONSE_CHECKSUM_VALIDATION", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    into.profile.verify_downloads = when_supported;
    return true;
  });
  read.integer("AWS_MAX_ATTEMPTS", into.max_attempts, 1, (std::numeric_limits<int>::max)());
  read.text("AWS_CA_BUNDLE", into.ca_bundle);
  return named ? endpoint : std::string_view{};
}

}  // namespace detail

inline result<settings> settings::from_environment(const environment& variables, settings otherwise) {
  detail::settings_reader read{variables};
  detail::read_client_settings(read, otherwise);
  if (read.fault()) return *read.fault();
  return otherwise;
}
inline result<settings> settings::from_environment(const environment& variables) {
  return from_environment(variables, settings{});
}

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/presigning.hpp
// How is a presigned URL made? The request is encoded and gets an endpoint as for a call, but the signature goes into the query.
// The request is not sent, and no default headers or checksums are added.

namespace s3store::inline S3STORE_ABI {

/// Whoever has this URL may send the one request it was made for, until it expires. So it is a secret.
struct presigned_url {
  std::string url{};
  http::method method{};
  headers fields{};      ///< headers that must be sent exactly as they are here, because the signature covers them
  timestamp expires{};
};

namespace sans_io {

/// A machine, because credentials may have to be fetched first. The session must outlive it.
template <class P>
class presigning : public credentials_lookup<P> {
 public:
  using value_type = presigned_url;

  presigning(const wire::operation_door& door, const void* request, session<P>& shared, const call_options& options,
             std::chrono::seconds expires_in)
      : credentials_lookup<P>(shared), request_(shared), expires_in_(expires_in) {
    door.encode(request, request_.encoded());
    if (auto applied = request_.apply(options); !applied) this->refuse(std::move(applied.error()));
  }
  template <operation_request R>
  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : presigning(wire::door<R>::value, &request, shared, options, expires_in) {}

  result<presigned_url> finish() {
    auto out = this->refused() ? result<presigned_url>{std::move(*this->refused())} : sign();
    if (!out) out = request_.located(std::move(out.error()));
    return out;
  }

 private:
  result<presigned_url> sign() {
    if (auto located = request_.locate(); !located) return result<presigned_url>::failed_as(std::move(located));
    auto made = request_.signer().sign_query(request_.signable(auth::payload::not_signed), request_.encoded().fields, expires_in_,
                                             this->found(), request_.scope(), this->server_time());
    if (!made) return result<presigned_url>::failed_as(std::move(made));
    request_.keeps_secret();
    request_.append_to_url(made->query);
    detail::wipe(made->query);
    return presigned_url{.url = request_.wire().url,
                         .method = request_.spec().method,
                         .fields = std::move(made->signed_fields),
                         .expires = this->server_time() + expires_in_};
  }

  prepared_request<P> request_;
  std::chrono::seconds expires_in_;
};

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/transports/curl_settings.hpp
// What can be set for libcurl? TLS, proxies, connections and buffers, for all exchanges of a transport or loop.

namespace s3store::inline S3STORE_ABI {

/// An empty text means libcurl's default.
struct curl_settings {
  // --- TLS: 1.2 or later
  bool verify_tls{true};             ///< false accepts any certificate: for experiments only
  std::string ca_bundle{};           ///< a PEM file; only its authorities are trusted, not the system's
  std::string ca_path{};             ///< likewise, a directory prepared by `openssl rehash`
  std::string client_certificate{};  ///< a PEM file
  std::string client_key{};          ///< a PEM file, if the key is not in `client_certificate`
  secret_string client_key_password{};

  // --- Proxies and network
  /// Read `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as other S3 clients do. False: the environment is ignored.
  bool proxy_from_environment{true};
  std::string proxy{};              ///< "http://host:port", also https and socks5h; wins over the environment
  std::string no_proxy{};           ///< hosts without proxy, comma-separated; "*": all; wins over the environment
  std::string network_interface{};  ///< an interface, address or host name to connect from
  bool tcp_keepalive{true};

  // --- Connections and memory
  std::size_t max_idle_connections{32};  ///< kept open for later exchanges, per transport or loop
  long receive_buffer{64 * 1024};        ///< bytes, 1 KiB to 512 KiB: the most that a sink gets at once
  long send_buffer{64 * 1024};           ///< bytes, 16 KiB to 2 MiB: the most that a source is asked for at once

  /// Send `Expect: 100-continue` and wait for the server's consent before the body, so that no body is sent in vain. Adds a round
  /// trip.
  bool expect_continue{false};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/transports/curl_loop.hpp
// How do many exchanges run at once on one thread? On one multi handle of libcurl, which works while a thread is in `poll`.

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {
class multi;  // curl_loop_impl.hpp
struct multi_deleter {
  void operator()(multi* p) const noexcept;
};
}  // namespace curl_detail

/// Models `http::loop`. Only for one thread at a time; `wake`, and cancelling an exchange's token, may be done from other threads.
/// It starts no thread. Receivers, sources and sinks are called inside `poll`, and must not call the loop. Connections are reused.
/// Destroying it ends the running exchanges without completions.
///
/// After fork, parent and child may both go on with it, and the child opens connections of its own. An exchange that ran at the fork goes
/// on in the parent and ends in the child, with error_kind::cancelled, without a word to the server; so does one whose callback forked.
class curl_loop {
 public:
  /// Throws std::bad_alloc, and s3_error of kind transport if libcurl can't be initialised.
  explicit curl_loop(curl_settings settings = {});

  /// Begins an exchange. What it points to must live until `poll` has returned its completion or `cancel` was called. If it can't
  /// be begun, `poll` returns that failure, too.
  void start(http::exchange what, void* tag);

  /// Ends the exchanges with that tag. What they point to is not used any more, and `poll` returns no completion for them.
  void cancel(void* tag);

  /// Makes the current `poll` return early, or the next one if none is running. May be called from any thread.
  void wake() noexcept;

  /// Runs the exchanges until one has finished, and returns it; nullopt at `until` or after a wake. If `until` is in the past, it
  /// checks once and does not wait.
  std::optional<http::completion> poll(steady_time until);

 private:
  detail::owned<curl_detail::multi, curl_detail::multi_deleter> multi_;
};

static_assert(http::loop<curl_loop>);

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
// ---- s3store/transports/curl_loop_impl.hpp
// What does one round of `poll` do? It lets libcurl move bytes, collects finished exchanges, ends those that are late or cancelled,
// and only then waits. These are the definitions for curl_loop.hpp.
//
// Limits are checked against the time before the bytes moved. So a slow sink of one exchange does not make another one late whose
// bytes were already waiting.

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <utility>
#include <vector>

// ---- s3store/transports/curl_handle.hpp
// How does one exchange run on an easy handle of libcurl?
//
// Only the headers that the request names are sent, besides Host and Content-Length. No exception passes through C code. Constant
// options are set once per handle; an exchange sets only what differs, because resetting all options would be slower than a small
// request.
//
// An exchange is always in one of four stages, and each has one time limit. `connecting` is timed by libcurl, which divides the
// time among the host's addresses; `sending` and `receiving` are limited by `idle`, `waiting` by `first_byte`.

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// ---- s3store/transports/curl_error.hpp
// What does a failure of libcurl mean for a retry?
//
// A retry needs to know whether the request was sent, which libcurl's code alone does not say. So the kind depends on the code and
// on whether the connection was made: a reset is `connect` during the TLS or proxy handshake, and `connection_lost` afterwards.

#include <curl/curl.h>

#include <string>
#include <string_view>

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Host and port of a URL, for messages. Path and query are left out, because a presigned URL is a secret.
inline std::string_view host_of(std::string_view url) noexcept {
  if (const auto colon = url.find("://"); colon != std::string_view::npos) url.remove_prefix(colon + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return url;
}

/// For messages: "50 ms", "30 s".
inline std::string in_words(duration d) {
  const std::int64_t ms = detail::whole_milliseconds(d);
  return ms % 1000 == 0 ? detail::concat({detail::decimal(ms / 1000), " s"}) : detail::concat({detail::decimal(ms), " ms"});
}

struct progress {
  bool connected{};  ///< the connection was made, TLS included, and sending began
  bool answered{};   ///< the final answer's head was received
};

inline error_kind kind_of(CURLcode code, progress seen, std::string_view detail) noexcept {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return error_kind::resolve;

    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_OPERATION_TIMEDOUT:  // libcurl times only the connecting; other limits are timed here
      return error_kind::connect;

    case CURLE_SSL_CONNECT_ERROR:
      // The peer closed the connection in the handshake. That may be a busy server, and the request was not sent, so it can be
      // retried.
      for (const std::string_view text : {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"})
        if (detail.find(text) != std::string_view::npos) return error_kind::connect;
      return error_kind::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED: return error_kind::tls;

    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_INTERFACE_FAILED:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION: return error_kind::configuration;

    case CURLE_RECV_ERROR:
      if (seen.answered && detail.find("chunk") != std::string_view::npos) return error_kind::malformed_response;  // not as chunks are
      [[fallthrough]];
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND: return seen.connected ? error_kind::connection_lost : error_kind::connect;

    case CURLE_UNSUPPORTED_PROTOCOL:  // the URL's scheme, or an answer that is not HTTP/1
      return seen.connected ? error_kind::malformed_response : error_kind::invalid_argument;
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:  // a user name in the URL
      return error_kind::invalid_argument;

    case CURLE_BAD_FUNCTION_ARGUMENT:  // libcurl gives this for a trailer's field without a colon
      return seen.answered ? error_kind::malformed_response : error_kind::transport;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return error_kind::malformed_response;
    case CURLE_OUT_OF_MEMORY:  // libcurl also gives this for a header line over 100 KiB
      return seen.connected && !seen.answered ? error_kind::malformed_response : error_kind::out_of_memory;

    default: return error_kind::transport;
  }
}

/// What happened, to which host, and libcurl's own words. These repeat the URL of a proxy that is malformed, with its password, and
/// of a URL that is malformed even the host may be a part of a password.
inline error error_of(CURLcode code, progress seen, std::string_view url, std::string_view detail) {
  if (detail.empty() || detail.find_first_of("@?") != std::string_view::npos) detail = curl_easy_strerror(code);
  if (code == CURLE_URL_MALFORMAT)
    return detail::fail(error_kind::invalid_argument, std::string("the URL was refused: ").append(curl_easy_strerror(code)));
  const error_kind kind = kind_of(code, seen, detail);
  const std::string_view what = [kind]() -> std::string_view {
    switch (kind) {
      case error_kind::resolve: return "the host name was not found for ";
      case error_kind::connect: return "no connection to ";
      case error_kind::tls: return "TLS failed with ";
      case error_kind::configuration: return "a transport setting is wrong, so nothing was sent to ";
      case error_kind::connection_lost: return "the connection was lost to ";
      case error_kind::malformed_response: return "no valid HTTP answer came from ";
      case error_kind::invalid_argument: return "the URL was refused for ";
      default: return "the exchange failed with ";
    }
  }();
  return detail::fail(kind, std::string(what).append(host_of(url)).append(": ").append(detail));
}

}  // namespace s3store::inline S3STORE_ABI::curl_detail
// ---- s3store/transports/curl_options.hpp
// Which options of libcurl do the settings become? Those that stay the same for all exchanges of an easy handle, and those that the
// rules of one exchange may change.

#include <curl/curl.h>

#include <string>

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Sets options, and keeps the first failure, so that an option which this libcurl does not have is reported.
struct easy_options {
  CURL* easy{};
  CURLcode failure{CURLE_OK};

  void note(CURLcode code) noexcept {
    if (failure == CURLE_OK) failure = code;
  }
  template <class T>
  void set(CURLoption option, T value) noexcept {
    note(curl_easy_setopt(easy, option, value));
  }
  /// An empty text becomes libcurl's default.
  void set_text(CURLoption option, const std::string& text) noexcept { set(option, text.empty() ? nullptr : text.c_str()); }
};

/// HTTP as S3 needs it, whatever the settings.
inline void set_protocol(easy_options& o) noexcept {
  o.set(CURLOPT_NOSIGNAL, 1L);
  o.set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  o.set(CURLOPT_PATH_AS_IS, 1L);
  o.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  o.set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  o.set(CURLOPT_HTTP09_ALLOWED, 0L);
  o.set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  o.set(CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
  o.set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  o.set(CURLOPT_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
  o.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  o.set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});  // or `Authorization` would also go to the proxy
}

inline void set_network(easy_options& o, const curl_settings& s) noexcept {
  o.set(CURLOPT_BUFFERSIZE, s.receive_buffer);
  o.set(CURLOPT_UPLOAD_BUFFERSIZE, s.send_buffer);
  o.set(CURLOPT_TCP_KEEPALIVE, s.tcp_keepalive ? 1L : 0L);
  o.set_text(CURLOPT_INTERFACE, s.network_interface);

  o.set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  o.set(CURLOPT_SSL_VERIFYPEER, s.verify_tls ? 1L : 0L);
  o.set(CURLOPT_SSL_VERIFYHOST, s.verify_tls ? 2L : 0L);
  if (!s.ca_bundle.empty() || !s.ca_path.empty()) {  // both are set, or the system's default for the other would stay
    o.set_text(CURLOPT_CAINFO, s.ca_bundle);
    o.set_text(CURLOPT_CAPATH, s.ca_path);
  }
  if (!s.client_key_password.empty()) o.set(CURLOPT_KEYPASSWD, s.client_key_password.c_str());
}

inline void set_proxy_and_identity(easy_options& o, const curl_settings& s, const http::connection_rules& rules) noexcept {
  // An empty text means no proxy. With a null pointer, libcurl reads the environment.
  const auto text = [&s](const std::string& t) { return t.empty() && s.proxy_from_environment ? nullptr : t.c_str(); };
  o.set(CURLOPT_PROXY, rules.no_proxy ? "" : text(s.proxy));
  o.set(CURLOPT_NOPROXY, rules.no_proxy ? "*" : text(s.no_proxy));

  const bool own = !rules.client_certificate.empty();
  o.set_text(CURLOPT_SSLCERT, own ? rules.client_certificate : s.client_certificate);
  o.set_text(CURLOPT_SSLKEY, own ? rules.client_key : s.client_key);
}

}  // namespace s3store::inline S3STORE_ABI::curl_detail
// ---- s3store/transports/curl_sockets.hpp
// Which sockets does a multi handle have? It must be known when a process was forked: the child has all of them, too, and whatever it
// writes there, even a TLS goodbye, goes into the parent's connections.

#include <curl/curl.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <new>
#include <vector>

namespace s3store::inline S3STORE_ABI::curl_detail {

#ifndef _WIN32

/// Opens and closes the sockets of one multi handle, whose easy handles must not outlive it.
class sockets {
 public:
  sockets() = default;
  sockets(const sockets&) = delete;
  sockets& operator=(const sockets&) = delete;

  /// Is this a child of the process that opened the sockets?
  bool inherited() const noexcept { return process_ != detail::process_id(); }

  /// For a child. Puts another socket, which goes nowhere, in the place of each. So libcurl can end its connections, and neither the
  /// parent nor the server sees anything of it. Nothing is opened any more.
  void cut_off() noexcept {
    if (open_.empty()) return;
    int nowhere = unconnected();
    for (const int s : open_) {
      if (nowhere < 0) {  // there is no descriptor left, so one must become free first
        ::close(s);
        nowhere = unconnected();
        continue;
      }
      if (s != nowhere && ::dup2(nowhere, s) == s) ::fcntl(s, F_SETFD, FD_CLOEXEC);
    }
    if (nowhere >= 0 && std::find(open_.begin(), open_.end(), nowhere) == open_.end()) ::close(nowhere);
    open_.clear();
  }

  /// Lets the easy handle use these sockets.
  CURLcode attach(CURL* easy) noexcept {
    for (const CURLcode code :
         {curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open), curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this),
          curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &on_close), curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this)})
      if (code != CURLE_OK) return code;
    return CURLE_OK;
  }

 private:
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* to) {
    return static_cast<sockets*>(self)->open(to->family, to->socktype, to->protocol);
  }
  static int on_close(void* self, curl_socket_t s) {
    std::erase(static_cast<sockets*>(self)->open_, s);
    return ::close(s);
  }

  /// Programs that this one starts do not get the socket.
  static int closed_on_exec(int family, int type, int protocol) noexcept {
#ifdef SOCK_CLOEXEC
    return ::socket(family, type | SOCK_CLOEXEC, protocol);
#else
    const int s = ::socket(family, type, protocol);
    if (s >= 0) ::fcntl(s, F_SETFD, FD_CLOEXEC);
    return s;
#endif
  }
  /// A datagram socket, because writing to it raises no SIGPIPE.
  static int unconnected() noexcept {
    const int s = closed_on_exec(AF_UNIX, SOCK_DGRAM, 0);
    if (s >= 0) ::fcntl(s, F_SETFL, O_NONBLOCK);
    return s;
  }

  curl_socket_t open(int family, int type, int protocol) noexcept try {
    if (inherited()) return CURL_SOCKET_BAD;  // the exchange is about to be ended
    open_.reserve(open_.size() + 1);
    const int s = closed_on_exec(family, type, protocol);
    if (s < 0) return CURL_SOCKET_BAD;
    open_.push_back(s);
    return s;
  } catch (const std::bad_alloc&) {
    return CURL_SOCKET_BAD;
  }

  int process_{detail::process_id()};
  std::vector<int> open_{};
};

#else

struct sockets {  // Windows has no fork
  bool inherited() const noexcept { return false; }
  void cut_off() noexcept {}
  CURLcode attach(CURL*) noexcept { return CURLE_OK; }
};

#endif

}  // namespace s3store::inline S3STORE_ABI::curl_detail

static_assert(LIBCURL_VERSION_NUM >= 0x075000, "s3store needs libcurl 7.80 or later");

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Initialises libcurl once; may be called from any thread, which libcurl's own function allows only since 7.84. Throws s3_error of
/// kind transport if it fails.
inline void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK)
    throw s3_error{detail::fail(error_kind::transport, {"libcurl does not start: ", curl_easy_strerror(started)})};
}

struct easy_deleter {
  void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
};

class handle {
 public:
  /// The settings must outlive the handle, and `of` the multi handle that runs it.
  handle(const curl_settings& settings, sockets& of) : easy_(curl_easy_init()), settings_(settings), sockets_(of) {
    if (!easy_) throw std::bad_alloc{};
    set_constants(settings);
    options_.note(of.attach(easy_.get()));
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  CURL* easy() const noexcept { return easy_.get(); }
  static handle& of(CURL* easy) noexcept {
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *reinterpret_cast<handle*>(self);
  }

  void* tag() const noexcept { return tag_; }
  bool cancelled() const noexcept { return what_.stop.cancelled(); }

  /// Sets up an exchange. If this fails, it must not be run. Cancelling the exchange's token wakes `multi`.
  result<void> prepare(http::exchange what, void* tag, CURLM* multi) {
    what_ = std::move(what);
    tag_ = tag;
    const http::request& request = *what_.out;
    head_.fields.clear();
    head_.status = 0;
    sink_ = nullptr;
    failure_ = {};
    head_size_ = 0;
    size_ = request.body ? request.body->size() : std::optional<std::uint64_t>{0};
    taken_ = sent_ = received_ = 0;
    answered_ = ended_early_ = false;
    enter(stage::connecting);
    detail_[0] = '\0';

    if (options_.failure != CURLE_OK) return error_of(options_.failure, {}, request.url, {});
    if (!lay_out_headers(request)) return detail::fail(error_kind::invalid_argument, "a URL or header must not hold CR, LF or NUL");
    if (auto shaped = shape(request); !shaped) return shaped;
    const std::int64_t asked = detail::whole_milliseconds(what_.within.connect);
    const std::int64_t connect = asked > 0 ? asked : std::int64_t{no_limit};
    if (const long ms = static_cast<long>((std::min)(connect, std::int64_t{no_limit})); ms != connect_ms_)
      set(CURLOPT_CONNECTTIMEOUT_MS, connect_ms_ = ms);
    if (what_.rules || ruled_) apply_rules();
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nodes_.empty() ? nullptr : nodes_.data()));
    if (const CURLcode wrong = std::exchange(options_.failure, CURLE_OK); wrong != CURLE_OK) return error_of(wrong, {}, request.url, {});
    if (what_.stop.can_cancel()) waiter_.emplace(what_.stop, multi);
    return {};
  }

  /// The time at which the exchange exceeds a limit, unless a byte moves before.
  steady_time due() const noexcept {
    const duration limit = stage_limit();
    return limit > duration::zero() ? (std::min)(detail::saturating_add(stamp_, limit), what_.within.deadline) : what_.within.deadline;
  }

  /// The error if the exchange was cancelled or has exceeded a limit; nullopt: it may go on.
  std::optional<error> overdue(steady_time now) const {
    const auto from = [this] { return std::string(host_of(what_.out->url)); };
    if (cancelled()) return detail::fail(error_kind::cancelled, {"the caller cancelled the exchange with ", from()});
    if (now < due()) return std::nullopt;
    if (now >= what_.within.deadline)
      return detail::fail(error_kind::deadline_exceeded, {"the deadline passed in the exchange with ", from()});
    return detail::fail(error_kind::timeout, {(stage_ == stage::waiting ? "no answer began within " : "no byte moved for "),
                                      in_words(stage_limit()), " in the exchange with ", from()});
  }

  /// Returns the outcome. The request, its body and the receiver are not used any more.
  http::outcome finish(CURLcode code) {
    http::outcome out = conclude(code);
    lines_.wipe();
    waiter_.reset();
    what_ = {};
    return out;
  }
  http::outcome finish(error why) {
    if (failure_.kind == error_kind::none) failure_ = std::move(why);
    return finish(CURLE_ABORTED_BY_CALLBACK);
  }

  /// How an exchange ends in a child that was forked off while it ran. Nothing is tried again: it goes on in the parent.
  http::outcome finish_forked() {
    return finish(detail::fail(error_kind::cancelled, {"a fork made this process while the exchange with ", host_of(what_.out->url),
                                                       " ran, which goes on in the parent"}));
  }

  std::size_t place{};  ///< its index among the loop's active handles

 private:
  enum class stage : std::uint8_t { connecting, sending, waiting, receiving };
  static constexpr long no_limit = 0x7fffffff;  // ms; zero would mean libcurl's default of five minutes
  static constexpr std::size_t largest_head = std::size_t{256} * 1024;

  struct node : curl_slist {};  // an element of a list that libcurl only reads

  /// Wakes the multi handle when the token cancels.
  struct waker {
    waker(const cancel_token& token, CURLM* multi)
        : of(multi), waits(token, this, [](void* self) { curl_multi_wakeup(static_cast<waker*>(self)->of); }) {}
    CURLM* of;
    cancel_waiter waits;
  };

  // --- Setting up ----------------------------------------------------------------------------------------------------------------

  template <class T>
  void set(CURLoption option, T value) noexcept {
    options_.set(option, value);
  }

  void set_constants(const curl_settings& s) {
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, detail_);
    set_protocol(options_);
    set_network(options_, s);
    set_proxy_and_identity(options_, s, {});
    set(CURLOPT_HEADERFUNCTION, &on_head_line);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_READFUNCTION, &on_read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &on_seek);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
    set(CURLOPT_PREREQFUNCTION, &on_connected);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
  }

  void apply_rules() {
    set_proxy_and_identity(options_, settings_, what_.rules ? *what_.rules : http::connection_rules{});
    ruled_ = what_.rules != nullptr;
  }

  /// Writes the header lines into one buffer, and a list of pointers to them for libcurl. False if a text holds CR, LF or NUL.
  ///
  /// `Host` is written here too, as the URL has it, because that is what was signed: libcurl writes addresses and ports in its own way.
  /// Values go without the white space around them, which is no part of them (RFC 9110, section 5.5); libcurl would not send a header
  /// whose value is nothing but that.
  bool lay_out_headers(const http::request& request) {
    const std::string_view host = host_of(request.url);
    std::size_t size = host.size() + std::string_view{"Host: "}.size() + 1;
    for (const auto& [name, value] : request.fields) size += name.size() + value.size() + 3;
    lines_.clear();
    lines_.reserve(size);  // so that the nodes' pointers stay valid
    nodes_.clear();
    nodes_.reserve(request.fields.size() + 3);
    bool whole = request.url.find('\0') == std::string::npos;
    const auto add = [&](std::string_view name, std::string_view value) {
      char* const line = lines_.data() + lines_.size();
      value = detail::trim(value);
      lines_.append({name, value.empty() ? std::string_view{";"} : std::string_view{": "}, value, std::string_view{"\0", 1}});
      whole = whole && std::strlen(line) == static_cast<std::size_t>(lines_.data() + lines_.size() - line - 1);
      nodes_.push_back({{line, nullptr}});
    };
    if (!host.empty() && !request.fields.contains("Host")) add("Host", host);
    for (const auto& [name, value] : request.fields) add(name, value);
    const bool accept = request.fields.contains("Accept"), expect = request.fields.contains("Expect");
    // A name without a value stops libcurl from adding that header. libcurl does not write to these texts, so const_cast is safe.
    if (!accept) nodes_.push_back({{const_cast<char*>("Accept:"), nullptr}});
    if (!expect && size_ != 0)
      nodes_.push_back({{const_cast<char*>(settings_.expect_continue && !request.no_expect ? "Expect: 100-continue" : "Expect:"), nullptr}});
    for (std::size_t i = 1; i < nodes_.size(); ++i) nodes_[i - 1].next = &nodes_[i];
    return whole && !std::memchr(lines_.data(), '\r', lines_.size()) && !std::memchr(lines_.data(), '\n', lines_.size());
  }

  /// Sets the method. Every body is sent as an upload, because then libcurl adds no Content-Type. A PUT or POST always has a body,
  /// which may be empty.
  result<void> shape(const http::request& request) {
    const bool upload = request.body || request.verb == http::method::put || request.verb == http::method::post;
    if (upload && request.verb == http::method::head)
      return detail::fail(error_kind::invalid_argument, "a HEAD request must not have a body");
    if (!shaped_ || shape_.verb != request.verb || shape_.upload != upload) {
      set(CURLOPT_HTTPGET, 1L);
      if (upload) set(CURLOPT_UPLOAD, 1L);
      if (request.verb == http::method::head) set(CURLOPT_NOBODY, 1L);
      const bool implied = request.verb == (upload ? http::method::put : http::method::get) || request.verb == http::method::head;
      set(CURLOPT_CUSTOMREQUEST, implied ? nullptr : to_string(request.verb).data());
      shape_ = {request.verb, upload};
      shaped_ = true;
    }
    if (upload) set(CURLOPT_INFILESIZE_LARGE, size_ ? static_cast<curl_off_t>(*size_) : curl_off_t{-1});
    return {};
  }

  // --- What libcurl calls --------------------------------------------------------------------------------------------------------

  static handle& me(void* self) noexcept { return *static_cast<handle*>(self); }

  static std::size_t on_head_line(char* at, std::size_t, std::size_t n, void* self) {
    return me(self).guard([&](handle& h) { return h.take_head_line({at, n}); }) ? n : 0;
  }
  static std::size_t on_body(char* at, std::size_t, std::size_t n, void* self) { return me(self).take_body({at, n}) ? n : 0; }
  static std::size_t on_read(char* at, std::size_t, std::size_t n, void* self) {
    return me(self).give_body({reinterpret_cast<std::byte*>(at), n});
  }
  static int on_seek(void* self, curl_off_t to, int) {
    return me(self).rewind(static_cast<std::uint64_t>(to)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
  }
  static int on_connected(void* self, char* address, char*, int, int) {
    return me(self).may_send_to(address) && me(self).begin_sending() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
    me(self).note_progress(static_cast<std::uint64_t>(down), static_cast<std::uint64_t>(up));
    return 0;
  }

  bool refuse(error why) noexcept {
    if (failure_.kind == error_kind::none) failure_ = std::move(why);
    return false;
  }
  /// Called after code of the caller's, which may have forked. In the child, false: libcurl must end the exchange, and that must not
  /// reach the parent's connection.
  bool still_the_same_process() noexcept {
    if (!sockets_.inherited()) return true;
    sockets_.cut_off();
    return false;
  }
  template <class F>
  bool guard(F&& f) noexcept {
    try {
      return f(*this);
    } catch (...) {
      return refuse(detail::out_of_memory());
    }
  }

  void enter(stage next) noexcept {
    stage_ = next;
    stamp_ = std::chrono::steady_clock::now();
  }
  duration stage_limit() const noexcept {
    if (stage_ == stage::connecting) return {};
    return stage_ == stage::waiting ? what_.within.first_byte : what_.within.idle;
  }

  /// The address is that of the socket, whether the connection is new or was kept.
  bool may_send_to(std::string_view address) noexcept {
    if (!what_.rules || !what_.rules->may_send_to || what_.rules->may_send_to(address)) return true;
    return guard([&](handle& h) {
      return h.refuse(detail::fail(error_kind::connect, {host_of(h.what_.out->url), " is at the address ", address,
                                                         ", to which this request must not be sent"}));
    });
  }

  /// Called when the connection is made; again if a reused connection turned out to be closed and libcurl opened another.
  bool begin_sending() noexcept {
    return guard([](handle& h) {
      if (h.taken_ != 0 && !h.rewind(0))
        return h.refuse(detail::fail(error_kind::connection_lost, {"a kept connection to ", host_of(h.what_.out->url),
                                                           " was dead, and the body can't be read a second time"}));
      h.enter(h.size_ == 0 ? stage::waiting : stage::sending);
      return true;
    });
  }

  bool rewind(std::uint64_t to) noexcept {
    if (to == taken_) return true;
    if (!what_.out->body || !what_.out->body->seek(to) || !still_the_same_process()) return false;
    taken_ = to;
    return true;
  }

  /// Fills `room` with the body's next bytes and returns their number, or CURL_READFUNC_ABORT.
  std::size_t give_body(std::span<std::byte> room) noexcept {
    if (size_ && *size_ - taken_ < room.size()) room = room.first(static_cast<std::size_t>(*size_ - taken_));
    if (room.empty()) return 0;
    auto given = http::read_some(*what_.out->body, room);
    if (!still_the_same_process()) return CURL_READFUNC_ABORT;
    if (!given) return refuse(std::move(given.error())), std::size_t{CURL_READFUNC_ABORT};
    taken_ += *given;
    if (*given == 0 && size_) {
      guard([](handle& h) {
        return h.refuse(detail::fail(error_kind::body_source, {"the source ended after ", detail::decimal(h.taken_), " of the ", detail::decimal(*h.size_),
                                                       " bytes that it promised"}));
      });
      return CURL_READFUNC_ABORT;
    }
    if (stage_ == stage::sending && (*given == 0 || taken_ == size_)) enter(stage::waiting);
    return *given;
  }

  void note_progress(std::uint64_t down, std::uint64_t up) noexcept {
    if (down == received_ && up == sent_) return;
    received_ = down;
    sent_ = up;
    stamp_ = std::chrono::steady_clock::now();
  }

  bool take_head_line(std::string_view line) {
    if (answered_) {
      // A trailer, of which S3 defines none; or libcurl sent the request again, and the receiver must not get two answers.
      return !line.starts_with("HTTP/") || refuse(detail::fail(error_kind::malformed_response, "the server answered twice"));
    }
    head_size_ += line.size();
    if (head_size_ > largest_head)
      return refuse(
          detail::fail(error_kind::malformed_response, {"the head of the answer is larger than ", detail::decimal(largest_head), " bytes"}));
    while (!line.empty() && detail::is_space(line.back())) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
      // Nothing else was asked for, and not every libcurl refuses it.
      if (!line.starts_with("HTTP/1.")) return refuse_answer("it is not of HTTP/1");
      head_.status = detail::parse_integer<int>(detail::trim(line.substr((std::min)(line.find(' '), line.size()))).substr(0, 3)).value_or(0);
      head_.fields.clear();
      head_.fields.reserve(usual_text_, usual_fields_);
    } else if (line.empty()) {
      if (head_.status == 101) return refuse_answer("it goes on in another protocol, which nobody asked for");
      if (head_.status >= 200) return deliver_head();
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      if (stage_ != stage::receiving && head_.status >= 200) enter(stage::receiving);
      // A CR could be taken for the line's end, and a name with a space for another field (RFC 9110, section 5.5; RFC 9112, section 5.1).
      if (line.find('\r') != std::string_view::npos || (colon != 0 && detail::is_space(line[colon - 1])))
        return refuse_answer("a field of its head is malformed");
      head_.fields.add(line.substr(0, colon), detail::trim(line.substr(colon + 1)));
    }
    return true;
  }

  bool refuse_answer(std::string_view why) {
    return refuse(detail::fail(error_kind::malformed_response, {"no valid HTTP answer came from ", host_of(what_.out->url), ": ", why}));
  }

  /// Does the head say without doubt where the body ends (RFC 9112, section 6.3)? libcurl takes the last of several lengths, and 0 for
  /// "0x10"; and it passes on what is coded in another way than in chunks, which nobody asked for (RFC 9112, section 7.4).
  bool framing_is_valid() {
    std::optional<std::int64_t> length;
    bool chunked = false, valid = true;
    for (const auto& [name, value] : head_.fields) {
      if (detail::equal_ignoring_case(name, "Content-Length")) {
        detail::split(value, ',', [&](std::string_view one) {
          std::uint64_t n{};
          one = detail::trim(one);
          const bool known = detail::read_digits(one, 10, n) && n <= std::uint64_t{(std::numeric_limits<std::int64_t>::max)()};
          valid = valid && known && length.value_or(static_cast<std::int64_t>(n)) == static_cast<std::int64_t>(n);
          length = static_cast<std::int64_t>(n);
        });
      } else if (detail::equal_ignoring_case(name, "Transfer-Encoding") && !detail::equal_ignoring_case(value, "identity")) {
        if (chunked || !detail::equal_ignoring_case(value, "chunked")) return false;
        chunked = true;
      }
    }
    if (chunked) head_.fields.erase("Content-Length");  // it does not count then
    return valid || chunked;
  }

  bool deliver_head() {
    if (!framing_is_valid()) return refuse_answer("its head does not say without doubt where its body ends");
    enter(stage::receiving);
    answered_ = true;
    usual_text_ = (std::min)(head_size_, std::size_t{4096});
    usual_fields_ = (std::min)(head_.fields.size(), std::size_t{64});
    const bool expectation_failed = head_.status == 417;
    if (what_.in) {
      auto taken = what_.in->on_response(std::move(head_));
      if (!taken) return refuse(std::move(taken.error()));
      sink_ = *taken;
    }
    // libcurl would send the request again, but whether and how is for the receiver to decide. So the exchange ends here.
    if (expectation_failed) return !(ended_early_ = true);
    return still_the_same_process();
  }

  bool take_body(std::string_view bytes) noexcept {
    if (!sink_) return true;
    auto written = sink_->write(detail::as_bytes(bytes));
    if (!still_the_same_process()) return false;
    return written || refuse(std::move(written.error()));
  }

  // --- The end -------------------------------------------------------------------------------------------------------------------

  http::outcome conclude(CURLcode code) {
    if (failure_.kind != error_kind::none) return std::move(failure_);
    if (code != CURLE_OK && !ended_early_) return error_of(code, {stage_ != stage::connecting, answered_}, what_.out->url, detail_);
    if (!answered_) return detail::fail(error_kind::connection_lost, {"no final answer came from ", host_of(what_.out->url)});
    long connects = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects);
    return http::transfer_stats{.sent = sent_, .received = received_, .reused_connection = connects == 0};
  }

  detail::owned<CURL, easy_deleter> easy_;
  easy_options options_{easy_.get()};
  const curl_settings& settings_;
  sockets& sockets_;
  struct {
    http::method verb{};
    bool upload{};
  } shape_{};
  bool shaped_{};
  bool ruled_{};  // the last exchange had rules
  long connect_ms_{-1};
  detail::wiped_text lines_{};  // session tokens and customer keys travel in headers
  std::vector<node> nodes_{};
  std::size_t usual_text_{512}, usual_fields_{16};
  char detail_[CURL_ERROR_SIZE]{};

  http::exchange what_{};
  std::optional<waker> waiter_{};  // declared after `what_`, whose token it watches
  void* tag_{};
  http::response head_{};
  http::sink* sink_{};
  error failure_{};  // its kind is `none` if nothing failed
  std::size_t head_size_{};
  std::optional<std::uint64_t> size_{};
  std::uint64_t taken_{}, sent_{}, received_{};
  steady_time stamp_{};  // time of the last byte in either direction, or of the stage's start
  stage stage_{};
  bool answered_{};
  bool ended_early_{};  // the head says all that the receiver needs
};

}  // namespace s3store::inline S3STORE_ABI::curl_detail
// ---- s3store/transports/curl_sigpipe.hpp
// How does a lost TLS connection not kill the process?
//
// Writing to a socket that the peer has closed raises SIGPIPE. libcurl prevents that for its own writes, but before 7.88 OpenSSL
// wrote to the socket directly. libcurl's remedy was to replace the process's signal handler during each call, which is not safe
// with threads, so it is off (CURLOPT_NOSIGNAL). Instead, SIGPIPE is blocked on this thread while libcurl runs, and discarded if it
// was raised.

#include <curl/curl.h>

#if !defined(_WIN32) && !defined(__APPLE__)
#include <cerrno>
#include <csignal>
#include <ctime>

#endif

namespace s3store::inline S3STORE_ABI::curl_detail {

#if !defined(_WIN32) && !defined(__APPLE__)

inline bool raises_sigpipe() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num < 0x075800; }

class sigpipe_block {
 public:
  explicit sigpipe_block(bool needed) noexcept {
    if (!needed) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE)) return;  // the caller has blocked it and must receive it later
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    blocking_ = pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  ~sigpipe_block() {
    if (!blocking_) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  sigpipe_block(const sigpipe_block&) = delete;
  sigpipe_block& operator=(const sigpipe_block&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool blocking_{};
};

#else

inline bool raises_sigpipe() noexcept { return false; }  // Windows has no SIGPIPE; on macOS libcurl sets SO_NOSIGPIPE
struct sigpipe_block {
  explicit sigpipe_block(bool) noexcept {}
};

#endif

}  // namespace s3store::inline S3STORE_ABI::curl_detail

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {

/// A multi handle with its easy handles. The functions are documented in curl_loop.
///
/// After fork, the child must not run it: besides connections, both processes share the descriptor by which `wake` wakes `poll`.
class multi {
 public:
  explicit multi(curl_settings settings) : settings_(std::move(settings)) {
    start_libcurl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>((std::min)(settings_.max_idle_connections, std::size_t{1} << 20)));
    guards_sigpipe_ = raises_sigpipe();
  }
  multi(const multi&) = delete;
  multi& operator=(const multi&) = delete;

  /// The one that runs in this process: this, or in a child the one that took its place, which the first use there makes.
  multi& here() {
    multi* m = this;
    while (m->inherited()) {
      if (!m->heir_.load()) m->begin_anew();
      m = m->heir_.load();
    }
    return *m;
  }
  /// May it be destroyed? Not in a child if exchanges ran at the fork: then libcurl's part must be left alone, since its threads, which
  /// look up names, are not in the child. Closes the child's copies of the sockets.
  bool may_be_destroyed() noexcept {
    if (!inherited()) return true;
    sockets_.cut_off();
    return !polls_ && active_.empty();
  }

  multi* heir() const noexcept { return heir_.load(); }

  ~multi() {
    const sigpipe_block quiet{guards_sigpipe_};
    for (const auto& h : active_) curl_multi_remove_handle(multi_.get(), h->easy());
    active_.clear();
    idle_.clear();
    multi_.reset();
  }

  void start(http::exchange what, void* tag) {
    if (idle_.empty()) idle_.push_back(detail::make_owned<handle>(settings_, sockets_));
    finished_.reserve(finished_.size() + active_.size() + 1);  // so that no push_back below or in `end` can throw
    active_.reserve(active_.size() + 1);
    idle_.reserve(idle_.size() + active_.size() + 1);

    handle& h = *idle_.back();
    auto ready = h.prepare(std::move(what), tag, multi_.get());
    if (ready)
      if (const CURLMcode code = curl_multi_add_handle(multi_.get(), h.easy()); code != CURLM_OK) ready = refusal(code);
    if (!ready) {
      finished_.push_back({tag, h.finish(std::move(ready.error()))});
      return;
    }
    h.place = active_.size();
    active_.push_back(std::move(idle_.back()));
    idle_.pop_back();
  }

  void cancel(void* tag) {
    for (std::size_t i = active_.size(); i-- != 0;)
      if (active_[i]->tag() == tag) end(*active_[i], error{});
    std::erase_if(finished_, [tag](const http::completion& over) { return over.tag == tag; });
  }

  void wake() noexcept {
    multi* m = this;
    for (;;) {
      m->woken_.store(true);
      multi* const next = m->heir_.load();  // looked up after the line above, so that either side sees what the other did
      if (!next) break;
      m = next;
    }
    if (!m->inherited()) curl_multi_wakeup(m->multi_.get());
  }

  std::optional<http::completion> poll(steady_time until) {
    const sigpipe_block quiet{guards_sigpipe_};
    const polling now_in_poll{polls_};
    for (;;) {
      const steady_time now = std::chrono::steady_clock::now();
      if (finished_.empty()) advance(now);
      if (!finished_.empty()) {
        http::completion first = std::move(finished_.front());
        finished_.erase(finished_.begin());
        return first;
      }
      if (woken_.exchange(false) || now >= until) return std::nullopt;
      wait(until);
    }
  }

 private:
  /// Is this a child of the process that made it?
  bool inherited() const noexcept { return sockets_.inherited(); }

  /// For a child: makes what takes the place of this. The exchanges that ran end with errors; but if they ran on another thread, which
  /// is not in the child, then nobody waits for them.
  void begin_anew() {
    auto next = detail::make_owned<multi>(settings_);
    if (!polls_) {
      end_forked();
      next->finished_ = std::move(finished_);
    }
    multi* const heir = next.release();
    heir_.store(heir);
    if (woken_.load()) heir->woken_.store(true);
  }

  static error refusal(CURLMcode code) {
    return detail::fail(error_kind::transport, {"libcurl refused to run: ", curl_multi_strerror(code)});
  }

  void advance(steady_time now) {
    int running = 0;
    const CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (inherited()) return end_forked();  // a callback has forked, and this is the child
    if (code != CURLM_OK) return end_all(code);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto& h = handle::of(message->easy_handle);
      end(h, message->data.result);  // removing the handle makes `message` invalid
    }
    for (std::size_t i = active_.size(); i-- != 0;)
      if (auto late = active_[i]->overdue(now)) end(*active_[i], std::move(*late));
  }

  void wait(steady_time until) {
    for (const auto& h : active_) until = (std::min)(until, h->due());
    constexpr std::int64_t longest = 3'600'000;  // an hour in ms; then `poll` waits again
    const std::int64_t left = detail::whole_milliseconds(detail::saturating_sub(until, std::chrono::steady_clock::now()));
    const int ms = static_cast<int>(left < 0 ? 0 : (std::min)(left, longest));
    if (const CURLMcode code = curl_multi_poll(multi_.get(), nullptr, 0, ms, nullptr); code != CURLM_OK)
      end_all(code);
  }

  template <class Why>
  void end(handle& h, Why why) {
    curl_multi_remove_handle(multi_.get(), h.easy());
    finished_.push_back({h.tag(), h.finish(std::move(why))});
    const std::size_t at = h.place;
    idle_.push_back(std::move(active_[at]));
    if (at + 1 != active_.size()) {
      active_[at] = std::move(active_.back());
      active_[at]->place = at;
    }
    active_.pop_back();
  }
  /// The handles stay active, since they must be left alone; see `may_be_destroyed`.
  void end_forked() {
    sockets_.cut_off();
    if (!std::exchange(ended_, true))
      for (const auto& h : active_) finished_.push_back({h->tag(), h->finish_forked()});
  }
  void end_all(CURLMcode code) {
    while (!active_.empty()) end(*active_.back(), refusal(code));
  }

  struct polling {
    explicit polling(bool& flag) noexcept : is(flag) { is = true; }
    ~polling() { is = false; }
    bool& is;
  };
  struct handle_deleter {
    void operator()(CURLM* p) const noexcept { static_cast<void>(curl_multi_cleanup(p)); }
  };

  curl_settings settings_;
  sockets sockets_{};
  bool polls_{};  // a thread is in `poll`
  bool ended_{};  // by `end_forked`
  detail::owned<CURLM, handle_deleter> multi_{};
  std::vector<detail::owned<handle>> active_{}, idle_{};
  std::vector<http::completion> finished_{};
  std::atomic<bool> woken_{false};
  std::atomic<multi*> heir_{};  // only in a child, where other threads may call `wake` while it is made
  bool guards_sigpipe_{};
};

S3STORE_INLINE void multi_deleter::operator()(multi* p) const noexcept {
  if (multi* const heir = p->heir()) (*this)(heir);
  if (p->may_be_destroyed()) delete p;
}

}  // namespace curl_detail

S3STORE_INLINE curl_loop::curl_loop(curl_settings settings) : multi_(new curl_detail::multi{std::move(settings)}) {}
S3STORE_INLINE void curl_loop::start(http::exchange what, void* tag) { multi_->here().start(std::move(what), tag); }
S3STORE_INLINE void curl_loop::cancel(void* tag) { multi_->here().cancel(tag); }
S3STORE_INLINE void curl_loop::wake() noexcept { multi_->wake(); }
S3STORE_INLINE std::optional<http::completion> curl_loop::poll(steady_time until) { return multi_->here().poll(until); }

}  // namespace s3store::inline S3STORE_ABI
#endif

// ---- s3store/transports/curl_transport.hpp
// How do many threads share libcurl? Each exchange takes a loop from a pool and returns it afterwards, with its connection still
// open.

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {
class pool;  // curl_transport_impl.hpp
struct pool_deleter {
  void operator()(pool* p) const noexcept;
};
}  // namespace curl_detail

/// Models `http::transport`: `perform` may be called from several threads at once. The constructor does not initialise libcurl.
/// Must not be moved while `perform` runs. Each loop in the pool keeps one connection and is used again for the same scheme, host
/// and port. The most recently used loop is taken first, so that connections which are no longer needed stay idle and are closed.
///
/// After fork, parent and child may both go on with it. The child opens connections of its own and leaves the parent's alone, even if
/// other threads were using them. If a source, sink or receiver forks, its exchange goes on in the parent; in the child, `perform` fails
/// with error_kind::cancelled once that function has returned. Connections that other threads were using stay open in the child until it
/// ends.
class curl_transport {
 public:
  explicit curl_transport(curl_settings settings = {});

  /// Trusts only the authorities of this PEM file from now on, unless the settings name some. Must not be called while `perform` runs.
  void trust(std::string ca_bundle);

  /// Performs the exchange on this thread, and returns when it has finished. Failures are in the outcome. Throws std::bad_alloc,
  /// and s3_error of kind transport if libcurl can't be initialised.
  http::outcome perform(http::exchange what);

 private:
  detail::owned<curl_detail::pool, curl_detail::pool_deleter> pool_;
};

static_assert(http::transport<curl_transport>);

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
// ---- s3store/transports/curl_transport_impl.hpp
// How does the pool of loops work? Idle loops are kept with the origin they are connected to. The definitions for
// curl_transport.hpp.

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {

/// Scheme, host and port: a connection can be reused for the same three.
inline std::string_view origin_of(std::string_view url) noexcept {
  const auto host = url.find("://");
  return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
}

class pool {
 public:
  struct kept {
    std::string origin;
    curl_loop loop;
  };

  explicit pool(curl_settings settings)
      : settings_(std::move(settings)), most_((std::max)(settings_.max_idle_connections, std::size_t{1})) {
    settings_.max_idle_connections = 1;
  }

  /// Connections that trusted others are closed. No exchange may run.
  void trust(std::string ca_bundle) {
    if (!settings_.ca_bundle.empty() || !settings_.ca_path.empty()) return;
    settings_.ca_bundle = std::move(ca_bundle);
    idle_loops& idle = idle_.get();
    const std::lock_guard lock{idle.guard};
    idle.list.clear();
  }

  kept lease(std::string_view origin) {
    {
      idle_loops& idle = idle_.get();
      const std::lock_guard lock{idle.guard};
      for (std::size_t i = idle.list.size(); i-- != 0;)
        if (idle.list[i].origin == origin) {
          kept found = std::move(idle.list[i]);
          idle.list.erase(idle.list.begin() + static_cast<std::ptrdiff_t>(i));
          return found;
        }
    }
    return {std::string(origin), curl_loop{settings_}};
  }

  void give_back(kept used) {
    std::optional<kept> oldest;  // destroyed after the lock is released
    idle_loops& idle = idle_.get();
    const std::lock_guard lock{idle.guard};
    if (idle.list.size() == most_) {
      oldest.emplace(std::move(idle.list.front()));
      idle.list.erase(idle.list.begin());
    }
    idle.list.push_back(std::move(used));
  }

 private:
  struct idle_loops {
    void forked() noexcept { list.clear(); }  // closes the child's copies of the sockets

    std::mutex guard{};
    std::vector<kept> list{};  // the least recently used first
  };

  curl_settings settings_;
  std::size_t most_;
  detail::per_process<idle_loops> idle_{};
};

S3STORE_INLINE void pool_deleter::operator()(pool* p) const noexcept { delete p; }

}  // namespace curl_detail

S3STORE_INLINE curl_transport::curl_transport(curl_settings settings) : pool_(new curl_detail::pool{std::move(settings)}) {}

S3STORE_INLINE void curl_transport::trust(std::string ca_bundle) { pool_->trust(std::move(ca_bundle)); }

S3STORE_INLINE http::outcome curl_transport::perform(http::exchange what) {
  auto leased = pool_->lease(curl_detail::origin_of(what.out->url));
  leased.loop.start(std::move(what), nullptr);
  std::optional<http::completion> over;
  while (!over) over = leased.loop.poll((steady_time::max)());
  pool_->give_back(std::move(leased));
  return std::move(over->what);
}

}  // namespace s3store::inline S3STORE_ABI
#endif

// ---- s3store/transports/curl.hpp
// How does the library send requests? With libcurl, as a blocking transport and as a loop for many exchanges on one thread. Only
// the headers transports/curl_*.hpp include <curl/curl.h>.

// ---- s3store/operations/types.hpp
// Which types of the S3 API are used by several groups of operations?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
struct bucket {
  std::string name{};
  std::optional<timestamp> creation_date{};
  std::string bucket_region{};
  std::string bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("CreationDate", m.creation_date);
    v.element("BucketRegion", m.bucket_region);
    v.element("BucketArn", m.bucket_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Owner.html
struct owner {
  std::string display_name{};
  std::string id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DisplayName", m.display_name);
    v.element("ID", m.id);
  }
};

struct bucket_canned_acl : enumeration<bucket_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html
struct tag {
  std::string key{};
  std::string value{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
    v.element("Value", m.value, wire::required);
  }
};

struct object_ownership : enumeration<object_ownership> {
  using enumeration::enumeration;
  static constexpr constant bucket_owner_preferred{"BucketOwnerPreferred"};
  static constexpr constant object_writer{"ObjectWriter"};
  static constexpr constant bucket_owner_enforced{"BucketOwnerEnforced"};
};

struct object_canned_acl : enumeration<object_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
  static constexpr constant aws_exec_read{"aws-exec-read"};
  static constexpr constant bucket_owner_read{"bucket-owner-read"};
  static constexpr constant bucket_owner_full_control{"bucket-owner-full-control"};
};

struct checksum_algorithm : enumeration<checksum_algorithm> {
  using enumeration::enumeration;
  static constexpr constant crc32{"CRC32"};
  static constexpr constant crc32c{"CRC32C"};
  static constexpr constant sha1{"SHA1"};
  static constexpr constant sha256{"SHA256"};
  static constexpr constant crc64nvme{"CRC64NVME"};
  static constexpr constant sha512{"SHA512"};
  static constexpr constant md5{"MD5"};
  static constexpr constant xxhash64{"XXHASH64"};
  static constexpr constant xxhash3{"XXHASH3"};
  static constexpr constant xxhash128{"XXHASH128"};
};

struct server_side_encryption : enumeration<server_side_encryption> {
  using enumeration::enumeration;
  static constexpr constant aes256{"AES256"};
  static constexpr constant aws_fsx{"aws:fsx"};
  static constexpr constant aws_backup{"aws:backup"};
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aws_kms_dsse{"aws:kms:dsse"};
};

struct storage_class : enumeration<storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

struct request_payer : enumeration<request_payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct object_lock_mode : enumeration<object_lock_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

struct object_lock_legal_hold_status : enumeration<object_lock_legal_hold_status> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct object_lock_event_hold : enumeration<object_lock_event_hold> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct checksum_type : enumeration<checksum_type> {
  using enumeration::enumeration;
  static constexpr constant composite{"COMPOSITE"};
  static constexpr constant full_object{"FULL_OBJECT"};
};

struct request_charged : enumeration<request_charged> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct checksum_mode : enumeration<checksum_mode> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
};

struct replication_status : enumeration<replication_status> {
  using enumeration::enumeration;
  static constexpr constant complete{"COMPLETE"};
  static constexpr constant pending{"PENDING"};
  static constexpr constant failed{"FAILED"};
  static constexpr constant replica{"REPLICA"};
  static constexpr constant completed{"COMPLETED"};
};

struct encoding_type : enumeration<encoding_type> {
  using enumeration::enumeration;
  static constexpr constant url{"url"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CommonPrefix.html
struct common_prefix {
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tagging.html
struct tagging {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("TagSet", "Tag", m.tag_set, wire::required);  // an empty one takes all tags away
  }
};

struct type : enumeration<type> {
  using enumeration::enumeration;
  static constexpr constant canonical_user{"CanonicalUser"};
  static constexpr constant amazon_customer_by_email{"AmazonCustomerByEmail"};
  static constexpr constant group{"Group"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grantee.html
struct grantee {
  std::string display_name{};
  std::string email_address{};
  std::string id{};
  types::type type{};
  std::string uri{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.attribute("xsi:type", m.type, wire::required);
    v.element("DisplayName", m.display_name);
    v.element("EmailAddress", m.email_address);
    v.element("ID", m.id);
    v.element("URI", m.uri);
  }
};

struct permission : enumeration<permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant write{"WRITE"};
  static constexpr constant write_acp{"WRITE_ACP"};
  static constexpr constant read{"READ"};
  static constexpr constant read_acp{"READ_ACP"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grant.html
struct grant {
  std::optional<types::grantee> grantee{};
  types::permission permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/bucket.hpp
// Which operations create, find and delete buckets?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct bucket_location_constraint : enumeration<bucket_location_constraint> {
  using enumeration::enumeration;
  static constexpr constant af_south_1{"af-south-1"};
  static constexpr constant ap_east_1{"ap-east-1"};
  static constexpr constant ap_east_2{"ap-east-2"};
  static constexpr constant ap_northeast_1{"ap-northeast-1"};
  static constexpr constant ap_northeast_2{"ap-northeast-2"};
  static constexpr constant ap_northeast_3{"ap-northeast-3"};
  static constexpr constant ap_south_1{"ap-south-1"};
  static constexpr constant ap_south_2{"ap-south-2"};
  static constexpr constant ap_southeast_1{"ap-southeast-1"};
  static constexpr constant ap_southeast_2{"ap-southeast-2"};
  static constexpr constant ap_southeast_3{"ap-southeast-3"};
  static constexpr constant ap_southeast_4{"ap-southeast-4"};
  static constexpr constant ap_southeast_5{"ap-southeast-5"};
  static constexpr constant ap_southeast_6{"ap-southeast-6"};
  static constexpr constant ap_southeast_7{"ap-southeast-7"};
  static constexpr constant ca_central_1{"ca-central-1"};
  static constexpr constant ca_west_1{"ca-west-1"};
  static constexpr constant cn_north_1{"cn-north-1"};
  static constexpr constant cn_northwest_1{"cn-northwest-1"};
  static constexpr constant eu{"EU"};
  static constexpr constant eu_central_1{"eu-central-1"};
  static constexpr constant eu_central_2{"eu-central-2"};
  static constexpr constant eu_north_1{"eu-north-1"};
  static constexpr constant eu_south_1{"eu-south-1"};
  static constexpr constant eu_south_2{"eu-south-2"};
  static constexpr constant eu_west_1{"eu-west-1"};
  static constexpr constant eu_west_2{"eu-west-2"};
  static constexpr constant eu_west_3{"eu-west-3"};
  static constexpr constant il_central_1{"il-central-1"};
  static constexpr constant me_central_1{"me-central-1"};
  static constexpr constant me_south_1{"me-south-1"};
  static constexpr constant mx_central_1{"mx-central-1"};
  static constexpr constant sa_east_1{"sa-east-1"};
  static constexpr constant us_east_2{"us-east-2"};
  static constexpr constant us_gov_east_1{"us-gov-east-1"};
  static constexpr constant us_gov_west_1{"us-gov-west-1"};
  static constexpr constant us_west_1{"us-west-1"};
  static constexpr constant us_west_2{"us-west-2"};
};

struct location_type : enumeration<location_type> {
  using enumeration::enumeration;
  static constexpr constant availability_zone{"AvailabilityZone"};
  static constexpr constant local_zone{"LocalZone"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LocationInfo.html
struct location_info {
  types::location_type type{};
  std::string name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
    v.element("Name", m.name);
  }
};

struct data_redundancy : enumeration<data_redundancy> {
  using enumeration::enumeration;
  static constexpr constant single_availability_zone{"SingleAvailabilityZone"};
  static constexpr constant single_local_zone{"SingleLocalZone"};
};

struct bucket_type : enumeration<bucket_type> {
  using enumeration::enumeration;
  static constexpr constant directory{"Directory"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketInfo.html
struct bucket_info {
  types::data_redundancy data_redundancy{};
  types::bucket_type type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataRedundancy", m.data_redundancy);
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
struct create_bucket_configuration {
  types::bucket_location_constraint location_constraint{};
  std::optional<types::location_info> location{};
  std::optional<types::bucket_info> bucket{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LocationConstraint", m.location_constraint);
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.list("Tags", "Tag", m.tags);
  }
};

struct bucket_namespace : enumeration<bucket_namespace> {
  using enumeration::enumeration;
  static constexpr constant account_regional{"account-regional"};
  static constexpr constant global{"global"};
};

}  // namespace types

struct list_buckets_response {
  std::vector<types::bucket> buckets{};
  std::optional<types::owner> owner{};
  std::string continuation_token{};
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("Owner", m.owner);
    v.element("ContinuationToken", m.continuation_token);
    v.element("Prefix", m.prefix);
  }
};

/// The buckets of the account, paged where `max_buckets` asks for it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
struct list_buckets_request {
  std::string prefix{};
  std::optional<std::int32_t> max_buckets{};
  std::string continuation_token{};
  std::string bucket_region{};

  using response = list_buckets_response;
  static constexpr operation_spec spec{.name = "ListBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("max-buckets", m.max_buckets);
    v.query("continuation-token", m.continuation_token);
    v.query("prefix", m.prefix);
    v.query("bucket-region", m.bucket_region);
  }

  static auto& items(auto& page) { return page.buckets; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.continuation_token);
  }
};

struct create_bucket_response {
  std::string location{};
  std::string bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("Location", m.location);
    v.header("x-amz-bucket-arn", m.bucket_arn);
  }
};

/// Makes a bucket. Outside us-east-1 the configuration has to name the region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
struct create_bucket_request {
  std::string bucket{};
  std::optional<types::create_bucket_configuration> create_bucket_configuration{};
  types::bucket_canned_acl acl{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  std::optional<bool> object_lock_enabled_for_bucket{};
  types::object_ownership object_ownership{};
  types::bucket_namespace bucket_namespace{};

  using response = create_bucket_response;
  static constexpr operation_spec spec{.name = "CreateBucket", .method = http::method::put, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-bucket-object-lock-enabled", m.object_lock_enabled_for_bucket);
    v.header("x-amz-object-ownership", m.object_ownership);
    v.header("x-amz-bucket-namespace", m.bucket_namespace);
    v.payload("CreateBucketConfiguration", m.create_bucket_configuration);
  }
};

struct head_bucket_response {
  std::string bucket_arn{};
  types::location_type bucket_location_type{};
  std::string bucket_location_name{};
  std::string bucket_region{};
  std::optional<bool> access_point_alias{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-bucket-arn", m.bucket_arn);
    v.header("x-amz-bucket-location-type", m.bucket_location_type);
    v.header("x-amz-bucket-location-name", m.bucket_location_name);
    v.header("x-amz-bucket-region", m.bucket_region);
    v.header("x-amz-access-point-alias", m.access_point_alias);
  }
};

/// Is there such a bucket, and may the caller use it? Its region comes in the answer.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
struct head_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = head_bucket_response;
  static constexpr operation_spec spec{.name = "HeadBucket", .method = http::method::head, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_location_response {
  types::bucket_location_constraint location_constraint{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root_text("LocationConstraint", m.location_constraint);
  }
};

/// The bucket's region; absent means us-east-1, and `EU` means eu-west-1.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
struct get_bucket_location_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_location_response;
  static constexpr operation_spec spec{.name = "GetBucketLocation", .method = http::method::get, .uri = "/{Bucket}?location"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Deletes an empty bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
struct delete_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucket",
      .method = http::method::delete_,
      .uri = "/{Bucket}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/put_object.hpp
// PutObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct put_object_response {
  std::string expiration{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  types::server_side_encryption server_side_encryption{};
  std::string version_id{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<std::int64_t> size{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-object-size", m.size);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Stores an object in one request, of up to 5 GiB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
struct put_object_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::string content_type{};
  s3store::metadata metadata{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::int64_t> content_length{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::string expires{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
  std::optional<std::int64_t> write_offset_bytes{};
  types::server_side_encryption server_side_encryption{};
  types::storage_class storage_class{};
  std::string website_redirect_location{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_payer request_payer{};
  std::string tagging{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_response;
  static constexpr operation_spec spec{
      .name = "PutObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("Content-MD5", m.content_md5);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("Expires", m.expires);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-write-offset-bytes", m.write_offset_bytes);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/get_object.hpp
// GetObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_object_response {
  std::string body{};
  std::optional<bool> delete_marker{};
  std::string accept_ranges{};
  std::string expiration{};
  std::string restore{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  std::optional<std::int32_t> missing_meta{};
  std::string version_id{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::string content_range{};
  std::string content_type{};
  std::string expires{};
  std::string website_redirect_location{};
  types::server_side_encryption server_side_encryption{};
  s3store::metadata metadata{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::storage_class storage_class{};
  types::request_charged request_charged{};
  types::replication_status replication_status{};
  std::optional<std::int32_t> parts_count{};
  std::optional<std::int32_t> tag_count{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("accept-ranges", m.accept_ranges);
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-restore", m.restore);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-version-id", m.version_id);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Range", m.content_range);
    v.header("Content-Type", m.content_type);
    v.header("Expires", m.expires);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.header("x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-tagging-count", m.tag_count);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

/// Reads an object, a range of it, or one of its parts.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
struct get_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_modified_since{};
  std::optional<std::string> if_none_match{};
  std::optional<timestamp> if_unmodified_since{};
  std::string range{};
  std::string response_cache_control{};
  std::string response_content_disposition{};
  std::string response_content_encoding{};
  std::string response_content_language{};
  std::string response_content_type{};
  std::optional<timestamp> response_expires{};
  std::optional<std::string> version_id{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::int32_t> part_number{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_mode checksum_mode{};

  using response = get_object_response;
  static constexpr operation_spec spec{
      .name = "GetObject",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}",
      .answer_checksum = true,
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("response-cache-control", m.response_cache_control);
    v.query("response-content-disposition", m.response_content_disposition);
    v.query("response-content-encoding", m.response_content_encoding);
    v.query("response-content-language", m.response_content_language);
    v.query("response-content-type", m.response_content_type);
    v.query("response-expires", m.response_expires, timestamp_format::http_date);
    v.query("versionId", m.version_id);
    v.query("partNumber", m.part_number);
    v.header("If-Match", m.if_match);
    v.header("If-Modified-Since", m.if_modified_since);
    v.header("If-None-Match", m.if_none_match);
    v.header("If-Unmodified-Since", m.if_unmodified_since);
    v.header("Range", m.range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/head_object.hpp
// HeadObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct archive_status : enumeration<archive_status> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

}  // namespace types

struct head_object_response {
  std::optional<bool> delete_marker{};
  std::string accept_ranges{};
  std::string expiration{};
  std::string restore{};
  types::archive_status archive_status{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  std::string etag{};
  std::optional<std::int32_t> missing_meta{};
  std::string version_id{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::string content_type{};
  std::string content_range{};
  std::string expires{};
  std::string website_redirect_location{};
  types::server_side_encryption server_side_encryption{};
  s3store::metadata metadata{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::storage_class storage_class{};
  types::request_charged request_charged{};
  types::replication_status replication_status{};
  std::optional<std::int32_t> parts_count{};
  std::optional<std::int32_t> tag_count{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("accept-ranges", m.accept_ranges);
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-restore", m.restore);
    v.header("x-amz-archive-status", m.archive_status);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("ETag", m.etag);
    v.header("x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-version-id", m.version_id);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Content-Range", m.content_range);
    v.header("Expires", m.expires);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.header("x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-tagging-count", m.tag_count);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.headers("x-amz-meta-", m.metadata);
  }
};

/// An object's metadata without its bytes. An error has no body, so its kind comes from the status alone.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
struct head_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_modified_since{};
  std::optional<std::string> if_none_match{};
  std::optional<timestamp> if_unmodified_since{};
  std::string range{};
  std::string response_cache_control{};
  std::string response_content_disposition{};
  std::string response_content_encoding{};
  std::string response_content_language{};
  std::string response_content_type{};
  std::optional<timestamp> response_expires{};
  std::optional<std::string> version_id{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::int32_t> part_number{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_mode checksum_mode{};

  using response = head_object_response;
  static constexpr operation_spec spec{.name = "HeadObject", .method = http::method::head, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("response-cache-control", m.response_cache_control);
    v.query("response-content-disposition", m.response_content_disposition);
    v.query("response-content-encoding", m.response_content_encoding);
    v.query("response-content-language", m.response_content_language);
    v.query("response-content-type", m.response_content_type);
    v.query("response-expires", m.response_expires, timestamp_format::http_date);
    v.query("versionId", m.version_id);
    v.query("partNumber", m.part_number);
    v.header("If-Match", m.if_match);
    v.header("If-Modified-Since", m.if_modified_since);
    v.header("If-None-Match", m.if_none_match);
    v.header("If-Unmodified-Since", m.if_unmodified_since);
    v.header("Range", m.range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/delete_object.hpp
// DeleteObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_object_response {
  std::optional<bool> delete_marker{};
  std::string version_id{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Deletes an object or one version of it; in a versioned bucket, without a version, it lays a delete marker.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
struct delete_object_request {
  std::string bucket{};
  std::string key{};
  std::string mfa{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_match_last_modified_time{};
  std::optional<std::int64_t> if_match_size{};

  using response = delete_object_response;
  static constexpr operation_spec spec{
      .name = "DeleteObject",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("x-amz-if-match-last-modified-time", m.if_match_last_modified_time);
    v.header("x-amz-if-match-size", m.if_match_size);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/delete_objects.hpp
// DeleteObjects: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectIdentifier.html
struct object_identifier {
  std::string key{};
  std::optional<std::string> version_id{};  ///< absent: the current version
  std::optional<std::string> etag{};  ///< deletes only an object that has it
  std::optional<timestamp> last_modified_time{};
  std::optional<std::int64_t> size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
    v.element("VersionId", m.version_id, wire::never_empty);
    v.element("ETag", m.etag, wire::never_empty);
    v.element("LastModifiedTime", m.last_modified_time, timestamp_format::http_date);
    v.element("Size", m.size);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Delete.html
struct delete_ {
  std::vector<types::object_identifier> objects{};
  std::optional<bool> quiet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Object", m.objects, wire::required);
    v.element("Quiet", m.quiet);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletedObject.html
struct deleted_object {
  std::string key{};
  std::string version_id{};
  std::optional<bool> delete_marker{};
  std::string delete_marker_version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("DeleteMarker", m.delete_marker);
    v.element("DeleteMarkerVersionId", m.delete_marker_version_id);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Error.html
struct error {
  std::string key{};
  std::string version_id{};
  std::string code{};
  std::string message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("Code", m.code);
    v.element("Message", m.message);
  }
};

}  // namespace types

struct delete_objects_response {
  std::vector<types::deleted_object> deleted{};
  types::request_charged request_charged{};
  std::vector<types::error> errors{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("DeleteResult");
    v.element("Deleted", m.deleted);
    v.element("Error", m.errors);
  }
};

/// Deletes up to 1,000 objects in one request. Success says only that the request was read: look at `errors`.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
struct delete_objects_request {
  std::string bucket{};
  types::delete_ delete_{};
  std::string mfa{};
  types::request_payer request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = delete_objects_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjects",
      .method = http::method::post,
      .uri = "/{Bucket}?delete",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("Delete", m.delete_, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/copy_object.hpp
// CopyObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct metadata_directive : enumeration<metadata_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct tagging_directive : enumeration<tagging_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct annotation_directive : enumeration<annotation_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant exclude{"EXCLUDE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObjectResult.html
struct copy_object_result {
  std::string etag{};
  std::optional<timestamp> last_modified{};
  types::checksum_type checksum_type{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("ChecksumType", m.checksum_type);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct copy_object_response {
  std::optional<types::copy_object_result> copy_object_result{};
  std::string expiration{};
  std::string copy_source_version_id{};
  std::string version_id{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.payload("CopyObjectResult", m.copy_object_result);
  }
};

/// Copies an object of up to 5 GiB inside S3. Conditions on the source and on the destination are members of their own.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
struct copy_object_request {
  std::string bucket{};
  std::string key{};
  std::string content_type{};
  s3store::metadata metadata{};
  s3store::copy_source copy_source{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  types::checksum_algorithm checksum_algorithm{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::string expires{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  types::metadata_directive metadata_directive{};
  types::tagging_directive tagging_directive{};
  types::annotation_directive annotation_directive{};
  types::server_side_encryption server_side_encryption{};
  types::storage_class storage_class{};
  std::string website_redirect_location{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::string copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::string copy_source_sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::string tagging{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = copy_object_response;
  static constexpr operation_spec spec{
      .name = "CopyObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-copy-source", m.copy_source, wire::required);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-metadata-directive", m.metadata_directive);
    v.header("x-amz-tagging-directive", m.tagging_directive);
    v.header("x-amz-object-annotation-directive", m.annotation_directive);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object/get_object_attributes.hpp
// GetObjectAttributes: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct object_attributes : enumeration<object_attributes> {
  using enumeration::enumeration;
  static constexpr constant etag{"ETag"};
  static constexpr constant checksum{"Checksum"};
  static constexpr constant object_parts{"ObjectParts"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant object_size{"ObjectSize"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Checksum.html
struct checksum {
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectPart.html
struct object_part {
  std::optional<std::int32_t> part_number{};
  std::optional<std::int64_t> size{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartNumber", m.part_number);
    v.element("Size", m.size);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributesParts.html
struct get_object_attributes_parts {
  std::optional<std::int32_t> total_parts_count{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::object_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartsCount", m.total_parts_count);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct get_object_attributes_response {
  std::optional<bool> delete_marker{};
  std::optional<timestamp> last_modified{};
  std::string version_id{};
  types::request_charged request_charged{};
  std::string etag{};
  std::optional<types::checksum> checksum{};
  std::optional<types::get_object_attributes_parts> object_parts{};
  types::storage_class storage_class{};
  std::optional<std::int64_t> object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("Last-Modified", m.last_modified);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("GetObjectAttributesResponse");
    v.element("ETag", m.etag);
    v.element("Checksum", m.checksum);
    v.element("ObjectParts", m.object_parts);
    v.element("StorageClass", m.storage_class);
    v.element("ObjectSize", m.object_size);
  }
};

/// An object's checksum, size, storage class and parts, as many of them as are asked for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
struct get_object_attributes_request {
  std::string bucket{};
  std::string key{};
  std::vector<types::object_attributes> object_attributes{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_attributes_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAttributes",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?attributes"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-max-parts", m.max_parts);
    v.header("x-amz-part-number-marker", m.part_number_marker);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-attributes", m.object_attributes, wire::required);
  }

  static auto& items(auto& page) { return wire::value_of(page.object_parts).parts; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    auto& listed = wire::value_of(page.object_parts);
    using number = std::optional<std::int32_t>;
    const auto last = listed.parts.empty() ? number{} : listed.parts.back().part_number;
    return turn.token(m.part_number_marker, listed.next_part_number_marker, last, listed.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/object.hpp
// Which operations store, read, copy and delete objects?

// ---- s3store/operations/listing.hpp
// Which operations list the objects of a bucket?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct optional_object_attributes : enumeration<optional_object_attributes> {
  using enumeration::enumeration;
  static constexpr constant restore_status{"RestoreStatus"};
};

struct object_storage_class : enumeration<object_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
struct restore_status {
  std::optional<bool> is_restore_in_progress{};
  std::optional<timestamp> restore_expiry_date{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsRestoreInProgress", m.is_restore_in_progress);
    v.element("RestoreExpiryDate", m.restore_expiry_date);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
struct object {
  std::string key{};
  std::optional<timestamp> last_modified{};
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::optional<std::int64_t> size{};
  types::object_storage_class storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Key", m.key);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

struct object_version_storage_class : enumeration<object_version_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectVersion.html
struct object_version {
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::optional<std::int64_t> size{};
  types::object_version_storage_class storage_class{};
  std::string key{};
  std::string version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerEntry.html
struct delete_marker_entry {
  std::optional<types::owner> owner{};
  std::string key{};
  std::string version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
  }
};

}  // namespace types

struct list_objects_response {
  std::optional<bool> is_truncated{};
  std::string marker{};
  std::string next_marker{};
  std::vector<types::object> contents{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("Marker", m.marker, wire::even_if_empty);
    v.url_element("NextMarker", m.next_marker);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The keys of a bucket, 1,000 at a time, by marker. ListObjectsV2 is its successor.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
struct list_objects_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string marker{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_response;
  static constexpr operation_spec spec{.name = "ListObjects", .method = http::method::get, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("marker", m.marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.contents; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    // S3 names the next marker only with a delimiter. Without it, the next page begins behind the last key or common prefix.
    const auto behind = [&turn, &m](const auto& list, auto member) {
      return list.empty() ? std::string{} : turn.key(m.encoding_type, list.back().*member);
    };
    auto next = turn.key(m.encoding_type, page.next_marker);
    if (next.empty()) next = (std::max)(behind(page.contents, &types::object::key), behind(page.common_prefixes, &types::common_prefix::prefix));
    return turn.token(m.marker, std::move(next), page.is_truncated);
  }
};

struct list_objects_v2_response {
  std::optional<bool> is_truncated{};
  std::vector<types::object> contents{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  std::optional<std::int32_t> key_count{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::string start_after{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
    v.element("KeyCount", m.key_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.url_element("StartAfter", m.start_after);
  }
};

/// The keys of a bucket, 1,000 at a time, in the order of their UTF-8 bytes, by continuation token.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct list_objects_v2_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string continuation_token{};
  std::optional<bool> fetch_owner{};
  std::string start_after{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_v2_response;
  static constexpr operation_spec spec{.name = "ListObjectsV2", .method = http::method::get, .uri = "/{Bucket}?list-type=2"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("continuation-token", m.continuation_token);
    v.query("fetch-owner", m.fetch_owner);
    v.query("start-after", m.start_after);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.contents; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

struct list_object_versions_response {
  std::optional<bool> is_truncated{};
  std::string key_marker{};
  std::string version_id_marker{};
  std::string next_key_marker{};
  std::string next_version_id_marker{};
  std::vector<types::object_version> versions{};
  std::vector<types::delete_marker_entry> delete_markers{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListVersionsResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("KeyMarker", m.key_marker, wire::even_if_empty);
    v.element("VersionIdMarker", m.version_id_marker, wire::even_if_empty);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.element("NextVersionIdMarker", m.next_version_id_marker);
    v.element("Version", m.versions);
    v.element("DeleteMarker", m.delete_markers);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The versions and delete markers of a bucket, 1,000 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
struct list_object_versions_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string key_marker{};
  std::string version_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_object_versions_response;
  static constexpr operation_spec spec{.name = "ListObjectVersions", .method = http::method::get, .uri = "/{Bucket}?versions"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("version-id-marker", m.version_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.versions; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.markers(m.key_marker, turn.key(m.encoding_type, page.next_key_marker), m.version_id_marker, page.next_version_id_marker,
                        page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Initiator.html
struct initiator {
  std::string id{};
  std::string display_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("DisplayName", m.display_name);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/create_multipart_upload.hpp
// CreateMultipartUpload: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct create_multipart_upload_response {
  std::optional<timestamp> abort_date{};
  std::string abort_rule_id{};
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-version-id", m.version_id);
    v.root("InitiateMultipartUploadResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
  }
};

/// Starts an upload in parts. Until it is completed or aborted, its parts are kept and paid for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
struct create_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string content_type{};
  s3store::metadata metadata{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::string expires{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
  types::server_side_encryption server_side_encryption{};
  types::storage_class storage_class{};
  std::string website_redirect_location{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_payer request_payer{};
  std::string tagging{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};

  using response = create_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CreateMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?uploads"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/upload_part.hpp
// UploadPart: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct upload_part_response {
  types::server_side_encryption server_side_encryption{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Sends one part (1 to 10,000) of an upload: at least 5 MiB, the last one excepted, and at most 5 GiB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
struct upload_part_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::int32_t part_number{};
  std::string upload_id{};
  std::optional<std::int64_t> content_length{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = upload_part_response;
  static constexpr operation_spec spec{
      .name = "UploadPart",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("partNumber", m.part_number, wire::required);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("Content-Length", m.content_length);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/upload_part_copy.hpp
// UploadPartCopy: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyPartResult.html
struct copy_part_result {
  std::string etag{};
  std::optional<timestamp> last_modified{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct upload_part_copy_response {
  std::string copy_source_version_id{};
  std::optional<types::copy_part_result> copy_part_result{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.payload("CopyPartResult", m.copy_part_result);
  }
};

/// Makes a part out of a range of an object that is already in S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
struct upload_part_copy_request {
  std::string bucket{};
  std::string key{};
  s3store::copy_source copy_source{};
  std::int32_t part_number{};
  std::string upload_id{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::string copy_source_range{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::string copy_source_sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = upload_part_copy_response;
  static constexpr operation_spec spec{
      .name = "UploadPartCopy",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("partNumber", m.part_number, wire::required);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-copy-source", m.copy_source, wire::required);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("x-amz-copy-source-range", m.copy_source_range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/complete_multipart_upload.hpp
// CompleteMultipartUpload: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedPart.html
struct completed_part {
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::optional<std::int32_t> part_number{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("PartNumber", m.part_number);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedMultipartUpload.html
struct completed_multipart_upload {
  std::vector<types::completed_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct complete_multipart_upload_response {
  std::string location{};
  std::string bucket{};
  std::string key{};
  std::string expiration{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  types::server_side_encryption server_side_encryption{};
  std::string version_id{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("CompleteMultipartUploadResult");
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("ETag", m.etag);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// Makes one object out of the parts, given in ascending order. The answer may be a 200 that holds an error.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct complete_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<types::completed_multipart_upload> multipart_upload{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  std::optional<std::int64_t> mpu_object_size{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};

  using response = complete_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CompleteMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-mp-object-size", m.mpu_object_size);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.payload("CompleteMultipartUpload", m.multipart_upload);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/abort_multipart_upload.hpp
// AbortMultipartUpload: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct abort_multipart_upload_response {
  types::request_charged request_charged{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Throws the parts of an upload away.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
struct abort_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<timestamp> if_match_initiated_time{};

  using response = abort_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "AbortMultipartUpload",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-if-match-initiated-time", m.if_match_initiated_time);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/list_multipart_uploads.hpp
// ListMultipartUploads: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MultipartUpload.html
struct multipart_upload {
  std::string upload_id{};
  std::string key{};
  std::optional<timestamp> initiated{};
  types::storage_class storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::initiator> initiator{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("UploadId", m.upload_id);
    v.url_element("Key", m.key);
    v.element("Initiated", m.initiated);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("Initiator", m.initiator);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("VersionId", m.version_id);
  }
};

}  // namespace types

struct list_multipart_uploads_response {
  std::string bucket{};
  std::string key_marker{};
  std::string upload_id_marker{};
  std::string next_key_marker{};
  std::string prefix{};
  std::string delimiter{};
  std::string next_upload_id_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::optional<bool> is_truncated{};
  std::vector<types::multipart_upload> uploads{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListMultipartUploadsResult");
    v.element("Bucket", m.bucket);
    v.url_element("KeyMarker", m.key_marker, wire::even_if_empty);
    v.element("UploadIdMarker", m.upload_id_marker, wire::even_if_empty);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("NextUploadIdMarker", m.next_upload_id_marker);
    v.element("MaxUploads", m.max_uploads);
    v.element("IsTruncated", m.is_truncated);
    v.element("Upload", m.uploads);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The uploads of a bucket that were started and neither completed nor aborted.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
struct list_multipart_uploads_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  types::encoding_type encoding_type{};
  std::string key_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::string upload_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = list_multipart_uploads_response;
  static constexpr operation_spec spec{.name = "ListMultipartUploads", .method = http::method::get, .uri = "/{Bucket}?uploads"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-uploads", m.max_uploads);
    v.query("prefix", m.prefix);
    v.query("upload-id-marker", m.upload_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }

  static auto& items(auto& page) { return page.uploads; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.markers(m.key_marker, turn.key(m.encoding_type, page.next_key_marker), m.upload_id_marker, page.next_upload_id_marker,
                        page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart/list_parts.hpp
// ListParts: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Part.html
struct part {
  std::optional<std::int32_t> part_number{};
  std::optional<timestamp> last_modified{};
  std::string etag{};
  std::optional<std::int64_t> size{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartNumber", m.part_number);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("Size", m.size);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct list_parts_response {
  std::optional<timestamp> abort_date{};
  std::string abort_rule_id{};
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::part> parts{};
  std::optional<types::initiator> initiator{};
  std::optional<types::owner> owner{};
  types::storage_class storage_class{};
  types::request_charged request_charged{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.root("ListPartsResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
    v.element("Initiator", m.initiator);
    v.element("Owner", m.owner);
    v.element("StorageClass", m.storage_class);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// The parts of an upload that have arrived.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
struct list_parts_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};

  using response = list_parts_response;
  static constexpr operation_spec spec{.name = "ListParts", .method = http::method::get, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("max-parts", m.max_parts);
    v.query("part-number-marker", m.part_number_marker);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
  }

  static auto& items(auto& page) { return page.parts; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    using number = std::optional<std::int32_t>;
    const auto last = page.parts.empty() ? number{} : page.parts.back().part_number;
    return turn.token(m.part_number_marker, page.next_part_number_marker, last, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/multipart.hpp
// Which operations upload an object in parts?

// ---- s3store/operations/versioning.hpp
// Which operations set and get whether a bucket keeps versions of objects?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct mfa_delete : enumeration<mfa_delete> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct bucket_versioning_status : enumeration<bucket_versioning_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html
struct versioning_configuration {
  types::mfa_delete mfa_delete{};
  types::bucket_versioning_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MfaDelete", m.mfa_delete);
    v.element("Status", m.status);
  }
};

struct mfa_delete_status : enumeration<mfa_delete_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

}  // namespace types

struct put_bucket_versioning_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns versions on, or suspends them; they are never turned off again.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
struct put_bucket_versioning_request {
  std::string bucket{};
  types::versioning_configuration versioning_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string mfa{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_versioning_response;
  static constexpr operation_spec spec{
      .name = "PutBucketVersioning",
      .method = http::method::put,
      .uri = "/{Bucket}?versioning",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("VersioningConfiguration", m.versioning_configuration, wire::required);
  }
};

struct get_bucket_versioning_response {
  types::bucket_versioning_status status{};
  types::mfa_delete_status mfa_delete{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("VersioningConfiguration");
    v.element("Status", m.status);
    v.element("MfaDelete", m.mfa_delete);
  }
};

/// Does the bucket keep versions? Without a status it never did.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
struct get_bucket_versioning_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_versioning_response;
  static constexpr operation_spec spec{.name = "GetBucketVersioning", .method = http::method::get, .uri = "/{Bucket}?versioning"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/tagging.hpp
// Which operations tag buckets and objects?

namespace s3store::inline S3STORE_ABI {

struct put_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
struct put_bucket_tagging_request {
  std::string bucket{};
  types::tagging tagging{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketTagging",
      .method = http::method::put,
      .uri = "/{Bucket}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Tagging", m.tagging, wire::required);
  }
};

struct get_bucket_tagging_response {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set, wire::required);
  }
};

/// A bucket's tags; NoSuchTagSet where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
struct get_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_tagging_response;
  static constexpr operation_spec spec{.name = "GetBucketTagging", .method = http::method::get, .uri = "/{Bucket}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
struct delete_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_tagging_response {
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Replaces the tags, 10 at most, of an object or one of its versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
struct put_object_tagging_request {
  std::string bucket{};
  std::string key{};
  types::tagging tagging{};
  std::optional<std::string> version_id{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = put_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutObjectTagging",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.payload("Tagging", m.tagging, wire::required);
  }
};

struct get_object_tagging_response {
  std::string version_id{};
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set, wire::required);
  }
};

/// An object's tags; empty where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
struct get_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = get_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTagging",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct delete_object_tagging_response {
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Removes an object's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
struct delete_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/acl.hpp
// Which operations set and get access control lists and the ownership of objects?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlPolicy.html
struct access_control_policy {
  std::vector<types::grant> grants{};
  std::optional<types::owner> owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("AccessControlList", "Grant", m.grants);
    v.element("Owner", m.owner);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControlsRule.html
struct ownership_controls_rule {
  types::object_ownership object_ownership{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectOwnership", m.object_ownership, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControls.html
struct ownership_controls {
  std::vector<types::ownership_controls_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

struct bucket_abac_status : enumeration<bucket_abac_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbacStatus.html
struct abac_status {
  types::bucket_abac_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_bucket_acl_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's access control list: a canned one, grants in headers, or a whole document.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
struct put_bucket_acl_request {
  std::string bucket{};
  std::optional<types::access_control_policy> access_control_policy{};
  types::bucket_canned_acl acl{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_acl_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAcl",
      .method = http::method::put,
      .uri = "/{Bucket}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_bucket_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// A bucket's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
struct get_bucket_acl_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_acl_response;
  static constexpr operation_spec spec{.name = "GetBucketAcl", .method = http::method::get, .uri = "/{Bucket}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_acl_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets an object's access control list.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
struct put_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::access_control_policy> access_control_policy{};
  types::object_canned_acl acl{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_acl_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAcl",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_object_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// An object's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
struct get_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_acl_response;
  static constexpr operation_spec spec{.name = "GetObjectAcl", .method = http::method::get, .uri = "/{Bucket}/{Key+}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says who owns what others upload, and whether access control lists count at all.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
struct put_bucket_ownership_controls_request {
  std::string bucket{};
  types::ownership_controls ownership_controls{};
  std::string content_md5{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = put_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "PutBucketOwnershipControls",
      .method = http::method::put,
      .uri = "/{Bucket}?ownershipControls",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("OwnershipControls", m.ownership_controls, wire::required);
  }
};

struct get_bucket_ownership_controls_response {
  std::optional<types::ownership_controls> ownership_controls{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("OwnershipControls", m.ownership_controls);
  }
};

/// A bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
struct get_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "GetBucketOwnershipControls",
      .method = http::method::get,
      .uri = "/{Bucket}?ownershipControls"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
struct delete_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketOwnershipControls",
      .method = http::method::delete_,
      .uri = "/{Bucket}?ownershipControls",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_abac_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns attribute-based access control, by the bucket's tags, on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
struct put_bucket_abac_request {
  std::string bucket{};
  types::abac_status abac_status{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_abac_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAbac",
      .method = http::method::put,
      .uri = "/{Bucket}?abac",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AbacStatus", m.abac_status, wire::required);
  }
};

struct get_bucket_abac_response {
  std::optional<types::abac_status> abac_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AbacStatus", m.abac_status);
  }
};

/// Is attribute-based access control on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAbac.html
struct get_bucket_abac_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_abac_response;
  static constexpr operation_spec spec{.name = "GetBucketAbac", .method = http::method::get, .uri = "/{Bucket}?abac"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/policy.hpp
// Which operations set bucket policies and block public access?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PolicyStatus.html
struct policy_status {
  std::optional<bool> is_public{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsPublic", m.is_public);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
struct public_access_block_configuration {
  std::optional<bool> block_public_acls{};
  std::optional<bool> ignore_public_acls{};
  std::optional<bool> block_public_policy{};
  std::optional<bool> restrict_public_buckets{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BlockPublicAcls", m.block_public_acls);
    v.element("IgnorePublicAcls", m.ignore_public_acls);
    v.element("BlockPublicPolicy", m.block_public_policy);
    v.element("RestrictPublicBuckets", m.restrict_public_buckets);
  }
};

}  // namespace types

struct put_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's policy, a JSON document, of up to 20 KB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
struct put_bucket_policy_request {
  std::string bucket{};
  std::string policy{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<bool> confirm_remove_self_bucket_access{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "PutBucketPolicy",
      .method = http::method::put,
      .uri = "/{Bucket}?policy",
      .checksum = request_checksum::required,
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-confirm-remove-self-bucket-access", m.confirm_remove_self_bucket_access);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.text(m.policy, wire::required);
  }
};

struct get_bucket_policy_response {
  std::string policy{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.text(m.policy);
  }
};

/// A bucket's policy as it was stored; NoSuchBucketPolicy where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
struct get_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_response;
  static constexpr operation_spec spec{.name = "GetBucketPolicy", .method = http::method::get, .uri = "/{Bucket}?policy"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's policy.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
struct delete_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketPolicy",
      .method = http::method::delete_,
      .uri = "/{Bucket}?policy",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_policy_status_response {
  std::optional<types::policy_status> policy_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PolicyStatus", m.policy_status);
  }
};

/// Does the bucket's policy make it public?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
struct get_bucket_policy_status_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_status_response;
  static constexpr operation_spec spec{
      .name = "GetBucketPolicyStatus",
      .method = http::method::get,
      .uri = "/{Bucket}?policyStatus"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets which kinds of public access are blocked whatever policies and access control lists say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
struct put_public_access_block_request {
  std::string bucket{};
  types::public_access_block_configuration public_access_block_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "PutPublicAccessBlock",
      .method = http::method::put,
      .uri = "/{Bucket}?publicAccessBlock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration, wire::required);
  }
};

struct get_public_access_block_response {
  std::optional<types::public_access_block_configuration> public_access_block_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration);
  }
};

/// Which kinds of public access are blocked?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
struct get_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "GetPublicAccessBlock",
      .method = http::method::get,
      .uri = "/{Bucket}?publicAccessBlock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes the block on public access.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
struct delete_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "DeletePublicAccessBlock",
      .method = http::method::delete_,
      .uri = "/{Bucket}?publicAccessBlock",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/lifecycle.hpp
// Which operations set when objects expire or move to another storage class?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
struct lifecycle_expiration {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  std::optional<bool> expired_object_delete_marker{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("ExpiredObjectDeleteMarker", m.expired_object_delete_marker);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleAndOperator.html
struct lifecycle_rule_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
struct lifecycle_rule_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};
  std::optional<types::lifecycle_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
    v.element("And", m.and_);
  }
};

struct expiration_status : enumeration<expiration_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct transition_storage_class : enumeration<transition_storage_class> {
  using enumeration::enumeration;
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html
struct transition {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  types::transition_storage_class storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionTransition.html
struct noncurrent_version_transition {
  std::optional<std::int32_t> noncurrent_days{};
  types::transition_storage_class storage_class{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("StorageClass", m.storage_class);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
struct noncurrent_version_expiration {
  std::optional<std::int32_t> noncurrent_days{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortIncompleteMultipartUpload.html
struct abort_incomplete_multipart_upload {
  std::optional<std::int32_t> days_after_initiation{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DaysAfterInitiation", m.days_after_initiation);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
struct lifecycle_rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::string id{};
  std::optional<std::string> prefix{};  ///< empty: every key; absent: the filter decides
  std::optional<types::lifecycle_rule_filter> filter{};
  types::expiration_status status{};
  std::vector<types::transition> transitions{};
  std::vector<types::noncurrent_version_transition> noncurrent_version_transitions{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("Transition", m.transitions);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transitions);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLifecycleConfiguration.html
struct bucket_lifecycle_configuration {
  std::vector<types::lifecycle_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

struct transition_default_minimum_object_size : enumeration<transition_default_minimum_object_size> {
  using enumeration::enumeration;
  static constexpr constant varies_by_storage_class{"varies_by_storage_class"};
  static constexpr constant all_storage_classes_128_k{"all_storage_classes_128K"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Rule.html
struct rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::string id{};
  std::string prefix{};
  types::expiration_status status{};
  std::optional<types::transition> transition{};
  std::optional<types::noncurrent_version_transition> noncurrent_version_transition{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix, wire::required);
    v.element("Status", m.status, wire::required);
    v.element("Transition", m.transition);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transition);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleConfiguration.html
struct lifecycle_configuration {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_lifecycle_configuration_response {
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
  }
};

/// Replaces a bucket's lifecycle rules, 1,000 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
struct put_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<types::bucket_lifecycle_configuration> lifecycle_configuration{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  using response = put_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycleConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_configuration_response {
  std::vector<types::lifecycle_rule> rules{};
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// A bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
struct get_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketLifecycleConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
struct delete_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketLifecycle",
      .method = http::method::delete_,
      .uri = "/{Bucket}?lifecycle",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketLifecycleConfiguration, whose rules know no filters.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycle.html
struct put_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<types::lifecycle_configuration> lifecycle_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycle",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_response {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// The deprecated form of GetBucketLifecycleConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycle.html
struct get_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_response;
  static constexpr operation_spec spec{.name = "GetBucketLifecycle", .method = http::method::get, .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/replication.hpp
// Which operations replicate a bucket to others?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleAndOperator.html
struct replication_rule_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleFilter.html
struct replication_rule_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::replication_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct replication_rule_status : enumeration<replication_rule_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct sse_kms_encrypted_objects_status : enumeration<sse_kms_encrypted_objects_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SseKmsEncryptedObjects.html
struct sse_kms_encrypted_objects {
  types::sse_kms_encrypted_objects_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

struct replica_modifications_status : enumeration<replica_modifications_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicaModifications.html
struct replica_modifications {
  types::replica_modifications_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html
struct source_selection_criteria {
  std::optional<types::sse_kms_encrypted_objects> sse_kms_encrypted_objects{};
  std::optional<types::replica_modifications> replica_modifications{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseKmsEncryptedObjects", m.sse_kms_encrypted_objects);
    v.element("ReplicaModifications", m.replica_modifications);
  }
};

struct existing_object_replication_status : enumeration<existing_object_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ExistingObjectReplication.html
struct existing_object_replication {
  types::existing_object_replication_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

struct owner_override : enumeration<owner_override> {
  using enumeration::enumeration;
  static constexpr constant destination{"Destination"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlTranslation.html
struct access_control_translation {
  types::owner_override owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EncryptionConfiguration.html
struct encryption_configuration {
  std::string replica_kms_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ReplicaKmsKeyID", m.replica_kms_key_id);
  }
};

struct replication_time_status : enumeration<replication_time_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTimeValue.html
struct replication_time_value {
  std::optional<std::int32_t> minutes{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Minutes", m.minutes);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTime.html
struct replication_time {
  types::replication_time_status status{};
  types::replication_time_value time{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
    v.element("Time", m.time, wire::required);
  }
};

struct metrics_status : enumeration<metrics_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Metrics.html
struct metrics {
  types::metrics_status status{};
  std::optional<types::replication_time_value> event_threshold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
    v.element("EventThreshold", m.event_threshold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
struct destination {
  std::string bucket{};
  std::string account{};
  types::storage_class storage_class{};
  std::optional<types::access_control_translation> access_control_translation{};
  std::optional<types::encryption_configuration> encryption_configuration{};
  std::optional<types::replication_time> replication_time{};
  std::optional<types::metrics> metrics{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Bucket", m.bucket, wire::required);
    v.element("Account", m.account);
    v.element("StorageClass", m.storage_class);
    v.element("AccessControlTranslation", m.access_control_translation);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("ReplicationTime", m.replication_time);
    v.element("Metrics", m.metrics);
  }
};

struct delete_marker_replication_status : enumeration<delete_marker_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerReplication.html
struct delete_marker_replication {
  types::delete_marker_replication_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
struct replication_rule {
  std::string id{};
  std::optional<std::int32_t> priority{};
  std::optional<std::string> prefix{};  ///< empty: every key; absent: the filter decides
  std::optional<types::replication_rule_filter> filter{};
  types::replication_rule_status status{};
  std::optional<types::source_selection_criteria> source_selection_criteria{};
  std::optional<types::existing_object_replication> existing_object_replication{};
  types::destination destination{};
  std::optional<types::delete_marker_replication> delete_marker_replication{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("Priority", m.priority);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("SourceSelectionCriteria", m.source_selection_criteria);
    v.element("ExistingObjectReplication", m.existing_object_replication);
    v.element("Destination", m.destination, wire::required);
    v.element("DeleteMarkerReplication", m.delete_marker_replication);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html
struct replication_configuration {
  std::string role{};
  std::vector<types::replication_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Role", m.role, wire::required);
    v.element("Rule", m.rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's replication rules; both buckets must keep versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
struct put_bucket_replication_request {
  std::string bucket{};
  types::replication_configuration replication_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "PutBucketReplication",
      .method = http::method::put,
      .uri = "/{Bucket}?replication",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ReplicationConfiguration", m.replication_configuration, wire::required);
  }
};

struct get_bucket_replication_response {
  std::optional<types::replication_configuration> replication_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ReplicationConfiguration", m.replication_configuration);
  }
};

/// A bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
struct get_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "GetBucketReplication",
      .method = http::method::get,
      .uri = "/{Bucket}?replication"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
struct delete_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketReplication",
      .method = http::method::delete_,
      .uri = "/{Bucket}?replication",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/notification.hpp
// Which operations configure the notifications of events in a bucket?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct event : enumeration<event> {
  using enumeration::enumeration;
  static constexpr constant s3_reduced_redundancy_lost_object{"s3:ReducedRedundancyLostObject"};
  static constexpr constant s3_object_created_any{"s3:ObjectCreated:*"};
  static constexpr constant s3_object_created_put{"s3:ObjectCreated:Put"};
  static constexpr constant s3_object_created_post{"s3:ObjectCreated:Post"};
  static constexpr constant s3_object_created_copy{"s3:ObjectCreated:Copy"};
  static constexpr constant s3_object_created_complete_multipart_upload{"s3:ObjectCreated:CompleteMultipartUpload"};
  static constexpr constant s3_object_removed_any{"s3:ObjectRemoved:*"};
  static constexpr constant s3_object_removed_delete{"s3:ObjectRemoved:Delete"};
  static constexpr constant s3_object_removed_delete_marker_created{"s3:ObjectRemoved:DeleteMarkerCreated"};
  static constexpr constant s3_object_restore_any{"s3:ObjectRestore:*"};
  static constexpr constant s3_object_restore_post{"s3:ObjectRestore:Post"};
  static constexpr constant s3_object_restore_completed{"s3:ObjectRestore:Completed"};
  static constexpr constant s3_replication_any{"s3:Replication:*"};
  static constexpr constant s3_replication_operation_failed_replication{"s3:Replication:OperationFailedReplication"};
  static constexpr constant s3_replication_operation_not_tracked{"s3:Replication:OperationNotTracked"};
  static constexpr constant s3_replication_operation_missed_threshold{"s3:Replication:OperationMissedThreshold"};
  static constexpr constant s3_replication_operation_replicated_after_threshold{"s3:Replication:OperationReplicatedAfterThreshold"};
  static constexpr constant s3_object_restore_delete{"s3:ObjectRestore:Delete"};
  static constexpr constant s3_lifecycle_transition{"s3:LifecycleTransition"};
  static constexpr constant s3_intelligent_tiering{"s3:IntelligentTiering"};
  static constexpr constant s3_object_acl_put{"s3:ObjectAcl:Put"};
  static constexpr constant s3_lifecycle_expiration_any{"s3:LifecycleExpiration:*"};
  static constexpr constant s3_lifecycle_expiration_delete{"s3:LifecycleExpiration:Delete"};
  static constexpr constant s3_lifecycle_expiration_delete_marker_created{"s3:LifecycleExpiration:DeleteMarkerCreated"};
  static constexpr constant s3_object_tagging_any{"s3:ObjectTagging:*"};
  static constexpr constant s3_object_tagging_put{"s3:ObjectTagging:Put"};
  static constexpr constant s3_object_tagging_delete{"s3:ObjectTagging:Delete"};
  static constexpr constant s3_object_annotation_any{"s3:ObjectAnnotation:*"};
  static constexpr constant s3_object_annotation_put{"s3:ObjectAnnotation:Put"};
  static constexpr constant s3_object_annotation_delete{"s3:ObjectAnnotation:Delete"};
  static constexpr constant s3_object_retention_put{"s3:ObjectRetention:Put"};
};

struct filter_rule_name : enumeration<filter_rule_name> {
  using enumeration::enumeration;
  static constexpr constant prefix{"prefix"};
  static constexpr constant suffix{"suffix"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html
struct filter_rule {
  types::filter_rule_name name{};
  std::optional<std::string> value{};  ///< empty: every key

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3KeyFilter.html
struct s3_key_filter {
  std::vector<types::filter_rule> filter_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FilterRule", m.filter_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationFilter.html
struct notification_configuration_filter {
  std::optional<types::s3_key_filter> key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3Key", m.key);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfiguration.html
struct topic_configuration {
  std::string id{};
  std::string topic_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Topic", m.topic_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html
struct queue_configuration {
  std::string id{};
  std::string queue_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Queue", m.queue_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LambdaFunctionConfiguration.html
struct lambda_function_configuration {
  std::string id{};
  std::string lambda_function_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("CloudFunction", m.lambda_function_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventBridgeConfiguration.html
struct event_bridge_configuration {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html
struct notification_configuration {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfigurationDeprecated.html
struct topic_configuration_deprecated {
  std::string id{};
  std::vector<types::event> events{};
  types::event event{};
  std::string topic{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.events);
    v.element("Event", m.event);
    v.element("Topic", m.topic);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfigurationDeprecated.html
struct queue_configuration_deprecated {
  std::string id{};
  types::event event{};
  std::vector<types::event> events{};
  std::string queue{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("Queue", m.queue);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CloudFunctionConfiguration.html
struct cloud_function_configuration {
  std::string id{};
  types::event event{};
  std::vector<types::event> events{};
  std::string cloud_function{};
  std::string invocation_role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("CloudFunction", m.cloud_function);
    v.element("InvocationRole", m.invocation_role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationDeprecated.html
struct notification_configuration_deprecated {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

}  // namespace types

struct put_bucket_notification_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's notifications; an empty configuration turns them off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
struct put_bucket_notification_configuration_request {
  std::string bucket{};
  types::notification_configuration notification_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<bool> skip_destination_validation{};

  using response = put_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotificationConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-skip-destination-validation", m.skip_destination_validation);
    v.payload("NotificationConfiguration", m.notification_configuration, wire::required);
  }
};

struct get_bucket_notification_configuration_response {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// A bucket's notifications.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
struct get_bucket_notification_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotificationConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_notification_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotification.html
struct put_bucket_notification_request {
  std::string bucket{};
  types::notification_configuration_deprecated notification_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotification",
      .method = http::method::put,
      .uri = "/{Bucket}?notification",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("NotificationConfiguration", m.notification_configuration, wire::required);
  }
};

struct get_bucket_notification_response {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

/// The deprecated form of GetBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotification.html
struct get_bucket_notification_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotification",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/website.hpp
// Which operations configure a bucket as a website, and its CORS rules?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDocument.html
struct error_document {
  std::string key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IndexDocument.html
struct index_document {
  std::string suffix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Suffix", m.suffix, wire::required);
  }
};

struct protocol : enumeration<protocol> {
  using enumeration::enumeration;
  static constexpr constant http{"http"};
  static constexpr constant https{"https"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RedirectAllRequestsTo.html
struct redirect_all_requests_to {
  std::string host_name{};
  types::protocol protocol{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name, wire::required);
    v.element("Protocol", m.protocol);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Condition.html
struct condition {
  std::string http_error_code_returned_equals{};
  std::optional<std::string> key_prefix_equals{};  ///< empty: every key

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HttpErrorCodeReturnedEquals", m.http_error_code_returned_equals);
    v.element("KeyPrefixEquals", m.key_prefix_equals);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Redirect.html
struct redirect {
  std::string host_name{};
  std::string http_redirect_code{};
  types::protocol protocol{};
  std::optional<std::string> replace_key_prefix_with{};  ///< empty: the prefix is taken away
  std::optional<std::string> replace_key_with{};  ///< empty: the root of the host

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name);
    v.element("HttpRedirectCode", m.http_redirect_code);
    v.element("Protocol", m.protocol);
    v.element("ReplaceKeyPrefixWith", m.replace_key_prefix_with);
    v.element("ReplaceKeyWith", m.replace_key_with);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RoutingRule.html
struct routing_rule {
  std::optional<types::condition> condition{};
  types::redirect redirect{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Condition", m.condition);
    v.element("Redirect", m.redirect, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html
struct website_configuration {
  std::optional<types::error_document> error_document{};
  std::optional<types::index_document> index_document{};
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorDocument", m.error_document);
    v.element("IndexDocument", m.index_document);
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
struct cors_rule {
  std::string id{};
  std::vector<std::string> allowed_headers{};
  std::vector<std::string> allowed_methods{};
  std::vector<std::string> allowed_origins{};
  std::vector<std::string> expose_headers{};
  std::optional<std::int32_t> max_age_seconds{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("AllowedHeader", m.allowed_headers);
    v.element("AllowedMethod", m.allowed_methods, wire::required);
    v.element("AllowedOrigin", m.allowed_origins, wire::required);
    v.element("ExposeHeader", m.expose_headers);
    v.element("MaxAgeSeconds", m.max_age_seconds);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSConfiguration.html
struct cors_configuration {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CORSRule", m.cors_rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
struct put_bucket_website_request {
  std::string bucket{};
  types::website_configuration website_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "PutBucketWebsite",
      .method = http::method::put,
      .uri = "/{Bucket}?website",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("WebsiteConfiguration", m.website_configuration, wire::required);
  }
};

struct get_bucket_website_response {
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::optional<types::index_document> index_document{};
  std::optional<types::error_document> error_document{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("WebsiteConfiguration");
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.element("IndexDocument", m.index_document);
    v.element("ErrorDocument", m.error_document);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// A bucket's website configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
struct get_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_website_response;
  static constexpr operation_spec spec{.name = "GetBucketWebsite", .method = http::method::get, .uri = "/{Bucket}?website"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website no more.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
struct delete_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketWebsite",
      .method = http::method::delete_,
      .uri = "/{Bucket}?website",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's cross-origin rules, 100 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
struct put_bucket_cors_request {
  std::string bucket{};
  types::cors_configuration cors_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "PutBucketCors",
      .method = http::method::put,
      .uri = "/{Bucket}?cors",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("CORSConfiguration", m.cors_configuration, wire::required);
  }
};

struct get_bucket_cors_response {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("CORSConfiguration");
    v.element("CORSRule", m.cors_rules);
  }
};

/// A bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
struct get_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_cors_response;
  static constexpr operation_spec spec{.name = "GetBucketCors", .method = http::method::get, .uri = "/{Bucket}?cors"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
struct delete_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketCors",
      .method = http::method::delete_,
      .uri = "/{Bucket}?cors",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/encryption.hpp
// Which operations set how objects are encrypted at rest?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
struct server_side_encryption_by_default {
  types::server_side_encryption sse_algorithm{};
  std::string kms_master_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSEAlgorithm", m.sse_algorithm, wire::required);
    v.element("KMSMasterKeyID", m.kms_master_key_id);
  }
};

struct encryption_type : enumeration<encryption_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant sse_c{"SSE-C"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
struct blocked_encryption_types {
  std::vector<types::encryption_type> encryption_type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
struct server_side_encryption_rule {
  std::optional<types::server_side_encryption_by_default> apply_server_side_encryption_by_default{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::blocked_encryption_types> blocked_encryption_types{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ApplyServerSideEncryptionByDefault", m.apply_server_side_encryption_by_default);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
    v.element("BlockedEncryptionTypes", m.blocked_encryption_types);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html
struct server_side_encryption_configuration {
  std::vector<types::server_side_encryption_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMSEncryption.html
struct sse_kms_encryption {
  std::string kms_key_arn{};
  std::optional<bool> bucket_key_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KMSKeyArn", m.kms_key_arn, wire::required);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectEncryption.html
struct object_encryption {
  std::optional<types::sse_kms_encryption> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-KMS", m.sse_kms);
  }
};

}  // namespace types

struct put_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how new objects are encrypted where their upload does not say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
struct put_bucket_encryption_request {
  std::string bucket{};
  types::server_side_encryption_configuration server_side_encryption_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "PutBucketEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration, wire::required);
  }
};

struct get_bucket_encryption_response {
  std::optional<types::server_side_encryption_configuration> server_side_encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration);
  }
};

/// A bucket's default encryption.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
struct get_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_encryption_response;
  static constexpr operation_spec spec{.name = "GetBucketEncryption", .method = http::method::get, .uri = "/{Bucket}?encryption"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's default encryption back to SSE-S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
struct delete_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketEncryption",
      .method = http::method::delete_,
      .uri = "/{Bucket}?encryption",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct update_object_encryption_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Changes how a stored object is encrypted, without copying it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
struct update_object_encryption_request {
  std::string bucket{};
  std::string key{};
  types::object_encryption object_encryption{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};

  using response = update_object_encryption_response;
  static constexpr operation_spec spec{
      .name = "UpdateObjectEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("ObjectEncryption", m.object_encryption, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/logging.hpp
// Which operations set access logging, transfer acceleration, and who pays for requests?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct bucket_logs_permission : enumeration<bucket_logs_permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant read{"READ"};
  static constexpr constant write{"WRITE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetGrant.html
struct target_grant {
  std::optional<types::grantee> grantee{};
  types::bucket_logs_permission permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SimplePrefix.html
struct simple_prefix {
  template <class V>
  static void describe(V&, auto&) {}
};

struct partition_date_source : enumeration<partition_date_source> {
  using enumeration::enumeration;
  static constexpr constant event_time{"EventTime"};
  static constexpr constant delivery_time{"DeliveryTime"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PartitionedPrefix.html
struct partitioned_prefix {
  types::partition_date_source partition_date_source{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartitionDateSource", m.partition_date_source);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetObjectKeyFormat.html
struct target_object_key_format {
  std::optional<types::simple_prefix> simple_prefix{};
  std::optional<types::partitioned_prefix> partitioned_prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SimplePrefix", m.simple_prefix);
    v.element("PartitionedPrefix", m.partitioned_prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LoggingEnabled.html
struct logging_enabled {
  std::string target_bucket{};
  std::vector<types::target_grant> target_grants{};
  std::string target_prefix{};
  std::optional<types::target_object_key_format> target_object_key_format{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TargetBucket", m.target_bucket, wire::required);
    v.list("TargetGrants", "Grant", m.target_grants);
    v.element("TargetPrefix", m.target_prefix, wire::required);
    v.element("TargetObjectKeyFormat", m.target_object_key_format);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLoggingStatus.html
struct bucket_logging_status {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

struct bucket_accelerate_status : enumeration<bucket_accelerate_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccelerateConfiguration.html
struct accelerate_configuration {
  types::bucket_accelerate_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

struct payer : enumeration<payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"Requester"};
  static constexpr constant bucket_owner{"BucketOwner"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RequestPaymentConfiguration.html
struct request_payment_configuration {
  types::payer payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Payer", m.payer, wire::required);
  }
};

}  // namespace types

struct put_bucket_logging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets where access to a bucket is logged; without a target it is not.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
struct put_bucket_logging_request {
  std::string bucket{};
  types::bucket_logging_status bucket_logging_status{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_logging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLogging",
      .method = http::method::put,
      .uri = "/{Bucket}?logging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("BucketLoggingStatus", m.bucket_logging_status, wire::required);
  }
};

struct get_bucket_logging_response {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("BucketLoggingStatus");
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

/// A bucket's logging configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
struct get_bucket_logging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_logging_response;
  static constexpr operation_spec spec{.name = "GetBucketLogging", .method = http::method::get, .uri = "/{Bucket}?logging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_accelerate_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns Transfer Acceleration on, or suspends it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
struct put_bucket_accelerate_configuration_request {
  std::string bucket{};
  types::accelerate_configuration accelerate_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = put_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAccelerateConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?accelerate",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("AccelerateConfiguration", m.accelerate_configuration, wire::required);
  }
};

struct get_bucket_accelerate_configuration_response {
  types::bucket_accelerate_status status{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccelerateConfiguration");
    v.element("Status", m.status);
  }
};

/// Is Transfer Acceleration on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
struct get_bucket_accelerate_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = get_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAccelerateConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?accelerate"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct put_bucket_request_payment_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says whether the owner or the requester pays for downloads.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
struct put_bucket_request_payment_request {
  std::string bucket{};
  types::request_payment_configuration request_payment_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "PutBucketRequestPayment",
      .method = http::method::put,
      .uri = "/{Bucket}?requestPayment",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RequestPaymentConfiguration", m.request_payment_configuration, wire::required);
  }
};

struct get_bucket_request_payment_response {
  types::payer payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("RequestPaymentConfiguration");
    v.element("Payer", m.payer);
  }
};

/// Who pays for downloads?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
struct get_bucket_request_payment_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "GetBucketRequestPayment",
      .method = http::method::get,
      .uri = "/{Bucket}?requestPayment"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct inventory_format : enumeration<inventory_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
  static constexpr constant orc{"ORC"};
  static constexpr constant parquet{"Parquet"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSES3.html
struct sse_s3 {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMS.html
struct sse_kms {
  std::string key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KeyId", m.key_id, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryEncryption.html
struct inventory_encryption {
  std::optional<types::sse_s3> sse_s3{};
  std::optional<types::sse_kms> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-S3", m.sse_s3);
    v.element("SSE-KMS", m.sse_kms);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryS3BucketDestination.html
struct inventory_s3_bucket_destination {
  std::string account_id{};
  std::string bucket{};
  types::inventory_format format{};
  std::string prefix{};
  std::optional<types::inventory_encryption> encryption{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccountId", m.account_id);
    v.element("Bucket", m.bucket, wire::required);
    v.element("Format", m.format, wire::required);
    v.element("Prefix", m.prefix);
    v.element("Encryption", m.encryption);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryDestination.html
struct inventory_destination {
  types::inventory_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryFilter.html
struct inventory_filter {
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix, wire::required);
  }
};

struct inventory_included_object_versions : enumeration<inventory_included_object_versions> {
  using enumeration::enumeration;
  static constexpr constant all{"All"};
  static constexpr constant current{"Current"};
};

struct inventory_optional_field : enumeration<inventory_optional_field> {
  using enumeration::enumeration;
  static constexpr constant size{"Size"};
  static constexpr constant last_modified_date{"LastModifiedDate"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant etag{"ETag"};
  static constexpr constant is_multipart_uploaded{"IsMultipartUploaded"};
  static constexpr constant replication_status{"ReplicationStatus"};
  static constexpr constant encryption_status{"EncryptionStatus"};
  static constexpr constant object_lock_retain_until_date{"ObjectLockRetainUntilDate"};
  static constexpr constant object_lock_mode{"ObjectLockMode"};
  static constexpr constant object_lock_legal_hold_status{"ObjectLockLegalHoldStatus"};
  static constexpr constant object_lock_event_hold_status{"ObjectLockEventHoldStatus"};
  static constexpr constant object_lock_event_hold_duration{"ObjectLockEventHoldDuration"};
  static constexpr constant intelligent_tiering_access_tier{"IntelligentTieringAccessTier"};
  static constexpr constant bucket_key_status{"BucketKeyStatus"};
  static constexpr constant checksum_algorithm{"ChecksumAlgorithm"};
  static constexpr constant object_access_control_list{"ObjectAccessControlList"};
  static constexpr constant object_owner{"ObjectOwner"};
  static constexpr constant lifecycle_expiration_date{"LifecycleExpirationDate"};
  static constexpr constant intelligent_tiering_reference_date{"IntelligentTieringReferenceDate"};
};

struct inventory_frequency : enumeration<inventory_frequency> {
  using enumeration::enumeration;
  static constexpr constant daily{"Daily"};
  static constexpr constant weekly{"Weekly"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventorySchedule.html
struct inventory_schedule {
  types::inventory_frequency frequency{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Frequency", m.frequency, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html
struct inventory_configuration {
  types::inventory_destination destination{};
  bool is_enabled{};
  std::optional<types::inventory_filter> filter{};
  std::string id{};
  types::inventory_included_object_versions included_object_versions{};
  std::vector<types::inventory_optional_field> optional_fields{};
  types::inventory_schedule schedule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Destination", m.destination, wire::required);
    v.element("IsEnabled", m.is_enabled, wire::required);
    v.element("Filter", m.filter);
    v.element("Id", m.id, wire::required);
    v.element("IncludedObjectVersions", m.included_object_versions, wire::required);
    v.list("OptionalFields", "Field", m.optional_fields);
    v.element("Schedule", m.schedule, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsAndOperator.html
struct analytics_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsFilter.html
struct analytics_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::analytics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct storage_class_analysis_schema_version : enumeration<storage_class_analysis_schema_version> {
  using enumeration::enumeration;
  static constexpr constant v_1{"V_1"};
};

struct analytics_s3_export_file_format : enumeration<analytics_s3_export_file_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsS3BucketDestination.html
struct analytics_s3_bucket_destination {
  types::analytics_s3_export_file_format format{};
  std::string bucket_account_id{};
  std::string bucket{};
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Format", m.format, wire::required);
    v.element("BucketAccountId", m.bucket_account_id);
    v.element("Bucket", m.bucket, wire::required);
    v.element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsExportDestination.html
struct analytics_export_destination {
  types::analytics_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysisDataExport.html
struct storage_class_analysis_data_export {
  types::storage_class_analysis_schema_version output_schema_version{};
  types::analytics_export_destination destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("OutputSchemaVersion", m.output_schema_version, wire::required);
    v.element("Destination", m.destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysis.html
struct storage_class_analysis {
  std::optional<types::storage_class_analysis_data_export> data_export{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataExport", m.data_export);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsConfiguration.html
struct analytics_configuration {
  std::string id{};
  std::optional<types::analytics_filter> filter{};
  types::storage_class_analysis storage_class_analysis{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
    v.element("StorageClassAnalysis", m.storage_class_analysis, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsAndOperator.html
struct metrics_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};
  std::string access_point_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("AccessPointArn", m.access_point_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsFilter.html
struct metrics_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::string access_point_arn{};
  std::optional<types::metrics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("AccessPointArn", m.access_point_arn);
    v.element("And", m.and_);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsConfiguration.html
struct metrics_configuration {
  std::string id{};
  std::optional<types::metrics_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringAndOperator.html
struct intelligent_tiering_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringFilter.html
struct intelligent_tiering_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::intelligent_tiering_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct intelligent_tiering_status : enumeration<intelligent_tiering_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct intelligent_tiering_access_tier : enumeration<intelligent_tiering_access_tier> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html
struct tiering {
  std::int32_t days{};
  types::intelligent_tiering_access_tier access_tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days, wire::required);
    v.element("AccessTier", m.access_tier, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringConfiguration.html
struct intelligent_tiering_configuration {
  std::string id{};
  std::optional<types::intelligent_tiering_filter> filter{};
  types::intelligent_tiering_status status{};
  std::vector<types::tiering> tierings{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("Tiering", m.tierings, wire::required);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/put_bucket_inventory_configuration.hpp
// PutBucketInventoryConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct put_bucket_inventory_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces an inventory: a list of objects that S3 writes at intervals.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html
struct put_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  types::inventory_configuration inventory_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketInventoryConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryConfiguration", m.inventory_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/get_bucket_inventory_configuration.hpp
// GetBucketInventoryConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_bucket_inventory_configuration_response {
  std::optional<types::inventory_configuration> inventory_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("InventoryConfiguration", m.inventory_configuration);
  }
};

/// An inventory by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html
struct get_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketInventoryConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/delete_bucket_inventory_configuration.hpp
// DeleteBucketInventoryConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_inventory_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes an inventory.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketInventoryConfiguration.html
struct delete_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketInventoryConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?inventory",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/list_bucket_inventory_configurations.hpp
// ListBucketInventoryConfigurations: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct list_bucket_inventory_configurations_response {
  std::string continuation_token{};
  std::vector<types::inventory_configuration> inventory_configuration_list{};
  std::optional<bool> is_truncated{};
  std::string next_continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListInventoryConfigurationsResult");
    v.element("ContinuationToken", m.continuation_token);
    v.element("InventoryConfiguration", m.inventory_configuration_list);
    v.element("IsTruncated", m.is_truncated);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// A bucket's inventories, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html
struct list_bucket_inventory_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_inventory_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketInventoryConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.inventory_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/put_bucket_analytics_configuration.hpp
// PutBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct put_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html
struct put_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  types::analytics_configuration analytics_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAnalyticsConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnalyticsConfiguration", m.analytics_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/get_bucket_analytics_configuration.hpp
// GetBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_bucket_analytics_configuration_response {
  std::optional<types::analytics_configuration> analytics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AnalyticsConfiguration", m.analytics_configuration);
  }
};

/// A storage class analysis by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html
struct get_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAnalyticsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/delete_bucket_analytics_configuration.hpp
// DeleteBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketAnalyticsConfiguration.html
struct delete_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketAnalyticsConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?analytics",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/list_bucket_analytics_configurations.hpp
// ListBucketAnalyticsConfigurations: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct list_bucket_analytics_configurations_response {
  std::optional<bool> is_truncated{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::vector<types::analytics_configuration> analytics_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListBucketAnalyticsConfigurationResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("AnalyticsConfiguration", m.analytics_configuration_list);
  }
};

/// A bucket's storage class analyses, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketAnalyticsConfigurations.html
struct list_bucket_analytics_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_analytics_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketAnalyticsConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.analytics_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/put_bucket_metrics_configuration.hpp
// PutBucketMetricsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct put_bucket_metrics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a filter for request metrics.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html
struct put_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  types::metrics_configuration metrics_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketMetricsConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetricsConfiguration", m.metrics_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/get_bucket_metrics_configuration.hpp
// GetBucketMetricsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_bucket_metrics_configuration_response {
  std::optional<types::metrics_configuration> metrics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("MetricsConfiguration", m.metrics_configuration);
  }
};

/// A metrics filter by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html
struct get_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetricsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/delete_bucket_metrics_configuration.hpp
// DeleteBucketMetricsConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_metrics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a metrics filter.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetricsConfiguration.html
struct delete_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetricsConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metrics",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/list_bucket_metrics_configurations.hpp
// ListBucketMetricsConfigurations: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct list_bucket_metrics_configurations_response {
  std::optional<bool> is_truncated{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::vector<types::metrics_configuration> metrics_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListMetricsConfigurationsResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("MetricsConfiguration", m.metrics_configuration_list);
  }
};

/// A bucket's metrics filters, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html
struct list_bucket_metrics_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_metrics_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketMetricsConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.metrics_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/put_bucket_intelligent_tiering_configuration.hpp
// PutBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct put_bucket_intelligent_tiering_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a rule of S3 Intelligent-Tiering.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
struct put_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  types::intelligent_tiering_configuration intelligent_tiering_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketIntelligentTieringConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("IntelligentTieringConfiguration", m.intelligent_tiering_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/get_bucket_intelligent_tiering_configuration.hpp
// GetBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_bucket_intelligent_tiering_configuration_response {
  std::optional<types::intelligent_tiering_configuration> intelligent_tiering_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("IntelligentTieringConfiguration", m.intelligent_tiering_configuration);
  }
};

/// A tiering rule by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketIntelligentTieringConfiguration.html
struct get_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketIntelligentTieringConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/delete_bucket_intelligent_tiering_configuration.hpp
// DeleteBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_intelligent_tiering_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a tiering rule.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketIntelligentTieringConfiguration.html
struct delete_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketIntelligentTieringConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?intelligent-tiering",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis/list_bucket_intelligent_tiering_configurations.hpp
// ListBucketIntelligentTieringConfigurations: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct list_bucket_intelligent_tiering_configurations_response {
  std::optional<bool> is_truncated{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::vector<types::intelligent_tiering_configuration> intelligent_tiering_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListBucketIntelligentTieringConfigurationsOutput");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("IntelligentTieringConfiguration", m.intelligent_tiering_configuration_list);
  }
};

/// A bucket's tiering rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html
struct list_bucket_intelligent_tiering_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_intelligent_tiering_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketIntelligentTieringConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.intelligent_tiering_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/analysis.hpp
// Which operations configure a bucket's inventory, analytics, metrics and intelligent tiering?

// ---- s3store/operations/object_lock.hpp
// Which operations keep objects from being deleted or overwritten?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct object_lock_enabled : enumeration<object_lock_enabled> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
};

struct object_lock_retention_mode : enumeration<object_lock_retention_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventHoldDuration.html
struct event_hold_duration {
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("Years", m.years);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
struct default_retention {
  types::object_lock_retention_mode mode{};
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};
  std::optional<types::event_hold_duration> default_event_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("Days", m.days);
    v.element("Years", m.years);
    v.element("DefaultEventHold", m.default_event_hold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRule.html
struct object_lock_rule {
  std::optional<types::default_retention> default_retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DefaultRetention", m.default_retention);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockConfiguration.html
struct object_lock_configuration {
  types::object_lock_enabled object_lock_enabled{};
  std::optional<types::object_lock_rule> rule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectLockEnabled", m.object_lock_enabled);
    v.element("Rule", m.rule);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRetention.html
struct object_lock_retention {
  types::object_lock_retention_mode mode{};
  std::optional<timestamp> retain_until_date{};
  types::object_lock_event_hold event_hold{};
  std::optional<types::event_hold_duration> event_hold_duration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("RetainUntilDate", m.retain_until_date);
    v.element("EventHold", m.event_hold);
    v.element("EventHoldDuration", m.event_hold_duration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockLegalHold.html
struct object_lock_legal_hold {
  types::object_lock_legal_hold_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_object_lock_configuration_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets a bucket's object lock and its default retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
struct put_object_lock_configuration_request {
  std::string bucket{};
  std::optional<types::object_lock_configuration> object_lock_configuration{};
  types::request_payer request_payer{};
  std::string token{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLockConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?object-lock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

struct get_object_lock_configuration_response {
  std::optional<types::object_lock_configuration> object_lock_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

/// A bucket's object lock configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
struct get_object_lock_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLockConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?object-lock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_retention_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Keeps a version until a date; shortening or lifting a governance retention needs a bypass.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
struct put_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_retention> retention{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::optional<bool> bypass_governance_retention{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_retention_response;
  static constexpr operation_spec spec{
      .name = "PutObjectRetention",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?retention",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Retention", m.retention);
  }
};

struct get_object_retention_response {
  std::optional<types::object_lock_retention> retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("Retention", m.retention);
  }
};

/// A version's retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
struct get_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_retention_response;
  static constexpr operation_spec spec{
      .name = "GetObjectRetention",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?retention"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_legal_hold_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Holds a version until the hold is lifted, or lifts it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
struct put_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_legal_hold> legal_hold{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLegalHold",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?legal-hold",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LegalHold", m.legal_hold);
  }
};

struct get_object_legal_hold_response {
  std::optional<types::object_lock_legal_hold> legal_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("LegalHold", m.legal_hold);
  }
};

/// Is the version under a legal hold?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
struct get_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLegalHold",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?legal-hold"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/annotation.hpp
// Which operations attach annotations to objects?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationEntry.html
struct annotation_entry {
  std::string annotation_name{};
  timestamp last_modified{};
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  std::int64_t size{};
  types::replication_status replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AnnotationName", m.annotation_name, wire::required);
    v.element("LastModified", m.last_modified, wire::required);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("Size", m.size, wire::required);
    v.element("ReplicationStatus", m.replication_status);
  }
};

}  // namespace types

struct put_object_annotation_response {
  std::string key{};
  std::string annotation_name{};
  std::string object_version_id{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  types::server_side_encryption server_side_encryption{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("PutObjectAnnotationResult");
    v.element("Key", m.key);
    v.element("AnnotationName", m.annotation_name);
  }
};

/// Attaches a named annotation to an object, or replaces it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html
struct put_object_annotation_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  std::optional<std::string> object_if_match{};
  types::checksum_algorithm checksum_algorithm{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::string content_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAnnotation",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?annotation",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("annotationName", m.annotation_name, wire::required);
    v.header("x-amz-object-if-match", m.object_if_match);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.stream(m.body);
  }
};

struct get_object_annotation_response {
  std::string body{};
  std::string object_version_id{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::string etag{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  types::checksum_type checksum_type{};
  types::server_side_encryption server_side_encryption{};
  types::request_charged request_charged{};
  types::replication_status replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.stream(m.body);
  }
};

/// Reads an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAnnotation.html
struct get_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_mode checksum_mode{};

  using response = get_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAnnotation",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation",
      .answer_checksum = true,
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name, wire::required);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

struct delete_object_annotation_response {
  std::string object_version_id{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Removes an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html
struct delete_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> object_if_match{};

  using response = delete_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectAnnotation",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?annotation",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name, wire::required);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-if-match", m.object_if_match);
  }
};

struct list_object_annotations_response {
  std::vector<types::annotation_entry> annotations{};
  std::string bucket{};
  std::string key{};
  std::string object_version_id{};
  std::string annotation_prefix{};
  std::optional<std::int32_t> max_annotation_results{};
  std::optional<std::int32_t> annotation_count{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListObjectAnnotationsResult");
    v.list("Annotations", "AnnotationEntry", m.annotations);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("AnnotationPrefix", m.annotation_prefix);
    v.element("MaxAnnotationResults", m.max_annotation_results);
    v.element("AnnotationCount", m.annotation_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// An object's annotations.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html
struct list_object_annotations_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_annotation_results{};
  std::string annotation_prefix{};
  std::string continuation_token{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_object_annotations_response;
  static constexpr operation_spec spec{
      .name = "ListObjectAnnotations",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("max-annotation-results", m.max_annotation_results);
    v.query("annotation-prefix", m.annotation_prefix);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.annotations; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct expiration_state : enumeration<expiration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html
struct record_expiration {
  types::expiration_state expiration{};
  std::optional<std::int32_t> days{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration, wire::required);
    v.element("Days", m.days);
  }
};

struct table_sse_algorithm : enumeration<table_sse_algorithm> {
  using enumeration::enumeration;
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aes256{"AES256"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableEncryptionConfiguration.html
struct metadata_table_encryption_configuration {
  types::table_sse_algorithm sse_algorithm{};
  std::string kms_key_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseAlgorithm", m.sse_algorithm, wire::required);
    v.element("KmsKeyArn", m.kms_key_arn);
  }
};

struct inventory_configuration_state : enumeration<inventory_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

struct annotation_configuration_state : enumeration<annotation_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html
struct error_details {
  std::string error_code{};
  std::string error_message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorCode", m.error_code);
    v.element("ErrorMessage", m.error_message);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/create_bucket_metadata_configuration.hpp
// CreateBucketMetadataConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfiguration.html
struct journal_table_configuration {
  types::record_expiration record_expiration{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfiguration.html
struct inventory_table_configuration {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfiguration.html
struct annotation_table_configuration {
  types::annotation_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};
  std::string role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("Role", m.role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfiguration.html
struct metadata_configuration {
  types::journal_table_configuration journal_table_configuration{};
  std::optional<types::inventory_table_configuration> inventory_table_configuration{};
  std::optional<types::annotation_table_configuration> annotation_table_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("JournalTableConfiguration", m.journal_table_configuration, wire::required);
    v.element("InventoryTableConfiguration", m.inventory_table_configuration);
    v.element("AnnotationTableConfiguration", m.annotation_table_configuration);
  }
};

}  // namespace types

struct create_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Starts a bucket's metadata tables.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataConfiguration.html
struct create_bucket_metadata_configuration_request {
  std::string bucket{};
  types::metadata_configuration metadata_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataConfiguration",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataConfiguration", m.metadata_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/get_bucket_metadata_configuration.hpp
// GetBucketMetadataConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct s3_tables_bucket_type : enumeration<s3_tables_bucket_type> {
  using enumeration::enumeration;
  static constexpr constant aws{"aws"};
  static constexpr constant customer{"customer"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DestinationResult.html
struct destination_result {
  types::s3_tables_bucket_type table_bucket_type{};
  std::string table_bucket_arn{};
  std::string table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketType", m.table_bucket_type);
    v.element("TableBucketArn", m.table_bucket_arn);
    v.element("TableNamespace", m.table_namespace);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationResult.html
struct journal_table_configuration_result {
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableStatus", m.table_status, wire::required);
    v.element("Error", m.error);
    v.element("TableName", m.table_name, wire::required);
    v.element("TableArn", m.table_arn);
    v.element("RecordExpiration", m.record_expiration, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html
struct inventory_table_configuration_result {
  types::inventory_configuration_state configuration_state{};
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationResult.html
struct annotation_table_configuration_result {
  types::annotation_configuration_state configuration_state{};
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};
  std::string role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
    v.element("Role", m.role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfigurationResult.html
struct metadata_configuration_result {
  types::destination_result destination_result{};
  std::optional<types::journal_table_configuration_result> journal_table_configuration_result{};
  std::optional<types::inventory_table_configuration_result> inventory_table_configuration_result{};
  std::optional<types::annotation_table_configuration_result> annotation_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DestinationResult", m.destination_result, wire::required);
    v.element("JournalTableConfigurationResult", m.journal_table_configuration_result);
    v.element("InventoryTableConfigurationResult", m.inventory_table_configuration_result);
    v.element("AnnotationTableConfigurationResult", m.annotation_table_configuration_result);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfigurationResult.html
struct get_bucket_metadata_configuration_result {
  types::metadata_configuration_result metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataConfigurationResult", m.metadata_configuration_result, wire::required);
  }
};

}  // namespace types

struct get_bucket_metadata_configuration_response {
  std::optional<types::get_bucket_metadata_configuration_result> get_bucket_metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataConfigurationResult", m.get_bucket_metadata_configuration_result);
  }
};

/// A bucket's metadata tables and their state.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html
struct get_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataConfiguration"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/delete_bucket_metadata_configuration.hpp
// DeleteBucketMetadataConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Ends a bucket's metadata tables; the tables stay.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataConfiguration.html
struct delete_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetadataConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metadataConfiguration",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/update_bucket_metadata_inventory_table_configuration.hpp
// UpdateBucketMetadataInventoryTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationUpdates.html
struct inventory_table_configuration_updates {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

}  // namespace types

struct update_bucket_metadata_inventory_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the live inventory table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataInventoryTableConfiguration.html
struct update_bucket_metadata_inventory_table_configuration_request {
  std::string bucket{};
  types::inventory_table_configuration_updates inventory_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_inventory_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataInventoryTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataInventoryTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryTableConfiguration", m.inventory_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/update_bucket_metadata_journal_table_configuration.hpp
// UpdateBucketMetadataJournalTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationUpdates.html
struct journal_table_configuration_updates {
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration, wire::required);
  }
};

}  // namespace types

struct update_bucket_metadata_journal_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how long the journal table keeps its records.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataJournalTableConfiguration.html
struct update_bucket_metadata_journal_table_configuration_request {
  std::string bucket{};
  types::journal_table_configuration_updates journal_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_journal_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataJournalTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataJournalTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("JournalTableConfiguration", m.journal_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/update_bucket_metadata_annotation_table_configuration.hpp
// UpdateBucketMetadataAnnotationTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationUpdates.html
struct annotation_table_configuration_updates {
  types::annotation_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};
  std::string role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("Role", m.role);
  }
};

}  // namespace types

struct update_bucket_metadata_annotation_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the annotation table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataAnnotationTableConfiguration.html
struct update_bucket_metadata_annotation_table_configuration_request {
  std::string bucket{};
  types::annotation_table_configuration_updates annotation_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_annotation_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataAnnotationTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataAnnotationTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnnotationTableConfiguration", m.annotation_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/create_bucket_metadata_table_configuration.hpp
// CreateBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestination.html
struct s3_tables_destination {
  std::string table_bucket_arn{};
  std::string table_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn, wire::required);
    v.element("TableName", m.table_name, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfiguration.html
struct metadata_table_configuration {
  types::s3_tables_destination s3_tables_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestination", m.s3_tables_destination, wire::required);
  }
};

}  // namespace types

struct create_bucket_metadata_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The first version of CreateBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataTableConfiguration.html
struct create_bucket_metadata_table_configuration_request {
  std::string bucket{};
  types::metadata_table_configuration metadata_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataTableConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataTableConfiguration", m.metadata_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/get_bucket_metadata_table_configuration.hpp
// GetBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestinationResult.html
struct s3_tables_destination_result {
  std::string table_bucket_arn{};
  std::string table_name{};
  std::string table_arn{};
  std::string table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn, wire::required);
    v.element("TableName", m.table_name, wire::required);
    v.element("TableArn", m.table_arn, wire::required);
    v.element("TableNamespace", m.table_namespace, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfigurationResult.html
struct metadata_table_configuration_result {
  types::s3_tables_destination_result s3_tables_destination_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestinationResult", m.s3_tables_destination_result, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfigurationResult.html
struct get_bucket_metadata_table_configuration_result {
  types::metadata_table_configuration_result metadata_table_configuration_result{};
  std::string status{};
  std::optional<types::error_details> error{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataTableConfigurationResult", m.metadata_table_configuration_result, wire::required);
    v.element("Status", m.status, wire::required);
    v.element("Error", m.error);
  }
};

}  // namespace types

struct get_bucket_metadata_table_configuration_response {
  std::optional<types::get_bucket_metadata_table_configuration_result> get_bucket_metadata_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataTableConfigurationResult", m.get_bucket_metadata_table_configuration_result);
  }
};

/// The first version of GetBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html
struct get_bucket_metadata_table_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataTableConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataTable"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata/delete_bucket_metadata_table_configuration.hpp
// DeleteBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_metadata_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The first version of DeleteBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataTableConfiguration.html
struct delete_bucket_metadata_table_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetadataTableConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metadataTable",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/metadata.hpp
// Which operations configure metadata tables, which list what is in a bucket?

// ---- s3store/operations/retrieval/types.hpp
// Which types do several operations of this family share? Those that say how records are written, in what is looked into and in what comes out.

namespace s3store::inline S3STORE_ABI::types {

struct file_header_info : enumeration<file_header_info> {
  using enumeration::enumeration;
  static constexpr constant use{"USE"};
  static constexpr constant ignore{"IGNORE"};
  static constexpr constant none{"NONE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVInput.html
struct csv_input {
  types::file_header_info file_header_info{};
  std::optional<std::string> comments{};  ///< empty: no line is a comment; absent: `#`
  std::optional<std::string> quote_escape_character{};  ///< empty: none; absent: `"`
  std::string record_delimiter{};
  std::string field_delimiter{};
  std::optional<std::string> quote_character{};  ///< empty: nothing is quoted; absent: `"`
  std::optional<bool> allow_quoted_record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FileHeaderInfo", m.file_header_info);
    v.element("Comments", m.comments);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
    v.element("AllowQuotedRecordDelimiter", m.allow_quoted_record_delimiter);
  }
};

struct compression_type : enumeration<compression_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant gzip{"GZIP"};
  static constexpr constant bzip2{"BZIP2"};
};

struct json_type : enumeration<json_type> {
  using enumeration::enumeration;
  static constexpr constant document{"DOCUMENT"};
  static constexpr constant lines{"LINES"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONInput.html
struct json_input {
  types::json_type type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
struct parquet_input {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html
struct input_serialization {
  std::optional<types::csv_input> csv{};
  types::compression_type compression_type{};
  std::optional<types::json_input> json{};
  std::optional<types::parquet_input> parquet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("CompressionType", m.compression_type);
    v.element("JSON", m.json);
    v.element("Parquet", m.parquet);
  }
};

struct expression_type : enumeration<expression_type> {
  using enumeration::enumeration;
  static constexpr constant sql{"SQL"};
};

struct quote_fields : enumeration<quote_fields> {
  using enumeration::enumeration;
  static constexpr constant always{"ALWAYS"};
  static constexpr constant asneeded{"ASNEEDED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVOutput.html
struct csv_output {
  types::quote_fields quote_fields{};
  std::optional<std::string> quote_escape_character{};  ///< empty: none; absent: `"`
  std::string record_delimiter{};
  std::string field_delimiter{};
  std::optional<std::string> quote_character{};  ///< empty: nothing is quoted; absent: `"`

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("QuoteFields", m.quote_fields);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONOutput.html
struct json_output {
  std::string record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordDelimiter", m.record_delimiter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html
struct output_serialization {
  std::optional<types::csv_output> csv{};
  std::optional<types::json_output> json{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("JSON", m.json);
  }
};

}  // namespace s3store::inline S3STORE_ABI::types

// ---- s3store/operations/retrieval/restore_object.hpp
// RestoreObject: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct tier : enumeration<tier> {
  using enumeration::enumeration;
  static constexpr constant standard{"Standard"};
  static constexpr constant bulk{"Bulk"};
  static constexpr constant expedited{"Expedited"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GlacierJobParameters.html
struct glacier_job_parameters {
  types::tier tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Tier", m.tier, wire::required);
  }
};

struct restore_request_type : enumeration<restore_request_type> {
  using enumeration::enumeration;
  static constexpr constant select{"SELECT"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectParameters.html
struct select_parameters {
  types::input_serialization input_serialization{};
  types::expression_type expression_type{};
  std::string expression{};
  types::output_serialization output_serialization{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("InputSerialization", m.input_serialization, wire::required);
    v.element("ExpressionType", m.expression_type, wire::required);
    v.element("Expression", m.expression, wire::required);
    v.element("OutputSerialization", m.output_serialization, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Encryption.html
struct encryption {
  types::server_side_encryption encryption_type{};
  std::string kms_key_id{};
  std::string kms_context{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type, wire::required);
    v.element("KMSKeyId", m.kms_key_id);
    v.element("KMSContext", m.kms_context);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataEntry.html
struct metadata_entry {
  std::string name{};
  std::optional<std::string> value{};  ///< empty: metadata without a value

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3Location.html
struct s3_location {
  std::string bucket_name{};
  std::string prefix{};
  std::optional<types::encryption> encryption{};
  types::object_canned_acl canned_acl{};
  std::vector<types::grant> access_control_list{};
  std::optional<types::tagging> tagging{};
  std::vector<types::metadata_entry> user_metadata{};
  types::storage_class storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BucketName", m.bucket_name, wire::required);
    v.element("Prefix", m.prefix, wire::required);
    v.element("Encryption", m.encryption);
    v.element("CannedACL", m.canned_acl);
    v.list("AccessControlList", "Grant", m.access_control_list);
    v.element("Tagging", m.tagging);
    v.list("UserMetadata", "MetadataEntry", m.user_metadata);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputLocation.html
struct output_location {
  std::optional<types::s3_location> s3{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3", m.s3);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreRequest.html
struct restore_request {
  std::optional<std::int32_t> days{};
  std::optional<types::glacier_job_parameters> glacier_job_parameters{};
  types::restore_request_type type{};
  types::tier tier{};
  std::string description{};
  std::optional<types::select_parameters> select_parameters{};
  std::optional<types::output_location> output_location{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("GlacierJobParameters", m.glacier_job_parameters);
    v.element("Type", m.type);
    v.element("Tier", m.tier);
    v.element("Description", m.description);
    v.element("SelectParameters", m.select_parameters);
    v.element("OutputLocation", m.output_location);
  }
};

}  // namespace types

struct restore_object_response {
  types::request_charged request_charged{};
  std::string restore_output_path{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-restore-output-path", m.restore_output_path);
  }
};

/// Brings an archived object back for a number of days.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
struct restore_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::restore_request> restore_request{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = restore_object_response;
  static constexpr operation_spec spec{
      .name = "RestoreObject",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?restore",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RestoreRequest", m.restore_request);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/protocol/event_stream.hpp
// How are the events of an answer framed? In messages with headers, a payload and two CRCs: one over the lengths, so that a wrong
// length is noticed before it is used, and one over the whole message.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
//
//   total length (4) | length of the headers (4) | CRC32 of both (4) | headers | payload | CRC32 of all before it (4)    big-endian
//   a header: length of its name (1) | name | type of its value (1) | value, for texts and bytes with its length (2) in front

namespace s3store::inline S3STORE_ABI::wire {

/// One message.
struct event_message {
  headers fields{};             ///< ":message-type", ":event-type", …: only text headers; S3 sends no others
  std::string_view payload{};
};

namespace event_framing {

inline constexpr std::size_t prelude_size = 12, crc_size = 4;
/// In bytes. botocore's limits; S3's own messages are smaller.
inline constexpr std::size_t largest_headers = 128u << 10, largest_payload = 24u << 20;

/// The size in bytes of a header's value, by type: true, false, byte, short, integer, long, bytes, text, time, UUID.
inline constexpr std::size_t its_own = ~std::size_t{0};  // variable: the value begins with its length
inline constexpr std::size_t value_sizes[] = {0, 0, 1, 2, 4, 8, its_own, its_own, 8, 16};
inline constexpr std::size_t text_type = 7;

inline std::uint32_t big_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}
inline void append_big_endian(std::string& out, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}
inline std::uint32_t crc_of(std::string_view bytes) noexcept {
  crypto::crc32 crc;
  crc.update(detail::as_bytes(bytes));
  return crc.value();
}

/// Moves `size` bytes from the front of `in` to `out`; false if there are fewer.
inline bool take(std::string_view& in, std::size_t size, std::string_view& out) noexcept {
  if (in.size() < size) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

inline bool read_headers(std::string_view in, headers& out) {
  while (!in.empty()) {
    std::string_view piece, name, value;
    if (!take(in, 1, piece) || !take(in, big_endian(piece), name) || !take(in, 1, piece)) return false;
    const std::size_t type = big_endian(piece);
    if (type >= std::size(value_sizes)) return false;
    std::size_t size = value_sizes[type];
    if (size == its_own) {
      if (!take(in, 2, piece)) return false;
      size = big_endian(piece);
    }
    if (!take(in, size, value)) return false;
    if (type == text_type) out.add(name, value);
  }
  return true;
}

}  // namespace event_framing

/// Splits a stream of bytes into messages and checks their CRCs. It stores at most one incomplete message.
class event_stream_reader {
 public:
  /// Calls `result<void> each(const event_message&)` for every message that is complete with these bytes. Stops at the first
  /// failure of `each` or of the framing: integrity for a wrong CRC, malformed_response for anything else.
  template <class Each>
  result<void> write(std::span<const std::byte> bytes, Each&& each) {
    const bool fresh = pending_.empty();
    if (!fresh) pending_.append(detail::as_text(bytes));
    std::string_view rest = fresh ? detail::as_text(bytes) : std::string_view{pending_};
    for (;;) {
      event_message next;
      auto size = first_of(rest, next);
      if (!size) return result<void>::failed_as(std::move(size));
      if (*size == 0) break;
      if (auto taken = each(std::as_const(next)); !taken) return taken;
      rest.remove_prefix(*size);
    }
    if (fresh) {
      pending_.assign(rest);
    } else {
      pending_.erase(0, pending_.size() - rest.size());
    }
    return {};
  }

  /// False if the bytes so far end inside a message; a stream must not end there.
  bool between_messages() const noexcept { return pending_.empty(); }
  /// Prepares for a new stream.
  void reset() noexcept { pending_.clear(); }

 private:
  /// Reads the message at the front and returns its size in bytes; 0 if it is not complete yet.
  static result<std::size_t> first_of(std::string_view in, event_message& out) {
    using namespace event_framing;
    if (in.size() < prelude_size) return std::size_t{0};
    const std::size_t total = big_endian(in.substr(0, 4)), fields = big_endian(in.substr(4, 4));
    if (crc_of(in.substr(0, 8)) != big_endian(in.substr(8, 4)))
      return broken(error_kind::integrity, "the lengths of a message do not match their CRC");
    if (total < prelude_size + crc_size || fields > total - prelude_size - crc_size)
      return broken(error_kind::malformed_response, "the lengths of a message contradict each other");
    const std::size_t payload = total - prelude_size - crc_size - fields;
    if (fields > largest_headers || payload > largest_payload)
      return broken(error_kind::malformed_response, "a message has more than 128 KiB of headers, or 24 MiB of payload");
    if (in.size() < total) return std::size_t{0};
    if (crc_of(in.substr(0, total - crc_size)) != big_endian(in.substr(total - crc_size, crc_size)))
      return broken(error_kind::integrity, "a message does not match its CRC");
    if (!read_headers(in.substr(prelude_size, fields), out.fields))
      return broken(error_kind::malformed_response, "the headers of a message cannot be read");
    out.payload = in.substr(prelude_size + fields, payload);
    return total;
  }
  static error broken(error_kind kind, std::string_view why) { return detail::fail(kind, {"the event stream is broken: ", why}); }

  std::string pending_{};
};

/// Appends a message to a stream. A header's name may have at most 255 bytes, its value 65,535.
inline void append_event_message(std::string& out, const event_message& m) {
  using namespace event_framing;
  std::string fields;
  for (const auto [name, value] : m.fields) {
    append_big_endian(fields, name.size(), 1);
    append_big_endian(fields.append(name), text_type, 1);
    append_big_endian(fields, value.size(), 2);
    fields.append(value);
  }
  const std::size_t start = out.size();
  const auto append_crc = [&] { append_big_endian(out, crc_of(std::string_view{out}.substr(start)), 4); };
  append_big_endian(out, prelude_size + fields.size() + m.payload.size() + crc_size, 4);
  append_big_endian(out, fields.size(), 4);
  append_crc();
  out.append(fields).append(m.payload);
  append_crc();
}

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/protocol/events.hpp
// How does an answer that is a stream of events become a response? Each event is read as it arrives: text goes to the caller's
// sink, the rest into the response. If the stream ends without a required event, the call fails.
//
// An operation whose response declares events includes this file and has the member `using answer_path = event_path<response>`. All
// other operations have none; see response_slot in door.hpp.

namespace s3store::inline S3STORE_ABI::wire {

/// The error in a message of type `error` (it has a code and a text) or `exception` (it has a type and a payload).
inline error event_error(const event_message& m) {
  error e;
  e.code = detail::printable(m.fields.value_or_empty(":error-code"));
  e.message = m.fields.value_or_empty(":error-message");
  if (e.code.empty()) e.code = detail::printable(m.fields.value_or_empty(":exception-type"));
  if (e.message.empty()) e.message = m.payload.substr(0, 1024);
  settle_kind(e, 200);  // the answer's status was 200 before the error occurred
  if (e.message.empty()) e.message = to_string(e.kind);
  return e;
}

/// A sink that reads events from the transport's bytes. The text of text events goes to `into`; if that is null, into the response.
template <class Response>
class event_path final : public http::sink {
 public:
  event_path(http::sink* into) noexcept : into_(into) {}
  event_path(const event_path&) = delete;
  event_path& operator=(const event_path&) = delete;
  http::sink* entrance() noexcept { return this; }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    try {
      return reader_.write(bytes, [this](const event_message& m) { return take(m); });
    } catch (...) {
      return detail::out_of_memory();
    }
  }
  /// Starts again from 0. False if the caller's sink already has bytes that it can't discard.
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0 || (delivered_ && !into_->seek(0))) return false;
    reader_.reset();
    names_.clear();
    response_ = {};
    delivered_ = false;
    return true;
  }

  /// Called after the last byte: the response, with the values of the answer's headers added. Fails with malformed_response if the
  /// stream is incomplete.
  result<Response> decoded(received_answer& from) {
    if (!reader_.between_messages()) return detail::fail(error_kind::malformed_response, "the event stream ends within a message");
    due events{*this};
    Response::describe(events, response_);
    if (!events.missing.empty())
      return detail::fail(error_kind::malformed_response, {"the event stream ends without its event ", events.missing});
    wire::response_reader rest{from};
    Response::describe(rest, response_);
    return std::move(response_);
  }

 private:
  /// Ignores the members of a response that are not events.
  struct other_words {
    void header(auto&&...) {}
    void headers(auto&&...) {}
    void status(auto&&...) {}
  };
  /// The visitor that reads one event. A later event of the same name replaces an earlier one, except text, which is appended.
  struct event_reader : other_words {
    event_reader(event_path& to, std::string_view event_type, std::string_view bytes) noexcept : path(to), type(event_type), payload(bytes) {}
    template <class T>
    void event(const char* name, T& m, auto...) {
      if (type != name) return;
      path.note(name);
      if constexpr (std::is_same_v<T, std::string>) {
        outcome = path.deliver(m, payload);
      } else {
        m = T{};
        outcome = read(name, wire::value_of(m));
      }
    }
    template <class T>
    result<void> read(const char* name, T& v) const {
      if constexpr (!std::is_empty_v<T>) {
        const auto parsed = xml::document::parse(std::string(payload));
        wire::reading_failure failure;
        if (!parsed) {
          failure.note(parsed.error().message, "");
        } else if (parsed->root().name() != name) {
          failure.note(detail::concat({"the payload's root is <", parsed->root().name(), ">"}), "");
        } else {
          wire::xml_members_reader members{parsed->root(), failure};
          T::describe(members, v);
        }
        if (failure.any()) return detail::fail(error_kind::malformed_response, {"the event ", name, ": ", failure.what});
      }
      return {};
    }
    event_path& path;
    std::string_view type{}, payload{};
    result<void> outcome{};
  };
  /// The visitor that finds a required event which did not arrive.
  struct due : other_words {
    explicit due(const event_path& of) noexcept : path(of) {}
    void event(const char*, const auto&) {}
    void event(const char* name, const auto&, required_t) {
      if (!path.came(name)) missing = name;
    }
    const event_path& path;
    std::string_view missing{};
  };

  /// Events for which there is no member are ignored: later versions of the API may add some.
  result<void> take(const event_message& m) {
    const auto kind = m.fields.value_or_empty(":message-type");
    if (kind == "error" || kind == "exception") return event_error(m);
    event_reader v{*this, m.fields.value_or_empty(":event-type"), m.payload};
    Response::describe(v, response_);
    return std::move(v.outcome);
  }
  result<void> deliver(std::string& m, std::string_view text) {
    if (!into_) return m.append(text), result<void>{};
    if (text.empty()) return {};
    delivered_ = true;
    return into_->write(detail::as_bytes(text));
  }
  bool came(std::string_view name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }
  void note(std::string_view name) {
    if (!came(name)) names_.push_back(name);
  }

  http::sink* into_;
  event_stream_reader reader_{};
  Response response_{};
  std::vector<std::string_view> names_{};  // names of the events that arrived, each once
  bool delivered_{};                       // `into_` has got some bytes
};

/// Reads a complete answer that is in memory.
template <operation_request R>
  requires requires { typename R::answer_path; }
result<response_of<R>> decode(received_answer& from) {
  typename R::answer_path path{nullptr};
  if (auto taken = path.write(detail::as_bytes(*from.body)); !taken) return result<response_of<R>>::failed_as(std::move(taken));
  return path.decoded(from);
}

}  // namespace s3store::inline S3STORE_ABI::wire

// ---- s3store/operations/retrieval/select_object_content.hpp
// SelectObjectContent: how does it travel?

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RequestProgress.html
struct request_progress {
  std::optional<bool> enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Enabled", m.enabled);
  }
};

/// Bytes, counted from 0; `start` alone reads to the end, `end` alone the last so many.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html
struct scan_range {
  std::optional<std::int64_t> start{};
  std::optional<std::int64_t> end{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Start", m.start);
    v.element("End", m.end);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Stats.html
struct stats {
  std::optional<std::int64_t> bytes_scanned{};
  std::optional<std::int64_t> bytes_processed{};
  std::optional<std::int64_t> bytes_returned{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BytesScanned", m.bytes_scanned);
    v.element("BytesProcessed", m.bytes_processed);
    v.element("BytesReturned", m.bytes_returned);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Progress.html
struct progress {
  std::optional<std::int64_t> bytes_scanned{};
  std::optional<std::int64_t> bytes_processed{};
  std::optional<std::int64_t> bytes_returned{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BytesScanned", m.bytes_scanned);
    v.element("BytesProcessed", m.bytes_processed);
    v.element("BytesReturned", m.bytes_returned);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ContinuationEvent.html
struct continuation_event {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EndEvent.html
struct end_event {
  template <class V>
  static void describe(V&, auto&) {}
};

}  // namespace types

struct select_object_content_response {
  std::string records{};  ///< all of them; empty where a sink got them
  std::optional<types::stats> stats{};
  std::optional<types::progress> progress{};  ///< the last that came
  std::optional<types::continuation_event> cont{};
  types::end_event end{};  ///< without it no result is whole

  template <class V>
  static void describe(V& v, auto& m) {
    v.event("Records", m.records);
    v.event("Stats", m.stats);
    v.event("Progress", m.progress);
    v.event("Cont", m.cont);
    v.event("End", m.end, wire::required);
  }
};

/// What a query of SQL finds in an object of CSV, JSON or Parquet. A stream that breaks begins anew where the records can be taken back.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
struct select_object_content_request {
  std::string bucket{};
  std::string key{};
  std::string expression{};
  types::expression_type expression_type{};
  types::input_serialization input_serialization{};
  types::output_serialization output_serialization{};
  std::optional<types::request_progress> request_progress{};
  std::optional<types::scan_range> scan_range{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::optional<std::string> expected_bucket_owner{};

  using response = select_object_content_response;
  using answer_path = wire::event_path<response>;
  static constexpr operation_spec spec{
      .name = "SelectObjectContent",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?select&select-type=2",
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.root("SelectObjectContentRequest");
    v.element("Expression", m.expression, wire::required);
    v.element("ExpressionType", m.expression_type, wire::required);
    v.element("RequestProgress", m.request_progress);
    v.element("InputSerialization", m.input_serialization, wire::required);
    v.element("OutputSerialization", m.output_serialization, wire::required);
    v.element("ScanRange", m.scan_range);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/retrieval/get_object_torrent.hpp
// GetObjectTorrent: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct get_object_torrent_response {
  std::string body{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.stream(m.body);
  }
};

/// A torrent file for an object.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html
struct get_object_torrent_request {
  std::string bucket{};
  std::string key{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_torrent_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTorrent",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?torrent",
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/retrieval/write_get_object_response.hpp
// WriteGetObjectResponse: how does it travel?

namespace s3store::inline S3STORE_ABI {

struct write_get_object_response_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Answers a GetObject from an S3 Object Lambda function.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WriteGetObjectResponse.html
struct write_get_object_response_request {
  http::body body{};
  std::string content_type{};
  s3store::metadata metadata{};
  std::string request_route{};
  std::string request_token{};
  std::optional<std::int32_t> status_code{};
  std::string error_code{};
  std::string error_message{};
  std::string accept_ranges{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::int64_t> content_length{};
  std::string content_range{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};
  std::optional<bool> delete_marker{};
  std::string etag{};
  std::string expires{};
  std::string expiration{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int32_t> missing_meta{};
  types::object_lock_mode object_lock_mode{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<std::int32_t> parts_count{};
  types::replication_status replication_status{};
  types::request_charged request_charged{};
  std::string restore{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_kms_key_id{};
  std::string sse_customer_key_md5{};
  types::storage_class storage_class{};
  std::optional<std::int32_t> tag_count{};
  std::string version_id{};
  std::optional<bool> bucket_key_enabled{};

  using response = write_get_object_response_response;
  static constexpr operation_spec spec{
      .name = "WriteGetObjectResponse",
      .method = http::method::post,
      .uri = "/WriteGetObjectResponse",
      .service = "s3-object-lambda",
      .host_prefix = "x-amz-request-route",
      .unsigned_payload = true};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-route", m.request_route, wire::required);
    v.header("x-amz-request-token", m.request_token, wire::required);
    v.header("x-amz-fwd-status", m.status_code);
    v.header("x-amz-fwd-error-code", m.error_code);
    v.header("x-amz-fwd-error-message", m.error_message);
    v.header("x-amz-fwd-header-accept-ranges", m.accept_ranges);
    v.header("x-amz-fwd-header-Cache-Control", m.cache_control);
    v.header("x-amz-fwd-header-Content-Disposition", m.content_disposition);
    v.header("x-amz-fwd-header-Content-Encoding", m.content_encoding);
    v.header("x-amz-fwd-header-Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("x-amz-fwd-header-Content-Range", m.content_range);
    v.header("x-amz-fwd-header-Content-Type", m.content_type);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-fwd-header-x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-fwd-header-x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-fwd-header-x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-fwd-header-x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-fwd-header-x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-fwd-header-x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-fwd-header-ETag", m.etag);
    v.header("x-amz-fwd-header-Expires", m.expires);
    v.header("x-amz-fwd-header-x-amz-expiration", m.expiration);
    v.header("x-amz-fwd-header-Last-Modified", m.last_modified);
    v.header("x-amz-fwd-header-x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-fwd-header-x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-fwd-header-x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-fwd-header-x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-fwd-header-x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-fwd-header-x-amz-replication-status", m.replication_status);
    v.header("x-amz-fwd-header-x-amz-request-charged", m.request_charged);
    v.header("x-amz-fwd-header-x-amz-restore", m.restore);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-fwd-header-x-amz-storage-class", m.storage_class);
    v.header("x-amz-fwd-header-x-amz-tagging-count", m.tag_count);
    v.header("x-amz-fwd-header-x-amz-version-id", m.version_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/retrieval.hpp
// Which operations restore archived objects, query their content, get torrents, or answer for S3 Object Lambda?

// ---- s3store/operations/directory.hpp
// Which operations are for directory buckets and their sessions (S3 Express One Zone)?

namespace s3store::inline S3STORE_ABI {

namespace types {

struct session_mode : enumeration<session_mode> {
  using enumeration::enumeration;
  static constexpr constant read_only{"ReadOnly"};
  static constexpr constant read_write{"ReadWrite"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SessionCredentials.html
struct session_credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};
  timestamp expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccessKeyId", m.access_key_id, wire::required);
    v.element("SecretAccessKey", m.secret_access_key, wire::required);
    v.element("SessionToken", m.session_token, wire::required);
    v.element("Expiration", m.expiration, wire::required);
  }
};

}  // namespace types

struct create_session_response {
  types::server_side_encryption server_side_encryption{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::session_credentials credentials{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.root("CreateSessionResult");
    v.element("Credentials", m.credentials, wire::required);
  }
};

/// Short-lived credentials for one directory bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
struct create_session_request {
  std::string bucket{};
  types::session_mode session_mode{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};

  using response = create_session_response;
  static constexpr operation_spec spec{.name = "CreateSession", .method = http::method::get, .uri = "/{Bucket}?session"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-create-session-mode", m.session_mode);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
  }
};

struct list_directory_buckets_response {
  std::vector<types::bucket> buckets{};
  std::string continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyDirectoryBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("ContinuationToken", m.continuation_token);
  }
};

/// The account's directory buckets in a region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListDirectoryBuckets.html
struct list_directory_buckets_request {
  std::string continuation_token{};
  std::optional<std::int32_t> max_directory_buckets{};

  using response = list_directory_buckets_response;
  static constexpr operation_spec spec{.name = "ListDirectoryBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("continuation-token", m.continuation_token);
    v.query("max-directory-buckets", m.max_directory_buckets);
  }

  static auto& items(auto& page) { return page.buckets; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.continuation_token);
  }
};

struct rename_object_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Renames an object inside a directory bucket, atomically.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html
struct rename_object_request {
  std::string bucket{};
  std::string key{};
  std::string rename_source{};
  std::optional<std::string> destination_if_match{};
  std::optional<std::string> destination_if_none_match{};
  std::optional<timestamp> destination_if_modified_since{};
  std::optional<timestamp> destination_if_unmodified_since{};
  std::optional<std::string> source_if_match{};
  std::optional<std::string> source_if_none_match{};
  std::optional<timestamp> source_if_modified_since{};
  std::optional<timestamp> source_if_unmodified_since{};
  std::string client_token{};

  using response = rename_object_response;
  static constexpr operation_spec spec{
      .name = "RenameObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?renameObject"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-rename-source", m.rename_source, wire::required);
    v.header("If-Match", m.destination_if_match);
    v.header("If-None-Match", m.destination_if_none_match);
    v.header("If-Modified-Since", m.destination_if_modified_since);
    v.header("If-Unmodified-Since", m.destination_if_unmodified_since);
    v.header("x-amz-rename-source-if-match", m.source_if_match);
    v.header("x-amz-rename-source-if-none-match", m.source_if_none_match);
    v.header("x-amz-rename-source-if-modified-since", m.source_if_modified_since);
    v.header("x-amz-rename-source-if-unmodified-since", m.source_if_unmodified_since);
    v.header("x-amz-client-token", m.client_token);
  }
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/operations/all.hpp
// Which operations does the S3 API have? This file includes all of them and lists their types.

namespace s3store::inline S3STORE_ABI {

/// A list of operations, for whoever visits them all.
template <class... Requests>
struct operation_list {
  static constexpr std::size_t size = sizeof...(Requests);
};

using all_operations = operation_list<
    list_buckets_request, create_bucket_request, head_bucket_request, get_bucket_location_request, delete_bucket_request,
    put_object_request, get_object_request, head_object_request, delete_object_request, delete_objects_request,
    copy_object_request, get_object_attributes_request, list_objects_request, list_objects_v2_request,
    list_object_versions_request, create_multipart_upload_request, upload_part_request, upload_part_copy_request,
    complete_multipart_upload_request, abort_multipart_upload_request, list_multipart_uploads_request, list_parts_request,
    put_bucket_versioning_request, get_bucket_versioning_request, put_bucket_tagging_request, get_bucket_tagging_request,
    delete_bucket_tagging_request, put_object_tagging_request, get_object_tagging_request, delete_object_tagging_request,
    put_bucket_acl_request, get_bucket_acl_request, put_object_acl_request, get_object_acl_request,
    put_bucket_ownership_controls_request, get_bucket_ownership_controls_request, delete_bucket_ownership_controls_request,
    put_bucket_abac_request, get_bucket_abac_request, put_bucket_policy_request, get_bucket_policy_request,
    delete_bucket_policy_request, get_bucket_policy_status_request, put_public_access_block_request,
    get_public_access_block_request, delete_public_access_block_request, put_bucket_lifecycle_configuration_request,
    get_bucket_lifecycle_configuration_request, delete_bucket_lifecycle_request, put_bucket_lifecycle_request,
    get_bucket_lifecycle_request, put_bucket_replication_request, get_bucket_replication_request,
    delete_bucket_replication_request, put_bucket_notification_configuration_request,
    get_bucket_notification_configuration_request, put_bucket_notification_request, get_bucket_notification_request,
    put_bucket_website_request, get_bucket_website_request, delete_bucket_website_request, put_bucket_cors_request,
    get_bucket_cors_request, delete_bucket_cors_request, put_bucket_encryption_request, get_bucket_encryption_request,
    delete_bucket_encryption_request, update_object_encryption_request, put_bucket_logging_request, get_bucket_logging_request,
    put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request, put_bucket_request_payment_request,
    get_bucket_request_payment_request, put_bucket_inventory_configuration_request, get_bucket_inventory_configuration_request,
    delete_bucket_inventory_configuration_request, list_bucket_inventory_configurations_request,
    put_bucket_analytics_configuration_request, get_bucket_analytics_configuration_request,
    delete_bucket_analytics_configuration_request, list_bucket_analytics_configurations_request,
    put_bucket_metrics_configuration_request, get_bucket_metrics_configuration_request,
    delete_bucket_metrics_configuration_request, list_bucket_metrics_configurations_request,
    put_bucket_intelligent_tiering_configuration_request, get_bucket_intelligent_tiering_configuration_request,
    delete_bucket_intelligent_tiering_configuration_request, list_bucket_intelligent_tiering_configurations_request,
    put_object_lock_configuration_request, get_object_lock_configuration_request, put_object_retention_request,
    get_object_retention_request, put_object_legal_hold_request, get_object_legal_hold_request, put_object_annotation_request,
    get_object_annotation_request, delete_object_annotation_request, list_object_annotations_request,
    create_bucket_metadata_configuration_request, get_bucket_metadata_configuration_request,
    delete_bucket_metadata_configuration_request, update_bucket_metadata_inventory_table_configuration_request,
    update_bucket_metadata_journal_table_configuration_request, update_bucket_metadata_annotation_table_configuration_request,
    create_bucket_metadata_table_configuration_request, get_bucket_metadata_table_configuration_request,
    delete_bucket_metadata_table_configuration_request, restore_object_request, select_object_content_request,
    get_object_torrent_request, write_get_object_response_request, create_session_request, list_directory_buckets_request,
    rename_object_request>;

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/client/client.hpp
// What does a program use to talk to S3? A client. It holds a session and a transport, and has a function for each operation.
//
//   s3store::client s3{{.endpoint = "http://127.0.0.1:9000"}};
//   auto put = s3.put_object({.bucket = "b", .key = "k", .body = "hello"});
//   auto got = s3.get_object({.bucket = "b", .key = "k"});
//   if (got) use(got->body); else log(got.error().describe());

namespace s3store::inline S3STORE_ABI {

/// The policies of `client`. Derive from it to replace some of them; see protocol/policies.hpp.
struct default_policies : protocol_policies {
  using transport = curl_transport;
  using loop = curl_loop;
  using sleeper = thread_sleeper;
};

/// The policy objects that a client is constructed with; those not given are default-constructed.
template <class P>
struct policy_values {
  typename P::transport transport{};
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::sleeper sleeper{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// Move-only. Its const members may be called from several threads at once. A moved-from client can only be destroyed or assigned
/// to. The constructor does no I/O and reports no error: if a setting is malformed, every call fails with that error.
///
/// After fork, parent and child may both go on with it, whatever other threads did with it at the fork. The child opens connections of its
/// own and does nothing to its parent's. If a sink, source or other callback forks while bytes move, the call goes on in the parent; in the
/// child it fails with error_kind::cancelled, is not repeated, and nothing of it reaches the server. What is the caller's is shared as
/// always: a file that both processes have open has one position. With another transport than libcurl's, its own rules hold.
///
/// Failures are returned as errors. What a function of the caller's throws (a sink, a source, a progress callback) is thrown again
/// by the call. Otherwise only s3_error may be thrown, if libcurl can't be initialised; and std::bad_alloc by the constructor and by
/// what runs more than one call. A call that gets no memory ends with an error of kind out_of_memory, and others are not affected.
template <class P = default_policies>
class basic_client : public operation_members<basic_client<P>>,
                     public configuration_members<basic_client<P>>,
                     public pager_members<basic_client<P>>,
                     public waiter_members<basic_client<P>> {
  static_assert(http::transport<typename P::transport>, "policies::transport must have perform(http::exchange) -> http::outcome");
  static_assert(sleeper<typename P::sleeper>,
                "policies::sleeper must have sleep_until(steady_time, const cancel_token&) -> result<void>");

 public:
  using policies = P;

  explicit basic_client(settings s = {})
    requires std::default_initializable<typename P::credentials>
      : basic_client(std::move(s), sans_io::initial_values<policy_values<P>>()) {}
  basic_client(settings s, policy_values<P> values) : state_(detail::make_owned<state>(std::move(s), std::move(values))) {}

  /// Sends a request, blocks until the answer is complete, and returns the response or an error. A streamed body is collected in
  /// the response, up to `max_body` bytes.
  template <operation_request R>
  result<response_of<R>> send(const R& request, const call_options& options = {}) const {
    return call(request, nullptr, options);
  }
  /// The same, but the body goes to `into`, on this thread, and the response's body stays empty. If the result is an error, what
  /// the sink got must not be used.
  template <operation_request R>
  result<response_of<R>> send(const R& request, http::sink& into, const call_options& options = {}) const {
    static_assert(R::spec.answer == answer_body::stream, "this operation's answer is a document, not a stream for a sink");
    return call(request, &into, options);
  }
  /// The same for a function `void(std::span<const std::byte>)`, called on this thread. If it throws, the call ends and throws the
  /// same.
  template <operation_request R, class F>
    requires std::invocable<F&, std::span<const std::byte>>
  result<response_of<R>> send(const R& request, F&& write, const call_options& options = {}) const {
    http::function_sink into{[&write](std::span<const std::byte> bytes) { write(bytes); }};
    return send(request, into, options);
  }

  /// A URL with which anybody may send this one request, for `expires_in` (1 second to 7 days; else invalid_argument). Sends
  /// nothing, except what it takes to fetch credentials.
  template <operation_request R>
  result<presigned_url> presign(const R& request, std::chrono::seconds expires_in, const call_options& options = {}) const {
    sans_io::presigning<P> machine{request, state_->shared, options, expires_in};
    return run(machine);
  }

  /// A form with which a browser may upload to `key` for `expires_in` (1 second to 7 days). S3 puts the file's name in the place of
  /// "${filename}" in `key` or `fields`; the policy then holds what is before it. invalid_argument if `key` is empty, `expires_in` is
  /// any other time, or no form could meet `conditions`.
  result<auth::presigned_post> presign_post(std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
                                            std::vector<auth::post_condition> conditions = {},
                                            auth::form_fields fields = {}) const {
    sans_io::post_signing<P> machine{state_->shared, bucket, key, expires_in, std::move(conditions), std::move(fields)};
    return run(machine);
  }

  /// Runs a machine to its end on this thread, for example an upload (transfer/upload.hpp) or a machine of your own.
  template <sans_io::machine M>
  result<typename M::value_type> run(M& machine) const {
    return rethrowing(drive(machine));
  }

  const settings& configuration() const noexcept { return state_->shared.configuration(); }
  /// What the client's calls share; needed to run machines in your own driver (see drive/).
  sans_io::session<P>& shared() const noexcept { return state_->shared; }
  typename P::sleeper& sleeping() const noexcept { return state_->sleeping; }

 private:
  template <sans_io::machine M>
  result<typename M::value_type> drive(M& machine) const {
    return sans_io::drive(machine, state_->shared, state_->transport, state_->sleeping);
  }
  template <operation_request R>
  result<response_of<R>> call(const R& request, http::sink* into, const call_options& options) const {
    const auto run = [&]() -> result<response_of<R>> {
      try {
        sans_io::call<R, P> machine{request, state_->shared, options, into};
        return machine.finish(drive(machine.engine()));
      } catch (const std::bad_alloc&) {
        return detail::out_of_memory();
      }
    };
    return rethrowing(run());
  }
  /// Throws what a function of the caller threw.
  template <class Result>
  static Result rethrowing(Result out) {
    if (!out && out.error().thrown) std::rethrow_exception(out.error().thrown);
    return out;
  }

  struct state {
    state(settings s, policy_values<P>&& v)
        : shared(std::move(s),
                 sans_io::session_values<P>{std::move(v.retry), std::move(v.credentials), std::move(v.clock),
                                            std::move(v.checksums), std::move(v.endpoint_rules), std::move(v.observer)}),
          transport(std::move(v.transport)),
          sleeping(std::move(v.sleeper)) {
      const std::string& authorities = shared.configuration().ca_bundle;
      if constexpr (requires { transport.trust(authorities); })
        if (!authorities.empty()) transport.trust(authorities);
    }
    sans_io::session<P> shared;
    typename P::transport transport;
    typename P::sleeper sleeping;
  };

  detail::owned<state> state_;
};

using client = basic_client<>;

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_COMPILED
// ---- s3store/client/client_impl.hpp
// Which parts of a client are in the compiled library (S3STORE_COMPILED)? All that depends on nothing but the policies, for the
// default policies.

#include <array>
#include <chrono>

#ifdef S3STORE_IMPLEMENTATION
#endif

// Instantiates a template in the file that defines S3STORE_IMPLEMENTATION, and declares that instantiation in all other files.
#ifdef S3STORE_IMPLEMENTATION
#define S3STORE_INSTANTIATE template
#else
#define S3STORE_INSTANTIATE extern template
#endif

// P: the policies; T: their transport.
#define S3STORE_INSTANTIATE_CLIENT(P, T)                                                                       \
  S3STORE_INSTANTIATE class sans_io::session<P>;                                                               \
  S3STORE_INSTANTIATE class sans_io::prepared_request<P>;                                                      \
  S3STORE_INSTANTIATE class sans_io::call_engine<P, wire::upload_body>;                                        \
  S3STORE_INSTANTIATE class sans_io::call_engine<P, wire::no_upload_body>;                                     \
  S3STORE_INSTANTIATE class sans_io::presigning<P>;                                                            \
  S3STORE_INSTANTIATE class sans_io::post_signing<P>;                                                          \
  S3STORE_INSTANTIATE class sans_io::blocking_driver<sans_io::session<P>, T, thread_sleeper>;                  \
  S3STORE_INSTANTIATE class basic_client<P>;                                                                   \
  S3STORE_INSTANTIATE result<void> basic_client<P>::drive(sans_io::call_engine<P, wire::upload_body>&) const;    \
  S3STORE_INSTANTIATE result<void> basic_client<P>::drive(sans_io::call_engine<P, wire::no_upload_body>&) const; \
  S3STORE_INSTANTIATE result<presigned_url> basic_client<P>::run(sans_io::presigning<P>&) const;               \
  S3STORE_INSTANTIATE result<auth::presigned_post> basic_client<P>::run(sans_io::post_signing<P>&) const

namespace s3store::inline S3STORE_ABI {

S3STORE_INSTANTIATE_CLIENT(default_policies, curl_transport);

#ifdef S3STORE_IMPLEMENTATION
namespace wire {

template <class... R>
constexpr auto doors_of(operation_list<R...>) {
  return std::array<const operation_door*, sizeof...(R)>{&door<R>::value...};
}
/// Never read. It makes the compiler emit the functions that encode and decode each operation.
extern const std::array<const operation_door*, all_operations::size> all_doors;
const std::array<const operation_door*, all_operations::size> all_doors = doors_of(all_operations{});

}  // namespace wire
#endif

}  // namespace s3store::inline S3STORE_ABI
#endif

// ---- s3store/drive/loop.hpp
// How do many machines run at once on one thread? Each continues when its exchange has finished or its wait has ended. Until then
// the loop waits for the I/O of all of them together.

namespace s3store::inline S3STORE_ABI {

/// Runs machines with a loop, on the thread that calls `run` or `turn`. Not thread-safe. The machines, the session and the loop
/// must outlive the driver.
template <class Session, http::loop L>
class loop_driver {
 public:
  loop_driver(Session& shared, L& loop) noexcept : shared_(shared), loop_(loop) {}
  loop_driver(const loop_driver&) = delete;
  loop_driver& operator=(const loop_driver&) = delete;
  /// Cancels the exchanges that are still running. Their machines are not told, and `on_done` is not called.
  ~loop_driver() {
    for (const auto& t : tasks_)
      if (!t->finished) loop_.cancel(t.get());
  }

  /// Adds a machine and takes its first step at once. `on_done(result<value_type>)` is called once, on this thread: from `run` or
  /// `turn`, or from here if the machine is done at its first step. It may call `start`.
  template <sans_io::machine M, class Done>
  void start(M& m, Done on_done) {
    tasks_.push_back(std::make_unique<task_of<M, Done>>(*this, m, std::move(on_done)));
    tasks_.back()->advance();  // not swept here: another task's `on_done` may be calling this
  }

  /// Blocks until every machine is done.
  void run() {
    while (!tasks_.empty()) turn((steady_time::max)());
  }

  /// Takes the steps that are due, then waits for one finished exchange: at most until `until`, a machine's wake-up time or a wake
  /// of the loop. Returns whether any machine is left.
  bool turn(steady_time until) {
    const steady_time now = shared_.now().steady;
    for (std::size_t i = 0; i != tasks_.size(); ++i) {  // by index, because a step may add tasks
      task& t = *tasks_[i];
      if (t.wake_at && (*t.wake_at <= now || t.stop.cancelled())) {
        t.wake_at.reset();
        t.advance();
      }
    }
    sweep();
    if (tasks_.empty()) return false;
    for (const auto& t : tasks_)
      if (t->wake_at) until = (std::min)(until, t->stop.cancelled() ? now : *t->wake_at);
    if (auto finished = loop_.poll(until)) {
      auto* const t = static_cast<task*>(finished->tag);
      t->sent(std::move(finished->what));
      t->advance();
      sweep();
    }
    return !tasks_.empty();
  }

 private:
  struct task {
    virtual ~task() = default;
    virtual void advance() = 0;
    virtual void sent(http::outcome o) = 0;
    std::optional<steady_time> wake_at{};
    cancel_token stop{};
    std::unique_ptr<cancel_waiter> alarm{};
    bool finished{};
  };

  using fetch_type = decltype(std::declval<Session&>().fetch_credentials(std::declval<const sans_io::need_credentials&>()));

  template <class M, class Done>
  struct task_of final : task {
    task_of(loop_driver& d, M& m, Done f) : driver(d), of(m), on_done(std::move(f)) {}

    void advance() override {
      this->alarm.reset();
      for (;;) {
        if (running && !end_local_task()) return;
        auto next = fetch ? fetched() : of.next(driver.shared_.now());
        if (std::holds_alternative<sans_io::done>(next)) {
          this->finished = true;
          return on_done(of.finish());
        }
        if (const auto member = missing_member(next); !member.empty()) {
          if (fetch) {
            end_fetch(sans_io::unanswerable(member));
            continue;
          }
          this->finished = true;
          return on_done(result<typename M::value_type>{sans_io::unanswerable(member)});
        }
        if (auto* const n = std::get_if<sans_io::need_credentials>(&next)) {
          start_to_fetch(*n);
        } else if (perform(next)) {
          return;
        }
      }
    }
    /// The next step of the machine that fetches credentials, or of the machine that needs them, once they are there.
    sans_io::step fetched() {
      auto got = result<typename fetch_type::value_type>{detail::out_of_memory()};
      try {
        auto next = fetch->machine.next(driver.shared_.now());
        if (!std::holds_alternative<sans_io::done>(next)) return next;
        got = fetch->machine.finish();
      } catch (const std::bad_alloc&) {
      }
      end_fetch(std::move(got));
      return of.next(driver.shared_.now());
    }
    void end_fetch(result<typename fetch_type::value_type> got) {
      fetch.reset();
      if constexpr (needs_credentials) of.credentials(std::move(got));
    }
    /// The member that the machine whose step it is lacks for the outcome; "" if it has what it needs.
    std::string_view missing_member(const sans_io::step& next) const noexcept {
      const bool takes_credentials = !fetch && needs_credentials;
      const bool takes_output = fetch ? sans_io::does_local_tasks<fetch_type> : sans_io::does_local_tasks<M>;
      if (!takes_credentials && std::holds_alternative<sans_io::need_credentials>(next)) return "credentials";
      if (!takes_output && std::holds_alternative<sans_io::local>(next)) return "local_done";
      return {};
    }
    void start_to_fetch(const sans_io::need_credentials& within) {
      try {
        fetch = std::make_unique<fetching>(driver.shared_, within);
      } catch (const std::bad_alloc&) {
        if constexpr (needs_credentials) of.credentials(detail::out_of_memory());
      }
    }
    /// False: it still runs, and is asked again later.
    bool end_local_task() {
      if (!running->ended((steady_time::min)())) {  // only looks, and does not wait
        this->wake_at = detail::saturating_add(driver.shared_.now().steady, often);
        return false;
      }
      local_done(running->finish());
      running.reset();
      return true;
    }
    void local_done(result<sans_io::local_output> out) {
      if (fetch) {
        if constexpr (sans_io::does_local_tasks<fetch_type>) fetch->machine.local_done(std::move(out));
      } else {
        if constexpr (sans_io::does_local_tasks<M>) of.local_done(std::move(out));
      }
    }
    void sent(http::outcome o) override {
      if (fetch) {
        fetch->machine.sent(std::move(o));
      } else {
        of.sent(std::move(o));
      }
    }

   private:
    struct fetching {
      fetching(Session& s, const sans_io::need_credentials& within) : machine(s.fetch_credentials(within)) {}
      fetch_type machine;
    };
    static constexpr bool needs_credentials = requires(M& m, result<typename fetch_type::value_type> c) { m.credentials(std::move(c)); };

    /// False if it failed at once, and the machine has the next step already.
    bool perform(sans_io::step& next) {
      if (auto* const s = std::get_if<sans_io::send>(&next)) {
        try {
          driver.loop_.start(std::move(s->what), static_cast<task*>(this));
        } catch (const std::bad_alloc&) {
          return sent(detail::out_of_memory()), false;
        }
      } else if (auto* const w = std::get_if<sans_io::wait>(&next)) {
        this->wake_at = w->until;
        this->stop = w->stop;
        this->alarm = std::make_unique<cancel_waiter>(this->stop, this, [](void* self) { static_cast<task_of*>(self)->driver.loop_.wake(); });
      } else if (auto* const l = std::get_if<sans_io::local>(&next)) {
        try {
          running = detail::make_owned<sans_io::running_task>(*l->what);
        } catch (const std::bad_alloc&) {
          local_done(detail::out_of_memory());
        }
        return false;
      }
      return true;
    }

    /// How often the loop looks whether a program has ended.
    static constexpr duration often = std::chrono::milliseconds{5};

    loop_driver& driver;
    M& of;
    Done on_done;
    std::unique_ptr<fetching> fetch{};
    detail::owned<sans_io::running_task> running{};
  };

  void sweep() {
    std::erase_if(tasks_, [](const auto& t) { return t->finished; });
  }

  Session& shared_;
  L& loop_;
  std::vector<std::unique_ptr<task>> tasks_{};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/transfer/parts.hpp
// How large are the parts of an upload, and how do their checksums and ETags give those of the whole object?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html

namespace s3store::inline S3STORE_ABI {

/// Limits and default of a part's size, in bytes, and the limit of the number of parts.
inline constexpr std::uint64_t min_part_size = std::uint64_t{5} << 20;
inline constexpr std::uint64_t max_part_size = std::uint64_t{5} << 30;
inline constexpr std::uint64_t default_part_size = std::uint64_t{8} << 20;
inline constexpr std::uint64_t max_parts = 10'000;

/// The part size, in bytes, for an object of `total` bytes: `wanted`, or the next whole MiB with which 10,000 parts are enough.
/// Fails with invalid_argument if `wanted` is not 5 MiB to 5 GiB or the object is too large.
inline result<std::uint64_t> part_size_for(std::uint64_t wanted, std::optional<std::uint64_t> total) {
  if (wanted < min_part_size || wanted > max_part_size)
    return detail::fail(error_kind::invalid_argument, {"part_size is ", detail::decimal(wanted), " bytes; S3 takes parts of 5 MiB to 5 GiB"});
  constexpr std::uint64_t mebibyte = 1u << 20;
  if (!total || *total <= wanted * max_parts) return wanted;
  if (*total > max_part_size * max_parts)
    return detail::fail(error_kind::invalid_argument, {"the object has ", detail::decimal(*total), " bytes, more than 10,000 parts of 5 GiB"});
  const std::uint64_t needed = (*total - 1) / max_parts + 1;
  return (needed + mebibyte - 1) / mebibyte * mebibyte;
}

/// Computes the CRC of an object from the CRCs of its parts. Both are in base64, as in S3's headers.
class combined_crc {
 public:
  explicit combined_crc(crypto::checksum_algorithm a) noexcept : algorithm_(a) {}

  /// Adds the next part's CRC; `length` is that part's size in bytes. False if `part` is not a CRC of this algorithm.
  bool append(std::string_view part, std::uint64_t length) {
    const auto bytes = detail::from_base64(part);
    if (!bytes || bytes->size() != crypto::traits_of(algorithm_).size) return false;
    std::uint64_t value = 0;
    for (const char c : *bytes) value = value << 8 | static_cast<unsigned char>(c);
    using enum crypto::checksum_algorithm;
    if (algorithm_ == crc32) combine<crypto::crc32>(value, length);
    if (algorithm_ == crc32c) combine<crypto::crc32c>(value, length);
    if (algorithm_ == crc64nvme) combine<crypto::crc64nvme>(value, length);
    return true;
  }
  std::string base64() const {
    std::string bytes;
    for (std::size_t i = crypto::traits_of(algorithm_).size; i-- != 0;) bytes.push_back(static_cast<char>(value_ >> 8 * i & 0xff));
    return detail::base64(detail::as_bytes(bytes));
  }

 private:
  template <class Crc>
  void combine(std::uint64_t part, std::uint64_t length) noexcept {
    using value = typename Crc::value_type;
    value_ = Crc::combine(static_cast<value>(value_), static_cast<value>(part), length);
  }

  crypto::checksum_algorithm algorithm_;
  std::uint64_t value_{};  // a CRC of no bytes is 0
};

/// Computes the ETag of an object from those of its N parts, if they are MD5s: the MD5 of the MD5s, then "-N".
class combined_etag {
 public:
  void append(std::string_view part) {
    if (part.size() >= 2 && part.front() == '"' && part.back() == '"') part = part.substr(1, part.size() - 2);
    const auto digest = detail::from_hex(part);
    known_ = known_ && digest && digest->size() == 16;
    if (known_) digests_.append(*digest);
    ++parts_;
  }
  /// With double quotes, as in headers; nullopt if a part's ETag is not an MD5, or if OpenSSL offers no MD5.
  std::optional<std::string> value() const {
    crypto::digest md5{crypto::digest_algorithm::md5};
    if (!known_ || !md5.usable()) return std::nullopt;
    md5.update(detail::as_bytes(digests_));
    std::array<std::byte, crypto::digest::max_size> out{};
    const std::size_t size = md5.finish(out);
    return detail::concat({"\"", detail::hex(std::span<const std::byte>{out}.first(size)), "-", detail::decimal(parts_), "\""});
  }

 private:
  std::string digests_{};
  std::size_t parts_{};
  bool known_{true};
};

/// The member of a request or response for the checksum of that algorithm.
template <class M>
std::string& checksum_member(M& m, crypto::checksum_algorithm a) noexcept {
  switch (a) {
    case crypto::checksum_algorithm::crc32: return m.checksum_crc32;
    case crypto::checksum_algorithm::crc32c: return m.checksum_crc32c;
    case crypto::checksum_algorithm::sha1: return m.checksum_sha1;
    case crypto::checksum_algorithm::sha256: return m.checksum_sha256;
    case crypto::checksum_algorithm::sha512: return m.checksum_sha512;
    case crypto::checksum_algorithm::md5: return m.checksum_md5;
    case crypto::checksum_algorithm::xxhash64: return m.checksum_xxhash64;
    case crypto::checksum_algorithm::xxhash3: return m.checksum_xxhash3;
    case crypto::checksum_algorithm::xxhash128: return m.checksum_xxhash128;
    default: return m.checksum_crc64nvme;
  }
}

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/transfer/progress.hpp
// How does a caller learn how far a transfer has come? The transfer calls a function of the caller's; its numbers never decrease.

namespace s3store::inline S3STORE_ABI {

/// Holds a function `void(std::uint64_t done, std::uint64_t total)`, both in bytes; `total` is 0 if it is not known. It is called
/// on the thread that runs the transfer. If it throws, the transfer ends and throws the same to its caller. Copies share the
/// function.
class progress_callback {
 public:
  progress_callback() = default;
  template <class F>
    requires(!std::same_as<F, progress_callback> && std::invocable<F&, std::uint64_t, std::uint64_t>)
  progress_callback(F function)
      : function_(std::make_shared<F>(std::move(function))),
        call_([](void* f, std::uint64_t done, std::uint64_t total) { (*static_cast<F*>(f))(done, total); }) {}

  void operator()(std::uint64_t done, std::uint64_t total) const {
    if (call_) call_(function_.get(), done, total);
  }

 private:
  std::shared_ptr<void> function_{};
  void (*call_)(void*, std::uint64_t, std::uint64_t){};
};

/// Calls the callback only if progress increased, so a part that is sent again is not reported again.
class progress_tally {
 public:
  explicit progress_tally(progress_callback tell) noexcept : tell_(std::move(tell)) {}

  void set_total(std::uint64_t total) noexcept { total_ = total; }
  /// Reports that `done` bytes are transferred. Fails with body_source if the caller's function threw.
  result<void> reached(std::uint64_t done) noexcept {
    if (told_ && done <= *told_) return {};
    told_ = done;
    return http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return tell_(done, total_), result<void>{}; });
  }

 private:
  progress_callback tell_;
  std::uint64_t total_{};
  std::optional<std::uint64_t> told_{};
};

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/transfer/section.hpp
// How does a section of a long source become the body of one request? This source reads only that section, and counts and hashes
// it.

namespace s3store::inline S3STORE_ABI::detail {

/// A source that gives `length` bytes of another source. One object is used for all parts, because it knows the position of the
/// other source: a part that starts where the last one ended needs no seek, so a source that can't seek can also be sent in parts.
class section final : public http::source {
 public:
  section(progress_tally& tally, std::optional<crypto::checksum> hash) : tally_(tally), hash_(std::move(hash)) {}

  /// The section begins at `start` in `of`; `done` bytes of the whole transfer are before it. `of` must outlive its use.
  void open(http::source& of, std::uint64_t start, std::uint64_t length, std::uint64_t done) {
    if (of_ != &of) position_.reset();
    of_ = &of;
    start_ = start;
    length_ = length;
    done_ = done;
    read_ = 0;
    if (hash_) hash_->reset();
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, length_ - read_)));
    if (into.empty()) return std::size_t{0};
    position_.reset();  // not known if the read fails
    auto got = http::read_some(*of_, into);
    if (!got) return got;
    if (hash_) hash_->update(into.first(*got));
    read_ += *got;
    position_ = start_ + read_;
    if (reports_)
      if (auto told = tally_.reached(done_ + read_); !told) return std::move(told.error());
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0) return false;
    if (position_ != start_ && !of_->seek(start_)) return false;
    position_ = start_;
    read_ = 0;
    if (hash_) hash_->reset();
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

  /// False: what is read is not sent, but only hashed, and no progress.
  void reports(bool progress) noexcept { reports_ = progress; }

  /// The section's checksum in base64. Call it once, after the whole section was read.
  std::string checksum() { return hash_ ? hash_->base64() : std::string{}; }

 private:
  progress_tally& tally_;
  http::source* of_{};
  std::uint64_t start_{}, length_{}, done_{};
  std::uint64_t read_{};
  std::optional<std::uint64_t> position_{};  ///< position in `of_`; nullopt if not known
  std::optional<crypto::checksum> hash_{};
  bool reports_{true};
};

}  // namespace s3store::inline S3STORE_ABI::detail

// ---- s3store/transfer/upload.hpp
// How is an object of any size uploaded? With one PutObject if it fits into one part, else in parts, one after the other.
//
//   read ahead ─► CreateMultipartUpload ─► UploadPart … ─► CompleteMultipartUpload ─► done
//        └──────► PutObject ─► done               └─ failed ─► (HeadObject) ─► AbortMultipartUpload ─► the error
//
// The upload is a machine, like a call, so any driver that runs calls can run it. It decides the order of the calls; each call does
// its own retries. A source of known size is sent directly. One of unknown size is first read, part by part, into a buffer of one
// part.

namespace s3store::inline S3STORE_ABI {

/// What is uploaded, and how. If the caller gives a checksum's value and the object is sent in parts, it must be a CRC of the whole
/// object.
struct upload_request {
  /// Everything that PutObject takes. The conditions (`if_none_match`, `if_match`) are checked when the upload is completed. The
  /// body may be a source of unknown size. If a source of known size can't seek, a part that fails is not sent again.
  put_object_request object{};
  std::uint64_t part_size{default_part_size};  ///< bytes, 5 MiB to 5 GiB; raised if a known size needs more than 10,000 parts
  progress_callback progress{};                ///< called on the thread that runs the upload
};

struct upload_response {
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, in base64; empty if the store has only those of the parts
  std::uint64_t size{};      ///< bytes
  std::int32_t parts{};      ///< 0: sent by a single PutObject
  bool confirmed_by_head{};  ///< the answer was lost, but HeadObject showed that the upload succeeded
};

namespace detail {
/// The visitor that fills a request's header members from header fields.
class field_reader {
 public:
  explicit field_reader(const s3store::headers& from) noexcept : from_(from) {}

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = {}) {
    wire::read_header(from_, name, m, ignored_);
  }
  void headers(std::string_view prefix, metadata& m) const { wire::read_headers(from_, prefix, m); }
  void uri(auto&&...) const noexcept {}
  void query(auto&&...) const noexcept {}
  void payload(auto&&...) const noexcept {}
  void stream(auto&&...) const noexcept {}

 private:
  const s3store::headers& from_;
  wire::reading_failure ignored_{};  // can't happen: this library wrote these headers
};
}  // namespace detail

/// One running upload. The request and the session must outlive it. It cannot be copied or moved. The options hold for
/// each of its calls, but their cancel token does not stop the clean-up after a failure. If it is destroyed before it is done, the
/// parts that were sent stay at the server.
template <class P>
class uploading {
 public:
  using value_type = upload_response;

  uploading(const upload_request& request, sans_io::session<P>& shared, const call_options& options = {})
      : request_(request), shared_(shared), options_(options), clearing_up_(options), tally_(request.progress) {
    clearing_up_.stop = cancel_token{};
  }
  uploading(const upload_request&&, sans_io::session<P>&, const call_options& = {}) = delete;  // a temporary would be gone too early
  uploading(const uploading&) = delete;
  uploading& operator=(const uploading&) = delete;

  sans_io::step next(instants now) {
    if (!std::exchange(begun_, true)) begin();
    while (!end_) {
      if (window_) window_->reports(false);  // the call may read its body to hash it
      auto asked = stage_->next(now);
      if (window_) window_->reports(true);
      if (!std::holds_alternative<sans_io::done>(asked)) return asked;
      const auto ended = std::exchange(stage_, {});  // `finish` below starts the next stage
      ended->finish(*this);
    }
    return sans_io::done{};
  }
  result<value_type> finish() { return std::move(*end_); }
  void sent(http::outcome o) { stage_->sent(std::move(o)); }
  void credentials(result<auth::credentials> c) { stage_->credentials(std::move(c)); }

 private:
  /// One of the upload's calls.
  struct any_stage {
    virtual ~any_stage() = default;
    virtual sans_io::step next(instants now) = 0;
    virtual void finish(uploading& of) = 0;
    virtual void sent(http::outcome o) = 0;
    virtual void credentials(result<auth::credentials> c) = 0;
  };
  template <class R>
  struct stage final : any_stage {
    stage(R r, sans_io::session<P>& shared, const call_options& options)
        : request(std::move(r)), machine(request, shared, options) {}
    sans_io::step next(instants now) override { return machine.next(now); }
    void finish(uploading& of) override { of.took(machine.finish()); }
    void sent(http::outcome o) override { machine.sent(std::move(o)); }
    void credentials(result<auth::credentials> c) override { machine.credentials(std::move(c)); }
    R request;
    sans_io::call<R, P> machine;
  };
  template <class R>
  void start(R request, const call_options& options) {
    stage_ = detail::owned<any_stage>{new stage<R>(std::move(request), shared_, options)};
  }

  // --- before anything is sent ---------------------------------------------------------------------------------------------------

  void begin() {
    const put_object_request& object = request_.object;
    wire::encoded_request encoded;
    wire::door<put_object_request>::encode(&object, encoded);
    if (encoded.refused.kind != error_kind::none) return refuse(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    stream_ = object.body.stream();
    if (!stream_) hold(object.body.bytes());
    total_ = source().size();
    if (auto settled = settle_length(object); !settled) return refuse(std::move(settled.error()));
    auto size = part_size_for(request_.part_size, total_);
    if (!size) return refuse(std::move(size.error()));
    part_size_ = *size;
    auto chosen = choose_checksum();
    window_.emplace(tally_, algorithm_ ? std::optional{new_sum()} : std::nullopt);
    buffered_ = !total_;
    if (buffered_) {
      if (!stream_->seek(0)) return refuse(detail::fail(error_kind::body_source, "the body cannot be read from its start"));
      if (!read_ahead()) return;
      if (ended_) total_ = held_.size();
    }
    tally_.set_total(buffered_ ? 0 : *total_);
    if (total_ && *total_ <= part_size_) return put();
    if (!chosen) return refuse(std::move(chosen.error()));
    create();
  }

  result<void> settle_length(const put_object_request& object) {
    if (!object.content_length) return {};
    const std::int64_t declared = *object.content_length;
    if (declared < 0 || (total_ && *total_ != static_cast<std::uint64_t>(declared)))
      return detail::fail(error_kind::invalid_argument,
                          {"content_length is ", detail::decimal(declared),
                           (total_ ? detail::concat({", but the body has ", detail::decimal(*total_), " bytes"}) : std::string{})});
    if (!total_) stream_ = &sized_.emplace(*stream_, static_cast<std::uint64_t>(declared));
    total_ = static_cast<std::uint64_t>(declared);
    return {};
  }

  /// The caller's checksum algorithm, or else the client's. Fails if it can't be used for an upload in parts; a PutObject ignores
  /// that.
  result<void> choose_checksum() {
    algorithm_ = shared_.checksums().for_upload(upload_part_request::spec, shared_.configuration().profile);
    constexpr std::string_view prefix = crypto::checksum_header_prefix;
    for (const auto [name, value] : fields_) {
      const bool named = detail::equal_ignoring_case(name, "x-amz-sdk-checksum-algorithm");
      const bool own = name.size() > prefix.size() && detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix);
      if (!named && !own && !detail::equal_ignoring_case(name, "Content-MD5")) continue;
      const auto known = named ? crypto::parse_checksum_algorithm(value)
                               : crypto::parse_checksum_algorithm(own ? name.substr(prefix.size()) : std::string_view{});
      if (!known || (own && !crypto::is_crc(*known)))
        return detail::fail(
            error_kind::invalid_argument,
            {"the checksum that \"", name, "\" asks for cannot be computed or checked for an upload in parts; a CRC can"});
      algorithm_ = known;
      if (own) claimed_ = value;
    }
    if (algorithm_ && !new_sum().usable())
      return detail::fail(error_kind::invalid_argument, {"the checksum ", crypto::why_unusable(*algorithm_)});
    return {};
  }
  crypto::checksum new_sum() const { return crypto::checksum{*algorithm_, further_checksums(shared_.checksums())}; }

  /// A request R with the bucket, the key and every header of the object's request that R also has.
  template <class R>
  R carried() const {
    R out{};
    out.bucket = request_.object.bucket;
    out.key = request_.object.key;
    s3store::headers common = fields_;
    for (const auto& known : crypto::checksum_algorithms) common.erase(known.header);  // it is the whole object's, not a part's
    for (const std::string_view name : {"Content-Length", "Content-MD5", "x-amz-sdk-checksum-algorithm"}) common.erase(name);
    detail::field_reader reader{common};
    R::describe(reader, out);
    return out;
  }

  // --- the bytes -----------------------------------------------------------------------------------------------------------------

  bool in_memory() const noexcept { return buffered_ || !stream_; }
  http::source& source() noexcept { return in_memory() ? memory_ : *stream_; }
  void hold(std::span<const std::byte> bytes) noexcept {
    held_ = bytes;
    memory_ = http::memory_source{bytes};
  }
  /// Fills the buffer from a source of unknown size. False after an error.
  bool read_ahead() {
    const auto room = static_cast<std::size_t>(part_size_);
    if (!buffer_) buffer_ = std::unique_ptr<std::byte[]>{new std::byte[room]};
    std::size_t have = 0;
    while (have != room && !ended_) {
      auto got = http::read_some(*stream_, {buffer_.get() + have, room - have});
      if (!got) return give_up(std::move(got.error())), false;
      have += *got;
      ended_ = *got == 0;
    }
    hold({buffer_.get(), have});
    return true;
  }

  // --- in one piece --------------------------------------------------------------------------------------------------------------

  void put() {
    put_object_request whole = request_.object;
    if (in_memory()) {
      whole.body = http::body::borrow(held_);
    } else {
      window_->open(*stream_, 0, *total_, 0);
      whole.body = http::body{*window_};
    }
    whole.content_length.reset();
    start(std::move(whole), options_);
  }
  void took(result<put_object_response> r) {
    offset_ = *total_;
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  void create() {
    auto r = carried<create_multipart_upload_request>();
    if (algorithm_) {
      r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
      if (crypto::is_crc(*algorithm_)) {
        r.checksum_type = types::checksum_type::full_object;
        whole_.emplace(*algorithm_);
      }
    }
    start(std::move(r), options_);
  }
  void took(result<create_multipart_upload_response> r) {
    if (!r) return give_up(std::move(r));
    if (r->upload_id.empty())
      return give_up(detail::fail(error_kind::malformed_response, "the answer to CreateMultipartUpload names no upload"));
    upload_id_ = std::move(r->upload_id);
    next_part();
  }

  void next_part() {
    if (buffered_ && held_.empty() && !ended_ && !read_ahead()) return;
    part_length_ = buffered_ ? held_.size() : (std::min)(part_size_, *total_ - offset_);
    if (part_length_ == 0) return complete();
    if (parts_.parts.size() == max_parts)
      return give_up(
          detail::fail(error_kind::invalid_argument, {"the body goes on behind 10,000 parts of ", detail::decimal(part_size_),
                                                      " bytes; set a larger part_size, or content_length where it is known"}));
    window_->open(source(), buffered_ ? 0 : offset_, part_length_, offset_);
    auto r = carried<upload_part_request>();
    r.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    r.upload_id = upload_id_;
    r.body = http::body{*window_};
    if (algorithm_) r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
    start(std::move(r), options_);
  }
  void took(result<upload_part_response> r) {
    if (!r) return give_up(std::move(r));
    if (r->etag.empty()) return give_up(detail::fail(error_kind::malformed_response, "the answer to UploadPart has no ETag"));
    types::completed_part part{.etag = std::move(r->etag)};
    part.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    etag_.append(part.etag);
    if (algorithm_) {
      std::string sum = window_->checksum();
      if (whole_ && !whole_->append(sum, part_length_))
        return give_up(detail::fail(error_kind::integrity, "the checksum of a part is missing"));
      checksum_member(part, *algorithm_) = std::move(sum);
    }
    parts_.parts.push_back(std::move(part));
    offset_ += part_length_;
    if (buffered_) hold({});
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    next_part();
  }

  void complete() {
    auto r = carried<complete_multipart_upload_request>();
    count_ = static_cast<std::int32_t>(parts_.parts.size());
    r.upload_id = upload_id_;
    r.multipart_upload = std::move(parts_);
    r.mpu_object_size = static_cast<std::int64_t>(offset_);
    if (whole_) {
      checksum_member(r, *algorithm_) = checksum();
      r.checksum_type = types::checksum_type::full_object;
    }
    start(std::move(r), options_);
  }
  void took(result<complete_multipart_upload_response> r) {
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_, .parts = count_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- an answer was lost: did the upload succeed anyway? ------------------------------------------------------------------------

  /// The object may be there although its call failed.
  static bool may_be_done(const error& e) noexcept { return e.maybe_own_success || detail::may_have_taken_effect(e); }
  template <class T>
  void look(result<T> failed) {
    keep(std::move(failed));
    auto r = carried<head_object_request>();
    r.if_match.reset();
    r.if_none_match.reset();
    r.checksum_mode = types::checksum_mode::enabled;
    start(std::move(r), clearing_up_);
  }
  void took(result<head_object_response> r) {
    const auto same = r ? is_ours(*r) : r.error().kind == error_kind::not_found ? std::optional{false} : std::nullopt;
    if (same == true) {
      upload_response out{.etag = std::move(r->etag),
                          .version_id = std::move(r->version_id),
                          .size = offset_,
                          .parts = count_,
                          .confirmed_by_head = true};
      note_checksum(*r, out);
      return finish(std::move(out), r.release_meta());
    }
    note(!same ? "an answer was lost, and whether the upload took effect could not be found out"
         : r   ? "an answer was lost, but the object that is there is another one"
               : "an answer was lost, but no object is there");
    clear_up();
  }
  /// Is it our object? Compares the size, then the checksum or the ETag computed from the parts; nullopt if the store gives
  /// neither.
  std::optional<bool> is_ours(head_object_response& there) {
    if (there.content_length && *there.content_length != static_cast<std::int64_t>(offset_)) return false;
    if (algorithm_ && (upload_id_.empty() || whole_))
      if (const auto& sum = checksum_member(there, *algorithm_); !sum.empty()) return sum == checksum();
    const auto expected = upload_id_.empty() ? std::nullopt : etag_.value();
    if (expected && !there.etag.empty()) return there.etag == *expected;
    return std::nullopt;
  }
  /// The whole object's.
  std::string checksum() {
    if (!claimed_.empty()) return claimed_;
    if (whole_) return whole_->base64();
    if (!in_memory()) return window_->checksum();
    auto sum = new_sum();
    sum.update(held_);
    return sum.base64();
  }
  template <class R>
  void note_checksum(R& from, upload_response& out) const {
    if (!algorithm_) return;
    const auto& sum = checksum_member(from, *algorithm_);
    if (sum.empty() || (!upload_id_.empty() && !whole_)) return;
    out.checksum_algorithm = algorithm_;
    out.checksum = sum;
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  void finish(upload_response out, detail::owned<response_meta> meta) {
    end_.emplace(std::move(out));
    end_->attach(std::move(meta));
  }
  void refuse(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    end_.emplace(std::move(e));
  }
  template <class T>
  void keep(result<T> failed) {
    failure_.emplace(result<value_type>::failed_as(std::move(failed)));
  }
  void note(std::string_view what) { failure_->error().message.append("; ").append(what); }
  template <class T>
  void give_up(result<T> failed) {
    keep(std::move(failed));
    clear_up();
  }
  void give_up(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    give_up(result<void>{std::move(e)});
  }
  void clear_up() {
    if (upload_id_.empty() || failure_->error().code == "NoSuchUpload") {
      end_ = std::move(failure_);
    } else {
      auto r = carried<abort_multipart_upload_request>();
      r.upload_id = upload_id_;
      start(std::move(r), clearing_up_);
    }
  }
  void took(result<abort_multipart_upload_response> r) {
    if (!r && r.error().code == "NoSuchUpload") {
      if (count_ != 0) note("the upload was gone already, so it may have been completed");
    } else if (!r) {
      note(detail::concat(
          {"the upload ", upload_id_, " could not be aborted, so its parts stay at the server: ", r.error().describe()}));
    }
    end_ = std::move(failure_);
  }

  const upload_request& request_;
  sans_io::session<P>& shared_;
  call_options options_;
  call_options clearing_up_;
  progress_tally tally_;
  headers fields_{};  ///< the headers of the object's request

  http::source* stream_{};  ///< the caller's source; null: the body is in memory
  std::optional<wire::sized_source> sized_{};  ///< the caller's source, if it does not know its length and content_length says it
  http::memory_source memory_{};
  std::span<const std::byte> held_{};  ///< bytes in memory: the body, or the part that was read ahead
  std::unique_ptr<std::byte[]> buffer_{};
  std::optional<std::uint64_t> total_{};
  std::uint64_t part_size_{}, offset_{}, part_length_{};
  bool begun_{}, buffered_{}, ended_{};

  std::optional<detail::section> window_{};
  std::optional<crypto::checksum_algorithm> algorithm_{};
  std::string claimed_{};  ///< the whole object's checksum, if the caller gave it
  std::optional<combined_crc> whole_{};
  combined_etag etag_{};
  std::string upload_id_{};
  types::completed_multipart_upload parts_{};
  std::int32_t count_{};  ///< number of parts; 0 until CompleteMultipartUpload

  detail::owned<any_stage> stage_{};
  std::optional<result<value_type>> failure_{};
  std::optional<result<value_type>> end_{};
};

/// Uploads an object of up to 10,000 parts, and blocks until it is done. On failure the parts are deleted from the server; if that
/// fails too, the error's message says so. Throws what a function of the caller's threw, like the client's calls.
template <class P>
result<upload_response> upload(const basic_client<P>& to, const upload_request& request, const call_options& options = {}) {
  uploading<P> machine{request, to.shared(), options};
  return to.run(machine);
}

/// The same for a file, which becomes the body. Fails with io if the file can't be read.
template <class P>
result<upload_response> upload_file(const basic_client<P>& to, const std::string& path, upload_request request,
                                    const call_options& options = {}) {
  auto file = http::file_source::open(path);
  if (!file) return result<upload_response>::failed_as(std::move(file));
  request.object.body = http::body{*file};
  return upload(to, request, options);
}

}  // namespace s3store::inline S3STORE_ABI

// ---- s3store/client.hpp
// The client alone: all operations of the S3 API, retries, listings, presigning, uploads. Without the embedded S3, the object store and evidence,
// and so without nlohmann/json.

#endif  // S3STORE_UNSUPPORTED
