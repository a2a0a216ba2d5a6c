// Is it HMAC-SHA256? The test cases of RFC 4231.
#include <string>

#include <s3store/crypto/hmac.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("HMAC-SHA256 of RFC 4231", "[crypto]") {
  struct {
    std::string key, message;
    std::string_view code;
  } const cases[] = {
      {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {*detail::from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before "
       "being used by "
       "the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  crypto::digest scratch{crypto::digest_algorithm::sha256};
  for (const auto& c : cases) {
    CHECK(detail::hex(crypto::hmac_sha256(detail::as_bytes(c.key), detail::as_bytes(c.message))) == c.code);
    const crypto::hmac_key key{detail::as_bytes(c.key)};
    for (int i = 0; i != 2; ++i) CHECK(detail::hex(key.sign(detail::as_bytes(c.message), scratch)) == c.code);
  }
}

TEST_CASE("an empty key and an empty message", "[crypto]") {
  CHECK(detail::hex(crypto::hmac_sha256({}, {})) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
