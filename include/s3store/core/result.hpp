// What does a call return? A value or an error, never both, never neither; and beside either, what is known of the exchange.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/error.hpp>
#include <s3store/core/headers.hpp>

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

/// Never destroyed: the library has no static with a destructor.
inline const response_meta& no_meta() {
  static const response_meta* const none = new response_meta{};
  return *none;
}
}  // namespace detail

/// A value of type T, or an error. `result<void>` holds success or an error.
template <class T>
class [[nodiscard]] result {
  using stored = std::conditional_t<std::is_void_v<T>, detail::nothing, T>;

 public:
  using value_type = T;

  result() requires std::is_void_v<T> : value_(std::in_place) {}
  result(stored value) requires(!std::is_void_v<T>) : value_(std::move(value)) {}
  result(s3store::error e) : error_(std::make_unique<s3store::error>(std::move(e))) {}
  /// An error from now on. (An assignment of its own, because that of results compiles an assignment of every member of the value.)
  result& operator=(s3store::error e) {
    error_ = std::make_unique<s3store::error>(std::move(e));
    value_.reset();
    return *this;
  }
  /// The error of another result, of whatever type, handed on.
  template <class U>
  static result failed_as(result<U>&& other) {
    result out{std::move(other.error())};
    out.meta_ = other.release_meta();
    return out;
  }

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; throws s3_error where there is none. From a result that goes away it is moved out, so `for (auto& x : f().value())` is safe.
  stored& value() & { return checked(), *value_; }
  const stored& value() const& { return checked(), *value_; }
  stored value() && { return checked(), std::move(*value_); }

  /// The value, which must be there.
  stored& operator*() & noexcept { return *value_; }
  const stored& operator*() const& noexcept { return *value_; }
  stored operator*() && { return std::move(*value_); }
  stored* operator->() noexcept { return &*value_; }
  const stored* operator->() const noexcept { return &*value_; }

  /// The error, which must be there.
  s3store::error& error() noexcept { return *error_; }
  const s3store::error& error() const noexcept { return *error_; }

  /// Status, headers, attempts and times of the exchange; all empty where nothing was sent.
  const response_meta& meta() const noexcept { return meta_ ? *meta_ : detail::no_meta(); }
  void attach(std::unique_ptr<response_meta> meta) noexcept { meta_ = std::move(meta); }
  std::unique_ptr<response_meta> release_meta() noexcept { return std::move(meta_); }

 private:
  void checked() const {
    if (error_) throw s3_error{*error_};
  }

  std::optional<stored> value_{};
  std::unique_ptr<s3store::error> error_{};
  std::unique_ptr<response_meta> meta_{};
};

/// An error in one line: `return fail(error_kind::io, "no such file: " + name);`
inline error fail(error_kind kind, std::string message) {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  return e;
}

}  // namespace s3store::inline v0
