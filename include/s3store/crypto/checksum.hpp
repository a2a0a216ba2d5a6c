// How is a checksum taken whose algorithm is known only at run time?
//
//   crypto::checksum sum{crypto::checksum_algorithm::crc64nvme};
//   sum.update(bytes);
//   fields.set(crypto::header_name(sum.algorithm()), sum.base64());
//
// The CRCs are our own, and the digests OpenSSL's. The xxHashes are another library's, and opted into: see xxhash.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include <s3store/core/encoding.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/crypto/crc.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline v0::crypto {

/// A running checksum of an algorithm that is not at home here. Ready for the next message after `finish` and `reset`.
class further_checksum {
 public:
  virtual ~further_checksum() = default;
  virtual void update(std::span<const std::byte> bytes) noexcept = 0;
  /// Writes the value, big-endian if it is a number, and returns its size in bytes.
  virtual std::size_t finish(std::span<std::byte, digest::max_size> out) noexcept = 0;
  virtual void reset() noexcept = 0;
};

/// Makes one; null for an algorithm that it does not know.
using checksum_maker = owned<further_checksum> (*)(checksum_algorithm);

/// A running checksum. Move-only, not thread-safe, and ready for the next message after `finish`, `base64` and `reset`.
class checksum {
 public:
  static constexpr std::size_t max_size = digest::max_size;

  /// `further` makes what is not at home here; without it such a checksum is not usable.
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
  /// False where the algorithm is not to be had (MD5 on a FIPS OpenSSL, an xxHash that was not opted into): then there is no value.
  bool usable() const noexcept { return usable_; }

  void update(std::span<const std::byte> bytes) noexcept {
    if (digest_) digest_->update(bytes);
    else if (further_) further_->update(bytes);
    else if (is_crc(algorithm_)) crc_.update(bytes);
  }

  /// Writes the value, big-endian if it is a number, and returns its size in bytes; 0 if not usable.
  std::size_t finish(std::span<std::byte, max_size> out) noexcept {
    if (!usable_) return 0;
    if (digest_) return digest_->finish(out);
    if (further_) return further_->finish(out);
    const std::size_t size = crc_.size();
    std::uint64_t value = crc_.value();
    for (std::size_t i = size; i != 0; value >>= 8) out[--i] = static_cast<std::byte>(value & 0xff);
    crc_.reset();
    return size;
  }

  /// The value as its header has it; empty if not usable.
  std::string base64() {
    std::array<std::byte, max_size> value{};
    return s3store::base64({value.data(), finish(value)});
  }

  /// Forgets what came so far.
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

  // One of these is in use. A std::variant would say so, but takes longer to compile.
  checksum_algorithm algorithm_{};
  running_crc crc_;
  std::optional<digest> digest_{};
  owned<further_checksum> further_{};
  bool usable_{true};
};

/// Why a checksum of that algorithm is not usable, and what to do, as a sentence without its subject.
inline std::string why_unusable(checksum_algorithm a) {
  if (is_xxhash(a))
    return concat({name(a), " needs the xxHash library: include <s3store/crypto/xxhash.hpp> and let policies::checksums be "
                            "crypto::with_xxhash<checksums_always>, or send a value of your own"});
  return concat({name(a), " is not offered by this OpenSSL (a FIPS provider has no MD5): choose another checksum, such as CRC32"});
}

}  // namespace s3store::inline v0::crypto
