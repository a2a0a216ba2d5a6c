// ListBucketInventoryConfigurations: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct list_bucket_inventory_configurations_response {
  std::string continuation_token{};
  std::vector<types::inventory_configuration> inventory_configuration_list{};
  std::optional<bool> is_truncated{};
  std::string next_continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListInventoryConfigurationsResult");
    v.element("ContinuationToken", m.continuation_token);
    v.element("InventoryConfiguration", m.inventory_configuration_list);
    v.element("IsTruncated", m.is_truncated);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// A bucket's inventories, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html
struct list_bucket_inventory_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_inventory_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketInventoryConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.inventory_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
