// Which partition of AWS does a region belong to, and under which domain are its hosts? A partition has accounts of its own, so nothing
// that is signed for one is good in another. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
#pragma once

#include <cstddef>
#include <string_view>

#include <s3store/core/text.hpp>
#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

/// What AWS publishes about a partition, in the `partitions.json` that all its SDKs share.
struct partition {
  std::string_view name{};               ///< "aws-cn", as an ARN has it
  std::string_view dns_suffix{};         ///< "amazonaws.com.cn"
  std::string_view dual_stack_suffix{};  ///< of services whose dual-stack hosts have a domain of their own; S3's have not
  std::string_view home_region{};        ///< where the services are that a partition has only once
  std::string_view region_prefixes{};    ///< separated by '|'. A region is one of them, '-', a word, '-' and a number
  std::string_view global_region{};      ///< stands for the partition as a whole where a region is asked for; may be empty
  bool supports_fips{true};
  bool supports_dual_stack{true};
};

/// The first is that of regions that belong to none.
inline constexpr partition partitions[] = {
    {"aws", "amazonaws.com", "api.aws", "us-east-1", "us|eu|ap|sa|ca|me|af|il|mx", "aws-global"},
    {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1", "cn", "aws-cn-global"},
    {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1", "eusc-de", ""},
    {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1", "us-iso", "aws-iso-global"},
    {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1", "us-isob", "aws-iso-b-global"},
    {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1", "eu-isoe", "aws-iso-e-global"},
    {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1", "us-isof", "aws-iso-f-global"},
    {"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1", "us-gov", "aws-us-gov-global"},
};

namespace detail {

/// Is it '-', a word of letters, digits and '_', '-' and a number? So ends a region: "-east-1".
constexpr bool is_end_of_region(std::string_view s) noexcept {
  const std::size_t last = s.rfind('-');
  if (!s.starts_with('-') || last < 2 || last == std::string_view::npos || last + 1 == s.size()) return false;
  for (const char c : s.substr(1, last - 1))
    if (!is_alpha(c) && !is_digit(c) && c != '_') return false;
  for (const char c : s.substr(last + 1))
    if (!is_digit(c)) return false;
  return true;
}

}  // namespace detail

/// Regions that are not known yet belong to the partition whose regions are named alike, and all others to "aws".
constexpr const partition& partition_of(std::string_view region) noexcept {
  for (const partition& p : partitions) {
    if (!region.empty() && region == p.global_region) return p;
    for (std::string_view rest = p.region_prefixes; !rest.empty();) {
      const std::string_view prefix = rest.substr(0, rest.find('|'));
      if (region.starts_with(prefix) && detail::is_end_of_region(region.substr(prefix.size()))) return p;
      rest.remove_prefix(prefix.size() == rest.size() ? rest.size() : prefix.size() + 1);
    }
  }
  return partitions[0];
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

/// Is it a host of AWS's, whatever the partition?
constexpr bool is_aws_host(std::string_view host) noexcept {
  const auto below = [host](std::string_view suffix) {
    return host.ends_with(suffix) && (host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.');
  };
  for (const partition& p : partitions)
    if (below(p.dns_suffix) || below(p.dual_stack_suffix)) return true;
  return false;
}

}  // namespace s3store::inline S3STORE_ABI
