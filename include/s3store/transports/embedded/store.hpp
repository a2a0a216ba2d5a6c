// What does an embedded S3 keep? Buckets, the versions of their objects, and uploads in parts that are under way.
//
// The functions that change something are few, and all in `store`, so that what is kept on disk follows from them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/presented.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/transports/embedded/content.hpp>
#include <s3store/transports/embedded/disk.hpp>
#include <s3store/transports/embedded/model.hpp>

namespace s3store::inline v0::embedded {

/// What is kept, and kept up to date in the folder `root` if it is not empty. Not thread-safe.
template <class Disk>
class basic_store {
 public:
  explicit basic_store(const std::string& root) : disk_(root), bytes_(disk_.folder_of_bytes()) {}

  /// Reads what an earlier process has left.
  result<void> load() {
    if (auto ready = disk_.prepare(); !ready) return ready;
    if (auto loaded = disk_.load(bytes_, buckets_, last_); !loaded) return loaded;
    return bytes_.open();
  }

  const ordered<std::string, bucket>& buckets() const noexcept { return buckets_; }

  /// Fails with NoSuchBucket.
  result<bucket*> find(std::string_view name) {
    const auto at = buckets_.find(name);
    if (at == buckets_.end()) return auth::refusal("NoSuchBucket", 404, "there is no such bucket");
    return &at->second;
  }

  result<bucket*> create(bucket made) {
    if (auto saved = disk_.save(made); !saved) return std::move(saved.error());
    std::string name = made.name;
    return &buckets_.insert_or_assign(std::move(name), std::move(made));
  }
  result<void> changed(const bucket& b) { return disk_.save(b); }
  result<void> remove(const bucket& b) {
    if (auto gone = disk_.remove(b); !gone) return gone;
    buckets_.erase(b.name);
    return {};
  }

  result<content> keep(std::string bytes) { return bytes_.keep(std::move(bytes)); }

  /// Makes `v` the current version of the key; where versions are not kept, in place of the one without an id. Gives it its id.
  result<const version*> add(bucket& to, const std::string& key, version v) {
    v.number = ++last_;
    v.id = to.versioning == "Enabled" ? new_id(v.last_modified) : std::string{null_version};
    if (auto saved = disk_.save(to, key, v); !saved) return std::move(saved.error());
    auto& all = to.objects[key];
    if (v.id == null_version)
      if (auto erased = erase(to, key, all, null_version); !erased) return std::move(erased.error());
    return &*all.insert(all.begin(), std::move(v));
  }

  /// Puts what has become of a version in its place. It must be there.
  result<void> replace(bucket& in, const std::string& key, version changed) {
    if (auto saved = disk_.save(in, key, changed); !saved) return saved;
    auto& all = in.objects[key];
    *std::find_if(all.begin(), all.end(), [&](const version& v) { return v.id == changed.id; }) = std::move(changed);
    return {};
  }

  /// Deletes a version for good.
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
    return &in.uploads.insert_or_assign(std::move(name), std::move(u));
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

  /// Nobody has to guess it, and no two are the same.
  std::string new_id(timestamp now) {
    return crypto::sha256_hex(as_bytes(concat({format_iso8601(now), "/", decimal(++last_)}))).substr(0, 32);
  }

  ordered<std::string, bucket> buckets_{};  // before the depot, which closes before they go: their files stay
  Disk disk_;
  depot bytes_;
  std::int64_t last_{};  ///< number given to a record
};
using store = basic_store<disk>;

}  // namespace s3store::inline v0::embedded
