// Dates: what is read in any format is written, in each, as a text that is read as the same moment; and the calendar is the one of the
// system's gmtime.
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include <s3store/core/time.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

void check(timestamp t) {
  t = detail::writable(t);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  fuzz::hold(parse_iso8601(format_iso8601(t)) == t, "ISO 8601 loses nothing");
  fuzz::hold(parse_timestamp(format_iso8601(t)) == t, "ISO 8601 is known for what it is");
  fuzz::hold(parse_http_date(format_http_date(t)) == seconds, "an HTTP date loses only the fraction");
  fuzz::hold(parse_timestamp(format_http_date(t)) == seconds, "an HTTP date is known for what it is");
  fuzz::hold(parse_timestamp(format_timestamp(t, timestamp_format::unix_seconds)) == seconds, "seconds lose only the fraction");
  fuzz::hold(parse_iso8601(detail::format_amz_date(t)) == seconds, "the date of a signature is ISO 8601");

  const std::time_t count = static_cast<std::time_t>(seconds.time_since_epoch().count());
  std::tm theirs{};
  if (!gmtime_r(&count, &theirs)) return;
  const auto ours = detail::civil(t);
  fuzz::hold(ours.year == theirs.tm_year + 1900 && ours.month == theirs.tm_mon + 1 && ours.day == theirs.tm_mday &&
                 ours.hour == theirs.tm_hour && ours.minute == theirs.tm_min && ours.second == theirs.tm_sec &&
                 ours.weekday == static_cast<unsigned>(theirs.tm_wday),
             "the system's calendar has the same date");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::input{data, size}.rest();
  constexpr timestamp now{std::chrono::seconds{1'700'000'000}};
  for (const auto& read : {parse_iso8601(text), parse_http_date(text, now), parse_timestamp(text)})
    if (read) check(*read);
  // Any number of microseconds, too: the clock of a machine may say what it likes.
  std::uint64_t count = 0;
  for (std::size_t i = 0; i != size && i != 8; ++i) count = count << 8 | data[i];
  check(timestamp{timestamp::duration{static_cast<std::int64_t>(count)}});
  return 0;
}
