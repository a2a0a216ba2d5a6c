// Which operations set bucket policies and block public access?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PolicyStatus.html
struct policy_status {
  std::optional<bool> is_public{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsPublic", m.is_public);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
struct public_access_block_configuration {
  std::optional<bool> block_public_acls{};
  std::optional<bool> ignore_public_acls{};
  std::optional<bool> block_public_policy{};
  std::optional<bool> restrict_public_buckets{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BlockPublicAcls", m.block_public_acls);
    v.element("IgnorePublicAcls", m.ignore_public_acls);
    v.element("BlockPublicPolicy", m.block_public_policy);
    v.element("RestrictPublicBuckets", m.restrict_public_buckets);
  }
};

}  // namespace types

struct put_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's policy, a JSON document, of up to 20 KB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
struct put_bucket_policy_request {
  std::string bucket{};
  std::string policy{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<bool> confirm_remove_self_bucket_access{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "PutBucketPolicy",
      .method = http::method::put,
      .uri = "/{Bucket}?policy",
      .checksum = request_checksum::required,
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-confirm-remove-self-bucket-access", m.confirm_remove_self_bucket_access);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.text(m.policy, wire::required);
  }
};

struct get_bucket_policy_response {
  std::string policy{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.text(m.policy);
  }
};

/// A bucket's policy as it was stored; NoSuchBucketPolicy where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
struct get_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_response;
  static constexpr operation_spec spec{.name = "GetBucketPolicy", .method = http::method::get, .uri = "/{Bucket}?policy"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's policy.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
struct delete_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketPolicy",
      .method = http::method::delete_,
      .uri = "/{Bucket}?policy",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_policy_status_response {
  std::optional<types::policy_status> policy_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PolicyStatus", m.policy_status);
  }
};

/// Does the bucket's policy make it public?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
struct get_bucket_policy_status_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_status_response;
  static constexpr operation_spec spec{
      .name = "GetBucketPolicyStatus",
      .method = http::method::get,
      .uri = "/{Bucket}?policyStatus"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets which kinds of public access are blocked whatever policies and access control lists say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
struct put_public_access_block_request {
  std::string bucket{};
  types::public_access_block_configuration public_access_block_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "PutPublicAccessBlock",
      .method = http::method::put,
      .uri = "/{Bucket}?publicAccessBlock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration, wire::required);
  }
};

struct get_public_access_block_response {
  std::optional<types::public_access_block_configuration> public_access_block_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration);
  }
};

/// Which kinds of public access are blocked?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
struct get_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "GetPublicAccessBlock",
      .method = http::method::get,
      .uri = "/{Bucket}?publicAccessBlock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes the block on public access.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
struct delete_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "DeletePublicAccessBlock",
      .method = http::method::delete_,
      .uri = "/{Bucket}?publicAccessBlock",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
