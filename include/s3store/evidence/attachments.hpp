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
  std::string content_type{};
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

/// All attachments of a decision, in the months of the search, or in all months if it names none. Sorted by month, then by name.
/// Attachments have no type, so the search's type is ignored.
template <class P>
result<std::vector<listed_attachment>> list_attachments(const basic_client<P>& s3, const std::string& bucket,
                                                        const std::string& decision_id, const evidence_search& in = {}) {
  using failed = result<std::vector<listed_attachment>>;
  if (auto good = evidence::check_search(decision_id, {.months = in.months}); !good)
    return evidence::located(std::move(good.error()), bucket, {});
  std::vector<std::string> folders{std::string(evidence::attachment_folder)};
  if (in.months.empty()) {
    for (int years_then_months = 2; years_then_months != 0; --years_then_months) {
      auto below = evidence::folders_in(s3, bucket, folders, in.parallel, in.call);
      if (!below) return failed::failed_as(std::move(below));
      folders = std::move(*below);
    }
  } else {
    auto months = in.months;
    std::sort(months.begin(), months.end());
    months.erase(std::unique(months.begin(), months.end()), months.end());
    std::string above = std::move(folders.front());
    folders.clear();
    for (const auto month : months) folders.push_back(above + evidence::detail::month_folder(month));
  }
  std::vector<listed_attachment> out;
  for (const auto& folder : folders)
    if (auto walked = evidence::list_places(s3, bucket, folder + decision_id + "/", &evidence::parse_attachment_key, in.call, out);
        !walked)
      return failed::failed_as(std::move(walked));
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
