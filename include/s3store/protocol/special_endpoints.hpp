// Which names does AWS serve from hosts of their own? ARNs of access points, directory buckets and their access points (S3 Express One
// Zone), and aliases of access points on Outposts. Where other names go is in endpoint_rules.hpp, so that a usual call needs none of this.
#pragma once

#include <cstdint>
#include <string_view>

#include <s3store/core/partitions.hpp>
#include <s3store/core/result.hpp>
#include <s3store/protocol/arn.hpp>
#include <s3store/protocol/endpoint.hpp>

namespace s3store::inline S3STORE_ABI {

/// What a bucket's name stands for, by its form. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
enum class bucket_kind : std::uint8_t {
  general,                 ///< a bucket, or an alias of an access point, which has the hosts of a bucket
  arn,                     ///< an access point of any kind
  directory,               ///< "name--zone--x-s3": a bucket of S3 Express One Zone
  directory_access_point,  ///< "name--zone--xa-s3": an access point of such a bucket
  outposts_alias,          ///< "name-…--op-s3": an access point of a bucket on an Outpost
};

constexpr bucket_kind kind_of_bucket(std::string_view name) noexcept {
  if (arn::is_meant(name)) return bucket_kind::arn;
  if (!name.ends_with("-s3")) return bucket_kind::general;
  if (name.ends_with("--x-s3")) return bucket_kind::directory;
  if (name.ends_with("--xa-s3")) return bucket_kind::directory_access_point;
  // What stands before the ending, the region and the Outpost among it, has a fixed length.
  return name.ends_with("--op-s3") && name.size() >= 50 ? bucket_kind::outposts_alias : bucket_kind::general;
}

/// Does the operation, on a directory bucket, go to the control hosts of S3 Express? So do those that change or list buckets.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
bool uses_express_control(const operation_spec& operation) noexcept;
/// Is the operation, on a directory bucket, signed with a session's credentials, unless it goes to the control hosts? Those that copy
/// are not, since a session is for one bucket.
bool uses_express_session(const operation_spec& operation) noexcept;

namespace detail {

/// The question once more, with what has been found out already.
struct special_query {
  const endpoint_query& q;
  std::string_view region{};  ///< the client's; "us-east-1" for "aws-global"
  const partition& home;      ///< the region's
  bool accelerate{};          ///< wanted, and not for an operation that has none of it
};
/// Of a bucket that is not of the general kind, or of ListDirectoryBuckets, which has none.
result<endpoint> special_endpoint(const special_query& s, bucket_kind kind);

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/special_endpoints_impl.hpp>
#endif
