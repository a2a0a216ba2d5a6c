// Evidence: stored, found, listed, shared, locked, verified and deleted, on every server.
#include <algorithm>

#include <nlohmann/json.hpp>

#include <s3store/evidence/deletion.hpp>
#include <s3store/evidence/verify.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/versioning.hpp>

#include "support/live.hpp"

using namespace s3store;

namespace {

const timestamp noon = *parse_iso8601("2024-01-15T12:00:00");
timestamp day(std::string_view iso8601) { return *parse_iso8601(iso8601); }

evidence_bundle example(std::string id = "dec-123", timestamp created_at = noon, std::string type = "decision") {
  return {.decision_id = std::move(id),
          .evidence_data =
              json_text::parse(R"({"verdict": "ALLOW", "confidence": 0.95, "serial": 123456789012345678901234567890})").value(),
          .created_at = created_at,
          .evidence_type = std::move(type),
          .metadata = {{"environment", "production"}, {"place", "Z\xc3\xbcrich"}}};
}

/// A bucket with object lock, emptied in the end for all of its locks.
class locked_bucket {
 public:
  explicit locked_bucket(const live::client& c) : client_(c), name_(live::unique_name("s3store-lock")) {
    live::must(c.create_bucket({.bucket = name_, .object_lock_enabled_for_bucket = true}));
  }
  locked_bucket(const locked_bucket&) = delete;
  locked_bucket& operator=(const locked_bucket&) = delete;
  ~locked_bucket() {
    for (auto& page : client_.pages(list_object_versions_request{.bucket = name_})) {
      if (!page) break;
      const auto drop = [&](auto& v) {
        (void)client_.put_object_legal_hold({.bucket = name_,
                                             .key = v.key,
                                             .legal_hold = types::object_lock_legal_hold{types::object_lock_legal_hold_status::off},
                                             .version_id = v.version_id});
        (void)client_.delete_object(
            {.bucket = name_, .key = v.key, .version_id = v.version_id, .bypass_governance_retention = true});
      };
      for (auto& v : page->versions) drop(v);
      for (auto& m : page->delete_markers) drop(m);
    }
    (void)client_.delete_bucket({.bucket = name_});
  }
  operator const std::string&() const noexcept { return name_; }

 private:
  const live::client& client_;
  std::string name_;
};

}  // namespace

TEST_CASE("evidence is stored once, and read back verified", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto stored = live::must(store_evidence_bundle(c, b, example()));
    CHECK(stored.key == "evidence/decision/2024/01/dec-123.json");
    // data = {"verdict": "ALLOW", "confidence": 0.95, "serial": 123456789012345678901234567890}
    // hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    CHECK(stored.checksum == "3a222f63d0302b64110b967d8ea9c376a411bba610fb1c8384857e18b9c0f92f");
    const auto raw = live::must(c.get_object({.bucket = b, .key = stored.key}));
    CHECK(raw.content_type == "application/json");
    CHECK(raw.metadata.value_or_empty("decision-id") == "dec-123");
    CHECK(raw.metadata.value_or_empty("evidence-type") == "decision");
    CHECK(raw.metadata.value_or_empty("version") == "1.0");
    CHECK(raw.metadata.value_or_empty("created-at") == "2024-01-15T12:00:00");
    CHECK(raw.metadata.value_or_empty("checksum") == stored.checksum);
    CHECK(raw.metadata.value_or_empty("environment") == "production");
    CHECK(evidence::plain_metadata_value(raw.metadata.value_or_empty("place")) == "Z\xc3\xbcrich");

    const auto read = live::must(retrieve_evidence_bundle(c, b, "dec-123"));
    CHECK(read.bundle.checksum == stored.checksum);
    CHECK(read.bundle.created_at == noon);
    CHECK(read.etag == stored.etag);
    CHECK(live::must(retrieve_evidence_bundle(c, b, "dec-123", {.evidence_type = "decision", .months = {evidence::month_of(noon)}}))
              .key == stored.key);

    for (const auto& again : {example(), example("dec-123", day("2025-06-01")), example("dec-123", noon, "audit")}) {
      const auto refused = store_evidence_bundle(c, b, again);
      REQUIRE(!refused);
      CHECK(refused.error().kind == error_kind::precondition_failed);
      CHECK(refused.error().key == stored.key);
    }
    auto denied = example("dec-123", day("2025-06-01"), "audit");
    denied.evidence_data = {{"verdict", "DENY"}};
    const auto replaced = live::must(store_evidence_bundle(c, b, denied, {.overwrite = true}));
    CHECK(replaced.key == stored.key);
    CHECK(live::must(retrieve_evidence_bundle(c, b, "dec-123")).bundle.evidence_data.json()["verdict"] == "DENY");
    CHECK(live::must(list_evidence_bundles(c, b, {.evidence_type = ""})).size() == 1);
  }
}

TEST_CASE("what is no evidence, or no longer what it was, is an error", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto absent = retrieve_evidence_bundle(c, b, "dec-123");
    REQUIRE(!absent);
    CHECK(s3store::detail::is_absent(absent.error()));
    const std::string nowhere = live::unique_name("s3store-nowhere");
    for (const auto& in : {evidence_search{}, evidence_search{.evidence_type = "decision", .months = {evidence::month_of(noon)}}}) {
      const auto missing = retrieve_evidence_bundle(c, nowhere, "dec-123", in);
      REQUIRE(!missing);
      CHECK(missing.error().code == "NoSuchBucket");
      CHECK(find_evidence(c, nowhere, "dec-123", in).error().code == "NoSuchBucket");
    }
    const auto stored = live::must(store_evidence_bundle(c, b, example()));
    auto object = live::must(c.get_object({.bucket = b, .key = stored.key}));
    const auto put_again = [&](const std::string& bytes) {
      live::must(c.put_object(
          {.bucket = b, .key = stored.key, .body = bytes, .content_type = "application/json", .metadata = object.metadata}));
      return retrieve_evidence_bundle(c, b, "dec-123").error().kind;
    };
    std::string tampered = object.body;
    tampered.replace(tampered.find("ALLOW"), 5, "DENY!");
    CHECK(put_again(tampered) == error_kind::integrity);
    std::string moved = object.body;
    moved.replace(moved.find("2024-01-15"), 10, "2024-01-16");
    CHECK(put_again(moved) == error_kind::integrity);
    CHECK(put_again(object.body.substr(0, object.body.size() / 2)) == error_kind::malformed_response);
    const auto impostor = t.connect(t.set, t.access_key, "not-the-secret");
    const auto stranger = retrieve_evidence_bundle(impostor, b, "dec-123");
    REQUIRE(!stranger);
    CHECK(stranger.error().kind == error_kind::access_denied);
  }
}

TEST_CASE("ids and names of any script are carried", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    for (const std::string id :
         {"entscheidung-\xc3\xa4", "\xe6\xb1\xba\xe5\xae\x9a", "\xf0\x9f\x98\x80", "a b+c%d=e?f&g#h", "dec.json", "'quoted\"<&>"}) {
      CAPTURE(id);
      const auto stored = live::must(store_evidence_bundle(c, b, example(id, noon, "t " + id)));
      CHECK(live::must(retrieve_evidence_bundle(c, b, id)).key == stored.key);
      const auto attached = live::must(store_attachment(c, b, {.decision_id = id, .name = id, .body = "x", .created_at = noon}));
      CHECK(live::must(retrieve_attachment(c, b, attached.key)).body == "x");
      CHECK(live::must(list_attachments(c, b, id)).at(0).place.name == id);
    }
    for (const std::string id : {"", ".", "..", "a/b", "a\nb", "a\x7f", "\xff"}) CHECK(!store_evidence_bundle(c, b, example(id)));
    CHECK(live::must(list_evidence_bundles(c, b, {.evidence_type = ""})).size() == 6);
  }
}

TEST_CASE("a bundle is found and listed in every month and type", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    for (const auto& [id, when, type] : {std::tuple{"one", "2019-07-31", "decision"},
                                         {"one", "2024-02-01", "decision"},
                                         {"one", "2024-02-02", "audit"},
                                         {"two", "2021-12-31T23:59:59.999999", "dec"},
                                         {"three", "2024-02-01", "decision"}})
      live::must(store_evidence_bundle(c, b, example(id, day(when), type), {.own_key_only = true}));
    const auto newest = live::must(retrieve_evidence_bundle(c, b, "one", {.every = true}));
    CHECK(newest.key == "evidence/audit/2024/02/one.json");
    CHECK(newest.also_at == std::vector<std::string>{"evidence/decision/2024/02/one.json", "evidence/decision/2019/07/one.json"});
    CHECK(live::must(retrieve_evidence_bundle(c, b, "two", {.parallel = 1})).key == "evidence/dec/2021/12/two.json");
    CHECK(live::must(find_evidence(c, b, "two", {.evidence_type = "decision"})).empty());
    CHECK(live::must(list_evidence_bundles(c, b)).size() == 3);
    CHECK(live::must(list_evidence_bundles(c, b, {.evidence_type = "dec"})).size() == 1);
    CHECK(live::must(
              list_evidence_bundles(c, b, {.evidence_type = "", .year = std::chrono::year{2024}, .month = std::chrono::February}))
              .size() == 3);

    const auto gone = live::must(delete_evidence_bundle(c, b, "one"));
    CHECK(gone.size() == 3);
    CHECK(live::must(delete_evidence_bundle(c, b, "one")).empty());
    CHECK(live::must(list_evidence_bundles(c, b, {.evidence_type = ""})).size() == 2);
  }
}

TEST_CASE("more bundles than a page are all listed and verified", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    constexpr std::size_t many = 1100;
    std::vector<std::optional<error>> failed(many);
    detail::in_parallel(many, 8, [&](std::size_t i) {
      if (auto s = store_evidence_bundle(c, b, example("d" + std::to_string(i)), {.own_key_only = true}); !s) failed[i] = s.error();
      return many;
    });
    CHECK(std::none_of(failed.begin(), failed.end(), [](const auto& f) { return f.has_value(); }));
    CHECK(live::must(list_evidence_bundles(c, b)).size() == many);
    const auto s =
        live::must(verify_evidence(c, b, "evidence/", [](const evidence_finding& f) { UNSCOPED_INFO(to_json_line(f)); }));
    CHECK(s.intact == many);
    CHECK(s.clean());
  }
}

TEST_CASE("a presigned URL reads a bundle without credentials", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    live::must(store_evidence_bundle(c, b, example()));
    const auto url = live::must(generate_presigned_url_for_evidence(c, b, "dec-123", std::chrono::minutes{5}));
    http::request request{.verb = http::method::get, .url = url.url};
    struct reader : http::receiver {
      std::string body{};
      int status{};
      http::string_sink into{body};
      result<http::sink*> on_response(http::response&& head) noexcept override {
        status = head.status;
        return &into;
      }
    } got;
    REQUIRE(t.perform({.out = &request, .in = &got}).has_value());
    CHECK(got.status == 200);
    CHECK(got.body == live::must(c.get_object({.bucket = b, .key = "evidence/decision/2024/01/dec-123.json"})).body);
  }
}

TEST_CASE("attachments are kept in parts, and checked", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    std::string large(min_part_size + 12345, '\0');
    for (std::size_t i = 0; i != large.size(); ++i) large[i] = static_cast<char>(i * 31 + i / 256);
    attachment a{.decision_id = "dec-123",
                 .name = "photo.png",
                 .body = http::body::borrow(large),
                 .created_at = noon,
                 .content_type = "image/png",
                 .part_size = min_part_size};
    const auto stored = live::must(store_attachment(c, b, a));
    CHECK(stored.key == "attachments/2024/01/dec-123/photo.png");
    CHECK(store_attachment(c, b, a).error().kind == error_kind::precondition_failed);
    live::must(
        store_attachment(c, b, {.decision_id = "dec-123", .name = "late.txt", .body = "late", .created_at = day("2024-03-01")}));

    std::string back;
    const auto got = retrieve_attachment(c, b, stored.key, [&](std::span<const std::byte> bytes) { back.append(detail::as_text(bytes)); });
    REQUIRE(got.has_value());
    CHECK((back == large));
    CHECK(got->content_type == "image/png");
    CHECK(got->metadata.value_or_empty("decision-id") == "dec-123");
    CHECK(got->metadata.value_or_empty("attachment-name") == "photo.png");
    CHECK(got.meta().integrity == integrity::verified);
    const auto list = live::must(list_attachments(c, b, "dec-123"));
    REQUIRE(list.size() == 2);
    CHECK(list[0].size == large.size());
    CHECK(list[1].place.name == "late.txt");
    CHECK(retrieve_attachment(c, b, stored.key + "x").error().code == "NoSuchKey");

    live::must(store_evidence_bundle(c, b, example()));
    CHECK(live::must(delete_evidence_bundle(c, b, "dec-123")).size() == 1);
    CHECK(live::must(list_attachments(c, b, "dec-123")).size() == 2);
    CHECK(live::must(delete_evidence_bundle(c, b, "dec-123", {.attachments = true})).size() == 2);
    CHECK(live::must(list_attachments(c, b, "dec-123")).empty());
  }
}

TEST_CASE("evidence is write-once where it is locked", "[live][evidence]") {
  LIVE_TEST(t, c) {
    locked_bucket b{c};
    const timestamp until = std::chrono::ceil<std::chrono::hours>(c.shared().now().wall) + std::chrono::hours{1};
    const auto stored = live::must(store_evidence_bundle(
        c, b, example(), {.lock = {.mode = types::object_lock_mode::governance, .retain_until = until, .legal_hold = true}}));
    REQUIRE(!stored.version_id.empty());
    const auto erased = c.delete_object({.bucket = b, .key = stored.key, .version_id = stored.version_id});
    REQUIRE(!erased);
    CHECK(erased.error().kind == (t.is("minio") ? error_kind::bad_request : error_kind::access_denied));

    live::must(delete_evidence_bundle(c, b, "dec-123"));  // a marker
    CHECK(s3store::detail::is_absent(retrieve_evidence_bundle(c, b, "dec-123").error()));
    const auto read = live::must(retrieve_evidence_bundle_at(c, b, stored.key, stored.version_id));
    CHECK(read.bundle.checksum == stored.checksum);
    CHECK(read.version_id == stored.version_id);
    CHECK(!read.lock.mode.empty() != t.is("versitygw"));  // which does not tell
    const auto lock = live::must(read_evidence_lock(c, b, stored.key, stored.version_id));
    CHECK(lock.mode == types::object_lock_mode::governance);
    CHECK(lock.retain_until == until);
    CHECK(lock.legal_hold);

    live::must(store_evidence_bundle(c, b, example("dec-124")));
    live::must(store_attachment(c, b, {.decision_id = "dec-124", .name = "a", .body = "x", .created_at = noon},
                                {.lock = {.mode = types::object_lock_mode::governance, .retain_until = until}}));
    CHECK(live::must(read_evidence_lock(c, b, "attachments/2024/01/dec-124/a")).retain_until == until);

    std::vector<evidence_finding> found;
    const auto s = live::must(
        verify_evidence(c, b, "evidence/", [&](const evidence_finding& f) { found.push_back(f); }, {.required = {.until = until}}));
    CHECK(s.bundles == 2);
    CHECK(s.intact == 2);
    CHECK(s.delete_markers == 1);
    REQUIRE(found.size() == 2);
    CHECK(found[0].kind == finding_kind::shadowed);
    CHECK(found[0].version_id == stored.version_id);
    CHECK(found[1].kind == finding_kind::short_of_retention);
    CHECK(found[1].decision_id == "dec-124");
    CHECK(live::must(verify_evidence(c, b, "evidence/", [](const auto&) {}, {.required = {.until = until + std::chrono::hours{1}}}))
              .short_of_retention == 2);
  }
}

TEST_CASE("verification tells of every version that is altered, cut off or shadowed", "[live][evidence]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto first = live::must(store_evidence_bundle(c, b, example("from before versions")));
    live::must(
        c.put_bucket_versioning({.bucket = b, .versioning_configuration = {.status = types::bucket_versioning_status::enabled}}));
    const auto good = live::must(store_evidence_bundle(c, b, example("good")));
    auto object = live::must(c.get_object({.bucket = b, .key = good.key}));
    const auto put = [&](const char* id, std::string bytes) {
      return live::must(
          c.put_object({.bucket = b, .key = "evidence/decision/2024/01/" + std::string(id) + ".json", .body = std::move(bytes)}));
    };
    put("cut", object.body.substr(0, 100));
    std::string altered = object.body;
    put("good", altered.replace(altered.find("ALLOW"), 5, "DENY!"));
    const auto replaced = live::must(store_evidence_bundle(c, b, example("from before versions"), {.overwrite = true}));

    std::vector<std::string> told;
    const auto s = live::must(verify_evidence(c, b, "evidence/", [&](const evidence_finding& f) {
      told.push_back(std::string(to_string(f.kind)) + " " + f.decision_id);
    }));
    std::sort(told.begin(), told.end());
    CHECK(told == std::vector<std::string>{"altered good", "shadowed from before versions", "shadowed good", "unreadable cut"});
    CHECK(s.bundles == 5);
    CHECK(s.intact == 3);
    CHECK(replaced.key == first.key);
  }
}
