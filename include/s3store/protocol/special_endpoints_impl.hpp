// Which host does an access point or a directory bucket have? The definitions for special_endpoints.hpp. The order of the checks is that of
// AWS's rules; it decides only which of several faults a refusal names.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/special_endpoints.hpp>

namespace s3store::inline S3STORE_ABI {

S3STORE_INLINE bool uses_express_control(const operation_spec& operation) noexcept {
  constexpr std::string_view bucket = "/{Bucket}";
  if (!operation.uri.starts_with(bucket)) return operation.name == "ListDirectoryBuckets";
  if (operation.uri.substr(bucket.size()).starts_with('/')) return false;  // a key follows
  for (const std::string_view zonal : {"CreateSession", "DeleteObjects", "GetBucketAbac", "GetObjectLockConfiguration", "HeadBucket",
                                       "ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListObjectsV2", "PutBucketAbac",
                                       "PutObjectLockConfiguration"})
    if (operation.name == zonal) return false;
  return true;
}
S3STORE_INLINE bool uses_express_session(const operation_spec& operation) noexcept {
  return operation.name != "CreateSession" && operation.name != "CopyObject" && operation.name != "UploadPartCopy";
}

namespace detail {

inline error unsuitable_settings(std::initializer_list<std::string_view> pieces) { return fail(error_kind::configuration, concat(pieces)); }
/// `named`: what the caller gave as the bucket's name. It may be any text.
inline error unsuitable_bucket(std::string_view named, std::initializer_list<std::string_view> why) {
  std::string text = "the bucket \"";
  append_abbreviated(text, named, 300);
  return fail(error_kind::invalid_argument, text.append("\" ").append(concat(why)));
}

/// One or more labels with dots between them.
inline bool is_host_name(std::string_view s) noexcept {
  bool good = true;
  split(s, '.', [&good](std::string_view label) { good = good && is_region_name(label); });
  return good;
}

/// At a host of AWS's, or below that of the endpoint of one's own.
inline void place(endpoint& out, const special_query& s, std::string_view prefix, std::initializer_list<std::string_view> aws) {
  out.authority.append(prefix).append(".");
  if (s.q.custom) {
    out.secure = s.q.custom->secure();
    out.authority.append(s.q.custom->authority());
    out.path = s.q.custom->path;
  } else {
    out.authority.append(concat(aws));
  }
}

// --- ARNs ------------------------------------------------------------------------------------------------------------------------------

/// The ARN of one region's access point, and what all of these have in common.
class regional_arn {
 public:
  regional_arn(const special_query& s, const arn& of) : s_(s), of_(of) {}

  /// Refuses it if the settings do not go with `service` ("S3 on Outposts"), which has no acceleration in any case.
  result<void> check_settings(std::string_view service, bool has_dualstack, bool has_fips) const {
    if (s_.q.of.use_dualstack && !has_dualstack) return unsuitable_settings({service, " has no dual-stack endpoints: use_dualstack"});
    if (s_.q.of.use_fips && !has_fips) return unsuitable_settings({service, " has no FIPS endpoints: use_fips"});
    if (s_.accelerate) return unsuitable_settings({service, " has no S3 Transfer Acceleration: use_accelerate"});
    return {};
  }
  /// Region, partition, account and the names that become labels of the host.
  result<void> check_parts(std::initializer_list<std::string_view> labels) const {
    if (of_.region.empty()) return unsuitable_bucket(s_.q.bucket, {"is an ARN without a region"});
    if (!s_.q.of.use_arn_region && of_.region != s_.q.region)
      return unsuitable_settings({"the ARN is of the region \"", of_.region, "\" and the client's is \"", s_.q.region,
                                  "\", which use_arn_region = false wants to be the same"});
    if (partition_of(of_.region).name != s_.home.name)
      return unsuitable_settings({"the ARN is of the partition \"", partition_of(of_.region).name, "\", and the client's region, \"", s_.region,
                                  "\", is of \"", s_.home.name, "\""});
    if (!is_host_name(of_.region)) return unsuitable_bucket(s_.q.bucket, {"is an ARN whose region cannot be part of a host name"});
    if (of_.account.empty()) return unsuitable_bucket(s_.q.bucket, {"is an ARN without an account"});
    if (!is_region_name(of_.account)) return unsuitable_bucket(s_.q.bucket, {"is an ARN whose account cannot be part of a host name"});
    for (const std::string_view label : labels)
      if (!is_region_name(label))
        return unsuitable_bucket(s_.q.bucket, {"is an ARN with a name that cannot be part of a host name: that has 1 to 63 letters, "
                                               "digits and '-'"});
    return {};
  }
  endpoint start(std::string_view service) const {
    endpoint out;
    out.region = of_.region;
    out.service = service;
    return out;
  }
  std::string host_label(std::string_view access_point) const { return concat({access_point, "-", of_.account}); }

 private:
  const special_query& s_;
  const arn& of_;
};

/// "accesspoint/name"
inline result<endpoint> endpoint_of_access_point(const special_query& s, const arn& of, bool object_lambda) {
  if (s.q.operation && s.q.operation->name == "CreateBucket")
    return unsuitable_bucket(s.q.bucket, {"is an access point, which cannot be made by CreateBucket"});
  if (of.resource_part(2)) return unsuitable_bucket(s.q.bucket, {"is an ARN with more parts than the access point's name"});
  if (!object_lambda && of.service != "s3") return unsuitable_bucket(s.q.bucket, {"is an ARN of the service \"", of.service, "\", and not of S3"});
  const std::string_view name = *of.resource_part(1);
  const regional_arn parts{s, of};
  if (auto good = parts.check_settings(object_lambda ? "S3 Object Lambda" : "an access point", !object_lambda, true); !good)
    return result<endpoint>::failed_as(std::move(good));
  if (auto good = parts.check_parts({name}); !good) return result<endpoint>::failed_as(std::move(good));
  endpoint out = parts.start(object_lambda ? "s3-object-lambda" : "s3");
  place(out, s, parts.host_label(name),
        {object_lambda ? "s3-object-lambda" : "s3-accesspoint", s.q.of.use_fips ? "-fips." : ".", s.q.of.use_dualstack ? "dualstack." : "",
         of.region, ".", s.home.dns_suffix});
  return out;
}

/// "accesspoint/alias.mrap" without a region: its requests go to the nearest of several regions, so the signature must be good in each.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
inline result<endpoint> endpoint_of_multi_region_access_point(const special_query& s, const arn& of) {
  const std::string_view name = *of.resource_part(1);
  if (!is_host_name(name)) return unsuitable_bucket(s.q.bucket, {"is an ARN without a region, and so of a Multi-Region Access Point, whose "
                                                                 "alias cannot be part of a host name"});
  const regional_arn parts{s, of};
  if (auto good = parts.check_settings("a Multi-Region Access Point", false, false); !good) return result<endpoint>::failed_as(std::move(good));
  if (s.q.of.disable_multiregion_access_points)
    return unsuitable_settings({"the ARN is of a Multi-Region Access Point, which disable_multiregion_access_points forbids"});
  if (s.home.name != of.partition)
    return unsuitable_settings({"the ARN is of the partition \"", of.partition, "\", and the client's region, \"", s.region, "\", is of \"",
                                s.home.name, "\""});
  if (s.q.custom && !is_aws_host(s.q.custom->host))  // AWS's rules would send it to AWS all the same
    return unsuitable_settings({"a Multi-Region Access Point has one host, at AWS, and cannot go with an endpoint of one's own"});
  endpoint out;
  out.authority = concat({name, ".accesspoint.s3-global.", s.home.dns_suffix});
  out.region = "*";
  out.service = "s3";
  out.scheme = signing_scheme::sigv4a;
  return out;
}

/// "outpost/id/accesspoint/name". https://docs.aws.amazon.com/AmazonS3/latest/userguide/S3OutpostsWorkingBuckets.html
inline result<endpoint> endpoint_of_outpost(const special_query& s, const arn& of) {
  const regional_arn parts{s, of};
  if (auto good = parts.check_settings("S3 on Outposts", false, false); !good) return result<endpoint>::failed_as(std::move(good));
  const auto id = of.resource_part(1), type = of.resource_part(2), name = of.resource_part(3);
  if (!name || of.resource_part(4))
    return unsuitable_bucket(s.q.bucket, {"is an ARN of S3 on Outposts, but not of the form outpost/id/accesspoint/name"});
  if (*type != "accesspoint")
    return unsuitable_bucket(s.q.bucket, {"is an ARN of a \"", *type, "\" on Outposts; objects are reached by an access point's"});
  if (auto good = parts.check_parts({*id, *name}); !good) return result<endpoint>::failed_as(std::move(good));
  endpoint out = parts.start("s3-outposts");
  out.accepts_sigv4a = true;
  place(out, s, concat({parts.host_label(*name), ".", *id}), {"s3-outposts.", of.region, ".", s.home.dns_suffix});
  out.secure = true;  // there is no other way in; nor is there one below a path
  out.path.clear();
  return out;
}

inline result<endpoint> endpoint_of_arn(const special_query& s) {
  const auto of = arn::parse(s.q.bucket);
  if (!of) return unsuitable_bucket(s.q.bucket, {"is no ARN: that is arn:partition:service:region:account:resource"});
  if (s.q.of.style == addressing::path)
    return unsuitable_settings({"an ARN is of an access point, whose name cannot be in the path: path addressing"});
  if (s.q.custom && is_address(s.q.custom->host))
    return unsuitable_settings({"the name of an access point is put in front of the endpoint's, which is an address: ", s.q.custom->host});
  const std::string_view type = *of->resource_part(0);
  const bool object_lambda = of->service == "s3-object-lambda";
  if (type == "accesspoint") {
    const auto name = of->resource_part(1);
    if (!name || name->empty()) return unsuitable_bucket(s.q.bucket, {"is an ARN without the access point's name"});
    if (of->region.empty() && !object_lambda) return endpoint_of_multi_region_access_point(s, *of);
    return endpoint_of_access_point(s, *of, object_lambda);
  }
  if (of->service == "s3-outposts" && !type.empty()) return endpoint_of_outpost(s, *of);
  return unsuitable_bucket(s.q.bucket, {"is an ARN of something else than an access point, whose resource is accesspoint/name"});
}

// --- S3 Express One Zone ---------------------------------------------------------------------------------------------------------------

/// "use1-az4" in "name--use1-az4--x-s3". Absent if it has none of the lengths that zones have.
inline std::optional<std::string_view> zone_of(std::string_view bucket, bucket_kind kind) noexcept {
  bucket.remove_suffix(std::string_view{kind == bucket_kind::directory ? "--x-s3" : "--xa-s3"}.size());
  for (const std::size_t length : {8u, 9u, 13u, 14u, 20u})
    if (bucket.size() >= length + 2 && bucket.substr(bucket.size() - length - 2, 2) == "--") return bucket.substr(bucket.size() - length);
  return std::nullopt;
}

inline result<endpoint> endpoint_of_directory(const special_query& s, bucket_kind kind) {
  const endpoint_query& q = s.q;
  if (s.accelerate) return unsuitable_settings({"S3 Express One Zone has no S3 Transfer Acceleration: use_accelerate"});
  if (!is_region_name(s.region)) return unsuitable_settings({"the region \"", s.region, "\" cannot be part of a host name of AWS's"});
  endpoint out;
  out.region = s.region;
  out.service = "s3express";
  const std::string_view fips = q.of.use_fips ? "-fips" : "", dual = q.of.use_dualstack ? "dualstack." : "";
  if (q.bucket.empty() && q.custom) {
    out.secure = q.custom->secure();
    out.authority = q.custom->authority();
    out.path = q.custom->path;
    return out;
  }
  if (!q.custom && kind != bucket_kind::directory_access_point && q.operation && uses_express_control(*q.operation)) {
    out.authority = concat({"s3express-control", fips, ".", dual, s.region, ".", s.home.dns_suffix});
    if (!q.bucket.empty()) append_uri_encoded(out.path.append("/"), q.bucket, uri_part::query);
    return out;
  }
  if (!is_dns_label(q.bucket, false)) return unsuitable_bucket(q.bucket, {"is named as directory buckets are, but cannot be part of a host name"});
  const auto zone = zone_of(q.bucket, kind);
  if (!zone && !q.custom)
    return unsuitable_bucket(q.bucket, {"is named as directory buckets are, but without the id of a zone in front of the ending"});
  if (!q.of.disable_express_session_auth && q.operation && uses_express_session(*q.operation)) out.scheme = signing_scheme::sigv4_s3express;
  place(out, s, q.bucket, {"s3express", fips, "-", zone.value_or(""), ".", dual, s.region, ".", s.home.dns_suffix});
  return out;
}

// --- S3 on Outposts --------------------------------------------------------------------------------------------------------------------

/// "name-region…outpost…e--op-s3": counted from the end, the kind of hardware is one letter and the Outpost the 17 before it.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-outposts-access-points-alias.html
inline result<endpoint> endpoint_of_outposts_alias(const special_query& s) {
  const std::string_view bucket = s.q.bucket;
  const std::size_t end = bucket.size();
  const std::string_view outpost = bucket.substr(end - 49, 17), region_prefix = bucket.substr(end - 12, 4);
  const char hardware = bucket[end - 50];
  if (s.q.of.use_fips) return unsuitable_settings({"S3 on Outposts has no FIPS endpoints: use_fips"});
  if (!is_region_name(s.region)) return unsuitable_settings({"the region \"", s.region, "\" cannot be part of a host name of AWS's"});
  if (!is_region_name(outpost) || !is_dns_label(bucket, false))
    return unsuitable_bucket(bucket, {"is named as aliases of access points on Outposts are, but cannot be part of a host name"});
  if (hardware != 'e' && hardware != 'o')
    return unsuitable_bucket(bucket, {"is named as aliases of access points on Outposts are, but not of hardware \"e\" or \"o\""});
  endpoint out;
  out.region = s.region;
  out.service = "s3-outposts";
  out.accepts_sigv4a = true;
  out.authority = hardware == 'e' ? concat({bucket, ".ec2."}) : concat({bucket, ".op-", outpost, "."});
  if (region_prefix == "beta") {
    if (!s.q.custom) return unsuitable_settings({"the alias is of a test region of S3 on Outposts, whose endpoint must be set"});
    out.authority.append(s.q.custom->authority());
  } else {
    out.authority.append(concat({"s3-outposts.", s.region, ".", s.home.dns_suffix}));
  }
  return out;
}

S3STORE_INLINE result<endpoint> special_endpoint(const special_query& s, bucket_kind kind) {
  if (kind == bucket_kind::arn) return endpoint_of_arn(s);
  if (kind == bucket_kind::outposts_alias) return endpoint_of_outposts_alias(s);
  return endpoint_of_directory(s, kind);
}

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI
