// Is all evidence still what was stored? verify_evidence reads every bundle in a bucket and reports what is wrong.
//
//   auto summary = verify_evidence(s3, "bucket", "evidence/", [](const auto& f) { std::puts(to_json_line(f).c_str()); });
//
// It works page by page through a listing; in memory are one page and the bundles being read. By default it lists versions, which
// includes delete markers and all older versions; this also works for a bucket without versioning.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/findings.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/evidence/lock.hpp>
#include <s3store/core/parallel.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object/get_object.hpp>

namespace s3store::inline S3STORE_ABI {

/// The least lock that each bundle must have. Members that are left out require nothing.
struct required_lock {
  types::object_lock_mode mode{};  ///< if compliance, then governance is not enough
  std::optional<timestamp> until{};               ///< retained at least until then
  std::optional<std::chrono::days> days{};        ///< retained at least this long after the bundle's created_at
  bool legal_hold{};
};

struct verify_evidence_options {
  required_lock required{};
  bool versions{true};                ///< false: only current versions; needs no permission to list versions
  bool every_key{};                   ///< examine also objects whose keys do not end in .json: bundles under keys of your own
  std::uint64_t max_size{64u << 20};  ///< bytes; a larger bundle is not read, and reported as unreadable
  unsigned parallel{8};  ///< bundles read at once, on threads that end with the call; 1: only on the caller's thread
  call_options call{};
};

namespace evidence {

/// One version of one object.
struct walked {
  std::string key{};
  std::string version_id{};
  bool latest{true};
  std::uint64_t size{};
  timestamp last_modified{};
};

/// The current version or delete marker of each key on a page, and of the last key of the page before: the versions of a key are
/// listed newest first, and may continue on later pages.
class current_versions {
 public:
  struct entry {
    std::string version_id{};
    bool delete_marker{};
  };

  void turn_page() {
    if (!by_key_.empty()) by_key_.erase(by_key_.begin(), std::prev(by_key_.end()));
  }
  template <class Listed>
  void note(const Listed& v, bool delete_marker) {
    if (v.is_latest.value_or(false)) by_key_[v.key] = {v.version_id, delete_marker};
  }
  const entry* of(const std::string& key) const {
    const auto at = by_key_.find(key);
    return at == by_key_.end() ? nullptr : &at->second;
  }

 private:
  std::map<std::string, entry, std::less<>> by_key_{};
};

/// True if the error concerns only this bundle. All other errors end the verification.
inline bool is_about_the_bundle(const error& e) noexcept {
  for (const std::string_view code :
       {"NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "RequestTimeTooSkewed"})
    if (e.code == code) return false;
  switch (e.kind) {
    case error_kind::connection_lost:  // a server does this if it finds its copy damaged while sending
    case error_kind::integrity:
    case error_kind::bad_request:
    case error_kind::access_denied:
    case error_kind::not_found:
    case error_kind::method_not_allowed: return true;
    case error_kind::server: return !e.code.empty();  // the error comes from S3, and not from a proxy
    default: return false;
  }
}

/// What the lock lacks, as a sentence; empty if it is enough.
inline std::string shortcoming(const evidence_lock& lock, const required_lock& required, timestamp created_at) {
  std::optional<timestamp> until = required.until;
  if (required.days)
    until = (std::max)(until.value_or((timestamp::min)()), s3store::detail::saturating_add(created_at, *required.days));
  if (until) until = (std::min)(*until, latest_retention);  // no lock can promise more
  if (until && !lock.retain_until) return "it has no retention, and is required to be retained until " + format_iso8601(*until);
  if (until && *lock.retain_until < *until)
    return "it is retained until " + format_iso8601(*lock.retain_until) + ", and is required to be until " + format_iso8601(*until);
  if (!required.mode.empty() && lock.mode.empty())
    return "it has no retention, and is required to have one in " + required.mode.str() + " mode";
  if (required.mode == types::object_lock_mode::compliance && lock.mode != types::object_lock_mode::compliance)
    return "it is retained in " + lock.mode.str() + " mode, and is required to be in COMPLIANCE mode";
  if (required.legal_hold && !lock.legal_hold) return "it has no legal hold, and is required to have one";
  return {};
}

/// The findings about one version, or an error that ends the verification.
template <class P>
result<std::vector<evidence_finding>> examine(const basic_client<P>& s3, const std::string& bucket, const walked& v,
                                              const current_versions& current, const verify_evidence_options& options) {
  std::vector<evidence_finding> out;
  const auto place = parse_bundle_key(v.key);
  const auto found = [&](finding_kind kind, std::string_view text) -> evidence_finding& {
    out.push_back({.kind = kind,
                   .key = v.key,
                   .version_id = v.version_id,
                   .decision_id = place ? place->decision_id : std::string{},
                   .last_modified = v.last_modified,
                   .detail = detail::printable(text)});
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
          "it has " + detail::decimal(v.size) + " bytes, more than the " + detail::decimal(options.max_size) + " that are read");
    return out;
  }
  auto got = s3.get_object({.bucket = bucket, .key = v.key, .version_id = detail::optional_text(v.version_id)}, options.call);
  if (!got) {
    if (!is_about_the_bundle(got.error())) return result<std::vector<evidence_finding>>::failed_as(std::move(got));
    found(got.error().kind == error_kind::integrity ? finding_kind::altered : finding_kind::unreadable, got.error().describe());
    return out;
  }
  timestamp created_at = v.last_modified;
  if (auto read = read_bundle(*got, v.key); !read) {
    found(read.error().kind == error_kind::integrity ? finding_kind::altered : finding_kind::unreadable,
          read.error().message);
  } else {
    created_at = read->bundle.created_at;
    std::string oddities;
    for (const auto& o : read->oddities) oddities.append(oddities.empty() ? "it holds " : "; ").append(o);
    if (!oddities.empty()) found(finding_kind::odd, oddities);
  }
  const evidence_lock told = lock_of(*got);
  auto lacks = shortcoming(told, options.required, created_at);
  if (!lacks.empty() && told.mode.empty()) {  // some servers return a lock only if asked for it
    const auto lock = read_evidence_lock(s3, bucket, v.key, v.version_id, options.call);
    if (!lock) return result<std::vector<evidence_finding>>{lock.error()};
    lacks = shortcoming(*lock, options.required, created_at);
  }
  if (!lacks.empty()) found(finding_kind::short_of_retention, lacks);
  return out;
}

/// Examines the versions of a page, several at a time. Calls `on_finding` in the order of the page, on the caller's thread.
template <class P, class Found>
result<void> examine_page(const basic_client<P>& s3, const std::string& bucket, const std::vector<walked>& page,
                          const current_versions& current, const verify_evidence_options& options, evidence_summary& summary,
                          Found& on_finding) {
  std::vector<std::optional<result<std::vector<evidence_finding>>>> examined(page.size());
  s3store::detail::in_parallel(page.size(), options.parallel, [&](std::size_t i) {
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
    take(*page, current, summary, [&](auto& object, std::string version_id, bool latest) {
      const bool wanted = is_evidence(object.key) || (options.every_key && !object.key.starts_with(attachment_folder));
      if (!wanted) return static_cast<void>(++summary.others);
      // some server begins a page with the last entry of the page before
      if (last && last->key == object.key && last->version_id == version_id) return;
      bundles.push_back({std::move(object.key), std::move(version_id), latest, static_cast<std::uint64_t>(object.size.value_or(0)),
                         object.last_modified.value_or(timestamp{})});
      last = bundles.back();
    });
    if (auto done = examine_page(s3, bucket, bundles, current, options, summary, on_finding); !done)
      return result<evidence_summary>::failed_as(std::move(done));
  }
  return summary;
}

}  // namespace evidence

/// Reads every bundle whose key begins with `prefix`, and calls `on_finding(const evidence_finding&)` for each problem: on this
/// thread, page by page, in the order of the listing. A bundle that cannot be read or does not match its checksum is a finding, and
/// no error. An error (such as a failed listing or bad credentials) ends the verification: the remaining bundles were not checked.
/// Throws what `on_finding` throws.
template <class P, class Found>
result<evidence_summary> verify_evidence(const basic_client<P>& s3, const std::string& bucket, const std::string& prefix,
                                         Found on_finding, const verify_evidence_options& options = {}) {
  if (!options.versions)
    return evidence::walk(
        s3, list_objects_v2_request{.bucket = bucket, .prefix = prefix}, options,
        [](auto& page, auto&, auto&, auto add) {
          for (auto& object : page.contents) add(object, {}, true);
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

}  // namespace s3store::inline S3STORE_ABI
