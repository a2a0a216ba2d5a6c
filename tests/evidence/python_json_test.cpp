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

namespace {
std::string nested(std::size_t levels, bool objects) {
  std::string out;
  for (std::size_t i = 0; i != levels; ++i) out.append(objects ? "{\"a\": " : "[");
  out.append("7");
  for (std::size_t i = 0; i != levels; ++i) out.append(objects ? "}" : "]");
  return out;
}
}  // namespace

TEST_CASE("a thousand levels are read and written, as many as Python has, and deeper is an error", "[evidence]") {
  for (const bool objects : {false, true}) {
    const std::string text = nested(python_max_depth, objects);
    const auto read = python_loads(text);
    REQUIRE(read);
    CHECK(read->depth == python_max_depth);
    CHECK((python_dumps(read->top, {.sort_keys = true}) == text));
    CHECK(python_dumps(read->top, {.indent = 1}).size() > text.size());
    for (const std::size_t levels : {python_max_depth + 1, std::size_t{1'000'000}}) {
      const auto deeper = python_loads(nested(levels, objects));
      REQUIRE_FALSE(deeper);
      CHECK(deeper.error().kind == error_kind::malformed_response);
      CHECK(deeper.error().message.find("nesting") != std::string::npos);
    }
  }
}

TEST_CASE("an integer of more digits than Python reads is an oddity", "[evidence]") {
  CHECK(oddities(std::string(4300, '9')).empty());
  CHECK(oddities("-" + std::string(4300, '9')).empty());
  CHECK(oddities(std::string(4301, '9')).size() == 1);
  CHECK(dumped(std::string(4301, '9')) == std::string(4301, '9'));
}

TEST_CASE("a text of nothing but oddities costs no more than one of few", "[evidence]") {
  std::string many = "[";
  for (int i = 0; i != 100'000; ++i) many.append("NaN,");
  const auto found = oddities(many + "NaN]");
  CHECK(found.size() == 101);
  CHECK(found.back() == "and 99901 more such places");

  const auto deep = oddities("{\"" + std::string(100'000, 'k') + "\xc3\xa9\": {\"a\": 1, \"a\": 2}}");
  REQUIRE(deep.size() == 1);
  CHECK(deep[0].size() < 400);
  CHECK(deep[0].find("kk\\u00e9/a\"") != std::string::npos);
}

TEST_CASE("a value that was read can be moved", "[evidence]") {
  const std::string text = R"({"a": [1, {"b": 2}], "a": [3, {"c": 4}]})";
  auto read = python_loads(text);
  REQUIRE(read);
  const python_json moved = std::move(*read);
  CHECK(python_dumps(moved.top) == R"({"a": [3, {"c": 4}]})");
  REQUIRE(moved.top.find("a"));
  CHECK(moved.top.find("a")->items.at(1)->raw == R"({"c": 4})");
  CHECK_FALSE(moved.top.find("b"));
  CHECK_FALSE(moved.top.find("a")->find("c"));
}

TEST_CASE("keys that were numbers are sorted as numbers on request", "[evidence]") {
  const auto sorted = [](std::string_view text) { return dumped(text, {.sort_keys = true, .keys_may_be_numbers = true}); };
  CHECK(sorted(R"({"10": 1, "9": 2, "-2": 3, "-10": 4, "0": 5})") == R"({"-10": 4, "-2": 3, "0": 5, "9": 2, "10": 1})");
  CHECK(sorted(R"({"10": 1, "9.5": 2, "true": 3, "false": 4, "1e+16": 5, "Infinity": 6})") ==
        R"({"false": 4, "true": 3, "9.5": 2, "10": 1, "1e+16": 5, "Infinity": 6})");
  CHECK(sorted(R"({"123456789012345678901": 1, "123456789012345678900": 2})") == R"({"123456789012345678900": 2, "123456789012345678901": 1})");
  CHECK(sorted(R"({"10": {"20": 1, "3": 2}, "9": [{"b": 1, "a": 2}]})") == R"({"9": [{"a": 2, "b": 1}], "10": {"3": 2, "20": 1}})");
  for (const std::string_view strings : {R"({"10": 1, "9": 2, "x": 3})", R"({"10": 1, "9": 2, "": 3})", R"({"10": 1, "9": 2, "01": 3})",
                                         R"({"10": 1, "9": 2, "1E2": 3})", R"({"10": 1, "9": 2, " 7": 3})"})
    CHECK(sorted(strings) == dumped(strings, {.sort_keys = true}));
}
