// Which types may be driven?
#include <s3store/http/machine.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

struct good {
  using value_type = int;
  step<int> next(instants) { return done<int>{7}; }
  void sent(http::outcome) {}
};
struct without_value {
  step<int> next(instants);
  void sent(http::outcome);
};
struct without_sent {
  using value_type = int;
  step<int> next(instants);
};
struct of_another_value {
  using value_type = int;
  step<std::string> next(instants);
  void sent(http::outcome);
};

static_assert(machine<good>);
static_assert(!machine<without_value> && !machine<without_sent> && !machine<of_another_value> && !machine<int>);

}  // namespace

TEST_CASE("a step is one of four things", "[machine]") {
  good m;
  auto s = m.next({});
  REQUIRE(s.as_done());
  CHECK(*s.as_done()->value == 7);
  s = need_credentials{};
  CHECK(s.needs_credentials());
  s = s3store::wait{.until = steady_time{std::chrono::seconds{5}}};
  CHECK_FALSE(s.as_wait()->stop.can_cancel());
  s = s3store::send{};
  CHECK(s.as_send()->what.out == nullptr);
}
