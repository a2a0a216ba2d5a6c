// How does a caller stop a call that is under way? It gives the call a token and cancels the token's source.
//
// Every wait of the library registers a wake-up with the token, so that a cancelled call returns at once and not at its next
// timeout. std::stop_token would do the same, but libc++ 14 has none.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include <s3store/core/shared.hpp>
#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
struct cancel_state {
  struct waiter {  // an entry of a circular list, kept in the cancel_waiter
    waiter* next{this};
    waiter* previous{this};
    void* who{};
    void (*wake)(void*){};
  };
  std::atomic<bool> cancelled{false};
  std::mutex guard{};
  waiter waiters{};  // the head of the list; it stands for no wait itself
};
}  // namespace detail

/// Cheap to copy, and its copies may be used from any thread. A default-constructed token is never cancelled.
class cancel_token {
 public:
  cancel_token() = default;
  bool cancelled() const noexcept { return state_ && state_->cancelled.load(std::memory_order_acquire); }
  bool can_cancel() const noexcept { return static_cast<bool>(state_); }

 private:
  friend class cancel_source;
  friend class cancel_waiter;
  explicit cancel_token(detail::shared<detail::cancel_state> s) noexcept : state_(std::move(s)) {}
  detail::shared<detail::cancel_state> state_{};
};

/// Makes tokens and cancels them. Tokens may outlive their source.
class cancel_source {
 public:
  cancel_source() : state_(detail::share<detail::cancel_state>()) {}
  cancel_token token() const noexcept { return cancel_token{state_}; }

  /// Cancels every call that holds a token of this source; each fails with error_kind::cancelled. May be called from any thread;
  /// calling it again does nothing.
  void cancel() const {
    const std::lock_guard lock{state_->guard};
    if (state_->cancelled.exchange(true, std::memory_order_acq_rel)) return;
    for (auto* w = state_->waiters.next; w != &state_->waiters; w = w->next) w->wake(w->who);
  }

 private:
  detail::shared<detail::cancel_state> state_;
};

/// Registers a wake-up for the duration of one wait. `wake(who)` runs on the thread that cancels, while
/// the token's lock is held: it must not register another waiter or cancel. A token that was cancelled before does not call it, so
/// ask `cancelled()` after registering.
class cancel_waiter {
 public:
  cancel_waiter(const cancel_token& token, void* who, void (*wake)(void*)) : state_(token.state_) {
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
  detail::shared<detail::cancel_state> state_;
  detail::cancel_state::waiter here_{};
};

}  // namespace s3store::inline S3STORE_ABI
