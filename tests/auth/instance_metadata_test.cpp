// Is the metadata service asked in the right order, as seldom as it may be, and never without a token unless that is wanted?
#include <s3store/auth/instance_metadata.hpp>

#include "support/provider_world.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

constexpr const char* keys =
    R"({"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "2100-01-01T00:00:00Z", "AccountId": "123"})";
const std::string service = "the metadata service of EC2";
const std::string base = "http://169.254.169.254/latest/";

}  // namespace

TEST_CASE("a token, the role's name and its credentials", "[auth]") {
  test::provider_world w;
  const auth::instance_metadata_credentials from{environment{}};
  w.server.answer(200, {}, "TOKEN").answer(200, {}, "my role\n").answer(200, {}, keys);
  const auto got = w.fetch(from);
  REQUIRE(got);
  CHECK(got->access_key_id == "A");
  CHECK(got->session_token.reveal() == "t");
  CHECK(got->account_id == "123");
  CHECK(got->usable_after_expiry);
  CHECK(w.sent(0) == "PUT " + base + "api/token");
  CHECK(w.server.sent()[0].fields.get("x-aws-ec2-metadata-token-ttl-seconds") == "21600");
  CHECK(w.sent(1) == "GET " + base + "meta-data/iam/security-credentials-extended/");
  CHECK(w.sent(2) == "GET " + base + "meta-data/iam/security-credentials-extended/my%20role");
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}}) CHECK(w.server.sent()[n].fields.get("x-aws-ec2-metadata-token") == "TOKEN");

  SECTION("a token serves for six hours less two minutes, and for all copies") {
    w.shared.clock.advance(5h + 57min);
    const auto copy = from;
    w.server.answer(200, {}, "role").answer(200, {}, keys);
    REQUIRE(w.fetch(copy));
    CHECK(w.server.sent()[3].fields.get("x-aws-ec2-metadata-token") == "TOKEN");
    w.shared.clock.advance(1min);
    w.server.answer(200, {}, "NEW").answer(200, {}, "role").answer(200, {}, keys);
    REQUIRE(w.fetch(copy));
    CHECK(w.sent(5) == "PUT " + base + "api/token");
  }
  SECTION("a token that is refused is renewed once") {
    w.server.answer(401).answer(200, {}, "NEW").answer(200, {}, "role").answer(200, {}, keys);
    REQUIRE(w.fetch(from));
    CHECK(w.server.sent()[5].fields.get("x-aws-ec2-metadata-token") == "NEW");
    w.server.answer(401).answer(200, {}, "NEW").answer(401);
    CHECK(w.message(from) == service + " did not name the instance's role (status 401)");
  }
  SECTION("keys that have expired are right, if they are all that the service has") {
    w.server.answer(200, {}, "role").answer(
        200, {}, R"({"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "1990-01-01T00:00:00Z"})");
    CHECK(w.fetch(from)->expires == parse_iso8601("1990-01-01T00:00:00Z"));
  }
}

TEST_CASE("a service that does not tell the account is asked on the old path, from then on", "[auth]") {
  test::provider_world w;
  const auth::instance_metadata_credentials from{environment{}};
  w.server.answer(200, {}, "TOKEN").answer(404).answer(200, {}, "role").answer(200, {}, keys).answer(200, {}, "role").answer(200, {}, keys);
  REQUIRE(w.fetch(from));
  REQUIRE(w.fetch(from));
  CHECK(w.sent(2) == "GET " + base + "meta-data/iam/security-credentials/");
  CHECK(w.sent(3) == "GET " + base + "meta-data/iam/security-credentials/role");
  CHECK(w.sent(4) == "GET " + base + "meta-data/iam/security-credentials/");

  const auth::instance_metadata_credentials no_role{environment{}};
  w.server.answer(200, {}, "TOKEN").answer(404).answer(404);
  CHECK(auth::is_none_here(w.fetch(no_role).error()));
}

TEST_CASE("version 1 is used only where it is wanted", "[auth]") {
  test::provider_world w;
  for (const int status : {403, 404, 405}) {
    w.server.answer(status);
    CHECK(w.message(auth::instance_metadata_credentials{environment{}}) == service + " gave no token (status " + std::to_string(status) + ")");
    w.server.answer(status).answer(200, {}, "role").answer(200, {}, keys);
    REQUIRE(w.fetch(auth::instance_metadata_credentials{{.allow_version_1 = true}}));
    CHECK_FALSE(w.server.sent().back().fields.contains("x-aws-ec2-metadata-token"));
  }
  w.server.answer(400);
  CHECK(w.message(auth::instance_metadata_credentials{{.allow_version_1 = true}}) == service + " gave no token (status 400)");
}

TEST_CASE("a machine without the service learns it within a second, and asks again after a minute", "[auth]") {
  test::provider_world w;
  const auth::instance_metadata_credentials from{environment{}};
  w.server.hang();
  const auto start = w.shared.now().steady;
  const auto none = w.fetch(from);
  REQUIRE_FALSE(none);
  CHECK(auth::is_none_here(none.error()));
  CHECK(w.shared.now().steady - start == 1s);
  CHECK(auth::is_none_here(w.fetch(from).error()));
  CHECK(w.shared.now().steady - start == 1s);
  w.shared.clock.advance(1min);
  w.server.refuse(error_kind::connect);
  CHECK(auth::is_none_here(w.fetch(from).error()));
  CHECK(w.server.left() == 0);
}

TEST_CASE("what the service answers instead is told", "[auth]") {
  test::provider_world w;
  const auto row = [&](const char* body, const std::string& becomes) {
    w.server.answer(200, {}, "TOKEN").answer(200, {}, "role").answer(200, {}, body);
    CHECK(w.message(auth::instance_metadata_credentials{environment{}}) == becomes);
  };
  row(R"({"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"})",
      service + " gave no credentials: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role");
  row(R"({"Code": "Success", "AccessKeyId": "A"})", service + " gave no SecretAccessKey");
  row("<html>", service + " did not give a JSON object");
  row("", service + " did not give a JSON object");
  w.server.answer(200, {}, "");
  CHECK(w.message(auth::instance_metadata_credentials{environment{}}) == service + " gave something else than a token");
  w.server.answer(200, {}, "TOKEN").answer(500);
  CHECK(w.message(auth::instance_metadata_credentials{environment{}}) == service + " did not name the instance's role (status 500)");
  w.server.answer(200, {}, "TOKEN").answer(302, {{"Location", "http://elsewhere/"}});
  CHECK(w.message(auth::instance_metadata_credentials{environment{}}) == service + " did not name the instance's role (status 302)");
  w.server.answer(200, {}, "TOKEN").answer(200, {}, std::string(10 << 20, 'x'));
  CHECK(w.fetch(auth::instance_metadata_credentials{environment{}}).error().kind == error_kind::too_large);
}

TEST_CASE("the metadata service's variables", "[auth]") {
  const auto read = [](const environment& e) { return auth::instance_metadata_options::from_environment(e); };
  CHECK(read({})->endpoint == "http://169.254.169.254");
  CHECK(read({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6"}})->endpoint == "http://[fd00:ec2::254]");
  CHECK(read({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1/"}})->endpoint ==
        "http://127.0.0.1:1");
  CHECK(read({{"AWS_METADATA_SERVICE_TIMEOUT", "2.5"}, {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"}})->limit == 2500ms);
  CHECK(read({{"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"}})->attempts == 3);
  for (const char* const name : {"AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                 "AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"}) {
    const auto wrong = read({{name, "perhaps"}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == error_kind::configuration);
    CHECK(wrong.error().message.find(name) != std::string::npos);
  }

  test::provider_world w;
  const auto disabled = w.fetch(auth::instance_metadata_credentials{environment{{"AWS_EC2_METADATA_DISABLED", "true"}}});
  CHECK(auth::is_none_here(disabled.error()));
  CHECK(w.fetch(auth::instance_metadata_credentials{environment{{"AWS_EC2_METADATA_DISABLED", "perhaps"}}}).error().kind ==
        error_kind::configuration);
  CHECK(w.server.sent().empty());
}
