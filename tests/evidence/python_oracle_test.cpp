// Does Python's json module write the same? It makes evidence_data of every nasty kind and says what it would store.
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include <s3store/evidence/deletion.hpp>
#include <s3store/evidence/verify.hpp>

#include "support/evidence.hpp"
#include "support/python.hpp"

using namespace s3store;
using test::evidence_world;

namespace {

constexpr const char* program = R"py(
import base64, datetime, hashlib, json, math, random, struct

random.seed(20240115)

def number():
    kind = random.randrange(8)
    if kind == 0: return repr(random.randrange(-10**6, 10**6))
    if kind == 1: return repr(random.randrange(-10**60, 10**60))
    if kind == 2:
        while True:
            f = struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0]
            if math.isfinite(f): break
        return random.choice([repr, lambda f: "%.17e" % f, lambda f: ("%.25E" % f)])(f)
    if kind == 3:
        f = float("%de%d" % (random.randrange(1, 10**random.randrange(1, 17)), random.randrange(-30, 30)))
        f = random.choice([f, math.nextafter(f, math.inf), math.nextafter(f, 0.0), -f])
        return repr(f)
    if kind == 4: return repr(struct.unpack("<d", struct.pack("<Q", random.getrandbits(random.randrange(1, 53))))[0])  # subnormal
    if kind == 5: return random.choice(["-0", "-0.0", "0e0", "1E5", "1e-05", "1e+16", "1e15", "1000000000000000.0", "9007199254740993.0",
                                        "0.1e1", "123456789012345678901234567890e-10", "1e-400", "1e22", "1e23", "5e-324",
                                        "2.2250738585072014e-308", "1.7976931348623157e308"])
    if kind == 6: return "%.*f" % (random.randrange(1, 20), random.uniform(-1e6, 1e6))
    return repr(random.random())

ALPHABET = [chr(c) for c in list(range(0, 0x80)) + [0x80, 0x9f, 0xa0, 0xe9, 0x7ff, 0x800, 0x2028, 0xd7ff, 0xe000, 0xfffd, 0xffff,
                                                    0x10000, 0x1f600, 0xe0001, 0x10ffff]]
def text(): return "".join(random.choice(ALPHABET) for _ in range(random.choice([0, 1, 2, 5, 20])))
def string(s): return json.dumps(s, ensure_ascii=random.random() < 0.5)
def space(): return random.choice(["", "", "", " ", "\n", "\t ", "\r\n"])

def value(depth):
    kind = random.randrange(10)
    if depth == 0 or kind < 4: return random.choice([number, number, lambda: string(text()), lambda: random.choice(["true", "false", "null"])])()
    if kind < 7:
        return "[" + ",".join(space() + value(depth - 1) + space() for _ in range(random.randrange(5))) + space() + "]"
    return obj(depth)

def obj(depth):
    keys = list({text() for _ in range(random.randrange(6))})
    return "{" + ",".join(space() + string(k) + space() + ":" + space() + value(depth - 1) + space() for k in keys) + space() + "}"

def encoded(s): return base64.b64encode(s.encode()).decode()

for i in range(1500):
    source = obj(random.randrange(1, 7)) if i % 10 else value(4)
    data = json.loads(source)
    canonical = json.dumps(data, sort_keys=True)
    checksum = hashlib.sha256(canonical.encode()).hexdigest()
    created = datetime.datetime(random.randrange(1, 10000), random.randrange(1, 13), random.randrange(1, 29), random.randrange(24),
                                random.randrange(60), random.randrange(60), random.choice([0, 0, 1, 500000, random.randrange(10**6)]))
    decision, kind, version, metadata = text(), text(), text(), json.dumps({text(): text() for _ in range(random.randrange(3))})
    bundle = {"decision_id": decision, "evidence_data": data, "created_at": created.isoformat(), "evidence_type": kind,
              "version": version, "checksum": checksum, "metadata": json.loads(metadata)}
    micro = (created - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
    print(" ".join(map(encoded, [source, canonical, checksum, json.dumps(bundle, indent=2), str(micro), decision, kind, version, metadata])))
)py";

}  // namespace

TEST_CASE("canonical text, checksum and bytes are Python's", "[evidence][oracle]") {
  int cases = 0;
  detail::split(test::run_python(program), '\n', [&](std::string_view line) {
    if (line.empty()) return;
    std::vector<std::string> f;
    detail::split(line, ' ', [&f](std::string_view field) { f.push_back(detail::from_base64(field).value()); });
    REQUIRE(f.size() == 9);
    INFO(f[0]);
    auto data = json_text::parse(f[0]);
    REQUIRE(data);
    const auto canonical = evidence::canonical_to_store(*data, "evidence_data");
    if (!canonical) UNSCOPED_INFO(canonical.error().message);
    REQUIRE(canonical);
    REQUIRE(canonical->text == f[1]);
    REQUIRE(canonical->checksum() == f[2]);

    const evidence_bundle bundle{.decision_id = f[5],
                                 .evidence_data = std::move(*data),
                                 .created_at = timestamp{std::chrono::microseconds{std::stoll(f[4])}},
                                 .evidence_type = f[6],
                                 .version = f[7],
                                 .checksum = f[2],
                                 .metadata = json_text::parse(f[8]).value()};
    const auto bytes = evidence::encode_bundle(bundle);
    REQUIRE(bytes);
    REQUIRE(*bytes == f[3]);

    const auto read = evidence::decode_bundle(f[3]);
    REQUIRE(read);
    REQUIRE(evidence::verify_bundle(read->bundle));
    REQUIRE(read->oddities.empty());
    REQUIRE(read->bundle.decision_id == f[5]);
    REQUIRE(read->bundle.created_at == bundle.created_at);
    REQUIRE(*evidence::encode_bundle(read->bundle) == f[3]);
    ++cases;
  });
  CHECK(cases == 1500);
}

TEST_CASE("what Python writes beyond JSON is read, verified and reported", "[evidence][oracle]") {
  const std::string bytes = test::run_python(R"py(
import hashlib, json
data = {"score": float("nan"), "limit": float("-inf"), "name": "\ud800"}
print(json.dumps({"decision_id": "d", "evidence_data": data, "created_at": "2024-01-15T12:00:00+02:00", "evidence_type": "decision",
                  "version": "1.0", "checksum": hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest(), "metadata": None}, indent=2), end="")
)py");
  const auto read = evidence::decode_bundle(bytes);
  REQUIRE(read);
  CHECK(evidence::verify_bundle(read->bundle));
  CHECK(read->oddities.size() == 3);
  CHECK(evidence::python_isoformat(read->bundle.created_at) == "2024-01-15T10:00:00");
  CHECK_FALSE(evidence::encode_bundle(read->bundle));
}

namespace {

/// What the Python module stores, as its README describes it: keys by plain concatenation, with the month in which it stores; the checksum
/// of the data as they are in Python; user metadata in which the caller's names win.
constexpr const char* module_program = R"py(
import datetime, decimal, hashlib, json, math, random, string, struct, uuid, zoneinfo

random.seed(20240607)
UTC = datetime.timezone.utc
ZONES = [None, None, UTC, datetime.timezone(datetime.timedelta(hours=5, minutes=30, seconds=15)),
         datetime.timezone(-datetime.timedelta(hours=3, microseconds=7)), zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("Asia/Kolkata")]
ALPHABET = [chr(c) for c in [*range(0, 0x80), 0x80, 0xa0, 0xe9, 0x7ff, 0x800, 0x2028, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xffff, 0x10000,
                             0x1f600, 0x10ffff]]

def text(): return "".join(random.choice(ALPHABET) for _ in range(random.choice([0, 1, 2, 6, 30])))
def number():
    return random.choice([lambda: random.randrange(-10**random.randrange(1, 80), 10**40), lambda: struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0],
                          lambda: random.choice([float("nan"), float("inf"), -float("inf"), -0.0, 1e16, 1e-5, 5e-324]), lambda: random.uniform(-1e3, 1e3)])()
def odd():  # json.dumps(default=str) makes text of them
    return random.choice([datetime.datetime(2024, 1, 15), decimal.Decimal("1.10"), uuid.UUID(int=random.getrandbits(128)), b"bytes\xff", {1}, ZONES[3]])
def keys(n):
    kind = random.randrange(4)
    if kind == 0: return [random.randrange(-200, 2000) for _ in range(n)]
    if kind == 1: return [random.choice([True, False, 7, 10, 2.5, 1e16, -3, 10**25, 10**24, 0.1]) for _ in range(n)]
    if kind == 2: return [str(random.randrange(2000)) for _ in range(n)] + ["x"]
    return [text() for _ in range(n)]
def value(depth):
    kind = random.randrange(9)
    if depth == 0 or kind < 2: return random.choice([number, text, odd, lambda: random.choice([None, True, False])])()
    if kind < 4: return [value(depth - 1) for _ in range(random.randrange(5))]
    return {k: value(depth - 1) for k in keys(random.randrange(6))}
def deep(levels):
    v = 7
    for i in range(levels): v = {"a": v} if i % 2 else [v]
    return v

def name():
    part = lambda: "".join(random.choice(string.ascii_letters + string.digits + " -_.+%&=?#'()") for _ in range(random.randrange(1, 12))).strip(". ") + "x"
    return "/".join(part() for _ in range(random.choice([1, 1, 1, 2, 3])))

def store(i, data, key=None):
    created = datetime.datetime(random.randrange(2, 9999), random.randrange(1, 13), random.randrange(1, 29), random.randrange(24), random.randrange(60),
                                random.randrange(60), random.choice([0, 0, 1, 500000, random.randrange(10**6)]), tzinfo=random.choice(ZONES))
    decision_id, kind, version = "%s-%s" % (name(), i), random.choice(["decision", "audit", name()]), random.choice(["1.0", "2", "=?UTF-8?B?eA==?=", " x "])
    metadata = random.choice([None, {}, {"environment": "production"}, {"version": "9", "stage": ""}, {"decision-id": "d", "checksum": "c"},
                              {"created-at": "2001-01-01", "evidence-type": " e  e "}, {"note": "".join(chr(c) for c in range(32, 127))}])
    checksum = hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()
    body = json.dumps({"decision_id": decision_id, "evidence_data": data, "created_at": created.isoformat(), "evidence_type": kind, "version": version,
                       "checksum": checksum, "metadata": metadata or {}}, indent=2, default=str)
    assert json.loads(body)["checksum"] == checksum
    beside = {"decision-id": decision_id, "evidence-type": kind, "version": version, "created-at": created.isoformat(), "checksum": checksum}
    beside.update(metadata or {})
    stored = random.choice(["2023/12", "2024/01", "2026/11"])
    own = key is not None
    key = key or "evidence/%s/%s/%s.json" % (kind, stored, decision_id)
    print(json.dumps({"key": key, "own_key": own, "body": body, "beside": {k: v.strip() for k, v in beside.items()}, "decision_id": decision_id, "type": kind}))

for i in range(60): store(i, value(4))
for levels in [511, 513, 899, 900, 950]: store("deep%d" % levels, deep(levels))
store("numbers", {n: n for n in range(120)})
for key in ["archive/one.json", "evidence/decision/two.json", "evidence/decision/2024/three", "four"]: store("own", value(3), key)
)py";

}  // namespace

TEST_CASE("whatever the Python module stores is read, verified, listed, found and deleted", "[evidence][oracle]") {
  evidence_world f;
  std::size_t bundles = 0, in_order = 0, under_own_keys = 0;
  std::vector<nlohmann::json> all;
  detail::split(test::run_python(module_program), '\n', [&](std::string_view line) {
    if (line.empty()) return;
    auto& b = all.emplace_back(nlohmann::json::parse(line));
    put_object_request r{.bucket = "b-1", .key = b["key"], .body = b["body"].get<std::string>(), .content_type = "application/json"};
    for (const auto& [name, value] : b["beside"].items()) r.metadata.add(name, value.get<std::string>());
    const auto put = f.s3.put_object(r);
    if (!put) FAIL(put.error().describe());
    ++bundles;
    under_own_keys += b["own_key"].get<bool>();
  });
  REQUIRE(bundles == 70);

  const auto findings = verify_evidence(f.s3, "b-1", "", [](const evidence_finding& found) {
    if (found.kind != finding_kind::odd) FAIL_CHECK(to_json_line(found));
  }, {.every_key = true});
  if (!findings) FAIL(findings.error().describe());
  CHECK(findings->intact == bundles);
  CHECK(findings->others == 0);

  std::set<std::string> listed;
  for (const auto& e : list_evidence_bundles(f.s3, "b-1", {.evidence_type = ""}).value()) {
    listed.insert(e.key);
    in_order += e.place.month.ok();
  }
  CHECK(in_order == bundles - under_own_keys);
  for (const auto& b : all) {
    const std::string key = b["key"], id = b["decision_id"], type = b["type"];
    CAPTURE(key, id);
    const auto read = retrieve_evidence_bundle_at(f.s3, "b-1", key);
    if (!read) FAIL(read.error().describe());
    CHECK(read->bundle.decision_id == id);
    // What JSON vouches for can be written again, and Python reads it: the same but for created_at, which is in UTC.
    if (auto again = evidence::encode_bundle(read->bundle); again) CHECK(evidence::verify_bundle(evidence::decode_bundle(*again)->bundle));
    if (b["own_key"].get<bool>()) {
      CHECK(list_evidence_bundles(f.s3, "b-1", {.prefix = key})->size() == 1);
      continue;
    }
    CHECK(listed.count(key) == 1);
    const auto of_type = list_evidence_bundles(f.s3, "b-1", {.evidence_type = type}).value();
    CHECK(std::any_of(of_type.begin(), of_type.end(), [&](const auto& e) { return e.key == key && e.place.decision_id == id && e.place.evidence_type == type; }));
    for (const evidence_search& in : {evidence_search{.parallel = 1}, evidence_search{.evidence_type = type, .parallel = 1}}) {
      const auto found = find_evidence(f.s3, "b-1", id, in);
      if (!found) FAIL(found.error().describe());
      REQUIRE(found->size() == 1);
      CHECK(found->front().key == key);
    }
    const auto gone = delete_evidence_bundle(f.s3, "b-1", id, {.search = {.parallel = 1}});
    if (!gone) FAIL(gone.error().describe());
    REQUIRE(gone->size() == 1);
    CHECK(gone->front().key == key);
  }
}

TEST_CASE("whatever is stored here, Python reads", "[evidence][oracle]") {
  // What it might not: depth, digits, names, times, and text of every kind.
  std::string lines;
  std::size_t stored = 0;
  const auto write = [&](evidence_bundle b) {
    evidence_world f;
    const auto out = store_evidence_bundle(f.s3, "b-1", std::move(b));
    if (!out) FAIL(out.error().describe());
    const auto got = f.s3.get_object({.bucket = "b-1", .key = out->key});
    nlohmann::json line{{"key", out->key}, {"body", got->body}, {"type", got->content_type}};
    for (const auto [name, value] : got->metadata) line["beside"][std::string(name)] = std::string(value);
    lines.append(line.dump()).append("\n");
    ++stored;
  };
  for (const std::size_t levels : {std::size_t{1}, std::size_t{513}, std::size_t{900}}) {
    auto b = test::example("deep");
    b.evidence_data = json_text::parse(std::string(levels, '[') + std::string(levels, ']')).value();
    write(b);
  }
  for (const char* const json : {"\"\\ud83d\\ude00\\u0000\"", "1e-400", "-0.0", "[1E+2, 5e-324, 1.7976931348623157e308, 123456789012345678901234567890]", "null"}) {
    auto b = test::example("values");
    b.evidence_data = json_text::parse(json).value();
    b.metadata = {{"version", "mine"}, {"stage", "\xc3\xa9"}, {"edges", " x "}, {"n", 1}};
    write(b);
  }
  auto digits = test::example("digits");
  digits.evidence_data = json_text::parse("-" + std::string(4300, '9')).value();
  write(digits);
  for (const char* const when : {"0001-01-01T00:00:00", "1582-10-10T00:00:00.000001", "1969-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"})
    write(test::example("d\xc3\xa9\xf0\x9f\x98\x80 +%&", *parse_iso8601(when), "pr\xc3\xbc" "fung"));

  CHECK(test::run_python(R"py(
import datetime, hashlib, json, sys

n = 0
for line in sys.stdin.buffer.read().decode().splitlines():
    o = json.loads(line)
    b = json.loads(o["body"])
    assert o["body"] == json.dumps(b, indent=2)
    created = datetime.datetime.fromisoformat(b["created_at"])
    assert created.isoformat() == b["created_at"]
    assert o["key"] == "evidence/%s/%04d/%02d/%s.json" % (b["evidence_type"], created.year, created.month, b["decision_id"])
    assert b["checksum"] == hashlib.sha256(json.dumps(b["evidence_data"], sort_keys=True).encode()).hexdigest()
    assert o["type"] == "application/json" and o["beside"]["checksum"] == b["checksum"] and o["beside"]["version"] == "1.0"
    n += 1
print(n)
)py", lines) == std::to_string(stored) + "\n");
}
