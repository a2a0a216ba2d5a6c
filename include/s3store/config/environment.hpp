// Where do settings come from that are made outside the program? From environment variables, read through an object that tests can
// replace.
//
// In all getters but `get`, a variable that is set but empty counts as unset, so that `NAME= program` switches a setting off.
// Messages name the variable, what it accepts, and its value, unless that may be a secret.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <s3store/core/printable.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
/// A value for a message, in quotes. One that may be a secret is not shown: a URL may hold a password, and whatever is longer than 32 bytes
/// may be one of AWS's secret keys in the wrong place.
inline std::string shown_value(std::string_view value) {
  if (value.size() > 32 || value.find_first_of("@?") != std::string_view::npos || value.find("//") != std::string_view::npos)
    return "something else";
  return concat({"\"", printable(value), "\""});
}
}  // namespace detail

/// The process's variables, given ones, or both. The typed getters return nothing if the variable is unset or empty, and fail with
/// error_kind::configuration if its value is not accepted.
class environment {
 public:
  /// Not a std::pair, which with libc++ 14 makes a call with designated members, for another overload, an error.
  struct named_value {
    std::string_view name{};
    std::string_view value{};
  };

  /// No variables at all.
  environment() = default;
  /// Exactly these; of several with the same name the last counts.
  environment(std::initializer_list<named_value> variables) {
    for (const auto& [name, value] : variables) set(name, value);
  }
  /// The process's own, read anew by every getter. It uses std::getenv, so no thread may change the environment meanwhile.
  static environment process() noexcept {
    environment out;
    out.of_process_ = true;
    return out;
  }

  /// Overrides a variable in this object only; the process's environment is not changed. `place`: where the value is from, if not from a
  /// variable, such as "region in line 2 of /home/me/.aws/config".
  void set(std::string_view name, std::string_view value, std::string_view place = {}) {
    fixed_.push_back({std::string(name), secret_string{value}, std::string(place)});
  }
  /// What messages call the value of that name: its place, or "the environment variable NAME".
  std::string place_of(std::string_view name) const {
    for (std::size_t i = fixed_.size(); i-- != 0;)
      if (fixed_[i].name == name && !fixed_[i].place.empty()) return fixed_[i].place;
    return detail::concat({"the environment variable ", name});
  }
  /// The error of a value that is not accepted.
  error malformed(std::string_view name, std::string_view accepted) const {
    return detail::fail(error_kind::configuration,
                        {place_of(name), " must be ", accepted, ", and is ", detail::shown_value(get(name).value_or(std::string{}))});
  }

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
    return malformed(name, accepted());
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
    std::string place{};
  };
  std::vector<variable> fixed_{};
  bool of_process_{};
};

}  // namespace s3store::inline S3STORE_ABI
