// Are the bytes of an answer delivered once, in order, and vouched for?
#include "support/harness.hpp"

#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

const get_object_request get{.bucket = "b", .key = "k"};
const headers tagged{{"ETag", "\"e1\""}, {"Content-Length", "10"}};
const std::string text = "0123456789";
// Python: base64.b64encode(zlib.crc32(b"0123456789").to_bytes(4, "big"))
constexpr std::string_view crc32_of_text = "poTHxg==";

headers with(headers fields, std::initializer_list<std::pair<std::string_view, std::string_view>> more) {
  for (const auto& [name, value] : more) fields.set(name, value);
  return fields;
}
headers part(std::string_view range) { return {{"ETag", "\"e1\""}, {"Content-Range", range}}; }

/// What a function was given, which can't take anything back.
struct delivered {
  std::string bytes{};
  void operator()(std::span<const std::byte> more) { bytes.append(detail::as_text(more)); }
};

}  // namespace

TEST_CASE("a body is collected in the response, or goes to a sink", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, tagged, text).answer(200, tagged, text).answer(200, tagged, text);
  const auto got = w.send(get);
  REQUIRE(got);
  CHECK(got->body == text);
  CHECK(got.meta().received == 10);
  std::string into = "before ";
  http::string_sink sink{into};
  const auto second = w.send(get, sink);
  REQUIRE(second);
  CHECK(into == "before " + text);
  CHECK(second->body.empty());
  CHECK(second->etag == "\"e1\"");
  delivered to;
  REQUIRE(w.send(get, to));
  CHECK(to.bytes == text);
}

TEST_CASE("a broken download starts over where the sink can take back what it has", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.cut(200, tagged, text, 4).cut(200, tagged, text, 7).answer(200, tagged, text);
  SECTION("the response") {
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got->body == text);
  }
  SECTION("a sink") {
    std::string into = "before ";
    http::string_sink sink{into};
    REQUIRE(w.send(get, sink));
    CHECK(into == "before " + text);
  }
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK(w.header("Range", i).empty());
    CHECK(w.header("If-Match", i).empty());
  }
}

TEST_CASE("where it can't, the download goes on behind it, and no byte comes twice", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  SECTION("of the whole object") {
    w.server.cut(200, with(tagged, {{"x-amz-checksum-crc32", crc32_of_text}}), text, 4)
        .cut(206, part("bytes 4-9/10"), "456789", 3)
        .answer(206, part("bytes 7-9/10"), "789");
    const auto got = w.send(get, to);
    if (!got) FAIL(got.error().describe());
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 0).empty());
    CHECK(w.header("Range", 1) == "bytes=4-9");
    CHECK(w.header("Range", 2) == "bytes=7-9");
    CHECK(w.header("If-Match", 1) == "\"e1\"");
    CHECK(got.meta().integrity == integrity::verified);  // over all the bytes, from all the answers
  }
  SECTION("of an object whose length was not said") {
    w.server.cut(200, {{"ETag", "\"e1\""}}, text, 4).answer(206, part("bytes 4-9/10"), "456789");
    REQUIRE(w.send(get, to));
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 1) == "bytes=4-");
  }
  SECTION("of a range") {
    w.server.cut(206, part("bytes 100-109/500"), text, 6).answer(206, part("bytes 106-109/500"), "6789");
    const auto got = w.send(get_object_request{.bucket = "b", .key = "k", .range = "bytes=100-109"}, to);
    REQUIRE(got);
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 1) == "bytes=106-109");
    CHECK(got.meta().integrity == integrity::ranged);
  }
  SECTION("of an object's end") {
    w.server.cut(206, part("bytes 490-499/500"), text, 6).answer(206, part("bytes 496-499/500"), "6789");
    REQUIRE(w.send(get_object_request{.bucket = "b", .key = "k", .range = "bytes=-10"}, to));
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 1) == "bytes=496-499");
  }
  SECTION("after other failures in between") {
    w.server.cut(200, tagged, text, 4).answer(503).answer(206, part("bytes 4-9/10"), "456789");
    REQUIRE(w.send(get, to));
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 2) == "bytes=4-9");
  }
  SECTION("or from the start, where nothing had come") {
    w.server.cut(200, tagged, text, 0).answer(200, tagged, text);
    REQUIRE(w.send(get, to));
    CHECK(to.bytes == text);
    CHECK(w.header("Range", 1).empty());
  }
}

TEST_CASE("an answer that does not go on where the first one broke is an error", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  w.server.cut(200, tagged, text, 4);
  SECTION("the range is ignored") { w.server.answer(200, tagged, text); }
  SECTION("another range") { w.server.answer(206, part("bytes 3-9/10"), "3456789"); }
  SECTION("a shorter one") { w.server.answer(206, part("bytes 4-7/10"), "4567"); }
  SECTION("none that can be read") { w.server.answer(206, part("bytes four-nine/10"), "456789"); }
  SECTION("none at all") { w.server.answer(206, tagged, "456789"); }
  SECTION("of another object") { w.server.answer(206, with(part("bytes 4-9/10"), {{"ETag", "\"e2\""}}), "456789"); }
  w.server.answer(206, part("bytes 4-9/10"), "456789");
  const auto got = w.send(get, to);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::connection_lost);
  CHECK(got.error().attempts == 2);
  CHECK(got.error().message.find("4 bytes") != std::string::npos);
  CHECK(to.bytes == "0123");
  CHECK(w.server.left() == 1);
}

TEST_CASE("an object that changed meanwhile is not put together from two", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  w.server.cut(200, tagged, text, 4).answer(412, {}, "<Error><Code>PreconditionFailed</Code><Message>x</Message></Error>");
  const auto got = w.send(get, to);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::precondition_failed);
  CHECK(got.error().message == "the object changed while it was downloaded");
  CHECK(to.bytes == "0123");
}

TEST_CASE("what can't be taken up again fails", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  SECTION("no ETag") { w.server.cut(200, {}, text, 4); }
  SECTION("several ranges at once") {
    w.server.cut(206, {{"ETag", "\"e1\""}, {"Content-Type", "multipart/byteranges; boundary=x"}}, text, 4);
  }
  w.server.answer(200, tagged, text);
  const auto got = w.send(get, to);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::connection_lost);
  CHECK(got.error().attempts == 1);
  CHECK(to.bytes == "0123");
}

TEST_CASE("a download says how it was checked", "[download]") {
  test::world<> w{EACH_DRIVER};
  const auto check = [&w](int status, headers fields) {
    w.server.answer(status, std::move(fields), text);
    const auto got = w.send(get);
    if (!got) FAIL(got.error().describe());
    return got.meta().integrity;
  };
  CHECK(check(200, {}) == integrity::absent);
  CHECK(check(200, {{"x-amz-checksum-crc32", crc32_of_text}}) == integrity::verified);
  CHECK(check(200, {{"x-amz-checksum-crc32", crc32_of_text}, {"x-amz-checksum-type", "FULL_OBJECT"}}) == integrity::verified);
  // openssl dgst -sha256 -binary | base64
  CHECK(check(200, {{"X-Amz-Checksum-Sha256", "hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII="}}) == integrity::verified);
  CHECK(check(200, {{"x-amz-checksum-crc32", "AAAAAA==-3"}}) == integrity::composite);
  CHECK(check(200, {{"x-amz-checksum-sha256", "AAAA"}, {"x-amz-checksum-type", "COMPOSITE"}}) == integrity::composite);
  CHECK(check(200, {{"x-amz-checksum-xxhash64", "AAAA"}}) == integrity::absent);
  CHECK(check(200, {{"Content-MD5", "AAAA"}}) == integrity::absent);
  CHECK(check(206, {{"x-amz-checksum-crc32", "AAAAAA=="}, {"Content-Range", "bytes 0-9/500"}}) == integrity::ranged);
  CHECK(check(206, {{"Content-Range", "bytes 0-9/500"}}) == integrity::ranged);
}

TEST_CASE("bytes that do not match their checksum are an error", "[download]") {
  test::world<> w{EACH_DRIVER};
  const headers wrong{{"ETag", "\"e1\""}, {"x-amz-checksum-crc32", "AAAAAA=="}},
      right{{"ETag", "\"e1\""}, {"x-amz-checksum-crc32", crc32_of_text}};
  SECTION("asked for again, it may be right") {
    w.server.answer(200, wrong, text).answer(200, right, text);
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got->body == text);
    CHECK(got.meta().attempts == 2);
    CHECK(got.meta().integrity == integrity::verified);
  }
  SECTION("or not") {
    w.server.answer(200, wrong, text).answer(200, wrong, text).answer(200, wrong, text);
    const auto got = w.send(get);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::integrity);
    CHECK(got.error().message.find("CRC32") != std::string::npos);
    CHECK(got.error().attempts == 3);
  }
  SECTION("a sink that keeps what it has gets no more: what would come behind is not what is missing") {
    delivered to;
    w.server.answer(200, wrong, text).answer(206, part("bytes 10-"), "");
    const auto got = w.send(get, to);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::integrity);
    CHECK(got.error().attempts == 1);
    CHECK(to.bytes == text);
  }
  SECTION("a value that is none") {
    w.server.answer(200, {{"x-amz-checksum-crc32", "?"}}, text);
    CHECK(w.send(get, {.max_attempts = 1}).error().kind == error_kind::integrity);
  }
}

TEST_CASE("a sink that fails ends the call, and what it throws is the caller's", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, tagged, text).answer(200, tagged, text);
  SECTION("an error") {
    std::string into;
    http::string_sink small{into, 5};
    const auto got = w.send(get, small);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::too_large);
    CHECK(got.error().attempts == 1);
  }
  SECTION("an exception") {
    struct mine : std::exception {};
    CHECK_THROWS_AS(w.send(get, [](std::span<const std::byte>) { throw mine{}; }), mine);
    CHECK(w.server.left() == 1);
  }
  SECTION("something that is no exception") {
    CHECK_THROWS_AS(w.send(get, [](std::span<const std::byte>) { throw 42; }), int);
  }
}

TEST_CASE("a sink is left alone by answers that are no success", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  w.server.answer(500, tagged, "<Error><Code>InternalError</Code></Error>").answer(304, tagged);
  CHECK(w.send(get, to).error().kind == error_kind::not_modified);
  CHECK(to.bytes.empty());
}
