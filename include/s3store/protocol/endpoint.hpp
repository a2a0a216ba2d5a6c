// Where does a request go? These rules derive a host and a path from the endpoint, the region and the bucket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/result.hpp>
#include <s3store/http/url.hpp>
#include <s3store/protocol/settings.hpp>

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
