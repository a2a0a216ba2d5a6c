// How does a program keep evidence in an object store? With these functions, which have the names of the Python module's. They
// throw s3_error on failure, and return nullopt, false or an empty list if something does not exist.
//
// Each calls the function of the same name for a client and a bucket, whose comment has the details (store.hpp, find.hpp,
// listing.hpp, deletion.hpp, attachments.hpp, verify.hpp, lock.hpp). There is no `verify_checksum`: every bundle that is returned
// was verified.
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

namespace s3store::inline S3STORE_ABI {

template <class P>
class basic_object_store;  // store/object_store.hpp; only its client() and bucket_name() are used

template <class P>
stored_evidence store_evidence_bundle(const basic_object_store<P>& store, evidence_bundle bundle,
                                      const store_evidence_options& options = {}) {
  return store_evidence_bundle(store.client(), store.bucket_name(), std::move(bundle), options).value();
}

/// Empty if there is no bundle of the decision.
template <class P>
std::optional<retrieved_evidence> retrieve_evidence_bundle(const basic_object_store<P>& store, const std::string& decision_id,
                                                           const evidence_search& in = {}) {
  auto out = retrieve_evidence_bundle(store.client(), store.bucket_name(), decision_id, in);
  if (!out && detail::is_absent(out.error())) return std::nullopt;
  return std::move(out).value();
}
/// By the key, and if wanted the version, that store_evidence_bundle returned. Empty if there is none.
template <class P>
std::optional<retrieved_evidence> retrieve_evidence_bundle_at(const basic_object_store<P>& store, const std::string& key,
                                                              std::string version_id = {},
                                                              const call_options& options = {}) {
  auto out = retrieve_evidence_bundle_at(store.client(), store.bucket_name(), key, std::move(version_id), options);
  if (!out && detail::is_absent(out.error())) return std::nullopt;
  return std::move(out).value();
}

/// Throws s3_error if the object, or that version of it, does not exist.
template <class P>
evidence_lock read_evidence_lock(const basic_object_store<P>& store, const std::string& key,
                                 const std::string& version_id = {}) {
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

/// True if something was deleted, false if nothing was found. Failures throw.
template <class P>
bool delete_evidence_bundle(const basic_object_store<P>& store, const std::string& decision_id,
                            const delete_evidence_options& options = {}) {
  return !delete_evidence_bundle(store.client(), store.bucket_name(), decision_id, options).value().empty();
}

/// Throws (not_found) if there is no bundle of the decision.
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

/// The attachment's bytes. Throws (not_found, code NoSuchKey) if it does not exist.
template <class P>
std::string retrieve_attachment(const basic_object_store<P>& store, const std::string& key) {
  return retrieve_attachment(store.client(), store.bucket_name(), key).value().body;
}
/// The same for an attachment of any size: the bytes go to a sink, or to a function that takes `std::span<const std::byte>`.
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

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_COMPILED
#include <s3store/evidence/object_store_impl.hpp>
#endif
