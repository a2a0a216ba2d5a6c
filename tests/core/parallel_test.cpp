#ifdef __linux__
#include <pthread.h>
#endif

#include <atomic>
#include <set>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

#include <s3store/core/parallel.hpp>

using s3store::detail::in_parallel;

TEST_CASE("what a function throws on any thread is thrown to the caller", "[evidence]") {
  for (const unsigned threads : {0u, 1u, 4u})
    CHECK_THROWS_AS(in_parallel(100, threads,
                                [](std::size_t i) -> std::size_t {
                                  if (i == 7) throw std::runtime_error("seven");
                                  return 100;
                                }),
                    std::runtime_error);
}

TEST_CASE("each number is called once", "[evidence]") {
  for (const unsigned threads : {0u, 1u, 3u, 50u})
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
      std::vector<std::atomic<int>> called(count);
      in_parallel(count, threads, [&](std::size_t i) {
        ++called[i];
        return count;
      });
      for (const auto& c : called) REQUIRE(c == 1);
    }
}

TEST_CASE("a bound leaves out what is behind it", "[evidence]") {
  std::vector<std::size_t> order;
  in_parallel(100, 1, [&](std::size_t i) {
    order.push_back(i);
    return i == 3 ? std::size_t{6} : i == 4 ? std::size_t{50} : std::size_t{100};  // the least counts
  });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});

  std::atomic<std::size_t> most{0};
  in_parallel(100'000, 4, [&](std::size_t i) {
    for (std::size_t seen = most; seen < i && !most.compare_exchange_weak(seen, i);) {
    }
    return std::size_t{10};
  });
  CHECK(most < 100'000 - 1);
  CHECK(most >= 9);
}

#ifdef __GLIBC__
TEST_CASE("a worker thread that can't start does not end the program: fewer threads do all of it", "[evidence]") {
  pthread_attr_t before{}, impossible{};
  REQUIRE(pthread_getattr_default_np(&before) == 0);
  REQUIRE(pthread_attr_init(&impossible) == 0);
  REQUIRE(pthread_attr_setstacksize(&impossible, std::size_t{1} << 46) == 0);  // more than there are addresses
  REQUIRE(pthread_setattr_default_np(&impossible) == 0);
  std::set<pthread_t> by;
  std::size_t calls = 0;
  in_parallel(100, 4, [&](std::size_t) {
    by.insert(pthread_self());
    ++calls;
    return std::size_t{100};
  });
  REQUIRE(pthread_setattr_default_np(&before) == 0);
  pthread_attr_destroy(&impossible);
  pthread_attr_destroy(&before);
  CHECK(calls == 100);
  CHECK(by == std::set<pthread_t>{pthread_self()});
}
#endif
