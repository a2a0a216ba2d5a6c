// Which instructions does x86-64 have for a CRC? PCLMULQDQ (carry-less product), VPCLMULQDQ (four of them at once, with AVX-512),
// and SSE4.2's crc32, but only for CRC-32C.
//
// Uses compiler builtins, without <immintrin.h>. The target attribute lets a single function use instructions that the rest of the
// program must not use; crc_fold.hpp asks the CPU before it calls such a function.
#pragma once

#include <s3store/crypto/crc_tables.hpp>

#if defined(__GNUC__) && defined(__x86_64__)

#include <cstddef>
#include <cstdint>
#include <cstring>

#define S3STORE_CRC_TARGET __attribute__((target("pclmul,sse4.2")))
#define S3STORE_CRC_WIDE_TARGET __attribute__((target("avx512f,vpclmulqdq")))

namespace s3store::inline S3STORE_ABI::crypto::detail {

/// For CRC-32C only.
inline bool crc_has_instruction(const crc_tables& tables) noexcept { return tables.polynomial.value == crc32c_polynomial::value; }

inline crc_path crc_cpu_path() noexcept {
  __builtin_cpu_init();  // a static object's constructor may get here before the compiler has done this itself
  if (!__builtin_cpu_supports("sse4.2")) return crc_path::portable;
  if (!__builtin_cpu_supports("pclmul")) return crc_path::instructions;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
  return wide ? crc_path::wide_folding : crc_path::folding;
}

/// The state after n more bytes, computed with the CPU's CRC instruction.
__attribute__((target("sse4.2"))) inline std::uint64_t crc_by_instruction(const crc_tables&, std::uint64_t state,
                                                                          const std::byte* p, std::size_t n) noexcept {
  for (; n >= 8; p += 8, n -= 8) state = __builtin_ia32_crc32di(state, load_little(p));
  for (; n != 0; ++p, --n) state = __builtin_ia32_crc32qi(static_cast<std::uint32_t>(state), static_cast<std::uint8_t>(*p));
  return state;
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Multiplies each half of the lane by its factor and adds (xor) the products.
S3STORE_CRC_TARGET __attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  return __builtin_ia32_pclmulqdq128(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq128(x, factors, 0x11);
}

typedef long long crc_wide_lane __attribute__((vector_size(64)));

S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline crc_wide_lane crc_wide_load(const void* p) noexcept {
  crc_wide_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

/// Folds `x` onto the lane at `p`.
S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline void crc_wide_fold(crc_wide_lane& x, const crc_wide_lane& factors,
                                                                                const void* p) noexcept {
#if defined(__clang__)
  x = __builtin_ia32_pclmulqdq512(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq512(x, factors, 0x11) ^ crc_wide_load(p);
#else
  x = __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x00) ^ __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x11) ^ crc_wide_load(p);
#endif
}

/// Folds all whole blocks of 256 bytes into 256 bytes with the same remainder; there must be at least one block. Returns how many
/// bytes were taken.
S3STORE_CRC_WIDE_TARGET inline std::size_t crc_fold_wide(const crc_tables& tables, std::uint64_t state, const std::byte* p,
                                                         std::size_t n, std::byte* folded) noexcept {
  const auto l = static_cast<long long>(tables.by_2048.low), h = static_cast<long long>(tables.by_2048.high);
  const crc_wide_lane by_2048{l, h, l, h, l, h, l, h};
  crc_wide_lane a = crc_wide_load(p) ^ crc_wide_lane{static_cast<long long>(state)};
  crc_wide_lane b = crc_wide_load(p + 64), c = crc_wide_load(p + 128), d = crc_wide_load(p + 192);
  std::size_t taken = 256;
  for (; n - taken >= 256; taken += 256) {
    crc_wide_fold(a, by_2048, p + taken);
    crc_wide_fold(b, by_2048, p + taken + 64);
    crc_wide_fold(c, by_2048, p + taken + 128);
    crc_wide_fold(d, by_2048, p + taken + 192);
  }
  const crc_wide_lane block[] = {a, b, c, d};
  std::memcpy(folded, block, sizeof block);
  return taken;
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#endif
