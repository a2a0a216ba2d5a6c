// Does a small document come whole, is it asked for again where that may help, and does a broken service cost no more than it may?
#include <s3store/http/small_exchange.hpp>

#include "support/provider_world.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

struct asking {
  using value_type = sans_io::small_answer;
  explicit asking(sans_io::small_request what) { exchange.start(std::move(what)); }
  sans_io::step next(instants now) {
    auto needs = exchange.next(now);
    return needs ? *needs : sans_io::done{};
  }
  void sent(http::outcome o) { exchange.sent(std::move(o)); }
  result<sans_io::small_answer> finish() { return exchange.finish(); }
  sans_io::small_exchange exchange{};
};

struct world : test::provider_world {
  result<sans_io::small_answer> ask(sans_io::small_request what = {.url = "http://service/"}) {
    asking m{std::move(what)};
    return sans_io::drive(m, shared, server, sleeper);
  }
};

}  // namespace

TEST_CASE("an answer comes with status, fields and body", "[http]") {
  world w;
  w.server.answer(404, {{"A", "1"}}, "not here");
  const auto got = w.ask({.verb = http::method::put, .url = "http://service/a", .fields = {{"B", "2"}}, .body = "a body"});
  REQUIRE(got);
  CHECK(got->status == 404);
  CHECK(got->fields.get("a") == "1");
  CHECK(std::string_view{got->body} == "not here");
  REQUIRE(w.server.sent().size() == 1);
  CHECK(w.server.sent()[0].body == "a body");
  CHECK(w.server.sent()[0].fields.get("B") == "2");
}

TEST_CASE("what may pass is tried again, after pauses that grow", "[http]") {
  world w;
  SECTION("and then succeeds") {
    w.server.answer(500, {}, "first").lose().answer(200, {}, "ok");
    const auto got = w.ask();
    REQUIRE(got);
    CHECK(std::string_view{got->body} == "ok");
    CHECK(w.sleeper.waits() == std::vector<duration>{250ms, 500ms});
  }
  SECTION("or the last answer counts") {
    w.server.answer(503, {}, "1").answer(503, {}, "2").answer(503, {}, "3");
    CHECK(std::string_view{w.ask()->body} == "3");
  }
  SECTION("or the last failure") {
    w.server.refuse(error_kind::connect).lose().lose();
    CHECK(w.ask().error().kind == error_kind::connection_lost);
  }
  SECTION("with the whole body each time") {
    w.server.answer(500).answer(200);
    REQUIRE(w.ask({.verb = http::method::post, .url = "http://service/", .body = "token"}));
    CHECK(w.server.sent()[1].body == "token");
  }
}

TEST_CASE("what another attempt would not change is told at once", "[http]") {
  world w;
  SECTION("a status that is final") {
    w.server.answer(403);
    CHECK(w.ask()->status == 403);
  }
  SECTION("an answer that is too long") {
    w.server.answer(200, {}, std::string(11, 'x'));
    CHECK(w.ask({.url = "http://service/", .max_bytes = 10}).error().kind == error_kind::too_large);
  }
  SECTION("one attempt is all that there is") {
    w.server.answer(500);
    CHECK(w.ask({.url = "http://service/", .attempts = 1})->status == 500);
  }
  SECTION("a redirect is an answer, and is not followed") {
    w.server.answer(302, {{"Location", "http://elsewhere/"}});
    CHECK(w.ask()->status == 302);
  }
  CHECK(w.server.sent().size() == 1);
}

TEST_CASE("a service that does not answer costs its limits and no more", "[http]") {
  world w;
  w.server.hang().hang().hang();
  const auto start = w.shared.now().steady;
  CHECK(w.ask({.url = "http://service/", .within = {.first_byte = 1s}}).error().kind == error_kind::timeout);
  CHECK(w.shared.now().steady - start == 3750ms);
}
