// What is a CRC, as arithmetic? The remainder of the message, taken as a polynomial over GF(2), modulo a polynomial P.
//
// A reflected CRC of W bits is a polynomial of degree < W: the top bit of the integer is the coefficient of x^0, the lowest bit
// that of x^(W-1). The bits of a byte of the message have the same order, so the state is added (xor) to the next bytes. Only the
// three polynomials are given here; all tables and constants are computed from them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

/// CRC-32 of IEEE 802.3, gzip and zlib (0x04C11DB7, reflected).
struct crc32_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0xEDB88320;
};
/// CRC-32C (Castagnoli), as in iSCSI (0x1EDC6F41, reflected).
struct crc32c_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0x82F63B78;
};
/// CRC-64/NVME of the NVM Express specification (0xAD93D23594C93659, reflected).
struct crc64nvme_polynomial {
  using value_type = std::uint64_t;
  static constexpr value_type value = 0x9A6C9329AC4BC9B5;
};

namespace detail {

template <class P>
inline constexpr int crc_bits = std::numeric_limits<typename P::value_type>::digits;

/// A polynomial as a value, so that the same code serves all of them. A remainder of any width is in the lower bits of 64.
struct crc_polynomial {
  std::uint64_t value{};
  int bits{};

  /// The polynomial x^n for n < W.
  constexpr std::uint64_t monomial(int n) const noexcept { return std::uint64_t{1} << (bits - 1 - n); }

  /// a * x mod P.
  constexpr std::uint64_t times_x(std::uint64_t a) const noexcept { return (a >> 1) ^ ((a & 1) != 0 ? value : 0); }

  /// a * b mod P.
  constexpr std::uint64_t product(std::uint64_t a, std::uint64_t b) const noexcept {
    std::uint64_t sum{};
    for (int n = 0; n != bits; ++n, b = times_x(b))
      if ((a & monomial(n)) != 0) sum ^= b;
    return sum;
  }

  /// a^n mod P, by squaring.
  constexpr std::uint64_t power(std::uint64_t a, std::uint64_t n) const noexcept {
    std::uint64_t result = monomial(0);
    for (; n != 0; n >>= 1, a = product(a, a))
      if ((n & 1) != 0) result = product(result, a);
    return result;
  }
};

template <class P>
inline constexpr crc_polynomial crc_polynomial_of{P::value, crc_bits<P>};

/// Ways to compute a CRC, from slow to fast. Each needs more of the CPU than the one before it.
enum class crc_path : std::uint8_t {
  portable,      ///< table look-ups, 16 bytes at a time
  instructions,  ///< the CPU's CRC instruction, if it has one for the polynomial, else tables
  folding,       ///< carry-less products, 16 bytes at a time
  wide_folding,  ///< the same, 64 bytes at a time
};

/// Two factors that move the halves of a 128-bit lane `distance` bits ahead. A lane is a polynomial of degree < 128, whose low half
/// has the higher powers. The carry-less product of two reflected 64-bit integers has 127 bits, so that as a lane it is multiplied
/// by one x too many. Hence the factors are x^(distance + 64 - 1) and x^(distance - 1) mod P. If P has 32 bits, they are in the
/// upper bits of 64.
struct crc_factors {
  std::uint64_t low{};
  std::uint64_t high{};

  crc_factors() = default;
  constexpr crc_factors(const crc_polynomial& p, std::uint64_t distance) noexcept
      : low(p.power(p.monomial(1), distance + 63) << (64 - p.bits)), high(p.power(p.monomial(1), distance - 1) << (64 - p.bits)) {}
};

/// The tables of one polynomial, made at its first use.
struct crc_tables {
  crc_polynomial polynomial;
  std::uint64_t after[16][256]{};  ///< after[k][b]: the remainder of byte b followed by k zero bytes
  crc_factors by_128;
  crc_factors by_512;
  crc_factors by_2048;

  explicit crc_tables(const crc_polynomial& p) noexcept : polynomial(p), by_128(p, 128), by_512(p, 512), by_2048(p, 2048) {
    for (unsigned b = 0; b != 256; ++b) {
      std::uint64_t remainder = b;
      for (int bit = 0; bit != 8; ++bit) remainder = p.times_x(remainder);
      after[0][b] = remainder;
    }
    for (int k = 1; k != 16; ++k)
      for (int b = 0; b != 256; ++b) after[k][b] = step(after[k - 1][b], 0);
  }

  /// The state after one more byte.
  std::uint64_t step(std::uint64_t state, std::uint8_t byte) const noexcept {
    return after[0][(state ^ byte) & 0xff] ^ (state >> 8);
  }

  /// The remainder of a little-endian word of eight bytes followed by `zeros` zero bytes.
  std::uint64_t word(std::uint64_t w, int zeros) const noexcept {
    const auto* const t = after + zeros;
    return t[7][w & 0xff] ^ t[6][w >> 8 & 0xff] ^ t[5][w >> 16 & 0xff] ^ t[4][w >> 24 & 0xff] ^  //
           t[3][w >> 32 & 0xff] ^ t[2][w >> 40 & 0xff] ^ t[1][w >> 48 & 0xff] ^ t[0][w >> 56];
  }
};

template <class P>
const crc_tables& crc_tables_of() noexcept {
  static const crc_tables tables{crc_polynomial_of<P>};
  return tables;
}

inline std::uint64_t load_little(const std::byte* p) noexcept {
  std::uint64_t w{};
  std::memcpy(&w, p, sizeof w);
  if constexpr (std::endian::native == std::endian::big) {
    std::uint64_t swapped{};
    for (int i = 0; i != 8; ++i, w >>= 8) swapped = swapped << 8 | (w & 0xff);
    return swapped;
  }
  return w;
}

inline std::uint64_t crc_by_table(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  for (; n >= 16; p += 16, n -= 16) state = tables.word(load_little(p) ^ state, 8) ^ tables.word(load_little(p + 8), 0);
  if (n >= 8) {
    state = tables.word(load_little(p) ^ state, 0);
    p += 8, n -= 8;
  }
  // A 64-bit word covers the whole state, whatever its width; a single byte covers only a part, so `step` shifts in the rest.
  for (; n != 0; ++p, --n) state = tables.step(state, static_cast<std::uint8_t>(*p));
  return state;
}

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI::crypto
