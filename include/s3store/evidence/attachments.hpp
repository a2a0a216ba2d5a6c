// How are files kept beside a decision? As objects of their own, of any size, sent in parts and checked byte for byte.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline v0 {

struct attachment {
  std::string decision_id{};
  std::string name{};
  http::body body{};       ///< bytes, or a source of any size
  timestamp created_at{};  ///< that of the bundle, whose month it shares; storing puts the present in the place of the epoch
  std::optional<std::string> content_type{};
  s3store::metadata metadata{};
  std::uint64_t part_size{default_part_size};
  progress_callback progress{};
};

/// Stores an attachment; a key that is taken is refused with precondition_failed, unless the options say otherwise.
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
  auto sent = upload(s3, request, options.call);
  if (!sent && sent.error().kind == error_kind::precondition_failed) sent.error().message = "an attachment is stored under this key already, and was left as it is";
  if (!sent) return result<stored_evidence>::failed_as(std::move(sent));
  return stored_evidence{std::move(*key), std::move(sent->checksum), std::move(sent->etag), std::move(sent->version_id)};
}

/// Reads an attachment into `into`: a sink, or a function of `std::span<const std::byte>`. Where the result is an error, so are the bytes;
/// `meta().integrity` says how they were checked.
template <class P, class Into>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key, Into&& into,
                                                const call_options& options = {}) {
  return s3.get_object({.bucket = bucket, .key = key}, std::forward<Into>(into), options);
}
/// The same into memory, as the response's body.
template <class P>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key) {
  return s3.get_object({.bucket = bucket, .key = key});
}

/// All attachments of a decision, in the order of their names. `month` is that of its created_at in UTC.
template <class P>
result<std::vector<listed_attachment>> list_attachments(const basic_client<P>& s3, const std::string& bucket, const std::string& decision_id,
                                                        evidence::year_month month, const call_options& options = {}) {
  auto prefix = evidence::key_of(evidence::attachment_place{decision_id, month, "x"});
  if (!prefix) return evidence::located(std::move(prefix.error()), bucket, {});
  prefix->pop_back();
  return evidence::list_places(s3, bucket, std::move(*prefix), &evidence::parse_attachment_key, options);
}

}  // namespace s3store::inline v0
