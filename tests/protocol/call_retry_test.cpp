// When does a call try again, after how long, and what is each attempt made of?
#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

std::string error_document(std::string_view code) { return "<Error><Code>" + std::string(code) + "</Code></Error>"; }
const get_object_request get{.bucket = "b", .key = "k"};
const put_object_request put{.bucket = "b", .key = "k", .body = "hello"};

template <class R>
struct with_retry : test::policies {
  using retry = R;
};

}  // namespace

TEST_CASE("what may be transient is tried again; what is not is not", "[call]") {
  const auto by = EACH_DRIVER;
  const auto attempts = [by](auto script) {
    test::world<> w{by};
    script(w.server);
    w.server.answer(200, {}, "hello");
    const auto out = w.send(get);
    return out ? out.meta().attempts : -out.error().attempts;
  };
  for (const int status : {500, 502, 503, 504, 429}) CHECK(attempts([=](auto& s) { s.answer(status); }) == 2);
  for (const int status : {400, 401, 403, 404, 405, 409, 412, 416, 501, 505})
    CHECK(attempts([=](auto& s) { s.answer(status); }) == -1);
  for (const std::string_view code :
       {"RequestTimeout", "InternalError", "SlowDown", "Throttling", "RequestLimitExceeded", "OperationAborted"})
    CHECK(attempts([=](auto& s) { s.answer(400, {}, error_document(code)); }) == 2);
  for (const std::string_view code : {"NoSuchBucket", "InvalidRequest", "NoSuchKey"})
    CHECK(attempts([=](auto& s) { s.answer(400, {}, error_document(code)); }) == -1);
  for (const error_kind kind : {error_kind::connection_lost, error_kind::timeout, error_kind::transport})
    CHECK(attempts([=](auto& s) { s.lose(kind); }) == 2);
  for (const error_kind kind : {error_kind::resolve, error_kind::connect}) CHECK(attempts([=](auto& s) { s.refuse(kind); }) == 2);
  CHECK(attempts([](auto& s) { s.refuse(error_kind::tls); }) == -1);
  CHECK(attempts([](auto& s) { s.cut(200, {}, "hello", 3); }) == 2);
  // The last error is the caller's.
  CHECK(attempts([](auto& s) { s.answer(500).lose().answer(503); }) == -3);
}

TEST_CASE("an exchange without an answer ends by its limits", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.hang().hang().hang();
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::timeout);
  CHECK(out.error().attempts == 3);
  CHECK(w.passed() >= 180s);  // 60 seconds for each first byte
  CHECK(w.passed() < 182s);
  CHECK(out.error().elapsed == w.passed());
}

TEST_CASE("jitter is full: each wait lies between nothing and its bound", "[call]") {
  test::world<> w{EACH_DRIVER};
  for (int call = 0; call != 50; ++call) {
    w.server.lose().lose().answer(200);
    REQUIRE(w.send(get));
  }
  const auto waits = w.waits();
  REQUIRE(waits.size() == 100);
  duration longest{}, shortest = 1h;
  for (std::size_t i = 0; i != 100; ++i) {
    CHECK(waits[i] >= 0s);
    CHECK(waits[i] <= (i % 2 == 0 ? 100ms : 200ms));
    if (i % 2 == 0) {
      longest = (std::max)(longest, waits[i]);
      shortest = (std::min)(shortest, waits[i]);
    }
  }
  CHECK(longest > 75ms);
  CHECK(shortest < 25ms);
}

TEST_CASE("throttling waits longer, and the server's own wish is kept", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("throttling") {
    duration longest{};
    for (int call = 0; call != 40; ++call) {
      w.server.answer(503, {}, error_document("SlowDown")).answer(200);
      REQUIRE(w.send(get));
    }
    for (const duration wait : w.waits()) longest = (std::max)(longest, wait);
    CHECK(longest > 250ms);
    CHECK(longest <= 500ms);
  }
  SECTION("seconds") {
    w.server.answer(503, {{"Retry-After", "7"}}).answer(200);
    REQUIRE(w.send(get));
    CHECK(w.waits() == std::vector<duration>{7s});
    CHECK(w.passed() == 7s);
  }
  SECTION("a date") {
    w.server.answer(503, {{"Retry-After", "Fri, 24 May 2013 00:00:09 GMT"}}).answer(200);
    REQUIRE(w.send(get));
    CHECK(w.waits() == std::vector<duration>{9s});
  }
  SECTION("milliseconds") {
    w.server.answer(500, {{"x-amz-retry-after", "1500"}}).answer(200);
    REQUIRE(w.send(get));
    CHECK(w.waits() == std::vector<duration>{1500ms});
  }
  SECTION("within reason") {
    w.server.answer(503, {{"Retry-After", "3000"}}).answer(200);
    REQUIRE(w.send(get));
    CHECK(w.waits() == std::vector<duration>{60s});
  }
  SECTION("nonsense is passed over") {
    for (const std::string_view value : {"", "soon", "-5", "1e9", "99999999999999999999", "Fri, 24 May 1999 00:00:09 GMT"}) {
      w.server.answer(503, {{"Retry-After", value}}).answer(200);
      REQUIRE(w.send(get));
    }
    for (const duration wait : w.waits()) CHECK(wait <= 500ms);
  }
}

TEST_CASE("the waits of a call are bounded together", "[call]") {
  test::world<> w{EACH_DRIVER};
  for (int i = 0; i != 5; ++i) w.server.answer(503, {{"Retry-After", "50"}});
  SECTION("by two minutes, if nothing else is said") {
    const auto out = w.send(get, {.max_attempts = 10});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::throttled);
    CHECK(out.error().attempts == 3);
    CHECK(w.passed() == 100s);
  }
  SECTION("for one call") {
    const auto out = w.send(get, {.limits = call_limits{.retry_waits = 60s}, .max_attempts = 10});
    REQUIRE_FALSE(out);
    CHECK(w.passed() == 50s);
  }
  SECTION("or not at all") {
    w.server.answer(200);
    const auto out = w.send(get, {.limits = call_limits{.retry_waits = 0s}, .max_attempts = 10});
    CHECK(out.has_value());
    CHECK(w.passed() == 250s);
  }
}

TEST_CASE("the total deadline is hard", "[call]") {
  test::world<> w{EACH_DRIVER};
  const call_options o{.limits = call_limits{.total = 10s}, .max_attempts = 10};
  SECTION("over an exchange") {
    w.server.then({.head = {500, {}}, .takes = 4s}).hang().answer(200);
    const auto out = w.send(get, o);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::deadline_exceeded);
    CHECK(out.error().attempts == 2);
    CHECK(w.passed() == 10s);
    CHECK(w.server.left() == 1);
  }
  SECTION("over waits: one that would end behind it is not begun") {
    w.server.answer(503, {{"Retry-After", "9"}}).answer(503, {{"Retry-After", "9"}}).answer(200);
    const auto out = w.send(get, o);
    REQUIRE_FALSE(out);
    CHECK(out.error().attempts == 2);
    CHECK(w.passed() == 9s);
  }
}

TEST_CASE("the number of attempts is the policy's, or the call's", "[call]") {
  test::world<> w{EACH_DRIVER};
  for (int i = 0; i != 9; ++i) w.server.answer(500);
  for (const auto& [asked, made] : {std::pair{1, 1}, {0, 1}, {-1, 1}, {2, 2}, {5, 5}}) {
    const auto before = w.server.sent().size();
    const auto out = w.send(get, {.max_attempts = asked});
    REQUIRE_FALSE(out);
    CHECK(out.error().attempts == made);
    CHECK(w.server.sent().size() - before == static_cast<std::size_t>(made));
    for (int i = 0; i != made; ++i) w.server.answer(500);
  }
}

TEST_CASE("the retry budget is the client's, and runs dry", "[call]") {
  test::world<> w{EACH_DRIVER};
  int retries = 0;
  for (int call = 0; call != 60; ++call) {
    w.server.answer(500).answer(500).answer(500);
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    retries += out.error().attempts - 1;
    while (w.server.left() != 0) REQUIRE_FALSE(w.send(get, {.max_attempts = 1}));
  }
  CHECK(retries == retry_budget::capacity / retry_budget::retry_cost);
  // Successes fill it again.
  for (int i = 0; i != retry_budget::retry_cost; ++i) {
    w.server.answer(200);
    REQUIRE(w.send(get));
  }
  w.server.answer(500).answer(200);
  CHECK(w.send(get).meta().attempts == 2);
}

TEST_CASE("the policy of the original Python module", "[call]") {
  test::world<with_retry<doubling_backoff>> w{EACH_DRIVER};
  SECTION("three attempts") {
    w.server.answer(500).answer(500).answer(500);
    CHECK(w.send(get).error().attempts == 3);
    CHECK(w.waits() == std::vector<duration>{2s, 4s});
  }
  SECTION("2, 4, 8, 10, 10 seconds") {
    for (int i = 0; i != 5; ++i) w.server.answer(500);
    w.server.answer(200);
    REQUIRE(w.send(get, {.max_attempts = 6}));
    CHECK(w.waits() == std::vector<duration>{2s, 4s, 8s, 10s, 10s});
    CHECK(w.passed() == 34s);
  }
}

TEST_CASE("without retries each request is sent once", "[call]") {
  test::world<with_retry<no_retry>> w{EACH_DRIVER};
  w.server.answer(500);
  CHECK(w.send(get, {.max_attempts = 5}).error().attempts == 1);
  w.server.lose();
  CHECK(w.send(get).error().attempts == 1);
}

TEST_CASE("a call can be cancelled", "[call]") {
  test::world<> w{EACH_DRIVER};
  cancel_source stop;
  const call_options o{.stop = stop.token()};
  SECTION("before it begins") {
    stop.cancel();
    const auto out = w.send(get, o);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
    CHECK(out.error().attempts == 0);
    CHECK(w.server.tried() == 0);
  }
  SECTION("in an exchange: it is not tried again") {
    w.server.compute([&](const recorded_request&) {
      stop.cancel();
      return scripted_reply{.head = {200, {}}, .body = "hello"};
    });
    const auto out = w.send(get, o);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
    CHECK(out.error().attempts == 1);
  }
  SECTION("in a wait: it does not wait to its end") {
    w.server.compute([&](const recorded_request&) {
      stop.cancel();
      return scripted_reply{.head = {503, {{"Retry-After", "30"}}}};
    });
    const auto out = w.send(get, o);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
    CHECK(out.error().attempts == 1);
    CHECK(w.passed() == 0s);
  }
}

TEST_CASE("every attempt rewinds the body, takes fresh credentials and signs again", "[call]") {
  test::world<> w{EACH_DRIVER};
  const auto start = w.clock.now().wall;
  w.identity.put("FIRST", "s1", "t1", start + 150s).put("SECOND", "s2", "t2");
  w.server.answer(503, {{"Retry-After", "40"}}).then({.head = {503, {{"Retry-After", "40"}}}, .takes = 59s}).answer(200);
  REQUIRE(w.send(put));
  REQUIRE(w.server.sent().size() == 3);
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK(w.sent(i).body == "hello");
    CHECK(w.sent(i).url == w.sent(0).url);
    CHECK(w.header("x-amz-checksum-crc64nvme", i) == w.header("x-amz-checksum-crc64nvme"));
  }
  CHECK(w.header("x-amz-date", 0) == "20130524T000000Z");
  CHECK(w.header("x-amz-date", 1) == "20130524T000040Z");
  CHECK(w.header("x-amz-date", 2) == "20130524T000219Z");
  // Those that are about to expire are replaced after the wait.
  CHECK(w.header("authorization", 1).find("FIRST") != std::string::npos);
  CHECK(w.header("authorization", 2).find("SECOND") != std::string::npos);
  CHECK(w.header("x-amz-security-token", 2) == "t2");
}

TEST_CASE("a body that can be read once is not sent twice", "[call]") {
  test::world<> w{EACH_DRIVER};
  std::size_t reads = 0;
  http::function_source once{[&](std::span<std::byte> into) {
                               if (reads++ != 0) return std::size_t{0};
                               into[0] = std::byte{'x'};
                               return std::size_t{1};
                             },
                             1};
  const put_object_request r{.bucket = "b", .key = "k", .body = once};
  SECTION("after it was read") {
    w.server.answer(503).answer(200);
    const auto out = w.send(r);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::throttled);
    CHECK(out.error().attempts == 1);
    CHECK(w.server.left() == 1);
  }
  SECTION("but where it was not read, it is") {
    w.server.refuse(error_kind::connect).answer(200);
    const auto out = w.send(r);
    REQUIRE(out);
    CHECK(out.meta().attempts == 2);
    CHECK(w.server.sent().size() == 1);
  }
}

TEST_CASE("after a lost answer a refusal may be our own success", "[call]") {
  const auto by = EACH_DRIVER;
  const auto check = [by](const auto& request, auto script) {
    test::world<> w{by};
    script(w.server);
    auto out = w.send(request);
    REQUIRE_FALSE(out);
    return out.error().maybe_own_success;
  };
  const put_object_request once{.bucket = "b", .key = "k", .body = "x", .if_none_match = "*"};
  const auto refusal = error_document("PreconditionFailed");
  for (const error_kind kind : {error_kind::connection_lost, error_kind::timeout, error_kind::transport})
    CHECK(check(once, [&](auto& s) { s.lose(kind).answer(412, {}, refusal); }));
  for (const int status : {500, 502, 503, 504}) CHECK(check(once, [&](auto& s) { s.answer(status).answer(412, {}, refusal); }));
  CHECK(check(abort_multipart_upload_request{.bucket = "b", .key = "k", .upload_id = "u"},
              [](auto& s) { s.lose().answer(404, {}, error_document("NoSuchUpload")); }));
  CHECK(check(delete_bucket_request{.bucket = "b"}, [](auto& s) { s.lose().answer(404, {}, error_document("NoSuchBucket")); }));
  CHECK(check(create_bucket_request{.bucket = "b"},
              [](auto& s) { s.lose().answer(409, {}, error_document("BucketAlreadyOwnedByYou")); }));

  // Not where no answer was lost, where nothing had left, where the refusal is of another kind, or where nothing can have been done.
  CHECK_FALSE(check(once, [&](auto& s) { s.answer(412, {}, refusal); }));
  CHECK_FALSE(check(once, [&](auto& s) { s.refuse(error_kind::connect).answer(412, {}, refusal); }));
  CHECK_FALSE(check(once, [&](auto& s) { s.answer(400, {}, error_document("RequestTimeout")).answer(412, {}, refusal); }));
  CHECK_FALSE(check(once, [&](auto& s) { s.lose().answer(403, {}, error_document("AccessDenied")); }));
  CHECK_FALSE(check(create_bucket_request{.bucket = "b"},
                    [](auto& s) { s.lose().answer(409, {}, error_document("BucketAlreadyExists")); }));
  CHECK_FALSE(check(get, [](auto& s) { s.lose().answer(404, {}, error_document("NoSuchKey")); }));
  CHECK_FALSE(check(head_bucket_request{.bucket = "b"}, [](auto& s) { s.lose().answer(404); }));
}

TEST_CASE("options belong to the call: they may be gone when it runs", "[call]") {
  test::world<> w{test::driver::loop};
  w.server.answer(200);
  auto o = std::make_unique<call_options>();
  o->fields.add("x-own", "a value that is too long to be kept inside a string");
  sans_io::call machine{get, w.client().shared(), *o};
  o.reset();
  loop_driver many{w.client().shared(), w.server};
  many.start(machine, [](auto out) { CHECK(out.has_value()); });
  many.run();
  CHECK(w.header("x-own") == "a value that is too long to be kept inside a string");
}
