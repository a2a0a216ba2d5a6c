// How is a checksum computed if its algorithm is known only at run time? With one type that holds any of them.
//
//   crypto::checksum sum{crypto::checksum_algorithm::crc64nvme};
//   sum.update(bytes);
//   fields.set(crypto::header_name(sum.algorithm()), sum.base64());
//
// The CRCs are this library's own, the digests OpenSSL's. The xxHashes need another library and are optional: see xxhash.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/crypto/crc.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

/// A running checksum of an algorithm that this library does not implement. `finish` and `reset` make it ready for the next
/// message.
class further_checksum {
 public:
  virtual ~further_checksum() = default;
  virtual void update(std::span<const std::byte> bytes) noexcept = 0;
  /// Writes the value, big-endian if it is a number, and returns its size in bytes, which must be that of the algorithm.
  virtual std::size_t finish(std::span<std::byte, digest::max_size> out) noexcept = 0;
  virtual void reset() noexcept = 0;
};

/// Makes one; returns null for an algorithm that it does not know.
using checksum_maker = std::unique_ptr<further_checksum> (*)(checksum_algorithm);

/// A running checksum. Move-only, and not thread-safe. `finish`, `base64` and `reset` make it ready for the next message.
class checksum {
 public:
  static constexpr std::size_t max_size = digest::max_size;  ///< bytes

  /// `further` makes the algorithms that this library does not implement; without it they are not usable. Throws std::bad_alloc.
  explicit checksum(checksum_algorithm a, checksum_maker further = nullptr) : algorithm_(a), crc_(crc_for(a)) {
    if (is_xxhash(a)) {
      if (further) further_ = further(a);
      usable_ = static_cast<bool>(further_);
    } else if (!is_crc(a)) {
      digest_.emplace(digest_for(a));
      usable_ = digest_->usable();
    }
  }

  checksum_algorithm algorithm() const noexcept { return algorithm_; }
  /// False if the algorithm is not available (MD5 with a FIPS OpenSSL, an xxHash without xxhash.hpp). There is no value then.
  bool usable() const noexcept { return usable_; }

  void update(std::span<const std::byte> bytes) noexcept {
    if (digest_) digest_->update(bytes);
    else if (further_) further_->update(bytes);
    else if (is_crc(algorithm_)) crc_.update(bytes);
  }

  /// Writes the value, big-endian if it is a number, and returns its size in bytes; 0 if not usable. Throws std::bad_alloc.
  std::size_t finish(std::span<std::byte, max_size> out) {
    if (!usable_) return 0;
    if (digest_) return digest_->finish(out);
    if (further_) {
      const std::size_t size = further_->finish(out);
      usable_ = size == traits_of(algorithm_).size;  // another size is not this algorithm's value, and may be larger than `out`
      return usable_ ? size : 0;
    }
    const std::size_t size = crc_.size();
    std::uint64_t value = crc_.value();
    for (std::size_t i = size; i != 0; value >>= 8) out[--i] = static_cast<std::byte>(value & 0xff);
    crc_.reset();
    return size;
  }

  /// Ends the message and gives the value as its header has it; empty if not usable.
  std::string base64() {
    std::array<std::byte, max_size> value{};
    return detail::base64({value.data(), finish(value)});
  }

  /// Drops the bytes so far.
  void reset() noexcept {
    if (digest_) digest_->reset();
    if (further_) further_->reset();
    crc_.reset();
  }

 private:
  static constexpr digest_algorithm digest_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::md5: return digest_algorithm::md5;
      case checksum_algorithm::sha1: return digest_algorithm::sha1;
      case checksum_algorithm::sha512: return digest_algorithm::sha512;
      default: return digest_algorithm::sha256;
    }
  }
  static running_crc crc_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::crc32c: return running_crc{crc32c_polynomial{}};
      case checksum_algorithm::crc64nvme: return running_crc{crc64nvme_polynomial{}};
      default: return running_crc{crc32_polynomial{}};
    }
  }

  // Only one of crc_, digest_ and further_ is in use.
  checksum_algorithm algorithm_{};
  running_crc crc_;
  std::optional<digest> digest_{};
  std::unique_ptr<further_checksum> further_{};
  bool usable_{true};
};

/// Why a checksum of that algorithm is not usable, and what to do about it; for an error message.
inline std::string why_unusable(checksum_algorithm a) {
  if (is_xxhash(a))
    return detail::concat({name(a), " needs the xxHash library: include <s3store/crypto/xxhash.hpp> and let policies::checksums be "
                            "crypto::with_xxhash<checksums_always>, or send a value of your own"});
  return detail::concat({name(a), " is not offered by this OpenSSL (a FIPS provider has no MD5): choose another checksum, such as CRC32"});
}

}  // namespace s3store::inline S3STORE_ABI::crypto
