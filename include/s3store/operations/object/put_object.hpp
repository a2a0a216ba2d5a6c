// PutObject: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct put_object_response {
  std::string expiration{};
  std::string etag{};
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
  types::checksum_type checksum_type{};
  types::server_side_encryption server_side_encryption{};
  std::string version_id{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<std::int64_t> size{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-object-size", m.size);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Stores an object in one request, of up to 5 GiB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
struct put_object_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::string content_type{};
  s3store::metadata metadata{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::int64_t> content_length{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
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
  std::string expires{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
  std::optional<std::int64_t> write_offset_bytes{};
  types::server_side_encryption server_side_encryption{};
  types::storage_class storage_class{};
  std::string website_redirect_location{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_payer request_payer{};
  std::string tagging{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_response;
  static constexpr operation_spec spec{
      .name = "PutObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("Content-MD5", m.content_md5);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("Expires", m.expires);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-write-offset-bytes", m.write_offset_bytes);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline S3STORE_ABI
