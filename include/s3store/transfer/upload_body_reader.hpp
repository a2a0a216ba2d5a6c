// How is the body of an upload cut into parts? A file, or bytes in memory, can be read anywhere, so a part is a place in it. Any other
// source is read ahead into memory, a part at a time; or, if no part fits there, its parts are sent straight from it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/body.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/protocol/upload.hpp>
#include <s3store/transfer/parts.hpp>

namespace s3store::inline S3STORE_ABI::detail {

class upload_body_reader {
 public:
  struct buffer {
    std::unique_ptr<std::byte[]> bytes{};
    std::size_t room{};
  };
  struct piece {
    std::uint64_t start{};  // in the body
    std::uint64_t length{};
    buffer held{};  // its bytes, if they were read ahead
  };

  /// The body is `object.body`, which must outlive this. Fails with invalid_argument, or with the error of the source.
  result<void> open(const put_object_request& object, std::uint64_t part_size, std::uint64_t memory) {
    stream_ = object.body.stream();
    memory_ = memory;
    if (!stream_) in_memory_ = http::memory_source{object.body.bytes()};
    anywhere_ = stream_ ? stream_->anywhere() : &in_memory_;
    total_ = stream_ ? stream_->size() : in_memory_.size();
    if (auto settled = settle_length(object); !settled) return settled;
    auto size = part_size_for(part_size, total_);
    if (!size) return result<void>::failed_as(std::move(size));
    first_part_size_ = *size;
    if (anywhere_) return {};
    if (!stream_->seek(0)) return fail(error_kind::body_source, "the body cannot be read from its start");
    const std::uint64_t needed = (std::min)(first_part_size_, total_.value_or(first_part_size_));
    if (needed <= memory_) {
      if (auto got = read_ahead(); !got) return result<void>::failed_as(std::move(got));
      if (ended_) total_ = ahead_.length;
    } else if (total_) {
      straight_ = stream_;
    } else {
      return fail(error_kind::invalid_argument, {"the body does not say how long it is, so a part of it, ", decimal(first_part_size_),
                                                 " bytes, must be read ahead, and `memory` allows ", decimal(memory_)});
    }
    return {};
  }

  /// Bytes; nothing if that is not known.
  std::optional<std::uint64_t> total() const noexcept { return total_; }
  std::uint64_t part_size() const noexcept { return first_part_size_; }
  /// For an upload that goes on.
  void set_part_size(std::uint64_t size) noexcept { first_part_size_ = size; }
  /// Null: the parts are read ahead or sent straight from the source.
  const http::random_access* anywhere() const noexcept { return anywhere_; }
  /// Not null: the parts are sent straight from this source, one after another.
  http::source* straight() const noexcept { return straight_; }
  bool fits_into_one_part() const noexcept { return total_ && *total_ <= first_part_size_; }
  /// The whole body, if it fits into one part and was read ahead.
  std::span<const std::byte> held() const noexcept { return {ahead_.held.bytes.get(), static_cast<std::size_t>(ahead_.length)}; }

  /// How many parts may be under way at a time.
  std::size_t most_at_once() const noexcept {
    if (anywhere_) return max_parts;
    return straight_ ? 1 : static_cast<std::size_t>((std::max)(memory_ / size_of_part(), std::uint64_t{1}));
  }
  /// Is there another part? Reads it ahead if need be.
  result<bool> more() {
    if (anywhere_ || straight_) return at_ != *total_;
    if (ahead_.length == 0 && !ended_)
      if (auto got = read_ahead(); !got) return result<bool>::failed_as(std::move(got));
    return ahead_.length != 0;
  }
  /// The next part, which `more` has promised.
  piece take() noexcept {
    piece out = anywhere_ || straight_ ? piece{.length = (std::min)(first_part_size_, *total_ - at_)} : std::exchange(ahead_, {});
    out.start = at_;
    at_ += out.length;
    ++taken_;
    return out;
  }
  /// A part's buffer is not needed any more.
  void give_back(buffer used) {
    if (used.bytes && used.room == size_of_part()) spare_.push_back(std::move(used));
  }
  error too_many_parts() const {
    return fail(error_kind::invalid_argument, {"the body goes on behind 10,000 parts, the last of ", decimal(size_of_part()),
                                               " bytes; set a larger part_size and memory, or content_length where it is known"});
  }

 private:
  result<void> settle_length(const put_object_request& object) {
    if (!object.content_length) return {};
    const std::int64_t declared = *object.content_length;
    if (declared < 0 || (total_ && *total_ != static_cast<std::uint64_t>(declared)))
      return fail(error_kind::invalid_argument,
                  {"content_length is ", decimal(declared), (total_ ? concat({", but the body has ", decimal(*total_), " bytes"}) : std::string{})});
    if (!total_) stream_ = &sized_.emplace(*stream_, static_cast<std::uint64_t>(declared));
    total_ = static_cast<std::uint64_t>(declared);
    return {};
  }

  /// Of the next part that is read ahead. If the number of parts cannot be planned, because the size is not known, they grow.
  std::uint64_t size_of_part() const noexcept {
    if (total_) return (std::min)(first_part_size_, *total_);
    const std::uint64_t most = (std::max)((std::min)(memory_, max_part_size), first_part_size_);
    return (std::min)(first_part_size_ * (1 + taken_ / 1000), most);
  }

  result<void> read_ahead() {
    const auto room = static_cast<std::size_t>(size_of_part());
    if (!spare_.empty() && spare_.back().room != room) spare_.clear();
    if (spare_.empty()) {
      ahead_.held = {std::unique_ptr<std::byte[]>{new std::byte[room]}, room};
    } else {
      ahead_.held = std::move(spare_.back());
      spare_.pop_back();
    }
    std::size_t have = 0;
    while (have != room && !ended_) {
      auto got = http::read_some(*stream_, {ahead_.held.bytes.get() + have, room - have});
      if (!got) return result<void>::failed_as(std::move(got));
      have += *got;
      ended_ = *got == 0 || (total_ && at_ + have == *total_);
    }
    ahead_.length = have;
    if (total_ && ended_ && at_ + have != *total_)
      return fail(error_kind::body_source, {"the body ended after ", decimal(at_ + have), " bytes, and it was to have ", decimal(*total_)});
    return {};
  }

  http::source* stream_{};  // the caller's source; null: the body is in memory
  std::optional<wire::sized_source> sized_{};  // the caller's source, if it does not know its length and content_length says it
  http::memory_source in_memory_{};
  const http::random_access* anywhere_{};
  http::source* straight_{};
  std::optional<std::uint64_t> total_{};
  std::uint64_t memory_{}, first_part_size_{};
  std::uint64_t at_{}, taken_{};
  piece ahead_{};
  bool ended_{};
  std::vector<buffer> spare_{};
};

/// Has the body at that place the bytes that this checksum is of? Nothing if there is no checksum to tell by. Reads them all.
inline result<std::optional<bool>> has_checksum(const http::random_access& body, std::uint64_t start, std::uint64_t length,
                                                std::optional<crypto::checksum> sum, std::string_view expected) {
  if (!sum || expected.empty()) return std::optional<bool>{};
  constexpr std::size_t block = std::size_t{256} * 1024;
  const std::unique_ptr<std::byte[]> room{new std::byte[block]};
  for (std::uint64_t done = 0; done != length;) {
    auto got = http::read_some_at(body, start + done, {room.get(), static_cast<std::size_t>((std::min)(length - done, std::uint64_t{block}))});
    if (!got) return result<std::optional<bool>>::failed_as(std::move(got));
    if (*got == 0) return std::optional{false};
    sum->update({room.get(), *got});
    done += *got;
  }
  return std::optional{sum->base64() == expected};
}

}  // namespace s3store::inline S3STORE_ABI::detail
