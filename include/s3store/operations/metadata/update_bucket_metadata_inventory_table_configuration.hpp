// UpdateBucketMetadataInventoryTableConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationUpdates.html
struct inventory_table_configuration_updates {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

}  // namespace types

struct update_bucket_metadata_inventory_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the live inventory table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataInventoryTableConfiguration.html
struct update_bucket_metadata_inventory_table_configuration_request {
  std::string bucket{};
  types::inventory_table_configuration_updates inventory_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_inventory_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataInventoryTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataInventoryTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryTableConfiguration", m.inventory_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
