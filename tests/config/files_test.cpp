#include <unistd.h>

#include <string>

#include <s3store/config/files.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

using s3store::environment;
using s3store::error_kind;

TEST_CASE("absent is not unreadable", "[config]") {
  const test::temporary_file file{"x"};
  for (const std::string& absent :
       {file.path() + ".absent", file.path() + "/below-a-file", std::string("/no/such/directory/file"), std::string()}) {
    INFO(absent);
    const auto maybe = s3store::config::read_file_if_present(absent);
    REQUIRE(maybe);
    CHECK_FALSE(maybe->has_value());
    const auto text = s3store::config::read_file(absent);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == error_kind::io);
    CHECK(text.error().message == "there is no file " + absent);
  }
  for (const auto& text : {s3store::config::read_file_if_present("/tmp"), s3store::config::read_file_if_present("/proc/self/mem")}) {
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == error_kind::io);
    CHECK(text.error().message.starts_with("cannot read the file /"));
  }
  if (::geteuid() != 0) {  // nothing is unreadable to root
    REQUIRE(::access("/etc/shadow", R_OK) != 0);
    CHECK_FALSE(s3store::config::read_file_if_present("/etc/shadow"));
  }
}

TEST_CASE("a file is read whole, up to a limit", "[config]") {
  CHECK(s3store::config::read_file(test::temporary_file{}.path()).value().empty());
  for (const std::size_t size : {1u, 4095u, 4096u, 4097u, 8192u, 100'000u}) {
    std::string content(size, 'x');
    content.front() = '\0';
    content.back() = '\n';
    const test::temporary_file file{content};
    CHECK(s3store::config::read_file(file.path()).value() == content);
    CHECK(s3store::config::read_file(file.path(), size).value() == content);
    const auto refused = s3store::config::read_file(file.path(), size - 1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message ==
          "the file " + file.path() + " is larger than the " + std::to_string(size - 1) + " bytes accepted");
  }
  CHECK_FALSE(s3store::config::read_file("/dev/zero"));
}

TEST_CASE("paths", "[config]") {
  const environment none, home{{"HOME", "/home/u"}}, windows{{"HOME", ""}, {"USERPROFILE", "C:\\Users\\u"}};
  CHECK(s3store::config::expand_home("~", home) == "/home/u");
  CHECK(s3store::config::expand_home("~/a", home) == "/home/u/a");
  CHECK(s3store::config::expand_home("~u/a", home) == "~u/a");
  CHECK(s3store::config::expand_home("a/~/b", home) == "a/~/b");
  CHECK(s3store::config::expand_home("", home).empty());
  CHECK(s3store::config::expand_home("~/a", none) == "~/a");
  CHECK(s3store::config::expand_home("~/a", windows) == "C:\\Users\\u/a");

  CHECK(s3store::config::shared_config_path(none) == std::nullopt);
  CHECK(s3store::config::shared_credentials_path(none) == std::nullopt);
  CHECK(s3store::config::shared_config_path(home) == "/home/u/.aws/config");
  CHECK(s3store::config::shared_credentials_path(home) == "/home/u/.aws/credentials");
  const environment named{{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "/s"}, {"AWS_PROFILE", "p"}};
  CHECK(s3store::config::shared_config_path(named) == "/h/c");
  CHECK(s3store::config::shared_credentials_path(named) == "/s");
  CHECK(s3store::config::chosen_profile(named) == "p");
  CHECK(s3store::config::chosen_profile(home) == std::nullopt);
  CHECK(s3store::config::chosen_profile(environment{{"AWS_PROFILE", ""}}) == std::nullopt);
}
