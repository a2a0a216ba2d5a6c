// One SigV4 signature in a request's headers, same day and region, beside the hashing that no signature can do without: the SHA-256 of a
// canonical request of 300 bytes, and an HMAC whose key is ready.
#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

#include <s3store/auth/sigv4.hpp>

#include "benchmarks.hpp"
#include "support/measure.hpp"

namespace {

using namespace s3store;

class hashing {
 public:
  hashing() {
    const auto sha256 = crypto::detail::fetch(crypto::digest_algorithm::sha256);
    const std::array<unsigned char, 64> block{1};
    EVP_DigestInit_ex(hash_.get(), sha256.get(), nullptr);
    EVP_DigestInit_ex(hmac_.get(), sha256.get(), nullptr);
    for (auto* const half : {inner_.get(), outer_.get()}) {
      EVP_DigestInit_ex(half, sha256.get(), nullptr);
      EVP_DigestUpdate(half, block.data(), block.size());
    }
  }

  unsigned char operator()(const std::string& message) {
    EVP_DigestInit_ex2(hash_.get(), nullptr, nullptr);
    EVP_DigestUpdate(hash_.get(), message.data(), message.size());
    EVP_DigestFinal_ex(hash_.get(), value_.data(), nullptr);
    for (auto* const half : {inner_.get(), outer_.get()}) {
      EVP_MD_CTX_copy_ex(hmac_.get(), half);
      EVP_DigestUpdate(hmac_.get(), value_.data(), 32);
      EVP_DigestFinal_ex(hmac_.get(), value_.data(), nullptr);
    }
    return value_[0];
  }

 private:
  crypto::detail::evp_context hash_{crypto::detail::new_context()}, hmac_{crypto::detail::new_context()};
  crypto::detail::evp_context inner_{crypto::detail::new_context()}, outer_{crypto::detail::new_context()};
  std::array<unsigned char, EVP_MAX_MD_SIZE> value_{};
};

}  // namespace

bench::finding bench::sign() {
  auth::signer signer;
  const auth::credentials who{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  const auth::signing_scope where{.region = "us-east-1"};
  const timestamp now{std::chrono::seconds{1369353600}};
  const auth::signable what{
      .method = "GET", .path = "/bucket/folder/object", .host = "127.0.0.1:9000", .payload = auth::payload::empty};
  headers fields;
  const auto ours = [&] {
    fields.clear();
    fields.add("range", "bytes=0-9");
    if (!signer.sign_headers(what, fields, who, where, now)) throw std::runtime_error("the request was not signed");
    keep(signer.signature());
  };

  const std::string message(300, 'x');
  hashing hash;
  return measure({.pairs = 151, .calls = 2000}, ours, [&] { keep(hash(message)); });
}
