// How are the times computed at which credentials are renewed? The definitions for cache.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <new>
#include <utility>

#include <s3store/auth/cache.hpp>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE credentials_cache::answer credentials_cache::get(instants now) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  const bool valid = k.is_valid(now);
  if (valid && now.wall < k.advised_from) return {.value = k.value};
  // Those that may be used after their end are, or a service that fails would cost every call the time of its failure.
  const bool must_wait = !valid || (now.wall >= k.demanded_from && now.wall < *k.value->expires);
  if (k.task != 0 && now.steady < k.task_until) {
    if (!must_wait) return {.value = k.value};
    if (!k.ended) k.ended = detail::make_owned<cancel_source>();
    return {.awaited = k.task, .ended = k.ended->token(), .until = k.task_until};
  }
  if (valid && now.steady < k.quiet_until) return {.value = k.value};
  k.task = ++k.count;
  k.task_until = detail::saturating_add(now.steady, patience);
  return {.value = valid ? k.value : nullptr, .task = k.task};
}

namespace detail {
using namespace s3store::detail;
inline timestamp::duration refresh_window(duration longest, double share, timestamp::duration lifetime) noexcept {
  const timestamp::duration part{static_cast<timestamp::duration::rep>(static_cast<double>(lifetime.count()) * share)};
  return (std::clamp)(part, timestamp::duration::zero(), saturating_cast<timestamp::duration>(longest));
}
}  // namespace detail

S3STORE_INLINE detail::shared<const credentials> credentials_cache::put(std::uint64_t task, credentials fetched, instants now) {
  const auto made = detail::share<const credentials>(std::move(fetched));
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  {
    const std::lock_guard hold{k.guard};
    k.value = made;
    k.advised_from = k.demanded_from = (timestamp::max)();
    k.quiet_until = {};
    k.failed_task = 0;
    if (made->expires) {
      const auto lifetime = detail::saturating_sub(*made->expires, now.wall);
      k.advised_from = detail::saturating_sub(*made->expires, detail::refresh_window(when_.advisory, when_.advisory_share, lifetime));
      k.demanded_from = detail::saturating_sub(*made->expires, detail::refresh_window(when_.mandatory, when_.mandatory_share, lifetime));
      // Some that have expired already are all that their service has, so asking again at once is no use.
      if (made->usable_after_expiry && now.wall >= k.advised_from) k.quiet_until = detail::saturating_add(now.steady, when_.pause);
    }
    waiting = k.end(task);
  }
  tell(waiting);
  return made;
}

S3STORE_INLINE result<detail::shared<const credentials>> credentials_cache::failed(std::uint64_t task, error why, instants now) {
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  detail::shared<const credentials> still;
  {
    const std::lock_guard hold{k.guard};
    if (k.is_valid(now)) still = k.value;
    k.quiet_until = still ? detail::saturating_add(now.steady, when_.pause) : steady_time{};
    // That this caller was cancelled, or had no time left, says nothing to those who wait: one of them fetches.
    if (!still && why.kind != error_kind::cancelled && why.kind != error_kind::deadline_exceeded) {
      k.failed_task = task;
      k.failure = why;
    }
    waiting = k.end(task);
  }
  tell(waiting);
  if (still) return still;
  return why;
}

S3STORE_INLINE void credentials_cache::give_up(std::uint64_t task) noexcept try {
  kept& k = kept_.get();
  detail::owned<cancel_source> waiting;
  {
    const std::lock_guard hold{k.guard};
    waiting = k.end(task);
  }
  tell(waiting);
} catch (const std::bad_alloc&) {  // in a child that had to make a new cache, where nobody has this task
}

S3STORE_INLINE error credentials_cache::failure_of(std::uint64_t task) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  return task != 0 && k.failed_task == task ? k.failure : error{};
}

S3STORE_INLINE void credentials_cache::drop(const credentials* refused) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  if (k.value.get() != refused) return;
  k.value.reset();
  k.quiet_until = {};
}

}  // namespace s3store::inline S3STORE_ABI::auth
