// PutBucketAnalyticsConfiguration: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct put_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html
struct put_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  types::analytics_configuration analytics_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAnalyticsConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnalyticsConfiguration", m.analytics_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
