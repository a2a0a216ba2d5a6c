// The store as a program finds it: made from an environment, in this process. And what goes wrong.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include <s3store/store/init_objectstore.hpp>

#include "support/python.hpp"
#include "support/store.hpp"

using namespace s3store;

namespace {
const environment in_process{{"S3_BUCKET_NAME", "notes"}, {"OBJECTSTORE_BACKEND", "embedded"}};

object_store connected(object_store s) {
  s.connect();
  return s;
}
}  // namespace

TEST_CASE("a store that cannot be made says why", "[store][init]") {
  CHECK(test::thrown_by([] { init_objectstore(environment{}); }).message.find("S3_BUCKET_NAME") != std::string::npos);
  CHECK(test::thrown_by([] { init_objectstore(environment{{"S3_BUCKET_NAME", "b-1"}, {"S3_SIGNATURE_VERSION", "s3"}}); }).message.find("s3v4") != std::string::npos);
  CHECK(test::thrown_by([] { init_objectstore(object_store_settings{}); }).message.find("S3_BUCKET_NAME") != std::string::npos);
  const test::temporary_file file;
  CHECK(test::thrown_by([&file] {
          init_objectstore(environment{{"S3_BUCKET_NAME", "b-1"}, {"OBJECTSTORE_BACKEND", "embedded"}, {"OBJECTSTORE_EMBEDDED_ROOT", file.path() + "/below-a-file"}});
        }).kind == error_kind::io);
}

TEST_CASE("a struct names the backend, too", "[store][init]") {
  CHECK(init_objectstore({.bucket_name = "b-1", .backend = store_backend::embedded}).backend() == store_backend::embedded);
}

TEST_CASE("a store does nothing until it is connected, and again after it was", "[store][init]") {
  object_store store = init_objectstore(in_process);
  CHECK(store.bucket_name() == "notes");
  CHECK(store.backend() == store_backend::embedded);
  CHECK_FALSE(store.connected());
  for (int round = 0; round != 2; ++round) {
    const auto e = test::thrown_by([&] { store.list_objects(); });
    CHECK(e.kind == error_kind::configuration);
    CHECK(e.message.find("call connect() first") != std::string::npos);
    CHECK_FALSE(store.health_check());
    store.connect();
    store.connect();
    CHECK(store.connected());
    CHECK(store.create_bucket_if_not_exists() == (round == 0));  // what is in the embedded S3 stays
    object_store moved = std::move(store);
    CHECK(moved.bucket_exists());
    store = std::move(moved);
    store.disconnect();
    CHECK_FALSE(store.connected());
  }
}

TEST_CASE("a store over a client is connected, once", "[store][init]") {
  test::scripted_store f;
  f.server.answer(404);
  basic_object_store<test::still_policies> store{client_for<test::still_policies>({.credentials = {"id", "secret"}, .endpoint_url = "http://s3.test", .transport = backend_transport{f.server}}), "b-2"};
  CHECK(store.connected());
  CHECK(store.bucket_name() == "b-2");
  CHECK_FALSE(store.object_exists("k"));
  CHECK(f.server.sent().at(0).url == "http://s3.test/b-2/k");
  store.connect();
  store.disconnect();
  CHECK(test::thrown_by([&] { store.connect(); }).message.find("over a client") != std::string::npos);
}

TEST_CASE("the example of the README runs in this process", "[store][init]") {
  auto store = init_objectstore(in_process);
  store.connect();
  create_bucket_if_not_exists(store);
  const auto put = store.put_object("notes/today.json", R"({"a": 1})", {.content_type = "application/json", .metadata = {{"author", "ann"}}});
  CHECK(put.etag.size() == 34);
  CHECK(store.get_object("notes/today.json") == R"({"a": 1})");
  CHECK(store.get_object("notes/today.json", {.byte_range = {{1, 3}}}) == R"("a")");
  const auto about = store.get_object_metadata("notes/today.json");
  REQUIRE(about);
  CHECK(about->content_type == "application/json");
  CHECK(about->metadata.get("author") == "ann");
  store.copy_object("notes/today.json", "archive/today.json", {.metadata = {{"archived", "true"}}});
  CHECK(store.get_object_metadata("archive/today.json")->metadata.get("archived") == "true");
  CHECK(store.list_objects({.prefix = "notes/"}).size() == 1);
  CHECK(store.list_objects({.delimiter = "/"}).common_prefixes.size() == 2);
  const auto stats = store.get_stats();
  CHECK(stats.backend == "embedded");
  CHECK(stats.object_count == 2);
  CHECK(stats.total_size == 16);
  CHECK(store.get_bucket_info().creation_date);
  CHECK(store.health_check());
  CHECK(store.delete_objects({"notes/today.json", "archive/today.json"}).deleted == 2);
  store.delete_bucket();
  CHECK(store.health_check().code == "NoSuchBucket");
  store.disconnect();
}

TEST_CASE("each error has S3's code", "[store][init]") {
  const auto store = connected(init_objectstore(in_process));
  CHECK(test::thrown_by([&] { store.put_object("k", "x"); }).code == "NoSuchBucket");
  CHECK(test::thrown_by([&] { store.list_objects(); }).code == "NoSuchBucket");
  store.create_bucket();
  const auto missing = test::thrown_by([&] { store.get_object("nonexistent.json"); });
  CHECK(missing.code == "NoSuchKey");
  CHECK(missing.status == 404);
  CHECK(missing.attempts == 1);

  const auto server = embedded_s3{};
  const object_store_settings s{.bucket_name = "notes", .endpoint_url = "http://s3.embedded", .transport = backend_transport{embedded_transport{server}}};
  auto wrong = s, unknown = s;
  wrong.credentials = {"embedded", "not-the-secret"};
  unknown.credentials = {"nobody", "embedded-secret"};
  CHECK(test::thrown_by([&] { connected(object_store{wrong}).list_objects(); }).code == "SignatureDoesNotMatch");
  const auto e = test::thrown_by([&] { connected(object_store{unknown}).list_objects(); });
  CHECK(e.code == "InvalidAccessKeyId");
  CHECK(e.kind == error_kind::access_denied);
  CHECK(e.describe().find("embedded-secret") == std::string::npos);
  const auto health = connected(object_store{wrong}).health_check();
  CHECK(health.code == "SignatureDoesNotMatch");
  CHECK(health.status == 403);
}

TEST_CASE("an embedded store with a root outlives its program", "[store][init]") {
  std::string root = "/tmp/s3store-test-XXXXXX";
  REQUIRE(::mkdtemp(root.data()));
  auto variables = in_process;
  variables.set("OBJECTSTORE_EMBEDDED_ROOT", root + "/store");
  {
    const auto store = connected(init_objectstore(variables));
    store.create_bucket();
    store.put_object("k", "kept");
  }
  const auto store = connected(init_objectstore(variables));
  CHECK(store.get_object("k") == "kept");
  store.delete_bucket({.force = true});
  REQUIRE(std::system(("rm -r " + root).c_str()) == 0);
}
