// Which operations configure the notifications of events in a bucket?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct event : enumeration<event> {
  using enumeration::enumeration;
  static constexpr constant s3_reduced_redundancy_lost_object{"s3:ReducedRedundancyLostObject"};
  static constexpr constant s3_object_created_any{"s3:ObjectCreated:*"};
  static constexpr constant s3_object_created_put{"s3:ObjectCreated:Put"};
  static constexpr constant s3_object_created_post{"s3:ObjectCreated:Post"};
  static constexpr constant s3_object_created_copy{"s3:ObjectCreated:Copy"};
  static constexpr constant s3_object_created_complete_multipart_upload{"s3:ObjectCreated:CompleteMultipartUpload"};
  static constexpr constant s3_object_removed_any{"s3:ObjectRemoved:*"};
  static constexpr constant s3_object_removed_delete{"s3:ObjectRemoved:Delete"};
  static constexpr constant s3_object_removed_delete_marker_created{"s3:ObjectRemoved:DeleteMarkerCreated"};
  static constexpr constant s3_object_restore_any{"s3:ObjectRestore:*"};
  static constexpr constant s3_object_restore_post{"s3:ObjectRestore:Post"};
  static constexpr constant s3_object_restore_completed{"s3:ObjectRestore:Completed"};
  static constexpr constant s3_replication_any{"s3:Replication:*"};
  static constexpr constant s3_replication_operation_failed_replication{"s3:Replication:OperationFailedReplication"};
  static constexpr constant s3_replication_operation_not_tracked{"s3:Replication:OperationNotTracked"};
  static constexpr constant s3_replication_operation_missed_threshold{"s3:Replication:OperationMissedThreshold"};
  static constexpr constant s3_replication_operation_replicated_after_threshold{"s3:Replication:OperationReplicatedAfterThreshold"};
  static constexpr constant s3_object_restore_delete{"s3:ObjectRestore:Delete"};
  static constexpr constant s3_lifecycle_transition{"s3:LifecycleTransition"};
  static constexpr constant s3_intelligent_tiering{"s3:IntelligentTiering"};
  static constexpr constant s3_object_acl_put{"s3:ObjectAcl:Put"};
  static constexpr constant s3_lifecycle_expiration_any{"s3:LifecycleExpiration:*"};
  static constexpr constant s3_lifecycle_expiration_delete{"s3:LifecycleExpiration:Delete"};
  static constexpr constant s3_lifecycle_expiration_delete_marker_created{"s3:LifecycleExpiration:DeleteMarkerCreated"};
  static constexpr constant s3_object_tagging_any{"s3:ObjectTagging:*"};
  static constexpr constant s3_object_tagging_put{"s3:ObjectTagging:Put"};
  static constexpr constant s3_object_tagging_delete{"s3:ObjectTagging:Delete"};
  static constexpr constant s3_object_annotation_any{"s3:ObjectAnnotation:*"};
  static constexpr constant s3_object_annotation_put{"s3:ObjectAnnotation:Put"};
  static constexpr constant s3_object_annotation_delete{"s3:ObjectAnnotation:Delete"};
  static constexpr constant s3_object_retention_put{"s3:ObjectRetention:Put"};
};

struct filter_rule_name : enumeration<filter_rule_name> {
  using enumeration::enumeration;
  static constexpr constant prefix{"prefix"};
  static constexpr constant suffix{"suffix"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html
struct filter_rule {
  types::filter_rule_name name{};
  std::optional<std::string> value{};  ///< empty: every key

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3KeyFilter.html
struct s3_key_filter {
  std::vector<types::filter_rule> filter_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FilterRule", m.filter_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationFilter.html
struct notification_configuration_filter {
  std::optional<types::s3_key_filter> key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3Key", m.key);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfiguration.html
struct topic_configuration {
  std::string id{};
  std::string topic_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Topic", m.topic_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html
struct queue_configuration {
  std::string id{};
  std::string queue_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Queue", m.queue_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LambdaFunctionConfiguration.html
struct lambda_function_configuration {
  std::string id{};
  std::string lambda_function_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("CloudFunction", m.lambda_function_arn, wire::required);
    v.element("Event", m.events, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventBridgeConfiguration.html
struct event_bridge_configuration {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html
struct notification_configuration {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfigurationDeprecated.html
struct topic_configuration_deprecated {
  std::string id{};
  std::vector<types::event> events{};
  types::event event{};
  std::string topic{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.events);
    v.element("Event", m.event);
    v.element("Topic", m.topic);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfigurationDeprecated.html
struct queue_configuration_deprecated {
  std::string id{};
  types::event event{};
  std::vector<types::event> events{};
  std::string queue{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("Queue", m.queue);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CloudFunctionConfiguration.html
struct cloud_function_configuration {
  std::string id{};
  types::event event{};
  std::vector<types::event> events{};
  std::string cloud_function{};
  std::string invocation_role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("CloudFunction", m.cloud_function);
    v.element("InvocationRole", m.invocation_role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationDeprecated.html
struct notification_configuration_deprecated {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

}  // namespace types

struct put_bucket_notification_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's notifications; an empty configuration turns them off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
struct put_bucket_notification_configuration_request {
  std::string bucket{};
  types::notification_configuration notification_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<bool> skip_destination_validation{};

  using response = put_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotificationConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-skip-destination-validation", m.skip_destination_validation);
    v.payload("NotificationConfiguration", m.notification_configuration, wire::required);
  }
};

struct get_bucket_notification_configuration_response {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// A bucket's notifications.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
struct get_bucket_notification_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotificationConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_notification_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotification.html
struct put_bucket_notification_request {
  std::string bucket{};
  types::notification_configuration_deprecated notification_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotification",
      .method = http::method::put,
      .uri = "/{Bucket}?notification",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("NotificationConfiguration", m.notification_configuration, wire::required);
  }
};

struct get_bucket_notification_response {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

/// The deprecated form of GetBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotification.html
struct get_bucket_notification_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotification",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
