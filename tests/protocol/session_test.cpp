// What do the calls of a client share?
#include <thread>

#include "support/harness.hpp"

#include <s3store/protocol/session.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {
using session_of_test = sans_io::session<test::policies>;
std::string region_of(const session_of_test& s, std::string_view bucket) { return s.resolve(bucket)->region; }
}  // namespace

TEST_CASE("a bucket's region is kept, and may be learned anew", "[session]") {
  session_of_test s{{}};
  CHECK(region_of(s, "a") == "us-east-1");
  s.learn_region("a", "eu-west-1");
  s.learn_region("b", "eu-west-2");
  CHECK(region_of(s, "a") == "eu-west-1");
  CHECK(region_of(s, "b") == "eu-west-2");
  CHECK(region_of(s, "c") == "us-east-1");
  s.learn_region("a", "us-west-1");
  CHECK(region_of(s, "a") == "us-west-1");
}

TEST_CASE("the server's time is an offset to ours", "[session]") {
  session_of_test s{{}};
  const timestamp now{1000s};
  CHECK(s.server_time(now) == now);
  s.set_clock_offset(90s);
  CHECK(s.server_time(now + 5s) == now + 95s);
  s.set_clock_offset(-1h);
  CHECK(s.server_time(now) == now - 1h);
  s.restore_clock_offset(90s, 0s);  // another call has learned since
  CHECK(s.clock_offset() == -1h);
  s.restore_clock_offset(-1h, 5s);
  CHECK(s.clock_offset() == 5s);
  s.set_clock_offset((timestamp::duration::max)());
  CHECK(s.server_time(now) == (timestamp::max)());
}

TEST_CASE("work spaces are lent, and kept for the next", "[session]") {
  session_of_test s{{}};
  auto a = s.lease();
  auto b = s.lease();
  CHECK(a.get() != b.get());
  const auto* const first = a.get();
  s.give_back(std::move(a));
  CHECK(s.lease().get() == first);
}

TEST_CASE("regions are learned and asked for from many threads", "[session][threads]") {
  session_of_test s{{}};
  std::vector<std::thread> threads;
  for (int t = 0; t != 4; ++t)
    threads.emplace_back([&s, t] {
      for (int i = 0; i != 200; ++i) {
        s.learn_region("b" + std::to_string(i % 7), t % 2 == 0 ? "eu-west-1" : "eu-west-2");
        if (region_of(s, "b" + std::to_string(i % 5)).empty()) std::abort();
        s.give_back(s.lease());
      }
    });
  for (auto& t : threads) t.join();
  CHECK(region_of(s, "b0").starts_with("eu-west-"));
}
