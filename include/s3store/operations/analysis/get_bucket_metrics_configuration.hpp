// GetBucketMetricsConfiguration: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct get_bucket_metrics_configuration_response {
  std::optional<types::metrics_configuration> metrics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("MetricsConfiguration", m.metrics_configuration);
  }
};

/// A metrics filter by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html
struct get_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetricsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
