// How do settings get their values from environment variables? A reader takes one variable after another, and keeps the first error.
//
// A variable that is unset or empty changes nothing. One of white space alone is an error, as any value that is not accepted:
// whoever wrote it meant to set something.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/config/environment.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Each function reads one kind of variable into a member, and leaves the member unchanged if the variable is unset. The environment
/// must outlive the reader.
class settings_reader {
 public:
  explicit settings_reader(const environment& from) noexcept : from_(from) {}

  bool is_set(std::string_view name) const { return from_.get_nonempty(name).has_value(); }
  std::string place_of(std::string_view name) const { return from_.place_of(name); }
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
    if (detail::trim(*value).empty()) return refuse(from_.malformed(name, "more than white space"));
    into = std::move(*value);
  }
  void seconds(std::string_view name, duration& into) {
    const auto value = take(from_.seconds(name));
    if (!value) return;
    constexpr double day = 86'400;
    if (*value <= 0 || *value > day)
      return refuse(from_.malformed(name, "a number of seconds above 0 and up to 86400, such as 60 or 2.5"));
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
    if (value && !parse(std::string(detail::trim(*value)))) refuse(from_.malformed(name, accepted));
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
