// Where does an embedded S3 keep its data? In a `store`, with the buckets, the versions of their objects, and unfinished uploads.
//
// Only its few functions write to disk; code that changes a bucket or version calls one of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/transports/embedded/presented.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/transports/embedded/content.hpp>
#include <s3store/transports/embedded/disk.hpp>
#include <s3store/transports/embedded/model.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// Keeps everything in memory, and if `root` is not empty also in that folder (the bytes of objects only there). Not thread-safe.
template <class Disk>
class basic_store {
 public:
  explicit basic_store(const std::string& root) : disk_(root), bytes_(disk_.folder_of_bytes()) {}

  /// Reads what an earlier process stored in the folder.
  result<void> load() {
    if (auto ready = disk_.prepare(); !ready) return ready;
    if (auto loaded = disk_.load(bytes_, buckets_, last_); !loaded) return loaded;
    return bytes_.open();
  }

  const std::map<std::string, bucket, std::less<>>& buckets() const noexcept { return buckets_; }

  /// Fails with NoSuchBucket.
  result<bucket*> find(std::string_view name) {
    const auto at = buckets_.find(name);
    if (at == buckets_.end()) return refusal("NoSuchBucket", 404, "there is no such bucket");
    return &at->second;
  }

  result<bucket*> create(bucket made) {
    if (auto saved = disk_.save(made); !saved) return std::move(saved.error());
    std::string name = made.name;
    return &buckets_.insert_or_assign(std::move(name), std::move(made)).first->second;
  }
  result<void> changed(const bucket& b) { return disk_.save(b); }
  result<void> remove(const bucket& b) {
    if (auto gone = disk_.remove(b); !gone) return gone;
    buckets_.erase(b.name);
    return {};
  }

  result<content> keep(std::string bytes) { return bytes_.keep(std::move(bytes)); }

  /// Gives `v` its id and makes it the current version of the key. Unless versioning is enabled, it replaces the "null" version.
  result<const version*> add(bucket& to, const std::string& key, version v) {
    v.number = ++last_;
    v.id = to.versioning == "Enabled" ? new_id(v.last_modified) : std::string{null_version};
    if (auto saved = disk_.save(to, key, v); !saved) return std::move(saved.error());
    auto& all = to.objects[key];
    if (v.id == null_version)
      if (auto erased = erase(to, key, all, null_version); !erased) return std::move(erased.error());
    return &*all.insert(all.begin(), std::move(v));
  }

  /// Replaces the version with the id of `changed`, which must exist.
  result<void> replace(bucket& in, const std::string& key, version changed) {
    if (auto saved = disk_.save(in, key, changed); !saved) return saved;
    auto& all = in.objects[key];
    *std::find_if(all.begin(), all.end(), [&](const version& v) { return v.id == changed.id; }) = std::move(changed);
    return {};
  }

  /// Deletes a version permanently; adds no delete marker.
  result<void> erase(bucket& from, const std::string& key, std::string_view id) {
    const auto at = from.objects.find(key);
    if (at == from.objects.end()) return {};
    auto erased = erase(from, key, at->second, id);
    if (at->second.empty()) from.objects.erase(key);
    return erased;
  }

  result<upload*> begin(bucket& in, const std::string& key, upload u) {
    u.number = ++last_;
    u.id = new_id(u.initiated);
    if (auto saved = disk_.save(in, key, u); !saved) return std::move(saved.error());
    upload_name name{key, u.id};
    return &in.uploads.insert_or_assign(std::move(name), std::move(u)).first->second;
  }
  result<void> add(bucket& in, const std::string& key, upload& to, part p) {
    to.parts[p.number] = std::move(p);
    return disk_.save(in, key, to);
  }
  result<void> end(bucket& in, const std::string& key, const upload& u) {
    if (auto gone = disk_.remove(in, u.number); !gone) return gone;
    in.uploads.erase(upload_name{key, u.id});
    return {};
  }

 private:
  result<void> erase(bucket& from, const std::string&, std::vector<version>& all, std::string_view id) {
    const auto at = std::find_if(all.begin(), all.end(), [id](const version& v) { return v.id == id; });
    if (at == all.end()) return {};
    const auto number = at->number;
    all.erase(at);
    return disk_.remove(from, number);
  }

  /// A unique id; it need not be hard to guess.
  std::string new_id(timestamp now) {
    return crypto::sha256_hex(detail::as_bytes(detail::concat({format_iso8601(now), "/", detail::decimal(++last_)}))).substr(0, 32);
  }

  std::map<std::string, bucket, std::less<>> buckets_{};  // outlives the depot, so that closing keeps the files
  Disk disk_;
  depot bytes_;
  std::int64_t last_{};  ///< the last number given to a record
};
using store = basic_store<disk>;

}  // namespace s3store::inline S3STORE_ABI::embedded
