// How does OpenSSL make and verify such signatures? The definitions for ecdsa.hpp.
#pragma once

#include <algorithm>
#include <cstring>
#include <new>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <s3store/core/secret.hpp>
#include <s3store/crypto/ecdsa.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

S3STORE_INLINE void detail::pkey_deleter::operator()(evp_pkey_st* p) const noexcept { EVP_PKEY_free(p); }

namespace detail {

struct ec_deleter {
  void operator()(EVP_PKEY_CTX* p) const noexcept { EVP_PKEY_CTX_free(p); }
  void operator()(EC_GROUP* p) const noexcept { EC_GROUP_free(p); }
  void operator()(EC_POINT* p) const noexcept { EC_POINT_free(p); }
  void operator()(ECDSA_SIG* p) const noexcept { ECDSA_SIG_free(p); }
  void operator()(BIGNUM* p) const noexcept { BN_clear_free(p); }
  void operator()(BIO* p) const noexcept { BIO_free(p); }
};
template <class T>
using ec = detail::owned<T, ec_deleter>;

/// While it lives, OpenSSL's errors are ours; then the queue is as it was.
class ec_errors {
 public:
  ec_errors() noexcept : was_empty_(ERR_peek_error() == 0) { ERR_set_mark(); }
  ec_errors(const ec_errors&) = delete;
  ec_errors& operator=(const ec_errors&) = delete;
  ~ec_errors() { ERR_pop_to_mark(); }

  /// Why OpenSSL failed; throws std::bad_alloc if it had no memory. What is told first is the cause, and what follows are those that
  /// were given up for it. Some functions tell nothing, and that only when they have no memory.
  error why(const char* what) const {
    const unsigned long cause = was_empty_ ? ERR_peek_error() : ERR_peek_last_error();
    if (cause == 0 || ERR_GET_REASON(cause) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc{};
    const char* const reason = ERR_reason_error_string(cause);
    return detail::fail(error_kind::configuration, {what, reason ? ": " : "", reason ? reason : ""});
  }

 private:
  bool was_empty_;
};

inline const unsigned char* octets(const std::byte* bytes) noexcept { return reinterpret_cast<const unsigned char*>(bytes); }
inline unsigned char* octets(std::byte* bytes) noexcept { return reinterpret_cast<unsigned char*>(bytes); }

inline ec<EC_GROUP> p256() { return ec<EC_GROUP>{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)}; }

/// A key of a point and, unless it is null, a private number in the machine's byte order.
inline result<pkey> make_pkey(const ec_errors& errors, p256_point point, unsigned char* scalar) {
  char curve[] = "P-256";
  OSSL_PARAM parts[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
                        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                        scalar ? OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, scalar, sizeof(p256_scalar)) : OSSL_PARAM_construct_end(),
                        OSSL_PARAM_construct_end()};
  const ec<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parts) != 1)
    return errors.why("this OpenSSL makes no P-256 key");
  return pkey{made};
}

}  // namespace detail

// ---- The public key

S3STORE_INLINE result<p256_public_key> p256_public_key::from_point(const p256_point& point) {
  const detail::ec_errors errors;
  const auto group = detail::p256();
  if (!group) return errors.why("this OpenSSL has no P-256");
  const detail::ec<EC_POINT> on_curve{EC_POINT_new(group.get())};
  if (!on_curve) throw std::bad_alloc{};
  if (point[0] != std::byte{POINT_CONVERSION_UNCOMPRESSED} ||
      EC_POINT_oct2point(group.get(), on_curve.get(), detail::octets(point.data()), point.size(), nullptr) != 1) {
    if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc{};
    return detail::fail(error_kind::invalid_argument, "these bytes are no point of the curve P-256");
  }
  auto made = detail::make_pkey(errors, point, nullptr);
  if (!made) return std::move(made.error());
  return p256_public_key{std::move(*made)};
}

S3STORE_INLINE p256_point p256_public_key::point() const {
  const detail::ec_errors errors;
  p256_point out{};
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, detail::octets(out.data()), out.size(), &size) != 1 || size != out.size())
    throw s3_error{errors.why("OpenSSL does not tell the public key")};
  return out;
}

S3STORE_INLINE bool p256_public_key::verify_der(const sha256_value& hash, std::span<const std::byte> signature) const {
  const detail::ec_errors errors;
  const detail::ec<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key_.get(), nullptr)};
  if (!context || EVP_PKEY_verify_init(context.get()) != 1) throw s3_error{errors.why("this OpenSSL verifies no ECDSA")};
  if (EVP_PKEY_verify(context.get(), detail::octets(signature.data()), signature.size(), detail::octets(hash.data()), hash.size()) == 1) return true;
  if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc{};
  return false;
}

S3STORE_INLINE bool p256_public_key::verify_raw(const sha256_value& hash, const p256_signature& signature) const {
  const detail::ec<ECDSA_SIG> parts{ECDSA_SIG_new()};
  detail::ec<BIGNUM> r{BN_bin2bn(detail::octets(signature.data()), 32, nullptr)}, s{BN_bin2bn(detail::octets(signature.data()) + 32, 32, nullptr)};
  if (!parts || !r || !s || ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) throw std::bad_alloc{};
  r.release();  // `parts` owns them now
  s.release();
  std::array<std::byte, p256_der_limit> der{};
  unsigned char* end = detail::octets(der.data());
  const int size = i2d_ECDSA_SIG(parts.get(), &end);
  if (size <= 0) throw std::bad_alloc{};
  return verify_der(hash, std::span{der}.first(static_cast<std::size_t>(size)));
}

// ---- The private key

S3STORE_INLINE result<p256_private_key> p256_private_key::from_scalar(const p256_scalar& scalar) {
  const detail::ec_errors errors;
  const auto group = detail::p256();
  if (!group) return errors.why("this OpenSSL has no P-256");
  const detail::ec<BIGNUM> number{BN_bin2bn(detail::octets(scalar.data()), static_cast<int>(scalar.size()), nullptr)};
  const detail::ec<EC_POINT> public_point{EC_POINT_new(group.get())};
  if (!number || !public_point) throw std::bad_alloc{};
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);  // it is a secret
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0)
    return detail::fail(error_kind::invalid_argument, "a private key of P-256 is a number between 1 and n - 1");
  p256_point point{};
  if (EC_POINT_mul(group.get(), public_point.get(), number.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), public_point.get(), POINT_CONVERSION_UNCOMPRESSED, detail::octets(point.data()), point.size(), nullptr) !=
          point.size())
    return errors.why("OpenSSL finds no public key");
  detail::wiped<p256_scalar> native{};
  unsigned char* const bytes = detail::octets(native.value.data());
  if (BN_bn2nativepad(number.get(), bytes, static_cast<int>(native.value.size())) <= 0) throw std::bad_alloc{};
  auto made = detail::make_pkey(errors, point, bytes);
  if (!made) return std::move(made.error());
  return p256_private_key{std::move(*made)};
}

S3STORE_INLINE result<p256_private_key> p256_private_key::from_pem(std::string_view text) {
  const detail::ec_errors errors;
  const detail::ec<BIO> memory{BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>((std::min)(text.size(), std::size_t{1} << 20)))};
  if (!memory) throw std::bad_alloc{};
  // OpenSSL would ask the terminal for a password; this says that there is none.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  detail::pkey made{PEM_read_bio_PrivateKey(memory.get(), nullptr, no_password, nullptr)};
  if (!made && ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc{};
  char curve[64] = {};
  const bool has_curve = made && EVP_PKEY_get_utf8_string_param(made.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve, nullptr) == 1;
  BIGNUM* number = nullptr;
  if (!has_curve || std::string_view{curve} != "prime256v1" || EVP_PKEY_get_bn_param(made.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1)
    return detail::fail(error_kind::invalid_argument, "this is no private key of the curve P-256 in PEM");
  // The key is made anew of its number: the text may have the public point in another form, or that of another key.
  const detail::ec<BIGNUM> owned{number};
  detail::wiped<p256_scalar> secret{};
  p256_scalar& scalar = secret.value;
  if (BN_bn2binpad(number, detail::octets(scalar.data()), static_cast<int>(scalar.size())) < 0) scalar.fill(std::byte{0xff});  // it is too large
  return from_scalar(scalar);
}

S3STORE_INLINE result<p256_private_key> p256_private_key::generate() {
  const detail::ec_errors errors;
  detail::pkey made{EVP_EC_gen("P-256")};
  if (!made) return errors.why("this OpenSSL makes no P-256 key");
  return p256_private_key{std::move(made)};
}

S3STORE_INLINE p256_public_key p256_private_key::public_key() const noexcept {
  if (key_) EVP_PKEY_up_ref(key_.get());
  return p256_public_key{detail::pkey{key_.get()}};
}

S3STORE_INLINE std::string p256_private_key::sign_der(const sha256_value& hash) const {
  const detail::ec_errors errors;
  std::string out(p256_der_limit, '\0');
  std::size_t size = out.size();
  const detail::ec<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key_.get(), nullptr)};
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, detail::octets(hash.data()), hash.size()) != 1)
    throw s3_error{errors.why("OpenSSL could not sign")};
  out.resize(size);
  return out;
}

S3STORE_INLINE p256_signature p256_private_key::sign_raw(const sha256_value& hash) const {
  const std::string der = sign_der(hash);
  const unsigned char* at = reinterpret_cast<const unsigned char*>(der.data());
  const detail::ec<ECDSA_SIG> parts{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  if (!parts) throw std::bad_alloc{};  // it is what OpenSSL wrote just now
  p256_signature out{};
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), detail::octets(out.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), detail::octets(out.data()) + 32, 32);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::crypto
