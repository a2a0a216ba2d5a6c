// When is a failed attempt repeated, and after how long? A policy decides: it gives the time to wait, or gives up.
//
// All calls of a client share its policy and ask it from any thread. The call itself checks whether a request can be repeated at
// all: whether its body can be rewound, and whether the deadline and the limit for all waits together allow it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>

#include <s3store/core/process.hpp>
#include <s3store/core/time.hpp>
#include <s3store/retry/budget.hpp>
#include <s3store/retry/classify.hpp>

namespace s3store::inline S3STORE_ABI {

/// What a policy knows about a failure.
struct failed_attempt {
  int attempt{};  ///< which one failed; the first is 1, also of those after a download has got further than the attempt before
  const error& failure;
  retry_class kind{};                     ///< what classify() returned
  std::optional<duration> retry_after{};  ///< what the server asked for
  std::optional<int> max_attempts{};      ///< set by the caller for this call; it overrides the policy's
};

/// `next_wait` returns the time until the next attempt, or nothing to give up. `succeeded` is called after a success, with the
/// number of attempts. Both are called from any thread.
template <class R>
concept retry_policy = requires(R& r, const failed_attempt& f, int attempts) {
  { r.next_wait(f) } -> std::same_as<std::optional<duration>>;
  r.succeeded(attempts);
};

/// The standard policy: exponential backoff with full jitter, a budget of retry tokens that all calls share, and the server's
/// `Retry-After` if that is longer.
/// https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
class exponential_backoff {
 public:
  /// The wait after attempt n is random, from 0 to the smaller of base * 2^(n-1) and cap.
  struct options {
    int max_attempts{3};  ///< including the first
    duration base{std::chrono::milliseconds{100}};
    duration cap{std::chrono::seconds{20}};
    duration throttling_base{std::chrono::milliseconds{500}};  ///< in place of `base` if the server throttles
    duration retry_after_cap{std::chrono::seconds{60}};        ///< a longer `Retry-After` is shortened to this
    std::uint64_t seed{0};                                     ///< for the random waits; 0: made of an address and the time
  };

  exponential_backoff() : exponential_backoff(options{}) {}
  explicit exponential_backoff(options o) : options_(o), random_(o.seed != 0 ? o.seed : some_seed()) {}
  exponential_backoff(const exponential_backoff& other) noexcept
      : options_(other.options_),
        random_(other.random_.load(std::memory_order_relaxed) + 1),
        seeded_in_(other.seeded_in_),
        budget_(other.budget_) {}

  std::optional<duration> next_wait(const failed_attempt& f) {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(options_.max_attempts)) return std::nullopt;
    if (!budget_.take(f.failure.kind == error_kind::timeout ? retry_budget::timeout_cost : retry_budget::retry_cost)) return std::nullopt;
    const duration base = f.kind == retry_class::throttling ? options_.throttling_base : options_.base;
    duration bound = options_.cap;
    bound = (std::min)(bound, detail::saturating_mul(base, std::int64_t{1} << std::clamp(f.attempt - 1, 0, 62)));
    const duration jittered{static_cast<duration::rep>(fraction() * static_cast<double>(bound.count()))};
    return (std::max)(jittered, (std::min)(f.retry_after.value_or(duration::zero()), options_.retry_after_cap));
  }
  void succeeded(int attempts) noexcept { budget_.give_back(attempts > 1); }

 private:
  static std::uint64_t some_seed() noexcept {
    int here{};
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&here));
  }
  /// In [0, 1), by SplitMix64. Waits must be spread evenly, but may be predictable. The process's id is mixed in, because all children
  /// of a fork begin with the same state and must not try again all at once.
  double fraction() noexcept {
    std::uint64_t z = random_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed) + 0x9e3779b97f4a7c15;
    z += static_cast<std::uint64_t>(detail::process_id() - seeded_in_) * 0xd1342543de82ef95;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }

  options options_;
  std::atomic<std::uint64_t> random_;
  int seeded_in_{detail::process_id()};
  retry_budget budget_{};
};

/// The policy of the original Python module: three attempts, and after attempt n a wait of 2^n seconds, but at least 2 and at most
/// 10.
class doubling_backoff {
 public:
  explicit doubling_backoff(int max_attempts = 3) noexcept : max_attempts_(max_attempts) {}

  std::optional<duration> next_wait(const failed_attempt& f) const noexcept {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(max_attempts_)) return std::nullopt;
    const int seconds = f.attempt >= 4 ? 10 : 1 << f.attempt;
    return std::chrono::seconds{(std::max)(2, (std::min)(seconds, 10))};
  }
  void succeeded(int) const noexcept {}

 private:
  int max_attempts_;
};

/// Sends each request once.
struct no_retry {
  std::optional<duration> next_wait(const failed_attempt&) const noexcept { return std::nullopt; }
  void succeeded(int) const noexcept {}
};

static_assert(retry_policy<exponential_backoff> && retry_policy<doubling_backoff> && retry_policy<no_retry>);

}  // namespace s3store::inline S3STORE_ABI
