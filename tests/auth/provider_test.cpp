// Which credentials are found, where, and what is said when there are none?
#include <string>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/auth/profile.hpp>
#include <s3store/auth/provider.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

/// What a machine that does no I/O answers at once.
template <auth::credentials_provider P>
result<auth::credentials> fetched(const P& from) {
  auto machine = from.fetch();
  auto answer = machine.next({});
  REQUIRE(std::holds_alternative<sans_io::done>(answer));
  return machine.finish();
}

/// The only key that is right.
bool is(const result<auth::credentials>& r, std::string_view id, std::string_view secret, std::string_view token = "") {
  return r && r->access_key_id == id && r->secret_access_key.reveal() == secret && r->session_token.reveal() == token;
}

void check_fails(const result<auth::credentials>& r, error_kind kind, std::string_view says) {
  REQUIRE(!r);
  INFO(r.error().message);
  CHECK(r.error().kind == kind);
  CHECK(!auth::is_none_here(r.error()));
  CHECK(r.error().message.find(says) != std::string::npos);
  CHECK(r.error().message.find("HUSH") == std::string::npos);
}

/// Asks for an exchange and a wait before it answers, and can be neither copied nor moved.
struct remote_credentials {
  struct conversation {
    using value_type = auth::credentials;
    explicit conversation(bool has_some) : has_some_(has_some) {}
    conversation(const conversation&) = delete;
    sans_io::step next(instants now) {
      if (++asked_ == 1) return sans_io::send{};
      if (asked_ == 2) return sans_io::wait{now.steady + std::chrono::seconds{1}};
      return sans_io::done{};
    }
    result<auth::credentials> finish() const {
      if (!sent_) return detail::fail(error_kind::connect, "not told of the exchange");
      if (!has_some_) return auth::none_here("the remote has none");
      return auth::credentials{"REMOTE", "HUSH", {}, {}};
    }
    void sent(http::outcome) { sent_ = true; }

   private:
    bool has_some_{}, sent_{};
    int asked_{};
  };
  auto fetch() const { return conversation{has_some}; }
  bool has_some{};
};

}  // namespace

TEST_CASE("static credentials", "[auth]") {
  CHECK(is(fetched(auth::static_credentials{"A", "HUSH", "T"}), "A", "HUSH", "T"));
  check_fails(fetched(auth::static_credentials{"A", ""}), error_kind::credentials, "both");
  check_fails(fetched(auth::static_credentials{"", "HUSH"}), error_kind::credentials, "both");
  CHECK(auth::is_none_here(fetched(auth::static_credentials{"", ""}).error()));
  const auto none = fetched(auth::anonymous_credentials{});
  REQUIRE(none);
  CHECK(none->anonymous());
}

TEST_CASE("credentials of the environment", "[auth]") {
  const auto from = [](environment e) { return fetched(auth::environment_credentials{std::move(e)}); };
  CHECK(auth::is_none_here(from({}).error()));
  CHECK(auth::is_none_here(from({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}}).error()));
  check_fails(from({{"AWS_ACCESS_KEY_ID", "A"}}), error_kind::credentials, "AWS_SECRET_ACCESS_KEY");
  check_fails(from({{"AWS_SECRET_ACCESS_KEY", "HUSH"}}), error_kind::credentials, "AWS_ACCESS_KEY_ID");
  CHECK(is(from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}}), "A", "HUSH"));
  CHECK(is(from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}, {"AWS_SESSION_TOKEN", "T"}}), "A", "HUSH", "T"));
  const auto until =
      from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}, {"AWS_CREDENTIAL_EXPIRATION", "2030-01-31T12:00:00Z"}});
  REQUIRE(until);
  CHECK(until->expires == parse_iso8601("2030-01-31T12:00:00Z"));
  check_fails(from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}, {"AWS_CREDENTIAL_EXPIRATION", "soon"}}),
              error_kind::configuration, "AWS_CREDENTIAL_EXPIRATION");
}

TEST_CASE("credentials of white space alone are an error, and are not signed with", "[auth]") {
  for (const char* blank : {" ", "\t", "\n", " \r\n "}) {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
      environment env{{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}, {"AWS_SESSION_TOKEN", "T"}};
      env.set(name, blank);
      check_fails(fetched(auth::environment_credentials{env}), error_kind::credentials, name);
      check_fails(fetched(auth::environment_credentials{environment{{name, blank}}}), error_kind::credentials, name);
    }
    check_fails(fetched(auth::static_credentials{blank, "HUSH"}), error_kind::credentials, "access key id");
    check_fails(fetched(auth::static_credentials{"A", blank}), error_kind::credentials, "secret access key");
    check_fails(fetched(auth::static_credentials{"A", "HUSH", blank}), error_kind::credentials, "session token");
    check_fails(fetched(auth::static_credentials{blank, blank}), error_kind::credentials, "access key id");
  }
}

TEST_CASE("a chain takes the first that has credentials", "[auth]") {
  using auth::credentials_chain;
  const auth::static_credentials none{"", ""}, half{"A", ""}, some{"A", "HUSH"};
  SECTION("first, last, and never past a failure") {
    CHECK(is(fetched(credentials_chain{none, some}), "A", "HUSH"));
    CHECK(is(fetched(credentials_chain{some, half}), "A", "HUSH"));
    check_fails(fetched(credentials_chain{none, half, some}), error_kind::credentials, "both");
  }
  SECTION("none at all names everything that was tried, and a chain around it goes on") {
    const credentials_chain inner{auth::environment_credentials{environment{}}, auth::profile_credentials{"", environment{{"HOME", "/nowhere"}}}};
    const auto r = fetched(inner);
    REQUIRE(!r);
    CHECK(r.error().kind == error_kind::credentials);
    CHECK(
        r.error().message ==
        "no credentials: the environment has no AWS_ACCESS_KEY_ID; there is no profile \"default\" in /nowhere/.aws/credentials or "
        "/nowhere/.aws/config");
    CHECK(is(fetched(credentials_chain{inner, some}), "A", "HUSH"));
  }
  SECTION("one that must ask a server") {
    const auto walk = [](const auto& chain) {
      auto machine = chain.fetch();
      CHECK(std::holds_alternative<sans_io::send>(machine.next({})));
      machine.sent(http::transfer_stats{});
      CHECK(std::holds_alternative<sans_io::wait>(machine.next({})));
      auto end = machine.next({});
      REQUIRE(std::holds_alternative<sans_io::done>(end));
      return machine.finish();
    };
    CHECK(is(walk(credentials_chain{none, remote_credentials{true}, half}), "REMOTE", "HUSH"));
    CHECK(is(walk(credentials_chain{remote_credentials{false}, some}), "A", "HUSH"));
  }
}

namespace {
/// A provider that is made of another one, of any type.
struct wrapping {
  explicit wrapping(auth::provider other) : of(std::move(other)) {}
  auto fetch() const { return of.fetch(); }
  auth::provider of;
};
}  // namespace

TEST_CASE("a provider may be made of any other one", "[auth]") {
  static_assert(auth::credentials_provider<wrapping>);
  const auth::provider outer{wrapping{auth::static_credentials{"A", "HUSH"}}};
  CHECK(is(fetched(outer), "A", "HUSH"));
  CHECK(is(fetched(auth::provider{wrapping{outer}}), "A", "HUSH"));
}

TEST_CASE("any provider, chosen when the program runs", "[auth]") {
  const auth::provider empty;
  CHECK_FALSE(empty);
  CHECK(auth::is_none_here(fetched(empty).error()));
  CHECK(is(fetched(auth::provider{"A", "HUSH", "T"}), "A", "HUSH", "T"));
  CHECK(is(fetched(auth::provider{auth::credentials{"A", "HUSH"}}), "A", "HUSH"));
  check_fails(fetched(auth::provider{"A", ""}), error_kind::credentials, "both");
  const auth::provider nobody = auth::anonymous_credentials{};
  CHECK(nobody);
  CHECK(fetched(nobody)->anonymous());
  CHECK(is(fetched(auth::provider{nobody}), "", ""));
  static_assert(auth::credentials_provider<auth::provider>);

  // A machine keeps alive what it was made of.
  auto machine = auth::provider{remote_credentials{true}}.fetch();
  CHECK(std::holds_alternative<sans_io::send>(machine.next({})));
  machine.sent(http::transfer_stats{});
  CHECK(std::holds_alternative<sans_io::wait>(machine.next({})));
  CHECK(std::holds_alternative<sans_io::done>(machine.next({})));
  CHECK(is(machine.finish(), "REMOTE", "HUSH"));
}
