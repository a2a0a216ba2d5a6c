// How does a section of a long source become the body of one request? This source reads only that section, and counts and hashes
// it.
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

namespace s3store::inline S3STORE_ABI::detail {

/// A source that gives `length` bytes of another source. One object is used for all parts, because it knows the position of the
/// other source: a part that starts where the last one ended needs no seek, so a source that can't seek can also be sent in parts.
class section final : public http::source {
 public:
  section(progress_tally& tally, std::optional<crypto::checksum> hash) : tally_(tally), hash_(std::move(hash)) {}

  /// The section begins at `start` in `of`; `done` bytes of the whole transfer are before it. `of` must outlive its use.
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
    position_.reset();  // not known if the read fails
    auto got = http::read_some(*of_, into);
    if (!got) return got;
    if (hash_) hash_->update(into.first(*got));
    read_ += *got;
    position_ = start_ + read_;
    if (reports_)
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

  /// False: what is read is not sent, but only hashed, and no progress.
  void reports(bool progress) noexcept { reports_ = progress; }

  /// The section's checksum in base64. Call it once, after the whole section was read.
  std::string checksum() { return hash_ ? hash_->base64() : std::string{}; }

 private:
  progress_tally& tally_;
  http::source* of_{};
  std::uint64_t start_{}, length_{}, done_{};
  std::uint64_t read_{};
  std::optional<std::uint64_t> position_{};  ///< position in `of_`; nullopt if not known
  std::optional<crypto::checksum> hash_{};
  bool reports_{true};
};

}  // namespace s3store::inline S3STORE_ABI::detail
