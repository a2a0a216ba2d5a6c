// Do this library and Python keep evidence in one bucket? Each verifies what the other wrote, and finds the bytes that it would
// have written.
#include <fstream>
#include <iterator>
#include <random>

#include <nlohmann/json.hpp>

#include <s3store/evidence/deletion.hpp>
#include <s3store/evidence/verify.hpp>

#include "support/live.hpp"
#include "support/python.hpp"

using namespace s3store;

namespace {

constexpr int count = 1200, seed = 20240115;

std::string python(nlohmann::json job, const live::target* t = nullptr, const std::string& bucket = {}) {
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  if (!source || !*source) FAIL("S3STORE_SOURCE_DIR must name the folder of the project");
  std::ifstream file{std::string(source) + "/tests/live/evidence_interop.py"};
  const std::string program{std::istreambuf_iterator<char>{file}, {}};
  REQUIRE_FALSE(program.empty());
  if (t)
    job.update({{"endpoint", t->set.endpoint}, {"access_key", t->access_key}, {"secret_key", t->secret_key}, {"bucket", bucket}});
  return test::run_python(program, job.dump());
}

/// JSON texts as people and programs write them: spaces, escapes and numbers in every spelling.
class random_json {
 public:
  explicit random_json(unsigned seed_of_it) : random_(seed_of_it) {}

  std::string object(int depth) {
    std::string out = "{";
    for (std::size_t i = 0, n = pick(5); i != n; ++i)  // each key is another one
      out.append(i ? "," : "").append(space() + string(std::to_string(i)) + space() + ":" + space() + value(depth - 1) + space());
    return out + "}";
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string one_of(std::initializer_list<const char*> all) {
    return *(all.begin() + static_cast<std::ptrdiff_t>(pick(all.size())));
  }
  std::string space() { return one_of({"", "", "", " ", "\n", "\t", "\r\n  "}); }
  std::string digits(std::size_t n) {
    std::string out(1, static_cast<char>('1' + pick(9)));
    while (out.size() < n) out.push_back(static_cast<char>('0' + pick(10)));
    return out;
  }
  std::string number() {
    const std::string sign = one_of({"", "-"});
    switch (pick(5)) {
      case 0: return sign + digits(1 + pick(60));
      case 1:
        return sign + digits(1 + pick(20)) + "." + digits(1 + pick(20)) + one_of({"", "e-5", "E+7", "e280", "e-330", "e-310"});
      case 2: return sign + "0." + std::string(pick(12), '0') + digits(1 + pick(17));
      case 3: return sign + digits(1) + "e" + std::to_string(static_cast<int>(pick(630)) - 330);
      default:
        return one_of({"0", "-0", "-0.0", "1e22", "1e16", "1E-05", "0.1e1", "5e-324", "1.7976931348623157e308",
                       "2.2250738585072014e-308", "9007199254740993.0"});
    }
  }
  std::string string(std::string inside = {}) {
    for (std::size_t i = 0, n = pick(8); i != n; ++i)
      inside.append(one_of({"a",
                            "Z",
                            " ",
                            "/",
                            "\\/",
                            "\\\"",
                            "\\\\",
                            "\\b",
                            "\\f",
                            "\\n",
                            "\\u0000",
                            "\\u001F",
                            "\x7f",
                            "\\u007f",
                            "\xc3\xa9",
                            "\\u00e9",
                            "\xe2\x80\xa8",
                            "\xef\xbf\xbf",
                            "\xf0\x9f\x98\x80",
                            "\\ud83d\\ude00",
                            "\xf4\x8f\xbf\xbf",
                            "\\uDBFF\\uDFFF"}));
    return "\"" + inside + "\"";
  }
  std::string value(int depth) {
    const auto kind = pick(depth > 0 ? 8 : 5);
    if (kind < 2) return number();
    if (kind < 4) return string();
    if (kind == 4) return one_of({"true", "false", "null"});
    if (kind == 5) return object(depth);
    std::string out = "[";
    for (std::size_t i = 0, n = pick(5); i != n; ++i) out.append(i ? "," : "").append(space() + value(depth - 1) + space());
    return out + "]";
  }
  std::mt19937 random_;
};

/// Stores all of them, several at a time, and fails the test where one is refused.
void store_all(const live::client& c, const std::string& bucket, const std::vector<evidence_bundle>& all,
               const store_evidence_options& options) {
  std::vector<std::optional<result<stored_evidence>>> stored(all.size());
  detail::in_parallel(all.size(), 8, [&](std::size_t i) {
    stored[i].emplace(store_evidence_bundle(c, bucket, all[i], options));
    return all.size();
  });
  for (auto& s : stored) live::must(std::move(*s));
}

struct verified {
  evidence_summary summary{};
  std::vector<evidence_finding> findings{};
};
verified verify(const live::client& c, const std::string& bucket, const std::string& prefix = "evidence/") {
  verified out;
  out.summary = live::must(verify_evidence(c, bucket, prefix, [&](const evidence_finding& f) { out.findings.push_back(f); }));
  return out;
}

}  // namespace

TEST_CASE("bundles that Python wrote are verified, and have the bytes of ours", "[live][evidence][oracle]") {
  LIVE_TEST(t, c) {
    if (!t.is("minio")) continue;  // the bytes are the same everywhere
    live::bucket b{c};
    CHECK(python({{"action", "write"}, {"count", count}, {"seed", seed}}, &t, b) == std::to_string(count) + "\n");

    const auto all = verify(c, b);
    for (const auto& f : all.findings) UNSCOPED_INFO(to_json_line(f));
    CHECK(all.summary.intact == count);
    CHECK(all.summary.clean());
    CHECK(all.summary.odd == 0);

    const auto listed = live::must(list_evidence_bundles(c, b, {.evidence_type = ""}));
    REQUIRE(listed.size() == count);
    std::vector<std::string> wrong(count);
    detail::in_parallel(count, 8, [&](std::size_t i) {
      const auto got = c.get_object({.bucket = b, .key = listed[i].key});
      const auto read = got ? evidence::read_bundle(*got, listed[i].key) : result<evidence::decoded_bundle>{got.error()};
      const auto again = read ? evidence::encode_bundle(read->bundle) : result<std::string>{read.error()};
      if (!again || *again != got->body) wrong[i] = listed[i].key;
      const auto place = evidence::key_of(
          evidence::bundle_place{listed[i].place.decision_id, listed[i].place.month, listed[i].place.evidence_type});
      if (!place || *place != listed[i].key) wrong[i] = listed[i].key;
      return std::size_t{count};
    });
    for (const auto& key : wrong) CHECK(key == "");

    // and found, whatever their types and months
    for (const std::size_t i : {std::size_t{0}, std::size_t{count / 2}, std::size_t{count - 1}})
      CHECK(live::must(retrieve_evidence_bundle(c, b, listed[i].place.decision_id)).key == listed[i].key);
  }
}

TEST_CASE("what Python writes beyond JSON is read, verified and told", "[live][evidence][oracle]") {
  LIVE_TEST(t, c) {
    if (!t.is("minio")) continue;
    live::bucket b{c};
    CHECK(python({{"action", "odd"}}, &t, b) == "4\n");
    const auto all = verify(c, b);
    CHECK(all.summary.intact == 4);
    CHECK(all.summary.odd == 3);
    CHECK(all.summary.clean());
    CHECK(live::must(retrieve_evidence_bundle(c, b, "infinity")).oddities.size() == 2);
    CHECK(live::must(retrieve_evidence_bundle(c, b, "aware")).bundle.created_at == *parse_iso8601("2024-01-15T12:00:00"));
  }
}

TEST_CASE("what Python stores under names of its own is read, verified, listed, found and deleted", "[live][evidence][oracle]") {
  LIVE_TEST(t, c) {
    if (!t.is("minio")) continue;
    live::bucket b{c};
    CHECK(python({{"action", "names"}}, &t, b) == "5\n");
    const auto all = live::must(verify_evidence(
        c, b, "", [](const evidence_finding& f) { FAIL_CHECK(to_json_line(f)); }, {.every_key = true}));
    CHECK(all.intact == 5);
    std::string listed;
    for (const auto& e : live::must(list_evidence_bundles(c, b, {.evidence_type = ""}))) listed.append(e.key).append(" ");
    CHECK(listed == "evidence/decision/2026/11/3.json evidence/decision/2026/11/team/a/1.json evidence/decision/six.json "
                    "evidence/legal/eu/2026/11/2.json ");
    CHECK(live::must(list_evidence_bundles(c, b, {.prefix = "archive/"})).size() == 1);
    CHECK(live::must(retrieve_evidence_bundle_at(c, b, "archive/five")).bundle.decision_id == "5");
    for (const char* const id : {"team/a/1", "2", "3"}) {
      CAPTURE(id);
      CHECK(live::must(retrieve_evidence_bundle(c, b, id)).bundle.decision_id == id);
      CHECK(live::must(delete_evidence_bundle(c, b, id)).size() == 1);
    }
    const auto attached = live::must(list_attachments(c, b, "a"));
    REQUIRE(attached.size() == 2);
    CHECK(attached[0].place.name == "3.png");
    CHECK(attached[1].place.name == "x/1.png");
    CHECK(live::must(list_attachments(c, b, "a/x")).size() == 1);
  }
}

TEST_CASE("Python reads and verifies what this library wrote, byte for byte", "[live][evidence][oracle]") {
  LIVE_TEST(t, c) {
    if (!t.is("minio")) continue;
    SECTION("evidence_data that Python made up") {
      live::bucket b{c};
      std::vector<evidence_bundle> all;
      detail::split(python({{"action", "generate"}, {"count", count}, {"seed", seed}}), '\n', [&](std::string_view line) {
        if (line.empty()) return;
        const auto from = nlohmann::ordered_json::parse(line);
        all.push_back({.decision_id = from["decision_id"],
                       .evidence_data = json_text::parse(from["evidence_data"]).value(),
                       .created_at = *parse_iso8601(from["created_at"].get<std::string>()),
                       .evidence_type = from["evidence_type"],
                       .metadata = from["metadata"]});
      });
      REQUIRE(all.size() == count);
      store_all(c, b, all, {.own_key_only = true});
      CHECK(python({{"action", "read"}, {"prefix", "evidence/"}, {"count", count}, {"seed", seed}}, &t, b) ==
            std::to_string(count) + "\n");
    }
    SECTION("evidence_data that was made up here") {
      live::bucket b{c};
      random_json random{seed};
      std::vector<evidence_bundle> all;
      for (int i = 0; i != count; ++i)
        all.push_back(
            {.decision_id = "entscheidung-\xc3\xa4\xf0\x9f\x98\x80-" + std::to_string(i),
             .evidence_data = json_text::parse(random.object(1 + i % 5)).value(),
             .created_at = *parse_iso8601("2024-01-15T12:00:00") + std::chrono::microseconds{i % 3} + std::chrono::days{i % 60},
             .evidence_type = i % 2 ? "decision"
                                    : "pr\xc3\xbc"
                                      "fung",
             .metadata = {{"place", "Z\xc3\xbcrich"}, {"count", i}, {"edges", "x"}}});
      store_all(c, b, all, {.own_key_only = true});
      CHECK(python({{"action", "read"}, {"prefix", "evidence/"}}, &t, b) == std::to_string(count) + "\n");
      const auto here = verify(c, b);
      CHECK(here.summary.intact == count);
      CHECK(here.summary.clean());
    }
  }
}
