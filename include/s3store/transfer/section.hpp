// How does a section of a long source become the body of one request? With a source that gives only that section, and tells how far it
// has come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <s3store/http/message.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// `length` bytes of something that can be read anywhere, from `start` on, so several sections can be sent at once. What is sent again
/// after a failure is no progress, and neither is what is only hashed (`read_at`).
class section final : public http::source, public http::random_access {
 public:
  /// `of` and `tally` must outlive this.
  section(const http::random_access& of, std::uint64_t start, std::uint64_t length, progress_tally& tally) noexcept
      : of_(of), start_(start), length_(length), tally_(tally) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    auto got = read_at(at_, into);
    if (!got) return got;
    at_ += *got;
    // Before the last byte is given away, because after it the request would be complete.
    if (at_ == length_ || *got == 0)
      if (auto same = of_.check_unchanged(); !same) return std::move(same.error());
    if (at_ > furthest_) {
      const std::uint64_t more = at_ - furthest_;
      furthest_ = at_;
      if (auto told = tally_.add(more); !told) return std::move(told.error());
    }
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

  const http::random_access* anywhere() const noexcept override { return this; }
  result<std::size_t> read_at(std::uint64_t from, std::span<std::byte> into) const noexcept override {
    const std::uint64_t left = from < length_ ? length_ - from : 0;
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, left)));
    return into.empty() ? result<std::size_t>{std::size_t{0}} : http::read_some_at(of_, start_ + from, into);
  }
  result<void> check_unchanged() const noexcept override { return of_.check_unchanged(); }

 private:
  const http::random_access& of_;
  std::uint64_t start_, length_;
  progress_tally& tally_;
  std::uint64_t at_{}, furthest_{};
};

/// The next `length` bytes of a source that is read from start to end. It can be sent again only if that source can seek.
class next_section final : public http::source {
 public:
  /// `start`: where in `of` it begins, which must be the place that was reached. `of` must outlive this.
  next_section(http::source& of, std::uint64_t start, std::uint64_t length) noexcept : of_(of), start_(start), length_(length) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, length_ - at_)));
    if (into.empty()) return std::size_t{0};
    moved_ = true;
    auto got = http::read_some(of_, into);
    if (got) at_ += *got;
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0 || (moved_ && !of_.seek(start_))) return false;
    at_ = 0;
    moved_ = false;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

 private:
  http::source& of_;
  std::uint64_t start_, length_;
  std::uint64_t at_{};
  bool moved_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
