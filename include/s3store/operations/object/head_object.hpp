// HeadObject: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct archive_status : enumeration<archive_status> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

}  // namespace types

struct head_object_response {
  std::optional<bool> delete_marker{};
  std::string accept_ranges{};
  std::string expiration{};
  std::string restore{};
  types::archive_status archive_status{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
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
  std::string etag{};
  std::optional<std::int32_t> missing_meta{};
  std::string version_id{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::string content_type{};
  std::string content_range{};
  std::string expires{};
  std::string website_redirect_location{};
  types::server_side_encryption server_side_encryption{};
  s3store::metadata metadata{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::storage_class storage_class{};
  types::request_charged request_charged{};
  types::replication_status replication_status{};
  std::optional<std::int32_t> parts_count{};
  std::optional<std::int32_t> tag_count{};
  types::object_lock_mode object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  types::object_lock_event_hold object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("accept-ranges", m.accept_ranges);
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-restore", m.restore);
    v.header("x-amz-archive-status", m.archive_status);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
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
    v.header("ETag", m.etag);
    v.header("x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-version-id", m.version_id);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Content-Range", m.content_range);
    v.header("Expires", m.expires);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.header("x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-tagging-count", m.tag_count);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.headers("x-amz-meta-", m.metadata);
  }
};

/// An object's metadata without its bytes. An error has no body, so its kind comes from the status alone.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
struct head_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_modified_since{};
  std::optional<std::string> if_none_match{};
  std::optional<timestamp> if_unmodified_since{};
  std::string range{};
  std::string response_cache_control{};
  std::string response_content_disposition{};
  std::string response_content_encoding{};
  std::string response_content_language{};
  std::string response_content_type{};
  std::optional<timestamp> response_expires{};
  std::optional<std::string> version_id{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::int32_t> part_number{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_mode checksum_mode{};

  using response = head_object_response;
  static constexpr operation_spec spec{.name = "HeadObject", .method = http::method::head, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("response-cache-control", m.response_cache_control);
    v.query("response-content-disposition", m.response_content_disposition);
    v.query("response-content-encoding", m.response_content_encoding);
    v.query("response-content-language", m.response_content_language);
    v.query("response-content-type", m.response_content_type);
    v.query("response-expires", m.response_expires, timestamp_format::http_date);
    v.query("versionId", m.version_id);
    v.query("partNumber", m.part_number);
    v.header("If-Match", m.if_match);
    v.header("If-Modified-Since", m.if_modified_since);
    v.header("If-None-Match", m.if_none_match);
    v.header("If-Unmodified-Since", m.if_unmodified_since);
    v.header("Range", m.range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

}  // namespace s3store::inline S3STORE_ABI
