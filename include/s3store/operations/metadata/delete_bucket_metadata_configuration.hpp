// DeleteBucketMetadataConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct delete_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Ends a bucket's metadata tables; the tables stay.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataConfiguration.html
struct delete_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetadataConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metadataConfiguration",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
