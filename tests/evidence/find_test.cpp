// Is a bundle found whatever its month and type, and what happens where it stands twice, or one may not look?
#include <algorithm>

#include "support/evidence.hpp"

using namespace test;

namespace {

std::string keys(const std::vector<found_evidence>& found) {
  std::string out;
  for (const auto& f : found) out.append(f.key).append(" ");
  return out;
}
/// The same bundle id under each of the keys, whatever their types and months.
void put_at(const evidence_world& f, const char* type, const char* when, const char* id = "dec-1") {
  const auto out = store_evidence_bundle(f.s3, "b-1", example(id, day(when), type), {.own_key_only = true});
  if (!out) FAIL(out.error().describe());
}
std::size_t count_of(const scripted_world& f, http::method verb) {
  const auto sent = f.server.sent();
  return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [verb](const auto& r) { return r.verb == verb; }));
}

constexpr const char* no_such_bucket = "<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>";

std::string folders(std::initializer_list<const char*> prefixes) {
  std::string out = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>";
  for (const char* const p : prefixes) out.append("<CommonPrefixes><Prefix>").append(p).append("</Prefix></CommonPrefixes>");
  return out + "</ListBucketResult>";
}

}  // namespace

TEST_CASE("what cannot be known is an error, and never 'absent'", "[evidence]") {
  SECTION("the bucket is missing") {
    scripted_world f;
    f.server.answer(404, {}, no_such_bucket);
    const auto out = find_evidence(f.s3, "b-1", "d");
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "NoSuchBucket");
    CHECK_FALSE(detail::is_absent(out.error()));
  }
  SECTION("the bucket is missing, and nothing was listed") {
    scripted_world f;
    f.server.answer(404).answer(404);  // the key's HEAD, and the bucket's
    const auto out = find_evidence(f.s3, "b-1", "d", {.evidence_type = "decision", .months = {january}});
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "NoSuchBucket");
    CHECK_FALSE(detail::is_absent(out.error()));
  }
  SECTION("the bucket is missing, and the key is known") {
    scripted_world f;
    f.server.answer(404, {}, no_such_bucket);
    CHECK_FALSE(detail::is_absent(
        retrieve_evidence_bundle(f.s3, "b-1", "d", {.evidence_type = "decision", .months = {january}}).error()));
  }
  SECTION("a month may not be looked into") {
    scripted_world f;
    f.server.answer(404).answer(403);
    const auto out = find_evidence(
        f.s3, "b-1", "d",
        {.evidence_type = "decision", .months = {january, {std::chrono::year{2023}, std::chrono::May}}, .parallel = 1});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::access_denied);
    CHECK(out.error().key == "evidence/decision/2023/05/d.json");
  }
  SECTION("a listing fails in the middle") {
    scripted_world f;
    f.server.answer(200, {}, folders({"evidence/decision/"})).answer(403, {}, "<Error><Code>AccessDenied</Code></Error>");
    CHECK(find_evidence(f.s3, "b-1", "d").error().kind == error_kind::access_denied);
  }
  SECTION("the id can't be one") {
    evidence_world f;
    CHECK(find_evidence(f.s3, "b-1", "a/../b").error().kind == error_kind::invalid_argument);
    CHECK(find_evidence(f.s3, "b-1", "evidence/decision/2024/01/d.json").error().kind == error_kind::invalid_argument);
    CHECK(find_evidence(f.s3, "b-1", "a", {.evidence_type = ".."}).error().kind == error_kind::invalid_argument);
    CHECK(find_evidence(f.s3, "b-1", "a", {.months = {evidence::year_month{}}}).error().kind == error_kind::invalid_argument);
  }
}

TEST_CASE("a failure behind the newest bundle does not count, and one before it does", "[evidence]") {
  const evidence_search in{
      .evidence_type = "decision", .months = {january, {std::chrono::year{2023}, std::chrono::May}}, .parallel = 1};
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"e\""}});
  CHECK(find_evidence(f.s3, "b-1", "d", in)->size() == 1);
  CHECK(f.server.tried() == 1);
  f.server.answer(403);
  CHECK_FALSE(find_evidence(f.s3, "b-1", "d", in));
  CHECK(f.server.tried() == 2);
}

TEST_CASE("a bundle is found by its id, whatever its month and type", "[evidence]") {
  evidence_world f;
  CHECK(find_evidence(f.s3, "b-1", "dec-1")->empty());
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-1").error().kind == error_kind::not_found);
  put_at(f, "decision", "2019-07-31T23:59:59");
  put_at(f, "dec", "2024-01-01", "dec-2");
  put_at(f, "audit", "0987-12-01", "dec-3");
  f.put("evidence/decision/readme.json", "x");
  f.put("evidence/decision/notes/01/dec-1.json", "x");
  f.put("evidence/decision/2024/13/dec-1.json", "x");
  f.put("evidence//2024/01/dec-1.json", "x");

  for (const auto& [id, key] : {std::pair{"dec-1", "evidence/decision/2019/07/dec-1.json"},
                                {"dec-2", "evidence/dec/2024/01/dec-2.json"},
                                {"dec-3", "evidence/audit/0987/12/dec-3.json"}}) {
    for (const unsigned parallel : {0u, 1u, 8u}) {
      const auto found = retrieve_evidence_bundle(f.s3, "b-1", id, {.parallel = parallel});
      if (!found) FAIL(found.error().describe());
      CHECK(found->key == key);
    }
  }
  CHECK(find_evidence(f.s3, "b-1", "dec-2", {.evidence_type = "decision"})->empty());
  CHECK(find_evidence(f.s3, "b-1", "dec-2", {.evidence_type = "dec"})->size() == 1);
  CHECK(find_evidence(f.s3, "b-1", "dec-2", {.months = {january}})->size() == 1);
  CHECK(find_evidence(f.s3, "b-1", "dec-2", {.months = {january, january}, .every = true})->size() == 1);
  CHECK(find_evidence(f.s3, "b-1", "dec-1", {.months = {january}})->empty());

  const auto found = find_evidence(f.s3, "b-1", "dec-1");
  CHECK(found->front().place.evidence_type == "decision");
  CHECK(found->front().created_at == day("2019-07-31T23:59:59"));
  CHECK(found->front().size == bytes_of(example("dec-1", day("2019-07-31T23:59:59"))).size());
}

TEST_CASE("of several bundles of an id the newest is read, and the others are told", "[evidence]") {
  evidence_world f;
  put_at(f, "audit", "2023-05-01");
  put_at(f, "decision", "2024-01-20");
  put_at(f, "review", "2024-01-21");
  put_at(f, "decision", "2021-01-01");
  const std::string newest = "evidence/review/2024/01/dec-1.json", same_month = "evidence/decision/2024/01/dec-1.json",
                    rest = "evidence/audit/2023/05/dec-1.json evidence/decision/2021/01/dec-1.json ";

  CHECK(keys(*find_evidence(f.s3, "b-1", "dec-1")) == newest + " " + same_month + " ");  // of that month, which decides, all
  CHECK(keys(*find_evidence(f.s3, "b-1", "dec-1", {.every = true})) == newest + " " + same_month + " " + rest);
  const auto read = retrieve_evidence_bundle(f.s3, "b-1", "dec-1", {.every = true});
  REQUIRE(read);
  CHECK(read->key == newest);
  CHECK(read->also_at.size() == 3);
  const auto url = generate_presigned_url_for_evidence(f.s3, "b-1", "dec-1");
  REQUIRE(url);
  CHECK(url->url.find("/evidence/review/2024/01/dec-1.json?") != std::string::npos);
}

TEST_CASE("listings tell the months, one request for each folder, and none is walked", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {}, folders({"evidence/a/", "evidence/b/"}))
      .answer(200, {}, folders({"evidence/a/2023/", "evidence/a/x/"}))
      .answer(200, {}, folders({}))
      .answer(200, {}, folders({"evidence/a/2023/01/", "evidence/a/2023/02/"}))
      .answer(200, {}, folders({"evidence/a/x/y/"}))
      .answer(200, {}, folders({"evidence/a/x/y/", "evidence/a/x/", "elsewhere/2024/01/"}))  // a server that goes round
      .answer(404)
      .answer(404);
  CHECK(find_evidence(f.s3, "b-1", "d", {.parallel = 1})->empty());
  CHECK(f.server.left() == 0);
  CHECK(count_of(f, http::method::get) == 6);
  CHECK(count_of(f, http::method::head) == 2);
  CHECK(f.server.sent()[0].url.find("delimiter=%2F") != std::string::npos);
  CHECK(f.server.sent()[6].url == "http://s3.test/b-1/evidence/a/2023/02/d.json");  // newest first
  CHECK(f.server.sent()[7].url == "http://s3.test/b-1/evidence/a/2023/01/d.json");
}

TEST_CASE("a bundle that goes while it is looked for is absent", "[evidence]") {
  scripted_world f;
  f.server.answer(200, {{"ETag", "\"e\""}}).answer(404).answer(404, {}, "<Error><Code>NoSuchKey</Code></Error>");
  const auto out = retrieve_evidence_bundle(f.s3, "b-1", "d",
                                            {.evidence_type = "decision",
                                             .months = {january, {std::chrono::year{2023}, std::chrono::May}},
                                             .every = true,
                                             .parallel = 1});
  REQUIRE_FALSE(out);
  CHECK(detail::is_absent(out.error()));
}

TEST_CASE("an id or a type with slashes, which Python stores, is found, read and presigned", "[evidence]") {
  evidence_world f;
  const auto put = [&f](const std::string& key, const std::string& id, const char* type) { f.put(key, bytes_of(example(id, mid_january, type))); };
  put("evidence/decision/2024/01/team/a/dec-1.json", "team/a/dec-1", "decision");
  put("evidence/legal/eu/2024/01/dec-2.json", "dec-2", "legal/eu");
  put("evidence/2023/2024/2022/05/dec-3.json", "dec-3", "2023/2024");
  for (const auto& [id, type, key] : {std::tuple{"team/a/dec-1", "decision", "evidence/decision/2024/01/team/a/dec-1.json"},
                                      {"dec-2", "legal/eu", "evidence/legal/eu/2024/01/dec-2.json"},
                                      {"dec-3", "2023/2024", "evidence/2023/2024/2022/05/dec-3.json"}}) {
    CAPTURE(id);
    for (const auto& in : {evidence_search{}, evidence_search{.evidence_type = type}, evidence_search{.every = true, .parallel = 1}}) {
      const auto found = retrieve_evidence_bundle(f.s3, "b-1", id, in);
      if (!found) FAIL(found.error().describe());
      CHECK(found->key == key);
      CHECK(find_evidence(f.s3, "b-1", id, in)->front().place.evidence_type == type);
    }
    CHECK(generate_presigned_url_for_evidence(f.s3, "b-1", id)->url.find(key) != std::string::npos);
  }
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "team/a/dec-1", {.evidence_type = "decision", .months = {january}})->bundle.decision_id == "team/a/dec-1");
  CHECK(find_evidence(f.s3, "b-1", "dec-1")->empty());
  CHECK(find_evidence(f.s3, "b-1", "dec-2", {.evidence_type = "legal"})->empty());
}

TEST_CASE("a bundle that stands under the key of another id is not taken for it, slashes or not", "[evidence]") {
  evidence_world f;
  f.put("evidence/decision/2024/01/team/dec-1.json", bytes_of(example("dec-1")));
  f.put("evidence/decision/2024/01/dec-2.json", bytes_of(example("dec-1")));
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "team/dec-1").error().kind == error_kind::integrity);
  CHECK(retrieve_evidence_bundle(f.s3, "b-1", "dec-2").error().kind == error_kind::integrity);
}
