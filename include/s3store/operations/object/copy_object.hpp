// CopyObject: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct metadata_directive : enumeration<metadata_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct tagging_directive : enumeration<tagging_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct annotation_directive : enumeration<annotation_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant exclude{"EXCLUDE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObjectResult.html
struct copy_object_result {
  std::string etag{};
  std::optional<timestamp> last_modified{};
  types::checksum_type checksum_type{};
  std::string checksum_crc32{};
  std::string checksum_crc32c{};
  std::string checksum_crc64nvme{};
  std::string checksum_sha1{};
  std::string checksum_sha256{};
  std::string checksum_sha512{};
  std::string checksum_md5{};
  std::string checksum_xxhash64{};
  std::string checksum_xxhash3{};
  std::string checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("ChecksumType", m.checksum_type);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct copy_object_response {
  std::optional<types::copy_object_result> copy_object_result{};
  std::string expiration{};
  std::string copy_source_version_id{};
  std::string version_id{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.payload("CopyObjectResult", m.copy_object_result);
  }
};

/// Copies an object of up to 5 GiB inside S3. Conditions on the source and on the destination are members of their own.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
struct copy_object_request {
  std::string bucket{};
  std::string key{};
  std::string content_type{};
  s3store::metadata metadata{};
  s3store::copy_source copy_source{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  types::checksum_algorithm checksum_algorithm{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::string expires{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  types::metadata_directive metadata_directive{};
  types::tagging_directive tagging_directive{};
  types::annotation_directive annotation_directive{};
  types::server_side_encryption server_side_encryption{};
  types::storage_class storage_class{};
  std::string website_redirect_location{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::string copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::string copy_source_sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::string tagging{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = copy_object_response;
  static constexpr operation_spec spec{
      .name = "CopyObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-copy-source", m.copy_source, wire::required);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-metadata-directive", m.metadata_directive);
    v.header("x-amz-tagging-directive", m.tagging_directive);
    v.header("x-amz-object-annotation-directive", m.annotation_directive);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline S3STORE_ABI
