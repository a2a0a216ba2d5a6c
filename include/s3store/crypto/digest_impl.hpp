// The definitions of crypto/digest.hpp, and the only include of OpenSSL.
#pragma once

#include <cstring>
#include <new>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

static_assert(digest::max_size == EVP_MAX_MD_SIZE);

S3STORE_INLINE void detail::evp_deleter::operator()(evp_md_st* p) const noexcept { EVP_MD_free(p); }
S3STORE_INLINE void detail::evp_deleter::operator()(evp_md_ctx_st* p) const noexcept { EVP_MD_CTX_free(p); }

namespace detail {

/// Null if no provider has the algorithm. OpenSSL's error queue stays as it was.
inline evp_algorithm fetch(digest_algorithm a) {
  constexpr const char* names[] = {"MD5", "SHA1", "SHA2-256", "SHA2-512"};
  ERR_set_mark();
  evp_algorithm found{EVP_MD_fetch(nullptr, names[static_cast<std::size_t>(a)], nullptr)};
  const bool no_memory = !found && ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
  ERR_pop_to_mark();
  if (no_memory) throw std::bad_alloc{};
  return found;
}

inline evp_context new_context() {
  evp_context made{EVP_MD_CTX_new()};
  if (!made) throw std::bad_alloc{};
  return made;
}

}  // namespace detail

S3STORE_INLINE digest::digest(digest_algorithm a) : algorithm_(detail::fetch(a)), context_(detail::new_context()) {
  if (usable() && !begin()) throw std::bad_alloc{};
}

S3STORE_INLINE std::size_t digest::size() const noexcept {
  return usable() ? static_cast<std::size_t>(EVP_MD_get_size(algorithm_.get())) : 0;
}

S3STORE_INLINE void digest::update(std::span<const std::byte> bytes) noexcept {
  if (failed_ || !usable()) return;
  if (!begin() || EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) fail();
}

S3STORE_INLINE std::size_t digest::finish(std::span<std::byte, max_size> out) {
  if (!usable()) return 0;
  unsigned size = 0;
  const bool done = !failed_ && begin() && EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
  if (!done) fail();
  reset();
  if (!done) throw std::bad_alloc{};
  return size;
}

S3STORE_INLINE void digest::resume(const digest& other) noexcept {
  reset();
  running_ = knows_algorithm_ = other.running_ && !other.failed_ && EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) == 1;
  failed_ = !running_;
}

/// Called as late as possible, because `resume` makes a start unnecessary. With a null algorithm OpenSSL uses the one from before,
/// which is twice as fast.
S3STORE_INLINE bool digest::begin() noexcept {
  if (!running_) running_ = knows_algorithm_ = EVP_DigestInit_ex2(context_.get(), knows_algorithm_ ? nullptr : algorithm_.get(), nullptr) == 1;
  return running_;
}
S3STORE_INLINE void digest::fail() noexcept {
  failed_ = true;
  running_ = knows_algorithm_ = false;
}

S3STORE_INLINE sha256_value finish_sha256(digest& d) {
  detail::wiped<std::array<std::byte, digest::max_size>> out{};  // an HMAC ends with this, and may be a key
  if (d.finish(out.value) != sizeof(sha256_value))
    throw s3_error{detail::fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  sha256_value value{};
  std::memcpy(value.data(), out.value.data(), value.size());
  return value;
}

S3STORE_INLINE sha256_value sha256(std::span<const std::byte> bytes) {
  digest d{digest_algorithm::sha256};
  d.update(bytes);
  return finish_sha256(d);
}

S3STORE_INLINE bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace s3store::inline S3STORE_ABI::crypto
