// Roles: does a real STS take what we send, and does the store then allow what the role may do, and no more? MinIO's stands at the address
// of its S3.
#include <s3store/auth/assume_role.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/live.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

std::string may_only_get(const std::string& bucket, const std::string& prefix) {
  return R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::)" + bucket + "/" +
         prefix + R"(*"]}]})";
}

template <class T>
error refused(const result<T>& r) {
  REQUIRE(!r);
  return r.error();
}

/// A client whose credentials are those.
live::client connected(const live::target& t, auth::provider by) {
  settings s = t.set;
  s.credentials = std::move(by);
  return t.connect(std::move(s));
}

/// What a provider gives, or why not.
result<auth::credentials> fetched(const live::target& t, const auth::provider& from) {
  struct {
    instants now() const {
      return {.steady = std::chrono::steady_clock::now(), .wall = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
    }
    auto fetch_credentials(const sans_io::need_credentials&) const { return auth::anonymous_credentials{}.fetch(); }
  } shared;
  live::any_transport transport{t.perform};
  thread_sleeper sleeper;
  auto machine = from.fetch();
  return sans_io::drive(machine, shared, transport, sleeper);
}

/// MinIO over TLS, and the certificate of a client whose common name is that of the policy "readonly".
struct certified {
  live::target at{};
  std::string certificate{};
};
std::optional<certified> minio_that_knows_a_client() {
  if (("," + live::variable("S3STORE_TEST_WITHOUT") + ",").find(",minio,") != std::string::npos) return std::nullopt;
  const std::string client = live::variable("S3STORE_TEST_MINIO_TLS_CLIENT");
  if (client.empty()) FAIL("S3STORE_TEST_MINIO_TLS_CLIENT is not set: run the tests by scripts/test.sh, or leave MinIO out by name");
  auto transport = std::make_shared<curl_transport>(curl_settings{.ca_bundle = live::variable("S3STORE_TEST_MINIO_TLS_CA")});
  certified out{.at = {.name = "minio over TLS"}, .certificate = client};
  out.at.set.endpoint = live::variable("S3STORE_TEST_MINIO_TLS_ENDPOINT");
  out.at.access_key = live::variable("S3STORE_TEST_MINIO_TLS_ACCESS_KEY");
  out.at.secret_key = live::variable("S3STORE_TEST_MINIO_TLS_SECRET_KEY");
  out.at.perform = [transport](http::exchange x) { return transport->perform(std::move(x)); };
  return out;
}

}  // namespace

TEST_CASE("a role may do what the policy of its session says, and no more", "[live][roles]") {
  const auto t = live::real_server("MINIO");
  if (!t) return;
  const auto owner = t->connect();
  const live::bucket b{owner};
  live::must(owner.put_object({.bucket = b, .key = "open/k", .body = "hello"}));
  live::must(owner.put_object({.bucket = b, .key = "shut/k", .body = "secret"}));

  const auth::provider keys{t->access_key, secret_string{t->secret_key}};
  const auth::sts_endpoint sts{.url = t->set.endpoint};
  SECTION("with a policy") {
    const auto c = connected(*t, auth::assume_role_credentials{keys, {.duration = 900s, .policy = may_only_get(b, "open/")}, sts});
    CHECK(live::must(c.get_object({.bucket = b, .key = "open/k"})).body == "hello");
    for (const error& e : {refused(c.get_object({.bucket = b, .key = "shut/k"})), refused(c.put_object({.bucket = b, .key = "open/k", .body = "x"})),
                           refused(c.delete_object({.bucket = b, .key = "open/k"})), refused(c.list_objects_v2({.bucket = b}))}) {
      CHECK(e.kind == error_kind::access_denied);
      CHECK(e.code == "AccessDenied");
    }
    CHECK(live::must(owner.get_object({.bucket = b, .key = "open/k"})).body == "hello");  // nothing was changed
  }
  SECTION("without one, all that the keys may do") {
    const auto c = connected(*t, auth::assume_role_credentials{keys, {}, sts});
    live::must(c.put_object({.bucket = b, .key = "open/new", .body = "new"}));
    CHECK(live::must(c.get_object({.bucket = b, .key = "shut/k"})).body == "secret");
  }
}

namespace {
/// Counts how often credentials are fetched.
class counted {
 public:
  explicit counted(auth::provider of) : of_(std::move(of)) {}
  auto fetch() const {
    ++*fetches_;
    return of_.fetch();
  }
  int fetches() const { return *fetches_; }

 private:
  auth::provider of_;
  std::shared_ptr<std::atomic<int>> fetches_{std::make_shared<std::atomic<int>>(0)};
};
}  // namespace

TEST_CASE("credentials of a role are renewed every second while sixteen threads work, and no call fails", "[live][roles]") {
  const auto t = live::real_server("MINIO");
  if (!t) return;
  const auto owner = t->connect();
  const live::bucket b{owner};
  live::must(owner.put_object({.bucket = b, .key = "open/k", .body = "hello"}));
  const counted from{auth::assume_role_credentials{auth::provider{t->access_key, secret_string{t->secret_key}},
                                                   {.duration = 900s, .policy = may_only_get(b, "open/")},
                                                   {.url = t->set.endpoint}}};
  settings s = t->set;
  s.credentials = from;
  // As if they lasted two seconds: all of their lifetime but one second counts as its end.
  s.refresh = {.advisory = 900s - 1s, .mandatory = 900s - 2s, .advisory_share = 1, .mandatory_share = 1, .pause = 1s};
  const auto c = t->connect(s);

  constexpr int wanted = 4;
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  std::atomic<int> calls{}, failed{};
  std::vector<std::string> why(16);
  std::vector<std::thread> threads;
  for (std::string& first : why)
    threads.emplace_back([&] {
      while (from.fetches() < wanted && std::chrono::steady_clock::now() < give_up) {
        const auto got = c.get_object({.bucket = b, .key = "open/k"});
        ++calls;
        if (got && got->body == "hello") continue;
        ++failed;
        if (first.empty()) first = got ? "another body" : got.error().describe();
      }
    });
  for (auto& thread : threads) thread.join();
  for (const std::string& one : why) CHECK(one.empty());
  CHECK(failed == 0);
  CHECK(from.fetches() >= wanted);
  CHECK(from.fetches() <= wanted + 1);  // one for each time, and not one for each thread
  CHECK(calls > 16 * wanted);
  CHECK(refused(c.put_object({.bucket = b, .key = "open/k", .body = "x"})).kind == error_kind::access_denied);  // the policy holds each time
}

// Takes a quarter of an hour, the shortest time for which MinIO gives credentials, so only scripts/real_expiry.sh runs it. The clocks are real.
TEST_CASE("credentials of a role really end, are renewed in time, and those that have ended are refused", "[.][real_expiry]") {
  const auto t = live::real_server("MINIO");
  if (!t) return;
  const auto owner = t->connect();
  const live::bucket b{owner};
  live::must(owner.put_object({.bucket = b, .key = "open/k", .body = "hello"}));
  const auth::assume_role_credentials role{auth::provider{t->access_key, secret_string{t->secret_key}},
                                           {.duration = 900s, .policy = may_only_get(b, "open/")},
                                           {.url = t->set.endpoint}};
  const auto kept = live::must(fetched(*t, role));
  REQUIRE(kept.expires);
  const auto fixed = connected(*t, auth::provider{kept.access_key_id, kept.secret_access_key, kept.session_token});
  const counted from{role};
  const auto c = connected(*t, from);

  int calls = 0;
  for (const auto end = *kept.expires + 1min; std::chrono::system_clock::now() < end; std::this_thread::sleep_for(1s)) {
    const auto got = c.get_object({.bucket = b, .key = "open/k"});
    ++calls;
    if (!got) FAIL_CHECK("call " << calls << ": " << got.error().describe());
  }
  CHECK(calls > 800);
  CHECK(from.fetches() == 2);  // the first was renewed before its end
  const error e = refused(fixed.get_object({.bucket = b, .key = "open/k"}));
  CAPTURE(e.describe());
  CHECK(e.status >= 400);
  CHECK(e.status < 500);
}

TEST_CASE("what MinIO's STS gives, and what it refuses", "[live][roles]") {
  const auto t = live::real_server("MINIO");
  if (!t) return;
  const auth::provider keys{t->access_key, secret_string{t->secret_key}};
  const auth::sts_endpoint sts{.url = t->set.endpoint + "/"};

  const auto given = live::must(fetched(*t, auth::assume_role_credentials{keys, {.role_arn = "arn:any", .duration = 1h}, sts}));
  CHECK(!given.access_key_id.empty());
  CHECK(given.access_key_id != t->access_key);
  CHECK(!given.session_token.empty());
  CHECK(given.account_id.empty());  // it has no accounts
  REQUIRE(given.expires);
  const auto left = *given.expires - std::chrono::system_clock::now();
  CHECK(left > 55min);
  CHECK(left < 65min);

  const auto why = [&](const auth::provider& by, auth::role wanted) {
    return refused(fetched(*t, auth::assume_role_credentials{by, std::move(wanted), sts})).message;
  };
  // boto3 is told the same.
  CHECK(why({t->access_key, secret_string{"another-secret-key"}}, {}) ==
        "STS refused AssumeRole: AccessDenied: The request signature we calculated does not match the signature you provided. Check your key and "
        "signing method. (status 403)");
  CHECK(why({"nobody", secret_string{"another-secret-key"}}, {}) ==
        "STS refused AssumeRole: AccessDenied: The Access Key Id you provided does not exist in our records. (status 403)");
  CHECK(why(given, {}) == "STS refused AssumeRole: AccessDenied: Access Denied. (status 403)");  // its roles take no roles
  CHECK(why(keys, {.duration = 60s}) == "STS refused AssumeRole: InvalidParameterValue: invalid token expiry (status 400)");  // 15 minutes at least
  CHECK(why(keys, {.policy = "no JSON"}).substr(0, 46) == "STS refused AssumeRole: InvalidParameterValue:");
}

TEST_CASE("MinIO gives credentials for a client's certificate", "[live][roles]") {
  const auto minio = minio_that_knows_a_client();
  if (!minio) return;
  const live::target& t = minio->at;
  const auto owner = t.connect();
  const live::bucket b{owner};
  live::must(owner.put_object({.bucket = b, .key = "k", .body = "hello"}));

  auth::sts_endpoint sts{.url = t.set.endpoint};
  const error nobody = refused(fetched(t, auth::certificate_credentials{sts}));
  CHECK(nobody.kind == error_kind::credentials);
  CHECK(nobody.message == "STS refused AssumeRoleWithCertificate: MissingParameter: No client certificate provided (status 400)");

  sts.rules.client_certificate = minio->certificate;
  const auto given = live::must(fetched(t, auth::certificate_credentials{sts, 900s}));
  REQUIRE(given.expires);
  CHECK(*given.expires - std::chrono::system_clock::now() < 16min);

  const auto c = connected(t, auth::certificate_credentials{sts});
  CHECK(live::must(c.get_object({.bucket = b, .key = "k"})).body == "hello");
  CHECK(refused(c.put_object({.bucket = b, .key = "k", .body = "x"})).kind == error_kind::access_denied);  // its policy is "readonly"

  sts.rules.client_certificate = "/nonexistent.pem";
  CHECK(refused(fetched(t, auth::certificate_credentials{sts})).kind == error_kind::configuration);
  sts.rules.client_certificate.clear();
  CHECK(!fetched(t, auth::certificate_credentials{sts}));  // a connection that was made with a certificate is not used without one
}
