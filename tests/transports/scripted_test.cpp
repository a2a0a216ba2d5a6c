#include <s3store/transports/scripted.hpp>

#include <s3store/http/body.hpp>

#include "support/catch.hpp"
#include "support/lying_source.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

struct collector final : http::receiver {
  result<http::sink*> on_response(http::response&& head) noexcept override {
    ++heads;
    last = std::move(head);
    return into;
  }
  std::string body{};
  http::string_sink text{body};
  http::sink* into{&text};
  http::response last{};
  int heads{};
};

http::request get(std::string url = "http://s3.test/a") { return {.verb = http::method::get, .url = std::move(url)}; }

/// The two ways to run an exchange.
struct blocking {
  static http::outcome run(scripted_transport& t, http::exchange x) { return t.perform(std::move(x)); }
};
struct looping {
  static http::outcome run(scripted_transport& t, http::exchange x) {
    t.start(std::move(x), &t);
    auto over = t.poll((steady_time::max)());
    REQUIRE(over);
    REQUIRE(over->tag == &t);
    return std::move(over->what);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a script plays once, in order", "[scripted]", blocking, looping) {
  scripted_transport server;
  collector in;
  auto r = get();
  const auto ask = [&] { return TestType::run(server, {&r, &in}); };

  SECTION("an empty one is an error") {
    const auto out = ask();
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::transport);
    CHECK(out.error().message == "the script has no more answers");
    CHECK(server.tried() == 1);
    CHECK(server.sent().empty());
  }
  SECTION("answers and failures") {
    server.answer(503, {{"Retry-After", "1"}}, "slow down").refuse(error_kind::connect).lose().answer(200, {}, "hello");
    CHECK(server.left() == 4);
    REQUIRE(ask());
    CHECK(in.last.status == 503);
    CHECK(in.last.fields.get("retry-after") == "1");
    CHECK(in.body == "slow down");
    CHECK(ask().error().kind == error_kind::connect);
    CHECK(ask().error().kind == error_kind::connection_lost);
    CHECK(in.heads == 1);
    in.body.clear();
    const auto out = ask();
    REQUIRE(out);
    CHECK(out->received == 5);
    CHECK(in.body == "hello");
    CHECK(server.left() == 0);
    CHECK(server.tried() == 4);
    CHECK(server.sent().size() == 3);  // the refused one never left
  }
  SECTION("a body that is cut") {
    server.cut(200, {{"Content-Length", "5"}}, "hello", 2).cut(200, {}, "hello", 0, error_kind::timeout);
    CHECK(ask().error().kind == error_kind::connection_lost);
    CHECK(in.body == "he");
    CHECK(in.heads == 1);
    CHECK(ask().error().kind == error_kind::timeout);
    CHECK(in.body == "he");
    CHECK(in.heads == 2);
  }
  SECTION("a HEAD has no body, a null sink drops it, a full one fails") {
    server.answer(200, {}, "hello").answer(200, {}, "hello").answer(200, {}, "hello");
    r.verb = http::method::head;
    CHECK(ask()->received == 0);
    CHECK(in.body.empty());
    r.verb = http::method::get;
    in.into = nullptr;
    CHECK(ask()->received == 5);
    http::string_sink small{in.body, 3};
    in.into = &small;
    CHECK(ask().error().kind == error_kind::too_large);
  }
  SECTION("an answer computed from the request, once and forever") {
    server.compute([](const recorded_request& q) { return scripted_reply{.head = {201}, .body = q.body + q.url}; });
    server.compute([n = 0](const recorded_request&) mutable { return scripted_reply{.body = std::to_string(++n)}; }, true);
    http::memory_source body{"I said "};
    r = {http::method::put, "http://s3.test/b", {}, &body};
    REQUIRE(ask());
    CHECK(in.last.status == 201);
    CHECK(in.body == "I said http://s3.test/b");
    in.body.clear();
    r = get();
    for (int i = 0; i != 3; ++i) REQUIRE(ask());
    CHECK(in.body == "123");
    CHECK(server.left() == 1);
  }
}

TEST_CASE("what was sent is kept, and all copies see it", "[scripted]") {
  scripted_transport server;
  server.answer(200).answer(200).answer(200).answer(200);
  scripted_transport owned_by_client = server;
  collector in;

  const std::string large(100'000, 'x');
  http::memory_source body{large};
  http::request put{http::method::put, "http://s3.test/a?b", {{"x-amz-date", "d"}}, &body};
  REQUIRE(owned_by_client.perform({&put, &in})->sent == 100'000);
  const auto sent = server.sent();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].verb == http::method::put);
  CHECK(sent[0].url == "http://s3.test/a?b");
  CHECK(sent[0].fields == http::headers{{"x-amz-date", "d"}});
  CHECK(sent[0].body == large);
  CHECK(sent[0].has_body);

  http::function_source lying([n = 0](std::span<std::byte>) mutable -> std::size_t { return n++ == 0 ? 3 : 0; }, 5);
  http::request lie{http::method::put, "http://s3.test/a", {}, &lying};
  CHECK(owned_by_client.perform({&lie, &in}).error().kind == error_kind::body_source);
  http::function_source throwing([](std::span<std::byte>) -> std::size_t { throw 1; });
  http::request thrown{http::method::put, "http://s3.test/a", {}, &throwing};
  CHECK(owned_by_client.perform({&thrown, &in}).error().thrown);
  CHECK(server.sent().size() == 1);
}

TEMPLATE_TEST_CASE("cancelling and limits", "[scripted]", blocking, looping) {
  manual_clock clock;
  scripted_transport server{clock};
  collector in;
  auto r = get();
  const auto start = clock.now().steady;
  const auto kind = [&](http::limits l) {
    const auto out = TestType::run(server, {&r, &in, l});
    return out ? error_kind::none : out.error().kind;
  };

  SECTION("a cancelled token") {
    cancel_source stop;
    stop.cancel();
    server.answer(200);
    CHECK(TestType::run(server, {&r, &in, {}, stop.token()}).error().kind == error_kind::cancelled);
    CHECK(server.left() == 1);
    CHECK(in.heads == 0);
  }
  SECTION("a deadline that has passed") {
    server.answer(200);
    CHECK(kind({.deadline = start}) == error_kind::deadline_exceeded);
    CHECK(server.left() == 1);
  }
  SECTION("a server that never answers runs into the first limit, in the clock's time") {
    server.hang().hang().hang();
    CHECK(kind({.first_byte = 60s, .deadline = start + 90s}) == error_kind::timeout);
    CHECK(clock.now().steady - start == 60s);
    CHECK(kind({.first_byte = 60s, .deadline = start + 90s}) == error_kind::deadline_exceeded);
    CHECK(clock.now().steady - start == 90s);
    CHECK(kind({}) == error_kind::transport);
    CHECK(in.heads == 0);
    CHECK(server.sent().size() == 3);
  }
  SECTION("a slow one, in time and too late") {
    server.then({.body = "x", .takes = 5s}).then({.body = "x", .takes = 5s});
    CHECK(kind({.first_byte = 6s}) == error_kind::none);
    CHECK(clock.now().steady - start == 5s);
    CHECK(kind({.first_byte = 4s}) == error_kind::timeout);
    CHECK(clock.now().steady - start == 9s);
  }
}

TEST_CASE("as a loop", "[scripted]") {
  manual_clock clock;
  scripted_transport server{clock};
  server.compute([](const recorded_request& q) { return scripted_reply{.body = q.url}; }, true);
  auto a = get("http://s3.test/a"), b = get("http://s3.test/b"), c = get("http://s3.test/c");
  collector in_a, in_b, in_c;

  SECTION("it finishes in the order of the starts, without those that were cancelled") {
    server.start({&a, &in_a}, &a);
    server.start({&b, &in_b}, &b);
    server.start({&c, &in_c}, &c);
    server.cancel(&b);
    CHECK(server.sent().empty());
    const auto first = server.poll((steady_time::max)()), second = server.poll((steady_time::max)());
    CHECK(first->tag == &a);
    CHECK(first->what);
    CHECK(second->tag == &c);
    CHECK_FALSE(server.poll((steady_time::max)()));
    CHECK(in_a.body == a.url);
    CHECK(in_b.heads == 0);
    CHECK(in_c.body == c.url);
  }
  SECTION("a poll with nothing to do moves the clock to its end, unless it is woken") {
    const auto start = clock.now().steady;
    server.wake();
    CHECK_FALSE(server.poll(start + 10s));
    CHECK(clock.now().steady == start);
    CHECK_FALSE(server.poll(start + 10s));
    CHECK(clock.now().steady == start + 10s);
    CHECK_FALSE(server.poll(start));
    CHECK_FALSE(server.poll((steady_time::max)()));
    CHECK(clock.now().steady == start + 10s);
  }
}

TEST_CASE("a manual clock and a sleeper that moves it", "[scripted]") {
  manual_clock clock;
  const recording_sleeper sleeper{clock};
  const auto start = clock.now();
  CHECK(format_iso8601(start.wall) == "2013-05-24T00:00:00Z");

  clock.advance(1500ms);
  CHECK(clock.now().steady - start.steady == 1500ms);
  CHECK(clock.now().wall - start.wall == 1500ms);
  CHECK(sleeper.sleep_until(start.steady + 3s, {}));
  CHECK(sleeper.sleep_until(start.steady, {}));
  CHECK(clock.now().steady - start.steady == 3s);
  CHECK(sleeper.waits() == std::vector<duration>{1500ms, 0s});

  cancel_source stop;
  stop.cancel();
  CHECK(sleeper.sleep_until(start.steady + 9s, stop.token()).error().kind == error_kind::cancelled);
  CHECK(sleeper.waits().size() == 2);
  clock.set_wall(start.wall - 1h);
  CHECK(clock.now().steady - start.steady == 3s);
  CHECK(clock.now().wall == start.wall - 1h);
}

TEMPLATE_TEST_CASE("a source that returns more than its room is the exchange's error, over a script", "[scripted]", blocking, looping) {
  scripted_transport server;
  collector in;
  server.answer(200);
  test::lying_source source{100};
  http::request r{http::method::put, "http://s3.test/a", {}, &source};
  const auto out = TestType::run(server, {&r, &in});
  REQUIRE_FALSE(out);
  CHECK(test::tells_both_numbers(out.error(), 16 * 1024));
  CHECK(server.sent().empty());
}
