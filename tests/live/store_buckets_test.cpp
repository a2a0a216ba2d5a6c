// The object store and its bucket: made, told about, emptied and deleted, on every server.
#include "support/live_store.hpp"

using namespace s3store;

TEST_CASE("a store's bucket from its making to its end", "[live][store]") {
  for (const live::target& t : live::targets())
    DYNAMIC_SECTION(t.name) {
      const live::own_store store{t};
      CHECK_FALSE(store.bucket_exists());
      CHECK(create_bucket_if_not_exists(store));
      CHECK_FALSE(store.create_bucket_if_not_exists());
      CHECK(store.bucket_exists());
      if (t.is("embedded")) {
        CHECK_NOTHROW(store.create_bucket());  // as AWS in us-east-1
      } else {
        CHECK(live::thrown_by([&] { store.create_bucket(); }).code == "BucketAlreadyOwnedByYou");
      }

      for (const char* key : {"a/1", "a/2", "b"}) store.put_object(key, "0123456789");
      const auto info = store.get_bucket_info();
      CHECK(info.name == store.bucket_name());
      CHECK(info.region == "us-east-1");
      CHECK(info.object_count == 3);
      REQUIRE(info.creation_date);
      const auto age = std::chrono::system_clock::now() - *info.creation_date;
      CHECK((age > std::chrono::hours{-1} && age < std::chrono::hours{1}));

      const auto stats = store.get_stats();
      CHECK(stats.backend == "s3");
      CHECK(stats.bucket == store.bucket_name());
      CHECK(stats.region == "us-east-1");
      CHECK(stats.object_count == 3);
      CHECK(stats.total_size == 30);
      CHECK(store.get_stats({}, "a/").object_count == 2);

      const auto health = store.health_check();
      INFO(health.message);
      CHECK(health);
      CHECK((health.latency > duration::zero() && health.latency < std::chrono::seconds{30}));

      CHECK(live::thrown_by([&] { store.delete_bucket(); }).code == "BucketNotEmpty");
      CHECK(store.bucket_exists());
      store.delete_bucket({.force = true});
      CHECK_FALSE(store.bucket_exists());
      CHECK(live::thrown_by([&] { store.delete_bucket(); }).code == "NoSuchBucket");
      const auto gone = store.health_check();
      CHECK_FALSE(gone);
      CHECK(gone.code == "NoSuchBucket");
    }
}

TEST_CASE("versions, delete markers and open uploads go by force", "[live][store]") {
  STORE_TEST(t, store) {
    store.put_bucket_versioning();
    CHECK(store.get_bucket_versioning() == types::bucket_versioning_status::enabled);
    for (const char* key : {"a", "b", "key with spaces & +", "\xc3\xa9"})
      for (const char* content : {"one", "two", "three"}) store.put_object(key, content);
    const auto marked = store.delete_object("a");
    CHECK(marked.delete_marker == true);
    CHECK_FALSE(store.object_exists("a"));
    for (const char* key : {"open/1", "open/2", "b"}) live::must(store.client().create_multipart_upload({.bucket = store.bucket_name(), .key = key}));

    std::uint64_t told = 0;
    store.delete_bucket({.force = true, .progress = [&told](std::uint64_t gone, std::uint64_t) { told = gone; }});
    CHECK(told == 13);
    CHECK_FALSE(store.bucket_exists());
  }
}
