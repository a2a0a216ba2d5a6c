// How does a stretch of a long source become the body of one request? As a window on it, that counts and hashes what passes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline v0 {

/// A source that is `length` bytes of another one. One window is moved from part to part, so that a source which can't go back is still
/// sent to its end: a window that opens where the last one was read to asks for no seek.
class section final : public http::source {
 public:
  section(progress_tally& tally, std::optional<crypto::checksum> hash) : tally_(tally), hash_(std::move(hash)) {}

  /// `start` is where the window begins in `of`, and `done` how much of the whole transfer lies before it.
  void open(http::source& of, std::uint64_t start, std::uint64_t length, std::uint64_t done) {
    if (of_ != &of) position_.reset();
    of_ = &of;
    start_ = start;
    length_ = length;
    done_ = done;
    read_ = 0;
    if (hash_) hash_->reset();
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, length_ - read_)));
    if (into.empty()) return std::size_t{0};
    position_.reset();  // until it is known what came of the read
    auto got = of_->read(into);
    if (!got) return got;
    if (hash_) hash_->update(into.first(*got));
    read_ += *got;
    position_ = start_ + read_;
    if (auto told = tally_.reached(done_ + read_); !told) return std::move(told.error());
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0) return false;
    if (position_ != start_ && !of_->seek(start_)) return false;
    position_ = start_;
    read_ = 0;
    if (hash_) hash_->reset();
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

  /// The checksum of the window, once all of it was read; to be asked for once.
  std::string checksum() { return hash_ ? hash_->base64() : std::string{}; }

 private:
  progress_tally& tally_;
  http::source* of_{};
  std::uint64_t start_{}, length_{}, done_{};
  std::uint64_t read_{};
  std::optional<std::uint64_t> position_{};  ///< of the source below; nothing where it is not known
  std::optional<crypto::checksum> hash_{};
};

}  // namespace s3store::inline v0
