// What is sent and read for each setting of a bucket; the live tests show that servers take it.
#include <string>

#include "support/store.hpp"

using namespace s3store;

namespace {
std::string error_body(std::string_view code) { return "<Error><Code>" + std::string(code) + "</Code><Message>no</Message></Error>"; }
}  // namespace

TEST_CASE("what is not set is nothing, and a bucket that is not there is an error", "[store][settings]") {
  test::scripted_store f;
  const auto check = [&f](std::string_view code, auto ask) {
    f.server.answer(404, {}, error_body(code));
    CHECK(ask());
    f.server.answer(404, {}, error_body("NoSuchBucket"));
    CHECK(test::thrown_by(ask).code == "NoSuchBucket");
    f.server.answer(403, {}, error_body("AccessDenied"));
    CHECK(test::thrown_by(ask).code == "AccessDenied");
  };
  check("ServerSideEncryptionConfigurationNotFoundError", [&] { return !f.store.get_bucket_encryption(); });
  check("NoSuchLifecycleConfiguration", [&] { return f.store.get_bucket_lifecycle().empty(); });
  check("NoSuchCORSConfiguration", [&] { return f.store.get_bucket_cors().empty(); });
  check("NoSuchBucketPolicy", [&] { return !f.store.get_bucket_policy(); });
  check("NoSuchPublicAccessBlockConfiguration", [&] { return !f.store.get_public_access_block(); });
  check("NoSuchTagSet", [&] { return f.store.get_bucket_tagging().empty(); });
  check("ObjectLockConfigurationNotFoundError", [&] { return !f.store.get_object_lock(); });
  f.server.answer(200, {}, "<VersioningConfiguration/>").answer(200, {}, "<VersioningConfiguration><Status></Status></VersioningConfiguration>").answer(200, {}, "<BucketLoggingStatus/>");
  CHECK(f.store.get_bucket_versioning().empty());
  CHECK(f.store.get_bucket_versioning().empty());
  CHECK_FALSE(f.store.get_bucket_logging());
}

TEST_CASE("each setting is one call", "[store][settings]") {
  test::scripted_store f;
  const auto sent_by = [&f](auto call, int status = 200) {
    f.server.answer(status);
    call();
    const auto r = f.server.sent().back();
    return std::string(to_string(r.verb)) + " " + r.url.substr(std::string_view{"http://s3.test/b-1"}.size()) + " " + r.body;
  };
  const auto has = [](const std::string& sent, std::string_view start, std::string_view part) {
    INFO(sent);
    CHECK(sent.starts_with(start));
    CHECK(sent.find(part) != std::string::npos);
  };
  has(sent_by([&] { f.store.put_bucket_encryption(); }), "PUT ?encryption", "<SSEAlgorithm>AES256</SSEAlgorithm>");
  has(sent_by([&] { f.store.put_bucket_encryption(types::server_side_encryption::aws_kms, "key-1"); }), "PUT ?encryption", "<KMSMasterKeyID>key-1</KMSMasterKeyID>");
  has(sent_by([&] { f.store.delete_bucket_encryption(); }, 204), "DELETE ?encryption", "");
  has(sent_by([&] { f.store.put_bucket_versioning(); }), "PUT ?versioning", "<Status>Enabled</Status>");
  has(sent_by([&] { f.store.put_bucket_versioning(false); }), "PUT ?versioning", "<Status>Suspended</Status>");
  has(sent_by([&] {
        f.store.put_bucket_lifecycle({{.expiration = types::lifecycle_expiration{.days = 30},
                                       .filter = types::lifecycle_rule_filter{.prefix = "tmp/"},
                                       .status = types::expiration_status::enabled}});
      }),
      "PUT ?lifecycle", "<Days>30</Days>");
  has(sent_by([&] { f.store.delete_bucket_lifecycle(); }, 204), "DELETE ?lifecycle", "");
  has(sent_by([&] { f.store.put_bucket_cors({{.allowed_methods = {"GET", "PUT"}, .allowed_origins = {"https://app.example"}}}); }), "PUT ?cors",
      "<AllowedMethod>PUT</AllowedMethod>");
  has(sent_by([&] { f.store.delete_bucket_cors(); }, 204), "DELETE ?cors", "");
  has(sent_by([&] { f.store.put_bucket_logging("logs", "b-1/"); }), "PUT ?logging", "<TargetBucket>logs</TargetBucket>");
  has(sent_by([&] { f.store.delete_bucket_logging(); }), "PUT ?logging", "<BucketLoggingStatus");
  has(sent_by([&] { f.store.put_bucket_policy("{}"); }), "PUT ?policy {}", "");
  has(sent_by([&] { f.store.delete_bucket_policy(); }, 204), "DELETE ?policy", "");
  has(sent_by([&] { f.store.put_public_access_block(); }), "PUT ?publicAccessBlock", "<RestrictPublicBuckets>true</RestrictPublicBuckets>");
  has(sent_by([&] { f.store.delete_public_access_block(); }, 204), "DELETE ?publicAccessBlock", "");
  has(sent_by([&] { f.store.put_bucket_tagging({{"team", "blue"}}); }), "PUT ?tagging", "<Value>blue</Value>");
  has(sent_by([&] { f.store.delete_bucket_tagging(); }, 204), "DELETE ?tagging", "");
  has(sent_by([&] { f.store.put_object_lock(types::object_lock_retention_mode::compliance, std::chrono::days{365}); }), "PUT ?object-lock", "<Days>365</Days>");
  // More days than the member holds are not fewer days.
  has(sent_by([&] { f.store.put_object_lock(types::object_lock_retention_mode::compliance, (std::chrono::days::max)()); }), "PUT ?object-lock", "<Days>2147483647</Days>");
  has(sent_by([&] { f.store.put_object_lock(); }), "PUT ?object-lock", "<ObjectLockEnabled>Enabled</ObjectLockEnabled>");
}

TEST_CASE("each setting is read back", "[store][settings]") {
  test::scripted_store f;
  f.server.answer(200, {}, "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>");
  CHECK(f.store.get_bucket_encryption()->sse_algorithm == types::server_side_encryption::aws_kms);
  f.server.answer(200, {}, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  CHECK(f.store.get_bucket_versioning() == types::bucket_versioning_status::enabled);
  f.server.answer(200, {}, "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status></Rule></LifecycleConfiguration>");
  CHECK(f.store.get_bucket_lifecycle().at(0).id == "a");
  f.server.answer(200, {}, "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>");
  CHECK(f.store.get_bucket_cors().at(0).allowed_methods.at(0) == "GET");
  f.server.answer(200, {}, "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>p</TargetPrefix></LoggingEnabled></BucketLoggingStatus>");
  CHECK(f.store.get_bucket_logging()->target_bucket == "logs");
  f.server.answer(200, {}, "{\"Version\": 1}");
  CHECK(f.store.get_bucket_policy() == "{\"Version\": 1}");
  f.server.answer(200, {}, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>");
  CHECK(f.store.get_public_access_block()->block_public_acls == true);
  f.server.answer(200, {}, "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
  CHECK(f.store.get_bucket_tagging().at(0).value == "b");
  f.server.answer(200, {}, "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>3</Days></DefaultRetention></Rule></ObjectLockConfiguration>");
  CHECK(f.store.get_object_lock()->rule->default_retention->days == 3);
}
