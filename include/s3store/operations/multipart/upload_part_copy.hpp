// UploadPartCopy: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyPartResult.html
struct copy_part_result {
  std::string etag{};
  std::optional<timestamp> last_modified{};
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
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
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

struct upload_part_copy_response {
  std::string copy_source_version_id{};
  std::optional<types::copy_part_result> copy_part_result{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_customer_algorithm{};
  std::string sse_customer_key_md5{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};
  std::string version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.payload("CopyPartResult", m.copy_part_result);
  }
};

/// Makes a part out of a range of an object that is already in S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
struct upload_part_copy_request {
  std::string bucket{};
  std::string key{};
  s3store::copy_source copy_source{};
  std::int32_t part_number{};
  std::string upload_id{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::string copy_source_range{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::string copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::string copy_source_sse_customer_key_md5{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = upload_part_copy_response;
  static constexpr operation_spec spec{
      .name = "UploadPartCopy",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("partNumber", m.part_number, wire::required);
    v.query("uploadId", m.upload_id, wire::required);
    v.header("x-amz-copy-source", m.copy_source, wire::required);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("x-amz-copy-source-range", m.copy_source_range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
