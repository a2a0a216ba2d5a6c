// Is an object read member by member as it was written, and written so that it is read again?
#include <s3store/json/object.hpp>

#include "support/catch.hpp"

using namespace s3store;
using json::object;

TEST_CASE("members are views of the text", "[json]") {
  const std::string text = R"( { "a" : "x\"\u0041" , "n": -1.50e3, "t":true, "z":null, "o" : { "b" : [1, {"c": 2}] , "d":"e"} , "l": [ ], "e": {}, "a": "last" } )";
  const auto o = object::parse(text);
  REQUIRE(o);
  CHECK(o->members().size() == 8);
  CHECK(o->members()[0].raw == R"("x\"\u0041")");
  CHECK(o->text("a").reveal() == "last");
  CHECK(o->raw("n") == "-1.50e3");
  CHECK(o->text("n").reveal() == "-1.50e3");
  CHECK(o->text("t").reveal() == "true");
  CHECK(o->text("z").empty());
  CHECK(o->raw("z") == "null");
  CHECK(o->raw("o") == R"({ "b" : [1, {"c": 2}] , "d":"e"})");
  CHECK(o->child("o").text("d").reveal() == "e");
  CHECK(o->child("o").raw("b") == R"([1, {"c": 2}])");
  CHECK(o->text("o").empty());
  CHECK(o->raw("l") == "[ ]");
  CHECK(o->child("l").members().empty());
  CHECK(o->child("e").members().empty());
  CHECK(o->child("absent").members().empty());
  CHECK(o->raw("absent").empty());
}

TEST_CASE("what is no object has no members to view", "[json]") {
  for (const char* const text : {"", "[]", "1", "\"a\"", "{", "{}{}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":\"\xff\"}"}) {
    CAPTURE(text);
    CHECK(object::parse(text).error().kind == error_kind::malformed_response);
  }
  CHECK(object::parse("{}")->members().empty());
}

TEST_CASE("what is written is read again", "[json]") {
  const std::string text = R"({"keep": [1, 2], "replace": 1, "n\u0000m": "v"})";
  const auto o = object::parse(text);
  REQUIRE(o);
  const auto written = json::object_writer{}.rest_of(*o, {"replace"}).text("replace", "\"\n\xE2\x82\xAC").raw("n", "1").finish();
  CHECK(written.reveal() == R"({"keep":[1, 2],"n\u0000m":"v","replace":"\"\n\u20ac","n":1})");
  CHECK(object::parse(written.reveal())->text("replace").reveal() == "\"\n\xE2\x82\xAC");
  CHECK(json::object_writer{}.finish().reveal() == "{}");
  CHECK(json::object_writer{}.text("a", "\xff").finish().reveal() == R"({"a":""})");
}
