// Where do requests go, and is that where botocore sends them?
#include <algorithm>
#include <cstdlib>
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
  for (const char* region : {"", "a/b", "evil.example", "a b", "us-east-1\r\n"}) {
    CHECK(asked{.of = {.region = region}}.url() == "configuration");
    CHECK(asked{.of = {.endpoint = "http://host", .region = region}}.url() == "configuration");
  }
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
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  const std::string script = std::string(source ? source : ".") + "/tests/protocol/botocore_endpoints.py";
  const std::string out = test::run_python("import runpy\nrunpy.run_path('" + script + "', run_name='__main__')\n");
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
    if (c["url"].is_null()) {
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
