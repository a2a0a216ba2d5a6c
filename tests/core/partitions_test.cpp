// Is each region in the partition that AWS says it is in?
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/core/partitions.hpp>

#include "support/python.hpp"

using namespace s3store;

TEST_CASE("regions that nobody has told us of are known by their names", "[partitions]") {
  for (const char* region : {"us-east-9", "eu-new_1-12", "mx-central-1", "aws-global"}) CHECK(partition_of(region).name == "aws");
  CHECK(partition_of("cn-new-1").name == "aws-cn");
  CHECK(partition_of("us-gov-new-1").name == "aws-us-gov");
  CHECK(partition_of("us-iso-new-1").name == "aws-iso");
  CHECK(partition_of("us-isob-new-1").name == "aws-iso-b");
  CHECK(partition_of("aws-cn-global").name == "aws-cn");
  // What is named like none is in the first.
  for (const char* region : {"", "-", "cn", "cn-", "cn-north", "cn-north-", "cn-north-1a", "cn--1", "cn-nor-th-1", "xcn-north-1", "CN-north-1", "cn-north-1\n",
                             "us-iso-", "aws-eusc-global", "mars-north-1"})
    CHECK(partition_of(region).name == "aws");
}

TEST_CASE("hosts of AWS's", "[partitions]") {
  for (const char* host : {"s3.us-east-1.amazonaws.com", "amazonaws.com", "a.amazonaws.com.cn", "x.api.aws", "s3.us-isob-east-1.sc2s.sgov.gov"})
    CHECK(is_aws_host(host));
  for (const char* host : {"", "com", "xamazonaws.com", "amazonaws.com.evil.example", "amazonaws.com.", "minio.test", "10.0.0.1", "[::1]", "aws"})
    CHECK_FALSE(is_aws_host(host));
}

TEST_CASE("the partitions are those that AWS publishes", "[partitions][oracle]") {
  const std::string out = test::run_python(R"(
import json, botocore.endpoint_provider, botocore.session
partitions = botocore.session.get_session().get_component("data_loader").load_data("partitions")
library = botocore.endpoint_provider.RuleSetStandardLibrary(partitions)
regions = {""}
for p in partitions["partitions"]:
    for region in [*p["regions"], p["outputs"]["implicitGlobalRegion"]]:
        start = region.rsplit("-", 1)[0]
        regions |= {region, start, start + "-", start + "-99", start + "-1x", start + "_x-1", start + "-x-1", start[1:] + "-1", "x" + region, region.upper(), region + "-1"}
print(json.dumps([{**library.aws_partition(region), "of": region} for region in sorted(regions)]))
print(json.dumps([p["id"] for p in partitions["partitions"]]))
)");
  const auto lines = out.find('\n');
  const auto all = nlohmann::json::parse(out.substr(0, lines));
  CHECK(all.size() > 300);
  for (const auto& theirs : all) {
    const std::string region = theirs["of"];
    const partition& ours = partition_of(region);
    INFO(region);
    CHECK(ours.name == theirs["name"].get<std::string>());
    CHECK(ours.dns_suffix == theirs["dnsSuffix"].get<std::string>());
    CHECK(ours.dual_stack_suffix == theirs["dualStackDnsSuffix"].get<std::string>());
    CHECK(ours.home_region == theirs["implicitGlobalRegion"].get<std::string>());
    CHECK(ours.supports_fips == theirs["supportsFIPS"].get<bool>());
    CHECK(ours.supports_dual_stack == theirs["supportsDualStack"].get<bool>());
  }
  std::vector<std::string> names;
  for (const partition& p : partitions) names.emplace_back(p.name);
  CHECK(names == nlohmann::json::parse(out.substr(lines)).get<std::vector<std::string>>());
}
