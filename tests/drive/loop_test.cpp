// Do many machines run at once on one thread?
#include <thread>

#include "drive/machines.hpp"

#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {
struct stage {
  test::small_session shared{};
  scripted_transport server{shared.clock};
  std::vector<std::string> ends{};
  auto end() {
    return [this](result<std::string> out) { ends.push_back(out ? *out : out.error().describe()); };
  }
};
}  // namespace

TEST_CASE("machines take their steps in turn, and waits pass together", "[loop]") {
  stage s;
  s.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  test::planned a{"sws"}, b{"wsc"}, c{"www"}, none{""};
  loop_driver many{s.shared, s.server};
  const auto start = s.shared.clock.now().steady;
  many.start(a, s.end());
  many.start(b, s.end());
  many.start(c, s.end());
  CHECK(s.ends.empty());
  many.start(none, s.end());
  CHECK(s.ends == std::vector<std::string>{""});  // done at its first step
  many.run();
  CHECK(s.ends == std::vector<std::string>{"", "sent waited sent ", "waited sent ASKED ", "waited waited waited "});
  CHECK(s.shared.clock.now().steady - start == 15s);
  CHECK_FALSE(many.turn({}));
  many.run();  // with nothing to do
}

TEST_CASE("a machine that ends may start others", "[loop]") {
  stage s;
  s.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  loop_driver many{s.shared, s.server};
  std::vector<std::unique_ptr<test::planned>> more;
  int left = 100;
  const auto again = [&](auto& self) -> void {
    if (left == 0) return;
    --left;
    more.push_back(std::make_unique<test::planned>(left % 3 == 0 ? "" : left % 3 == 1 ? "s" : "w"));
    many.start(*more.back(), [&](result<std::string> out) {
      REQUIRE(out);
      s.ends.push_back(*out);
      self(self);
    });
  };
  again(again);
  again(again);
  many.run();
  CHECK(s.ends.size() == 100);
}

TEST_CASE("failures and missing credentials are each machine's own", "[loop]") {
  stage s;
  s.server.lose().refuse(error_kind::connect).answer(200);
  test::planned a{"s"}, b{"c"}, c{"s"};
  loop_driver many{s.shared, s.server};
  many.start(a, s.end());
  many.start(b, s.end());
  many.start(c, s.end());
  many.run();
  CHECK(s.ends == std::vector<std::string>{"connection lost ", "none ", "sent "});
}

TEST_CASE("a turn waits no longer than it is told", "[loop]") {
  stage s;
  test::planned a{"w"};
  loop_driver many{s.shared, s.server};
  many.start(a, s.end());
  const auto start = s.shared.clock.now().steady;
  CHECK(many.turn(start + 2s));
  CHECK(s.shared.clock.now().steady == start + 2s);
  CHECK(many.turn(start + 4s));
  CHECK(s.ends.empty());
  while (many.turn((steady_time::max)())) {
  }
  CHECK(s.ends == std::vector<std::string>{"waited "});
}

TEST_CASE("waits with one token are all woken, also after one of them is over", "[loop]") {
  stage s;
  cancel_source stop;
  s.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  test::planned a{"ws", stop.token()}, b{"wwww", stop.token()};
  loop_driver many{s.shared, s.server};
  many.start(a, s.end());
  const auto start = s.shared.clock.now().steady;
  many.turn(start + 3s);
  many.start(b, s.end());
  many.turn(start + 5s);  // the first wait ends here, and its alarm with it
  many.turn(start + 5s);
  CHECK(s.shared.clock.now().steady == start + 5s);
  stop.cancel();
  many.turn(start + 1h);  // woken: the clock does not move
  CHECK(s.shared.clock.now().steady == start + 5s);
  many.run();
  CHECK(s.ends.size() == 2);
  CHECK(s.shared.clock.now().steady == start + 5s);
}

TEST_CASE("what is under way is forgotten when the driver goes", "[loop]") {
  stage s;
  s.server.answer(200).answer(200);
  {
    test::planned a{"s"}, b{"w"};
    loop_driver many{s.shared, s.server};
    many.start(a, s.end());
    many.start(b, s.end());
  }
  CHECK_FALSE(s.server.poll(s.shared.clock.now().steady));  // no completion for what is gone
  CHECK(s.ends.empty());
  CHECK(s.server.tried() == 0);
}

TEST_CASE("a machine's children run beside each other, and it goes on when one ends", "[loop]") {
  stage s;
  s.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  loop_driver many{s.shared, s.server};
  const auto start = s.shared.clock.now().steady;
  SECTION("as many at once as it likes") {
    test::family parent{{"www", "ww", "w", "s", ""}, 5};
    many.start(parent, s.end());
    many.run();
    CHECK(s.ends == std::vector<std::string>{"| sent | waited | waited waited | waited waited waited | "});
    CHECK(s.shared.clock.now().steady - start == 15s);
    CHECK(parent.most_at_once == 5);
  }
  SECTION("two at once") {
    test::family parent{{"www", "w", "w", "w", "sc"}, 2};
    many.start(parent, s.end());
    many.run();
    CHECK(s.ends == std::vector<std::string>{"waited | waited | waited waited waited | waited | sent ASKED | "});
    CHECK(parent.most_at_once == 2);
  }
  SECTION("a thousand that end at their first step") {
    test::family parent{std::vector<std::string>(1000), 1};
    many.start(parent, s.end());
    many.run();
    REQUIRE(s.ends.size() == 1);
    CHECK(s.ends[0].size() == 2000);
  }
  SECTION("none") {
    test::family parent{{}, 1};
    many.start(parent, s.end());
    CHECK(s.ends == std::vector<std::string>{""});
  }
  SECTION("several such machines") {
    test::family one{{"w", "s", "w"}, 2}, other{{"s", "s"}, 1};
    test::planned alone{"sw"};
    many.start(one, s.end());
    many.start(alone, s.end());
    many.start(other, s.end());
    many.run();
    std::sort(s.ends.begin(), s.ends.end());
    CHECK(s.ends == std::vector<std::string>{"sent waited ", "sent | sent | ", "sent | waited | waited | "});
  }
}

TEST_CASE("children that are under way are forgotten with the driver", "[loop]") {
  stage s;
  s.server.answer(200).answer(200);
  test::family parent{{"s", "w", "s"}, 3};
  {
    loop_driver many{s.shared, s.server};
    many.start(parent, s.end());
  }
  CHECK_FALSE(s.server.poll(s.shared.clock.now().steady));
  CHECK(s.server.tried() == 0);
}

TEST_CASE("children whose common token is cancelled end, and then the machine", "[loop]") {
  stage s;
  cancel_source stop;
  loop_driver many{s.shared, s.server};
  test::family parent{std::vector<std::string>(100, "w"), 100, stop.token()};
  many.start(parent, s.end());
  many.turn(s.shared.clock.now().steady);
  stop.cancel();
  const auto start = s.shared.clock.now().steady;
  many.run();
  CHECK(s.shared.clock.now().steady == start);
  REQUIRE(s.ends.size() == 1);
  CHECK(s.ends[0].find("waited") == std::string::npos);
}

TEST_CASE("a wait that is cancelled from another thread ends, whoever else waits", "[loop][threads]") {
  stage s;
  s.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  loop_driver many{s.shared, s.server};
  std::vector<cancel_source> stops(50);
  std::vector<std::unique_ptr<test::planned>> all;
  for (const auto& stop : stops) all.push_back(std::make_unique<test::planned>("wwwws", stop.token()));
  for (const auto& m : all) many.start(*m, s.end());
  std::thread other{[&stops] {
    for (const auto& stop : stops) stop.cancel();
  }};
  many.run();
  other.join();
  CHECK(s.ends.size() == 50);
}

TEST_CASE("calls of one client run beside each other, and share what one of them learns", "[loop]") {
  test::world<> w{test::driver::loop};
  w.server.compute(
      [](const recorded_request& r) {
        if (r.url.find("us-east-1") != std::string::npos)
          return scripted_reply{.head = {301, {{"x-amz-bucket-region", "eu-west-1"}}}};
        return scripted_reply{.body = std::string(test::url_parts{r.url}.path)};
      },
      true);
  loop_driver many{w.client().shared(), w.server};
  std::vector<get_object_request> requests;
  for (int i = 0; i != 20; ++i) requests.push_back({.bucket = "bucket", .key = std::to_string(i)});
  std::vector<std::unique_ptr<sans_io::call<get_object_request, test::policies>>> calls;
  int right = 0;
  for (const auto& r : requests) {
    calls.push_back(std::make_unique<sans_io::call<get_object_request, test::policies>>(r, w.client().shared(), call_options{}));
    many.start(*calls.back(), [&, path = "/" + r.key](auto out) { right += out && out->body == path; });
  }
  many.run();
  CHECK(right == 20);
}
