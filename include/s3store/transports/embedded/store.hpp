// Where does an embedded S3 keep its data? In a `store`, with the buckets, the versions of their objects, and unfinished uploads.
//
// Only its few functions write to disk; code that changes a bucket or version calls one of them. What is answered is what is kept.
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

/// Takes back a change of the memory unless the disk has it, too.
template <class Back>
class undo {
 public:
  explicit undo(Back back) : back_(std::move(back)) {}
  undo(const undo&) = delete;
  undo& operator=(const undo&) = delete;
  ~undo() {
    if (on_) back_();
  }
  void off() noexcept { on_ = false; }

 private:
  Back back_;
  bool on_{true};
};

/// Keeps everything in memory, and if `root` is not empty also in that folder (the bytes of objects only there). Not thread-safe.
///
/// A function that fails, or throws, has changed nothing: neither the memory nor what the next process will read.
template <class Disk>
class basic_store {
 public:
  /// `sync`: every change waits until the disk has it.
  explicit basic_store(const std::string& root, bool sync = false) : disk_(root, sync), bytes_(disk_.folder_of_bytes(), sync) {}

  /// Reads what an earlier process stored in the folder. Fails if the folder cannot be used at all. A bucket or record that cannot be
  /// read is one of the `problems`; `find` fails for such a bucket, and `check_whole` for a key.
  result<void> load() {
    if (auto ready = disk_.prepare(); !ready) return ready;
    if (auto loaded = disk_.load(bytes_, all_); !loaded) return loaded;
    return bytes_.open(all_.problems.empty());
  }

  const std::vector<embedded_problem>& problems() const noexcept { return all_.problems; }
  const std::map<std::string, bucket, std::less<>>& buckets() const noexcept { return all_.buckets; }

  /// Fails with NoSuchBucket.
  result<bucket*> find(std::string_view name) {
    const auto at = all_.buckets.find(name);
    if (at != all_.buckets.end()) return &at->second;
    if (const auto broken = all_.broken_buckets.find(name); broken != all_.broken_buckets.end())
      return detail::fail(error_kind::io, broken->second);
    return refusal("NoSuchBucket", 404, "there is no such bucket");
  }

  /// There must be none of that name; fails if there is one that cannot be read.
  result<bucket*> create(bucket made) {
    if (const auto broken = all_.broken_buckets.find(made.name); broken != all_.broken_buckets.end())
      return detail::fail(error_kind::io, broken->second);
    const std::string name = made.name;
    const auto [at, fresh] = all_.buckets.insert_or_assign(name, std::move(made));
    undo forget{[&] { all_.buckets.erase(name); }};
    if (auto saved = disk_.create(at->second); !saved) return std::move(saved.error());
    forget.off();
    return &at->second;
  }
  /// Changes what is set on a bucket: versioning and configurations. `apply(next)` gets a bucket that has these and no objects.
  template <class Apply>
  result<void> change(bucket& b, Apply&& apply) {
    bucket next{.name = b.name, .created = b.created, .versioning = b.versioning, .configurations = b.configurations};
    if (result<void> applied = apply(next); !applied) return applied;
    if (auto saved = disk_.save(next); !saved) return saved;
    b.versioning.swap(next.versioning);
    b.configurations.swap(next.configurations);
    return {};
  }
  result<void> remove(const bucket& b) {
    if (!b.broken.empty()) return detail::fail(error_kind::io, b.broken);
    if (!b.broken_objects.empty()) return detail::fail(error_kind::io, b.broken_objects.begin()->second);
    if (!b.broken_uploads.empty()) return detail::fail(error_kind::io, b.broken_uploads.begin()->second);
    auto number = all_.numbers.next();
    if (!number) return std::move(number.error());
    if (auto gone = disk_.remove_bucket(b, *number); !gone) return gone;
    all_.buckets.erase(all_.buckets.find(b.name));
    return {};
  }

  /// Fails if something about the key could not be read from the disk. Then no request for it can be answered.
  result<void> check_whole(std::string_view bucket_name, std::string_view key) const {
    const auto in = all_.buckets.find(bucket_name);
    return in == all_.buckets.end() ? result<void>{} : in->second.check_whole(key);
  }

  result<content> keep(std::string bytes) { return bytes_.keep(std::move(bytes)); }

  /// Gives `v` its id and makes it the current version of the key. Unless versioning is enabled, it replaces the "null" version. If it
  /// completes an upload, that is removed together with it.
  result<const version*> add(bucket& to, const std::string& key, version v, const upload* completed = nullptr) {
    auto number = all_.numbers.next();
    if (!number) return std::move(number.error());
    v.number = *number;
    v.id = to.versioning == "Enabled" ? new_id(v.last_modified, *number) : std::string{null_version};

    // All that may fail comes before the disk is changed.
    const auto [at, fresh] = to.objects.try_emplace(key);
    std::vector<version>& all = at->second;
    undo forget{[&, entry = at] { if (entry->second.empty()) to.objects.erase(entry); }};
    all.reserve(all.size() + 1);
    const auto old = v.id == null_version ? with_id(all, null_version) : all.end();
    const auto ended = completed ? to.uploads.find(upload_name{key, completed->id}) : to.uploads.end();
    std::vector<std::int64_t> superseded;
    superseded.reserve(2);
    if (old != all.end()) superseded.push_back(old->number);
    if (ended != to.uploads.end()) superseded.push_back(ended->second.number);
    if (auto added = disk_.add(to, key, v, superseded); !added) return std::move(added.error());
    forget.off();

    if (old != all.end()) all.erase(old);
    if (ended != to.uploads.end()) to.uploads.erase(ended);
    return &*all.insert(all.begin(), std::move(v));
  }

  /// Replaces the version with the id of `changed`, which must exist.
  result<void> replace(bucket& in, const std::string& key, version changed) {
    if (auto saved = disk_.save(in, key, changed); !saved) return saved;
    *with_id(in.objects.find(key)->second, changed.id) = std::move(changed);
    return {};
  }

  /// Deletes a version permanently; adds no delete marker.
  result<void> erase(bucket& from, const std::string& key, std::string_view id) {
    const auto at = from.objects.find(key);
    if (at == from.objects.end()) return {};
    const auto gone = with_id(at->second, id);
    if (gone == at->second.end()) return {};
    if (auto removed = disk_.remove(from, gone->number); !removed) return removed;
    at->second.erase(gone);
    if (at->second.empty()) from.objects.erase(at);
    return {};
  }

  result<upload*> begin(bucket& in, const std::string& key, upload u) {
    auto number = all_.numbers.next();
    if (!number) return std::move(number.error());
    u.number = *number;
    u.id = new_id(u.initiated, *number);
    upload_name name{key, u.id};
    const auto at = in.uploads.insert_or_assign(std::move(name), std::move(u)).first;
    undo forget{[&] { in.uploads.erase(at); }};
    if (auto saved = disk_.save(in, key, at->second); !saved) return std::move(saved.error());
    forget.off();
    return &at->second;
  }
  result<void> add(bucket& in, const std::string& key, upload& to, part p) {
    const auto [at, fresh] = to.parts.try_emplace(p.number);
    std::swap(at->second, p);
    undo back{[&, entry = at, is_new = fresh] {
      if (is_new) {
        to.parts.erase(entry);
      } else {
        std::swap(entry->second, p);
      }
    }};
    if (auto saved = disk_.save(in, key, to); !saved) return saved;
    back.off();
    return {};
  }
  result<void> end(bucket& in, const std::string& key, const upload& u) {
    const auto at = in.uploads.find(upload_name{key, u.id});
    if (auto gone = disk_.remove(in, u.number); !gone) return gone;
    in.uploads.erase(at);
    return {};
  }

 private:
  static std::vector<version>::iterator with_id(std::vector<version>& all, std::string_view id) {
    return std::find_if(all.begin(), all.end(), [id](const version& v) { return v.id == id; });
  }

  /// A unique id; it need not be hard to guess.
  static std::string new_id(timestamp now, std::int64_t number) {
    return crypto::sha256_hex(detail::as_bytes(detail::concat({format_iso8601(now), "/", detail::decimal(number)}))).substr(0, 32);
  }

  disk_contents all_{};  // outlives the depot, so that closing keeps the files
  Disk disk_;
  typename Disk::depot bytes_;
};
using store = basic_store<disk>;

}  // namespace s3store::inline S3STORE_ABI::embedded
