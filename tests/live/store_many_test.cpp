// A bucket with 2,500 objects: every function sees each one of them, on every server.
#include <atomic>
#include <thread>

#include "support/live_store.hpp"

using namespace s3store;

namespace {

constexpr std::uint64_t many = 2500;

std::string key_of(std::uint64_t i) { return (i % 2 == 0 ? "even/" : "odd/") + std::to_string(100000 + i); }

/// From several threads: the store's functions are safe from any.
void fill(const object_store& store) {
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (int n = 0; n != 4; ++n)
    threads.emplace_back([&] {
      try {
        for (std::uint64_t i; (i = next++) < many && !failed;) store.put_object(key_of(i), "0123456789");
      } catch (...) {
        failed = true;
      }
    });
  for (auto& t : threads) t.join();
  REQUIRE_FALSE(failed);
}

}  // namespace

TEST_CASE("2,500 objects are listed, counted and deleted, each of them", "[live][store]") {
  STORE_TEST(t, store) {
    fill(store);
    const auto all = store.list_objects();
    REQUIRE(all.size() == many);
    bool sorted = true;
    for (std::size_t i = 1; i != all.size(); ++i) sorted = sorted && all[i - 1].key < all[i].key;
    CHECK(sorted);
    CHECK(store.list_objects({.prefix = "odd/"}).size() == many / 2);
    CHECK(store.list_objects({.delimiter = "/"}).common_prefixes == std::vector<std::string>{"even/", "odd/"});
    const auto some = store.list_objects({.max_keys = 1234});
    CHECK(some.size() == 1234);
    CHECK(store.list_objects({.continuation_token = some.continuation_token}).size() == many - 1234);
    const auto exactly = store.list_objects({.max_keys = many});
    CHECK(exactly.size() == many);
    CHECK(exactly.truncated() == t.is("minio"));  // whose next page is empty
    if (exactly.truncated()) CHECK(store.list_objects({.continuation_token = exactly.continuation_token}).empty());

    int pages = 0;
    const auto stats = store.get_stats([&pages](std::uint64_t, std::uint64_t) { ++pages; });
    CHECK(stats.object_count == many);
    CHECK(stats.total_size == many * 10);
    CHECK(pages == 3);
    CHECK(store.get_bucket_info().object_count == many);

    std::vector<std::string> keys;
    for (const auto& o : all) keys.push_back(o.key);
    keys.emplace_back("never/there");
    const auto done = store.delete_objects(keys);
    CHECK(done.deleted == many + 1);  // S3 does not tell which were not there
    CHECK(done.failures.empty());
    CHECK(store.list_objects().empty());
    CHECK(store.get_stats().object_count == 0);
  }
}

TEST_CASE("a bucket with 2,500 objects, and versions of them, is emptied by force", "[live][store]") {
  STORE_TEST(t, store) {
    fill(store);
    store.put_bucket_versioning();
    std::vector<std::string> keys;
    for (std::uint64_t i = 0; i != 200; ++i) keys.push_back(key_of(i));
    CHECK(store.delete_objects(keys).deleted == keys.size());  // by a delete marker each
    for (std::uint64_t i = 100; i != 200; ++i) store.put_object(key_of(i), "a new version");
    CHECK(store.list_objects().size() == many - 100);
    CHECK(live::thrown_by([&] { store.delete_bucket(); }).code == "BucketNotEmpty");
    std::uint64_t gone = 0;
    store.delete_bucket({.force = true, .progress = [&gone](std::uint64_t so_far, std::uint64_t) { gone = so_far; }});
    CHECK(gone == many + 200 + 100);
    CHECK_FALSE(store.bucket_exists());
  }
}
