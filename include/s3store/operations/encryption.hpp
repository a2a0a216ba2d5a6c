// Which operations set how objects are encrypted at rest?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
struct server_side_encryption_by_default {
  types::server_side_encryption sse_algorithm{};
  std::string kms_master_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSEAlgorithm", m.sse_algorithm, wire::required);
    v.element("KMSMasterKeyID", m.kms_master_key_id);
  }
};

struct encryption_type : enumeration<encryption_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant sse_c{"SSE-C"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
struct blocked_encryption_types {
  std::vector<types::encryption_type> encryption_type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
struct server_side_encryption_rule {
  std::optional<types::server_side_encryption_by_default> apply_server_side_encryption_by_default{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::blocked_encryption_types> blocked_encryption_types{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ApplyServerSideEncryptionByDefault", m.apply_server_side_encryption_by_default);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
    v.element("BlockedEncryptionTypes", m.blocked_encryption_types);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html
struct server_side_encryption_configuration {
  std::vector<types::server_side_encryption_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMSEncryption.html
struct sse_kms_encryption {
  std::string kms_key_arn{};
  std::optional<bool> bucket_key_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KMSKeyArn", m.kms_key_arn, wire::required);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectEncryption.html
struct object_encryption {
  std::optional<types::sse_kms_encryption> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-KMS", m.sse_kms);
  }
};

}  // namespace types

struct put_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how new objects are encrypted where their upload does not say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
struct put_bucket_encryption_request {
  std::string bucket{};
  types::server_side_encryption_configuration server_side_encryption_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "PutBucketEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration, wire::required);
  }
};

struct get_bucket_encryption_response {
  std::optional<types::server_side_encryption_configuration> server_side_encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration);
  }
};

/// A bucket's default encryption.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
struct get_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_encryption_response;
  static constexpr operation_spec spec{.name = "GetBucketEncryption", .method = http::method::get, .uri = "/{Bucket}?encryption"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's default encryption back to SSE-S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
struct delete_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketEncryption",
      .method = http::method::delete_,
      .uri = "/{Bucket}?encryption",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct update_object_encryption_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Changes how a stored object is encrypted, without copying it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
struct update_object_encryption_request {
  std::string bucket{};
  std::string key{};
  types::object_encryption object_encryption{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};

  using response = update_object_encryption_response;
  static constexpr operation_spec spec{
      .name = "UpdateObjectEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("ObjectEncryption", m.object_encryption, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
