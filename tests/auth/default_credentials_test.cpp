// What does a client without credentials find? The same as botocore, in each of the surroundings of scenarios.json.
#include <s3store/auth/default_credentials.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "support/provider_world.hpp"
#include "support/python.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using json_value = nlohmann::json;

namespace {
json_value scenarios() {
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  std::ifstream file{std::string(source ? source : ".") + "/tests/auth/scenarios.json"};
  return json_value::parse(file).at("scenarios");
}

std::string with_home(std::string text, const std::string& home) {
  for (std::size_t at; (at = text.find('~')) != std::string::npos;) text.replace(at, 1, home);
  return text;
}

/// The documents that an answer may name.
std::string document(const std::string& text) {
  const auto role = [](const std::string& key, const std::string& action) {
    return "<R><" + action + "Result><Credentials><AccessKeyId>" + key + "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
           "<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></" + action + "Result></R>";
  };
  const auto key = text.substr(text.find(':') + 1);
  if (text.starts_with("@keys:"))
    return R"({"Code": "Success", "AccessKeyId": ")" + key + R"(", "SecretAccessKey": "s", "Token": "t", "Expiration": "2100-01-01T00:00:00Z"})";
  if (text.starts_with("@role:")) return role(key, "AssumeRole");
  if (text.starts_with("@web:")) return role(key, "AssumeRoleWithWebIdentity");
  if (text.starts_with("@sso:"))
    return R"({"roleCredentials": {"accessKeyId": ")" + key + R"(", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4102444800000}})";
  return text;
}

/// A home directory with the files of a scenario, and the servers that it has.
class surroundings {
 public:
  explicit surroundings(const json_value& s) : profile_(s.value("profile", "")) {
    variables_.set("HOME", folder_.path());
    const json_value variables = s.value("env", json_value::object()), files = s.value("files", json_value::object());
    for (const auto& [name, value] : variables.items())
      variables_.set(name, with_home(value.get<std::string>(), folder_.path()));
    for (const auto& [name, text] : files.items()) {
      for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
        ::mkdir((folder_.path() + "/" + name.substr(0, slash)).c_str(), 0700);
      const std::string content = text.get<std::string>();
      std::ofstream{folder_.path() + "/" + name} << (name.ends_with("config") ? with_home(content, folder_.path()) : content);
    }
    world_.server.compute([http = s.value("http", json_value::object()), asked = std::map<std::string, std::size_t>{}](const recorded_request& r) mutable {
      const std::string what = called(r);
      if (!http.contains(what)) return failing(detail::concat({"the scenario has no answer to ", what}));
      const json_value& answers = http[what];
      const std::string answer = answers.is_array() ? answers.at((std::min)(asked[what]++, answers.size() - 1)) : answers;
      if (answer == "refused") return failing("connection refused");
      return scripted_reply{.head = {std::stoi(answer), {}}, .body = document(answer.substr(4))};
    }, true);
  }

  /// The key, "none", or "error" and the message.
  std::string found() {
    const auto got = world_.fetch(auth::default_credentials{variables_, profile_});
    if (got) return got->access_key_id;
    if (auth::is_none_here(got.error())) return "none";
    return "error " + got.error().message;
  }
  std::vector<std::string> calls() const {
    std::vector<std::string> out;
    for (const auto& r : world_.server.sent()) out.push_back(called(r));
    return out;
  }

 private:
  static std::string called(const recorded_request& r) {
    return std::string(http::to_string(r.verb)) + " " + r.url.substr(0, r.url.find('?'));
  }
  static scripted_reply failing(std::string why) {
    return {.fails = scripted_reply::moment::before_head, .failure = detail::fail(error_kind::connect, std::move(why))};
  }
  testing_support::scratch_folder folder_{};
  environment variables_{};
  std::string profile_;
  test::provider_world world_{};
};
}  // namespace

TEST_CASE("what is found in each of the surroundings", "[auth][scenarios]") {
  int count = 0;
  for (const json_value& s : scenarios()) {
    const std::string name = s.at("name");
    INFO(name);
    surroundings around{s};
    const std::string found = around.found(), expected = s.at("result");
    if (expected.starts_with("error ")) {
      CHECK_THAT(found, Catch::StartsWith("error ") && Catch::Contains(expected.substr(6)));
    } else {
      CHECK(found == expected);
    }
    if (s.contains("calls")) CHECK(around.calls() == s["calls"].get<std::vector<std::string>>());
    ++count;
  }
  CHECK(count >= 60);
}

TEST_CASE("a provider that fails late does not hide where nothing was", "[auth]") {
  test::provider_world w;
  w.server.answer(403);
  CHECK(w.message(auth::default_credentials{environment{}}) ==
        "the metadata service of EC2 gave no token (status 403) (before that: the environment has no AWS_ACCESS_KEY_ID; there is no home directory to "
        "look for profiles in; the environment has no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI)");
}

TEST_CASE("botocore finds the same in the same surroundings, but for what is named", "[auth][scenarios][oracle]") {
  std::istringstream theirs{test::run_python_script("tests/auth/botocore_scenarios.py")};
  for (const json_value& s : scenarios()) {
    INFO(s.at("name").get<std::string>());
    std::string line;
    REQUIRE(std::getline(theirs, line));
    const std::string ours = s.at("result");
    const std::string expected = s.value("botocore", ours.starts_with("error ") ? "error" : ours);
    CHECK(line.substr(0, line.find('\t')) == expected);
    if (s.contains("botocore")) CHECK(s.contains("differs"));
    if (line.substr(0, line.find('\t')) != expected) WARN(line);
  }
}
