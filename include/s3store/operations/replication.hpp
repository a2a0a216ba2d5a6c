// Which operations replicate a bucket to others?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleAndOperator.html
struct replication_rule_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleFilter.html
struct replication_rule_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::replication_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct replication_rule_status : enumeration<replication_rule_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct sse_kms_encrypted_objects_status : enumeration<sse_kms_encrypted_objects_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SseKmsEncryptedObjects.html
struct sse_kms_encrypted_objects {
  types::sse_kms_encrypted_objects_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

struct replica_modifications_status : enumeration<replica_modifications_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicaModifications.html
struct replica_modifications {
  types::replica_modifications_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html
struct source_selection_criteria {
  std::optional<types::sse_kms_encrypted_objects> sse_kms_encrypted_objects{};
  std::optional<types::replica_modifications> replica_modifications{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseKmsEncryptedObjects", m.sse_kms_encrypted_objects);
    v.element("ReplicaModifications", m.replica_modifications);
  }
};

struct existing_object_replication_status : enumeration<existing_object_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ExistingObjectReplication.html
struct existing_object_replication {
  types::existing_object_replication_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
  }
};

struct owner_override : enumeration<owner_override> {
  using enumeration::enumeration;
  static constexpr constant destination{"Destination"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlTranslation.html
struct access_control_translation {
  types::owner_override owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EncryptionConfiguration.html
struct encryption_configuration {
  std::string replica_kms_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ReplicaKmsKeyID", m.replica_kms_key_id);
  }
};

struct replication_time_status : enumeration<replication_time_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTimeValue.html
struct replication_time_value {
  std::optional<std::int32_t> minutes{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Minutes", m.minutes);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTime.html
struct replication_time {
  types::replication_time_status status{};
  types::replication_time_value time{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
    v.element("Time", m.time, wire::required);
  }
};

struct metrics_status : enumeration<metrics_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Metrics.html
struct metrics {
  types::metrics_status status{};
  std::optional<types::replication_time_value> event_threshold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status, wire::required);
    v.element("EventThreshold", m.event_threshold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
struct destination {
  std::string bucket{};
  std::string account{};
  types::storage_class storage_class{};
  std::optional<types::access_control_translation> access_control_translation{};
  std::optional<types::encryption_configuration> encryption_configuration{};
  std::optional<types::replication_time> replication_time{};
  std::optional<types::metrics> metrics{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Bucket", m.bucket, wire::required);
    v.element("Account", m.account);
    v.element("StorageClass", m.storage_class);
    v.element("AccessControlTranslation", m.access_control_translation);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("ReplicationTime", m.replication_time);
    v.element("Metrics", m.metrics);
  }
};

struct delete_marker_replication_status : enumeration<delete_marker_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerReplication.html
struct delete_marker_replication {
  types::delete_marker_replication_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
struct replication_rule {
  std::string id{};
  std::optional<std::int32_t> priority{};
  std::optional<std::string> prefix{};  ///< empty: every key; absent: the filter decides
  std::optional<types::replication_rule_filter> filter{};
  types::replication_rule_status status{};
  std::optional<types::source_selection_criteria> source_selection_criteria{};
  std::optional<types::existing_object_replication> existing_object_replication{};
  types::destination destination{};
  std::optional<types::delete_marker_replication> delete_marker_replication{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("Priority", m.priority);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("SourceSelectionCriteria", m.source_selection_criteria);
    v.element("ExistingObjectReplication", m.existing_object_replication);
    v.element("Destination", m.destination, wire::required);
    v.element("DeleteMarkerReplication", m.delete_marker_replication);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html
struct replication_configuration {
  std::string role{};
  std::vector<types::replication_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Role", m.role, wire::required);
    v.element("Rule", m.rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's replication rules; both buckets must keep versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
struct put_bucket_replication_request {
  std::string bucket{};
  types::replication_configuration replication_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::string token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "PutBucketReplication",
      .method = http::method::put,
      .uri = "/{Bucket}?replication",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ReplicationConfiguration", m.replication_configuration, wire::required);
  }
};

struct get_bucket_replication_response {
  std::optional<types::replication_configuration> replication_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ReplicationConfiguration", m.replication_configuration);
  }
};

/// A bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
struct get_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "GetBucketReplication",
      .method = http::method::get,
      .uri = "/{Bucket}?replication"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
struct delete_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketReplication",
      .method = http::method::delete_,
      .uri = "/{Bucket}?replication",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
