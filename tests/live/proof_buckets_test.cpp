// Buckets, their versions and tags, proven on every server.
#include "support/proof.hpp"

#include <s3store/operations/tagging.hpp>
#include <s3store/operations/versioning.hpp>

using namespace s3store;

PROOF(life_of_a_bucket, "bucket", create_bucket_request, head_bucket_request, get_bucket_location_request, list_buckets_request,
      delete_bucket_request) {
  const std::string name = live::unique_name("s3store-proof");
  s.refuses(head_bucket_request{.bucket = name}, "404");
  s.refuses(get_bucket_location_request{.bucket = name}, "NoSuchBucket");
  s.refuses(delete_bucket_request{.bucket = name}, "NoSuchBucket");
  s.refuses(create_bucket_request{.bucket = "ab"}, "InvalidBucketName");

  s.does(create_bucket_request{.bucket = name});
  s.does(head_bucket_request{.bucket = name});
  // us-east-1 is written as an empty constraint
  const auto location = s.does(get_bucket_location_request{.bucket = name});
  CHECK(location->location_constraint.empty());
  bool listed = false;
  const auto list = s.does(list_buckets_request{});
  for (const auto& b : list->buckets) listed = listed || (b.name == name && b.creation_date.has_value());
  CHECK(listed);
  const auto forger = s.target().connect(s.target().set, s.target().access_key, "wrong");
  s.refuses(forger, list_buckets_request{}, "SignatureDoesNotMatch", {{"moto", proof::accepts}});
  s.does(delete_bucket_request{.bucket = name});
  s.refuses(head_bucket_request{.bucket = name}, "404");
}

PROOF(versions, "versioning", put_bucket_versioning_request, get_bucket_versioning_request) {
  live::bucket b{s.client};
  put_bucket_versioning_request put{.bucket = b,
                                    .versioning_configuration = {.status = types::bucket_versioning_status{"Perhaps"}}};
  s.refuses(put, "MalformedXML", {{"minio", "IllegalVersioningConfigurationException"}, {"moto", proof::accepts}});
  s.refuses(get_bucket_versioning_request{.bucket = proof::nowhere}, "NoSuchBucket");
  for (const auto status : {types::bucket_versioning_status::enabled, types::bucket_versioning_status::suspended}) {
    put.versioning_configuration.status = status;
    s.does(put);
    if (const auto got = s.does(get_bucket_versioning_request{.bucket = b})) CHECK(got->status == status);
  }
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket", {{"minio", proof::accepts}});
}

PROOF(tags_of_a_bucket, "tagging", put_bucket_tagging_request, get_bucket_tagging_request, delete_bucket_tagging_request) {
  live::bucket b{s.client};
  put_bucket_tagging_request put{.bucket = b, .tagging = {.tag_set = {{"team", "blue + green@x"}, {"team", "red"}}}};
  s.refuses(get_bucket_tagging_request{.bucket = b}, "NoSuchTagSet");
  s.refuses(put, "InvalidTag", {{"minio", "MalformedXML"}});
  s.refuses(delete_bucket_tagging_request{.bucket = proof::nowhere}, "NoSuchBucket", {{"minio", proof::accepts}});
  put.tagging.tag_set[1] = {"stage", "a b/"};
  s.does(put);
  if (const auto got = s.does(get_bucket_tagging_request{.bucket = b})) CHECK(test::lost(put.tagging, *got) == "");
  s.does(delete_bucket_tagging_request{.bucket = b});
  s.refuses(get_bucket_tagging_request{.bucket = b}, "NoSuchTagSet");
}

PROOF(tags_of_an_object, "tagging", put_object_tagging_request, get_object_tagging_request, delete_object_tagging_request) {
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "x"}));
  put_object_tagging_request put{
      .bucket = b, .key = "none", .tagging = {.tag_set = {{"team", "blue + green@x"}, {"stage", "a b/"}}}};
  s.refuses(put, "NoSuchKey");
  s.refuses(get_object_tagging_request{.bucket = b, .key = "none"}, "NoSuchKey");
  s.refuses(delete_object_tagging_request{.bucket = proof::nowhere, .key = "k"}, "NoSuchBucket");
  s.refuses(delete_object_tagging_request{.bucket = b, .key = "none"}, "NoSuchKey", {{"moto", "500"}});
  put.key = "k";
  s.does(put);
  if (const auto got = s.does(get_object_tagging_request{.bucket = b, .key = "k"})) CHECK(test::lost(put.tagging, *got) == "");
  s.does(delete_object_tagging_request{.bucket = b, .key = "k"});
  if (const auto got = s.does(get_object_tagging_request{.bucket = b, .key = "k"})) CHECK(got->tag_set.empty());
}
