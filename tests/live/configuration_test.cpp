// What is set on buckets and objects, on the servers that have it.
#include "support/live.hpp"

#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/versioning.hpp>

using namespace s3store;

TEST_CASE("tags of buckets and objects", "[live][configuration]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const types::tagging tags{.tag_set = {{"team", "blue + green@x"}, {"stage", "a b"}}};
    live::must(c.put_bucket_tagging({.bucket = b, .tagging = tags}));
    auto got = live::must(c.get_bucket_tagging({.bucket = b})).tag_set;
    REQUIRE(got.size() == 2);
    if (got[0].key != "team") std::swap(got[0], got[1]);  // in no order that anybody promised
    CHECK(got[0].key == "team");
    CHECK(got[0].value == "blue + green@x");
    CHECK(got[1].value == "a b");
    live::must(c.delete_bucket_tagging({.bucket = b}));
    const auto none = c.get_bucket_tagging({.bucket = b});
    REQUIRE(!none);
    CHECK(none.error().code == "NoSuchTagSet");

    live::must(c.put_object({.bucket = b, .key = "k", .body = "x"}));
    live::must(c.put_object_tagging({.bucket = b, .key = "k", .tagging = tags}));
    CHECK(live::must(c.get_object_tagging({.bucket = b, .key = "k"})).tag_set.size() == 2);
    live::must(c.delete_object_tagging({.bucket = b, .key = "k"}));
    CHECK(live::must(c.get_object_tagging({.bucket = b, .key = "k"})).tag_set.empty());
  }
}

TEST_CASE("a bucket's policy comes back as text", "[live][configuration]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const std::string policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::)" +
                               b.name() + R"(/*"}]})";
    const auto absent = c.get_bucket_policy({.bucket = b});
    REQUIRE(!absent);
    CHECK(absent.error().code == "NoSuchBucketPolicy");
    live::must(c.put_bucket_policy({.bucket = b, .policy = policy}));
    CHECK(live::must(c.get_bucket_policy({.bucket = b})).policy.find("s3:GetObject") != std::string::npos);
    const auto wrong = c.put_bucket_policy({.bucket = b, .policy = "{"});
    REQUIRE(!wrong);
    CHECK(wrong.error().code == "MalformedPolicy");
    live::must(c.delete_bucket_policy({.bucket = b}));
    CHECK(!c.get_bucket_policy({.bucket = b}));
  }
}

TEST_CASE("lifecycle rules and default encryption", "[live][configuration]") {
  LIVE_TEST(t, c) {
    if (t.is("versitygw")) continue;
    live::bucket b{c};
    live::must(c.put_bucket_lifecycle_configuration(
        {.bucket = b,
         .lifecycle_configuration = types::bucket_lifecycle_configuration{
             .rules = {{.expiration = types::lifecycle_expiration{.days = 30},
                        .id = "tmp",
                        .filter = types::lifecycle_rule_filter{.prefix = "tmp/"},
                        .status = types::expiration_status::enabled}}}}));
    const auto rules = live::must(c.get_bucket_lifecycle_configuration({.bucket = b})).rules;
    REQUIRE(rules.size() == 1);
    CHECK(rules[0].id == "tmp");
    REQUIRE(rules[0].expiration.has_value());
    CHECK(rules[0].expiration->days == 30);
    live::must(c.delete_bucket_lifecycle({.bucket = b}));
    const auto none = c.get_bucket_lifecycle_configuration({.bucket = b});
    REQUIRE(!none);
    CHECK(none.error().code == "NoSuchLifecycleConfiguration");

    live::must(c.put_bucket_encryption(
        {.bucket = b,
         .server_side_encryption_configuration = {
             .rules = {{.apply_server_side_encryption_by_default =
                            types::server_side_encryption_by_default{.sse_algorithm = types::server_side_encryption{types::server_side_encryption::aes256}}}}}}));
    CHECK(live::must(c.get_bucket_encryption({.bucket = b})).server_side_encryption_configuration.has_value());
    live::must(c.put_object({.bucket = b, .key = "k", .body = "x"}));
    CHECK(live::must(c.head_object({.bucket = b, .key = "k"})).server_side_encryption == types::server_side_encryption::aes256);
  }
}
