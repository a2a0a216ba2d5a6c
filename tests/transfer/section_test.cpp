#include "support/catch.hpp"
#include "support/lying_source.hpp"

#include <s3store/http/body.hpp>
#include <s3store/transfer/section.hpp>

#include <stdexcept>
#include <vector>

using namespace s3store;

namespace {
std::string drain(http::source& from, std::size_t at_a_time = 3) {
  std::string out;
  std::vector<std::byte> block(at_a_time);
  for (;;) {
    const auto n = from.read(block);
    REQUIRE(n);
    if (*n == 0) return out;
    out.append(detail::as_text({block.data(), *n}));
  }
}
/// A function that gives text once, from start to end.
auto once(std::string_view text) {
  return [text](std::span<std::byte> into) mutable {
    const auto n = (std::min)(into.size(), text.size());
    std::copy_n(detail::as_bytes(text).begin(), n, into.begin());
    text.remove_prefix(n);
    return n;
  };
}
using told = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
}  // namespace

TEST_CASE("what the progress function throws is an error of the read", "[transfer]") {
  const progress_callback tell = [](std::uint64_t, std::uint64_t) { throw std::runtime_error{"enough"}; };
  progress_tally tally{tell};
  detail::section window{tally, std::nullopt};
  http::memory_source text{std::string_view{"hello"}};
  window.open(text, 0, 5, 0);
  std::byte block[8];
  const auto n = window.read(block);
  REQUIRE_FALSE(n);
  CHECK(n.error().kind == error_kind::body_source);
  CHECK(n.error().thrown);
}

TEST_CASE("a window shows its stretch, and again after a seek", "[transfer]") {
  told heard;
  const progress_callback tell = [&heard](std::uint64_t done, std::uint64_t total) { heard.emplace_back(done, total); };
  progress_tally tally{tell};
  tally.set_total(11);
  detail::section window{tally, crypto::checksum{crypto::checksum_algorithm::crc32}};
  http::memory_source text{std::string_view{"hello world"}};
  window.open(text, 6, 5, 6);
  CHECK(*window.size() == 5);
  REQUIRE(window.seek(0));
  std::byte block[2];
  REQUIRE(window.read(block));
  CHECK_FALSE(window.seek(2));
  REQUIRE(window.seek(0));
  CHECK(drain(window) == "world");
  CHECK(window.checksum() == "OncRQw==");  // zlib.crc32(b"world")
  CHECK(heard == told{{8, 11}, {9, 11}, {11, 11}});  // not told again what was sent again
}

TEST_CASE("a source that cannot go back is read window by window", "[transfer]") {
  const progress_callback silent;
  progress_tally tally{silent};
  detail::section window{tally, std::nullopt};
  http::function_source text{once("hello world"), std::uint64_t{11}};
  window.open(text, 0, 6, 0);
  REQUIRE(window.seek(0));
  CHECK(drain(window) == "hello ");
  window.open(text, 6, 5, 6);
  REQUIRE(window.seek(0));  // it stands there already
  std::byte block[2];
  REQUIRE(window.read(block));
  CHECK_FALSE(window.seek(0));
}

TEST_CASE("a source that returns more than its room is an error of the section", "[transfer]") {
  progress_tally tally{{}};
  detail::section window{tally, crypto::checksum{crypto::checksum_algorithm::crc32}};
  test::lying_source from{100};
  window.open(from, 0, 10, 0);
  std::byte block[64];
  const auto n = window.read(block);
  REQUIRE_FALSE(n);
  CHECK(test::tells_both_numbers(n.error(), 10));
}

TEST_CASE("what is read to be hashed and not sent is no progress", "[transfer]") {
  told heard;
  progress_tally tally{[&heard](std::uint64_t done, std::uint64_t total) { heard.emplace_back(done, total); }};
  detail::section window{tally, std::nullopt};
  http::memory_source text{std::string_view{"hello"}};
  window.open(text, 0, 5, 0);
  window.reports(false);
  CHECK(drain(window) == "hello");
  CHECK(heard.empty());
  window.reports(true);
  REQUIRE(window.seek(0));
  CHECK(drain(window) == "hello");
  CHECK(heard == told{{3, 0}, {5, 0}});
}
