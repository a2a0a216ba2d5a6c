// What do the targets share? A check that ends the process, so that libFuzzer keeps the input; and a reader that cuts an input into the
// pieces that a target needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <s3store/core/version.hpp>

namespace fuzz {

/// Prints the property and aborts if it does not hold.
inline void hold(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "This does not hold: %s\n", property);
  std::abort();
}

/// Hands out an input piece by piece. At its end it gives empty pieces and zeros.
class input {
 public:
  input(const std::uint8_t* data, std::size_t size) noexcept : left_(reinterpret_cast<const char*>(data), size) {}

  explicit input(std::string_view text) noexcept : left_(text) {}

  bool empty() const noexcept { return left_.empty(); }
  std::string_view rest() const noexcept { return left_; }

  /// What is before the next line feed, which is taken too.
  std::string_view line() noexcept { return until("\n"); }
  /// The same as an input of its own.
  input piece() noexcept { return input{line()}; }
  /// What is before the mark, or all if there is none; the mark is taken too.
  std::string_view until(std::string_view mark) noexcept {
    const auto at = left_.find(mark);
    const auto out = left_.substr(0, at);
    left_.remove_prefix(at == std::string_view::npos ? left_.size() : at + mark.size());
    return out;
  }
  /// At most that many bytes.
  std::string_view take(std::size_t size) noexcept {
    const auto out = left_.substr(0, size);
    left_.remove_prefix(out.size());
    return out;
  }
  /// A number below `limit`, from a line of decimal digits, so that a corpus can be read and written by hand. Anything else is 0.
  std::size_t number(std::size_t limit) noexcept {
    std::size_t out = 0;
    for (const char c : line()) out = c >= '0' && c <= '9' ? (out * 10 + static_cast<std::size_t>(c - '0')) % (std::size_t{1} << 40) : out;
    return limit == 0 ? 0 : out % limit;
  }

 private:
  std::string_view left_;
};

/// The parts of a request's target before and behind the '?'.
inline std::string_view path_of(std::string_view target) noexcept { return target.substr(0, target.find('?')); }
inline std::string_view query_of(std::string_view target) noexcept {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

}  // namespace fuzz

/// libFuzzer calls it for each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
