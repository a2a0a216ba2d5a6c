// What does STS get, and what becomes of its answers?
#include <s3store/auth/assume_role.hpp>

#include <fstream>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/container.hpp>
#include <s3store/auth/environment.hpp>

#include "support/provider_world.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
const auth::provider base{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok"};

std::string given(const std::string& action, const std::string& expiration = "2013-05-24T01:00:00Z") {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/me</Arn>"
         "</AssumedRoleUser><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey><SessionToken>t&amp;u"
         "</SessionToken><Expiration>" +
         expiration + "</Expiration></Credentials></" + action + "Result></" + action + "Response>";
}
std::string refusal(const std::string& code, const std::string& message) {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" +
         message + "</Message></Error><RequestId>1</RequestId></ErrorResponse>";
}
}  // namespace

TEST_CASE("a role is asked for with all that was said, and signed as botocore signs it", "[auth][sts]") {
  test::provider_world w;
  w.server.answer(200, {}, given("AssumeRole"));
  const auto got = w.fetch(auth::assume_role_credentials{base,
                                                         {.role_arn = "arn:aws:iam::123456789012:role/r",
                                                          .role_session_name = "me",
                                                          .external_id = "x+y",
                                                          .duration = 900s,
                                                          .policy = "{}",
                                                          .policy_arns = {"arn:aws:iam::aws:policy/a", "b"},
                                                          .mfa_serial = "dev",
                                                          .mfa_token = [](const std::string& serial) -> result<std::string> {
                                                            return std::string(serial == "dev" ? "123456" : "other");
                                                          }},
                                                         {.region = "eu-central-1"}});
  REQUIRE(got);
  CHECK(got->access_key_id == "ASIA");
  CHECK(got->secret_access_key.reveal() == "s/+=");
  CHECK(got->session_token.reveal() == "t&u");
  CHECK(got->expires == parse_iso8601("2013-05-24T01:00:00Z"));
  CHECK(got->account_id == "123456789012");
  CHECK(w.sent(0) == "POST https://sts.eu-central-1.amazonaws.com/");
  const auto sent = w.server.sent()[0];
  CHECK(sent.body ==
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr&RoleSessionName=me&ExternalId=x%2By"
        "&DurationSeconds=900&Policy=%7B%7D&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fa&PolicyArns.member.2.arn=b"
        "&SerialNumber=dev&TokenCode=123456");
  // By botocore's SigV4Auth(Credentials(the three texts of `base`), "sts", "eu-central-1").add_auth(AWSRequest("POST", the URL, data=the body,
  // headers=Accept, Content-Type and X-Amz-Content-SHA256, the body's hash)), with botocore.auth.get_current_datetime at 2013-05-24.
  CHECK(sent.fields.get("authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20130524/eu-central-1/sts/aws4_request, SignedHeaders=accept;content-type;host;"
        "x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=e70a014ab62af7cc9b7ba69212406929146b85c8be1f03a859bdcc54acc1e30c");
}

TEST_CASE("what was not said is not sent, and a session has a name", "[auth][sts]") {
  test::provider_world w;
  w.server.answer(200, {}, given("AssumeRole"));
  CHECK(w.fetch(auth::assume_role_credentials{base, {}, {.url = "http://minio:9000"}}));
  CHECK(w.sent(0) == "POST http://minio:9000/");
  CHECK(w.server.sent()[0].body == "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s3store-session-1369353600");
}

TEST_CASE("a session has tags, and one may have no value", "[auth][sts]") {
  test::provider_world w;
  w.server.answer(200, {}, given("AssumeRole"));
  const auth::assume_role_credentials from{
      base, {.role_session_name = "me", .tags = {{"team", "a&b"}, {"empty", ""}}, .transitive_tag_keys = {"team"}}, {.url = "http://sts"}};
  CHECK(w.fetch(from));
  CHECK(w.server.sent()[0].body ==
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&Tags.member.1.Key=team&Tags.member.1.Value=a%26b&Tags.member.2.Key=empty"
        "&Tags.member.2.Value=&TransitiveTagKeys.member.1=team");
}

TEST_CASE("STS is where the region is", "[auth][sts]") {
  CHECK(auth::sts_endpoint{}.address() == "https://sts.us-east-1.amazonaws.com/");
  CHECK(auth::sts_endpoint{.region = "cn-north-1"}.address() == "https://sts.cn-north-1.amazonaws.com.cn/");
  CHECK(auth::sts_endpoint{.region = "us-gov-west-1"}.address() == "https://sts.us-gov-west-1.amazonaws.com/");
  CHECK(auth::sts_endpoint{.region = "aws-global"}.address() == "https://sts.amazonaws.com/");
  CHECK(auth::sts_endpoint{.region = "aws-global"}.signing_region() == "us-east-1");
  CHECK(auth::sts_endpoint{.url = "http://x", .region = "r"}.address() == "http://x");
}

TEST_CASE("STS is where botocore finds it", "[auth][sts]") {
  struct row {
    const char* region{};
    const char* mode{};
    const char* url{};
    const char* address{};
    const char* signed_for{};
  };
  // Where a request of botocore's client for STS goes, and the region in its signature, for each region and mode.
  for (const row& r : {row{"eu-central-1", "", "", "https://sts.eu-central-1.amazonaws.com/", "eu-central-1"},
                       row{"eu-central-1", "regional", "", "https://sts.eu-central-1.amazonaws.com/", "eu-central-1"},
                       row{"eu-central-1", "Legacy", "", "https://sts.amazonaws.com/", "us-east-1"},
                       row{"us-east-1", "legacy", "", "https://sts.amazonaws.com/", "us-east-1"},
                       row{"us-east-1", "", "", "https://sts.us-east-1.amazonaws.com/", "us-east-1"},
                       row{"af-south-1", "legacy", "", "https://sts.af-south-1.amazonaws.com/", "af-south-1"},
                       row{"eu-south-1", "legacy", "", "https://sts.eu-south-1.amazonaws.com/", "eu-south-1"},
                       row{"aws-global", "", "", "https://sts.amazonaws.com/", "us-east-1"},
                       row{"aws-global", "legacy", "", "https://sts.amazonaws.com/", "us-east-1"},
                       row{"cn-north-1", "legacy", "", "https://sts.cn-north-1.amazonaws.com.cn/", "cn-north-1"},
                       row{"us-gov-west-1", "legacy", "", "https://sts.us-gov-west-1.amazonaws.com/", "us-gov-west-1"},
                       row{"us-iso-east-1", "", "", "https://sts.us-iso-east-1.c2s.ic.gov/", "us-iso-east-1"},
                       row{"us-isob-east-1", "", "", "https://sts.us-isob-east-1.sc2s.sgov.gov/", "us-isob-east-1"},
                       row{"us-isof-south-1", "", "", "https://sts.us-isof-south-1.csp.hci.ic.gov/", "us-isof-south-1"},
                       row{"eu-isoe-west-1", "", "", "https://sts.eu-isoe-west-1.cloud.adc-e.uk/", "eu-isoe-west-1"},
                       row{"eusc-de-east-1", "", "", "https://sts.eusc-de-east-1.amazonaws.eu/", "eusc-de-east-1"},
                       row{"eu-central-1", "legacy", "http://minio:9000/", "http://minio:9000", "eu-central-1"},
                       row{"local", "", "http://minio:9000", "http://minio:9000", "local"},
                       row{"", "", "", "https://sts.amazonaws.com/", "us-east-1"}}) {
    CAPTURE(r.region, r.mode, r.url);
    const auto at = auth::sts_endpoint::from_environment(
        {{"AWS_REGION", r.region}, {"AWS_STS_REGIONAL_ENDPOINTS", r.mode}, {"AWS_ENDPOINT_URL_STS", r.url}});
    REQUIRE(at);
    CHECK(at->address() == r.address);
    CHECK(at->signing_region() == r.signed_for);
  }
  const auto url = [](const environment& e) { return auth::sts_endpoint::from_environment(e)->url; };
  CHECK(url({{"AWS_ENDPOINT_URL", "http://all"}}) == "http://all");
  CHECK(url({{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_STS", "http://sts"}}) == "http://sts");
  CHECK(url({{"AWS_ENDPOINT_URL_STS", "http://sts"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}).empty());
  CHECK(auth::sts_endpoint::from_environment({{"AWS_REGION", "a"}, {"AWS_DEFAULT_REGION", "b"}})->region == "a");
  CHECK(auth::sts_endpoint::from_environment({{"AWS_DEFAULT_REGION", "b"}})->region == "b");
  CHECK(auth::sts_endpoint::from_environment({{"AWS_STS_REGIONAL_ENDPOINTS", "global"}}).error().message ==
        "the environment variable AWS_STS_REGIONAL_ENDPOINTS must be regional or legacy, and is \"global\"");
}

TEST_CASE("what is no region does not become part of a host that gets a token", "[auth][sts]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  std::ofstream{folder.path() + "/token"} << "token";
  for (const char* const region : {"evil.example/", "evil.example", "a:b@c", "a b", "", "-a", "a\r\nb"}) {
    CAPTURE(region);
    const auth::sts_endpoint at{.region = region};
    const auto by_token = w.fetch(auth::web_identity_credentials{folder.path() + "/token", {.role_arn = "r"}, at});
    REQUIRE(!by_token);
    CHECK(by_token.error().kind == error_kind::configuration);
    CHECK(by_token.error().message == "\"" + detail::printable(region) + "\" is no region of AWS's, and cannot be part of the address of STS");
    CHECK(w.fetch(auth::assume_role_credentials{base, {.role_arn = "r"}, at}).error().kind == error_kind::configuration);
  }
  CHECK(w.server.tried() == 0);
}

TEST_CASE("keys that another service gives are asked for first", "[auth][sts]") {
  test::provider_world w;
  const auth::container_credentials from{environment{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}};
  SECTION("and used") {
    w.server.answer(200, {}, R"({"AccessKeyId": "OF-ECS", "SecretAccessKey": "s"})").answer(200, {}, given("AssumeRole"));
    const auth::assume_role_credentials role{from, {.role_arn = "r"}};
    REQUIRE(w.fetch(role));
    CHECK(w.sent(0) == "GET http://169.254.170.2/x");
    CHECK(w.server.sent()[1].fields.get("authorization")->find("Credential=OF-ECS/") != std::string::npos);
  }
  SECTION("and those of a role may be used for another role") {
    w.server.answer(200, {}, given("AssumeRole")).answer(200, {}, given("AssumeRole"));
    CHECK(w.fetch(auth::assume_role_credentials{auth::assume_role_credentials{base, {.role_arn = "first"}}, {.role_arn = "second"}}));
    CHECK(w.server.sent()[0].body.find("RoleArn=first") != std::string::npos);
    CHECK(w.server.sent()[1].body.find("RoleArn=second") != std::string::npos);
    CHECK(w.server.sent()[1].fields.get("authorization")->find("Credential=ASIA/") != std::string::npos);
  }
  SECTION("or there are none, and STS is not asked") {
    w.server.answer(403, {}, "");
    CHECK(w.message(auth::assume_role_credentials{from, {.role_arn = "r"}}) ==
          "the credentials service of the container's host answered with status 403");
    CHECK(w.server.sent().size() == 1);
  }
}

TEST_CASE("a device needs somebody who is asked for its token", "[auth][sts]") {
  test::provider_world w;
  const auto fails = [&](auth::mfa_prompt ask) {
    return w.fetch(auth::assume_role_credentials{base, {.role_arn = "r", .mfa_serial = "dev", .mfa_token = std::move(ask)}}).error();
  };
  const error nobody = fails({});
  CHECK(nobody.kind == error_kind::configuration);
  CHECK(nobody.message.find("mfa_serial") != std::string::npos);
  CHECK(fails([](const std::string&) { return detail::fail(error_kind::cancelled, "no, thanks"); }).message == "no, thanks");
  CHECK(w.server.sent().empty());
}

TEST_CASE("a token's file is read anew each time, and nothing is signed", "[auth][sts]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  const std::string file = folder.path() + "/token";
  const auth::web_identity_credentials from{file, {.role_arn = "r", .role_session_name = "me"}};
  CHECK(w.message(from) == "the web identity token file " + file + " is not there");
  std::ofstream{file} << "\n";
  CHECK(w.message(from) == "the web identity token file " + file + " is empty");
  for (const char* const token : {"first", "second\n"}) {
    std::ofstream{file} << token;
    w.server.answer(200, {}, given("AssumeRoleWithWebIdentity"));
    CHECK(w.fetch(from)->access_key_id == "ASIA");
  }
  CHECK(w.server.sent()[0].body == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r&RoleSessionName=me&WebIdentityToken=first");
  CHECK(w.server.sent()[1].body.ends_with("WebIdentityToken=second"));
  CHECK_FALSE(w.server.sent()[0].fields.get("authorization"));
}

TEST_CASE("variables name a token's file and its role", "[auth][sts]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  const std::string file = folder.path() + "/token";
  std::ofstream{file} << "tok/en";
  environment e;
  const auto from = [&e] { return auth::web_identity_credentials{e}; };
  SECTION("and nobody is asked without them") {
    CHECK(auth::is_none_here(w.fetch(from()).error()));
    e.set("AWS_WEB_IDENTITY_TOKEN_FILE", "");
    e.set("AWS_ROLE_ARN", "r");
    CHECK(auth::is_none_here(w.fetch(from()).error()));
    e.set("AWS_WEB_IDENTITY_TOKEN_FILE", file);
    e.set("AWS_ROLE_ARN", "");
    const error no_role = w.fetch(from()).error();
    CHECK(no_role.kind == error_kind::configuration);
    CHECK(no_role.message == "there is AWS_WEB_IDENTITY_TOKEN_FILE, and no AWS_ROLE_ARN says which role its token is for");
    e.set("AWS_ROLE_ARN", "r");
    e.set("AWS_STS_REGIONAL_ENDPOINTS", "no");
    CHECK(w.fetch(from()).error().kind == error_kind::configuration);
    e.set("AWS_STS_REGIONAL_ENDPOINTS", "");
    e.set("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent");
    CHECK(w.message(from()) == "the web identity token file /nonexistent is not there");
    CHECK(w.server.tried() == 0);
  }
  SECTION("for the STS of the region") {
    e.set("AWS_WEB_IDENTITY_TOKEN_FILE", file);
    e.set("AWS_ROLE_ARN", "arn:r");
    e.set("AWS_ROLE_SESSION_NAME", "pod");
    e.set("AWS_REGION", "eu-west-1");
    w.server.answer(200, {}, given("AssumeRoleWithWebIdentity")).answer(200, {}, given("AssumeRoleWithWebIdentity"));
    const auto got = w.fetch(from());
    REQUIRE(got);
    CHECK(got->account_id == "123456789012");
    CHECK(w.sent(0) == "POST https://sts.eu-west-1.amazonaws.com/");
    CHECK(w.server.sent()[0].body ==
          "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=pod&WebIdentityToken=tok%2Fen");
    CHECK(w.server.sent()[0].fields.get("content-type") == "application/x-www-form-urlencoded; charset=utf-8");
    CHECK(w.fetch(auth::credentials_chain{auth::environment_credentials{environment{}}, from()}));  // and in a chain of one's own
  }
}

TEST_CASE("a client certificate is enough for MinIO", "[auth][sts]") {
  test::provider_world w;
  w.server.answer(200, {}, given("AssumeRoleWithCertificate"));
  auth::sts_endpoint at{.url = "https://minio:9000"};
  at.rules.client_certificate = "/me.pem";
  const auth::certificate_credentials from{at, 1h};
  {
    auto machine = from.fetch();
    const auto step = machine.next({});
    REQUIRE(std::get<sans_io::send>(step).what.rules);
    CHECK(std::get<sans_io::send>(step).what.rules->client_certificate == "/me.pem");
  }
  CHECK(w.fetch(from)->access_key_id == "ASIA");
  // tests/live/roles_test.cpp has it from a real one, which does not take a form.
  CHECK(w.sent(0) == "POST https://minio:9000/?Action=AssumeRoleWithCertificate&Version=2011-06-15&DurationSeconds=3600");
  CHECK(w.server.sent()[0].body.empty());
  CHECK_FALSE(w.server.sent()[0].fields.get("authorization"));
}

namespace {
/// Each of the providers, with the name of what it asks for.
struct asking {
  std::string action{};
  auth::provider from{};
};
std::vector<asking> each_provider(const std::string& token_file) {
  return {{"AssumeRole", auth::assume_role_credentials{base, {.role_arn = "r"}}},
          {"AssumeRoleWithWebIdentity", auth::web_identity_credentials{token_file, {.role_arn = "r"}}},
          {"AssumeRoleWithCertificate", auth::certificate_credentials{{.url = "https://minio"}}}};
}
}  // namespace

TEST_CASE("an STS that fails is named, with its reason", "[auth][sts]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  std::ofstream{folder.path() + "/token"} << "token";
  for (const auto& one : each_provider(folder.path() + "/token")) {
    const auto& action = one.action;
    const auto& from = one.from;
    CAPTURE(action);
    const auto row = [&](int status, std::string body, const std::string& becomes, std::size_t attempts = 1) {
      CAPTURE(status, body.substr(0, 100));
      const std::size_t before = w.server.tried();
      for (std::size_t i = 0; i != attempts; ++i) w.server.answer(status, {{"Location", "https://evil.example/"}}, body);
      const auto got = w.fetch(from);
      REQUIRE(!got);
      CHECK(got.error().message == becomes);
      if (status != 200) CHECK(got.error().kind == error_kind::credentials);
      CHECK(w.server.tried() == before + attempts);
      CHECK(w.server.left() == 0);
    };
    const std::string refused = "STS refused " + action;
    row(403, refusal("AccessDenied", "User: a is not\nallowed"), refused + ": AccessDenied: User: a is not\\nallowed (status 403)");
    row(400, refusal("ExpiredToken", "old"), refused + ": ExpiredToken: old (status 400)");
    row(400, refusal("InvalidIdentityToken", "no"), refused + ": InvalidIdentityToken: no (status 400)");
    row(400, refusal("X", std::string(600, 'y')), refused + ": X: " + std::string(500, 'y') + "... (100 more bytes) (status 400)");
    row(400, refusal("Throttling", "slowly"), refused + ": Throttling: slowly (status 400)", 3);
    row(400, refusal("ThrottlingException", "slowly"), refused + ": ThrottlingException: slowly (status 400)", 3);
    row(400, refusal("RequestLimitExceeded", "slowly"), refused + ": RequestLimitExceeded: slowly (status 400)", 3);
    row(403, refusal("TooManyRequestsException", "slowly"), refused + ": TooManyRequestsException: slowly (status 403)", 3);
    row(400, refusal("IDPCommunicationError", "gone"), refused + ": IDPCommunicationError: gone (status 400)", 3);
    row(400, refusal("ThrottlingUnheardOf", "x"), refused + ": ThrottlingUnheardOf: x (status 400)");
    row(400, "<Code>", refused + " (status 400)");
    row(404, "", refused + " (status 404)");
    row(429, "", refused + " (status 429)", 3);
    row(500, "<html>", refused + " (status 500)", 3);
    row(503, refusal("ServiceUnavailable", "x"), refused + ": ServiceUnavailable: x (status 503)", 3);
    row(302, "", refused + " (status 302)");  // and nothing is sent elsewhere
    row(307, refusal("TemporaryRedirect", "there"), refused + ": TemporaryRedirect: there (status 307)");
    row(204, "", refused + " (status 204)");
    row(200, "", "STS gave something else than credentials");
    row(200, "<" + action + "Response>", "STS gave something else than credentials");
    row(200, given(action).substr(0, 400), "STS gave something else than credentials");
    row(200, "{}", "STS gave something else than credentials");
    row(200, refusal("AccessDenied", "no"), "STS gave something else than credentials");
    row(200, given("GetSessionToken"), "STS gave something else than credentials");
    row(200, "<R><" + action + "Result><Credentials><AccessKeyId>A</AccessKeyId></Credentials></" + action + "Result></R>",
        "STS gave credentials without a key");
    row(200, given(action, "soon"), "STS gave credentials without the time at which they expire");
    row(200, given(action, "2013-05-24T00:00:00Z"), "STS gave credentials that have expired");
    row(200, std::string(10 << 20, 'x'), "the answer is longer than the 1048576 bytes accepted");

    const auto fails_as = [&](error_kind kind) {
      CHECK(w.fetch(from).error().kind == kind);
      CHECK(w.server.left() == 0);
    };
    w.server.refuse(error_kind::connect).refuse(error_kind::connect).refuse(error_kind::connect);
    fails_as(error_kind::connect);
    w.server.lose().lose().lose();
    fails_as(error_kind::connection_lost);
    w.server.hang().hang().hang();
    fails_as(error_kind::timeout);
    w.server.refuse(error_kind::tls);
    fails_as(error_kind::tls);
  }
}

TEST_CASE("credentials that expire at this very moment have expired", "[auth][sts]") {
  test::provider_world w;
  const auth::assume_role_credentials from{base, {.role_arn = "r"}};
  REQUIRE(w.shared.now().wall == parse_iso8601("2013-05-24T00:00:00Z"));
  w.server.answer(200, {}, given("AssumeRole", "2013-05-24T00:00:00Z")).answer(200, {}, given("AssumeRole", "2013-05-24T00:00:01Z"));
  CHECK(w.message(from) == "STS gave credentials that have expired");
  CHECK(w.fetch(from));
}

TEST_CASE("an address that is none is not asked, and not repeated", "[auth][sts]") {
  test::provider_world w;
  for (const char* const url : {"ftp://password", "http://user:password@sts", "http://sts/?password", "password"}) {
    CAPTURE(url);
    const auto got = w.fetch(auth::assume_role_credentials{base, {}, {.url = url}});
    REQUIRE(!got);
    CHECK(got.error().kind == error_kind::configuration);
    CHECK(got.error().message.find("the address of STS is none: ") == 0);
    CHECK(got.error().message.find("password@") == std::string::npos);
    CHECK(got.error().message.find("?password") == std::string::npos);
    CHECK(got.error().message.find("ftp://") == std::string::npos);
  }
  CHECK(w.server.tried() == 0);
}

TEST_CASE("what passes is waited for, longer each time", "[auth][sts]") {
  test::provider_world w;
  const testing_support::scratch_folder folder;
  std::ofstream{folder.path() + "/token"} << "token";
  std::size_t n = 0;
  for (const auto& [action, from] : each_provider(folder.path() + "/token")) {
    CAPTURE(action);
    w.server.answer(503).lose().answer(200, {}, given(action));
    CHECK(w.fetch(from));
    w.server.cut(200, {}, given(action), 100).answer(400, {}, refusal("IDPCommunicationError", "x")).answer(200, {}, given(action));
    CHECK(w.fetch(from));
    CHECK(w.sent(n) == w.sent(n + 2));  // and says the same again
    CHECK(w.server.sent()[n].body == w.server.sent()[n + 2].body);
    n += 6;
  }
  const std::vector<duration> twice{250ms, 500ms, 250ms, 500ms};
  std::vector<duration> all;
  for (int i = 0; i != 3; ++i) all.insert(all.end(), twice.begin(), twice.end());
  CHECK(w.sleeper.waits() == all);
}

TEST_CASE("a refusal that repeats secrets tells none", "[auth][sts]") {
  test::provider_world w;
  const std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJH";
  // So does AWS where a signature does not match.
  const std::string why = "The Canonical String for this request should have been 'POST\n/\n\nx-amz-security-token:" + token + "\n'";
  const auth::assume_role_credentials by_keys{{"AKID", secret_string{secret}, secret_string{token}}, {.role_arn = "r"}};
  w.server.answer(403, {}, refusal("SignatureDoesNotMatch", why)).answer(403, {}, refusal(token, std::string(480, ' ') + token + secret));
  CHECK(w.message(by_keys) ==
        "STS refused AssumeRole: SignatureDoesNotMatch: The Canonical String for this request should have been "
        "'POST\\n/\\n\\nx-amz-security-token:[masked]\\n' (status 403)");
  const std::string both = w.message(by_keys);
  CHECK(both.find("[masked]") != std::string::npos);
  CHECK(both.find(token.substr(0, 8)) == std::string::npos);
  CHECK(both.find(secret.substr(0, 8)) == std::string::npos);

  const testing_support::scratch_folder folder;
  std::ofstream{folder.path() + "/token"} << "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl\n";
  w.server.answer(400, {}, refusal("InvalidIdentityToken", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl is bad"));
  CHECK(w.message(auth::web_identity_credentials{folder.path() + "/token", {.role_arn = "r"}}) ==
        "STS refused AssumeRoleWithWebIdentity: InvalidIdentityToken: [masked] is bad (status 400)");
}
