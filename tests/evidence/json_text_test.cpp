#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <s3store/evidence/canonical_json.hpp>

#include <clocale>
#include <limits>

#ifdef __GLIBC__
#include <dlfcn.h>

namespace {
thread_local int asked_for_locale = 0;
}
/// In the place of the C library's: everything in this program calls it.
extern "C" lconv* localeconv() noexcept {
  ++asked_for_locale;
  static const auto real = reinterpret_cast<lconv* (*)()>(::dlsym(RTLD_NEXT, "localeconv"));
  return real();
}
#endif

using namespace s3store;

TEST_CASE("a JSON text that is none is refused with its place", "[evidence]") {
  const auto bad = json_text::parse("{\"a\": 1,\n}");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == error_kind::invalid_argument);
  CHECK(bad.error().message.find("line 2") != std::string::npos);
  CHECK_THROWS_AS(json_text{nlohmann::json("\xff")}, s3_error);
  CHECK_THROWS_AS(json_text{nlohmann::json::binary({1, 2})}, s3_error);
}

TEST_CASE("a JSON text is kept as it was written", "[evidence]") {
  const std::string text = " {\"n\": 123456789012345678901234567890, \"n\": 1.50} ";
  CHECK(json_text::parse(text)->str() == text);
  CHECK(json_text{}.str() == "{}");
}

TEST_CASE("a JSON text comes from nlohmann/json and goes back to it", "[evidence]") {
  const json_text data = {{"verdict", "ALLOW"}, {"confidence", 0.95}, {"critics", {{{"name", "\xc3\xa9"}}, nullptr, true}}, {"n", -7}, {"u", 18446744073709551615u}};
  CHECK(data.str() == R"({"verdict": "ALLOW", "confidence": 0.95, "critics": [{"name": "\u00e9"}, null, true], "n": -7, "u": 18446744073709551615})");
  const nlohmann::ordered_json back = data.json();
  CHECK(back["critics"][0]["name"] == "\xc3\xa9");
  CHECK(json_text(back) == data);
  CHECK(json_text(nlohmann::json{{"b", 1}, {"a", 2}}).str() == R"({"a": 2, "b": 1})");
  const json_text copy{data};
  CHECK(copy == data);
  CHECK_THROWS_AS(json_text::parse("[NaN]")->json(), s3_error);
}

TEST_CASE("what cannot be stored is refused with its place", "[evidence]") {
  const auto refused = [](const json_text& value, const char* place) {
    const auto out = evidence::canonical_to_store(value, "evidence_data");
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
    INFO(out.error().message);
    CHECK(out.error().message.find(place) != std::string::npos);
    CHECK(out.error().message.find("evidence_data") == 0);
  };
  refused({{"a", {1, std::numeric_limits<double>::infinity()}}}, "\"/a/1\"");
  refused({{"a", std::numeric_limits<double>::quiet_NaN()}}, "\"/a\"");
  refused(json_text::parse(R"({"a": 1, "a": 2})").value(), "\"/a\"");
  refused(json_text::parse(R"({"a": "\ud800"})").value(), "\"/a\"");
}

TEST_CASE("the checksum is that of the README's example in Python", "[evidence]") {
  // hashlib.sha256(json.dumps({"verdict": "ALLOW", "confidence": 0.95}, sort_keys=True).encode()).hexdigest()
  const auto c = evidence::canonical({{"verdict", "ALLOW"}, {"confidence", 0.95}});
  REQUIRE(c);
  CHECK(c->text == R"({"confidence": 0.95, "verdict": "ALLOW"})");
  CHECK(c->checksum() == "01230d1008bdba0eb505263846d4f85164ee9f508cffdb7294d3bfac5fec52a1");
}

TEST_CASE("no depth overflows the stack, and what Python could not read is not stored", "[evidence]") {
  nlohmann::json deep = 7;
  for (int i = 0; i != 100'000; ++i) {  // by moves: copying such a value, nlohmann/json itself would overflow the stack
    nlohmann::json outer = i % 2 ? nlohmann::json::object() : nlohmann::json::array();
    (i % 2 ? outer["a"] : outer.emplace_back(nullptr)) = std::move(deep);
    deep = std::move(outer);
  }
  const json_text text(deep);
  CHECK(text.str().size() > 400'000);
  const auto out = evidence::canonical_to_store(text, "evidence_data");
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::invalid_argument);

  const auto levels = [](std::size_t n) { return json_text::parse(std::string(n, '[') + std::string(n, ']')).value(); };
  CHECK(evidence::canonical_to_store(levels(900), "evidence_data"));
  const auto one_more = evidence::canonical_to_store(levels(901), "evidence_data");
  REQUIRE_FALSE(one_more);
  CHECK(one_more.error().message.find("901 levels") != std::string::npos);
  CHECK_FALSE(json_text::parse(std::string(1001, '[') + std::string(1001, ']')));
  CHECK_FALSE(evidence::canonical_to_store(json_text::parse(std::string(4301, '1')).value(), "evidence_data"));
}

TEST_CASE("every kind of value is written as nlohmann/json writes it, floats as Python does", "[evidence]") {
  const nlohmann::ordered_json all{{"null", nullptr},
                                   {"booleans", {true, false}},
                                   {"signed", {0, -1, (std::numeric_limits<std::int64_t>::min)(), (std::numeric_limits<std::int64_t>::max)()}},
                                   {"unsigned", {1u, (std::numeric_limits<std::uint64_t>::max)()}}};
  CHECK(nlohmann::ordered_json::parse(json_text(all).str()) == all);
  CHECK(json_text(all).str() == R"({"null": null, "booleans": [true, false], "signed": [0, -1, -9223372036854775808, 9223372036854775807], )"
                                R"("unsigned": [1, 18446744073709551615]})");
}

#ifdef __GLIBC__
TEST_CASE("what runs on several threads does not call localeconv, which is not for several threads", "[evidence]") {
  asked_for_locale = 0;
  static_cast<void>(nlohmann::json(1).dump());
  REQUIRE(asked_for_locale != 0);  // the count works
  const nlohmann::ordered_json value{{"a", {1, -1, 1.5, nullptr, true, "x"}}, {"b", 18446744073709551615u}};
  asked_for_locale = 0;
  const json_text text(value);
  const auto canonical = evidence::canonical(json_text::parse(R"({"b": 1e5, "a": [0.1, 1.5E-7, -2.25, 1e999, 12345678901234567890123]})").value());
  REQUIRE(canonical);
  CHECK(canonical->text == R"({"a": [0.1, 1.5e-07, -2.25, Infinity, 12345678901234567890123], "b": 100000.0})");
  CHECK(canonical->checksum().size() == 64);
  CHECK(asked_for_locale == 0);
}
#endif
