// Which operations attach annotations to objects?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationEntry.html
struct annotation_entry {
  std::string annotation_name{};
  timestamp last_modified{};
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  std::int64_t size{};
  types::replication_status replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AnnotationName", m.annotation_name, wire::required);
    v.element("LastModified", m.last_modified, wire::required);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("Size", m.size, wire::required);
    v.element("ReplicationStatus", m.replication_status);
  }
};

}  // namespace types

struct put_object_annotation_response {
  std::string key{};
  std::string annotation_name{};
  std::string object_version_id{};
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
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
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
    v.header("x-amz-request-charged", m.request_charged);
    v.root("PutObjectAnnotationResult");
    v.element("Key", m.key);
    v.element("AnnotationName", m.annotation_name);
  }
};

/// Attaches a named annotation to an object, or replaces it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html
struct put_object_annotation_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  std::optional<std::string> object_if_match{};
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
  std::string content_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAnnotation",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?annotation",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("annotationName", m.annotation_name, wire::required);
    v.header("x-amz-object-if-match", m.object_if_match);
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
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.stream(m.body);
  }
};

struct get_object_annotation_response {
  std::string body{};
  std::string object_version_id{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
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
  types::request_charged request_charged{};
  types::replication_status replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
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
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.stream(m.body);
  }
};

/// Reads an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAnnotation.html
struct get_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_mode checksum_mode{};

  using response = get_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAnnotation",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation",
      .answer_checksum = true,
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name, wire::required);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

struct delete_object_annotation_response {
  std::string object_version_id{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Removes an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html
struct delete_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> object_if_match{};

  using response = delete_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectAnnotation",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?annotation",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name, wire::required);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-if-match", m.object_if_match);
  }
};

struct list_object_annotations_response {
  std::vector<types::annotation_entry> annotations{};
  std::string bucket{};
  std::string key{};
  std::string object_version_id{};
  std::string annotation_prefix{};
  std::optional<std::int32_t> max_annotation_results{};
  std::optional<std::int32_t> annotation_count{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListObjectAnnotationsResult");
    v.list("Annotations", "AnnotationEntry", m.annotations);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("AnnotationPrefix", m.annotation_prefix);
    v.element("MaxAnnotationResults", m.max_annotation_results);
    v.element("AnnotationCount", m.annotation_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// An object's annotations.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html
struct list_object_annotations_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_annotation_results{};
  std::string annotation_prefix{};
  std::string continuation_token{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_object_annotations_response;
  static constexpr operation_spec spec{
      .name = "ListObjectAnnotations",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("max-annotation-results", m.max_annotation_results);
    v.query("annotation-prefix", m.annotation_prefix);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.annotations; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token);
  }
};

}  // namespace s3store::inline S3STORE_ABI
