#include "support/catch.hpp"

#include <s3store/evidence/attachments.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/transports/scripted.hpp>

#include <stdexcept>

using namespace s3store;

namespace {

template <class Transport>
struct test_policies : default_policies {
  using transport = Transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};

template <class Transport>
auto client_of(Transport transport, manual_clock clock) {
  return basic_client<test_policies<Transport>>{{.endpoint = "http://s3.test"},
                                                {.transport = transport,
                                                 .credentials = auth::static_credentials{"embedded", "embedded-secret"},
                                                 .clock = clock,
                                                 .sleeper = recording_sleeper{clock}}};
}

struct scripted {
  manual_clock clock{};
  scripted_transport server{clock};
  basic_client<test_policies<scripted_transport>> s3 = client_of(server, clock);
};
struct embedded_bucket {
  manual_clock clock{};
  embedded_s3 server{{.clock = clock}};
  basic_client<test_policies<embedded_transport>> s3 = client_of(embedded_transport{server}, clock);
  embedded_bucket() { s3.create_bucket({.bucket = "b-1"}).value(); }
};

const timestamp january = *parse_iso8601("2024-01-15T12:00:00");
evidence_bundle example(std::string id = "dec-123") {
  return {.decision_id = std::move(id),
          .evidence_data = {{"verdict", "ALLOW"}, {"confidence", 0.95}},
          .created_at = january,
          .metadata = {{"environment", "production"}}};
}
evidence::bundle_place place(std::string id = "dec-123") { return {std::move(id), evidence::month_of(january)}; }

}  // namespace

TEST_CASE("evidence that cannot be stored is refused before anything is sent", "[evidence]") {
  scripted f;
  const auto refused = [&f](evidence_bundle b, error_kind kind = error_kind::invalid_argument) {
    const auto out = store_evidence_bundle(f.s3, "b-1", std::move(b));
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == kind);
    CHECK(out.error().bucket == "b-1");
  };
  refused(example(""));
  refused(example("a/b"));
  refused(example(".."));
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
  b.metadata = {{"no name", "x"}};
  refused(b);
  b = example();
  b.metadata = json_text::parse("[1]").value();
  refused(b);
  b = example();
  b.checksum = "00";
  refused(b, error_kind::integrity);
  CHECK_FALSE(store_attachment(f.s3, "b-1", {.decision_id = "d", .name = "..", .body = "x"}));
  attachment a{.decision_id = "d", .name = "n", .body = "x"};
  a.metadata.add("Attachment-Name", "other");
  CHECK_FALSE(store_attachment(f.s3, "b-1", a));
  CHECK_FALSE(list_evidence_bundles(f.s3, "b-1", {.month = std::chrono::January}));
  CHECK_FALSE(list_evidence_bundles(f.s3, "b-1", {.evidence_type = "a/b"}));
  CHECK_FALSE(list_attachments(f.s3, "b-1", "../d", evidence::month_of(january)));
  CHECK(f.server.tried() == 0);
}

TEST_CASE("a bundle is stored under its key, with its metadata, and once", "[evidence]") {
  scripted f;
  f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-version-id", "v1"}});
  auto b = example("d\xc3\xa9");
  b.metadata = {{"place", "Z\xc3\xbcrich"}, {"count", 3}};
  const auto out = store_evidence_bundle(f.s3, "b-1", b);
  REQUIRE(out);
  CHECK(out->key == "evidence/decision/2024/01/d\xc3\xa9.json");
  CHECK(out->version_id == "v1");
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
  CHECK(evidence::plain_metadata_value(*sent.fields.get("x-amz-meta-place")) == "Z\xc3\xbcrich");
  CHECK_FALSE(sent.fields.contains("x-amz-meta-count"));
  b.checksum = out->checksum;
  CHECK(sent.body == *evidence::encode_bundle(b));
}

TEST_CASE("a bundle without a time has the present one", "[evidence]") {
  scripted f;  // the clock stands on 2013-05-24
  f.server.answer(200, {{"ETag", "\"e\""}});
  const auto out = store_evidence_bundle(f.s3, "b-1", {.decision_id = "d"});
  REQUIRE(out);
  CHECK(out->key == "evidence/decision/2013/05/d.json");
  CHECK(f.server.sent().front().fields.get("x-amz-meta-created-at") == "2013-05-24T00:00:00");
}

TEST_CASE("evidence that was altered is an error", "[evidence]") {
  scripted f;
  auto b = example();
  b.checksum = evidence::canonical(b.evidence_data)->checksum();
  const std::string good = evidence::encode_bundle(b).value();
  const auto answer = [&](std::string bytes, std::string_view beside) {
    f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-meta-checksum", beside}}, std::move(bytes));
    return retrieve_evidence_bundle(f.s3, "b-1", place());
  };
  REQUIRE(answer(good, b.checksum));
  std::string altered = good;
  altered.replace(altered.find("ALLOW"), 5, "DENY!");
  const auto out = answer(altered, b.checksum);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::integrity);
  CHECK(out.error().key == "evidence/decision/2024/01/dec-123.json");
  CHECK(answer(good, "00").error().kind == error_kind::integrity);
  CHECK(answer(good.substr(0, good.size() / 2), b.checksum).error().kind == error_kind::malformed_response);
  CHECK(answer("", b.checksum).error().kind == error_kind::malformed_response);
  b.decision_id = "another";
  CHECK(answer(evidence::encode_bundle(b).value(), b.checksum).error().kind == error_kind::integrity);
}

TEST_CASE("evidence is kept, found, read and never overwritten", "[evidence]") {
  embedded_bucket f;
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", place()).error().kind == error_kind::not_found);
  const auto stored = store_evidence_bundle(f.s3, "b-1", example());
  if (!stored) FAIL(stored.error().describe());
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", place());
  if (!read) FAIL(read.error().describe());
  CHECK(read->bundle.checksum == stored->checksum);
  CHECK(read->bundle.created_at == january);
  CHECK(read->bundle.evidence_data.json() == example().evidence_data.json());
  CHECK(read->bundle.metadata.json()["environment"] == "production");
  CHECK(read->etag == stored->etag);
  CHECK(read->oddities.empty());

  auto other = example();
  other.evidence_data = {{"verdict", "DENY"}};
  const auto again = store_evidence_bundle(f.s3, "b-1", other);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == error_kind::precondition_failed);
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", stored->key)->bundle.checksum == stored->checksum);
  REQUIRE(store_evidence_bundle(f.s3, "b-1", other, {.overwrite = true}));
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", stored->key)->bundle.checksum != stored->checksum);
}

TEST_CASE("a listing has what was asked for, and all of it", "[evidence]") {
  embedded_bucket f;
  const auto put = [&f](const char* type, const char* when, const char* id) {
    auto b = example(id);
    b.evidence_type = type;
    b.created_at = *parse_iso8601(when);
    if (const auto out = store_evidence_bundle(f.s3, "b-1", b); !out) FAIL(out.error().describe());
  };
  put("dec", "2024-01-01", "1");
  put("decision", "2023-12-31", "2");
  put("decision", "2024-01-01", "3");
  put("decision", "2024-02-01", "4\xc3\xa9 +%");
  REQUIRE(f.s3.put_object({.bucket = "b-1", .key = "evidence/decision/2024/01/notes.txt", .body = "x"}));
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
  CHECK(ids({.evidence_type = "none"}).empty());
}

TEST_CASE("attachments are kept beside their decision, whatever their size", "[evidence]") {
  embedded_bucket f;
  const std::string large(min_part_size + 100, 'x');
  std::uint64_t told = 0;
  attachment a{.decision_id = "dec-123", .name = "sch\xc3\xb6n.png", .body = http::body::borrow(large), .created_at = january, .content_type = "image/png"};
  a.metadata.add("source", "camera");
  a.part_size = min_part_size;
  a.progress = [&told](std::uint64_t done, std::uint64_t) { told = done; };
  const auto out = store_attachment(f.s3, "b-1", a);
  if (!out) FAIL(out.error().describe());
  CHECK(out->key == "attachments/2024/01/dec-123/sch\xc3\xb6n.png");
  CHECK(told == large.size());
  CHECK(store_attachment(f.s3, "b-1", a).error().kind == error_kind::precondition_failed);
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-123", .name = "b", .body = "second", .created_at = january}));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "dec-1234", .name = "b", .body = "other", .created_at = january}));

  const auto list = list_attachments(f.s3, "b-1", "dec-123", evidence::month_of(january));
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK((*list)[0].place.name == "b");
  CHECK((*list)[1].place.name == "sch\xc3\xb6n.png");
  CHECK((*list)[1].size == large.size());

  std::string back;
  const auto got = retrieve_attachment(f.s3, "b-1", out->key, [&back](std::span<const std::byte> bytes) { back.append(as_text(bytes)); });
  REQUIRE(got);
  CHECK(back == large);
  CHECK(got.meta().integrity == integrity::verified);
  CHECK(got->content_type == "image/png");
  CHECK(got->metadata.get("decision-id") == "dec-123");
  CHECK(evidence::plain_metadata_value(*got->metadata.get("attachment-name")) == "sch\xc3\xb6n.png");
  CHECK(got->metadata.get("source") == "camera");
}
