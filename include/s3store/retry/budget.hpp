// How many retries may a client make when everything fails? A bucket of tokens, shared by all calls, keeps an outage from being
// answered with three times the load.
#pragma once

#include <atomic>

namespace s3store::inline v0 {

class retry_budget {
 public:
  // The figures of the AWS SDKs' standard mode.
  static constexpr int capacity = 500;
  static constexpr int retry_cost = 5;
  static constexpr int timeout_cost = 10;

  retry_budget() = default;
  retry_budget(const retry_budget& other) noexcept : tokens_(other.left()) {}

  bool take(int cost) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    do {
      if (have < cost) return false;
    } while (!tokens_.compare_exchange_weak(have, have - cost, std::memory_order_relaxed));
    return true;
  }
  /// A success fills the bucket again: by a retry's cost where it took one, by one token otherwise.
  void give_back(bool after_retry) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    int want{};
    do {
      if (have >= capacity) return;
      want = have + (after_retry ? retry_cost : 1);
      if (want > capacity) want = capacity;
    } while (!tokens_.compare_exchange_weak(have, want, std::memory_order_relaxed));
  }
  int left() const noexcept { return tokens_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> tokens_{capacity};
};

}  // namespace s3store::inline v0
