// What are the parts of an ARN, and what is none?
#include <string>

#include <s3store/protocol/arn.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("what is no ARN", "[arn]") {
  for (const char* text : {"", "arn", "arn:", "bucket", "ARN:aws:s3:::b", "xarn:aws:s3:::b", "arn:aws:s3::b", "arn:aws:s3:us-east-1:1",
                           "arn::s3:us-east-1:1:b", "arn:aws::us-east-1:1:b", "arn:aws:s3:us-east-1:1:", "arn:::::"})
    CHECK_FALSE(arn::parse(text));
}

TEST_CASE("the parts of an ARN", "[arn]") {
  const auto whole = arn::parse("arn:aws-cn:s3-outposts:cn-north-1:123456789012:outpost/op-1/accesspoint:name");
  REQUIRE(whole);
  CHECK(whole->partition == "aws-cn");
  CHECK(whole->service == "s3-outposts");
  CHECK(whole->region == "cn-north-1");
  CHECK(whole->account == "123456789012");
  CHECK(whole->resource == "outpost/op-1/accesspoint:name");
  CHECK(whole->resource_part(0) == "outpost");
  CHECK(whole->resource_part(1) == "op-1");
  CHECK(whole->resource_part(2) == "accesspoint");
  CHECK(whole->resource_part(3) == "name");
  CHECK_FALSE(whole->resource_part(4));

  const auto least = arn::parse("arn:aws:s3:::b");
  REQUIRE(least);
  CHECK(least->region.empty());
  CHECK(least->account.empty());
  CHECK(least->resource_part(0) == "b");
  CHECK_FALSE(least->resource_part(1));
  const auto blank = arn::parse("arn:aws:s3::::a/");
  REQUIRE(blank);
  CHECK(blank->resource_part(0) == "");
  CHECK(blank->resource_part(1) == "a");
  CHECK(blank->resource_part(2) == "");
  CHECK_FALSE(blank->resource_part(3));
}
