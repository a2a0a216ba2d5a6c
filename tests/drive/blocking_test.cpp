// Does the blocking driver do what each step says?
#include <thread>

#include <s3store/auth/chain.hpp>

#include "drive/machines.hpp"

using namespace s3store;
using namespace std::chrono_literals;

TEST_CASE("each step is taken in turn", "[drive]") {
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  server.answer(200).lose().answer(200);
  test::planned m{"swswc"};
  const auto out = sans_io::drive(m, shared, server, sleeper);
  REQUIRE(out);
  CHECK(*out == "sent waited connection lost waited ASKED ");
  CHECK(sleeper.waits() == std::vector<duration>{5s, 5s, 1s});
  CHECK(server.sent().back().url == "http://credentials/");
}

TEST_CASE("credentials that cannot be had are handed on", "[drive]") {
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  server.refuse(error_kind::connect);
  test::planned m{"c"};
  CHECK(*sans_io::drive(m, shared, server, sleeper) == "none ");
}

TEST_CASE("a cancelled wait ends at once", "[drive]") {
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  cancel_source stop;
  stop.cancel();
  test::planned m{"w", stop.token()};
  CHECK(*sans_io::drive(m, shared, server, sleeper) == "stopped ");
  CHECK(sleeper.waits().empty());
}

TEST_CASE("a real sleeper waits, and wakes up when it is told to", "[drive]") {
  const thread_sleeper sleeper;
  SECTION("a time that is past") { CHECK(sleeper.sleep_until(std::chrono::steady_clock::now() - 1h, {})); }
  SECTION("a token that is cancelled already") {
    cancel_source stop;
    stop.cancel();
    CHECK(sleeper.sleep_until(std::chrono::steady_clock::now() + 1h, stop.token()).error().kind == error_kind::cancelled);
  }
  SECTION("a token that is cancelled meanwhile, in an hour's wait and in one without an end") {
    for (const auto until : {std::chrono::steady_clock::now() + 1h, (steady_time::max)()}) {
      cancel_source stop;
      std::thread other{[&stop] { stop.cancel(); }};
      CHECK(sleeper.sleep_until(until, stop.token()).error().kind == error_kind::cancelled);
      other.join();
    }
  }
  SECTION("the beginning of time") { CHECK(sleeper.sleep_until((steady_time::min)(), {})); }
}

TEST_CASE("on one thread without a loop, a machine's children run one after another", "[drive]") {
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  server.answer(200).answer(200);
  test::family parent{{"ws", "", "sc"}, 3};
  CHECK(*sans_io::drive(parent, shared, server, sleeper) == "waited sent | | sent none | ");
  CHECK(parent.most_at_once == 1);
}

TEST_CASE("a machine that asks for what it cannot take ends with an error", "[drive]") {
  const sans_io::local_task task{sans_io::read_file{"/dev/null"}};
  test::planned child{""};
  sans_io::machine_ref ref{child};
  const std::string member = GENERATE("local_done", "credentials", "ended");
  const sans_io::step step = member == "local_done"    ? sans_io::step{sans_io::local{&task}}
                             : member == "credentials" ? sans_io::step{sans_io::need_credentials{}}
                                                       : sans_io::step{sans_io::start{&ref}};
  const std::string expected = sans_io::unanswerable(member).message;
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  test::deaf<std::string> m{step};
  CHECK(sans_io::drive(m, shared, server, sleeper).error().message == expected);

  std::string message;
  loop_driver many{shared, server};
  many.start(m, [&](const result<std::string>& out) { message = out.error().message; });
  many.run();
  CHECK(message == expected);
}

TEST_CASE("a provider whose machine does so fails, behind the interface and in a chain", "[drive]") {
  const sans_io::local_task task{sans_io::read_file{"/dev/null"}};
  const test::deaf_provider deaf{sans_io::local{&task}};
  const std::string expected = sans_io::unanswerable("local_done").message;
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  auto any = auth::provider{deaf}.fetch();
  CHECK(sans_io::drive(any, shared, server, sleeper).error().message == expected);
  const auth::credentials_chain chain{deaf, auth::anonymous_credentials{}};
  auto first = chain.fetch();
  CHECK(sans_io::drive(first, shared, server, sleeper).error().message == expected);
}
