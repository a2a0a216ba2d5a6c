#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/checksum.hpp>

#include "support/catch.hpp"

using namespace std::string_view_literals;
using s3store::detail::as_bytes;
using namespace s3store::crypto;

namespace {

std::string checksum_of(checksum_algorithm a, std::string_view text) {
  checksum sum{a};
  REQUIRE(sum.usable());
  sum.update(detail::as_bytes(text));
  return sum.base64();
}

}  // namespace

static_assert(std::is_nothrow_move_constructible_v<checksum>);
static_assert(!std::is_copy_constructible_v<checksum>);

TEST_CASE("checksum: a name that is no algorithm of ours is none", "[crypto][checksum]") {
  for (const auto wrong : {""sv, "CRC"sv, "CRC64"sv, "CRC32CC"sv, " CRC32"sv, "SHA-256"sv, "XXHASH32"sv, "Content-MD5"sv, "x-amz-checksum-crc32"sv,
                           "CRC32\0"sv})
    CHECK_FALSE(parse_checksum_algorithm(wrong));
}

TEST_CASE("checksum: names and headers as S3 spells them", "[crypto][checksum]") {
  CHECK(name(checksum_algorithm::crc32) == "CRC32");
  CHECK(name(checksum_algorithm::crc32c) == "CRC32C");
  CHECK(name(checksum_algorithm::crc64nvme) == "CRC64NVME");
  CHECK(name(checksum_algorithm::sha1) == "SHA1");
  CHECK(name(checksum_algorithm::sha256) == "SHA256");
  CHECK(header_name(checksum_algorithm::crc32) == "x-amz-checksum-crc32");
  CHECK(header_name(checksum_algorithm::crc32c) == "x-amz-checksum-crc32c");
  CHECK(header_name(checksum_algorithm::crc64nvme) == "x-amz-checksum-crc64nvme");
  CHECK(header_name(checksum_algorithm::sha1) == "x-amz-checksum-sha1");
  CHECK(header_name(checksum_algorithm::sha256) == "x-amz-checksum-sha256");
  CHECK(name(checksum_algorithm::md5) == "MD5");
  CHECK(header_name(checksum_algorithm::md5) == "x-amz-checksum-md5");
  CHECK(parse_checksum_algorithm("crc64nvme") == checksum_algorithm::crc64nvme);
  CHECK(parse_checksum_algorithm("Sha256") == checksum_algorithm::sha256);
  for (const auto& known : checksum_algorithms) {
    CHECK(&traits_of(known.algorithm) == &known);
    CHECK(parse_checksum_algorithm(known.name) == known.algorithm);
    CHECK(known.header == "x-amz-checksum-" + s3store::detail::lower_case(known.name));
  }
}

// Oracles: Python's zlib.crc32 and hashlib; the published check values of CRC-32C and CRC-64/NVME. Base64, numbers big-endian.
TEST_CASE("checksum: values as their headers have them", "[crypto][checksum]") {
  CHECK(checksum_of(checksum_algorithm::crc32, "123456789") == "y/Q5Jg==");
  CHECK(checksum_of(checksum_algorithm::crc32c, "123456789") == "4waSgw==");
  CHECK(checksum_of(checksum_algorithm::crc64nvme, "123456789") == "rosUhgp5mIg=");
  CHECK(checksum_of(checksum_algorithm::sha1, "123456789") == "98O8HYCOBHMq32eZZczDTKeuNEE=");
  CHECK(checksum_of(checksum_algorithm::sha256, "123456789") == "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=");
  CHECK(checksum_of(checksum_algorithm::sha512, "123456789") ==
        "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==");
  CHECK(checksum_of(checksum_algorithm::md5, "123456789") == "JfnnlDI7RTiF9RgfG2JNCw==");
  CHECK(checksum_of(checksum_algorithm::crc32, "") == "AAAAAA==");
  CHECK(checksum_of(checksum_algorithm::crc64nvme, "") == "AAAAAAAAAAA=");
  CHECK(checksum_of(checksum_algorithm::md5, "") == "1B2M2Y8AsgTpgAmY7PhCfg==");
}

TEST_CASE("checksum: an algorithm that is not at home here has no value, and says what to do", "[crypto][checksum]") {
  for (const auto a : {checksum_algorithm::xxhash64, checksum_algorithm::xxhash3, checksum_algorithm::xxhash128}) {
    checksum sum{a};
    CHECK_FALSE(sum.usable());
    sum.update(detail::as_bytes("123456789"));
    sum.reset();
    std::array<std::byte, checksum::max_size> value{};
    CHECK(sum.finish(value) == 0);
    CHECK(sum.base64().empty());
    const std::string why = why_unusable(a);
    CHECK(why.starts_with(name(a)));
    CHECK(why.find("<s3store/crypto/xxhash.hpp>") != std::string::npos);
    CHECK(why.find("policies::checksums") != std::string::npos);
  }
  // A maker that knows others.
  CHECK_FALSE(checksum{checksum_algorithm::xxhash3, [](checksum_algorithm) { return std::unique_ptr<further_checksum>{}; }}.usable());
}

TEST_CASE("checksum: in pieces, again after a value and after a reset, and moved", "[crypto][checksum]") {
  for (const auto& known : checksum_algorithms) {
    if (is_xxhash(known.algorithm)) continue;  // xxhash_test.cpp
    CAPTURE(std::string{known.name});
    const std::string whole = checksum_of(known.algorithm, "123456789"), nothing = checksum_of(known.algorithm, "");
    CHECK(s3store::detail::from_base64(whole).value().size() == known.size);

    checksum sum{known.algorithm};
    CHECK(sum.algorithm() == known.algorithm);
    sum.update(detail::as_bytes("12345"));
    checksum moved = std::move(sum);
    moved.update({});
    moved.update(detail::as_bytes("6789"));
    CHECK(moved.base64() == whole);
    CHECK(moved.base64() == nothing);  // a value ends its message

    moved.update(detail::as_bytes("something else"));
    moved.reset();
    moved.update(detail::as_bytes("123456789"));
    std::array<std::byte, checksum::max_size> value{};
    REQUIRE(moved.finish(value) == known.size);
    CHECK(s3store::detail::base64(std::span{value}.first(known.size)) == whole);
  }
}

TEST_CASE("checksum: a further one whose value has another size than its algorithm's has no value", "[crypto][checksum]") {
  struct lying final : further_checksum {
    void update(std::span<const std::byte>) noexcept override {}
    std::size_t finish(std::span<std::byte, digest::max_size>) noexcept override { return 1'000'000; }
    void reset() noexcept override {}
  };
  checksum sum{checksum_algorithm::xxhash64, [](checksum_algorithm) { return std::unique_ptr<further_checksum>{new lying}; }};
  REQUIRE(sum.usable());
  sum.update(detail::as_bytes("123456789"));
  std::array<std::byte, checksum::max_size> value{};
  CHECK(sum.finish(value) == 0);
  CHECK_FALSE(sum.usable());
  CHECK(sum.base64().empty());
}
