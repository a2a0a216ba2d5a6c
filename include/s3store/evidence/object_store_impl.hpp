// Which evidence functions are in the compiled library (S3STORE_COMPILED)? Those for an object store and for a client, with the
// default policies. Functions that take a callback are compiled where they are called.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <s3store/client/client_impl.hpp>
#include <s3store/evidence/object_store.hpp>
#include <s3store/store/object_store.hpp>

namespace s3store::inline S3STORE_ABI {

S3STORE_INSTANTIATE stored_evidence store_evidence_bundle(const object_store&, evidence_bundle, const store_evidence_options&);
S3STORE_INSTANTIATE std::optional<retrieved_evidence> retrieve_evidence_bundle(const object_store&, const std::string&,
                                                                               const evidence_search&);
S3STORE_INSTANTIATE std::optional<retrieved_evidence> retrieve_evidence_bundle_at(const object_store&, const std::string&,
                                                                                  std::string, const call_options&);
S3STORE_INSTANTIATE evidence_lock read_evidence_lock(const object_store&, const std::string&, const std::string&);
S3STORE_INSTANTIATE std::vector<found_evidence> find_evidence(const object_store&, const std::string&, const evidence_search&);
S3STORE_INSTANTIATE std::vector<listed_evidence> list_evidence_bundles(const object_store&, const evidence_filter&,
                                                                       const call_options&);
S3STORE_INSTANTIATE bool delete_evidence_bundle(const object_store&, const std::string&, const delete_evidence_options&);
S3STORE_INSTANTIATE presigned_url generate_presigned_url_for_evidence(const object_store&, const std::string&, std::chrono::seconds,
                                                                      const evidence_search&);
S3STORE_INSTANTIATE stored_evidence store_attachment(const object_store&, const attachment&, const store_evidence_options&);
S3STORE_INSTANTIATE std::string retrieve_attachment(const object_store&, const std::string&);
S3STORE_INSTANTIATE std::vector<listed_attachment> list_attachments(const object_store&, const std::string&,
                                                                    const evidence_search&);

// The same for a client, with the default policies and with an object store's.
#define S3STORE_INSTANTIATE_EVIDENCE(P)                                                                                          \
  S3STORE_INSTANTIATE result<stored_evidence> store_evidence_bundle(const basic_client<P>&, const std::string&, evidence_bundle, \
                                                                    const store_evidence_options&);                              \
  S3STORE_INSTANTIATE result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>&, const std::string&,            \
                                                                          const std::string&, const evidence_search&);           \
  S3STORE_INSTANTIATE result<retrieved_evidence> retrieve_evidence_bundle_at(                                                    \
      const basic_client<P>&, const std::string&, const std::string&, std::string, const call_options&);                         \
  S3STORE_INSTANTIATE result<evidence_lock> read_evidence_lock(const basic_client<P>&, const std::string&, const std::string&,   \
                                                               const std::string&, const call_options&);                         \
  S3STORE_INSTANTIATE result<std::vector<found_evidence>> find_evidence(const basic_client<P>&, const std::string&,              \
                                                                        const std::string&, const evidence_search&);             \
  S3STORE_INSTANTIATE result<std::vector<listed_evidence>> list_evidence_bundles(const basic_client<P>&, const std::string&,     \
                                                                                 const evidence_filter&, const call_options&);   \
  S3STORE_INSTANTIATE result<std::vector<deleted_evidence>> delete_evidence_bundle(                                              \
      const basic_client<P>&, const std::string&, const std::string&, const delete_evidence_options&);                           \
  S3STORE_INSTANTIATE result<stored_evidence> store_attachment(const basic_client<P>&, const std::string&, const attachment&,    \
                                                               const store_evidence_options&);                                   \
  S3STORE_INSTANTIATE result<std::vector<listed_attachment>> list_attachments(const basic_client<P>&, const std::string&,        \
                                                                              const std::string&, const evidence_search&);       \
  S3STORE_INSTANTIATE result<std::vector<evidence_finding>> evidence::examine(                                                   \
      const basic_client<P>&, const std::string&, const evidence::walked&, const evidence::current_versions&,                    \
      const verify_evidence_options&)

S3STORE_INSTANTIATE_EVIDENCE(default_policies);
S3STORE_INSTANTIATE_EVIDENCE(store_policies);

}  // namespace s3store::inline S3STORE_ABI
