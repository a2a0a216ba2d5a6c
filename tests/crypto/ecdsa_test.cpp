// Are our P-256 signatures those of the standards, in both forms, and is everything else refused?
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <openssl/err.h>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/ecdsa.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

template <class Array>
Array from_hex(std::string_view text) {
  const auto bytes = detail::from_hex(text);
  REQUIRE(bytes);
  Array out{};
  REQUIRE(bytes->size() == out.size());
  std::copy_n(detail::as_bytes(*bytes).begin(), out.size(), out.begin());
  return out;
}
crypto::p256_scalar scalar(std::string_view text) { return from_hex<crypto::p256_scalar>(text); }
crypto::sha256_value hash(std::string_view text) { return crypto::sha256(detail::as_bytes(text)); }

constexpr std::string_view n_minus_1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
constexpr std::string_view generator_x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";

// RFC 6979, A.2.5: a key, and a signature of "sample".
constexpr std::string_view rfc6979_key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
constexpr std::string_view rfc6979_point =
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
constexpr std::string_view rfc6979_signature =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";

}  // namespace

TEST_CASE("the key and signature of RFC 6979", "[crypto]") {
  const auto key = crypto::p256_private_key::from_scalar(scalar(rfc6979_key));
  REQUIRE(key);
  CHECK(detail::hex(key->public_key().point()) == rfc6979_point);
  const auto point = crypto::p256_public_key::from_point(from_hex<crypto::p256_point>(rfc6979_point));
  REQUIRE(point);
  const auto signature = from_hex<crypto::p256_signature>(rfc6979_signature);
  CHECK(point->verify_raw(hash("sample"), signature));
  CHECK_FALSE(point->verify_raw(hash("test"), signature));
  CHECK(key->public_key().verify_raw(hash("sample"), signature));
}

TEST_CASE("the example of ES256 in RFC 7515, A.3", "[crypto]") {
  const auto url_safe = [](std::string text) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text.push_back('=');
    return detail::hex(detail::as_bytes(detail::from_base64(text).value_or("")));
  };
  const auto key = crypto::p256_private_key::from_scalar(scalar(url_safe("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")));
  REQUIRE(key);
  CHECK(detail::hex(key->public_key().point()) == "04" + url_safe("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") +
                                                      url_safe("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  const std::string_view text =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  CHECK(key->public_key().verify_raw(
      hash(text), from_hex<crypto::p256_signature>(url_safe("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"))));
}

TEST_CASE("what is signed is verified in both forms, and nothing else", "[crypto]") {
  const auto key = crypto::p256_private_key::generate();
  REQUIRE(key);
  const auto theirs = crypto::p256_public_key::from_point(key->public_key().point());
  REQUIRE(theirs);
  const auto other = crypto::p256_private_key::generate();
  REQUIRE(other);
  CHECK(other->public_key().point() != key->public_key().point());
  std::vector<std::size_t> sizes;
  for (int i = 0; i != 300; ++i) {
    const auto digest = hash("message " + std::to_string(i));
    const std::string der = key->sign_der(digest);
    sizes.push_back(der.size());
    CHECK(der.size() <= crypto::p256_der_limit);
    CHECK(theirs->verify_der(digest, detail::as_bytes(der)));
    const auto raw = key->sign_raw(digest);
    CHECK(theirs->verify_raw(digest, raw));
    CHECK(key->sign_raw(digest) != raw);
    CHECK_FALSE(other->public_key().verify_raw(digest, raw));
    CHECK_FALSE(theirs->verify_der(hash("another message"), detail::as_bytes(der)));
  }
  CHECK(*std::max_element(sizes.begin(), sizes.end()) != *std::min_element(sizes.begin(), sizes.end()));

  const auto digest = hash("text");
  const std::string der = key->sign_der(digest);
  for (std::size_t i = 0; i != der.size(); ++i) {
    INFO("byte " << i);
    std::string altered = der;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CHECK_FALSE(theirs->verify_der(digest, detail::as_bytes(altered)));
    CHECK_FALSE(theirs->verify_der(digest, detail::as_bytes(der).first(i)));
  }
  CHECK_FALSE(theirs->verify_der(digest, detail::as_bytes(der + '\0')));
  CHECK_FALSE(theirs->verify_der(digest, detail::as_bytes(std::string(100'000, 'x'))));
  CHECK_FALSE(theirs->verify_raw(digest, crypto::p256_signature{}));
  crypto::p256_signature most;
  most.fill(std::byte{0xff});
  CHECK_FALSE(theirs->verify_raw(digest, most));
}

TEST_CASE("numbers that are no private key, and bytes that are no point", "[crypto]") {
  const auto kind = [](std::string_view number) { return crypto::p256_private_key::from_scalar(scalar(number)).error().kind; };
  std::string n{n_minus_1};
  n.back() = '1';
  CHECK(kind(std::string(64, '0')) == error_kind::invalid_argument);
  CHECK(kind(n) == error_kind::invalid_argument);
  CHECK(kind(std::string(64, 'f')) == error_kind::invalid_argument);

  const auto one = crypto::p256_private_key::from_scalar(scalar(std::string(63, '0') + "1"));
  const auto last = crypto::p256_private_key::from_scalar(scalar(n_minus_1));
  REQUIRE(one);
  REQUIRE(last);
  CHECK(detail::hex(one->public_key().point()).substr(2, 64) == generator_x);
  CHECK(detail::hex(last->public_key().point()).substr(2, 64) == generator_x);  // the other point with that x
  CHECK(one->public_key().point() != last->public_key().point());
  CHECK(one->public_key().verify_raw(hash("a"), one->sign_raw(hash("a"))));
  CHECK(last->public_key().verify_raw(hash("a"), last->sign_raw(hash("a"))));

  auto point = one->public_key().point();
  const auto refused = [&point] { return crypto::p256_public_key::from_point(point).error().kind == error_kind::invalid_argument; };
  point[64] ^= std::byte{1};
  CHECK(refused());
  point[64] ^= std::byte{1};
  for (const int form : {0, 2, 3, 5, 6, 7}) {
    point[0] = static_cast<std::byte>(form);
    CHECK(refused());
  }
  point.fill(std::byte{});
  CHECK(refused());
}

// Made with `openssl ecparam -name prime256v1 -genkey` and `openssl pkcs8`, for this test.
namespace {
constexpr std::string_view sec1 =
    "-----BEGIN EC PRIVATE" " KEY-----\n"
    "MHcCAQEEILlyUJaWB4QTg95b3YEAUH49iX3AIMbSoxgzmqz3wunkoAoGCCqGSM49\n"
    "AwEHoUQDQgAEHcfJcDwG8eSd5r3otfQ+YVyCy/sycTO24Qv5OZanwmna1eolHtew\n"
    "7uSfG5H90Ic0xmmTW2+d/rKrpjctIG97vA==\n"
    "-----END EC PRIVATE" " KEY-----\n";
constexpr std::string_view pkcs8 =
    "-----BEGIN PRIVATE" " KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguXJQlpYHhBOD3lvd\n"
    "gQBQfj2JfcAgxtKjGDOarPfC6eShRANCAAQdx8lwPAbx5J3mvei19D5hXILL+zJx\n"
    "M7bhC/k5lqfCadrV6iUe17Du5J8bkf3QhzTGaZNbb53+squmNy0gb3u8\n"
    "-----END PRIVATE" " KEY-----\n";
constexpr std::string_view encrypted =
    "-----BEGIN ENCRYPTED PRIVATE" " KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjiujt+rky5XwICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBymSAWzCDV41EA8bhillPQEgZBc\n"
    "tfrvPD7Exn02ho6ae3mpyZ2kPLKwTy+p3Dnm47VLBmT5We34hrvLboDsAhN9ydtr\n"
    "Ix11eld4qGtN0HfjopKw683QhIEMrA4H8tcxVWun2VXWUcYY7YwJ2GEFhGEfjByp\n"
    "yJbQEr/bzj+5Wruyo6eyI74yRRSLuOuVMm/9t45/6E5tnE9grg4dueKODPDZK+0=\n"
    "-----END ENCRYPTED PRIVATE" " KEY-----\n";
constexpr std::string_view other_curve =
    "-----BEGIN EC PRIVATE" " KEY-----\n"
    "MIGkAgEBBDCDixCb6F8sm2Thz2mWozO/GkUyU7xyuhvVtBGJM3Ko69GvLnjRQSOH\n"
    "N1ddeEf/5wSgBwYFK4EEACKhZANiAASfVVxa6v1f3eUA2Fk5KoDqIOf596FkR4B9\n"
    "BH8/w76xC9h+ez9QZhVOgvqeMEixffZ70ZrMzuoxyh2fuXb9hud/NLJzMPHGTEBx\n"
    "gd56L+O83FYY/nYsgYAP2mcNgn5jjIY=\n"
    "-----END EC PRIVATE" " KEY-----\n";
}  // namespace

TEST_CASE("a private key in PEM", "[crypto]") {
  for (const std::string_view text : {sec1, pkcs8}) {
    const auto key = crypto::p256_private_key::from_pem(text);
    REQUIRE(key);
    CHECK(detail::hex(key->public_key().point()) ==
          "041dc7c9703c06f1e49de6bde8b5f43e615c82cbfb327133b6e10bf93996a7c269dad5ea251ed7b0eee49f1b91fdd08734c669935b6f9dfeb2aba6372d206f7bbc");
    CHECK(key->public_key().verify_raw(hash("a"), key->sign_raw(hash("a"))));
  }
  for (const std::string_view text : {encrypted, other_curve, std::string_view{}, std::string_view{"key"}, sec1.substr(0, 100)})
    CHECK(crypto::p256_private_key::from_pem(text).error().kind == error_kind::invalid_argument);
}

namespace {
/// SEC 1 in PEM, of hex digits. `point` may be empty, in any form, and of another key.
std::string sec1_of(std::string_view number, std::string_view point) {
  const auto bytes = [](std::string_view digits) { return detail::from_hex(digits).value(); };
  const auto element = [](char tag, const std::string& content) {
    REQUIRE(content.size() < 128);
    return std::string{tag, static_cast<char>(content.size())} + content;
  };
  std::string parts = element('\x02', "\x01") + element('\x04', bytes(number)) + element('\xa0', element('\x06', bytes("2a8648ce3d030107")));
  if (!point.empty()) parts += element('\xa1', element('\x03', '\0' + bytes(point)));
  const std::string kind = "EC PRIVATE" " KEY-----\n";
  return "-----BEGIN " + kind + detail::base64(detail::as_bytes(element('\x30', parts))) + "\n-----END " + kind;
}
}  // namespace

TEST_CASE("a private key in PEM is its number, whatever is said of its point", "[crypto]") {
  const std::string whole{rfc6979_point}, compressed = "03" + whole.substr(2, 64), hybrid = "07" + whole.substr(2);
  const std::string of_another = detail::hex(crypto::p256_private_key::generate().value().public_key().point());
  for (const std::string& point : {whole, compressed, hybrid, of_another, std::string{}}) {
    INFO(point);
    const auto key = crypto::p256_private_key::from_pem(sec1_of(rfc6979_key, point));
    REQUIRE(key);
    CHECK(detail::hex(key->public_key().point()) == whole);
    CHECK(key->public_key().verify_raw(hash("a"), key->sign_raw(hash("a"))));
  }
  const std::string parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  CHECK(crypto::p256_private_key::from_pem("about it\n" + parameters + sec1_of(rfc6979_key, whole) + "more\n"));
  CHECK(crypto::p256_private_key::from_pem(parameters).error().kind == error_kind::invalid_argument);
  for (const std::string& number : {std::string(64, '0'), std::string(64, 'f'), std::string{n_minus_1}.replace(63, 1, "1"), "01" + std::string(64, '0')})
    CHECK(crypto::p256_private_key::from_pem(sec1_of(number, whole)).error().kind == error_kind::invalid_argument);
}

TEST_CASE("OpenSSL's errors stay as they were", "[crypto]") {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 1);
  const unsigned long before = ERR_peek_error();
  const auto key = crypto::p256_private_key::generate();
  REQUIRE(key);
  CHECK_FALSE(key->public_key().verify_der(hash("a"), detail::as_bytes("no signature")));
  CHECK(crypto::p256_public_key::from_point({}).error().kind == error_kind::invalid_argument);
  CHECK_FALSE(crypto::p256_private_key::from_pem("no key"));
  CHECK(ERR_peek_error() == before);
  CHECK(ERR_peek_last_error() == before);
  ERR_clear_error();
}

TEST_CASE("the coordinates of a public key are those that it is made of", "[crypto]") {
  const auto key = crypto::p256_private_key::generate();
  REQUIRE(key);
  const auto point = key->public_key().point();
  CHECK(point[0] == std::byte{4});
  const auto again = crypto::p256_public_key::from_point(point);
  REQUIRE(again);
  CHECK(again->point() == point);
}

TEST_CASE("many threads use one P-256 key", "[crypto]") {
  const auto key = crypto::p256_private_key::generate();
  REQUIRE(key);
  const auto verifier = key->public_key();
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& w : wrong)
    threads.emplace_back([&] {
      for (int i = 0; i != 100; ++i) w += !verifier.verify_der(hash("x"), detail::as_bytes(key->sign_der(hash("x"))));
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == std::vector<int>(4));
}
