// DeleteObject: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct delete_object_response {
  std::optional<bool> delete_marker{};
  std::string version_id{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Deletes an object or one version of it; in a versioned bucket, without a version, it lays a delete marker.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
struct delete_object_request {
  std::string bucket{};
  std::string key{};
  std::string mfa{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_match_last_modified_time{};
  std::optional<std::int64_t> if_match_size{};

  using response = delete_object_response;
  static constexpr operation_spec spec{
      .name = "DeleteObject",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("x-amz-if-match-last-modified-time", m.if_match_last_modified_time);
    v.header("x-amz-if-match-size", m.if_match_size);
  }
};

}  // namespace s3store::inline S3STORE_ABI
