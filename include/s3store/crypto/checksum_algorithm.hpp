// Which checksums does S3 know, and what are their names in requests? Computing them is in checksum.hpp.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

/// What the names of checksum headers begin with, as in "x-amz-checksum-crc32".
inline constexpr std::string_view checksum_header_prefix = "x-amz-checksum-";

enum class checksum_algorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256, sha512, md5, xxhash64, xxhash3, xxhash128 };

struct checksum_traits {
  checksum_algorithm algorithm{};
  std::string_view name{};    ///< as in `x-amz-sdk-checksum-algorithm` and `ChecksumAlgorithm`
  std::string_view header{};  ///< the header or trailer with the value in base64
  std::size_t size{};         ///< bytes in the value
};

/// All of them, in the order of the enumeration. The older `Content-MD5` is not one of them: it belongs to a request, not to an
/// object.
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

/// A CRC of a whole can be computed from the CRCs of its parts. So S3 keeps a CRC of the whole object even after a multipart upload
/// (FULL_OBJECT); with other algorithms it keeps a checksum of the parts' checksums (COMPOSITE).
constexpr bool is_crc(checksum_algorithm a) noexcept { return a <= checksum_algorithm::crc64nvme; }
/// These need the xxHash library.
constexpr bool is_xxhash(checksum_algorithm a) noexcept { return a >= checksum_algorithm::xxhash64; }

/// Characters in the value's base64 text.
constexpr std::size_t base64_size(checksum_algorithm a) noexcept { return (traits_of(a).size + 2) / 3 * 4; }

/// The algorithm of that name, in upper or lower case; nothing for an unknown name, since S3 may add algorithms.
constexpr std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name) noexcept {
  for (const checksum_traits& known : checksum_algorithms)
    if (detail::equal_ignoring_case(known.name, name)) return known.algorithm;
  return std::nullopt;
}

}  // namespace s3store::inline S3STORE_ABI::crypto
