// A value or an error, never both, never neither.
#include <s3store/core/result.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#endif

#include "support/catch.hpp"

using namespace s3store;

namespace {
result<int> half(int n) {
  if (n % 2 != 0) return detail::fail(error_kind::invalid_argument, "odd");
  return n / 2;
}
result<void> even(int n) {
  auto h = half(n);
  if (!h) return result<void>::failed_as(std::move(h));
  return {};
}
struct only_moves {
  explicit only_moves(int v) : value(std::make_unique<int>(v)) {}
  std::unique_ptr<int> value;
};
}  // namespace

TEST_CASE("a value", "[result]") {
  auto r = half(4);
  REQUIRE(r);
  CHECK(r.has_value());
  CHECK(*r == 2);
  CHECK(r.value() == 2);
  r.value() = 3;
  CHECK(*r == 3);
  CHECK(even(2));
  CHECK_NOTHROW(even(2).value());
}

TEST_CASE("an error", "[result]") {
  const auto r = half(3);
  CHECK_FALSE(r);
  CHECK(r.error().message == "odd");
  CHECK_THROWS_AS(r.value(), s3_error);
  CHECK_THROWS_AS(half(3).value(), s3_error);
  CHECK(even(3).error().kind == error_kind::invalid_argument);
}

#if !defined(_WIN32)
namespace {
/// What the program writes to its standard error stream before it ends itself; nothing where it does not.
template <class F>
std::optional<std::string> last_words(F misuse) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // the test framework's handler would report a failure
    ::dup2(ends[1], 2);
    misuse();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  char block[512];
  for (ssize_t n; (n = ::read(ends[0], block, sizeof block)) > 0;) said.append(block, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? std::optional{said} : std::nullopt;
}
}  // namespace

TEST_CASE("a value that is not there is never read: the program ends, and says why", "[result]") {
  error e = detail::fail(error_kind::not_found, "there is no such key");
  e.operation = "GetObject";
  const result<std::string> failed{e};
  const result<int> good{1};
  const std::string why = "s3store: the value of a result that holds an error was used: GetObject: not found: there is no such key\n";
  CHECK(last_words([&] { static_cast<void>(failed->size()); }) == why);
  CHECK(last_words([&] { static_cast<void>(*failed); }) == why);
  CHECK(last_words([&] { *result<void>{failed.error()}; }) == why);
  CHECK(last_words([&] { static_cast<void>(good.error()); }) == "s3store: error() of a result that holds a value was used\n");
  CHECK_FALSE(last_words([&] { static_cast<void>(*good); }));
}
#endif

TEST_CASE("values that only move", "[result]") {
  result<only_moves> r{only_moves{7}};
  const only_moves out = std::move(r).value();
  CHECK(*out.value == 7);
}

TEST_CASE("meta goes with either", "[result]") {
  CHECK(half(2).meta().status == 0);
  CHECK(half(2).meta().fields.empty());
  auto r = half(3);
  auto meta = detail::make_owned<response_meta>();
  meta->status = 404;
  meta->fields = {{"X-Amz-Request-Id", "R"}, {"x-amz-id-2", "H"}};
  r.attach(std::move(meta));
  CHECK(r.meta().request_id() == "R");
  CHECK(r.meta().host_id() == "H");
  const auto other = result<std::string>::failed_as(std::move(r));
  CHECK(other.meta().status == 404);
  CHECK(other.error().message == "odd");
}

TEST_CASE("a result that becomes an error has no value any more", "[result]") {
  result<std::string> r{"text"};
  r = detail::fail(error_kind::io, "odd");
  CHECK_FALSE(r);
  CHECK(r.error().message == "odd");
  r = std::string{"text"};
  CHECK(r.value() == "text");
  result<void> nothing;
  nothing = detail::fail(error_kind::io, "odd");
  CHECK_FALSE(nothing);
}

TEST_CASE("a value whose move throws is not destroyed twice", "[result]") {
  struct counted {
    counted(int* count, bool refuses) : alive(count), throws(refuses) { ++*alive; }
    counted(counted&& other) : alive(other.alive), throws(other.throws) {
      if (throws && --other.moves_left < 0) throw std::runtime_error("cannot be moved");
      moves_left = other.moves_left;
      ++*alive;
    }
    ~counted() { --*alive; }
    int* alive;
    bool throws;
    int moves_left{2};
  };
  int alive = 0;
  {
    result<counted> to{counted{&alive, false}};
    result<counted> from{counted{&alive, true}};
    REQUIRE(alive == 2);
    from->moves_left = 0;
    CHECK_THROWS_AS(to = std::move(from), std::runtime_error);
    CHECK_FALSE(to);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

TEST_CASE("the error and the meta of a temporary result are moved out of it", "[result]") {
  const auto failed = [] {
    result<int> r{detail::fail(error_kind::io, std::string(100, 'x'))};
    auto meta = detail::make_owned<response_meta>();
    meta->fields.add("Name", std::string(100, 'y'));
    r.attach(std::move(meta));
    return r;
  };
  const auto& e = failed().error();
  CHECK(e.message == std::string(100, 'x'));
  const auto& m = failed().meta();
  CHECK(m.fields.get("Name") == std::string(100, 'y'));
  CHECK(result<int>{1}.meta().attempts == 0);
}
