// Reads at any offset: which bytes come, which are asked for, and that they are all of one object.
#include <s3store/transfer/reader.hpp>

#include <random>
#include <thread>

#include "support/download_world.hpp"
#include "support/embedded.hpp"

using namespace test;
using texts = std::vector<std::string>;

namespace {

const std::string large = some_bytes(100'003);

struct reading_world : download_world {
  reading_world() : download_world(large) {}
  reader_request request(std::uint64_t cache = 0, std::uint64_t gap = 0) const {
    return {.object = {.bucket = "b", .key = "k"}, .gap = gap, .part_size = 10'000, .cache = cache, .block = 1000};
  }
};
using reader = object_reader<scripted_policies>;

std::string read_at(const reader& r, std::uint64_t offset, std::size_t size) {
  std::string out(size, '?');
  const auto n = r.read_at(offset, std::as_writable_bytes(std::span{out}));
  if (!n) return n.error().describe();
  out.resize(*n);
  return out;
}
std::span<std::byte> bytes_of(std::string& s) { return std::as_writable_bytes(std::span{s}); }

}  // namespace

TEST_CASE("a reader reads at any offset, up to the end", "[transfer][reader]") {
  for (const std::uint64_t cache : {0, 1500, 5000, 1'000'000}) {
    reading_world w;
    const reader r{w.s3, w.request(cache)};
    CHECK(w.server.tried() == 0);
    CHECK(*r.size() == large.size());
    CHECK(*r.etag() == "\"e-1\"");
    CHECK(read_at(r, 0, 0).empty());
    CHECK(read_at(r, large.size(), 5).empty());
    CHECK(read_at(r, large.size() + 7, 5).empty());
    CHECK(w.gets() == 0);
    CHECK(read_at(r, 0, 5) == large.substr(0, 5));
    CHECK(read_at(r, 998, 5) == large.substr(998, 5));
    CHECK(read_at(r, large.size() - 3, 50) == large.substr(large.size() - 3));
    CHECK(read_at(r, 500, 45'000) == large.substr(500, 45'000));
    std::mt19937 random{7};
    for (int i = 0; i != 100; ++i) {
      const std::size_t offset = random() % large.size(), size = random() % 3000;
      CHECK(read_at(r, offset, size) == large.substr(offset, size));
    }
    CHECK(read_at(r, 0, large.size()) == large);
    const auto sent = w.server.sent();
    CHECK(std::count_if(sent.begin(), sent.end(), [](const auto& s) { return s.verb == http::method::head; }) == 1);
    for (const auto& s : sent)
      if (s.verb == http::method::get) CHECK(s.fields.value_or_empty("If-Match") == "\"e-1\"");
  }
}

TEST_CASE("near ranges are asked for together, and long ones in several calls", "[transfer][reader]") {
  reading_world w;
  const reader r{w.s3, w.request(0, 100)};
  std::string a(10, '?'), b(20, '?'), c(30, '?'), d(25'000, '?'), e(5, '?');
  REQUIRE(r.read({{5000, bytes_of(b)}, {10, bytes_of(a)}, {5120, bytes_of(c)}, {50'000, bytes_of(d)}, {5005, bytes_of(e)}}));
  CHECK(a == large.substr(10, 10));
  CHECK(b == large.substr(5000, 20));
  CHECK(c == large.substr(5120, 30));
  CHECK(d == large.substr(50'000, 25'000));
  CHECK(e == large.substr(5005, 5));
  CHECK(w.ranges() == texts{"bytes=10-19", "bytes=5000-5149", "bytes=50000-59999", "bytes=60000-69999", "bytes=70000-74999"});
  REQUIRE(r.read({{0, bytes_of(a)}, {111, bytes_of(b)}}));
  CHECK(w.gets() == 7);
  REQUIRE(r.read({}));
  CHECK(w.gets() == 7);
  const auto beyond = r.read({{0, bytes_of(a)}, {large.size() - 1, bytes_of(b)}});
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error().kind == error_kind::range_not_satisfiable);
  CHECK_FALSE(r.read({{~std::uint64_t{0}, bytes_of(b)}}));
  CHECK(w.gets() == 7);
}

TEST_CASE("blocks that were read lately are not asked for again", "[transfer][reader]") {
  reading_world w;
  const reader r{w.s3, w.request(6000)};
  CHECK(read_at(r, 10, 20) == large.substr(10, 20));
  CHECK(w.ranges() == texts{"bytes=0-999"});
  CHECK(read_at(r, 900, 50) == large.substr(900, 50));
  CHECK(w.gets() == 1);
  CHECK(read_at(r, 900, 200) == large.substr(900, 200));  // half of it is there
  CHECK(w.ranges().back() == "bytes=1000-1999");
  for (int i = 2; i != 6; ++i) CHECK(read_at(r, static_cast<std::uint64_t>(i) * 1000, 5).size() == 5);
  CHECK(w.gets() == 6);
  CHECK(read_at(r, 0, 5) == large.substr(0, 5));
  CHECK(w.gets() == 6);
  CHECK(read_at(r, 6000, 5) == large.substr(6000, 5));  // the block 1 goes, which was used before block 0 was
  CHECK(w.gets() == 7);
  CHECK(read_at(r, 0, 5) == large.substr(0, 5));
  CHECK(w.gets() == 7);
  CHECK(read_at(r, 1000, 5) == large.substr(1000, 5));
  CHECK(w.gets() == 8);
  CHECK(read_at(r, 0, 4000) == large.substr(0, 4000));  // too much to be kept
  CHECK(w.ranges().back() == "bytes=0-3999");
  CHECK(read_at(r, large.size() - 1, 1) == large.substr(large.size() - 1));
  CHECK(w.ranges().back() == "bytes=100000-100002");
}

TEST_CASE("a reader goes on after what goes wrong on the way", "[transfer][reader]") {
  reading_world w;
  std::map<std::string, int> times;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request& r, std::size_t) {
    if (r.verb == http::method::head || times[std::string(r.fields.value_or_empty("Range"))]++ != 0) return;
    if (times.size() % 2 == 0) {
      reply = {.head = {503, {}}};
    } else {
      reply.fails = scripted_reply::moment::within_body;
      reply.failure = detail::fail(error_kind::connection_lost, "cut");
      reply.whole = reply.body.size() / 2;
      if (times.size() % 4 == 1) reply.head.fields.erase("ETag");  // so that it starts again
    }
  };
  const reader r{w.s3, w.request(GENERATE(0, 1'000'000))};
  for (const std::uint64_t at : {0, 3333, 3334, 50'000, 99'000}) CHECK(read_at(r, at, 5000) == large.substr(at, 5000));
  CHECK(read_at(r, 0, large.size()) == large);
}

TEST_CASE("a reader never mixes two objects", "[transfer][reader]") {
  reading_world w;
  const bool honours = GENERATE(true, false);
  const reader r{w.s3, w.request(4000)};
  CHECK(read_at(r, 0, 10) == large.substr(0, 10));
  w.store.put(some_bytes(large.size(), 2), "\"e-2\"");
  w.store.now().honours_if_match = honours;
  CHECK(read_at(r, 0, 10) == large.substr(0, 10));  // kept
  std::string out(10, '?');
  for (int i = 0; i != 2; ++i) {
    const auto n = r.read_at(5000, bytes_of(out));
    REQUIRE_FALSE(n);
    CHECK(n.error().kind == error_kind::object_changed);
  }
  const reader anew{w.s3, w.request(4000)};
  CHECK(read_at(anew, 0, 10) == some_bytes(large.size(), 2).substr(0, 10));
}

TEST_CASE("a reader fails as its calls do, and can be used again", "[transfer][reader]") {
  reading_world w;
  const reader r{w.s3, w.request()};
  w.store.now().fault = [](scripted_reply& reply, const recorded_request&, std::size_t nth) {
    if (nth == 0) reply = {.head = {404, {}}};
    if (nth == 3) reply = {.head = {403, {}}, .body = "<Error><Code>AccessDenied</Code></Error>"};
  };
  CHECK(r.size().error().kind == error_kind::not_found);
  REQUIRE(r.open());
  std::string out(50'000, '?');
  CHECK(r.read_at(0, bytes_of(out)).error().kind == error_kind::access_denied);
  cancel_source stop;
  stop.cancel();
  CHECK(r.read_at(0, bytes_of(out), {.stop = stop.token()}).error().kind == error_kind::cancelled);
  CHECK(read_at(r, 0, 50'000) == large.substr(0, 50'000));

  auto wrong = w.request();
  wrong.in_flight = 0;
  CHECK(reader{w.s3, wrong}.size().error().kind == error_kind::invalid_argument);
  wrong = w.request();
  wrong.object.range = "bytes=0-1";
  CHECK(reader{w.s3, wrong}.size().error().kind == error_kind::invalid_argument);
}

TEST_CASE("several threads read with one reader", "[transfer][reader]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string bytes = some_bytes(300'000);
  w.put("b-1", "k", bytes);
  const object_reader r{w.s3, {.object = {.bucket = "b-1", .key = "k"}, .gap = 500, .part_size = 20'000, .cache = 50'000, .block = 1000}};
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (unsigned n = 0; n != 4; ++n)
    threads.emplace_back([&, n] {
      std::mt19937 random{n};
      for (int i = 0; i != 40; ++i) {
        const std::size_t at = random() % bytes.size();
        std::string a(random() % 30'000, '?'), b(random() % 50, '?');
        const auto got = r.read_at(at, bytes_of(a));
        if (!got || a.substr(0, *got) != bytes.substr(at, a.size())) ++wrong;
        if (at + b.size() <= bytes.size() && (!r.read({{at, bytes_of(b)}}) || b != bytes.substr(at, b.size()))) ++wrong;
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}
