// GetBucketAnalyticsConfiguration: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct get_bucket_analytics_configuration_response {
  std::optional<types::analytics_configuration> analytics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AnalyticsConfiguration", m.analytics_configuration);
  }
};

/// A storage class analysis by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html
struct get_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAnalyticsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
