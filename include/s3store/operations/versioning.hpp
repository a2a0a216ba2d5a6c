// Which operations set and get whether a bucket keeps versions of objects?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct mfa_delete : enumeration<mfa_delete> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct bucket_versioning_status : enumeration<bucket_versioning_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html
struct versioning_configuration {
  types::mfa_delete mfa_delete{};
  types::bucket_versioning_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MfaDelete", m.mfa_delete);
    v.element("Status", m.status);
  }
};

struct mfa_delete_status : enumeration<mfa_delete_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

}  // namespace types

struct put_bucket_versioning_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns versions on, or suspends them; they are never turned off again.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
struct put_bucket_versioning_request {
  std::string bucket{};
  types::versioning_configuration versioning_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string mfa{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_versioning_response;
  static constexpr operation_spec spec{
      .name = "PutBucketVersioning",
      .method = http::method::put,
      .uri = "/{Bucket}?versioning",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("VersioningConfiguration", m.versioning_configuration, wire::required);
  }
};

struct get_bucket_versioning_response {
  types::bucket_versioning_status status{};
  types::mfa_delete_status mfa_delete{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("VersioningConfiguration");
    v.element("Status", m.status);
    v.element("MfaDelete", m.mfa_delete);
  }
};

/// Does the bucket keep versions? Without a status it never did.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
struct get_bucket_versioning_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_versioning_response;
  static constexpr operation_spec spec{.name = "GetBucketVersioning", .method = http::method::get, .uri = "/{Bucket}?versioning"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
