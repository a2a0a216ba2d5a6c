// How is a message authenticated with a key (HMAC-SHA256, RFC 2104)?
//
// HMAC hashes twice: H(key ^ opad, H(key ^ ipad, message)). The first block of both hashes depends only on the key, so a key keeps
// the two states after that block, and each message starts from copies of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <new>
#include <span>

#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

/// A prepared key. It never changes, so many threads may use one, each with its own digest. OpenSSL overwrites the states when it
/// frees them.
class hmac_key {
 public:
  /// `key`: any number of bytes, not needed after the call; more than 64 are hashed first (RFC 2104, section 2). Throws s3_error
  /// (error_kind::configuration) if OpenSSL has no SHA-256, and std::bad_alloc.
  explicit hmac_key(std::span<const std::byte> key) {
    detail::wiped<std::array<std::byte, 64>> padded{};
    auto& block = padded.value;
    if (key.size() > block.size()) {
      inner_.update(key);
      const detail::wiped<sha256_value> hashed{finish_sha256(inner_)};  // it is as good as the key
      std::memcpy(block.data(), hashed.value.data(), hashed.value.size());
    } else if (!key.empty()) {  // memcpy must not get a null pointer
      std::memcpy(block.data(), key.data(), key.size());
    }
    absorb(inner_, block, std::byte{0x36});
    absorb(outer_, block, std::byte{0x36 ^ 0x5c});
    if (!inner_.usable()) finish_sha256(inner_);  // throws
    if (!inner_.intact() || !outer_.intact()) throw std::bad_alloc{};
  }

  /// `scratch` is any SHA-256 digest; what it held before is lost, and it is ready for the next message afterwards. Throws
  /// std::bad_alloc.
  sha256_value sign(std::span<const std::byte> message, digest& scratch) const {
    scratch.resume(inner_);
    scratch.update(message);
    const sha256_value inner = finish_sha256(scratch);
    scratch.resume(outer_);
    scratch.update(inner);
    return finish_sha256(scratch);
  }

 private:
  static void absorb(digest& d, std::array<std::byte, 64>& block, std::byte pad) noexcept {
    for (std::size_t i = 0; i != block.size(); ++i) block[i] ^= pad;
    d.update(block);
  }

  digest inner_{digest_algorithm::sha256};
  digest outer_{digest_algorithm::sha256};
};

/// For a key that is used once. Throws s3_error (error_kind::configuration) if OpenSSL has no SHA-256, and std::bad_alloc.
inline sha256_value hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message) {
  const hmac_key ready{key};
  digest scratch{digest_algorithm::sha256};
  return ready.sign(message, scratch);
}

}  // namespace s3store::inline S3STORE_ABI::crypto
