// One owner, who deletes once.
#include <s3store/core/owned.hpp>

#include "support/catch.hpp"

namespace detail = s3store::detail;

namespace {
int alive = 0;
struct counted {
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
struct closer {
  void operator()(int*) const noexcept { ++closed; }
};
}  // namespace

TEST_CASE("an owned thing is deleted once, by the last owner", "[owned]") {
  {
    auto a = detail::make_owned<counted>(7);
    CHECK(a->value == 7);
    CHECK((*a).value == 7);
    detail::owned<counted> b{std::move(a)};
    CHECK_FALSE(a);
    REQUIRE(b);
    CHECK(alive == 1);
    a = std::move(b);
    CHECK(a.get() != nullptr);
    CHECK(alive == 1);
    a = detail::make_owned<counted>(8);
    CHECK(alive == 1);
    auto& same = a;
    a = std::move(same);  // to itself: nothing is lost
    CHECK(a->value == 8);
    a = nullptr;
    CHECK(alive == 0);
    const detail::owned<counted> of_derived{new derived{3}};
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

TEST_CASE("a deleter is called for what is there, and not for what was released", "[owned]") {
  int thing = 0;
  closed = 0;
  { const detail::owned<int, closer> none{}; }
  CHECK(closed == 0);
  { const detail::owned<int, closer> one{&thing}; }
  CHECK(closed == 1);
  {
    detail::owned<int, closer> one{&thing};
    CHECK(one.release() == &thing);
    one.reset(&thing);
    one.reset();
  }
  CHECK(closed == 2);
}
