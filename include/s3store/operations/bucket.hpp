// Which operations create, find and delete buckets?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct bucket_location_constraint : enumeration<bucket_location_constraint> {
  using enumeration::enumeration;
  static constexpr constant af_south_1{"af-south-1"};
  static constexpr constant ap_east_1{"ap-east-1"};
  static constexpr constant ap_east_2{"ap-east-2"};
  static constexpr constant ap_northeast_1{"ap-northeast-1"};
  static constexpr constant ap_northeast_2{"ap-northeast-2"};
  static constexpr constant ap_northeast_3{"ap-northeast-3"};
  static constexpr constant ap_south_1{"ap-south-1"};
  static constexpr constant ap_south_2{"ap-south-2"};
  static constexpr constant ap_southeast_1{"ap-southeast-1"};
  static constexpr constant ap_southeast_2{"ap-southeast-2"};
  static constexpr constant ap_southeast_3{"ap-southeast-3"};
  static constexpr constant ap_southeast_4{"ap-southeast-4"};
  static constexpr constant ap_southeast_5{"ap-southeast-5"};
  static constexpr constant ap_southeast_6{"ap-southeast-6"};
  static constexpr constant ap_southeast_7{"ap-southeast-7"};
  static constexpr constant ca_central_1{"ca-central-1"};
  static constexpr constant ca_west_1{"ca-west-1"};
  static constexpr constant cn_north_1{"cn-north-1"};
  static constexpr constant cn_northwest_1{"cn-northwest-1"};
  static constexpr constant eu{"EU"};
  static constexpr constant eu_central_1{"eu-central-1"};
  static constexpr constant eu_central_2{"eu-central-2"};
  static constexpr constant eu_north_1{"eu-north-1"};
  static constexpr constant eu_south_1{"eu-south-1"};
  static constexpr constant eu_south_2{"eu-south-2"};
  static constexpr constant eu_west_1{"eu-west-1"};
  static constexpr constant eu_west_2{"eu-west-2"};
  static constexpr constant eu_west_3{"eu-west-3"};
  static constexpr constant il_central_1{"il-central-1"};
  static constexpr constant me_central_1{"me-central-1"};
  static constexpr constant me_south_1{"me-south-1"};
  static constexpr constant mx_central_1{"mx-central-1"};
  static constexpr constant sa_east_1{"sa-east-1"};
  static constexpr constant us_east_2{"us-east-2"};
  static constexpr constant us_gov_east_1{"us-gov-east-1"};
  static constexpr constant us_gov_west_1{"us-gov-west-1"};
  static constexpr constant us_west_1{"us-west-1"};
  static constexpr constant us_west_2{"us-west-2"};
};

struct location_type : enumeration<location_type> {
  using enumeration::enumeration;
  static constexpr constant availability_zone{"AvailabilityZone"};
  static constexpr constant local_zone{"LocalZone"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LocationInfo.html
struct location_info {
  types::location_type type{};
  std::string name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
    v.element("Name", m.name);
  }
};

struct data_redundancy : enumeration<data_redundancy> {
  using enumeration::enumeration;
  static constexpr constant single_availability_zone{"SingleAvailabilityZone"};
  static constexpr constant single_local_zone{"SingleLocalZone"};
};

struct bucket_type : enumeration<bucket_type> {
  using enumeration::enumeration;
  static constexpr constant directory{"Directory"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketInfo.html
struct bucket_info {
  types::data_redundancy data_redundancy{};
  types::bucket_type type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataRedundancy", m.data_redundancy);
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
struct create_bucket_configuration {
  types::bucket_location_constraint location_constraint{};
  std::optional<types::location_info> location{};
  std::optional<types::bucket_info> bucket{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LocationConstraint", m.location_constraint);
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.list("Tags", "Tag", m.tags);
  }
};

struct bucket_namespace : enumeration<bucket_namespace> {
  using enumeration::enumeration;
  static constexpr constant account_regional{"account-regional"};
  static constexpr constant global{"global"};
};

}  // namespace types

struct list_buckets_response {
  std::vector<types::bucket> buckets{};
  std::optional<types::owner> owner{};
  std::string continuation_token{};
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("Owner", m.owner);
    v.element("ContinuationToken", m.continuation_token);
    v.element("Prefix", m.prefix);
  }
};

/// The buckets of the account, paged where `max_buckets` asks for it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
struct list_buckets_request {
  std::string prefix{};
  std::optional<std::int32_t> max_buckets{};
  std::string continuation_token{};
  std::string bucket_region{};

  using response = list_buckets_response;
  static constexpr operation_spec spec{.name = "ListBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("max-buckets", m.max_buckets);
    v.query("continuation-token", m.continuation_token);
    v.query("prefix", m.prefix);
    v.query("bucket-region", m.bucket_region);
  }

  static auto& items(auto& page) { return page.buckets; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.continuation_token);
  }
};

struct create_bucket_response {
  std::string location{};
  std::string bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("Location", m.location);
    v.header("x-amz-bucket-arn", m.bucket_arn);
  }
};

/// Makes a bucket. Outside us-east-1 the configuration has to name the region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
struct create_bucket_request {
  std::string bucket{};
  std::optional<types::create_bucket_configuration> create_bucket_configuration{};
  types::bucket_canned_acl acl{};
  std::string grant_full_control{};
  std::string grant_read{};
  std::string grant_read_acp{};
  std::string grant_write{};
  std::string grant_write_acp{};
  std::optional<bool> object_lock_enabled_for_bucket{};
  types::object_ownership object_ownership{};
  types::bucket_namespace bucket_namespace{};

  using response = create_bucket_response;
  static constexpr operation_spec spec{.name = "CreateBucket", .method = http::method::put, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-bucket-object-lock-enabled", m.object_lock_enabled_for_bucket);
    v.header("x-amz-object-ownership", m.object_ownership);
    v.header("x-amz-bucket-namespace", m.bucket_namespace);
    v.payload("CreateBucketConfiguration", m.create_bucket_configuration);
  }
};

struct head_bucket_response {
  std::string bucket_arn{};
  types::location_type bucket_location_type{};
  std::string bucket_location_name{};
  std::string bucket_region{};
  std::optional<bool> access_point_alias{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-bucket-arn", m.bucket_arn);
    v.header("x-amz-bucket-location-type", m.bucket_location_type);
    v.header("x-amz-bucket-location-name", m.bucket_location_name);
    v.header("x-amz-bucket-region", m.bucket_region);
    v.header("x-amz-access-point-alias", m.access_point_alias);
  }
};

/// Is there such a bucket, and may the caller use it? Its region comes in the answer.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
struct head_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = head_bucket_response;
  static constexpr operation_spec spec{.name = "HeadBucket", .method = http::method::head, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_location_response {
  types::bucket_location_constraint location_constraint{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root_text("LocationConstraint", m.location_constraint);
  }
};

/// The bucket's region; absent means us-east-1, and `EU` means eu-west-1.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
struct get_bucket_location_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_location_response;
  static constexpr operation_spec spec{.name = "GetBucketLocation", .method = http::method::get, .uri = "/{Bucket}?location"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Deletes an empty bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
struct delete_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucket",
      .method = http::method::delete_,
      .uri = "/{Bucket}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline S3STORE_ABI
