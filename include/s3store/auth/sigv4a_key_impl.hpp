// The definitions of auth/sigv4a_key.hpp.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <s3store/auth/sigv4a_key.hpp>
#include <s3store/auth/signing_scope.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/crypto/hmac.hpp>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE bool detail::to_scalar(crypto::p256_scalar& candidate) noexcept {
  constexpr std::array<unsigned char, 32> n_minus_1{0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                    0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                    0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x50};
  unsigned borrow = 0, carry = 1;
  for (std::size_t i = candidate.size(); i-- != 0;) {
    const unsigned digit = std::to_integer<unsigned>(candidate[i]);
    borrow = (digit - n_minus_1[i] - borrow) >> 8 & 1;
    const unsigned sum = digit + carry;
    candidate[i] = static_cast<std::byte>(sum & 0xff);
    carry = sum >> 8;
  }
  return borrow != 0;  // the candidate was less than n - 1
}

S3STORE_INLINE result<crypto::p256_private_key> sigv4a_key(const credentials& who) {
  std::string seed;
  seed.reserve(5 + who.secret_access_key.reveal().size());
  const detail::wiped_at_end secret{seed};
  seed.append("AWS4A").append(who.secret_access_key.reveal());

  // The iteration, of which there is one; the label; a zero; the context, which ends with a number that is counted up until the result
  // is usable; and the result's length, 256 bits.
  std::string input("\0\0\0\1", 4);
  input.append(sigv4a_algorithm).push_back('\0');
  input.append(who.access_key_id).push_back('\0');
  const std::size_t at_count = input.size() - 1;
  input.append("\0\0\1\0", 4);
  return detail::first_usable_key([&](unsigned count) {
    input[at_count] = static_cast<char>(count);
    return crypto::hmac_sha256(detail::as_bytes(seed), detail::as_bytes(input));
  });
}

}  // namespace s3store::inline S3STORE_ABI::auth
