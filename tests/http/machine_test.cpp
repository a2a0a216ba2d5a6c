// Which types may be driven?
#include <s3store/http/machine.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

struct good {
  using value_type = int;
  sans_io::step next(instants) { return sans_io::done{}; }
  void sent(http::outcome) {}
  result<int> finish() { return 7; }
};
struct without_value {
  sans_io::step next(instants);
  void sent(http::outcome);
  result<int> finish();
};
struct without_sent {
  using value_type = int;
  sans_io::step next(instants);
  result<int> finish();
};
struct of_another_value {
  using value_type = int;
  sans_io::step next(instants);
  void sent(http::outcome);
  result<std::string> finish();
};

static_assert(sans_io::machine<good>);
static_assert(!sans_io::machine<without_value> && !sans_io::machine<without_sent> && !sans_io::machine<of_another_value> && !sans_io::machine<int>);

}  // namespace

TEST_CASE("a step is one of four things", "[machine]") {
  good m;
  auto s = m.next({});
  REQUIRE(std::holds_alternative<sans_io::done>(s));
  CHECK(*m.finish() == 7);
  s = sans_io::need_credentials{};
  CHECK(std::holds_alternative<sans_io::need_credentials>(s));
  s = sans_io::wait{.until = steady_time{std::chrono::seconds{5}}};
  CHECK_FALSE(std::get_if<sans_io::wait>(&s)->stop.can_cancel());
  s = sans_io::send{};
  CHECK(std::get_if<sans_io::send>(&s)->what.out == nullptr);
}
