// Which operations tag buckets and objects?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct put_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
struct put_bucket_tagging_request {
  std::string bucket{};
  types::tagging tagging{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketTagging",
      .method = http::method::put,
      .uri = "/{Bucket}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Tagging", m.tagging, wire::required);
  }
};

struct get_bucket_tagging_response {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set, wire::required);
  }
};

/// A bucket's tags; NoSuchTagSet where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
struct get_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_tagging_response;
  static constexpr operation_spec spec{.name = "GetBucketTagging", .method = http::method::get, .uri = "/{Bucket}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
struct delete_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_tagging_response {
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Replaces the tags, 10 at most, of an object or one of its versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
struct put_object_tagging_request {
  std::string bucket{};
  std::string key{};
  types::tagging tagging{};
  std::optional<std::string> version_id{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = put_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutObjectTagging",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.payload("Tagging", m.tagging, wire::required);
  }
};

struct get_object_tagging_response {
  std::string version_id{};
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set, wire::required);
  }
};

/// An object's tags; empty where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
struct get_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = get_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTagging",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct delete_object_tagging_response {
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Removes an object's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
struct delete_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
