// Which operations set and get access control lists and the ownership of objects?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlPolicy.html
struct access_control_policy {
  std::vector<types::grant> grants{};
  std::optional<types::owner> owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("AccessControlList", "Grant", m.grants);
    v.element("Owner", m.owner);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControlsRule.html
struct ownership_controls_rule {
  types::object_ownership object_ownership{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectOwnership", m.object_ownership, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControls.html
struct ownership_controls {
  std::vector<types::ownership_controls_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

struct bucket_abac_status : enumeration<bucket_abac_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbacStatus.html
struct abac_status {
  types::bucket_abac_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_bucket_acl_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's access control list: a canned one, grants in headers, or a whole document.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
struct put_bucket_acl_request {
  std::string bucket{};
  std::optional<types::access_control_policy> access_control_policy{};
  types::bucket_canned_acl acl{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_acl_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAcl",
      .method = http::method::put,
      .uri = "/{Bucket}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_bucket_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// A bucket's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
struct get_bucket_acl_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_acl_response;
  static constexpr operation_spec spec{.name = "GetBucketAcl", .method = http::method::get, .uri = "/{Bucket}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_acl_response {
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets an object's access control list.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
struct put_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::access_control_policy> access_control_policy{};
  types::object_canned_acl acl{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  types::request_payer request_payer{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_acl_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAcl",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_object_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// An object's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
struct get_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_acl_response;
  static constexpr operation_spec spec{.name = "GetObjectAcl", .method = http::method::get, .uri = "/{Bucket}/{Key+}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says who owns what others upload, and whether access control lists count at all.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
struct put_bucket_ownership_controls_request {
  std::string bucket{};
  types::ownership_controls ownership_controls{};
  std::string content_md5{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = put_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "PutBucketOwnershipControls",
      .method = http::method::put,
      .uri = "/{Bucket}?ownershipControls",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("OwnershipControls", m.ownership_controls, wire::required);
  }
};

struct get_bucket_ownership_controls_response {
  std::optional<types::ownership_controls> ownership_controls{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("OwnershipControls", m.ownership_controls);
  }
};

/// A bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
struct get_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "GetBucketOwnershipControls",
      .method = http::method::get,
      .uri = "/{Bucket}?ownershipControls"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
struct delete_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketOwnershipControls",
      .method = http::method::delete_,
      .uri = "/{Bucket}?ownershipControls",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_abac_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns attribute-based access control, by the bucket's tags, on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
struct put_bucket_abac_request {
  std::string bucket{};
  types::abac_status abac_status{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_abac_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAbac",
      .method = http::method::put,
      .uri = "/{Bucket}?abac",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AbacStatus", m.abac_status, wire::required);
  }
};

struct get_bucket_abac_response {
  std::optional<types::abac_status> abac_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AbacStatus", m.abac_status);
  }
};

/// Is attribute-based access control on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAbac.html
struct get_bucket_abac_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_abac_response;
  static constexpr operation_spec spec{.name = "GetBucketAbac", .method = http::method::get, .uri = "/{Bucket}?abac"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
