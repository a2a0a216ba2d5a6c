// How are keys, versions, uploads and parts listed? In pages of at most 1,000 entries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/transports/embedded/multipart.hpp>
#include <s3store/transports/embedded/objects.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// One page of a listing. Takes entries in order and counts them; keys with the delimiter after the prefix become common prefixes.
class page {
 public:
  enum class verdict { listed, rolled_up, full };

  /// `after`: the key or common prefix at which the page before ended.
  page(std::string_view prefix, std::string_view delimiter, std::string_view after, std::int32_t most)
      : prefix_(prefix), delimiter_(delimiter), last_(after), left_((std::min)(most, 1000)), empty_(most == 0) {}

  /// `id`: of the version or upload, since a key may have several.
  verdict offer(std::string_view key, std::string_view id = {}) {
    const auto at = delimiter_.empty() ? std::string_view::npos : key.find(delimiter_, prefix_.size());
    const auto group = at == std::string_view::npos ? std::string_view{} : key.substr(0, at + delimiter_.size());
    if (!group.empty() && group == last_) return verdict::rolled_up;
    if (left_ == 0) {
      truncated_ = !empty_;
      return verdict::full;
    }
    --left_;
    ++count_;
    last_ = group.empty() ? key : group;
    last_id_ = group.empty() ? id : std::string_view{};
    if (group.empty()) return verdict::listed;
    prefixes_.push_back({.prefix = last_});
    return verdict::rolled_up;
  }

  std::int32_t count() const noexcept { return count_; }
  bool truncated() const noexcept { return truncated_; }
  /// The key or common prefix after which the next page begins.
  const std::string& last() const noexcept { return last_; }
  /// The id of that key after which the next page begins; empty after a common prefix.
  const std::string& last_id() const noexcept { return last_id_; }

  /// Sets the members that every listing has about its end.
  template <class Request>
  void tell(const Request& r, response_of<Request>& out) {
    out.is_truncated = truncated_;
    out.prefix = prefix_;
    out.delimiter = r.delimiter;
    out.encoding_type = r.encoding_type;
    out.common_prefixes = std::move(prefixes_);
    if constexpr (requires { out.next_key_marker; })
      if (truncated_) out.next_key_marker = last_;
  }

 private:
  std::string prefix_, delimiter_, last_, last_id_{};
  std::int32_t left_, count_{};
  bool empty_, truncated_{};
  std::vector<types::common_prefix> prefixes_{};
};

inline result<std::int32_t> page_size(const std::optional<std::int32_t>& wanted, const types::encoding_type& encoding,
                                      std::int32_t most = 1000) {
  if (wanted && *wanted < 0) return invalid("the size of a page must not be negative");
  if (!encoding.empty() && encoding != types::encoding_type::url) return invalid("encoding-type must be url");
  return (std::min)(wanted.value_or(most), most);
}

/// The first entry that has the prefix or comes after it, and comes after the marker.
template <class Map>
auto first_after(const Map& sorted, std::string_view prefix, std::string_view after) {
  return after < prefix ? sorted.lower_bound(prefix) : after.empty() ? sorted.begin() : sorted.upper_bound(after);
}

template <class Entry>
void tell_checksum(Entry& to, const std::optional<checksum_value>& c) {
  if (!c) return;
  to.checksum_algorithm.emplace_back(crypto::name(c->algorithm));
  to.checksum_type = types::checksum_type{c->type()};
}

/// The entry for an object or a version; both have these members.
template <class Entry>
Entry entry_of(const std::string& key, const version& v) {
  Entry out;
  out.key = key;
  out.last_modified = v.last_modified;
  if constexpr (requires { out.etag; }) {
    out.etag = v.etag;
    out.size = static_cast<std::int64_t>(v.bytes.size());
    out.storage_class.assign(v.fields.get(storage_class_field).value_or("STANDARD"));
    tell_checksum(out, v.checksum);
  }
  return out;
}

// --- objects ---------------------------------------------------------------------------------------------------------------------

/// The common part of both object listings. Returns the page, which knows where it ended.
template <class Request>
result<page> list_current(const Request& r, auto& c, std::string_view after, bool with_owner, response_of<Request>& out) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_keys, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string& prefix = r.prefix;
  page listed{prefix, r.delimiter, after, *most};
  const auto& all = (*in)->objects;
  for (auto at = first_after(all, prefix, after); at != all.end() && at->first.starts_with(prefix); ++at) {
    if (at->second.front().delete_marker) continue;
    const auto verdict = listed.offer(at->first);
    if (verdict == page::verdict::full) break;
    if (verdict == page::verdict::rolled_up) continue;
    out.contents.push_back(entry_of<types::object>(at->first, at->second.front()));
    if (with_owner) out.contents.back().owner = owner_of(c);
  }
  listed.tell(r, out);
  out.name = r.bucket;
  out.max_keys = *most;
  return listed;
}

inline result<list_objects_response> handle(const list_objects_request& r, auto& c) {
  list_objects_response out;
  auto listed = list_current(r, c, r.marker, true, out);
  if (!listed) return std::move(listed.error());
  out.marker = r.marker;
  if (listed->truncated() && !r.delimiter.empty()) out.next_marker = listed->last();  // else clients use the last key
  return out;
}

inline result<list_objects_v2_response> handle(const list_objects_v2_request& r, auto& c) {
  const auto token = detail::from_base64(r.continuation_token);
  const bool goes_on = c.request.parameter("continuation-token") != nullptr;
  if (!token || (goes_on && token->empty())) return invalid("the continuation token is none of this server's");
  list_objects_v2_response out;
  auto listed = list_current(r, c, goes_on ? *token : r.start_after, r.fetch_owner.value_or(false), out);
  if (!listed) return std::move(listed.error());
  out.key_count = listed->count();
  out.continuation_token = r.continuation_token;
  out.start_after = r.start_after;
  if (listed->truncated()) out.next_continuation_token = detail::base64(detail::as_bytes(listed->last()));
  return out;
}

inline result<list_object_versions_response> handle(const list_object_versions_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_keys, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string &prefix = r.prefix, &after = r.key_marker, &after_version = r.version_id_marker;
  if (c.request.parameter("version-id-marker") && (after.empty() || after_version.empty()))
    return invalid("a version-id-marker is not empty, and needs a key-marker");

  list_object_versions_response out;
  page listed{prefix, r.delimiter, after, *most};
  const auto& all = (*in)->objects;
  auto key = first_after(all, prefix, after);
  // If the marker names a version, the page begins with the remaining versions of that key.
  bool skipping = !after_version.empty() && all.find(after) != all.end();
  if (skipping) key = all.find(after);
  bool full = false;
  for (; key != all.end() && !full && key->first.starts_with(prefix); ++key) {
    for (const version& v : key->second) {
      if (skipping) {
        skipping = v.id != after_version && &v != &key->second.back();
        continue;
      }
      const auto verdict = listed.offer(key->first, v.id);
      full = verdict == page::verdict::full;
      if (full) break;
      if (verdict == page::verdict::rolled_up) continue;
      const auto tell = [&](auto entry) {
        entry.version_id = v.id;
        entry.is_latest = &v == &key->second.front();
        entry.owner = owner_of(c);
        return entry;
      };
      if (v.delete_marker) {
        out.delete_markers.push_back(tell(entry_of<types::delete_marker_entry>(key->first, v)));
      } else {
        out.versions.push_back(tell(entry_of<types::object_version>(key->first, v)));
      }
    }
  }
  listed.tell(r, out);
  if (listed.truncated() && !listed.last_id().empty()) out.next_version_id_marker = listed.last_id();
  out.key_marker = after;
  out.version_id_marker = after_version;
  out.name = r.bucket;
  out.max_keys = *most;
  return out;
}

// --- uploads ---------------------------------------------------------------------------------------------------------------------

inline result<list_multipart_uploads_response> handle(const list_multipart_uploads_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_uploads, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string &prefix = r.prefix, &after = r.key_marker, after_id = after.empty() ? "" : r.upload_id_marker;

  list_multipart_uploads_response out;
  page listed{prefix, r.delimiter, after, *most};
  for (const auto& [name, u] : (*in)->uploads) {
    const auto& [key, id] = name;
    const bool before = key < after || (key == after && !after.empty() && (after_id.empty() || id <= after_id));
    if (before || !key.starts_with(prefix)) continue;
    const auto verdict = listed.offer(key, id);
    if (verdict == page::verdict::full) break;
    if (verdict == page::verdict::rolled_up) continue;
    types::multipart_upload& one = out.uploads.emplace_back();
    one.upload_id = id;
    one.key = key;
    one.initiated = u.initiated;
    one.storage_class = types::storage_class{u.fields.get(storage_class_field).value_or("STANDARD")};
    one.owner = owner_of(c);
    one.initiator = types::initiator{.id = c.options.account, .display_name = "embedded"};
    if (u.algorithm) {
      one.checksum_algorithm = types::checksum_algorithm{crypto::name(*u.algorithm)};
      one.checksum_type = type_of(u);
    }
  }
  listed.tell(r, out);
  if (listed.truncated() && !listed.last_id().empty()) out.next_upload_id_marker = listed.last_id();
  out.bucket = r.bucket;
  out.key_marker = after;
  out.upload_id_marker = after_id;
  out.max_uploads = *most;
  return out;
}

inline result<list_parts_response> handle(const list_parts_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) return std::move(found.error());
  if (auto named = check_answer_key(r.key); !named) return std::move(named.error());
  const upload& u = *found->of;
  const std::int32_t after = r.part_number_marker.value_or(0), most = (std::min)(r.max_parts.value_or(1000), 1000);
  if (after < 0 || most < 0) return invalid("max-parts and part-number-marker must not be negative");
  list_parts_response out;
  out.is_truncated = false;
  for (auto at = u.parts.upper_bound(after); at != u.parts.end(); ++at) {
    if (out.parts.size() == static_cast<std::size_t>(most)) {
      out.is_truncated = most != 0;
      break;
    }
    const part& p = at->second;
    types::part& one = out.parts.emplace_back();
    one.part_number = out.next_part_number_marker.emplace(p.number);
    one.last_modified = p.last_modified;
    one.etag = p.etag;
    one.size = static_cast<std::int64_t>(p.bytes.size());
    if (p.checksum) assign_elements(one, {{p.checksum->element(), p.checksum->text}});
  }
  out.bucket = r.bucket;
  out.key = r.key;
  out.upload_id = u.id;
  out.part_number_marker = after;
  out.max_parts = most;
  out.owner = owner_of(c);
  out.initiator = types::initiator{.id = c.options.account, .display_name = "embedded"};
  out.storage_class = types::storage_class{u.fields.get(storage_class_field).value_or("STANDARD")};
  if (u.algorithm) {
    out.checksum_algorithm = types::checksum_algorithm{crypto::name(*u.algorithm)};
    out.checksum_type = type_of(u);
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
