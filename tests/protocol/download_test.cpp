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

TEST_CASE("a broken download goes on where it broke, into a string as well", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.cut(200, tagged, text, 4).cut(206, part("bytes 4-9/10"), "456789", 3).answer(206, part("bytes 7-9/10"), "789");
  SECTION("the response, which is that of the whole") {
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got->body == text);
    CHECK(got->content_length == 10);
    CHECK(got->content_range.empty());
    CHECK(got.meta().status == 200);
    CHECK(got.meta().attempts == 3);
  }
  SECTION("a sink") {
    std::string into = "before ";
    http::string_sink sink{into};
    REQUIRE(w.send(get, sink));
    CHECK(into == "before " + text);
  }
  CHECK(w.header("Range", 0).empty());
  CHECK(w.header("Range", 1) == "bytes=4-9");
  CHECK(w.header("Range", 2) == "bytes=7-9");
  CHECK(w.header("If-Match", 1) == "\"e1\"");
}

TEST_CASE("where it cannot go on, a download starts over if the sink can take back what it has", "[download]") {
  test::world<> w{EACH_DRIVER};
  SECTION("no ETag") { w.server.cut(200, {}, text, 4).cut(200, {}, text, 7).answer(200, {}, text); }
  SECTION("a weak ETag, which If-Match never matches") {
    const headers weak{{"ETag", "W/\"e1\""}};
    w.server.cut(200, weak, text, 4).cut(200, weak, text, 7).answer(200, weak, text);
  }
  const auto got = w.send(get);
  REQUIRE(got);
  CHECK(got->body == text);
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK(w.header("Range", i).empty());
    CHECK(w.header("If-Match", i).empty());
  }
}

TEST_CASE("a server that ignores the range of a resumed download sends the whole, once", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.cut(200, tagged, text, 4).answer(200, with(tagged, {{"x-amz-checksum-crc32", crc32_of_text}}), text);
  const auto got = w.send(get);
  if (!got) FAIL(got.error().describe());
  CHECK(got->body == text);
  CHECK(got.meta().attempts == 2);
  CHECK(got.meta().integrity == integrity::verified);
}

TEST_CASE("a server that does not continue a download is asked for all of it, where the sink allows", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.cut(200, tagged, text, 4).answer(206, part("bytes 3-9/10"), "3456789").cut(200, tagged, text, 6).answer(200, tagged, text);
  const auto got = w.send(get, call_options{.max_attempts = 4});
  if (!got) FAIL(got.error().describe());
  CHECK(got->body == text);
  CHECK(w.header("Range", 1) == "bytes=4-9");
  CHECK(w.header("Range", 2).empty());
  CHECK(w.header("Range", 3).empty());  // it is not trusted a second time
}

TEST_CASE("behind a proxy that cuts every answer a download still ends", "[download]") {
  const auto by = EACH_DRIVER;
  test::world<> w{by};
  const std::string large(1000, 'x');
  w.server.compute(
      [&large](const recorded_request& r) {
        scripted_reply reply{.head = {200, {{"ETag", "\"e1\""}, {"Content-Length", "1000"}}}, .body = large};
        if (const auto range = r.fields.get("Range")) {
          const auto first = detail::parse_integer<std::size_t>(range->substr(6, range->find('-') - 6)).value();
          reply.body = large.substr(first);
          reply.head = {206, {{"ETag", "\"e1\""}, {"Content-Range", "bytes " + std::to_string(first) + "-999/1000"}}};
        }
        if (reply.body.size() > 100) {
          reply.whole = 100;
          reply.fails = scripted_reply::moment::within_body;
          reply.failure = detail::fail(error_kind::connection_lost, "cut");
        }
        return reply;
      },
      true);
  const auto got = w.send(get);
  if (!got) FAIL(got.error().describe());
  CHECK(got->body == large);
  CHECK(got.meta().attempts == 10);
  // Attempts that bring nothing are counted, as ever.
  test::world<> stuck{by};
  stuck.server.cut(200, tagged, text, 4).cut(206, part("bytes 4-9/10"), "456789", 0).cut(206, part("bytes 4-9/10"), "456789", 0).cut(
      206, part("bytes 4-9/10"), "456789", 0);
  CHECK(stuck.send(get).error().attempts == 3);
  test::world<> once{by};
  once.server.cut(200, tagged, text, 4);
  CHECK(once.send(get, call_options{.max_attempts = 1}).error().attempts == 1);
}

TEST_CASE("an answer holds the range that was asked for, or it is an error", "[download]") {
  const auto by = EACH_DRIVER;
  struct row {
    std::string asked{};
    int status{};
    std::string content_range{};
    std::string body{};
    bool agrees{};
    headers more{};
  };
  const std::string all = text;  // 10 bytes
  const std::vector<row> table{
      // The whole object.
      {"", 200, "", all, true},
      {"", 206, "bytes 0-9/10", all, false},
      {"", 206, "bytes 0-4/10", "01234", false},
      {"", 206, "", "01234", false},
      // From one byte to another.
      {"bytes=2-5", 206, "bytes 2-5/10", "2345", true},
      {"bytes=2-5", 206, "BYTES 2-5/10", "2345", true},
      {"bytes=2-5", 206, "bytes 2-5/*", "2345", true},
      {"bytes=2-99", 206, "bytes 2-9/10", "23456789", true},
      {"bytes=2-99", 206, "bytes 2-8/10", "2345678", false},
      {"bytes=2-99", 206, "bytes 2-9/*", "23456789", false},
      {"bytes=2-5", 206, "bytes 3-6/10", "3456", false},
      {"bytes=2-5", 206, "bytes 2-4/10", "234", false},
      {"bytes=2-5", 206, "bytes 2-6/10", "23456", false},
      {"bytes=2-5", 206, "bytes 5-2/10", "2345", false},
      {"bytes=2 -5", 206, "bytes 2-5/10", "2345", false},  // no range, so the whole is due
      {"bytes=2-5", 206, "bytes 2-5/4", "2345", false},
      {"bytes=2-5", 206, "items 2-5/10", "2345", false},
      {"bytes=2-5", 206, "", "2345", false},
      {"bytes=2-5", 200, "", all, false},
      {"bytes=0-9", 200, "", all, true},
      {"bytes=0-99", 200, "", all, true},
      {"bytes=0-4", 200, "", all, false},
      {"bytes=0-18446744073709551615", 200, "", all, true},
      // From a byte to the end.
      {"bytes=4-", 206, "bytes 4-9/10", "456789", true},
      {"bytes=4-", 206, "bytes 4-8/10", "45678", false},
      {"bytes=4-", 206, "bytes 0-9/10", all, false},
      {"bytes=4-", 200, "", all, false},
      {"bytes=0-", 200, "", all, true},
      {"bytes=0-", 206, "bytes 0-9/10", all, true},
      // The last bytes.
      {"bytes=-3", 206, "bytes 7-9/10", "789", true},
      {"bytes=-30", 206, "bytes 0-9/10", all, true},
      {"bytes=-3", 206, "bytes 0-2/10", "012", false},
      {"bytes=-3", 206, "bytes 6-9/10", "6789", false},
      {"bytes=-3", 200, "", all, false},
      {"bytes=-10", 200, "", all, true},
      // Several ranges, which S3 does not have and others do.
      {"bytes=0-1,8-9", 206, "", "--x...--x--", true, {{"Content-Type", "multipart/byteranges; boundary=x"}}},
      {"bytes=0-1,8-9", 206, "bytes 0-1/10", "01", true},
      {"bytes=0-1,8-9", 206, "", "01", false},
      {"bytes=0-1,8-9", 200, "", all, false},
      {"bytes=2-5", 206, "", "--x...--x--", false, {{"Content-Type", "multipart/byteranges; boundary=x"}}},
      // What is no range: S3 ignores it, but then these are not the bytes that were meant.
      {"bytes=5-2", 200, "", all, false},
      {"items=0-4", 200, "", all, false},
      // The bytes are as many as Content-Range says.
      {"bytes=2-5", 206, "bytes 2-5/10", "23", false},
      {"bytes=2-5", 206, "bytes 2-5/10", "234567", false},
      {"bytes=2-5", 206, "bytes 2-5/10", "2345", false, {{"Content-Length", "5"}}},
      // A part, whose bytes only the server knows.
      {"partNumber=2", 206, "bytes 4-9/10", "456789", true},
      {"partNumber=2", 206, "", "456789", false},
      {"partNumber=2", 200, "", all, false},
      {"partNumber=1", 200, "", all, true},
      {"partNumber=1", 200, "", all, false, {{"x-amz-mp-parts-count", "2"}}},
  };
  for (const row& r : table) {
    CAPTURE(r.asked, r.status, r.content_range, r.body);
    get_object_request asked = get;
    if (r.asked.starts_with("part")) {
      asked.part_number = r.asked.back() - '0';
    } else {
      asked.range = r.asked;
    }
    headers fields = r.more;
    if (!r.content_range.empty()) fields.add("Content-Range", r.content_range);
    if (r.status == 200) fields.add("Content-Length", std::to_string(r.body.size()));
    test::world<> w{by};
    w.server.answer(r.status, fields, r.body);
    const auto got = w.send(asked, call_options{.max_attempts = 1});
    CHECK(got.has_value() == r.agrees);
    if (r.agrees && got) CHECK(got->body == r.body);
    if (!r.agrees && !got) {
      const bool cut_short = r.body.size() == 2 && r.content_range == "bytes 2-5/10";
      CHECK(got.error().kind == (cut_short ? error_kind::connection_lost : error_kind::range_mismatch));
    }
  }
}

TEST_CASE("with If-Range the whole object may come", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, tagged, text);
  const auto got = w.send(get_object_request{.bucket = "b", .key = "k", .range = "bytes=2-5"}, call_options{.fields = {{"If-Range", "\"e0\""}}});
  REQUIRE(got);
  CHECK(got->body == text);
}

TEST_CASE("a range whose length is told by nobody ends where it must", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {}, text).answer(200, {}, text);
  std::string into;
  http::string_sink sink{into};
  const auto got = w.send(get_object_request{.bucket = "b", .key = "k", .range = "bytes=0-4"}, sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::range_mismatch);
  CHECK(got.error().attempts == 1);
  CHECK(into.size() <= 5);
}

TEST_CASE("a resumed download is held to the length that the first answer promised", "[download]") {
  test::world<> w{EACH_DRIVER};
  const headers twenty{{"ETag", "\"e1\""}, {"Content-Length", "20"}};
  delivered to;
  w.server.cut(200, twenty, text + text, 10);
  SECTION("too few: it goes on") {
    w.server.answer(206, part("bytes 10-19/20"), "012").answer(206, part("bytes 13-19/20"), "3456789");
    const auto got = w.send(get, to);
    if (!got) FAIL(got.error().describe());
    CHECK(to.bytes == text + text);
    CHECK(w.header("Range", 2) == "bytes=13-19");
  }
  SECTION("too many") {
    w.server.answer(206, part("bytes 10-19/20"), text + text);
    const auto got = w.send(get, to);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::range_mismatch);
    CHECK(to.bytes.size() <= 20);
  }
  SECTION("too few, and no more come") {
    for (int i = 0; i != 3; ++i) w.server.answer(206, part("bytes 10-19/20"), "");
    const auto got = w.send(get, to);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::connection_lost);
    CHECK(got.error().message == "the answer ended after 10 of 20 bytes");
  }
}

TEST_CASE("a part that broke goes on by its range alone: beside partNumber S3 takes none", "[download]") {
  test::world<> w{EACH_DRIVER};
  w.server.cut(206, part("bytes 100-109/500"), text, 6).answer(206, part("bytes 106-109/500"), "6789");
  get_object_request two{.bucket = "b", .key = "k", .version_id = "v"};
  two.part_number = 2;
  const auto got = w.send(two);
  if (!got) FAIL(got.error().describe());
  CHECK(got->body == text);
  CHECK(test::url_parts{w.sent(0).url}.query.find("partNumber=2") != std::string::npos);
  CHECK(test::url_parts{w.sent(1).url}.query == "versionId=v");
  CHECK(w.header("Range", 1) == "bytes=106-109");
}

TEST_CASE("a head that ends the download ends the exchange, before the body is read", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  w.server.cut(200, tagged, text, 4).answer(206, part("bytes 3-9/10"), std::string(1000, 'x'));
  const auto got = w.send(get, to);
  REQUIRE_FALSE(got);
  CHECK(got.meta().received == 0);
  CHECK(to.bytes == "0123");
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
  w.server.cut(200, tagged, text, 4);
  const bool by_condition = GENERATE(true, false);
  if (by_condition) {
    w.server.answer(412, {}, "<Error><Code>PreconditionFailed</Code><Message>x</Message></Error>");
  } else {
    w.server.answer(206, with(part("bytes 4-9/10"), {{"ETag", "\"e2\""}}), "456789");
  }
  const std::string other = "abcdefgh";
  w.server.answer(200, {{"ETag", "\"e2\""}, {"Content-Length", "8"}}, other);
  SECTION("a function has the old one's bytes") {
    delivered to;
    const auto got = w.send(get, to);
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::object_changed);
    CHECK(got.error().message == "the download broke after 4 bytes, and the object was replaced meanwhile");
    CHECK(to.bytes == "0123");
  }
  SECTION("a string gets the new one") {
    const auto got = w.send(get);
    if (!got) FAIL(got.error().describe());
    CHECK(got->body == other);
    CHECK(got->etag == "\"e2\"");
    CHECK(w.header("If-Match", 2).empty());
  }
}

TEST_CASE("what can't be taken up again fails", "[download]") {
  test::world<> w{EACH_DRIVER};
  delivered to;
  get_object_request ranges = get;
  SECTION("no ETag") { w.server.cut(200, {}, text, 4); }
  SECTION("several ranges at once") {
    ranges.range = "bytes=0-4,6-9";
    w.server.cut(206, {{"ETag", "\"e1\""}, {"Content-Type", "multipart/byteranges; boundary=x"}}, text, 4);
  }
  w.server.answer(200, tagged, text);
  const auto got = w.send(ranges, to);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::connection_lost);
  CHECK(got.error().attempts == 1);
  CHECK(to.bytes == "0123");
}

TEST_CASE("a download says how it was checked", "[download]") {
  test::world<> w{EACH_DRIVER};
  const auto check = [&w](int status, headers fields) {
    w.server.answer(status, std::move(fields), text);
    get_object_request asked = get;
    if (status == 206) asked.range = "bytes=0-9";
    const auto got = w.send(asked);
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
