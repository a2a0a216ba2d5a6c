// Does a container ask the service that its variables name, and nobody else?
#include <s3store/auth/container.hpp>

#include <fstream>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/default_credentials.hpp>

#include "support/provider_world.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;

namespace {
constexpr const char* keys = R"({"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "2100-01-01T00:00:00Z"})";
}

TEST_CASE("the relative URI comes before the full one, and a file with the token before the token", "[auth]") {
  test::provider_world w;
  environment e{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1234/get?x=1"}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "tok"}};
  w.server.answer(200, {}, keys).answer(200, {}, keys).answer(200, {}, keys);
  const auto got = w.fetch(auth::container_credentials{e});
  REQUIRE(got);
  CHECK(got->access_key_id == "A");
  CHECK(got->session_token.reveal() == "t");
  CHECK(got->expires.has_value());
  CHECK(w.sent(0) == "GET http://localhost:1234/get?x=1");
  CHECK(w.server.sent()[0].fields.get("Authorization") == "tok");

  const testing_support::scratch_folder folder;
  const std::string file = folder.path() + "/token";
  e.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/id");
  e.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file);
  const auth::container_credentials from{e};
  for (const char* const token : {"first", "second\n"}) {  // read anew each time
    std::ofstream(file) << token;
    REQUIRE(w.fetch(from));
  }
  CHECK(w.sent(1) == "GET http://169.254.170.2/v2/credentials/id");
  CHECK(w.server.sent()[1].fields.get("Authorization") == "first");
  CHECK(w.server.sent()[2].fields.get("Authorization") == "second");
}

TEST_CASE("a chain passes on what a provider asks of the computer", "[auth]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  const std::string file = folder.path() + "/token";
  std::ofstream(file) << "tok";
  const environment e{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file}};
  w.server.answer(200, {}, keys);
  CHECK(w.fetch(auth::credentials_chain{auth::environment_credentials{environment{}}, auth::container_credentials{e}})->access_key_id == "A");
  CHECK(w.server.sent()[0].fields.get("Authorization") == "tok");
}

TEST_CASE("a container's variables that are absent or wrong send nothing", "[auth]") {
  test::provider_world w;
  const auto failed = [&](const environment& e) { return w.fetch(auth::container_credentials{e}).error(); };
  CHECK(auth::is_none_here(failed({})));
  CHECK(auth::is_none_here(failed({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", ""}})));
  for (const char* const uri : {"localhost/get", "ftp://localhost/", "http://", "http://user:password@localhost/", "http://a b/"}) {
    CAPTURE(uri);
    const error e = failed({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", uri}});
    CHECK(e.kind == error_kind::configuration);
    CHECK(e.message.find("password") == std::string::npos);
  }
  CHECK(failed({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@elsewhere/"}}).kind == error_kind::configuration);
  CHECK(failed({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/"}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nb"}}).message ==
        "the container's authorization token holds a line break");
  CHECK(failed({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/"}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nonexistent"}}).message ==
        "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names is not there");
  CHECK(w.server.sent().empty());
}

TEST_CASE("plain HTTP goes to the services of the host and to loopback only, and never through a proxy", "[auth]") {
  const auto rules = [](const char* uri) {
    auto m = auth::container_credentials{environment{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", uri}}}.fetch();
    const auto step = m.next({});
    const auto* const rule = std::get<sans_io::send>(step).what.rules;
    REQUIRE(rule);
    CHECK(rule->no_proxy);
    return rule->may_send_to;
  };
  const auto plain = rules("http://example.com/");
  REQUIRE(plain);
  for (const char* const right : {"127.0.0.1", "127.1.2.3", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"})
    CHECK(plain(right));
  for (const char* const wrong : {"169.254.169.254", "10.0.0.1", "169.254.170.20", "128.0.0.1", "::2", "fd00:ec2::2", ""})
    CHECK_FALSE(plain(wrong));
  CHECK_FALSE(rules("https://example.com/"));  // any address
}

TEST_CASE("a container's service that repeats the token does not get it into a message", "[auth]") {
  test::provider_world w;
  const environment e{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a-token-that-is-long"}};
  w.server.answer(403, {}, R"({"message": "not a-token-that-is-long"})");
  CHECK(w.message(auth::container_credentials{e}).ends_with("403: not [masked]"));
}

TEST_CASE("a container's service that fails is named, with its reason", "[auth]") {
  test::provider_world w;
  const auth::container_credentials from{environment{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}};
  const std::string service = "the credentials service of the container's host";
  const auto row = [&](int status, std::string body, const std::string& becomes) {
    CAPTURE(status, body.substr(0, 100));
    for (int i = 0; i != (status / 100 == 5 ? 3 : 1); ++i) w.server.answer(status, {}, body);
    CHECK(w.message(from) == becomes);
  };
  row(403, R"({"code": "Denied", "message": "no\nway"})", service + " answered with status 403: Denied: no\\nway");
  row(404, "", service + " answered with status 404");
  row(500, "oops", service + " answered with status 500");
  row(302, "", service + " answered with status 302");
  row(200, "", service + " did not give a JSON object");
  row(200, "{", service + " did not give a JSON object");
  row(200, "[]", service + " did not give a JSON object");
  row(200, R"({"AccessKeyId": "A"})", service + " gave no SecretAccessKey");
  row(200, R"({"AccessKeyId": "A", "SecretAccessKey": "s", "Expiration": "1990-01-01T00:00:00Z"})", service + " gave credentials that have expired");
  row(200, std::string(10 << 20, 'x'), "the answer is longer than the 1048576 bytes accepted");
  w.server.refuse(error_kind::connect).refuse(error_kind::connect).refuse(error_kind::connect);
  CHECK(w.fetch(from).error().kind == error_kind::connect);
  w.server.hang().hang().hang();
  CHECK(w.fetch(from).error().kind == error_kind::timeout);
}
