// Retries as the original documents them: S3_MAX_RETRIES attempts, and 2, 4, 8, 10, 10 … seconds between them.
#include <string>
#include <vector>

#include "support/store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
using waits = std::vector<duration>;
const std::string slow_down = "<Error><Code>SlowDown</Code><Message>slower</Message></Error>";

struct attempts_policies : test::still_policies {
  using retry = exponential_backoff;
};
struct once_policies : test::still_policies {
  using retry = no_retry;
};
}  // namespace

TEST_CASE("three attempts wait 2 and 4 seconds", "[store][retries]") {
  test::scripted_store f;
  f.server.answer(503, {}, slow_down).answer(500).answer(503, {}, slow_down).answer(200, {}, "never asked for");
  const auto e = test::thrown_by([&] { f.store.get_object("k"); });
  CHECK(e.code == "SlowDown");
  CHECK(e.status == 503);
  CHECK(e.kind == error_kind::throttled);
  CHECK(e.attempts == 3);
  CHECK(f.waits() == waits{2s, 4s});
  CHECK(f.server.sent().size() == 3);
}

TEST_CASE("more attempts wait 8 and then 10 seconds", "[store][retries]") {
  test::scripted_store f{{.max_retries = 7}};
  f.server.lose().refuse(error_kind::connect).lose(error_kind::timeout).answer(502).answer(503).answer(500).answer(200, {}, "there");
  CHECK(f.store.get_object("k") == "there");
  CHECK(f.waits() == waits{2s, 4s, 8s, 10s, 10s, 10s});
}

TEST_CASE("twenty attempts are made where they are asked for, however long that takes", "[store][retries]") {
  test::scripted_store f{{.max_retries = 20}};
  f.server.compute([](const recorded_request&) { return scripted_reply{.head = {.status = 500}}; }, true);
  CHECK(test::thrown_by([&] { f.store.object_exists("k"); }).attempts == 20);
  duration all{};
  for (const duration w : f.waits()) all += w;
  CHECK(all == 2s + 4s + 8s + 16 * 10s);
}

TEST_CASE("one attempt waits for nothing", "[store][retries]") {
  test::scripted_store f{{.max_retries = 1}};
  f.server.answer(503);
  CHECK(test::thrown_by([&] { f.store.get_object("k"); }).attempts == 1);
  CHECK(f.waits().empty());
}

TEST_CASE("what fails again is not tried again", "[store][retries]") {
  for (const auto& [status, code, kind] : {std::tuple{404, "NoSuchKey", error_kind::not_found}, {403, "AccessDenied", error_kind::access_denied},
                                           {400, "InvalidArgument", error_kind::bad_request}, {409, "BucketNotEmpty", error_kind::conflict}}) {
    test::scripted_store f;
    f.server.answer(status, {}, "<Error><Code>" + std::string(code) + "</Code></Error>");
    const auto e = test::thrown_by([&] { f.store.get_object("k"); });
    CHECK(e.code == code);
    CHECK(e.status == status);
    CHECK(e.kind == kind);
    CHECK(e.attempts == 1);
    CHECK(f.waits().empty());
  }
}

TEST_CASE("a call of its own has the attempts and the token of its own", "[store][retries]") {
  test::scripted_store f;
  f.server.answer(500).answer(500);
  CHECK(test::thrown_by([&] { f.store.get_object("k", get_options{}, {.max_attempts = 2}); }).attempts == 2);
  CHECK(f.waits() == waits{2s});
  cancel_source stop;
  stop.cancel();
  CHECK(test::thrown_by([&] { f.store.get_object("k", get_options{}, {.stop = stop.token()}); }).kind == error_kind::cancelled);
}

TEST_CASE("another retry policy takes the number of attempts over", "[store][retries]") {
  test::scripted_store f;
  f.server.compute([](const recorded_request&) { return scripted_reply{.head = {.status = 500}}; }, true);
  const object_store_settings s{.bucket_name = "b-1", .credentials = {"id", "secret"}, .endpoint_url = "http://s3.test", .max_retries = 4, .transport = backend_transport{f.server}};
  basic_object_store<attempts_policies> jittered{s};
  jittered.connect();
  CHECK(test::thrown_by([&] { jittered.get_object("k"); }).attempts == 4);
  basic_object_store<once_policies> once{s};
  once.connect();
  CHECK(test::thrown_by([&] { once.get_object("k"); }).attempts == 1);
}
