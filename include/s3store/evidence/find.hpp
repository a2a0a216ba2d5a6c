// How is the bundle of a decision found when only its id is known? Its key also contains a type and a month, so every type and
// month in the bucket is tried.
//
// Listings with a delimiter return the types and months of the bucket without listing its objects. Then a HEAD asks for the key in
// each of them, several at a time, newest month first. A caller who knows both the type and the months saves these listings. A
// bundle that was stored under a key of the caller's is not found in this way.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/core/parallel.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object/head_object.hpp>

namespace s3store::inline S3STORE_ABI {

/// Where to search.
struct evidence_search {
  std::string evidence_type{};                 ///< empty: all types in the bucket
  std::vector<evidence::year_month> months{};  ///< of created_at in UTC; empty: all months in the bucket
  bool every{};                                ///< find all bundles with the id, and not only those of the newest month
  unsigned parallel{8};  ///< requests at once, on threads that end with the call; 1: only on the caller's thread
  call_options call{};
};

/// A bundle that was found, but not read.
struct found_evidence {
  evidence::bundle_place place{};
  std::string key{};
  timestamp created_at{};  ///< from the object's metadata, or if they have none, S3's Last-Modified
  std::uint64_t size{};  ///< bytes
  std::string etag{};
  std::string version_id{};  ///< in a bucket with versions
};

namespace evidence {

struct candidate {
  bundle_place place{};
  std::string key{};
};

/// All keys that the bundle may have, newest month first. `listed` becomes true if the bucket was listed, and so is known to exist.
template <class P>
result<std::vector<candidate>> candidates_of(const basic_client<P>& s3, const std::string& bucket, const std::string& id,
                                             const evidence_search& in, bool& listed) {
  std::vector<bundle_place> places;
  if (!in.evidence_type.empty() && !in.months.empty()) {
    for (const auto month : in.months) places.push_back({id, month, in.evidence_type});
  } else {
    auto folders = in.evidence_type.empty()
                       ? typed_month_folders(s3, bucket, in.parallel, in.call)
                       : month_folders(s3, bucket, detail::concat({bundle_folder, in.evidence_type, "/"}), in.parallel, in.call);
    if (!folders) return result<std::vector<candidate>>::failed_as(std::move(folders));
    listed = true;
    for (const auto& folder : *folders)
      if (auto place = parse_bundle_folder(folder);
          place && (in.months.empty() || std::find(in.months.begin(), in.months.end(), place->month) != in.months.end())) {
        place->decision_id = id;
        places.push_back(std::move(*place));
      }
  }
  std::vector<candidate> out;
  for (auto& place : places)
    if (auto key = key_to_find(place)) out.push_back({std::move(place), std::move(*key)});  // no object has a longer key
  const auto newest_first = [](const candidate& a, const candidate& b) {
    return std::tie(b.place.month, a.key) < std::tie(a.place.month, b.key);
  };
  std::sort(out.begin(), out.end(), newest_first);
  out.erase(std::unique(out.begin(), out.end(), [](const candidate& a, const candidate& b) { return a.key == b.key; }), out.end());
  return out;
}

/// Fails with invalid_argument if the id, the type or a month cannot be part of a key; the message names it.
inline result<void> check_search(const std::string& id, const evidence_search& in) {
  bundle_place probe{.decision_id = id, .month = {std::chrono::year{2000}, std::chrono::January}};
  if (!in.evidence_type.empty()) probe.evidence_type = in.evidence_type;
  if (parse_bundle_key(id)) return detail::refused_name("decision_id", "is a key; to read it, call retrieve_evidence_bundle_at");
  if (auto good = key_to_find(probe); !good) return std::move(good.error());
  for (const auto month : in.months)
    if (auto good = detail::check_month(month); !good) return good;
  return {};
}

inline found_evidence found_at(candidate at, head_object_response& head) {
  found_evidence out{
      .place = std::move(at.place), .key = std::move(at.key), .created_at = head.last_modified.value_or(timestamp{})};
  if (const auto created = parse_iso8601(head.metadata.value_or_empty("created-at"))) out.created_at = *created;
  out.size = static_cast<std::uint64_t>(head.content_length.value_or(0));
  out.etag = std::move(head.etag);
  out.version_id = std::move(head.version_id);
  return out;
}

/// Like `find_evidence`, but does not ask for the key `not_this_key`.
template <class P>
result<std::vector<found_evidence>> find_evidence_but(const basic_client<P>& s3, const std::string& bucket,
                                                      const std::string& decision_id, std::string_view not_this_key,
                                                      const evidence_search& in) {
  using failed = result<std::vector<found_evidence>>;
  if (auto good = check_search(decision_id, in); !good) return located(std::move(good.error()), bucket, {});
  bool bucket_is_there = false;
  auto candidates = candidates_of(s3, bucket, decision_id, in, bucket_is_there);
  if (!candidates) return failed::failed_as(std::move(candidates));
  auto& all = *candidates;
  std::erase_if(all, [&](const candidate& c) { return c.key == not_this_key; });

  const auto behind_month_of = [&](std::size_t i) {
    const auto other = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(),
                                    [&](const candidate& c) { return c.place.month != all[i].place.month; });
    return in.every ? all.size() : static_cast<std::size_t>(other - all.begin());
  };
  std::vector<std::optional<result<head_object_response>>> answers(all.size());
  s3store::detail::in_parallel(all.size(), in.parallel, [&](std::size_t i) {
    auto head = s3.head_object({.bucket = bucket, .key = all[i].key}, in.call);
    if (!head && s3store::detail::is_absent(head.error())) return all.size();
    const bool there = head.has_value();
    answers[i].emplace(std::move(head));
    return there ? behind_month_of(i) : i;  // after a failure no further answer is needed
  });

  std::vector<found_evidence> out;
  for (std::size_t i = 0, end = all.size(); i < end; ++i) {
    if (!answers[i]) continue;
    if (!*answers[i]) return failed::failed_as(std::move(*answers[i]));
    end = behind_month_of(i);
    out.push_back(found_at(std::move(all[i]), **answers[i]));
  }
  if (out.empty() && !bucket_is_there)  // a HEAD of an object is also answered with 404 if the bucket is missing
    if (auto there = s3.head_bucket({.bucket = bucket}, in.call); !there) {
      if (there.error().kind == error_kind::not_found) there.error().code = "NoSuchBucket";
      return failed::failed_as(std::move(there));
    }
  std::stable_sort(out.begin(), out.end(), [](const found_evidence& a, const found_evidence& b) {
    return std::tie(b.place.month, b.created_at) < std::tie(a.place.month, a.created_at);
  });
  return out;
}

}  // namespace evidence

/// The bundles of a decision, newest first: by month, then by created_at. Without `every` the search ends with the newest month
/// that has one. Empty if there is none. Fails with invalid_argument if the id or the search cannot be part of a key, with
/// not_found if the bucket is missing, and otherwise with the error of the request that failed.
template <class P>
result<std::vector<found_evidence>> find_evidence(const basic_client<P>& s3, const std::string& bucket,
                                                  const std::string& decision_id, const evidence_search& in = {}) {
  return evidence::find_evidence_but(s3, bucket, decision_id, {}, in);
}

namespace evidence {

/// The newest bundle, and the keys of the others that were found. Fails with not_found if there is none.
struct newest_evidence {
  found_evidence at{};
  std::vector<std::string> also_at{};
};
template <class P>
result<newest_evidence> find_newest(const basic_client<P>& s3, const std::string& bucket, const std::string& decision_id,
                                    const evidence_search& in) {
  auto found = find_evidence(s3, bucket, decision_id, in);
  if (!found) return result<newest_evidence>::failed_as(std::move(found));
  if (found->empty())
    return located(detail::fail(error_kind::not_found, {"no bundle of the decision \"", decision_id, "\" is there"}), bucket, {});
  newest_evidence out{.at = std::move(found->front())};
  for (std::size_t i = 1; i < found->size(); ++i) out.also_at.push_back(std::move((*found)[i].key));
  return out;
}

}  // namespace evidence
}  // namespace s3store::inline S3STORE_ABI
