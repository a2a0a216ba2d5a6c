// A source of a caller who returns what snprintf returns: the number of bytes that would have been written, given enough room.
#pragma once

#include <cstring>
#include <optional>

#include <s3store/http/message.hpp>

namespace test {

/// Fills its room, and says that it wrote `surplus` bytes more. It can be read again.
struct lying_source final : s3store::http::source {
  explicit lying_source(std::optional<std::uint64_t> size, std::size_t surplus = 1'000'000) : size_(size), surplus_(surplus) {}
  s3store::result<std::size_t> read(std::span<std::byte> into) noexcept override {
    std::memset(into.data(), 'x', into.size());
    return into.size() + surplus_;
  }
  bool seek(std::uint64_t) noexcept override { return true; }
  std::optional<std::uint64_t> size() const noexcept override { return size_; }

 private:
  std::optional<std::uint64_t> size_;
  std::size_t surplus_;
};

/// Does the error tell both numbers: what the source said, and its room?
inline bool tells_both_numbers(const s3store::error& e, std::size_t room, std::size_t surplus = 1'000'000) {
  return e.kind == s3store::error_kind::body_source &&
         e.message == "the body's source says that it wrote " + std::to_string(room + surplus) + " bytes, and it had room for " +
                          std::to_string(room);
}

}  // namespace test
