// The vector of the library's own types is what the standard says of every vector. One program runs on both: on a type of ours, for which
// std::vector is specialised, and on the same type declared where it is not.
#include <s3store/core/vector.hpp>

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include "support/catch.hpp"

namespace elsewhere {
struct word {
  word() = default;
  word(const char* s) : of(s) {}
  word(std::size_t n, char c) : of(n, c) {}
  std::string of{};
  friend bool operator==(const word&, const word&) = default;
  friend auto operator<=>(const word&, const word&) = default;
};
}  // namespace elsewhere

namespace s3store::inline v0::types {
struct word : elsewhere::word {
  using elsewhere::word::word;
};
struct moves_only {
  explicit moves_only(int v) : value(std::make_unique<int>(v)) {}
  std::unique_ptr<int> value;
};
struct plain {
  int a{};
  int b{};
};
struct alignas(64) cache_line {
  int value{};
};
struct tree {
  std::string name{};
  std::vector<tree> below{};
};
/// Counts how many live, and throws when the copies that are left have been made.
struct counted {
  counted() { ++living; }
  explicit counted(int v) : value(v) { ++living; }
  counted(const counted& o) : value(o.value) {
    if (copies_left-- == 0) throw 1;
    ++living;
  }
  counted(counted&& o) noexcept : value(std::exchange(o.value, -1)) { ++living; }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&&) = default;
  ~counted() { --living; }
  int value{};
  static inline int living = 0, copies_left = 1'000'000;
};
}  // namespace s3store::inline v0::types

using namespace s3store;

// Which are ours.
template <class T>
concept ours = std::is_pointer_v<typename std::vector<T>::iterator>;
static_assert(ours<types::word> && ours<types::plain> && ours<types::tree>);
static_assert(!ours<elsewhere::word> && !ours<std::string> && !ours<int> && !ours<std::byte>);
static_assert(std::is_nothrow_move_constructible_v<std::vector<types::word>> && std::is_nothrow_move_assignable_v<std::vector<types::word>>);
static_assert(std::contiguous_iterator<std::vector<types::word>::iterator>);
static_assert(std::ranges::contiguous_range<std::vector<types::word>>);
static_assert(std::is_same_v<decltype(std::vector{types::word{"a"}}), std::vector<types::word>>);

TEMPLATE_TEST_CASE("a vector, ours and the general one", "[vector]", types::word, elsewhere::word) {
  using T = TestType;
  using vector = std::vector<T>;
  const auto joined = [](const vector& v) {
    std::string out;
    for (const T& t : v) out.append(t.of).append(",");
    return out;
  };

  SECTION("made") {
    CHECK(vector{}.empty());
    CHECK(vector{}.data() == nullptr);
    CHECK(joined(vector(3)) == ",,,");
    CHECK(joined(vector(2, "a")) == "a,a,");
    CHECK(joined({"a", "b"}) == "a,b,");
    const std::list<const char*> from{"a", "b", "c"};
    CHECK(joined(vector(from.begin(), from.end())) == "a,b,c,");
    std::istringstream words{"x y"};
    std::vector<T> read;
    const std::istream_iterator<std::string> first{words}, last;
    std::transform(first, last, std::back_inserter(read), [](const std::string& s) { return T{s.c_str()}; });
    CHECK(joined(read) == "x,y,");
    CHECK(vector(2, "a", typename vector::allocator_type{}).get_allocator() == std::allocator<T>{});
  }
  SECTION("copied, moved, swapped, assigned") {
    vector a{"a", "b"};
    vector copy{a};
    CHECK(copy == a);
    vector moved{std::move(copy)};
    CHECK(joined(moved) == "a,b,");
    CHECK(copy.empty());
    copy = a;
    CHECK(copy == a);
    const vector& same = copy;
    copy = same;
    CHECK(copy == a);
    vector roomy{"1", "2", "3", "4"};
    const T* const memory = roomy.data();
    for (const vector& other : {vector{"x"}, vector{}, vector{"y", "z"}, vector{"1", "2", "3", "4"}}) {  // shorter, and longer again
      roomy = other;
      CHECK(roomy == other);
      CHECK(roomy.data() == memory);
    }
    moved = vector{"c"};
    CHECK(joined(moved) == "c,");
    moved = {"d", "e", "f"};
    CHECK(joined(moved) == "d,e,f,");
    swap(moved, a);
    CHECK((joined(moved) == "a,b," && joined(a) == "d,e,f,"));
    a.assign(2, "x");
    CHECK(joined(a) == "x,x,");
    a.assign(3, a.front());  // one of its own
    CHECK(joined(a) == "x,x,x,");
    a.assign({"y"});
    CHECK(joined(a) == "y,");
    a.assign(moved.begin(), moved.end());
    CHECK(a == moved);
  }
  SECTION("looked at") {
    vector v{"a", "b", "c"};
    const vector& c = v;
    CHECK((v.size() == 3 && v.capacity() >= 3 && v.max_size() > 1'000'000));
    CHECK((v[1].of == "b" && c[1].of == "b" && v.at(2).of == "c" && c.at(2).of == "c"));
    CHECK((v.front().of == "a" && c.front().of == "a" && v.back().of == "c" && c.back().of == "c"));
    CHECK((c.data() == &c[0] && &*c.begin() == c.data() && c.end() - c.begin() == 3 && c.cend() == c.end() && c.cbegin() == v.begin()));
    CHECK_THROWS_AS(v.at(3), std::out_of_range);
    CHECK_THROWS_AS(c.at(3), std::out_of_range);
    CHECK(std::string{v.rbegin()->of + (v.rend() - 1)->of + c.rbegin()->of + c.crbegin()->of + (c.crend() - 1)->of} == "cacca");
    CHECK((vector{"a"} < vector{"a", "b"} && vector{"b"} > vector{"a", "z"} && vector{"a"} != vector{"b"}));
  }
  SECTION("grown and cut") {
    vector v;
    v.reserve(2);
    CHECK((v.capacity() == 2 && v.empty()));
    v.push_back("a");
    const T b{"b"};
    v.push_back(b);
    CHECK(v.emplace_back(std::size_t{2}, 'c').of == "cc");
    CHECK(joined(v) == "a,b,cc,");
    v.resize(5);
    CHECK(joined(v) == "a,b,cc,,,");
    v.resize(1);
    v.resize(3, v.front());
    CHECK(joined(v) == "a,a,a,");
    v.resize(2, "z");
    v.pop_back();
    v.shrink_to_fit();
    CHECK((v.capacity() == 1 && joined(v) == "a,"));
    v.clear();
    CHECK((v.empty() && v.capacity() == 1));
    v.shrink_to_fit();
    CHECK(v.capacity() == 0);
    CHECK_THROWS_AS(v.reserve(v.max_size() + 1), std::length_error);
    CHECK_THROWS_AS(v.resize(v.max_size() + 1), std::length_error);
    CHECK(v.empty());
  }
  SECTION("what is put in may be one of its own") {
    for (std::size_t size = 1; size != 9; ++size) {  // with room to spare, and without
      vector v(size, "a");
      v[0] = "first";
      v.push_back(v.front());
      v.emplace_back(v[size]);
      CHECK((v.back().of == "first" && v[size].of == "first"));
      v.insert(v.begin(), v.back());
      CHECK(v.front().of == "first");
      v.insert(v.begin() + 1, 3, v.back());
      CHECK((v[1].of == "first" && v[3].of == "first"));
      v.insert(v.begin(), std::move(v.back()));
      CHECK(v.front().of == "first");
    }
  }
  SECTION("put in and taken out anywhere") {
    vector v{"a", "d"};
    CHECK(v.insert(v.begin() + 1, "b")->of == "b");
    CHECK(v.emplace(v.begin() + 2, std::size_t{2}, 'c')->of == "cc");
    CHECK(joined(v) == "a,b,cc,d,");
    CHECK(v.insert(v.end(), {"e", "f"})->of == "e");
    CHECK(v.insert(v.begin(), 0, "x") == v.begin());
    const std::list<T> more{"1", "2"};
    CHECK(v.insert(v.begin() + 1, more.begin(), more.end()) == v.begin() + 1);
    CHECK(joined(v) == "a,1,2,b,cc,d,e,f,");
    CHECK(v.erase(v.begin() + 1)->of == "2");
    CHECK(v.erase(v.begin() + 1, v.begin() + 3)->of == "cc");
    CHECK(v.erase(v.begin(), v.begin()) == v.begin());
    const auto behind = v.erase(v.end() - 1);
    CHECK(behind == v.end());
    CHECK(joined(v) == "a,cc,d,e,");
    CHECK(std::erase_if(v, [](const T& t) { return t.of > "d"; }) == 1);
    CHECK(std::erase(v, T{"a"}) == 1);
    CHECK(joined(v) == "cc,d,");
    std::sort(v.begin(), v.end(), std::greater<>{});
    CHECK(joined(v) == "d,cc,");
  }
}

TEST_CASE("whatever is done to both, both hold the same", "[vector]") {
  std::mt19937 random{7};
  std::vector<types::word> ours;
  std::vector<elsewhere::word> theirs;
  for (int i = 0; i != 20'000; ++i) {
    const std::string name = std::to_string(i);
    const std::size_t at = random() % (ours.size() + 1), n = random() % 4;
    switch (random() % 8) {
      case 0:
      case 1: ours.push_back(name.c_str()), theirs.push_back(name.c_str()); break;
      case 2: ours.insert(ours.begin() + std::ptrdiff_t(at), n, name.c_str()), theirs.insert(theirs.begin() + std::ptrdiff_t(at), n, name.c_str()); break;
      case 3:
        if (at != ours.size()) ours.erase(ours.begin() + std::ptrdiff_t(at)), theirs.erase(theirs.begin() + std::ptrdiff_t(at));
        break;
      case 4: {
        const std::size_t to = std::min(at + n, ours.size());
        ours.erase(ours.begin() + std::ptrdiff_t(at), ours.begin() + std::ptrdiff_t(to));
        theirs.erase(theirs.begin() + std::ptrdiff_t(at), theirs.begin() + std::ptrdiff_t(to));
        break;
      }
      case 5:
        if (!ours.empty()) ours.insert(ours.begin() + std::ptrdiff_t(at), ours[n % ours.size()]), theirs.insert(theirs.begin() + std::ptrdiff_t(at), theirs[n % theirs.size()]);
        break;
      case 6: ours.resize(std::min<std::size_t>(ours.size() + n, 40)), theirs.resize(std::min<std::size_t>(theirs.size() + n, 40)); break;
      case 7: ours = std::vector<types::word>(ours), theirs = std::vector<elsewhere::word>(theirs); break;
    }
    if (ours.size() > 60) ours.resize(9), theirs.resize(9);
    REQUIRE(std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(), [](const auto& a, const auto& b) { return a.of == b.of; }));
  }
}

TEST_CASE("what a copy throws leaks nothing and leaves the vector as it was", "[vector]") {
  using types::counted;
  {
    std::vector<counted> v;
    for (int i = 0; i != 5; ++i) v.emplace_back(i);
    const int before = counted::living;
    counted::copies_left = 3;
    CHECK_THROWS(std::vector<counted>(v));
    CHECK(counted::living == before);
    std::vector<counted> other(1);
    counted::copies_left = 3;
    CHECK_THROWS(other = v);
    CHECK(other.size() == 1);
    v.shrink_to_fit();
    counted::copies_left = 0;
    CHECK_THROWS(v.push_back(v[0]));  // while it grows
    CHECK((v.size() == 5 && v[0].value == 0 && v[4].value == 4));
    CHECK(counted::living == before + 1);
    counted::copies_left = 1'000'000;
  }
  CHECK(counted::living == 0);
}

TEST_CASE("types that ask more of a vector", "[vector]") {
  std::vector<types::moves_only> moves;
  for (int i = 0; i != 100; ++i) moves.insert(moves.begin(), types::moves_only{i});
  CHECK((*moves.front().value == 99 && *moves.back().value == 0));
  static_assert(std::is_copy_constructible_v<std::vector<types::moves_only>>, "as with the general one, which asks only when it copies");

  std::vector<types::cache_line> lines;
  for (int i = 0; i != 100; ++i) {
    lines.push_back({i});
    REQUIRE(reinterpret_cast<std::uintptr_t>(lines.data()) % 64 == 0);
  }
  CHECK(lines[57].value == 57);

  const types::tree top{"top", {{"left", {}}, {"right", {{"leaf", {}}}}}};
  const types::tree copy = top;
  CHECK(copy.below.at(1).below.at(0).name == "leaf");

  std::vector<std::pair<int, types::plain>> pairs{{1, {2, 3}}};
  pairs.push_back({4, {5, 6}});
  CHECK(pairs[1].second.b == 6);
  std::vector<types::plain> plain;
  plain.push_back({.a = 1});
  CHECK(plain[0].a == 1);
}
