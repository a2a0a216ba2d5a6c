// Which instructions does AArch64 have for a CRC? PMULL (carry-less product), and crc32x and crc32cx for the two 32-bit
// polynomials.
//
// This is assembly, because GCC and Clang have different names for the builtins and target attributes. The .arch_extension
// directive is for the assembler only; crc_fold.hpp asks the CPU before it uses an instruction. Some CPUs (Raspberry Pi 4) have the
// CRC instructions but no PMULL.
#pragma once

#include <s3store/crypto/crc_tables.hpp>

#if defined(__GNUC__) && defined(__AARCH64EL__)

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define S3STORE_CRC_TARGET

namespace s3store::inline S3STORE_ABI::crypto::detail {

/// For both 32-bit polynomials.
inline bool crc_has_instruction(const crc_tables& tables) noexcept { return tables.polynomial.bits == 32; }

inline crc_path crc_cpu_path() noexcept {
#if defined(__APPLE__)
  return crc_path::folding;
#elif defined(__linux__)
  constexpr unsigned long pmull = 1UL << 4, crc32 = 1UL << 7;  // the kernel's HWCAP_PMULL and HWCAP_CRC32
  const unsigned long has = getauxval(AT_HWCAP);
  if ((has & crc32) == 0) return crc_path::portable;
  return (has & pmull) != 0 ? crc_path::folding : crc_path::instructions;
#else
  return crc_path::portable;
#endif
}

/// The state after n more bytes, computed with the CPU's CRC instruction.
inline std::uint64_t crc_by_instruction(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  if (tables.polynomial.value == crc32c_polynomial::value) {
    for (; n >= 8; p += 8, n -= 8) asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(load_little(p)));
    for (; n != 0; ++p, --n)
      asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(*p)));
  } else {
    for (; n >= 8; p += 8, n -= 8) asm(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(state) : "r"(load_little(p)));
    for (; n != 0; ++p, --n) asm(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(*p)));
  }
  return state;
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Multiplies each half of the lane by its factor and adds (xor) the products.
__attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  crc_lane low, high;
  asm(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d" : "=w"(low) : "w"(x), "w"(factors));
  asm(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d" : "=w"(high) : "w"(x), "w"(factors));
  return low ^ high;
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#endif
