// ASCII, without the locale's opinion.
#include <cstdint>
#include <string>
#include <vector>

#include <s3store/core/text.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("letters without case", "[text]") {
  CHECK(equal_ignoring_case("Content-TYPE", "content-type"));
  CHECK_FALSE(equal_ignoring_case("a", "ab"));
  CHECK_FALSE(equal_ignoring_case("[", "{"));
  CHECK_FALSE(equal_ignoring_case("\xC4", "\xE4"));
  CHECK(lower_case("AbC\xC4") == "abc\xC4");
  CHECK(to_upper('a') == 'A');
}

TEST_CASE("white space at the ends", "[text]") {
  CHECK(trim(" \t\r\na b\n") == "a b");
  CHECK(trim(" ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("integers are whole texts", "[text]") {
  CHECK(parse_integer<int>("0") == 0);
  CHECK(parse_integer<int>("-12") == -12);
  CHECK(parse_integer<std::uint64_t>("18446744073709551615") == 18446744073709551615u);
  for (const std::string_view bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "99999999999", "one", "-"})
    CHECK_FALSE(parse_integer<int>(bad));
  CHECK_FALSE(parse_integer<std::uint64_t>("-1"));
  CHECK_FALSE(parse_integer<std::uint64_t>("18446744073709551616"));
  std::string out = "n=";
  append_integer(out, INT64_MIN);
  CHECK(out == "n=-9223372036854775808");
}

TEST_CASE("pieces", "[text]") {
  const auto pieces = [](std::string_view s) {
    std::vector<std::string> out;
    split(s, ',', [&](std::string_view p) { out.emplace_back(p); });
    return out;
  };
  CHECK(pieces("a,,b,") == std::vector<std::string>{"a", "", "b", ""});
  CHECK(pieces("") == std::vector<std::string>{""});
}
