// Which checksums does S3 know, and what are they called on the wire? Names only: whoever takes one includes checksum.hpp.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <s3store/core/optional.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline v0::crypto {

enum class checksum_algorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256, sha512, md5, xxhash64, xxhash3, xxhash128 };

struct checksum_traits {
  checksum_algorithm algorithm{};
  std::string_view name{};    ///< as `x-amz-sdk-checksum-algorithm` and `ChecksumAlgorithm` have it
  std::string_view header{};  ///< the header, or trailer, that carries the value in base64
  std::size_t size{};         ///< bytes in the value
};

/// All of them, in the order of the enumeration. `Content-MD5`, older than these, speaks of a request and not of an object.
inline constexpr std::array<checksum_traits, 10> checksum_algorithms{{
    {checksum_algorithm::crc32, "CRC32", "x-amz-checksum-crc32", 4},
    {checksum_algorithm::crc32c, "CRC32C", "x-amz-checksum-crc32c", 4},
    {checksum_algorithm::crc64nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", 8},
    {checksum_algorithm::sha1, "SHA1", "x-amz-checksum-sha1", 20},
    {checksum_algorithm::sha256, "SHA256", "x-amz-checksum-sha256", 32},
    {checksum_algorithm::sha512, "SHA512", "x-amz-checksum-sha512", 64},
    {checksum_algorithm::md5, "MD5", "x-amz-checksum-md5", 16},
    {checksum_algorithm::xxhash64, "XXHASH64", "x-amz-checksum-xxhash64", 8},
    {checksum_algorithm::xxhash3, "XXHASH3", "x-amz-checksum-xxhash3", 8},
    {checksum_algorithm::xxhash128, "XXHASH128", "x-amz-checksum-xxhash128", 16},
}};

constexpr const checksum_traits& traits_of(checksum_algorithm a) noexcept {
  return checksum_algorithms[static_cast<std::size_t>(a)];
}
constexpr std::string_view name(checksum_algorithm a) noexcept { return traits_of(a).name; }
constexpr std::string_view header_name(checksum_algorithm a) noexcept { return traits_of(a).header; }

/// Can the checksum of the whole be computed from those of its parts? Then S3 keeps one of a whole object that came in parts, too
/// (FULL_OBJECT), and of the others only one over the parts' (COMPOSITE).
constexpr bool is_crc(checksum_algorithm a) noexcept { return a <= checksum_algorithm::crc64nvme; }
/// Is it one of those that need the xxHash library?
constexpr bool is_xxhash(checksum_algorithm a) noexcept { return a >= checksum_algorithm::xxhash64; }

/// Characters in the value's base64 text.
constexpr std::size_t base64_size(checksum_algorithm a) noexcept { return (traits_of(a).size + 2) / 3 * 4; }

/// The algorithm of that name, in either case; nothing for a name that is not known (S3 may add some).
constexpr std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name) noexcept {
  for (const checksum_traits& known : checksum_algorithms)
    if (equal_ignoring_case(known.name, name)) return known.algorithm;
  return std::nullopt;
}

}  // namespace s3store::inline v0::crypto
