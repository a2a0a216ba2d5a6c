// DeleteBucketAnalyticsConfiguration: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketAnalyticsConfiguration.html
struct delete_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketAnalyticsConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?analytics",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
