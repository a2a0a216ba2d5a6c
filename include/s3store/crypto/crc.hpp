// How is the CRC of a stream of bytes computed? With CRC32, CRC32C and CRC64NVME as S3 defines them: reflected, with all ones as
// the initial value and as the final xor.
//
//   crypto::crc64nvme crc;
//   crc.update(bytes);                 // any number of times, with pieces of any size
//   std::uint64_t value = crc.value();
//
// The CPU's fastest instructions are chosen at run time (crc_fold.hpp); a CPU without any uses tables (crc_tables.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <s3store/crypto/crc_fold.hpp>
#include <s3store/crypto/crc_tables.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

/// A running CRC of any polynomial. A copy continues from the same bytes. Not thread-safe.
class running_crc {
 public:
  template <class Polynomial>
  explicit running_crc(Polynomial) noexcept : tables_(detail::crc_tables_of<Polynomial>), bits_(detail::crc_bits<Polynomial>) {}

  void update(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::wide_folding); }
  /// Uses no special instruction, as a CPU that has none; tests compare with it.
  void update_portable(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::portable); }
  /// For tests: uses `at_most`, or what the CPU has if that is less.
  void update(std::span<const std::byte> bytes, detail::crc_path at_most) noexcept {
    state_ = detail::crc_advance(tables_(), state_, bytes.data(), bytes.size(), at_most);
  }

  /// The CRC of all bytes so far, in the lower bits; more bytes may follow.
  std::uint64_t value() const noexcept { return state_ ^ ones(); }
  /// Bytes in the value: 4 or 8.
  std::size_t size() const noexcept { return static_cast<std::size_t>(bits_) / 8; }
  void reset() noexcept { state_ = ones(); }

 private:
  std::uint64_t ones() const noexcept { return ~std::uint64_t{0} >> (64 - bits_); }

  const detail::crc_tables& (*tables_)() noexcept;
  int bits_;
  std::uint64_t state_{ones()};
};

template <class Polynomial>
class basic_crc : public running_crc {
 public:
  using value_type = typename Polynomial::value_type;

  basic_crc() noexcept : running_crc(Polynomial{}) {}
  value_type value() const noexcept { return static_cast<value_type>(running_crc::value()); }

  /// The CRC of A followed by B, from their CRCs and B's length in bytes. So the parts' CRCs give that of the whole object.
  static constexpr value_type combine(value_type crc_a, value_type crc_b, std::uint64_t length_b) noexcept {
    // The initial and final ones cancel out, so A's CRC is only multiplied by x^8 for each byte of B, like any remainder.
    constexpr const detail::crc_polynomial& p = detail::crc_polynomial_of<Polynomial>;
    return static_cast<value_type>(p.product(crc_a, p.power(p.monomial(8), length_b)) ^ crc_b);
  }
};

class crc32 final : public basic_crc<crc32_polynomial> {};
class crc32c final : public basic_crc<crc32c_polynomial> {};
class crc64nvme final : public basic_crc<crc64nvme_polynomial> {};

}  // namespace s3store::inline S3STORE_ABI::crypto
