// Where do a body's bytes come from, and where do they go? From and to memory or functions of the caller; `body` holds any of them.
//
// Functions of the caller run on the thread that performs the exchange.
#pragma once

#include <algorithm>
#include <cstring>
#include <cstddef>
#include <exception>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::http {

namespace detail {
template <class T>
inline constexpr bool is_view = false;
template <>
inline constexpr bool is_view<std::string_view> = true;
template <class T, std::size_t n>
inline constexpr bool is_view<std::span<T, n>> = true;

/// The type that a forwarding reference deduces for a temporary object with bytes of its own, such as a std::string or a vector.
template <class T>
concept temporary_owner = !std::is_lvalue_reference_v<T> && std::is_class_v<T> && !is_view<std::remove_cv_t<T>> &&
                          (std::is_convertible_v<T&, std::string_view> || std::is_convertible_v<T&, std::span<const std::byte>>);
}  // namespace detail

/// Reads bytes that it does not own: they must outlive it.
class memory_source final : public source, public random_access {
 public:
  memory_source() = default;
  explicit memory_source(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
  explicit memory_source(std::string_view text) noexcept : bytes_(detail::as_bytes(text)) {}
  /// Refused: a temporary would be destroyed before the first read.
  template <detail::temporary_owner Owner>
  explicit memory_source(Owner&& temporary) = delete;

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    const std::size_t n = (std::min)(into.size(), bytes_.size() - at_);
    if (n != 0) std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > bytes_.size()) return false;
    at_ = static_cast<std::size_t>(from);
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return bytes_.size(); }
  const random_access* anywhere() const noexcept override { return this; }
  result<std::size_t> read_at(std::uint64_t from, std::span<std::byte> into) const noexcept override {
    const auto start = static_cast<std::size_t>((std::min)(from, std::uint64_t{bytes_.size()}));
    const std::size_t n = (std::min)(into.size(), bytes_.size() - start);
    if (n != 0) std::memcpy(into.data(), bytes_.data() + start, n);
    return n;
  }
  result<void> check_unchanged() const noexcept override { return {}; }

 private:
  std::span<const std::byte> bytes_{};
  std::size_t at_{};
};

/// Appends to a string, which must outlive it. Fails with error_kind::too_large for more than `limit` bytes, and with
/// error_kind::out_of_memory.
class string_sink final : public sink {
 public:
  explicit string_sink(std::string& into, std::uint64_t limit = (std::numeric_limits<std::uint64_t>::max)()) noexcept
      : into_(&into), start_(into.size()), limit_(limit) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (into_->size() - start_ + bytes.size() > limit_)
      return detail::fail(error_kind::too_large, {"the body is longer than the limit of ", detail::decimal(limit_), " bytes"});
    try {
      into_->append(detail::as_text(bytes));
    } catch (...) {
      return detail::out_of_memory();
    }
    return {};
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > into_->size() - start_) return false;
    into_->resize(start_ + static_cast<std::size_t>(from));
    return true;
  }

 private:
  std::string* into_;
  std::size_t start_;
  std::uint64_t limit_;
};

namespace detail {
using namespace s3store::detail;
/// Runs a function of the caller where exceptions must not pass, such as C code of libcurl. What it throws is kept in the error,
/// and the client throws it again once the transport has returned.
template <class F>
auto guarded(error_kind kind, F&& f) noexcept -> decltype(f()) {
  const auto caught = [kind](std::initializer_list<std::string_view> why) {
    error e = detail::fail(kind, why);
    e.thrown = std::current_exception();
    return e;
  };
  try {
    return f();
  } catch (const std::exception& e) {
    return caught({"the caller's function threw: ", e.what()});
  } catch (...) {
    return caught({"the caller's function threw"});
  }
}
}  // namespace detail

/// A source made of a function `std::size_t(std::span<std::byte>)` that writes the next bytes to the front of the span and returns
/// their number, 0 at the end. If it throws, the call fails, and the client throws the exception again. A number that is negative or
/// larger than the span is an error of kind body_source. `size`: in bytes, if known.
/// A failed send is repeated only if there is a function `bool(std::uint64_t)` as `rewind`, which goes to that offset.
template <class Read, class Rewind = std::nullptr_t>
class function_source final : public source {
 public:
  explicit function_source(Read read, std::optional<std::uint64_t> size = std::nullopt, Rewind rewind = Rewind{})
      : read_(std::move(read)), rewind_(std::move(rewind)), size_(size) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    started_ = true;
    return detail::guarded(error_kind::body_source, [&]() -> result<std::size_t> {
      const auto given = read_(into);
      // A negative number, such as that of a failed snprintf, becomes a very large one.
      if (static_cast<std::uint64_t>(given) > into.size()) return detail::more_than_its_room(detail::decimal(given), into.size());
      return static_cast<std::size_t>(given);
    });
  }
  bool seek(std::uint64_t from) noexcept override {
    if (!started_ && from == 0) return true;
    if constexpr (!std::is_same_v<Rewind, std::nullptr_t>) {
      try {
        return rewind_(from);
      } catch (...) {  // the same as false: the body is not sent again
      }
    }
    return false;
  }
  std::optional<std::uint64_t> size() const noexcept override { return size_; }

 private:
  Read read_;
  Rewind rewind_;
  std::optional<std::uint64_t> size_;
  bool started_{};
};

/// A sink made of a function `void(std::span<const std::byte>)`. If it throws, the call fails, and the client throws the exception
/// again. Bytes that the function was given are not given to it a second time.
template <class Write>
class function_sink final : public sink {
 public:
  explicit function_sink(Write write) : write_(std::move(write)) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    return detail::guarded(error_kind::body_sink, [&]() -> result<void> {
      write_(bytes);
      taken_ += bytes.size();
      return {};
    });
  }
  bool seek(std::uint64_t from) noexcept override { return from == taken_; }

 private:
  Write write_;
  std::uint64_t taken_{};
};

namespace detail {
/// A contiguous range of std::byte or unsigned char: a vector, an array, a span.
template <class T>
concept byte_sequence = requires(const T& t) { std::span<const std::byte>(t); } || requires(const T& t) { std::span<const unsigned char>(t); };
}  // namespace detail

/// The body of a request: bytes that it owns, bytes that the caller owns (`borrow`), or a source.
///   .body = "hello"                     copied
///   .body = bytes                       copied: a string_view, or a vector, array or span of std::byte or unsigned char
///   .body = std::move(text)             moved
///   .body = http::body::borrow(bytes)   not copied: the bytes must outlive the call
///   .body = file                        a source, by reference: it must outlive the call
class body {
 public:
  body() = default;
  body(std::string text) noexcept : text_(std::move(text)), present_(true) {}
  body(std::string_view text) : text_(text), present_(true) {}
  /// A null pointer is refused when the request is to be sent.
  body(const char* text) : text_(text ? text : ""), present_(true), is_null_(text == nullptr) {}
  body(std::nullptr_t) = delete;
  template <detail::byte_sequence Bytes>
  body(const Bytes& bytes) : text_(reinterpret_cast<const char*>(std::data(bytes)), std::size(bytes)), present_(true) {}
  body(source& from) noexcept : source_(&from), present_(true) {}

  static body borrow(std::span<const std::byte> bytes) noexcept {
    body out;
    out.borrowed_ = bytes;
    out.is_borrowed_ = out.present_ = true;
    return out;
  }
  static body borrow(std::string_view text) noexcept { return borrow(detail::as_bytes(text)); }
  /// Refused: a temporary would be destroyed before the call begins.
  template <class Owner>
    requires(!std::is_lvalue_reference_v<Owner> && !detail::is_view<std::remove_cv_t<Owner>> && std::is_class_v<Owner>)
  static body borrow(Owner&& temporary) = delete;

  /// False: the request has no body at all, which S3 takes for an empty one.
  bool present() const noexcept { return present_; }
  /// True if it was made of a null pointer.
  bool is_null() const noexcept { return is_null_; }
  /// The caller's source; null if the bytes are in memory.
  source* stream() const noexcept { return source_; }
  /// The bytes if they are in memory, else none.
  std::span<const std::byte> bytes() const noexcept { return is_borrowed_ ? borrowed_ : detail::as_bytes(text_); }
  std::string_view text() const noexcept { return detail::as_text(bytes()); }

 private:
  std::string text_{};
  std::span<const std::byte> borrowed_{};
  source* source_{};
  bool present_{};
  bool is_borrowed_{};
  bool is_null_{};
};

}  // namespace s3store::inline S3STORE_ABI::http
