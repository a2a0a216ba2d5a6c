// Does the derivation of keys leave one on the stack? It is run by a thread whose stack is looked through when it has ended.
//
// A key's bytes are also in memory that OpenSSL has, and overwrites when it frees it; what is looked for is what our functions leave.
#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/signing_key.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/crypto/hmac.hpp>

#include "support/catch.hpp"

using namespace s3store;
using auth::signing_algorithm;

namespace {

/// What is on the stack of a thread that has run `f`.
template <class F>
std::string stack_after(const F& f) {
  constexpr std::size_t size = 1 << 20;
  struct freed {
    void operator()(void* p) const noexcept { std::free(p); }
  };
  const std::unique_ptr<void, freed> memory{std::aligned_alloc(4096, size)};
  REQUIRE(memory);
  std::memset(memory.get(), 0, size);
  pthread_attr_t attributes;
  REQUIRE(::pthread_attr_init(&attributes) == 0);
  REQUIRE(::pthread_attr_setstack(&attributes, memory.get(), size) == 0);
  pthread_t thread;
  const auto run = [](void* what) -> void* {
    char room[16 * 1024];  // so that the end of the thread does not overwrite what `f` left
    detail::wipe(room, sizeof room);
    void (*volatile call)(void*) = [](void* of) { (*static_cast<const F*>(of))(); };  // in a frame of its own, below `room`
    call(what);
    detail::wipe(room, sizeof room);
    return nullptr;
  };
  REQUIRE(::pthread_create(&thread, &attributes, run, const_cast<F*>(&f)) == 0);
  REQUIRE(::pthread_join(thread, nullptr) == 0);
  ::pthread_attr_destroy(&attributes);
  return {static_cast<const char*>(memory.get()), size};
}

std::string_view text_of(const crypto::sha256_value& v) { return {reinterpret_cast<const char*>(v.data()), v.size()}; }

/// Does the text hold either half of the value?
bool holds(const std::string& text, const crypto::sha256_value& v) {
  return text.find(text_of(v).substr(0, 16)) != std::string::npos || text.find(text_of(v).substr(16)) != std::string::npos;
}

const std::string secret = "SecretKey/0123456789+abcdefghijklmnopqrst";

std::string stack_after_deriving(const std::string& of, signing_algorithm how) {
  const auth::credentials who{"AKIDEXAMPLE", secret_string{of}, {}, {}};
  const auth::signing_scope where{.region = "us-east-1", .algorithm = how};
  bool derived = false;
  std::string out = stack_after([&] { derived = auth::signing_key::derive(who, where, "20130524").has_value(); });
  REQUIRE(derived);
  return out;
}

}  // namespace

TEST_CASE("a value that was on a stack is found there", "[auth]") {
  const crypto::sha256_value left = crypto::sha256(detail::as_bytes("x"));
  const auto stack = stack_after([&left] {
    volatile std::byte copy[sizeof left];
    std::copy(left.begin(), left.end(), copy);
  });
  CHECK(holds(stack, left));
  CHECK_FALSE(holds(stack, crypto::sha256(detail::as_bytes("y"))));
}

TEST_CASE("deriving a key of SigV4 leaves none on the stack", "[auth]") {
  // First with another one: when the linker looks for functions that are called the first time, it saves registers on the stack.
  stack_after_deriving("another", signing_algorithm::sigv4);
  for (const std::string& one : {secret, secret + secret + secret}) {
    const std::string seed = "AWS4" + one;
    const auto stack = stack_after_deriving(one, signing_algorithm::sigv4);
    CHECK(stack.find(secret.substr(0, 16)) == std::string::npos);
    CHECK_FALSE(holds(stack, crypto::sha256(detail::as_bytes(seed))));  // that of a long one is the HMAC's key
    auto key = crypto::hmac_sha256(detail::as_bytes(seed), detail::as_bytes("20130524"));
    CHECK_FALSE(holds(stack, key));
    for (const std::string_view text : {"us-east-1", "s3", "aws4_request"}) {
      INFO(text);
      key = crypto::hmac_sha256(key, detail::as_bytes(text));
      CHECK_FALSE(holds(stack, key));
    }
  }
}

TEST_CASE("deriving a key of SigV4A leaves none on the stack", "[auth][sigv4a]") {
  stack_after_deriving("another", signing_algorithm::sigv4a);
  for (const std::string& one : {secret, secret + secret + secret}) {
    const std::string seed = "AWS4A" + one;
    const auto stack = stack_after_deriving(one, signing_algorithm::sigv4a);
    const std::string input = std::string("\0\0\0\1", 4) + "AWS4-ECDSA-P256-SHA256" + '\0' + "AKIDEXAMPLE" + '\1' + std::string("\0\0\1\0", 4);
    auto key = crypto::hmac_sha256(detail::as_bytes(seed), detail::as_bytes(input));
    CHECK(stack.find(secret.substr(0, 16)) == std::string::npos);
    CHECK_FALSE(holds(stack, crypto::sha256(detail::as_bytes(seed))));
    CHECK_FALSE(holds(stack, key));
    REQUIRE(auth::detail::to_scalar(key));
    CHECK_FALSE(holds(stack, key));
  }
}

TEST_CASE("a private key of P-256 in PEM leaves its number not on the stack", "[crypto]") {
  // Made with `openssl ecparam -name prime256v1 -genkey`, for tests.
  const std::string pem =
      "-----BEGIN EC PRIVATE" " KEY-----\n"
      "MHcCAQEEILlyUJaWB4QTg95b3YEAUH49iX3AIMbSoxgzmqz3wunkoAoGCCqGSM49\n"
      "AwEHoUQDQgAEHcfJcDwG8eSd5r3otfQ+YVyCy/sycTO24Qv5OZanwmna1eolHtew\n"
      "7uSfG5H90Ic0xmmTW2+d/rKrpjctIG97vA==\n"
      "-----END EC PRIVATE" " KEY-----\n";
  const auto number = detail::from_hex("b97250969607841383de5bdd8100507e3d897dc020c6d2a318339aacf7c2e9e4");
  REQUIRE(number);
  crypto::sha256_value value{};
  std::copy_n(detail::as_bytes(*number).begin(), value.size(), value.begin());
  for (int n = 0; n != 2; ++n) {
    bool read = false;
    const auto stack = stack_after([&] { read = crypto::p256_private_key::from_pem(pem).has_value(); });
    CHECK(read);
    if (n == 1) CHECK_FALSE(holds(stack, value));
  }
}
