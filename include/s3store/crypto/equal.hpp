// How are signatures compared, so that the time it takes tells nothing of where they differ?
#pragma once

#include <string_view>

#include <openssl/crypto.h>

namespace s3store::inline v0::crypto {

/// In a time that depends on the lengths alone.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace s3store::inline v0::crypto
