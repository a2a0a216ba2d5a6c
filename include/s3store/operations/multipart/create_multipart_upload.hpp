// CreateMultipartUpload: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct create_multipart_upload_response {
  std::optional<timestamp> abort_date{};
  std::string abort_rule_id{};
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-version-id", m.version_id);
    v.root("InitiateMultipartUploadResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
  }
};

/// Starts an upload in parts. Until it is completed or aborted, its parts are kept and paid for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
struct create_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string content_type{};
  s3store::metadata metadata{};
  types::object_canned_acl acl{};
  std::string cache_control{};
  std::string content_disposition{};
  std::string content_encoding{};
  std::string content_language{};
  std::string expires{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write_acp{};
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
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};

  using response = create_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CreateMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?uploads"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
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
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline S3STORE_ABI
