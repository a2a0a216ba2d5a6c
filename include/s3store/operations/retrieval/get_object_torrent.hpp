// GetObjectTorrent: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct get_object_torrent_response {
  std::string body{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.stream(m.body);
  }
};

/// A torrent file for an object.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html
struct get_object_torrent_request {
  std::string bucket{};
  std::string key{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_torrent_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTorrent",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?torrent",
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
