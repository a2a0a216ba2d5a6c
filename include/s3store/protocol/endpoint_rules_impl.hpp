// Where does a bucket of the usual kind go? The definitions for endpoint_rules.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/partitions.hpp>
#include <s3store/protocol/endpoint_rules.hpp>
#include <s3store/protocol/special_endpoints.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {

inline error cannot_be_host(std::string_view bucket) {
  return fail(error_kind::invalid_argument, {"the bucket name \"", bucket, "\" cannot be part of a host name; use path addressing"});
}

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
inline bool can_be_accelerated(const endpoint_query& q) noexcept {
  if (q.bucket.empty()) return false;
  return !q.operation || (q.operation->name != "CreateBucket" && q.operation->name != "DeleteBucket");
}

inline result<void> place_at_ones_own(endpoint& out, const endpoint_query& q) {
  out.secure = q.custom->secure();
  out.authority = q.custom->authority();
  out.path = q.custom->path;
  if (q.bucket.empty()) return {};
  if (q.of.style != addressing::virtual_host) {
    append_uri_encoded(out.path.append("/"), q.bucket, uri_part::query);
    return {};
  }
  if (is_address(q.custom->host))
    return fail(error_kind::configuration,
                {"virtual hosting puts the bucket's name in front of the endpoint's, which is an address: ", q.custom->host});
  if (!is_dns_label(q.bucket, true)) return cannot_be_host(q.bucket);
  out.authority = concat({q.bucket, ".", out.authority});
  return {};
}

}  // namespace detail

S3STORE_INLINE result<endpoint> standard_endpoint_rules::resolve(const endpoint_query& q) const {
  const settings& of = q.of;
  // The pseudo-region of AWS's global endpoint, whose signatures name us-east-1.
  const bool global = q.region == "aws-global";
  const std::string_view region = global ? std::string_view{"us-east-1"} : q.region;
  if (region.empty()) return detail::fail(error_kind::configuration, "no region is set");
  if (!is_signing_region(region))
    return detail::fail(error_kind::configuration,
                        {"the region \"", region, "\" holds a character other than letters, digits, '-', '_' and '.'"});
  if (q.custom && (of.use_accelerate || of.use_dualstack || of.use_fips))
    return detail::fail(error_kind::configuration,
                        "use_accelerate, use_dualstack and use_fips choose among AWS's endpoints and cannot go with one of your own");
  if (of.use_accelerate && of.use_fips)
    return detail::fail(error_kind::configuration,
                        "S3 Transfer Acceleration has no FIPS endpoints: use_accelerate and use_fips cannot go together");
  const bucket_kind kind = kind_of_bucket(q.bucket);
  const bool lists_directories = q.bucket.empty() && q.operation && q.operation->name == "ListDirectoryBuckets";
  const bool special = kind == bucket_kind::arn ||
                       ((kind != bucket_kind::general || lists_directories) && (!q.custom || is_aws_host(q.custom->host)));
  endpoint out;
  out.region = region;
  out.service = q.service();
  if (q.custom && !special) {
    if (auto placed = detail::place_at_ones_own(out, q); !placed) return result<endpoint>::failed_as(std::move(placed));
    return out;
  }

  const partition& home = partition_of(region);
  const bool accelerate = of.use_accelerate && detail::can_be_accelerated(q);
  if ((of.use_fips || accelerate) && home.name == "aws-cn")
    return detail::fail(error_kind::configuration, "AWS has no FIPS endpoints and no S3 Transfer Acceleration in China");
  if (special) return detail::special_endpoint({q, region, home, accelerate}, kind);
  if (q.service() != "s3" && (of.use_accelerate || of.use_dualstack))
    return detail::fail(error_kind::configuration,
                        {"use_accelerate and use_dualstack choose among S3's endpoints; ", q.service(), " has none of these"});

  // A bucket name with a dot does not match the wildcard of the server's TLS certificate.
  const bool host = !q.bucket.empty() && of.style != addressing::path && is_dns_label(q.bucket, false);
  if (of.style == addressing::virtual_host && !q.bucket.empty() && !host) return detail::cannot_be_host(q.bucket);
  if (host) out.authority.append(q.bucket).append(".");
  if (accelerate) {
    if (!host)
      return detail::fail(error_kind::configuration,
                          "S3 Transfer Acceleration needs a bucket whose name is a DNS label without dots");
    out.authority.append(of.use_dualstack ? "s3-accelerate.dualstack." : "s3-accelerate.");
    if (global && of.use_dualstack) out.authority.append(region).append(".");  // as in AWS's own rules
    out.authority.append(home.dns_suffix);
    return out;
  }
  if (!is_region_name(region))
    return detail::fail(error_kind::configuration,
                        {"the region \"", region, "\" cannot be part of a host name of AWS's: that is at most 63 letters, digits and '-'"});
  const bool without_region = (global || (of.use_global_endpoint && region == "us-east-1")) && !of.use_dualstack && !of.use_fips &&
                              q.service() == "s3";
  out.authority.append(q.service()).append(of.use_fips ? "-fips." : ".");
  if (of.use_dualstack) out.authority.append("dualstack.");
  if (!without_region) out.authority.append(region).append(".");
  out.authority.append(home.dns_suffix);
  if (!host && !q.bucket.empty()) detail::append_uri_encoded(out.path.append("/"), q.bucket, detail::uri_part::query);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
