// What does an optional member of the library's own types cost a compiler? A fortieth of what the general std::optional does.
//
// The S3 API has some 160 types that are optional somewhere, and instantiating std::optional takes GCC 12 about 3 ms each: half of what
// including all operations would cost. A program may specialise it for types of its own ([namespace.std]/2), as long as the
// specialisation keeps what the standard says of the template; so it is specialised here for those types, and a member stays what
// everybody knows. What makes the general template dear is that copying must be trivial where T's is; T's that are trivially copyable
// are therefore left to it.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace s3store::inline v0 {

// Found by argument-dependent lookup from a type of the same namespace, and so the cheapest of all ways to ask where a type is from.
void own_type(const volatile void*);
namespace auth { using v0::own_type; }
namespace crypto { using v0::own_type; }
namespace http { using v0::own_type; }
namespace types { using v0::own_type; }

namespace detail {

void own_type() = delete;  // or every type would find the one above
template <class T>
concept own_optional = requires(T* where) { own_type(where); } && !std::is_trivially_copyable_v<T>;

}  // namespace detail
}  // namespace s3store::inline v0

template <class T>
  requires s3store::detail::own_optional<T>
class std::optional<T> {
  // A value, and no optional that would rather be converted.
  template <class U>
  static constexpr bool is_value = !is_same_v<remove_cvref_t<U>, optional> && !is_same_v<remove_cvref_t<U>, in_place_t> &&
                                   !is_same_v<remove_cvref_t<U>, nullopt_t> && is_constructible_v<T, U>;
  template <class U>
  static constexpr bool is_other = !is_same_v<U, T> && is_constructible_v<T, const U&> && !is_constructible_v<T, const optional<U>&>;

 public:
  using value_type = T;

  constexpr optional() noexcept : none_() {}
  constexpr optional(nullopt_t) noexcept : none_() {}
  constexpr optional(const optional& o) noexcept(is_nothrow_copy_constructible_v<T>) requires is_copy_constructible_v<T> : none_() {
    if (o.has_) make(o.value_);
  }
  constexpr optional(optional&& o) noexcept(is_nothrow_move_constructible_v<T>) requires is_move_constructible_v<T> : none_() {
    if (o.has_) make(static_cast<T&&>(o.value_));
  }
  template <class... A>
    requires is_constructible_v<T, A...>
  constexpr explicit optional(in_place_t, A&&... a) : none_() { make(static_cast<A&&>(a)...); }
  template <class U, class... A>
    requires is_constructible_v<T, initializer_list<U>&, A...>
  constexpr explicit optional(in_place_t, initializer_list<U> items, A&&... a) : none_() { make(items, static_cast<A&&>(a)...); }
  template <class U = T>
    requires(is_value<U>)
  constexpr explicit(!is_convertible_v<U, T>) optional(U&& value) : none_() { make(static_cast<U&&>(value)); }
  template <class U>
    requires(is_other<U>)
  constexpr explicit(!is_convertible_v<const U&, T>) optional(const optional<U>& o) : none_() {
    if (o) make(*o);
  }
  template <class U>
    requires(is_other<U>)
  constexpr explicit(!is_convertible_v<U, T>) optional(optional<U>&& o) : none_() {
    if (o) make(*std::move(o));
  }
  constexpr ~optional() { reset(); }

  constexpr optional& operator=(nullopt_t) noexcept { return reset(), *this; }
  constexpr optional& operator=(const optional& o) requires(is_copy_constructible_v<T> && is_copy_assignable_v<T>) {
    if (o.has_) return put(o.value_);
    return reset(), *this;
  }
  constexpr optional& operator=(optional&& o) noexcept(is_nothrow_move_constructible_v<T> && is_nothrow_move_assignable_v<T>)
    requires(is_move_constructible_v<T> && is_move_assignable_v<T>)
  {
    if (o.has_) return put(static_cast<T&&>(o.value_));
    return reset(), *this;
  }
  template <class U = T>
    requires(is_value<U> && is_assignable_v<T&, U>)
  constexpr optional& operator=(U&& value) { return put(static_cast<U&&>(value)); }
  template <class U>
    requires(is_other<U> && is_assignable_v<T&, const U&>)
  constexpr optional& operator=(const optional<U>& o) {
    if (o) return put(*o);
    return reset(), *this;
  }
  template <class U>
    requires(is_other<U> && is_assignable_v<T&, U>)
  constexpr optional& operator=(optional<U>&& o) {
    if (o) return put(*std::move(o));
    return reset(), *this;
  }

  template <class... A>
  constexpr T& emplace(A&&... a) { return reset(), make(static_cast<A&&>(a)...); }
  template <class U, class... A>
    requires is_constructible_v<T, initializer_list<U>&, A...>
  constexpr T& emplace(initializer_list<U> items, A&&... a) { return reset(), make(items, static_cast<A&&>(a)...); }
  constexpr void reset() noexcept {
    if (!has_) return;
    has_ = false;
    value_.~T();
  }
  constexpr void swap(optional& o) noexcept(is_nothrow_move_constructible_v<T> && is_nothrow_swappable_v<T>) {
    if (has_ && o.has_) {
      using std::swap;
      swap(value_, o.value_);
    } else if (has_ || o.has_) {
      optional& full = has_ ? *this : o;
      (has_ ? o : *this).make(static_cast<T&&>(full.value_));
      full.reset();
    }
  }

  constexpr bool has_value() const noexcept { return has_; }
  constexpr explicit operator bool() const noexcept { return has_; }
  constexpr T* operator->() noexcept { return std::addressof(value_); }
  constexpr const T* operator->() const noexcept { return std::addressof(value_); }
  constexpr T& operator*() & noexcept { return value_; }
  constexpr const T& operator*() const& noexcept { return value_; }
  constexpr T&& operator*() && noexcept { return static_cast<T&&>(value_); }
  constexpr const T&& operator*() const&& noexcept { return static_cast<const T&&>(value_); }
  constexpr T& value() & { return checked(), value_; }
  constexpr const T& value() const& { return checked(), value_; }
  constexpr T&& value() && { return checked(), static_cast<T&&>(value_); }
  constexpr const T&& value() const&& { return checked(), static_cast<const T&&>(value_); }
  template <class U>
  constexpr T value_or(U&& other) const& { return has_ ? value_ : static_cast<T>(static_cast<U&&>(other)); }
  template <class U>
  constexpr T value_or(U&& other) && { return has_ ? static_cast<T&&>(value_) : static_cast<T>(static_cast<U&&>(other)); }

  template <class F>
  constexpr auto and_then(F&& f) & { return has_ ? static_cast<F&&>(f)(value_) : remove_cvref_t<invoke_result_t<F, T&>>{}; }
  template <class F>
  constexpr auto and_then(F&& f) const& { return has_ ? static_cast<F&&>(f)(value_) : remove_cvref_t<invoke_result_t<F, const T&>>{}; }
  template <class F>
  constexpr auto and_then(F&& f) && { return has_ ? static_cast<F&&>(f)(static_cast<T&&>(value_)) : remove_cvref_t<invoke_result_t<F, T>>{}; }
  template <class F>
  constexpr auto transform(F&& f) & { return mapped(static_cast<F&&>(f), *this); }
  template <class F>
  constexpr auto transform(F&& f) const& { return mapped(static_cast<F&&>(f), *this); }
  template <class F>
  constexpr auto transform(F&& f) && { return mapped(static_cast<F&&>(f), static_cast<optional&&>(*this)); }
  template <class F>
  constexpr optional or_else(F&& f) const& { return has_ ? *this : static_cast<F&&>(f)(); }
  template <class F>
  constexpr optional or_else(F&& f) && { return has_ ? static_cast<optional&&>(*this) : static_cast<F&&>(f)(); }

 private:
  template <class... A>
  constexpr T& make(A&&... a) {
    std::construct_at(std::addressof(value_), static_cast<A&&>(a)...);
    has_ = true;
    return value_;
  }
  template <class U>
  constexpr optional& put(U&& value) {
    if (has_) {
      value_ = static_cast<U&&>(value);
    } else {
      make(static_cast<U&&>(value));
    }
    return *this;
  }
  template <class F, class Self>
  static constexpr auto mapped(F&& f, Self&& self) {
    using mapped_type = remove_cv_t<decltype(static_cast<F&&>(f)(*static_cast<Self&&>(self)))>;
    return self.has_ ? optional<mapped_type>{in_place, static_cast<F&&>(f)(*static_cast<Self&&>(self))} : optional<mapped_type>{};
  }
  constexpr void checked() const {
    if (!has_) throw bad_optional_access{};
  }

  union {
    char none_;
    T value_;
  };
  bool has_{};
};
