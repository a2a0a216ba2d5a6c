// Which endpoint does the default client send to? The one that AWS's published rules give, or the custom one of the settings.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints-overview.html
#pragma once

#include <s3store/core/result.hpp>
#include <s3store/protocol/endpoint.hpp>

namespace s3store::inline S3STORE_ABI {

/// The default rules: AWS's own, which it publishes as `endpoint-rule-set-1.json` with its SDKs, and those of custom endpoints.
///
/// They differ from AWS's in this:
/// - An endpoint that is not AWS's gets every bucket in the path, unless the settings want it in the host name, also one with dots. It has
///   no reserved names and no directory buckets, and is not passed over for AWS's hosts of Multi-Region Access Points.
/// - What the settings want is refused where it can't be done, and never left out: a bucket or access point in the host name, FIPS.
/// - Where the region is part of a host name, it must be one label.
/// - "aws-global" is us-east-1 also where AWS's rules make it part of a host name.
struct standard_endpoint_rules {
  /// Fails with `configuration` if settings are wrong, or contradict each other or an ARN, and with `invalid_argument` if the bucket name
  /// can't be part of a host name but must be, or is an ARN that is malformed or of something else.
  result<endpoint> resolve(const endpoint_query& q) const;
};

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/endpoint_rules_impl.hpp>
#endif
