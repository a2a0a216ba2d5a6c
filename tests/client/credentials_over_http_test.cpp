// Does a client find its credentials over real connections, and then use them? One server on loopback plays all services, and S3.
#include <fstream>
#include <map>
#include <string>

#include <s3store/auth/default_credentials.hpp>
#include <s3store/client/client.hpp>
#include <s3store/operations/object.hpp>

#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using testing_support::peer;

namespace {

std::string role_keys(const std::string& action, const std::string& key) {
  return "<R><" + action + "Result><Credentials><AccessKeyId>" + key + "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
         "<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></" + action + "Result></R>";
}
const std::string document = R"({"Code": "Success", "AccessKeyId": "DOC", "SecretAccessKey": "s", "Token": "t", "Expiration": "2100-01-01T00:00:00Z"})";

/// What a request that begins so is answered with.
const std::map<std::string, std::string> answers{
    {"GET /container ", document},
    {"PUT /latest/api/token ", "METADATA-TOKEN"},
    {"GET /latest/meta-data/iam/security-credentials-extended/ ", "role"},
    {"GET /latest/meta-data/iam/security-credentials-extended/role ", document},
    {"GET /federation/credentials?role_name=r&account_id=1 ",
     R"({"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4102444800000}})"},
    {"GET /b-1/k ", "hello"},
};
void play(peer& p) {
  while (const auto request = p.read_request()) {
    std::string body;
    if (request->starts_with("POST / "))
      body = request->find("Action=AssumeRoleWithWebIdentity") != std::string::npos ? role_keys("AssumeRoleWithWebIdentity", "WEB") : role_keys("AssumeRole", "ROLE");
    for (const auto& [begin, answer] : answers)
      if (request->starts_with(begin)) body = answer;
    p.write(std::string(body.empty() ? "HTTP/1.1 404 Not Found" : "HTTP/1.1 200 OK") + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
}

struct surroundings {
  testing_support::raw_server<void (*)(peer&), peer> server{play};
  testing_support::scratch_folder folder{};
  environment variables{{"HOME", folder.path()}, {"AWS_CONFIG_FILE", folder.path() + "/config"}};
  void config(const std::string& text) const { std::ofstream{folder.path() + "/config"} << text; }
  void token(const std::string& name, const std::string& text) const { std::ofstream{folder.path() + "/" + name} << text; }

  /// The key that a GET was signed with.
  std::string key_used() {
    const client s3{{.endpoint = server.url(""), .credentials = auth::default_credentials{variables}}};
    const auto got = s3.get_object({.bucket = "b-1", .key = "k"});
    INFO((got ? std::string{} : got.error().describe()));
    REQUIRE(got);
    CHECK(got->body == "hello");
    const std::string last = server.requests().back();
    const auto at = last.find("Credential=") + 11;
    return last.substr(at, last.find('/', at) - at);
  }
};

}  // namespace

TEST_CASE("a container's service gives the credentials", "[client][credentials]") {
  surroundings w;
  w.variables.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", w.server.url("/container"));
  w.variables.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token");
  CHECK(w.key_used() == "DOC");
  CHECK(w.server.requests()[0].find("Authorization: pod-token\r\n") != std::string::npos);
}

TEST_CASE("an instance's service gives the credentials", "[client][credentials]") {
  surroundings w;
  w.variables.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", w.server.url(""));
  CHECK(w.key_used() == "DOC");
  CHECK(w.server.requests()[1].find("x-aws-ec2-metadata-token: METADATA-TOKEN\r\n") != std::string::npos);
}

TEST_CASE("a role of a profile, a web identity, a login and a program give the credentials", "[client][credentials]") {
  surroundings w;
  w.variables.set("AWS_ENDPOINT_URL", w.server.url(""));
  SECTION("role") {
    w.config("[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n");
    CHECK(w.key_used() == "ROLE");
    CHECK(w.server.requests()[0].find("Credential=BASE/") != std::string::npos);
  }
  SECTION("web identity") {
    w.token("token", "identity");
    w.variables.set("AWS_WEB_IDENTITY_TOKEN_FILE", w.folder.path() + "/token");
    w.variables.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/w");
    CHECK(w.key_used() == "WEB");
    CHECK(w.server.requests()[0].find("WebIdentityToken=identity") != std::string::npos);
  }
  SECTION("SSO") {
    w.config("[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = eu-west-1\nsso_start_url = u\n");
    for (const char* const part : {"/.aws", "/.aws/sso", "/.aws/sso/cache"}) REQUIRE(::mkdir((w.folder.path() + part).c_str(), 0700) == 0);
    w.token(".aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json", R"({"accessToken": "sso-token", "expiresAt": "2100-01-01T00:00:00Z"})");  // SHA-1 of "s"
    CHECK(w.key_used() == "SSO");
    CHECK(w.server.requests()[0].find("x-amz-sso_bearer_token: sso-token\r\n") != std::string::npos);
  }
  SECTION("program") {
    w.config("[default]\ncredential_process = /bin/sh -c 'echo \"$0\"' '{\"Version\":1,\"AccessKeyId\":\"PROGRAM\",\"SecretAccessKey\":\"s\"}'\n");
    CHECK(w.key_used() == "PROGRAM");
  }
}

TEST_CASE("a container's service that sends elsewhere is not followed, and one that is not the host's gets nothing", "[client][credentials]") {
  testing_support::raw_server foreign{[](peer& p) { while (p.read_request()) p.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); }};
  testing_support::raw_server redirecting{[&](peer& p) {
    while (p.read_request()) p.write("HTTP/1.1 302 Found\r\nLocation: " + foreign.url("/container") + "\r\nContent-Length: 0\r\n\r\n");
  }};
  const client s3{{.endpoint = foreign.url(""), .credentials = auth::container_credentials{environment{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", redirecting.url("/")},
                                                                                                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token"}}}}};
  const auto got = s3.get_object({.bucket = "b-1", .key = "k"});
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == error_kind::credentials);
  CHECK(foreign.requests().empty());
}
