// Which operations set when objects expire or move to another storage class?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
struct lifecycle_expiration {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  std::optional<bool> expired_object_delete_marker{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("ExpiredObjectDeleteMarker", m.expired_object_delete_marker);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleAndOperator.html
struct lifecycle_rule_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
struct lifecycle_rule_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};
  std::optional<types::lifecycle_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
    v.element("And", m.and_);
  }
};

struct expiration_status : enumeration<expiration_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct transition_storage_class : enumeration<transition_storage_class> {
  using enumeration::enumeration;
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html
struct transition {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  types::transition_storage_class storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionTransition.html
struct noncurrent_version_transition {
  std::optional<std::int32_t> noncurrent_days{};
  types::transition_storage_class storage_class{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("StorageClass", m.storage_class);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
struct noncurrent_version_expiration {
  std::optional<std::int32_t> noncurrent_days{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortIncompleteMultipartUpload.html
struct abort_incomplete_multipart_upload {
  std::optional<std::int32_t> days_after_initiation{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DaysAfterInitiation", m.days_after_initiation);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
struct lifecycle_rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::string id{};
  std::optional<std::string> prefix{};  ///< empty: every key; absent: the filter decides
  std::optional<types::lifecycle_rule_filter> filter{};
  types::expiration_status status{};
  std::vector<types::transition> transitions{};
  std::vector<types::noncurrent_version_transition> noncurrent_version_transitions{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("Transition", m.transitions);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transitions);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLifecycleConfiguration.html
struct bucket_lifecycle_configuration {
  std::vector<types::lifecycle_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

struct transition_default_minimum_object_size : enumeration<transition_default_minimum_object_size> {
  using enumeration::enumeration;
  static constexpr constant varies_by_storage_class{"varies_by_storage_class"};
  static constexpr constant all_storage_classes_128_k{"all_storage_classes_128K"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Rule.html
struct rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::string id{};
  std::string prefix{};
  types::expiration_status status{};
  std::optional<types::transition> transition{};
  std::optional<types::noncurrent_version_transition> noncurrent_version_transition{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix, wire::required);
    v.element("Status", m.status, wire::required);
    v.element("Transition", m.transition);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transition);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleConfiguration.html
struct lifecycle_configuration {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_lifecycle_configuration_response {
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
  }
};

/// Replaces a bucket's lifecycle rules, 1,000 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
struct put_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<types::bucket_lifecycle_configuration> lifecycle_configuration{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  using response = put_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycleConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_configuration_response {
  std::vector<types::lifecycle_rule> rules{};
  types::transition_default_minimum_object_size transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// A bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
struct get_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketLifecycleConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
struct delete_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketLifecycle",
      .method = http::method::delete_,
      .uri = "/{Bucket}?lifecycle",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketLifecycleConfiguration, whose rules know no filters.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycle.html
struct put_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<types::lifecycle_configuration> lifecycle_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycle",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_response {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// The deprecated form of GetBucketLifecycleConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycle.html
struct get_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_response;
  static constexpr operation_spec spec{.name = "GetBucketLifecycle", .method = http::method::get, .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
