// ListMultipartUploads: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MultipartUpload.html
struct multipart_upload {
  std::string upload_id{};
  std::string key{};
  std::optional<timestamp> initiated{};
  types::storage_class storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::initiator> initiator{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("UploadId", m.upload_id);
    v.url_element("Key", m.key);
    v.element("Initiated", m.initiated);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("Initiator", m.initiator);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("VersionId", m.version_id);
  }
};

}  // namespace types

struct list_multipart_uploads_response {
  std::string bucket{};
  std::string key_marker{};
  std::string upload_id_marker{};
  std::string next_key_marker{};
  std::string prefix{};
  std::string delimiter{};
  std::string next_upload_id_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::optional<bool> is_truncated{};
  std::vector<types::multipart_upload> uploads{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListMultipartUploadsResult");
    v.element("Bucket", m.bucket);
    v.url_element("KeyMarker", m.key_marker, wire::even_if_empty);
    v.element("UploadIdMarker", m.upload_id_marker, wire::even_if_empty);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("NextUploadIdMarker", m.next_upload_id_marker);
    v.element("MaxUploads", m.max_uploads);
    v.element("IsTruncated", m.is_truncated);
    v.element("Upload", m.uploads);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The uploads of a bucket that were started and neither completed nor aborted.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
struct list_multipart_uploads_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  types::encoding_type encoding_type{};
  std::string key_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::string upload_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};

  using response = list_multipart_uploads_response;
  static constexpr operation_spec spec{.name = "ListMultipartUploads", .method = http::method::get, .uri = "/{Bucket}?uploads"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-uploads", m.max_uploads);
    v.query("prefix", m.prefix);
    v.query("upload-id-marker", m.upload_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }

  static auto& items(auto& page) { return page.uploads; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.markers(m.key_marker, turn.key(m.encoding_type, page.next_key_marker), m.upload_id_marker, page.next_upload_id_marker,
                        page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
