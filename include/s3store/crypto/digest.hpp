// How are bytes hashed? By OpenSSL's EVP digests, fetched once and used over and over on one context.
//
// A digest asks OpenSSL for its algorithm when it is made (a search through the providers, a microsecond), so a client keeps its
// digests and uses them again. Only EVP is used: the older SHA256_* functions go round a FIPS provider.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <s3store/core/encoding.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>

namespace s3store::inline v0::crypto {

enum class digest_algorithm : std::uint8_t { md5, sha1, sha256, sha512 };

using sha256_value = std::array<std::byte, 32>;

namespace detail {

using evp_algorithm = owned<EVP_MD, &EVP_MD_free>;
using evp_context = owned<EVP_MD_CTX, &EVP_MD_CTX_free>;

/// Null where no provider has the algorithm; OpenSSL's error queue is left as it was.
inline evp_algorithm fetch(digest_algorithm a) noexcept {
  constexpr const char* names[] = {"MD5", "SHA1", "SHA2-256", "SHA2-512"};
  ERR_set_mark();
  evp_algorithm found{EVP_MD_fetch(nullptr, names[static_cast<std::size_t>(a)], nullptr)};
  ERR_pop_to_mark();
  return found;
}

inline evp_context new_context() {
  evp_context made{EVP_MD_CTX_new()};
  if (!made) throw std::bad_alloc{};
  return made;
}

}  // namespace detail

/// One running hash. Not thread-safe; ready for the next message after `finish`.
class digest {
 public:
  static constexpr std::size_t max_size = EVP_MAX_MD_SIZE;

  explicit digest(digest_algorithm a) : algorithm_(detail::fetch(a)), context_(detail::new_context()) {
    usable_ = running_ = algorithm_ && EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1;
  }

  /// False where this OpenSSL has no such algorithm (MD5 on a FIPS build): then `finish` gives no bytes.
  bool usable() const noexcept { return usable_; }

  /// Bytes in a hash: 16, 20, 32 or 64.
  std::size_t size() const noexcept { return usable_ ? static_cast<std::size_t>(EVP_MD_get_size(algorithm_.get())) : 0; }

  void update(std::span<const std::byte> bytes) noexcept {
    usable_ = begin() && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }

  /// Writes the hash of all that came since the last finish or reset; returns its size in bytes.
  std::size_t finish(std::span<std::byte, max_size> out) noexcept {
    unsigned size = 0;
    const bool done = begin() && EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
    running_ = false;
    return done ? size : 0;
  }

  /// Forgets what came so far.
  void reset() noexcept { running_ = false; }

  /// Goes on from where `other`, of the same algorithm and updated since its last finish, stands. Many threads may do so at once
  /// from one `other` that nobody changes.
  void resume(const digest& other) noexcept {
    usable_ = running_ = other.running_ && EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) == 1;
  }

 private:
  /// Starting late saves the start where `resume` comes next. Without an algorithm OpenSSL takes the last one, in half the time.
  bool begin() noexcept {
    if (!running_) running_ = usable_ && EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1;
    return running_;
  }

  detail::evp_algorithm algorithm_{};
  detail::evp_context context_{};
  bool usable_{};
  bool running_{};
};

/// The hash of one message. For many messages keep a `digest`. Throws where OpenSSL lacks SHA-256, which no working one does.
inline sha256_value sha256(std::span<const std::byte> bytes) {
  digest d{digest_algorithm::sha256};
  std::array<std::byte, digest::max_size> out{};
  d.update(bytes);
  if (d.finish(out) != sizeof(sha256_value)) throw s3_error{fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  sha256_value value{};
  std::memcpy(value.data(), out.data(), value.size());
  return value;
}

/// Its 64 hex digits, as `x-amz-content-sha256` has them.
inline std::string sha256_hex(std::span<const std::byte> bytes) { return hex(sha256(bytes)); }

}  // namespace s3store::inline v0::crypto
