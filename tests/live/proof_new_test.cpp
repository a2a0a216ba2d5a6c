// What only AWS has: annotations, metadata tables, directory buckets. Each server is asked, because what a server takes an unknown
// request for is worth to know: most look at the method and the path alone, so that DeleteObjectAnnotation deletes the object.
#include "support/proof.hpp"

#include <s3store/operations/annotation.hpp>
#include <s3store/operations/directory.hpp>
#include <s3store/operations/metadata.hpp>

using namespace s3store;

namespace {

bool has_body(const live::client& c, const std::string& bucket, std::string_view body) {
  const auto got = c.get_object({.bucket = bucket, .key = "k"});
  return got && got->body == body;
}

}  // namespace

PROOF(annotations, "annotation", put_object_annotation_request, get_object_annotation_request, delete_object_annotation_request,
      list_object_annotations_request) {
  if (!s.is("embedded"))
    s.lacks<put_object_annotation_request, get_object_annotation_request, delete_object_annotation_request,
            list_object_annotations_request>();
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "the object"}));
  s.does(get_object_annotation_request{.bucket = b, .key = "k", .annotation_name = "n"});
  s.does(list_object_annotations_request{.bucket = b, .key = "k"});
  s.does(put_object_annotation_request{.bucket = b, .key = "k", .body = "the annotation", .annotation_name = "n"});
  CHECK(has_body(s.client, b, s.is("embedded") ? "the object" : "the annotation"));
  s.does(delete_object_annotation_request{.bucket = b, .key = "k", .annotation_name = "n"});
  CHECK(has_body(s.client, b, "the object") == s.is("embedded"));
}

PROOF(metadata_tables, "metadata", create_bucket_metadata_configuration_request, get_bucket_metadata_configuration_request,
      delete_bucket_metadata_configuration_request, update_bucket_metadata_inventory_table_configuration_request,
      update_bucket_metadata_journal_table_configuration_request, update_bucket_metadata_annotation_table_configuration_request,
      create_bucket_metadata_table_configuration_request, get_bucket_metadata_table_configuration_request,
      delete_bucket_metadata_table_configuration_request) {
  if (!s.is("embedded"))
    s.lacks<create_bucket_metadata_configuration_request, get_bucket_metadata_configuration_request,
            delete_bucket_metadata_configuration_request, update_bucket_metadata_inventory_table_configuration_request,
            update_bucket_metadata_journal_table_configuration_request,
            update_bucket_metadata_annotation_table_configuration_request, create_bucket_metadata_table_configuration_request,
            get_bucket_metadata_table_configuration_request, delete_bucket_metadata_table_configuration_request>();
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "keeps the bucket"}));
  const types::record_expiration expiry{.expiration = types::expiration_state::enabled, .days = 7};
  s.does(create_bucket_metadata_configuration_request{
      .bucket = b, .metadata_configuration = {.journal_table_configuration = {.record_expiration = expiry}}});
  s.does(get_bucket_metadata_configuration_request{.bucket = b});
  s.does(update_bucket_metadata_inventory_table_configuration_request{
      .bucket = b, .inventory_table_configuration = {.configuration_state = types::inventory_configuration_state::enabled}});
  s.does(update_bucket_metadata_journal_table_configuration_request{.bucket = b,
                                                                    .journal_table_configuration = {.record_expiration = expiry}});
  s.does(update_bucket_metadata_annotation_table_configuration_request{
      .bucket = b, .annotation_table_configuration = {.configuration_state = types::annotation_configuration_state::enabled}});
  s.does(delete_bucket_metadata_configuration_request{.bucket = b});
  s.does(create_bucket_metadata_table_configuration_request{
      .bucket = b,
      .metadata_table_configuration = {
          .s3_tables_destination = {.table_bucket_arn = "arn:aws:s3tables:us-east-1:1:bucket/b", .table_name = "t"}}});
  s.does(get_bucket_metadata_table_configuration_request{.bucket = b});
  s.does(delete_bucket_metadata_table_configuration_request{.bucket = b});
  live::must(s.client.head_bucket({.bucket = b}));
}

PROOF(directory_buckets, "directory", create_session_request, list_directory_buckets_request, rename_object_request) {
  s.lacks<create_session_request, list_directory_buckets_request>();  // ListObjects and ListBuckets to all of them
  if (!s.is("embedded")) s.lacks<rename_object_request>();
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "the object"}));
  s.does(create_session_request{.bucket = b});
  s.does(list_directory_buckets_request{});
  s.does(rename_object_request{.bucket = b, .key = "renamed", .rename_source = b.name() + "/k"});
  CHECK(has_body(s.client, b, "the object"));  // what is made is a new, empty object
}
