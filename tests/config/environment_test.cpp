#include <cstdlib>
#include <limits>
#include <string>

#include <s3store/config/environment.hpp>

#include "support/catch.hpp"

using s3store::environment;
using s3store::error_kind;

TEST_CASE("a value of the wrong form is refused, by name and with its value", "[config]") {
  for (const char* wrong : {"x", "1x", "1.5", "--1", "+1", "0x10", "99999999999999999999", "-1", "101", "1 2"}) {
    INFO(wrong);
    const auto n = environment{{"S3_MAX_RETRIES", wrong}}.integer<int>("S3_MAX_RETRIES", 0, 100);
    REQUIRE_FALSE(n);
    CHECK(n.error().kind == error_kind::configuration);
    CHECK(n.error().message == "the environment variable S3_MAX_RETRIES must be an integer from 0 to 100, and is \"" + std::string(wrong) + "\"");
  }
  for (const char* wrong : {"x", "-1", "1,5", "1e3", "inf", "nan", ".", "1.2.3", "1s", "0x1p3", "1234567890123456"}) {
    INFO(wrong);
    const auto n = environment{{"S3_CONNECT_TIMEOUT", wrong}}.seconds("S3_CONNECT_TIMEOUT");
    REQUIRE_FALSE(n);
    CHECK(n.error().message.starts_with("the environment variable S3_CONNECT_TIMEOUT must be a number of seconds"));
  }
  for (const char* wrong : {"yes", "no", "on", "2", "01", "tru", "truee", "true false"}) {
    INFO(wrong);
    const auto b = environment{{"AWS_EC2_METADATA_DISABLED", wrong}}.boolean("AWS_EC2_METADATA_DISABLED");
    REQUIRE_FALSE(b);
    CHECK(b.error().message ==
          "the environment variable AWS_EC2_METADATA_DISABLED must be true, false, 1 or 0, and is \"" + std::string(wrong) + "\"");
  }
  CHECK(environment{{"A", "a\n\x1b[1m"}}.integer("A").error().message.ends_with(", and is \"a\\n\\x1b[1m\""));
}

TEST_CASE("a value that may be a secret is not repeated", "[config]") {
  for (const char* value : {"http//me:hunter2@host", "https://hunter2.example.com", "me:hunter2@host", "h/?X-Amz-Signature=hunter2",
                                  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYhunter2EXY"}) {
    const std::string said = environment{{"A", value}}.boolean("A").error().message;
    CHECK(said == "the environment variable A must be true, false, 1 or 0, and is something else");
  }
}

TEST_CASE("what is unset or empty is absent", "[config]") {
  const environment env{{"EMPTY", ""}};
  for (const char* name : {"UNSET", "EMPTY", "", "empty"}) {
    INFO(name);
    CHECK(env.integer(name).value() == std::nullopt);
    CHECK(env.seconds(name).value() == std::nullopt);
    CHECK(env.boolean(name).value() == std::nullopt);
    CHECK(env.get_nonempty(name) == std::nullopt);
  }
  CHECK(env.get("EMPTY") == "");
  CHECK(env.get("UNSET") == std::nullopt);
  CHECK(environment{}.get("PATH") == std::nullopt);
}

TEST_CASE("values of the right form", "[config]") {
  const environment env{{"I", "-42"}, {"J", " 7 "},  {"S", "2.5"}, {"T", "60"},    {"U", "0.1"}, {"V", ".5"},
                        {"W", "5."},  {"A", "TRUE"}, {"B", "1"},   {"C", "False"}, {"D", "0"},   {"I", "43"}};
  CHECK(env.integer("I").value() == 43);
  CHECK(env.integer<int>("J", 7, 7).value() == 7);
  CHECK(environment{{"N", "9223372036854775807"}}.integer("N").value() == (std::numeric_limits<std::int64_t>::max)());
  CHECK(env.seconds("S").value() == 2.5);
  CHECK(env.seconds("T").value() == 60.0);
  CHECK(env.seconds("U").value() == 0.1);
  CHECK(env.seconds("V").value() == 0.5);
  CHECK(env.seconds("W").value() == 5.0);
  CHECK(env.boolean("A").value() == true);
  CHECK(env.boolean("B").value() == true);
  CHECK(env.boolean("C").value() == false);
  CHECK(env.boolean("D").value() == false);
}

TEST_CASE("the process's environment is read anew, and never written", "[config]") {
  environment env = environment::process();
  ::setenv("S3STORE_TEST_VARIABLE", "one", 1);
  CHECK(env.get("S3STORE_TEST_VARIABLE") == "one");
  ::setenv("S3STORE_TEST_VARIABLE", "two", 1);
  CHECK(env.get("S3STORE_TEST_VARIABLE") == "two");
  environment copy = env;
  copy.set("S3STORE_TEST_VARIABLE", "three");
  CHECK(copy.get("S3STORE_TEST_VARIABLE") == "three");
  CHECK(env.get("S3STORE_TEST_VARIABLE") == "two");
  CHECK(std::getenv("S3STORE_TEST_VARIABLE") == std::string("two"));
  ::unsetenv("S3STORE_TEST_VARIABLE");
  CHECK(env.get("S3STORE_TEST_VARIABLE") == std::nullopt);
}
