// PutBucketInventoryConfiguration: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct put_bucket_inventory_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces an inventory: a list of objects that S3 writes at intervals.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html
struct put_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  types::inventory_configuration inventory_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketInventoryConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id, wire::required);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryConfiguration", m.inventory_configuration, wire::required);
  }
};

}  // namespace s3store::inline S3STORE_ABI
