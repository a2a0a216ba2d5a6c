// What is a CRC, as arithmetic? The polynomials, their products, the tables made from them, and the portable way through the bytes.
//
// A reflected CRC of W bits is a polynomial over GF(2) of degree < W, modulo P: the top bit of the integer is the coefficient of
// x^0, the lowest bit that of x^(W-1). A byte of the message is a polynomial in the same order, so the state is added (xor) to the
// first bytes. No number here comes from a book but the three polynomials: every table and constant is a power of x modulo P.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace s3store::inline v0::crypto {

/// CRC-32 of IEEE 802.3, gzip and zlib (0x04C11DB7, reflected).
struct crc32_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0xEDB88320;
};
/// CRC-32C, Castagnoli's, of iSCSI (0x1EDC6F41, reflected).
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
using crc_value = typename P::value_type;

template <class P>
inline constexpr int crc_bits = std::numeric_limits<crc_value<P>>::digits;

/// The polynomial x^n for n < W.
template <class P>
constexpr crc_value<P> crc_monomial(int n) noexcept {
  return static_cast<crc_value<P>>(crc_value<P>{1} << (crc_bits<P> - 1 - n));
}

/// a * x mod P.
template <class P>
constexpr crc_value<P> crc_times_x(crc_value<P> a) noexcept {
  return static_cast<crc_value<P>>((a >> 1) ^ ((a & 1) != 0 ? P::value : 0));
}

/// a * b mod P.
template <class P>
constexpr crc_value<P> crc_product(crc_value<P> a, crc_value<P> b) noexcept {
  crc_value<P> sum{};
  for (int n = 0; n != crc_bits<P>; ++n, b = crc_times_x<P>(b))
    if ((a & crc_monomial<P>(n)) != 0) sum ^= b;
  return sum;
}

/// a^n mod P, by squaring.
template <class P>
constexpr crc_value<P> crc_power(crc_value<P> a, std::uint64_t n) noexcept {
  crc_value<P> product = crc_monomial<P>(0);
  for (; n != 0; n >>= 1, a = crc_product<P>(a, a))
    if ((n & 1) != 0) product = crc_product<P>(product, a);
  return product;
}

/// How fast may the bytes be taken? Each way needs more of the CPU than the one before it.
enum class crc_path : std::uint8_t {
  portable,      ///< sixteen table look-ups for sixteen bytes
  instructions,  ///< the CPU's own CRC instruction, where it knows the polynomial
  folding,       ///< carry-less products, 16 bytes at a time
  wide_folding,  ///< the same, 64 bytes at a time
};

/// Two factors that move the halves of a 128-bit lane `distance` bits ahead. A lane is a polynomial of degree < 128, its low half
/// the higher powers. The carry-less product of two reflected 64-bit integers is reflected in 127 bits, so as a lane it is one x
/// too high: they are x^(distance + 64 - 1) and x^(distance - 1) mod P, and stand in the upper bits of 64 when P has only 32.
struct crc_factors {
  std::uint64_t low{};
  std::uint64_t high{};
};

template <class P>
constexpr crc_factors crc_factors_for(std::uint64_t distance) noexcept {
  const auto power = [](std::uint64_t n) {
    return static_cast<std::uint64_t>(crc_power<P>(crc_monomial<P>(1), n)) << (64 - crc_bits<P>);
  };
  return {power(distance + 63), power(distance - 1)};
}

/// What one polynomial needs, made at its first use: making it in the compiler would cost every user more than the first use does.
template <class P>
struct crc_tables {
  crc_value<P> after[16][256]{};  ///< after[k][b]: the remainder of byte b with k zero bytes behind it
  crc_factors by_128{};
  crc_factors by_512{};
  crc_factors by_2048{};

  crc_tables() noexcept
      : by_128(crc_factors_for<P>(128)), by_512(crc_factors_for<P>(512)), by_2048(crc_factors_for<P>(2048)) {
    for (unsigned b = 0; b != 256; ++b) {
      crc_value<P> remainder = b;
      for (int bit = 0; bit != 8; ++bit) remainder = crc_times_x<P>(remainder);
      after[0][b] = remainder;
    }
    for (int k = 1; k != 16; ++k)
      for (int b = 0; b != 256; ++b) after[k][b] = step(after[k - 1][b], 0);
  }

  /// The state after one more byte.
  crc_value<P> step(crc_value<P> state, std::uint8_t byte) const noexcept {
    return static_cast<crc_value<P>>(after[0][(state ^ byte) & 0xff] ^ (state >> 8));
  }

  /// The remainder of a little-endian word of eight bytes with `zeros` zero bytes behind it.
  crc_value<P> word(std::uint64_t w, int zeros) const noexcept {
    const auto* const t = after + zeros;
    return t[7][w & 0xff] ^ t[6][w >> 8 & 0xff] ^ t[5][w >> 16 & 0xff] ^ t[4][w >> 24 & 0xff] ^  //
           t[3][w >> 32 & 0xff] ^ t[2][w >> 40 & 0xff] ^ t[1][w >> 48 & 0xff] ^ t[0][w >> 56];
  }

  static const crc_tables& get() noexcept {
    static const crc_tables tables;
    return tables;
  }
};

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

template <class P>
crc_value<P> crc_by_table(crc_value<P> state, const std::byte* p, std::size_t n) noexcept {
  const auto& tables = crc_tables<P>::get();
  for (; n >= 16; p += 16, n -= 16) state = tables.word(load_little(p) ^ state, 8) ^ tables.word(load_little(p + 8), 0);
  if (n >= 8) {
    state = tables.word(load_little(p) ^ state, 0);
    p += 8, n -= 8;
  }
  // A word of 64 bits swallows a state of either width; a single byte leaves the rest of it standing.
  for (; n != 0; ++p, --n) state = tables.step(state, std::to_integer<std::uint8_t>(*p));
  return state;
}

}  // namespace detail
}  // namespace s3store::inline v0::crypto
