// Downloads in parts, from every server: one part after another, and from the real ones also many at once over one loop.
#include <s3store/transfer/download.hpp>
#include <s3store/transfer/reader.hpp>
#include <s3store/transfer/upload.hpp>

#include "support/download_world.hpp"
#include "support/live.hpp"

using namespace s3store;
using test::content_of;
using test::scratch_folder;
using test::some_bytes;

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

/// Calls `check(client)` with one whose transport makes no loops, and for a real server with one whose does.
template <class Check>
void each_client(const live::target& t, const live::client& c, Check&& check) {
  check(c);
  if (t.is("embedded")) return;
  settings s = t.set;
  s.credentials = {t.access_key, t.secret_key};
  check(s3store::client{std::move(s)});
}

struct ways {
  const std::string& bucket;
  std::string bytes;
  download_request request(std::uint64_t part_size = mebibyte) const {
    return {.object = {.bucket = bucket, .key = "a key+%"}, .part_size = part_size};
  }
  /// Downloads it each way; all that comes is the same.
  template <class Client>
  void same(const Client& c, integrity expected, std::uint64_t part_size = mebibyte) const {
    const auto whole = [&](const result<download_response>& r, const std::string& got) {
      if (!r) FAIL(r.error().describe());
      CHECK((got == bytes));
      CHECK(r->size == bytes.size());
      CHECK(r->integrity == expected);
    };
    const auto in_memory = download_to_memory(c, request(part_size));
    whole(in_memory, in_memory ? in_memory->body : std::string{});
    std::string got;
    whole(download(c, request(part_size), [&got](std::span<const std::byte> b) { got.append(detail::as_text(b)); }), got);
    const scratch_folder f;
    const auto filed = download_file(c, f.file("x"), request(part_size), {.resume = part_size == mebibyte});
    whole(filed, content_of(f.file("x")));
    CHECK(f.names().size() == 1);
  }
};

}  // namespace

TEST_CASE("objects of all sizes come whole and verified", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, mebibyte, mebibyte + 1, 5 * mebibyte + 3}) {
      const ways w{b, some_bytes(size)};
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)}));
      each_client(t, c, [&](const auto& s3) { w.same(s3, integrity::verified); });
    }
  }
}

TEST_CASE("objects that were uploaded in parts come whole and verified", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const ways w{b, some_bytes(12 * mebibyte + 5)};
    for (const auto& a : {types::checksum_algorithm{"CRC64NVME"}, types::checksum_algorithm{"CRC32C"}, types::checksum_algorithm{"SHA256"}}) {
      upload_request up{.part_size = min_part_size};
      up.object = {.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes), .checksum_algorithm = a};
      INFO(a.str());
      live::must(upload(c, up));
      // versitygw does not tell the parts of an object, nor so their checksums
      const auto expected = t.is("versitygw") && a.str() == "SHA256" ? integrity::composite : integrity::verified;
      each_client(t, c, [&](const auto& s3) {
        w.same(s3, expected);
        w.same(s3, expected, 16 * mebibyte);
      });
    }
  }
}

TEST_CASE("ranges and parts of objects come from every server", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const ways w{b, some_bytes(12 * mebibyte + 5)};
    upload_request up{.part_size = min_part_size};
    up.object = {.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)};
    live::must(upload(c, up));
    each_client(t, c, [&](const auto& s3) {
      auto r = w.request();
      r.object.range = "bytes=1000000-7654321";
      CHECK((live::must(download_to_memory(s3, r)).body == w.bytes.substr(1'000'000, 6'654'322)));
      r.object.range = "bytes=-3000000";
      CHECK((live::must(download_to_memory(s3, r)).body == w.bytes.substr(w.bytes.size() - 3'000'000)));
      r.object.range = "bytes=13000000-";
      CHECK(download_to_memory(s3, r).error().kind == error_kind::range_not_satisfiable);
      r.object.range.clear();
      r.object.part_number = 2;
      CHECK((live::must(download_to_memory(s3, r)).body == w.bytes.substr(min_part_size, min_part_size)));
      r.object.part_number = 3;
      CHECK((live::must(download_to_memory(s3, r)).body == w.bytes.substr(2 * min_part_size)));
    });
  }
}

TEST_CASE("what is missing is told by every server", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    each_client(t, c, [&](const auto& s3) {
      const scratch_folder f;
      const auto gone = download_file(s3, f.file("x"), {.object = {.bucket = b, .key = "none"}}, {.resume = true});
      REQUIRE_FALSE(gone);
      CHECK(gone.error().code == "NoSuchKey");
      CHECK(f.names().empty());
    });
  }
}

TEST_CASE("a file is gone on with, unless the object is another one", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const ways w{b, some_bytes(8 * mebibyte + 5)}, next{b, some_bytes(8 * mebibyte + 5, 2)};
    each_client(t, c, [&](const auto& s3) {
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)}));
      const scratch_folder f;
      cancel_source stop;
      auto r = w.request();
      r.in_flight = 2;
      const auto break_off = [&] {
        stop = {};
        r.progress = [&](std::uint64_t done, std::uint64_t) {
          if (done > 4 * mebibyte) stop.cancel();
        };
        REQUIRE(download_file(s3, f.file("x"), r, {.resume = true}, {.stop = stop.token()}).error().kind == error_kind::cancelled);
        REQUIRE(f.names().back() == "x.s3part.json");
        r.progress = {};
      };
      break_off();
      const auto on = live::must(download_file(s3, f.file("x"), r, {.resume = true}));
      CHECK(on.kept_parts >= 3);
      CHECK((content_of(f.file("x")) == w.bytes));

      break_off();
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(next.bytes)}));
      const auto anew = live::must(download_file(s3, f.file("x"), r, {.resume = true}));
      CHECK(anew.kept_parts == 0);
      CHECK(anew.integrity == integrity::verified);
      CHECK((content_of(f.file("x")) == next.bytes));
    });
  }
}

TEST_CASE("an object that is replaced while it is downloaded is not mixed", "[live][download]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const ways w{b, some_bytes(8 * mebibyte + 5)}, next{b, some_bytes(8 * mebibyte + 5, 2)};
    each_client(t, c, [&](const auto& s3) {
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)}));
      bool replaced = false;
      auto r = w.request();
      r.in_flight = 2;
      r.progress = [&](std::uint64_t done, std::uint64_t) {
        if (done > 2 * mebibyte && !std::exchange(replaced, true))
          live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(next.bytes)}));
      };
      const auto got = live::must(download_to_memory(s3, r));
      CHECK(got.started_over);
      CHECK((got.body == next.bytes));
    });
  }
}

TEST_CASE("a reader reads at any offset from every server", "[live][reader]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const ways w{b, some_bytes(3 * mebibyte + 5)};
    live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)}));
    each_client(t, c, [&](const auto& s3) {
      const object_reader r{s3, {.object = w.request().object, .gap = 1000, .part_size = mebibyte}};
      CHECK(live::must(r.size()) == w.bytes.size());
      std::string first(100, '?'), middle(2 * mebibyte, '?'), last(100, '?');
      const auto into = [](std::string& s) { return std::as_writable_bytes(std::span{s}); };
      live::must(r.read({{w.bytes.size() - 100, into(last)}, {7, into(first)}, {5000, into(middle)}}));
      CHECK(first == w.bytes.substr(7, 100));
      CHECK((middle == w.bytes.substr(5000, middle.size())));
      CHECK(last == w.bytes.substr(w.bytes.size() - 100));
      CHECK(live::must(r.read_at(w.bytes.size() - 3, into(last))) == 3);
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = "another"}));
      const auto changed = r.read_at(mebibyte, into(middle));
      REQUIRE_FALSE(changed);
      CHECK(changed.error().kind == error_kind::object_changed);
      live::must(c.put_object({.bucket = b, .key = "a key+%", .body = http::body::borrow(w.bytes)}));
    });
  }
}
