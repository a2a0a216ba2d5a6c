// CompleteMultipartUpload: how does it travel?
#pragma once

#include <s3store/operations/multipart/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedPart.html
struct completed_part {
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
  std::optional<std::int32_t> part_number{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
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
    v.element("PartNumber", m.part_number);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedMultipartUpload.html
struct completed_multipart_upload {
  std::vector<types::completed_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct complete_multipart_upload_response {
  std::string location{};
  std::string bucket{};
  std::string key{};
  std::string expiration{};
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
  std::string version_id{};
  std::string sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("CompleteMultipartUploadResult");
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("ETag", m.etag);
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

/// Makes one object out of the parts, given in ascending order. The answer may be a 200 that holds an error.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct complete_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<types::completed_multipart_upload> multipart_upload{};
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
  std::optional<std::int64_t> mpu_object_size{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};

  using response = complete_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CompleteMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id, wire::required);
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
    v.header("x-amz-mp-object-size", m.mpu_object_size);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.payload("CompleteMultipartUpload", m.multipart_upload);
  }
};

}  // namespace s3store::inline S3STORE_ABI
