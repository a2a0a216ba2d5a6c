// When does the cache give credentials out, and whom does it tell to fetch?
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
}  // namespace

TEST_CASE("an empty cache tells one caller to fetch", "[auth]") {
  auth::credentials_cache cache;
  const auto first = cache.get(at(0s)), second = cache.get(at(1s)), late = cache.get(at(10s));
  CHECK((!first.value && first.refresh));
  CHECK((!second.value && !second.refresh));
  CHECK(late.refresh);  // the first one never came back
}

TEST_CASE("credentials without an end stay", "[auth]") {
  auth::credentials_cache cache;
  const auto kept = cache.put({"A", "HUSH", "", std::nullopt}, at(0s));
  const auto much_later = cache.get(at(100000h));
  CHECK((much_later.value == kept && !much_later.refresh));
}

TEST_CASE("credentials that expire at the end of time, or before its beginning, do not overflow", "[auth]") {
  auth::credentials_cache cache;
  const auto forever = cache.put({"A", "HUSH", "", (timestamp::max)()}, at(0s));
  const auto fresh = cache.get(at(0s));
  CHECK((fresh.value == forever && !fresh.refresh));
  static_cast<void>(cache.put({"A", "HUSH", "", (timestamp::min)()}, at(0s)));
  const auto gone = cache.get({(steady_time::max)(), noon});
  CHECK((!gone.value && gone.refresh));
  CHECK(!cache.get({(steady_time::max)() - 1ns, noon}).refresh);
}

TEST_CASE("they are renewed five minutes before they end, and used until then", "[auth]") {
  auth::credentials_cache cache;
  const auto kept = cache.put(until(1h), at(0s));
  CHECK(!cache.get(at(55min - 1s)).refresh);
  const auto told = cache.get(at(55min)), other = cache.get(at(55min));
  CHECK((told.value == kept && told.refresh));
  CHECK((other.value == kept && !other.refresh));

  SECTION("it worked") {
    const auto renewed = cache.put(until(2h), at(0s));
    const auto next = cache.get(at(55min));
    CHECK((next.value == renewed && !next.refresh));
  }
  SECTION("it failed") {
    cache.failed(at(55min));
    CHECK(!cache.get(at(55min + 29s)).refresh);
    CHECK(cache.get(at(55min + 30s)).refresh);
  }
  SECTION("it failed after their end") {
    cache.failed(at(1h));
    const auto next = cache.get(at(1h));
    CHECK((!next.value && next.refresh));
  }
  SECTION("nothing came of it") { CHECK(!cache.get(at(1h)).value); }
}

TEST_CASE("credentials that their service stands by are used after their end, and others are asked for twice a minute", "[auth]") {
  auth::credentials_cache cache;
  auth::credentials stable = until(1h);
  stable.usable_after_expiry = true;
  const auto kept = cache.put(stable, at(0s));
  const auto told = cache.get(at(2h)), other = cache.get(at(2h));
  CHECK((told.value == kept && told.refresh));
  CHECK((other.value == kept && !other.refresh));
  SECTION("the service gave the same ones again") {
    static_cast<void>(cache.put(stable, at(2h)));
    CHECK(!cache.get(at(2h + 29s)).refresh);
    CHECK(cache.get(at(2h + 30s)).refresh);
  }
  SECTION("it failed") {
    cache.failed(at(2h));
    const auto next = cache.get(at(2h + 29s));
    CHECK((next.value == kept && !next.refresh));
    CHECK(cache.get(at(2h + 30s)).refresh);
  }
}

TEST_CASE("refused credentials are dropped, and only those", "[auth]") {
  auth::credentials_cache cache;
  const auto old = cache.put(until(1h), at(0s)), current = cache.put(until(2h), at(0s));
  cache.drop(old.get());
  CHECK(cache.get(at(0s)).value == current);
  cache.drop(current.get());
  const auto next = cache.get(at(0s));
  CHECK((!next.value && next.refresh));
}

TEST_CASE("of many threads one is told", "[auth]") {
  auth::credentials_cache cache;
  std::vector<int> told(8);
  std::vector<std::thread> threads;
  for (int& t : told) threads.emplace_back([&] { t = cache.get(at(0s)).refresh; });
  int sum = 0;
  for (auto& t : threads) t.join();
  for (const int t : told) sum += t;
  CHECK(sum == 1);
}
