// Are attachments kept beside their decision, found in every month, and deleted only on request?
#include <s3store/evidence/deletion.hpp>

#include "support/evidence.hpp"

using namespace test;

namespace {
std::string names(const result<std::vector<listed_attachment>>& list) {
  if (!list) return list.error().describe();
  std::string out;
  for (const auto& a : *list) out.append(evidence::detail::month_folder(a.place.month)).append(a.place.name).append(" ");
  return out;
}
}  // namespace

TEST_CASE("attachments that cannot be stored are refused before anything is sent", "[evidence]") {
  scripted_world f;
  CHECK_FALSE(store_attachment(f.s3, "b-1", {.decision_id = "d", .name = "..", .body = "x"}));
  CHECK_FALSE(store_attachment(f.s3, "b-1", {.decision_id = "d", .name = "a/b", .body = "x"}));
  CHECK_FALSE(store_attachment(f.s3, "b-1", {.decision_id = "..", .name = "n", .body = "x"}));
  attachment a{.decision_id = "d", .name = "n", .body = "x"};
  a.metadata.add("Attachment-Name", "other");
  CHECK_FALSE(store_attachment(f.s3, "b-1", a));
  CHECK_FALSE(store_attachment(f.s3, "b-1", {.decision_id = "d", .name = "n", .body = "x"},
                               {.lock = {.mode = types::object_lock_mode::governance}}));
  CHECK_FALSE(list_attachments(f.s3, "b-1", "../d"));
  CHECK_FALSE(list_attachments(f.s3, "b-1", "d", {.months = {evidence::year_month{}}}));
  CHECK(f.server.tried() == 0);
}

TEST_CASE("attachments are kept beside their decision, whatever their size", "[evidence]") {
  evidence_world f;
  const std::string large(min_part_size + 100, 'x');
  std::uint64_t told = 0;
  attachment a{.decision_id = "dec-123",
               .name = "sch\xc3\xb6n.png",
               .body = http::body::borrow(large),
               .created_at = mid_january,
               .content_type = "image/png"};
  a.metadata.add("source", "camera");
  a.part_size = min_part_size;
  a.progress = [&told](std::uint64_t done, std::uint64_t) { told = done; };
  const auto out = store_attachment(f.s3, "b-1", a);
  if (!out) FAIL(out.error().describe());
  CHECK(out->key == "attachments/2024/01/dec-123/sch\xc3\xb6n.png");
  CHECK(told == large.size());
  CHECK(store_attachment(f.s3, "b-1", a).error().kind == error_kind::precondition_failed);
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-123", .name = "b", .body = "second", .created_at = mid_january}));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-123", .name = "b", .body = "third", .created_at = mid_january},
                           {.overwrite = true}));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-1234", .name = "b", .body = "other", .created_at = mid_january}));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-123", .name = "late", .body = "y", .created_at = day("2025-12-31")}));

  CHECK(names(list_attachments(f.s3, "b-1", "dec-123", {.months = {january, january}})) == "2024/01/b 2024/01/sch\xc3\xb6n.png ");
  CHECK(names(list_attachments(f.s3, "b-1", "dec-123")) == "2024/01/b 2024/01/sch\xc3\xb6n.png 2025/12/late ");
  CHECK(names(list_attachments(f.s3, "b-1", "dec-12")).empty());
  CHECK(list_attachments(f.s3, "b-1", "dec-123")->at(1).size == large.size());

  std::string back;
  const auto got =
      retrieve_attachment(f.s3, "b-1", out->key, [&back](std::span<const std::byte> bytes) { back.append(detail::as_text(bytes)); });
  REQUIRE(got);
  CHECK((back == large));
  CHECK(got.meta().integrity == integrity::verified);
  CHECK(got->content_type == "image/png");
  CHECK(got->metadata.get("decision-id") == "dec-123");
  CHECK(evidence::plain_metadata_value(*got->metadata.get("attachment-name")) == "sch\xc3\xb6n.png");
  CHECK(got->metadata.get("source") == "camera");
  CHECK(retrieve_attachment(f.s3, "b-1", "attachments/2024/01/dec-123/b")->body == "third");
  CHECK(retrieve_attachment(f.s3, "b-1", "attachments/2024/01/dec-123/c").error().code == "NoSuchKey");
}

TEST_CASE("an attachment without a content type is application/octet-stream, as Python stores it", "[evidence]") {
  evidence_world f;
  const auto out = store_attachment(f.s3, "b-1", {.decision_id = "d", .name = "n", .body = "x"});
  REQUIRE(out);
  CHECK(f.s3.head_object({.bucket = "b-1", .key = out->key})->content_type == "application/octet-stream");
}

TEST_CASE("attachments whose id or name has a slash, which Python stores, are listed and deleted with their decision alone", "[evidence]") {
  evidence_world f;
  const auto attach = [&f](const std::string& id, const std::string& name, bool told = true) {
    put_object_request r{.bucket = "b-1", .key = "attachments/2024/01/" + id + "/" + name, .body = "x"};
    if (told) r.metadata = {{"decision-id", id}, {"attachment-name", name}};
    f.s3.put_object(r).value();
  };
  attach("a", "plain.png");
  attach("a", "photos/1.png");
  attach("a", "photos/raw/2.png");
  attach("a/photos", "3.png");      // another decision's, under the same prefix
  attach("a/b", "c/d.png");
  attach("a", "untold/4.png", false);
  CHECK(names(list_attachments(f.s3, "b-1", "a")) == "2024/01/photos/1.png 2024/01/photos/raw/2.png 2024/01/plain.png 2024/01/untold/4.png ");
  CHECK(names(list_attachments(f.s3, "b-1", "a/photos")) == "2024/01/3.png ");
  CHECK(names(list_attachments(f.s3, "b-1", "a/b", {.months = {january}, .parallel = 1})) == "2024/01/c/d.png ");
  CHECK(names(list_attachments(f.s3, "b-1", "a/b/c")).empty());

  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("a")));
  const auto gone = delete_evidence_bundle(f.s3, "b-1", "a", {.attachments = true});
  if (!gone) FAIL(gone.error().describe());
  CHECK(gone->size() == 5);
  CHECK(names(list_attachments(f.s3, "b-1", "a/photos")) == "2024/01/3.png ");
  CHECK(names(list_attachments(f.s3, "b-1", "a/b")) == "2024/01/c/d.png ");
}

TEST_CASE("whose attachment it is, if that cannot be asked, is an error", "[evidence]") {
  scripted_world f;
  f.server
      .answer(200, {},
              "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>"
              "<Contents><Key>attachments/2024/01/d/a/b</Key></Contents><Contents><Key>elsewhere</Key></Contents></ListBucketResult>")
      .answer(403);
  const auto out = list_attachments(f.s3, "b-1", "d", {.months = {january}, .parallel = 1});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::access_denied);
}

TEST_CASE("a bundle whose id or type has slashes is deleted, and no other", "[evidence]") {
  evidence_world f;
  f.put("evidence/decision/2024/01/team/dec-1.json", bytes_of(example("team/dec-1")));
  f.put("evidence/legal/eu/2024/01/team/dec-1.json", bytes_of(example("team/dec-1", mid_january, "legal/eu")));
  f.put("evidence/decision/2024/01/dec-1.json", bytes_of(example("dec-1")));
  const auto gone = delete_evidence_bundle(f.s3, "b-1", "team/dec-1");
  if (!gone) FAIL(gone.error().describe());
  CHECK(gone->size() == 2);
  CHECK(find_evidence(f.s3, "b-1", "dec-1")->size() == 1);
}

TEST_CASE("an attachment whose bytes do not match is an error", "[evidence]") {
  scripted_world f;
  const scripted_reply wrong{.head = {200, {{"Content-Length", "3"}, {"x-amz-checksum-crc32", "AAAAAA=="}}}, .body = "abc"};
  f.server.compute([wrong](const recorded_request&) { return wrong; }, true);
  const auto out = retrieve_attachment(f.s3, "b-1", "attachments/2024/01/d/n");
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::integrity);
}

TEST_CASE("a large attachment is locked in the request that begins its upload", "[evidence]") {
  evidence_world f{true};
  const std::string large(min_part_size + 100, 'x');
  attachment a{
      .decision_id = "d", .name = "n", .body = http::body::borrow(large), .created_at = mid_january, .part_size = min_part_size};
  const timestamp until = day("2013-06-01");
  const auto out = store_attachment(f.s3, "b-1", a, {.lock = {.mode = types::object_lock_mode::governance, .retain_until = until}});
  if (!out) FAIL(out.error().describe());
  const auto lock = evidence::lock_of(*f.s3.head_object({.bucket = "b-1", .key = out->key}));
  CHECK(lock.mode == types::object_lock_mode::governance);
  CHECK(lock.retain_until == until);
}

TEST_CASE("a failure to delete is an error, and says what was done", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"e\""}}).answer(403);
  const evidence_search known{.evidence_type = "decision", .months = {january}, .parallel = 1};
  const auto out = delete_evidence_bundle(f.s3, "b-1", "d", {.search = known});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::access_denied);
  CHECK(out.error().key == "evidence/decision/2024/01/d.json");
  CHECK(out.error().message.find("0 of 1") != std::string::npos);
  f.server.answer(403);
  CHECK_FALSE(delete_evidence_bundle(f.s3, "b-1", "d", {.search = known}));
  CHECK_FALSE(delete_evidence_bundle(f.s3, "b-1", "../d"));
}

TEST_CASE("deleting sees every place, and attachments only on request", "[evidence]") {
  evidence_world f;
  CHECK(delete_evidence_bundle(f.s3, "b-1", "dec-1")->empty());
  const auto put = [&f](const char* id, const char* when, const char* type) {
    REQUIRE(store_evidence_bundle(f.s3, "b-1", example(id, day(when), type), {.own_key_only = true}));
  };
  put("dec-1", "2019-01-01", "decision");
  put("dec-1", "2024-01-01", "decision");
  put("dec-1", "2021-01-01", "audit");
  put("dec-11", "2024-01-01", "decision");
  for (const char* const when : {"2019-01-01", "2024-01-01"})
    REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-1", .name = "a", .body = "x", .created_at = day(when)}));

  const auto audit = delete_evidence_bundle(f.s3, "b-1", "dec-1", {.search = {.evidence_type = "audit"}});
  REQUIRE(audit);
  REQUIRE(audit->size() == 1);
  CHECK(audit->front().key == "evidence/audit/2021/01/dec-1.json");

  const auto rest = delete_evidence_bundle(f.s3, "b-1", "dec-1");
  REQUIRE(rest);
  REQUIRE(rest->size() == 2);
  CHECK(rest->back().key == "evidence/decision/2024/01/dec-1.json");  // the newest last
  CHECK(find_evidence(f.s3, "b-1", "dec-1")->empty());
  CHECK(find_evidence(f.s3, "b-1", "dec-11")->size() == 1);
  CHECK(list_attachments(f.s3, "b-1", "dec-1")->size() == 2);

  put("dec-1", "2024-01-01", "decision");
  const auto all = delete_evidence_bundle(f.s3, "b-1", "dec-1", {.attachments = true});
  REQUIRE(all);
  REQUIRE(all->size() == 3);
  CHECK(all->front().key == "attachments/2019/01/dec-1/a");
  CHECK(list_attachments(f.s3, "b-1", "dec-1")->empty());
}

TEST_CASE("with versions a deletion lays a marker", "[evidence]") {
  evidence_world f;
  f.keep_versions();
  const auto stored = store_evidence_bundle(f.s3, "b-1", example());
  REQUIRE(stored);
  const auto gone = delete_evidence_bundle(f.s3, "b-1", "dec-123");
  REQUIRE(gone);
  REQUIRE(gone->size() == 1);
  CHECK(gone->front().delete_marker);
  CHECK(!gone->front().version_id.empty());
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-123").error().kind == error_kind::not_found);
  CHECK(retrieve_evidence_bundle_at(f.s3, "b-1", stored->key, stored->version_id));
  CHECK(store_evidence_bundle(f.s3, "b-1", example()));  // the id is free again
}
