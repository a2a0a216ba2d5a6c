// How many retries may a client make when everything fails? As many as its budget of tokens allows, which all its calls share.
// Without one, a client with three attempts would send three times as many requests to a service that is overloaded.
#pragma once

#include <atomic>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

/// May be used from any thread.
class retry_budget {
 public:
  // The numbers of the AWS SDKs' standard mode.
  static constexpr int capacity = 500;
  static constexpr int retry_cost = 5;
  static constexpr int timeout_cost = 10;

  retry_budget() = default;
  retry_budget(const retry_budget& other) noexcept : tokens_(other.left()) {}

  /// False, and nothing is taken, if there are fewer tokens.
  bool take(int cost) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    do {
      if (have < cost) return false;
    } while (!tokens_.compare_exchange_weak(have, have - cost, std::memory_order_relaxed));
    return true;
  }
  /// Called after a success. Gives back what a retry costs if there was one, else one token.
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

}  // namespace s3store::inline S3STORE_ABI
