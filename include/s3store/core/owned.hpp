// Who owns a thing on the heap, or one that a C library wants back? One owner, as with std::unique_ptr, which the interior of the
// library does without: at -O0 each of its types costs 45 functions (it is made of a tuple), and a GET would need a dozen types.
#pragma once

#include <cstddef>
#include <type_traits>

namespace s3store::inline v0 {

/// Owns at most one `T`. `free` gives it back where `delete` does not: `owned<CURL, &curl_easy_cleanup>`.
template <class T, auto free = nullptr>
class owned {
 public:
  owned() noexcept = default;
  owned(std::nullptr_t) noexcept {}
  explicit owned(T* p) noexcept : at_(p) {}
  owned(owned&& other) noexcept : at_(other.at_) { other.at_ = nullptr; }
  /// From an owner of a derived class, whose destructor is virtual.
  template <class U>
    requires(requires(U* u, T*& t) { t = u; } && !requires(U* u, T* t) { u = t; })
  owned(owned<U, free>&& other) noexcept : at_(other.release()) {}
  owned& operator=(owned&& other) noexcept {
    T* const taken = other.at_;
    other.at_ = nullptr;
    reset(taken);
    return *this;
  }
  ~owned() {
    if constexpr (std::is_null_pointer_v<decltype(free)>) {
      delete at_;
    } else if (at_) {
      static_cast<void>(free(at_));
    }
  }

  T* get() const noexcept { return at_; }
  auto& operator*() const noexcept { return *at_; }
  T* operator->() const noexcept { return at_; }
  explicit operator bool() const noexcept { return at_ != nullptr; }
  friend bool operator==(const owned& o, std::nullptr_t) noexcept { return o.at_ == nullptr; }
  T* release() noexcept {
    T* const out = at_;
    at_ = nullptr;
    return out;
  }
  void reset(T* p = nullptr) noexcept {
    T* const old = at_;
    at_ = p;
    if (!old) return;
    if constexpr (std::is_null_pointer_v<decltype(free)>) {
      delete old;
    } else {
      static_cast<void>(free(old));
    }
  }

 private:
  T* at_{};
};

namespace detail {
inline void delete_bytes(std::byte* p) noexcept { delete[] p; }
}  // namespace detail

/// `owned_bytes{new std::byte[size]}`
using owned_bytes = owned<std::byte, &detail::delete_bytes>;

template <class T, class... A>
owned<T> make_owned(A&&... a) {
  return owned<T>{new T(static_cast<A&&>(a)...)};
}

}  // namespace s3store::inline v0
