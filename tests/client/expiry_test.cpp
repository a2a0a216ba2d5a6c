// Do credentials that end at a server end nothing for its client? The embedded S3 keeps the time, which the test moves.
#include <memory>
#include <string>

#include "support/embedded.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {
/// Gives temporary keys T1, T2, …, each an hour long, and tells when they end or keeps that to itself.
class hourly {
 public:
  hourly(manual_clock clock, bool tells) : clock_(std::move(clock)), tells_(tells) {}
  auto fetch() const { return auth::local_fetch<hourly>{*this}; }
  result<auth::credentials> load(timestamp) const {
    auth::credentials out = key(++*count_);
    if (!tells_) out.expires.reset();
    return out;
  }
  auth::credentials key(int n) const { return {"T" + std::to_string(n), "a-temporary-secret", "token-of-" + std::to_string(n), start_ + n * 1h}; }
  int fetched() const { return *count_; }

 private:
  manual_clock clock_;
  bool tells_;
  timestamp start_{clock_.now().wall};
  std::shared_ptr<int> count_{std::make_shared<int>(0)};
};
}  // namespace

TEST_CASE("credentials that end are renewed, whether the client knows when they end or is told by the server", "[client][expiry]") {
  const bool tells = GENERATE(true, false);
  embedded_options options;
  manual_clock clock;
  const hourly keys{clock, tells};
  for (int n = 1; n != 8; ++n) options.credentials.push_back(keys.key(n));
  const embedded_world w{std::move(options)};
  w.make_bucket("b-1");
  w.put("b-1", "k", "hello");
  const hourly from{w.clock, tells};
  const auto s3 = w.client({.credentials = from});
  for (int minute = 0; minute < 5 * 60; minute += 7) {
    INFO("minute " << minute);
    const auto got = s3.get_object({.bucket = "b-1", .key = "k"});
    REQUIRE(got);
    CHECK(got->body == "hello");
    CHECK(got.meta().attempts <= 2);
    if (tells) CHECK(got.meta().attempts == 1);  // renewed in time, so the server refuses none
    clock.advance(7min);
    w.clock.advance(7min);
  }
  CHECK(from.fetched() >= 5);
  CHECK(from.fetched() <= 8);
}

TEST_CASE("keys that a server takes for expired each time end a call after one more attempt", "[client][expiry]") {
  embedded_options options;
  const embedded_world before;
  options.credentials.push_back({"OLD", "a-temporary-secret", "old-token", before.clock.now().wall - 1h});
  const embedded_world w{std::move(options)};
  const auto s3 = w.client({.credentials = {"OLD", "a-temporary-secret", "old-token"}});
  const auto got = s3.get_object({.bucket = "b-1", .key = "k"});
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "ExpiredToken");
  CHECK(got.error().attempts == 2);
}
