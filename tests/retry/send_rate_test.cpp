// Is a client that is throttled held back as AWS's SDKs hold theirs back, and let go again?
#include <s3store/retry/send_rate.hpp>

#include <cmath>
#include <sstream>
#include <vector>

#include <s3store/operations/object.hpp>

#include "support/harness.hpp"
#include "support/python.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
steady_time at(double seconds) { return steady_time{std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds))}; }
}  // namespace

TEST_CASE("nothing is held back until an answer throttles", "[retry]") {
  send_rate rate;
  for (int i = 0; i != 1000; ++i) {
    CHECK(rate.take(at(5)) == at(5));
    rate.answered(false, at(5));
  }
  CHECK(rate.limit() == 0);
}

TEST_CASE("then requests wait for their turn, one after the other", "[retry]") {
  send_rate rate;
  for (int i = 0; i != 40; ++i) rate.answered(false, at(10 + i * 0.05));
  rate.answered(true, at(12));
  const double limit = rate.limit();
  CHECK(limit > 5);
  std::vector<double> turns;
  for (int i = 0; i != 5; ++i) turns.push_back(std::chrono::duration<double>(rate.take(at(12)) - at(12)).count());
  for (std::size_t i = 1; i != turns.size(); ++i) CHECK(std::abs(turns[i] - turns[i - 1] - 1 / limit) < 1e-6);
  // A second later so many tokens have come again.
  CHECK(rate.take(at(12 + 10 / limit)) == at(12 + 10 / limit));
}

TEST_CASE("the numbers are botocore's", "[retry][oracle]") {
  // Each line: when an answer came, whether it throttled, and the limit after it.
  std::istringstream lines{test::run_python(R"(
import random
from botocore.retries import adaptive, bucket, throttling
class Clock:
    now = 1000.25
    def current_time(self): return self.now
    def sleep(self, amount): pass
class Detector:
    def is_throttling_error(self, throttled): return throttled
for seed in range(20):
    rng = random.Random(seed)
    clock = Clock()
    tokens = bucket.TokenBucket(max_rate=1, clock=clock)
    limiter = adaptive.ClientRateLimiter(throttling.CubicCalculator(0, clock.now), adaptive.RateClocker(clock), tokens, Detector(), clock)
    print("new")
    limiter.on_receiving_response(throttled=False)
    print(repr(clock.now), 0, 0.0)
    for _ in range(300):
        clock.now += rng.choice([0.01, 0.05, 0.2, 1.5]) * rng.random()
        throttled = rng.random() < 0.05
        limiter.on_receiving_response(throttled=throttled)
        print(repr(clock.now), int(throttled), repr(tokens.max_rate if limiter._enabled else 0.0))
)")};
  std::unique_ptr<send_rate> rate;
  std::size_t compared = 0, limited = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line == "new") {
      rate = std::make_unique<send_rate>();
      continue;
    }
    double now = 0, theirs = 0;
    int throttled = 0;
    REQUIRE(std::istringstream{line} >> now >> throttled >> theirs);
    rate->answered(throttled != 0, at(now));
    INFO(line << ", ours " << rate->limit());
    CHECK(std::abs(rate->limit() - theirs) <= 1e-4 * (1 + theirs));
    ++compared;
    limited += theirs > 0.5;
  }
  CHECK(compared == 6020);
  CHECK(limited > 1000);
}

TEST_CASE("a call of a client that adapts waits for its turn, can be cancelled there, and has its deadline", "[retry][call]") {
  const get_object_request get{.bucket = "b", .key = "k"};
  test::world<> w{EACH_DRIVER};
  w.set.adaptive_retry = GENERATE(true, false);
  w.server.answer(503, {}, "<Error><Code>SlowDown</Code></Error>").answer(200);
  REQUIRE(w.send(get));
  const auto before = w.clock.now().steady;
  for (int i = 0; i != 4; ++i) w.server.answer(200);
  for (int i = 0; i != 4; ++i) REQUIRE(w.send(get));
  CHECK((w.clock.now().steady - before >= 1s) == w.set.adaptive_retry);
  CHECK((w.clock.now().steady == before) == !w.set.adaptive_retry);
  if (!w.set.adaptive_retry) return;

  SECTION("cancelled") {
    cancel_source stop;
    stop.cancel();
    CHECK(w.send(get, {.stop = stop.token()}).error().kind == error_kind::cancelled);
    CHECK(w.server.tried() == 6);
  }
  SECTION("no time left") {
    const auto start = w.clock.now().steady;
    w.server.answer(200);
    CHECK(w.send(get, {.limits = call_limits{.total = 1ms}}).error().kind == error_kind::deadline_exceeded);
    CHECK(w.clock.now().steady - start == 1ms);
    CHECK(w.server.left() == 1);
  }
}
