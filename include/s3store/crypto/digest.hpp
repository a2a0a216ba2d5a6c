// How are bytes hashed? With OpenSSL's EVP digests, on contexts that are used again.
//
// Making a digest searches OpenSSL's providers for the algorithm, which takes about a microsecond, so a client keeps its digests.
// Only the EVP functions are used, since the older SHA256_* functions bypass a FIPS provider. Only digest_impl.hpp includes
// OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <s3store/core/encoding.hpp>
#include <s3store/core/owned.hpp>

struct evp_md_st;
struct evp_md_ctx_st;

namespace s3store::inline S3STORE_ABI::crypto {

enum class digest_algorithm : std::uint8_t { md5, sha1, sha256, sha512 };

using sha256_value = std::array<std::byte, 32>;

namespace detail {
using namespace s3store::detail;

struct evp_deleter {
  void operator()(evp_md_st* p) const noexcept;
  void operator()(evp_md_ctx_st* p) const noexcept;
};
using evp_algorithm = detail::owned<evp_md_st, evp_deleter>;
using evp_context = detail::owned<evp_md_ctx_st, evp_deleter>;

}  // namespace detail

/// One running hash. Not thread-safe. `finish` makes it ready for the next message.
class digest {
 public:
  static constexpr std::size_t max_size = 64;  ///< bytes

  /// Throws std::bad_alloc.
  explicit digest(digest_algorithm a);

  /// False if this OpenSSL does not have the algorithm (MD5 in a FIPS build). `finish` then writes nothing and returns 0.
  bool usable() const noexcept { return static_cast<bool>(algorithm_); }
  /// False after OpenSSL had no memory for this message; `finish` then throws.
  bool intact() const noexcept { return !failed_; }

  /// Bytes in a hash: 16, 20, 32 or 64; 0 if not usable.
  std::size_t size() const noexcept;

  void update(std::span<const std::byte> bytes) noexcept;

  /// Writes the hash of all bytes since the last `finish` or `reset`; returns its size in bytes. Throws std::bad_alloc if OpenSSL had
  /// no memory for that; the next message is not affected.
  std::size_t finish(std::span<std::byte, max_size> out);

  /// Drops the bytes so far.
  void reset() noexcept { running_ = failed_ = false; }

  /// Takes over the state of `other`, which must have the same algorithm and have been updated since its last `finish`. Many
  /// threads may resume from one `other` at once, as long as no thread changes it.
  void resume(const digest& other) noexcept;

 private:
  bool begin() noexcept;
  void fail() noexcept;

  detail::evp_algorithm algorithm_{};
  detail::evp_context context_{};
  bool running_{};
  bool failed_{};
  bool knows_algorithm_{};  // the context does
};

/// What `d`, a SHA-256 digest, finishes with. Throws s3_error (error_kind::configuration) if OpenSSL has no SHA-256, and
/// std::bad_alloc.
sha256_value finish_sha256(digest& d);

/// The hash of one message; for many messages keep a `digest`. Throws as `finish_sha256`.
sha256_value sha256(std::span<const std::byte> bytes);

/// The same as 64 hex digits, as in `x-amz-content-sha256`.
inline std::string sha256_hex(std::span<const std::byte> bytes) { return detail::hex(sha256(bytes)); }

/// Compares in a time that does not depend on where texts of the same length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace s3store::inline S3STORE_ABI::crypto

#ifdef S3STORE_DEFINITIONS
#include <s3store/crypto/digest_impl.hpp>
#endif
