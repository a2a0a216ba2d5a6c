// Does boto3 find what this library wrote, under the same keys, with the same bytes and headers? And the other way round.
#include <nlohmann/json.hpp>

#include "support/live.hpp"
#include "support/python.hpp"

using namespace s3store;

namespace {

constexpr const char* program = R"PYTHON(
import base64, hashlib, json, sys
import boto3
from botocore.config import Config

job = json.load(sys.stdin)
s3 = boto3.client("s3", endpoint_url=job["endpoint"], aws_access_key_id=job["access_key"], aws_secret_access_key=job["secret_key"],
                  region_name="us-east-1", config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))
found = {}
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=job["bucket"]):
    for item in page.get("Contents", []):
        got = s3.get_object(Bucket=job["bucket"], Key=item["Key"])
        body = got["Body"].read()
        found[base64.b64encode(item["Key"].encode()).decode()] = {
            "sha256": hashlib.sha256(body).hexdigest(), "size": item["Size"], "type": got["ContentType"], "metadata": got["Metadata"]}
for key in job["write"]:
    key = base64.b64decode(key).decode()
    s3.put_object(Bucket=job["bucket"], Key=key, Body=("boto3 wrote " + key).encode(), Metadata={"by": "boto3"})
json.dump(found, sys.stdout)
)PYTHON";

}  // namespace

TEST_CASE("boto3 reads what was written, and what boto3 wrote is read", "[live][keys][oracle]") {
  LIVE_TEST(t, c) {
    if (t.is("embedded")) continue;  // boto3 drives that one in a test of its own
    live::bucket b{c};
    const std::vector<std::string> keys{"plain", "a b+c%d=e?f&g#h", "dir/caf\xc3\xa9/\xf0\x9f\x98\x80", "semi;colon:at@$,!*()", "~tilde-._", "per%20cent", "quote\"'`"};
    std::string large(6'000'000, 'x');
    for (std::size_t i = 0; i != large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 1000);
    for (const std::string& key : keys)
      live::must(c.put_object({.bucket = b, .key = key, .body = "text of " + key, .content_type = "text/x-nasty", .metadata = {{"k", "v"}}}));
    live::must(c.put_object({.bucket = b, .key = "large", .body = http::body::borrow(large), .content_type = "text/x-nasty", .metadata = {{"k", "v"}}}));

    nlohmann::json job{{"endpoint", t.set.endpoint}, {"access_key", t.access_key}, {"secret_key", t.secret_key}, {"bucket", b.name()}};
    for (const std::string& key : keys) job["write"].push_back(detail::base64(detail::as_bytes("boto3/" + key)));
    const auto found = nlohmann::json::parse(test::run_python(program, job.dump()));

    CHECK(found.size() == keys.size() + 1);
    const auto check = [&](const std::string& key, const std::string& text) {
      CAPTURE(key);
      const auto at = found.find(detail::base64(detail::as_bytes(key)));
      REQUIRE(at != found.end());
      CHECK(at->at("sha256") == crypto::sha256_hex(detail::as_bytes(text)));
      CHECK(at->at("size") == text.size());
      CHECK(at->at("type") == "text/x-nasty");
      CHECK(at->at("metadata") == nlohmann::json{{"k", "v"}});
    };
    for (const std::string& key : keys) check(key, "text of " + key);
    check("large", large);

    for (const std::string& key : keys) {
      CAPTURE(key);
      const auto got = c.get_object({.bucket = b, .key = "boto3/" + key});
      REQUIRE(got.has_value());
      CHECK(got->body == "boto3 wrote boto3/" + key);
      CHECK(got->metadata.value_or_empty("by") == "boto3");
      CHECK(got.meta().integrity == integrity::verified);
    }
  }
}
