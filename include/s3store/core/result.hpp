// What does a call return? A value or an error, never both, never neither; and beside either, what is known of the exchange.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/error.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/optional.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline v0 {

/// How the bytes of a download were checked.
enum class integrity : std::uint8_t {
  absent,     ///< the answer named no checksum we can compute, or had no body
  verified,   ///< the whole body matched its checksum
  composite,  ///< the checksum is one over parts, which a whole body can't be compared with
  ranged,     ///< a part of the object: its checksum is the whole object's
};

/// What came beside the value: the answer's head and what it took to get it.
struct response_meta {
  int status{};
  headers fields{};         ///< every response header, in order
  int attempts{};           ///< how often the request was sent
  duration elapsed{};       ///< from the start of the call to its end, waits included
  std::uint64_t sent{};     ///< body bytes of the last attempt
  std::uint64_t received{};
  s3store::integrity integrity{};

  std::string_view request_id() const noexcept { return fields.value_or_empty("x-amz-request-id"); }
  std::string_view host_id() const noexcept { return fields.value_or_empty("x-amz-id-2"); }
};

namespace detail {
struct nothing {};
struct nothing_yet {};

/// Never destroyed: the library has no static with a destructor.
inline const response_meta& no_meta() {
  static const response_meta* const none = new response_meta{};
  return *none;
}
}  // namespace detail

/// What of a result does not depend on its value's type, so that a compiler meets it once.
class result_base {
 public:
  bool has_value() const noexcept { return holds_; }
  explicit operator bool() const noexcept { return holds_; }

  /// The error, which must be there.
  s3store::error& error() noexcept { return *error_; }
  const s3store::error& error() const noexcept { return *error_; }

  /// Status, headers, attempts and times of the exchange; all empty where nothing was sent.
  const response_meta& meta() const noexcept { return meta_ ? *meta_ : detail::no_meta(); }
  void attach(owned<response_meta> meta) noexcept { meta_ = std::move(meta); }
  owned<response_meta> release_meta() noexcept { return std::move(meta_); }

 protected:
  result_base() noexcept = default;
  explicit result_base(s3store::error e) : error_(make_owned<s3store::error>(std::move(e))) {}
  /// All but the value, and so a result that does not hold one yet.
  result_base(result_base&& other) noexcept : error_(std::move(other.error_)), meta_(std::move(other.meta_)) {}
  result_base& operator=(result_base&& other) noexcept {
    error_ = std::move(other.error_);
    meta_ = std::move(other.meta_);
    return *this;
  }
  ~result_base() = default;

  void checked() const {
    if (!holds_) throw s3_error{*error_};
  }

  bool holds_{};

 private:
  owned<s3store::error> error_{};
  owned<response_meta> meta_{};
};

/// A value of type T, or an error. `result<void>` holds success or an error. (A call needs it of a dozen types, and at -O0 each small function
/// that it calls is one more for each of them: hence the casts where std::move would be said.)
template <class T>
class [[nodiscard]] result : public result_base {
  using stored = std::conditional_t<std::is_void_v<T>, detail::nothing, T>;

 public:
  using value_type = T;

  result() requires std::is_void_v<T> : value_() { holds_ = true; }
  result(stored value) requires(!std::is_void_v<T>) : value_(static_cast<stored&&>(value)) { holds_ = true; }
  result(s3store::error e) : result_base(static_cast<s3store::error&&>(e)), none_() {}
  explicit result(detail::nothing_yet) noexcept : none_() {}  // to be assigned to before it is looked at
  result(result&& other) noexcept(__is_nothrow_constructible(stored, stored&&))
      : result_base(static_cast<result_base&&>(other)), none_() {
    take(other);
  }
  result& operator=(result&& other) noexcept(__is_nothrow_constructible(stored, stored&&)) {
    if (this == &other) return *this;
    if (holds_) value_.~stored();
    holds_ = false;
    result_base::operator=(static_cast<result_base&&>(other));
    take(other);
    return *this;
  }
  ~result() {
    if (holds_) value_.~stored();
  }
  /// The error of another result, of whatever type, handed on.
  static result failed_as(result_base&& other) {
    result out{static_cast<s3store::error&&>(other.error())};
    out.attach(other.release_meta());
    return out;
  }

  /// The value; throws s3_error where there is none. From a result that goes away it is moved out, so `for (auto& x : f().value())` is safe.
  stored& value() & { return checked(), value_; }
  const stored& value() const& { return checked(), value_; }
  stored value() && { return checked(), static_cast<stored&&>(value_); }

  /// The value, which must be there.
  stored& operator*() & noexcept { return value_; }
  const stored& operator*() const& noexcept { return value_; }
  stored operator*() && { return static_cast<stored&&>(value_); }
  stored* operator->() noexcept { return __builtin_addressof(value_); }
  const stored* operator->() const noexcept { return __builtin_addressof(value_); }

 private:
  void take(result& other) {
    if (!other.holds_) return;
    ::new (static_cast<void*>(__builtin_addressof(value_))) stored(static_cast<stored&&>(other.value_));
    holds_ = true;
  }

  union {
    detail::nothing none_;
    stored value_;
  };
};

/// An error in one line: `return fail(error_kind::io, "the disk is full");`
inline error fail(error_kind kind, std::string message) {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  return e;
}
/// The same with a message of several pieces: `return fail(error_kind::io, {"no such file: ", name});`
inline error fail(error_kind kind, std::initializer_list<std::string_view> message) { return fail(kind, concat(message)); }

}  // namespace s3store::inline v0
