// Which key signs with SigV4A? A key of P-256 that is derived from the access key, so that AWS can derive its public half as well.
//
// AWS describes it in words only; its C library is the reference (awslabs/aws-c-auth, source/key_derivation.c). The key is a number,
// made by the KDF in counter mode of NIST SP 800-108 (section 4.1) with HMAC-SHA256.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <s3store/auth/credentials.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/crypto/ecdsa.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// The key for these credentials, whatever the day, region and service. Fails with error_kind::credentials if there is none for them,
/// which has a probability of 2^-8000, and with error_kind::configuration if OpenSSL has no P-256. Throws std::bad_alloc, and
/// s3_error (error_kind::configuration) if OpenSSL has no SHA-256. To sign many requests, keep a `signer`: it keeps the key.
result<crypto::p256_private_key> sigv4a_key(const credentials& who);

namespace detail {
using namespace s3store::detail;

/// Makes a private key of a candidate: adds 1 if the candidate is at most n - 2, where n is the order of the curve. False: it is
/// larger, and another one is needed. Takes the same time for all candidates.
bool to_scalar(crypto::p256_scalar& candidate) noexcept;

/// The key of the first usable candidate: `candidate(1)`, `candidate(2)` and so on up to `candidate(254)`, as aws-c-auth counts them.
/// Fails as `sigv4a_key`.
template <class Candidate>
result<crypto::p256_private_key> first_usable_key(Candidate&& candidate) {
  for (unsigned count = 1; count != 255; ++count) {
    wiped<crypto::p256_scalar> one{candidate(count)};
    if (to_scalar(one.value)) return crypto::p256_private_key::from_scalar(one.value);
  }
  return fail(error_kind::credentials, "no SigV4A key can be derived from these credentials");
}
}  // namespace detail

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/sigv4a_key_impl.hpp>
#endif
