// Does a machine behind the interface do what it does alone, and end with an error where it cannot go on?
#include "drive/machines.hpp"

using namespace s3store;

TEST_CASE("steps, outcomes and the result pass through", "[machine]") {
  test::planned machine{"sc"};
  sans_io::machine_ref ref{machine};
  CHECK(std::holds_alternative<sans_io::send>(ref.next({})));
  ref.sent(http::transfer_stats{});
  CHECK(std::holds_alternative<sans_io::need_credentials>(ref.next({})));
  ref.credentials(auth::credentials{"ID", "secret"});
  CHECK(std::holds_alternative<sans_io::done>(ref.next({})));
  CHECK(ref.finish().value() == "sent ID ");
}

TEST_CASE("a machine that a driver cannot run any further is done, with that error", "[machine]") {
  test::planned machine{"sss"};
  sans_io::machine_ref ref{machine};
  ref.fail(detail::out_of_memory());
  CHECK(std::holds_alternative<sans_io::done>(ref.next({})));
  CHECK(ref.finish().error().kind == error_kind::out_of_memory);
}

TEST_CASE("one that has children is done only when they are", "[machine]") {
  test::family parent{{"s", "s"}, 2};
  sans_io::machine_ref ref{parent};
  const auto first = ref.next({});
  REQUIRE(std::holds_alternative<sans_io::start>(first));
  ref.fail(detail::out_of_memory());
  CHECK(std::holds_alternative<sans_io::wait>(ref.next({})));
  ref.ended(*std::get<sans_io::start>(first).child);
  CHECK(std::holds_alternative<sans_io::done>(ref.next({})));
}

TEST_CASE("a step whose outcome the machine cannot take is an error at once", "[machine]") {
  const sans_io::local_task task{sans_io::read_file{"/dev/null"}};
  test::deaf<std::string> machine{sans_io::local{&task}};
  sans_io::machine_ref ref{machine};
  CHECK(std::holds_alternative<sans_io::done>(ref.next({})));
  CHECK(ref.finish().error().message == sans_io::unanswerable("local_done").message);
}
