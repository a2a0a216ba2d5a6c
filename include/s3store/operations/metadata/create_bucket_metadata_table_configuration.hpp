// CreateBucketMetadataTableConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestination.html
struct s3_tables_destination {
  std::string table_bucket_arn{};
  std::string table_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn, wire::required);
    v.element("TableName", m.table_name, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfiguration.html
struct metadata_table_configuration {
  types::s3_tables_destination s3_tables_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestination", m.s3_tables_destination, wire::required);
  }
};

}  // namespace types

struct create_bucket_metadata_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The first version of CreateBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataTableConfiguration.html
struct create_bucket_metadata_table_configuration_request {
  std::string bucket{};
  types::metadata_table_configuration metadata_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataTableConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataTableConfiguration", m.metadata_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
