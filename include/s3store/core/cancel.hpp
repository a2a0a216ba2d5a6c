// How does a caller stop a call that is under way? By a token that every wait of the library watches.
//
// (Not std::stop_token: libc++ 14 has none.) A token is cheap to copy; a default-constructed one never cancels. Waits register a
// wake-up for as long as they last, so that a cancelled call returns at once and not at its next timeout.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include <s3store/core/shared.hpp>

namespace s3store::inline v0 {

namespace detail {
struct cancel_state {
  struct waiter {  // stands where the wait does, in a ring
    waiter* next{this};
    waiter* previous{this};
    void* who{};
    void (*wake)(void*){};
  };
  std::atomic<bool> cancelled{false};
  std::mutex guard{};
  waiter waiters{};  // the ring's knot, which wakes nobody
};
}  // namespace detail

class cancel_token {
 public:
  cancel_token() = default;
  bool cancelled() const noexcept { return state_ && state_->cancelled.load(std::memory_order_acquire); }
  bool can_cancel() const noexcept { return static_cast<bool>(state_); }

 private:
  friend class cancel_source;
  friend class cancel_waiter;
  explicit cancel_token(shared<detail::cancel_state> s) noexcept : state_(std::move(s)) {}
  shared<detail::cancel_state> state_{};
};

class cancel_source {
 public:
  cancel_source() : state_(share<detail::cancel_state>()) {}
  cancel_token token() const noexcept { return cancel_token{state_}; }

  /// Cancels every call that holds a token of this source. From any thread; the second time does nothing.
  void cancel() const {
    const std::lock_guard lock{state_->guard};
    if (state_->cancelled.exchange(true, std::memory_order_acq_rel)) return;
    for (auto* w = state_->waiters.next; w != &state_->waiters; w = w->next) w->wake(w->who);
  }

 private:
  shared<detail::cancel_state> state_;
};

/// Registers a wake-up for the time of one wait. `wake(who)` may run on another thread, and must not touch the token.
class cancel_waiter {
 public:
  cancel_waiter(const cancel_token& token, void* who, void (*wake)(void*)) : state_(token.state_.get()) {
    if (!state_) return;
    here_.who = who;
    here_.wake = wake;
    const std::lock_guard lock{state_->guard};
    here_.next = &state_->waiters;
    here_.previous = state_->waiters.previous;
    here_.previous->next = here_.next->previous = &here_;
  }
  ~cancel_waiter() {
    if (!state_) return;
    const std::lock_guard lock{state_->guard};
    here_.previous->next = here_.next;
    here_.next->previous = here_.previous;
  }
  cancel_waiter(const cancel_waiter&) = delete;
  cancel_waiter& operator=(const cancel_waiter&) = delete;

 private:
  detail::cancel_state* state_;  // kept alive by the token, which outlives the wait
  detail::cancel_state::waiter here_{};
};

}  // namespace s3store::inline v0
