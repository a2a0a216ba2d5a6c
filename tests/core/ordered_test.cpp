// Against std::map, which it stands in for.
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/ordered.hpp>

#include "support/catch.hpp"

using s3store::ordered;

namespace {

/// Counts the living.
struct counted {
  explicit counted(int v = 0) : value(v) { ++alive; }
  counted(const counted& other) : value(other.value) { ++alive; }
  counted& operator=(const counted&) = default;
  ~counted() { --alive; }
  int value;
  static inline int alive = 0;
};

}  // namespace

TEST_CASE("ordered: what comes and goes at random is what a map has", "[core][ordered]") {
  std::mt19937 random{7};
  for (int round = 0; round != 20; ++round) {
    ordered<std::string, counted> ours;
    std::map<std::string, int> theirs;
    for (int i = 0; i != 500; ++i) {
      const std::string key = std::to_string(random() % 100);
      const int value = static_cast<int>(random() % 1000);
      switch (random() % 5) {
        case 0:
          ours[key].value = value;
          theirs[key] = value;
          break;
        case 1: CHECK(ours.insert_or_assign(key, counted{value}).value == (theirs[key] = value)); break;
        case 2:
          ours.erase(key);
          theirs.erase(key);
          break;
        default: {
          const auto ours_at = ours.find(std::string_view{key});
          const auto theirs_at = theirs.find(key);
          REQUIRE((ours_at == ours.end()) == (theirs_at == theirs.end()));
          REQUIRE(ours.contains(key) == theirs.contains(key));
          if (theirs_at != theirs.end()) REQUIRE(ours_at->second.value == theirs_at->second);
        }
      }
      const std::string edge = std::to_string(random() % 110);
      const auto same = [&](auto a, auto b) {
        const bool end = a == std::as_const(ours).end();
        REQUIRE(end == (b == theirs.end()));
        if (!end) REQUIRE(a->first == b->first);
      };
      same(ours.lower_bound(edge), theirs.lower_bound(edge));
      same(ours.upper_bound(edge), theirs.upper_bound(edge));
    }
    REQUIRE(ours.size() == theirs.size());
    REQUIRE(counted::alive == static_cast<int>(theirs.size()));
    auto at = theirs.begin();
    for (const auto& [key, value] : ours) {
      REQUIRE(key == at->first);
      REQUIRE(value.value == at->second);
      ++at;
    }
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("ordered: things stay where they are while others come and go", "[core][ordered]") {
  ordered<int, std::string> all;
  std::vector<std::pair<int, const std::string*>> places;
  for (const int i : {50, 10, 90, 30, 70, 20, 80, 40, 60}) places.emplace_back(i, &(all[i] = std::to_string(i)));
  all.erase(10);
  all.erase(90);
  for (const auto& [key, place] : places)
    if (key != 10 && key != 90) {
      CHECK(&all.find(key)->second == place);
      CHECK(*place == std::to_string(key));
    }
  ordered<int, std::string> moved{std::move(all)};
  CHECK(&moved.find(50)->second == places.front().second);
  auto last = moved.end();
  CHECK((--last)->first == 80);
}

TEST_CASE("ordered: all but the last one", "[core][ordered]") {
  ordered<int, counted> all;
  all.erase_but_last();
  CHECK(all.empty());
  for (int i = 0; i != 5; ++i) {
    all[i].value = i;
  }
  all.erase_but_last();
  REQUIRE(all.size() == 1);
  CHECK(all.begin()->first == 4);
  all.erase_but_last();
  CHECK(all.size() == 1);
  all = {};
  CHECK(counted::alive == 0);
}

TEST_CASE("ordered: an erased key may be of the thing that goes", "[core][ordered]") {
  ordered<std::string, std::string> all;
  all["a"] = "a key that is longer than a small string";
  all[all.find("a")->second] = "x";
  all.erase(all.find("a")->first);
  CHECK(all.size() == 1);
  all.erase(all.begin()->first);
  CHECK(all.empty());
  all.erase("a");
  CHECK(all.empty());
}
