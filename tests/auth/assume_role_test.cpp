// What does STS get, and what becomes of its answers?
#include <s3store/auth/assume_role.hpp>

#include <fstream>

#include <s3store/auth/container.hpp>

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
                                                          .mfa_token = [](const std::string& serial) { return serial != "dev" ? result<std::string>{"other"} : result<std::string>{"123456"}; }},
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
  // By botocore's SigV4Auth("sts", "eu-central-1"), of the same request at the same time.
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

TEST_CASE("STS is where the region is", "[auth][sts]") {
  CHECK(auth::sts_endpoint{}.address() == "https://sts.us-east-1.amazonaws.com/");
  CHECK(auth::sts_endpoint{.region = "cn-north-1"}.address() == "https://sts.cn-north-1.amazonaws.com.cn/");
  CHECK(auth::sts_endpoint{.region = "us-gov-west-1"}.address() == "https://sts.us-gov-west-1.amazonaws.com/");
  CHECK(auth::sts_endpoint{.url = "http://x", .region = "r"}.address() == "http://x");
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
  CHECK(w.server.sent()[0].body == "Action=AssumeRoleWithCertificate&Version=2011-06-15&DurationSeconds=3600");
  CHECK_FALSE(w.server.sent()[0].fields.get("authorization"));
}

TEST_CASE("an STS that fails is named, with its reason", "[auth][sts]") {
  test::provider_world w;
  const auth::assume_role_credentials from{base, {.role_arn = "r"}};
  const auto row = [&](int status, std::string body, const std::string& becomes, int attempts = 1) {
    CAPTURE(status, body.substr(0, 100));
    for (int i = 0; i != attempts; ++i) w.server.answer(status, {}, body);
    CHECK(w.message(from) == becomes);
    CHECK(w.server.left() == 0);
  };
  const std::string refused = "STS refused AssumeRole";
  row(403, refusal("AccessDenied", "User: a is not\nallowed"), refused + ": AccessDenied: User: a is not\\nallowed (status 403)");
  row(400, refusal("ExpiredToken", "old"), refused + ": ExpiredToken: old (status 400)");
  row(400, refusal("Throttling", "slowly"), refused + ": Throttling: slowly (status 400)", 3);
  row(400, refusal("IDPCommunicationError", "gone"), refused + ": IDPCommunicationError: gone (status 400)", 3);
  row(404, "", refused + " (status 404)");
  row(500, "<html>", refused + " (status 500)", 3);
  row(302, "", refused + " (status 302)");
  row(200, "", "STS gave something else than credentials");
  row(200, "<AssumeRoleResponse>", "STS gave something else than credentials");
  row(200, "{}", "STS gave something else than credentials");
  row(200, given("GetSessionToken"), "STS gave something else than credentials");
  row(200, "<R><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId></Credentials></AssumeRoleResult></R>", "STS gave credentials without a key");
  row(200, given("AssumeRole", "soon"), "STS gave credentials without the time at which they expire");
  row(200, given("AssumeRole", "2013-05-24T00:00:00Z"), "STS gave credentials that have expired");
  row(200, std::string(10 << 20, 'x'), "the answer is longer than the 1048576 bytes accepted");
  for (int i = 0; i != 3; ++i) w.server.refuse(error_kind::connect);
  CHECK(w.fetch(from).error().kind == error_kind::connect);
  for (int i = 0; i != 3; ++i) w.server.hang();
  CHECK(w.fetch(from).error().kind == error_kind::timeout);
  CHECK(w.message(auth::assume_role_credentials{base, {}, {.url = "ftp://x"}}).find("the address of STS") == 0);
}
