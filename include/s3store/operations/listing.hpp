// Which operations list the objects of a bucket?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct optional_object_attributes : enumeration<optional_object_attributes> {
  using enumeration::enumeration;
  static constexpr constant restore_status{"RestoreStatus"};
};

struct object_storage_class : enumeration<object_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
struct restore_status {
  std::optional<bool> is_restore_in_progress{};
  std::optional<timestamp> restore_expiry_date{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsRestoreInProgress", m.is_restore_in_progress);
    v.element("RestoreExpiryDate", m.restore_expiry_date);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
struct object {
  std::string key{};
  std::optional<timestamp> last_modified{};
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::optional<std::int64_t> size{};
  types::object_storage_class storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Key", m.key);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

struct object_version_storage_class : enumeration<object_version_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectVersion.html
struct object_version {
  std::string etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  types::checksum_type checksum_type{};
  std::optional<std::int64_t> size{};
  types::object_version_storage_class storage_class{};
  std::string key{};
  std::string version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerEntry.html
struct delete_marker_entry {
  std::optional<types::owner> owner{};
  std::string key{};
  std::string version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
  }
};

}  // namespace types

struct list_objects_response {
  std::optional<bool> is_truncated{};
  std::string marker{};
  std::string next_marker{};
  std::vector<types::object> contents{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("Marker", m.marker, wire::even_if_empty);
    v.url_element("NextMarker", m.next_marker);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The keys of a bucket, 1,000 at a time, by marker. ListObjectsV2 is its successor.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
struct list_objects_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string marker{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_response;
  static constexpr operation_spec spec{.name = "ListObjects", .method = http::method::get, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("marker", m.marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.contents; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    // S3 names the next marker only with a delimiter. Without it, the next page begins behind the last key or common prefix.
    const auto behind = [&turn, &m](const auto& list, auto member) {
      return list.empty() ? std::string{} : turn.key(m.encoding_type, list.back().*member);
    };
    auto next = turn.key(m.encoding_type, page.next_marker);
    if (next.empty()) next = (std::max)(behind(page.contents, &types::object::key), behind(page.common_prefixes, &types::common_prefix::prefix));
    return turn.token(m.marker, std::move(next), page.is_truncated);
  }
};

struct list_objects_v2_response {
  std::optional<bool> is_truncated{};
  std::vector<types::object> contents{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  std::optional<std::int32_t> key_count{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::string start_after{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
    v.element("KeyCount", m.key_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.url_element("StartAfter", m.start_after);
  }
};

/// The keys of a bucket, 1,000 at a time, in the order of their UTF-8 bytes, by continuation token.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct list_objects_v2_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string continuation_token{};
  std::optional<bool> fetch_owner{};
  std::string start_after{};
  types::request_payer request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_v2_response;
  static constexpr operation_spec spec{.name = "ListObjectsV2", .method = http::method::get, .uri = "/{Bucket}?list-type=2"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("continuation-token", m.continuation_token);
    v.query("fetch-owner", m.fetch_owner);
    v.query("start-after", m.start_after);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.contents; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

struct list_object_versions_response {
  std::optional<bool> is_truncated{};
  std::string key_marker{};
  std::string version_id_marker{};
  std::string next_key_marker{};
  std::string next_version_id_marker{};
  std::vector<types::object_version> versions{};
  std::vector<types::delete_marker_entry> delete_markers{};
  std::string name{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  types::encoding_type encoding_type{};
  types::request_charged request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListVersionsResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("KeyMarker", m.key_marker, wire::even_if_empty);
    v.element("VersionIdMarker", m.version_id_marker, wire::even_if_empty);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.element("NextVersionIdMarker", m.next_version_id_marker);
    v.element("Version", m.versions);
    v.element("DeleteMarker", m.delete_markers);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix, wire::even_if_empty);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The versions and delete markers of a bucket, 1,000 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
struct list_object_versions_request {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::int32_t> max_keys{};
  types::encoding_type encoding_type{};
  std::string key_marker{};
  std::string version_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  types::request_payer request_payer{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_object_versions_response;
  static constexpr operation_spec spec{.name = "ListObjectVersions", .method = http::method::get, .uri = "/{Bucket}?versions"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, wire::by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("version-id-marker", m.version_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }

  static auto& items(auto& page) { return page.versions; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.markers(m.key_marker, turn.key(m.encoding_type, page.next_key_marker), m.version_id_marker, page.next_version_id_marker,
                        page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
