// What must be kept of an upload in parts, so that it can go on after its process has ended?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/json/object.hpp>

namespace s3store::inline S3STORE_ABI {

/// What a resume token says. It holds no secret: whoever has it needs credentials of their own to go on with the upload.
struct upload_token {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::uint64_t size{};       ///< of the whole object, in bytes
  std::uint64_t part_size{};  ///< bytes; the last part may be smaller
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};  ///< of the parts; nothing: they were sent without a checksum

  /// JSON: {"s3store_upload":1,"bucket":"b","key":"a%20key","upload_id":"…","size":1,"part_size":5242880,"checksum_algorithm":"CRC64NVME"}.
  /// Bucket, key and upload id are percent-encoded (RFC 3986), since a key may have bytes that no JSON text can hold.
  std::string to_json() const;
  /// Fails with invalid_argument if the text is not such a token.
  static result<upload_token> parse(std::string_view text);
};

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/transfer/upload_token_impl.hpp>
#endif
