// Which operations set access logging, transfer acceleration, and who pays for requests?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct bucket_logs_permission : enumeration<bucket_logs_permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant read{"READ"};
  static constexpr constant write{"WRITE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetGrant.html
struct target_grant {
  std::optional<types::grantee> grantee{};
  types::bucket_logs_permission permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SimplePrefix.html
struct simple_prefix {
  template <class V>
  static void describe(V&, auto&) {}
};

struct partition_date_source : enumeration<partition_date_source> {
  using enumeration::enumeration;
  static constexpr constant event_time{"EventTime"};
  static constexpr constant delivery_time{"DeliveryTime"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PartitionedPrefix.html
struct partitioned_prefix {
  types::partition_date_source partition_date_source{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartitionDateSource", m.partition_date_source);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetObjectKeyFormat.html
struct target_object_key_format {
  std::optional<types::simple_prefix> simple_prefix{};
  std::optional<types::partitioned_prefix> partitioned_prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SimplePrefix", m.simple_prefix);
    v.element("PartitionedPrefix", m.partitioned_prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LoggingEnabled.html
struct logging_enabled {
  std::string target_bucket{};
  std::vector<types::target_grant> target_grants{};
  std::string target_prefix{};
  std::optional<types::target_object_key_format> target_object_key_format{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TargetBucket", m.target_bucket, wire::required);
    v.list("TargetGrants", "Grant", m.target_grants);
    v.element("TargetPrefix", m.target_prefix, wire::required);
    v.element("TargetObjectKeyFormat", m.target_object_key_format);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLoggingStatus.html
struct bucket_logging_status {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

struct bucket_accelerate_status : enumeration<bucket_accelerate_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccelerateConfiguration.html
struct accelerate_configuration {
  types::bucket_accelerate_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

struct payer : enumeration<payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"Requester"};
  static constexpr constant bucket_owner{"BucketOwner"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RequestPaymentConfiguration.html
struct request_payment_configuration {
  types::payer payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Payer", m.payer, wire::required);
  }
};

}  // namespace types

struct put_bucket_logging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets where access to a bucket is logged; without a target it is not.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
struct put_bucket_logging_request {
  std::string bucket{};
  types::bucket_logging_status bucket_logging_status{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_logging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLogging",
      .method = http::method::put,
      .uri = "/{Bucket}?logging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("BucketLoggingStatus", m.bucket_logging_status, wire::required);
  }
};

struct get_bucket_logging_response {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("BucketLoggingStatus");
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

/// A bucket's logging configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
struct get_bucket_logging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_logging_response;
  static constexpr operation_spec spec{.name = "GetBucketLogging", .method = http::method::get, .uri = "/{Bucket}?logging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_accelerate_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns Transfer Acceleration on, or suspends it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
struct put_bucket_accelerate_configuration_request {
  std::string bucket{};
  types::accelerate_configuration accelerate_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = put_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAccelerateConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?accelerate",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("AccelerateConfiguration", m.accelerate_configuration, wire::required);
  }
};

struct get_bucket_accelerate_configuration_response {
  types::bucket_accelerate_status status{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccelerateConfiguration");
    v.element("Status", m.status);
  }
};

/// Is Transfer Acceleration on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
struct get_bucket_accelerate_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = get_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAccelerateConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?accelerate"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct put_bucket_request_payment_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says whether the owner or the requester pays for downloads.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
struct put_bucket_request_payment_request {
  std::string bucket{};
  types::request_payment_configuration request_payment_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "PutBucketRequestPayment",
      .method = http::method::put,
      .uri = "/{Bucket}?requestPayment",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RequestPaymentConfiguration", m.request_payment_configuration, wire::required);
  }
};

struct get_bucket_request_payment_response {
  types::payer payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("RequestPaymentConfiguration");
    v.element("Payer", m.payer);
  }
};

/// Who pays for downloads?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
struct get_bucket_request_payment_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "GetBucketRequestPayment",
      .method = http::method::get,
      .uri = "/{Bucket}?requestPayment"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
