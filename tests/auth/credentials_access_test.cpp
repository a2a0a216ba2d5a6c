// How do the calls of a client share one fetch: who fetches, who waits, and how does that end?
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <s3store/auth/credentials_access.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/drive/blocking.hpp>
#include <s3store/protocol/credentials_lookup.hpp>
#include <s3store/transports/scripted.hpp>

#include "support/harness.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
const timestamp noon = *parse_iso8601("20240229T120000Z");
constexpr auto never = (steady_time::max)();
instants at(duration since_noon) {
  return {steady_time{since_noon}, noon + std::chrono::duration_cast<std::chrono::microseconds>(since_noon)};
}
auth::credentials until(std::string id, duration since_noon) { return {std::move(id), "HUSH", "", at(since_noon).wall}; }

bool fetches(const sans_io::step& s) { return std::holds_alternative<sans_io::need_credentials>(s); }
bool is_done(const sans_io::step& s) { return std::holds_alternative<sans_io::done>(s); }
const sans_io::wait* wait_of(const sans_io::step& s) { return std::get_if<sans_io::wait>(&s); }

struct two_calls {
  auth::credentials_cache cache{};
  auth::credentials_access first{cache}, second{cache};
  cancel_source stop{};
  sans_io::step first_step{first.next(at(0s), never, {})}, second_step{second.next(at(0s), at(1min).steady, stop.token())};
};
}  // namespace

TEST_CASE("the first call fetches, and the second waits until that has ended", "[auth]") {
  two_calls c;
  REQUIRE(fetches(c.first_step));
  const auto* const waiting = wait_of(c.second_step);
  REQUIRE(waiting);
  CHECK(!waiting->stop.cancelled());
  CHECK(waiting->until == at(1min).steady);  // its deadline
  CHECK(wait_of(c.second.next(at(1s), at(1min).steady, c.stop.token())));

  SECTION("it worked") {
    c.first.fetched(until("A", 1h), at(2s));
    CHECK(waiting->stop.cancelled());
    CHECK(is_done(c.first.next(at(2s), never, {})));
    REQUIRE(is_done(c.second.next(at(2s), at(1min).steady, c.stop.token())));
    CHECK(c.second->access_key_id == "A");
    CHECK(c.second.get() == c.first.get());
  }
  SECTION("it failed for both") {
    c.first.fetched(detail::fail(error_kind::credentials, "closed"), at(2s));
    CHECK(waiting->stop.cancelled());
    REQUIRE(is_done(c.second.next(at(2s), at(1min).steady, c.stop.token())));
    CHECK(!c.second);
    CHECK(c.second.failure().message == "closed");
    CHECK(c.first.failure().message == "closed");
  }
  SECTION("the first was cancelled, and the second fetches") {
    c.first.fetched(detail::fail(error_kind::cancelled, "enough"), at(2s));
    CHECK(fetches(c.second.next(at(2s), at(1min).steady, c.stop.token())));
    CHECK(c.first.failure().kind == error_kind::cancelled);
  }
  SECTION("the second is cancelled") {
    c.stop.cancel();
    CHECK(waiting->stop.cancelled());
    REQUIRE(is_done(c.second.next(at(2s), at(1min).steady, c.stop.token())));
    CHECK(c.second.failure().kind == error_kind::cancelled);
  }
  SECTION("the second has no time left") {
    REQUIRE(is_done(c.second.next(at(1min), at(1min).steady, c.stop.token())));
    CHECK(c.second.failure().kind == error_kind::deadline_exceeded);
  }
}

TEST_CASE("if the call that fetches is destroyed, one that waits fetches", "[auth]") {
  auth::credentials_cache cache;
  auth::credentials_access second{cache};
  std::optional<sans_io::step> waiting;
  {
    auth::credentials_access first{cache};
    REQUIRE(fetches(first.next(at(0s), never, {})));
    waiting = second.next(at(0s), never, {});
    REQUIRE(wait_of(*waiting));
  }
  CHECK(wait_of(*waiting)->stop.cancelled());
  CHECK(fetches(second.next(at(0s), never, {})));
}

TEST_CASE("a call takes no longer to get credentials than it has time, or than its caller wants", "[auth]") {
  struct slow_machine {
    using value_type = auth::credentials;
    sans_io::step next(instants now) { return sans_io::wait{now.steady + 1h, {}}; }
    void sent(http::outcome) {}
    result<auth::credentials> finish() { return auth::credentials{}; }
  };
  struct slow_provider {
    auto fetch() const { return slow_machine{}; }
  };
  const auth::provider slow{slow_provider{}};
  cancel_source stop;
  auto machine = slow.fetch({at(5s).steady, stop.token()});
  const auto first = machine.next(at(0s));
  REQUIRE(wait_of(first));
  CHECK(wait_of(first)->until == at(5s).steady);
  SECTION("time") {
    REQUIRE(is_done(machine.next(at(5s))));
    CHECK(machine.finish().error().kind == error_kind::deadline_exceeded);
  }
  SECTION("will") {
    stop.cancel();
    CHECK(wait_of(first)->stop.cancelled());
    REQUIRE(is_done(machine.next(at(1s))));
    CHECK(machine.finish().error().kind == error_kind::cancelled);
  }
}

namespace {
constexpr int crowd = 64;
/// Fetches only once all threads are under way.
class counting_provider {
 public:
  struct counts {
    std::atomic<int> begun{}, fetched{};
  };
  explicit counting_provider(std::shared_ptr<counts> c) : counts_(std::move(c)) {}
  auto fetch() const { return auth::local_fetch<counting_provider>{*this}; }
  result<auth::credentials> load(timestamp now) const {
    const int n = ++counts_->fetched;
    while (n == 2 && counts_->begun != crowd) std::this_thread::yield();
    return auth::credentials{n == 1 ? "OLD" : "NEW", "HUSH", "", now + 1h};
  }

 private:
  std::shared_ptr<counts> counts_;
};
struct counting_policies : test::policies {
  using credentials = counting_provider;
};
/// Needs credentials and nothing else.
struct lookup : sans_io::credentials_lookup<counting_policies> {
  using value_type = std::string;
  explicit lookup(sans_io::session<counting_policies>& s) : credentials_lookup(s) {}
  result<std::string> finish() {
    if (refused()) return *refused();
    return found().access_key_id;
  }
};
}  // namespace

TEST_CASE("sixty-four threads at the time of expiry: one fetch", "[auth][threads]") {
  const auto past = GENERATE(46min, 53min, 61min);  // the others go on; or wait; or wait, since the old credentials are no use
  CAPTURE(past.count());
  const auto counts = std::make_shared<counting_provider::counts>();
  manual_clock clock;
  sans_io::session<counting_policies> shared{{}, {.credentials = counting_provider{counts}, .clock = clock}};
  const auto ask = [&] {
    scripted_transport nobody{clock};
    test::patient_sleeper sleeper{clock};
    lookup machine{shared};
    return sans_io::drive(machine, shared, nobody, sleeper).value();
  };
  REQUIRE(ask() == "OLD");
  clock.advance(past);

  std::vector<std::string> got(crowd);
  std::vector<std::thread> threads;
  for (auto& text : got)
    threads.emplace_back([&] {
      ++counts->begun;
      text = ask();
    });
  for (auto& t : threads) t.join();
  CHECK(counts->fetched == 2);
  int with_old = 0;
  for (const auto& text : got) {
    with_old += text == "OLD";
    CHECK((text == "OLD" || text == "NEW"));
  }
  CHECK(with_old <= (past == 46min ? crowd - 1 : 0));
  CHECK(ask() == "NEW");
  CHECK(counts->fetched == 2);
}
