// ListParts: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Part.html
struct part {
  std::optional<std::int32_t> part_number{};
  std::optional<timestamp> last_modified{};
  std::string etag{};
  std::optional<std::int64_t> size{};
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

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartNumber", m.part_number);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("Size", m.size);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct list_parts_response {
  std::optional<timestamp> abort_date{};
  std::string abort_rule_id{};
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::part> parts{};
  std::optional<types::initiator> initiator{};
  std::optional<types::owner> owner{};
  types::storage_class storage_class{};
  types::request_charged request_charged{};
  types::checksum_algorithm checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.root("ListPartsResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
    v.element("Initiator", m.initiator);
    v.element("Owner", m.owner);
    v.element("StorageClass", m.storage_class);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// The parts of an upload that have arrived.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
struct list_parts_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};

  using response = list_parts_response;
  static constexpr operation_spec spec{.name = "ListParts", .method = http::method::get, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("max-parts", m.max_parts);
    v.query("part-number-marker", m.part_number_marker);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
  }

  static auto& items(auto& page) { return page.parts; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    using number = std::optional<std::int32_t>;
    const auto last = page.parts.empty() ? number{} : page.parts.back().part_number;
    return turn.token(m.part_number_marker, page.next_part_number_marker, last, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
