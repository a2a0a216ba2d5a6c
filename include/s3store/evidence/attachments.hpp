// How are files stored with a decision? As separate objects of any size, uploaded in parts and protected by a checksum.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/find.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline S3STORE_ABI {

struct attachment {
  std::string decision_id{};
  std::string name{};
  http::body body{};       ///< bytes, or a source of any size; a source, or borrowed bytes, must outlive the call
  timestamp created_at{};  ///< use the bundle's: its month is part of the key. Default: now
  std::string content_type{};  ///< empty: application/octet-stream
  s3store::metadata metadata{};
  std::uint64_t part_size{default_part_size};  ///< bytes
  progress_callback progress{};                ///< called on the thread of the call
};

/// Stores an attachment. Fails with precondition_failed if the key exists and `overwrite` is not set, and with invalid_argument if
/// a name cannot be part of a key. Does not look for the same name in other months.
template <class P>
result<stored_evidence> store_attachment(const basic_client<P>& s3, const std::string& bucket, const attachment& what,
                                         const store_evidence_options& options = {}) {
  const timestamp created = what.created_at == timestamp{} ? s3.shared().now().wall : what.created_at;
  auto key = evidence::key_of(evidence::attachment_place{what.decision_id, evidence::month_of(created), what.name});
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  auto fields = evidence::with_own_metadata({{"decision-id", what.decision_id}, {"attachment-name", what.name}}, what.metadata);
  if (!fields) return evidence::located(std::move(fields.error()), bucket, *key);

  upload_request request{.object = {.bucket = bucket, .key = *key, .body = what.body, .content_type = what.content_type},
                         .part_size = what.part_size,
                         .progress = what.progress};
  if (request.object.content_type.empty()) request.object.content_type = "application/octet-stream";
  request.object.metadata = std::move(*fields);
  if (!options.overwrite) request.object.if_none_match = "*";
  if (auto locked = evidence::apply_lock(options.lock, s3.configuration().profile.required_checksum(), request.object); !locked)
    return evidence::located(std::move(locked.error()), bucket, *key);
  auto sent = upload(s3, request, options.call);
  if (!sent && sent.error().kind == error_kind::precondition_failed && !sent.error().maybe_own_success)
    sent.error().message = "an attachment is stored under this key already, and was left as it is";
  if (!sent) return result<stored_evidence>::failed_as(std::move(sent));
  return stored_evidence{.key = std::move(*key),
                         .checksum = std::move(sent->checksum),
                         .etag = std::move(sent->etag),
                         .version_id = std::move(sent->version_id),
                         .confirmed_by_head = sent->confirmed_by_head};
}

/// Reads an attachment into `into`: a sink, or a function that takes `std::span<const std::byte>`, called on this thread. Fails
/// with integrity if the bytes do not match the checksum that S3 stores. After any failure, discard what `into` was given.
/// `meta().integrity` says how the bytes were checked; an object that was stored without a checksum cannot be.
template <class P, class Into>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                                Into&& into, const call_options& options = {}) {
  return s3.get_object({.bucket = bucket, .key = key}, std::forward<Into>(into), options);
}
/// The same; the bytes are the response's body.
template <class P>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key) {
  return s3.get_object({.bucket = bucket, .key = key});
}

namespace evidence {

/// Keeps what belongs to the decision. With slashes in the names, "a/b/c" is the attachment "b/c" of "a" as well as "c" of "a/b";
/// whose it is, stands in its metadata. One without such metadata is kept.
template <class P>
result<void> drop_those_of_others(const basic_client<P>& s3, const std::string& bucket, const std::string& decision_id,
                                  const evidence_search& in, std::vector<listed_attachment>& all) {
  const auto ambiguous = [](const listed_attachment& a) {
    return a.place.decision_id.find('/') != std::string::npos || a.place.name.find('/') != std::string::npos;
  };
  std::vector<std::optional<error>> failed(all.size());
  std::vector<char> foreign(all.size(), 0);
  s3store::detail::in_parallel(all.size(), in.parallel, [&](std::size_t i) {
    if (!ambiguous(all[i])) return all.size();
    auto head = s3.head_object({.bucket = bucket, .key = all[i].key}, in.call);
    if (head) {
      const auto differs = [&](std::string_view name, std::string_view ours) {
        const auto told = head->metadata.get(name);
        return told && !is_metadata_value(*told, ours);
      };
      // Python lets the caller's metadata replace either of them.
      foreign[i] = differs("decision-id", decision_id) && differs("attachment-name", all[i].place.name);
    } else if (s3store::detail::is_absent(head.error())) {  // deleted since it was listed
      foreign[i] = 1;
    } else {
      failed[i].emplace(std::move(head.error()));
      return i;
    }
    return all.size();
  });
  for (auto& f : failed)
    if (f) return std::move(*f);
  std::size_t at = 0;
  std::erase_if(all, [&](const auto&) { return foreign[at++] != 0; });
  return {};
}

}  // namespace evidence

/// All attachments of a decision, in the months of the search, or in all months if it names none. Sorted by month, then by name.
/// Attachments have no type, so the search's type is ignored. If an id or a name has a slash, a HEAD asks whose attachment it is.
template <class P>
result<std::vector<listed_attachment>> list_attachments(const basic_client<P>& s3, const std::string& bucket,
                                                        const std::string& decision_id, const evidence_search& in = {}) {
  using failed = result<std::vector<listed_attachment>>;
  if (auto good = evidence::check_search(decision_id, {.months = in.months}); !good)
    return evidence::located(std::move(good.error()), bucket, {});
  std::vector<std::string> folders;
  if (in.months.empty()) {
    auto found = evidence::month_folders(s3, bucket, std::string(evidence::attachment_folder), in.parallel, in.call);
    if (!found) return failed::failed_as(std::move(found));
    folders = std::move(*found);
  } else {
    for (const auto month : in.months)
      folders.push_back(detail::concat({evidence::attachment_folder, evidence::detail::month_folder(month)}));
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  std::vector<listed_attachment> out;
  for (const auto& folder : folders) {
    const std::string prefix = folder + decision_id + "/";
    const auto parse = [&](std::string_view key) -> std::optional<evidence::attachment_place> {
      if (!key.starts_with(prefix) || key.size() == prefix.size()) return std::nullopt;
      std::string_view month = std::string_view{folder}.substr(evidence::attachment_folder.size());
      return evidence::attachment_place{decision_id, *evidence::detail::take_month(month), std::string(key.substr(prefix.size()))};
    };
    if (auto walked = evidence::list_places(s3, bucket, prefix, parse, in.call, out); !walked)
      return failed::failed_as(std::move(walked));
  }
  if (auto sorted_out = evidence::drop_those_of_others(s3, bucket, decision_id, in, out); !sorted_out)
    return failed::failed_as(std::move(sorted_out));
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
