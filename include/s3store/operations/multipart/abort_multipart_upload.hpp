// AbortMultipartUpload: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct abort_multipart_upload_response {
  types::request_charged request_charged{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Throws the parts of an upload away.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
struct abort_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<timestamp> if_match_initiated_time{};

  using response = abort_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "AbortMultipartUpload",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-if-match-initiated-time", m.if_match_initiated_time);
  }
};

}  // namespace s3store::inline S3STORE_ABI
