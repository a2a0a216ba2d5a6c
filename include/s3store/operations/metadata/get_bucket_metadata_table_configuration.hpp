// GetBucketMetadataTableConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestinationResult.html
struct s3_tables_destination_result {
  std::string table_bucket_arn{};
  std::string table_name{};
  std::string table_arn{};
  std::string table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn, wire::required);
    v.element("TableName", m.table_name, wire::required);
    v.element("TableArn", m.table_arn, wire::required);
    v.element("TableNamespace", m.table_namespace, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfigurationResult.html
struct metadata_table_configuration_result {
  types::s3_tables_destination_result s3_tables_destination_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestinationResult", m.s3_tables_destination_result, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfigurationResult.html
struct get_bucket_metadata_table_configuration_result {
  types::metadata_table_configuration_result metadata_table_configuration_result{};
  std::string status{};
  std::optional<types::error_details> error{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataTableConfigurationResult", m.metadata_table_configuration_result, wire::required);
    v.element("Status", m.status, wire::required);
    v.element("Error", m.error);
  }
};

}  // namespace types

struct get_bucket_metadata_table_configuration_response {
  std::optional<types::get_bucket_metadata_table_configuration_result> get_bucket_metadata_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataTableConfigurationResult", m.get_bucket_metadata_table_configuration_result);
  }
};

/// The first version of GetBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html
struct get_bucket_metadata_table_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataTableConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataTable"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
