// Are the loops on which transfers run used again, and never by two threads at once?
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

#include <s3store/client/loops.hpp>
#include <s3store/transports/scripted.hpp>

using namespace s3store;

namespace {

/// Tells how many loops it has made, and how many are left.
struct counting_transport {
  struct loop {
    explicit loop(const std::shared_ptr<int>& alive) : mine(alive) {}
    void start(http::exchange, void*) {}
    void cancel(void*) {}
    void wake() {}
    std::optional<http::completion> poll(steady_time) { return std::nullopt; }
    std::shared_ptr<int> mine;
  };
  std::shared_ptr<int> alive{std::make_shared<int>()};
  http::outcome perform(http::exchange) { return http::transfer_stats{}; }
  loop make_loop() const { return loop{alive}; }
  long left() const { return alive.use_count() - 1; }
};
static_assert(http::makes_loops<counting_transport>);

}  // namespace

TEST_CASE("a loop that was given back is lent again, and only a few are kept", "[client][loops]") {
  const counting_transport transport;
  detail::loop_pool<counting_transport> pool;
  pool.give_back(pool.lease(transport));
  CHECK(transport.left() == 1);
  pool.give_back(pool.lease(transport));
  CHECK(transport.left() == 1);
  std::vector<counting_transport::loop> lent;
  for (int i = 0; i != 10; ++i) lent.push_back(pool.lease(transport));
  CHECK(transport.left() == 10);
  for (auto& one : lent) pool.give_back(std::move(one));
  lent.clear();
  CHECK(transport.left() == 4);
}

TEST_CASE("threads that ask at once get loops of their own", "[client][loops][threads]") {
  const counting_transport transport;
  detail::loop_pool<counting_transport> pool;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n != 1000; ++n) pool.give_back(pool.lease(transport));
    });
  for (auto& t : threads) t.join();
  CHECK(transport.left() >= 1);
  CHECK(transport.left() <= 4);
}
