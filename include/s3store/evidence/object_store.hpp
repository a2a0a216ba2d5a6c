// How does a program that has an object store keep evidence in it? With the functions of the Python module, under their names: they
// throw s3_error where something fails, and what is absent is nullopt, false, or an empty list.
//
// Each is the one for a client and a bucket (store.hpp, find.hpp, listing.hpp, deletion.hpp, attachments.hpp, verify.hpp), where
// its terms stand. There is no `verify_checksum`: whatever is returned was verified.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/evidence/attachments.hpp>
#include <s3store/evidence/deletion.hpp>
#include <s3store/evidence/find.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/evidence/verify.hpp>

namespace s3store::inline v0 {

template <class P>
class basic_object_store;  // store/object_store.hpp; only its client() and bucket_name() are used

template <class P>
stored_evidence store_evidence_bundle(const basic_object_store<P>& store, evidence_bundle bundle,
                                      const store_evidence_options& options = {}) {
  return store_evidence_bundle(store.client(), store.bucket_name(), std::move(bundle), options).value();
}

/// Nothing where no bundle of the decision is there.
template <class P>
std::optional<retrieved_evidence> retrieve_evidence_bundle(const basic_object_store<P>& store, const std::string& decision_id,
                                                           const evidence_search& in = {}) {
  auto out = retrieve_evidence_bundle(store.client(), store.bucket_name(), decision_id, in);
  if (!out && evidence::is_absent(out.error())) return std::nullopt;
  return std::move(out).value();
}
/// By its key, and one of its versions if wanted, as storing it told them.
template <class P>
std::optional<retrieved_evidence> retrieve_evidence_bundle_at(const basic_object_store<P>& store, const std::string& key,
                                                              std::optional<std::string> version_id = {},
                                                              const call_options& options = {}) {
  auto out = retrieve_evidence_bundle_at(store.client(), store.bucket_name(), key, std::move(version_id), options);
  if (!out && evidence::is_absent(out.error())) return std::nullopt;
  return std::move(out).value();
}

/// Throws where there is no such object, or version of it.
template <class P>
evidence_lock read_evidence_lock(const basic_object_store<P>& store, const std::string& key,
                                 const std::optional<std::string>& version_id = {}) {
  return read_evidence_lock(store.client(), store.bucket_name(), key, version_id).value();
}

template <class P>
std::vector<found_evidence> find_evidence(const basic_object_store<P>& store, const std::string& decision_id,
                                          const evidence_search& in = {}) {
  return find_evidence(store.client(), store.bucket_name(), decision_id, in).value();
}

template <class P>
std::vector<listed_evidence> list_evidence_bundles(const basic_object_store<P>& store, const evidence_filter& filter = {},
                                                   const call_options& options = {}) {
  return list_evidence_bundles(store.client(), store.bucket_name(), filter, options).value();
}

/// Whether there was anything to delete; a failure is an error and never `false`.
template <class P>
bool delete_evidence_bundle(const basic_object_store<P>& store, const std::string& decision_id,
                            const delete_evidence_options& options = {}) {
  return !delete_evidence_bundle(store.client(), store.bucket_name(), decision_id, options).value().empty();
}

/// Throws, with not_found, where no bundle of the decision is there.
template <class P>
presigned_url generate_presigned_url_for_evidence(const basic_object_store<P>& store, const std::string& decision_id,
                                                  std::chrono::seconds expiration = std::chrono::hours{1},
                                                  const evidence_search& in = {}) {
  return generate_presigned_url_for_evidence(store.client(), store.bucket_name(), decision_id, expiration, in).value();
}

template <class P>
stored_evidence store_attachment(const basic_object_store<P>& store, const attachment& what,
                                 const store_evidence_options& options = {}) {
  return store_attachment(store.client(), store.bucket_name(), what, options).value();
}

/// The bytes. Throws, with NoSuchKey, where there are none.
template <class P>
std::string retrieve_attachment(const basic_object_store<P>& store, const std::string& key) {
  return retrieve_attachment(store.client(), store.bucket_name(), key).value().body;
}
/// Into a sink, or a function of `std::span<const std::byte>`: an attachment of any size.
template <class P, class Into>
get_object_response retrieve_attachment(const basic_object_store<P>& store, const std::string& key, Into&& into,
                                        const call_options& options = {}) {
  return retrieve_attachment(store.client(), store.bucket_name(), key, std::forward<Into>(into), options).value();
}

template <class P>
std::vector<listed_attachment> list_attachments(const basic_object_store<P>& store, const std::string& decision_id,
                                                const evidence_search& in = {}) {
  return list_attachments(store.client(), store.bucket_name(), decision_id, in).value();
}

template <class P, class Found>
evidence_summary verify_evidence(const basic_object_store<P>& store, const std::string& prefix, Found on_finding,
                                 const verify_evidence_options& options = {}) {
  return verify_evidence(store.client(), store.bucket_name(), prefix, std::move(on_finding), options).value();
}

}  // namespace s3store::inline v0
