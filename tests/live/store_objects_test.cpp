// The object store and its objects, feature by feature, on every server.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include <s3store/config/files.hpp>

#include "support/live_store.hpp"
#include "support/python.hpp"
#include "support/stranger.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

std::string some_bytes(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 1;
  for (char& c : out) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return out;
}

/// What a stranger gets who was given the URL.
std::pair<int, std::string> use(const live::target& t, const presigned_url& url, std::string_view body = {}) {
  return live::raw(t, url.method, url.url, url.fields, body);
}

}  // namespace

TEST_CASE("an object is put, told about and read back", "[live][store]") {
  STORE_TEST(t, store) {
    const auto put = store.put_object("test/file.json", R"({"test": "data"})", {.content_type = "application/json", .metadata = {{"decision-id", "dec-123"}}});
    CHECK(put.key == "test/file.json");
    CHECK(put.etag == "\"6fea748a18de84b63635af2c8ab89d41\"");
    CHECK(put.size == 16);

    const auto about = store.get_object_metadata("test/file.json");
    REQUIRE(about);
    CHECK(about->size == 16);
    CHECK(about->content_type == "application/json");
    CHECK(about->etag == put.etag);
    CHECK(about->metadata.get("decision-id") == "dec-123");
    const auto age = std::chrono::system_clock::now() - about->last_modified;
    CHECK((age > -1h && age < 1h));
    CHECK(store.object_exists("test/file.json"));
    CHECK_FALSE(store.object_exists("test/file.jso"));
    CHECK_FALSE(store.get_object_metadata("nonexistent.json"));

    CHECK(store.get_object("test/file.json") == R"({"test": "data"})");
    CHECK(store.get_object("test/file.json", {.byte_range = {{2, 5}}}) == "test");
    CHECK(store.get_object("test/file.json", {.byte_range = {{9, 1000}}}) == R"("data"})");
    CHECK(live::thrown_by([&] { store.get_object("test/file.json", {.byte_range = {{16, 20}}}); }).kind == error_kind::range_not_satisfiable);

    const std::vector<std::byte> zeros(3);
    store.put_object("bytes", zeros);
    CHECK(store.get_object("bytes") == std::string(3, '\0'));
    store.put_object("empty", "");
    CHECK(store.get_object("empty").empty());
    CHECK(live::thrown_by([&] { store.put_object("bytes", "x", {.if_none_match = "*"}); }).code == "PreconditionFailed");

    int calls = 0;
    http::function_source endless{[&calls](std::span<std::byte> into) {
      std::fill(into.begin(), into.end(), std::byte{'s'});
      return ++calls <= 3 ? (std::min)(into.size(), std::size_t{100}) : 0;
    }};
    CHECK(store.put_object("streamed", endless).size == 300);
    CHECK(store.get_object("streamed") == std::string(300, 's'));
  }
}

TEST_CASE("files go up and come down", "[live][store]") {
  STORE_TEST(t, store) {
    std::string folder = "/tmp/s3store-test-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()));
    const test::temporary_file small{"{}"};
    const std::string json = folder + "/evidence.json", copy = folder + "/copy";
    REQUIRE(::link(small.path().c_str(), json.c_str()) == 0);
    store.put_object_from_file("small", json);
    CHECK(store.get_object_metadata("small")->content_type == "application/json");
    store.put_object_from_file("typed", json, {.content_type = "application/octet-stream"});
    CHECK(store.get_object_metadata("typed")->content_type == "application/octet-stream");

    const std::string content = some_bytes(2 * min_part_size + 12345);
    const test::temporary_file large{content};
    std::uint64_t told = 0, total = 0;
    bool forward = true;
    const auto put = store.multipart_upload("large", large.path(), {.object = {.content_type = "application/x-large", .metadata = {{"dataset", "training-v1"}}},
                                                                    .part_size = min_part_size,
                                                                    .progress = [&](std::uint64_t done, std::uint64_t of) {
                                                                      forward = forward && done >= told;
                                                                      told = done, total = of;
                                                                    }});
    CHECK(put.etag.find("-3\"") != std::string::npos);
    CHECK(forward);
    CHECK(told == content.size());
    CHECK(total == content.size());
    const auto about = store.get_object_metadata("large");
    CHECK(about->size == content.size());
    CHECK(about->content_type == "application/x-large");
    CHECK(about->metadata.get("dataset") == "training-v1");

    CHECK(store.get_object_to_file("large", copy).size == content.size());
    CHECK((config::read_file(copy, content.size()).value() == content));
    store.get_object_to_file("large", copy, {.byte_range = {{min_part_size - 2, min_part_size + 1}}});
    CHECK((config::read_file(copy).value() == content.substr(min_part_size - 2, 4)));
    CHECK(live::thrown_by([&] { store.get_object_to_file("nonexistent", copy); }).code == "NoSuchKey");
    CHECK(config::read_file(copy).value().size() == 4);
    REQUIRE(std::system(("rm -r " + folder).c_str()) == 0);
  }
}

TEST_CASE("objects are deleted, one or several at a time", "[live][store]") {
  STORE_TEST(t, store) {
    const std::vector<std::string> keys{"a", "b/c", "d & <e>", "\xc3\xa9", "f+g%h"};
    for (const auto& key : keys) store.put_object(key, "x");
    store.delete_object("a");
    CHECK_FALSE(store.object_exists("a"));
    CHECK_NOTHROW(store.delete_object("a"));
    const auto done = store.delete_objects(keys);
    CHECK(done.deleted == 5);
    CHECK(done.failures.empty());
    CHECK(store.list_objects().empty());
  }
}

TEST_CASE("listings have prefixes, delimiters and limits", "[live][store]") {
  STORE_TEST(t, store) {
    for (const char* key : {"evidence/decision/1", "evidence/decision/2", "evidence/dec/3", "evidence/4", "other"}) store.put_object(key, "xyz");
    const auto keys_of = [&](const list_options& options) {
      std::vector<std::string> out;
      for (const auto& o : store.list_objects(options)) out.push_back(o.key);
      return out;
    };
    using strings = std::vector<std::string>;
    CHECK(keys_of({}) == strings{"evidence/4", "evidence/dec/3", "evidence/decision/1", "evidence/decision/2", "other"});
    CHECK(keys_of({.prefix = "evidence/dec"}).size() == 3);
    CHECK(keys_of({.prefix = "evidence/dec/"}) == strings{"evidence/dec/3"});
    CHECK(keys_of({.start_after = "evidence/decision/1"}) == strings{"evidence/decision/2", "other"});
    CHECK(keys_of({.prefix = "nothing"}).empty());

    const auto folder = store.list_objects({.prefix = "evidence/", .delimiter = "/"});
    REQUIRE(folder.size() == 1);
    CHECK(folder[0].key == "evidence/4");
    CHECK(folder[0].size == 3);
    CHECK(folder[0].etag == "\"d16fb36f0911f878998c136191af705e\"");
    CHECK(folder.common_prefixes == strings{"evidence/dec/", "evidence/decision/"});

    const auto two = store.list_objects({.max_keys = 2});
    CHECK(two.size() == 2);
    CHECK(two.truncated());
    const auto rest = store.list_objects({.continuation_token = two.continuation_token});
    CHECK(rest.size() == 3);
    CHECK_FALSE(rest.truncated());
    const auto prefixes = store.list_objects({.prefix = "evidence/", .delimiter = "/", .max_keys = 2});
    CHECK(prefixes.size() + prefixes.common_prefixes.size() == 2);
    CHECK(prefixes.truncated());
  }
}

TEST_CASE("a copy takes the metadata over, or is given new", "[live][store]") {
  STORE_TEST(t, store) {
    const auto put = store.put_object("evidence/dec 1.json", "{}", {.content_type = "application/json", .metadata = {{"a", "1"}}});
    const auto copied = store.copy_object("evidence/dec 1.json", "archive/dec 1.json");
    CHECK(copied.etag == put.etag);
    CHECK(store.get_object("archive/dec 1.json") == "{}");
    CHECK(store.get_object_metadata("archive/dec 1.json")->metadata.get("a") == "1");
    CHECK(store.get_object_metadata("archive/dec 1.json")->content_type == "application/json");

    store.copy_object("evidence/dec 1.json", "archive/dec 1.json", {.content_type = "text/x-json", .metadata = {{"archived", "true"}}});
    const auto about = store.get_object_metadata("archive/dec 1.json");
    CHECK(about->metadata.get("archived") == "true");
    CHECK_FALSE(about->metadata.contains("a"));
    CHECK(about->content_type == "text/x-json");
    CHECK(live::thrown_by([&] { store.copy_object("nonexistent", "k"); }).code == "NoSuchKey");
  }
}

TEST_CASE("versions of an object are told apart", "[live][store]") {
  STORE_TEST(t, store) {
    store.put_bucket_versioning();
    const auto first = store.put_object("k", "first"), second = store.put_object("k", "second");
    REQUIRE(!first.version_id.empty());
    CHECK(first.version_id != second.version_id);
    CHECK(store.get_object("k") == "second");
    CHECK(store.get_object("k", {.object = {.version_id = first.version_id}}) == "first");
    CHECK(store.get_object_metadata("k")->version_id == second.version_id);
    store.copy_object("k", "old", {.copy_source = {"", "", first.version_id}});
    CHECK(store.get_object("old") == "first");
    store.delete_object("k");
    CHECK_FALSE(store.object_exists("k"));
    store.delete_object("k", {.version_id = second.version_id});
    CHECK(store.get_object("k", {.object = {.version_id = first.version_id}}) == "first");
  }
}

TEST_CASE("a stranger with a URL or a form does what it was signed for", "[live][store]") {
  STORE_TEST(t, store) {
    CHECK(use(t, store.generate_presigned_url("shared/a b.txt", 60s, http::method::put), "by a stranger").first == 200);
    CHECK(use(t, store.generate_presigned_url("shared/a b.txt", 60s)) == std::pair{200, std::string{"by a stranger"}});
    CHECK(use(t, store.generate_presigned_url("shared/a b.txt", 60s, http::method::head)).first == 200);
    auto typed = store.generate_presigned_url("shared/t", put_object_request{.content_type = "text/plain"}, 60s);
    CHECK(use(t, typed, "x").first == 200);
    CHECK(store.get_object_metadata("shared/t")->content_type == "text/plain");
    typed.fields = {};
    CHECK(use(t, typed, "x").first == (t.is("minio") ? 400 : 403));  // a header that was signed is not there
    CHECK(use(t, store.generate_presigned_url("shared/a b.txt", 60s, http::method::delete_)).first == 204);
    CHECK(use(t, store.generate_presigned_url("shared/a b.txt", 60s)).first == 404);
    const auto short_lived = store.generate_presigned_url("shared/t", 1s);
    if (!t.is("embedded")) std::this_thread::sleep_for(2100ms);
    CHECK(use(t, short_lived).first == (t.is("embedded") ? 200 : 403));

    const auto form = store.generate_presigned_post("uploads/one.txt", {.expiration = 60s, .conditions = {auth::post_condition::content_length_range(1, 20)}});
    const auto post = [&](std::string_view text) {
      const std::string boundary = "----s3store";
      std::string body;
      for (const auto& [name, value] : form.fields)
        body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"\r\n\r\n").append(value).append("\r\n");
      body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n").append(text).append("\r\n--").append(boundary).append("--\r\n");
      return live::raw(t, http::method::post, form.url, {{"Content-Type", "multipart/form-data; boundary=" + boundary}}, body).first;
    };
    CHECK(post("from a browser") == 204);
    CHECK(store.get_object("uploads/one.txt") == "from a browser");
    CHECK(post("more than twenty bytes of text") == 400);
  }
}
