// How are many short tasks done at once? On a few threads, including the caller's; the others end before the function returns.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Calls f(i) for each i below `count`. Calls start in ascending order, at most `threads` run at a time; with 0 or 1, all run on
/// the caller's thread. `f` returns a bound: a call for that number or a higher one no longer starts. Return `count` to skip
/// nothing. If `f` throws, no further call starts, and the first exception is thrown again here. A thread that can't be started is done
/// without: in the end, this one does everything.
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
  try {
    helpers.reserve(wanted);
    while (helpers.size() + 1 < wanted) helpers.emplace_back(work);
  } catch (const std::system_error&) {  // the system has no more threads
  } catch (const std::bad_alloc&) {     // or no more memory for one; those that run must be joined
  }
  work();
  for (auto& h : helpers) h.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace s3store::inline S3STORE_ABI::detail
