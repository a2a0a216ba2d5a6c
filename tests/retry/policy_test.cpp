// How long does each policy wait, and when does it give up?
#include <limits>

#include <s3store/core/result.hpp>
#include <s3store/retry/policy.hpp>

#include "support/catch.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
failed_attempt failed(int attempt, const error& e, std::optional<int> most = {}, std::optional<duration> after = {}) {
  return {.attempt = attempt, .failure = e, .kind = classify(e), .retry_after = after, .max_attempts = most};
}
error of_status(error_kind kind, int status, std::string code = {}) {
  error e = detail::fail(kind, "x");
  e.status = status;
  e.code = std::move(code);
  return e;
}
const error lost = of_status(error_kind::connection_lost, 0), refused = of_status(error_kind::access_denied, 403),
            slow = of_status(error_kind::throttled, 503, "SlowDown"), late = of_status(error_kind::timeout, 0);
}  // namespace

TEST_CASE("exponential backoff has full jitter under a bound that doubles up to a cap", "[retry]") {
  for (std::uint64_t seed = 1; seed != 200; ++seed) {
    exponential_backoff p{{.max_attempts = 100, .seed = seed}};
    for (int attempt = 1; attempt != 60; ++attempt) {
      const auto wait = p.next_wait(failed(attempt, lost));
      REQUIRE(wait);
      CHECK(*wait >= 0s);
      CHECK(*wait <= (std::min)(duration{20s}, attempt < 12 ? duration{100ms} * (1 << (attempt - 1)) : duration{20s}));
      p.succeeded(2);
    }
  }
  const auto average = [](const error& e) {
    duration sum{};
    for (std::uint64_t seed = 1; seed != 2001; ++seed) sum += *exponential_backoff{{.seed = seed}}.next_wait(failed(1, e));
    return sum / 2000;
  };
  CHECK(average(lost) > 45ms);
  CHECK(average(lost) < 55ms);
  CHECK(average(slow) > 225ms);
  CHECK(average(slow) < 275ms);
}

TEST_CASE("exponential backoff with long times does not overflow into no wait", "[retry]") {
  constexpr duration never = (duration::max)();
  for (const duration base : {duration{9s}, duration{1h}, never})
    for (const int attempt : {31, 32, 40, 62, 63, 64, 65, 1'000'000, (std::numeric_limits<int>::max)() - 1}) {
      duration sum{};
      for (std::uint64_t seed = 1; seed != 101; ++seed) {
        exponential_backoff p{{.max_attempts = (std::numeric_limits<int>::max)(), .base = base, .cap = 1h, .seed = seed}};
        const auto wait = p.next_wait(failed(attempt, lost));
        REQUIRE(wait);
        CHECK((*wait >= 0s && *wait <= 1h));
        sum += *wait;
      }
      INFO(attempt);
      CHECK(sum / 100 > 20min);  // half an hour, at random
      CHECK(sum / 100 < 40min);
    }
  exponential_backoff all{{.max_attempts = 100, .base = never, .cap = never, .retry_after_cap = never}};
  CHECK(*all.next_wait(failed(50, lost)) >= 0s);
  CHECK(*all.next_wait(failed(50, slow, {}, never)) == never);
}

TEST_CASE("exponential backoff gives up after its attempts, or the call's", "[retry]") {
  exponential_backoff p;
  CHECK(p.next_wait(failed(2, lost)));
  CHECK_FALSE(p.next_wait(failed(3, lost)));
  CHECK(p.next_wait(failed(3, lost, 4)));
  CHECK_FALSE(p.next_wait(failed(1, lost, 1)));
  CHECK_FALSE(p.next_wait(failed(1, lost, 0)));
  CHECK_FALSE(p.next_wait(failed(1, refused)));
}

TEST_CASE("exponential backoff waits as long as the server asks, within reason", "[retry]") {
  exponential_backoff p;
  CHECK(*p.next_wait(failed(1, slow, {}, 5s)) == 5s);
  CHECK(*p.next_wait(failed(1, slow, {}, 1h)) == 60s);
  CHECK(*p.next_wait(failed(1, slow, {}, 0s)) <= 500ms);
  CHECK(*p.next_wait(failed(1, slow, {}, -5s)) >= 0s);
}

TEST_CASE("an outage uses the budget up; copies have one each", "[retry]") {
  exponential_backoff p{{.max_attempts = 1000}};
  int retries = 0;
  while (p.next_wait(failed(1, lost))) ++retries;
  CHECK(retries == 100);
  exponential_backoff copy{p};
  CHECK_FALSE(copy.next_wait(failed(1, lost)));
  copy.succeeded(2);
  CHECK(copy.next_wait(failed(1, lost)));
  CHECK_FALSE(p.next_wait(failed(1, lost)));
  for (int i = 0; i != 5; ++i) p.succeeded(1);
  CHECK(p.next_wait(failed(1, lost)));

  exponential_backoff timeouts;
  for (retries = 0; timeouts.next_wait(failed(1, late)); ++retries) {
  }
  CHECK(retries == 50);
}

TEST_CASE("doubling backoff waits 2, 4, 8, 10, 10 seconds", "[retry]") {
  const doubling_backoff p{9};
  std::vector<duration> waits;
  for (int attempt = 1; attempt != 8; ++attempt) waits.push_back(*p.next_wait(failed(attempt, lost)));
  CHECK(waits == std::vector<duration>{2s, 4s, 8s, 10s, 10s, 10s, 10s});
  CHECK_FALSE(p.next_wait(failed(9, lost)));
  CHECK_FALSE(p.next_wait(failed(1, refused)));
  CHECK(*p.next_wait(failed(100, lost, 1000)) == 10s);
  const doubling_backoff three;
  CHECK(three.next_wait(failed(2, lost)));
  CHECK_FALSE(three.next_wait(failed(3, lost)));
}

TEST_CASE("no retry", "[retry]") {
  const no_retry p;
  CHECK_FALSE(p.next_wait(failed(1, lost, 100)));
}
