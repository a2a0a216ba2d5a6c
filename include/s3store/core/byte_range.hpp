// Which bytes of an object? Those from a first to a last one, both included; and how a request asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <s3store/core/text.hpp>

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
