// What does an optional member of the library's own types cost a compiler? A fortieth of what the general std::optional does.
//
// The S3 API has some 160 types that are optional somewhere, and instantiating std::optional takes GCC 12 about 3 ms each: half of what
// including all operations would cost. A program may specialise it for types of its own ([namespace.std]/2), as long as the
// specialisation keeps what the standard says of the template; so it is specialised here for those types, and a member stays what
// everybody knows. (It is not constexpr; no constant of ours has one.) What makes the general template dear is that copying must be trivial
// where T's is; T's that are trivially copyable are therefore left to it.
#pragma once

#include <initializer_list>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <s3store/core/own_type.hpp>

namespace s3store::inline v0::own {

template <class T>
concept optional_value = type<T> && !__is_trivially_copyable(T);

}  // namespace s3store::inline v0::own

template <class T>
  requires s3store::own::optional_value<T>
class std::optional<T> {
  // A value, and no optional that would rather be converted.
  template <class U>
  static constexpr bool is_value = !__is_same(remove_cvref_t<U>, optional) && !__is_same(remove_cvref_t<U>, in_place_t) &&
                                   !__is_same(remove_cvref_t<U>, nullopt_t) && __is_constructible(T, U);
  template <class U>
  static constexpr bool is_other = !__is_same(U, T) && __is_constructible(T, const U&) && !__is_constructible(T, const optional<U>&);

 public:
  using value_type = T;

  optional() noexcept : none_() {}
  optional(nullopt_t) noexcept : none_() {}
  optional(const optional& o) noexcept(__is_nothrow_constructible(T, const T&)) requires __is_constructible(T, const T&) : none_(), has_(o.has_) {
    if (has_) ::new (static_cast<void*>(&value_)) T(o.value_);
  }
  optional(optional&& o) noexcept(__is_nothrow_constructible(T, T&&)) requires __is_constructible(T, T&&) : none_(), has_(o.has_) {
    if (has_) ::new (static_cast<void*>(&value_)) T(static_cast<T&&>(o.value_));
  }
  template <class... A>
    requires __is_constructible(T, A...)
  explicit optional(in_place_t, A&&... a) : value_(static_cast<A&&>(a)...), has_(true) {}
  template <class U, class... A>
    requires __is_constructible(T, initializer_list<U>&, A...)
  explicit optional(in_place_t, initializer_list<U> items, A&&... a) : value_(items, static_cast<A&&>(a)...), has_(true) {}
  template <class U = T>
    requires(is_value<U>)
  explicit(!is_convertible_v<U, T>) optional(U&& value) : value_(static_cast<U&&>(value)), has_(true) {}
  template <class U>
    requires(is_other<U>)
  explicit(!is_convertible_v<const U&, T>) optional(const optional<U>& o) : none_() {
    if (o) make(*o);
  }
  template <class U>
    requires(is_other<U>)
  explicit(!is_convertible_v<U, T>) optional(optional<U>&& o) : none_() {
    if (o) make(*std::move(o));
  }
  ~optional() {
    if (has_) value_.~T();
  }

  optional& operator=(nullopt_t) noexcept { return reset(), *this; }
  optional& operator=(const optional& o) requires(__is_constructible(T, const T&) && __is_assignable(T&, const T&)) {
    if (o.has_) return put(o.value_);
    return reset(), *this;
  }
  optional& operator=(optional&& o) noexcept(__is_nothrow_constructible(T, T&&) && __is_nothrow_assignable(T&, T&&))
    requires(__is_constructible(T, T&&) && __is_assignable(T&, T&&))
  {
    if (o.has_) return put(static_cast<T&&>(o.value_));
    return reset(), *this;
  }
  template <class U = T>
    requires(is_value<U> && __is_assignable(T&, U))
  optional& operator=(U&& value) { return put(static_cast<U&&>(value)); }
  template <class U>
    requires(is_other<U> && __is_assignable(T&, const U&))
  optional& operator=(const optional<U>& o) {
    if (o) return put(*o);
    return reset(), *this;
  }
  template <class U>
    requires(is_other<U> && __is_assignable(T&, U))
  optional& operator=(optional<U>&& o) {
    if (o) return put(*std::move(o));
    return reset(), *this;
  }

  template <class... A>
  T& emplace(A&&... a) { return reset(), make(static_cast<A&&>(a)...); }
  template <class U, class... A>
    requires __is_constructible(T, initializer_list<U>&, A...)
  T& emplace(initializer_list<U> items, A&&... a) { return reset(), make(items, static_cast<A&&>(a)...); }
  void reset() noexcept {
    if (!has_) return;
    has_ = false;
    value_.~T();
  }
  void swap(optional& o) noexcept(__is_nothrow_constructible(T, T&&) && is_nothrow_swappable_v<T>) {
    if (has_ && o.has_) {
      using std::swap;
      swap(value_, o.value_);
    } else if (has_ || o.has_) {
      optional& full = has_ ? *this : o;
      (has_ ? o : *this).make(static_cast<T&&>(full.value_));
      full.reset();
    }
  }

  bool has_value() const noexcept { return has_; }
  explicit operator bool() const noexcept { return has_; }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }
  T& operator*() & noexcept { return value_; }
  const T& operator*() const& noexcept { return value_; }
  T&& operator*() && noexcept { return static_cast<T&&>(value_); }
  const T&& operator*() const&& noexcept { return static_cast<const T&&>(value_); }
  T& value() & { return checked(), value_; }
  const T& value() const& { return checked(), value_; }
  T&& value() && { return checked(), static_cast<T&&>(value_); }
  const T&& value() const&& { return checked(), static_cast<const T&&>(value_); }
  template <class U>
  T value_or(U&& other) const& { return has_ ? value_ : static_cast<T>(static_cast<U&&>(other)); }
  template <class U>
  T value_or(U&& other) && { return has_ ? static_cast<T&&>(value_) : static_cast<T>(static_cast<U&&>(other)); }

#if __cplusplus > 202002L  // then the general one has these
  template <class F>
  auto and_then(F&& f) & { return has_ ? static_cast<F&&>(f)(value_) : remove_cvref_t<invoke_result_t<F, T&>>{}; }
  template <class F>
  auto and_then(F&& f) const& { return has_ ? static_cast<F&&>(f)(value_) : remove_cvref_t<invoke_result_t<F, const T&>>{}; }
  template <class F>
  auto and_then(F&& f) && { return has_ ? static_cast<F&&>(f)(static_cast<T&&>(value_)) : remove_cvref_t<invoke_result_t<F, T>>{}; }
  template <class F>
  auto transform(F&& f) & { return mapped(static_cast<F&&>(f), *this); }
  template <class F>
  auto transform(F&& f) const& { return mapped(static_cast<F&&>(f), *this); }
  template <class F>
  auto transform(F&& f) && { return mapped(static_cast<F&&>(f), static_cast<optional&&>(*this)); }
  template <class F>
  optional or_else(F&& f) const& { return has_ ? *this : static_cast<F&&>(f)(); }
  template <class F>
  optional or_else(F&& f) && { return has_ ? static_cast<optional&&>(*this) : static_cast<F&&>(f)(); }
#endif

 private:
  template <class... A>
  T& make(A&&... a) {
    ::new (static_cast<void*>(&value_)) T(static_cast<A&&>(a)...);
    has_ = true;
    return value_;
  }
  template <class U>
  optional& put(U&& value) {
    if (has_) {
      value_ = static_cast<U&&>(value);
    } else {
      make(static_cast<U&&>(value));
    }
    return *this;
  }
#if __cplusplus > 202002L
  template <class F, class Self>
  static auto mapped(F&& f, Self&& self) {
    using mapped_type = remove_cv_t<decltype(static_cast<F&&>(f)(*static_cast<Self&&>(self)))>;
    return self.has_ ? optional<mapped_type>{in_place, static_cast<F&&>(f)(*static_cast<Self&&>(self))} : optional<mapped_type>{};
  }
#endif
  void checked() const {
    if (!has_) throw bad_optional_access{};
  }

  union {
    char none_;
    T value_;
  };
  bool has_{};
};
