// UpdateBucketMetadataAnnotationTableConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationUpdates.html
struct annotation_table_configuration_updates {
  types::annotation_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};
  std::string role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("Role", m.role);
  }
};

}  // namespace types

struct update_bucket_metadata_annotation_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the annotation table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataAnnotationTableConfiguration.html
struct update_bucket_metadata_annotation_table_configuration_request {
  std::string bucket{};
  types::annotation_table_configuration_updates annotation_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_annotation_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataAnnotationTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataAnnotationTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnnotationTableConfiguration", m.annotation_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
