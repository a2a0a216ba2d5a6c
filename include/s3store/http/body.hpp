// Where do a body's bytes come from, and go to? Adapters for memory, callbacks, and the one type that a request's body has.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline v0::http {

/// Reads bytes that somebody else keeps.
class memory_source final : public source {
 public:
  memory_source() = default;
  explicit memory_source(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
  explicit memory_source(std::string_view text) noexcept : bytes_(as_bytes(text)) {}

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

 private:
  std::span<const std::byte> bytes_{};
  std::size_t at_{};
};

/// Appends to a string, up to a limit in bytes.
class string_sink final : public sink {
 public:
  explicit string_sink(std::string& into, std::uint64_t limit = (std::numeric_limits<std::uint64_t>::max)()) noexcept
      : into_(&into), start_(into.size()), limit_(limit) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (into_->size() - start_ + bytes.size() > limit_)
      return fail(error_kind::body_sink, {"the body is longer than the limit of ", decimal(limit_), " bytes"});
    try {
      into_->append(as_text(bytes));
    } catch (...) {
      return fail(error_kind::body_sink, "out of memory");
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
/// Runs a caller's function where no exception may pass. What it threw travels in the error and is thrown again on the caller's own
/// stack, once the transport (C code, with libcurl) has returned.
template <class F>
auto guarded(error_kind kind, F&& f) noexcept -> decltype(f()) {
  const auto caught = [kind](std::string why) {
    error e = fail(kind, std::move(why));
    e.thrown = std::current_exception();
    return e;
  };
  try {
    return f();
  } catch (const std::exception& e) {
    return caught(std::string("the caller's function threw: ") + e.what());
  } catch (...) {
    return caught("the caller's function threw");
  }
}
}  // namespace detail

/// A source made of a function `std::size_t(std::span<std::byte>)` that gives the next bytes, 0 at the end, and may throw.
/// It can be read once, so a failed send is not repeated, unless a `rewind` function `bool(std::uint64_t)` is given.
template <class Read, class Rewind = std::nullptr_t>
class function_source final : public source {
 public:
  explicit function_source(Read read, std::optional<std::uint64_t> size = std::nullopt, Rewind rewind = Rewind{})
      : read_(std::move(read)), rewind_(std::move(rewind)), size_(size) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    started_ = true;
    return detail::guarded(error_kind::body_source, [&]() -> result<std::size_t> { return std::size_t{read_(into)}; });
  }
  bool seek(std::uint64_t from) noexcept override {
    if (!started_ && from == 0) return true;
    if constexpr (!std::is_same_v<Rewind, std::nullptr_t>) {
      try {
        return rewind_(from);
      } catch (...) {  // a body that can't go back is not sent again: that is all there is to say
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

/// A sink made of a function `void(std::span<const std::byte>)` that may throw. What it took can't be taken back.
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

/// The body of a request: text that it owns, bytes that somebody else keeps (`borrow`), or a source.
///   .body = "hello"                     copied
///   .body = std::move(text)             moved
///   .body = http::body::borrow(bytes)   must outlive the call
///   .body = file                        a source, by reference: must outlive the call
class body {
 public:
  body() = default;
  body(std::string text) : text_(std::move(text)), present_(true) {}
  body(const char* text) : text_(text), present_(true) {}
  body(source& from) noexcept : source_(&from), present_(true) {}

  static body borrow(std::span<const std::byte> bytes) noexcept {
    body out;
    out.borrowed_ = bytes;
    out.is_borrowed_ = out.present_ = true;
    return out;
  }
  static body borrow(std::string_view text) noexcept { return borrow(as_bytes(text)); }

  /// False: the request has no body at all (which S3 reads as an empty one).
  bool present() const noexcept { return present_; }
  /// The caller's source, or null where the bytes are in memory.
  source* stream() const noexcept { return source_; }
  /// The bytes, where they are in memory.
  std::span<const std::byte> bytes() const noexcept { return is_borrowed_ ? borrowed_ : as_bytes(text_); }
  std::string_view text() const noexcept { return as_text(bytes()); }

 private:
  std::string text_{};
  std::span<const std::byte> borrowed_{};
  source* source_{};
  bool present_{};
  bool is_borrowed_{};
};

}  // namespace s3store::inline v0::http
