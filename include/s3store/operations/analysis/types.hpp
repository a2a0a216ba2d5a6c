// Which types do the operations of this family share?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct inventory_format : enumeration<inventory_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
  static constexpr constant orc{"ORC"};
  static constexpr constant parquet{"Parquet"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSES3.html
struct sse_s3 {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMS.html
struct sse_kms {
  std::string key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KeyId", m.key_id, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryEncryption.html
struct inventory_encryption {
  std::optional<types::sse_s3> sse_s3{};
  std::optional<types::sse_kms> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-S3", m.sse_s3);
    v.element("SSE-KMS", m.sse_kms);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryS3BucketDestination.html
struct inventory_s3_bucket_destination {
  std::string account_id{};
  std::string bucket{};
  types::inventory_format format{};
  std::string prefix{};
  std::optional<types::inventory_encryption> encryption{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccountId", m.account_id);
    v.element("Bucket", m.bucket, wire::required);
    v.element("Format", m.format, wire::required);
    v.element("Prefix", m.prefix);
    v.element("Encryption", m.encryption);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryDestination.html
struct inventory_destination {
  types::inventory_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryFilter.html
struct inventory_filter {
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix, wire::required);
  }
};

struct inventory_included_object_versions : enumeration<inventory_included_object_versions> {
  using enumeration::enumeration;
  static constexpr constant all{"All"};
  static constexpr constant current{"Current"};
};

struct inventory_optional_field : enumeration<inventory_optional_field> {
  using enumeration::enumeration;
  static constexpr constant size{"Size"};
  static constexpr constant last_modified_date{"LastModifiedDate"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant etag{"ETag"};
  static constexpr constant is_multipart_uploaded{"IsMultipartUploaded"};
  static constexpr constant replication_status{"ReplicationStatus"};
  static constexpr constant encryption_status{"EncryptionStatus"};
  static constexpr constant object_lock_retain_until_date{"ObjectLockRetainUntilDate"};
  static constexpr constant object_lock_mode{"ObjectLockMode"};
  static constexpr constant object_lock_legal_hold_status{"ObjectLockLegalHoldStatus"};
  static constexpr constant object_lock_event_hold_status{"ObjectLockEventHoldStatus"};
  static constexpr constant object_lock_event_hold_duration{"ObjectLockEventHoldDuration"};
  static constexpr constant intelligent_tiering_access_tier{"IntelligentTieringAccessTier"};
  static constexpr constant bucket_key_status{"BucketKeyStatus"};
  static constexpr constant checksum_algorithm{"ChecksumAlgorithm"};
  static constexpr constant object_access_control_list{"ObjectAccessControlList"};
  static constexpr constant object_owner{"ObjectOwner"};
  static constexpr constant lifecycle_expiration_date{"LifecycleExpirationDate"};
  static constexpr constant intelligent_tiering_reference_date{"IntelligentTieringReferenceDate"};
};

struct inventory_frequency : enumeration<inventory_frequency> {
  using enumeration::enumeration;
  static constexpr constant daily{"Daily"};
  static constexpr constant weekly{"Weekly"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventorySchedule.html
struct inventory_schedule {
  types::inventory_frequency frequency{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Frequency", m.frequency, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html
struct inventory_configuration {
  types::inventory_destination destination{};
  bool is_enabled{};
  std::optional<types::inventory_filter> filter{};
  std::string id{};
  types::inventory_included_object_versions included_object_versions{};
  std::vector<types::inventory_optional_field> optional_fields{};
  types::inventory_schedule schedule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Destination", m.destination, wire::required);
    v.element("IsEnabled", m.is_enabled, wire::required);
    v.element("Filter", m.filter);
    v.element("Id", m.id, wire::required);
    v.element("IncludedObjectVersions", m.included_object_versions, wire::required);
    v.list("OptionalFields", "Field", m.optional_fields);
    v.element("Schedule", m.schedule, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsAndOperator.html
struct analytics_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsFilter.html
struct analytics_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::analytics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct storage_class_analysis_schema_version : enumeration<storage_class_analysis_schema_version> {
  using enumeration::enumeration;
  static constexpr constant v_1{"V_1"};
};

struct analytics_s3_export_file_format : enumeration<analytics_s3_export_file_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsS3BucketDestination.html
struct analytics_s3_bucket_destination {
  types::analytics_s3_export_file_format format{};
  std::string bucket_account_id{};
  std::string bucket{};
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Format", m.format, wire::required);
    v.element("BucketAccountId", m.bucket_account_id);
    v.element("Bucket", m.bucket, wire::required);
    v.element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsExportDestination.html
struct analytics_export_destination {
  types::analytics_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysisDataExport.html
struct storage_class_analysis_data_export {
  types::storage_class_analysis_schema_version output_schema_version{};
  types::analytics_export_destination destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("OutputSchemaVersion", m.output_schema_version, wire::required);
    v.element("Destination", m.destination, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysis.html
struct storage_class_analysis {
  std::optional<types::storage_class_analysis_data_export> data_export{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataExport", m.data_export);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsConfiguration.html
struct analytics_configuration {
  std::string id{};
  std::optional<types::analytics_filter> filter{};
  types::storage_class_analysis storage_class_analysis{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
    v.element("StorageClassAnalysis", m.storage_class_analysis, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsAndOperator.html
struct metrics_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};
  std::string access_point_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("AccessPointArn", m.access_point_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsFilter.html
struct metrics_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::string access_point_arn{};
  std::optional<types::metrics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("AccessPointArn", m.access_point_arn);
    v.element("And", m.and_);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsConfiguration.html
struct metrics_configuration {
  std::string id{};
  std::optional<types::metrics_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringAndOperator.html
struct intelligent_tiering_and_operator {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringFilter.html
struct intelligent_tiering_filter {
  std::optional<std::string> prefix{};  ///< empty: every key; absent: no rule about prefixes
  std::optional<types::tag> tag{};
  std::optional<types::intelligent_tiering_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct intelligent_tiering_status : enumeration<intelligent_tiering_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct intelligent_tiering_access_tier : enumeration<intelligent_tiering_access_tier> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html
struct tiering {
  std::int32_t days{};
  types::intelligent_tiering_access_tier access_tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days, wire::required);
    v.element("AccessTier", m.access_tier, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringConfiguration.html
struct intelligent_tiering_configuration {
  std::string id{};
  std::optional<types::intelligent_tiering_filter> filter{};
  types::intelligent_tiering_status status{};
  std::vector<types::tiering> tierings{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id, wire::required);
    v.element("Filter", m.filter);
    v.element("Status", m.status, wire::required);
    v.element("Tiering", m.tierings, wire::required);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI
