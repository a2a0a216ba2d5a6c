// Is all of the evidence still what was stored? A walk over a bucket that reads every bundle and tells what it finds.
//
//   auto summary = verify_evidence(s3, "bucket", "evidence/", [](const auto& finding) { std::puts(to_json_line(finding).c_str()); });
//
// It goes by pages of a listing, and holds one page and the bodies that are being read. By default it is the listing of versions,
// which has delete markers and all that stands below them; a bucket without versions has it as well.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/core/ordered.hpp>
#include <s3store/evidence/findings.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/lock.hpp>
#include <s3store/evidence/parallel.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object/get_object.hpp>

namespace s3store::inline v0 {

/// What the lock of each bundle must be at least. What is left out is not required.
struct required_lock {
  std::optional<types::object_lock_mode> mode{};  ///< where it is compliance, governance falls short
  std::optional<timestamp> until{};               ///< retained until then, or longer
  std::optional<std::chrono::days> days{};        ///< retained for so long from the bundle's created_at on, or longer
  bool legal_hold{};
};

struct verify_evidence_options {
  required_lock required{};
  bool versions{true};                ///< false: only what is current, which needs no permission to list versions
  std::uint64_t max_size{64u << 20};  ///< bytes; a larger bundle is not read, and unreadable
  unsigned parallel{8};  ///< bundles that are read at once, on threads that end with the call; 1: on the caller's alone
  call_options call{};
};

namespace evidence {

/// One version of one object.
struct walked {
  std::string key{};
  std::optional<std::string> version_id{};
  bool latest{true};
  std::uint64_t size{};
  timestamp last_modified{};
};

/// Which version or delete marker is current, for the keys of a page and the last of the page before: the versions of a key are
/// listed newest first, and may go on over many pages.
class current_versions {
 public:
  struct entry {
    std::string version_id{};
    bool delete_marker{};
  };

  void turn_page() {
    by_key_.erase_but_last();
  }
  template <class Listed>
  void note(const Listed& v, bool delete_marker) {
    if (v.key && v.is_latest.value_or(false)) by_key_[*v.key] = {v.version_id.value_or(""), delete_marker};
  }
  const entry* of(const std::string& key) const {
    const auto at = by_key_.find(key);
    return at == by_key_.end() ? nullptr : &at->second;
  }

 private:
  ordered<std::string, entry> by_key_{};
};

/// What is looked at: all that has a bundle's key, and what an older program may have put near by.
inline bool is_evidence(std::string_view key) {
  return parse_bundle_key(key) || (key.ends_with(".json") && !key.starts_with(attachment_folder));
}

/// Is this failure about the one bundle, which the server has been asked for and would not give? All other failures end the walk.
inline bool is_about_the_bundle(const error& e) noexcept {
  for (const std::string_view code :
       {"NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "RequestTimeTooSkewed"})
    if (e.code == code) return false;
  switch (e.kind) {
    case error_kind::connection_lost:  // what a server does that finds its own copy damaged, when the answer has begun
    case error_kind::integrity:
    case error_kind::bad_request:
    case error_kind::access_denied:
    case error_kind::not_found:
    case error_kind::method_not_allowed: return true;
    case error_kind::server: return !e.code.empty();  // S3 itself says so, and not a proxy on its behalf
    default: return false;
  }
}

/// How a lock falls short; empty where it does not.
inline std::string shortcoming(const evidence_lock& lock, const required_lock& required, timestamp created_at) {
  std::optional<timestamp> until = required.until;
  if (required.days && (!until || *until < created_at + *required.days)) until = created_at + *required.days;
  if (until && !lock.retain_until) return "it has no retention, and is required to be retained until " + format_iso8601(*until);
  if (until && *lock.retain_until < *until)
    return "it is retained until " + format_iso8601(*lock.retain_until) + ", and is required to be until " + format_iso8601(*until);
  if (required.mode && !lock.mode)
    return "it has no retention, and is required to have one in " + std::string(required.mode->str()) + " mode";
  if (required.mode && *required.mode == types::object_lock_mode::compliance && *lock.mode != types::object_lock_mode::compliance)
    return "it is retained in " + std::string(lock.mode->str()) + " mode, and is required to be in COMPLIANCE mode";
  if (required.legal_hold && !lock.legal_hold) return "it has no legal hold, and is required to have one";
  return {};
}

/// All that is to be said of one version, or a failure that ends the walk.
template <class P>
result<std::vector<evidence_finding>> examine(const basic_client<P>& s3, const std::string& bucket, const walked& v,
                                              const current_versions& current, const verify_evidence_options& options) {
  std::vector<evidence_finding> out;
  const auto place = parse_bundle_key(v.key);
  const auto found = [&](finding_kind kind, std::string detail) -> evidence_finding& {
    out.push_back({.kind = kind,
                   .key = v.key,
                   .version_id = v.version_id.value_or(""),
                   .decision_id = place ? place->decision_id : std::string{},
                   .last_modified = v.last_modified,
                   .detail = std::move(detail)});
    return out.back();
  };
  if (!v.latest) {
    const auto* const now = current.of(v.key);
    auto& shadowed = found(finding_kind::shadowed,
                           now && now->delete_marker ? "it stands below a delete marker" : "it stands below a newer version");
    if (now) shadowed.shadowed_by = now->version_id;
  }
  if (v.size > options.max_size) {
    found(finding_kind::unreadable,
          "it has " + decimal(v.size) + " bytes, more than the " + decimal(options.max_size) + " that are read");
    return out;
  }
  auto got = s3.get_object({.bucket = bucket, .key = v.key, .version_id = v.version_id}, options.call);
  if (!got) {
    if (!is_about_the_bundle(got.error())) return result<std::vector<evidence_finding>>::failed_as(std::move(got));
    found(got.error().kind == error_kind::integrity ? finding_kind::altered : finding_kind::unreadable, got.error().describe());
    return out;
  }
  timestamp created_at = v.last_modified;
  if (auto read = read_bundle(*got, v.key); !read) {
    found(read.error().kind == error_kind::integrity ? finding_kind::altered : finding_kind::unreadable,
          std::move(read.error().message));
  } else {
    created_at = read->bundle.created_at;
    std::string oddities;
    for (const auto& o : read->oddities) oddities.append(oddities.empty() ? "it holds " : "; ").append(o);
    if (!oddities.empty()) found(finding_kind::odd, std::move(oddities));
  }
  const evidence_lock told = lock_of(*got);
  auto lacks = shortcoming(told, options.required, created_at);
  if (!lacks.empty() && !told.mode) {  // some servers do not tell of a lock unless they are asked for it
    const auto lock = read_evidence_lock(s3, bucket, v.key, v.version_id, options.call);
    if (!lock) return result<std::vector<evidence_finding>>{lock.error()};
    lacks = shortcoming(*lock, options.required, created_at);
  }
  if (!lacks.empty()) found(finding_kind::short_of_retention, std::move(lacks));
  return out;
}

/// Examines the versions of a page, several at a time, and tells what was found in their order, on the caller's thread.
template <class P, class Found>
result<void> examine_page(const basic_client<P>& s3, const std::string& bucket, const std::vector<walked>& page,
                          const current_versions& current, const verify_evidence_options& options, evidence_summary& summary,
                          Found& on_finding) {
  std::vector<std::optional<result<std::vector<evidence_finding>>>> examined(page.size());
  in_parallel(page.size(), options.parallel, [&](std::size_t i) {
    examined[i].emplace(examine(s3, bucket, page[i], current, options));
    return *examined[i] ? page.size() : i;
  });
  for (auto& of_one : examined) {
    if (!*of_one) return result<void>::failed_as(std::move(*of_one));
    bool intact = true;
    for (const auto& f : **of_one) {
      ++summary.of(f.kind);
      intact = intact && f.kind != finding_kind::altered && f.kind != finding_kind::unreadable;
      on_finding(f);
    }
    ++summary.bundles;
    summary.intact += intact;
  }
  return {};
}

/// The same for all pages of a listing. `take(page, add)` calls `add(object, version_id, is_latest)` for each object.
template <class P, class Request, class Take, class Found>
result<evidence_summary> walk(const basic_client<P>& s3, Request listing, const verify_evidence_options& options, Take take,
                              Found& on_finding) {
  evidence_summary summary;
  current_versions current;
  std::optional<walked> last;
  const std::string bucket = listing.bucket;
  for (auto& page : s3.pages(std::move(listing), options.call)) {
    if (!page) return result<evidence_summary>::failed_as(std::move(page));
    std::vector<walked> bundles;
    current.turn_page();
    take(*page, current, summary, [&](auto& object, std::optional<std::string> version_id, bool latest) {
      if (!object.key || !is_evidence(*object.key)) return static_cast<void>(++summary.others);
      // a server was seen to begin a page with what the last one ended with
      if (last && last->key == *object.key && last->version_id == version_id) return;
      bundles.push_back({std::move(*object.key), std::move(version_id), latest, static_cast<std::uint64_t>(object.size.value_or(0)),
                         object.last_modified.value_or(timestamp{})});
      last = bundles.back();
    });
    if (auto done = examine_page(s3, bucket, bundles, current, options, summary, on_finding); !done)
      return result<evidence_summary>::failed_as(std::move(done));
  }
  return summary;
}

}  // namespace evidence

/// Reads every bundle whose key begins with `prefix`, and calls `on_finding(const evidence_finding&)` for each thing that is not as
/// it should be: in the order of the listing, on this thread, page by page. A bundle that cannot be had or does not hold is a
/// finding; what keeps the walk from seeing all of them is its error, and then nothing is said of those that were not seen. Throws
/// what `on_finding` throws.
template <class P, class Found>
result<evidence_summary> verify_evidence(const basic_client<P>& s3, const std::string& bucket, const std::string& prefix,
                                         Found on_finding, const verify_evidence_options& options = {}) {
  if (!options.versions)
    return evidence::walk(
        s3, list_objects_v2_request{.bucket = bucket, .prefix = prefix}, options,
        [](auto& page, auto&, auto&, auto add) {
          for (auto& object : page.contents) add(object, std::nullopt, true);
        },
        on_finding);
  return evidence::walk(
      s3, list_object_versions_request{.bucket = bucket, .prefix = prefix}, options,
      [](auto& page, auto& current, auto& summary, auto add) {
        summary.delete_markers += page.delete_markers.size();
        for (const auto& marker : page.delete_markers) current.note(marker, true);
        for (const auto& v : page.versions) current.note(v, false);
        for (auto& v : page.versions) add(v, std::move(v.version_id), v.is_latest.value_or(true));
      },
      on_finding);
}

}  // namespace s3store::inline v0
