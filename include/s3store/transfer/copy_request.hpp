// What is copied inside S3, how, and what comes of it?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <s3store/operations/object/copy_object.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline S3STORE_ABI {

/// The source may have any size. It is asked for first (HeadObject), and what is copied is that object, or that version of it, even if it
/// is replaced meanwhile: the copy then fails with precondition_failed.
struct copy_request {
  /// Everything that CopyObject takes. Unless a directive says REPLACE, the copy has the metadata and the tags of its source, also if it is
  /// made in parts; the tags are then read first, which takes a permission of its own (s3:GetObjectTagging). Access rights are never
  /// copied by S3; give `acl` or the grants, or see `copy_acl`. A copy in parts keeps the algorithm of the source's checksum at AWS; elsewhere
  /// it has one if `checksum_algorithm` names it.
  copy_object_request object{};
  std::uint64_t part_size{std::uint64_t{256} << 20};  ///< bytes, 5 MiB to 5 GiB; raised if there would be more than 10,000 parts
  /// Bytes, at most 5 GiB, which is as much as CopyObject takes: a longer object is copied in parts. A lower value is faster for large
  /// objects, since S3 copies the parts at the same time.
  std::uint64_t parts_above{max_part_size};
  std::size_t in_flight{16};  ///< how many parts are copied at a time, at most; 0 counts as 1
  /// Gives the copy the access rights of its source: asks for them before anything is copied (GetObjectAcl), and sets them afterwards
  /// (PutObjectAcl). If that fails, the copy is there, and the error says so.
  bool copy_acl{};
  progress_callback progress{};  ///< in bytes that are copied; called on the thread that runs the copy
};

struct copy_response {
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::string copy_source_version_id{};
  std::optional<timestamp> last_modified{};  ///< nothing if it was copied in parts, whose last answer does not tell it
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, in base64; empty if S3 told none
  std::uint64_t size{};      ///< bytes; 0 also if the source may be copied, but not be looked at
  std::int32_t parts{};      ///< 0: copied by a single CopyObject
  bool confirmed_by_head{};  ///< the answer was lost, but HeadObject showed that the copy is there
};

}  // namespace s3store::inline S3STORE_ABI
