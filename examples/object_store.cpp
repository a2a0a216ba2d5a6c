// The object store in one page: keeps a note, reads it back, lists, copies, shares and deletes it.
//
//   object_store
//
// It needs no environment: the S3 is the one that the library embeds, in this process. Take the two variables out of the program and set
// S3_BUCKET_NAME (and S3_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …) for a real one; see s3store/store/store_settings.hpp.
#include <s3store/store/init_objectstore.hpp>

#include <chrono>
#include <cstdio>
#include <string>

int main() try {
  auto store = s3store::init_objectstore(s3store::environment{{"S3_BUCKET_NAME", "notes"}, {"OBJECTSTORE_BACKEND", "embedded"}});
  store.connect();
  store.create_bucket_if_not_exists();

  const auto put = store.put_object("2026/today.json", R"({"weather": "fine"})", {.content_type = "application/json", .metadata = {{"author", "ann"}}});
  std::printf("stored %s, ETag %s\n", put.key.c_str(), put.etag.c_str());
  std::printf("whole:       %s\n", store.get_object("2026/today.json").c_str());
  std::printf("bytes 2-8:   %s\n", store.get_object("2026/today.json", {.byte_range = {{2, 8}}}).c_str());

  store.copy_object("2026/today.json", "archive/today.json", {.content_type = "application/json", .metadata = {{"archived", "true"}}});
  for (const auto& o : store.list_objects())
    std::printf("%6llu bytes  %s\n", static_cast<unsigned long long>(o.size), o.key.c_str());
  if (const auto about = store.get_object_metadata("archive/today.json"))
    for (const auto& [name, value] : about->metadata) std::printf("%s: %s\n", std::string(name).c_str(), std::string(value).c_str());

  const auto link = store.generate_presigned_url("2026/today.json", std::chrono::hours{1});
  std::printf("for an hour: %s\n", link.url.c_str());

  try {
    static_cast<void>(store.get_object("gone.json"));
  } catch (const s3store::s3_error& e) {
    std::printf("gone.json:   %s, status %d\n", e.code().c_str(), e.status());
  }

  const auto stats = store.get_stats();
  std::printf("%llu objects, %llu bytes, in bucket %s of the %s backend\n", static_cast<unsigned long long>(stats.object_count),
              static_cast<unsigned long long>(stats.total_size), stats.bucket.c_str(), stats.backend.c_str());
  std::printf("deleted %llu\n", static_cast<unsigned long long>(store.delete_objects({"2026/today.json", "archive/today.json"}).deleted));
  store.delete_bucket();
  if (const auto health = store.health_check(); !health) std::printf("and now:     %s\n", health.message.c_str());
} catch (const std::exception& e) {
  return std::fprintf(stderr, "object_store: %s\n", e.what()), 1;
}
