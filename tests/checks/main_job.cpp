// The main job in one file: stores evidence with an attachment in an embedded S3, finds it, verifies it, and lists it. Compiled and run by each
// compiler and library that is supported. A header of one's own that names types of the library may come before it.
#ifdef FORWARD_DECLARATIONS_FIRST
#include <s3store/fwd.hpp>

#include <vector>
struct kept {
  std::vector<s3store::evidence_bundle>* bundles{};
  std::vector<s3store::client*> clients{};
};
#endif

#include <cstdio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <s3store/s3store.hpp>

int main() {  // NOLINT(bugprone-exception-escape): this ends the program, with a message
  s3store::object_store store = s3store::init_objectstore(s3store::object_store_settings{
      .bucket_name = "vault", .credentials = {"id", "secret"}, .backend = s3store::store_backend::embedded});
  store.connect();
  store.create_bucket_if_not_exists();
  const auto stored = store_evidence_bundle(store, {.decision_id = "dec-1", .evidence_data = {{"verdict", "ALLOW"}, {"confidence", 0.95}}});
  store_attachment(store, {.decision_id = "dec-1", .name = "scan.bin", .body = std::string(6 << 20, 'x')});
  const auto found = retrieve_evidence_bundle(store, "dec-1");
  if (!found || found->bundle.checksum != stored.checksum) return std::puts("the bundle is not what was stored"), 1;
  const auto attachments = list_attachments(store, "dec-1");
  if (attachments.size() != 1 || retrieve_attachment(store, attachments[0].key).size() != 6 << 20) return std::puts("no attachment"), 1;

  std::vector<std::string> findings;
  const auto summary = verify_evidence(store, "evidence/", [&](const auto& finding) { findings.push_back(to_json_line(finding)); });
  if (summary.bundles != 1 || summary.intact != 1 || !findings.empty()) return std::puts("the evidence was not verified"), 1;

  std::size_t count = 0;
  for (auto& object : store.client().items(s3store::list_objects_v2_request{.bucket = "vault"})) count += !object.key.empty();
  if (count != 2) return std::puts("the listing has not two objects"), 1;
  const auto missing = store.client().get_object({.bucket = "vault", .key = "nothing"});
  if (missing || missing.error().code != "NoSuchKey") return std::puts("an object that is not there was found"), 1;
  return 0;
}
