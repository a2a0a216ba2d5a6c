// How does a caller stop a call that is under way? It gives the call a token and cancels the token's source.
//
// Every wait of the library registers a wake-up with the token, so that a cancelled call returns at once and not at its next
// timeout. std::stop_token would do the same, but libc++ 14 has none.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include <s3store/core/process.hpp>
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
  struct list {
    void forked() noexcept { head.next = head.previous = &head; }  // those waits are the parent's

    std::mutex guard{};
    waiter head{};  // stands for no wait itself
  };
  std::atomic<bool> cancelled{false};
  per_process<list> waiters{};
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
  /// calling it again does nothing. After fork, parent and child each cancel their own calls.
  void cancel() const {
    auto& waiters = state_->waiters.get();
    const std::lock_guard lock{waiters.guard};
    if (state_->cancelled.exchange(true, std::memory_order_acq_rel)) return;
    for (auto* w = waiters.head.next; w != &waiters.head; w = w->next) w->wake(w->who);
  }

 private:
  detail::shared<detail::cancel_state> state_;
};

/// Registers a wake-up for the duration of one wait. `wake(who)` runs on the thread that cancels, while
/// the token's lock is held: it must not register another waiter, and may cancel another source only if that one was made for whoever
/// waits here (so that no two sources ever cancel each other). A token that was cancelled before does not call it, so ask `cancelled()` after registering.
class cancel_waiter {
 public:
  cancel_waiter(const cancel_token& token, void* who, void (*wake)(void*)) : state_(token.state_) {
    if (!state_) return;
    here_.who = who;
    here_.wake = wake;
    list_ = &token.state_->waiters.get();
    const std::lock_guard lock{list_->guard};
    here_.next = &list_->head;
    here_.previous = list_->head.previous;
    here_.previous->next = here_.next->previous = &here_;
  }
  ~cancel_waiter() {
    if (!list_ || process_ != detail::process_id()) return;  // in a child, the list is the parent's
    const std::lock_guard lock{list_->guard};
    here_.previous->next = here_.next;
    here_.next->previous = here_.previous;
  }
  cancel_waiter(const cancel_waiter&) = delete;
  cancel_waiter& operator=(const cancel_waiter&) = delete;

 private:
  detail::shared<detail::cancel_state> state_;
  detail::cancel_state::list* list_{};  // in `state_`
  detail::cancel_state::waiter here_{};
  int process_{detail::process_id()};
};

}  // namespace s3store::inline S3STORE_ABI
