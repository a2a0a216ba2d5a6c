// Does a wait end when the state is reached, when it never will be, and when it was long enough?
#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {
const head_bucket_request bucket{.bucket = "bucket"};
const head_object_request object{.bucket = "bucket", .key = "k"};
}  // namespace

TEST_CASE("a wait asks every five seconds until it is so", "[waiters]") {
  test::world<> w{test::driver::blocking};
  SECTION("an object is there") {
    w.server.answer(404).answer(404).answer(200);
    CHECK(w.client().wait_until_object_exists(object));
    CHECK(w.sleeper.waits() == std::vector<duration>{5s, 5s});
  }
  SECTION("an object is gone") {
    w.server.answer(200).answer(404);
    CHECK(w.client().wait_until_object_not_exists(object));
    CHECK(w.sleeper.waits() == std::vector<duration>{5s});
  }
  SECTION("a bucket is there, even if one may not look into it") {
    w.server.answer(404).answer(403);
    CHECK(w.client().wait_until_bucket_exists(bucket));
    w.server.answer(301);
    CHECK(w.client().wait_until_bucket_exists(bucket));
  }
  SECTION("a bucket is gone") {
    w.server.answer(200).answer(404);
    CHECK(w.client().wait_until_bucket_not_exists(bucket));
  }
  SECTION("at once") {
    w.server.answer(200);
    CHECK(w.client().wait_until_object_exists(object));
    CHECK(w.sleeper.waits().empty());
  }
  CHECK(w.server.left() == 0);
}

TEST_CASE("a wait is bounded", "[waiters]") {
  test::world<> w{test::driver::blocking};
  w.server.compute([](const recorded_request&) { return scripted_reply{.head = {404, {}}}; }, true);
  SECTION("twenty times") {
    const auto out = w.client().wait_until_object_exists(object);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::timeout);
    CHECK(w.server.tried() == 20);
    CHECK(w.passed() == 95s);
  }
  SECTION("with a delay that never ends") {
    CHECK_FALSE(w.client().wait_until_bucket_exists(bucket, {.delay = (duration::max)(), .max_attempts = 2}));
    CHECK(w.sleeper.waits().at(0) > 24h * 365 * 200);
  }
  SECTION("as told") {
    CHECK_FALSE(w.client().wait_until_bucket_exists(bucket, {.delay = 1s, .max_attempts = 3}));
    CHECK(w.passed() == 2s);
  }
}

TEST_CASE("an error that no waiting mends ends it", "[waiters]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(403);
  CHECK(w.client().wait_until_object_exists(object).error().kind == error_kind::access_denied);
  w.server.answer(403);
  CHECK(w.client().wait_until_bucket_not_exists(bucket).error().kind == error_kind::access_denied);
  CHECK(w.client().wait_until_object_exists({.bucket = "", .key = "k"}).error().kind == error_kind::invalid_argument);
  CHECK(w.sleeper.waits().empty());
}

TEST_CASE("a wait can be cancelled", "[waiters]") {
  test::world<> w{test::driver::blocking};
  cancel_source stop;
  w.server.compute([&](const recorded_request&) {
    stop.cancel();
    return scripted_reply{.head = {404, {}}};
  });
  const auto out = w.client().wait_until_object_exists(object, {.call = {.stop = stop.token()}});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::cancelled);
  CHECK(w.passed() == 0s);
}
