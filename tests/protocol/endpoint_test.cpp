// Where do requests go, and is that where botocore sends them?
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include <s3store/protocol/endpoint.hpp>

#include "support/python.hpp"

using namespace s3store;

namespace {

struct asked {
  settings of{};
  std::string bucket{"bucket"};

  result<endpoint> resolve() const {
    std::optional<http::url> custom;
    if (!of.endpoint.empty()) custom = http::parse_url(of.endpoint).value();
    return standard_endpoint_rules{}.resolve(
        {.of = of, .custom = custom ? &*custom : nullptr, .bucket = bucket, .region = of.region});
  }
  std::string url() const {
    const auto found = resolve();
    return found ? found->origin() + found->path : std::string(to_string(found.error().kind));
  }
};

}  // namespace

TEST_CASE("where AWS's buckets are", "[endpoint]") {
  CHECK(asked{.of = {}}.url() == "https://bucket.s3.us-east-1.amazonaws.com");
  CHECK(asked{.of = {}, .bucket = ""}.url() == "https://s3.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.region = "cn-north-1"}}.url() == "https://bucket.s3.cn-north-1.amazonaws.com.cn");
  CHECK(asked{.of = {.use_dualstack = true}}.url() == "https://bucket.s3.dualstack.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.use_fips = true}}.url() == "https://bucket.s3-fips.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.use_dualstack = true, .use_fips = true}}.url() == "https://bucket.s3-fips.dualstack.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.use_accelerate = true}}.url() == "https://bucket.s3-accelerate.amazonaws.com");
  CHECK(asked{.of = {.use_accelerate = true, .use_dualstack = true}}.url() ==
        "https://bucket.s3-accelerate.dualstack.amazonaws.com");
  CHECK(asked{.of = {.style = addressing::path}}.url() == "https://s3.us-east-1.amazonaws.com/bucket");
  // What is no DNS label, or has dots, which the certificate's wildcard does not cover.
  for (const std::string bucket : {"my.dotted.bucket", "UPPER", "ab", "under_score", "192.168.0.1", "-a-", "a..b"})
    CHECK(asked{.of = {}, .bucket = bucket}.url() == "https://s3.us-east-1.amazonaws.com/" + bucket);
}

TEST_CASE("an endpoint of one's own", "[endpoint]") {
  CHECK(asked{.of = {.endpoint = "http://127.0.0.1:9000"}}.url() == "http://127.0.0.1:9000/bucket");
  CHECK(asked{.of = {.endpoint = "http://127.0.0.1:9000"}, .bucket = ""}.url() == "http://127.0.0.1:9000");
  CHECK(asked{.of = {.endpoint = "https://[::1]:9000/"}}.url() == "https://[::1]:9000/bucket");
  CHECK(asked{.of = {.endpoint = "https://HOST:443/a/b/"}}.url() == "https://host/a/b/bucket");
  CHECK(asked{.of = {.endpoint = "http://host:81", .style = addressing::virtual_host}}.url() == "http://bucket.host:81");
  CHECK(asked{.of = {.endpoint = "http://host/a", .style = addressing::virtual_host}}.url() == "http://bucket.host/a");
  CHECK(asked{.of = {.endpoint = "http://host", .style = addressing::virtual_host}, .bucket = "a.b.c"}.url() ==
        "http://a.b.c.host");
}

TEST_CASE("a wish that cannot be met is an error, and not another endpoint", "[endpoint]") {
  for (const char* bucket : {"UPPER", "under_score", "ab"}) {
    CHECK(asked{.of = {.style = addressing::virtual_host}, .bucket = bucket}.url() == "invalid argument");
    CHECK(asked{.of = {.endpoint = "http://host", .style = addressing::virtual_host}, .bucket = bucket}.url() ==
          "invalid argument");
    CHECK(asked{.of = {.use_accelerate = true}, .bucket = bucket}.url() == "configuration");
  }
  CHECK(asked{.of = {.style = addressing::virtual_host}, .bucket = "a.b.c"}.url() == "invalid argument");
  CHECK(asked{.of = {.style = addressing::path, .use_accelerate = true}}.url() == "configuration");
  for (const char* address : {"http://127.0.0.1:9000", "http://[::1]"})
    CHECK(asked{.of = {.endpoint = address, .style = addressing::virtual_host}}.url() == "configuration");
  // FIPS is not to be dropped in silence.
  CHECK(asked{.of = {.use_accelerate = true, .use_fips = true}}.url() == "configuration");
  CHECK(asked{.of = {.endpoint = "http://host", .use_fips = true}}.url() == "configuration");
  CHECK(asked{.of = {.endpoint = "http://host", .use_dualstack = true}}.url() == "configuration");
  CHECK(asked{.of = {.endpoint = "http://host", .use_accelerate = true}}.url() == "configuration");
  for (const char* region : {"", "a/b", "a b", "us-east-1\r\n", "a,b", "a\"b", "\xc3\xa4"}) {
    CHECK(asked{.of = {.region = region}}.url() == "configuration");
    CHECK(asked{.of = {.endpoint = "http://host", .region = region}}.url() == "configuration");
  }
}

TEST_CASE("a region is a host label only where it goes into a host name", "[endpoint]") {
  for (const std::string& region : {std::string("evil.example"), std::string("eu_1"), std::string("default.zone"), std::string("."), std::string("-a"),
                                    std::string("a-"), std::string("us-east-1."), std::string(64, 'r')}) {
    for (const auto style : {addressing::automatic, addressing::path, addressing::virtual_host}) {
      CHECK(asked{.of = {.region = region, .style = style}}.url() == "configuration");
      const asked own{.of = {.endpoint = "http://host:81", .region = region, .style = style}};
      CHECK(own.url() == (style == addressing::virtual_host ? "http://bucket.host:81" : "http://host:81/bucket"));
      CHECK(own.resolve()->region == region);
    }
    // In the host name of acceleration there is no region.
    CHECK(asked{.of = {.region = region, .use_accelerate = true}}.url() == "https://bucket.s3-accelerate.amazonaws.com");
  }
}

TEST_CASE("aws-global is the global endpoint, and its signatures are for us-east-1", "[endpoint]") {
  const asked global{.of = {.region = "aws-global"}};
  CHECK(global.url() == "https://bucket.s3.amazonaws.com");
  CHECK(global.resolve()->region == "us-east-1");
  CHECK(asked{.of = {.region = "aws-global"}, .bucket = ""}.url() == "https://s3.amazonaws.com");
  CHECK(asked{.of = {.region = "aws-global", .use_fips = true}}.url() == "https://bucket.s3-fips.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.endpoint = "http://host", .region = "aws-global"}}.resolve()->region == "us-east-1");
}

TEST_CASE("buckets of S3 Express and Outposts are refused at AWS, and are names like others elsewhere", "[endpoint]") {
  for (const std::string bucket : {"mine--use1-az4--x-s3", "point--use1-az4--xa-s3", "point--op-s3", "UPPER--x-s3", "--x-s3"}) {
    for (const auto style : {addressing::automatic, addressing::path}) {
      const asked at_aws{.of = {.style = style}, .bucket = bucket};
      CHECK(at_aws.url() == "invalid argument");
      CHECK(at_aws.resolve().error().message.find("\"" + bucket + "\"") != std::string::npos);
      CHECK(at_aws.resolve().error().message.find("not supported yet") != std::string::npos);
    }
    CHECK(asked{.of = {.endpoint = "http://host"}, .bucket = bucket}.url() == "http://host/" + bucket);
  }
  for (const std::string bucket : {"mine-x-s3", "x-s3", "mine--x-s3-", "mine--x-s3x", "mine-s3alias", "mine--ol-s3"})
    CHECK(asked{.of = {}, .bucket = bucket}.resolve());
}

TEST_CASE("labels of host names", "[endpoint]") {
  for (const std::string_view good : {"abc", "a-b", "1bc", "123", "a--b"}) CHECK(is_dns_label(good, false));
  for (const std::string_view bad : {"", "ab", "-ab", "ab-", "aB1", "a_b", "a.b", "a b", "a\xC3\xA4"})
    CHECK_FALSE(is_dns_label(bad, false));
  CHECK(is_dns_label(std::string(63, 'a'), false));
  CHECK_FALSE(is_dns_label(std::string(64, 'a'), false));
  for (const std::string_view good : {"a.b", "a.b.c", "1.a"}) CHECK(is_dns_label(good, true));
  for (const std::string_view bad : {".ab", "ab.", "a..b", "a-.b", "a.-b", "10.0.0.1"}) CHECK_FALSE(is_dns_label(bad, true));
}

TEST_CASE("the rules are botocore's", "[endpoint][oracle]") {
  const std::string out = test::run_python_script("tests/protocol/botocore_endpoints.py");
  int compared = 0;
  detail::split(out, '\n', [&](std::string_view line) {
    if (line.empty()) return;
    const auto c = nlohmann::json::parse(line);
    asked q;
    q.bucket = c["bucket"];
    q.of.endpoint = c["endpoint"];
    q.of.region = c["region"];
    q.of.style = c["style"] == "path"           ? addressing::path
                 : c["style"] == "virtual_host" ? addressing::virtual_host
                                                : addressing::automatic;
    q.of.use_fips = c["fips"];
    q.of.use_dualstack = c["dualstack"];
    q.of.use_accelerate = c["accelerate"];
    const auto found = q.resolve();
    INFO(line);
    ++compared;
    if (c["url"].is_null() || c["service"] != "s3") {  // another service, such as S3 Express, has hosts and signatures of its own
      CHECK_FALSE(found);
      return;
    }
    std::string theirs = c["url"];
    while (theirs.ends_with('/')) theirs.pop_back();
    CHECK(q.url() == theirs);
    if (found) CHECK(found->region == c["signing_region"].get<std::string>());
  });
  CHECK(compared > 2000);
}
