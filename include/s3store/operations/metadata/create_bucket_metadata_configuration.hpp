// CreateBucketMetadataConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfiguration.html
struct journal_table_configuration {
  types::record_expiration record_expiration{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfiguration.html
struct inventory_table_configuration {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfiguration.html
struct annotation_table_configuration {
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

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfiguration.html
struct metadata_configuration {
  types::journal_table_configuration journal_table_configuration{};
  std::optional<types::inventory_table_configuration> inventory_table_configuration{};
  std::optional<types::annotation_table_configuration> annotation_table_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("JournalTableConfiguration", m.journal_table_configuration, wire::required);
    v.element("InventoryTableConfiguration", m.inventory_table_configuration);
    v.element("AnnotationTableConfiguration", m.annotation_table_configuration);
  }
};

}  // namespace types

struct create_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Starts a bucket's metadata tables.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataConfiguration.html
struct create_bucket_metadata_configuration_request {
  std::string bucket{};
  types::metadata_configuration metadata_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataConfiguration",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataConfiguration", m.metadata_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
