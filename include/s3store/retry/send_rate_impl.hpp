// How do the numbers change with each answer? The definitions for send_rate.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

#include <s3store/retry/send_rate.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
inline double seconds_of(steady_time t) noexcept { return std::chrono::duration<double>(t.time_since_epoch()).count(); }
}  // namespace detail

S3STORE_INLINE void send_rate::fill(kept& k, double now) noexcept {
  if (k.filled_at >= 0) k.tokens = (std::min)((std::max)(k.rate, 1.0), k.tokens + (now - k.filled_at) * k.rate);
  k.filled_at = now;
}

S3STORE_INLINE steady_time send_rate::take(steady_time now) {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  if (!k.limited) return now;
  fill(k, detail::seconds_of(now));
  k.tokens -= 1;
  if (k.tokens >= 0) return now;
  return detail::saturating_add(now, std::chrono::duration_cast<duration>(std::chrono::duration<double>(-k.tokens / k.rate)));
}

S3STORE_INLINE void send_rate::answered(bool throttled, steady_time at) {
  constexpr double half = 0.5, smoothing = 0.8, slower = 0.7, curve = 0.4, slowest = 0.5;
  const double now = detail::seconds_of(at);
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  if (k.counted_from < 0) k.counted_from = std::floor(now);
  k.counted += 1;
  if (const double bucket = std::floor(now / half) * half; bucket > k.counted_from) {
    k.measured = k.counted / (bucket - k.counted_from) * smoothing + k.measured * (1 - smoothing);
    k.counted = 0;
    k.counted_from = bucket;
  }
  double wanted = 0;
  if (throttled) {
    k.rate_then = k.limited ? (std::min)(k.measured, k.rate) : k.measured;
    k.back_after = std::cbrt(k.rate_then * (1 - slower) / curve);
    k.throttled_at = now;
    k.limited = true;
    wanted = k.rate_then * slower;
  } else {
    const double since = now - k.throttled_at - k.back_after;
    wanted = curve * since * since * since + k.rate_then;
  }
  if (!k.limited) return;
  fill(k, now);
  k.rate = (std::max)((std::min)(wanted, 2 * k.measured), slowest);
  k.tokens = (std::min)(k.tokens, (std::max)(k.rate, 1.0));
}

S3STORE_INLINE double send_rate::limit() const {
  kept& k = kept_.get();
  const std::lock_guard hold{k.guard};
  return k.limited ? k.rate : 0;
}

}  // namespace s3store::inline S3STORE_ABI
