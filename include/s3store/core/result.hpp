// What does a call return? Either a value or an error, and with both, what is known about the HTTP exchange.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <s3store/core/error.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI {

/// How the bytes of a download were checked.
enum class integrity : std::uint8_t {
  absent,     ///< not checked: the answer named no checksum that we can compute, or had no body
  verified,   ///< the whole body matched its checksum
  composite,  ///< not checked: the checksum was computed from the parts' checksums and not from the body
  ranged,     ///< not checked: only a range was read, and the checksum is the whole object's
};

/// What is known about the exchange besides the value or error.
struct response_meta {
  int status{};
  headers fields{};         ///< every response header, in order
  int attempts{};           ///< how often the request was sent
  duration elapsed{};       ///< from the start of the call to its end, waits included
  std::uint64_t sent{};     ///< body bytes of the last attempt
  std::uint64_t received{};  ///< body bytes of the last attempt
  s3store::integrity integrity{};
  /// Names of headers and elements whose values could not be read, and whose members are empty for that reason.
  std::vector<std::string> unreadable{};

  std::string_view request_id() const noexcept { return fields.value_or_empty("x-amz-request-id"); }
  std::string_view host_id() const noexcept { return fields.value_or_empty("x-amz-id-2"); }
};

namespace detail {
struct nothing {};
struct no_value_yet {};

/// Never destroyed: the library has no static with a destructor.
inline const response_meta& no_meta() {
  static const response_meta* const none = new response_meta{};
  return *none;
}

/// Prints one line to the standard error stream and ends the program.
[[noreturn]] inline void stop(std::string_view why) noexcept {
  std::fprintf(stderr, "s3store: %.*s\n", static_cast<int>(why.size()), why.data());
  std::abort();
}

/// For a failed allocation. Allocates nothing: the text fits into any std::string.
inline error out_of_memory() noexcept {
  error e;
  e.kind = error_kind::out_of_memory;
  e.message = "no memory left";
  return e;
}

/// An error in one line: `return fail(error_kind::io, "the disk is full");` If there is no memory for the message, it has another.
inline error fail(error_kind kind, std::string&& message) noexcept {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  return e;
}
/// The same, with a message made of several pieces: `return fail(error_kind::io, {"no such file: ", name});`
inline error fail(error_kind kind, std::initializer_list<std::string_view> message) noexcept {
  try {
    return detail::fail(kind, detail::concat(message));
  } catch (...) {
    error e = out_of_memory();
    e.kind = kind;
    return e;
  }
}
inline error fail(error_kind kind, std::string_view message) noexcept { return detail::fail(kind, {message}); }
inline error fail(error_kind kind, const char* message) noexcept { return detail::fail(kind, {std::string_view{message}}); }

/// The place of an error. Errors that must be told when the heap has no memory left have theirs in here.
class spare_errors {
 public:
  constexpr spare_errors() noexcept = default;
  /// Null if all are taken.
  void* take() noexcept {
    for (spare& s : spares_)
      if (!s.taken.exchange(true, std::memory_order_acquire)) return s.bytes;
    return nullptr;
  }
  /// False if it is none of these.
  bool give_back(void* place) noexcept {
    for (spare& s : spares_) {
      if (place != s.bytes) continue;
      s.taken.store(false, std::memory_order_release);
      return true;
    }
    return false;
  }

 private:
  struct spare {
    alignas(error) std::byte bytes[sizeof(error)]{};
    std::atomic<bool> taken{};
  };
  std::array<spare, 32> spares_{};
};
inline constinit spare_errors spares{};

struct error_deleter {
  void operator()(error* e) const noexcept {
    e->~error();
    if (!spares.give_back(e)) ::operator delete(e);
  }
};
using owned_error = owned<error, error_deleter>;
/// Throws std::bad_alloc if the spare places are taken as well.
inline owned_error own(error&& e) {
  void* place = ::operator new(sizeof(error), std::nothrow);
  if (!place) place = spares.take();
  if (!place) throw std::bad_alloc{};
  return owned_error{::new (place) error(std::move(e))};
}

}  // namespace detail

/// The part of a result that does not depend on its value's type.
class result_base {
 public:
  bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  /// The error. If there is a value instead, this prints a line and ends the program, in optimised builds too. From a temporary
  /// result the error is moved out, so that `const auto& e = f().error();` is safe.
  s3store::error& error() & noexcept { return stop_if_no_error(), *error_; }
  const s3store::error& error() const& noexcept { return stop_if_no_error(), *error_; }
  s3store::error error() && noexcept { return stop_if_no_error(), std::move(*error_); }

  /// Status, headers, attempts and times of the exchange; all empty if nothing was sent. The reference is valid as long as the
  /// result; from a temporary result it is moved out.
  const response_meta& meta() const& noexcept { return meta_ ? *meta_ : detail::no_meta(); }
  response_meta meta() && { return meta_ ? std::move(*meta_) : response_meta{}; }
  void attach(detail::owned<response_meta> meta) noexcept { meta_ = std::move(meta); }
  detail::owned<response_meta> release_meta() noexcept { return std::move(meta_); }

 protected:
  explicit result_base(bool has_value) noexcept : has_value_(has_value) {}
  explicit result_base(s3store::error e) : error_(detail::own(std::move(e))) {}
  result_base(result_base&&) noexcept = default;
  result_base& operator=(result_base&&) noexcept = default;
  ~result_base() = default;

  void forget_value() noexcept { has_value_ = false; }
  void throw_if_absent() const {
    if (!has_value_) throw s3_error{error_ ? *error_ : s3store::error{}};
  }
  void stop_if_absent() const noexcept {
    if (!has_value_)
      detail::stop(error_ ? "the value of a result that holds an error was used: " + error_->describe()
                          : std::string("the value of a result that holds none was used"));
  }

 private:
  void stop_if_no_error() const noexcept {
    if (!error_) detail::stop("error() of a result that holds a value was used");
  }

  detail::owned_error error_{};
  detail::owned<response_meta> meta_{};
  bool has_value_{};
};

/// A value of type T, or an error. `result<void>` holds success or an error.
///   auto got = s3.get_object({.bucket = "b", .key = "k"});
///   if (!got) return report(got.error().describe());
///   use(got->body);
template <class T>
class [[nodiscard]] result : public result_base {
  using stored = std::conditional_t<std::is_void_v<T>, detail::nothing, T>;

 public:
  using value_type = T;

  result() requires std::is_void_v<T> : result_base(true), value_() {}
  result(stored value) requires(!std::is_void_v<T>) : result_base(true), value_(std::move(value)) {}
  explicit result(std::in_place_t) : result_base(true), value_() {}  // a default-constructed value, to be filled in
  result(s3store::error e) : result_base(std::move(e)), none_() {}
  explicit result(detail::no_value_yet) noexcept : result_base(false), none_() {}  // must be assigned to before it is used
  result(result&& other) noexcept(std::is_nothrow_move_constructible_v<stored>) : result_base(std::move(other)), none_() {
    if (has_value()) std::construct_at(&value_, std::move(other.value_));  // NOLINT(bugprone-use-after-move): only its base was moved
  }
  result& operator=(result&& other) noexcept(std::is_nothrow_move_constructible_v<stored>) {
    if (this == &other) return *this;
    if (has_value()) value_.~stored();
    forget_value();  // until there is one again: constructing it may throw
    if (other.has_value()) std::construct_at(&value_, std::move(other.value_));
    result_base::operator=(std::move(other));
    return *this;
  }
  ~result() {
    if (has_value()) value_.~stored();
  }
  /// Passes on the error, and what is known about the exchange, of a result of any type. `other` must hold an error.
  static result failed_as(result_base&& other) {
    result out{std::move(other.error())};
    out.attach(other.release_meta());
    return out;
  }

  /// The value; throws s3_error if there is none. From a temporary result the value is moved out, so that
  /// `for (auto& x : f().value())` is safe.
  stored& value() & { return throw_if_absent(), value_; }
  const stored& value() const& { return throw_if_absent(), value_; }
  stored value() && { return throw_if_absent(), std::move(value_); }

  /// The value. If there is an error instead, these print it and end the program, in optimised builds too.
  stored& operator*() & noexcept { return stop_if_absent(), value_; }
  const stored& operator*() const& noexcept { return stop_if_absent(), value_; }
  stored operator*() && { return stop_if_absent(), std::move(value_); }
  stored* operator->() noexcept { return stop_if_absent(), &value_; }
  const stored* operator->() const noexcept { return stop_if_absent(), &value_; }

 private:
  // A union and not a std::optional, because result_base already knows whether there is a value.
  union {
    detail::nothing none_;
    stored value_;
  };
};

}  // namespace s3store::inline S3STORE_ABI
