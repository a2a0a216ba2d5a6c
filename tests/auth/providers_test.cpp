// Which credentials are found, where, and what is said when there are none?
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <s3store/auth/providers.hpp>

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

class home {
 public:
  home() {
    char name[] = "/tmp/s3store-test-XXXXXX";
    REQUIRE(mkdtemp(name));
    path_ = name;
  }
  ~home() {
    for (const auto& f : files_) std::remove(f.c_str());
    rmdir(path_.c_str());
  }
  std::string file(const std::string& name, std::string_view text) {
    files_.push_back(path_ + "/" + name);
    std::FILE* const f = std::fopen(files_.back().c_str(), "w");
    REQUIRE(f);
    std::fwrite(text.data(), 1, text.size(), f);
    std::fclose(f);
    return files_.back();
  }
  std::string missing() const { return path_ + "/missing"; }

 private:
  std::string path_{};
  std::vector<std::string> files_{};
};

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

TEST_CASE("credentials of a profile", "[auth]") {
  home at;
  const std::string secrets = at.file("credentials",
                                      "[default]\naws_access_key_id = D\naws_secret_access_key = HUSH-D\n"
                                      "[half]\naws_secret_access_key = HUSH\n"
                                      "[build]\naws_access_key_id=B\naws_secret_access_key=HUSH/b=+\naws_session_token = T\n");
  const std::string config =
      at.file("config",
              "[default]\nregion = x\n[profile inconfig]\naws_access_key_id = C\naws_secret_access_key = HUSH-C\n"
              "[profile keyless]\nregion = x\n[plain]\naws_access_key_id = P\naws_secret_access_key = HUSH\n"
              "[profile build]\naws_access_key_id = WRONG\naws_secret_access_key = HUSH\n");
  environment env{{"AWS_SHARED_CREDENTIALS_FILE", secrets}, {"AWS_CONFIG_FILE", config}};
  const auto of = [&](std::string profile) { return fetched(auth::profile_credentials{std::move(profile), env}); };

  SECTION("found") {
    CHECK(is(of(""), "D", "HUSH-D"));
    CHECK(is(of("build"), "B", "HUSH/b=+", "T"));
    CHECK(is(of("inconfig"), "C", "HUSH-C"));
    env.set("AWS_PROFILE", "build");
    CHECK(is(of(""), "B", "HUSH/b=+", "T"));
    CHECK(is(of("default"), "D", "HUSH-D"));
  }
  SECTION("half of a pair") { check_fails(of("half"), error_kind::credentials, "\"half\" in " + secrets); }
  SECTION("named, and not there") {
    check_fails(of("nobody"), error_kind::configuration, "\"nobody\" in " + secrets + " or " + config);
    check_fails(of("plain"), error_kind::configuration, "\"plain\"");  // in the config file it must be [profile plain]
    env.set("AWS_PROFILE", "nobody");
    check_fails(of(""), error_kind::configuration, "nobody");
  }
  SECTION("there, and without keys") { CHECK(auth::is_none_here(of("keyless").error())); }
  SECTION("no files") {
    env = {{"AWS_SHARED_CREDENTIALS_FILE", at.missing()}, {"AWS_CONFIG_FILE", at.missing()}};
    CHECK(auth::is_none_here(of("").error()));
    env = {{"HOME", at.missing()}};
    CHECK(auth::is_none_here(of("").error()));
    env = {};
    CHECK(auth::is_none_here(of("").error()));
  }
  SECTION("a broken file") {
    env.set("AWS_SHARED_CREDENTIALS_FILE", at.file("broken", "[default\naws_secret_access_key = HUSH\n"));
    check_fails(of(""), error_kind::configuration, "broken: line 1");
  }
}

TEST_CASE("a profile with role_arn or another key for credentials from elsewhere is an error, with keys and without", "[auth]") {
  home at;
  for (const std::string key : {"role_arn", "source_profile", "credential_source", "web_identity_token_file", "credential_process", "login_session",
                                "sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "sso_region", "Role_ARN"}) {
    const std::string pair = "aws_access_key_id = A\naws_secret_access_key = HUSH\n", other = key + " = somewhere\n";
    struct files {
      std::string secrets, config;
    };
    for (const files& f : {files{"[default]\n" + pair + other, ""}, files{"[default]\n" + other, ""}, files{"", "[default]\n" + pair + other},
                           files{"", "[default]\n" + other}, files{"[default]\n" + pair, "[default]\n" + other},
                           files{"[default]\n" + other, "[default]\n" + pair}}) {
      const environment env{{"AWS_SHARED_CREDENTIALS_FILE", at.file("credentials", f.secrets)}, {"AWS_CONFIG_FILE", at.file("config", f.config)}};
      INFO(f.secrets << "---\n" << f.config);
      // Not an answer that lets a chain go on with credentials that nobody meant.
      check_fails(fetched(auth::profile_credentials{"", env}), error_kind::credentials, detail::lower_case(key));
      check_fails(fetched(auth::credentials_chain{auth::profile_credentials{"", env}, auth::static_credentials{"B", "HUSH"}}),
                  error_kind::credentials, detail::lower_case(key));
    }
  }
  // Another profile's keys do not count, nor does one without a value.
  const environment env{{"AWS_SHARED_CREDENTIALS_FILE", at.file("credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = HUSH\nrole_arn =\n")},
                        {"AWS_CONFIG_FILE", at.file("config", "[profile other]\nrole_arn = arn\n[sso-session s]\nsso_region = x\n")}};
  CHECK(is(fetched(auth::profile_credentials{"", env}), "A", "HUSH"));
  // So it is with the variable for a role, which AWS's tools prefer to a profile.
  const environment role{{"AWS_ROLE_ARN", "arn"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"}};
  check_fails(fetched(auth::environment_credentials{role}), error_kind::credentials, "AWS_WEB_IDENTITY_TOKEN_FILE");
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
  const environment empty;
  SECTION("first, last, and never past a failure") {
    CHECK(is(fetched(credentials_chain{none, some}), "A", "HUSH"));
    CHECK(is(fetched(credentials_chain{some, half}), "A", "HUSH"));
    check_fails(fetched(credentials_chain{none, half, some}), error_kind::credentials, "both");
  }
  SECTION("the default one") {
    environment env{{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "HUSH"}};
    CHECK(is(fetched(auth::default_credentials{auth::environment_credentials{env}, auth::profile_credentials{"", env}}), "E",
             "HUSH"));
  }
  SECTION("none at all names everything that was tried, and a chain around it goes on") {
    const auth::default_credentials inner{auth::environment_credentials{empty},
                                          auth::profile_credentials{"", {{"HOME", "/nowhere"}}}};
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
