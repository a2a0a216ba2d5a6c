// What is uploaded, how, and what comes of it?
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <s3store/operations/object/put_object.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline S3STORE_ABI {

/// What is uploaded, and how. If the caller gives a checksum's value and the object is sent in parts, it must be a CRC of the whole
/// object.
struct upload_request {
  /// Everything that PutObject takes. The conditions (`if_none_match`, `if_match`) are checked when the upload is completed. The
  /// body may be a source of unknown size. A body that blocks while it is read holds up all that runs on the same thread.
  put_object_request object{};
  /// Bytes, 5 MiB to 5 GiB; raised if a known size needs more than 10,000 parts. Of a source of unknown size, parts grow as they
  /// go, by this much after each 1,000, as far as `memory` allows.
  std::uint64_t part_size{default_part_size};
  std::size_t in_flight{8};  ///< how many parts are sent at a time, at most; 0 counts as 1
  /// Bytes into which a source is read ahead that is neither a file nor in memory: as many parts are sent at a time as fit, at least
  /// one. If not even one fits, and the size is known, they are sent straight from the source, one at a time, and again only if it can
  /// seek.
  std::uint64_t memory{std::uint64_t{64} << 20};
  progress_callback progress{};  ///< called on the thread that runs the upload

  /// If set, called once an upload in parts has begun, on the thread that runs it, with a text to keep: with it as `resume_token`,
  /// another upload, also by another process, goes on where this one ended. The upload is then not aborted after a failure. The text is
  /// JSON and holds no secret; see `upload_token`. What it throws ends the upload.
  std::function<void(const std::string&)> on_resume_token{};
  /// Goes on with that upload: asks S3 for the parts that are there, compares their checksums with those of the body, which must be a
  /// file or in memory, and sends the others. Fails with invalid_argument if the token is of another object, or the body is another.
  std::string resume_token{};
};

struct upload_response {
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, in base64; empty if the store has only those of the parts
  std::uint64_t size{};      ///< bytes
  std::int32_t parts{};      ///< 0: sent by a single PutObject
  std::int32_t resumed{};    ///< how many of them were there already
  bool confirmed_by_head{};  ///< the answer was lost, but HeadObject showed that the upload succeeded
};

}  // namespace s3store::inline S3STORE_ABI
