// WriteGetObjectResponse: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct write_get_object_response_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Answers a GetObject from an S3 Object Lambda function.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WriteGetObjectResponse.html
struct write_get_object_response_request {
  http::body body{};
  std::string content_type{};
  s3store::metadata metadata{};
  std::string request_route{};
  std::string request_token{};
  std::optional<std::int32_t> status_code{};
  std::string error_code{};
  std::string error_message{};
  std::string accept_ranges{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::optional<std::int64_t> content_length{};
  std::string content_range{};
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
  std::optional<bool> delete_marker{};
  std::string etag{};
  std::string expires{};
  std::string expiration{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int32_t> missing_meta{};
  types::object_lock_mode object_lock_mode{};
  types::object_lock_legal_hold_status object_lock_legal_hold_status{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<std::int32_t> parts_count{};
  types::replication_status replication_status{};
  types::request_charged request_charged{};
  std::string restore{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_kms_key_id{};
  std::string sse_customer_key_md5{};
  types::storage_class storage_class{};
  std::optional<std::int32_t> tag_count{};
  std::string version_id{};
  std::optional<bool> bucket_key_enabled{};

  using response = write_get_object_response_response;
  static constexpr operation_spec spec{
      .name = "WriteGetObjectResponse",
      .method = http::method::post,
      .uri = "/WriteGetObjectResponse",
      .service = "s3-object-lambda",
      .host_prefix = "x-amz-request-route",
      .unsigned_payload = true};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-route", m.request_route, wire::required);
    v.header("x-amz-request-token", m.request_token, wire::required);
    v.header("x-amz-fwd-status", m.status_code);
    v.header("x-amz-fwd-error-code", m.error_code);
    v.header("x-amz-fwd-error-message", m.error_message);
    v.header("x-amz-fwd-header-accept-ranges", m.accept_ranges);
    v.header("x-amz-fwd-header-Cache-Control", m.cache_control);
    v.header("x-amz-fwd-header-Content-Disposition", m.content_disposition);
    v.header("x-amz-fwd-header-Content-Encoding", m.content_encoding);
    v.header("x-amz-fwd-header-Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("x-amz-fwd-header-Content-Range", m.content_range);
    v.header("x-amz-fwd-header-Content-Type", m.content_type);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-fwd-header-x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-fwd-header-x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-fwd-header-x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-fwd-header-x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-fwd-header-x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-fwd-header-x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-fwd-header-ETag", m.etag);
    v.header("x-amz-fwd-header-Expires", m.expires);
    v.header("x-amz-fwd-header-x-amz-expiration", m.expiration);
    v.header("x-amz-fwd-header-Last-Modified", m.last_modified);
    v.header("x-amz-fwd-header-x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-fwd-header-x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-fwd-header-x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-fwd-header-x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-fwd-header-x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-fwd-header-x-amz-replication-status", m.replication_status);
    v.header("x-amz-fwd-header-x-amz-request-charged", m.request_charged);
    v.header("x-amz-fwd-header-x-amz-restore", m.restore);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-fwd-header-x-amz-storage-class", m.storage_class);
    v.header("x-amz-fwd-header-x-amz-tagging-count", m.tag_count);
    v.header("x-amz-fwd-header-x-amz-version-id", m.version_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline S3STORE_ABI
