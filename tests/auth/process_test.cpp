// Are a program's credentials taken, and only if it gave them as it must?
#include <s3store/auth/process.hpp>

#include "support/provider_world.hpp"

using namespace s3store;
using namespace std::chrono_literals;
using words = std::vector<std::string>;

TEST_CASE("a command line is split as a shell splits it", "[auth]") {
  // What Python's shlex.split, which botocore uses, gives.
  CHECK(*auth::split_command("a b  c") == words{"a", "b", "c"});
  CHECK(*auth::split_command("\ta\n") == words{"a"});
  CHECK(*auth::split_command("a\\ b 'c d' \"e f\"") == words{"a b", "c d", "e f"});
  CHECK(*auth::split_command("a''b \"\" ''") == words{"ab", "", ""});
  CHECK(*auth::split_command(R"("\"q\" \\ \n" '\')") == words{R"("q" \ \n)", "\\"});
  CHECK(*auth::split_command("$HOME `x` # y") == words{"$HOME", "`x`", "#", "y"});
  for (const char* const wrong : {"", "  ", "'a", "\"a", "a\\"}) {
    CAPTURE(wrong);
    const auto split = auth::split_command(wrong);
    REQUIRE_FALSE(split);
    CHECK(split.error().kind == error_kind::configuration);
  }
}

TEST_CASE("a program prints credentials", "[auth]") {
  test::provider_world w;
  const auto printing = [](const std::string& json) { return auth::process_credentials{"/bin/echo '" + json + "'"}; };
  const auto got = w.fetch(printing(
      R"({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2100-01-01T00:00:00Z", "AccountId": "1"})"));
  REQUIRE(got);
  CHECK(got->access_key_id == "A");
  CHECK(got->secret_access_key.reveal() == "s");
  CHECK(got->session_token.reveal() == "t");
  CHECK(got->expires == parse_iso8601("2100-01-01T00:00:00Z"));
  CHECK(got->account_id == "1");
  CHECK_FALSE(w.fetch(printing(R"({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s"})"))->expires);

  CHECK(w.message(printing(R"({"AccessKeyId": "A", "SecretAccessKey": "secret"})")) ==
        "the program of credential_process must print a document with \"Version\": 1");
  CHECK(w.message(printing(R"({"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "secret"})")) ==
        "the program of credential_process must print a document with \"Version\": 1");
  CHECK(w.message(printing(R"({"Version": 1, "AccessKeyId": "A"})")) == "the program of credential_process gave no SecretAccessKey");
  CHECK(w.message(printing(R"({"Version": 1, "SecretAccessKey": "secret"})")) == "the program of credential_process gave no AccessKeyId");
  CHECK(w.message(printing(R"({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "Expiration": "soon"})")) ==
        "the program of credential_process gave an Expiration that is no date");
  CHECK(w.message(printing(R"({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "Expiration": "1990-01-01T00:00:00Z"})")) ==
        "the program of credential_process gave credentials that have expired");
  CHECK(w.message(printing("no secret is quoted")) == "the program of credential_process did not give a JSON object");
}

TEST_CASE("a program that fails is quoted, and a slow one is ended", "[auth]") {
  test::provider_world w;
  const auto failed = w.fetch(auth::process_credentials{"/bin/sh -c \"echo 'log in first' >&2; exit 4\""});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == error_kind::credentials);
  CHECK(failed.error().message == "the program of credential_process ended with status 4: log in first");
  CHECK(w.fetch(auth::process_credentials{"/bin/sleep 600", 20ms}).error().kind == error_kind::timeout);
  CHECK(w.message(auth::process_credentials{"/nonexistent --flag"}) == "cannot run /nonexistent: No such file or directory");
  CHECK(w.fetch(auth::process_credentials{"'"}).error().kind == error_kind::configuration);
}
