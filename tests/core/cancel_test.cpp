// Does cancelling reach every wait, from any thread, and none that is over?
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <s3store/core/cancel.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
void count(void* who) { ++*static_cast<std::atomic<int>*>(who); }
}  // namespace

TEST_CASE("a token of its own never cancels", "[cancel]") {
  const cancel_token none;
  CHECK_FALSE(none.cancelled());
  CHECK_FALSE(none.can_cancel());
  std::atomic<int> woken{0};
  const cancel_waiter waiter{none, &woken, count};
  CHECK(woken == 0);
}

TEST_CASE("cancelling reaches all copies, and all waits, once", "[cancel]") {
  const cancel_source source;
  const cancel_token token = source.token(), copy = token;
  CHECK(token.can_cancel());
  std::atomic<int> a{0}, b{0};
  const cancel_waiter first{token, &a, count}, second{copy, &b, count};
  CHECK_FALSE(copy.cancelled());
  source.cancel();
  source.cancel();
  CHECK(token.cancelled());
  CHECK(copy.cancelled());
  CHECK(a == 1);
  CHECK(b == 1);
}

TEST_CASE("a wait that is over is not woken, and takes no other with it", "[cancel]") {
  const cancel_source source;
  const cancel_token token = source.token();
  std::atomic<int> loop{0};  // two waits of one loop wake the same thing
  auto first = std::make_unique<cancel_waiter>(token, &loop, count);
  const cancel_waiter second{token, &loop, count};
  first.reset();
  source.cancel();
  CHECK(loop == 1);
}

TEST_CASE("a token may outlive its source", "[cancel]") {
  cancel_token token;
  {
    const cancel_source source;
    token = source.token();
  }
  CHECK_FALSE(token.cancelled());
}

TEST_CASE("from many threads", "[cancel][threads]") {
  const cancel_source source;
  std::atomic<int> woken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t != 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i != 500; ++i) const cancel_waiter each{source.token(), &woken, count};
    });
  threads.emplace_back([&] { source.cancel(); });
  for (auto& t : threads) t.join();
  CHECK(woken <= 4);
  CHECK(source.token().cancelled());
}

TEST_CASE("a wait may outlive its token and its source", "[cancel]") {
  int woken = 0;
  auto source = std::make_unique<cancel_source>();
  const cancel_waiter waiter{source->token(), &woken, count};
  source->cancel();
  source.reset();
  CHECK(woken == 1);
}
