// When does the cache give credentials out, whom does it tell to fetch, and who waits?
#include <thread>
#include <vector>

#include <s3store/auth/cache.hpp>

#include "support/catch.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
const timestamp noon = *parse_iso8601("20240229T120000Z");
instants at(duration since_noon) {
  return {steady_time{since_noon}, noon + std::chrono::duration_cast<std::chrono::microseconds>(since_noon)};
}
auth::credentials until(duration since_noon) { return {"A", "HUSH", "", at(since_noon).wall}; }
error closed() { return detail::fail(error_kind::credentials, "closed"); }

enum class told { use, fetch, fetch_and_use, wait };
told what(const auth::credentials_cache::answer& a) {
  if (a.awaited != 0) return told::wait;
  if (a.task != 0) return a.value ? told::fetch_and_use : told::fetch;
  return told::use;
}
/// A cache whose credentials were fetched at noon.
struct filled {
  explicit filled(auth::credentials c, const auth::refresh_windows& when = {}) : cache(when) {
    value = cache.put(cache.get(at(0s)).task, std::move(c), at(0s));
  }
  auth::credentials_cache cache;
  detail::shared<const auth::credentials> value{};
};
}  // namespace

TEST_CASE("an empty cache tells one caller to fetch, and the others wait for it", "[auth]") {
  auth::credentials_cache cache;
  const auto first = cache.get(at(0s)), second = cache.get(at(1s)), third = cache.get(at(1s));
  REQUIRE(what(first) == told::fetch);
  REQUIRE(what(second) == told::wait);
  CHECK(second.awaited == first.task);
  CHECK(!second.ended.cancelled());

  SECTION("it worked") {
    const auto made = cache.put(first.task, until(1h), at(2s));
    CHECK((second.ended.cancelled() && third.ended.cancelled()));
    CHECK(cache.failure_of(first.task).kind == error_kind::none);
    const auto next = cache.get(at(2s));
    CHECK((what(next) == told::use && next.value == made));
  }
  SECTION("it failed, which those who waited are told, and who comes later tries again") {
    CHECK(cache.failed(first.task, closed(), at(2s)).error().message == "closed");
    CHECK(second.ended.cancelled());
    CHECK(cache.failure_of(second.awaited).message == "closed");
    CHECK(what(cache.get(at(2s))) == told::fetch);
  }
  SECTION("its call was cancelled, so another one fetches") {
    CHECK_FALSE(cache.failed(first.task, detail::fail(error_kind::cancelled, "enough"), at(2s)));
    CHECK(cache.failure_of(second.awaited).kind == error_kind::none);
    CHECK(what(cache.get(at(2s))) == told::fetch);
  }
  SECTION("nothing came of it, so another one fetches") {
    cache.give_up(first.task);
    CHECK(second.ended.cancelled());
    const auto next = cache.get(at(2s));
    CHECK((what(next) == told::fetch && next.task != first.task));
    cache.give_up(first.task);  // long over
    CHECK(what(cache.get(at(2s))) == told::wait);
  }
  SECTION("it is never heard of again") {
    CHECK(second.until == at(5min).steady);
    CHECK(what(cache.get(at(5min - 1s))) == told::wait);
    const auto next = cache.get(at(5min));
    CHECK(what(next) == told::fetch);
    const auto late = cache.put(first.task, until(1h), at(6min));  // and welcome
    CHECK(cache.get(at(6min)).value == late);
  }
}

TEST_CASE("credentials without an end stay", "[auth]") {
  filled f({"A", "HUSH", "", std::nullopt});
  const auto much_later = f.cache.get(at(100000h));
  CHECK((much_later.value == f.value && what(much_later) == told::use));
}

TEST_CASE("credentials that expire at the end of time, or before its beginning, do not overflow", "[auth]") {
  filled forever({"A", "HUSH", "", (timestamp::max)()});
  CHECK(what(forever.cache.get(at(0s))) == told::use);
  filled gone({"A", "HUSH", "", (timestamp::min)()});
  const auto next = gone.cache.get({(steady_time::max)(), noon});
  CHECK((!next.value && next.task != 0));
  CHECK(gone.cache.get({(steady_time::max)() - 1ns, noon}).task == 0);
}

TEST_CASE("they are renewed in the last quarter of an hour, while the others go on", "[auth]") {
  filled f(until(6h));
  CHECK(what(f.cache.get(at(6h - 15min - 1s))) == told::use);
  const auto first = f.cache.get(at(6h - 15min)), other = f.cache.get(at(6h - 10min - 1s));
  REQUIRE(what(first) == told::fetch_and_use);
  CHECK(first.value == f.value);
  CHECK((what(other) == told::use && other.value == f.value));
}

TEST_CASE("in the last ten minutes all wait for the one who fetches", "[auth]") {
  filled f(until(6h));
  const auto first = f.cache.get(at(6h - 10min)), other = f.cache.get(at(6h - 10min + 1s));
  REQUIRE(what(first) == told::fetch_and_use);
  REQUIRE(what(other) == told::wait);

  SECTION("it worked") {
    const auto renewed = f.cache.put(first.task, until(12h), at(6h - 9min));
    const auto next = f.cache.get(at(6h));
    CHECK((next.value == renewed && what(next) == told::use));
  }
  SECTION("it failed: the old ones are used, and the next tries no sooner than a minute later") {
    CHECK(*f.cache.failed(first.task, closed(), at(6h - 9min)) == f.value);
    CHECK(f.cache.failure_of(other.awaited).kind == error_kind::none);
    const auto soon = f.cache.get(at(6h - 8min - 1s));
    CHECK((what(soon) == told::use && soon.value == f.value));
    CHECK(what(f.cache.get(at(6h - 8min))) == told::fetch_and_use);
  }
  SECTION("it failed after their end") {
    CHECK(f.cache.failed(first.task, closed(), at(6h)).error().message == "closed");
    CHECK(what(f.cache.get(at(6h))) == told::fetch);
  }
}

TEST_CASE("the windows are a quarter and an eighth of a short lifetime", "[auth]") {
  filled f(until(8min));
  CHECK(what(f.cache.get(at(6min - 1s))) == told::use);
  const auto first = f.cache.get(at(6min));
  CHECK(what(first) == told::fetch_and_use);
  CHECK(what(f.cache.get(at(7min - 1s))) == told::use);
  CHECK(what(f.cache.get(at(7min))) == told::wait);
}

TEST_CASE("the windows can be set", "[auth]") {
  filled f(until(15min), {.advisory = 15min - 3s, .mandatory = 15min - 5s, .advisory_share = 1, .mandatory_share = 1, .pause = 1s});
  CHECK(what(f.cache.get(at(3s - 1us))) == told::use);
  const auto first = f.cache.get(at(3s));
  CHECK(what(first) == told::fetch_and_use);
  CHECK(what(f.cache.get(at(5s - 1us))) == told::use);
  CHECK(what(f.cache.get(at(5s))) == told::wait);
  static_cast<void>(f.cache.failed(first.task, closed(), at(6s)));
  CHECK(what(f.cache.get(at(7s - 1us))) == told::use);
  CHECK(what(f.cache.get(at(7s))) == told::fetch_and_use);
}

TEST_CASE("credentials that their service stands by are used after their end, and others are asked for once a minute", "[auth]") {
  auth::credentials stable = until(1h);
  stable.usable_after_expiry = true;
  filled f(stable);
  const auto first = f.cache.get(at(2h)), other = f.cache.get(at(2h));
  CHECK((first.value == f.value && what(first) == told::fetch_and_use));
  CHECK((other.value == f.value && what(other) == told::use));  // nobody waits for a service that is known to fail
  SECTION("the service gave the same ones again") {
    static_cast<void>(f.cache.put(first.task, stable, at(2h)));
    CHECK(what(f.cache.get(at(2h + 59s))) == told::use);
    CHECK(what(f.cache.get(at(2h + 60s))) == told::fetch_and_use);
  }
  SECTION("it failed") {
    CHECK(*f.cache.failed(first.task, closed(), at(2h)) == f.value);
    const auto next = f.cache.get(at(2h + 59s));
    CHECK((next.value == f.value && what(next) == told::use));
    CHECK(what(f.cache.get(at(2h + 60s))) == told::fetch_and_use);
  }
}

TEST_CASE("refused credentials are dropped, and only those", "[auth]") {
  filled f(until(1h));
  const auto current = f.cache.put(f.cache.get(at(50min)).task, until(2h), at(50min));
  f.cache.drop(f.value.get());
  CHECK(f.cache.get(at(50min)).value == current);
  f.cache.drop(current.get());
  CHECK(what(f.cache.get(at(50min))) == told::fetch);
}

TEST_CASE("of many threads one is told", "[auth][threads]") {
  auth::credentials_cache cache;
  std::vector<int> told_to_fetch(64);
  std::vector<std::thread> threads;
  for (int& t : told_to_fetch) threads.emplace_back([&] { t = cache.get(at(0s)).task != 0; });
  int sum = 0;
  for (auto& t : threads) t.join();
  for (const int t : told_to_fetch) sum += t;
  CHECK(sum == 1);
}
