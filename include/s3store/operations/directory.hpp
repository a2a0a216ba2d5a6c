// Which operations are for directory buckets and their sessions (S3 Express One Zone)?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct session_mode : enumeration<session_mode> {
  using enumeration::enumeration;
  static constexpr constant read_only{"ReadOnly"};
  static constexpr constant read_write{"ReadWrite"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SessionCredentials.html
struct session_credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};
  timestamp expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccessKeyId", m.access_key_id, wire::required);
    v.element("SecretAccessKey", m.secret_access_key, wire::required);
    v.element("SessionToken", m.session_token, wire::required);
    v.element("Expiration", m.expiration, wire::required);
  }
};

}  // namespace types

struct create_session_response {
  types::server_side_encryption server_side_encryption{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::session_credentials credentials{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.root("CreateSessionResult");
    v.element("Credentials", m.credentials, wire::required);
  }
};

/// Short-lived credentials for one directory bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
struct create_session_request {
  std::string bucket{};
  types::session_mode session_mode{};
  types::server_side_encryption server_side_encryption{};
  std::string sse_kms_key_id{};
  std::string sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};

  using response = create_session_response;
  static constexpr operation_spec spec{.name = "CreateSession", .method = http::method::get, .uri = "/{Bucket}?session"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-create-session-mode", m.session_mode);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
  }
};

struct list_directory_buckets_response {
  std::vector<types::bucket> buckets{};
  std::string continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyDirectoryBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("ContinuationToken", m.continuation_token);
  }
};

/// The account's directory buckets in a region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListDirectoryBuckets.html
struct list_directory_buckets_request {
  std::string continuation_token{};
  std::optional<std::int32_t> max_directory_buckets{};

  using response = list_directory_buckets_response;
  static constexpr operation_spec spec{.name = "ListDirectoryBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("continuation-token", m.continuation_token);
    v.query("max-directory-buckets", m.max_directory_buckets);
  }

  static auto& items(auto& page) { return page.buckets; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.continuation_token);
  }
};

struct rename_object_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Renames an object inside a directory bucket, atomically.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html
struct rename_object_request {
  std::string bucket{};
  std::string key{};
  std::string rename_source{};
  std::optional<std::string> destination_if_match{};
  std::optional<std::string> destination_if_none_match{};
  std::optional<timestamp> destination_if_modified_since{};
  std::optional<timestamp> destination_if_unmodified_since{};
  std::optional<std::string> source_if_match{};
  std::optional<std::string> source_if_none_match{};
  std::optional<timestamp> source_if_modified_since{};
  std::optional<timestamp> source_if_unmodified_since{};
  std::string client_token{};

  using response = rename_object_response;
  static constexpr operation_spec spec{
      .name = "RenameObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?renameObject"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-rename-source", m.rename_source, wire::required);
    v.header("If-Match", m.destination_if_match);
    v.header("If-None-Match", m.destination_if_none_match);
    v.header("If-Modified-Since", m.destination_if_modified_since);
    v.header("If-Unmodified-Since", m.destination_if_unmodified_since);
    v.header("x-amz-rename-source-if-match", m.source_if_match);
    v.header("x-amz-rename-source-if-none-match", m.source_if_none_match);
    v.header("x-amz-rename-source-if-modified-since", m.source_if_modified_since);
    v.header("x-amz-rename-source-if-unmodified-since", m.source_if_unmodified_since);
    v.header("x-amz-client-token", m.client_token);
  }
};

}  // namespace s3store::inline S3STORE_ABI
