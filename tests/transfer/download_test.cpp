// Downloads whose parts come at the same time: what is asked for, what comes, and what is refused.
#include <s3store/transfer/download_stream.hpp>

#include <numeric>
#include <sstream>
#include <stdexcept>

#include "support/download_world.hpp"

using namespace test;
using namespace std::chrono_literals;
using texts = std::vector<std::string>;

namespace {

constexpr std::size_t part = 1000;
const std::string large = some_bytes(10 * part + 17);

/// Keeps what it gets, and takes nothing back.
struct collected {
  std::string bytes{};
  http::function_sink<std::function<void(std::span<const std::byte>)>> sink{
      [this](std::span<const std::byte> b) { bytes.append(detail::as_text(b)); }};
};

result<download_response> to_function(download_world& w, std::string& out, const download_request& r = of_part_size(part),
                                      const call_options& options = {}) {
  collected c;
  auto got = w.run(r, c.sink, options);
  out = std::move(c.bytes);
  return got;
}
result<download_response> to_memory(download_world& w, std::string& out, const download_request& r = of_part_size(part),
                                    const call_options& options = {}) {
  memory_target to{out};
  return w.run(r, to, options);
}

}  // namespace

TEST_CASE("a download in parts is the whole object, wherever it goes", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  std::string got;
  result<download_response> r = detail::out_of_memory();
  SECTION("function") { r = to_function(w, got); }
  SECTION("string") { r = to_memory(w, got); }
  SECTION("memory of the caller's") {
    std::vector<std::byte> room(large.size() + 5);
    memory_target to{std::span{room}};
    r = w.run(of_part_size(part), to);
    got = detail::as_text({room.data(), large.size()});
  }
  SECTION("file") {
    const scratch_folder f;
    write_file(f.file("x"), "old");
    r = w.file(f.file("x"), of_part_size(part), {.sync = true});
    got = content_of(f.file("x"));
    CHECK(f.names() == texts{"x"});
  }
  SECTION("file that may be gone on with") {
    const scratch_folder f;
    r = w.file(f.file("x"), of_part_size(part), {.resume = true});
    got = content_of(f.file("x"));
    CHECK(f.names() == texts{"x"});
  }
  REQUIRE(r);
  CHECK((got == large));
  CHECK(r->size == large.size());
  CHECK(r->object_size == large.size());
  CHECK(r->parts == 11);
  CHECK(r->etag == "\"e-1\"");
  CHECK(r->content_type == "text/x-test");
  CHECK(r->metadata.value_or_empty("a") == "1");
  CHECK(r->integrity == integrity::verified);
  CHECK(r.meta().integrity == integrity::verified);
  CHECK(r->checksum_algorithm == crypto::checksum_algorithm::crc64nvme);
  CHECK(r->checksum == sum_of(crypto::checksum_algorithm::crc64nvme, large));
  CHECK(w.gets() == 11);
}

TEST_CASE("all parts of a download are pinned to one object", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  w.store.now().version = "v 1";
  std::string got;
  REQUIRE(to_function(w, got));
  const auto sent = w.server.sent();
  REQUIRE(sent.size() == 12);
  CHECK(sent[0].verb == http::method::head);
  CHECK_FALSE(sent[0].fields.contains("If-Match"));
  CHECK(sent[0].fields.value_or_empty("x-amz-checksum-mode") == "ENABLED");
  for (std::size_t i = 1; i != sent.size(); ++i) {
    CHECK(sent[i].fields.value_or_empty("If-Match") == "\"e-1\"");
    CHECK(sent[i].url.find("versionId=v%201") != std::string::npos);
    CHECK(sent[i].fields.value_or_empty("Range") ==
          detail::concat({"bytes=", std::to_string((i - 1) * part), "-", std::to_string((std::min)(i * part, large.size()) - 1)}));
  }
}

TEST_CASE("an object that fits into a part is downloaded with one GET", "[transfer][download]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, part}) {
    download_world w{some_bytes(size), by::loop};
    std::string got;
    const auto r = to_function(w, got);
    REQUIRE(r);
    CHECK(got == some_bytes(size));
    CHECK(r->parts == 1);
    CHECK(r->integrity == integrity::verified);
    CHECK(w.ranges() == texts{""});
  }
  download_world w{some_bytes(part + 1), by::loop};
  std::string got;
  REQUIRE(to_function(w, got));
  CHECK(got == some_bytes(part + 1));
  CHECK(w.gets() == 2);
}

TEST_CASE("an empty object becomes an empty file", "[transfer][download]") {
  download_world w{"", EACH_WAY};
  const scratch_folder f;
  REQUIRE(w.file(f.file("x"), of_part_size(part), {.resume = GENERATE(false, true)}));
  CHECK(f.names() == texts{"x"});
  CHECK(content_of(f.file("x")).empty());
}

TEST_CASE("a download to a stream", "[transfer][download]") {
  download_world w{large};
  std::ostringstream out;
  REQUIRE(download(w.s3, of_part_size(part), out));
  CHECK(out.str() == large);
  std::ostringstream bad;
  bad.setstate(std::ios::badbit);
  const auto r = download(w.s3, of_part_size(part), bad);
  REQUIRE_FALSE(r);
  CHECK(r.error().kind == error_kind::body_sink);
  bad.clear();
  bad.exceptions(std::ios::failbit | std::ios::badbit);
  struct full : std::streambuf {
  } no_room;
  std::ostream throws{&no_room};
  throws.exceptions(std::ios::badbit);
  CHECK_THROWS_AS(download(w.s3, of_part_size(part), throws), std::ios_base::failure);
}

TEST_CASE("the client's functions download to memory", "[transfer][download]") {
  download_world w{large};
  const auto r = download_to_memory(w.s3, of_part_size(part));
  REQUIRE(r);
  CHECK(r->body == large);
  std::vector<std::byte> room(large.size() - 1);
  const auto small = download_to_memory(w.s3, of_part_size(part), std::span{room});
  REQUIRE_FALSE(small);
  CHECK(small.error().kind == error_kind::too_large);
  CHECK(small.error().key == "k");
  const auto limited = download_to_memory(w.s3, of_part_size(part), {.max_body = 5});
  REQUIRE_FALSE(limited);
  CHECK(limited.error().kind == error_kind::too_large);
  CHECK(w.gets() == 11);
}

TEST_CASE("a download goes on after what goes wrong on the way", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const int what = GENERATE(0, 1, 2, 3);
  std::map<std::string, int> times;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t nth) {
    if (r.verb == http::method::head && nth == 0 && what == 0) reply = {.head = {503, {}}};
    if (r.verb == http::method::head || reply.head.status != 206) return;
    const int before = times[std::string(r.fields.value_or_empty("Range"))]++;
    if (before != 0) return;
    if (what == 0) reply = {.head = {500, {}}, .body = "<Error><Code>InternalError</Code></Error>"};
    if (what == 1) reply = {.fails = scripted_reply::moment::before_head, .failure = detail::fail(error_kind::connection_lost, "gone")};
    if (what >= 2 && reply.body.size() > 300) {  // a part of it is cut twice
      reply.fails = scripted_reply::moment::within_body;
      reply.failure = detail::fail(error_kind::connection_lost, "cut");
      reply.whole = 1 + reply.body.size() / 3;
    }
  };
  std::string got;
  const auto r = what == 3 ? to_memory(w, got) : to_function(w, got);
  if (!r) FAIL(r.error().describe());
  CHECK((got == large));
  CHECK(r->integrity == integrity::verified);
  if (what < 2) CHECK(w.gets() == 22);
  if (what >= 2) CHECK(w.gets() > 22);
}

TEST_CASE("a download that is answered with other bytes fails", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const auto fails = [&](error_kind kind, auto change) {
    w.store.now().fault = [change](scripted_reply& reply, const recorded_request& r, std::size_t) {
      if (r.fields.value_or_empty("Range") == "bytes=3000-3999") change(reply);
    };
    std::string got;
    const auto in_order = to_function(w, got);
    REQUIRE_FALSE(in_order);
    CHECK(in_order.error().kind == kind);
    CHECK(got.size() <= 4 * part);
    const auto in_memory = to_memory(w, got);
    REQUIRE_FALSE(in_memory);
    CHECK(in_memory.error().kind == kind);
    const scratch_folder f;
    REQUIRE_FALSE(w.file(f.file("x"), of_part_size(part), {.resume = kind == error_kind::integrity}));
    CHECK(f.names().empty());
  };
  fails(error_kind::range_mismatch, [](scripted_reply& r) { r.head.fields.set("Content-Range", "bytes 2000-2999/10017"); });
  fails(error_kind::range_mismatch, [](scripted_reply& r) { r.head.status = 200; });
  fails(error_kind::object_changed, [](scripted_reply& r) { r.head.fields.set("Content-Range", "bytes 3000-3999/10018"); });
  fails(error_kind::object_changed, [](scripted_reply& r) { r.head.fields.set("ETag", "\"e-2\""); });
  fails(error_kind::access_denied, [](scripted_reply& r) { r = {.head = {403, {}}, .body = "<Error><Code>AccessDenied</Code></Error>"}; });
  fails(error_kind::not_found, [](scripted_reply& r) { r = {.head = {404, {}}, .body = "<Error><Code>NoSuchKey</Code></Error>"}; });
}

TEST_CASE("a bit that was flipped is found, and the file is not there", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  w.store.now().fault = [](scripted_reply& reply, const recorded_request& r, std::size_t) {
    if (r.fields.value_or_empty("Range") == "bytes=3000-3999") reply.body[17] = static_cast<char>(reply.body[17] ^ 4);
  };
  const auto a = GENERATE(crypto::checksum_algorithm::crc32, crypto::checksum_algorithm::crc32c, crypto::checksum_algorithm::crc64nvme,
                          crypto::checksum_algorithm::sha256);
  w.store.now().more = {{std::string(crypto::header_name(a)), sum_of(a, large)}};
  const scratch_folder f;
  write_file(f.file("x"), "old");
  const auto r = w.file(f.file("x"), of_part_size(part), {.resume = GENERATE(false, true)});
  REQUIRE_FALSE(r);
  CHECK(r.error().kind == error_kind::integrity);
  CHECK(r.error().bucket == "b");
  CHECK(f.names() == texts{"x"});
  CHECK(content_of(f.file("x")) == "old");
  std::string got;
  CHECK(to_function(w, got).error().kind == error_kind::integrity);
  CHECK(to_memory(w, got).error().kind == error_kind::integrity);

  w.store.now().fault = nullptr;
  CHECK(w.file(f.file("x"), of_part_size(part))->integrity == integrity::verified);
  CHECK(to_function(w, got)->integrity == integrity::verified);
  CHECK((got == large));
  CHECK(to_memory(w, got)->integrity == integrity::verified);
}

TEST_CASE("a download says what was not verified", "[transfer][download]") {
  download_world w{large};
  std::string got;
  w.store.now().more = {{"x-amz-checksum-crc32c", "AAAAAA==-2"}, {"x-amz-checksum-type", "COMPOSITE"}};
  CHECK(to_memory(w, got)->integrity == integrity::composite);
  w.store.now().more = {};
  const auto r = to_memory(w, got);
  CHECK(r->integrity == integrity::absent);
  CHECK_FALSE(r->checksum_algorithm);
  CHECK(r->checksum.empty());
}

TEST_CASE("a composite checksum is checked part by part, as they were uploaded", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const auto a = GENERATE(crypto::checksum_algorithm::crc32c, crypto::checksum_algorithm::sha256);
  const std::size_t ends[] = {2500, 2600, 9999, large.size()};
  std::string digests;
  texts xml;
  std::size_t from = 0;
  for (const std::size_t end : ends) {
    const std::string sum = sum_of(a, std::string_view{large}.substr(from, end - from));
    digests += *detail::from_base64(sum);
    xml.push_back(detail::concat({"<Part><PartNumber>", std::to_string(xml.size() + 1), "</PartNumber><Size>", std::to_string(end - from), "</Size><Checksum",
                                  crypto::name(a), ">", sum, "</Checksum", crypto::name(a), "></Part>"}));
    from = end;
  }
  w.store.now().more = {{std::string(crypto::header_name(a)), sum_of(a, digests) + "-4"}, {"x-amz-checksum-type", "COMPOSITE"}};
  bool flips = false, refuses = false, lies = false;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
    if (r.url.find("attributes") != std::string::npos) {
      const bool second = r.fields.value_or_empty("x-amz-part-number-marker") == "3";
      if (lies) xml[1] = xml[0];
      const std::string page = second ? xml[3] + "<IsTruncated>false</IsTruncated>"
                                      : xml[0] + xml[1] + xml[2] + "<NextPartNumberMarker>3</NextPartNumberMarker><IsTruncated>true</IsTruncated>";
      reply = {.head = {200, {}}, .body = "<GetObjectAttributesResponse><ObjectParts>" + page + "</ObjectParts></GetObjectAttributesResponse>"};
      if (refuses) reply = {.head = {403, {}}, .body = "<Error><Code>AccessDenied</Code></Error>"};
    } else if (flips && r.fields.value_or_empty("Range") == "bytes=2000-2999") {
      reply.body[550] = static_cast<char>(reply.body[550] ^ 1);
    }
  };
  const std::uint64_t part_size = GENERATE(std::uint64_t{1000}, std::uint64_t{1} << 20);
  std::string got;
  const auto each = [&](auto check) {
    check(to_function(w, got, of_part_size(part_size)));
    check(to_memory(w, got, of_part_size(part_size)));
    const scratch_folder f;
    check(w.file(f.file("x"), of_part_size(part_size)));
  };
  each([&](const result<download_response>& r) {
    if (!r) FAIL(r.error().describe());
    CHECK(r->integrity == integrity::verified);
    CHECK((got == large));
  });
  refuses = true;
  each([](const result<download_response>& r) { CHECK(r->integrity == integrity::composite); });
  refuses = false;
  if (part_size == 1000) {
    flips = true;
    each([](const result<download_response>& r) {
      REQUIRE_FALSE(r);
      CHECK(r.error().kind == error_kind::integrity);
      CHECK(r.error().message.find("part 2") != std::string::npos);
    });
    auto request = of_part_size(part_size);
    request.check_uploaded_parts = false;
    CHECK(to_memory(w, got, request)->integrity == integrity::composite);
    flips = false;
  }
  lies = true;
  each([](const result<download_response>& r) { CHECK(r->integrity == integrity::composite); });
}

TEST_CASE("a download that comes after its object was replaced starts over if it can", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const bool honours = GENERATE(true, false);
  const std::string next = some_bytes(7 * part + 3, 2);
  bool replaced = false;
  w.store.now().honours_if_match = honours;
  w.store.now().fault = [&](scripted_reply&, const recorded_request&, std::size_t nth) {
    if (nth == 4 && !std::exchange(replaced, true)) w.store.put(next, "\"e-2\"");
  };
  std::string got;
  SECTION("memory") {
    const auto r = to_memory(w, got);
    if (!r) FAIL(r.error().describe());
    CHECK(r->started_over);
    CHECK(r->etag == "\"e-2\"");
    CHECK(r->integrity == integrity::verified);
    CHECK((got == next));
  }
  SECTION("file") {
    const scratch_folder f;
    const auto r = w.file(f.file("x"), of_part_size(part), {.resume = GENERATE(false, true)});
    if (!r) FAIL(r.error().describe());
    CHECK(r->started_over);
    CHECK(content_of(f.file("x")) == next);
    CHECK(f.names() == texts{"x"});
  }
  SECTION("a sink that can drop what it has") {
    http::string_sink sink{got};
    REQUIRE(w.run(of_part_size(part), sink));
    CHECK((got == next));
  }
  SECTION("one that cannot") {
    const auto r = to_function(w, got);
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::object_changed);
    CHECK(large.starts_with(got.substr(0, 3 * part)));
  }
  SECTION("and the caller wants no other") {
    auto request = of_part_size(part);
    request.object.if_match = "\"e-1\"";
    const auto r = to_memory(w, got, request);
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::object_changed);
  }
}

TEST_CASE("a download of an object that is replaced each time ends", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  int count = 1;
  w.store.now().fault = [&](scripted_reply&, const recorded_request& r, std::size_t) {
    if (r.verb == http::method::head) w.store.put(some_bytes(9 * part, static_cast<std::uint32_t>(count)), "\"n-" + std::to_string(count)), ++count;
  };
  std::string got;
  const auto r = to_memory(w, got);
  REQUIRE_FALSE(r);
  CHECK(r.error().kind == error_kind::object_changed);
  CHECK(count == 3);
}

TEST_CASE("where a HEAD is refused, a GET tells what the object is or why not", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  w.store.now().fault = [](scripted_reply& reply, const recorded_request& r, std::size_t) {
    if (r.verb == http::method::head) reply = {.head = {403, {}}};
  };
  std::string got;
  const auto r = to_memory(w, got);
  REQUIRE(r);
  CHECK((got == large));
  CHECK(r->integrity == integrity::absent);
  w.store.now().fault = [](scripted_reply& reply, const recorded_request& q, std::size_t) {
    reply = {.head = {404, {}}, .body = q.verb == http::method::head ? "" : "<Error><Code>NoSuchBucket</Code></Error>"};
  };
  const auto none = to_memory(w, got);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == error_kind::not_found);
  CHECK(none.error().code == "NoSuchBucket");
  w.store.now().fault = [](scripted_reply& reply, const recorded_request& q, std::size_t) {
    if (q.verb == http::method::head) reply.head.fields.erase("Content-Length");
  };
  CHECK(to_memory(w, got));
  CHECK((got == large));
}

TEST_CASE("a range of an object is downloaded in parts, too", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const auto range = [&](std::string text, std::size_t from, std::size_t size, std::size_t calls) {
    auto request = of_part_size(part);
    request.object.range = std::move(text);
    const std::size_t before = w.gets();
    std::string got;
    const auto r = to_function(w, got, request);
    if (!r) FAIL(r.error().describe());
    CHECK(got == large.substr(from, size));
    CHECK(r->integrity == integrity::ranged);
    CHECK(r->size == size);
    CHECK(r->object_size == large.size());
    CHECK(w.gets() - before == calls);
  };
  range("bytes=500-3499", 500, 3000, 3);
  range("bytes=9000-", 9000, 1017, 2);
  range("bytes=-2500", large.size() - 2500, 2500, 3);
  range("bytes=5-5", 5, 1, 1);
  range("bytes=9000-999999", 9000, 1017, 2);
  range("bytes=0-", 0, large.size(), 11);
  const auto refused = [&](std::string text) {
    auto request = of_part_size(part);
    request.object.range = std::move(text);
    std::string got;
    return to_function(w, got, request).error().kind;
  };
  CHECK(refused("bytes=0-1,4-5") == error_kind::invalid_argument);
  CHECK(refused("lines=1-2") == error_kind::invalid_argument);
  CHECK(refused("bytes=20000-") == error_kind::range_not_satisfiable);
  CHECK(refused("bytes=-0") == error_kind::range_not_satisfiable);
}

TEST_CASE("a download that cannot be is refused before anything is sent", "[transfer][download]") {
  download_world w{large};
  std::string got;
  CHECK(to_memory(w, got, of_part_size(0)).error().kind == error_kind::invalid_argument);
  auto none = of_part_size(part);
  none.in_flight = 0;
  CHECK(to_memory(w, got, none).error().kind == error_kind::invalid_argument);
  auto both = of_part_size(part);
  both.object.range = "bytes=0-1";
  both.object.part_number = 1;
  CHECK(to_memory(w, got, both).error().kind == error_kind::invalid_argument);
  CHECK(w.server.tried() == 0);
}

TEST_CASE("as many parts come before their turn as the memory is for", "[transfer][download]") {
  for (const std::uint64_t parts : {0, 1, 3, 100}) {
    download_world w{large};
    std::size_t asked = 0, most = 0, failures = 0;
    w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
      const auto range = r.fields.value_or_empty("Range");
      if (range.starts_with("bytes=0-")) {  // the first part comes last
        if (++failures < 5) reply = {.head = {500, {}}};
        else asked = 1000;
      } else if (!range.empty() && asked < 1000) {
        most = (std::max)(most, ++asked);
      }
    };
    auto request = of_part_size(part);
    request.memory = parts * part + part - 1;
    request.in_flight = 100;
    std::string got;
    REQUIRE(to_function(w, got, request, {.max_attempts = 10}));
    CHECK((got == large));
    CHECK(most == (std::min)(parts, std::uint64_t{10}));
  }
}

TEST_CASE("the progress of a download never goes back, and ends at the whole", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  std::map<std::string, int> times;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
    if (r.verb != http::method::get || times[std::string(r.fields.value_or_empty("Range"))]++ != 0) return;
    reply.fails = scripted_reply::moment::within_body;
    reply.failure = detail::fail(error_kind::connection_lost, "cut");
    reply.whole = reply.body.size() / 2;
    reply.head.fields.erase("ETag");  // so that it starts again
  };
  std::vector<std::uint64_t> heard;
  auto request = of_part_size(part);
  request.progress = [&](std::uint64_t done, std::uint64_t total) {
    CHECK(total == large.size());
    heard.push_back(done);
  };
  std::string got;
  REQUIRE(to_memory(w, got, request));
  CHECK((got == large));
  CHECK(std::is_sorted(heard.begin(), heard.end()));
  REQUIRE_FALSE(heard.empty());
  CHECK(heard.back() == large.size());
}

TEST_CASE("what a function of the caller's throws ends a download and is thrown", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const scratch_folder f;
  std::size_t calls = 0;
  http::function_sink sink{[&](std::span<const std::byte>) {
    if (++calls == 3) throw std::runtime_error{"enough"};
  }};
  CHECK_THROWS_WITH(w.run(of_part_size(part), sink), "enough");
  CHECK(calls == 3);
  auto request = of_part_size(part);
  request.progress = [](std::uint64_t done, std::uint64_t) {
    if (done > 4 * part) throw std::runtime_error{"enough, too"};
  };
  CHECK_THROWS_WITH(w.file(f.file("x"), request), "enough, too");
  CHECK(f.names().empty());
}

TEST_CASE("a download is cancelled at any moment", "[transfer][download]") {
  const by how = EACH_WAY;
  for (std::size_t at = 0; at != 13; ++at) {
    download_world w{large, how};
    const scratch_folder f;
    cancel_source stop;
    w.store.now().fault = [&](scripted_reply&, const recorded_request&, std::size_t nth) {
      if (nth == at) stop.cancel();
    };
    if (at == 12) stop.cancel();
    const auto r = w.file(f.file("x"), of_part_size(part), {}, {.stop = stop.token()});
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::cancelled);
    CHECK(f.names().empty());
    CHECK(w.store.requests() == (at == 12 ? 0 : at + 1));
  }
}

TEST_CASE("a time limit is for the whole download", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  w.store.now().fault = [](scripted_reply& reply, const recorded_request&, std::size_t) { reply.takes = 3s; };
  auto request = of_part_size(part);
  request.time_limit = 10s;
  const auto start = w.clock.now().steady;
  std::string got;
  const auto r = to_memory(w, got, request);
  REQUIRE_FALSE(r);
  CHECK(r.error().kind == error_kind::deadline_exceeded);
  CHECK(w.clock.now().steady - start == 10s);
  request.time_limit = 60s;
  CHECK(to_memory(w, got, request));
}

TEST_CASE("parts that came before their turn are given on in order, or their sink's error is the result", "[transfer][download]") {
  for (std::size_t fails_at = 0; fails_at != 12; ++fails_at) {
    download_world w{large};
    int refused = 0;
    w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
      if (r.fields.value_or_empty("Range") == "bytes=0-999" && refused++ < 4) reply = {.head = {500, {}}};
    };
    std::string got;
    std::size_t calls = 0;
    http::function_sink sink{[&](std::span<const std::byte> bytes) {
      if (++calls == fails_at) throw std::runtime_error{"no more"};
      got.append(detail::as_text(bytes));
    }};
    auto request = of_part_size(part);
    request.in_flight = 20;
    if (fails_at == 0) {
      REQUIRE(w.run(request, sink, {.max_attempts = 9}));
      CHECK((got == large));
    } else {
      CHECK_THROWS_WITH(w.run(request, sink, {.max_attempts = 9}), "no more");
      CHECK(got == large.substr(0, (fails_at - 1) * part));
      CHECK(calls == fails_at);
    }
  }
}

TEST_CASE("a part that starts again after its turn has come is not given on twice", "[transfer][download]") {
  download_world w{large};
  std::map<std::string, int> times;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
    const std::string range{r.fields.value_or_empty("Range")};
    if (range.empty()) return;
    const int before = times[range]++;
    if (range == "bytes=1000-1999" && before == 0) {
      reply.fails = scripted_reply::moment::within_body;
      reply.failure = detail::fail(error_kind::connection_lost, "cut");
      reply.whole = 300;
      reply.head.fields.erase("ETag");  // so that it starts again
    }
    if (range == "bytes=1000-1999" && (before == 1 || before == 2)) reply = {.head = {500, {}}};
  };
  w.store.now().fault = [&, inner = w.store.now().fault](scripted_reply& reply, const recorded_request& r, std::size_t nth) {
    // The first part comes after the second was cut, and before that is asked for again.
    inner(reply, r, nth);
    if (r.fields.value_or_empty("Range") == "bytes=0-999" && times["bytes=0-999"] == 1) reply = {.head = {500, {}}};
  };
  std::string got;
  const auto r = to_function(w, got, of_part_size(part), {.max_attempts = 9});
  if (!r) FAIL(r.error().describe());
  CHECK(times["bytes=1000-1999"] == 4);
  CHECK((got == large));
  CHECK(r->integrity == integrity::verified);
}

TEST_CASE("a download that is destroyed at any step takes nothing with it", "[transfer][download]") {
  for (int after = 0; after != 30; ++after) {
    download_world w{large};
    const scratch_folder f;
    bool done = false;
    {
      const auto request = of_part_size(part);
      std::string got;
      http::string_sink sink{got};
      in_order_target in_order{sink, 3 * part};
      auto file = file_target::open(f.file("x"));
      REQUIRE(file);
      auto loop = w.server.make_loop();
      downloading<scripted_policies> one{request, w.s3.shared(), in_order}, two{request, w.s3.shared(), *file};
      loop_driver driver{w.s3.shared(), loop};
      driver.start(one, [](result<download_response>) {});
      driver.start(two, [&done](result<download_response> r) { done = r.has_value(); });
      for (int i = 0; i != after; ++i) driver.turn((steady_time::max)());
    }
    CHECK(f.names() == (done ? texts{"x"} : texts{}));
  }
}
