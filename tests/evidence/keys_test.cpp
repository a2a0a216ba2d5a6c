#include "support/catch.hpp"

#include <s3store/evidence/keys.hpp>

using namespace s3store;
using namespace s3store::evidence;
using namespace std::chrono_literals;

namespace {
const year_month january{std::chrono::year{2024}, std::chrono::January};
}

TEST_CASE("a name that would change a key's meaning is refused", "[evidence]") {
  for (const std::string_view bad : {"", ".", "..", "a/b", "/", "../x", "a\nb", "a\x7f", "\x1b", "a\xff", "\xed\xa0\x80",
                                     "a\xc2\x80", "\xc2\x9f", "\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    INFO(bad);
    const auto as_id = key_of(bundle_place{std::string(bad), january});
    REQUIRE_FALSE(as_id);
    CHECK(as_id.error().kind == error_kind::invalid_argument);
    CHECK(as_id.error().message.find("decision_id") != std::string::npos);
    CHECK_FALSE(key_of(bundle_place{"id", january, std::string(bad)}));
    CHECK_FALSE(key_of(attachment_place{std::string(bad), january, "n"}));
    CHECK_FALSE(key_of(attachment_place{"id", january, std::string(bad)}));
  }
  CHECK_FALSE(key_of(bundle_place{std::string("a\0b", 3), january}));
  CHECK_FALSE(key_of(bundle_place{"id"}));  // no month
  CHECK_FALSE(key_of(bundle_place{"id", {std::chrono::year{0}, std::chrono::January}}));
  CHECK_FALSE(key_of(bundle_place{std::string(1024, 'x'), january}));
}

TEST_CASE("keys are those of the original", "[evidence]") {
  CHECK(*key_of(bundle_place{"dec-123", january}) == "evidence/decision/2024/01/dec-123.json");
  CHECK(*key_of(bundle_place{"...", {std::chrono::year{987}, std::chrono::December}, "audit"}) ==
        "evidence/audit/0987/12/....json");
  CHECK(*key_of(attachment_place{"dec-123", january, "screen shot+%.png"}) == "attachments/2024/01/dec-123/screen shot+%.png");
  CHECK(*key_of(bundle_place{"d\xc3\xa9\xf0\x9f\x98\x80", january}) == "evidence/decision/2024/01/d\xc3\xa9\xf0\x9f\x98\x80.json");
}

TEST_CASE("the month is that of UTC", "[evidence]") {
  CHECK(month_of(*parse_iso8601("2024-01-31T23:30:00-01:00")) == year_month{std::chrono::year{2024}, std::chrono::February});
  CHECK(month_of(*parse_iso8601("1969-12-31T23:59:59.999999")) == year_month{std::chrono::year{1969}, std::chrono::December});
}

TEST_CASE("a time beyond the calendar of keys is refused, and not filed under another year", "[evidence]") {
  for (const timestamp t : {(timestamp::max)(), (timestamp::min)(), timestamp{253'402'300'800s}, timestamp{-62'167'219'200s}}) {
    CHECK(key_of(bundle_place{"d", month_of(t)}).error().kind == s3store::error_kind::invalid_argument);
    CHECK(key_of(attachment_place{"d", month_of(t), "a"}).error().kind == s3store::error_kind::invalid_argument);
  }
  // Every year that 16 bits cannot tell from a usual one.
  for (std::int64_t year = 65'536 + 1; year < 290'000; year += 997) {
    const timestamp t{std::chrono::seconds{31'556'952} * (year - 1970)};
    CHECK_FALSE(key_of(bundle_place{"d", month_of(t)}));
    CHECK_FALSE(key_of(bundle_place{"d", month_of(timestamp{} - t.time_since_epoch())}));
  }
}

TEST_CASE("a key tells its place, and other keys none", "[evidence]") {
  const auto b = parse_bundle_key("evidence/decision/2024/01/dec.json.json");
  REQUIRE(b);
  CHECK(b->decision_id == "dec.json");
  CHECK(b->evidence_type == "decision");
  CHECK(b->month == january);
  const auto a = parse_attachment_key("attachments/2024/01/dec-1/a.png");
  REQUIRE(a);
  CHECK(a->decision_id == "dec-1");
  CHECK(a->name == "a.png");
  for (const std::string_view other :
       {"", "evidence/", "evidence/decision/2024/01/.json", "evidence/decision/2024/13/x.json", "evidence/decision/24/01/x.json",
        "evidence/decision/2024/01/../x.json", "evidence/decision/2024/01/\xff.json", "evidence/decision/2024/01/x.txt", "evidence/2024/01/x.json", "evidence//2024/01/x.json",
        "x/decision/2024/01/x.json", "evidence/decision/2024/01", "attachments/2024/01/dec", "attachments/2024/01/dec/",
        "attachments/2024/01//b", "attachments/x"}) {
    INFO(other);
    CHECK_FALSE(parse_bundle_key(other));
    CHECK_FALSE(parse_attachment_key(other));
  }
}

TEST_CASE("a type, an id or a name with slashes, which Python stores, has its place", "[evidence]") {
  const auto place = [](std::string_view key) {
    const auto at = parse_bundle_key(key);
    return at ? at->evidence_type + "|" + evidence::detail::month_folder(at->month) + "|" + at->decision_id : std::string("none");
  };
  CHECK(place("evidence/decision/2024/01/team/dec-1.json") == "decision|2024/01/|team/dec-1");
  CHECK(place("evidence/legal/eu/2024/01/dec-1.json") == "legal/eu|2024/01/|dec-1");
  CHECK(place("evidence/2023/2024/01/dec-1.json") == "2023|2024/01/|dec-1");
  CHECK(place("evidence/a/2024/01/b/2024/02/c.json") == "a|2024/01/|b/2024/02/c");  // the shortest type
  CHECK(place("evidence/a//b/2024/01//c.json") == "a//b|2024/01/|/c");
  CHECK(place("evidence/decision/2024/01/tab\there.json") == "decision|2024/01/|tab\there");
  CHECK(parse_bundle_folder("evidence/a/2024/01/b/2024/02/")->evidence_type == "a/2024/01/b");
  for (const char* const none : {"evidence/2024/01/", "evidence//2024/01/", "evidence/a/2024/13/", "evidence/a/2024/01", "x/a/2024/01/", "evidence/"})
    CHECK_FALSE(parse_bundle_folder(none));

  const auto attached = parse_attachment_key("attachments/2024/01/dec/a/b");
  REQUIRE(attached);
  CHECK(attached->decision_id == "dec");
  CHECK(attached->name == "a/b");

  CHECK(*key_to_find({"team/dec-1", january, "legal/eu"}) == "evidence/legal/eu/2024/01/team/dec-1.json");
  for (const char* const bad : {"", ".", "..", "../x", "a/../b", "a/.", "\xff"}) {
    CHECK_FALSE(key_to_find({bad, january}));
    CHECK_FALSE(key_to_find({"x", january, bad}));
  }
}

TEST_CASE("a bundle's key is its own, or has another form", "[evidence]") {
  for (const char* const own : {"evidence/decision/2024/01/d.json", "evidence/a/b/2020/12/d.json", "archive/d.json", "evidence/special.json", "x",
                                "evidence/decision/2024/13/other.json"})
    CHECK(may_have_key("d", own));
  for (const char* const other : {"evidence/decision/2024/01/other.json", "evidence/decision/2024/01/x/d.json", "evidence/decision/2024/01/xd.json"})
    CHECK_FALSE(may_have_key("d", other));
  CHECK(may_have_key("x/d", "evidence/decision/2024/01/x/d.json"));
  CHECK(may_have_key("c", "evidence/a/2024/01/b/2024/02/c.json"));
  CHECK(may_have_key("b/2024/02/c", "evidence/a/2024/01/b/2024/02/c.json"));
}
