// Is a request that was tampered with refused, and with which code?
#include <functional>
#include <string>

#include <s3store/transports/embedded/verify_post.hpp>
#include <s3store/transports/embedded/verify.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

const timestamp now = *parse_iso8601("20240229T120000Z");
const auth::signing_scope here{"eu-central-1"};

struct exchange_of_trust {
  auth::credentials who{"AKIDEXAMPLE", "a secret", "a/token+of=mine", std::nullopt};
  auth::signer with{};
  std::string method = "PUT", path = "/bucket/a//b%20c", query = "versionId=1&acl", host = "127.0.0.1:9000",
              payload{auth::payload::not_signed};
  headers fields{{"x-amz-meta-a", "1"}, {"Content-Type", "text/plain"}, {"User-Agent", "tests"}};
  timestamp received = now;
  auth::signing_scope expected = here;

  auth::signable what() const { return {method, path, query, host, payload}; }
  void sign() { REQUIRE(with.sign_headers(what(), fields, who, here, now)); }
  void presign(std::chrono::seconds expires = std::chrono::hours{1}) {
    auto made = with.sign_query(what(), fields, expires, who, here, now);
    REQUIRE(made);
    query = made->query;
  }
  result<void> verify() {
    auto p = embedded::presented(query, fields);
    if (!p) return result<void>::failed_as(std::move(p));
    REQUIRE(*p);
    return embedded::verify_signature(with, **p, what(), fields, who, expected, received);
  }
  /// The code of the refusal, or nothing.
  std::string refused() {
    const auto verdict = verify();
    if (verdict) return "";
    CHECK((verdict.error().status == 400 || verdict.error().status == 403));
    CHECK(verdict.error().kind == (verdict.error().status == 403 ? error_kind::access_denied : error_kind::bad_request));
    CHECK(!verdict.error().message.empty());
    auth::signer right;  // the signature that this request should have had
    headers copy = fields;
    if (!right.sign_headers(what(), copy, who, here, now)) return verdict.error().code;
    for (const std::string_view secret : {who.secret_access_key.reveal(), right.signature()})
      CHECK(verdict.error().describe().find(secret) == std::string::npos);
    return verdict.error().code;
  }
  void edit(std::string_view field, std::string_view from, std::string_view to) {
    std::string value(*fields.get(field));
    const auto at = value.find(from);
    REQUIRE(at != std::string::npos);
    fields.set(field, value.replace(at, from.size(), to));
  }
  void edit_query(std::string_view from, std::string_view to) {
    const auto at = query.find(from);
    REQUIRE(at != std::string::npos);
    query.replace(at, from.size(), to);
  }
};

}  // namespace

TEST_CASE("tampering with a request signed in its headers", "[auth]") {
  exchange_of_trust t;
  t.sign();
  REQUIRE(t.refused() == "");

  SECTION("method") {
    t.method = "GET";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("path") {
    t.path = "/bucket/a/b%20c";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("encoding of the path") {
    t.path = "/bucket/a//b+c";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("query value") {
    t.query = "versionId=2&acl";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("query parameter added") {
    t.query += "&x=1";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("query order is free") {
    t.query = "acl=&versionId=1";
    CHECK(t.refused() == "");
  }
  SECTION("host") {
    t.host = "127.0.0.1:9001";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("signed header") {
    t.fields.set("x-amz-meta-a", "2");
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("white space at its ends is free") {
    t.fields.set("X-AMZ-Meta-A", " 1 ");
    CHECK(t.refused() == "");
  }
  SECTION("unsigned x-amz- header added") {
    t.fields.add("x-amz-acl", "public-read");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("second field of a signed name") {
    t.fields.add("x-amz-meta-a", "2");
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("unsigned other header is free") {
    t.fields.set("User-Agent", "changed");
    CHECK(t.refused() == "");
  }
  SECTION("signed header taken away") {
    t.fields.erase("Content-Type");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("body hash") {
    t.fields.set("x-amz-content-sha256", auth::payload::empty);
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("no body hash") {
    t.fields.erase("x-amz-content-sha256");
    CHECK(t.refused() == "MissingSecurityHeader");
  }
  SECTION("no date") {
    t.fields.erase("x-amz-date");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("bad date") {
    t.fields.set("x-amz-date", "20240229T1200Z");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
  }
  SECTION("another day") {
    t.fields.set("x-amz-date", "20240228T120000Z");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
  }
  SECTION("another second") {
    t.fields.set("x-amz-date", "20240229T120001Z");
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("received late") {
    t.received = now + std::chrono::minutes{15};
    CHECK(t.refused() == "");
  }
  SECTION("received too late") {
    t.received = now + std::chrono::minutes{16};
    CHECK(t.refused() == "RequestTimeTooSkewed");
  }
  SECTION("received too early") {
    t.received = now - std::chrono::minutes{16};
    CHECK(t.refused() == "RequestTimeTooSkewed");
  }
  SECTION("session token") {
    t.fields.set("x-amz-security-token", "another");
    CHECK(t.refused() == "InvalidToken");
  }
  SECTION("no session token") {
    t.fields.erase("x-amz-security-token");
    CHECK(t.refused() == "InvalidToken");
  }
  SECTION("session over") {
    t.who.expires = now;
    CHECK(t.refused() == "ExpiredToken");
  }
  SECTION("other key") {
    t.who.access_key_id = "ANOTHER";
    CHECK(t.refused() == "InvalidAccessKeyId");
  }
  SECTION("other secret") {
    t.who.secret_access_key = "A secret";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("signature cut") {
    t.fields.set("authorization", t.fields.get("authorization")->substr(0, 200));
    CHECK(t.refused() != "");
  }
  SECTION("host not signed") {
    t.edit("authorization", ";host;", ";");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("not sorted") {
    t.edit("authorization", "content-type;host", "host;content-type");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("other region in the scope") {
    t.edit("authorization", "eu-central-1", "us-east-1");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
    CHECK(t.verify().error().region == "eu-central-1");
  }
  SECTION("another service") {
    t.edit("authorization", "/s3/", "/s4/");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
  }
  SECTION("scope too short") {
    t.edit("authorization", "/aws4_request", "");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
  }
  SECTION("other algorithm") {
    t.edit("authorization", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA257");
    CHECK(t.refused() == "InvalidRequest");
  }
  SECTION("version 2") {
    t.fields.set("authorization", "AWS AKIDEXAMPLE:abc=");
    CHECK(t.refused() == "InvalidRequest");
  }
  SECTION("version 2 in the query") {
    t.query += "&AWSAccessKeyId=A";
    CHECK(t.refused() == "InvalidRequest");
  }
  SECTION("nothing but the algorithm") {
    t.fields.set("authorization", "AWS4-HMAC-SHA256 ");
    CHECK(t.refused() == "AuthorizationHeaderMalformed");
  }
  SECTION("both mechanisms") {
    t.query += "&X-Amz-Algorithm=AWS4-HMAC-SHA256";
    CHECK(t.refused() == "InvalidArgument");
  }
  SECTION("separators without spaces") {
    t.edit("authorization", ", SignedHeaders", ",SignedHeaders");
    t.edit("authorization", ", Signature=", ",Signature=");
    CHECK(t.refused() == "");
  }
}

TEST_CASE("tampering with a presigned URL", "[auth]") {
  exchange_of_trust t;
  t.presign();
  REQUIRE(t.refused() == "");

  SECTION("method") {
    t.method = "GET";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("path") {
    t.path += "c";
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("query") {
    t.edit_query("versionId=1", "versionId=2");
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("validity") {
    t.edit_query("Expires=3600", "Expires=3601");
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
  SECTION("validity of more than a week") {
    t.edit_query("Expires=3600", "Expires=604801");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("validity that is no number") {
    t.edit_query("Expires=3600", "Expires=x");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("negative validity") {
    t.edit_query("Expires=3600", "Expires=-1");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("no validity") {
    t.edit_query("X-Amz-Expires=3600&", "");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("two signatures") {
    t.query += "&X-Amz-Signature=00";
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("broken encoding") {
    t.edit_query("X-Amz-Credential=", "X-Amz-Credential=%zz");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("other algorithm") {
    t.edit_query("HMAC-SHA256", "HMAC-SHA257");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("scope") {
    t.edit_query("%2Fs3%2F", "%2Fs4%2F");
    CHECK(t.refused() == "AuthorizationQueryParametersError");
  }
  SECTION("at its end") {
    t.received = now + std::chrono::hours{1};
    CHECK(t.refused() == "");
  }
  SECTION("expired") {
    t.received = now + std::chrono::hours{2};
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("not yet valid") {
    t.received = now - std::chrono::minutes{16};
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("token") {
    t.edit_query("a%2Ftoken", "b%2Ftoken");
    CHECK(t.refused() == "InvalidToken");
  }
  SECTION("signed header not sent") {
    t.fields.erase("Content-Type");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("x-amz- header added") {
    t.fields.add("x-amz-acl", "private");
    CHECK(t.refused() == "AccessDenied");
  }
  SECTION("a last digit of the signature") {
    t.query.back() = t.query.back() == '0' ? '1' : '0';
    CHECK(t.refused() == "SignatureDoesNotMatch");
  }
}

TEST_CASE("a request without a signature is anonymous", "[auth]") {
  const auto p = embedded::presented("a=b&acl", {{"Host", "h"}});
  REQUIRE(p);
  CHECK(!*p);
}

TEST_CASE("chunks that were changed, swapped or repeated", "[auth]") {
  exchange_of_trust t;
  const auto how = GENERATE(auth::signing_algorithm::sigv4, auth::signing_algorithm::sigv4a);
  auth::signing_scope where = here;
  where.algorithm = how;
  t.payload = how == auth::signing_algorithm::sigv4 ? auth::payload::signed_chunks : auth::payload::sigv4a_chunks;
  REQUIRE(t.with.sign_headers(t.what(), t.fields, t.who, where, now));
  auto sent = t.with.chunks();
  const std::string first(sent.chunk(detail::as_bytes("one"))), second(sent.chunk(detail::as_bytes("two"))), last(sent.finish());
  CHECK((first.size() == sent.signature_size() && last.size() == sent.signature_size()));

  REQUIRE(t.refused() == "");
  auto received = t.with.chunks();
  SECTION("as sent") {
    CHECK(received.verifies_chunk(detail::as_bytes("one"), first));
    CHECK(received.verifies_chunk(detail::as_bytes("two"), second));
    CHECK(received.verifies_chunk({}, last));
  }
  SECTION("changed") { CHECK_FALSE(received.verifies_chunk(detail::as_bytes("onE"), first)); }
  SECTION("left out") { CHECK_FALSE(received.verifies_chunk(detail::as_bytes("two"), second)); }
  SECTION("cut short") {
    CHECK(received.verifies_chunk(detail::as_bytes("one"), first));
    CHECK_FALSE(received.verifies_chunk({}, last));
  }
}

TEST_CASE("SigV4A: what is signed for a set of regions is taken in each of them, and nothing altered is", "[auth][sigv4a]") {
  const bool in_query = GENERATE(false, true);
  auth::signing_scope where = here;
  where.algorithm = auth::signing_algorithm::sigv4a;
  const auto verdict = [&](std::string set, const std::function<void(exchange_of_trust&)>& alter = {}) {
    exchange_of_trust t;
    where.region_set = std::move(set);
    if (in_query) {
      auto made = t.with.sign_query(t.what(), t.fields, std::chrono::hours{1}, t.who, where, now);
      REQUIRE(made);
      t.query = made->query;
    } else {
      REQUIRE(t.with.sign_headers(t.what(), t.fields, t.who, where, now));
    }
    if (alter) alter(t);
    return t.refused();
  };
  for (const std::string& set : {std::string{"*"}, here.region, "eu-west-9," + here.region, here.region.substr(0, 3) + "*"}) CHECK(verdict(set) == "");
  for (const std::string& set : {std::string{"eu-west-9"}, std::string{"x*"}}) CHECK(verdict(set) != "");
  CHECK(verdict("*", [](exchange_of_trust& t) { t.method = "GET"; }) == "SignatureDoesNotMatch");
  CHECK(verdict("*", [](exchange_of_trust& t) { t.path += "x"; }) == "SignatureDoesNotMatch");
  CHECK(verdict("*", [](exchange_of_trust& t) { t.fields.set("x-amz-meta-a", "2"); }) == "SignatureDoesNotMatch");
  CHECK(verdict("*", [](exchange_of_trust& t) { t.who.secret_access_key = "another"; }) == "SignatureDoesNotMatch");
  CHECK(verdict("eu-*", [&](exchange_of_trust& t) {
          if (in_query) return t.edit_query("X-Amz-Region-Set=eu-%2A", "X-Amz-Region-Set=%2A");
          t.fields.set("x-amz-region-set", "*");
        }) == "SignatureDoesNotMatch");
}

TEST_CASE("a range of lengths in a policy names no field, so a field without a name is refused", "[embedded]") {
  using auth::post_condition;
  const auth::post_policy policy{now + std::chrono::hours{1}, {post_condition::eq("bucket", "b"), post_condition::content_length_range(0, 10)}};
  CHECK(s3store::embedded::check_policy(policy, {}, "b", 5, now));
  const auto refused = s3store::embedded::check_policy(policy, {{"", "x"}}, "b", 5, now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "AccessDenied");
}
