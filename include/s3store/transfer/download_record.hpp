// What must be known to go on with a file that was downloaded in part? Of which object it is, and which of its parts are there. That is
// kept in a small JSON file beside it.
//
//   {"format":"s3store-download-1","bucket":"b","key":"k","etag":"\"…\"","version_id":"","first":0,"size":25165824,"part_size":8388608,
//    "checksum":"CRC64NVME","parts":{"0":"rosUhgp5mIg=","2":"…"}}
//
//   format       this text
//   bucket, key, etag, version_id
//                which object it is; version_id is empty if the bucket keeps no versions
//   first, size  which bytes of the object the file will have: `size` bytes from `first` on; all, unless a range was asked for
//   part_size    in bytes; the part of the number n is at n * part_size in the file, and the last one may be shorter
//   checksum     the algorithm of the parts' checksums
//   parts        the parts that are complete, by their numbers from 0, with their checksums in base64
//
// It has no secrets: no credentials, no endpoint and no URL. A member that is not named here is passed over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/text.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/json/object.hpp>

namespace s3store::inline S3STORE_ABI::detail {

struct download_record {
  static constexpr std::string_view format = "s3store-download-1";

  std::string bucket{}, key{}, etag{}, version_id{};
  std::uint64_t first{}, size{}, part_size{};
  crypto::checksum_algorithm checksum{};
  std::map<std::uint64_t, std::string> parts{};

  /// Is it of the same bytes of the same object? The size of the parts may be another one.
  bool same_bytes(const download_record& other) const noexcept {
    return bucket == other.bucket && key == other.key && etag == other.etag && version_id == other.version_id && first == other.first &&
           size == other.size && checksum == other.checksum;
  }

  std::string json() const {
    json::object_writer numbers;
    for (const auto& [number, sum] : parts) numbers.text(decimal(number), sum);
    json::object_writer out;
    out.text("format", format).text("bucket", bucket).text("key", key).text("etag", etag).text("version_id", version_id);
    out.raw("first", decimal(first)).raw("size", decimal(size)).raw("part_size", decimal(part_size));
    out.text("checksum", crypto::name(checksum)).raw("parts", numbers.finish().reveal());
    return std::string(out.finish().reveal());
  }

  /// nullopt if the text is no record of this format.
  static std::optional<download_record> parse(std::string_view text) {
    const auto read = json::object::parse(text);
    if (!read || read->text("format").reveal() != format) return std::nullopt;
    const auto named = [&read](std::string_view name) { return std::string(read->text(name).reveal()); };
    download_record out{.bucket = named("bucket"), .key = named("key"), .etag = named("etag"), .version_id = named("version_id")};
    const auto algorithm = crypto::parse_checksum_algorithm(named("checksum"));
    if (!algorithm || !read_integer(read->raw("first"), out.first) || !read_integer(read->raw("size"), out.size) ||
        !read_integer(read->raw("part_size"), out.part_size) || out.part_size == 0 || out.key.empty() || out.etag.empty())
      return std::nullopt;
    out.checksum = *algorithm;
    const json::object numbers = read->child("parts");
    for (const auto& one : numbers.members()) {
      std::uint64_t number{};
      if (!read_integer(one.name, number)) return std::nullopt;
      out.parts[number] = std::string(numbers.text(one.name).reveal());
    }
    return out;
  }
};

}  // namespace s3store::inline S3STORE_ABI::detail
