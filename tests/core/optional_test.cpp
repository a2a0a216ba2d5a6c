// The optional of the library's own types is what the standard says of every optional. One program runs on both: on a type of ours, for
// which std::optional is specialised, and on the same type declared where it is not.
#include <s3store/core/optional.hpp>

#include <set>
#include <string>

#include "support/catch.hpp"

namespace elsewhere {
struct text {
  text(const char* s) : of(s) {}
  explicit text(int n) : of(std::to_string(n)) {}
  text(std::initializer_list<char> chars, int times) {
    while (times-- > 0) of.append(chars);
  }
  std::string of;
  friend bool operator==(const text&, const text&) = default;
  friend auto operator<=>(const text&, const text&) = default;
};
}  // namespace elsewhere

namespace s3store::inline v0::types {
struct text : elsewhere::text {
  using elsewhere::text::text;
};
struct throws_when_copied {
  throws_when_copied() = default;
  throws_when_copied(const throws_when_copied& o) : copies(o.copies) {
    if (copies) throw 1;
  }
  throws_when_copied& operator=(const throws_when_copied&) = default;
  ~throws_when_copied() {}
  bool copies{};
};
struct only_moves {
  explicit only_moves(int v) : value(v) {}
  only_moves(only_moves&& o) noexcept : value(std::exchange(o.value, 0)) {}
  only_moves& operator=(only_moves&& o) noexcept {
    value = std::exchange(o.value, 0);
    return *this;
  }
  ~only_moves() { value = -1; }
  int value;
};
struct flags {
  bool a{}, b{};
};
}  // namespace s3store::inline v0::types

using namespace s3store;

// Which of them are ours, and that the properties of the type show through.
static_assert(own::optional_value<types::text>);
static_assert(!own::optional_value<elsewhere::text>);
static_assert(!own::optional_value<std::string>);
static_assert(!own::optional_value<types::flags>, "trivially copyable: its optional has to be, too");
static_assert(std::is_trivially_copyable_v<std::optional<types::flags>>);
static_assert(std::is_copy_constructible_v<std::optional<types::text>>);
static_assert(!std::is_copy_constructible_v<std::optional<types::only_moves>>);
static_assert(!std::is_copy_assignable_v<std::optional<types::only_moves>>);
static_assert(std::is_nothrow_move_constructible_v<std::optional<types::only_moves>>);
static_assert(!std::is_nothrow_copy_constructible_v<std::optional<types::throws_when_copied>>);
static_assert(std::is_convertible_v<const char*, std::optional<types::text>>);
static_assert(!std::is_convertible_v<int, std::optional<types::text>>);
static_assert(std::is_constructible_v<std::optional<types::text>, int>);
static_assert(!std::is_constructible_v<std::optional<types::text>, void*>);
static_assert(std::is_same_v<decltype(std::optional{types::text{"a"}}), std::optional<types::text>>);

TEMPLATE_TEST_CASE("an optional, ours and the general one", "[optional]", types::text, elsewhere::text) {
  using T = TestType;
  using optional = std::optional<T>;

  SECTION("empty") {
    const optional none;
    CHECK_FALSE(none);
    CHECK_FALSE(none.has_value());
    CHECK(none == std::nullopt);
    CHECK(optional{std::nullopt} == none);
    CHECK_THROWS_AS(none.value(), std::bad_optional_access);
    CHECK(none.value_or("other") == T{"other"});
    CHECK_FALSE(optional{none});
  }
  SECTION("made in every way") {
    const optional implicit = "a";
    const optional direct(7);
    const optional placed(std::in_place, "b");
    const optional listed(std::in_place, {'x', 'y'}, 2);
    const std::optional<const char*> other = "c";
    const optional converted = other;
    const optional moved = std::optional<const char*>{"d"};
    CHECK(implicit->of == "a");
    CHECK(direct->of == "7");
    CHECK(placed->of == "b");
    CHECK(listed->of == "xyxy");
    CHECK(converted->of == "c");
    CHECK(moved->of == "d");
    CHECK_FALSE(optional{std::optional<const char*>{}});
    CHECK(std::make_optional<T>("e")->of == "e");
  }
  SECTION("assigned in every way") {
    optional a = "a";
    const optional b = "b";
    a = b;
    CHECK(a->of == "b");
    a = optional{};
    CHECK_FALSE(a);
    a = b;
    CHECK(a == b);
    a = "text";
    CHECK(a->of == "text");
    a = {};
    CHECK_FALSE(a);
    a = T{"value"};
    a = std::nullopt;
    CHECK_FALSE(a);
    a = std::optional<const char*>{"c"};
    CHECK(a->of == "c");
    a = std::optional<const char*>{};
    CHECK_FALSE(a);
    CHECK(a.emplace("m").of == "m");
    CHECK(a.emplace({'x', 'y'}, 2).of == "xyxy");
    auto& same = a;
    a = same;
    CHECK(a->of == "xyxy");
    a = std::move(same);
    CHECK(a.has_value());
    a.reset();
    a.reset();
    CHECK_FALSE(a);
  }
  SECTION("looked at") {
    optional a = "abc";
    (*a).of += "d";
    a->of += "e";
    CHECK(a.value().of == "abcde");
    const T taken = *std::move(a);
    CHECK(taken.of == "abcde");
    REQUIRE(a);
    CHECK(a->of.empty());
    CHECK(optional{"x"}.value_or("y").of == "x");
    CHECK(optional{"x"}.value().of == "x");
  }
  SECTION("swapped") {
    optional a = "a", b;
    a.swap(b);
    CHECK((!a && b->of == "a"));
    swap(a, b);
    CHECK((a->of == "a" && !b));
    b = "b";
    std::swap(a, b);
    CHECK((a->of == "b" && b->of == "a"));
  }
  SECTION("compared") {
    const optional a = "a", b = "b", none;
    CHECK(a == a);
    CHECK(a != b);
    CHECK(a != none);
    CHECK(none == optional{});
    CHECK(none < a);
    CHECK(a < b);
    CHECK(a == T{"a"});
    CHECK(T{"b"} == b);
    CHECK(a > none);
    CHECK(((a <=> b) < 0));
    CHECK(std::set<optional>{a, b, none, a}.size() == 3);
  }
}

TEST_CASE("a value that throws on its way leaves the optional empty", "[optional]") {
  std::optional<types::throws_when_copied> from;
  from.emplace().copies = true;
  std::optional<types::throws_when_copied> to;
  CHECK_THROWS_AS(to = from, int);
  CHECK_FALSE(to);
  CHECK_THROWS_AS(std::optional<types::throws_when_copied>{from}, int);
}

TEST_CASE("an optional of what only moves", "[optional]") {
  std::optional<types::only_moves> a{types::only_moves{4}};
  std::optional<types::only_moves> b = std::move(a);
  CHECK(a->value == 0);  // moved from, and still there
  CHECK(b->value == 4);
  a = std::move(b);
  CHECK(std::move(a).value().value == 4);
}

#if __cplusplus > 202002L  // see check/optional_of_cpp23
TEST_CASE("what C++23 adds", "[optional]") {
  std::optional<types::text> a = "ab", none;
  CHECK(a.transform([](const types::text& t) { return t.of.size(); }) == 2u);
  CHECK_FALSE(none.transform([](const types::text& t) { return t.of.size(); }));
  CHECK(a.and_then([](const types::text& t) { return std::optional<int>{static_cast<int>(t.of.size())}; }) == 2);
  CHECK_FALSE(none.and_then([](const types::text&) { return std::optional<int>{1}; }));
  CHECK(none.or_else([] { return std::optional<types::text>{"c"}; })->of == "c");
}
#endif
