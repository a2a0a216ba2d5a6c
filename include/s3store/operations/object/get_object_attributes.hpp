// GetObjectAttributes: how does it travel?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct object_attributes : enumeration<object_attributes> {
  using enumeration::enumeration;
  static constexpr constant etag{"ETag"};
  static constexpr constant checksum{"Checksum"};
  static constexpr constant object_parts{"ObjectParts"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant object_size{"ObjectSize"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Checksum.html
struct checksum {
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

  template <class V>
  static void describe(V& v, auto& m) {
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
    v.element("ChecksumType", m.checksum_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectPart.html
struct object_part {
  std::optional<std::int32_t> part_number{};
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

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributesParts.html
struct get_object_attributes_parts {
  std::optional<std::int32_t> total_parts_count{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::object_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartsCount", m.total_parts_count);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct get_object_attributes_response {
  std::optional<bool> delete_marker{};
  std::optional<timestamp> last_modified{};
  std::string version_id{};
  types::request_charged request_charged{};
  std::string etag{};
  std::optional<types::checksum> checksum{};
  std::optional<types::get_object_attributes_parts> object_parts{};
  types::storage_class storage_class{};
  std::optional<std::int64_t> object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("Last-Modified", m.last_modified);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("GetObjectAttributesResponse");
    v.element("ETag", m.etag);
    v.element("Checksum", m.checksum);
    v.element("ObjectParts", m.object_parts);
    v.element("StorageClass", m.storage_class);
    v.element("ObjectSize", m.object_size);
  }
};

/// An object's checksum, size, storage class and parts, as many of them as are asked for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
struct get_object_attributes_request {
  std::string bucket{};
  std::string key{};
  std::vector<types::object_attributes> object_attributes{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_attributes_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAttributes",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?attributes"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-max-parts", m.max_parts);
    v.header("x-amz-part-number-marker", m.part_number_marker);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-attributes", m.object_attributes, wire::required);
  }

  static auto& items(auto& page) { return wire::value_of(page.object_parts).parts; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    auto& listed = wire::value_of(page.object_parts);
    using number = std::optional<std::int32_t>;
    const auto last = listed.parts.empty() ? number{} : listed.parts.back().part_number;
    return turn.token(m.part_number_marker, listed.next_part_number_marker, last, listed.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
