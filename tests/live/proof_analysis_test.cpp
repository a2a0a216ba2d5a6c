// What is counted of a bucket: inventory, analytics, metrics, intelligent tiering; asked of every server.
#include "support/proof.hpp"

#include <s3store/operations/analysis.hpp>

using namespace s3store;

namespace {

/// A bucket that an unknown DELETE does not take away: MinIO and moto take it for DeleteBucket.
struct kept_bucket : live::bucket {
  explicit kept_bucket(const live::client& c) : bucket(c) {
    live::must(c.put_object({.bucket = *this, .key = "k", .body = "keeps the bucket"}));
  }
};

/// Of the servers only moto has any of this, and of that only the inventories.
template <class Put, class Get, class Delete, class List, class Configuration>
void ask(proof::witness& s, Configuration Put::*member, Configuration configuration) {
  if (!s.is("embedded")) s.lacks<Put, Get, Delete, List>();
  kept_bucket b{s.client};
  Put put{.bucket = b, .id = configuration.id};
  put.*member = std::move(configuration);
  s.does(put);
  s.does(Get{.bucket = b, .id = put.id});
  s.does(List{.bucket = b});
  s.does(Delete{.bucket = b, .id = put.id});
}

}  // namespace

PROOF(inventory, "analysis", put_bucket_inventory_configuration_request, get_bucket_inventory_configuration_request,
      list_bucket_inventory_configurations_request, delete_bucket_inventory_configuration_request) {
  if (s.is("minio")) s.lacks<put_bucket_inventory_configuration_request, delete_bucket_inventory_configuration_request>();
  if (s.is("moto")) s.lacks<delete_bucket_inventory_configuration_request>();
  kept_bucket b{s.client};
  put_bucket_inventory_configuration_request put{
      .bucket = b,
      .id = "weekly",
      .inventory_configuration = {
          .destination = {.s3_bucket_destination = {.bucket = "arn:aws:s3:::somewhere",
                                                    .format = types::inventory_format::csv,
                                                    .prefix = "p"}},
          .is_enabled = true,
          .filter = types::inventory_filter{.prefix = "photos/"},
          .id = "weekly",
          .included_object_versions = types::inventory_included_object_versions::all,  // moto knows no other
          .optional_fields = {types::inventory_optional_field::size, types::inventory_optional_field::etag},
          .schedule = {.frequency = types::inventory_frequency::weekly}}};
  s.refuses(get_bucket_inventory_configuration_request{.bucket = b, .id = "weekly"}, "NoSuchConfiguration",
            {{"moto", "NoSuchInventoryConfig"}});
  s.does(put);
  if (const auto got = s.does(get_bucket_inventory_configuration_request{.bucket = b, .id = "weekly"}))
    CHECK(test::lost(put.inventory_configuration, *got) == "");
  if (const auto got = s.does(list_bucket_inventory_configurations_request{.bucket = b})) {
    REQUIRE(got->inventory_configuration_list.size() == 1);
    CHECK(got->inventory_configuration_list[0].id == "weekly");
  }
  s.does(delete_bucket_inventory_configuration_request{.bucket = b, .id = "weekly"});
  s.refuses(list_bucket_inventory_configurations_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket");
}

PROOF(analytics, "analysis", put_bucket_analytics_configuration_request, get_bucket_analytics_configuration_request,
      list_bucket_analytics_configurations_request, delete_bucket_analytics_configuration_request) {
  ask<put_bucket_analytics_configuration_request, get_bucket_analytics_configuration_request,
      delete_bucket_analytics_configuration_request, list_bucket_analytics_configurations_request>(
      s, &put_bucket_analytics_configuration_request::analytics_configuration,
      {.id = "a", .filter = types::analytics_filter{.prefix = "p/"}});
}

PROOF(metrics, "analysis", put_bucket_metrics_configuration_request, get_bucket_metrics_configuration_request,
      list_bucket_metrics_configurations_request, delete_bucket_metrics_configuration_request) {
  ask<put_bucket_metrics_configuration_request, get_bucket_metrics_configuration_request,
      delete_bucket_metrics_configuration_request, list_bucket_metrics_configurations_request>(
      s, &put_bucket_metrics_configuration_request::metrics_configuration,
      {.id = "m", .filter = types::metrics_filter{.prefix = "p/"}});
}

PROOF(tiering, "analysis", put_bucket_intelligent_tiering_configuration_request,
      get_bucket_intelligent_tiering_configuration_request, list_bucket_intelligent_tiering_configurations_request,
      delete_bucket_intelligent_tiering_configuration_request) {
  ask<put_bucket_intelligent_tiering_configuration_request, get_bucket_intelligent_tiering_configuration_request,
      delete_bucket_intelligent_tiering_configuration_request, list_bucket_intelligent_tiering_configurations_request>(
      s, &put_bucket_intelligent_tiering_configuration_request::intelligent_tiering_configuration,
      {.id = "t",
       .status = types::intelligent_tiering_status::enabled,
       .tierings = {{.days = 90, .access_tier = types::intelligent_tiering_access_tier::archive_access}}});
}
