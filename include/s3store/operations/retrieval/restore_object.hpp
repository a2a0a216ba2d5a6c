// RestoreObject: how does it travel?
#pragma once

#include <s3store/operations/retrieval/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct tier : enumeration<tier> {
  using enumeration::enumeration;
  static constexpr constant standard{"Standard"};
  static constexpr constant bulk{"Bulk"};
  static constexpr constant expedited{"Expedited"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GlacierJobParameters.html
struct glacier_job_parameters {
  types::tier tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Tier", m.tier, wire::required);
  }
};

struct restore_request_type : enumeration<restore_request_type> {
  using enumeration::enumeration;
  static constexpr constant select{"SELECT"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectParameters.html
struct select_parameters {
  types::input_serialization input_serialization{};
  types::expression_type expression_type{};
  std::string expression{};
  types::output_serialization output_serialization{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("InputSerialization", m.input_serialization, wire::required);
    v.element("ExpressionType", m.expression_type, wire::required);
    v.element("Expression", m.expression, wire::required);
    v.element("OutputSerialization", m.output_serialization, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Encryption.html
struct encryption {
  types::server_side_encryption encryption_type{};
  std::string kms_key_id{};
  std::string kms_context{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type, wire::required);
    v.element("KMSKeyId", m.kms_key_id);
    v.element("KMSContext", m.kms_context);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataEntry.html
struct metadata_entry {
  std::string name{};
  std::optional<std::string> value{};  ///< empty: metadata without a value

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3Location.html
struct s3_location {
  std::string bucket_name{};
  std::string prefix{};
  std::optional<types::encryption> encryption{};
  types::object_canned_acl canned_acl{};
  std::vector<types::grant> access_control_list{};
  std::optional<types::tagging> tagging{};
  std::vector<types::metadata_entry> user_metadata{};
  types::storage_class storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BucketName", m.bucket_name, wire::required);
    v.element("Prefix", m.prefix, wire::required);
    v.element("Encryption", m.encryption);
    v.element("CannedACL", m.canned_acl);
    v.list("AccessControlList", "Grant", m.access_control_list);
    v.element("Tagging", m.tagging);
    v.list("UserMetadata", "MetadataEntry", m.user_metadata);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputLocation.html
struct output_location {
  std::optional<types::s3_location> s3{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3", m.s3);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreRequest.html
struct restore_request {
  std::optional<std::int32_t> days{};
  std::optional<types::glacier_job_parameters> glacier_job_parameters{};
  types::restore_request_type type{};
  types::tier tier{};
  std::string description{};
  std::optional<types::select_parameters> select_parameters{};
  std::optional<types::output_location> output_location{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("GlacierJobParameters", m.glacier_job_parameters);
    v.element("Type", m.type);
    v.element("Tier", m.tier);
    v.element("Description", m.description);
    v.element("SelectParameters", m.select_parameters);
    v.element("OutputLocation", m.output_location);
  }
};

}  // namespace types

struct restore_object_response {
  types::request_charged request_charged{};
  std::string restore_output_path{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-restore-output-path", m.restore_output_path);
  }
};

/// Brings an archived object back for a number of days.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
struct restore_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::restore_request> restore_request{};
  std::optional<std::string> version_id{};
  types::request_payer request_payer{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = restore_object_response;
  static constexpr operation_spec spec{
      .name = "RestoreObject",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?restore",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RestoreRequest", m.restore_request);
  }
};

}  // namespace s3store::inline S3STORE_ABI
