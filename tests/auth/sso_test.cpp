// Does a login with IAM Identity Center give credentials as long as it lasts, and say what to do when it is over?
#include <s3store/auth/sso.hpp>

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "support/provider_world.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;

namespace {
const std::string keys = R"({"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "s/", "sessionToken": "t", "expiration": 4102444800000}})";

/// Files are named as the AWS CLI names them: by the SHA-1 of the session's name, or of the URL.
struct login : test::provider_world {
  // The clock stands at 2013-05-24T00:00:00Z.
  void leave(const std::string& token, const std::string& name = "0ad374308c5a4e22f723adf10145eafad7c4031c") {
    path = folder.path() + "/" + name + ".json";
    std::ofstream{path} << token;
  }
  std::string left() const {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  auth::sso_credentials from() const {
    return auth::sso_credentials{{.session = "my-sso",
                                  .start_url = "https://d-1.awsapps.com/start",
                                  .region = "eu-west-1",
                                  .account_id = "123456789012",
                                  .role_name = "read only",
                                  .cache_directory = folder.path()}};
  }
  testing_support::scratch_folder folder{};
  std::string path{};
};
std::string token(const std::string& expires, const std::string& registered = "2013-06-01T00:00:00Z") {
  return R"({"startUrl": "https://old/", "accessToken": "TOKEN", "expiresAt": ")" + expires +
         R"(", "clientId": "ID", "clientSecret": "SECRET\u0021", "registrationExpiresAt": ")" + registered +
         R"(", "refreshToken": "REFRESH", "scopes": ["a", {"b": 1}], "n": 1.50})";
}
const std::string ending = "2013-05-24T00:14:59Z", over = "2013-05-23T23:59:59Z";
}  // namespace

TEST_CASE("a valid token is enough", "[auth][sso]") {
  login w;
  w.leave(token("2013-05-24T00:15:01Z"));
  w.server.answer(200, {}, keys);
  const auto got = w.fetch(w.from());
  REQUIRE(got);
  CHECK(got->access_key_id == "A");
  CHECK(got->secret_access_key.reveal() == "s/");
  CHECK(got->session_token.reveal() == "t");
  CHECK(got->expires == parse_iso8601("2100-01-01T00:00:00Z"));
  CHECK(got->account_id == "123456789012");
  CHECK(w.server.sent().size() == 1);
  CHECK(w.sent(0) == "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=read%20only&account_id=123456789012");
  CHECK(w.server.sent()[0].fields.get("x-amz-sso_bearer_token") == "TOKEN");
}

TEST_CASE("a token is refreshed in its last quarter of an hour, and its file keeps the rest", "[auth][sso]") {
  login w;
  const std::string was = GENERATE(as<std::string>{}, "2013-05-24T00:14:59Z", "2013-05-23T23:59:59Z", "2013-05-23T10:00:00UTC");
  w.leave(token(was));
  const bool new_refresh_token = GENERATE(true, false);
  w.server.answer(200, {}, std::string(R"({"accessToken": "NEW\"", "tokenType": "Bearer", "expiresIn": 3600)") +
                               (new_refresh_token ? R"(, "refreshToken": "NEXT"})" : "}"));
  w.server.answer(200, {}, keys);
  REQUIRE(w.fetch(w.from()));
  CHECK(w.sent(0) == "POST https://oidc.eu-west-1.amazonaws.com/token");
  CHECK(w.server.sent()[0].body == R"({"clientId":"ID","clientSecret":"SECRET\u0021","grantType":"refresh_token","refreshToken":"REFRESH"})");
  CHECK(w.server.sent()[0].fields.get("content-type") == "application/json");
  CHECK(w.server.sent()[1].fields.get("x-amz-sso_bearer_token") == "NEW\"");
  CHECK(w.left() == R"({"clientId":"ID","clientSecret":"SECRET\u0021","registrationExpiresAt":"2013-06-01T00:00:00Z","scopes":["a", {"b": 1}],"n":1.50,)"
                    R"("startUrl":"https://d-1.awsapps.com/start","region":"eu-west-1","accessToken":"NEW\"","expiresAt":"2013-05-24T01:00:00Z",)"
                    R"("refreshToken":")" + std::string(new_refresh_token ? "NEXT" : "REFRESH") + "\"}");
  struct stat status {};
  REQUIRE(::stat(w.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a token that cannot be refreshed is used as long as it is valid", "[auth][sso]") {
  login w;
  const bool valid = GENERATE(true, false);
  const std::string expires = valid ? ending : over;
  std::string why = "the token has expired";
  SECTION("its registration has expired") { w.leave(token(expires, over)); }
  SECTION("it has no refresh token") { w.leave(R"({"accessToken": "TOKEN", "expiresAt": ")" + expires + "\"}"); }
  SECTION("the service refuses") {
    w.leave(token(expires));
    w.server.answer(400, {}, R"({"error": "invalid_grant", "error_description": "gone"})");
    why = "the token could not be refreshed (status 400: invalid_grant: gone)";
  }
  SECTION("the service gives something else") {
    w.leave(token(expires));
    w.server.answer(200, {}, GENERATE(as<std::string>{}, "", "[]", R"({"accessToken": "X"})", R"({"accessToken": "X", "expiresIn": -1})"));
    why = "the service that refreshes tokens gave something else";
  }
  const std::string before = w.left();
  w.server.answer(200, {}, keys);
  const auto got = w.fetch(w.from());
  CHECK(got.has_value() == valid);
  if (!valid)
    CHECK(got.error().message == "the login with IAM Identity Center (SSO) is over: " + why + " in " + w.path +
                                     ". Log in with: aws sso login --sso-session my-sso");
  CHECK(w.left() == before);
}

TEST_CASE("the older form has a file named after the URL, and no refresh", "[auth][sso]") {
  login w;
  const auth::sso_credentials from{{.start_url = "https://d-1.awsapps.com/start", .region = "cn-north-1", .account_id = "1", .role_name = "r"},
                                   environment{{"HOME", w.folder.path()}}};
  ::mkdir((w.folder.path() + "/.aws").c_str(), 0700);
  ::mkdir((w.folder.path() + "/.aws/sso").c_str(), 0700);
  ::mkdir((w.folder.path() + "/.aws/sso/cache").c_str(), 0700);
  w.leave(token(ending), ".aws/sso/cache/0c54b6c27e90660baa89eaad85ac1d5dae26cb7d");
  w.server.answer(200, {}, keys);
  REQUIRE(w.fetch(from));
  CHECK(w.sent(0) == "GET https://portal.sso.cn-north-1.amazonaws.com.cn/federation/credentials?role_name=r&account_id=1");
  std::ofstream{w.path} << token(over);
  CHECK(w.message(from).ends_with(". Log in with: aws sso login"));
}

TEST_CASE("without a token that can be read, the message says how to log in", "[auth][sso]") {
  login w;
  CHECK(w.message(w.from()).find("there is no token in " + w.folder.path()) != std::string::npos);
  for (const char* const text : {"", "{", "[]", "null", R"({"accessToken": "A"})", R"({"accessToken": "A", "expiresAt": "tomorrow"})",
                                 R"({"expiresAt": "2100-01-01T00:00:00Z"})", R"({"accessToken": {"a": "b"}, "expiresAt": "2100-01-01T00:00:00Z"})"}) {
    CAPTURE(text);
    w.leave(text);
    CHECK(w.message(w.from()).find("the token cannot be read in " + w.path + ". Log in with: aws sso login --sso-session my-sso") != std::string::npos);
  }
  CHECK(w.server.sent().empty());
}

TEST_CASE("a region that is none sends no token anywhere", "[auth][sso]") {
  login w;
  w.leave(token("2100-01-01T00:00:00Z"));
  for (const char* const region : {"", "evil.example/", "a b", "x#", "a.b"}) {
    const auth::sso_credentials from{{.session = "my-sso", .start_url = "u", .region = region, .account_id = "1", .role_name = "r", .cache_directory = w.folder.path()}};
    CHECK(w.message(from) == "sso_region must be the name of a region, such as us-east-1, and is something else");
  }
  CHECK(w.server.sent().empty());
}

TEST_CASE("a portal that fails is named, with its reason", "[auth][sso]") {
  login w;
  w.leave(token("2100-01-01T00:00:00Z"));
  const auto row = [&](int status, std::string body, const std::string& becomes, int attempts = 1) {
    CAPTURE(status, body.substr(0, 100));
    for (int i = 0; i != attempts; ++i) w.server.answer(status, {}, body);
    CHECK(w.message(w.from()).starts_with(becomes));
    CHECK(w.server.left() == 0);
  };
  const std::string none = "IAM Identity Center gave no credentials for the role read only of the account 123456789012 (status ";
  const std::string other = "IAM Identity Center gave something else than credentials";
  row(401, R"({"message": "Session token not found or invalid"})", "the login with IAM Identity Center (SSO) is over: the token was refused");
  row(403, R"({"message": "No\naccess"})", none + "403: No\\naccess)");
  w.leave(R"({"accessToken": "a-token-that-is-long", "expiresAt": "2100-01-01T00:00:00Z"})");
  row(403, R"({"message": "a-token-that-is-long is bad"})", none + "403: [masked] is bad)");
  w.leave(token("2100-01-01T00:00:00Z"));
  row(404, "", none + "404)");
  row(429, "", none + "429)", 3);
  row(500, "<html>", none + "500)", 3);
  row(302, "", none + "302)");
  row(200, "", other);
  row(200, "{", other);
  row(200, "[]", other);
  row(200, R"({"roleCredentials": "A"})", other);
  row(200, R"({"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "s"}})", other);
  row(200, R"({"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "s", "expiration": 9999999999999999}})", other);
  row(200, R"({"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "s", "expiration": 1369353600000}})",
      "IAM Identity Center gave credentials that have expired");
  row(200, std::string(10 << 20, 'x'), "the answer is longer than the 1048576 bytes accepted");
  for (int i = 0; i != 3; ++i) w.server.refuse(error_kind::connect);
  CHECK(w.fetch(w.from()).error().kind == error_kind::connect);
  for (int i = 0; i != 3; ++i) w.server.hang();
  CHECK(w.fetch(w.from()).error().kind == error_kind::timeout);
}
