#include <string>
#include <utility>
#include <vector>

#include "support/store.hpp"

using namespace s3store;

namespace {

using strings = std::vector<std::string>;

std::string page(const strings& keys, const strings& prefixes = {}, const std::string& next = {}) {
  std::string out = "<ListBucketResult><IsTruncated>" + std::string(next.empty() ? "false" : "true") + "</IsTruncated>";
  for (const auto& k : keys) out += "<Contents><Key>" + k + "</Key><Size>10</Size><ETag>\"e\"</ETag><LastModified>2024-01-15T12:00:00.000Z</LastModified></Contents>";
  for (const auto& p : prefixes) out += "<CommonPrefixes><Prefix>" + p + "</Prefix></CommonPrefixes>";
  if (!next.empty()) out += "<NextContinuationToken>" + next + "</NextContinuationToken>";
  return out + "</ListBucketResult>";
}
strings keys_of(const object_listing& l) {
  strings out;
  for (const auto& o : l) out.push_back(o.key);
  return out;
}
std::string answer_to_delete(const strings& deleted, const std::string& errors = {}) {
  std::string out = "<DeleteResult>";
  for (const auto& k : deleted) out += "<Deleted><Key>" + k + "</Key></Deleted>";
  return out + errors + "</DeleteResult>";
}
strings numbered(int count) {
  strings out;
  for (int i = 0; i != count; ++i) out.push_back("key-" + std::to_string(10000 + i));
  return out;
}
std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a listing goes on to its end", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, page({"a", "b"}, {}, "t1")).answer(200, {}, page({}, {}, "t2")).answer(200, {}, page({"c"}, {"d/"}));
  const auto all = f.store.list_objects({.prefix = "p", .delimiter = "/", .start_after = "o"});
  CHECK(keys_of(all) == strings{"a", "b", "c"});
  CHECK(all.common_prefixes == strings{"d/"});
  CHECK_FALSE(all.truncated());
  CHECK(all[0].size == 10);
  CHECK(all[0].etag == "\"e\"");
  CHECK(all[0].last_modified == *parse_iso8601("2024-01-15T12:00:00Z"));
  const auto sent = f.server.sent();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].url.find("delimiter=%2F") != std::string::npos);
  CHECK(sent[0].url.find("prefix=p") != std::string::npos);
  CHECK(sent[0].url.find("start-after=o") != std::string::npos);
  CHECK(sent[0].url.find("max-keys") == std::string::npos);
  CHECK(sent[2].url.find("continuation-token=t2") != std::string::npos);
}

TEST_CASE("a listing has as many keys as were asked for, prefixes included", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, page(numbered(999), {"p/"}, "t1")).answer(200, {}, page(numbered(500), {}, "t2"));
  const auto some = f.store.list_objects({.max_keys = 1500});
  CHECK(some.size() == 1499);
  CHECK(some.common_prefixes.size() == 1);
  CHECK(some.truncated());
  CHECK(some.continuation_token == "t2");
  const auto sent = f.server.sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].url.find("max-keys=1000") != std::string::npos);
  CHECK(sent[1].url.find("max-keys=500") != std::string::npos);

  f.server.answer(200, {}, page({"z"}));
  const auto rest = f.store.list_objects({.continuation_token = some.continuation_token});
  CHECK(keys_of(rest) == strings{"z"});
  CHECK_FALSE(rest.truncated());
  CHECK(f.server.sent().back().url.find("continuation-token=t2") != std::string::npos);

  CHECK(f.store.list_objects({.max_keys = 0}).empty());
  CHECK(f.server.sent().size() == 3);
}

TEST_CASE("a listing that ends too soon is an error", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>");
  CHECK(test::thrown_by([&] { f.store.list_objects(); }).kind == error_kind::malformed_response);
  f.server.answer(200, {}, page({"a"}, {}, "t1")).answer(200, {}, page({"b"}, {}, "t1"));
  CHECK(test::thrown_by([&] { f.store.list_objects(); }).kind == error_kind::malformed_response);
  f.server.answer(200, {}, page({"a"}, {}, "t1")).answer(403);
  CHECK(test::thrown_by([&] { f.store.list_objects(); }).status == 403);
}

TEST_CASE("the stats count every page, and tell how far they are", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, page(numbered(1000), {}, "t1")).answer(200, {}, page(numbered(5)));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  const auto stats = f.store.get_stats([&told](std::uint64_t objects, std::uint64_t bytes) { told.emplace_back(objects, bytes); });
  CHECK(stats.backend == "s3");
  CHECK(stats.bucket == "b-1");
  CHECK(stats.region == "us-east-1");
  CHECK(stats.object_count == 1005);
  CHECK(stats.total_size == 10050);
  CHECK(told == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1000, 10000}, {1005, 10050}});
}

TEST_CASE("any number of objects is deleted, a thousand at a time", "[store][listing]") {
  test::scripted_store f;
  f.server.compute([](const recorded_request& r) {
    strings keys;
    for (auto at = r.body.find("<Key>"); at != std::string::npos; at = r.body.find("<Key>", at + 5)) keys.push_back(r.body.substr(at + 5, r.body.find('<', at + 5) - at - 5));
    return scripted_reply{.body = answer_to_delete(keys)};
  }, true);
  auto keys = numbered(2500);
  keys.push_back(keys.front());  // once more
  const auto done = f.store.delete_objects(keys);
  CHECK(done.deleted == 2500);
  CHECK(done.failures.empty());
  const auto sent = f.server.sent();
  REQUIRE(sent.size() == 3);
  CHECK(count_of(sent[0].body, "<Object>") == 1000);
  CHECK(count_of(sent[2].body, "<Object>") == 500);
  CHECK(f.store.delete_objects({}).deleted == 0);
  CHECK(f.server.sent().size() == 3);
}

TEST_CASE("each deletion that fails is told", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, answer_to_delete({"a"}, "<Error><Key>b</Key><VersionId>v1</VersionId><Code>AccessDenied</Code><Message>kept</Message></Error>"));
  const auto done = f.store.delete_object_versions({{.key = "a"}, {.key = "b", .version_id = "v1"}, {.key = "c", .version_id = "v2"}});
  CHECK(done.deleted == 1);
  REQUIRE(done.failures.size() == 2);
  CHECK(done.failures[0].key == "b");
  CHECK(done.failures[0].version_id == "v1");
  CHECK(done.failures[0].code == "AccessDenied");
  CHECK(done.failures[0].message == "kept");
  CHECK(done.failures[1].key == "c");
  CHECK(done.failures[1].message.find("does not mention") != std::string::npos);
}

TEST_CASE("a batch that fails as a whole tells what had been done", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(200, {}, answer_to_delete(numbered(1000))).answer(403, {}, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
  const auto e = test::thrown_by([&] { f.store.delete_objects(numbered(1500)); });
  CHECK(e.code == "AccessDenied");
  CHECK(e.message.find("1000 objects had been deleted before") != std::string::npos);
}

TEST_CASE("a key that XML cannot carry is deleted by itself", "[store][listing]") {
  test::scripted_store f;
  f.server.answer(204).answer(403, {}, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>").answer(200, {}, answer_to_delete({"plain"}));
  const auto done = f.store.delete_objects({"a\x01", "b\xff", "plain"});
  CHECK(done.deleted == 2);
  REQUIRE(done.failures.size() == 1);
  CHECK(done.failures[0].key == "b\xff");
  CHECK(done.failures[0].code == "AccessDenied");
  CHECK(f.server.sent()[0].url == "http://s3.test/b-1/a%01");
}
