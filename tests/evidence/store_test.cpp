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
  CHECK_FALSE(list_evidence_bundles(f.s3, "b-1", {.evidence_type = "a/../b"}));
  CHECK_FALSE(generate_presigned_url_for_evidence(f.s3, "b-1", "d", std::chrono::seconds{0}));
  CHECK_FALSE(generate_presigned_url_for_evidence(f.s3, "b-1", "d", std::chrono::days{7} + std::chrono::seconds{1}));
  CHECK_FALSE(retrieve_evidence_bundle(f.s3, "b-1", "../d"));
  CHECK_FALSE(retrieve_evidence_bundle(f.s3, "b-1", "../d", {.evidence_type = "decision", .months = {january}}));
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

TEST_CASE("metadata with a name that the library reserves is kept in the bundle, and the bundle verifies", "[evidence]") {
  evidence_world f;
  auto b = example();
  b.metadata = {{"version", "2.0"}, {"Decision-ID", "mine"}, {"checksum", "none"}, {"created-at", "today"}, {"evidence-type", "x"}, {"stage", "a"}};
  const auto stored = store_evidence_bundle(f.s3, "b-1", b);
  if (!stored) FAIL(stored.error().describe());
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", "dec-123");
  if (!read) FAIL(read.error().describe());
  CHECK(read->bundle.metadata.json() == b.metadata.json());
  const auto beside = f.s3.head_object({.bucket = "b-1", .key = stored->key})->metadata;
  CHECK(beside.get("version") == "1.0");  // that of the bundle
  CHECK(beside.get("decision-id") == "dec-123");
  CHECK(beside.get("checksum") == stored->checksum);
  CHECK(beside.get("stage") == "a");
}

TEST_CASE("a bundle of Python's whose metadata has reserved names is intact, and another value is not", "[evidence]") {
  scripted_world f;
  auto b = example();
  b.metadata = {{"version", "2.0"}, {"Checksum", "c"}, {"created-at", "2020-01-01"}, {"decision-id", "team"}, {"evidence-type", " t "}};
  const auto read = [&](http::headers beside) {
    beside.add("ETag", "\"e\"");
    f.server.answer(200, std::move(beside), bytes_of(b));
    return retrieve_evidence_bundle_at(f.s3, "b-1", "evidence/decision/2024/01/dec-123.json");
  };
  const std::string sum = evidence::canonical(b.evidence_data)->checksum();
  const http::headers theirs{{"x-amz-meta-version", "2.0"},          {"x-amz-meta-checksum", sum + ",c"}, {"x-amz-meta-created-at", "2020-01-01"},
                             {"x-amz-meta-decision-id", "team"}, {"x-amz-meta-evidence-type", "t"}};
  CHECK(read(theirs));
  for (const auto& [name, value] : {std::pair<const char*, std::string>{"checksum", "c"}, {"checksum", "c, " + sum}, {"checksum", sum}, {"version", "1.0"},
                                    {"decision-id", "dec-123"}, {"created-at", "2024-01-15T12:00:00"}}) {
    CAPTURE(name, value);
    http::headers right = theirs;
    right.set(std::string("x-amz-meta-") + name, value);
    CHECK(read(right));
  }
  for (const auto& [name, value] : {std::pair{"version", "2.1"}, {"checksum", "00"}, {"created-at", "2020-01-02"}, {"decision-id", "other"}, {"evidence-type", ""}}) {
    CAPTURE(name);
    http::headers wrong = theirs;
    wrong.set(std::string("x-amz-meta-") + name, value);
    const auto out = read(wrong);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::integrity);
  }
}

TEST_CASE("an id that looks like an encoded word, which Python sends as it is, is intact", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-meta-decision-id", "=?UTF-8?B?eA==?="}}, bytes_of(example("=?UTF-8?B?eA==?=")));
  CHECK(retrieve_evidence_bundle_at(f.s3, "b-1", "evidence/decision/2024/01/=?UTF-8?B?eA==?=.json"));
}

TEST_CASE("a bundle can be stored under a key of the caller's, and read, listed and verified there", "[evidence]") {
  evidence_world f;
  for (const char* const key : {"archive/2023/first", "evidence/decision/special.json", "evidence/decision/2024/01/team/dec-123.json"}) {
    CAPTURE(key);
    auto b = example();
    if (std::string_view{key}.ends_with("dec-123.json")) b.decision_id = "team/dec-123";  // an id that is not made into a key may have slashes
    const auto stored = store_evidence_bundle(f.s3, "b-1", b, {.own_key_only = true, .key = key});
    if (!stored) FAIL(stored.error().describe());
    CHECK(stored->key == key);
    const auto read = retrieve_evidence_bundle_at(f.s3, "b-1", key);
    if (!read) FAIL(read.error().describe());
    CHECK(read->bundle.decision_id == b.decision_id);

    b.evidence_data = {{"verdict", "DENY"}};
    CHECK(store_evidence_bundle(f.s3, "b-1", b, {.own_key_only = true, .key = key}).error().kind == error_kind::precondition_failed);
    const auto replaced = store_evidence_bundle(f.s3, "b-1", b, {.overwrite = true, .key = key});
    if (!replaced) FAIL(replaced.error().describe());
    CHECK(replaced->key == key);
    CHECK(retrieve_evidence_bundle_at(f.s3, "b-1", key)->bundle.checksum == replaced->checksum);
  }
  CHECK(store_evidence_bundle(f.s3, "b-1", example(), {.overwrite = true, .key = "archive/new"}));

  std::string keys;
  for (const auto& e : list_evidence_bundles(f.s3, "b-1", {.prefix = "archive/"}).value()) keys.append(e.key).append(e.place.decision_id).append(" ");
  CHECK(keys == "archive/2023/first archive/new ");
  keys.clear();
  for (const auto& e : list_evidence_bundles(f.s3, "b-1").value()) keys.append(e.key).append(e.place.month.ok() ? "+ " : " ");
  CHECK(keys == "evidence/decision/2024/01/team/dec-123.json+ evidence/decision/special.json ");

  const auto stored_twice = store_evidence_bundle(f.s3, "b-1", example("team/dec-123"), {.key = "archive/again"});
  REQUIRE_FALSE(stored_twice);  // the search sees those that have the form of a bundle's key
  CHECK(stored_twice.error().kind == error_kind::precondition_failed);

  for (const char* const bad : {"attachments/x.json", "evidence/decision/2024/01/other.json"}) {
    const auto out = store_evidence_bundle(f.s3, "b-1", example(), {.own_key_only = true, .key = bad});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
  }
  CHECK_FALSE(store_evidence_bundle(f.s3, "b-1", example(), {.own_key_only = true, .key = std::string(1025, 'k')}));
  CHECK_FALSE(store_evidence_bundle(f.s3, "b-1", example(""), {.own_key_only = true, .key = "x"}));
}

TEST_CASE("what is under the caller's key is replaced only if it is still what was there", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"old\""}}).answer(200, {{"ETag", "\"new\""}});
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example(), {.overwrite = true, .own_key_only = true, .key = "k"}));
  CHECK(f.server.sent().at(1).fields.get("If-Match") == "\"old\"");
  f.server.answer(404).answer(200, {{"ETag", "\"new\""}});
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example(), {.overwrite = true, .own_key_only = true, .key = "k"}));
  CHECK(f.server.sent().at(3).fields.get("If-None-Match") == "*");
  f.server.answer(403);
  CHECK(store_evidence_bundle(f.s3, "b-1", example(), {.overwrite = true, .own_key_only = true, .key = "k"}).error().kind == error_kind::access_denied);
}

TEST_CASE("a filter's type is the whole one, also where types have slashes", "[evidence]") {
  evidence_world f;
  const auto put = [&f](const std::string& key, const std::string& id, const char* type) { f.put(key, bytes_of(example(id, mid_january, type))); };
  put("evidence/legal/2024/01/1.json", "1", "legal");
  put("evidence/legal/2024/01/a/b.json", "a/b", "legal");
  put("evidence/legal/eu/2024/01/2.json", "2", "legal/eu");
  put("evidence/legal/eu/2023/12/3.json", "3", "legal/eu");
  f.put("evidence/legal/eu/notes.txt", "x");
  const auto ids = [&f](const evidence_filter& filter) {
    std::string out;
    for (const auto& e : list_evidence_bundles(f.s3, "b-1", filter).value()) out.append(e.place.evidence_type).append(":").append(e.place.decision_id).append(" ");
    return out;
  };
  CHECK(ids({.evidence_type = "legal"}) == "legal:1 legal:a/b ");
  CHECK(ids({.evidence_type = "legal/eu"}) == "legal/eu:3 legal/eu:2 ");
  CHECK(ids({.evidence_type = ""}) == "legal:1 legal:a/b legal/eu:3 legal/eu:2 ");
  CHECK(ids({.evidence_type = "", .year = std::chrono::year{2024}}) == "legal:1 legal:a/b legal/eu:2 ");
  CHECK(ids({.evidence_type = "", .year = std::chrono::year{2023}, .month = std::chrono::December}) == "legal/eu:3 ");
  CHECK(ids({.evidence_type = "legal", .year = std::chrono::year{2024}, .month = std::chrono::January}) == "legal:1 legal:a/b ");
}
