// Does the signer, without a client, sign requests to other services of AWS as botocore does? And tokens for Kubernetes on EKS?
#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/auth/sigv4.hpp>
#include <s3store/core/encoding.hpp>

#include "support/python.hpp"

using namespace s3store;
using document = nlohmann::json;

namespace {

struct setting {
  explicit setting(const document& c)
      : who{"AKIDEXAMPLE", secret_string{c["secret"].get<std::string>()}, secret_string{c["token"].get<std::string>()}, {}},
        now{std::chrono::seconds{c["time"].get<std::int64_t>()}} {}
  auth::credentials who;
  timestamp now;
};

headers fields_of(const document& c) {
  headers out;
  for (const auto& field : c["fields"]) out.add(field[0].get<std::string>(), field[1].get<std::string>());
  return out;
}

void check_headers(auth::signer& with, const document& c) {
  const setting s{c};
  const std::string method = c["method"], path = c["path"], query = c["query"], host = c["host"], payload = c["payload"];
  headers fields = fields_of(c);
  const auth::signable what{method, path, query, host, payload, auth::signing_rules::common};
  REQUIRE(with.sign_headers(what, fields, s.who, {c["region"], c["service"]}, s.now));
  std::vector<std::pair<std::string, std::string>> ours, theirs;
  for (const auto [name, value] : fields) ours.emplace_back(detail::lower_case(name), value);
  for (const auto& field : c["signed"]) theirs.emplace_back(field[0], field[1]);
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  CHECK(ours == theirs);
}

void check_query(auth::signer& with, const document& c) {
  const setting s{c};
  const std::string method = c["method"], path = c["path"], query = c["query"], host = c["host"];
  const auto made = with.sign_query({method, path, query, host, auth::payload::empty, auth::signing_rules::common}, fields_of(c),
                                    std::chrono::seconds{c["expires"].get<std::int64_t>()}, s.who, {c["region"], c["service"]}, s.now);
  REQUIRE(made);
  CHECK("https://" + host + path + "?" + made->query == c["url"].get<std::string>());
}

/// Base64 for URLs (RFC 4648, section 5), without '='.
std::string base64_url(std::string_view text) {
  std::string out = detail::base64(detail::as_bytes(text));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out.substr(0, out.find('='));
}

void check_token(auth::signer& with, const document& c) {
  const setting s{c};
  const std::string region = c["region"], host = "sts." + region + ".amazonaws.com", cluster = c["cluster"];
  const auto made = with.sign_query({.method = "GET",
                                     .path = "/",
                                     .query = "Action=GetCallerIdentity&Version=2011-06-15",
                                     .host = host,
                                     .payload = auth::payload::empty,
                                     .rules = auth::signing_rules::common},
                                    {{"x-k8s-aws-id", cluster}}, std::chrono::minutes{1}, s.who, {region, "sts"}, s.now);
  REQUIRE(made);
  CHECK(made->signed_fields == headers{{"x-k8s-aws-id", cluster}});
  const std::string url = "https://" + host + "/?" + made->query;
  CHECK(url == c["url"].get<std::string>());
  CHECK("k8s-aws-v1." + base64_url(url) == c["kubernetes"].get<std::string>());
}

}  // namespace

TEST_CASE("signatures for other services are botocore's, and so are tokens for EKS", "[auth][oracle]") {
  auth::signer with;
  int headers_seen = 0, queries_seen = 0, tokens_seen = 0;
  std::istringstream lines{test::run_python_script("tests/auth/botocore_other_services.py")};
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    const document c = document::parse(line);
    if (c["kind"] == "header") check_headers(with, c), ++headers_seen;
    if (c["kind"] == "query") check_query(with, c), ++queries_seen;
    if (c["kind"] == "token") check_token(with, c), ++tokens_seen;
  }
  CHECK(headers_seen == 300);
  CHECK(queries_seen == 150);
  CHECK(tokens_seen == 30);
}

TEST_CASE("the service and the region are part of a signature", "[auth]") {
  auth::signer with;
  const timestamp now = *parse_iso8601("20260131T120000Z");
  const auth::credentials who{"AKIDEXAMPLE", "a secret", {}, {}};
  const auto signature = [&](const auth::signing_scope& where, auth::signing_rules rules) {
    headers fields;
    REQUIRE(with.sign_headers({"GET", "/a b", "", "h", auth::payload::empty, rules}, fields, who, where, now));
    CHECK(fields.contains("x-amz-content-sha256") == (rules == auth::signing_rules::s3));
    return std::string(with.signature());
  };
  const auto common = auth::signing_rules::common;
  const std::vector<std::string> all{signature({"us-east-1", "sts"}, common), signature({"us-east-1", "execute-api"}, common),
                                     signature({"eu-west-1", "sts"}, common), signature({"us-east-1", "sts"}, auth::signing_rules::s3)};
  for (std::size_t i = 0; i != all.size(); ++i)
    for (std::size_t j = 0; j != i; ++j) CHECK(all[i] != all[j]);
}
