// How does an embedded S3 keep its objects after the process ends? Every bucket is a folder, with a small XML file for each version
// or upload.
//
//   root/bytes/17                the bytes of a piece of content
//   root/buckets/b/bucket.xml
//   root/buckets/b/23.xml        one version, delete marker or upload; the newest has the highest number
//   root/buckets/b/23.xml.next   a record that is being written
//   root/buckets/.removed-29     a bucket that has been removed, and whose records are being deleted
//
// Each change is made by one rename or one removal, before which a crash leaves the old and after which it leaves the new: a record
// that takes the place of others (of the earlier "null" version, of a completed upload) names them, and from then on they count as
// removed, whether their files are still there or not.
//
// Files of other names are not ours, and stay as they are. A record that cannot be read is reported, and only what it describes fails.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/protocol/endpoint.hpp>
#include <s3store/transports/embedded/model.hpp>
#include <s3store/transports/embedded/records.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// What an earlier process has stored.
struct disk_contents {
  std::map<std::string, bucket, std::less<>> buckets{};
  std::map<std::string, std::string, std::less<>> broken_buckets{};  ///< by name; why they cannot be read
  std::vector<embedded_problem> problems{};
  numbering numbers{};  ///< of the records
};

/// Does nothing if the root is empty.
template <class Files>
class basic_disk {
 public:
  using depot = basic_depot<Files>;
  using numbers = std::vector<std::int64_t>;

  /// `sync`: every change waits until the disk has it.
  basic_disk(std::string root, bool sync) : root_(std::move(root)), sync_(sync) {
    while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
  }

  std::string folder_of_bytes() const { return root_.empty() ? std::string{} : root_ + "/bytes"; }

  result<void> prepare() const {
    if (root_.empty()) return {};
    if (auto made = make_folder<Files>(folder_of_bytes()); !made) return made;
    if (auto made = make_folder<Files>(folder_of_buckets()); !made || !sync_) return made;
    return Files::sync_folder(root_);
  }

  // --- writing -------------------------------------------------------------------------------------------------------------------
  // If one of these fails, the disk has what it had before.

  result<void> create(const bucket& b) const {
    if (root_.empty()) return {};
    const std::string folder = folder_of(b.name);
    if (auto made = make_folder<Files>(folder); !made) return made;
    auto done = save(b);
    if (done && sync_) done = Files::sync_folder(folder_of_buckets());
    if (!done) {
      static_cast<void>(Files::remove(folder + bucket_file));
      static_cast<void>(Files::remove_folder(folder));
    }
    return done;
  }
  result<void> save(const bucket& b) const {
    if (root_.empty()) return {};
    bucket_record r{b.created, b.versioning};
    for (const auto& [kind, kept] : b.configurations) r.configurations.push_back({kind, records_of(kept.fields), kept.body});
    return write(folder_of(b.name) + bucket_file, r);
  }
  /// Replaces the version of this number.
  result<void> save(const bucket& in, const std::string& key, const version& v) const {
    if (root_.empty()) return {};
    const std::string path = path_of(in, v.number);
    const auto named = superseded_.find(path);
    return write(path, record_of(key, v, named == superseded_.end() ? std::vector<leftover>{} : named->second));
  }
  /// Adds a version and removes the records of the numbers `superseded`, all or nothing.
  result<void> add(const bucket& in, const std::string& key, const version& v, const numbers& superseded) {
    if (root_.empty()) return {};
    const std::string path = path_of(in, v.number);
    std::vector<leftover> left;
    for (const std::int64_t number : superseded) {
      left.push_back({number});
      // What that one keeps from coming back is now this one's to keep.
      if (const auto its = superseded_.find(path_of(in, number)); its != superseded_.end())
        left.insert(left.end(), its->second.begin(), its->second.end());
    }
    const object_record r = record_of(key, v, left);
    if (!left.empty()) superseded_.insert_or_assign(path, std::move(left));
    if (auto written = write(path, r); !written) {
      superseded_.erase(path);
      return written;
    }
    if (!r.superseded.empty()) delete_superseded(in, path);
    return {};
  }
  result<void> save(const bucket& in, const std::string& key, const upload& u) const {
    if (root_.empty()) return {};
    object_record r{.kind = "Upload", .key = key, .id = u.id, .at = u.initiated};
    r.fields = records_of(u.fields);
    r.tagging = u.tagging;
    r.acl = u.acl;
    r.checksum = checksum_record{u.algorithm ? std::string(crypto::name(*u.algorithm)) : std::string{}, {}, u.composite};
    for (const auto& [number, p] : u.parts) r.parts.push_back(record_of(p));
    return write(path_of(in, u.number), r);
  }

  result<void> remove(const bucket& from, std::int64_t number) {
    if (root_.empty()) return {};
    const std::string path = path_of(from, number);
    // First those that only this record keeps from coming back.
    if (const auto named = superseded_.find(path); named != superseded_.end()) {
      for (const leftover& other : named->second)
        if (auto gone = Files::remove(path_of(from, other.number)); !gone) return gone;
      if (sync_)
        if (auto safe = Files::sync_folder(folder_of(from.name)); !safe) return safe;
      superseded_.erase(named);
    }
    return remove_file<Files>(path, sync_);
  }
  /// `number` belongs to no other record.
  result<void> remove_bucket(const bucket& b, std::int64_t number) const {
    const std::string folder = folder_of(b.name);
    if (root_.empty() || !is_folder(folder)) return {};
    const std::string away = detail::concat({folder_of_buckets(), "/", removed_prefix, detail::decimal(number)});
    if (auto renamed = Files::rename(folder, away); !renamed) return renamed;
    if (sync_)
      if (auto safe = Files::sync_folder(folder_of_buckets()); !safe) {
        static_cast<void>(Files::rename(away, folder));
        return safe;
      }
    static_cast<void>(delete_records(away));
    return {};
  }

  // --- loading -------------------------------------------------------------------------------------------------------------------

  /// Fails only if the folder of all buckets cannot be read.
  result<void> load(depot& bytes, disk_contents& out) {
    if (root_.empty()) return {};
    auto names = list_folder(folder_of_buckets());
    if (!names) return std::move(names.error());
    std::sort(names->begin(), names->end());
    for (const std::string& name : *names) {
      const std::string path = folder_of(name);
      if (name.starts_with(removed_prefix)) {
        const auto number = file_number(std::string_view{name}.substr(removed_prefix.size()));
        if (number && !delete_records(path)) out.numbers.avoid(*number);
      } else if (is_dns_label(name, true) && is_folder(path)) {
        load_bucket(bytes, name, out);
      }
    }
    return {};
  }

 private:
  /// A superseded record whose file is still there, or may come back after a crash of the system.
  struct leftover {
    std::int64_t number{};
    bool removed{};  ///< since the folder was last synced
  };

  static constexpr const char* bucket_file = "/bucket.xml";
  static constexpr std::string_view record_ending = ".xml";
  static constexpr std::string_view removed_prefix = ".removed-";  // no bucket's name begins with a dot

  std::string folder_of_buckets() const { return root_ + "/buckets"; }
  std::string folder_of(std::string_view bucket_name) const { return detail::concat({root_, "/buckets/", bucket_name}); }
  std::string path_of(const bucket& in, std::int64_t number) const {
    return detail::concat({folder_of(in.name), "/", detail::decimal(number), record_ending});
  }

  template <class Record>
  result<void> write(const std::string& path, const Record& record) const {
    auto text = format_record(record);
    if (!text) return std::move(text.error());
    return replace_file<Files>(path, *text, sync_);
  }

  /// To be called after the record of that path was written, and so the change is made; a failure is none of its own. What cannot be
  /// deleted now is deleted later, at the latest before that record is.
  void delete_superseded(const bucket& in, const std::string& path) noexcept {
    try {
      const auto named = superseded_.find(path);
      std::erase_if(named->second, [](const leftover& one) { return one.removed; });
      for (leftover& one : named->second) {
        one.removed = Files::remove(path_of(in, one.number)).has_value();
        superseded_.erase(path_of(in, one.number));
      }
      if (!sync_) std::erase_if(named->second, [](const leftover& one) { return one.removed; });
      if (named->second.empty()) superseded_.erase(named);
    } catch (...) {
    }
  }

  /// The digits in "23.xml", or nothing.
  static std::string_view digits_in(std::string_view name) noexcept {
    if (!name.ends_with(record_ending)) return {};
    name.remove_suffix(record_ending.size());
    return is_file_number(name) ? name : std::string_view{};
  }
  /// True for "23.xml.next" and "bucket.xml.next".
  static bool is_unfinished(std::string_view name) noexcept {
    if (!name.ends_with(next_ending)) return false;
    name.remove_suffix(next_ending.size());
    return name == bucket_file + 1 || !digits_in(name).empty();
  }
  /// Removes our files from a folder, and the folder if nothing else is in it.
  static result<void> delete_records(const std::string& folder) {
    auto names = list_folder(folder);
    if (!names) return std::move(names.error());
    for (const std::string& name : *names)
      if (name == bucket_file + 1 || is_unfinished(name) || !digits_in(name).empty())
        if (auto gone = Files::remove(detail::concat({folder, "/", name})); !gone) return gone;
    return Files::remove_folder(folder);
  }

  // --- records -------------------------------------------------------------------------------------------------------------------

  static std::vector<std::int64_t> numbers_of(const content& c) {
    std::vector<std::int64_t> out;
    for (const auto& piece : c.pieces()) out.push_back(piece->number());
    return out;
  }
  static std::vector<field_record> records_of(const headers& fields) {
    std::vector<field_record> out;
    for (const auto [name, value] : fields) out.push_back({std::string(name), std::string(value)});
    return out;
  }
  static headers fields_of(const std::vector<field_record>& records) {
    headers out;
    for (const field_record& f : records) out.add(f.name, f.value);
    return out;
  }
  static std::optional<checksum_record> record_of(const std::optional<checksum_value>& c) {
    if (!c) return std::nullopt;
    return checksum_record{std::string(crypto::name(c->algorithm)), c->text, c->composite};
  }
  static part_record record_of(const part& p) {
    return {p.number, p.etag, p.last_modified, numbers_of(p.bytes), size_of(p.bytes), record_of(p.checksum)};
  }

  static std::int64_t size_of(const content& c) { return static_cast<std::int64_t>(c.size()); }

  static object_record record_of(const std::string& key, const version& v, const std::vector<leftover>& superseded) {
    object_record r{
        .kind = v.delete_marker ? "DeleteMarker" : "Version", .key = key, .id = v.id, .at = v.last_modified, .etag = v.etag};
    r.fields = records_of(v.fields);
    r.tagging = v.tagging;
    r.acl = v.acl;
    r.checksum = record_of(v.checksum);
    if (v.parts.empty()) {
      r.pieces = numbers_of(v.bytes);
      r.size = size_of(v.bytes);
    }
    for (const part& p : v.parts) r.parts.push_back(record_of(p));
    for (const leftover& one : superseded) r.superseded.push_back(one.number);
    r.upload_id = v.upload_id;
    return r;
  }

  struct numbered_record {
    std::int64_t number{};
    std::string path{};
    object_record what{};
    result<void> read{};
  };

  void load_bucket(depot& bytes, const std::string& name, disk_contents& out) {
    const std::string folder = folder_of(name);
    const auto broken_bucket = [&](const error& why) {
      out.broken_buckets.insert_or_assign(name, why.message);
      out.problems.push_back({name, {}, why.message});
    };
    auto names = list_folder(folder);
    if (!names) return broken_bucket(names.error());
    std::sort(names->begin(), names->end());
    for (const std::string& one : *names)
      if (is_unfinished(one)) static_cast<void>(Files::remove(detail::concat({folder, "/", one})));
    if (std::find(names->begin(), names->end(), bucket_file + 1) == names->end()) {
      const bool used = std::any_of(names->begin(), names->end(), [](const std::string& one) { return !digits_in(one).empty(); });
      if (used) return broken_bucket(detail::fail(error_kind::io, {folder, bucket_file, " is missing, and there are records of objects"}));
      static_cast<void>(Files::remove_folder(folder));  // the process ended while it made the bucket
      return;
    }
    bucket_record about;
    if (auto read = read_record(folder + bucket_file, about); !read) return broken_bucket(read.error());
    bucket& b = out.buckets[name];
    b.name = name;
    b.created = about.created;
    b.versioning = std::move(about.versioning);
    for (configuration_record& one : about.configurations)
      b.configurations.insert_or_assign(std::move(one.kind),
                                        served_answer{.fields = fields_of(one.fields), .body = std::move(one.document)});
    load_records(bytes, *names, b, out);
  }

  void load_records(depot& bytes, const std::vector<std::string>& names, bucket& b, disk_contents& out) {
    std::vector<numbered_record> all;
    std::set<std::int64_t> superseded;
    for (const std::string& name : names) {
      const std::string_view digits = digits_in(name);
      if (digits.empty()) continue;
      numbered_record& one = all.emplace_back();
      one.path = detail::concat({folder_of(b.name), "/", name});
      if (const auto number = file_number(digits)) {
        one.number = *number;
        one.read = read_record(one.path, one.what);
      } else {
        one.read = detail::fail(error_kind::io, {one.path, " has a number that no record has"});
      }
      for (const std::int64_t other : one.what.superseded)
        if (other >= 1 && other < one.number) superseded.insert(other);
    }
    for (numbered_record& one : all) {
      if (superseded.contains(one.number)) {
        out.numbers.found(one.number);
        continue;
      }
      if (one.read) one.read = take(bytes, b, one);
      if (one.read) {
        out.numbers.found(one.number);
        if (!one.what.superseded.empty()) {
          for (const std::int64_t other : one.what.superseded)
            if (other >= 1 && other < one.number) superseded_[one.path].push_back({other});
          if (superseded_.contains(one.path)) delete_superseded(b, one.path);
        }
        continue;
      }
      out.numbers.avoid(one.number);
      for (const std::int64_t other : one.what.superseded) out.numbers.avoid(other);
      const std::string& why = one.read.error().message;
      if (one.what.kind == "Upload" && !one.what.id.empty()) {
        b.broken_uploads.insert_or_assign(upload_name{one.what.key, one.what.id}, why);
      } else if (!one.what.key.empty()) {
        b.broken_objects.insert_or_assign(one.what.key, why);
      } else {
        b.broken = why;
      }
      out.problems.push_back({b.name, one.what.key, why});
    }
    for (auto& [key, versions] : b.objects) {
      std::sort(versions.begin(), versions.end(), [](const version& x, const version& y) { return x.number > y.number; });
      leave_one_null_version(b, versions);
    }
  }

  /// Of two, a process ended that had written the newer and not yet removed the older, as earlier versions of this server did.
  void leave_one_null_version(const bucket& b, std::vector<version>& all) {
    const auto is_null = [](const version& v) { return v.id == null_version; };
    const auto newest = std::find_if(all.begin(), all.end(), is_null);
    if (newest == all.end() || std::find_if(newest + 1, all.end(), is_null) == all.end()) return;
    const std::string path = path_of(b, newest->number);
    for (auto at = newest + 1; at != all.end(); ++at)
      if (is_null(*at)) superseded_[path].push_back({at->number});
    all.erase(std::remove_if(newest + 1, all.end(), is_null), all.end());
    delete_superseded(b, path);
  }

  static result<void> take(depot& bytes, bucket& b, const numbered_record& from) {
    const object_record& r = from.what;
    const auto broken = [&](std::string_view why) { return detail::fail(error_kind::io, {from.path, ": ", why}); };
    if (r.key.empty() || r.id.empty() || (r.kind != "Version" && r.kind != "DeleteMarker" && r.kind != "Upload"))
      return broken("the record has no key, no id, or not the kind Version, DeleteMarker or Upload");
    headers fields = fields_of(r.fields);
    std::vector<part> parts;
    for (const part_record& p : r.parts) {
      auto its_bytes = content_of(bytes, p.pieces, p.size);
      if (!its_bytes) return broken(its_bytes.error().message);
      parts.push_back({p.number, p.etag, p.last_modified, std::move(*its_bytes), value_of(p.checksum)});
    }
    if (r.kind == "Upload") {
      upload u{.id = r.id,
               .number = from.number,
               .initiated = r.at,
               .fields = std::move(fields),
               .tagging = r.tagging,
               .acl = r.acl};
      if (r.checksum) {
        u.algorithm = crypto::parse_checksum_algorithm(r.checksum->algorithm);
        u.composite = r.checksum->composite;
      }
      for (part& p : parts) u.parts[p.number] = std::move(p);
      b.uploads.insert_or_assign(upload_name{r.key, r.id}, std::move(u));
      return {};
    }
    auto all = content_of(bytes, r.pieces, r.size);
    if (!all) return broken(all.error().message);
    for (const part& p : parts) all->append(p.bytes);
    b.objects[r.key].push_back({.id = r.id,
                                .number = from.number,
                                .delete_marker = r.kind == "DeleteMarker",
                                .last_modified = r.at,
                                .etag = r.etag,
                                .bytes = std::move(*all),
                                .fields = std::move(fields),
                                .tagging = r.tagging,
                                .acl = r.acl,
                                .checksum = value_of(r.checksum),
                                .parts = std::move(parts),
                                .upload_id = r.upload_id});
    return {};
  }

  static result<content> content_of(depot& bytes, const numbers& pieces, std::optional<std::int64_t> size) {
    content out;
    for (const std::int64_t number : pieces) {
      auto found = bytes.find(number);
      if (!found) return std::move(found.error());
      out.append(content{std::move(*found)});
    }
    if (size && size_of(out) != *size)
      return detail::fail(error_kind::io, {"its bytes are ", detail::decimal(out.size()), " and were ", detail::decimal(*size)});
    return out;
  }
  static std::optional<checksum_value> value_of(const std::optional<checksum_record>& r) {
    const auto algorithm = r ? crypto::parse_checksum_algorithm(r->algorithm) : std::nullopt;
    if (!algorithm) return std::nullopt;
    return checksum_value{*algorithm, r->text, r->composite};
  }

  std::string root_;
  bool sync_;
  /// By the path of a record: those that it names, and that may still be there.
  std::map<std::string, std::vector<leftover>, std::less<>> superseded_{};
};
using disk = basic_disk<system_files>;

}  // namespace s3store::inline S3STORE_ABI::embedded
