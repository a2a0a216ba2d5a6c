// Buckets: made, found, named and deleted, on every server.
#include "support/live.hpp"

using namespace s3store;

TEST_CASE("a bucket's life", "[live][buckets]") {
  LIVE_TEST(t, c) {
    const std::string name = live::unique_name("s3store-life");

    const auto before = c.head_bucket({.bucket = name});
    REQUIRE(!before);
    CHECK(before.error().kind == error_kind::not_found);
    CHECK(before.error().status == 404);
    CHECK(before.error().operation == "HeadBucket");
    CHECK(before.error().bucket == name);

    live::must(c.create_bucket({.bucket = name}));
    live::must(c.head_bucket({.bucket = name}));
    live::must(c.wait_until_bucket_exists({.bucket = name}));

    bool listed = false;
    for (const auto& b : live::must(c.list_buckets({})).buckets)
      if (b.name == name) {
        listed = true;
        CHECK(b.creation_date.has_value());
      }
    CHECK(listed);

    // us-east-1 is written as an empty constraint
    CHECK(live::must(c.get_bucket_location({.bucket = name})).location_constraint.empty());

    const auto again = c.create_bucket({.bucket = name});
    if (t.is("embedded")) {
      CHECK(again);  // as AWS in us-east-1
    } else {
      REQUIRE(!again);
      CHECK(again.error().kind == error_kind::conflict);
      CHECK(again.error().code == "BucketAlreadyOwnedByYou");
    }

    live::must(c.put_object({.bucket = name, .key = "k", .body = "x"}));
    const auto full = c.delete_bucket({.bucket = name});
    REQUIRE(!full);
    CHECK(full.error().code == "BucketNotEmpty");

    live::must(c.delete_object({.bucket = name, .key = "k"}));
    live::must(c.delete_bucket({.bucket = name}));
    live::must(c.wait_until_bucket_not_exists({.bucket = name}));
    const auto gone = c.delete_bucket({.bucket = name});
    REQUIRE(!gone);
    CHECK(gone.error().code == "NoSuchBucket");
    CHECK(gone.error().kind == error_kind::not_found);
  }
}

TEST_CASE("requests with wrong credentials are refused", "[live][buckets]") {
  LIVE_TEST(t, c) {
    const auto stranger = t.connect(t.set, "nobody", "wrong-secret-key");
    const auto unknown = stranger.list_buckets({});
    REQUIRE(!unknown);
    if (t.is("versitygw")) {
      CHECK(unknown.error().code == "XAdminUserNotFound");
    } else {
      CHECK(unknown.error().code == "InvalidAccessKeyId");
      CHECK(unknown.error().kind == error_kind::access_denied);
    }

    const auto forger = t.connect(t.set, t.access_key, "wrong-secret-key");
    const auto forged = forger.list_buckets({});
    REQUIRE(!forged);
    CHECK(forged.error().code == "SignatureDoesNotMatch");
    CHECK(forged.error().attempts == 1);
    CHECK(forged.error().describe().find("wrong-secret-key") == std::string::npos);
  }
}
