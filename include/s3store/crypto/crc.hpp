// What is the CRC of a stream of bytes? CRC32, CRC32C and CRC64NVME, as S3 defines them: reflected, all ones before and after.
//
//   crypto::crc64nvme crc;
//   crc.update(bytes);                 // as often as there are bytes, in pieces of any size
//   std::uint64_t value = crc.value();
//
// The CPU's instructions are chosen at run time (crc_fold.hpp); tables stand in where it has none (crc_tables.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <s3store/crypto/crc_fold.hpp>
#include <s3store/crypto/crc_tables.hpp>

namespace s3store::inline v0::crypto {

template <class Polynomial>
class basic_crc {
 public:
  using value_type = typename Polynomial::value_type;

  void update(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::wide_folding); }
  /// Without any special instruction: what a CPU that has none does, and what tests compare with.
  void update_portable(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::portable); }
  /// For tests: the path may be slower than the CPU's best, never faster.
  void update(std::span<const std::byte> bytes, detail::crc_path at_most) noexcept {
    state_ = detail::crc_advance<Polynomial>(state_, bytes.data(), bytes.size(), at_most);
  }

  /// The CRC of all bytes so far; more may follow.
  value_type value() const noexcept { return static_cast<value_type>(~state_); }
  void reset() noexcept { state_ = initial; }

  /// The CRC of A followed by B, from theirs and B's length in bytes: how the parts of a multipart upload make the whole object's.
  static constexpr value_type combine(value_type crc_a, value_type crc_b, std::uint64_t length_b) noexcept {
    // All ones before and after cancel out, so A's CRC moves ahead of B like any remainder: times x^8 for each byte.
    const value_type shift = detail::crc_power<Polynomial>(detail::crc_monomial<Polynomial>(8), length_b);
    return detail::crc_product<Polynomial>(crc_a, shift) ^ crc_b;
  }

 private:
  static constexpr value_type initial = static_cast<value_type>(~value_type{0});
  value_type state_{initial};
};

class crc32 final : public basic_crc<crc32_polynomial> {};
class crc32c final : public basic_crc<crc32c_polynomial> {};
class crc64nvme final : public basic_crc<crc64nvme_polynomial> {};

}  // namespace s3store::inline v0::crypto
