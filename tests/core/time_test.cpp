// Are the wire's dates read and written as the standards have them?
#include <s3store/core/time.hpp>

#include "support/catch.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
// date -u -d @1369353600
constexpr timestamp day{1369353600s};
}  // namespace

TEST_CASE("dates are written", "[time]") {
  CHECK(format_http_date(timestamp{784111777s}) == "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110, section 5.6.7
  CHECK(format_http_date(day + 999ms) == "Fri, 24 May 2013 00:00:00 GMT");
  CHECK(format_iso8601(day) == "2013-05-24T00:00:00Z");
  CHECK(format_iso8601(day + 5ms) == "2013-05-24T00:00:00.005Z");
  CHECK(format_iso8601(day + 5us) == "2013-05-24T00:00:00.000005Z");
  CHECK(detail::format_amz_date(day + 61s) == "20130524T000101Z");
  CHECK(format_timestamp(day, timestamp_format::unix_seconds) == "1369353600");
  CHECK(format_timestamp(timestamp{-1us}, timestamp_format::unix_seconds) == "-1");
  CHECK(format_iso8601(timestamp{-1s}) == "1969-12-31T23:59:59Z");
  CHECK(format_iso8601(timestamp{951782400s}) == "2000-02-29T00:00:00Z");
  CHECK(format_timestamp(day, timestamp_format::http_date) == format_http_date(day));
}

TEST_CASE("the calendar is that of the standard library", "[time]") {
  using namespace std::chrono;
  for (sys_days day = sys_days{year{0} / January / 1}; day <= sys_days{year{9999} / December / 31}; day += days{1}) {
    const year_month_day date{day};
    const timestamp t = day + 86'399s + 999'999us;
    const auto c = detail::civil(t);
    if (c.year != int{date.year()} || c.month != static_cast<int>(unsigned{date.month()}) || c.day != static_cast<int>(unsigned{date.day()}) || c.weekday != weekday{day}.c_encoding() ||
        c.hour != 23 || c.minute != 59 || c.second != 59 || c.microsecond != 999'999 || detail::from_civil(c) != t)
      FAIL(format_iso8601(t));
  }
  for (const int year : {1900, 2000, 2023, 2024})
    for (int month = 0; month <= 13; ++month)
      for (int day = 0; day <= 32; ++day)
        CHECK(detail::from_civil({.year = year, .month = month, .day = day}).has_value() ==
              year_month_day{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))}.ok());
}

TEST_CASE("a date is read in each of three formats", "[time]") {
  for (const std::string_view text :
       {"Fri, 24 May 2013 00:00:00 GMT", "Fri, 24 May 2013 00:00:00 UTC", "Fri, 24 May 2013 00:00:00 +0000", "2013-05-24T00:00:00Z",
        "2013-05-24T00:00:00.000Z", "2013-05-24T00:00:00", "20130524T000000Z", "2013-05-24T02:00:00+02:00",
        "2013-05-23T19:00:00-0500", "2013-05-24", "1369353600", "1369353600.0", "2013-05-24t00:00:00z", "2013-05-24 00:00:00Z"})
    CHECK(parse_timestamp(text) == day);
  CHECK(parse_timestamp("2013-05-24T00:00:00.123456789Z") == day + 123456us);
  for (const std::string_view text : {"2013-05-24T05:30:15+05:30:15", "2013-05-24T05:30:15.250000+05:30:15.250000", "2013-05-23T22:29:45-01:30:15",
                                      "20130524T053015+053015"})
    CHECK(parse_iso8601(text) == day);  // Python writes such offsets
  CHECK(parse_iso8601("1890-01-01T00:53:28+00:53:28") == parse_iso8601("1890-01-01"));
  CHECK(parse_timestamp("1369353600.25") == day + 250ms);
  CHECK(parse_timestamp("-1.5") == timestamp{-1500ms});
  CHECK(parse_timestamp("0") == timestamp{});
  CHECK(parse_http_date("Sun,  6 Nov 1994 08:49:37 GMT") == timestamp{784111777s});
  CHECK(parse_timestamp("2000-02-29T23:59:60Z") == timestamp{951868800s});  // a leap second
}

TEST_CASE("what is no date is none", "[time]") {
  for (const std::string_view bad : {"",
                                     " ",
                                     "now",
                                     "T",
                                     "-",
                                     "2013",
                                     "2013-13-01",
                                     "2013-02-30",
                                     "2013-05-24T24:00:00Z",
                                     "2013-05-24T00:60:00Z",
                                     "2013-05-24T00:00:61Z",
                                     "2013-05-24T00:00:00.Z",
                                     "2013-05-24T00:00:00Zx",
                                     "2013-05-24T00:00:00+",
                                     "2013-05-24T00:00:00+25:00",
                                     "2013-05-24T00:00:00+05:30:",
                                     "2013-05-24T00:00:00+05:30:60",
                                     "2013-05-24T00:00:00+05:30:15.",
                                     "2013-05-24T00:00:00+05:30:15x",
                                     "2013-0524",
                                     "2013-05-24T",
                                     "Fri, 24 May 2013",
                                     "Fri, 24 Mai 2013 00:00:00 GMT",
                                     "Fri, 24 May 2013 00:00:00 PST",
                                     "Fri, 24 May 13 00:00:00 GMT",
                                     "Fri, 24 ayJ 2013 00:00:00 GMT",
                                     "24 May 2013 00:00:00 GMT",
                                     "1369353600s",
                                     "1.",
                                     "99999999999999999999",
                                     "999999999999",
                                     "1e9",
                                     "0x10"}) {
    INFO(bad);
    if (bad == "2013") continue;  // a number of seconds
    CHECK_FALSE(parse_timestamp(bad));
  }
}

TEST_CASE("a date beyond four digits of a year is written as the end of its side, and never as another year", "[time]") {
  // A retention until timestamp::max() was written with the last four digits of its year, in the past.
  for (const timestamp late : {(timestamp::max)(), timestamp{253'402'300'800s}, timestamp{253'402'300'800s} - 1us}) {
    CHECK(format_iso8601(late) == "9999-12-31T23:59:59.999999Z");
    CHECK(format_http_date(late) == "Fri, 31 Dec 9999 23:59:59 GMT");
    CHECK(detail::format_amz_date(late) == "99991231T235959Z");
  }
  for (const timestamp early : {(timestamp::min)(), timestamp{-62'167'219'200s} - 1us}) {
    CHECK(format_iso8601(early) == "0000-01-01T00:00:00Z");
    CHECK(format_http_date(early) == "Sat, 01 Jan 0000 00:00:00 GMT");
    CHECK(detail::format_amz_date(early) == "00000101T000000Z");
  }
  CHECK(format_iso8601(timestamp{253'402'300'799s}) == "9999-12-31T23:59:59Z");
  CHECK(format_iso8601(timestamp{-62'167'219'200s}) == "0000-01-01T00:00:00Z");
  // What an offset moves out of these years is read as it is, and written as above.
  CHECK(format_iso8601(*parse_iso8601("9999-12-31T23:59:59-01:00")) == "9999-12-31T23:59:59.999999Z");
  CHECK(format_iso8601(*parse_iso8601("0000-01-01T00:00:00+01:00")) == "0000-01-01T00:00:00Z");
}

TEST_CASE("HTTP dates in the forms of RFC 850 and asctime are read", "[time]") {
  const timestamp nineties{784111777s};  // RFC 9110, section 5.6.7
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == nineties);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == nineties);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == nineties);
  CHECK(parse_http_date("Wed Nov 16 08:49:37 1994") == nineties + 240h);
  CHECK(parse_timestamp("Sunday, 06-Nov-94 08:49:37 GMT") == nineties);
  CHECK(parse_timestamp("Sun Nov  6 08:49:37 1994") == nineties);
  for (const std::string_view bad :
       {"Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37", "Sunday, 06-Nov-94 08:49:37 PST", "Sunday, 06-Nov-94 24:00:00 GMT",
        "Sunday, 31-Nov-94 08:49:37 GMT", "Sunday, 06 Nov-94 08:49:37 GMT", "Sunday, 06-Nov 94 08:49:37 GMT", "Sunday, 06-Now-94 08:49:37 GMT",
        "Sunday 06-Nov-94 08:49:37 GMT", "Sunday, 6-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov 32 08:49:37 1994", "Sun  Nov", "Sun", "Su", ",", "Sun,"}) {
    INFO(bad);
    CHECK_FALSE(parse_http_date(bad));
  }
}

TEST_CASE("a year of two digits is the latest that is no more than 50 years in the future", "[time]") {
  const auto at = [](std::string_view now, std::string_view year) {
    const auto read = parse_http_date("Sunday, 06-Nov-" + std::string(year) + " 08:49:37 GMT", *parse_iso8601(now));
    return read ? format_iso8601(*read).substr(0, 4) : std::string("none");
  };
  CHECK(at("2026-07-01", "26") == "2026");
  CHECK(at("2026-07-01", "27") == "2027");
  CHECK(at("2026-07-01", "75") == "2075");
  CHECK(at("2026-07-01", "76") == "1976");  // more than 50 years in the future, by four months
  CHECK(at("2026-11-06T08:49:36Z", "76") == "1976");
  CHECK(at("2026-11-06T08:49:37Z", "76") == "2076");
  CHECK(at("2026-07-01", "77") == "1977");
  CHECK(at("2026-07-01", "99") == "1999");
  CHECK(at("2026-07-01", "00") == "2000");
  CHECK(at("1994-01-01", "94") == "1994");
  CHECK(at("1999-12-31", "00") == "2000");
  CHECK(at("2099-12-31", "00") == "2100");
  // Only the year decides whether there is a 29th of February.
  CHECK(parse_http_date("Thursday, 29-Feb-24 00:00:00 GMT", *parse_iso8601("2026-07-01")) == parse_iso8601("2024-02-29"));
  CHECK_FALSE(parse_http_date("Thursday, 29-Feb-25 00:00:00 GMT", *parse_iso8601("2026-07-01")));
  CHECK(parse_http_date("Monday, 01-Jan-01 00:00:00 GMT", (timestamp::max)()));
  CHECK(parse_http_date("Monday, 01-Jan-01 00:00:00 GMT", (timestamp::min)()));
}

TEST_CASE("all days of four centuries are read as they were written", "[time]") {
  for (std::int64_t n = -50'000; n < 100'000; n += 7) {
    const timestamp t{std::chrono::seconds{n * 86400 + 12345}};
    CHECK(parse_timestamp(format_http_date(t)) == t);
    CHECK(parse_timestamp(format_iso8601(t)) == t);
    CHECK(parse_timestamp(detail::format_amz_date(t)) == t);
  }
}

TEST_CASE("milliseconds are rounded up, so that what waits does not wake early", "[time]") {
  using namespace std::chrono;
  for (const auto d : {0ns, 1ns, 999'999ns, 1'000'000ns, 1'000'001ns, -1ns, -1'000'000ns, -1'000'001ns, nanoseconds::max(), nanoseconds{1'500'000'000}})
    CHECK(detail::whole_milliseconds(d) == (d == nanoseconds::max() ? 9'223'372'036'855 : ceil<milliseconds>(d).count()));
  CHECK(detail::whole_milliseconds(nanoseconds::min()) == -9'223'372'036'854);
}

TEST_CASE("arithmetic on times saturates, so that duration::max() means no limit and not the past", "[time]") {
  using std::chrono::days, std::chrono::hours, std::chrono::microseconds, std::chrono::seconds;
  using detail::saturating_add, detail::saturating_sub, detail::saturating_mul, detail::saturating_cast;
  constexpr steady_time now{1000h}, never = (steady_time::max)(), first = (steady_time::min)();
  constexpr duration most = (duration::max)(), least = (duration::min)();
  CHECK(saturating_add(now, 5s) == now + 5s);
  CHECK(saturating_add(now, -5s) == now - 5s);
  CHECK(saturating_add(now, most) == never);
  CHECK(saturating_add(now, never - now) == never);
  CHECK(saturating_add(now, never - now + 1ns) == never);
  CHECK(saturating_add(steady_time{-1ns}, least) == first);
  CHECK(saturating_add(steady_time{}, least) == first);
  CHECK(saturating_add(now, (seconds::max)()) == never);
  CHECK(saturating_add(now, (hours::max)()) == never);
  CHECK(saturating_add(most, 1ns) == most);
  CHECK(saturating_add(least, -1ns) == least);
  CHECK(saturating_add(1s, 1ms) == 1s);  // in the unit of the first
  CHECK(saturating_sub(now, 5s) == now - 5s);
  CHECK(saturating_sub(now, most) == now - most);
  CHECK(saturating_sub(first, 1ns) == first);
  CHECK(saturating_sub(now, least) == never);
  CHECK(saturating_sub(now, first) == most);
  CHECK(saturating_sub(first, now) == least);
  CHECK(saturating_sub(never, now) == never - now);
  CHECK(saturating_sub((timestamp::min)(), 5min) == (timestamp::min)());
  CHECK(saturating_mul(duration{9s}, std::int64_t{1} << 30) == most);
  CHECK(saturating_mul(duration{-9s}, std::int64_t{1} << 30) == least);
  CHECK(saturating_mul(duration{8s}, std::int64_t{1} << 30) == duration{8s} * (std::int64_t{1} << 30));
  CHECK(saturating_cast<microseconds>((seconds::max)()) == (microseconds::max)());
  CHECK(saturating_cast<microseconds>((seconds::min)()) == (microseconds::min)());
  CHECK(saturating_cast<microseconds>(days{-3}) == days{-3});
  CHECK(saturating_cast<seconds>(1999ms) == 1s);
}
