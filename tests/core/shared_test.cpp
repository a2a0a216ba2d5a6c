// Is a shared thing deleted with its last owner, once, and not before?
#include <s3store/core/shared.hpp>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace detail = s3store::detail;

namespace {
struct guest {
  explicit guest(int& gone, std::string n = {}) : left(gone), name(std::move(n)) {}
  guest(const guest&) = delete;
  ~guest() { ++left; }
  int& left;
  std::string name;
};
struct figures {
  int a{};
  int b{};
};
}  // namespace

TEST_CASE("what is shared is deleted with the last owner", "[shared]") {
  int gone = 0;
  detail::shared<const guest> kept;
  CHECK_FALSE(kept);
  CHECK(kept.get() == nullptr);
  {
    const auto first = detail::share<const guest>(gone, "ann");
    kept = first;
    CHECK((kept.get() == first.get() && kept->name == "ann" && (*kept).name == "ann"));
  }
  CHECK(gone == 0);
  SECTION("that is reset") { kept.reset(); }
  SECTION("that is assigned to") { kept = detail::share<const guest>(gone, "ben"); }
  SECTION("that becomes null") { kept = nullptr; }
  CHECK(gone == 1);
}

TEST_CASE("owners are moved and assigned to themselves", "[shared]") {
  int gone = 0;
  auto one = detail::share<guest>(gone);
  auto two = std::move(one);
  CHECK_FALSE(one);
  const auto& same = two;
  two = same;
  CHECK((two && gone == 0));
  one = std::move(two);
  CHECK((one && !two));
  one = nullptr;
  CHECK(gone == 1);
  CHECK(detail::share<figures>()->b == 0);
}

TEST_CASE("owners come and go on many threads", "[shared]") {
  int gone = 0;
  {
    auto all = detail::share<guest>(gone);
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
      threads.emplace_back([all] {
        for (int n = 0; n != 10'000; ++n) auto another = all;
      });
    all.reset();
    for (auto& t : threads) t.join();
  }
  CHECK(gone == 1);
}
