// Which operations configure a bucket as a website, and its CORS rules?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDocument.html
struct error_document {
  std::string key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IndexDocument.html
struct index_document {
  std::string suffix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Suffix", m.suffix, wire::required);
  }
};

struct protocol : enumeration<protocol> {
  using enumeration::enumeration;
  static constexpr constant http{"http"};
  static constexpr constant https{"https"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RedirectAllRequestsTo.html
struct redirect_all_requests_to {
  std::string host_name{};
  types::protocol protocol{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name, wire::required);
    v.element("Protocol", m.protocol);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Condition.html
struct condition {
  std::string http_error_code_returned_equals{};
  std::optional<std::string> key_prefix_equals{};  ///< empty: every key

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HttpErrorCodeReturnedEquals", m.http_error_code_returned_equals);
    v.element("KeyPrefixEquals", m.key_prefix_equals);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Redirect.html
struct redirect {
  std::string host_name{};
  std::string http_redirect_code{};
  types::protocol protocol{};
  std::optional<std::string> replace_key_prefix_with{};  ///< empty: the prefix is taken away
  std::optional<std::string> replace_key_with{};  ///< empty: the root of the host

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name);
    v.element("HttpRedirectCode", m.http_redirect_code);
    v.element("Protocol", m.protocol);
    v.element("ReplaceKeyPrefixWith", m.replace_key_prefix_with);
    v.element("ReplaceKeyWith", m.replace_key_with);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RoutingRule.html
struct routing_rule {
  std::optional<types::condition> condition{};
  types::redirect redirect{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Condition", m.condition);
    v.element("Redirect", m.redirect, wire::required);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html
struct website_configuration {
  std::optional<types::error_document> error_document{};
  std::optional<types::index_document> index_document{};
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorDocument", m.error_document);
    v.element("IndexDocument", m.index_document);
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
struct cors_rule {
  std::string id{};
  std::vector<std::string> allowed_headers{};
  std::vector<std::string> allowed_methods{};
  std::vector<std::string> allowed_origins{};
  std::vector<std::string> expose_headers{};
  std::optional<std::int32_t> max_age_seconds{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("AllowedHeader", m.allowed_headers);
    v.element("AllowedMethod", m.allowed_methods, wire::required);
    v.element("AllowedOrigin", m.allowed_origins, wire::required);
    v.element("ExposeHeader", m.expose_headers);
    v.element("MaxAgeSeconds", m.max_age_seconds);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSConfiguration.html
struct cors_configuration {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CORSRule", m.cors_rules, wire::required);
  }
};

}  // namespace types

struct put_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
struct put_bucket_website_request {
  std::string bucket{};
  types::website_configuration website_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "PutBucketWebsite",
      .method = http::method::put,
      .uri = "/{Bucket}?website",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("WebsiteConfiguration", m.website_configuration, wire::required);
  }
};

struct get_bucket_website_response {
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::optional<types::index_document> index_document{};
  std::optional<types::error_document> error_document{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("WebsiteConfiguration");
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.element("IndexDocument", m.index_document);
    v.element("ErrorDocument", m.error_document);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// A bucket's website configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
struct get_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_website_response;
  static constexpr operation_spec spec{.name = "GetBucketWebsite", .method = http::method::get, .uri = "/{Bucket}?website"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website no more.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
struct delete_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketWebsite",
      .method = http::method::delete_,
      .uri = "/{Bucket}?website",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's cross-origin rules, 100 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
struct put_bucket_cors_request {
  std::string bucket{};
  types::cors_configuration cors_configuration{};
  std::string content_md5{};
  types::checksum_algorithm checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "PutBucketCors",
      .method = http::method::put,
      .uri = "/{Bucket}?cors",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("CORSConfiguration", m.cors_configuration, wire::required);
  }
};

struct get_bucket_cors_response {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("CORSConfiguration");
    v.element("CORSRule", m.cors_rules);
  }
};

/// A bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
struct get_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_cors_response;
  static constexpr operation_spec spec{.name = "GetBucketCors", .method = http::method::get, .uri = "/{Bucket}?cors"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
struct delete_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketCors",
      .method = http::method::delete_,
      .uri = "/{Bucket}?cors",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
