// What does an embedded S3 keep? These plain structures, which `store` holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/headers.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/transports/embedded/serve.hpp>
#include <s3store/transports/embedded/content.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// The checksum of an object or a part, verified or computed by this server.
struct checksum_value {
  crypto::checksum_algorithm algorithm{};
  std::string text{};  ///< base64; if composite, with "-" and the number of parts
  bool composite{};    ///< computed from the checksums of the parts

  std::string field() const { return detail::concat({crypto::checksum_header_prefix, detail::lower_case(crypto::name(algorithm))}); }
  std::string element() const { return detail::concat({"Checksum", crypto::name(algorithm)}); }
  std::string_view type() const noexcept { return composite ? "COMPOSITE" : "FULL_OBJECT"; }
};

struct part {
  std::int32_t number{};
  std::string etag{};  ///< with its quotes
  timestamp last_modified{};
  content bytes{};
  std::optional<checksum_value> checksum{};
};

/// The version id of objects that were stored while the bucket kept no versions.
inline constexpr std::string_view null_version = "null";

struct version {
  std::string id{};
  std::int64_t number{};  ///< of its record
  bool delete_marker{};
  timestamp last_modified{};
  std::string etag{};     ///< with its quotes
  content bytes{};
  headers fields{};       ///< as received: content headers, storage class, encryption, object lock, user metadata
  std::string tagging{};  ///< "a=b&c=d"
  std::string acl{};      ///< an XML document; empty: only the owner has access
  std::optional<checksum_value> checksum{};
  std::vector<part> parts{};  ///< if it was uploaded in parts; `bytes` has the bytes of all of them
  std::string upload_id{};    ///< of these parts
};

struct upload_name {
  std::string key{};
  std::string id{};

  friend bool operator<(const upload_name& a, const upload_name& b) noexcept { return a.key != b.key ? a.key < b.key : a.id < b.id; }
  friend bool operator==(const upload_name& a, const upload_name& b) noexcept { return a.key == b.key && a.id == b.id; }
};

struct upload {
  std::string id{};
  std::int64_t number{};
  timestamp initiated{};
  headers fields{};
  std::string tagging{};
  std::string acl{};
  std::optional<crypto::checksum_algorithm> algorithm{};  ///< that the creator asked for
  bool composite{};
  std::map<std::int32_t, part> parts{};
};

struct bucket {
  std::string name{};
  timestamp created{};
  std::string versioning{};  ///< "", "Enabled" or "Suspended"
  /// By the name of the sub-resource ("cors"), each stored as the answer to a GET.
  std::map<std::string, served_answer, std::less<>> configurations{};
  std::map<std::string, std::vector<version>, std::less<>> objects{};  ///< by key, in byte order; the newest version first
  std::map<upload_name, upload> uploads{};
  // What could not be read from the disk, and why; it names the file. It is never passed over as if it did not exist.
  std::map<std::string, std::string, std::less<>> broken_objects{};  ///< by key
  std::map<upload_name, std::string> broken_uploads{};
  std::string broken{};  ///< a record that does not even tell its key; empty if there is none

  /// Fails if a version of this key could not be read: what S3 would answer then cannot be known.
  result<void> check_whole(std::string_view key) const {
    const auto at = broken_objects.find(key);
    return at == broken_objects.end() ? result<void>{} : result<void>{detail::fail(error_kind::io, at->second)};
  }

  bool has_versions() const noexcept { return !versioning.empty(); }
  /// Null if there is none.
  const served_answer* configuration(std::string_view kind) const {
    const auto at = configurations.find(kind);
    return at == configurations.end() ? nullptr : &at->second;
  }
  bool has_object_lock() const { return configuration("object-lock") != nullptr; }
};

}  // namespace s3store::inline S3STORE_ABI::embedded
