// What does the signer refuse, keep and leave alone?
#include <string>
#include <thread>
#include <vector>

#include <s3store/auth/sigv4.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
const timestamp now = *parse_iso8601("20240229T120000Z");
const auth::credentials example{"AKIDEXAMPLE", "a secret", "", std::nullopt};
const auth::signable get{"GET", "/bucket/key", "", "localhost", auth::payload::not_signed};
}  // namespace

TEST_CASE("credentials that can't sign", "[auth]") {
  auth::signer with;
  headers fields;
  const auto kind_for = [&](const auth::credentials& who, std::string region = "us-east-1") {
    return with.sign_headers(get, fields, who, {region}, now).error().kind;
  };
  CHECK(kind_for({"AKID", "", "", {}}) == error_kind::credentials);
  CHECK(kind_for({"", "secret", "", {}}) == error_kind::credentials);
  CHECK(kind_for({"AK\r\nID", "secret", "", {}}) == error_kind::credentials);
  CHECK(kind_for({"AK ID", "secret", "", {}}) == error_kind::credentials);
  CHECK(kind_for({"AKID", "secret", "to\nken", {}}) == error_kind::credentials);
  CHECK(kind_for(example, "") == error_kind::invalid_argument);
  CHECK(kind_for(example, "eu/central") == error_kind::invalid_argument);
  CHECK(kind_for(example, "eu\ncentral") == error_kind::invalid_argument);
  CHECK(!fields.contains("authorization"));
}

TEST_CASE("a token that can't travel is refused under a key that is cached", "[auth]") {
  auth::signer with;
  headers fields;
  REQUIRE(with.sign_headers(get, fields, example, {"us-east-1"}, now));
  auto who = example;
  who.session_token = "to\r\nken: x";
  CHECK(with.sign_headers(get, fields, who, {"us-east-1"}, now).error().kind == error_kind::credentials);
  CHECK(!fields.contains("authorization"));
  CHECK(!fields.contains("x-amz-security-token"));
}

TEST_CASE("anonymous credentials sign nothing", "[auth]") {
  auth::signer with;
  headers fields{{"Range", "bytes=0-1"}};
  REQUIRE(with.sign_headers(get, fields, {}, {"us-east-1"}, now));
  CHECK(fields == headers{{"Range", "bytes=0-1"}});
  auto what = get;
  what.query = "acl";
  const auto made = with.sign_query(what, {}, std::chrono::seconds{1}, {}, {"us-east-1"}, now);
  REQUIRE(made);
  CHECK(made->query == "acl");
}

TEST_CASE("signing again replaces the first signature", "[auth]") {
  auth::signer with;
  headers once, twice{{"x-amz-security-token", "of an earlier attempt"}};
  REQUIRE(with.sign_headers(get, twice, example, {"us-east-1"}, now - std::chrono::hours{48}));
  REQUIRE(with.sign_headers(get, twice, example, {"us-east-1"}, now));
  REQUIRE(with.sign_headers(get, once, example, {"us-east-1"}, now));
  CHECK(once == twice);
  CHECK(once.size() == 3);
}

TEST_CASE("a query with a parameter of a signature's cannot be presigned", "[auth]") {
  auth::signer with;
  for (const char* const name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
                                 "X-Amz-Region-Set", "X-Amz-Security-Token", "X-Amz-S3session-Token"}) {
    const std::string query = std::string("a=b&") + name;
    auth::signable twice = get;
    twice.query = query;
    const auto refused = with.sign_query(twice, {}, std::chrono::seconds{1}, example, {"us-east-1"}, now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == error_kind::invalid_argument);
    CHECK(refused.error().message.find(name) != std::string::npos);
  }
}

TEST_CASE("how long a presigned URL may be valid", "[auth]") {
  auth::signer with;
  const auto valid = [&](std::int64_t s) { return with.sign_query(get, {}, std::chrono::seconds{s}, example, {"us-east-1"}, now); };
  CHECK(valid(0).error().kind == error_kind::invalid_argument);
  CHECK(valid(-1).error().kind == error_kind::invalid_argument);
  CHECK(valid(604801).error().kind == error_kind::invalid_argument);
  CHECK(valid(1));
  CHECK(valid(604800));
}

TEST_CASE("a presigned URL names what must be sent beside it", "[auth]") {
  auth::signer with;
  const headers fields{
      {"Content-Type", "text/plain"}, {"User-Agent", "x"}, {"x-amz-content-sha256", auth::payload::empty}, {"Host", "h"}};
  const auto made = with.sign_query(get, fields, std::chrono::seconds{60}, example, {"us-east-1"}, now);
  REQUIRE(made);
  CHECK(made->signed_fields == headers{{"Content-Type", "text/plain"}, {"x-amz-content-sha256", auth::payload::empty}});
  CHECK(made->query.find("X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-content-sha256&") != std::string::npos);
}

TEST_CASE("keys are kept, and told apart by all they are made of", "[auth]") {
  auth::signing_key_cache keys;
  const auto credential = [&](const auth::credentials& who, const auth::signing_scope& where, std::string_view date) {
    const auto key = keys.get(who, where, date);
    REQUIRE(key);
    CHECK(key->is_for(who, where, date));
    crypto::digest scratch{crypto::digest_algorithm::sha256};
    std::string out;
    key->append_signature(out, "text", scratch);
    return out.append(key->credential());
  };
  auto other_secret = example;
  other_secret.secret_access_key = "b secret";
  const std::vector<std::string> all{credential(example, {"a"}, "20240229"), credential(other_secret, {"a"}, "20240229"),
                                     credential(example, {"b"}, "20240229"), credential(example, {"a", "x"}, "20240229"),
                                     credential(example, {"a"}, "20240301")};
  for (std::size_t i = 0; i != all.size(); ++i)
    for (std::size_t j = 0; j != i; ++j) CHECK(all[i] != all[j]);
  for (int i = 0; i != 40; ++i) credential(example, {"region-" + std::to_string(i % 20)}, "20240229");
  CHECK(credential(example, {"a"}, "20240229") == all[0]);
}

TEST_CASE("many threads sign with one key", "[auth]") {
  const auto key = auth::signing_key::derive(example, {"us-east-1"}, "20240229");
  REQUIRE(key);
  crypto::digest alone{crypto::digest_algorithm::sha256};
  std::string right;
  key->append_signature(right, "text", alone);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& w : wrong)
    threads.emplace_back([&] {
      crypto::digest scratch{crypto::digest_algorithm::sha256};
      for (int i = 0; i != 1000; ++i) w += !key->verifies(right, "text", scratch);
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == std::vector<int>(4));
}

TEST_CASE("the canonical request", "[auth]") {
  SECTION("an empty path is the root") {
    CHECK(auth::canonical_request({"GET", "", "", "h", "p"}, {}) == "GET\n/\n\nhost:h\n\nhost\np");
  }
  SECTION("parameters are sorted by encoded name, then value, and get their '='") {
    CHECK(auth::canonical_request({"GET", "/", "b=2&a-=1&a=2&a=10&%C3%BC&B=", "h", "p"}, {}) ==
          "GET\n/\n%C3%BC=&B=&a=10&a=2&a-=1&b=2\nhost:h\n\nhost\np");
  }
  SECTION("names of one name are joined, in their order") {
    CHECK(auth::canonical_request({"GET", "/", "", "h", "p"}, {{"X-B", "2  3 "}, {"x-a", ""}, {"x-b", "1"}}) ==
          "GET\n/\n\nhost:h\nx-a:\nx-b:2 3,1\n\nhost;x-a;x-b\np");
  }
  SECTION("an own Host field counts") {
    CHECK(auth::canonical_request({"GET", "/", "", "h", "p"}, {{"Host", "other"}}) == "GET\n/\n\nhost:other\n\nhost\np");
  }
}

TEST_CASE("the payload's hash may be a view of the fields that are signed", "[auth]") {
  const auth::credentials who{"AKID", secret_string{"s"}};
  const auto signed_with = [&who](bool own) {
    auth::signer with;
    const std::string hash(64, 'a');
    headers fields{{"x-amz-content-sha256", hash}};
    const std::string_view payload = own ? *fields.get("x-amz-content-sha256") : std::string_view{hash};
    REQUIRE(with.sign_headers({.method = "PUT", .path = "/k", .query = {}, .host = "h", .payload = payload}, fields, who, {.region = "us-east-1"}, timestamp{std::chrono::seconds{1369353600}}));
    CHECK(fields.get("x-amz-content-sha256") == hash);
    return std::string(with.signature());
  };
  CHECK(signed_with(true) == signed_with(false));
}
