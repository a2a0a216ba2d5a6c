// Does a sequence get what it asks for, one after the other, and only that?
#include <s3store/auth/fetching.hpp>

#include <fstream>

#include <s3store/auth/provider.hpp>
#include <s3store/drive/blocking.hpp>
#include <s3store/drive/loop.hpp>

#include "drive/machines.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

/// Reads a token, asks a service with it, and takes the rest from another provider.
struct three_things {
  std::string path{};
  auth::provider other{};

  class machine final : public auth::sequence {
   public:
    explicit machine(const three_things& of) : path_(of.path), other_(of.other) {}

   private:
    void advance() override {
      switch (step_++) {
        case 0: return perform({sans_io::read_file{path_}});
        case 1:
          if (!output() || !output()->text) return conclude(auth::none_here("no token"));
          return ask({.url = "http://service/" + std::string(output()->text->reveal())});
        case 2:
          if (!answer()) return conclude(std::move(answer().error()));
          id_ = std::string(std::string_view{answer()->body});
          return await(std::make_unique<auth::detail::fetching_of<auth::provider>>(other_));
        default:
          if (!fetched()) return conclude(std::move(fetched().error()));
          fetched()->access_key_id += id_;
          return conclude(std::move(fetched()));
      }
    }
    std::string path_;
    auth::provider other_;
    std::string id_{};
    int step_{};
  };
  auth::any_fetch fetch() const { return auth::any_fetch{std::make_unique<machine>(*this)}; }
};
static_assert(auth::credentials_provider<three_things>);

struct no_memory {
  struct machine final : auth::sequence {
    void advance() override { throw std::bad_alloc{}; }
  };
  auth::any_fetch fetch() const { return auth::any_fetch{std::make_unique<machine>()}; }
};

}  // namespace

TEST_CASE("a sequence does one thing after the other, under any driver", "[auth]") {
  const testing_support::scratch_folder folder;
  const std::string token = folder.path() + "/token";
  std::ofstream(token) << "tok";
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  const auth::provider of{three_things{token, auth::provider{test::asking_provider{}}}};
  const auto by = GENERATE(0, 1);
  const auto fetched = [&](const auth::provider& p) {
    auto machine = p.fetch();
    if (by == 0) return sans_io::drive(machine, shared, server, sleeper);
    std::optional<result<auth::credentials>> out;
    loop_driver<test::small_session, scripted_transport> loop{shared, server};
    loop.start(machine, [&](result<auth::credentials> r) { out.emplace(std::move(r)); });
    loop.run();
    return std::move(*out);
  };

  SECTION("to its end") {
    server.answer(200, {}, "-7").answer(200);
    const auto got = fetched(of);
    REQUIRE(got);
    CHECK(got->access_key_id == "ASKED-7");
    CHECK(server.sent()[0].url == "http://service/tok");
    CHECK(server.sent()[1].url == "http://credentials/");
  }
  SECTION("or to the first that fails") {
    server.answer(200, {}, "-7").refuse(error_kind::connect);
    CHECK(fetched(of).error().message == "the server of credentials is gone");
    const auto none = fetched(auth::provider{three_things{folder.path() + "/absent"}});
    REQUIRE_FALSE(none);
    CHECK(auth::is_none_here(none.error()));
  }
  SECTION("a failed allocation is its result") {
    CHECK(fetched(auth::provider{no_memory{}}).error().kind == error_kind::out_of_memory);
  }
}
