#include <s3store/http/file.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
#ifndef _WIN32
  const std::string pipe = dir.file("pipe");  // nobody writes to it, so opening it must not wait for someone
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message(file_source::open(pipe)).find("is no regular file") != std::string::npos);
#endif
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

TEST_CASE("a file that was empty when it was opened, and grew, is never silently empty", "[file]") {
  scratch dir;
  const auto path = dir.file("grows", "");
  auto source = file_source::open(path);
  REQUIRE(source);
  CHECK(source->size() == 0);
  CHECK(*drain(*source) == "");
  scratch::write(path, "hello", "ab");
  CHECK(source->size() == 5);  // so that somebody reads it
  const auto read = drain(*source);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == error_kind::io);
  CHECK(read.error().message == path + " changed while it was read: it had 0 bytes and has 5");
  auto range = source->range(0, 0);
  REQUIRE(range);
  CHECK_FALSE(drain(*range));

  // No bytes of a file that has some are what was asked for.
  auto nothing = file_source::open(path, 2, 0);
  REQUIRE(nothing);
  CHECK(nothing->size() == 0);
  CHECK(*drain(*nothing) == "");
}

TEST_CASE("a file that shrank between open and send is an error, also if nothing is left", "[file]") {
  scratch dir;
  for (const ::off_t left : {0, 3}) {
    const auto path = dir.file("shrinks", "hello");
    auto source = file_source::open(path);
    REQUIRE(source);
    REQUIRE(::truncate(path.c_str(), left) == 0);
    const auto read = drain(*source);
    REQUIRE_FALSE(read);
    CHECK(read.error().message == path + " changed while it was read: it had 5 bytes and has " + std::to_string(left));
  }
}

TEST_CASE("a file that says that its length is 0, and has bytes, is read to its end", "[file]") {
  const char* const path = "/proc/self/status";
  auto source = file_source::open(path);
  if (!source) return;  // only Linux has it
  CHECK_FALSE(source->size());
  const auto text = drain(*source, 100);
  REQUIRE(text);
  CHECK(text->starts_with("Name:"));
  CHECK(text->find("\nPid:\t" + std::to_string(::getpid()) + "\n") != std::string::npos);
  REQUIRE(source->seek(0));
  CHECK(drain(*source)->starts_with("Name:"));
  const auto range = source->range(0, 0);
  REQUIRE_FALSE(range);
  CHECK(range.error().kind == error_kind::io);
  CHECK(range.error().message == std::string(path) + " does not say how long it is, so no range of it can be taken");
}

TEST_CASE("a file that ends before the size that it says is an error", "[file]") {
  auto source = file_source::open("/sys/kernel/uevent_seqnum");  // they say 4096, whatever they hold
  if (!source || source->size() != 4096) return;
  const auto text = drain(*source, 5000);
  REQUIRE_FALSE(text);
  CHECK(text.error().message.find(" ends after ") != std::string::npos);
  CHECK(text.error().message.ends_with(" bytes, and its size says 4096"));
}

TEST_CASE("what a sink did not write itself it neither truncates nor takes back", "[file]") {
  scratch dir;
  const auto path = dir.file("users", "what the user had");
  const auto opened = [&path](int flags) {
    const int fd = ::open(path.c_str(), O_WRONLY | flags);
    REQUIRE(fd >= 0);
    return fd;
  };

  SECTION("a descriptor opened for appending") {
    for (const bool at_end : {false, true}) {
      scratch::write(path, "what the user had", "wb");
      const int fd = opened(O_APPEND);
      if (at_end) REQUIRE(::lseek(fd, 0, SEEK_END) == 17);
      auto sink = file_sink::to_descriptor(fd);
      CHECK(sink.seek(0));  // nothing was written
      REQUIRE(sink.write(detail::as_bytes("+four")));
      CHECK_FALSE(sink.seek(0));
      CHECK_FALSE(sink.seek(2));
      CHECK(sink.seek(5));
      REQUIRE(sink.write(detail::as_bytes("!")));
      CHECK(scratch::read(path) == "what the user had+four!");
      ::close(fd);
    }
  }
  SECTION("a descriptor that stands before the file's end") {
    const int fd = opened(0);
    REQUIRE(::lseek(fd, 5, SEEK_SET) == 5);
    auto sink = file_sink::to_descriptor(fd);
    REQUIRE(sink.write(detail::as_bytes("THE")));
    CHECK_FALSE(sink.seek(0));
    CHECK(scratch::read(path) == "what THE user had");
    ::close(fd);
  }
  SECTION("a descriptor at the file's end: its own bytes, and no more") {
    const int fd = opened(0);
    REQUIRE(::lseek(fd, 0, SEEK_END) == 17);
    auto sink = file_sink::to_descriptor(fd);
    REQUIRE(sink.write(detail::as_bytes(", and more")));
    REQUIRE(sink.seek(0));
    CHECK(scratch::read(path) == "what the user had");
    REQUIRE(sink.write(detail::as_bytes("!")));
    CHECK(scratch::read(path) == "what the user had!");
    ::close(fd);
  }
  SECTION("a file to which others wrote meanwhile") {
    const int fd = opened(O_TRUNC);
    auto sink = file_sink::to_descriptor(fd);
    REQUIRE(sink.write(detail::as_bytes("ours ")));
    scratch::write(path, "theirs", "ab");
    CHECK_FALSE(sink.seek(0));
    CHECK(scratch::read(path) == "ours theirs");
    ::close(fd);
  }
  SECTION("a descriptor that two programs share") {
    const int fd = opened(O_TRUNC), other = ::dup(fd);
    auto sink = file_sink::to_descriptor(fd);
    REQUIRE(sink.write(detail::as_bytes("ours ")));
    REQUIRE(::write(other, "theirs", 6) == 6);
    CHECK_FALSE(sink.seek(0));
    CHECK(scratch::read(path) == "ours theirs");
    ::close(fd);
    ::close(other);
  }
  SECTION("a descriptor that was moved") {
    const int fd = opened(O_TRUNC);
    auto sink = file_sink::to_descriptor(fd);
    REQUIRE(sink.write(detail::as_bytes("hello")));
    REQUIRE(::lseek(fd, 2, SEEK_SET) == 2);
    CHECK_FALSE(sink.seek(0));
    CHECK(scratch::read(path) == "hello");
    ::close(fd);
  }
  SECTION("also a file that the sink opened itself") {
    auto sink = file_sink::create(path);
    REQUIRE(sink->write(detail::as_bytes("ours ")));
    scratch::write(path, "theirs", "ab");
    CHECK_FALSE(sink->seek(0));
    CHECK(scratch::read(path) == "ours theirs");
  }
  SECTION("a socket, a pipe and a device") {
    int ends[2], pipe[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    REQUIRE(::pipe(pipe) == 0);
    const int null = ::open("/dev/null", O_WRONLY);
    for (const int fd : {ends[0], pipe[1], null}) {
      auto sink = file_sink::to_descriptor(fd);
      REQUIRE(sink.write(detail::as_bytes("hello")));
      CHECK_FALSE(sink.seek(0));
      CHECK(sink.seek(5));
    }
    for (const int fd : {ends[0], ends[1], pipe[0], pipe[1], null}) ::close(fd);
  }
  SECTION("after a write that failed halfway, nothing that can't be undone counts as taken back") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    auto sink = file_sink::to_descriptor(ends[1]);
    REQUIRE_FALSE(sink.write(detail::as_bytes(std::string(1 << 22, 'x'))));  // the pipe takes a part of it
    CHECK_FALSE(sink.seek(0));
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

TEST_CASE("what was written can be waited for until it is on the disk", "[file]") {
  scratch dir;
  auto sink = file_sink::create(dir.file("a"));
  REQUIRE(sink->write(detail::as_bytes("hello")));
  CHECK(sink->sync());
  REQUIRE(sink->close());
  CHECK(sink->sync().error().kind == error_kind::io);
  auto device = file_sink::create("/dev/null");
  REQUIRE(device);
  CHECK(device->sync());  // has no disk, which is no failure
}
