#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <s3store/evidence/bundle.hpp>

using namespace s3store;
using namespace s3store::evidence;

namespace {

/// A bundle's bytes with one member written otherwise, or left out.
std::string with(std::string_view member, std::string_view value) {
  std::string out;
  for (const auto& [name, usual] : std::vector<std::pair<std::string, std::string>>{{"decision_id", "\"d\""},
                                                                                     {"evidence_data", "{}"},
                                                                                     {"created_at", "\"2024-01-15T12:00:00\""},
                                                                                     {"evidence_type", "\"decision\""},
                                                                                     {"version", "\"1.0\""},
                                                                                     // hashlib.sha256(b"{}").hexdigest()
                                                                                     {"checksum", "\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\""},
                                                                                     {"metadata", "{}"}}) {
    const std::string_view chosen = name == member ? value : std::string_view{usual};
    if (!chosen.empty()) out.append(out.empty() ? "{" : ", ").append("\"" + name + "\": ").append(chosen);
  }
  return out + "}";
}

}  // namespace

TEST_CASE("what is no bundle is refused, and says what it lacks", "[evidence]") {
  const auto refused = [](const std::string& bytes, const char* why) {
    const auto out = decode_bundle(bytes);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    INFO(out.error().message);
    CHECK(out.error().message.find(why) != std::string::npos);
  };
  refused("", "no JSON");
  refused("[]", "no JSON object");
  refused(with("", "").substr(0, 100), "no JSON");
  refused(with("decision_id", ""), "no decision_id");
  refused(with("decision_id", "7"), "decision_id");
  refused(with("evidence_data", ""), "no evidence_data");
  refused(with("created_at", ""), "no created_at");
  refused(with("created_at", "\"yesterday\""), "no date");
  refused(with("version", "1.0"), "version");
}

TEST_CASE("a bundle that its checksum does not vouch for is no evidence", "[evidence]") {
  for (const auto& bytes : {with("evidence_data", "{\"a\": 1}"), with("checksum", ""), with("checksum", "null"), with("checksum", "\"00\"")}) {
    const auto read = decode_bundle(bytes);
    REQUIRE(read);
    const auto verdict = verify_bundle(read->bundle);
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().kind == error_kind::integrity);
  }
  CHECK(verify_bundle(decode_bundle(with("", ""))->bundle));
}

TEST_CASE("a bundle that cannot be written is refused", "[evidence]") {
  for (const auto& bad : {evidence_bundle{.decision_id = "\xff"}, evidence_bundle{.evidence_type = "\xff"}, evidence_bundle{.version = "\xff"},
                          evidence_bundle{.evidence_data = json_text::parse("[NaN]").value()},
                          evidence_bundle{.created_at = *parse_iso8601("0001-01-01T00:00:00+01:00")},
                          evidence_bundle{.created_at = *parse_iso8601("9999-12-31T23:59:59-01:00")},
                          evidence_bundle{.metadata = json_text::parse(R"({"a": 1, "a": 2})").value()}}) {
    const auto out = encode_bundle(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
  }
}

TEST_CASE("members that are left out have their defaults", "[evidence]") {
  const auto read = decode_bundle(R"({"decision_id": "d", "evidence_data": [1], "created_at": "2024-01-15T12:00:00.250+01:00", "other": 1})");
  REQUIRE(read);
  CHECK(read->bundle.evidence_type == "decision");
  CHECK(read->bundle.version == "1.0");
  CHECK(read->bundle.metadata == json_text{});
  CHECK(python_isoformat(read->bundle.created_at) == "2024-01-15T11:00:00.250000");
}

TEST_CASE("times are written as Python's isoformat", "[evidence]") {
  for (const std::string_view same : {"2024-01-15T12:00:00", "2024-01-15T12:00:00.000001", "1969-12-31T23:59:59.999999", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"})
    CHECK(python_isoformat(*parse_iso8601(same)) == same);
}

TEST_CASE("a bundle has the bytes of json.dumps(bundle, indent=2)", "[evidence]") {
  const auto bytes = encode_bundle({.decision_id = "d\xc3\xa9",
                                    .evidence_data = json_text::parse("{\"b\":[],\"a\":1e-5}").value(),
                                    .created_at = *parse_iso8601("2024-01-15T12:00:00"),
                                    .checksum = "00",
                                    .metadata = {{"env", "prod"}}});
  REQUIRE(bytes);
  CHECK(*bytes == R"({
  "decision_id": "d\u00e9",
  "evidence_data": {
    "b": [],
    "a": 1e-05
  },
  "created_at": "2024-01-15T12:00:00",
  "evidence_type": "decision",
  "version": "1.0",
  "checksum": "00",
  "metadata": {
    "env": "prod"
  }
})");
}

TEST_CASE("dates that Python writes are read: offsets with seconds, years before 1900", "[evidence]") {
  const auto created = [](std::string_view text) {
    const auto read = decode_bundle(with("created_at", "\"" + std::string(text) + "\""));
    return read ? python_isoformat(read->bundle.created_at) : read.error().message;
  };
  CHECK(created("2024-01-15T12:00:00+05:30:15") == "2024-01-15T06:29:45");
  CHECK(created("1890-06-01T12:00:00+00:53:28") == "1890-06-01T11:06:32");  // Berlin's own time, before 1893
  CHECK(created("1582-10-04T00:00:00") == "1582-10-04T00:00:00");
  CHECK(created("2024-01-15T12:00:00.000001-00:00:00.000001") == "2024-01-15T12:00:00.000002");
  CHECK(created("2024-01-15") == "2024-01-15T00:00:00");  // isoformat() of a date
}
