// Where do requests go, and is that where botocore sends them?
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include <s3store/protocol/endpoint_rules.hpp>

#include "support/python.hpp"

using namespace s3store;

namespace {

struct asked {
  settings of{};
  std::string bucket{"bucket"};
  operation_spec operation{.name = "GetObject", .uri = "/{Bucket}/{Key+}"};

  result<endpoint> resolve() const {
    std::optional<http::url> custom;
    if (!of.endpoint.empty()) custom = http::parse_url(of.endpoint).value();
    return standard_endpoint_rules{}.resolve(
        {.of = of, .custom = custom ? &*custom : nullptr, .bucket = bucket, .operation = &operation, .region = of.region});
  }
  std::string url() const {
    const auto found = resolve();
    return found ? found->origin() + found->path : std::string(to_string(found.error().kind));
  }
};

std::string_view name_of(signing_scheme s) {
  switch (s) {
    case signing_scheme::sigv4: return "sigv4";
    case signing_scheme::sigv4a: return "sigv4a";
    case signing_scheme::sigv4_s3express: return "sigv4-s3express";
  }
  return "";
}

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

TEST_CASE("where there is no bucket, neither acceleration nor a directory changes the host", "[endpoint]") {
  for (const char* name : {"CreateBucket", "DeleteBucket"}) {
    const asked plain{.of = {.use_accelerate = true}, .operation = {.name = name, .uri = "/{Bucket}"}};
    CHECK(plain.url() == "https://bucket.s3.us-east-1.amazonaws.com");
    // So they can have what acceleration cannot.
    CHECK(asked{.of = {.style = addressing::path, .use_accelerate = true}, .operation = plain.operation}.url() ==
          "https://s3.us-east-1.amazonaws.com/bucket");
    CHECK(asked{.of = {.use_accelerate = true}, .bucket = "a--use1-az4--x-s3", .operation = plain.operation}.url() ==
          "https://s3express-control.us-east-1.amazonaws.com/a--use1-az4--x-s3");
  }
  CHECK(asked{.of = {.use_accelerate = true}, .bucket = "", .operation = {.name = "ListBuckets", .uri = "/"}}.url() ==
        "https://s3.us-east-1.amazonaws.com");
  CHECK(asked{.of = {}, .bucket = "", .operation = {.name = "ListDirectoryBuckets", .uri = "/"}}.url() ==
        "https://s3express-control.us-east-1.amazonaws.com");
}

TEST_CASE("us-east-1 has a global endpoint, for those who want it", "[endpoint]") {
  CHECK(asked{.of = {.use_global_endpoint = true}}.url() == "https://bucket.s3.amazonaws.com");
  CHECK(asked{.of = {.region = "us-west-2", .use_global_endpoint = true}}.url() == "https://bucket.s3.us-west-2.amazonaws.com");
  CHECK(asked{.of = {.use_dualstack = true, .use_global_endpoint = true}}.url() == "https://bucket.s3.dualstack.us-east-1.amazonaws.com");
  CHECK(asked{.of = {.endpoint = "http://host", .use_global_endpoint = true}}.url() == "http://host/bucket");
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
  int found = 0, refused = 0;
  detail::split(out, '\n', [&](std::string_view line) {
    if (line.empty()) return;
    const auto c = nlohmann::json::parse(line);
    INFO(line);
    if (c.contains("ends")) {
      // Three refusals are not come to: of an endpoint that is no URL, of no region, and of a region of another store's in front of whose
      // host the bucket goes.
      CHECK(c["reached"].get<int>() >= c["ends"].get<int>() - 3);
      return;
    }
    const std::string name = c["operation"], uri = c["uri"], service = c["of"];
    asked q{.bucket = c["bucket"], .operation = {.name = name, .uri = uri, .service = service}};
    q.of.endpoint = c["endpoint"];
    q.of.region = c["region"];
    q.of.style = c["style"] == "path"           ? addressing::path
                 : c["style"] == "virtual_host" ? addressing::virtual_host
                                                : addressing::automatic;
    q.of.use_fips = c["fips"];
    q.of.use_dualstack = c["dualstack"];
    q.of.use_accelerate = c["accelerate"];
    q.of.use_global_endpoint = c["global"];
    q.of.use_arn_region = c["arn_region"];
    q.of.disable_multiregion_access_points = c["no_mrap"];
    q.of.disable_express_session_auth = c["no_sessions"];
    const auto ours = q.resolve();
    if (c["url"].is_null()) {
      ++refused;
      REQUIRE_FALSE(ours);
      CHECK((ours.error().kind == error_kind::configuration || ours.error().kind == error_kind::invalid_argument));
      return;
    }
    ++found;
    std::string theirs = c["url"];
    while (theirs.ends_with('/')) theirs.pop_back();
    CHECK(q.url() == theirs);
    if (!ours) return;
    CHECK(ours->region == c["signing_region"].get<std::string>());
    CHECK(ours->service == c["service"].get<std::string>());
    CHECK(name_of(ours->scheme) == c["scheme"].get<std::string>());
    CHECK(ours->accepts_sigv4a == !c["more"].empty());
  });
  CHECK(found > 5000);
  CHECK(refused > 5000);
}
