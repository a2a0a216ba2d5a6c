// One owner, who gives back once.
#include <s3store/core/owned.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
int alive = 0;
struct counted {
  counted() { ++alive; }
  explicit counted(int v) : value(v) { ++alive; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  virtual ~counted() { --alive; }
  int value{};
};
struct derived : counted {
  using counted::counted;
};
int closed = 0;
int close_int(int*) { return ++closed; }
}  // namespace

TEST_CASE("an owned thing is deleted once, by the last owner", "[owned]") {
  {
    auto a = make_owned<counted>(7);
    CHECK(a->value == 7);
    CHECK((*a).value == 7);
    owned<counted> b{std::move(a)};
    CHECK_FALSE(a);
    CHECK(a == nullptr);
    REQUIRE(b);
    CHECK(alive == 1);
    a = std::move(b);
    CHECK(a.get() != nullptr);
    CHECK(alive == 1);
    a = make_owned<counted>(8);
    CHECK(alive == 1);
    auto& same = a;
    a = std::move(same);  // to itself: nothing is lost
    CHECK(a->value == 8);
    a = nullptr;
    CHECK(alive == 0);
  }
  CHECK(alive == 0);
}

TEST_CASE("an owner of a derived class hands over to one of its base", "[owned]") {
  {
    owned<counted> base = make_owned<derived>(3);
    CHECK(base->value == 3);
    base = make_owned<derived>(4);
    CHECK(base->value == 4);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
  static_assert(!std::is_constructible_v<owned<derived>, owned<counted>>);
}

TEST_CASE("what a C library made goes back to it, and nothing does not", "[owned]") {
  int thing = 0;
  closed = 0;
  { const owned<int, &close_int> none{}; }
  CHECK(closed == 0);
  { const owned<int, &close_int> some{&thing}; }
  CHECK(closed == 1);
  {
    owned<int, &close_int> some{&thing};
    CHECK(some.release() == &thing);
  }
  CHECK(closed == 1);
}

TEST_CASE("bytes", "[owned]") {
  const owned_bytes block{new std::byte[64]};
  block.get()[63] = std::byte{1};
  CHECK(block);
}
