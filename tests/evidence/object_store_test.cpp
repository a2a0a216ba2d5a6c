// Does an object store keep evidence under the original's names, and throw where something fails?
#include <s3store/evidence/object_store.hpp>
#include <s3store/store/object_store.hpp>

#include "support/evidence.hpp"
#include "support/thrown.hpp"

using namespace test;

namespace {
struct store_world : evidence_world {
  using policies = evidence_policies<embedded_transport>;
  explicit store_world(bool object_lock = false) : evidence_world(object_lock) {}
  basic_object_store<policies> store = on("b-1");
  basic_object_store<policies> on(const std::string& bucket) const {
    return basic_object_store<policies>{evidence_client_of(embedded_transport{server}, clock), bucket};
  }
};

}  // namespace

TEST_CASE("what fails is thrown, and never 'absent' or false", "[evidence]") {
  const store_world f;
  const auto nowhere = f.on("missing");
  CHECK(thrown_by([&] { store_evidence_bundle(nowhere, example()); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { retrieve_evidence_bundle(nowhere, "d"); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { retrieve_evidence_bundle(nowhere, "d", {.evidence_type = "decision", .months = {january}}); }).code ==
        "NoSuchBucket");
  CHECK(thrown_by([&] { retrieve_evidence_bundle_at(nowhere, "evidence/decision/2024/01/d.json"); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { list_evidence_bundles(nowhere); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { delete_evidence_bundle(nowhere, "d"); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { list_attachments(nowhere, "d"); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { verify_evidence(nowhere, "", [](const auto&) {}); }).code == "NoSuchBucket");
  CHECK(thrown_by([&] { retrieve_attachment(f.store, "attachments/2024/01/d/n"); }).code == "NoSuchKey");
  CHECK(thrown_by([&] { generate_presigned_url_for_evidence(f.store, "d"); }).kind == error_kind::not_found);
  CHECK(thrown_by([&] { retrieve_evidence_bundle(f.store, "../d"); }).kind == error_kind::invalid_argument);

  std::string bytes = bytes_of(example("altered"));
  f.put("evidence/decision/2024/01/altered.json", bytes.replace(bytes.find("ALLOW"), 5, "DENY!"));
  CHECK(thrown_by([&] { retrieve_evidence_bundle(f.store, "altered"); }).kind == error_kind::integrity);
  f.put("evidence/decision/2024/01/cut.json", bytes.substr(0, 50));
  CHECK(thrown_by([&] { retrieve_evidence_bundle(f.store, "cut"); }).kind == error_kind::malformed_response);
}

TEST_CASE("the original's functions, in the order of its README", "[evidence]") {
  const store_world f;
  CHECK_FALSE(retrieve_evidence_bundle(f.store, "dec-123"));
  CHECK_FALSE(delete_evidence_bundle(f.store, "dec-123"));
  CHECK(list_evidence_bundles(f.store).empty());

  const auto stored = store_evidence_bundle(f.store, example());
  CHECK(stored.key == "evidence/decision/2024/01/dec-123.json");
  CHECK(thrown_by([&] { store_evidence_bundle(f.store, example()); }).kind == error_kind::precondition_failed);
  CHECK(store_evidence_bundle(f.store, example(), {.overwrite = true}).key == stored.key);
  const auto retrieved = retrieve_evidence_bundle(f.store, "dec-123");
  REQUIRE(retrieved);
  CHECK(retrieved->bundle.evidence_data.json()["verdict"] == "ALLOW");
  CHECK(retrieved->bundle.checksum == stored.checksum);
  CHECK(retrieve_evidence_bundle_at(f.store, stored.key)->key == stored.key);
  CHECK_FALSE(retrieve_evidence_bundle_at(f.store, stored.key + "x"));
  CHECK(find_evidence(f.store, "dec-123").size() == 1);
  CHECK(list_evidence_bundles(f.store, {.year = std::chrono::year{2024}, .month = std::chrono::January}).size() == 1);
  CHECK(generate_presigned_url_for_evidence(f.store, "dec-123", std::chrono::hours{2})
            .url.starts_with("http://s3.test/b-1/evidence/"));
  CHECK(verify_evidence(f.store, "evidence/", [](const evidence_finding&) {}).clean());

  const auto attached = store_attachment(
      f.store,
      {.decision_id = "dec-123", .name = "screenshot.png", .body = "png", .created_at = mid_january, .content_type = "image/png"});
  CHECK(attached.key == "attachments/2024/01/dec-123/screenshot.png");
  CHECK(retrieve_attachment(f.store, attached.key) == "png");
  std::string streamed;
  CHECK(retrieve_attachment(f.store, attached.key, [&](std::span<const std::byte> b) {
          streamed.append(detail::as_text(b));
        }).content_type == "image/png");
  CHECK(streamed == "png");
  CHECK(list_attachments(f.store, "dec-123").size() == 1);

  CHECK(delete_evidence_bundle(f.store, "dec-123"));
  CHECK_FALSE(retrieve_evidence_bundle(f.store, "dec-123"));
  CHECK(list_attachments(f.store, "dec-123").size() == 1);
}

TEST_CASE("an object store reads back a version", "[evidence]") {
  const store_world f{true};
  const auto first = store_evidence_bundle(
      f.store, example(), {.lock = {.mode = types::object_lock_mode::compliance, .retain_until = day("2013-07-01")}});
  CHECK(delete_evidence_bundle(f.store, "dec-123"));
  CHECK_FALSE(retrieve_evidence_bundle(f.store, "dec-123"));
  const auto read = retrieve_evidence_bundle_at(f.store, first.key, first.version_id);
  REQUIRE(read);
  CHECK(read->lock.mode == types::object_lock_mode::compliance);
}
