// ListBucketIntelligentTieringConfigurations: how does it travel?
#pragma once

#include <s3store/operations/analysis/types.hpp>

namespace s3store::inline S3STORE_ABI {

struct list_bucket_intelligent_tiering_configurations_response {
  std::optional<bool> is_truncated{};
  std::string continuation_token{};
  std::string next_continuation_token{};
  std::vector<types::intelligent_tiering_configuration> intelligent_tiering_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListBucketIntelligentTieringConfigurationsOutput");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("IntelligentTieringConfiguration", m.intelligent_tiering_configuration_list);
  }
};

/// A bucket's tiering rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html
struct list_bucket_intelligent_tiering_configurations_request {
  std::string bucket{};
  std::string continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_intelligent_tiering_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketIntelligentTieringConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }

  static auto& items(auto& page) { return page.intelligent_tiering_configuration_list; }
  static auto next_page(auto& turn, auto& m, auto& page) {
    return turn.token(m.continuation_token, page.next_continuation_token, page.is_truncated);
  }
};

}  // namespace s3store::inline S3STORE_ABI
