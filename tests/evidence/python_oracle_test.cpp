// Does Python's json module write the same? It makes evidence_data of every nasty kind and says what it would store.
#include "support/catch.hpp"
#include "support/python.hpp"

#include <s3store/evidence/bundle.hpp>

using namespace s3store;

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
