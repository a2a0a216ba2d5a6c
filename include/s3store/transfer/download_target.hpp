// Where do the bytes of a download go, whose parts come at the same time? A target takes them as they come: memory at their places, and a
// sink, which wants them in order, after those that came too early have waited in buffers. For files see partial_file.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI {

/// What is going to be downloaded.
struct download_outline {
  std::string bucket{};
  std::string key{};
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::uint64_t first{};     ///< where in the object the bytes begin; 0 unless a range was asked for
  std::uint64_t size{};      ///< how many bytes come
  std::uint64_t part_size{}; ///< all parts but the last have as many
  /// The checksum of each part; nullopt: none is computed.
  std::optional<crypto::checksum_algorithm> part_checksums{};
};

/// A part of what is downloaded. Its offset and length are in bytes, and the first part is at 0.
struct download_part {
  std::uint64_t index{};
  std::uint64_t offset{};
  std::uint64_t length{};
};

/// Takes the bytes of a download (transfer/downloading.hpp), which calls it on the thread that runs the download. Only one download may use
/// it, once. An error that a function returns ends the download, and is its error.
class download_target {
 public:
  download_target(const download_target&) = delete;
  download_target& operator=(const download_target&) = delete;

  /// Must each part's checksum be computed, even if the download does not need it?
  virtual bool needs_part_checksums() const noexcept { return false; }
  /// Called before the first byte. Returns the part size, which is another one than that of the outline if the target has kept parts of
  /// that size.
  virtual result<std::uint64_t> begin(const download_outline& what) = 0;
  /// Drops all that came, since another object comes now; `begin` follows. False if that is not possible.
  virtual bool start_over() noexcept = 0;

  /// May that part come now? The first one that is missing always may. The parts are asked about in order.
  virtual bool has_room(const download_part&) const noexcept { return true; }
  /// The checksum, in base64, of a part that is there from an earlier download; empty: it is not there. Its bytes must be read and
  /// compared.
  virtual std::string kept(const download_part&) const { return {}; }
  /// `at`: in the part. Parts come in any order, each from its start to its end.
  virtual result<void> write(const download_part& part, std::uint64_t at, std::span<const std::byte> bytes) noexcept = 0;
  /// The part comes once more, from its start; false if that is not possible.
  virtual bool rewind(const download_part& part) noexcept = 0;
  /// The part has come; `checksum` in base64, empty if there is none.
  virtual result<void> complete(const download_part& part, std::string_view checksum) = 0;

  /// From now on, `also` gets all bytes, in order, as they pass; it must outlive the download. False if the target does not do that,
  /// but can be read.
  virtual bool passes_to(http::sink& also) noexcept { return static_cast<void>(also), false; }
  /// Reads bytes of complete parts.
  virtual result<void> read(std::uint64_t offset, std::span<std::byte> into) = 0;

  /// All has come, and was verified as far as that is possible.
  virtual result<void> finish() { return {}; }
  /// The download has failed. `useless`: it cannot be gone on with.
  virtual void abandon(bool) noexcept {}

 protected:
  download_target() = default;
  ~download_target() = default;
};

/// Bytes in memory: a string, or memory of the caller's; either must outlive it.
class memory_target final : public download_target {
 public:
  /// The string gets the size of what is downloaded, at most `most` bytes; else the download fails with error_kind::too_large.
  explicit memory_target(std::string& into, std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)()) noexcept
      : string_(&into), most_(most) {}
  explicit memory_target(std::span<std::byte> into) noexcept : bytes_(into), most_(into.size()) {}

  result<std::uint64_t> begin(const download_outline& what) override {
    if (what.size > most_)
      return detail::fail(error_kind::too_large,
                          {"there are ", detail::decimal(what.size), " bytes to download, and room for ", detail::decimal(most_)});
    if (string_) {
      try {
        string_->resize(static_cast<std::size_t>(what.size));
      } catch (...) {
        return detail::out_of_memory();
      }
      bytes_ = {reinterpret_cast<std::byte*>(string_->data()), string_->size()};
    }
    return what.part_size;
  }
  bool start_over() noexcept override { return true; }
  result<void> write(const download_part& part, std::uint64_t at, std::span<const std::byte> bytes) noexcept override {
    std::memcpy(bytes_.data() + part.offset + at, bytes.data(), bytes.size());
    return {};
  }
  bool rewind(const download_part&) noexcept override { return true; }
  result<void> complete(const download_part&, std::string_view) override { return {}; }
  result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    std::memcpy(into.data(), bytes_.data() + offset, into.size());
    return {};
  }

 private:
  std::string* string_{};
  std::span<std::byte> bytes_{};
  std::uint64_t most_;
};

/// A sink that gets the bytes in order. The part whose turn it is goes to the sink at once; for each other part that comes at the same
/// time there is a buffer.
class in_order_target final : public download_target {
 public:
  /// `memory`: the most bytes that all buffers together have. If that is less than a part, the parts come one after another.
  in_order_target(http::sink& to, std::uint64_t memory) noexcept : to_(to), memory_(memory) {}

  bool has_room(const download_part& part) const noexcept override { return part.index - turn_ <= memory_ / part_size_; }
  result<std::uint64_t> begin(const download_outline& what) override {
    part_size_ = what.part_size;
    return what.part_size;
  }
  bool start_over() noexcept override {
    if (delivered_ != 0 && !to_.seek(0)) return false;
    delivered_ = turn_ = 0;
    early_.clear();
    spare_.clear();
    also_ = nullptr;
    return true;
  }

  result<void> write(const download_part& part, std::uint64_t at, std::span<const std::byte> bytes) noexcept override {
    if (part.index == turn_) return deliver(bytes);
    try {
      buffer& into = early_[part.index];
      if (!into.bytes) {
        if (spare_.empty()) {
          into.bytes.reset(new std::byte[static_cast<std::size_t>(part_size_)]);
        } else {
          into.bytes = std::move(spare_.back());
          spare_.pop_back();
        }
      }
      std::memcpy(into.bytes.get() + at, bytes.data(), bytes.size());
      into.filled = static_cast<std::size_t>(at) + bytes.size();
    } catch (const std::bad_alloc&) {
      return detail::out_of_memory();
    }
    return {};
  }
  bool rewind(const download_part& part) noexcept override {
    if (part.index != turn_) {
      // Forgotten now, since its turn may come before its bytes do.
      if (const auto held = early_.find(part.index); held != early_.end()) held->second.filled = 0;
      return true;
    }
    if (delivered_ == part.offset) return true;
    if (also_ || !to_.seek(part.offset)) return false;
    delivered_ = part.offset;
    return true;
  }
  result<void> complete(const download_part& part, std::string_view) override {
    if (part.index != turn_) {
      early_[part.index].complete = true;
      return {};
    }
    // What has come of the next ones waits for this moment only.
    for (++turn_;; ++turn_) {
      const auto next = early_.find(turn_);
      if (next == early_.end()) return {};
      buffer held = std::move(next->second);
      early_.erase(next);
      auto done = deliver({held.bytes.get(), held.filled});
      if (held.bytes) spare_.push_back(std::move(held.bytes));
      if (!done || !held.complete) return done;
    }
  }
  bool passes_to(http::sink& also) noexcept override {
    also_ = &also;
    return true;
  }
  result<void> read(std::uint64_t, std::span<std::byte>) override {
    return detail::fail(error_kind::body_sink, "what a sink has got cannot be read");
  }

 private:
  struct buffer {
    std::unique_ptr<std::byte[]> bytes{};
    std::size_t filled{};
    bool complete{};
  };

  result<void> deliver(std::span<const std::byte> bytes) noexcept {
    if (bytes.empty()) return {};
    if (also_)
      if (auto passed = also_->write(bytes); !passed) return passed;
    delivered_ += bytes.size();  // if the sink fails, it may have got some of them
    return to_.write(bytes);
  }

  http::sink& to_;
  std::uint64_t memory_, part_size_{};
  std::uint64_t turn_{};       // the index of the part that goes to the sink
  std::uint64_t delivered_{};
  std::map<std::uint64_t, buffer> early_{};
  std::vector<std::unique_ptr<std::byte[]>> spare_{};
  http::sink* also_{};
};

}  // namespace s3store::inline S3STORE_ABI
