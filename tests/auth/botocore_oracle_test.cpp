// Are our signatures botocore's, byte for byte, and do we accept what botocore signed?
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/auth/post_policy.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/transports/embedded/verify.hpp>
#include <s3store/transports/embedded/verify_post.hpp>
#include <s3store/core/encoding.hpp>

#include "support/python.hpp"

using namespace s3store;
using document = nlohmann::json;

namespace {

struct setting {
  explicit setting(const document& c)
      : who{c["access_key_id"], secret_string{c["secret"].get<std::string>()}, secret_string{c["token"].get<std::string>()}},
        where{c["region"], c["service"]},
        now{std::chrono::seconds{c["time"].get<std::int64_t>()}} {}
  auth::credentials who;
  auth::signing_scope where;
  timestamp now;
};

headers given_fields(const document& c) {
  headers out;
  for (const auto& field : c["fields"]) out.add(field[0].get<std::string>(), field[1].get<std::string>());
  return out;
}

/// The path and query are encoded by us; what botocore made of them is the oracle.
void check_encoding(const document& c) {
  CHECK(detail::uri_encode("/" + c["key"].get<std::string>(), detail::uri_part::path) == c["path"].get<std::string>());
  std::string query;
  for (const auto& pair : c["pairs"]) {
    if (!query.empty()) query += '&';
    query += detail::uri_encode(pair[0].get<std::string>(), detail::uri_part::query);
    if (!pair[1].is_null()) query += "=" + detail::uri_encode(pair[1].get<std::string>(), detail::uri_part::query);
  }
  CHECK(query == c["query"].get<std::string>());
}

void check_header_case(auth::signer& with, const document& c) {
  check_encoding(c);
  const setting s{c};
  const std::string method = c["method"], path = c["path"], query = c["query"], host = c["host"], payload = c["payload"];
  const auth::signable what{method, path, query, host, payload};
  headers fields = given_fields(c);
  REQUIRE(with.sign_headers(what, fields, s.who, s.where, s.now));

  std::vector<std::pair<std::string, std::string>> ours, theirs;
  for (const auto [name, value] : fields) ours.emplace_back(detail::lower_case(name), value);
  for (const auto& field : c["signed"]) theirs.emplace_back(field[0], field[1]);
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  CHECK(ours == theirs);

  const auto p = embedded::presented(query, fields);
  REQUIRE(p);
  REQUIRE(*p);
  CHECK(embedded::verify_signature(with, **p, what, fields, s.who, s.where, s.now));
  auth::signable other = what;
  other.method = "PATCH";
  CHECK(embedded::verify_signature(with, **p, other, fields, s.who, s.where, s.now).error().code == "SignatureDoesNotMatch");
}

void check_query_case(auth::signer& with, const document& c) {
  check_encoding(c);
  const setting s{c};
  const std::string method = c["method"], path = c["path"], query = c["query"], host = c["host"];
  const auth::signable what{method, path, query, host, {}};
  const headers fields = given_fields(c);
  const std::chrono::seconds expires{c["expires"].get<std::int64_t>()};
  const auto made = with.sign_query(what, fields, expires, s.who, s.where, s.now);
  REQUIRE(made);
  CHECK(path + "?" + made->query == c["url"].get<std::string>());

  const std::string received = c["url"].get<std::string>().substr(path.size() + 1);
  auth::signable as_received = what;
  as_received.query = received;
  const auto p = embedded::presented(received, fields);
  REQUIRE(p);
  REQUIRE(*p);
  CHECK(embedded::verify_signature(with, **p, as_received, fields, s.who, s.where, s.now + expires));
  CHECK(embedded::verify_signature(with, **p, as_received, fields, s.who, s.where, s.now + expires + std::chrono::seconds{1}).error().message ==
        "Request has expired");
}

void check_post_case(auth::signer& with, const document& c) {
  const setting s{c};
  auth::post_policy policy{.expiration = s.now + std::chrono::seconds{c["expires"].get<std::int64_t>()}};
  std::uint64_t size = 0;
  for (const auto& t : c["tests"]) {
    if (t[0] == "eq") policy.conditions.push_back(auth::post_condition::eq(t[1], t[2]));
    if (t[0] == "starts-with") policy.conditions.push_back(auth::post_condition::starts_with(t[1], t[2]));
    if (t[0] == "content-length-range") policy.conditions.push_back(auth::post_condition::content_length_range(size = t[1], t[2]));
  }
  auth::form_fields fields, theirs;
  for (const auto& f : c["fields"]) fields.emplace_back(f[0], f[1]);
  for (const auto& f : c["form"]) theirs.emplace_back(f[0], f[1]);
  const auto made = auth::presign_post(with, c["url"], c["bucket"].get<std::string>(), c["key"].get<std::string>(), fields, policy,
                                       s.who, s.where, s.now);
  REQUIRE(made);
  CHECK(made->url == c["url"].get<std::string>());
  CHECK(made->fields == theirs);

  const auto p = embedded::presented(theirs);
  REQUIRE(p);
  REQUIRE(*p);
  const auto verdict = embedded::verify_post(with, **p, theirs, "bucket", size, s.who, s.where, s.now);
  if (!verdict) UNSCOPED_INFO(verdict.error().describe());
  CHECK(verdict);
  CHECK(embedded::verify_post(with, **p, theirs, "another", size, s.who, s.where, s.now).error().code == "AccessDenied");
}

}  // namespace

TEST_CASE("signatures are botocore's", "[auth][oracle]") {
  auth::signer with;
  int headers_seen = 0, queries_seen = 0, posts_seen = 0;
  detail::split(test::run_python_script("tests/auth/botocore_signatures.py"), '\n', [&](std::string_view line) {
    if (line.empty()) return;
    INFO(line);
    const document c = document::parse(line);
    if (c["kind"] == "header") check_header_case(with, c), ++headers_seen;
    if (c["kind"] == "query") check_query_case(with, c), ++queries_seen;
    if (c["kind"] == "post") check_post_case(with, c), ++posts_seen;
  });
  CHECK(headers_seen >= 400);
  CHECK(queries_seen >= 100);
  CHECK(posts_seen >= 50);
}
