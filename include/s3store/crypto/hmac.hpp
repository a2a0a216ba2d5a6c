// How is a message authenticated with a key (HMAC-SHA256, RFC 2104)?
//
// HMAC hashes twice: H(key ^ opad, H(key ^ ipad, message)). The first block of both hashes depends on the key alone, so a key that
// is used again keeps the two states behind that block, and a message costs two copies of a state and two short hashes.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include <s3store/core/secret.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline v0::crypto {

/// A key made ready. It never changes, so many threads may use one, each with a digest of its own. OpenSSL wipes the states when
/// it frees them.
class hmac_key {
 public:
  /// `key`: any number of bytes; one longer than 64 is hashed first, as RFC 2104 has it.
  explicit hmac_key(std::span<const std::byte> key) {
    std::array<std::byte, 64> block{};
    if (key.size() > block.size()) {
      hash(inner_, key, block);
    } else if (!key.empty()) {  // of which memcpy must not be told
      std::memcpy(block.data(), key.data(), key.size());
    }
    absorb(inner_, block, std::byte{0x36});
    absorb(outer_, block, std::byte{0x36 ^ 0x5c});
    wipe(block.data(), block.size());
  }

  /// False where OpenSSL lacks SHA-256.
  bool usable() const noexcept { return inner_.usable() && outer_.usable(); }

  /// `scratch` is a SHA-256 digest, of which nothing is left over.
  sha256_value sign(std::span<const std::byte> message, digest& scratch) const noexcept {
    std::array<std::byte, digest::max_size> out;
    scratch.resume(inner_);
    hash(scratch, message, out);
    scratch.resume(outer_);
    sha256_value value{};
    hash(scratch, {out.data(), value.size()}, out);
    std::memcpy(value.data(), out.data(), value.size());
    return value;
  }

 private:
  static void hash(digest& d, std::span<const std::byte> bytes, std::span<std::byte, digest::max_size> out) noexcept {
    d.update(bytes);
    d.finish(out);
  }
  static void absorb(digest& d, std::array<std::byte, 64>& block, std::byte pad) noexcept {
    for (std::size_t i = 0; i != block.size(); ++i) block[i] ^= pad;
    d.update(block);
  }

  digest inner_{digest_algorithm::sha256};
  digest outer_{digest_algorithm::sha256};
};

/// One message under a key that is not used again. Throws where OpenSSL lacks SHA-256, which no working one does.
inline sha256_value hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message) {
  const hmac_key ready{key};
  digest scratch{digest_algorithm::sha256};
  if (!ready.usable()) throw s3_error{fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  return ready.sign(message, scratch);
}

}  // namespace s3store::inline v0::crypto
