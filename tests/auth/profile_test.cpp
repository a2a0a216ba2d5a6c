// Which provider does a profile lead to, and what is said of one that contradicts itself?
#include <s3store/auth/profile.hpp>

#include <fstream>

#include <s3store/auth/default_credentials.hpp>

#include "support/provider_world.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;

namespace {
struct home : test::provider_world {
  void files(const std::string& credentials, const std::string& config) {
    std::ofstream{secrets} << credentials;
    std::ofstream{settings} << config;
  }
  result<auth::credentials> of(std::string profile, auth::mfa_prompt ask = {}) { return fetch(auth::profile_credentials{std::move(profile), env, std::move(ask)}); }
  std::string why(std::string profile) {
    auto r = of(std::move(profile));
    return r ? "" : r.error().message;
  }
  std::string key(std::string profile) {
    auto r = of(std::move(profile));
    return r ? r->access_key_id : r.error().message;
  }
  testing_support::scratch_folder folder{};
  std::string secrets{folder.path() + "/credentials"}, settings{folder.path() + "/config"};
  environment env{{"AWS_SHARED_CREDENTIALS_FILE", secrets}, {"AWS_CONFIG_FILE", settings}};
};
bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string role_keys(const std::string& id, const std::string& action = "AssumeRole") {
  return "<R><" + action + "Result><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>"
         "</Credentials></" + action + "Result></R>";
}
const std::string pair = "aws_access_key_id = BASE\naws_secret_access_key = s\n";
}  // namespace

TEST_CASE("keys of a profile", "[auth][profile]") {
  home w;
  w.files(
      "[default]\naws_access_key_id = D\naws_secret_access_key = HUSH-D\n[half]\naws_secret_access_key = HUSH\n"
      "[build]\naws_access_key_id=B\naws_secret_access_key=HUSH/b=+\naws_session_token = T\naws_account_id = 12\n",
      "[default]\nregion = x\n[profile inconfig]\naws_access_key_id = C\naws_secret_access_key = HUSH-C\n"
      "[profile keyless]\nregion = x\n[plain]\naws_access_key_id = P\naws_secret_access_key = HUSH\n"
      "[profile build]\naws_access_key_id = WRONG\naws_secret_access_key = HUSH\n");
  SECTION("found") {
    CHECK(w.key("") == "D");
    const auto build = w.of("build");
    REQUIRE(build);
    CHECK(build->access_key_id == "B");
    CHECK(build->secret_access_key.reveal() == "HUSH/b=+");
    CHECK(build->session_token.reveal() == "T");
    CHECK(build->account_id == "12");
    CHECK(w.key("inconfig") == "C");
    w.env.set("AWS_PROFILE", "build");
    CHECK(w.key("") == "B");
    CHECK(w.key("default") == "D");
    w.env.set("AWS_DEFAULT_PROFILE", "inconfig");  // as in botocore
    CHECK(w.key("") == "C");
  }
  SECTION("half of a pair") {
    CHECK(w.of("half").error().kind == error_kind::credentials);
    CHECK(contains(w.why("half"), "\"half\" in " + w.secrets));
    CHECK_FALSE(contains(w.why("half"), "HUSH"));
  }
  SECTION("named, and not there") {
    CHECK(w.of("nobody").error().kind == error_kind::configuration);
    CHECK(w.why("nobody") == "there is no profile \"nobody\" in " + w.secrets + " or " + w.settings);
    CHECK(contains(w.why("plain"), "\"plain\""));  // in the config file it must be [profile plain]
    w.env.set("AWS_PROFILE", "nobody");
    CHECK(contains(w.why(""), "nobody"));
  }
  SECTION("there, and without keys") { CHECK(auth::is_none_here(w.of("keyless").error())); }
  SECTION("no files") {
    for (const environment& e : {environment{{"AWS_SHARED_CREDENTIALS_FILE", "/nowhere/a"}, {"AWS_CONFIG_FILE", "/nowhere/b"}}, environment{{"HOME", "/nowhere"}},
                                 environment{}}) {
      w.env = e;
      CHECK(auth::is_none_here(w.of("").error()));
    }
  }
  SECTION("a broken file is named, with its line") {
    w.files("[default\naws_secret_access_key = HUSH\n", "");
    CHECK(w.of("").error().kind == error_kind::configuration);
    CHECK(w.why("").find("cannot read " + w.secrets + ": line 1 must be") == 0);
    CHECK_FALSE(contains(w.why(""), "HUSH"));
  }
  CHECK(w.server.sent().empty());
}

TEST_CASE("a role is asked for with the keys of its source", "[auth][profile]") {
  home w;
  w.files("[base]\n" + pair,
          "[profile r]\nrole_arn = arn:r\nsource_profile = base\nexternal_id = x\nrole_session_name = me\nduration_seconds = 900\nregion = eu-west-1\n"
          "[profile chain]\nrole_arn = arn:chain\nsource_profile = r\n"
          "[profile self]\nrole_arn = arn:self\nsource_profile = self\n" + pair +
          "[profile of_env]\nrole_arn = arn:env\ncredential_source = Environment\n"
          "[profile of_ecs]\nrole_arn = arn:ecs\ncredential_source = EcsContainer\n"
          "[profile of_ec2]\nrole_arn = arn:ec2\ncredential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = http://127.0.0.1:1\n"
          "[profile device]\nrole_arn = arn:device\nsource_profile = base\nmfa_serial = arn:mfa\n"
          "[profile program]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"P\", \"SecretAccessKey\": \"s\"}'\n"
          "[profile of_program]\nrole_arn = arn:p\nsource_profile = program\n");
  const auto signed_by = [&](std::size_t n) {
    const std::string all{*w.server.sent()[n].fields.get("authorization")};
    return all.substr(all.find("Credential=") + 11, all.find('/') - all.find("Credential=") - 11);
  };
  const auto asked_for = [&](std::size_t n, const std::string& what) { return contains(w.server.sent()[n].body, what); };
  SECTION("a profile") {
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.key("r") == "R");
    CHECK(w.sent(0) == "POST https://sts.eu-west-1.amazonaws.com/");
    CHECK(signed_by(0) == "BASE");
    CHECK(asked_for(0, "RoleArn=arn%3Ar&RoleSessionName=me&ExternalId=x&DurationSeconds=900"));
  }
  SECTION("a profile that has a role itself") {
    w.server.answer(200, {}, role_keys("R")).answer(200, {}, role_keys("CHAIN"));
    CHECK(w.key("chain") == "CHAIN");
    CHECK(w.sent(0) == "POST https://sts.amazonaws.com/");  // the region is that of the profile in use, which has none
    CHECK(signed_by(0) == "BASE");
    CHECK(signed_by(1) == "R");
    CHECK(asked_for(1, "arn%3Achain"));
  }
  SECTION("the profile itself") {
    w.server.answer(200, {}, role_keys("SELF"));
    CHECK(w.key("self") == "SELF");
    CHECK(signed_by(0) == "BASE");
  }
  SECTION("the environment") {
    CHECK(contains(w.why("of_env"), "has credential_source = Environment, and the environment has no AWS_ACCESS_KEY_ID"));
    w.env.set("AWS_ACCESS_KEY_ID", "ENV");
    w.env.set("AWS_SECRET_ACCESS_KEY", "s");
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.key("of_env") == "R");
    CHECK(signed_by(0) == "ENV");
  }
  SECTION("a container's service") {
    w.env.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    w.server.answer(200, {}, R"({"AccessKeyId": "ECS", "SecretAccessKey": "s"})").answer(200, {}, role_keys("R"));
    CHECK(w.key("of_ecs") == "R");
    CHECK(signed_by(1) == "ECS");
  }
  SECTION("the instance's service, where the profile says it is") {
    w.server.answer(200, {}, "TOKEN").answer(200, {}, "name").answer(200, {}, R"({"AccessKeyId": "EC2", "SecretAccessKey": "s"})");
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.key("of_ec2") == "R");
    CHECK(w.sent(0).find("PUT http://127.0.0.1:1/latest") == 0);
    CHECK(signed_by(3) == "EC2");
  }
  SECTION("a program") {
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.key("of_program") == "R");
    CHECK(signed_by(0) == "P");
  }
  SECTION("a device is asked for") {
    CHECK(contains(w.why("device"), "mfa_serial"));
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.of("device", [](const std::string& serial) { return result<std::string>{"token of " + serial}; }));
    CHECK(asked_for(0, "SerialNumber=arn%3Amfa&TokenCode=token%20of%20arn%3Amfa"));
  }
  SECTION("STS is where settings say") {
    w.env.set("AWS_ENDPOINT_URL_STS", "http://minio:9000/");
    w.server.answer(200, {}, role_keys("R"));
    CHECK(w.key("r") == "R");
    CHECK(w.sent(0) == "POST http://minio:9000/");
  }
  SECTION("STS has an old address") {
    w.env.set("AWS_STS_REGIONAL_ENDPOINTS", "legacy");
    w.server.answer(200, {}, role_keys("R")).answer(200, {}, role_keys("R"));
    CHECK(w.key("r") == "R");
    CHECK(w.sent(0) == "POST https://sts.amazonaws.com/");
    CHECK(contains(std::string(*w.server.sent()[0].fields.get("authorization")), "/us-east-1/sts/"));
    w.env.set("AWS_REGION", "af-south-1");
    CHECK(w.key("r") == "R");
    CHECK(w.sent(1) == "POST https://sts.af-south-1.amazonaws.com/");
    w.env.set("AWS_STS_REGIONAL_ENDPOINTS", "sometimes");
    CHECK(w.why("r") == "the environment variable AWS_STS_REGIONAL_ENDPOINTS must be regional or legacy, and is \"sometimes\"");
  }
}

TEST_CASE("a web identity may be said by variables and by the profile", "[auth][profile]") {
  home w;
  std::ofstream{w.folder.path() + "/token"} << "TOK";
  w.files("", "[profile w]\nrole_arn = arn:w\nweb_identity_token_file = " + w.folder.path() + "/token\nrole_session_name = me\n" + pair);
  const std::string given = role_keys("W", "AssumeRoleWithWebIdentity");
  SECTION("the profile") {
    w.server.answer(200, {}, given);
    CHECK(w.key("w") == "W");
    CHECK(w.server.sent()[0].body.find("RoleArn=arn%3Aw&RoleSessionName=me&WebIdentityToken=TOK") != std::string::npos);
  }
  SECTION("variables, without a profile") {
    w.env.set("AWS_WEB_IDENTITY_TOKEN_FILE", w.folder.path() + "/token");
    CHECK(contains(w.why(""), "neither AWS_ROLE_ARN nor role_arn"));
    w.env.set("AWS_ROLE_ARN", "arn:v");
    w.server.answer(200, {}, given);
    CHECK(w.key("") == "W");
    CHECK(contains(w.server.sent()[0].body, "RoleArn=arn%3Av"));
  }
  SECTION("variables beside a profile that is not named in code") {
    w.env.set("AWS_PROFILE", "w");
    w.env.set("AWS_ROLE_ARN", "arn:v");
    w.server.answer(200, {}, given).answer(200, {}, given);
    CHECK(w.key("") == "W");
    CHECK(contains(w.server.sent()[0].body, "RoleArn=arn%3Av&RoleSessionName=me"));
    CHECK(w.key("w") == "W");
    CHECK(contains(w.server.sent()[1].body, "RoleArn=arn%3Aw&"));
  }
}

TEST_CASE("a profile may have a login", "[auth][profile]") {
  home w;
  w.env.set("HOME", w.folder.path());
  w.files("",
          "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://start\n"
          "[profile s]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
          "[profile old]\nsso_start_url = https://start\nsso_region = x\nsso_account_id = 1\nsso_role_name = r\n"
          "[profile other]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\nsso_region = elsewhere\n"
          "[profile gone]\nsso_session = nobody\nsso_account_id = 1\nsso_role_name = r\n"
          "[profile part]\nsso_session = s\nsso_account_id = 1\n"
          "[profile console]\nlogin_session = arn:me\n");
  CHECK(contains(w.why("s"), "aws sso login --sso-session s"));
  CHECK(w.why("old").ends_with("aws sso login"));
  CHECK(contains(w.why("other"), "has another sso_region than its sso_session"));
  CHECK(contains(w.why("gone"), "there is no [sso-session nobody]"));
  CHECK(contains(w.why("part"), "has no sso_role_name"));
  CHECK(contains(w.why("console"), "/.aws/login/cache/"));
  CHECK(w.server.sent().empty());
}

TEST_CASE("what a profile says of its role must fit together", "[auth][profile]") {
  home w;
  w.files("[keys]\n" + pair,
          "[profile both]\nrole_arn = r\nsource_profile = keys\ncredential_source = Environment\n"
          "[profile neither]\nrole_arn = r\n"
          "[profile nobody]\nrole_arn = r\nsource_profile = noone\n"
          "[profile empty]\nrole_arn = r\nsource_profile = region\n[profile region]\nregion = x\n"
          "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = c\n[profile c]\nrole_arn = r\nsource_profile = a\n"
          "[profile self]\nrole_arn = r\nsource_profile = self\n"
          "[profile source]\nrole_arn = r\ncredential_source = Elsewhere\n"
          "[profile long]\nrole_arn = r\nsource_profile = keys\nduration_seconds = 899\n");
  CHECK(contains(w.why("both"), "has both source_profile and credential_source"));
  CHECK(contains(w.why("neither"), "neither source_profile nor credential_source"));
  CHECK(contains(w.why("nobody"), "source_profile = noone, and there is no such profile"));
  CHECK(contains(w.why("empty"), "the profile \"region\" in " + w.settings + " has no aws_access_key_id"));
  CHECK(contains(w.why("a"), "name each other as source_profile: a -> b -> c -> a"));
  CHECK(contains(w.why("self"), "name each other as source_profile: self -> self"));
  CHECK(contains(w.why("source"), "none of Environment, Ec2InstanceMetadata and EcsContainer"));
  CHECK(w.why("long") == "duration_seconds in line 33 of " + w.settings + " must be a number of seconds from 900 to 43200, and is \"899\"");
  for (const char* const name : {"both", "neither", "nobody", "a", "self", "source", "long"}) CHECK(w.of(name).error().kind == error_kind::configuration);
  CHECK(w.server.sent().empty());
}
