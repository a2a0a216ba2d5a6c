// Who deletes a thing on the heap? Its one owner, as with std::unique_ptr.
//
// Inside of the library, in what every call compiles, this stands for std::unique_ptr, of which each type is 45 functions to a compiler
// that does not optimise (it is made of a tuple): together with core/shared.hpp it saves a fifth of the code of a GET. The public interface
// has the standard's pointers. See docs/decisions/0006.
#pragma once

#include <cstddef>
#include <utility>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

struct heap_deleter {
  template <class T>
  void operator()(T* p) const noexcept { delete p; }
};

/// Owns at most one `T`; `Deleter` is an empty type that gives it back.
template <class T, class Deleter = heap_deleter>
class owned {
 public:
  owned() noexcept = default;
  owned(std::nullptr_t) noexcept {}
  explicit owned(T* p) noexcept : pointer_(p) {}
  owned(owned&& other) noexcept : pointer_(other.release()) {}
  owned& operator=(owned&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~owned() {
    if (pointer_) Deleter{}(pointer_);
  }

  T* get() const noexcept { return pointer_; }
  auto& operator*() const noexcept { return *pointer_; }
  T* operator->() const noexcept { return pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }
  T* release() noexcept {
    T* const out = pointer_;
    pointer_ = nullptr;
    return out;
  }
  void reset(T* p = nullptr) noexcept {
    T* const old = pointer_;
    pointer_ = p;
    if (old) Deleter{}(old);
  }

 private:
  T* pointer_{};
};

template <class T, class... A>
owned<T> make_owned(A&&... a) {
  return owned<T>{new T(std::forward<A>(a)...)};
}

}  // namespace s3store::inline S3STORE_ABI::detail
