// What an object store says when something is wrong, on every server.
#include "support/live_store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
object_store connected(object_store_settings s) {
  object_store out{std::move(s)};
  out.connect();
  return out;
}
}  // namespace

TEST_CASE("a missing key is NoSuchKey, or nothing", "[live][store]") {
  STORE_TEST(t, store) {
    const auto e = live::thrown_by([&] { store.get_object("nonexistent.json"); });
    CHECK(e.code == "NoSuchKey");
    CHECK(e.status == 404);
    CHECK(e.kind == error_kind::not_found);
    CHECK(e.key == "nonexistent.json");
    CHECK(e.bucket == store.bucket_name());
    CHECK(e.attempts == 1);
    CHECK_FALSE(store.object_exists("nonexistent.json"));
    CHECK_FALSE(store.get_object_metadata("nonexistent.json"));
  }
}

TEST_CASE("a missing bucket is NoSuchBucket, or false", "[live][store]") {
  for (const live::target& t : live::targets())
    DYNAMIC_SECTION(t.name) {
      const auto store = connected(live::store_settings(t, "s3store-no-such-bucket"));
      CHECK_FALSE(store.bucket_exists());
      CHECK(live::thrown_by([&] { store.put_object("k", "x"); }).code == "NoSuchBucket");
      CHECK(live::thrown_by([&] { store.get_object("k"); }).code == "NoSuchBucket");
      CHECK(live::thrown_by([&] { store.list_objects(); }).code == "NoSuchBucket");
      CHECK(live::thrown_by([&] { store.delete_objects({"k"}); }).code == "NoSuchBucket");
      CHECK(live::thrown_by([&] { store.get_stats(); }).code == "NoSuchBucket");
      CHECK(live::thrown_by([&] { store.delete_bucket({.force = true}); }).kind == error_kind::not_found);
      CHECK(live::thrown_by([&] { store.get_bucket_info(); }).status == 404);
      CHECK(store.health_check().code == "NoSuchBucket");
    }
}

TEST_CASE("wrong credentials are told, and not tried again", "[live][store]") {
  STORE_TEST(t, store) {
    auto s = live::store_settings(t, store.bucket_name());
    s.credentials = {t.access_key, "not-the-secret-key"};
    const auto forged = live::thrown_by([&] { connected(s).put_object("k", "x"); });
    CHECK(forged.code == "SignatureDoesNotMatch");
    CHECK(forged.status == 403);
    CHECK(forged.kind == error_kind::access_denied);
    CHECK(forged.attempts == 1);
    CHECK(forged.describe().find("not-the-secret-key") == std::string::npos);
    CHECK(live::thrown_by([&] { connected(s).object_exists("k"); }).kind == error_kind::access_denied);
    CHECK(live::thrown_by([&] { connected(s).bucket_exists(); }).status == 403);
    const auto health = connected(s).health_check();
    CHECK_FALSE(health);
    CHECK(health.code == "SignatureDoesNotMatch");
    CHECK(health.message.find("not-the-secret-key") == std::string::npos);

    s.credentials = {"nobody", "not-the-secret-key"};
    const auto unknown = live::thrown_by([&] { connected(s).list_objects(); });
    CHECK(unknown.code == (t.is("versitygw") ? "XAdminUserNotFound" : "InvalidAccessKeyId"));
    if (!t.is("versitygw")) CHECK(unknown.status == 403);
    s.credentials = {};
    CHECK(live::thrown_by([&] { connected(s).list_objects(); }).kind == error_kind::credentials);
  }
}

TEST_CASE("an endpoint that cannot be reached is told, and the health check says so at once", "[live][store]") {
  const auto store = connected({.bucket_name = "b-1", .credentials = {"id", "secret"}, .endpoint_url = "http://127.0.0.1:1", .max_retries = 1, .connect_timeout = 5s});
  const auto e = live::thrown_by([&] { store.get_object("k"); });
  CHECK(e.kind == error_kind::connect);
  CHECK(e.endpoint == "http://127.0.0.1:1");
  CHECK(e.status == 0);
  CHECK(live::thrown_by([&] { store.bucket_exists(); }).kind == error_kind::connect);
  const auto health = connected({.bucket_name = "b-1", .credentials = {"id", "secret"}, .endpoint_url = "http://127.0.0.1:1"}).health_check();
  CHECK_FALSE(health);
  CHECK(health.kind == error_kind::connect);
  CHECK(health.latency < 2s);  // with retries it would take 6
  CHECK(health.message.find("http://127.0.0.1:1") != std::string::npos);
}
