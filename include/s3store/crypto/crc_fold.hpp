// How is a CRC computed with the CPU's instructions? By folding, with one kernel for all polynomials and both architectures.
//
// Folding moves a lane of 16 bytes ahead by a fixed distance, which takes two carry-less products with powers of x mod P, and adds
// it (xor) to the bytes there. Four independent lanes hide the latency of the products. In the end, 16 bytes are left that have the
// same remainder as the whole message, and they are handled like any short message. The wide kernel does the same with 256 bytes at
// a time, and leaves 256 bytes to this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <s3store/crypto/crc_arm.hpp>
#include <s3store/crypto/crc_tables.hpp>
#include <s3store/crypto/crc_x86.hpp>

namespace s3store::inline S3STORE_ABI::crypto::detail {

#if defined(S3STORE_CRC_TARGET)

/// For a few bytes, where folding is not worth it.
inline std::uint64_t crc_short(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n) noexcept {
  return crc_has_instruction(tables) ? crc_by_instruction(tables, state, p, n) : crc_by_table(tables, state, p, n);
}

__attribute__((always_inline)) inline crc_lane crc_load(const void* p) noexcept {
  crc_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

S3STORE_CRC_TARGET inline std::uint64_t crc_by_folding(const crc_tables& tables, std::uint64_t state, const std::byte* p,
                                                       std::size_t n) noexcept {
  if (n < 32) return crc_short(tables, state, p, n);
  const crc_lane by_128 = crc_load(&tables.by_128);
  crc_lane a = crc_load(p) ^ crc_lane{static_cast<long long>(state), 0};
  p += 16, n -= 16;
  if (n >= 64 + 48) {
    const crc_lane by_512 = crc_load(&tables.by_512);
    crc_lane b = crc_load(p), c = crc_load(p + 16), d = crc_load(p + 32);
    for (p += 48, n -= 48; n >= 64; p += 64, n -= 64) {
      a = crc_fold(a, by_512) ^ crc_load(p);
      b = crc_fold(b, by_512) ^ crc_load(p + 16);
      c = crc_fold(c, by_512) ^ crc_load(p + 32);
      d = crc_fold(d, by_512) ^ crc_load(p + 48);
    }
    b ^= crc_fold(a, by_128);
    c ^= crc_fold(b, by_128);
    a = crc_fold(c, by_128) ^ d;
  }
  for (; n >= 16; p += 16, n -= 16) a = crc_fold(a, by_128) ^ crc_load(p);
  std::byte folded[16];
  std::memcpy(folded, &a, sizeof folded);
  return crc_short(tables, crc_short(tables, 0, folded, sizeof folded), p, n);
}

#else
inline crc_path crc_cpu_path() noexcept { return crc_path::portable; }
#endif

/// The state after n more bytes, computed on the fastest path that this CPU has, but none faster than `at_most`.
inline std::uint64_t crc_advance(const crc_tables& tables, std::uint64_t state, const std::byte* p, std::size_t n,
                                 crc_path at_most) noexcept {
#if defined(S3STORE_CRC_TARGET)
  static const crc_path cpu = crc_cpu_path();
  const crc_path path = at_most < cpu ? at_most : cpu;
#if defined(S3STORE_CRC_WIDE_TARGET)
  if (path == crc_path::wide_folding && n >= 1024) {  // below, the extra pass over 256 bytes costs more than it saves
    std::byte folded[256];
    const std::size_t taken = crc_fold_wide(tables, state, p, n, folded);
    state = crc_by_folding(tables, 0, folded, sizeof folded);
    p += taken, n -= taken;
  }
#endif
  if (path >= crc_path::folding) return crc_by_folding(tables, state, p, n);
  if (path == crc_path::instructions) return crc_short(tables, state, p, n);
#else
  static_cast<void>(at_most);
#endif
  return crc_by_table(tables, state, p, n);
}

}  // namespace s3store::inline S3STORE_ABI::crypto::detail

#undef S3STORE_CRC_TARGET
#undef S3STORE_CRC_WIDE_TARGET
