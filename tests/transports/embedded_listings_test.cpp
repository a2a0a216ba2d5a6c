// Does the embedded S3 list what it has, in the order of bytes and page by page?
#include <string>
#include <vector>

#include <s3store/transports/embedded/serve.hpp>

#include "support/embedded.hpp"

using namespace test;

namespace {

template <class Response>
std::vector<std::string> keys_of(const Response& r) {
  std::vector<std::string> out;
  for (const auto& o : r.contents) out.push_back(o.key);
  for (const auto& p : r.common_prefixes) out.push_back("[" + p.prefix + "]");
  return out;
}
using names = std::vector<std::string>;

}  // namespace

TEST_CASE("a listing that makes no sense is refused", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  CHECK(code_of(w.s3.list_objects_v2({.bucket = "none"})) == "NoSuchBucket");
  CHECK(code_of(w.s3.list_objects({.bucket = "none"})) == "NoSuchBucket");
  CHECK(code_of(w.s3.list_objects_v2({.bucket = "b-1", .max_keys = -1})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_objects_v2({.bucket = "b-1", .encoding_type = types::encoding_type{"rot13"}})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_objects_v2({.bucket = "b-1", .continuation_token = "no token"})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_objects_v2({.bucket = "b-1"}, {.query = {{"continuation-token", ""}}})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_object_versions({.bucket = "b-1", .key_marker = "k"}, {.query = {{"version-id-marker", ""}}})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_object_versions({.bucket = "b-1", .version_id_marker = "v"})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_buckets({.max_buckets = 0})) == "InvalidArgument");
  CHECK(code_of(w.s3.list_objects({.bucket = "b-1"}, {.query = {{"max-keys", "many"}}})) == "InvalidArgument");
}

TEST_CASE("keys are listed in the order of their bytes, and rolled up at the delimiter", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  for (const char* const key : {"b/1", "a", "b/2", "b/c/3", "\xC3\xA4", "Z", "c", "b"}) w.put("b-1", key, "x");
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1"})) == names{"Z", "a", "b", "b/1", "b/2", "b/c/3", "c", "\xC3\xA4"});
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1", .delimiter = "/"})) == names{"Z", "a", "b", "c", "\xC3\xA4", "[b/]"});
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1", .prefix = "b/", .delimiter = "/"})) == names{"b/1", "b/2", "[b/c/]"});
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1", .prefix = "b"})) == names{"b", "b/1", "b/2", "b/c/3"});
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1", .start_after = "b/1"})) == names{"b/2", "b/c/3", "c", "\xC3\xA4"});
  CHECK(keys_of(*w.s3.list_objects_v2({.bucket = "b-1", .delimiter = "/", .start_after = "b/"})) == names{"c", "\xC3\xA4"});
  CHECK(keys_of(*w.s3.list_objects({.bucket = "b-1", .marker = "b/c/3"})) == names{"c", "\xC3\xA4"});
  CHECK(keys_of(*w.s3.list_objects({.bucket = "b-1", .prefix = "none"})).empty());
  const auto none = w.s3.list_objects_v2({.bucket = "b-1", .max_keys = 0});
  REQUIRE(none);
  CHECK(none->contents.empty());
  CHECK(none->is_truncated == false);
  const auto owned = w.s3.list_objects_v2({.bucket = "b-1", .max_keys = 1, .fetch_owner = true});
  REQUIRE(owned);
  REQUIRE(owned->contents[0].owner);
  CHECK(owned->contents[0].owner->id == "123456789012");
  CHECK(owned->contents[0].size == 1);
  CHECK(owned->contents[0].storage_class == types::object_storage_class::standard);
  CHECK_FALSE(w.s3.list_objects_v2({.bucket = "b-1"})->contents[0].owner);
}

TEST_CASE("every page size gives the same listing", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1", true);
  for (const char* const key : {"a", "b/1", "b/2", "c", "d/", "d/1", "e f+g"}) {
    w.put("b-1", key, "x");
    w.put("b-1", key, "y");
  }
  REQUIRE(w.s3.delete_object({.bucket = "b-1", .key = "c"}));
  for (const std::string delimiter : {"", "/"}) {
    const names expected = !delimiter.empty() ? names{"[b/]", "[d/]", "a", "e f+g"} : names{"a", "b/1", "b/2", "d/", "d/1", "e f+g"};
    for (std::int32_t size = 1; size != 9; ++size) {
      names two, one;
      for (auto& p : w.s3.pages(list_objects_v2_request{.bucket = "b-1", .delimiter = delimiter, .max_keys = size})) {
        REQUIRE(p);
        CHECK(p->key_count.value_or(-1) <= size);
        const auto more = keys_of(*p);
        two.insert(two.end(), more.begin(), more.end());
      }
      for (auto& p : w.s3.pages(list_objects_request{.bucket = "b-1", .delimiter = delimiter, .max_keys = size})) {
        REQUIRE(p);
        const auto more = keys_of(*p);
        one.insert(one.end(), more.begin(), more.end());
      }
      std::sort(one.begin(), one.end());
      std::sort(two.begin(), two.end());
      CHECK(one == expected);
      CHECK(two == expected);

      std::size_t versions = 0, markers = 0, prefixes = 0;
      for (auto& p : w.s3.pages(list_object_versions_request{.bucket = "b-1", .delimiter = delimiter, .max_keys = size})) {
        REQUIRE(p);
        versions += p->versions.size();
        markers += p->delete_markers.size();
        prefixes += p->common_prefixes.size();
      }
      CHECK(markers == 1);
      CHECK(versions == (delimiter.empty() ? 14 : 6));
      CHECK(prefixes == (delimiter.empty() ? 0 : 2));
    }
  }
}

TEST_CASE("buckets are listed by prefix and page", "[embedded]") {
  const embedded_world w;
  REQUIRE(w.s3.list_buckets({}));
  CHECK(w.s3.list_buckets({})->buckets.empty());
  for (const char* const name : {"ab1", "ab2", "xyz"}) w.make_bucket(name);
  CHECK(w.s3.list_buckets({})->buckets.size() == 3);
  const auto first = w.s3.list_buckets({.prefix = "ab", .max_buckets = 1});
  REQUIRE(first);
  REQUIRE(first->buckets.size() == 1);
  CHECK(first->buckets[0].name == "ab1");
  CHECK(first->buckets[0].creation_date == w.clock.now().wall);
  REQUIRE(!first->continuation_token.empty());
  const auto second = w.s3.list_buckets({.prefix = "ab", .max_buckets = 1, .continuation_token = first->continuation_token});
  REQUIRE(second);
  CHECK(second->buckets[0].name == "ab2");
  CHECK(second->continuation_token.empty());
  CHECK(w.s3.list_buckets({.bucket_region = "eu-west-1"})->buckets.empty());
}

TEST_CASE("a parameter that is there and empty is not one that is absent", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1", true);
  w.put("b-1", "k", "x");
  const call_options empty_version{.query = {{"versionId", ""}}};
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k"}, empty_version)) == "InvalidArgument");
  CHECK(code_of(w.s3.head_object({.bucket = "b-1", .key = "k"}, empty_version)) == "400");
  CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k"}, empty_version)) == "InvalidArgument");
  CHECK(w.get("b-1", "k") == "x");
}

TEST_CASE("an answer has the elements that S3 sends without a value", "[embedded]") {
  list_objects_response v1;
  list_objects_v2_response v2;
  list_object_versions_response versions;
  list_multipart_uploads_response uploads;
  const auto text = [](auto answer) { return std::move(answer).value().body; };
  const std::string one = text(embedded::encode_response<list_objects_request>(std::move(v1))),
                    two = text(embedded::encode_response<list_objects_v2_request>(std::move(v2))),
                    three = text(embedded::encode_response<list_object_versions_request>(std::move(versions))),
                    four = text(embedded::encode_response<list_multipart_uploads_request>(std::move(uploads)));
  for (const std::string& each : {one, two, three}) CHECK(each.find("<Prefix/>") != std::string::npos);
  CHECK(one.find("<Marker/>") != std::string::npos);
  for (const std::string& each : {three, four}) CHECK(each.find("<KeyMarker/>") != std::string::npos);
  CHECK(three.find("<VersionIdMarker/>") != std::string::npos);
  CHECK(four.find("<UploadIdMarker/>") != std::string::npos);
  for (const std::string& each : {one, two, three, four}) CHECK(each.find("Delimiter") == std::string::npos);
}

TEST_CASE("with encoding-type=url a slash stays, a space is +, and what is read back is the key", "[embedded]") {
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1");
  const std::string key = "foo/a b+c~d*e(3)\xC3\xA4%&.x";
  w.put("b-1", key, "x");
  const auto raw = [&](const std::string& query) {
    return w.server.serve({"GET", "/b-1?" + query, {{"Host", "s3.test"}}}).body;
  };
  // "/" and "*" as they are, "~" encoded: as AWS, and MinIO.
  const std::string encoded = "<Key>foo/a+b%2Bc%7Ed*e%283%29%C3%A4%25%26.x</Key>";
  for (const char* const kind : {"list-type=2&", "", "versions&"}) {
    const std::string body = raw(kind + std::string("encoding-type=url&prefix=foo/"));
    INFO(body);
    CHECK(body.find(encoded) != std::string::npos);
    CHECK(body.find("<Prefix>foo/</Prefix>") != std::string::npos);
    CHECK(raw(kind + std::string("prefix=foo/")).find("<Key>foo/a b+c~d*e(3)\xC3\xA4%&amp;.x</Key>") != std::string::npos);
  }
  const auto grouped = raw("encoding-type=url&delimiter=b%2B");
  CHECK(grouped.find("<Delimiter>b%2B</Delimiter>") != std::string::npos);
  CHECK(grouped.find("<Prefix>foo/a+b%2B</Prefix>") != std::string::npos);
  CHECK(w.s3.list_objects_v2({.bucket = "b-1"})->contents.at(0).key == key);
  CHECK(w.s3.list_objects({.bucket = "b-1"})->contents.at(0).key == key);
  CHECK(w.s3.list_object_versions({.bucket = "b-1"})->versions.at(0).key == key);
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: the delimiter only "if specified"; an empty one is none.
  for (const char* const kind : {"list-type=2&", "", "versions&", "uploads&"})
    CHECK(raw(kind + std::string("delimiter=")).find("Delimiter") == std::string::npos);
}
