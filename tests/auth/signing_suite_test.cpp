// Do we sign as AWS's public test suite says, by the rules of services other than S3, with SigV4 and SigV4A?
#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include <s3store/auth/sigv4.hpp>
#include <s3store/transports/embedded/verify.hpp>

#include "auth/signing_suite.hpp"
#include "support/python.hpp"

using namespace s3store;
using auth::signing_algorithm;

namespace {

const timestamp now = *parse_iso8601(test::suite_date);

/// A case, ready to be signed.
struct signed_case {
  explicit signed_case(const test::suite_case& c)
      : who{std::string(test::suite_access_key_id), secret_string{test::suite_secret}, secret_string{c.token}, std::nullopt} {
    const bool has_form = c.name.find("form") != std::string_view::npos;
    what = {.method = c.method,
            .path = c.path,
            .query = c.query,
            .host = test::suite_host,
            .payload = has_form ? test::suite_form_hash : auth::payload::empty,
            .rules = c.name.ends_with("unnormalized") ? auth::signing_rules::s3 : auth::signing_rules::common};
    if (!c.fields.empty())
      detail::split(c.fields, '|', [this](std::string_view field) {
        const auto colon = field.find(':');
        fields.add(field.substr(0, colon), field.substr(colon + 1));
      });
    header_fields = fields;
    if (has_form) header_fields.add("x-amz-content-sha256", test::suite_form_hash);
  }
  auth::credentials who;
  auth::signable what{};
  headers fields{};         // of the query form
  headers header_fields{};  // in which the suite also names the payload
};

auth::signing_scope scope(signing_algorithm how) { return {.region = "us-east-1", .service = "service", .algorithm = how}; }

std::string hash_of(std::string_view text) { return crypto::sha256_hex(detail::as_bytes(text)); }

crypto::p256_public_key suite_key() {
  const auto bytes = detail::from_hex("04" + std::string(test::suite_public_x) + std::string(test::suite_public_y));
  crypto::p256_point point{};
  std::copy_n(detail::as_bytes(*bytes).begin(), point.size(), point.begin());
  auto key = crypto::p256_public_key::from_point(point);
  REQUIRE(key);
  return std::move(*key);
}

/// Did the suite's key make this signature of a canonical request with that hash?
bool verified(std::string_view hex_signature, std::string_view hash_of_canonical) {
  const std::string text = std::string("AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n") + std::string(hash_of_canonical);
  const auto der = detail::from_hex(hex_signature);
  return der && suite_key().verify_der(crypto::sha256(detail::as_bytes(text)), detail::as_bytes(*der));
}

std::string without(std::string query, std::string_view parameter) {
  const auto at = query.find(std::string("&") + std::string(parameter) + "=");
  REQUIRE(at != std::string::npos);
  const auto end = query.find('&', at + 1);
  return query.erase(at, end == std::string::npos ? end : end - at);
}
std::string value_in(const std::string& query, std::string_view parameter) {
  const auto at = query.find(std::string(parameter) + "=");
  REQUIRE(at != std::string::npos);
  const auto from = at + parameter.size() + 1;
  return query.substr(from, query.find('&', from) - from);
}

}  // namespace

TEST_CASE("SigV4 by AWS's test suite", "[auth]") {
  auth::signer with;
  for (const test::suite_case& c : test::suite) {
    INFO(c.name);
    signed_case s{c};
    if (s.what.rules == auth::signing_rules::s3) {  // no x-amz-content-sha256 in the suite
      s.header_fields.add("x-amz-date", test::suite_date);
      const std::string text =
          auth::string_to_sign(test::suite_date, "20150830/us-east-1/service/aws4_request", auth::canonical_request(s.what, s.header_fields));
      const auto key = auth::signing_key::derive(s.who, scope(signing_algorithm::sigv4), "20150830");
      REQUIRE(key);
      crypto::digest scratch{crypto::digest_algorithm::sha256};
      CHECK(key->verifies(c.sigv4_header, text, scratch));
      continue;
    }
    REQUIRE(with.sign_headers(s.what, s.header_fields, s.who, scope(signing_algorithm::sigv4), now));
    CHECK(with.signature() == c.sigv4_header);
    const auto made = with.sign_query(s.what, s.fields, std::chrono::hours{1}, s.who, scope(signing_algorithm::sigv4), now);
    REQUIRE(made);
    CHECK(value_in(made->query, "X-Amz-Signature") == c.sigv4_query);
  }
}

TEST_CASE("SigV4A by AWS's test suite", "[auth][sigv4a]") {
  auth::signer with;
  int seen = 0;
  for (const test::suite_case& c : test::suite) {
    INFO(c.name);
    signed_case s{c};
    if (s.what.rules == auth::signing_rules::s3) {
      s.header_fields.add("x-amz-date", test::suite_date);
      s.header_fields.add("X-Amz-Region-Set", "us-east-1");
      CHECK(hash_of(auth::canonical_request(s.what, s.header_fields)) == c.sigv4a_header);
      continue;
    }
    REQUIRE(with.sign_headers(s.what, s.header_fields, s.who, scope(signing_algorithm::sigv4a), now));
    CHECK(hash_of(auth::canonical_request(s.what, s.header_fields)) == c.sigv4a_header);
    CHECK(verified(with.signature(), c.sigv4a_header));
    CHECK(s.header_fields.value_or_empty("authorization").find(
              "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, SignedHeaders=") == 0);
    CHECK(s.header_fields.get("x-amz-region-set") == "us-east-1");

    const auto made = with.sign_query(s.what, s.fields, std::chrono::hours{1}, s.who, scope(signing_algorithm::sigv4a), now);
    REQUIRE(made);
    const std::string unsigned_query = without(made->query, "X-Amz-Signature");
    s.what.query = unsigned_query;
    CHECK(hash_of(auth::canonical_request(s.what, s.fields)) == c.sigv4a_query);
    CHECK(verified(value_in(made->query, "X-Amz-Signature"), c.sigv4a_query));
    CHECK(value_in(made->query, "X-Amz-Region-Set") == "us-east-1");
    ++seen;
  }
  CHECK(seen >= 28);
}

TEST_CASE("the suite's own SigV4A signatures are verified, and altered ones are not", "[auth][sigv4a]") {
  const auto& vanilla = *std::find_if(std::begin(test::suite), std::end(test::suite), [](const auto& c) { return c.name == "get-vanilla"; });
  CHECK(verified(test::suite_vanilla_header, vanilla.sigv4a_header));
  CHECK(verified(test::suite_vanilla_query, vanilla.sigv4a_query));
  CHECK_FALSE(verified(test::suite_vanilla_query, vanilla.sigv4a_header));
  std::string altered{test::suite_vanilla_header};
  altered.back() = altered.back() == '0' ? '1' : '0';
  CHECK_FALSE(verified(altered, vanilla.sigv4a_header));

  // The key that is derived from the suite's secret is the suite's key.
  const auto mine = auth::sigv4a_key({std::string(test::suite_access_key_id), secret_string{test::suite_secret}, {}, {}});
  REQUIRE(mine);
  CHECK(mine->public_key().point() == suite_key().point());
}

TEST_CASE("what awscrt signs with SigV4A is verified, and nothing else", "[auth][sigv4a][oracle]") {
  // A signature that is verified with our public half was made with our private one, so awscrt derives the same key.
  std::istringstream lines{test::run_python_script("tests/auth/awscrt_signatures.py")};
  int verified = 0;
  for (std::string line; std::getline(lines, line); ++verified) {
    INFO(line);
    const auto c = nlohmann::json::parse(line);
    const std::string method = c["method"], path = c["path"], query = c["query"], service = c["service"];
    headers fields;
    for (const auto& f : c["fields"]) fields.add(f[0].get<std::string>(), f[1].get<std::string>());
    const auth::credentials who{c["id"], secret_string{c["secret"].get<std::string>()}, secret_string{c["token"].get<std::string>()}};
    const std::string host{fields.value_or_empty("host")};
    auth::signable what{.method = method, .path = path, .query = query, .host = host};
    what.rules = service == "s3" ? auth::signing_rules::s3 : auth::signing_rules::common;
    const auto given = embedded::presented(query, fields);
    REQUIRE(given);
    REQUIRE(*given);
    auth::signer with;
    const timestamp at{std::chrono::seconds{c["time"].get<std::int64_t>()}};
    const auto verify = [&](const auth::credentials& by) { return embedded::verify_signature(with, **given, what, fields, by, {.region = "us-east-1", .service = service}, at); };
    CHECK(verify(who));
    auth::credentials other = who;
    other.secret_access_key = secret_string{"another"};
    CHECK_FALSE(verify(other));
    what.method = "POST";
    CHECK_FALSE(verify(who));
  }
  CHECK(verified == 400);
}
