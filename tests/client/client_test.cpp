// What can one do with a client, apart from what the machine inside it does?
#include <atomic>
#include <thread>

#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

using client_of_test = basic_client<test::policies>;
static_assert(!std::is_copy_constructible_v<client_of_test> && !std::is_copy_assignable_v<client_of_test>);
static_assert(std::is_nothrow_move_constructible_v<client_of_test> && std::is_move_assignable_v<client_of_test>);
static_assert(!std::is_copy_constructible_v<client> && std::is_move_constructible_v<client>);
static_assert(std::is_default_constructible_v<client>);

TEST_CASE("a client moves with all that it has learned", "[client]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(301, {{"x-amz-bucket-region", "eu-west-1"}}).answer(200).answer(200);
  client_of_test first = std::move(w.client());
  REQUIRE(first.head_object({.bucket = "bucket", .key = "k"}));
  client_of_test second{std::move(first)};
  REQUIRE(second.head_object({.bucket = "bucket", .key = "k"}));
  CHECK(w.sent(2).url == "https://bucket.s3.eu-west-1.amazonaws.com/k");
  CHECK(w.identity.fetched() == 1);
  CHECK(second.configuration().region == "us-east-1");
  first = std::move(second);
  w.server.answer(200);
  CHECK(first.head_object({.bucket = "bucket", .key = "k"}));
}

TEST_CASE("a client is made of settings, and of what goes behind its seams", "[client]") {
  const client usual, elsewhere{{.endpoint = "http://s3.test:9000", .region = "eu-west-1"}};
  CHECK(usual.configuration().endpoint.empty());
  CHECK(elsewhere.configuration().region == "eu-west-1");
  scripted_transport server;
  const client_of_test own{{}, {.transport = server, .sleeper = recording_sleeper{manual_clock{}}}};
  std::optional<client_of_test> later;  // also where a seam's type has no default
  CHECK_FALSE(later);
  CHECK(server.tried() == 0);
}

TEST_CASE("credentials are given with the settings, whatever the policies are", "[client]") {
  test::world<> w{test::driver::blocking};
  w.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  const auto key_used = [&](settings s) {
    s.endpoint = "http://s3.test";
    const client_of_test s3{std::move(s), {.transport = w.server, .credentials = w.identity, .clock = w.clock, .sleeper = recording_sleeper{w.clock}}};
    const auto head = s3.head_object({.bucket = "b", .key = "k"});
    if (!head) return head.error().message;
    const std::string authorization{w.server.sent().back().fields.value_or_empty("authorization")};
    const auto at = authorization.find("Credential=");
    return at == std::string::npos ? std::string("none") : authorization.substr(at + 11, authorization.find('/') - at - 11);
  };
  const std::string of_policy = key_used({});
  CHECK(of_policy != "none");
  CHECK(key_used({.credentials = {"GIVEN", "secret"}}) == "GIVEN");
  CHECK(key_used({.credentials = {"GIVEN", "secret", "token"}}) == "GIVEN");
  CHECK(w.server.sent().back().fields.get("x-amz-security-token") == "token");
  CHECK(key_used({.credentials = auth::credentials{"GIVEN", "secret"}}) == "GIVEN");
  CHECK(key_used({.credentials = auth::anonymous_credentials{}}) == "none");
  const environment variables{{"AWS_ACCESS_KEY_ID", "OF-ENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  CHECK(key_used({.credentials = auth::environment_credentials{variables}}) == "OF-ENV");
  CHECK(key_used({.credentials = auth::credentials_chain{auth::static_credentials{"", ""}, auth::environment_credentials{variables}}}) ==
        "OF-ENV");
  const std::size_t before = w.server.tried();
  CHECK(key_used({.credentials = {"ONLY-AN-ID", ""}}).find("both an access key id and a secret") != std::string::npos);
  CHECK(w.server.tried() == before);
}

TEST_CASE("an object that is read into memory has a limit", "[client]") {
  test::world<> w{test::driver::blocking};
  w.server.compute([](const recorded_request&) { return scripted_reply{.body = "0123456789"}; }, true);
  const auto& s3 = w.client();
  CHECK(s3.get_object({.bucket = "b", .key = "k"}, {.max_body = 10})->body == "0123456789");
  const auto larger = s3.get_object({.bucket = "b", .key = "k"}, {.max_body = 9});
  REQUIRE_FALSE(larger);
  CHECK(larger.error().kind == error_kind::too_large);
  CHECK(larger.error().attempts <= 1);  // another try would be as large
  std::string into;
  http::string_sink sink{into};
  CHECK(s3.get_object({.bucket = "b", .key = "k"}, sink, {.max_body = 9}));  // a sink has limits of its own
}

TEST_CASE("each way to write a call", "[client]") {
  test::world<> w{test::driver::blocking};
  const auto& s3 = w.client();
  w.server.compute([](const recorded_request&) { return scripted_reply{.body = "hello"}; }, true);
  call_options o{.fields = {{"x-own", "1"}}};
  const call_options& c = o;
  const get_object_request r{.bucket = "b", .key = "k"};
  CHECK(s3.get_object({.bucket = "b", .key = "k"})->body == "hello");
  CHECK(s3.get_object(r, o)->body == "hello");
  CHECK(s3.get_object(r, c)->body == "hello");
  CHECK(s3.get_object(r, call_options{})->body == "hello");
  CHECK(s3.get_object(r, {.max_attempts = 1})->body == "hello");
  std::string into;
  http::string_sink sink{into};
  CHECK(s3.get_object(r, sink)->body.empty());
  CHECK(s3.get_object(r, sink, o)->body.empty());
  std::size_t n = 0;
  CHECK(s3.get_object(r, [&n](std::span<const std::byte> b) { n += b.size(); }));
  const auto count = [&n](std::span<const std::byte> b) { n += b.size(); };
  CHECK(s3.get_object(r, count, o));
  CHECK(s3.send(r)->body == "hello");
  CHECK(s3.send(r, o)->body == "hello");
  CHECK(s3.send(r, sink));
  CHECK(s3.send(r, count));
  CHECK(into == "hellohellohello");
  CHECK(n == 15);
  for (const std::size_t with_options : {1u, 2u, 6u, 8u, 10u}) CHECK(w.header("x-own", with_options) == "1");
}

TEST_CASE("what a caller's function throws comes out of the call", "[client]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, "hello").answer(200);
  struct mine {
    int value{};
  };
  try {
    static_cast<void>(w.client().get_object({.bucket = "b", .key = "k"}, [](std::span<const std::byte>) { throw mine{7}; }));
    FAIL("nothing was thrown");
  } catch (const mine& m) {
    CHECK(m.value == 7);
  }
  CHECK(w.client().head_object({.bucket = "b", .key = "k"}));  // and the client goes on
}

TEST_CASE("the values behind the seams are those that were given", "[client]") {
  struct rules {
    result<endpoint> resolve(const endpoint_query& q) const {
      return endpoint{.secure = false, .authority = "own.test:81", .path = "/x/" + std::string(q.bucket), .region = "mars"};
    }
  };
  struct policies : test::policies {
    using endpoint_rules = rules;
    using retry = no_retry;
  };
  test::world<policies> w{test::driver::blocking};
  w.server.answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "b", .key = "k"}));
  CHECK(w.sent().url == "http://own.test:81/x/b/k");
  CHECK(w.header("authorization").find("/mars/s3/") != std::string::npos);
}

TEST_CASE("many threads use one client", "[client][threads]") {
  test::world<> w{test::driver::blocking};
  w.server.compute(
      [n = std::make_shared<std::atomic<int>>()](const recorded_request& r) {
        if (++*n % 7 == 0) return scripted_reply{.head = {500, {}}};
        return scripted_reply{.body = std::string(r.url.substr(r.url.rfind('/') + 1))};
      },
      true);
  const auto& s3 = w.client();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t != 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i != 50; ++i) {
        const std::string key = std::to_string(t) + "-" + std::to_string(i);
        const auto got = s3.get_object({.bucket = "b", .key = key}, call_options{.max_attempts = 9});
        if (got && got->body == key) ++right;
      }
    });
  for (auto& t : threads) t.join();
  CHECK(right == 400);
  for (const auto& r : w.server.sent()) test::check_signed(r, *w.identity.find("AKIDEXAMPLE"));
}

TEST_CASE("a session can be shared by calls of one's own", "[client]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200).answer(200);
  REQUIRE(w.client().head_object({.bucket = "b", .key = "k"}));
  const head_object_request r{.bucket = "b", .key = "k"};
  sans_io::call machine{r, w.client().shared(), {}};
  REQUIRE(sans_io::drive(machine, w.client().shared(), w.server, w.client().sleeping()));
  CHECK(w.identity.fetched() == 1);
}
