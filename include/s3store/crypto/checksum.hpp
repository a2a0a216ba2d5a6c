// How is a checksum taken whose algorithm is known only at run time?
//
//   crypto::checksum sum{crypto::checksum_algorithm::crc64nvme};
//   sum.update(bytes);
//   fields.set(crypto::header_name(sum.algorithm()), sum.base64());
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/crypto/crc.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline v0::crypto {

/// A running checksum. Move-only, not thread-safe, and ready for the next message after `finish`, `base64` and `reset`.
class checksum {
  template <class F>
  auto visit(F f) noexcept {
    switch (algorithm_) {
      case checksum_algorithm::crc32: return f(crc32_);
      case checksum_algorithm::crc32c: return f(crc32c_);
      case checksum_algorithm::crc64nvme: return f(crc64nvme_);
      default: return f(*digest_);
    }
  }

 public:
  static constexpr std::size_t max_size = digest::max_size;

  explicit checksum(checksum_algorithm a) : algorithm_(a) {
    if (const auto d = digest_for(a)) digest_.emplace(*d);
  }

  checksum_algorithm algorithm() const noexcept { return algorithm_; }
  /// False where this OpenSSL has no such algorithm (MD5 on a FIPS build): then there is never a value.
  bool usable() const noexcept { return !digest_ || digest_->usable(); }

  void update(std::span<const std::byte> bytes) noexcept {
    visit([&](auto& h) { h.update(bytes); });
  }

  /// Writes the value, big-endian if it is a number, and returns its size in bytes; 0 if not usable.
  std::size_t finish(std::span<std::byte, max_size> out) noexcept {
    return visit([&](auto& h) { return finish(h, out); });
  }

  /// The value as its header has it; empty if not usable.
  std::string base64() {
    std::array<std::byte, max_size> value{};
    return s3store::base64({value.data(), finish(value)});
  }

  /// Forgets what came so far.
  void reset() noexcept {
    visit([](auto& h) { h.reset(); });
  }

 private:
  static constexpr std::optional<digest_algorithm> digest_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::md5: return digest_algorithm::md5;
      case checksum_algorithm::sha1: return digest_algorithm::sha1;
      case checksum_algorithm::sha256: return digest_algorithm::sha256;
      default: return std::nullopt;
    }
  }

  static std::size_t finish(digest& d, std::span<std::byte, max_size> out) noexcept { return d.finish(out); }
  template <class Polynomial>
  static std::size_t finish(basic_crc<Polynomial>& crc, std::span<std::byte, max_size> out) noexcept {
    const auto value = crc.value();
    for (std::size_t i = 0; i != sizeof value; ++i) out[i] = static_cast<std::byte>(value >> 8 * (sizeof value - 1 - i) & 0xff);
    crc.reset();
    return sizeof value;
  }

  // One of these is in use. A std::variant would say so, but takes longer to compile.
  checksum_algorithm algorithm_{};
  crc32 crc32_{};
  crc32c crc32c_{};
  crc64nvme crc64nvme_{};
  std::optional<digest> digest_{};
};

}  // namespace s3store::inline v0::crypto
