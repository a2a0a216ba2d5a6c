// Fields in their order, names without case.
#include <iterator>

#include <s3store/core/headers.hpp>

#include "support/catch.hpp"

using namespace s3store;

static_assert(std::forward_iterator<headers::iterator> || std::input_iterator<headers::iterator>);

TEST_CASE("fields are found whatever their case, and keep their order", "[headers]") {
  headers h{{"B", "1"}, {"a", "2"}, {"b", "3"}};
  CHECK(h.size() == 3);
  CHECK(h.get("b") == "1");
  CHECK(h.get("A") == "2");
  CHECK_FALSE(h.get("c"));
  CHECK(h.value_or_empty("c").empty());
  CHECK(h.contains("B"));
  CHECK(h[2].value == "3");
  std::string all;
  for (const auto [name, value] : h) all.append(name).append("=").append(value).append(";");
  CHECK(all == "B=1;a=2;b=3;");
}

TEST_CASE("fields are replaced and erased", "[headers]") {
  headers h{{"B", "1"}, {"a", "2"}, {"b", "3"}};
  h.set("b", "4");
  CHECK(h == headers{{"a", "2"}, {"B", "4"}});
  h.erase("A");
  CHECK(h.size() == 1);
  h.erase("nothing");
  h.clear();
  CHECK(h.empty());
  h.add("", "");
  CHECK(h.size() == 1);
  CHECK(h.get("") == "");
}

TEST_CASE("equal are those with the same names, values and order", "[headers]") {
  CHECK(headers{{"A", "1"}} == headers{{"a", "1"}});
  CHECK_FALSE(headers{{"A", "x"}} == headers{{"A", "X"}});
  CHECK_FALSE(headers{{"A", "1"}, {"B", "2"}} == headers{{"B", "2"}, {"A", "1"}});
  CHECK_FALSE(headers{{"A", "1"}} == headers{});
}

TEST_CASE("a name is found among names of the same length and last letter, however it is spelt", "[headers]") {
  headers h{{"x-amz-meta-A", "1"}, {"x-amz-meta-bA", "2"}};
  CHECK(h.get("X-AMZ-META-a") == "1");
  CHECK_FALSE(h.contains("y-amz-meta-a"));
  h.erase("x-amz-meta-a");
  CHECK_FALSE(h.contains("x-amz-meta-a"));
  h.add("X-Amz-Meta-A", "3");
  CHECK(h.get("x-amz-meta-a") == "3");
  h.clear();
  CHECK_FALSE(h.contains("x-amz-meta-ba"));
  const std::string long_name(300, 'n');
  h.add(long_name, "4");
  CHECK(h.get(long_name) == "4");
}

TEST_CASE("wiped fields leave nothing behind", "[headers]") {
  headers h{{"x-amz-server-side-encryption-customer-key", "c2VjcmV0"}};
  const char* const text = h[0].value.data();  // the buffer stays
  h.wipe();
  CHECK(h.empty());
  CHECK(std::string_view{text, 8} == std::string_view{"\0\0\0\0\0\0\0\0", 8});
}

TEST_CASE("a field may be added or set from the name and value of another one", "[headers]") {
  for (std::size_t size = 0; size != 200; ++size) {  // whether or not the text has to grow for it
    headers h{{"from", std::string(size, 'v')}};
    h.add("a-copy-of-it", *h.get("from"));
    REQUIRE(h.get("a-copy-of-it") == std::string(size, 'v'));
    h.set("from", h[1].name);
    REQUIRE(h.get("from") == "a-copy-of-it");
    h.set(h[0].name, h[0].value);
    REQUIRE(h.get("a-copy-of-it") == std::string(size, 'v'));
    for (std::size_t i = 0; i != 10; ++i) h.add(h[i].name, h[i].value);
    REQUIRE(h[10].value == h[h.size() % 2].value);
    h.erase(h[0].name);
    REQUIRE(h.size() == 6);
  }
}
