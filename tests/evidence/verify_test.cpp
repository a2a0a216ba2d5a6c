// Does the walk over all evidence tell everything that is wrong, and nothing that is not?
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include <s3store/evidence/verify.hpp>

#include "support/evidence.hpp"

using namespace test;

namespace {

struct report {
  std::vector<evidence_finding> findings{};
  std::optional<result<evidence_summary>> end{};

  std::vector<evidence_finding> of(std::string_view id) const {
    std::vector<evidence_finding> out;
    for (const auto& f : findings)
      if (f.decision_id == id) out.push_back(f);
    return out;
  }
};
template <class World>
report verified(const World& f, const verify_evidence_options& options = {}, const std::string& prefix = "evidence/") {
  report out;
  out.end.emplace(verify_evidence(
      f.s3, "b-1", prefix, [&out](const evidence_finding& found) { out.findings.push_back(found); }, options));
  return out;
}

std::string key_of(std::string_view id) { return "evidence/decision/2024/01/" + std::string(id) + ".json"; }
std::string altered_bytes(std::string id) {
  std::string bytes = bytes_of(example(std::move(id)));
  return bytes.replace(bytes.find("ALLOW"), 5, "DENY!");
}

constexpr const char* one_version =
    "<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated><Version>"
    "<Key>evidence/decision/2024/01/d.json</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest><Size>10</Size>"
    "</Version></ListVersionsResult>";

}  // namespace

TEST_CASE("what keeps the walk from seeing everything is its error", "[evidence]") {
  SECTION("the listing") {
    scripted_world f;
    f.server.answer(403, {}, "<Error><Code>AccessDenied</Code></Error>");
    CHECK(verified(f).end->error().kind == error_kind::access_denied);
  }
  SECTION("the network") {
    scripted_world f;
    f.server.answer(200, {}, one_version).refuse(error_kind::connect);
    const auto r = verified(f, {.call = {.max_attempts = 1}});
    REQUIRE_FALSE(*r.end);
    CHECK(r.end->error().kind == error_kind::connect);
    CHECK(r.findings.empty());
  }
  SECTION("credentials that are no longer good, a bucket that is gone, a proxy's bad moment") {
    for (const auto& [status, code] :
         {std::pair{400, "ExpiredToken"}, {403, "InvalidAccessKeyId"}, {404, "NoSuchBucket"}, {503, "SlowDown"}, {502, ""}}) {
      CAPTURE(code);
      scripted_world f;
      f.server.answer(200, {}, one_version)
          .answer(status, {}, *code ? "<Error><Code>" + std::string(code) + "</Code></Error>" : "");
      const auto r = verified(f, {.call = {.max_attempts = 1}});
      CHECK_FALSE(*r.end);
      CHECK(r.findings.empty());
    }
  }
}

TEST_CASE("a bundle that the server does not give is unreadable", "[evidence]") {
  for (const auto& [status, code] : {std::pair{403, "AccessDenied"},
                                     {403, "InvalidObjectState"},
                                     {404, "NoSuchVersion"},
                                     {400, "InvalidRequest"},
                                     {500, "InternalError"},
                                     {503, "SlowDownRead"}}) {
    CAPTURE(code);
    scripted_world f;
    f.server.answer(200, {}, one_version).answer(status, {}, "<Error><Code>" + std::string(code) + "</Code></Error>");
    const auto r = verified(f, {.call = {.max_attempts = 1}});
    if (!*r.end) FAIL(r.end->error().describe());
    REQUIRE(r.findings.size() == 1);
    CHECK(r.findings[0].kind == finding_kind::unreadable);
    CHECK(r.findings[0].version_id == "v1");
    CHECK(r.findings[0].detail.find(code) != std::string::npos);
    CHECK((*r.end)->unreadable == 1);
    CHECK((*r.end)->intact == 0);
    CHECK(f.server.sent().back().url.find("versionId=v1") != std::string::npos);
  }
  scripted_world f;
  const std::string bytes = bytes_of(example("d"));
  f.server.answer(200, {}, one_version).cut(200, {{"Content-Length", std::to_string(bytes.size())}}, bytes, 10);
  CHECK(verified(f, {.call = {.max_attempts = 1}}).findings.at(0).kind == finding_kind::unreadable);
  f.server.answer(200, {}, one_version).answer(200, {{"x-amz-checksum-crc32", "AAAAAA=="}}, bytes);
  CHECK(verified(f, {.call = {.max_attempts = 1}}).findings.at(0).kind == finding_kind::altered);
}

TEST_CASE("each bundle is read, and what is wrong with it told", "[evidence]") {
  evidence_world f;
  CHECK((*verified(f).end)->bundles == 0);
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("good")));
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("other", mid_january, "audit")));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "good", .name = "a.json", .body = "{}", .created_at = mid_january}));
  f.put("evidence/decision/2024/01/notes.txt", "x");
  f.put(key_of("altered"), altered_bytes("altered"));
  f.put(key_of("truncated"), bytes_of(example("truncated")).substr(0, 100));
  f.put(key_of("empty"), "");
  f.put(key_of("moved"), bytes_of(example("good")));
  f.put("evidence/2024/dec-1.json", "[]");  // an older layout
  f.put(key_of("odd"), R"({"decision_id": "odd", "created_at": "2024-01-15T12:00:00", "evidence_data": {"x": NaN, "x": NaN},
                           "checksum": "9f31e3c3e5fcbfc4a80ad5bc8ceab2b2b7b3ffa4e3f5d9c5cd5bf4e8f3f0a3d9"})");

  const auto r = verified(f);
  if (!*r.end) FAIL(r.end->error().describe());
  CHECK(r.of("good").empty());
  CHECK(r.of("other").empty());
  CHECK(r.of("altered").at(0).kind == finding_kind::altered);
  CHECK(r.of("altered").at(0).detail.find("checksum") != std::string::npos);
  CHECK(r.of("truncated").at(0).kind == finding_kind::unreadable);
  CHECK(r.of("empty").at(0).kind == finding_kind::unreadable);
  CHECK(r.of("moved").at(0).kind == finding_kind::altered);
  CHECK(r.of("odd").at(0).kind == finding_kind::altered);  // that checksum is none of its
  CHECK(r.of("").at(0).key == "evidence/2024/dec-1.json");
  const auto& s = **r.end;
  CHECK(s.bundles == 8);
  CHECK(s.intact == 2);
  CHECK(s.altered == 3);
  CHECK(s.unreadable == 3);
  CHECK(s.others == 1);
  CHECK_FALSE(s.clean());

  CHECK((*verified(f, {}, "evidence/audit/").end)->clean());
  CHECK((*verified(f, {}, "attachments/").end)->others == 1);
  CHECK((*verified(f, {.versions = false}).end)->altered == 3);
  CHECK((*verified(f, {.max_size = 10}).end)->unreadable == 8);  // the small ones in themselves
  for (const unsigned parallel : {0u, 1u, 32u}) {                // the same, in the same order
    const auto again = verified(f, {.parallel = parallel});
    REQUIRE(again.findings.size() == r.findings.size());
    for (std::size_t i = 0; i != r.findings.size(); ++i) CHECK(to_json_line(again.findings[i]) == to_json_line(r.findings[i]));
  }
}

TEST_CASE("oddities of the original's are told, and do not make a bundle bad", "[evidence]") {
  evidence_world f;
  auto b = example("odd");
  b.evidence_data = json_text::parse(R"({"x": NaN, "y": [1, "\ud800"], "z": 1, "z": 2})").value();
  const std::string sum = evidence::canonical(b.evidence_data)->checksum();
  f.put(key_of("odd"), R"({"decision_id": "odd", "created_at": "2024-01-15T12:00:00", "checksum": ")" + sum +
                           R"(", "evidence_data": )" + b.evidence_data.str() + "}");
  const auto r = verified(f);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].kind == finding_kind::odd);
  for (const char* const place : {"\"/evidence_data/x\"", "\"/evidence_data/y/1\"", "\"/evidence_data/z\""})
    CHECK(r.findings[0].detail.find(place) != std::string::npos);
  CHECK((*r.end)->intact == 1);
  CHECK((*r.end)->clean());
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", "odd");
  REQUIRE(read);
  CHECK(read->oddities.size() == 3);
}

TEST_CASE("what stands below a newer version or a delete marker is shadowed", "[evidence]") {
  evidence_world f;
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("first")));  // from before the bucket had versions
  f.keep_versions();
  std::vector<std::string> versions;
  for (const char* const verdict : {"A", "B", "C"}) {
    auto b = example("many");
    b.evidence_data = {{"verdict", verdict}};
    versions.push_back(store_evidence_bundle(f.s3, "b-1", b, {.overwrite = true}).value().version_id);
  }
  const auto deleted = store_evidence_bundle(f.s3, "b-1", example("gone")).value();
  const auto marker = f.s3.delete_object({.bucket = "b-1", .key = deleted.key}).value().version_id;
  f.put(key_of("first"), altered_bytes("first"));

  const auto r = verified(f);
  if (!*r.end) FAIL(r.end->error().describe());
  REQUIRE(r.of("many").size() == 2);
  CHECK(r.of("many")[0].version_id == versions[1]);  // newest first
  CHECK(r.of("many")[1].version_id == versions[0]);
  for (const auto& shadowed : r.of("many")) {
    CHECK(shadowed.kind == finding_kind::shadowed);
    CHECK(shadowed.shadowed_by == versions[2]);
    CHECK(shadowed.detail.find("newer version") != std::string::npos);
  }
  REQUIRE(r.of("gone").size() == 1);
  CHECK(r.of("gone")[0].shadowed_by == marker);
  CHECK(r.of("gone")[0].detail.find("delete marker") != std::string::npos);
  REQUIRE(r.of("first").size() == 2);
  CHECK(r.of("first")[0].kind == finding_kind::altered);
  CHECK(r.of("first")[1].kind == finding_kind::shadowed);
  CHECK(r.of("first")[1].version_id == "null");
  CHECK((*r.end)->bundles == 6);
  CHECK((*r.end)->intact == 5);
  CHECK((*r.end)->shadowed == 4);
  CHECK((*r.end)->delete_markers == 1);
  CHECK((*verified(f, {.versions = false}).end)->shadowed == 0);
}

TEST_CASE("what is current is known across pages", "[evidence]") {
  evidence_world f;
  f.keep_versions();
  std::map<std::string, std::string> current;
  for (int i = 0; i != 3; ++i)
    for (int round = 0; round != 7; ++round) {
      auto b = example("d" + std::to_string(i));
      b.evidence_data = {{"round", round}};
      current[b.decision_id] =
          store_evidence_bundle(f.s3, "b-1", b, {.overwrite = true, .own_key_only = true}).value().version_id;
    }
  for (const char* const per_page : {"1", "2", "3", "5", "20"}) {
    CAPTURE(per_page);
    const auto r = verified(f, {.call = {.query = {{"max-keys", per_page}}}});
    if (!*r.end) FAIL(r.end->error().describe());
    CHECK((*r.end)->bundles == 21);
    REQUIRE(r.findings.size() == 18);
    for (const auto& found : r.findings) CHECK(found.shadowed_by == current[found.decision_id]);
  }
}

TEST_CASE("a lock that is less than required is told", "[evidence]") {
  evidence_world f{true};  // on 2013-05-24
  const auto put = [&f](const char* id, const evidence_lock& lock) {
    if (const auto out = store_evidence_bundle(f.s3, "b-1", example(id, day("2013-05-01")), {.lock = lock}); !out)
      FAIL(out.error().describe());
  };
  const auto governance = types::object_lock_mode::governance, compliance = types::object_lock_mode::compliance;
  put("none", {});
  put("hold", {.legal_hold = true});
  put("short", {.mode = compliance, .retain_until = day("2013-06-01")});
  put("weak", {.mode = governance, .retain_until = day("2013-08-01")});
  put("full", {.mode = compliance, .retain_until = day("2013-08-01"), .legal_hold = true});
  const auto lacking = [&f](const required_lock& required) {
    std::string out;
    for (const auto& found : verified(f, {.required = required}).findings) {
      CHECK(found.kind == finding_kind::short_of_retention);
      CHECK(found.detail.find("required") != std::string::npos);
      out.append(found.decision_id).append(" ");
    }
    return out;
  };
  CHECK(lacking({}).empty());
  CHECK(lacking({.until = day("2013-07-01")}) == "hold none short ");
  CHECK(lacking({.days = std::chrono::days{31}}) == "hold none ");
  CHECK(lacking({.days = std::chrono::days{32}}) == "hold none short ");
  CHECK(lacking({.until = day("2013-05-30"), .days = std::chrono::days{32}}) == "hold none short ");  // the longer counts
  CHECK(lacking({.mode = governance}) == "hold none ");
  CHECK(lacking({.mode = compliance}) == "hold none weak ");
  CHECK(lacking({.legal_hold = true}) == "none short weak ");
  CHECK(lacking({.days = (std::chrono::days::max)()}) == "full hold none short weak ");
  CHECK(lacking({.until = (timestamp::max)()}) == "full hold none short weak ");
}

TEST_CASE("what is retained until the end of time is so when it is read back", "[evidence]") {
  evidence_world f{true};
  const evidence_lock always{.mode = types::object_lock_mode::compliance, .retain_until = (timestamp::max)()};
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("d", day("2013-05-01")), {.lock = always}));
  const auto kept = read_evidence_lock(f.s3, "b-1", "evidence/decision/2013/05/d.json");
  REQUIRE(kept);
  CHECK(format_iso8601(kept->retain_until.value()) == "9999-12-31T23:59:59Z");
  for (const required_lock& required : {required_lock{.until = (timestamp::max)()}, required_lock{.days = (std::chrono::days::max)()}})
    CHECK(verified(f, {.required = required}).findings.empty());
}

TEST_CASE("a lock that the answer does not tell of is asked for before it is missed", "[evidence]") {
  scripted_world f;
  const std::string bytes = bytes_of(example("d"));
  const verify_evidence_options required{.required = {.until = day("2030-01-01")}};
  f.server.answer(200, {}, one_version)
      .answer(200, {}, bytes)
      .answer(200, {}, "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2031-01-01T00:00:00Z</RetainUntilDate></Retention>")
      .answer(404, {}, "<Error><Code>NoSuchObjectLockConfiguration</Code></Error>");
  CHECK(verified(f, required).findings.empty());
  CHECK(f.server.sent().back().url.find("versionId=v1") != std::string::npos);
  f.server.answer(200, {}, one_version).answer(200, {}, bytes).answer(403);
  CHECK(verified(f, required).end->error().kind == error_kind::access_denied);
}

TEST_CASE("a version that two pages name is looked at once", "[evidence]") {
  scripted_world f;
  std::string page = one_version;
  page.replace(page.find("false"), 5,
               "true</IsTruncated><NextKeyMarker>evidence/decision/2024/01/d.json</NextKeyMarker><IsTruncated>true");
  f.server.answer(200, {}, page).answer(200, {}, bytes_of(example("d"))).answer(200, {}, one_version);
  const auto r = verified(f);
  if (!*r.end) FAIL(r.end->error().describe());
  CHECK((*r.end)->bundles == 1);
  CHECK(f.server.left() == 0);
}

TEST_CASE("findings are lines of JSON", "[evidence]") {
  const evidence_finding f{.kind = finding_kind::short_of_retention,
                           .key = "evidence/d\xc3\xa9\xff\"\n.json",
                           .version_id = "v1",
                           .decision_id = "d\xc3\xa9",
                           .last_modified = mid_january,
                           .detail = "it is",
                           .shadowed_by = "v2"};
  CHECK(to_json_line(f) ==
        R"({"finding": "short_of_retention", "key": "evidence/d\u00e9\ufffd\"\n.json", "version_id": "v1", )"
        R"("decision_id": "d\u00e9", "last_modified": "2024-01-15T12:00:00Z", "detail": "it is", "shadowed_by": "v2"})");
  CHECK(nlohmann::json::parse(to_json_line(f))["finding"] == "short_of_retention");
  const evidence_summary s{.bundles = 9, .intact = 8, .altered = 1};
  CHECK(
      to_json_line(s) ==
      R"({"bundles": 9, "intact": 8, "altered": 1, "unreadable": 0, "shadowed": 0, "short_of_retention": 0, )"
      R"("odd": 0, "delete_markers": 0, "others": 0})");
  CHECK_FALSE(s.clean());
  for (const auto kind : {finding_kind::altered, finding_kind::unreadable, finding_kind::shadowed, finding_kind::short_of_retention,
                          finding_kind::odd})
    CHECK(to_string(kind) != "unknown");
}

TEST_CASE("what the callback throws ends the walk", "[evidence]") {
  evidence_world f;
  f.put(key_of("altered"), altered_bytes("altered"));
  CHECK_THROWS_AS(verify_evidence(f.s3, "b-1", "evidence/", [](const evidence_finding&) { throw std::runtime_error("enough"); }),
                  std::runtime_error);
}

TEST_CASE("bundles under keys of the caller's are examined if their keys end in .json, and on request whatever they are", "[evidence]") {
  evidence_world f;
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("a"), {.own_key_only = true, .key = "archive/a"}));
  REQUIRE(store_evidence_bundle(f.s3, "b-1", example("b"), {.own_key_only = true, .key = "archive/b.json"}));
  REQUIRE(store_attachment(f.s3, "b-1", {.decision_id = "a", .name = "n", .body = "x", .created_at = mid_january}));
  f.put("archive/altered", altered_bytes("altered"));
  f.put("evidence/decision/2024/01/team/c.json", bytes_of(example("team/c")));
  const auto usual = verified(f, {}, "");
  CHECK((*usual.end)->intact == 2);
  CHECK((*usual.end)->others == 3);
  CHECK(usual.findings.empty());
  const auto all = verified(f, {.every_key = true}, "");
  CHECK((*all.end)->intact == 3);
  CHECK((*all.end)->others == 1);
  REQUIRE(all.findings.size() == 1);
  CHECK(all.findings[0].key == "archive/altered");
  CHECK(all.findings[0].kind == finding_kind::altered);
}

TEST_CASE("a finding's text has no control characters, whatever the bundle or the server says", "[evidence]") {
  evidence_world f;
  std::string bytes = bytes_of(example("d"));
  bytes.replace(bytes.find("\"checksum\": \"") + 13, 4, "\\n\\u001b[2J\\u202e");
  f.put(key_of("d"), bytes);
  const auto r = verified(f);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].kind == finding_kind::altered);
  CHECK(r.findings[0].detail.find("\\n\\x1b[2J\\u202e") != std::string::npos);
  CHECK(detail::printable(r.findings[0].detail) == r.findings[0].detail);

  scripted_world g;
  g.server.answer(200, {}, one_version).answer(403, {}, "<Error><Code>AccessDenied</Code><Message>no&#10;line \xc2\x9b</Message></Error>");
  const auto refused = verified(g);
  REQUIRE(refused.findings.size() == 1);
  CHECK(refused.findings[0].detail.find("no\\nline \\u009b") != std::string::npos);
}
