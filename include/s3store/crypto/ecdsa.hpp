// How is a message signed so that whoever knows the public key can verify it? With ECDSA on the curve P-256 and SHA-256 (FIPS 186-5).
// AWS's SigV4A signs requests with it, and JSON Web Signatures call it ES256 (RFC 7518, section 3.4).
//
// Signatures come in two forms. DER (RFC 3279, section 2.2.3) has 8 to 72 bytes, and SigV4A sends it. The raw form is r and s side by
// side, and JSON Web Signatures have it. Only ecdsa_impl.hpp includes OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/crypto/digest.hpp>

struct evp_pkey_st;

namespace s3store::inline S3STORE_ABI::crypto {

/// A number between 1 and n - 1, where n is the order of the curve; big-endian.
using p256_scalar = std::array<std::byte, 32>;
/// A point of the curve, uncompressed: a byte 4, then x and y, 32 bytes each, big-endian (SEC 1, section 2.3.3).
using p256_point = std::array<std::byte, 65>;
/// r and s, 32 bytes each, big-endian (RFC 7518, section 3.4).
using p256_signature = std::array<std::byte, 64>;

/// The most bytes that a signature has in DER.
inline constexpr std::size_t p256_der_limit = 72;

namespace detail {
struct pkey_deleter {
  void operator()(evp_pkey_st* p) const noexcept;
};
using pkey = detail::owned<evp_pkey_st, pkey_deleter>;
}  // namespace detail

/// Verifies signatures. Immutable: many threads may use one at once. A default-constructed one holds no key and can only be assigned to.
/// The functions throw std::bad_alloc.
class p256_public_key {
 public:
  p256_public_key() = default;
  /// Fails with error_kind::invalid_argument if the point is not on the curve, and with error_kind::configuration if OpenSSL has no
  /// P-256.
  static result<p256_public_key> from_point(const p256_point& point);

  explicit operator bool() const noexcept { return static_cast<bool>(key_); }
  p256_point point() const;

  /// Is this a signature of the message with that SHA-256 hash? False for bytes that are no signature at all, too.
  bool verify_der(const sha256_value& hash, std::span<const std::byte> signature) const;
  bool verify_raw(const sha256_value& hash, const p256_signature& signature) const;

 private:
  friend class p256_private_key;
  explicit p256_public_key(detail::pkey key) noexcept : key_(std::move(key)) {}
  detail::pkey key_{};
};

/// Makes signatures. Immutable: many threads may use one at once. OpenSSL overwrites the key's memory when it frees it. A
/// default-constructed one holds no key and can only be assigned to. The functions throw std::bad_alloc.
class p256_private_key {
 public:
  p256_private_key() = default;
  /// Fails with error_kind::invalid_argument if the number is not between 1 and n - 1, and with error_kind::configuration if OpenSSL
  /// has no P-256. The caller wipes `scalar`.
  static result<p256_private_key> from_scalar(const p256_scalar& scalar);
  /// A key as tools write it: PEM (RFC 7468) of SEC 1 ("EC PRIVATE KEY") or PKCS #8 ("PRIVATE KEY"), not encrypted. The
  /// public key is computed; what the text says of it does not count. Fails with error_kind::invalid_argument if it is something else, of
  /// another curve, or no number between 1 and n - 1. The caller wipes `text`.
  static result<p256_private_key> from_pem(std::string_view text);
  /// A new key from OpenSSL's random numbers. Fails with error_kind::configuration if OpenSSL has no P-256.
  static result<p256_private_key> generate();

  explicit operator bool() const noexcept { return static_cast<bool>(key_); }
  p256_public_key public_key() const noexcept;

  /// Signs the message that has this SHA-256 hash; each time with another result, since a random number is part of it. They throw
  /// s3_error (error_kind::configuration) if OpenSSL has no random numbers.
  std::string sign_der(const sha256_value& hash) const;
  p256_signature sign_raw(const sha256_value& hash) const;

 private:
  explicit p256_private_key(detail::pkey key) noexcept : key_(std::move(key)) {}
  detail::pkey key_{};
};

}  // namespace s3store::inline S3STORE_ABI::crypto

#ifdef S3STORE_DEFINITIONS
#include <s3store/crypto/ecdsa_impl.hpp>
#endif
