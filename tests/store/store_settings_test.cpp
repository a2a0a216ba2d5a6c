#include <string>
#include <utility>

#include <s3store/store/object_store.hpp>
#include <s3store/transports/scripted.hpp>

#include "support/python.hpp"
#include "support/store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

/// What is said of an environment that has a bucket and this variable.
std::string refusal(std::string_view name, std::string_view value) {
  const auto s = object_store_settings::from_environment({{"S3_BUCKET_NAME", "b-1"}, {name, value}});
  if (s) return "accepted";
  CHECK(s.error().kind == error_kind::configuration);
  CHECK(s.error().message.find("environment variable " + std::string(name) + " must be") != std::string::npos);
  return s.error().message;
}
struct over_curl : store_policies {
  using transport = curl_transport;
};
object_store_settings accepted(environment e) { return object_store_settings::from_environment(e).value(); }

}  // namespace

TEST_CASE("an unset bucket name names the variable", "[store][settings]") {
  for (const environment& e : {environment{}, environment{{"S3_BUCKET_NAME", ""}}}) {
    const auto s = object_store_settings::from_environment(e);
    REQUIRE_FALSE(s);
    CHECK(s.error().kind == error_kind::configuration);
    CHECK(s.error().message == "the environment variable S3_BUCKET_NAME must be set, to the name of the bucket that the object store uses");
  }
  CHECK(object_store_settings::from_environment(environment{}, {.bucket_name = "b-2"}).value().bucket_name == "b-2");
}

TEST_CASE("a malformed variable is named, with what it accepts", "[store][settings]") {
  for (const char* value : {"eu west", "../x", "us-east-1/"}) CHECK(refusal("AWS_REGION", value).find("us-east-1") != std::string::npos);
  CHECK(refusal("AWS_DEFAULT_REGION", "a.b").find("the name of a region") != std::string::npos);
  for (const char* value : {"s3", "s3v2", "S3V4", "v4"}) CHECK(refusal("S3_SIGNATURE_VERSION", value).find("must be s3v4") != std::string::npos);
  for (const char* value : {"0", "-1", "1001", "3.0", "three", "3x"}) CHECK(refusal("S3_MAX_RETRIES", value).find("an integer from 1 to 1000") != std::string::npos);
  for (const char* name : {"S3_CONNECT_TIMEOUT", "S3_READ_TIMEOUT"})
    for (const char* value : {"0", "0.0", "-5", "soon", "100000", "1e3", "inf", "nan"}) CHECK(refusal(name, value).find("a number of seconds") != std::string::npos);
  for (const char* value : {"yes", "on", "2"}) CHECK(refusal("S3_USE_ACCELERATE", value).find("true, false, 1 or 0") != std::string::npos);
  for (const char* value : {"minio", "S3", "memory"}) CHECK(refusal("OBJECTSTORE_BACKEND", value).find("s3 or embedded") != std::string::npos);
  for (const char* value : {"localhost:9000", "ftp://host", "http://", "http://user:word@host", "https://host/?q=1", "http://host:99999"})
    CHECK(refusal("S3_ENDPOINT_URL", value).find("a URL such as http://localhost:9000") != std::string::npos);
  CHECK(refusal("S3_ENDPOINT_URL", "http://user:word@host").find("word@") == std::string::npos);  // it may hold a secret

  const auto both = object_store_settings::from_environment({{"S3_BUCKET_NAME", "b-1"}, {"S3_USE_ACCELERATE", "1"}, {"S3_ENDPOINT_URL", "http://x"}});
  REQUIRE_FALSE(both);
  CHECK(both.error().message.find("S3_USE_ACCELERATE and the environment variable S3_ENDPOINT_URL cannot go together") != std::string::npos);
}

TEST_CASE("the defaults are those of the original", "[store][settings]") {
  const auto s = accepted({{"S3_BUCKET_NAME", "eje-evidence"}});
  CHECK(s.bucket_name == "eje-evidence");
  CHECK(s.region == "us-east-1");
  CHECK(s.endpoint_url.empty());
  CHECK(s.signature_version == "s3v4");
  CHECK(s.max_retries == 3);
  CHECK(s.connect_timeout == 60s);
  CHECK(s.read_timeout == 60s);
  CHECK_FALSE(s.use_accelerate);
  CHECK(s.backend == store_backend::s3);
  const auto of_struct = object_store_settings{.bucket_name = "b-1"};
  CHECK_FALSE(of_struct.fault());
  CHECK(of_struct.max_retries == 3);
}

TEST_CASE("every variable is read", "[store][settings]") {
  const auto s = accepted({{"S3_BUCKET_NAME", "b-1"},
                           {"AWS_REGION", "eu-west-1"},
                           {"AWS_DEFAULT_REGION", "eu-west-2"},
                           {"S3_ENDPOINT_URL", "http://localhost:9000"},
                           {"S3_SIGNATURE_VERSION", "s3v4"},
                           {"S3_MAX_RETRIES", "5"},
                           {"S3_CONNECT_TIMEOUT", "2.5"},
                           {"S3_READ_TIMEOUT", "7"},
                           {"S3_USE_ACCELERATE", "False"},
                           {"AWS_CA_BUNDLE", "/ca.pem"},
                           {"OBJECTSTORE_BACKEND", "embedded"},
                           {"OBJECTSTORE_EMBEDDED_ROOT", "/data"}});
  CHECK(s.region == "eu-west-1");
  CHECK(s.endpoint_url == "http://localhost:9000");
  CHECK(s.max_retries == 5);
  CHECK(s.connect_timeout == 2500ms);
  CHECK(s.read_timeout == 7s);
  CHECK(s.ca_bundle == "/ca.pem");
  CHECK(s.backend == store_backend::embedded);
  CHECK(s.embedded_root == "/data");
  CHECK(accepted({{"S3_BUCKET_NAME", "b-1"}, {"AWS_DEFAULT_REGION", "eu-west-2"}}).region == "eu-west-2");
  CHECK(accepted({{"S3_BUCKET_NAME", "b-1"}, {"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "eu-west-2"}}).region == "eu-west-2");
  CHECK(accepted({{"S3_BUCKET_NAME", "b-1"}, {"S3_USE_ACCELERATE", "true"}}).use_accelerate);

  const settings to_client = client_settings(s);
  CHECK(to_client.endpoint == s.endpoint_url);
  CHECK(to_client.region == "eu-west-1");
  CHECK(to_client.limits.connect == 2500ms);
  CHECK(to_client.limits.first_byte == 7s);
  CHECK(to_client.limits.idle == 7s);
  CHECK(to_client.limits.retry_waits == duration::zero());
}

TEST_CASE("a store reads the variables of AWS's tools, too, and its own come before them", "[store][settings]") {
  environment e{{"S3_BUCKET_NAME", "b-1"},
                {"AWS_ENDPOINT_URL", "http://everything.test"},
                {"AWS_MAX_ATTEMPTS", "7"},
                {"AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"},
                {"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"}};
  auto s = accepted(e);
  CHECK(s.endpoint_url == "http://everything.test");
  CHECK(s.max_retries == 7);
  CHECK_FALSE(client_settings(s).profile.checksum);
  CHECK_FALSE(client_settings(s).profile.verify_downloads);
  e.set("AWS_ENDPOINT_URL_S3", "http://s3.test");
  CHECK(accepted(e).endpoint_url == "http://s3.test");
  e.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1");
  CHECK(accepted(e).endpoint_url.empty());
  e.set("S3_ENDPOINT_URL", "http://own.test");
  CHECK(accepted(e).endpoint_url == "http://own.test");
  e.set("S3_MAX_RETRIES", "2");
  CHECK(accepted(e).max_retries == 2);

  for (const char* name : {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_MAX_ATTEMPTS", "AWS_REQUEST_CHECKSUM_CALCULATION",
                           "AWS_RESPONSE_CHECKSUM_VALIDATION", "AWS_CA_BUNDLE", "S3_BUCKET_NAME"})
    CHECK(refusal(name, " ") != "accepted");
  const auto both = object_store_settings::from_environment({{"S3_BUCKET_NAME", "b-1"}, {"S3_USE_ACCELERATE", "1"}, {"AWS_ENDPOINT_URL", "http://x"}});
  REQUIRE_FALSE(both);
  CHECK(both.error().message.find("S3_USE_ACCELERATE and the environment variable AWS_ENDPOINT_URL cannot go together") != std::string::npos);
  // A region that is no host label goes with an endpoint of one's own only.
  CHECK(accepted({{"S3_BUCKET_NAME", "b-1"}, {"S3_ENDPOINT_URL", "http://ceph:7480"}, {"AWS_REGION", "default.zone"}}).region == "default.zone");
  CHECK(object_store_settings{.bucket_name = "b-1", .region = "default.zone"}.fault());
  CHECK_FALSE(object_store_settings{.bucket_name = "b-1", .region = "default.zone", .endpoint_url = "http://ceph:7480"}.fault());
}

TEST_CASE("a store's client gets every setting that a client reads from variables and from the profile", "[store][settings][profile]") {
  const test::temporary_file config{
      "[default]\nregion = eu-west-1\nuse_fips_endpoint = true\nretry_mode = adaptive\nmax_attempts = 9\nsdk_ua_app_id = app\ndefaults_mode = "
      "in-region\ns3 =\n  addressing_style = path\n  payload_signing_enabled = true\n  use_accelerate_endpoint = true\n"};
  environment e{{"S3_BUCKET_NAME", "b-1"},
                {"AWS_CONFIG_FILE", config.path()},
                {"AWS_SHARED_CREDENTIALS_FILE", "/no/such/file"},
                {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                {"AWS_S3_USE_ARN_REGION", "false"},
                {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "true"},
                {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "legacy"}};
  object_store_settings mine;
  mine.client.max_body = 5;
  mine.client.limits.total = 7s;
  const auto s = object_store_settings::from_environment(e, mine).value();
  CHECK(s.max_retries == 9);
  CHECK(s.use_accelerate);
  const settings c = client_settings(s);
  CHECK(c.region == "eu-west-1");
  CHECK((c.use_dualstack && c.use_fips && !c.use_arn_region && c.disable_multiregion_access_points && c.use_global_endpoint && c.adaptive_retry));
  CHECK((c.style == addressing::path && c.signing == payload_signing::always && c.use_accelerate));
  CHECK(c.user_agent_suffix == "app/app");
  CHECK(c.limits.connect == 1100ms);
  CHECK(c.limits.idle == 60s);
  CHECK(c.limits.total == 7s);
  CHECK(c.max_body == 5);
  CHECK_FALSE(c.max_attempts);  // or S3_MAX_RETRIES would not count

  e.set("S3_CONNECT_TIMEOUT", "3");
  e.set("S3_USE_ACCELERATE", "false");
  const auto own = accepted(e);
  CHECK(client_settings(own).limits.connect == 3s);
  CHECK_FALSE(client_settings(own).use_accelerate);
  const std::string text = describe(own);
  INFO(text);
  CHECK_THAT(text, Catch::StartsWith("bucket_name = b-1\nbackend = s3\n"));
  CHECK_THAT(text, Catch::Contains("use_fips = true  (from use_fips_endpoint in line 3 of " + config.path() + ")\n"));
  CHECK_THAT(text, Catch::Contains("limits.connect = 3000 ms  (from the environment variable S3_CONNECT_TIMEOUT)\n"));
  CHECK_THAT(text, Catch::Contains("max_attempts = 9  (from max_attempts in line 5 of "));
  CHECK_THAT(text, Catch::Contains("use_accelerate = false  (from the environment variable S3_USE_ACCELERATE)\n"));

  CHECK_THAT(text, Catch::Contains("\ncredentials = those of the policy"));
  const std::string keys = describe(object_store_settings{.bucket_name = "b-1", .credentials = {"AKID", "HUSH"}});
  CHECK_THAT(keys, Catch::Contains("\ncredentials = given\n"));
  CHECK((keys.find("AKID") == std::string::npos && keys.find("HUSH") == std::string::npos));

  e.set("S3_USE_ACCELERATE", "");
  e.set("S3_ENDPOINT_URL", "http://x");
  CHECK_THAT(object_store_settings::from_environment(e).error().message,
             Catch::StartsWith("s3 use_accelerate_endpoint in line 11 of " + config.path() + " and the environment variable S3_ENDPOINT_URL cannot"));
}

TEST_CASE("a provider among a store's settings for the client counts, unless the variables have keys", "[store][settings]") {
  object_store_settings mine{.bucket_name = "b-1"};
  mine.client.credentials = {"mine", "s"};
  CHECK(client_settings(object_store_settings::from_environment(environment{}, mine).value()).credentials);
  const environment theirs{{"AWS_ACCESS_KEY_ID", "theirs"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  CHECK_FALSE(client_settings(object_store_settings::from_environment(theirs, mine).value()).credentials);
}

TEST_CASE("the struct counts where a variable is unset", "[store][settings]") {
  const object_store_settings mine{.bucket_name = "mine", .region = "eu-west-1", .max_retries = 7, .read_timeout = 5s};
  const auto s = object_store_settings::from_environment({{"S3_BUCKET_NAME", "theirs"}, {"S3_MAX_RETRIES", "2"}}, mine).value();
  CHECK(s.bucket_name == "theirs");
  CHECK(s.region == "eu-west-1");
  CHECK(s.max_retries == 2);
  CHECK(s.read_timeout == 5s);

  const object_store_settings with_key{.bucket_name = "b-1", .credentials = {"mine", "s"}};
  CHECK(object_store_settings::from_environment(environment{}, with_key)->credentials.access_key_id == "mine");
  const environment theirs{{"AWS_ACCESS_KEY_ID", "theirs"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  CHECK(object_store_settings::from_environment(theirs, with_key)->credentials.anonymous());  // they are looked up when they are needed
}

TEST_CASE("half a pair of credentials names both variables", "[store][settings]") {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
    const auto s = object_store_settings::from_environment({{"S3_BUCKET_NAME", "b-1"}, {name, "half"}});
    REQUIRE_FALSE(s);
    CHECK(s.error().kind == error_kind::credentials);
    CHECK(s.error().message.find("both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") != std::string::npos);
    CHECK(s.error().message.find("half") == std::string::npos);
  }
}

TEST_CASE("an accelerated endpoint, as the original's README sets it, is the flag", "[store][settings]") {
  for (const char* url : {"https://b-1.s3-accelerate.amazonaws.com", "https://s3-accelerate.amazonaws.com/"}) {
    const auto s = accepted({{"S3_BUCKET_NAME", "b-1"}, {"S3_ENDPOINT_URL", url}});
    CHECK(s.use_accelerate);
    CHECK(s.endpoint_url.empty());
  }
  CHECK_FALSE(accepted({{"S3_BUCKET_NAME", "b-1"}, {"S3_ENDPOINT_URL", "https://other.s3-accelerate.amazonaws.com"}}).use_accelerate);
}

TEST_CASE("a struct is checked when the store connects", "[store][settings]") {
  const auto refused = [](object_store_settings s, std::string_view why) {
    object_store store{std::move(s)};
    const auto e = test::thrown_by([&] { store.connect(); });
    CHECK(e.kind == error_kind::configuration);
    INFO(e.message);
    CHECK(e.message.find(why) != std::string::npos);
    CHECK_FALSE(store.connected());
  };
  refused({}, "S3_BUCKET_NAME");
  refused({.bucket_name = "b-1", .signature_version = "s3"}, "signature_version must be s3v4");
  refused({.bucket_name = "b-1", .region = "a b"}, "region must be");
  refused({.bucket_name = "b-1", .max_retries = 0}, "max_retries");
  refused({.bucket_name = "b-1", .read_timeout = 0s}, "read_timeout");
  refused({.bucket_name = "b-1", .endpoint_url = "localhost:9000"}, "endpoint_url");
  for (const std::string url : {"s3://admin:hunter2@h", "http//admin:hunter2@h", "https://admin:hun/hunter2@h", "https://h/?X-Amz-Signature=hunter2"}) {
    CHECK(object_store_settings{.bucket_name = "b-1", .endpoint_url = url}.fault()->message.find("hun") == std::string::npos);
    CHECK(object_store_settings::from_environment({{"S3_BUCKET_NAME", "b-1"}, {"S3_ENDPOINT_URL", url}}).error().message.find("hun") == std::string::npos);
  }
  refused({.bucket_name = "b-1", .backend = store_backend::embedded}, "init_objectstore");

  basic_object_store<over_curl> other{{.bucket_name = "b-1", .transport = backend_transport{scripted_transport{}}}};
  CHECK(test::thrown_by([&] { other.connect(); }).message.find("the store's policies") != std::string::npos);
}

TEST_CASE("credentials come from the struct, the environment, or the shared files", "[store][settings]") {
  const auto asked_as = [](object_store_settings s) {
    scripted_transport server;
    server.answer(404);
    s.bucket_name = "b-1";
    s.endpoint_url = "http://s3.test";
    s.max_retries = 1;
    s.transport = backend_transport{server};
    object_store store{std::move(s)};
    store.connect();
    store.object_exists("k");
    const std::string authorization{server.sent().at(0).fields.value_or_empty("Authorization")};
    const auto from = authorization.find("Credential=") + 11;
    return authorization.substr(from, authorization.find('/') - from);
  };
  const test::temporary_file files{"[default]\naws_access_key_id = of-default\naws_secret_access_key = s\n"
                                   "[other]\naws_access_key_id = of-other\naws_secret_access_key = s\n"};
  environment e{{"AWS_SHARED_CREDENTIALS_FILE", files.path()}, {"AWS_CONFIG_FILE", "/nonexistent"}};
  CHECK(asked_as({.variables = e}) == "of-default");
  e.set("AWS_PROFILE", "other");
  CHECK(asked_as({.variables = e}) == "of-other");
  e.set("AWS_ACCESS_KEY_ID", "of-environment");
  e.set("AWS_SECRET_ACCESS_KEY", "s");
  CHECK(asked_as({.variables = e}) == "of-environment");
  CHECK(asked_as({.credentials = {"of-struct", "s"}, .variables = e}) == "of-struct");

  e.set("AWS_SECRET_ACCESS_KEY", "");
  const auto half = test::thrown_by([&] { asked_as({.variables = e}); });
  CHECK(half.kind == error_kind::credentials);
  CHECK(half.message.find("AWS_SECRET_ACCESS_KEY") != std::string::npos);
  const auto none = test::thrown_by([&] { asked_as({.variables = {{"AWS_EC2_METADATA_DISABLED", "true"}}}); });
  CHECK(none.kind == error_kind::credentials);
  CHECK(none.message.find("AWS_ACCESS_KEY_ID") != std::string::npos);
}
