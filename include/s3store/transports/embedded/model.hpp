// What are the things that an embedded S3 keeps? Plain structures; what happens to them is the store's matter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/headers.hpp>
#include <s3store/core/ordered.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/protocol/serve.hpp>
#include <s3store/transports/embedded/content.hpp>

namespace s3store::inline v0::embedded {

/// Of an object or a part, verified or computed here.
struct checksum_value {
  crypto::checksum_algorithm algorithm{};
  std::string text{};  ///< base64; of a composite one with its "-N"
  bool composite{};    ///< over the checksums of the parts

  std::string field() const { return concat({"x-amz-checksum-", lower_case(crypto::name(algorithm))}); }
  std::string element() const { return concat({"Checksum", crypto::name(algorithm)}); }
  std::string_view type() const noexcept { return composite ? "COMPOSITE" : "FULL_OBJECT"; }
};

struct part {
  std::int32_t number{};
  std::string etag{};  ///< with its quotes
  timestamp last_modified{};
  content bytes{};
  std::optional<checksum_value> checksum{};
};

/// The id of the version that an object has where the bucket keeps none.
inline constexpr std::string_view null_version = "null";

struct version {
  std::string id{};
  std::int64_t number{};  ///< of its record
  bool delete_marker{};
  timestamp last_modified{};
  std::string etag{};     ///< with its quotes
  content bytes{};
  headers fields{};       ///< as they came: content headers, storage class, encryption, object lock, user metadata
  std::string tagging{};  ///< "a=b&c=d"
  std::string acl{};      ///< a document; empty: the owner's alone
  std::optional<checksum_value> checksum{};
  std::vector<part> parts{};  ///< of an object that was uploaded in parts; `bytes` is all of theirs
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
  std::optional<crypto::checksum_algorithm> algorithm{};  ///< that the creator has named
  bool composite{};
  ordered<std::int32_t, part> parts{};
};

struct bucket {
  std::string name{};
  timestamp created{};
  std::string versioning{};  ///< "", "Enabled" or "Suspended"
  /// By the name of the sub-resource ("cors"), each as the answer to whoever asks for it.
  ordered<std::string, served_answer> configurations{};
  ordered<std::string, std::vector<version>> objects{};  ///< by key, in the order of its bytes; the newest version first
  ordered<upload_name, upload> uploads{};

  bool has_versions() const noexcept { return !versioning.empty(); }
  /// Null where there is none.
  const served_answer* configuration(std::string_view kind) const {
    const auto at = configurations.find(kind);
    return at == configurations.end() ? nullptr : &at->second;
  }
  bool has_object_lock() const { return configuration("object-lock") != nullptr; }
};

}  // namespace s3store::inline v0::embedded
