// What does an ARN consist of? https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

/// The parts are views of the text that was parsed.
struct arn {
  std::string_view partition{};  ///< never empty, and neither are service and resource
  std::string_view service{};
  std::string_view region{};
  std::string_view account{};
  std::string_view resource{};   ///< "accesspoint/mine"

  /// Absent if it is not `arn:partition:service:region:account:resource`.
  static constexpr std::optional<arn> parse(std::string_view text) noexcept {
    if (!is_meant(text)) return std::nullopt;
    text.remove_prefix(4);
    arn out;
    for (std::string_view* const part : {&out.partition, &out.service, &out.region, &out.account}) {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) return std::nullopt;
      *part = text.substr(0, colon);
      text.remove_prefix(colon + 1);
    }
    out.resource = text;
    if (out.partition.empty() || out.service.empty() || out.resource.empty()) return std::nullopt;
    return out;
  }
  /// Is the text meant to be an ARN? No bucket is named so, because a bucket's name has no colon.
  static constexpr bool is_meant(std::string_view text) noexcept { return text.starts_with("arn:"); }

  /// The resource's parts, which ':' or '/' separates: "accesspoint" and "mine". Absent if it has not so many.
  constexpr std::optional<std::string_view> resource_part(std::size_t index) const noexcept {
    std::string_view rest = resource;
    for (; index != 0; --index) {
      const std::size_t end = rest.find_first_of(":/");
      if (end == std::string_view::npos) return std::nullopt;
      rest.remove_prefix(end + 1);
    }
    return rest.substr(0, rest.find_first_of(":/"));
  }
};

}  // namespace s3store::inline S3STORE_ABI
