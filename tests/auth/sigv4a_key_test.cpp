// Do credentials give the same SigV4A key here as at AWS, also where the first candidate for one is too large?
#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/auth/sigv4a_key.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/crypto/hmac.hpp>

#include "support/python.hpp"

using namespace s3store;

namespace {

crypto::p256_scalar number(std::string_view digits) {
  const auto bytes = detail::from_hex(digits);
  REQUIRE(bytes);
  crypto::p256_scalar out{};
  REQUIRE(bytes->size() == out.size());
  std::copy_n(detail::as_bytes(*bytes).begin(), out.size(), out.begin());
  return out;
}

const std::string zero(64, '0'), most(64, 'f');
// n is ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551.
const std::string n_minus_3 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e";
const std::string n_minus_2 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f";
const std::string n_minus_1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
const std::string n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// A small number, another one for each `i`.
std::string small(unsigned i) { return zero.substr(0, 60) + detail::hex(detail::as_bytes(std::string{'\1', static_cast<char>(i)})); }

/// The private key of a candidate; empty if another candidate is needed.
std::string scalar_of(std::string_view candidate) {
  auto out = number(candidate);
  return auth::detail::to_scalar(out) ? detail::hex(out) : std::string{};
}

crypto::p256_point point_of(std::string_view scalar) { return crypto::p256_private_key::from_scalar(number(scalar)).value().public_key().point(); }

}  // namespace

TEST_CASE("a candidate for a SigV4A key is usable up to n - 2, and the key is one more", "[auth][sigv4a]") {
  CHECK(scalar_of(zero) == std::string(63, '0') + "1");
  CHECK(scalar_of(std::string(62, '0') + "ff") == std::string(61, '0') + "100");
  CHECK(scalar_of("00" + std::string(62, 'f')) == "01" + std::string(62, '0'));  // the carry goes through
  CHECK(scalar_of(n_minus_3) == n_minus_2);
  CHECK(scalar_of(n_minus_2) == n_minus_1);
  CHECK(scalar_of(n_minus_1).empty());
  CHECK(scalar_of(n).empty());
  CHECK(scalar_of(most).empty());
  // Each digit counts, whatever the lower ones are.
  for (std::size_t i = 0; i != 32; ++i) {
    auto larger = number(n_minus_2), smaller = larger;
    const unsigned digit = std::to_integer<unsigned>(larger[i]);
    for (std::size_t low = i + 1; low != 32; ++low) larger[low] = std::byte{}, smaller[low] = std::byte{0xff};
    INFO("byte " << i);
    if (digit != 0xff) {
      larger[i] = static_cast<std::byte>(digit + 1);
      CHECK_FALSE(auth::detail::to_scalar(larger));
    }
    if (digit != 0) {
      smaller[i] = static_cast<std::byte>(digit - 1);
      CHECK(auth::detail::to_scalar(smaller));
    }
  }
}

TEST_CASE("a candidate for a SigV4A key that is too large is followed by the next, 254 times in all", "[auth][sigv4a]") {
  std::vector<unsigned> counts;
  // The key where all candidates before the `usable`-th are too large.
  const auto key_at = [&counts](unsigned usable, std::string_view too_large) {
    counts.clear();
    return auth::detail::first_usable_key([&, usable](unsigned count) {
      counts.push_back(count);
      return number(count < usable ? std::string(too_large) : small(count));
    });
  };
  for (const std::string& too_large : {n_minus_1, n, most}) {
    for (const unsigned usable : {1u, 2u, 3u, 128u, 253u}) {
      const auto key = key_at(usable, too_large);
      REQUIRE(key);
      REQUIRE(counts.size() == usable);
      CHECK(counts.front() == 1);
      CHECK(counts.back() == usable);
      CHECK(std::adjacent_find(counts.begin(), counts.end(), [](unsigned a, unsigned b) { return b != a + 1; }) == counts.end());
      CHECK(key->public_key().point() == point_of(small(usable + 1)));
    }
    CHECK(key_at(254, too_large));
    const auto none = key_at(255, too_large);
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == error_kind::credentials);
    CHECK(counts.size() == 254);
    CHECK(counts.back() == 254);
  }
}

TEST_CASE("the largest and the smallest SigV4A key sign", "[auth][sigv4a]") {
  const auto hash = crypto::sha256(detail::as_bytes("text"));
  for (const auto& [candidate, scalar] : {std::pair{zero, zero.substr(0, 63) + "1"}, std::pair{n_minus_2, n_minus_1}}) {
    const auto key = auth::detail::first_usable_key([&one = candidate](unsigned) { return number(one); });
    REQUIRE(key);
    CHECK(key->public_key().point() == point_of(scalar));
    CHECK(key->public_key().verify_der(hash, detail::as_bytes(key->sign_der(hash))));
  }
}

TEST_CASE("a SigV4A key is made by the KDF in counter mode, as its text says", "[auth][sigv4a]") {
  // Spelt out once more: HMAC(secret, [1] label 0 context [256]), with a context of the access key id and the candidate's count.
  using namespace std::string_literals;
  for (const auto& [id, secret] :
       {std::pair{"AKISORANDOMAASORANDOM"s, "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom"s}, std::pair{"k"s, std::string(100, 's')}}) {
    const std::string input = "\0\0\0\1"s + "AWS4-ECDSA-P256-SHA256" + "\0"s + id + "\1" + "\0\0\1\0"s;
    auto expected = crypto::hmac_sha256(detail::as_bytes("AWS4A" + secret), detail::as_bytes(input));
    REQUIRE(auth::detail::to_scalar(expected));
    const auto key = auth::sigv4a_key({id, secret_string{secret}, {}, {}});
    REQUIRE(key);
    CHECK(key->public_key().point() == point_of(detail::hex(expected)));
  }
}

TEST_CASE("the SigV4A key of aws-c-auth's own test", "[auth][sigv4a]") {
  const auto key = auth::sigv4a_key({"AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom", {}, {}});
  REQUIRE(key);
  CHECK(key->public_key().point() == point_of("7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd"));
  CHECK(detail::hex(key->public_key().point()) ==
        "0415d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0");
}

TEST_CASE("the SigV4A keys of credentials are awscrt's", "[auth][sigv4a][oracle]") {
  std::mt19937 chance{20260101};
  const auto some = [&chance](std::string_view letters, std::size_t size) {
    std::string out;
    while (out.size() != size) out.push_back(letters[chance() % letters.size()]);
    return out;
  };
  struct pair {
    auth::credentials who;
    crypto::p256_private_key key;
    crypto::sha256_value hash;
  };
  std::vector<pair> pairs;
  std::string asked;
  for (std::size_t i = 0; i != 220; ++i) {
    const std::string id = some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", i % 10 == 9 ? 1 + chance() % 128 : 20);
    // Beyond 59 bytes the key of the HMAC, which begins with "AWS4A", is hashed itself.
    const std::string secret = some("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+", i % 10 >= 8 ? 1 + chance() % 128 : 40);
    auth::credentials who{id, secret_string{secret}, {}, {}};
    auto key = auth::sigv4a_key(who);
    REQUIRE(key);
    const auto hash = crypto::sha256(detail::as_bytes(id + secret));
    const std::string signature = detail::hex(detail::as_bytes(key->sign_der(hash)));
    asked += nlohmann::json{{"id", id}, {"secret", secret}, {"hash", detail::hex(hash)}, {"signature", signature}}.dump() + "\n";
    pairs.push_back({std::move(who), std::move(*key), hash});
  }
  std::istringstream lines{test::run_python_script("tests/auth/awscrt_keys.py", {}, asked)};
  std::size_t seen = 0;
  for (std::string line; std::getline(lines, line); ++seen) {
    REQUIRE(seen < pairs.size());
    const pair& p = pairs[seen];
    INFO(p.who.access_key_id);
    const auto theirs = nlohmann::json::parse(line);
    CHECK(detail::hex(p.key.public_key().point()) == theirs["point"].get<std::string>());
    CHECK(theirs["verified"].get<bool>());
  }
  CHECK(seen == pairs.size());
}
