// How is evidence deleted? All bundles of the decision are found and deleted; its attachments only if the caller asks for it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/attachments.hpp>
#include <s3store/evidence/find.hpp>
#include <s3store/operations/object/delete_object.hpp>

namespace s3store::inline S3STORE_ABI {

struct delete_evidence_options {
  evidence_search search{};  ///< only what this finds is deleted; a type or months limit it
  bool attachments{};        ///< also delete the decision's attachments, in the months of the search, or in all months
};

/// An object that was deleted.
struct deleted_evidence {
  std::string key{};
  std::string version_id{};  ///< of the delete marker, in a bucket with versions
  bool delete_marker{};                     ///< the older versions still exist and can be read
};

/// Deletes every bundle of a decision that the search finds. Attachments go first, then the bundles from the oldest to the newest,
/// so that a deletion that fails halfway can be repeated; the error's message then says how many objects were deleted. Returns what
/// was deleted, in that order; empty if nothing was found.
template <class P>
result<std::vector<deleted_evidence>> delete_evidence_bundle(const basic_client<P>& s3, const std::string& bucket,
                                                             const std::string& decision_id,
                                                             const delete_evidence_options& options = {}) {
  using failed = result<std::vector<deleted_evidence>>;
  evidence_search in = options.search;
  in.every = true;
  std::vector<std::string> doomed;
  auto found = find_evidence(s3, bucket, decision_id, in);
  if (!found) return failed::failed_as(std::move(found));
  if (options.attachments) {
    auto beside = list_attachments(s3, bucket, decision_id, in);
    if (!beside) return failed::failed_as(std::move(beside));
    for (auto& a : *beside) doomed.push_back(std::move(a.key));
  }
  for (auto b = found->rbegin(); b != found->rend(); ++b) doomed.push_back(std::move(b->key));

  std::vector<deleted_evidence> out;
  for (auto& key : doomed) {
    auto gone = s3.delete_object({.bucket = bucket, .key = key}, in.call);
    if (!gone) {
      gone.error().message.append("; " + detail::decimal(out.size()) + " of " + detail::decimal(doomed.size()) +
                                  " were deleted before");
      return failed::failed_as(std::move(gone));
    }
    out.push_back({std::move(key), std::move(gone->version_id), gone->delete_marker.value_or(false)});
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
