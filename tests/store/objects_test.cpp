#include <string>
#include <utility>
#include <vector>

#include "support/store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
std::string error_body(std::string_view code) { return "<Error><Code>" + std::string(code) + "</Code><Message>no</Message></Error>"; }
}  // namespace

TEST_CASE("a call that makes no sense is refused before anything is sent", "[store][objects]") {
  test::scripted_store f;
  const auto refused = [&](auto call) {
    const auto e = test::thrown_by(call);
    CHECK(e.kind == error_kind::invalid_argument);
    CHECK(e.bucket == "b-1");
  };
  refused([&] { f.store.get_object("k", {.byte_range = {{5, 4}}}); });
  refused([&] { f.store.put_object("k", "x", {.bucket = "other"}); });
  refused([&] { f.store.put_object("k", "x", {.key = "other"}); });
  refused([&] { f.store.copy_object("a", "b", {.copy_source = {"", "c"}}); });
  refused([&] { f.store.get_object(""); });
  CHECK(f.server.tried() == 0);
}

TEST_CASE("an object is put with all that the options say", "[store][objects]") {
  test::scripted_store f;
  f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-version-id", "v1"}, {"x-amz-checksum-crc64nvme", "sum"}});
  const auto put = f.store.put_object("test/file.json", R"({"test": "data"})",
                                      {.content_type = "application/json",
                                       .metadata = {{"decision-id", "dec-123"}},
                                       .if_none_match = "*",
                                       .storage_class = types::storage_class::standard_ia,
                                       .object_lock_mode = types::object_lock_mode::governance});
  CHECK(put.key == "test/file.json");
  CHECK(put.etag == "\"e\"");
  CHECK(put.version_id == "v1");
  CHECK(put.size == 16);
  CHECK(put.checksum == "sum");
  CHECK_FALSE(put.confirmed_by_head);
  const auto sent = f.server.sent().at(0);
  CHECK(sent.verb == http::method::put);
  CHECK(sent.url == "http://s3.test/b-1/test/file.json");
  CHECK(sent.body == R"({"test": "data"})");
  CHECK(sent.fields.get("Content-Type") == "application/json");
  CHECK(sent.fields.get("If-None-Match") == "*");
  CHECK(sent.fields.get("x-amz-meta-decision-id") == "dec-123");
  CHECK(sent.fields.get("x-amz-storage-class") == "STANDARD_IA");
  CHECK(sent.fields.get("x-amz-object-lock-mode") == "GOVERNANCE");
}

TEST_CASE("data without a content type is application/octet-stream, as the Python module stores it", "[store][objects]") {
  test::scripted_store f;
  std::string content = "x";
  http::memory_source source{content};
  f.server.answer(200, {{"ETag", "\"e\""}}).answer(200, {{"ETag", "\"e\""}}).answer(200, {{"ETag", "\"e\""}});
  f.store.put_object("k", content);
  f.store.put_object("k", std::as_bytes(std::span{content}));
  f.store.put_object("k", source, {.content_length = 1});
  for (const auto& sent : f.server.sent()) CHECK(sent.fields.get("Content-Type") == "application/octet-stream");
}

TEST_CASE("text, bytes and sources can be put, in one request whatever their size", "[store][objects]") {
  test::scripted_store f;
  const auto body_of_put = [&](auto& data) {
    f.server.answer(200, {{"ETag", "\"e\""}});
    CHECK(f.store.put_object("k", data).etag == "\"e\"");
    CHECK(f.server.left() == 0);
    return f.server.sent().back();
  };
  const std::string large(20u << 20, 'x');
  CHECK(body_of_put(large).fields.get("x-amz-decoded-content-length") == std::to_string(large.size()));
  const std::vector<std::byte> bytes(3, std::byte{'y'});
  CHECK(body_of_put(bytes).body == "yyy");
  http::memory_source known{std::string_view{large}};
  CHECK(body_of_put(known).fields.get("x-amz-decoded-content-length") == std::to_string(large.size()));
  int calls = 0;
  http::function_source unknown{[&calls](std::span<std::byte> into) { return into[0] = std::byte{'z'}, std::size_t{++calls <= 2}; }};
  CHECK(body_of_put(unknown).body == "zz");
}

TEST_CASE("a range has both its ends", "[store][objects]") {
  test::scripted_store f;
  f.server.answer(206, {{"Content-Range", "bytes 0-3/10"}, {"ETag", "\"e\""}}, "abcd");
  CHECK(f.store.get_object("k", {.byte_range = {{0, 3}}, .object = {.if_match = "\"e\""}}) == "abcd");
  CHECK(f.server.sent().at(0).fields.get("Range") == "bytes=0-3");
  CHECK(f.server.sent().at(0).fields.get("If-Match") == "\"e\"");
  f.server.answer(416, {}, error_body("InvalidRange"));
  CHECK(test::thrown_by([&] { f.store.get_object("k", {.byte_range = byte_range{10, 20}}); }).kind == error_kind::range_not_satisfiable);
}

TEST_CASE("an object can be read into a function, or a sink", "[store][objects]") {
  test::scripted_store f;
  f.server.answer(200, {{"Content-Type", "text/plain"}, {"ETag", "\"e\""}, {"Content-Length", "5"}, {"x-amz-meta-a", "b"}}, "hello");
  std::string got;
  const auto about = f.store.get_object("k", [&got](std::span<const std::byte> bytes) { got.append(detail::as_text(bytes)); });
  CHECK(got == "hello");
  CHECK(about.key == "k");
  CHECK(about.size == 5);
  CHECK(about.content_type == "text/plain");
  CHECK(about.metadata.get("a") == "b");
  f.server.answer(200, {}, "hello");
  std::string again;
  http::string_sink sink{again};
  f.store.get_object("k", sink);
  CHECK(again == "hello");
}

TEST_CASE("what is absent is nothing, false, or NoSuchKey; all else throws", "[store][objects]") {
  test::scripted_store f;
  f.server.answer(404).answer(404).answer(404, {}, error_body("NoSuchKey")).answer(403).answer(403).answer(200);
  CHECK_FALSE(f.store.get_object_metadata("k"));
  CHECK_FALSE(f.store.object_exists("k"));
  const auto gone = test::thrown_by([&] { f.store.get_object("k"); });
  CHECK(gone.code == "NoSuchKey");
  CHECK(gone.status == 404);
  CHECK(gone.key == "k");
  CHECK(test::thrown_by([&] { f.store.get_object_metadata("k"); }).kind == error_kind::access_denied);
  CHECK(test::thrown_by([&] { f.store.object_exists("k"); }).status == 403);
  CHECK(f.store.object_exists("k"));
  for (const auto& r : f.server.sent()) CHECK((r.verb == http::method::head || r.verb == http::method::get));
}

TEST_CASE("an object's metadata is told", "[store][objects]") {
  test::scripted_store f;
  f.server.answer(200, {{"Content-Length", "1234"}, {"Content-Type", "image/png"}, {"ETag", "\"e\""}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"},
                        {"x-amz-version-id", "v2"}, {"X-Amz-Meta-Archived", "true"}});
  const auto about = f.store.get_object_metadata("a b", {.version_id = "v2"});
  REQUIRE(about);
  CHECK(about->size == 1234);
  CHECK(about->content_type == "image/png");
  CHECK(about->etag == "\"e\"");
  CHECK(about->last_modified == *parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"));
  CHECK(about->version_id == "v2");
  CHECK(about->metadata.get("archived") == "true");
  CHECK(f.server.sent().at(0).url == "http://s3.test/b-1/a%20b?versionId=v2");
}

TEST_CASE("a copy takes the source's metadata over, unless it is given some", "[store][objects]") {
  test::scripted_store f;
  const std::string done = "<CopyObjectResult><ETag>\"e\"</ETag><LastModified>2024-01-15T12:00:00.000Z</LastModified></CopyObjectResult>";
  const headers source{{"Content-Length", "5"}, {"ETag", "\"s\""}};
  f.server.answer(200, source).answer(200, {{"x-amz-version-id", "v1"}}, done);
  f.server.answer(200, source).answer(200, {}, done).answer(200, source).answer(200, {}, done);
  const auto copied = f.store.copy_object("a/b c", "d");
  CHECK(copied.key == "d");
  CHECK(copied.etag == "\"e\"");
  CHECK(copied.version_id == "v1");
  CHECK(copied.last_modified == parse_iso8601("2024-01-15T12:00:00Z"));
  f.store.copy_object("a", "d", {.metadata = {{"archived", "true"}}, .copy_source = {"other", "", "v9"}});
  f.store.copy_object("a", "d", {.metadata_directive = types::metadata_directive::replace});
  const auto sent = f.server.sent();
  REQUIRE(sent.size() == 6);
  CHECK(sent[0].url == "http://s3.test/b-1/a/b%20c");  // the source is looked at, for its size
  CHECK(sent[1].fields.get("x-amz-copy-source") == "b-1/a/b%20c");
  CHECK(sent[1].fields.get("x-amz-copy-source-if-match") == "\"s\"");
  CHECK_FALSE(sent[1].fields.contains("x-amz-metadata-directive"));
  CHECK(sent[3].fields.get("x-amz-copy-source") == "other/a?versionId=v9");
  CHECK(sent[3].fields.get("x-amz-metadata-directive") == "REPLACE");
  CHECK(sent[3].fields.get("x-amz-meta-archived") == "true");
  CHECK(sent[5].fields.get("x-amz-metadata-directive") == "REPLACE");
}

TEST_CASE("a refusal that is an earlier attempt's success is none", "[store][objects]") {
  test::scripted_store f;
  SECTION("of a put") {
    f.server.lose().answer(412, {}, error_body("PreconditionFailed")).compute([&](const recorded_request&) {
      const std::string sum{f.server.sent().front().fields.value_or_empty("x-amz-checksum-crc64nvme")};
      return scripted_reply{.head = {200, {{"Content-Length", "5"}, {"ETag", "\"e\""}, {"x-amz-checksum-crc64nvme", sum}}}};
    });
    const auto put = f.store.put_object("k", "hello", {.if_none_match = "*"});
    CHECK(put.confirmed_by_head);
    CHECK(put.etag == "\"e\"");
  }
  SECTION("of a put, but somebody else was faster") {
    f.server.lose().answer(412, {}, error_body("PreconditionFailed")).answer(200, {{"Content-Length", "4"}});
    CHECK(test::thrown_by([&] { f.store.put_object("k", "hello", {.if_none_match = "*"}); }).code == "PreconditionFailed");
  }
  SECTION("of a deletion") {
    f.server.lose().answer(404, {}, error_body("NoSuchKey")).answer(404);
    CHECK_NOTHROW(f.store.delete_object("k", {.if_match = "\"e\""}));
    CHECK(f.server.sent().back().verb == http::method::head);
  }
  SECTION("of a deletion, but the object is there") {
    f.server.lose().answer(412, {}, error_body("PreconditionFailed")).answer(200);
    const auto e = test::thrown_by([&] { f.store.delete_object("k", {.if_match = "\"e\""}); });
    CHECK(e.code == "PreconditionFailed");
    CHECK(e.message.find("it had no effect") != std::string::npos);
  }
  SECTION("of a deletion, but nobody knows") {
    f.server.lose().answer(412, {}, error_body("PreconditionFailed")).answer(403);
    CHECK(test::thrown_by([&] { f.store.delete_object("k", {.if_match = "\"e\""}); }).message.find("could not be found out") != std::string::npos);
  }
  SECTION("of a deletion from a bucket that is gone") {
    f.server.lose().answer(404, {}, error_body("NoSuchBucket"));
    CHECK(test::thrown_by([&] { f.store.delete_object("k"); }).code == "NoSuchBucket");
  }
  SECTION("of a copy") {
    f.server.answer(200, {{"Content-Length", "5"}, {"ETag", "\"e\""}});
    f.server.lose().answer(412, {}, error_body("PreconditionFailed"));
    f.server.answer(200, {{"Content-Length", "5"}, {"ETag", "\"e\""}, {"x-amz-version-id", "v1"}});
    const auto copied = f.store.copy_object("a", "b", {.if_none_match = "*"});
    CHECK(copied.confirmed_by_head);
    CHECK(copied.etag == "\"e\"");
    CHECK(copied.version_id == "v1");
    CHECK(f.server.sent().back().url == "http://s3.test/b-1/b");
  }
  SECTION("of a copy, but another object is there") {
    f.server.answer(200, {{"Content-Length", "6"}});
    f.server.lose().answer(412, {}, error_body("PreconditionFailed")).answer(200, {{"Content-Length", "5"}});
    CHECK(test::thrown_by([&] { f.store.copy_object("a", "b", {.if_none_match = "*"}); }).message.find("another one") != std::string::npos);
  }
  SECTION("of a refusal at the first attempt nothing is asked") {
    f.server.answer(412, {}, error_body("PreconditionFailed"));
    CHECK(test::thrown_by([&] { f.store.put_object("k", "hello", {.if_none_match = "*"}); }).attempts == 1);
    CHECK(f.server.sent().size() == 1);
  }
}
