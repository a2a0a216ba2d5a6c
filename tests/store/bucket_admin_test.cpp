#include <string>
#include <vector>

#include "support/store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
std::string error_body(std::string_view code) { return "<Error><Code>" + std::string(code) + "</Code><Message>no</Message></Error>"; }
const std::string no_versions = "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>";
const std::string no_uploads = "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>";
}  // namespace

TEST_CASE("a bucket exists, does not, or cannot be told", "[store][bucket]") {
  test::scripted_store f;
  f.server.answer(200).answer(404).answer(403);
  CHECK(f.store.bucket_exists());
  CHECK_FALSE(f.store.bucket_exists());
  CHECK(test::thrown_by([&] { f.store.bucket_exists(); }).kind == error_kind::access_denied);
}

TEST_CASE("a bucket is made in the region of the settings", "[store][bucket]") {
  test::scripted_store east;
  east.server.answer(200);
  east.store.create_bucket();
  CHECK(east.server.sent().at(0).body.empty());
  test::scripted_store global{{.region = "aws-global"}};
  global.server.answer(200);
  global.store.create_bucket();
  CHECK(global.server.sent().at(0).body.empty());
  test::scripted_store west{{.region = "eu-west-1"}};
  west.server.answer(200).answer(200);
  west.store.create_bucket();
  CHECK(west.server.sent().at(0).body.find("<LocationConstraint>eu-west-1</LocationConstraint>") != std::string::npos);
  west.store.create_bucket({.create_bucket_configuration = types::create_bucket_configuration{.location_constraint = types::bucket_location_constraint::eu_central_1},
                            .object_lock_enabled_for_bucket = true});
  CHECK(west.server.sent().at(1).body.find("eu-central-1") != std::string::npos);
  CHECK(west.server.sent().at(1).fields.get("x-amz-bucket-object-lock-enabled") == "true");
}

TEST_CASE("a bucket is made where there is none", "[store][bucket]") {
  test::scripted_store f;
  f.server.answer(200);
  CHECK_FALSE(create_bucket_if_not_exists(f.store));
  f.server.answer(404).answer(200);
  CHECK(create_bucket_if_not_exists(f.store));
  f.server.answer(404).answer(409, {}, error_body("BucketAlreadyOwnedByYou"));  // another program was faster
  CHECK_FALSE(f.store.create_bucket_if_not_exists());
  f.server.answer(404).answer(409, {}, error_body("BucketAlreadyExists"));  // it is somebody else's
  CHECK(test::thrown_by([&] { f.store.create_bucket_if_not_exists(); }).code == "BucketAlreadyExists");
  f.server.answer(403);
  CHECK(test::thrown_by([&] { f.store.create_bucket_if_not_exists(); }).status == 403);
  f.server.answer(409, {}, error_body("BucketAlreadyOwnedByYou"));
  CHECK(test::thrown_by([&] { f.store.create_bucket(); }).code == "BucketAlreadyOwnedByYou");
  CHECK(f.server.left() == 0);
}

TEST_CASE("a refusal may be an earlier attempt's success", "[store][bucket]") {
  test::scripted_store f;
  f.server.lose().answer(409, {}, error_body("BucketAlreadyOwnedByYou")).answer(200);
  CHECK_NOTHROW(f.store.create_bucket());
  f.server.lose().answer(404, {}, error_body("NoSuchBucket")).answer(404);
  CHECK_NOTHROW(f.store.delete_bucket());
  f.server.answer(404, {}, error_body("NoSuchBucket"));
  CHECK(test::thrown_by([&] { f.store.delete_bucket(); }).code == "NoSuchBucket");
  f.server.lose().answer(409, {}, error_body("BucketNotEmpty"));
  CHECK(test::thrown_by([&] { f.store.delete_bucket(); }).code == "BucketNotEmpty");
  CHECK(f.server.left() == 0);
}

TEST_CASE("what a bucket is can be told in one call", "[store][bucket]") {
  test::scripted_store f;
  const std::string buckets = "<ListAllMyBucketsResult><Buckets><Bucket><Name>b-10</Name></Bucket><Bucket><Name>b-1</Name>"
                              "<CreationDate>2024-01-15T12:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>";
  const std::string objects = "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>";
  f.server.answer(200, {{"x-amz-bucket-region", "eu-west-1"}}).answer(200, {}, buckets).answer(200, {}, objects);
  auto info = f.store.get_bucket_info();
  CHECK(info.name == "b-1");
  CHECK(info.region == "eu-west-1");
  CHECK(info.creation_date == parse_iso8601("2024-01-15T12:00:00Z"));
  CHECK(info.object_count == 1);

  f.server.answer(200).answer(200, {}, "<LocationConstraint>EU</LocationConstraint>").answer(403).answer(200, {}, objects);
  info = f.store.get_bucket_info();
  CHECK(info.region == "eu-west-1");
  CHECK_FALSE(info.creation_date);
  f.server.answer(200).answer(200, {}, "<LocationConstraint/>").answer(403).answer(200, {}, objects);
  CHECK(f.store.get_bucket_info().region == "us-east-1");
  f.server.answer(404);
  CHECK(test::thrown_by([&] { f.store.get_bucket_info(); }).kind == error_kind::not_found);
}

TEST_CASE("health is told, and never thrown", "[store][bucket]") {
  test::scripted_store f;
  f.server.then({.head = {200}, .body = "<ListBucketResult/>", .takes = 30ms});
  const auto well = f.store.health_check();
  CHECK(well);
  CHECK(well.latency == 30ms);
  CHECK(well.message.empty());

  f.server.answer(404, {}, error_body("NoSuchBucket"));
  const auto missing = f.store.health_check();
  CHECK_FALSE(missing);
  CHECK(missing.code == "NoSuchBucket");
  CHECK(missing.status == 404);
  f.server.refuse(error_kind::connect);
  const auto unreachable = f.store.health_check();
  CHECK_FALSE(unreachable.healthy);
  CHECK(unreachable.kind == error_kind::connect);
  CHECK(unreachable.message.find("http://s3.test") != std::string::npos);
  CHECK(f.waits().empty());  // it is tried once

  f.store.disconnect();
  const auto apart = f.store.health_check();
  CHECK_FALSE(apart);
  CHECK(apart.message.find("connect()") != std::string::npos);
}

TEST_CASE("a bucket is emptied first, by force", "[store][bucket]") {
  test::scripted_store f;
  f.server.answer(200, {}, "<ListMultipartUploadsResult><Upload><Key>u</Key><UploadId>1</UploadId></Upload><Upload><Key>u</Key><UploadId>2</UploadId></Upload></ListMultipartUploadsResult>");
  f.server.answer(204).answer(404, {}, error_body("NoSuchUpload")).answer(200, {}, no_uploads);
  f.server.answer(200, {}, "<ListVersionsResult><IsTruncated>true</IsTruncated><Version><Key>a</Key><VersionId>1</VersionId></Version>"
                           "<DeleteMarker><Key>a</Key><VersionId>2</VersionId></DeleteMarker></ListVersionsResult>");
  f.server.answer(200, {}, "<DeleteResult><Deleted><Key>a</Key><VersionId>1</VersionId></Deleted><Deleted><Key>a</Key><VersionId>2</VersionId></Deleted></DeleteResult>");
  f.server.answer(200, {}, no_versions).answer(204);
  std::uint64_t told = 0;
  f.store.delete_bucket({.force = true, .bypass_governance_retention = true, .progress = [&told](std::uint64_t gone, std::uint64_t) { told = gone; }});
  CHECK(told == 2);
  CHECK(f.server.left() == 0);
  const auto sent = f.server.sent();
  CHECK(sent[5].body.find("<VersionId>2</VersionId>") != std::string::npos);
  CHECK(sent[5].fields.get("x-amz-bypass-governance-retention") == "true");
  CHECK(sent.back().verb == http::method::delete_);
  CHECK(sent.back().url == "http://s3.test/b-1");
}

TEST_CASE("what an object lock keeps ends the emptying with an error", "[store][bucket]") {
  test::scripted_store f;
  f.server.answer(200, {}, no_uploads);
  f.server.answer(200, {}, "<ListVersionsResult><Version><Key>a</Key><VersionId>1</VersionId></Version></ListVersionsResult>");
  f.server.answer(200, {}, "<DeleteResult><Error><Key>a</Key><VersionId>1</VersionId><Code>AccessDenied</Code><Message>it is locked</Message></Error></DeleteResult>");
  const auto e = test::thrown_by([&] { f.store.delete_bucket({.force = true}); });
  CHECK(e.code == "AccessDenied");
  CHECK(e.key == "a");
  CHECK(e.message.find("it is locked") != std::string::npos);
  CHECK(f.server.left() == 0);
}

TEST_CASE("a server that lists what it says is gone does not keep the emptying busy for ever", "[store][bucket]") {
  test::scripted_store f;
  const std::string open_upload = "<ListMultipartUploadsResult><Upload><Key>u</Key><UploadId>1</UploadId></Upload></ListMultipartUploadsResult>";
  f.server.answer(200, {}, open_upload).answer(204).answer(200, {}, open_upload);
  CHECK(test::thrown_by([&] { f.store.delete_bucket({.force = true}); }).message.find("listed all the same") != std::string::npos);

  const std::string one_version = "<ListVersionsResult><Version><Key>a</Key><VersionId>1</VersionId></Version></ListVersionsResult>";
  f.server.answer(200, {}, no_uploads).answer(200, {}, one_version);
  f.server.answer(200, {}, "<DeleteResult><Deleted><Key>a</Key><VersionId>1</VersionId></Deleted></DeleteResult>").answer(200, {}, one_version);
  CHECK(test::thrown_by([&] { f.store.delete_bucket({.force = true}); }).message.find("listed all the same") != std::string::npos);
  CHECK(f.server.left() == 0);
}
