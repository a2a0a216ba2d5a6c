// Who owns a thing that several have a hand in? All of them; it goes with the last. As with std::shared_ptr, which the interior of a call
// does without for the reason that core/owned.hpp gives: at -O0 each of its types costs 45 functions. There is no weak hand, and no cast.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace s3store::inline v0 {

/// Made by `share<T>(arguments...)`. Hands may be copied and dropped on any thread; one hand is not to be used by two threads at once.
template <class T>
class shared {
 public:
  shared() noexcept = default;
  shared(std::nullptr_t) noexcept {}
  shared(const shared& other) noexcept : at_(other.at_) {
    if (at_) at_->hands.fetch_add(1, std::memory_order_relaxed);
  }
  shared(shared&& other) noexcept : at_(other.at_) { other.at_ = nullptr; }
  shared& operator=(shared other) noexcept {
    held* const mine = at_;
    at_ = other.at_;
    other.at_ = mine;
    return *this;
  }
  ~shared() {
    if (at_ && at_->hands.fetch_sub(1, std::memory_order_acq_rel) == 1) delete at_;
  }

  T* get() const noexcept { return at_ ? &at_->value : nullptr; }
  T& operator*() const noexcept { return at_->value; }
  T* operator->() const noexcept { return &at_->value; }
  explicit operator bool() const noexcept { return at_ != nullptr; }
  void reset() noexcept { *this = shared{}; }
  friend bool operator==(const shared& a, const shared& b) noexcept { return a.at_ == b.at_; }

 private:
  template <class U, class... A>
  friend shared<U> share(A&&... a);

  struct held {
    template <class... A>
    explicit held(std::nullptr_t, A&&... a) : value(static_cast<A&&>(a)...) {}
    std::atomic<std::uint32_t> hands{1};
    T value;
  };
  held* at_{};
};

template <class T, class... A>
shared<T> share(A&&... a) {
  shared<T> out;
  out.at_ = new typename shared<T>::held(nullptr, static_cast<A&&>(a)...);
  return out;
}

}  // namespace s3store::inline v0
