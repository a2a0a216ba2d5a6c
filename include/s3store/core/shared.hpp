// Who deletes a thing that several own? The last of them, as with std::shared_ptr.
//
// Inside of the library, in what every call compiles, this stands for std::shared_ptr, for the reason that core/owned.hpp gives.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Made by `share<T>(arguments...)`. Different owners of one thing may be copied and destroyed on different threads.
template <class T>
class shared {
 public:
  shared() noexcept = default;
  shared(std::nullptr_t) noexcept {}
  shared(const shared& other) noexcept : block_(other.block_) {
    if (block_) block_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  shared(shared&& other) noexcept : block_(other.block_) { other.block_ = nullptr; }
  shared& operator=(shared other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~shared() {
    if (block_ && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  T* get() const noexcept { return block_ ? &block_->value : nullptr; }
  T& operator*() const noexcept { return block_->value; }
  T* operator->() const noexcept { return &block_->value; }
  explicit operator bool() const noexcept { return block_ != nullptr; }
  void reset() noexcept { *this = shared{}; }
  friend bool operator==(const shared& a, const shared& b) noexcept { return a.block_ == b.block_; }

 private:
  template <class U, class... A>
  friend shared<U> share(A&&... a);

  struct block {
    template <class... A>
    explicit block(std::nullptr_t, A&&... a) : value(std::forward<A>(a)...) {}
    std::atomic<std::uint32_t> owners{1};
    T value;
  };
  block* block_{};
};

template <class T, class... A>
shared<T> share(A&&... a) {
  shared<T> out;
  out.block_ = new typename shared<T>::block(nullptr, std::forward<A>(a)...);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::detail
