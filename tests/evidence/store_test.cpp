#include "support/evidence.hpp"

using namespace test;

TEST_CASE("evidence that cannot be stored is refused before anything is sent", "[evidence]") {
  scripted_world f;
  const auto refused = [&f](evidence_bundle b, error_kind kind = error_kind::invalid_argument) {
    const auto out = store_evidence_bundle(f.s3, "b-1", std::move(b));
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == kind);
    CHECK(out.error().bucket == "b-1");
  };
  refused(example(""));
  refused(example("a/b"));
  refused(example(".."));
  refused(
      example("a\xc2\x85"
              "b"));  // NEL, a control character of Unicode's
  auto b = example();
  b.evidence_type = "";
  refused(b);
  b = example();
  b.evidence_data = json_text::parse("{\"x\": NaN}").value();
  refused(b);
  b = example();
  b.metadata = {{"checksum", "mine"}};
  refused(b);
  b = example();
  b.metadata = {{"Decision-ID", "mine"}};
  refused(b);
  b = example();
  b.metadata = {{"stage", "a"}, {"Stage", "b"}};  // headers have one of them
  refused(b);
  b = example();
  b.metadata = json_text::parse("[1]").value();
  refused(b);
  b = example();
  b.checksum = "00";
  refused(b, error_kind::integrity);
  for (const evidence_lock& half :
       {evidence_lock{.mode = types::object_lock_mode::governance}, evidence_lock{.retain_until = day("2030-01-01")}}) {
    const auto out = store_evidence_bundle(f.s3, "b-1", example(), {.lock = half});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
  }
  CHECK_FALSE(list_evidence_bundles(f.s3, "b-1", {.month = std::chrono::January}));
  CHECK_FALSE(list_evidence_bundles(f.s3, "b-1", {.evidence_type = "a/b"}));
  CHECK_FALSE(generate_presigned_url_for_evidence(f.s3, "b-1", "d", std::chrono::seconds{0}));
  CHECK_FALSE(generate_presigned_url_for_evidence(f.s3, "b-1", "d", std::chrono::days{7} + std::chrono::seconds{1}));
  CHECK_FALSE(retrieve_evidence_bundle(f.s3, "b-1", "../d"));
  CHECK_FALSE(retrieve_evidence_bundle(f.s3, "b-1", "evidence/decision/2024/01/d.json"));  // a key is no id
  CHECK(f.server.tried() == 0);

  b = example();
  b.metadata = {{"no name", "x"}};
  CHECK(store_evidence_bundle(f.s3, "b-1", b, {.own_key_only = true}).error().kind == error_kind::invalid_argument);
  CHECK(f.server.sent().empty());
}

TEST_CASE("a bundle is stored under its key, with its metadata, and once", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-version-id", "v1"}});
  auto b = example("d\xc3\xa9");
  b.metadata = {{"place", "Z\xc3\xbcrich"}, {"edges", " x "}, {"like", "=?UTF-8?B?YQ==?="}, {"bell", "\a"}, {"count", 3}};
  const auto out = store_evidence_bundle(f.s3, "b-1", b, {.own_key_only = true});
  REQUIRE(out);
  CHECK(out->key == "evidence/decision/2024/01/d\xc3\xa9.json");
  CHECK(out->version_id == "v1");
  CHECK_FALSE(out->confirmed_by_head);
  REQUIRE(f.server.sent().size() == 1);
  const auto sent = f.server.sent().front();
  CHECK(sent.url == "http://s3.test/b-1/evidence/decision/2024/01/d%C3%A9.json");
  CHECK(sent.fields.get("If-None-Match") == "*");
  CHECK(sent.fields.get("Content-Type") == "application/json");
  CHECK(sent.fields.get("x-amz-meta-decision-id") == "=?UTF-8?B?ZMOp?=");
  CHECK(sent.fields.get("x-amz-meta-evidence-type") == "decision");
  CHECK(sent.fields.get("x-amz-meta-version") == "1.0");
  CHECK(sent.fields.get("x-amz-meta-created-at") == "2024-01-15T12:00:00");
  CHECK(sent.fields.get("x-amz-meta-checksum") == out->checksum);
  for (const auto& [name, plain] :
       {std::pair{"place", "Z\xc3\xbcrich"}, {"edges", " x "}, {"like", "=?UTF-8?B?YQ==?="}, {"bell", "\a"}}) {
    const auto value = sent.fields.get(std::string("x-amz-meta-") + name);
    REQUIRE(value);
    CHECK(value->starts_with("=?UTF-8?B?"));
    CHECK(evidence::plain_metadata_value(*value) == plain);
  }
  CHECK_FALSE(sent.fields.contains("x-amz-meta-count"));
  CHECK_FALSE(sent.fields.contains("x-amz-object-lock-mode"));
  b.checksum = out->checksum;
  CHECK(sent.body == *evidence::encode_bundle(b));
}

TEST_CASE("a lock travels in the request that stores, beside a checksum", "[evidence]") {
  scripted_world f;
  f.server.answer(200).answer(200);
  REQUIRE(store_evidence_bundle(
      f.s3, "b-1", example(),
      {.own_key_only = true,
       .lock = {
           .mode = types::object_lock_mode::compliance, .retain_until = day("2030-01-01T00:00:00.000001"), .legal_hold = true}}));
  const auto sent = f.server.sent().front();
  CHECK(sent.fields.get("x-amz-object-lock-mode") == "COMPLIANCE");
  CHECK(sent.fields.get("x-amz-object-lock-retain-until-date") == "2030-01-01T00:00:01Z");  // never less than was asked for
  CHECK(sent.fields.get("x-amz-object-lock-legal-hold") == "ON");
  CHECK(sent.fields.contains("x-amz-checksum-crc64nvme"));

  REQUIRE(store_evidence_bundle(f.s3, "b-1", example(), {.own_key_only = true, .lock = {.legal_hold = true}}));
  CHECK_FALSE(f.server.sent().back().fields.contains("x-amz-object-lock-mode"));
  CHECK(f.server.sent().back().fields.get("x-amz-object-lock-legal-hold") == "ON");
}

TEST_CASE("a bundle without a time has the present one", "[evidence]") {
  scripted_world f;  // the clock stands on 2013-05-24
  f.server.answer(200, {{"ETag", "\"e\""}});
  const auto out = store_evidence_bundle(f.s3, "b-1", {.decision_id = "d"}, {.own_key_only = true});
  REQUIRE(out);
  CHECK(out->key == "evidence/decision/2013/05/d.json");
  CHECK(f.server.sent().front().fields.get("x-amz-meta-created-at") == "2013-05-24T00:00:00");
}

TEST_CASE("evidence that was altered is an error", "[evidence]") {
  scripted_world f;
  auto b = example();
  b.checksum = evidence::canonical(b.evidence_data)->checksum();
  const std::string good = bytes_of(b);
  const auto answer = [&](std::string bytes, http::headers beside) {
    beside.add("ETag", "\"e\"");
    f.server.answer(200, std::move(beside), std::move(bytes));
    return retrieve_evidence_bundle(f.s3, "b-1", "dec-123", {.evidence_type = "decision", .months = {january}});
  };
  const http::headers right{{"x-amz-meta-checksum", b.checksum},
                            {"x-amz-meta-decision-id", "dec-123"},
                            {"x-amz-meta-evidence-type", "decision"},
                            {"x-amz-meta-version", "1.0"},
                            {"x-amz-meta-created-at", "2024-01-15T13:00:00+01:00"}};
  REQUIRE(answer(good, right));
  REQUIRE(answer(good, {}));  // copied without its metadata
  CHECK(f.server.sent().size() == 2);
  std::string altered = good;
  altered.replace(altered.find("ALLOW"), 5, "DENY!");
  const auto out = answer(altered, right);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::integrity);
  CHECK(out.error().key == "evidence/decision/2024/01/dec-123.json");
  for (const auto& [name, value] : {std::pair{"checksum", "00"},
                                    {"decision-id", "dec-124"},
                                    {"evidence-type", "audit"},
                                    {"version", "1.1"},
                                    {"created-at", "2024-01-15T12:00:01"}}) {
    CAPTURE(name);
    http::headers wrong = right;
    wrong.set(std::string("x-amz-meta-") + name, value);
    CHECK(answer(good, wrong).error().kind == error_kind::integrity);
  }
  CHECK(answer(good.substr(0, good.size() / 2), right).error().kind == error_kind::malformed_response);
  CHECK(answer("", right).error().kind == error_kind::malformed_response);
  b.decision_id = "another";
  CHECK(answer(bytes_of(b), {}).error().kind == error_kind::integrity);
}

TEST_CASE("evidence is kept, read, and refused where its key is taken", "[evidence]") {
  evidence_world f;
  const evidence_search there{.evidence_type = "decision", .months = {january}};
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-123", there).error().kind == error_kind::not_found);
  const auto stored = store_evidence_bundle(f.s3, "b-1", example());
  if (!stored) FAIL(stored.error().describe());
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", "dec-123", there);
  if (!read) FAIL(read.error().describe());
  CHECK(read->key == stored->key);
  CHECK(read->bundle.checksum == stored->checksum);
  CHECK(read->bundle.created_at == mid_january);
  CHECK(read->bundle.evidence_data.json() == example().evidence_data.json());
  CHECK(read->bundle.metadata.json()["environment"] == "production");
  CHECK(read->etag == stored->etag);
  CHECK(read->oddities.empty());
  CHECK(read->also_at.empty());

  auto other = example();
  other.evidence_data = {{"verdict", "DENY"}};
  const auto again = store_evidence_bundle(f.s3, "b-1", other);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == error_kind::precondition_failed);
  CHECK(again.error().key == stored->key);
  CHECK(retrieve_evidence_bundle_at(f.s3, "b-1", stored->key)->bundle.checksum == stored->checksum);
  REQUIRE(store_evidence_bundle(f.s3, "b-1", other, {.overwrite = true}));
  CHECK(retrieve_evidence_bundle_at(f.s3, "b-1", stored->key)->bundle.checksum != stored->checksum);
}

TEST_CASE("names of any script are carried", "[evidence]") {
  evidence_world f;
  for (const std::string id :
       {"d\xc3\xa9"
        "cision",
        "\xe6\xb1\xba\xe5\xae\x9a", "\xf0\x9f\x98\x80", " spaces ", "a+b%2F&=?#\\\"'<>", "dec.json", "...", "=?UTF-8?B?eA==?="}) {
    CAPTURE(id);
    const auto stored = store_evidence_bundle(f.s3, "b-1", example(id, mid_january, "type " + id));
    if (!stored) FAIL(stored.error().describe());
    const auto read = retrieve_evidence_bundle(f.s3, "b-1", id);
    if (!read) FAIL(read.error().describe());
    CHECK(read->bundle.decision_id == id);
    CHECK(read->key == stored->key);
  }
}

TEST_CASE("a version is read back with its lock", "[evidence]") {
  evidence_world f{true};
  const timestamp until = day("2013-06-01");
  const auto stored = store_evidence_bundle(
      f.s3, "b-1", example(), {.lock = {.mode = types::object_lock_mode::governance, .retain_until = until, .legal_hold = true}});
  if (!stored) FAIL(stored.error().describe());
  REQUIRE(!stored->version_id.empty());
  auto other = example();
  other.evidence_data = {{"verdict", "DENY"}};
  REQUIRE(store_evidence_bundle(f.s3, "b-1", other, {.overwrite = true}));

  const auto first = retrieve_evidence_bundle_at(f.s3, "b-1", stored->key, stored->version_id);
  if (!first) FAIL(first.error().describe());
  CHECK(first->bundle.checksum == stored->checksum);
  CHECK(first->version_id == stored->version_id);
  CHECK(first->lock.mode == types::object_lock_mode::governance);
  CHECK(first->lock.retain_until == until);
  CHECK(first->lock.legal_hold);
  const auto second = retrieve_evidence_bundle_at(f.s3, "b-1", stored->key);
  REQUIRE(second);
  CHECK(second->bundle.checksum != stored->checksum);
  CHECK(second->lock.mode.empty());
  CHECK_FALSE(second->lock.legal_hold);
  CHECK(f.s3.delete_object({.bucket = "b-1", .key = stored->key, .version_id = stored->version_id}).error().kind ==
        error_kind::access_denied);
}

TEST_CASE("a listing has what was asked for, and all of it", "[evidence]") {
  evidence_world f;
  const auto put = [&f](const char* type, const char* when, const char* id) {
    if (const auto out = store_evidence_bundle(f.s3, "b-1", example(id, day(when), type)); !out) FAIL(out.error().describe());
  };
  put("dec", "2024-01-01", "1");
  put("decision", "2023-12-31", "2");
  put("decision", "2024-01-01", "3");
  put("decision", "2024-02-01", "4\xc3\xa9 +%");
  f.put("evidence/decision/2024/01/notes.txt", "x");
  const auto ids = [&f](const evidence_filter& filter) {
    std::string out;
    for (const auto& e : list_evidence_bundles(f.s3, "b-1", filter).value()) out.append(e.place.decision_id).append(",");
    return out;
  };
  CHECK(ids({}) == "2,3,4\xc3\xa9 +%,");
  CHECK(ids({.evidence_type = "dec"}) == "1,");
  CHECK(ids({.evidence_type = ""}) == "1,2,3,4\xc3\xa9 +%,");
  CHECK(ids({.year = std::chrono::year{2024}}) == "3,4\xc3\xa9 +%,");
  CHECK(ids({.year = std::chrono::year{2024}, .month = std::chrono::January}) == "3,");
  CHECK(ids({.evidence_type = "", .year = std::chrono::year{2024}, .month = std::chrono::January}) == "1,3,");
  CHECK(ids({.evidence_type = "none"}).empty());
}

TEST_CASE("a presigned URL reads the newest bundle", "[evidence]") {
  evidence_world f;
  CHECK(generate_presigned_url_for_evidence(f.s3, "b-1", "dec-123").error().kind == error_kind::not_found);
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example()));
  const auto url = generate_presigned_url_for_evidence(f.s3, "b-1", "dec-123", std::chrono::hours{2});
  if (!url) FAIL(url.error().describe());
  CHECK(url->method == http::method::get);
  const auto target = url->url.substr(std::string("http://s3.test").size());
  const auto answer = f.server.serve({.method = "GET", .target = target, .fields = {{"Host", "s3.test"}}});
  CHECK(answer.status == 200);
  CHECK(answer.body == bytes_of(example()));
  f.clock.advance(std::chrono::hours{2} + std::chrono::seconds{1});
  CHECK(f.server.serve({.method = "GET", .target = target, .fields = {{"Host", "s3.test"}}}).status == 403);
}
