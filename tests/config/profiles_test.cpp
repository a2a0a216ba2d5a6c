// Of two files, which one says what a profile's value is, and does each value say where it stands?
#include <unistd.h>

#include <string>
#include <string_view>
#include <tuple>

#include <s3store/config/profile_environment.hpp>
#include <s3store/config/profiles.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

using namespace s3store;
using config::profiles;

namespace {

struct files {
  explicit files(const std::string& config, const std::string& credentials = {}) : config_file(config), credentials_file(credentials) {}
  profiles load() const { return profiles::load(variables).value(); }
  test::temporary_file config_file, credentials_file;
  environment variables{{"AWS_CONFIG_FILE", config_file.path()}, {"AWS_SHARED_CREDENTIALS_FILE", credentials_file.path()}};
};

}  // namespace

TEST_CASE("a malformed file is named with its line, whichever of the two it is", "[config][profile]") {
  const files config{"[default]\n\nregion\n"}, credentials{"", "aws_secret_access_key = HUSH\n"}, binary{std::string("[default]\nx = \xff\xfe\n")};
  for (const auto& [f, path, line] : {std::tuple{&config, config.config_file.path(), "3"},
                                      std::tuple{&credentials, credentials.credentials_file.path(), "1"},
                                      std::tuple{&binary, binary.config_file.path(), "2"}}) {
    const auto read = profiles::load(f->variables);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == error_kind::configuration);
    CHECK_THAT(read.error().message, Catch::StartsWith("cannot read " + path + ": line " + line + " must be "));
    CHECK(read.error().message.find("HUSH") == std::string::npos);
  }
}

TEST_CASE("a file that cannot be read is an error, and one that is not there is not", "[config][profile]") {
  const files some{"[default]\nregion = here\n"};
  environment e = some.variables;
  e.set("AWS_SHARED_CREDENTIALS_FILE", "/no/such/file");
  CHECK(profiles::load(e)->find("default").get("region") == "here");
  e.set("AWS_SHARED_CREDENTIALS_FILE", "/tmp");  // a directory
  const auto read = profiles::load(e);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == error_kind::io);
  CHECK_THAT(read.error().message, Catch::Contains("/tmp"));
  const auto none = profiles::load({});
  REQUIRE(none);
  CHECK_FALSE(none->find("default"));
  CHECK(none->looked_at().empty());
  CHECK(none->find("default").get("region").empty());
  CHECK_FALSE(none->find("default").find("region"));
}

TEST_CASE("of a key that both files have, the credentials file's counts", "[config][profile]") {
  const files f{"[profile a]\nregion = one\noutput = two\nempty = three\ns3 =\n  x = 1\n  y = 2\n"
                "[profile b]\nregion = four\n[profile c]\ns3 =\n  x = 5\n",
                "[a]\nRegion = five\nempty =\ns3 =\n  x = 6\n[c]\ns3 =\n[d]\naws_access_key_id = seven\n"};
  const auto all = f.load();
  const auto a = all.find("a");
  CHECK(a.get("region") == "five");
  CHECK(a.get("REGION") == "five");
  CHECK(a.get("output") == "two");
  CHECK(a.get("empty") == "three");
  CHECK(a.get("absent").empty());
  CHECK(a.get("s3", "x") == "6");
  CHECK(a.get("s3", "y").empty());  // not mixed
  CHECK(a.get("s3").empty());
  CHECK(a.get("region", "x").empty());
  CHECK(all.find("c").get("s3", "x") == "5");
  CHECK((a.in_credentials() && a.in_config()));
  CHECK((all.find("b") && !all.find("b").in_credentials()));
  CHECK((all.find("d") && !all.find("d").in_config()));
  CHECK_FALSE(all.find("A"));
  CHECK_FALSE(all.find(""));

  CHECK(a.find("region").place == "region in line 2 of " + f.credentials_file.path());
  CHECK(a.find("output").place == "output in line 3 of " + f.config_file.path());
  CHECK(a.find("empty").place == "empty in line 4 of " + f.config_file.path());
  CHECK(a.find("s3", "x").place == "s3 x in line 5 of " + f.credentials_file.path());
  CHECK(a.find("s3", "x").value == "6");
  CHECK(a.place() == "the profile \"a\" in " + f.credentials_file.path() + " and " + f.config_file.path());
  CHECK(all.find("b").place() == "the profile \"b\" in " + f.config_file.path());
  CHECK(all.find("d").place() == "the profile \"d\" in " + f.credentials_file.path());
  CHECK(all.looked_at() == f.credentials_file.path() + " or " + f.config_file.path());
}

TEST_CASE("a section is a profile of the file whose form it has", "[config][profile]") {
  const files f{"[default]\nx = 1\n[profile default]\nx = 2\n[bare]\nx = 3\n"
                "[sso-session s]\nsso_region = r\n[services v]\ns3 =\n  endpoint_url = u\n",
                "[profile other]\nx = 4\n[sso-session t]\nx = 5\n"};
  const auto all = f.load();
  CHECK(all.find("default").get("x") == "2");
  CHECK_FALSE(all.find("bare"));
  CHECK_FALSE(all.find("other"));
  CHECK_FALSE(all.find("s"));
  CHECK(all.sso_session("s").get("sso_region") == "r");
  CHECK(all.sso_session("s").place() == "the sso-session \"s\" in " + f.config_file.path());
  CHECK_FALSE(all.sso_session("t"));  // the credentials file has only profiles
  CHECK_FALSE(all.sso_session("v"));
  CHECK(all.services("v").find("s3", "endpoint_url").place == "s3 endpoint_url in line 11 of " + f.config_file.path());
  CHECK_FALSE(all.services("s"));
}

TEST_CASE("the profile in use: code, AWS_DEFAULT_PROFILE, AWS_PROFILE, default", "[config][profile]") {
  const auto in_use = [](std::string_view chosen, const environment& e) {
    const auto c = config::profile_in_use(chosen, e);
    return c.name + (c.chosen ? " (chosen)" : "");
  };
  const environment both{{"AWS_PROFILE", "a"}, {"AWS_DEFAULT_PROFILE", "b"}};
  CHECK(in_use("code", both) == "code (chosen)");
  CHECK(in_use("", both) == "b (chosen)");
  CHECK(in_use("", {{"AWS_PROFILE", "a"}, {"AWS_DEFAULT_PROFILE", ""}}) == "a (chosen)");
  CHECK(in_use("", {{"AWS_PROFILE", ""}}) == "default");
  CHECK(in_use("", {}) == "default");

  const files f{"[profile a]\nregion = here\n"};
  CHECK(config::with_profile_in_use(f.variables)->get("AWS_REGION") == std::nullopt);  // nobody chose it: it need not exist
  CHECK(config::with_profile_in_use(f.variables, "a")->get("AWS_REGION") == "here");
  const auto gone = config::with_profile_in_use(f.variables, "default");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == error_kind::configuration);
  CHECK(gone.error().message == "there is no profile \"default\" in " + f.credentials_file.path() + " or " + f.config_file.path());
}

TEST_CASE("a [services] section that is not there is an error where its address would count", "[config][profile]") {
  files f{"[default]\nservices = gone\nendpoint_url = http://all:1\n"};
  const auto address = [&](std::string_view service) {
    return config::configured_endpoint(config::with_profile_in_use(f.variables).value(), service);
  };
  REQUIRE_FALSE(address("S3"));
  CHECK(address("S3").error().kind == error_kind::configuration);
  CHECK(address("S3").error().message ==
        "services in line 2 of " + f.config_file.path() + " must be the name of a [services] section of the same file, and is \"gone\"");
  f.variables.set("AWS_ENDPOINT_URL_S3", "http://own:1/");
  CHECK(address("S3").value() == "http://own:1");
  CHECK_FALSE(address("STS"));
  f.variables.set("AWS_ENDPOINT_URL", "http://variable:1");
  CHECK(address("STS").value() == "http://variable:1");
  f.variables.set("AWS_ENDPOINT_URL", "");
  f.variables.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  CHECK(address("STS").value().empty());
}
