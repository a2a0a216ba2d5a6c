// UpdateBucketMetadataJournalTableConfiguration: how does it travel?
#pragma once

#include <s3store/operations/metadata/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationUpdates.html
struct journal_table_configuration_updates {
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration, wire::required);
  }
};

}  // namespace types

struct update_bucket_metadata_journal_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how long the journal table keeps its records.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataJournalTableConfiguration.html
struct update_bucket_metadata_journal_table_configuration_request {
  std::string bucket{};
  types::journal_table_configuration_updates journal_table_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_journal_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataJournalTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataJournalTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("JournalTableConfiguration", m.journal_table_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
