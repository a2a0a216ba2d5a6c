// The settings of a bucket that a production checklist names, one call each, on every server. What a server lacks it says in ways of its own.
#include <algorithm>

#include "support/live_store.hpp"

using namespace s3store;

namespace {
/// What a server says to a call that it does not have.
template <class F>
std::string refusal(F&& f) {
  return live::thrown_by(f).code;
}

/// (versitygw's rule for no default is an empty one.)
bool has_default(const types::object_lock_configuration& lock) {
  return lock.rule && lock.rule->default_retention && !lock.rule->default_retention->mode.empty();
}
}  // namespace

TEST_CASE("encryption at rest", "[live][store]") {
  STORE_TEST(t, store) {
    if (t.is("versitygw")) {
      CHECK(refusal([&] { store.put_bucket_encryption(); }) == "NotImplemented");
      CHECK(refusal([&] { store.get_bucket_encryption(); }) == "NotImplemented");
      continue;
    }
    const auto unset = [&] { return store.get_bucket_encryption().has_value() == t.is("embedded"); };  // which encrypts anyway, as AWS does
    CHECK(unset());
    store.put_bucket_encryption();
    REQUIRE(store.get_bucket_encryption());
    CHECK(store.get_bucket_encryption()->sse_algorithm == types::server_side_encryption::aes256);
    store.put_object("k", "x");
    CHECK(store.get_object("k") == "x");
    store.delete_bucket_encryption();
    CHECK(unset());
  }
}

TEST_CASE("versioning", "[live][store]") {
  STORE_TEST(t, store) {
    CHECK(store.get_bucket_versioning().empty());
    store.put_bucket_versioning();
    CHECK(store.get_bucket_versioning() == types::bucket_versioning_status::enabled);
    store.put_bucket_versioning(false);
    CHECK(store.get_bucket_versioning() == types::bucket_versioning_status::suspended);
  }
}

TEST_CASE("lifecycle rules", "[live][store]") {
  STORE_TEST(t, store) {
    if (t.is("versitygw")) {
      CHECK(refusal([&] { store.put_bucket_lifecycle({{.status = types::expiration_status::enabled}}); }) == "NotImplemented");
      CHECK(refusal([&] { store.get_bucket_lifecycle(); }) == "NotImplemented");
      continue;
    }
    CHECK(store.get_bucket_lifecycle().empty());
    store.put_bucket_lifecycle({{.expiration = types::lifecycle_expiration{.days = 30},
                                 .id = "tmp",
                                 .filter = types::lifecycle_rule_filter{.prefix = "tmp/"},
                                 .status = types::expiration_status::enabled}});
    const auto rules = store.get_bucket_lifecycle();
    REQUIRE(rules.size() == 1);
    CHECK(rules[0].id == "tmp");
    CHECK(rules[0].expiration->days == 30);
    store.delete_bucket_lifecycle();
    CHECK(store.get_bucket_lifecycle().empty());
  }
}

TEST_CASE("CORS", "[live][store]") {
  STORE_TEST(t, store) {
    const auto put = [&] { store.put_bucket_cors({{.allowed_headers = {"*"}, .allowed_methods = {"GET", "PUT"}, .allowed_origins = {"https://app.example"}}}); };
    CHECK(store.get_bucket_cors().empty());
    if (t.is("minio")) {
      CHECK(refusal(put) == "NotImplemented");
      continue;
    }
    put();
    const auto rules = store.get_bucket_cors();
    REQUIRE(rules.size() == 1);
    CHECK(rules[0].allowed_methods == std::vector<std::string>{"GET", "PUT"});
    CHECK(rules[0].allowed_origins == std::vector<std::string>{"https://app.example"});
    store.delete_bucket_cors();
    CHECK(store.get_bucket_cors().empty());
  }
}

TEST_CASE("access logs", "[live][store]") {
  STORE_TEST(t, store) {
    if (t.is("minio")) {
      CHECK(refusal([&] { store.put_bucket_logging(store.bucket_name()); }) == "MalformedXML");  // CreateBucket to it
      CHECK_FALSE(store.get_bucket_logging());
      continue;
    }
    if (t.is("versitygw")) {
      CHECK(refusal([&] { store.put_bucket_logging(store.bucket_name()); }) == "NotImplemented");
      CHECK(refusal([&] { store.get_bucket_logging(); }) == "NotImplemented");
      continue;
    }
    const live::own_store logs{t, create_bucket_request{}};
    CHECK_FALSE(store.get_bucket_logging());
    store.put_bucket_logging(logs.bucket_name(), "of-store/");
    REQUIRE(store.get_bucket_logging());
    CHECK(store.get_bucket_logging()->target_bucket == logs.bucket_name());
    CHECK(store.get_bucket_logging()->target_prefix == "of-store/");
    store.delete_bucket_logging();
    CHECK_FALSE(store.get_bucket_logging());
  }
}

TEST_CASE("a policy", "[live][store]") {
  STORE_TEST(t, store) {
    CHECK_FALSE(store.get_bucket_policy());
    store.put_bucket_policy(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::)" +
                            store.bucket_name() + R"(/public/*"}]})");
    REQUIRE(store.get_bucket_policy());
    CHECK(store.get_bucket_policy()->find("s3:GetObject") != std::string::npos);
    CHECK(live::thrown_by([&] { store.put_bucket_policy("{"); }).code == "MalformedPolicy");
    store.delete_bucket_policy();
    CHECK_FALSE(store.get_bucket_policy());
  }
}

TEST_CASE("a block on public access", "[live][store]") {
  STORE_TEST(t, store) {
    if (!t.is("embedded")) {
      CHECK(refusal([&] { store.put_public_access_block(); }) == (t.is("minio") ? "MalformedXML" : "NotImplemented"));  // CreateBucket to MinIO
      CHECK(refusal([&] { store.get_public_access_block(); }) == "NotImplemented");
      continue;
    }
    CHECK_FALSE(store.get_public_access_block());
    store.put_public_access_block();
    const auto block = store.get_public_access_block();
    REQUIRE(block);
    CHECK(block->block_public_acls == true);
    CHECK(block->restrict_public_buckets == true);
    store.delete_public_access_block();
    CHECK_FALSE(store.get_public_access_block());
  }
}

TEST_CASE("tags", "[live][store]") {
  STORE_TEST(t, store) {
    CHECK(store.get_bucket_tagging().empty());
    store.put_bucket_tagging({{"team", "blue + green@x"}, {"stage", "a b"}});
    auto tags = store.get_bucket_tagging();
    REQUIRE(tags.size() == 2);
    std::sort(tags.begin(), tags.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    CHECK(tags[1].key == "team");
    CHECK(tags[1].value == "blue + green@x");
    store.delete_bucket_tagging();
    CHECK(store.get_bucket_tagging().empty());
  }
}

TEST_CASE("object lock", "[live][store]") {
  for (const live::target& t : live::targets())
    DYNAMIC_SECTION(t.name) {
      const live::own_store plain{t, create_bucket_request{}};
      CHECK_FALSE(plain.get_object_lock());
      CHECK(live::thrown_by([&] { plain.put_object_lock(); }).code == "InvalidBucketState");

      const live::own_store store{t, {.object_lock_enabled_for_bucket = true}};
      REQUIRE(store.get_object_lock());
      CHECK_FALSE(has_default(*store.get_object_lock()));
      store.put_object_lock(types::object_lock_retention_mode::governance, std::chrono::days{3});
      const auto lock = store.get_object_lock();
      REQUIRE(lock);
      REQUIRE(has_default(*lock));
      CHECK(lock->rule->default_retention->days == 3);
      CHECK(lock->rule->default_retention->mode == types::object_lock_retention_mode::governance);

      const auto kept = store.put_object("k", "kept");
      REQUIRE(!kept.version_id.empty());
      const auto refused = store.delete_object_versions({{.key = "k", .version_id = kept.version_id}});
      CHECK(refused.deleted == 0);
      REQUIRE(refused.failures.size() == 1);
      CHECK(refused.failures[0].key == "k");
      CHECK(refused.failures[0].version_id == kept.version_id);
      const auto e = live::thrown_by([&] { store.delete_bucket({.force = true}); });
      CHECK(e.code == refused.failures[0].code);
      CHECK(e.key == "k");
      CHECK(store.get_object("k", {.object = {.version_id = kept.version_id}}) == "kept");
      store.delete_bucket({.force = true, .bypass_governance_retention = true});
      CHECK_FALSE(store.bucket_exists());
    }
}
