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

/// Says after a while that it is not what it was.
struct changing final : http::random_access {
  result<std::size_t> read_at(std::uint64_t, std::span<std::byte> into) const noexcept override {
    std::fill(into.begin(), into.end(), std::byte{'x'});
    return into.size();
  }
  result<void> check_unchanged() const noexcept override {
    if (!changed) return {};
    return detail::fail(error_kind::io, "it has changed");
  }
  bool changed{};
};
}  // namespace

TEST_CASE("what the progress function throws is an error of the read", "[transfer]") {
  const progress_callback tell = [](std::uint64_t, std::uint64_t) { throw std::runtime_error{"enough"}; };
  progress_tally tally{tell};
  const http::memory_source text{std::string_view{"hello"}};
  detail::section window{text, 0, 5, tally};
  std::byte block[8];
  const auto n = window.read(block);
  REQUIRE_FALSE(n);
  CHECK(n.error().kind == error_kind::body_source);
  CHECK(n.error().thrown);
}

TEST_CASE("a section shows its stretch, and again after a seek", "[transfer]") {
  told heard;
  const progress_callback tell = [&heard](std::uint64_t done, std::uint64_t total) { heard.emplace_back(done, total); };
  progress_tally tally{tell};
  tally.set_total(11);
  const http::memory_source text{std::string_view{"hello world"}};
  detail::section first{text, 0, 6, tally}, second{text, 6, 5, tally};
  CHECK(*second.size() == 5);
  CHECK(drain(second) == "world");
  CHECK(heard == told{{3, 11}, {5, 11}});
  CHECK_FALSE(second.seek(6));
  REQUIRE(second.seek(0));
  CHECK(drain(second) == "world");
  CHECK(heard.size() == 2);  // what is sent again is no progress
  CHECK(drain(first, 100) == "hello ");
  CHECK(heard.back() == std::pair<std::uint64_t, std::uint64_t>{11, 11});
}

TEST_CASE("what is read to be hashed and not sent is no progress", "[transfer]") {
  told heard;
  const progress_callback tell = [&heard](std::uint64_t done, std::uint64_t total) { heard.emplace_back(done, total); };
  progress_tally tally{tell};
  const http::memory_source text{std::string_view{"hello world"}};
  detail::section window{text, 6, 5, tally};
  std::byte block[8];
  CHECK(*window.anywhere()->read_at(1, block) == 4);
  CHECK(detail::as_text({block, 4}) == "orld");
  CHECK(*window.anywhere()->read_at(5, block) == 0);
  CHECK(*window.anywhere()->read_at(99, block) == 0);
  CHECK(heard.empty());
  CHECK(drain(window) == "world");
  CHECK(heard.back().first == 5);
}

TEST_CASE("a body that has changed is told before the last byte is given away", "[transfer]") {
  progress_tally tally{{}};
  changing body;
  detail::section window{body, 0, 6, tally};
  std::byte block[3];
  REQUIRE(window.read(block));
  body.changed = true;
  CHECK(window.read(block).error().message == "it has changed");
}

TEST_CASE("a source that cannot go back is read section by section", "[transfer]") {
  http::function_source text{once("hello world"), std::uint64_t{11}};
  detail::next_section first{text, 0, 6};
  REQUIRE(first.seek(0));
  CHECK(drain(first) == "hello ");
  CHECK_FALSE(first.seek(0));
  detail::next_section second{text, 6, 5};
  REQUIRE(second.seek(0));
  CHECK(drain(second, 100) == "world");
}

TEST_CASE("a section of a source that can go back is read again", "[transfer]") {
  http::memory_source text{std::string_view{"hello world"}};
  REQUIRE(text.seek(6));
  detail::next_section second{text, 6, 5};
  CHECK(drain(second) == "world");
  REQUIRE(second.seek(0));
  CHECK(drain(second) == "world");
  CHECK_FALSE(second.seek(1));
}

TEST_CASE("a source that returns more than its room is an error of the section", "[transfer]") {
  test::lying_source source{100};
  detail::next_section window{source, 0, 100};
  std::byte block[10];
  const auto n = window.read(block);
  REQUIRE_FALSE(n);
  CHECK(test::tells_both_numbers(n.error(), 10));
}
