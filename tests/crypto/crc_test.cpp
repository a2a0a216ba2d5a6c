#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/crc.hpp>

#include "support/catch.hpp"

using s3store::detail::as_bytes;
namespace crypto = s3store::crypto;
namespace detail = s3store::crypto::detail;
using detail::crc_path;

namespace {

constexpr crc_path paths[] = {crc_path::portable, crc_path::instructions, crc_path::folding, crc_path::wide_folding};

/// The CRC straight from its definition, a bit at a time: the oracle for everything faster.
template <class Polynomial>
typename Polynomial::value_type by_definition(std::span<const std::byte> bytes) {
  using value = typename Polynomial::value_type;
  value state = static_cast<value>(~value{0});
  for (const std::byte b : bytes) {
    state ^= std::to_integer<value>(b);
    for (int i = 0; i != 8; ++i) state = static_cast<value>((state & 1) != 0 ? (state >> 1) ^ Polynomial::value : state >> 1);
  }
  return static_cast<value>(~state);
}

std::vector<std::byte> random_bytes(std::size_t n, unsigned seed) {
  std::mt19937 engine{seed};
  std::vector<std::byte> bytes(n);
  for (auto& b : bytes) b = static_cast<std::byte>(engine() & 0xff);
  return bytes;
}

/// Runs `check` with each of the three polynomials.
template <class Check>
void for_each_polynomial(Check check) {
  check(crypto::crc32_polynomial{});
  check(crypto::crc32c_polynomial{});
  check(crypto::crc64nvme_polynomial{});
}

template <class Crc>
auto crc_of(std::span<const std::byte> bytes, crc_path at_most = crc_path::wide_folding) {
  Crc crc;
  crc.update(bytes, at_most);
  return crc.value();
}

}  // namespace

TEST_CASE("CRC: nothing at all is zero, also after a reset", "[crypto][crc]") {
  for_each_polynomial([](auto polynomial) {
    crypto::basic_crc<decltype(polynomial)> crc;
    CHECK(crc.value() == 0);
    crc.update({});
    CHECK(crc.value() == 0);
    crc.update(as_bytes("x"));
    CHECK(crc.value() != 0);
    crc.reset();
    CHECK(crc.value() == 0);
  });
}

TEST_CASE("CRC: the published check values", "[crypto][crc]") {
  const auto digits = as_bytes("123456789");
  for (const crc_path path : paths) {
    CHECK(crc_of<crypto::crc32>(digits, path) == 0xCBF43926u);
    CHECK(crc_of<crypto::crc32c>(digits, path) == 0xE3069283u);
    CHECK(crc_of<crypto::crc64nvme>(digits, path) == 0xAE8B14860A799888u);
  }
  // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, ascending, descending.
  std::array<std::byte, 32> zeros{}, ones{}, up{}, down{};
  for (std::size_t i = 0; i != 32; ++i) {
    ones[i] = std::byte{0xff};
    up[i] = static_cast<std::byte>(i);
    down[i] = static_cast<std::byte>(31 - i);
  }
  for (const crc_path path : paths) {
    CHECK(crc_of<crypto::crc32c>(zeros, path) == 0x8A9136AAu);
    CHECK(crc_of<crypto::crc32c>(ones, path) == 0x62A8AB43u);
    CHECK(crc_of<crypto::crc32c>(up, path) == 0x46DD794Eu);
    CHECK(crc_of<crypto::crc32c>(down, path) == 0x113FDB5Cu);
  }
  // NVM Express NVM Command Set specification, 64-bit CRC test cases: 4 KiB of zeros and of ones.
  const std::vector<std::byte> page(4096), full(4096, std::byte{0xff});
  for (const crc_path path : paths) {
    CHECK(crc_of<crypto::crc64nvme>(page, path) == 0x6482D367EB22B64Eu);
    CHECK(crc_of<crypto::crc64nvme>(full, path) == 0xC0DDBA7302ECA3ACu);
  }
}

TEST_CASE("CRC: every path equals the definition at every length and offset", "[crypto][crc]") {
  const auto data = random_bytes(4096 + 64, 1);
  std::mt19937 engine{2};
  for_each_polynomial([&](auto polynomial) {
    using P = decltype(polynomial);
    const auto check = [&](std::size_t offset, std::size_t length) {
      const auto piece = std::span{data}.subspan(offset, length);
      const auto expected = by_definition<P>(piece);
      for (const crc_path path : paths)
        if (crc_of<crypto::basic_crc<P>>(piece, path) != expected) {
          CAPTURE(offset, length, static_cast<int>(path));
          FAIL("a path disagrees with the definition");
        }
    };
    for (std::size_t length = 0; length != 600; ++length) check(length % 17, length);
    for (int i = 0; i != 300; ++i) check(engine() % 64, engine() % 4097);
    for (std::size_t edge : {1023u, 1024u, 1025u, 1279u, 1280u, 1281u, 1535u, 1536u, 4096u}) check(1, edge);
  });
}

TEST_CASE("CRC: pieces of any size, by changing paths, make the whole", "[crypto][crc]") {
  const auto data = random_bytes(20'000, 3);
  std::mt19937 engine{4};
  for_each_polynomial([&](auto polynomial) {
    using P = decltype(polynomial);
    const auto expected = by_definition<P>(data);
    for (int round = 0; round != 50; ++round) {
      crypto::basic_crc<P> crc;
      for (std::size_t at = 0; at != data.size();) {
        const std::size_t length = (std::min)(data.size() - at, std::size_t{engine() % (round % 2 == 0 ? 40u : 3000u)});
        crc.update(std::span{data}.subspan(at, length), paths[engine() % 4]);
        at += length;
      }
      REQUIRE(crc.value() == expected);
    }
    crypto::basic_crc<P> plain, portable;
    plain.update(data);
    portable.update_portable(data);
    CHECK(plain.value() == expected);
    CHECK(portable.value() == expected);
  });
}

TEST_CASE("CRC: combine makes the whole's value from its parts'", "[crypto][crc]") {
  const auto data = random_bytes(9000, 5);
  std::mt19937 engine{6};
  for_each_polynomial([&](auto polynomial) {
    using crc = crypto::basic_crc<decltype(polynomial)>;
    const auto whole = crc_of<crc>(data);
    for (int i = 0; i != 100; ++i) {
      const std::size_t cut = i == 0 ? 0 : i == 1 ? data.size() : engine() % data.size();
      const auto a = std::span{data}.first(cut), b = std::span{data}.subspan(cut);
      REQUIRE(crc::combine(crc_of<crc>(a), crc_of<crc>(b), b.size()) == whole);
    }
    // Three parts, in both groupings.
    const auto a = crc_of<crc>(std::span{data}.first(1000)), b = crc_of<crc>(std::span{data}.subspan(1000, 3000)),
               c = crc_of<crc>(std::span{data}.subspan(4000));
    CHECK(crc::combine(crc::combine(a, b, 3000), c, 5000) == whole);
    CHECK(crc::combine(a, crc::combine(b, c, 5000), 8000) == whole);
  });
}

TEST_CASE("CRC: combine takes lengths that no buffer has", "[crypto][crc]") {
  // By doubling: a run of 2^40 + 2^39 bytes of zeros (1.5 TiB) from 1 KiB, against one step over the larger half.
  for_each_polynomial([](auto polynomial) {
    using crc = crypto::basic_crc<decltype(polynomial)>;
    auto zeros = crc_of<crc>(std::vector<std::byte>(1024));
    std::uint64_t length = 1024;
    for (; length != std::uint64_t{1} << 39; length *= 2) zeros = crc::combine(zeros, zeros, length);
    const auto twice = crc::combine(zeros, zeros, length);
    CHECK(crc::combine(twice, zeros, length) == crc::combine(zeros, twice, length * 2));
    CHECK(crc::combine(zeros, 0, 0) == zeros);
    CHECK(crc::combine(0, zeros, ~std::uint64_t{0}) == zeros);
  });
}

TEST_CASE("CRC: tables and folding factors are the powers of x that they claim to be", "[crypto][crc]") {
  for_each_polynomial([](auto polynomial) {
    using P = decltype(polynomial);
    using value = typename P::value_type;
    // x^n mod P one factor at a time, with none of the library's arithmetic.
    const auto power_of_x = [](unsigned n) {
      value v = static_cast<value>(value{1} << (detail::crc_bits<P> - 1));
      for (; n != 0; --n) v = static_cast<value>((v & 1) != 0 ? (v >> 1) ^ P::value : v >> 1);
      return v;
    };
    const auto in_upper_bits = [](value v) { return static_cast<std::uint64_t>(v) << (64 - detail::crc_bits<P>); };
    const auto& tables = detail::crc_tables_of<P>();
    const auto check = [&](const detail::crc_factors& factors, unsigned distance) {
      CHECK(factors.low == in_upper_bits(power_of_x(distance + 63)));
      CHECK(factors.high == in_upper_bits(power_of_x(distance - 1)));
    };
    check(tables.by_128, 128);
    check(tables.by_512, 512);
    check(tables.by_2048, 2048);
    // The top bit of a byte is its lowest power of x; 8 k + W more come from the k bytes behind it and the W bits of the remainder.
    for (unsigned k = 0; k != 16; ++k) {
      CHECK(tables.after[k][0x80] == power_of_x(8 * k + static_cast<unsigned>(detail::crc_bits<P>)));
      CHECK(tables.after[k][0x01] == power_of_x(8 * k + static_cast<unsigned>(detail::crc_bits<P>) + 7));
      for (unsigned b = 0; b != 256; ++b)
        REQUIRE(tables.after[k][b] == (tables.after[k][b & 0x0f] ^ tables.after[k][b & 0xf0]));
    }
  });
}
