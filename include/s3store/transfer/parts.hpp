// How large are the parts of an upload, and how do their checksums and ETags give those of the whole object?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/crypto/checksum.hpp>

namespace s3store::inline S3STORE_ABI {

/// Limits and default of a part's size, in bytes, and the limit of the number of parts.
inline constexpr std::uint64_t min_part_size = std::uint64_t{5} << 20;
inline constexpr std::uint64_t max_part_size = std::uint64_t{5} << 30;
inline constexpr std::uint64_t default_part_size = std::uint64_t{8} << 20;
inline constexpr std::uint64_t max_parts = 10'000;

/// The part size, in bytes, for an object of `total` bytes: `wanted`, or the next whole MiB with which 10,000 parts are enough.
/// Fails with invalid_argument if `wanted` is not 5 MiB to 5 GiB or the object is too large.
inline result<std::uint64_t> part_size_for(std::uint64_t wanted, std::optional<std::uint64_t> total) {
  if (wanted < min_part_size || wanted > max_part_size)
    return detail::fail(error_kind::invalid_argument, {"part_size is ", detail::decimal(wanted), " bytes; S3 takes parts of 5 MiB to 5 GiB"});
  constexpr std::uint64_t mebibyte = 1u << 20;
  if (!total || *total <= wanted * max_parts) return wanted;
  if (*total > max_part_size * max_parts)
    return detail::fail(error_kind::invalid_argument, {"the object has ", detail::decimal(*total), " bytes, more than 10,000 parts of 5 GiB"});
  const std::uint64_t needed = (*total - 1) / max_parts + 1;
  return (needed + mebibyte - 1) / mebibyte * mebibyte;
}

/// Computes the CRC of an object from the CRCs of its parts. Both are in base64, as in S3's headers.
class combined_crc {
 public:
  explicit combined_crc(crypto::checksum_algorithm a) noexcept : algorithm_(a) {}

  /// Adds the next part's CRC; `length` is that part's size in bytes. False if `part` is not a CRC of this algorithm.
  bool append(std::string_view part, std::uint64_t length) {
    const auto bytes = detail::from_base64(part);
    if (!bytes || bytes->size() != crypto::traits_of(algorithm_).size) return false;
    std::uint64_t value = 0;
    for (const char c : *bytes) value = value << 8 | static_cast<unsigned char>(c);
    using enum crypto::checksum_algorithm;
    if (algorithm_ == crc32) combine<crypto::crc32>(value, length);
    if (algorithm_ == crc32c) combine<crypto::crc32c>(value, length);
    if (algorithm_ == crc64nvme) combine<crypto::crc64nvme>(value, length);
    return true;
  }
  std::string base64() const {
    std::string bytes;
    for (std::size_t i = crypto::traits_of(algorithm_).size; i-- != 0;) bytes.push_back(static_cast<char>(value_ >> 8 * i & 0xff));
    return detail::base64(detail::as_bytes(bytes));
  }

 private:
  template <class Crc>
  void combine(std::uint64_t part, std::uint64_t length) noexcept {
    using value = typename Crc::value_type;
    value_ = Crc::combine(static_cast<value>(value_), static_cast<value>(part), length);
  }

  crypto::checksum_algorithm algorithm_;
  std::uint64_t value_{};  // a CRC of no bytes is 0
};

/// Computes the ETag of an object from those of its N parts, if they are MD5s: the MD5 of the MD5s, then "-N".
class combined_etag {
 public:
  void append(std::string_view part) {
    if (part.size() >= 2 && part.front() == '"' && part.back() == '"') part = part.substr(1, part.size() - 2);
    const auto digest = detail::from_hex(part);
    known_ = known_ && digest && digest->size() == 16;
    if (known_) digests_.append(*digest);
    ++parts_;
  }
  /// With double quotes, as in headers; nullopt if a part's ETag is not an MD5, or if OpenSSL offers no MD5.
  std::optional<std::string> value() const {
    crypto::digest md5{crypto::digest_algorithm::md5};
    if (!known_ || !md5.usable()) return std::nullopt;
    md5.update(detail::as_bytes(digests_));
    std::array<std::byte, crypto::digest::max_size> out{};
    const std::size_t size = md5.finish(out);
    return detail::concat({"\"", detail::hex(std::span<const std::byte>{out}.first(size)), "-", detail::decimal(parts_), "\""});
  }

 private:
  std::string digests_{};
  std::size_t parts_{};
  bool known_{true};
};

/// The member of a request or response for the checksum of that algorithm.
template <class M>
std::string& checksum_member(M& m, crypto::checksum_algorithm a) noexcept {
  switch (a) {
    case crypto::checksum_algorithm::crc32: return m.checksum_crc32;
    case crypto::checksum_algorithm::crc32c: return m.checksum_crc32c;
    case crypto::checksum_algorithm::sha1: return m.checksum_sha1;
    case crypto::checksum_algorithm::sha256: return m.checksum_sha256;
    case crypto::checksum_algorithm::sha512: return m.checksum_sha512;
    case crypto::checksum_algorithm::md5: return m.checksum_md5;
    case crypto::checksum_algorithm::xxhash64: return m.checksum_xxhash64;
    case crypto::checksum_algorithm::xxhash3: return m.checksum_xxhash3;
    case crypto::checksum_algorithm::xxhash128: return m.checksum_xxhash128;
    default: return m.checksum_crc64nvme;
  }
}

}  // namespace s3store::inline S3STORE_ABI
