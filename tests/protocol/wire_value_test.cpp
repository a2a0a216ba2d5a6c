// How does each type of value stand on the wire, and what is refused when it is read?
#include <s3store/protocol/wire_value.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

struct color : enumeration<color> {
  using enumeration::enumeration;
  static constexpr constant red{"RED"};
};

template <class T>
std::string text(const T& v, timestamp_format f = timestamp_format::iso8601) {
  std::string out;
  wire::to_wire(out, v, f);
  return out;
}
template <class T>
std::optional<T> read(std::string_view s) {
  T out{};
  if (!wire::from_wire(s, out)) return std::nullopt;
  return out;
}

}  // namespace

TEST_CASE("numbers and flags", "[wire_value]") {
  CHECK(text(std::int64_t{-5}) == "-5");
  CHECK(read<std::int32_t>(" 7\n") == 7);
  for (const std::string_view bad : {"", "x", "1.0", "2147483648", "0x1", "1 2"}) CHECK_FALSE(read<std::int32_t>(bad));
  CHECK(read<std::int64_t>("2147483648") == 2147483648);
  CHECK(text(true) == "true");
  CHECK(text(false) == "false");
  CHECK(read<bool>("true") == true);
  CHECK(read<bool>("FALSE") == false);
  for (const std::string_view bad : {"", "1", "yes", "truee"}) CHECK_FALSE(read<bool>(bad));
}

TEST_CASE("dates in the place's format, and read in any", "[wire_value]") {
  const timestamp t{std::chrono::seconds{1369357323}};
  CHECK(text(t) == "2013-05-24T01:02:03Z");
  CHECK(text(t, timestamp_format::http_date) == "Fri, 24 May 2013 01:02:03 GMT");
  CHECK(text(t, timestamp_format::unix_seconds) == "1369357323");
  for (const std::string_view good : {"2013-05-24T01:02:03.000Z", " Fri, 24 May 2013 01:02:03 GMT ", "1369357323"})
    CHECK(read<timestamp>(good) == t);
  CHECK_FALSE(read<timestamp>("yesterday"));
}

TEST_CASE("enumerations are open", "[wire_value]") {
  color c = color::red;
  CHECK(c == color::red);
  CHECK(text(c) == "RED");
  CHECK(read<color>("ULTRAVIOLET")->str() == "ULTRAVIOLET");
  CHECK(color{}.empty());
  CHECK(color{"RED"} == color::red);
  CHECK(std::string_view{color::red} == "RED");
}

TEST_CASE("customer keys are base64, and strictly read", "[wire_value]") {
  CHECK(text(customer_key{"key"}) == "a2V5");
  CHECK(read<customer_key>("a2V5")->raw().reveal() == "key");
  for (const std::string_view bad : {"a2V", "a2V5 ", "?"}) CHECK_FALSE(read<customer_key>(bad));
}

TEST_CASE("the source of a copy", "[wire_value]") {
  CHECK(text(copy_source{"b", "a b/?versionId=x"}) == "b/a%20b/%3FversionId%3Dx");
  CHECK(text(copy_source{"b", "k", "v"}) == "b/k?versionId=v");
  CHECK(text(copy_source{"arn:aws:s3:r:1:accesspoint/ap", "k"}) == "arn%3Aaws%3As3%3Ar%3A1%3Aaccesspoint/ap/object/k");
  for (const copy_source& each : {copy_source{"b", "k"},
                                  {"b", "a/../b //%2F+"},
                                  {"b", "?versionId=", "v+/="},
                                  {"arn:aws:s3:r:1:accesspoint/ap", "k/object/l"}})
    CHECK(read<copy_source>(text(each)) == each);
  CHECK(read<copy_source>("/b/k") == copy_source{"b", "k"});
  for (const std::string_view bad : {"", "b", "b/", "/", "/k", "b/k?versionId=%", "b/%zz"}) CHECK_FALSE(read<copy_source>(bad));
}

TEST_CASE("members are present or not, and are given a place", "[wire_value]") {
  std::optional<int> absent, there = 5;
  CHECK_FALSE(wire::present(absent));
  CHECK(*wire::present(there) == 5);
  wire::place(absent) = 7;
  CHECK(absent == 7);
  wire::place(there) = 8;
  CHECK(there == 8);
}
