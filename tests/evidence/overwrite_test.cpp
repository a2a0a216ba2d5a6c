// Is a decision stored once, whatever races, and whatever answers get lost?
#include <functional>
#include <memory>

#include "support/evidence.hpp"

using namespace test;

namespace {

evidence_bundle denied(std::string id = "dec-123", timestamp created_at = mid_january, std::string type = "decision") {
  auto b = example(std::move(id), created_at, std::move(type));
  b.evidence_data = {{"verdict", "DENY"}};
  return b;
}

/// An embedded S3 where somebody else acts right before a PUT arrives.
struct overtaken_transport {
  embedded_transport to;
  std::shared_ptr<std::function<void()>> before_put = std::make_shared<std::function<void()>>();

  http::outcome perform(http::exchange x) {
    if (x.out->verb == http::method::put && *before_put) std::exchange(*before_put, nullptr)();
    return to.perform(std::move(x));
  }
};

/// What HEAD says of the object that a bundle makes.
http::headers head_of(const evidence_bundle& b) {
  const std::string bytes = bytes_of(b);
  return {{"Content-Length", std::to_string(bytes.size())},
          {"ETag", "\"e\""},
          {"x-amz-version-id", "v7"},
          {"x-amz-meta-decision-id", b.decision_id},
          {"x-amz-meta-evidence-type", b.evidence_type},
          {"x-amz-meta-version", b.version},
          {"x-amz-meta-created-at", evidence::python_isoformat(b.created_at)},
          {"x-amz-meta-checksum", evidence::canonical(b.evidence_data)->checksum()},
          {"x-amz-meta-environment", "production"}};
}
constexpr const char* taken = "<Error><Code>PreconditionFailed</Code></Error>";

}  // namespace

TEST_CASE("an id that is there under another month or type is refused", "[evidence]") {
  evidence_world f;
  const auto first = store_evidence_bundle(f.s3, "b-1", example());
  REQUIRE(first);
  for (const auto& again : {denied("dec-123", day("2024-03-01")), denied("dec-123", mid_january, "audit"),
                            denied("dec-123", day("2020-03-01"), "dec")}) {
    const auto out = store_evidence_bundle(f.s3, "b-1", again);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::precondition_failed);
    CHECK(out.error().key == first->key);
  }
  CHECK(list_evidence_bundles(f.s3, "b-1", {.evidence_type = ""})->size() == 1);
  REQUIRE(store_evidence_bundle(f.s3, "b-1", denied("dec-12", day("2024-03-01"))));  // another id

  REQUIRE(store_evidence_bundle(f.s3, "b-1", denied("dec-123", day("2024-03-01")), {.own_key_only = true}));
  CHECK(list_evidence_bundles(f.s3, "b-1", {.evidence_type = ""})->size() == 3);
}

TEST_CASE("overwriting replaces exactly the key found", "[evidence]") {
  evidence_world f;
  const auto first = store_evidence_bundle(f.s3, "b-1", example());
  REQUIRE(first);
  const auto second = store_evidence_bundle(f.s3, "b-1", denied("dec-123", day("2024-03-01"), "audit"), {.overwrite = true});
  if (!second) FAIL(second.error().describe());
  CHECK(second->key == first->key);
  CHECK(second->also_at.empty());
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", "dec-123", {.every = true});
  REQUIRE(read);
  CHECK(read->key == first->key);
  CHECK(read->also_at.empty());
  CHECK(read->bundle.evidence_type == "audit");
  CHECK(read->bundle.checksum == second->checksum);

  const auto fresh = store_evidence_bundle(f.s3, "b-1", example("dec-9"), {.overwrite = true});
  REQUIRE(fresh);
  CHECK(fresh->key == "evidence/decision/2024/01/dec-9.json");

  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("dec-123", day("2025-01-01")), {.own_key_only = true}));
  const auto newest = store_evidence_bundle(f.s3, "b-1", denied(), {.overwrite = true});
  REQUIRE(newest);
  CHECK(newest->key == "evidence/decision/2025/01/dec-123.json");
  CHECK(newest->also_at == std::vector<std::string>{first->key});

  const auto own = store_evidence_bundle(f.s3, "b-1", denied(), {.overwrite = true, .own_key_only = true});
  REQUIRE(own);
  CHECK(own->key == first->key);
}

TEST_CASE("of two that store under one key at once, one is refused", "[evidence]") {
  evidence_world f;
  overtaken_transport transport{embedded_transport{f.server}};
  const auto slow = evidence_client_of(transport, f.clock);
  bool quick_stored = false;
  const auto somebody_else = [&](const evidence_bundle& b, const store_evidence_options& options = {}) {
    *transport.before_put = [&f, &quick_stored, b, options] {
      quick_stored = store_evidence_bundle(f.s3, "b-1", b, options).has_value();
    };
  };

  somebody_else(example());
  const auto out = store_evidence_bundle(slow, "b-1", denied());
  REQUIRE(quick_stored);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::precondition_failed);
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-123")->bundle.evidence_data.json() == example().evidence_data.json());

  SECTION("to overwrite: what was not seen is not replaced") {
    auto third = example();
    third.evidence_data = {{"verdict", "THIRD"}};
    somebody_else(third, {.overwrite = true});
    const auto over = store_evidence_bundle(slow, "b-1", denied(), {.overwrite = true});
    REQUIRE_FALSE(over);
    CHECK(over.error().kind == error_kind::precondition_failed);
    CHECK(over.error().message.find("changed") != std::string::npos);
    CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-123")->bundle.evidence_data.json()["verdict"] == "THIRD");
  }
  SECTION("to overwrite what is not there") {
    somebody_else(example("dec-new"));
    const auto over = store_evidence_bundle(slow, "b-1", denied("dec-new"), {.overwrite = true});
    REQUIRE_FALSE(over);
    CHECK(over.error().kind == error_kind::precondition_failed);
  }
  SECTION("under two months: both are stored, since a look is no lock") {
    somebody_else(example("dec-two"));
    CHECK(store_evidence_bundle(slow, "b-1", denied("dec-two", day("2024-02-01"))));
    CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-two", {.every = true})->also_at.size() == 1);
  }
}

TEST_CASE("a refusal after a lost answer may be our own success", "[evidence]") {
  const store_evidence_options own{.own_key_only = true};
  SECTION("the object is what was sent") {
    scripted_world f;
    f.server.lose().answer(412, {}, taken).answer(200, head_of(example()));
    const auto out = store_evidence_bundle(f.s3, "b-1", example(), own);
    if (!out) FAIL(out.error().describe());
    CHECK(out->confirmed_by_head);
    CHECK(out->version_id == "v7");
    CHECK(out->etag == "\"e\"");
    CHECK(f.verb(2) == "HEAD");
  }
  SECTION("the object is another one") {
    for (const char* const name : {"x-amz-meta-checksum", "x-amz-meta-created-at", "x-amz-meta-environment", "Content-Length"}) {
      CAPTURE(name);
      scripted_world f;
      auto head = head_of(example());
      head.set(name, "7");
      f.server.lose().answer(412, {}, taken).answer(200, head);
      const auto out = store_evidence_bundle(f.s3, "b-1", example(), own);
      REQUIRE_FALSE(out);
      CHECK(out.error().kind == error_kind::precondition_failed);
      CHECK(out.error().message.find("another one") != std::string::npos);
    }
  }
  SECTION("nobody can tell") {
    scripted_world f;
    f.server.lose().answer(412, {}, taken).answer(403);
    const auto out = store_evidence_bundle(f.s3, "b-1", example(), own);
    REQUIRE_FALSE(out);
    CHECK(out.error().maybe_own_success);
    CHECK(out.error().message.find("could not be found out") != std::string::npos);
  }
  SECTION("no answer was lost") {
    scripted_world f;
    f.server.answer(412, {}, taken);
    CHECK_FALSE(store_evidence_bundle(f.s3, "b-1", example(), own));
    CHECK(f.server.tried() == 1);
  }
}

TEST_CASE("a last answer that was lost is looked after, too", "[evidence]") {
  const store_evidence_options once{.own_key_only = true, .call = {.max_attempts = 1}};
  scripted_world f;
  f.server.lose().answer(200, head_of(example()));
  const auto out = store_evidence_bundle(f.s3, "b-1", example(), once);
  if (!out) FAIL(out.error().describe());
  CHECK(out->confirmed_by_head);
  f.server.lose().answer(404);
  const auto gone = store_evidence_bundle(f.s3, "b-1", example(), once);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == error_kind::connection_lost);
  CHECK(gone.error().message.find("no bundle is there") != std::string::npos);
}

TEST_CASE("non-ASCII metadata is compared as it was meant", "[evidence]") {
  auto b = example("d\xc3\xa9");
  auto head = head_of(b);
  head.set("x-amz-meta-decision-id", "=?utf-8?b?ZMOp?=");
  scripted_world f;
  f.server.lose().answer(412, {}, taken).answer(200, head);
  CHECK(store_evidence_bundle(f.s3, "b-1", b, {.own_key_only = true}));
}
