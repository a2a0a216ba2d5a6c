// Do the variables of AWS's tools make the settings that they make elsewhere, and is one that cannot be read named?
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/operations/object.hpp>

#include "support/harness.hpp"
#include "support/python.hpp"
#include "support/tls_server.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

settings made(const environment& e, settings otherwise = {}) { return settings::from_environment(e, std::move(otherwise)).value(); }

/// What is said of an environment with this variable alone; "accepted" if nothing is wrong with it.
std::string refusal(std::string_view name, std::string_view value, environment beside = {}) {
  beside.set(name, value);
  const auto s = settings::from_environment(beside);
  if (s) return "accepted";
  INFO(s.error().message);
  CHECK(s.error().kind == error_kind::configuration);
  CHECK(s.error().message.starts_with("the environment variable " + std::string(name) + " must be "));
  const bool shown = value.size() <= 32 && value.find('@') == value.npos && value.find('?') == value.npos;
  CHECK((s.error().message.find("\"" + detail::printable(value) + "\"") != std::string::npos) == shown);
  return s.error().message;
}

const get_object_request get{.bucket = "bucket", .key = "k"};

}  // namespace

TEST_CASE("settings from the environment: each variable sets its member, and only that", "[settings]") {
  const settings plain;
  CHECK(made({}).region == "us-east-1");
  CHECK(made({}).endpoint.empty());
  CHECK_FALSE(made({}).max_attempts);
  CHECK(made({}).profile.checksum == plain.profile.checksum);
  CHECK(made({}).profile.verify_downloads);
  CHECK(made({}).ca_bundle.empty());

  const auto all = made({{"AWS_REGION", "eu-west-1"},
                         {"AWS_DEFAULT_REGION", "eu-west-2"},
                         {"AWS_ENDPOINT_URL", "http://everything:9000"},
                         {"AWS_ENDPOINT_URL_S3", "https://s3.example.com/base"},
                         {"AWS_REQUEST_CHECKSUM_CALCULATION", "WHEN_REQUIRED"},
                         {"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"},
                         {"AWS_MAX_ATTEMPTS", "7"},
                         {"AWS_CA_BUNDLE", "/a file/ca.pem"}},
                        {.use_dualstack = true, .max_body = 5});
  CHECK(all.region == "eu-west-1");
  CHECK(all.endpoint == "https://s3.example.com/base");
  CHECK_FALSE(all.profile.checksum);
  CHECK_FALSE(all.profile.verify_downloads);
  CHECK(all.profile.aws_chunked);
  CHECK(all.max_attempts == 7);
  CHECK(all.ca_bundle == "/a file/ca.pem");
  CHECK(all.use_dualstack);
  CHECK(all.max_body == 5);

  CHECK(made({{"AWS_DEFAULT_REGION", "eu-west-2"}}).region == "eu-west-2");
  CHECK(made({{"AWS_ENDPOINT_URL", "http://everything:9000"}}).endpoint == "http://everything:9000");
  const environment ignored{{"AWS_ENDPOINT_URL", "http://a"}, {"AWS_ENDPOINT_URL_S3", "http://b"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}};
  CHECK(made(ignored).endpoint.empty());
  CHECK(made(ignored, {.endpoint = "http://mine"}).endpoint == "http://mine");
  // Of those that a later one would override, none is looked at.
  CHECK(made({{"AWS_ENDPOINT_URL", "nonsense"}, {"AWS_ENDPOINT_URL_S3", "http://b"}}).endpoint == "http://b");
  CHECK(made({{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "no region"}}).region == "eu-west-1");
}

TEST_CASE("settings from the environment: what AWS's endpoints are to be, and how to retry", "[settings]") {
  const auto all = made({{"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                         {"AWS_USE_FIPS_ENDPOINT", "TRUE"},
                         {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "legacy"},
                         {"AWS_S3_USE_ARN_REGION", "false"},
                         {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "true"},
                         {"AWS_SIGV4A_SIGNING_REGION_SET", "us-east-1,us-west-2"},
                         {"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "true"},
                         {"AWS_RETRY_MODE", "adaptive"},
                         {"AWS_DEFAULTS_MODE", "in-region"},
                         {"AWS_SDK_UA_APP_ID", "my-app"}},
                        {.user_agent_suffix = "x"});
  CHECK((all.use_dualstack && all.use_fips && all.use_global_endpoint && !all.use_arn_region && all.disable_multiregion_access_points &&
         all.disable_express_session_auth && all.adaptive_retry));
  CHECK(all.limits.connect == 1100ms);
  CHECK(all.user_agent_suffix == "x app/my-app");
  CHECK(all.sigv4a_region_set == "us-east-1,us-west-2");
  CHECK(describe(all).find("us-east-1,us-west-2") != std::string::npos);
  const auto none = made({{"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "regional"}, {"AWS_RETRY_MODE", "legacy"}, {"AWS_DEFAULTS_MODE", "legacy"}});
  CHECK((!none.use_global_endpoint && !none.adaptive_retry && none.limits.connect == 10s));
  for (const auto& [mode, connect] : {std::pair{"standard", 3100ms}, std::pair{"auto", 3100ms}, std::pair{"Cross-Region", 3100ms}, std::pair{"mobile", 30'000ms}})
    CHECK(made({{"AWS_DEFAULTS_MODE", mode}}).limits.connect == connect);
  CHECK(refusal("AWS_RETRY_MODE", "never").find("standard, adaptive or legacy") != std::string::npos);
  for (const char* const set : {"us-east-1,", "us-east-1, us-west-2"})
    CHECK(refusal("AWS_SIGV4A_SIGNING_REGION_SET", set).find("commas") != std::string::npos);
  CHECK(refusal("AWS_DEFAULTS_MODE", "fast").find("in-region") != std::string::npos);
  CHECK(refusal("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "yes").find("regional or legacy") != std::string::npos);
  CHECK(refusal("AWS_USE_FIPS_ENDPOINT", "maybe").find("true") != std::string::npos);
  CHECK(refusal("AWS_SDK_UA_APP_ID", "two words").find("50 letters") != std::string::npos);
  CHECK(refusal("AWS_SDK_UA_APP_ID", std::string(51, 'a')).find("50 letters") != std::string::npos);
}

namespace {
struct files {
  explicit files(const std::string& config, const std::string& credentials = {}) : config_file(config), credentials_file(credentials) {}
  test::temporary_file config_file, credentials_file;
  environment variables{{"AWS_CONFIG_FILE", config_file.path()}, {"AWS_SHARED_CREDENTIALS_FILE", credentials_file.path()}};
};
constexpr const char* config_text =
    "[default]\nregion = eu-west-1\n[profile p]\nregion = eu-west-2\nendpoint_url = http://all:1\nservices = s\nuse_fips_endpoint = true\n"
    "s3_use_arn_region = false\nretry_mode = adaptive\nsdk_ua_app_id = app\nca_bundle = /ca.pem\nmax_attempts = 4\n"
    "request_checksum_calculation = when_required\n"
    "s3 =\n  addressing_style = path\n  use_accelerate_endpoint = false\n  payload_signing_enabled = true\n  us_east_1_regional_endpoint = legacy\n"
    "[services s]\ns3 =\n  endpoint_url = http://s3:2\n";
}  // namespace

TEST_CASE("settings from a profile stand in for variables", "[settings][profile]") {
  files f{config_text};
  CHECK(made(f.variables).region == "eu-west-1");
  f.variables.set("AWS_PROFILE", "p");
  const auto p = made(f.variables);
  CHECK(p.region == "eu-west-2");
  CHECK(p.endpoint == "http://s3:2");
  CHECK((p.use_fips && !p.use_arn_region && p.adaptive_retry && p.use_global_endpoint && !p.use_accelerate));
  CHECK(p.style == addressing::path);
  CHECK(p.signing == payload_signing::always);
  CHECK(p.user_agent_suffix == "app/app");
  CHECK(p.ca_bundle == "/ca.pem");
  CHECK(p.max_attempts == 4);
  CHECK_FALSE(p.profile.checksum);
  CHECK_FALSE(p.credentials);

  SECTION("variables come first, and one for all services before the profile's address of this one") {
    f.variables.set("AWS_DEFAULT_REGION", "eu-north-1");
    f.variables.set("AWS_ENDPOINT_URL", "http://variable:3");
    f.variables.set("AWS_USE_FIPS_ENDPOINT", "false");
    const auto v = made(f.variables);
    CHECK(v.region == "eu-north-1");
    CHECK(v.endpoint == "http://variable:3");
    CHECK_FALSE(v.use_fips);
  }
  SECTION("addresses may be ignored") {
    f.variables.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    CHECK(made(f.variables).endpoint.empty());
  }
  SECTION("a profile named in code, with its credentials") {
    const files g{config_text};
    CHECK(settings::from_profile("p", g.variables)->region == "eu-west-2");
    CHECK(settings::from_profile("p", g.variables)->credentials);
    CHECK(settings::from_profile("gone", g.variables).error().message.find("\"gone\"") != std::string::npos);
  }
}

TEST_CASE("a malformed setting of a profile is named by file and line", "[settings][profile]") {
  for (const auto& [line, accepted] : {std::pair{"region = not a region", "the name of a region"}, std::pair{"max_attempts = many", "an integer"},
                                       std::pair{"use_fips_endpoint = perhaps", "true, false"}, std::pair{"retry_mode = x", "adaptive"},
                                       std::pair{"endpoint_url = nonsense", "a URL"}}) {
    const files f{std::string("[default]\n# c\n") + line + "\n"};
    const auto s = settings::from_environment(f.variables);
    REQUIRE_FALSE(s);
    const std::string key = std::string(line).substr(0, std::string(line).find(' '));
    CHECK(s.error().kind == error_kind::configuration);
    const std::string value = std::string(line).substr(std::string(line).find("= ") + 2);
    CHECK_THAT(s.error().message, Catch::StartsWith(key + " in line 3 of " + f.config_file.path() + " must be ") && Catch::Contains(accepted) &&
                                      Catch::EndsWith(", and is \"" + value + "\""));
  }
  const files nested{"[default]\ns3 =\n  addressing_style = host\n"};
  CHECK_THAT(settings::from_environment(nested.variables).error().message, Catch::StartsWith("s3 addressing_style in line 3 of "));
  const files broken{"[default\n"};
  CHECK_THAT(settings::from_environment(broken.variables).error().message, Catch::Contains(broken.config_file.path() + ": line 1 must be"));
}

TEST_CASE("a description says what was read from where, and no secret", "[settings]") {
  files f{config_text, "[p]\naws_access_key_id = AKID\naws_secret_access_key = HUSH\n"};
  f.variables.set("AWS_REGION", "eu-north-1");
  settings s = settings::from_profile("p", f.variables).value();
  const std::string text = describe(s);
  INFO(text);
  CHECK_THAT(text, Catch::Contains("region = eu-north-1  (from the environment variable AWS_REGION)\n"));
  CHECK_THAT(text, Catch::Contains("endpoint = http://s3:2  (from s3 endpoint_url in line 21 of " + f.config_file.path() + ")\n"));
  CHECK_THAT(text, Catch::Contains("use_fips = true  (from use_fips_endpoint in line 7 of "));
  CHECK_THAT(text, Catch::Contains("use_dualstack = false\n"));
  CHECK_THAT(text, Catch::Contains("credentials = given\n"));
  CHECK_THAT(text, Catch::Contains("profile.checksum = none  (from "));
  s.credentials = {"AKID", "HUSH"};
  CHECK(describe(s).find("HUSH") == std::string::npos);
  CHECK(describe(s).find("AKID") == std::string::npos);
  for (const char* url : {"http://me:HUSH@host", "https://host?signature=HUSH"}) CHECK(describe(settings{.endpoint = url}).find("HUSH") == std::string::npos);
  CHECK_THAT(describe(settings{.user_agent_suffix = "a\nregion = x"}), Catch::Contains("user_agent_suffix = a\\nregion = x\n"));  // no forged line
  CHECK_THAT(describe(settings{}), Catch::Contains("endpoint = AWS\nregion = us-east-1\ncredentials = those of the policy"));
}

TEST_CASE("settings from the environment: the struct counts where a variable is unset or empty", "[settings]") {
  settings mine{.endpoint = "http://mine", .region = "eu-north-1"};
  mine.max_attempts = 9;
  mine.profile = {.checksum = crypto::checksum_algorithm::sha256, .verify_downloads = false};
  mine.ca_bundle = "/mine.pem";
  const environment empty{{"AWS_REGION", ""},       {"AWS_DEFAULT_REGION", ""},
                          {"AWS_ENDPOINT_URL", ""}, {"AWS_ENDPOINT_URL_S3", ""},
                          {"AWS_MAX_ATTEMPTS", ""}, {"AWS_REQUEST_CHECKSUM_CALCULATION", ""},
                          {"AWS_CA_BUNDLE", ""},    {"AWS_RESPONSE_CHECKSUM_VALIDATION", ""}};
  for (const environment& e : {environment{}, empty}) {
    const auto s = made(e, mine);
    CHECK(s.endpoint == "http://mine");
    CHECK(s.region == "eu-north-1");
    CHECK(s.max_attempts == 9);
    CHECK(s.profile.checksum == crypto::checksum_algorithm::sha256);
    CHECK_FALSE(s.profile.verify_downloads);
    CHECK(s.ca_bundle == "/mine.pem");
  }
  const environment on{{"AWS_REQUEST_CHECKSUM_CALCULATION", "when_supported"}, {"AWS_RESPONSE_CHECKSUM_VALIDATION", "When_Supported"}};
  CHECK(made(on, mine).profile.checksum == crypto::checksum_algorithm::sha256);  // it says when, not which
  CHECK(made(on, mine).profile.verify_downloads);
  mine.profile.checksum.reset();
  CHECK(made(on, mine).profile.checksum == crypto::checksum_algorithm::crc64nvme);
}

TEST_CASE("settings from the environment: a value that is not accepted is an error that names the variable", "[settings]") {
  for (const char* blank : {" ", "\t", "\n"})
    for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REQUEST_CHECKSUM_CALCULATION",
                             "AWS_RESPONSE_CHECKSUM_VALIDATION", "AWS_MAX_ATTEMPTS", "AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"})
      CHECK(refusal(name, blank) != "accepted");
  for (const char* name : {"AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"})
    for (const char* value : {"always", "never", "true", "1", "when-supported", "when_supported,when_required", "CRC32"})
      CHECK(refusal(name, value).find("WHEN_SUPPORTED or WHEN_REQUIRED") != std::string::npos);
  for (const char* value : {"0", "-3", "3.0", "three", "3x", "99999999999"}) CHECK(refusal("AWS_MAX_ATTEMPTS", value).find("from 1 to") != std::string::npos);
  for (const char* name : {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"})
    for (const char* value : {"somewhere:9000", "s3://admin:hunter2@h", "http//admin:hunter2@h", "https://admin:hunter2@h", "https://h/?X-Amz-Signature=hunter2"})
      CHECK(refusal(name, value).find("a URL such as http://localhost:9000") != std::string::npos);
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    for (const char* value : {"eu west", "../x", "us-east-1/"}) CHECK(refusal(name, value).find("such as us-east-1") != std::string::npos);
  // At AWS a region is part of a host's name; elsewhere it may have other characters.
  CHECK(refusal("AWS_REGION", "default.zone") != "accepted");
  CHECK(refusal("AWS_REGION", "default.zone", {{"AWS_ENDPOINT_URL", "http://ceph:7480"}}) == "accepted");
  CHECK(refusal("AWS_REGION", "aws-global") == "accepted");
}

TEST_CASE("settings from the environment: what they say is done", "[settings]") {
  const auto by = EACH_DRIVER;
  test::world<> w{by};
  SECTION("attempts, unless a call says otherwise") {
    w.set = made({{"AWS_MAX_ATTEMPTS", "5"}}, w.set);
    for (int i = 0; i != 9; ++i) w.server.answer(500);
    CHECK(w.send(get).error().attempts == 5);
    CHECK(w.send(get, {.max_attempts = 2}).error().attempts == 2);
  }
  SECTION("endpoint and region") {
    w.set = made({{"AWS_ENDPOINT_URL_S3", "http://store.test:9000"}, {"AWS_REGION", "my_zone.1"}}, w.set);
    w.server.answer(200);
    REQUIRE(w.send(get));
    CHECK(w.server.sent().at(0).url.starts_with("http://store.test:9000/bucket/k"));
    CHECK(w.server.sent().at(0).fields.value_or_empty("authorization").find("/my_zone.1/s3/") != std::string_view::npos);
  }
  SECTION("no checksum of an upload but where S3 requires one") {
    w.set = made({{"AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"}}, w.set);
    w.server.answer(200).answer(200, {}, "<DeleteResult></DeleteResult>");
    REQUIRE(w.send(put_object_request{.bucket = "bucket", .key = "k", .body = "hello"}));
    const headers sent = w.server.sent().at(0).fields;
    for (const auto [name, value] : sent) {
      INFO(name << ": " << value);
      CHECK_FALSE(name.starts_with("x-amz-checksum"));
      CHECK(name != "x-amz-trailer");
    }
    REQUIRE(w.send(delete_objects_request{.bucket = "bucket", .delete_ = {.objects = {{.key = "k"}}}}));
    CHECK(w.server.sent().at(1).fields.contains("x-amz-checksum-crc32"));
  }
  SECTION("no verification of a download but where the request asks for it") {
    w.set = made({{"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"}}, w.set);
    const headers wrong{{"x-amz-checksum-crc32", "AAAAAA=="}};
    w.server.answer(200, wrong, "hello");
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got.meta().integrity == integrity::absent);
    CHECK_FALSE(w.server.sent().at(0).fields.contains("x-amz-checksum-mode"));
    for (int i = 0; i != 5; ++i) w.server.answer(200, wrong, "hello");
    const auto asked = w.send(get_object_request{.bucket = "bucket", .key = "k", .checksum_mode = types::checksum_mode::enabled});
    REQUIRE_FALSE(asked);
    CHECK(asked.error().kind == error_kind::integrity);
  }
}

TEST_CASE("settings from the environment: AWS_CA_BUNDLE is whom the transport trusts", "[settings]") {
  const testing_support::self_signed own, other;
  const auto serve = [](testing_support::peer& p) {
    while (p.read_request())
      if (!p.answer(200, "hello", "")) return;
  };
  testing_support::tls_server<decltype(serve)> server(serve, own.context());
  const test::temporary_file own_file{own.pem()}, other_file{other.pem()};
  const auto outcome = [&](const std::string& bundle, curl_settings transport = {}) {
    transport.proxy_from_environment = false;
    settings s{.credentials = auth::anonymous_credentials{}};
    s.max_attempts = 1;
    const client c{made({{"AWS_ENDPOINT_URL", server.url("", "https")}, {"AWS_CA_BUNDLE", bundle}}, s), {.transport = curl_transport{transport}}};
    const auto got = c.get_object(get);
    return got ? got->body : std::string(to_string(got.error().kind));
  };
  CHECK(outcome(own_file.path()) == "hello");
  CHECK(outcome(other_file.path()) == to_string(error_kind::tls));
  CHECK(outcome("") == to_string(error_kind::tls));
  CHECK(outcome("/nonexistent/ca.pem") == to_string(error_kind::configuration));
  CHECK(outcome(other_file.path(), {.ca_bundle = own_file.path()}) == "hello");  // what the transport itself was told counts
}

TEST_CASE("settings from the environment: names, precedence and values are botocore's", "[settings][oracle]") {
  // botocore knows AWS_DEFAULT_REGION alone; the other SDKs, and the command line, prefer AWS_REGION.
  using variables = std::map<std::string, std::string>;
  const std::vector<variables> cases{
      {},
      {{"AWS_ENDPOINT_URL", "http://everything.test:9000"}},
      {{"AWS_ENDPOINT_URL", "http://everything.test:9000"}, {"AWS_ENDPOINT_URL_S3", "http://s3.test"}},
      {{"AWS_ENDPOINT_URL", "http://everything.test:9000"}, {"AWS_ENDPOINT_URL_S3", ""}},
      {{"AWS_ENDPOINT_URL", "http://everything.test:9000"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
      {{"AWS_ENDPOINT_URL", "http://everything.test:9000"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}},
      {{"AWS_REQUEST_CHECKSUM_CALCULATION", "WHEN_REQUIRED"}},
      {{"AWS_REQUEST_CHECKSUM_CALCULATION", "When_Supported"}},
      {{"AWS_REQUEST_CHECKSUM_CALCULATION", " "}},
      {{"AWS_REQUEST_CHECKSUM_CALCULATION", "always"}},
      {{"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"}},
      {{"AWS_RESPONSE_CHECKSUM_VALIDATION", "never"}},
      {{"AWS_MAX_ATTEMPTS", "7"}},
      {{"AWS_MAX_ATTEMPTS", "seven"}},
      {{"AWS_MAX_ATTEMPTS", " "}},
      {{"AWS_DEFAULT_REGION", "eu-west-2"}},
      {{"AWS_DEFAULT_REGION", "eu west"}},
      {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}},
      {{"AWS_USE_FIPS_ENDPOINT", "True"}},
      {{"AWS_S3_USE_ARN_REGION", "false"}},
      {{"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "legacy"}},
      {{"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "other"}},
      {{"AWS_RETRY_MODE", "adaptive"}},
      {{"AWS_RETRY_MODE", "legacy"}},
      {{"AWS_RETRY_MODE", "other"}},
      {{"AWS_DEFAULTS_MODE", "in-region"}},
      {{"AWS_DEFAULTS_MODE", "other"}},
  };
  const std::string out = test::run_python(R"(
import json, os, sys
import botocore.session
for case in json.load(sys.stdin):
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update({"AWS_CONFIG_FILE": os.devnull, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", **case})
    try:
        c = botocore.session.Session().create_client("s3", aws_access_key_id="a", aws_secret_access_key="b")
        own = any(n.startswith("AWS_ENDPOINT") for n in case) and "amazonaws" not in c.meta.endpoint_url
        print(json.dumps({"endpoint": c.meta.endpoint_url if own else "", "region": c.meta.region_name,
                          "request": c.meta.config.request_checksum_calculation, "response": c.meta.config.response_checksum_validation,
                          "attempts": c.meta.config.retries.get("total_max_attempts"), "mode": c.meta.config.retries.get("mode"),
                          "dualstack": bool(c.meta.config.use_dualstack_endpoint), "fips": bool(c.meta.config.use_fips_endpoint),
                          "arn": (c.meta.config.s3 or {}).get("use_arn_region") is not False,
                          "global": (c.meta.config.s3 or {}).get("us_east_1_regional_endpoint") == "legacy"}))
    except Exception:
        print("null")
)",
                                           nlohmann::json(cases).dump());
  std::size_t compared = 0;
  detail::split(out, '\n', [&](std::string_view line) {
    if (line.empty()) return;
    const auto theirs = nlohmann::json::parse(line);
    environment e;
    for (const auto& [name, value] : cases.at(compared++)) {
      INFO(name << "=" << value);
      e.set(name, value);
    }
    INFO("case " << compared << ": " << line);
    const auto ours = settings::from_environment(e);
    CHECK(ours.has_value() == !theirs.is_null());
    if (!ours || theirs.is_null()) return;
    CHECK(ours->endpoint == theirs["endpoint"].get<std::string>());
    CHECK(ours->region == theirs["region"].get<std::string>());
    CHECK(ours->profile.checksum.has_value() == (theirs["request"] == "when_supported"));
    CHECK(ours->profile.verify_downloads == (theirs["response"] == "when_supported"));
    CHECK(ours->max_attempts.has_value() == !theirs["attempts"].is_null());
    CHECK(ours->use_dualstack == theirs["dualstack"].get<bool>());
    CHECK(ours->use_fips == theirs["fips"].get<bool>());
    CHECK(ours->use_arn_region == theirs["arn"].get<bool>());
    CHECK(ours->use_global_endpoint == theirs["global"].get<bool>());
    CHECK(ours->adaptive_retry == (theirs["mode"] == "adaptive"));
    if (ours->max_attempts && !theirs["attempts"].is_null()) CHECK(*ours->max_attempts == theirs["attempts"].get<int>());
  });
  CHECK(compared == cases.size());
}

TEST_CASE("settings from variables and both files: names, precedence and refusals are botocore's", "[settings][profile][oracle]") {
  std::size_t compared = 0, refused = 0;
  detail::split(test::run_python_script("tests/protocol/botocore_settings.py", "1000 1"), '\n', [&](std::string_view line) {
    if (line.empty()) return;
    ++compared;
    const auto given = nlohmann::json::parse(line);
    files f{given["config"].get<std::string>(), given["credentials"].get<std::string>()};
    for (const auto& [name, value] : given["env"].items()) f.variables.set(name, value.get<std::string>());
    INFO("case " << compared << ": " << given.dump(1));
    const auto ours = settings::from_environment(f.variables);
    const auto& theirs = given["settings"];
    if (!ours) {
      ++refused;
      INFO(ours.error().message);
      CHECK(theirs.is_null());
      CHECK(ours.error().kind == error_kind::configuration);
      // A variable, a line of a file, or the profile that is missing.
      CHECK((ours.error().message.find("AWS_") != std::string::npos || ours.error().message.find(" in line ") != std::string::npos ||
             ours.error().message.find("there is no profile \"") != std::string::npos));
      return;
    }
    REQUIRE_FALSE(theirs.is_null());
    CHECK(ours->endpoint == theirs["endpoint"].get<std::string>());
    CHECK(ours->region == theirs["region"].get<std::string>());
    CHECK(ours->profile.checksum.has_value() == (theirs["request"] == "when_supported"));
    CHECK(ours->profile.verify_downloads == (theirs["response"] == "when_supported"));
    CHECK(ours->max_attempts.value_or(0) == (theirs["attempts"].is_null() ? 0 : theirs["attempts"].get<int>()));
    CHECK(ours->adaptive_retry == (theirs["mode"] == "adaptive"));
    CHECK(ours->use_dualstack == theirs["dualstack"].get<bool>());
    CHECK(ours->use_fips == theirs["fips"].get<bool>());
    CHECK(ours->use_arn_region == theirs["arn"].get<bool>());
    CHECK(ours->disable_multiregion_access_points != theirs["multiregion"].get<bool>());
    CHECK(ours->sigv4a_region_set == theirs["regions"].get<std::string>());
    CHECK(ours->use_global_endpoint == theirs["global"].get<bool>());
    CHECK(ours->use_accelerate == theirs["accelerate"].get<bool>());
    CHECK((ours->style == addressing::path ? "path" : ours->style == addressing::virtual_host ? "virtual" : "auto") == theirs["style"].get<std::string>());
    CHECK(ours->user_agent_suffix == (theirs["app"] == "" ? "" : "app/" + theirs["app"].get<std::string>()));
    CHECK(ours->ca_bundle == theirs["ca"].get<std::string>());
  });
  CHECK(compared == 1000);
  CHECK((refused > 50 && refused < 500));
}
