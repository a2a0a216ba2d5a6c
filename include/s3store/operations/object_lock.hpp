// Which operations keep objects from being deleted or overwritten?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct object_lock_enabled : enumeration<object_lock_enabled> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
};

struct object_lock_retention_mode : enumeration<object_lock_retention_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventHoldDuration.html
struct event_hold_duration {
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("Years", m.years);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
struct default_retention {
  types::object_lock_retention_mode mode{};
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};
  std::optional<types::event_hold_duration> default_event_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("Days", m.days);
    v.element("Years", m.years);
    v.element("DefaultEventHold", m.default_event_hold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRule.html
struct object_lock_rule {
  std::optional<types::default_retention> default_retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DefaultRetention", m.default_retention);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockConfiguration.html
struct object_lock_configuration {
  types::object_lock_enabled object_lock_enabled{};
  std::optional<types::object_lock_rule> rule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectLockEnabled", m.object_lock_enabled);
    v.element("Rule", m.rule);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRetention.html
struct object_lock_retention {
  types::object_lock_retention_mode mode{};
  std::optional<timestamp> retain_until_date{};
  types::object_lock_event_hold event_hold{};
  std::optional<types::event_hold_duration> event_hold_duration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("RetainUntilDate", m.retain_until_date);
    v.element("EventHold", m.event_hold);
    v.element("EventHoldDuration", m.event_hold_duration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockLegalHold.html
struct object_lock_legal_hold {
  types::object_lock_legal_hold_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_object_lock_configuration_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets a bucket's object lock and its default retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
struct put_object_lock_configuration_request {
  std::string bucket{};
  std::optional<types::object_lock_configuration> object_lock_configuration{};
  types::request_payer request_payer{};
  std::string token{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLockConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?object-lock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

struct get_object_lock_configuration_response {
  std::optional<types::object_lock_configuration> object_lock_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

/// A bucket's object lock configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
struct get_object_lock_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLockConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?object-lock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_retention_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Keeps a version until a date; shortening or lifting a governance retention needs a bypass.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
struct put_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_retention> retention{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::optional<bool> bypass_governance_retention{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_retention_response;
  static constexpr operation_spec spec{
      .name = "PutObjectRetention",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?retention",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Retention", m.retention);
  }
};

struct get_object_retention_response {
  std::optional<types::object_lock_retention> retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("Retention", m.retention);
  }
};

/// A version's retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
struct get_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_retention_response;
  static constexpr operation_spec spec{
      .name = "GetObjectRetention",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?retention"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_legal_hold_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Holds a version until the hold is lifted, or lifts it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
struct put_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_legal_hold> legal_hold{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLegalHold",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?legal-hold",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LegalHold", m.legal_hold);
  }
};

struct get_object_legal_hold_response {
  std::optional<types::object_lock_legal_hold> legal_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("LegalHold", m.legal_hold);
  }
};

/// Is the version under a legal hold?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
struct get_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLegalHold",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?legal-hold"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
