#include <s3store/http/body.hpp>

#include <cstdio>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/lying_source.hpp"

using namespace s3store;

namespace {

std::string read(http::source& from, std::size_t most) {
  std::string out(most, '\0');
  const auto n = from.read({reinterpret_cast<std::byte*>(out.data()), out.size()});
  REQUIRE(n);
  out.resize(*n);
  return out;
}

struct not_a_standard_exception {};

}  // namespace

TEST_CASE("what a caller's function throws becomes an error that carries it", "[body]") {
  http::function_source source([](std::span<std::byte>) -> std::size_t { throw std::runtime_error("disk on fire"); });
  std::byte room[4];
  const auto read_failed = source.read(room);
  REQUIRE_FALSE(read_failed);
  CHECK(read_failed.error().kind == error_kind::body_source);
  CHECK(read_failed.error().message == "the caller's function threw: disk on fire");
  CHECK_THROWS_AS(std::rethrow_exception(read_failed.error().thrown), std::runtime_error);

  http::function_sink sink([](std::span<const std::byte>) { throw not_a_standard_exception{}; });
  const auto write_failed = sink.write(detail::as_bytes("x"));
  REQUIRE_FALSE(write_failed);
  CHECK(write_failed.error().kind == error_kind::body_sink);
  CHECK_THROWS_AS(std::rethrow_exception(write_failed.error().thrown), not_a_standard_exception);

  http::function_source stuck([](std::span<std::byte>) -> std::size_t { return 0; }, std::nullopt,
                              [](std::uint64_t) -> bool { throw std::logic_error("no way back"); });
  REQUIRE(stuck.read(room));
  CHECK_FALSE(stuck.seek(0));
}

TEST_CASE("a source over memory", "[body]") {
  http::memory_source source{"hello"};
  CHECK(source.size() == 5);
  CHECK(read(source, 3) == "hel");
  CHECK(read(source, 3) == "lo");
  CHECK(read(source, 3).empty());
  REQUIRE(source.seek(1));
  CHECK(read(source, 9) == "ello");
  REQUIRE(source.seek(5));
  CHECK(read(source, 9).empty());
  CHECK_FALSE(source.seek(6));

  http::memory_source nothing;
  CHECK(nothing.size() == 0);
  CHECK(read(nothing, 1).empty());
  CHECK(nothing.seek(0));
}

TEST_CASE("a source made of a function is read once, unless it can rewind", "[body]") {
  std::string_view text = "hello";
  std::size_t at = 0;
  const auto give = [&](std::span<std::byte> into) {
    const auto n = text.copy(reinterpret_cast<char*>(into.data()), into.size(), at);
    at += n;
    return n;
  };
  http::function_source once(give);
  CHECK_FALSE(once.size());
  CHECK(once.seek(0));  // nothing has been read yet
  CHECK_FALSE(once.seek(1));
  CHECK(read(once, 9) == "hello");
  CHECK_FALSE(once.seek(0));

  at = 0;
  http::function_source again(give, 5, [&](std::uint64_t from) { return at = static_cast<std::size_t>(from), true; });
  CHECK(again.size() == 5);
  CHECK(read(again, 9) == "hello");
  REQUIRE(again.seek(2));
  CHECK(read(again, 9) == "llo");
}

TEST_CASE("a sink over a string", "[body]") {
  std::string into = "before|";
  http::string_sink sink{into, 5};
  REQUIRE(sink.write(detail::as_bytes("hel")));
  const auto too_long = sink.write(detail::as_bytes("lo!"));
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().kind == error_kind::too_large);
  CHECK(into == "before|hel");
  REQUIRE(sink.write(detail::as_bytes("lo")));
  CHECK(into == "before|hello");
  CHECK_FALSE(sink.seek(6));
  REQUIRE(sink.seek(1));
  CHECK(into == "before|h");
  REQUIRE(sink.seek(0));
  CHECK(into == "before|");
}

TEST_CASE("a sink made of a function can't take back", "[body]") {
  std::string got;
  http::function_sink sink([&](std::span<const std::byte> bytes) { got.append(detail::as_text(bytes)); });
  CHECK(sink.seek(0));
  REQUIRE(sink.write(detail::as_bytes("hello")));
  CHECK(sink.seek(5));
  CHECK_FALSE(sink.seek(0));
  CHECK(got == "hello");
}

TEST_CASE("the body of a request", "[body]") {
  CHECK_FALSE(http::body{}.present());
  CHECK(http::body{}.bytes().empty());

  const http::body text = "hello", empty = "", moved = std::string(100, 'x');
  CHECK(text.present());
  CHECK(text.text() == "hello");
  CHECK_FALSE(text.stream());
  CHECK(empty.present());
  CHECK(moved.bytes().size() == 100);

  const std::vector<std::byte> kept(3, std::byte{1});
  const auto borrowed = http::body::borrow(kept);
  CHECK(borrowed.bytes().data() == kept.data());
  const auto copy = borrowed;
  CHECK(copy.bytes().data() == kept.data());
  CHECK(http::body::borrow("text").text() == "text");

  std::string kept_text = "kept";
  CHECK(http::body::borrow(kept_text).bytes().data() == static_cast<const void*>(kept_text.data()));

  const std::vector<unsigned char> octets{'a', 0, 'b'};
  const std::array<std::byte, 2> pair{std::byte{'x'}, std::byte{'y'}};
  const std::string_view view = std::string_view{"a view of more"}.substr(2, 4);
  const http::body of_vector = kept, of_octets = octets, of_array = pair, of_view = view,
                   of_span = std::span<const std::byte>{kept}.first(2), of_writable = std::span<unsigned char>{};
  CHECK(of_vector.bytes().size() == 3);
  CHECK(of_vector.bytes().data() != kept.data());
  CHECK(of_octets.text() == std::string_view("a\0b", 3));
  CHECK(of_array.text() == "xy");
  CHECK(of_view.text() == "view");
  CHECK(of_span.bytes().size() == 2);
  CHECK(of_writable.present());
  CHECK(of_writable.bytes().empty());

  const char* const null = nullptr;
  CHECK(http::body{null}.is_null());
  CHECK_FALSE(text.is_null());

  http::memory_source source{"x"};
  const http::body streamed = source;
  CHECK(streamed.present());
  CHECK(streamed.stream() == &source);
  CHECK(streamed.bytes().empty());
}

TEST_CASE("a reading function or source that returns more than its room is an error that names both numbers", "[body]") {
  std::byte room[16];
  http::function_source text([](std::span<std::byte> into) -> std::size_t {
    return static_cast<std::size_t>(std::snprintf(reinterpret_cast<char*>(into.data()), into.size(), "%s", "this is longer than sixteen"));
  });
  const auto more = text.read(room);
  REQUIRE_FALSE(more);
  CHECK(more.error().kind == error_kind::body_source);
  CHECK(more.error().message == "the body's source says that it wrote 27 bytes, and it had room for 16");

  http::function_source negative([](std::span<std::byte>) { return -1; });
  const auto failed = negative.read(room);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == error_kind::body_source);
  CHECK(failed.error().message == "the body's source says that it wrote -1 bytes, and it had room for 16");

  http::function_source full([](std::span<std::byte> into) { return static_cast<int>(into.size()); });
  CHECK(*full.read(room) == 16);

  test::lying_source subclass{100};
  const auto lied = http::read_some(subclass, room);
  REQUIRE_FALSE(lied);
  CHECK(test::tells_both_numbers(lied.error(), 16));
  test::lying_source honest{100, 0};
  CHECK(*http::read_some(honest, room) == 16);
}
