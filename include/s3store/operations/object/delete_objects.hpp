// DeleteObjects: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectIdentifier.html
struct object_identifier {
  std::string key{};
  std::optional<std::string> version_id{};  ///< absent: the current version
  std::optional<std::string> etag{};  ///< deletes only an object that has it
  std::optional<timestamp> last_modified_time{};
  std::optional<std::int64_t> size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
    v.element("VersionId", m.version_id, wire::never_empty);
    v.element("ETag", m.etag, wire::never_empty);
    v.element("LastModifiedTime", m.last_modified_time, timestamp_format::http_date);
    v.element("Size", m.size);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Delete.html
struct delete_ {
  std::vector<types::object_identifier> objects{};
  std::optional<bool> quiet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Object", m.objects, wire::required);
    v.element("Quiet", m.quiet);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletedObject.html
struct deleted_object {
  std::string key{};
  std::string version_id{};
  std::optional<bool> delete_marker{};
  std::string delete_marker_version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("DeleteMarker", m.delete_marker);
    v.element("DeleteMarkerVersionId", m.delete_marker_version_id);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Error.html
struct error {
  std::string key{};
  std::string version_id{};
  std::string code{};
  std::string message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("Code", m.code);
    v.element("Message", m.message);
  }
};

}  // namespace types

struct delete_objects_response {
  std::vector<types::deleted_object> deleted{};
  types::request_charged request_charged{};
  std::vector<types::error> errors{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("DeleteResult");
    v.element("Deleted", m.deleted);
    v.element("Error", m.errors);
  }
};

/// Deletes up to 1,000 objects in one request. Success says only that the request was read: look at `errors`.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
struct delete_objects_request {
  std::string bucket{};
  types::delete_ delete_{};
  std::string mfa{};
  types::request_payer request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  types::checksum_algorithm checksum_algorithm{};

  using response = delete_objects_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjects",
      .method = http::method::post,
      .uri = "/{Bucket}?delete",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("Delete", m.delete_, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
