// Which clocks does the library read, and which date formats does S3 use?
//
// S3 writes dates in three ways: HTTP dates in headers (RFC 9110, section 5.6.7), ISO 8601 in XML, and seconds since 1970 in a few
// query strings. All three are accepted wherever a date is read; writing uses the one that belongs there. The first two have room
// for four digits of a year: a time before the year 0 or after the year 9999 is written as the first or last moment of these years.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>

#include <s3store/core/text.hpp>

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
