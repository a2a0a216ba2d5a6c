// How are objects stored, read and deleted? By the handlers in this file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/byte_range.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/transports/embedded/attributes.hpp>
#include <s3store/transports/embedded/conditions.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

// --- finding ---------------------------------------------------------------------------------------------------------------------

/// The current version of a key; null if there is none, or if it is a delete marker.
inline const version* current_of(const bucket& in, std::string_view key) {
  const auto at = in.objects.find(key);
  return at == in.objects.end() || at->second.front().delete_marker ? nullptr : &at->second.front();
}

/// The version that a GET or HEAD asks for. Fails with NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker.
inline result<const version*> find_version(auto& c, const bucket& in, std::string_view key, const std::optional<std::string>& id) {
  const auto missing = [](std::string_view what) {
    return what == "version" ? refusal("NoSuchVersion", 404, "there is no such version")
                             : refusal("NoSuchKey", 404, "there is no such key");
  };
  if (id && id->empty()) return invalid("Version id cannot be the empty string");
  if (auto whole = in.check_whole(key); !whole) return std::move(whole.error());
  const auto at = in.objects.find(key);
  if (at == in.objects.end()) return missing(id ? "version" : "key");
  const auto& all = at->second;
  const auto found = id ? std::find_if(all.begin(), all.end(), [&id](const version& v) { return v.id == *id; }) : all.begin();
  if (found == all.end()) return missing("version");
  if (!found->delete_marker) return &*found;
  c.more.set("x-amz-delete-marker", "true");
  c.more.set("x-amz-version-id", found->id);
  if (!id) return missing("key");
  c.more.set("Allow", "DELETE");
  c.more.set("Last-Modified", format_http_date(found->last_modified));
  return refusal("MethodNotAllowed", 405, "the version is a delete marker, which cannot be read");
}

inline result<void> check_key(std::string_view key) {
  if (key.size() > 1024) return refusal("KeyTooLongError", 400, "a key has at most 1024 bytes");
  return {};
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

/// A range of an object's bytes.
struct extent {
  std::uint64_t first{};
  std::uint64_t length{};
};

/// Reads a single range of bytes; returns nothing for other texts, which S3 ignores. Fails with InvalidRange.
inline result<std::optional<extent>> parse_range(std::string_view text, std::uint64_t size) {
  using range = std::optional<extent>;
  const auto read = detail::range_text::parse(detail::trim(text));
  if (!read) return range{};
  const auto [a, b] = *read;
  if (a ? *a >= size : *b == 0 || size == 0) return refusal("InvalidRange", 416, "the range begins behind the end of the object");
  if (!a) return range{{size - (std::min)(*b, size), (std::min)(*b, size)}};
  return range{{*a, (b ? (std::min)(*b, size - 1) : size - 1) - *a + 1}};
}

/// For GET and HEAD, which differ only in the bytes.
template <class Request>
result<response_of<Request>> read_object(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.key, r.version_id);
  if (!found) return std::move(found.error());
  const version& v = **found;
  headers facts = facts_of(r.key, v, **in);
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Encryption": these are for uploads.
  for (const std::string_view name : {encryption_field, kms_key_field, bucket_key_field})
    if (c.request.fields.contains(name)) return invalid(detail::concat({"the header ", name, " is not supported for this operation"}));
  if (auto key = check_customer_key(v.fields, c.request.fields); !key) return std::move(key.error());
  if (auto held = check_read({r.if_match, r.if_none_match, r.if_modified_since, r.if_unmodified_since}, v); !held) {
    for (const std::string_view name : {"ETag", "Last-Modified", "x-amz-version-id", "Cache-Control", "Expires"})
      if (const auto value = facts.get(name)) c.more.set(name, *value);
    return std::move(held.error());
  }

  std::optional<extent> range;
  const embedded::part* piece = nullptr;
  if (r.part_number) {
    if (!r.range.empty()) return bad_request("a request has either a Range or a partNumber");
    const std::size_t parts = (std::max)(v.parts.size(), std::size_t{1}),
                      wanted = static_cast<std::size_t>((std::max)(*r.part_number, 0));
    if (wanted == 0 || wanted > 10'000) return invalid("a part number is from 1 to 10000");
    if (wanted > parts) return refusal("InvalidPartNumber", 416, "the object has fewer parts");
    range.emplace(extent{0, v.bytes.size()});
    if (!v.parts.empty()) {
      for (std::size_t i = 0; i + 1 != wanted; ++i) range->first += v.parts[i].bytes.size();
      piece = &v.parts[wanted - 1];
      range->length = piece->bytes.size();
      facts.add("x-amz-mp-parts-count", detail::decimal(parts));
    }
  } else if (!r.range.empty()) {
    auto parsed = parse_range(r.range, v.bytes.size());
    if (!parsed) {
      c.more.set("Content-Range", detail::concat({"bytes */", detail::decimal(v.bytes.size())}));
      return std::move(parsed.error());
    }
    range = *parsed;
  }
  const extent part = range.value_or(extent{0, v.bytes.size()});
  if (range && v.bytes.size() != 0) {
    c.status = 206;
    facts.add("Content-Range", detail::concat({"bytes ", detail::decimal(part.first), "-", detail::decimal(part.first + part.length - 1), "/",
                                      detail::decimal(v.bytes.size())}));
  }
  facts.add("Content-Length", detail::decimal(part.length));
  if (!r.checksum_mode.empty()) {
    // Of a part it is the part's, and the type still the object's. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    if (piece && piece->checksum) {
      facts.add(piece->checksum->field(), piece->checksum->text);
      if (v.checksum) facts.add("x-amz-checksum-type", v.checksum->type());
    } else if (part.length == v.bytes.size()) {
      add_checksum(facts, v.checksum);
    }
  }
  for (const auto& [name, value] : c.request.query)
    if (name.starts_with("response-")) {
      if (c.anonymous) return bad_request("only a signed request may set headers of its answer");
      facts.set(name.substr(9), value);
    }

  response_of<Request> out;
  assign_fields(out, facts);
  if constexpr (requires { out.body; }) {
    auto bytes = v.bytes.read(part.first, part.length);
    if (!bytes) return std::move(bytes.error());
    out.body = std::move(*bytes);
  }
  return out;
}
inline result<get_object_response> handle(const get_object_request& r, auto& c) { return read_object(r, c); }
inline result<head_object_response> handle(const head_object_request& r, auto& c) { return read_object(r, c); }

inline result<get_object_attributes_response> handle(const get_object_attributes_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.key, r.version_id);
  if (!found) return std::move(found.error());
  const version& v = **found;
  if (auto key = check_customer_key(v.fields, c.request.fields); !key) return std::move(key.error());
  if (r.object_attributes.empty())
    return invalid("x-amz-object-attributes names none of ETag, Checksum, ObjectParts, StorageClass and ObjectSize");

  get_object_attributes_response out;
  assign_fields(out, facts_of(r.key, v, **in));  // only those that are headers
  for (const auto& wanted : r.object_attributes) {
    using names = types::object_attributes;
    if (wanted == names::etag) {
      out.etag = unquoted(v.etag);
    } else if (wanted == names::object_size) {
      out.object_size = static_cast<std::int64_t>(v.bytes.size());
    } else if (wanted == names::storage_class) {
      out.storage_class = types::storage_class{v.fields.get(storage_class_field).value_or("STANDARD")};
    } else if (wanted == names::checksum) {
      if (v.checksum)
        assign_elements(out.checksum.emplace(), {{v.checksum->element(), v.checksum->text}, {"ChecksumType", v.checksum->type()}});
    } else if (wanted == names::object_parts) {
      if (v.parts.empty()) continue;
      auto& listed = out.object_parts.emplace();
      listed.total_parts_count = static_cast<std::int32_t>(v.parts.size());
      // AWS lists the parts of objects with an "additional checksum", which all have since it computes CRC64NVME where none is sent.
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
      const std::int32_t after = r.part_number_marker.value_or(0), most = (std::min)(r.max_parts.value_or(1000), 1000);
      if (after < 0 || most < 0) return invalid("x-amz-max-parts and x-amz-part-number-marker must not be negative");
      listed.part_number_marker = after;
      listed.max_parts = most;
      listed.is_truncated = false;
      for (const part& p : v.parts) {
        if (p.number <= after) continue;
        if (listed.parts.size() == static_cast<std::size_t>(most)) {
          listed.is_truncated = true;
          break;
        }
        auto& one = listed.parts.emplace_back();
        one.part_number = listed.next_part_number_marker.emplace(p.number);
        one.size = static_cast<std::int64_t>(p.bytes.size());
        if (p.checksum) assign_elements(one, {{p.checksum->element(), p.checksum->text}});
      }
    } else {
      return invalid(detail::concat({"\"", wanted.str(), "\" is no attribute of an object"}));
    }
  }
  return out;
}

// --- writing ---------------------------------------------------------------------------------------------------------------------

/// Stores the body of the request; for PUT and for a form.
inline result<put_object_response> handle(const put_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  if (r.write_offset_bytes) return not_done("appending to an object");
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(**in, r.key)); !held) return std::move(held.error());
  auto about = read_attributes(c, **in);
  if (!about) return std::move(about.error());
  if ((!r.object_lock_mode.empty() || !r.object_lock_legal_hold_status.empty()) && !c.body.checksum && r.content_md5.empty())
    return bad_request("an upload with object lock needs a Content-MD5 or an x-amz-checksum-*");
  version v{.last_modified = c.now,
            .etag = c.body.etag,
            .fields = std::move(about->fields),
            .tagging = std::move(about->tagging),
            .acl = std::move(about->acl),
            .checksum = c.body.checksum};
  auto bytes = c.kept.keep(std::move(c.request.body));
  if (!bytes) return std::move(bytes.error());
  v.bytes = std::move(*bytes);
  if (!v.checksum) {
    auto sum = checksum_of(v.bytes, default_checksum, c.options);
    if (!sum) return std::move(sum.error());
    v.checksum = std::move(*sum);
  }
  auto added = c.kept.add(**in, r.key, std::move(v));
  if (!added) return std::move(added.error());
  headers facts = facts_of_new(r.key, **added, **in);
  add_checksum(facts, (*added)->checksum);
  put_object_response out;
  assign_fields(out, facts);
  return out;
}

// --- deleting --------------------------------------------------------------------------------------------------------------------

struct deletion {
  std::optional<bool> delete_marker{};
  std::string version_id{};
};

/// Deletes one key or version, or adds a delete marker.
inline result<deletion> remove(auto& c, bucket& in, const types::object_identifier& what, bool bypass) {
  if (auto whole = in.check_whole(what.key); !whole) return std::move(whole.error());
  const auto at = in.objects.find(what.key);
  const version* const current = current_of(in, what.key);
  if (what.etag && (!current || !names_etag(*what.etag, current->etag))) return precondition_failed("If-Match");
  if (what.size && (!current || static_cast<std::int64_t>(current->bytes.size()) != *what.size))
    return precondition_failed("x-amz-if-match-size");
  if (what.last_modified_time &&
      (!current || std::chrono::floor<std::chrono::seconds>(current->last_modified) != *what.last_modified_time))
    return precondition_failed("x-amz-if-match-last-modified-time");

  if (what.version_id && what.version_id->empty()) return invalid("Version id cannot be the empty string");
  deletion out;
  if (what.version_id || !in.has_versions()) {
    const std::string id = what.version_id.value_or(std::string{null_version});
    if (what.version_id) out.version_id = id;
    if (at == in.objects.end()) return out;
    const auto& all = at->second;
    const auto found = std::find_if(all.begin(), all.end(), [&id](const version& v) { return v.id == id; });
    if (found == all.end()) return out;
    if (auto unlocked = check_unlocked(*found, bypass, c.now); !unlocked) return std::move(unlocked.error());
    if (found->delete_marker) out.delete_marker = true;
    if (auto erased = c.kept.erase(in, what.key, id); !erased) return std::move(erased.error());
    return out;
  }
  auto marked = c.kept.add(in, what.key, {.delete_marker = true, .last_modified = c.now});
  if (!marked) return std::move(marked.error());
  out.delete_marker = true;
  out.version_id = (*marked)->id;
  return out;
}

inline result<delete_object_response> handle(const delete_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto gone = remove(c, **in, {r.key, r.version_id, r.if_match, r.if_match_last_modified_time, r.if_match_size},
                     r.bypass_governance_retention.value_or(false));
  if (!gone) return std::move(gone.error());
  return delete_object_response{.delete_marker = gone->delete_marker, .version_id = gone->version_id};
}

inline result<delete_objects_response> handle(const delete_objects_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const auto& all = r.delete_.objects;
  if (all.empty() || all.size() > 1000) return refusal("MalformedXML", 400, "a request to delete names from 1 to 1000 objects");
  delete_objects_response out;
  for (const types::object_identifier& one : all) {
    auto gone = one.key.empty() ? result<deletion>{refusal("UserKeyMustBeSpecified", 400, "the request has a key that is empty")}
                                : remove(c, **in, one, r.bypass_governance_retention.value_or(false));
    if (!gone) {
      const error& why = gone.error();  // a failure of the disk has no code
      out.errors.push_back({.key = one.key,
                            .version_id = one.version_id.value_or(std::string{}),
                            .code = why.code.empty() ? "InternalError" : why.code,
                            .message = why.message});
    } else if (!r.delete_.quiet.value_or(false)) {
      types::deleted_object& done = out.deleted.emplace_back();
      done.key = one.key;
      done.version_id = one.version_id.value_or(std::string{});
      done.delete_marker = gone->delete_marker;
      if (gone->delete_marker) done.delete_marker_version_id = gone->version_id;
    }
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
