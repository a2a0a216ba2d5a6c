// Are hashes the standards', whatever way a digest is used? Vectors of RFC 1321 and FIPS 180-4.
#include <array>
#include <string>
#include <utility>

#include <s3store/crypto/digest.hpp>

#include "support/catch.hpp"

using namespace s3store;
using crypto::digest;
using crypto::digest_algorithm;

namespace {

std::string finish(digest& d) {
  std::array<std::byte, digest::max_size> out{};
  const auto size = d.finish(out);
  return detail::hex(std::span(out).first(size));
}

struct vector_of {
  digest_algorithm algorithm;
  std::string_view text, hash;
};
const vector_of vectors[] = {
    {digest_algorithm::md5, "", "d41d8cd98f00b204e9800998ecf8427e"},
    {digest_algorithm::md5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
    {digest_algorithm::sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {digest_algorithm::sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {digest_algorithm::sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {digest_algorithm::sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {digest_algorithm::sha512, "",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927d"
     "a3e"},
    {digest_algorithm::sha512, "abc",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca"
     "49f"},
};

}  // namespace

TEST_CASE("hashes of the standards, from one digest again and again", "[crypto]") {
  for (const auto& [algorithm, text, hash] : vectors) {
    digest d{algorithm};
    if (!d.usable()) continue;  // MD5 on a FIPS OpenSSL
    CHECK(d.size() * 2 == hash.size());
    for (int i = 0; i != 3; ++i) {
      d.update(detail::as_bytes(text));
      CHECK(finish(d) == hash);
    }
    for (const char& c : text) d.update(detail::as_bytes({&c, 1}));
    CHECK(finish(d) == hash);
    d.update(detail::as_bytes("something else"));
    d.reset();
    d.update(detail::as_bytes(text));
    CHECK(finish(d) == hash);
  }
}

TEST_CASE("a digest can be moved", "[crypto]") {
  digest first{digest_algorithm::sha256};
  first.update(detail::as_bytes("a"));
  digest second{std::move(first)};
  second.update(detail::as_bytes("bc"));
  CHECK(finish(second) == vectors[5].hash);
}

TEST_CASE("a digest goes on from the state of another", "[crypto]") {
  digest state{digest_algorithm::sha256}, other{digest_algorithm::sha256};
  state.update(detail::as_bytes("a"));
  other.update(detail::as_bytes("forgotten"));
  for (int i = 0; i != 2; ++i) {
    other.resume(state);
    other.update(detail::as_bytes("bc"));
    CHECK(finish(other) == vectors[5].hash);
  }
  CHECK(finish(other) == vectors[4].hash);
  state.update(detail::as_bytes("bc"));
  CHECK(finish(state) == vectors[5].hash);
}

TEST_CASE("one-shot hashes", "[crypto]") {
  CHECK(crypto::sha256_hex(detail::as_bytes("abc")) == vectors[5].hash);
  CHECK(crypto::sha256_hex({}) == vectors[4].hash);
  const std::string million(1000000, 'a');
  CHECK(detail::hex(crypto::sha256(detail::as_bytes(million))) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
