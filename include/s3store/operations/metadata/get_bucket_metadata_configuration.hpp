// GetBucketMetadataConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct s3_tables_bucket_type : enumeration<s3_tables_bucket_type> {
  using enumeration::enumeration;
  static constexpr constant aws{"aws"};
  static constexpr constant customer{"customer"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DestinationResult.html
struct destination_result {
  types::s3_tables_bucket_type table_bucket_type{};
  std::string table_bucket_arn{};
  std::string table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketType", m.table_bucket_type);
    v.element("TableBucketArn", m.table_bucket_arn);
    v.element("TableNamespace", m.table_namespace);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationResult.html
struct journal_table_configuration_result {
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableStatus", m.table_status, wire::required);
    v.element("Error", m.error);
    v.element("TableName", m.table_name, wire::required);
    v.element("TableArn", m.table_arn);
    v.element("RecordExpiration", m.record_expiration, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html
struct inventory_table_configuration_result {
  types::inventory_configuration_state configuration_state{};
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationResult.html
struct annotation_table_configuration_result {
  types::annotation_configuration_state configuration_state{};
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::string table_arn{};
  std::string role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state, wire::required);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
    v.element("Role", m.role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfigurationResult.html
struct metadata_configuration_result {
  types::destination_result destination_result{};
  std::optional<types::journal_table_configuration_result> journal_table_configuration_result{};
  std::optional<types::inventory_table_configuration_result> inventory_table_configuration_result{};
  std::optional<types::annotation_table_configuration_result> annotation_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DestinationResult", m.destination_result, wire::required);
    v.element("JournalTableConfigurationResult", m.journal_table_configuration_result);
    v.element("InventoryTableConfigurationResult", m.inventory_table_configuration_result);
    v.element("AnnotationTableConfigurationResult", m.annotation_table_configuration_result);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfigurationResult.html
struct get_bucket_metadata_configuration_result {
  types::metadata_configuration_result metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataConfigurationResult", m.metadata_configuration_result, wire::required);
  }
};

}  // namespace types

struct get_bucket_metadata_configuration_response {
  std::optional<types::get_bucket_metadata_configuration_result> get_bucket_metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataConfigurationResult", m.get_bucket_metadata_configuration_result);
  }
};

/// A bucket's metadata tables and their state.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html
struct get_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataConfiguration"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
