// A download to a file that may be gone on with: after a crash, over what is there, and never with bytes of another object.
#include <s3store/transfer/partial_file.hpp>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

#include "support/download_world.hpp"

using namespace test;
using texts = std::vector<std::string>;

namespace {

constexpr std::size_t part = 1000;
const std::string large = some_bytes(10 * part + 17);
constexpr download_file_options resume{.resume = true};

/// A download that ends at its step `after`, as if the process had. False if it was done before.
bool crashes(download_world& w, const std::string& path, int after, download_request r = of_part_size(part)) {
  auto to = file_target::open(path, resume);
  REQUIRE(to);
  downloading<scripted_policies> machine{r, w.s3.shared(), *to, {}};
  auto loop = w.server.make_loop();
  loop_driver driver{w.s3.shared(), loop};
  bool done = false;
  driver.start(machine, [&](result<download_response>) { done = true; });
  for (int i = 0; i != after && !done; ++i) driver.turn((steady_time::max)());
  return !done;
}

}  // namespace

TEST_CASE("a download goes on after a crash at any step", "[transfer][download]") {
  std::uint64_t kept_before = 0;
  for (int after = 0; after < 40; ++after) {
    download_world w{large};
    const scratch_folder f;
    write_file(f.file("x"), "old");
    if (!crashes(w, f.file("x"), after)) break;
    CHECK(content_of(f.file("x")) == "old");
    const std::size_t before = w.gets();
    auto request = of_part_size(part);
    std::vector<std::uint64_t> heard;
    request.progress = [&heard](std::uint64_t done, std::uint64_t) { heard.push_back(done); };
    const auto r = w.file(f.file("x"), request, resume);
    if (!r) FAIL(r.error().describe());
    CHECK(content_of(f.file("x")) == large);
    CHECK(r->integrity == integrity::verified);
    CHECK(r->kept_parts >= kept_before);
    CHECK(w.gets() - before == 11 - r->kept_parts);
    CHECK(heard.back() == large.size());
    CHECK(f.names() == texts{"x"});
    kept_before = r->kept_parts;
  }
  CHECK(kept_before >= 10);
}

TEST_CASE("a download that was cancelled or failed goes on, too", "[transfer][download]") {
  download_world w{large, EACH_WAY};
  const scratch_folder f;
  cancel_source stop;
  w.store.now().fault = [&](scripted_reply& reply, const recorded_request&, std::size_t nth) {
    if (nth == 4) stop.cancel();
    if (nth == 9) reply = {.head = {403, {}}, .body = "<Error><Code>AccessDenied</Code></Error>"};
  };
  CHECK(w.file(f.file("x"), of_part_size(part), resume, {.stop = stop.token()}).error().kind == error_kind::cancelled);
  CHECK(f.names() == texts{"x.s3part", "x.s3part.json"});
  CHECK(w.file(f.file("x"), of_part_size(part), resume).error().kind == error_kind::access_denied);
  CHECK(f.names() == texts{"x.s3part", "x.s3part.json"});
  const auto r = w.file(f.file("x"), of_part_size(part), resume);
  REQUIRE(r);
  CHECK(r->kept_parts >= 5);
  CHECK(content_of(f.file("x")) == large);
  CHECK(f.names() == texts{"x"});
}

TEST_CASE("nothing is left of a download that brought nothing", "[transfer][download]") {
  download_world w{large};
  const scratch_folder f;
  w.store.now().fault = [](scripted_reply& reply, const recorded_request&, std::size_t) { reply = {.head = {404, {}}}; };
  CHECK(w.file(f.file("x"), of_part_size(part), resume).error().kind == error_kind::not_found);
  CHECK(f.names().empty());
}

TEST_CASE("parts on the disk that are not what they were come again", "[transfer][download]") {
  download_world w{large};
  const scratch_folder f;
  REQUIRE(crashes(w, f.file("x"), 8));
  std::string bytes = content_of(f.file("x.s3part"));
  REQUIRE(bytes.size() == large.size());
  bytes[1500] = static_cast<char>(bytes[1500] + 1);
  SECTION("one byte is another") {}
  SECTION("the file is shorter") { bytes.resize(1999); }
  write_file(f.file("x.s3part"), bytes);
  const std::size_t before = w.gets();
  const auto r = w.file(f.file("x"), of_part_size(part), resume);
  REQUIRE(r);
  CHECK(content_of(f.file("x")) == large);
  CHECK(r->kept_parts >= 1);
  const auto ranges = w.ranges();
  CHECK(std::find(ranges.begin() + static_cast<std::ptrdiff_t>(before), ranges.end(), "bytes=1000-1999") != ranges.end());
  CHECK(std::find(ranges.begin() + static_cast<std::ptrdiff_t>(before), ranges.end(), "bytes=0-999") == ranges.end());
}

TEST_CASE("what is there of another object is not used", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large};
  REQUIRE(crashes(w, f.file("x"), 8));
  std::string expected = large;
  auto request = of_part_size(part);
  SECTION("other bytes under the same key") {
    expected = some_bytes(large.size(), 2);
    w.store.put(expected, "\"e-2\"");
  }
  SECTION("another version") { w.store.now().version = "v2"; }
  SECTION("another key") { request.object.key = "other"; }
  SECTION("a range") {
    request.object.range = "bytes=5-5000";
    expected = large.substr(5, 4996);
  }
  SECTION("a record that is none") { write_file(f.file("x.s3part.json"), "{\"format\":\"s3store-download-1\",\"parts\":"); }
  SECTION("a record of a later format") { write_file(f.file("x.s3part.json"), "{\"format\":\"s3store-download-2\"}"); }
  SECTION("a record that is too large") { write_file(f.file("x.s3part.json"), std::string(5 << 20, ' ')); }
  SECTION("no record") { std::remove(f.file("x.s3part.json").c_str()); }
  const auto r = w.file(f.file("x"), request, resume);
  if (!r) FAIL(r.error().describe());
  CHECK(r->kept_parts == 0);
  CHECK(content_of(f.file("x")) == expected);
  CHECK(f.names() == texts{"x"});
}

TEST_CASE("a download goes on with parts of the size that they had", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large};
  REQUIRE(crashes(w, f.file("x"), 8));
  const auto r = w.file(f.file("x"), of_part_size(333), resume);
  REQUIRE(r);
  CHECK(r->parts == 11);
  CHECK(r->kept_parts > 2);
  CHECK(content_of(f.file("x")) == large);
}

TEST_CASE("the record of a download has what its format says, and no secret", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large};
  w.store.now().version = "v1";
  REQUIRE(crashes(w, f.file("x"), 8));
  const std::string text = content_of(f.file("x.s3part.json"));
  for (const char* expected : {R"("format":"s3store-download-1")", R"("bucket":"b")", R"("key":"k")", R"("etag":"\"e-1\"")", R"("version_id":"v1")",
                               R"("first":0)", R"("size":10017)", R"("part_size":1000)", R"("checksum":"CRC64NVME")"})
    CHECK(text.find(expected) != std::string::npos);
  CHECK(text.find("\"0\":\"" + sum_of(crypto::checksum_algorithm::crc64nvme, large.substr(0, part)) + "\"") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(text.find("AKID") == std::string::npos);
  CHECK(text.find("s3.test") == std::string::npos);
  struct ::stat about {};
  REQUIRE(::stat(f.file("x.s3part.json").c_str(), &about) == 0);
  CHECK((about.st_mode & 077) == 0);
}

TEST_CASE("only one download at a time goes on with a file", "[transfer][download]") {
  const scratch_folder f;
  {
    auto first = file_target::open(f.file("x"), resume);
    REQUIRE(first);
    const auto second = file_target::open(f.file("x"), resume);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == error_kind::io);
    CHECK(second.error().message.find("another download") != std::string::npos);
    CHECK(file_target::open(f.file("x")));  // one of its own name
    CHECK(f.names() == texts{"x.s3part"});
  }
  CHECK(f.names().empty());
}

TEST_CASE("a file that cannot be written is found out before anything is sent", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large};
  for (const bool again : {false, true})
    for (const std::string& path : {f.path, f.file("no/such/folder"), std::string("a\0b", 3), f.file(std::string(300, 'x'))}) {
      const auto r = w.file(path, of_part_size(part), {.resume = again});
      REQUIRE_FALSE(r);
      CHECK(r.error().kind == error_kind::io);
    }
  CHECK(w.server.tried() == 0);
  CHECK(f.names().empty());
}

TEST_CASE("a disk without the room is found out before a part comes", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large, EACH_WAY};
  struct ::rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  const ::rlimit small{5 * part, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto r = w.file(f.file("x"), of_part_size(part), {.resume = GENERATE(false, true)});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old);
  REQUIRE_FALSE(r);
  CHECK(r.error().kind == error_kind::io);
  CHECK(w.gets() == 0);
  CHECK(f.names().empty());
}

TEST_CASE("a disk that fails in the middle ends a download", "[transfer][download]") {
  /// The file, on a disk that has no more room after some writes.
  struct full final : download_target {
    full(file_target& t, int n) : to(t), left(n) {}
    result<std::uint64_t> begin(const download_outline& what) override { return to.begin(what); }
    bool start_over() noexcept override { return to.start_over(); }
    result<void> write(const download_part& p, std::uint64_t at, std::span<const std::byte> b) noexcept override {
      if (left-- == 0) return detail::fail(error_kind::io, "the disk is full");
      return to.write(p, at, b);
    }
    bool rewind(const download_part& p) noexcept override { return to.rewind(p); }
    result<void> complete(const download_part& p, std::string_view s) override { return to.complete(p, s); }
    result<void> read(std::uint64_t o, std::span<std::byte> into) override { return to.read(o, into); }
    result<void> finish() override { return to.finish(); }
    void abandon(bool useless) noexcept override { to.abandon(useless); }
    file_target& to;
    int left;
  };
  const by how = EACH_WAY;
  for (int n = 0; n != 11; ++n) {
    const scratch_folder f;
    download_world w{large, how};
    auto file = file_target::open(f.file("x"));
    REQUIRE(file);
    full to{*file, n};
    const auto r = w.run(of_part_size(part), to);
    REQUIRE_FALSE(r);
    CHECK(r.error().message.find("the disk is full") != std::string::npos);
    CHECK(r.error().attempts <= 1);
    CHECK(f.names().empty());
  }
}

TEST_CASE("a downloaded file has the permissions of the one that it replaces, and links stay", "[transfer][download]") {
  const scratch_folder f;
  download_world w{large};
  write_file(f.file("x"), "old");
  REQUIRE(::chmod(f.file("x").c_str(), 0640) == 0);
  REQUIRE(::symlink("x", f.file("link").c_str()) == 0);
  REQUIRE(w.file(f.file("link"), of_part_size(part), {.resume = GENERATE(false, true)}));
  CHECK(content_of(f.file("x")) == large);
  CHECK(f.names() == texts{"link", "x"});
  struct ::stat about {};
  REQUIRE(::stat(f.file("x").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0640);
  REQUIRE(::lstat(f.file("link").c_str(), &about) == 0);
  CHECK(S_ISLNK(about.st_mode));
}

TEST_CASE("the record of very many parts stays small, and is not written for each of them", "[transfer][download]") {
  const scratch_folder f;
  const download_outline what{.bucket = "b", .key = "k", .etag = "\"e\"", .size = 25'000, .part_size = 1, .part_checksums = crypto::checksum_algorithm::crc64nvme};
  const auto recorded = [&f] {
    const std::string text = content_of(f.file("x.s3part.json"));
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  };
  const std::string sum = sum_of(crypto::checksum_algorithm::crc64nvme, "abc");  // its base64 ends in one =
  {
    auto to = file_target::open(f.file("x"), resume);
    REQUIRE(to);
    const auto size = to->begin(what);
    REQUIRE(size);
    CHECK(*size == 3);
    std::size_t most_missing = 0;
    for (std::uint64_t i = 0; i != 1000; ++i) {
      REQUIRE(to->complete({i, i * 3, 3}, sum));
      if (i % 50 == 0 || i < 110) most_missing = (std::max)(most_missing, i + 1 - recorded());
      if (i < 100) CHECK(recorded() == i + 1);
    }
    CHECK(most_missing <= 10);
  }
  CHECK(recorded() == 1000);  // what was missing is written at the end
}
