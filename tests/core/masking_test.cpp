// Is a secret found in what a server says, however it is written there, and is nothing else taken for it?
#include <s3store/core/masking.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("a secret is masked wherever it is, and however it is written", "[masking]") {
  const std::string secret = "IQoJb3JpZ2lu/+EXAMPLE=";
  const auto masked = [&](std::string text) {
    detail::mask(text, secret);
    return text;
  };
  CHECK(masked("") == "");
  CHECK(masked("nothing") == "nothing");
  CHECK(masked(secret) == "[masked]");
  CHECK(masked("a " + secret + secret + " b") == "a [masked][masked] b");
  CHECK(masked("t=IQoJb3JpZ2lu%2F%2BEXAMPLE%3D&x") == "t=[masked]&x");
  CHECK(masked(R"("IQoJb3JpZ2lu\/+EXAMPLE=")") == R"("[masked]")");
  CHECK(masked("cut: " + secret.substr(0, 16)) == "cut: [masked]");
  CHECK(masked("other: " + secret.substr(0, 15) + "?") == "other: " + secret.substr(0, 15) + "?");
}

TEST_CASE("what is too short to be a secret is in any text", "[masking]") {
  for (const char* const secret : {"", "a", "1234567"}) {
    CAPTURE(secret);
    std::string text = "a 1234567";
    detail::mask(text, secret);
    CHECK(text == "a 1234567");
  }
  std::string text = "12345678";
  detail::mask(text, "12345678");
  CHECK(text == "[masked]");
}
