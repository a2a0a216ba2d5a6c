// How are many short calls made at once over a client, whatever its transport? On a few threads, the caller's among them, that are
// gone when the function returns.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <s3store/core/vector.hpp>

namespace s3store::inline v0::evidence {

/// Calls f(i) for the numbers below `count`, begun in their order, at most `threads` at a time; with 0 or 1 on the caller's thread
/// alone. `f` returns a bound: numbers from there on that were not begun yet are left out; `count` leaves out none. What `f` throws
/// is thrown here.
template <class F>
void in_parallel(std::size_t count, unsigned threads, F f) {
  std::atomic<std::size_t> next{0}, bound{count};
  std::exception_ptr thrown;
  std::mutex guard;
  const auto work = [&]() noexcept {
    for (std::size_t i; (i = next++) < bound;) {
      std::size_t stop = 0;
      try {
        stop = f(i);
      } catch (...) {
        const std::lock_guard lock{guard};
        if (!thrown) thrown = std::current_exception();
      }
      for (std::size_t now = bound; stop < now && !bound.compare_exchange_weak(now, stop);) {
      }
    }
  };
  const std::size_t wanted = (std::min)(static_cast<std::size_t>(threads), count);
  std::vector<std::thread> helpers;
  helpers.reserve(wanted);
  try {
    while (helpers.size() + 1 < wanted) helpers.emplace_back(work);
  } catch (const std::system_error&) {  // the system gives no more: fewer will do
  }
  work();
  for (auto& h : helpers) h.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace s3store::inline v0::evidence
