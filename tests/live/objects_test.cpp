// Objects: stored, read, conditioned, copied and deleted, on every server.
#include <algorithm>

#include "support/live.hpp"

using namespace s3store;

TEST_CASE("an object comes back as it was stored", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto put = live::must(c.put_object({.bucket = b,
                                              .key = "notes/today.txt",
                                              .body = "hello",
                                              .content_type = "text/plain; charset=utf-8",
                                              .metadata = {{"decision-id", "dec-123"}, {"two-words", "a  b"}},
                                              .cache_control = "no-cache",
                                              .content_disposition = "attachment; filename=\"t.txt\"",
                                              .content_language = "en"}));
    REQUIRE(!put.etag.empty());
    CHECK(put.etag == "\"5d41402abc4b2a76b9719d911017c592\"");

    const auto got = c.get_object({.bucket = b, .key = "notes/today.txt"});
    REQUIRE(got.has_value());
    CHECK(got->body == "hello");
    CHECK(got->etag == put.etag);
    CHECK(got->content_length == 5);
    CHECK(got->content_type == "text/plain; charset=utf-8");
    CHECK(got->cache_control == "no-cache");
    CHECK(got->content_disposition == "attachment; filename=\"t.txt\"");
    CHECK(got->content_language == "en");
    CHECK(got->metadata.value_or_empty("decision-id") == "dec-123");
    CHECK(got->last_modified.has_value());
    CHECK(got.meta().status == 200);
    CHECK(got.meta().attempts == 1);
    CHECK(got.meta().received == 5);
    CHECK(got.meta().integrity == integrity::verified);

    const auto head = live::must(c.head_object({.bucket = b, .key = "notes/today.txt"}));
    CHECK(head.content_length == 5);
    CHECK(head.etag == put.etag);
    CHECK(head.metadata.value_or_empty("decision-id") == "dec-123");

    live::must(c.delete_object({.bucket = b, .key = "notes/today.txt"}));
    const auto gone = c.get_object({.bucket = b, .key = "notes/today.txt"});
    REQUIRE(!gone);
    CHECK(gone.error().code == "NoSuchKey");
    CHECK(gone.error().kind == error_kind::not_found);
    CHECK(gone.error().key == "notes/today.txt");
    const auto no_head = c.head_object({.bucket = b, .key = "notes/today.txt"});
    REQUIRE(!no_head);
    CHECK(no_head.error().kind == error_kind::not_found);
    live::must(c.delete_object({.bucket = b, .key = "notes/today.txt"}));  // deleting what is not there succeeds
  }
}

TEST_CASE("bodies of every kind and length", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537},
                                   std::size_t{1} << 20, (std::size_t{1} << 20) + 1, std::size_t{3'000'000}}) {
      std::string text(size, '\0');
      for (std::size_t i = 0; i != size; ++i) text[i] = static_cast<char>(i * 31 + i / 256);
      CAPTURE(size);

      live::must(c.put_object({.bucket = b, .key = "memory", .body = http::body::borrow(text)}));
      auto got = c.get_object({.bucket = b, .key = "memory"});
      REQUIRE(got.has_value());
      CHECK((got->body == text));
      CHECK(got.meta().integrity == integrity::verified);

      // read once, so its checksum follows in a trailer
      std::size_t at = 0;
      http::function_source once{[&](std::span<std::byte> into) {
                                   const std::size_t n = (std::min)({into.size(), text.size() - at, std::size_t{10'000}});
                                   std::copy_n(detail::as_bytes(text).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
                                   at += n;
                                   return n;
                                 },
                                 size};
      live::must(c.put_object({.bucket = b, .key = "once", .body = once}));
      std::string out;
      auto streamed = c.get_object({.bucket = b, .key = "once"}, [&](std::span<const std::byte> bytes) { out.append(detail::as_text(bytes)); });
      REQUIRE(streamed.has_value());
      CHECK((out == text));
      CHECK(streamed->body.empty());
      // versitygw keeps the transfer's own encoding as if it were the object's
      CHECK((streamed->content_encoding.find("aws-chunked") != std::string::npos) == t.is("versitygw"));
      CHECK(streamed.meta().integrity == integrity::verified);
    }
  }
}

TEST_CASE("ranges", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    live::must(c.put_object({.bucket = b, .key = "digits", .body = "0123456789"}));
    const auto middle = c.get_object({.bucket = b, .key = "digits", .range = "bytes=2-5"});
    REQUIRE(middle.has_value());
    CHECK(middle->body == "2345");
    CHECK(middle->content_range == "bytes 2-5/10");
    CHECK(middle.meta().status == 206);
    CHECK(live::must(c.get_object({.bucket = b, .key = "digits", .range = "bytes=7-"})).body == "789");
    CHECK(live::must(c.get_object({.bucket = b, .key = "digits", .range = "bytes=-3"})).body == "789");
    CHECK(live::must(c.get_object({.bucket = b, .key = "digits", .range = "bytes=8-100"})).body == "89");
    const auto beyond = c.get_object({.bucket = b, .key = "digits", .range = "bytes=10-12"});
    REQUIRE(!beyond);
    CHECK(beyond.error().kind == error_kind::range_not_satisfiable);
    CHECK(beyond.error().code == "InvalidRange");
  }
}

TEST_CASE("conditional requests", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto first = live::must(c.put_object({.bucket = b, .key = "k", .body = "one", .if_none_match = "*"}));
    const auto second = c.put_object({.bucket = b, .key = "k", .body = "two", .if_none_match = "*"});
    REQUIRE(!second);
    CHECK(second.error().kind == error_kind::precondition_failed);
    CHECK(!second.error().maybe_own_success);

    CHECK(live::must(c.get_object({.bucket = b, .key = "k", .if_match = first.etag})).body == "one");
    const auto other = c.get_object({.bucket = b, .key = "k", .if_match = "\"0\""});
    REQUIRE(!other);
    CHECK(other.error().kind == error_kind::precondition_failed);
    const auto same = c.get_object({.bucket = b, .key = "k", .if_none_match = first.etag});
    REQUIRE(!same);
    CHECK(same.error().kind == error_kind::not_modified);
    const auto unchanged = c.head_object({.bucket = b, .key = "k", .if_none_match = first.etag});
    REQUIRE(!unchanged);
    CHECK(unchanged.error().kind == error_kind::not_modified);

    live::must(c.put_object({.bucket = b, .key = "k", .body = "two", .if_match = first.etag}));
    const auto stale = c.put_object({.bucket = b, .key = "k", .body = "three", .if_match = first.etag});
    REQUIRE(!stale);
    CHECK(stale.error().kind == error_kind::precondition_failed);
    CHECK(live::must(c.get_object({.bucket = b, .key = "k"})).body == "two");
  }
}

TEST_CASE("copies", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto put = live::must(c.put_object({.bucket = b, .key = "from/a b+c%d.txt", .body = "text", .content_type = "text/plain", .metadata = {{"a", "1"}}}));
    const auto copied = live::must(c.copy_object({.bucket = b, .key = "to", .copy_source = {b, "from/a b+c%d.txt"}}));
    REQUIRE(copied.copy_object_result.has_value());
    CHECK(copied.copy_object_result->etag == put.etag);
    CHECK(copied.copy_object_result->last_modified.has_value());
    const auto got = live::must(c.get_object({.bucket = b, .key = "to"}));
    CHECK(got.body == "text");
    CHECK(got.content_type == "text/plain");
    CHECK(got.metadata.value_or_empty("a") == "1");

    live::must(c.copy_object({.bucket = b,
                              .key = "replaced",
                              .metadata = {{"b", "2"}},
                              .copy_source = {b, "to"},
                              .metadata_directive = types::metadata_directive::replace}));
    const auto replaced = live::must(c.head_object({.bucket = b, .key = "replaced"}));
    CHECK(replaced.metadata.value_or_empty("b") == "2");
    CHECK(!replaced.metadata.contains("a"));

    const auto changed = c.copy_object({.bucket = b, .key = "x", .copy_source = {b, "to"}, .copy_source_if_match = "\"0\""});
    REQUIRE(!changed);
    CHECK(changed.error().kind == error_kind::precondition_failed);
    const auto missing = c.copy_object({.bucket = b, .key = "x", .copy_source = {b, "nowhere"}});
    REQUIRE(!missing);
    CHECK(missing.error().code == "NoSuchKey");
  }
}

TEST_CASE("many objects are deleted in one request", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    types::delete_ doomed;
    for (int i = 0; i != 25; ++i) {
      const std::string key = "d/" + std::to_string(i) + " & <more>";
      live::must(c.put_object({.bucket = b, .key = key, .body = "x"}));
      doomed.objects.push_back({.key = key});
    }
    doomed.objects.push_back({.key = "never/was"});
    const auto deleted = live::must(c.delete_objects({.bucket = b, .delete_ = doomed}));
    CHECK(deleted.errors.empty());
    CHECK(deleted.deleted.size() == 26);
    CHECK(live::must(c.list_objects_v2({.bucket = b})).contents.empty());

    live::must(c.put_object({.bucket = b, .key = "q", .body = "x"}));
    const auto quiet = live::must(c.delete_objects({.bucket = b, .delete_ = {.objects = {{.key = "q"}}, .quiet = true}}));
    CHECK(quiet.deleted.empty() != t.is("versitygw"));  // which is never quiet
    CHECK(quiet.errors.empty());
  }
}

TEST_CASE("an object's attributes", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto put = live::must(c.put_object({.bucket = b, .key = "k", .body = "hello", .checksum_algorithm = types::checksum_algorithm::crc32}));
    const auto a = live::must(c.get_object_attributes(
        {.bucket = b,
         .key = "k",
         .object_attributes = {types::object_attributes::etag, types::object_attributes::checksum, types::object_attributes::object_size,
                               types::object_attributes::storage_class}}));
    CHECK(a.object_size == 5);
    REQUIRE(!a.etag.empty());
    CHECK(put.etag.find(a.etag) != std::string::npos);  // here it stands without its quotes
    REQUIRE(a.checksum.has_value());
    CHECK(a.checksum->checksum_crc32 == "NhCmhg==");
    CHECK(a.last_modified.has_value());
  }
}

TEST_CASE("tags and server-side encryption travel in headers", "[live][objects]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    live::must(c.put_object({.bucket = b, .key = "tagged", .body = "x", .tagging = "team=blue&stage=a%20b"}));
    CHECK(live::must(c.get_object({.bucket = b, .key = "tagged"})).tag_count == 2);
    if (t.is("versitygw")) continue;  // its posix backend has no encryption
    const auto sealed =
        live::must(c.put_object({.bucket = b, .key = "sealed", .body = "x", .server_side_encryption = types::server_side_encryption::aes256}));
    CHECK(sealed.server_side_encryption == types::server_side_encryption::aes256);
    CHECK(live::must(c.head_object({.bucket = b, .key = "sealed"})).server_side_encryption == types::server_side_encryption::aes256);
  }
}
