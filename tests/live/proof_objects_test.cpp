// Objects and listings of them, proven on every server.
#include "support/proof.hpp"

using namespace s3store;

PROOF(life_of_an_object, "object", put_object_request, get_object_request, head_object_request, delete_object_request) {
  live::bucket b{s.client};
  const std::string key = "a b/\xC3\xA4+?%&=";
  s.refuses(get_object_request{.bucket = b, .key = key}, "NoSuchKey");
  s.refuses(head_object_request{.bucket = b, .key = key}, "404");
  s.refuses(put_object_request{.bucket = proof::nowhere, .key = key, .body = "x"}, "NoSuchBucket");
  s.refuses(put_object_request{.bucket = b, .key = key, .body = "x", .content_md5 = "1B2M2Y8AsgTpgAmY7PhCfg=="}, "BadDigest",
            {{"moto", proof::accepts}});
  s.refuses(delete_object_request{.bucket = proof::nowhere, .key = key}, "NoSuchBucket");
  put_object_request put{.bucket = b,
                         .key = key,
                         .body = "hello",
                         .content_type = "text/plain",
                         .metadata = {{"first", "a b"}, {"second", "+/="}},
                         .cache_control = "max-age=7",
                         .content_disposition = "inline",
                         .content_language = "de"};
  const auto made = s.does(put);
  const auto whole = s.does(get_object_request{.bucket = b, .key = key});
  CHECK(whole->body == "hello");
  CHECK(whole->etag == made->etag);
  CHECK(s.does(get_object_request{.bucket = b, .key = key, .range = "bytes=1-3"})->body == "ell");
  s.refuses(get_object_request{.bucket = b, .key = key, .range = "bytes=9-"}, "InvalidRange");
  s.refuses(get_object_request{.bucket = b, .key = key, .if_match = "\"other\""}, "PreconditionFailed");
  const auto head = s.does(head_object_request{.bucket = b, .key = key});
  CHECK(head->content_length == 5);
  CHECK(head->cache_control == put.cache_control);
  CHECK(head->content_disposition == put.content_disposition);
  CHECK(head->content_language == put.content_language);
  CHECK(head->content_type == put.content_type);
  CHECK(head->metadata.get("second") == "+/=");
  s.does(delete_object_request{.bucket = b, .key = key});
  s.refuses(get_object_request{.bucket = b, .key = key}, "NoSuchKey");
}

PROOF(objects_by_the_dozen, "object", delete_objects_request, copy_object_request, get_object_attributes_request) {
  live::bucket b{s.client};
  const std::string from = "from ?&+\xC3\xA4";
  live::must(s.client.put_object({.bucket = b, .key = from, .body = "hello", .metadata = {{"name", "old"}}}));
  const auto copied =
      s.does(copy_object_request{.bucket = b,
                                 .key = "to",
                                 .metadata = {{"name", "new"}},
                                 .copy_source = {b, from},
                                 .metadata_directive = types::metadata_directive{types::metadata_directive::replace}});
  CHECK(!copied->copy_object_result->etag.empty());
  const auto copy = live::must(s.client.get_object({.bucket = b, .key = "to"}));
  CHECK(copy.body == "hello");
  CHECK(copy.metadata.get("name") == "new");
  s.refuses(copy_object_request{.bucket = b, .key = "to", .copy_source = {b, "none"}}, "NoSuchKey");

  using wanted = types::object_attributes;
  const auto attributes =
      s.does(get_object_attributes_request{.bucket = b, .key = "to", .object_attributes = {wanted::etag, wanted::object_size}});
  CHECK(attributes->object_size == 5);
  CHECK("\"" + attributes->etag + "\"" == copy.etag);
  s.refuses(get_object_attributes_request{.bucket = b, .key = "none", .object_attributes = {wanted::etag}}, "NoSuchKey");

  const auto deleted = s.does(delete_objects_request{.bucket = b, .delete_ = {.objects = {{.key = from}, {.key = "to"}}}});
  CHECK(deleted->deleted.size() == 2);
  CHECK(deleted->errors.empty());
  s.refuses(delete_objects_request{.bucket = b}, "MalformedXML", {{"versitygw", proof::accepts}});
  s.refuses(delete_objects_request{.bucket = proof::nowhere, .delete_ = {.objects = {{.key = "k"}}}}, "NoSuchBucket");
}

PROOF(listings, "listing", list_objects_request, list_objects_v2_request, list_object_versions_request) {
  live::bucket b{s.client};
  for (const char* const key : {"a", "b/1", "b/2", "c d+\xC3\xA4"})
    live::must(s.client.put_object({.bucket = b, .key = key, .body = "x"}));
  const auto first = s.does(list_objects_v2_request{.bucket = b, .delimiter = "/", .max_keys = 2});
  REQUIRE(first->contents.size() == 1);
  REQUIRE(first->common_prefixes.size() == 1);
  CHECK(first->contents[0].key == "a");
  CHECK(first->contents[0].size == 1);
  CHECK(first->common_prefixes[0].prefix == "b/");
  CHECK(first->is_truncated == true);
  const auto second = s.does(
      list_objects_v2_request{.bucket = b, .delimiter = "/", .max_keys = 2, .continuation_token = first->next_continuation_token});
  REQUIRE(second->contents.size() == 1);
  CHECK(second->contents[0].key == "c d+\xC3\xA4");
  const auto old =
      s.does(list_objects_request{.bucket = b, .prefix = "b/", .marker = "b/1"});  // MinIO wants the one to begin with the other
  REQUIRE(old->contents.size() == 1);
  CHECK(old->contents[0].key == "b/2");
  const auto versions = s.does(list_object_versions_request{.bucket = b, .prefix = "b/"});
  REQUIRE(versions->versions.size() == 2);
  CHECK(versions->versions[0].is_latest == true);
  CHECK(versions->versions[0].version_id == "null");
  s.refuses(list_objects_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.refuses(list_objects_v2_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.refuses(list_object_versions_request{.bucket = proof::nowhere}, "NoSuchBucket");
}
