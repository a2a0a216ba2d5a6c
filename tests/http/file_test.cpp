#include <s3store/http/file.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <s3store/core/encoding.hpp>

#include "support/catch.hpp"

using namespace s3store;
using http::file_sink;
using http::file_source;

namespace {

/// A directory that goes with the test, and everything that the test put into it.
struct scratch {
  scratch() { REQUIRE(::mkdtemp(path.data())); }
  ~scratch() {
    for (const auto& name : names) std::remove(name.c_str());
    ::rmdir(path.c_str());
  }
  std::string file(const std::string& name) { return names.emplace_back(path + "/" + name); }
  std::string file(const std::string& name, std::string_view content) {
    const auto at = file(name);
    write(at, content, "wb");
    return at;
  }
  static void write(const std::string& at, std::string_view content, const char* mode) {
    std::FILE* const f = std::fopen(at.c_str(), mode);
    REQUIRE(f);
    REQUIRE(std::fwrite(content.data(), 1, content.size(), f) == content.size());
    REQUIRE(std::fclose(f) == 0);
  }
  static std::string read(const std::string& at) {
    std::FILE* const f = std::fopen(at.c_str(), "rb");
    REQUIRE(f);
    std::string out(1 << 16, '\0');
    out.resize(std::fread(out.data(), 1, out.size(), f));
    std::fclose(f);
    return out;
  }
  std::string path{"/tmp/s3store-test-XXXXXX"};
  std::vector<std::string> names{};
};

/// Reads in blocks of that size up to the end or the first failure.
result<std::string> drain(http::source& from, std::size_t block = 4) {
  std::string out, piece(block, '\0');
  for (;;) {
    auto n = from.read({reinterpret_cast<std::byte*>(piece.data()), piece.size()});
    if (!n) return n.error();
    if (*n == 0) return out;
    out.append(piece, 0, *n);
  }
}

}  // namespace

TEST_CASE("a file that can't be a body", "[file]") {
  scratch dir;
  const auto message = [](const result<file_source>& r) {
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::io);
    return r.error().message;
  };
  CHECK(message(file_source::open(dir.path + "/missing")) == "cannot open " + dir.path + "/missing: No such file or directory");
  CHECK(message(file_source::open(dir.path)).find("is no regular file") != std::string::npos);
  CHECK(message(file_source::open("/dev/null")).find("is no regular file") != std::string::npos);
  CHECK(message(file_source::open(std::string("a\0b", 3))).find("NUL") != std::string::npos);
  const auto five = dir.file("five", "hello");
  CHECK(message(file_source::open(five, 2, 4)) == five + " has 5 bytes, and not 4 from 2 on");
  CHECK(message(file_source::open(five, 6, 0)) == five + " has 5 bytes, and not 0 from 6 on");
  CHECK(message(file_source::open(five, 1, ~std::uint64_t{0})) == five + " has 5 bytes, and not 18446744073709551615 from 1 on");
}

TEST_CASE("a file as a body", "[file]") {
  scratch dir;
  const auto path = dir.file("ten", "0123456789");
  auto whole = file_source::open(path);
  REQUIRE(whole);

  SECTION("whole, in pieces, again from anywhere") {
    CHECK(whole->size() == 10);
    CHECK(whole->path() == path);
    CHECK(*drain(*whole) == "0123456789");
    CHECK(*drain(*whole) == "");
    REQUIRE(whole->seek(7));
    CHECK(*drain(*whole, 100) == "789");
    REQUIRE(whole->seek(10));
    CHECK(*drain(*whole) == "");
    CHECK_FALSE(whole->seek(11));
  }
  SECTION("in ranges that do not disturb each other") {
    auto front = whole->range(0, 4), back = whole->range(4, 6), of_back = back->range(1, 2);
    CHECK(back->size() == 6);
    std::byte one[1];
    REQUIRE(back->read(one));
    CHECK(*drain(*front, 3) == "0123");
    CHECK(*drain(*back) == "56789");
    CHECK(*drain(*of_back) == "56");
    REQUIRE(back->seek(0));
    CHECK(*drain(*back) == "456789");
    auto last = file_source::open(path, 9, 1), none = file_source::open(path, 10, 0);
    CHECK(*drain(*last) == "9");
    CHECK(*drain(*none) == "");
  }
  SECTION("it outlives the name") {
    std::remove(path.c_str());
    CHECK(*drain(*whole) == "0123456789");
  }
  SECTION("an empty one") {
    auto empty = file_source::open(dir.file("empty", ""));
    CHECK(empty->size() == 0);
    CHECK(*drain(*empty) == "");
  }
  SECTION("one that shrinks while it is read") {
    std::byte block[4];
    REQUIRE(whole->read(block));
    REQUIRE(::truncate(path.c_str(), 6) == 0);
    const auto rest = drain(*whole);
    REQUIRE_FALSE(rest);
    CHECK(rest.error().kind == error_kind::io);
    CHECK(rest.error().message == path + " changed while it was read: it had 10 bytes and has 6");
  }
  SECTION("one that grows while it is read") {
    std::byte block[4];
    REQUIRE(whole->read(block));
    scratch::write(path, "!", "ab");
    const auto rest = drain(*whole);
    REQUIRE_FALSE(rest);
    CHECK(rest.error().message == path + " changed while it was read: it had 10 bytes and has 11");
  }
}

TEST_CASE("a body as a file", "[file]") {
  scratch dir;

  SECTION("where it can't be made") {
    const auto out = file_sink::create(dir.path + "/no/such/place");
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::io);
    CHECK(out.error().message == "cannot open " + dir.path + "/no/such/place: No such file or directory");
    CHECK_FALSE(file_sink::create(dir.path));
  }
  SECTION("what was there is gone") {
    const auto path = dir.file("a", "something longer");
    auto out = file_sink::create(path);
    REQUIRE(out);
    CHECK(out->write(detail::as_bytes("hel")));
    CHECK(out->write(detail::as_bytes("lo")));
    CHECK(out->written() == 5);
    CHECK(out->close());
    CHECK(out->close());
    CHECK(scratch::read(path) == "hello");
    CHECK(out->write(detail::as_bytes("x")).error().kind == error_kind::io);
  }
  SECTION("it goes back and forgets the rest") {
    const auto path = dir.file("a");
    auto out = file_sink::create(path);
    REQUIRE(out->write(detail::as_bytes("0123456789")));
    CHECK_FALSE(out->seek(11));
    REQUIRE(out->seek(4));
    CHECK(scratch::read(path) == "0123");
    REQUIRE(out->write(detail::as_bytes("x")));
    CHECK(scratch::read(path) == "0123x");
    REQUIRE(out->seek(0));
    CHECK(scratch::read(path) == "");
  }
  SECTION("a descriptor is written from where it stands, and stays open") {
    const auto path = dir.file("a");
    std::FILE* const f = std::fopen(path.c_str(), "wb");
    REQUIRE(std::fputs("head ", f) >= 0);
    std::fflush(f);
    {
      auto out = file_sink::to_descriptor(::fileno(f));
      REQUIRE(out.write(detail::as_bytes("body")));
      REQUIRE(out.seek(2));
    }
    CHECK(scratch::read(path) == "head bo");
    CHECK(std::fputs("!", f) >= 0);
    std::fclose(f);
    CHECK(scratch::read(path) == "head bo!");
  }
  SECTION("a pipe takes nothing back") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto out = file_sink::to_descriptor(ends[1]);
    REQUIRE(out.write(detail::as_bytes("hello")));
    CHECK(out.seek(5));
    CHECK_FALSE(out.seek(0));
    ::close(ends[0]);
    ::close(ends[1]);
  }
  SECTION("a full device says so") {
    auto out = file_sink::create("/dev/full");
    if (out) {  // Linux has it
      const auto written = out->write(detail::as_bytes("hello"));
      REQUIRE_FALSE(written);
      CHECK(written.error().kind == error_kind::io);
      CHECK(written.error().message == "cannot write to /dev/full: No space left on device");
    }
  }
}
