// Does a login with `aws login` give credentials, refreshed with a proof that the service can check, and say what to do when it is over?
#include <s3store/auth/login.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/ecdsa.hpp>
#include <s3store/json/object.hpp>

#include "support/provider_world.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;

namespace {
// Made with `openssl ecparam -name prime256v1 -genkey`, for this test.
const std::string pem =
    "-----BEGIN EC PRIVATE" " KEY-----\\n"
    "MHcCAQEEILlyUJaWB4QTg95b3YEAUH49iX3AIMbSoxgzmqz3wunkoAoGCCqGSM49\\n"
    "AwEHoUQDQgAEHcfJcDwG8eSd5r3otfQ+YVyCy/sycTO24Qv5OZanwmna1eolHtew\\n"
    "7uSfG5H90Ic0xmmTW2+d/rKrpjctIG97vA==\\n"
    "-----END EC PRIVATE" " KEY-----\\n";

/// The clock stands at 2013-05-24T00:00:00Z. The file is named as the AWS CLI names it: by the SHA-256 of the session's name.
struct login : test::provider_world {
  void leave(const std::string& token) const { std::ofstream{path} << token; }
  std::string left() const {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  auth::login_credentials from(std::string region = "eu-central-1") const {
    return auth::login_credentials{{.session = "arn:aws:iam::1:user/me", .region = std::move(region)},
                                   environment{{"AWS_LOGIN_CACHE_DIRECTORY", folder.path()}}};
  }
  testing_support::scratch_folder folder{};
  std::string path{folder.path() + "/da19974a351c10e6ddab0fe8d7b1fb3a289211121e24f211c7eb19ed08e30e3a.json"};
};
std::string token(const std::string& expires, const std::string& more = "", const std::string& key = pem) {
  return R"({"accessToken": {"accessKeyId": "A", "secretAccessKey": "s", "sessionToken": "t", "accountId": "123456789012", "expiresAt": ")" + expires +
         R"("}, "tokenType": "aws_sigv4", "refreshToken": "REFRESH", "clientId": "arn:aws:signin:::devtools/same-device", "dpopKey": ")" + key + "\"" +
         more + "}";
}
const std::string fresh = R"({"accessToken": {"accessKeyId": "B", "secretAccessKey": "s2", "sessionToken": "t2"}, "expiresIn": 900, "refreshToken": "NEXT"})";
const std::string ending = "2013-05-24T00:04:59Z", over = "2013-05-23T23:59:59Z";

std::string of_base64_url(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text.push_back('=');
  const auto out = detail::from_base64(text);
  REQUIRE(out);
  return *out;
}

/// Checks the proof as RFC 9449, section 4.3, tells a server to, and gives its unique identifier.
std::string check_proof(const std::string& proof, const std::string& url) {
  const auto first = proof.find('.'), second = proof.rfind('.');
  REQUIRE((first != std::string::npos && second > first));
  const std::string head = of_base64_url(proof.substr(0, first)), claims = of_base64_url(proof.substr(first + 1, second - first - 1));
  const auto h = json::object::parse(head), c = json::object::parse(claims);
  REQUIRE((h && c));
  CHECK(h->text("typ").reveal() == "dpop+jwt");
  CHECK(h->text("alg").reveal() == "ES256");
  const auto jwk = h->child("jwk");
  CHECK(jwk.text("kty").reveal() == "EC");
  CHECK(jwk.text("crv").reveal() == "P-256");
  const std::string bytes = "\4" + of_base64_url(std::string(jwk.text("x").reveal())) + of_base64_url(std::string(jwk.text("y").reveal()));
  crypto::p256_point point{};
  REQUIRE(bytes.size() == point.size());
  std::copy_n(detail::as_bytes(bytes).begin(), point.size(), point.begin());
  CHECK(detail::hex(point).substr(2, 32) == "1dc7c9703c06f1e49de6bde8b5f43e61");  // the key in `pem`
  const auto key = crypto::p256_public_key::from_point(point);
  REQUIRE(key);
  const std::string raw = of_base64_url(proof.substr(second + 1));
  crypto::p256_signature signature{};
  REQUIRE(raw.size() == signature.size());
  std::copy_n(detail::as_bytes(raw).begin(), signature.size(), signature.begin());
  CHECK(key->verify_raw(crypto::sha256(detail::as_bytes(std::string_view{proof}.substr(0, second))), signature));
  CHECK(c->text("htm").reveal() == "POST");
  CHECK(c->text("htu").reveal() == url);
  CHECK(c->text("iat").reveal() == "1369353600");
  const std::string id{c->text("jti").reveal()};
  CHECK(id.size() == 36);
  CHECK(id[14] == '4');
  return id;
}
}  // namespace

TEST_CASE("credentials that last are those in the file", "[auth][login]") {
  login w;
  w.leave(token("2013-05-24T00:05:01Z"));
  const auto got = w.fetch(w.from());
  REQUIRE(got);
  CHECK(got->access_key_id == "A");
  CHECK(got->secret_access_key.reveal() == "s");
  CHECK(got->session_token.reveal() == "t");
  CHECK(got->account_id == "123456789012");
  CHECK(got->expires == parse_iso8601("2013-05-24T00:05:01Z"));
  CHECK(w.server.sent().empty());
}

TEST_CASE("others are refreshed with a proof, and the file keeps the rest", "[auth][login]") {
  login w;
  const bool own_region = GENERATE(true, false);
  w.leave(token(GENERATE(as<std::string>{}, "2013-05-24T00:04:59Z", "2013-05-23T23:59:59Z"),
                own_region ? R"(, "signInRegion": "us-gov-west-1", "x": [1])" : R"(, "x": [1])"));
  w.server.answer(200, {}, fresh);
  const auto got = w.fetch(w.from());
  REQUIRE(got);
  CHECK(got->access_key_id == "B");
  CHECK(got->account_id == "123456789012");
  CHECK(got->expires == parse_iso8601("2013-05-24T00:15:00Z"));
  const std::string url = own_region ? "https://us-gov-west-1.signin.amazonaws-us-gov.com/v1/token" : "https://eu-central-1.signin.aws.amazon.com/v1/token";
  CHECK(w.sent(0) == "POST " + url);
  const auto sent = w.server.sent()[0];
  CHECK(sent.body == R"({"clientId":"arn:aws:signin:::devtools/same-device","grantType":"refresh_token","refreshToken":"REFRESH"})");
  check_proof(std::string(*sent.fields.get("DPoP")), url);
  const std::string file = w.left();
  const auto kept = json::object::parse(file);
  REQUIRE(kept);
  CHECK(kept->raw("accessToken") ==
        R"({"accessKeyId":"B","secretAccessKey":"s2","sessionToken":"t2","accountId":"123456789012","expiresAt":"2013-05-24T00:15:00Z"})");
  CHECK(kept->text("refreshToken").reveal() == "NEXT");
  CHECK(kept->text("clientId").reveal() == "arn:aws:signin:::devtools/same-device");
  CHECK(kept->raw("dpopKey") == "\"" + pem + "\"");
  CHECK(kept->text("tokenType").reveal() == "aws_sigv4");
  CHECK(kept->raw("x") == "[1]");
  CHECK(w.fetch(w.from())->access_key_id == "B");  // from the file, as any process would
}

TEST_CASE("no two proofs are the same", "[auth][login]") {
  login w;
  std::set<std::string> seen;
  for (int i = 0; i != 20; ++i) {
    w.leave(token(over));
    w.server.answer(200, {}, fresh);
    REQUIRE(w.fetch(w.from()));
    seen.insert(check_proof(std::string(*w.server.sent().back().fields.get("DPoP")), "https://eu-central-1.signin.aws.amazon.com/v1/token"));
  }
  CHECK(seen.size() == 20);
}

TEST_CASE("a login that cannot be refreshed is used as long as it is valid", "[auth][login]") {
  login w;
  const std::string gone = "the login with the AWS console is over: ", then = " in " + w.path + ". Log in with: aws login";
  const auto row = [&](int status, std::string body, const std::string& becomes, int attempts = 1) {
    CAPTURE(status, body.substr(0, 100));
    for (const auto& expires : {ending, over}) {
      w.leave(token(expires));
      const std::string before = w.left();
      for (int i = 0; i != attempts; ++i) w.server.answer(status, {}, body);
      const auto got = w.fetch(w.from());
      CHECK(got.has_value() == (expires == ending));
      if (!got) CHECK(got.error().message == becomes);
      CHECK(w.left() == before);
      CHECK(w.server.left() == 0);
    }
  };
  row(403, R"({"error": "TOKEN_EXPIRED", "message": "x"})", gone + "the login has ended" + then);
  row(403, R"({"error": "USER_CREDENTIALS_CHANGED"})", gone + "the login has ended" + then);
  row(403, R"({"error": "INSUFFICIENT_PERMISSIONS"})",
      "the login could not be refreshed: the identity may not do that (it needs the permission signin:CreateOAuth2Token)");
  row(400, R"({"error": "INVALID_REQUEST", "message": "no\nway"})", "the login could not be refreshed (status 400: INVALID_REQUEST: no\\nway)");
  w.leave(token(over, R"(, "signInRegion": "evil.example/")"));
  CHECK(w.message(w.from()) == "the region of the login must be the name of a region, such as us-east-1, and is something else");
  row(404, "", "the login could not be refreshed (status 404)");
  row(500, "<html>", "the login could not be refreshed (status 500)", 3);
  row(302, "", "the login could not be refreshed (status 302)");
  for (const char* const other : {"", "{", "[]", "{}", R"({"accessToken": {"accessKeyId": "B", "secretAccessKey": "s"}, "expiresIn": 900})",
                                  R"({"accessToken": {"accessKeyId": "B", "secretAccessKey": "s"}, "expiresIn": "soon", "refreshToken": "r"})"})
    row(200, other, gone + "the service that refreshes logins gave something else" + then);
  row(200, std::string(10 << 20, 'x'), "the answer is longer than the 1048576 bytes accepted");

  w.leave(token(over));
  for (int i = 0; i != 3; ++i) w.server.refuse(error_kind::connect);
  CHECK(w.fetch(w.from()).error().kind == error_kind::connect);
  for (int i = 0; i != 3; ++i) w.server.hang();
  CHECK(w.fetch(w.from()).error().kind == error_kind::timeout);
}

TEST_CASE("without a login that can be read, the message says how to log in", "[auth][login]") {
  login w;
  const auto says = [&](const std::string& why) {
    CHECK(w.message(w.from()) == "the login with the AWS console is over: " + why + " in " + w.path + ". Log in with: aws login");
  };
  says("there is no login");
  for (const char* const text : {"", "{", "[]"}) {
    w.leave(text);
    says("the login cannot be read");
  }
  w.leave(R"({"accessToken": {}})");
  says("there is no refreshToken");
  w.leave(R"({"accessToken": {}, "refreshToken": "r", "clientId": "c"})");
  says("there is no dpopKey");
  w.leave(R"({"accessToken": {"accessKeyId": "A", "secretAccessKey": "s"}, "refreshToken": "r", "clientId": "c", "dpopKey": "k"})");
  says("the login cannot be read");
  w.leave(token(over, "", "no key"));
  says("the key of the login cannot be read");
  CHECK(w.server.sent().empty());
}
