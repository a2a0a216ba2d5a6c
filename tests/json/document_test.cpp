#include <string>

#include <s3store/json/document.hpp>

#include "support/catch.hpp"

namespace json = s3store::json;

TEST_CASE("what is no object is refused", "[json]") {
  for (const char* wrong : {"", "[]", "[\"a\"]", "\"a\"", "1", "null", "{", "{}{}", "{\"a\":1", "{\"a\":1}x", "{\"a\":\"\\ud800\"}",
                            "{\"\\udc00\":1}", "{\"a\":{]}", "<html></html>", "{\"a\":NaN}"}) {
    INFO(wrong);
    const auto members = json::flat_object(wrong);
    REQUIRE_FALSE(members);
    CHECK(members.error().kind == s3store::error_kind::malformed_response);
  }
  CHECK(json::flat_object("[]").error().message == "JSON: expected an object at the top");
  CHECK(json::flat_object("{\"Token\":\"hunter2").error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("a credential document is read", "[json]") {
  const auto members = json::flat_object(
      "{\"Code\":\"Success\",\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"a\\/"
      "b\\u0041\",\"n\":1.50,\"yes\":true,\"no\":false,\"nothing\":null,"
      "\"nested\":{\"AccessKeyId\":\"wrong\",\"deep\":[{\"Token\":\"wrong\"}]},\"list\":[\"Token\",\"wrong\"],\"Code\":\"again\","
      "\"Token\":\"t\"}");
  REQUIRE(members);
  CHECK(*members == json::members{{"Code", "Success"},
                                  {"AccessKeyId", "AKID"},
                                  {"SecretAccessKey", "a/bA"},
                                  {"n", "1.50"},
                                  {"yes", "true"},
                                  {"no", "false"},
                                  {"Code", "again"},
                                  {"Token", "t"}});
  REQUIRE(json::find(*members, "Code"));
  CHECK(*json::find(*members, "Code") == "again");
  CHECK_FALSE(json::find(*members, "nothing"));
  CHECK_FALSE(json::find(*members, "deep"));
  CHECK(json::flat_object("{}")->empty());
}
