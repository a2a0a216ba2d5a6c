#include "support/catch.hpp"

#include <s3store/evidence/python_json.hpp>

#include <clocale>

using namespace s3store;
using namespace s3store::evidence;

namespace {
std::string dumped(std::string_view text, const python_style& style = {}) {
  const auto read = python_loads(text);
  REQUIRE(read);
  return python_dumps(read->top, style);
}
std::vector<std::string> oddities(std::string_view text) {
  const auto read = python_loads(text);
  REQUIRE(read);
  return read->oddities;
}
}  // namespace

TEST_CASE("what is no JSON is refused", "[evidence]") {
  for (const std::string_view bad : {"", "{", "[1,]", "{\"a\":}", "nul", "01", "1 2", "\"\xff\"", "nan", "'a'"}) CHECK_FALSE(python_loads(bad));
  CHECK_FALSE(python_loads(std::string(100'000, '[')));
}

TEST_CASE("numbers are written as Python writes them", "[evidence]") {
  // Each right side: python3 -c 'import json; print(json.dumps(json.loads("LEFT")))'
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"0", "0"}, {"-0", "0"}, {"-0.0", "-0.0"}, {"0e5", "0.0"}, {"1.0", "1.0"}, {"1e0", "1.0"}, {"100", "100"}, {"1E2", "100.0"},
           {"0.1", "0.1"}, {"0.00001", "1e-05"}, {"0.0001", "0.0001"}, {"0.00012345", "0.00012345"}, {"1e15", "1000000000000000.0"},
           {"1e16", "1e+16"}, {"9999999999999998.0", "9999999999999998.0"}, {"12345678901234567.0", "1.2345678901234568e+16"},
           {"1e100", "1e+100"}, {"5e-324", "5e-324"}, {"2e-400", "0.0"}, {"1.7976931348623157e308", "1.7976931348623157e+308"},
           {"123456789012345678901234567890", "123456789012345678901234567890"}, {"-1.5e-7", "-1.5e-07"},
           {"NaN", "NaN"}, {"-Infinity", "-Infinity"}, {"1e999", "Infinity"}, {"-1e999", "-Infinity"}, {"3.14e1", "31.4"}}) {
    INFO(text);
    CHECK(dumped(text) == expected);
  }
}

TEST_CASE("numbers do not depend on the program's locale", "[evidence]") {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  for (const char* const comma : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"})
    if (std::setlocale(LC_NUMERIC, comma)) break;
  const std::string got = dumped("[0.5, 1e-7]");
  std::setlocale(LC_NUMERIC, before.c_str());
  CHECK(got == "[0.5, 1e-07]");
}

TEST_CASE("texts are ASCII, and keys sort by code point", "[evidence]") {
  CHECK(dumped("\"\\u00e9\xc3\xa9\\ud83d\\ude00\xf0\x9f\x98\x80\\/\x7f\\b\\u001f\"") == R"("\u00e9\u00e9\ud83d\ude00\ud83d\ude00/\u007f\b\u001f")");
  // U+FFFF comes before U+10000, though its UTF-16 code unit does not; and the escape is not what is compared.
  CHECK(dumped("{\"\\ud800\\udc00\": 1, \"\\uffff\": 2, \"\\u0061\": 3, \"Z\": 4, \"\": 5}", {.sort_keys = true}) ==
        R"({"": 5, "Z": 4, "a": 3, "\uffff": 2, "\ud800\udc00": 1})");
}

TEST_CASE("layouts are Python's", "[evidence]") {
  CHECK(dumped(" { \"b\" : [ ] , \"a\":{}, \"c\":[1,[2,{\"x\":null}]] } ") == R"({"b": [], "a": {}, "c": [1, [2, {"x": null}]]})");
  CHECK(dumped(R"({"b":[],"a":{},"c":[1,{"x":true}]})", {.indent = 2}) ==
        "{\n  \"b\": [],\n  \"a\": {},\n  \"c\": [\n    1,\n    {\n      \"x\": true\n    }\n  ]\n}");
}

TEST_CASE("what Python takes and JSON does not vouch for is noted with its place", "[evidence]") {
  CHECK(oddities(R"({"a": [1, "x", null, 1e308]})").empty());
  const auto numbers = oddities("{\"a\": [1,\n NaN]}");
  REQUIRE(numbers.size() == 1);
  CHECK(numbers[0].find("\"/a/1\", line 2, column 2") != std::string::npos);
  CHECK(oddities("1e999").size() == 1);
  CHECK(oddities(R"(["\ud800", {"\udfff": 1}])").size() == 2);
  CHECK(oddities(R"(["\udc00\ud800"])").size() == 1);
  const auto twice = oddities(R"({"o": {"a": 1, "b": 2, "\u0061": 3, "a": 4}})");
  REQUIRE(twice.size() == 2);
  CHECK(twice[0].find("\"/o/a\"") != std::string::npos);
}

TEST_CASE("of two equal keys the first gives the place and the last the value", "[evidence]") {
  CHECK(dumped(R"({"a": 1, "b": 2, "a": [3], "c": 4, "b": 5})") == R"({"a": [3], "b": 5, "c": 4})");
}

TEST_CASE("lone surrogates come back as they were", "[evidence]") {
  CHECK(dumped(R"(["\ud800x", "\udc00\ud800"])") == R"(["\ud800x", "\udc00\ud800"])");
}
