// ASCII, without the locale's opinion.
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include <s3store/core/text.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("letters without case", "[text]") {
  CHECK(detail::equal_ignoring_case("Content-TYPE", "content-type"));
  CHECK_FALSE(detail::equal_ignoring_case("a", "ab"));
  CHECK_FALSE(detail::equal_ignoring_case("[", "{"));
  CHECK_FALSE(detail::equal_ignoring_case("\xC4", "\xE4"));
  CHECK(detail::lower_case("AbC\xC4") == "abc\xC4");
  CHECK(detail::to_upper('a') == 'A');
}

TEST_CASE("white space at the ends", "[text]") {
  CHECK(detail::trim(" \t\r\na b\n") == "a b");
  CHECK(detail::trim(" ").empty());
  CHECK(detail::trim("").empty());
}

TEST_CASE("integers are whole texts", "[text]") {
  CHECK(detail::parse_integer<int>("0") == 0);
  CHECK(detail::parse_integer<int>("-12") == -12);
  CHECK(detail::parse_integer<std::uint64_t>("18446744073709551615") == 18446744073709551615u);
  for (const std::string_view bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "99999999999", "one", "-"})
    CHECK_FALSE(detail::parse_integer<int>(bad));
  CHECK_FALSE(detail::parse_integer<std::uint64_t>("-1"));
  CHECK_FALSE(detail::parse_integer<std::uint64_t>("18446744073709551616"));
  std::string out = "n=";
  detail::append_integer(out, INT64_MIN);
  CHECK(out == "n=-9223372036854775808");
}

TEST_CASE("what is no integer leaves the value as it was", "[text]") {
  int n = 7;
  CHECK_FALSE(detail::read_integer("2147483648", n));
  CHECK_FALSE(detail::read_integer("-2147483649", n));
  CHECK_FALSE(detail::read_integer("12a", n));
  CHECK(n == 7);
  CHECK(detail::read_integer("-2147483648", n));
  CHECK(n == INT32_MIN);
  std::int64_t wide = 0;
  CHECK(detail::read_integer("-9223372036854775808", wide));
  CHECK(wide == INT64_MIN);
  CHECK(detail::read_integer("9223372036854775807", wide));
  CHECK(wide == INT64_MAX);
  CHECK_FALSE(detail::read_integer("9223372036854775808", wide));
  CHECK_FALSE(detail::read_integer("-9223372036854775809", wide));
  std::uint16_t narrow = 0;
  CHECK(detail::read_integer("65535", narrow));
  CHECK_FALSE(detail::read_integer("65536", narrow));
  CHECK_FALSE(detail::read_integer("-0", narrow));
  CHECK(detail::read_integer("-000", wide));
  CHECK(wide == 0);
}

TEST_CASE("digits of other bases", "[text]") {
  std::uint64_t n = 5;
  CHECK(detail::read_digits("fFfFffffFFFFffff", 16, n));
  CHECK(n == UINT64_MAX);
  CHECK_FALSE(detail::read_digits("10000000000000000", 16, n));
  CHECK_FALSE(detail::read_digits("", 16, n));
  CHECK_FALSE(detail::read_digits("1g", 16, n));
  CHECK_FALSE(detail::read_digits("-1", 16, n));
  CHECK_FALSE(detail::read_digits("0x1", 16, n));
  CHECK_FALSE(detail::read_digits("a", 10, n));
  CHECK_FALSE(detail::read_digits("18446744073709551616", 10, n));
  CHECK_FALSE(detail::read_digits("99999999999999999999", 10, n));
  CHECK(n == UINT64_MAX);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{0x10000}, UINT64_MAX})
    for (const unsigned base : {10u, 16u}) {
      char theirs[65];
      std::string ours = "=";
      detail::append_digits(ours, value, base);
      CHECK(ours.substr(1) == std::string(theirs, std::to_chars(theirs, theirs + sizeof theirs, value, static_cast<int>(base)).ptr));
      CHECK(detail::read_digits(std::string_view{ours}.substr(1), base, n));
      CHECK(n == value);
    }
}

TEST_CASE("one text of many pieces", "[text]") {
  CHECK(detail::concat({}).empty());
  CHECK(detail::concat({"part ", detail::decimal(std::int64_t{-3}), " of ", detail::decimal(std::size_t{10}), std::string_view{"\0", 1}}) == std::string("part -3 of 10\0", 14));
  CHECK(detail::decimal(INT64_MIN) == "-9223372036854775808");
  CHECK(detail::decimal(UINT64_MAX) == "18446744073709551615");
  CHECK(detail::decimal(0) == "0");
}

TEST_CASE("pieces", "[text]") {
  const auto pieces = [](std::string_view s) {
    std::vector<std::string> out;
    detail::split(s, ',', [&](std::string_view p) { out.emplace_back(p); });
    return out;
  };
  CHECK(pieces("a,,b,") == std::vector<std::string>{"a", "", "b", ""});
  CHECK(pieces("") == std::vector<std::string>{""});
}
