// Does the bucket of tokens hold, from many threads too?
#include <thread>
#include <vector>

#include <s3store/retry/budget.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("the budget is taken, given back, and never over its size", "[budget]") {
  retry_budget b;
  CHECK(b.left() == 500);
  b.give_back(true);
  CHECK(b.left() == 500);
  CHECK(b.take(3));
  b.give_back(true);
  CHECK(b.left() == 500);
  CHECK(b.take(500));
  CHECK_FALSE(b.take(1));
  b.give_back(false);
  CHECK(b.left() == 1);
  CHECK_FALSE(b.take(2));
  CHECK(b.left() == 1);
  b.give_back(true);
  CHECK(b.left() == 6);
  CHECK(retry_budget{b}.left() == 6);
}

TEST_CASE("threads take no more than there is", "[budget][threads]") {
  retry_budget b;
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t != 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i != 1000; ++i)
        if (b.take(1)) ++taken;
    });
  for (auto& t : threads) t.join();
  CHECK(taken == 500);
  CHECK(b.left() == 0);
}
