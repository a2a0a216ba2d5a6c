// Does the embedded S3 keep objects as S3 does?
#include <string>

#include "support/embedded.hpp"

#include <s3store/operations/acl.hpp>

using namespace test;

TEST_CASE("what is not there, and what must not be, is refused as S3 refuses it", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");

  SECTION("buckets") {
    CHECK(code_of(w.s3.create_bucket({.bucket = "Up"})) == "InvalidBucketName");
    const embedded_world elsewhere{{.region = "eu-west-1"}};
    const auto there = elsewhere.client({.region = "eu-west-1"});
    const create_bucket_request create{.bucket = "b-1", .create_bucket_configuration = {{types::bucket_location_constraint{"eu-west-1"}}}};
    REQUIRE(there.create_bucket(create));
    CHECK(code_of(there.create_bucket(create)) == "BucketAlreadyOwnedByYou");
    CHECK(code_of(w.s3.create_bucket(
              {.bucket = "b-2",
               .create_bucket_configuration = {{.location_constraint = types::bucket_location_constraint::eu_west_1}}})) ==
          "IllegalLocationConstraintException");
    CHECK(code_of(w.s3.create_bucket({.bucket = "b-2", .acl = types::bucket_canned_acl::public_read})) ==
          "InvalidBucketAclWithObjectOwnership");
    CHECK(code_of(w.s3.head_bucket({.bucket = "none"})) == "404");
    CHECK(code_of(w.s3.delete_bucket({.bucket = "none"})) == "NoSuchBucket");
    CHECK(code_of(w.s3.get_bucket_location({.bucket = "none"})) == "NoSuchBucket");
    CHECK(code_of(w.s3.put_object({.bucket = "none", .key = "k", .body = "x"})) == "NoSuchBucket");
    w.put("b-1", "k", "x");
    CHECK(code_of(w.s3.delete_bucket({.bucket = "b-1"})) == "BucketNotEmpty");
    CHECK(code_of(w.s3.head_bucket({.bucket = "b-1", .expected_bucket_owner = "999999999999"})) == "403");
    CHECK(code_of(w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x", .expected_bucket_owner = "999999999999"})) ==
          "AccessDenied");
  }
  SECTION("keys and versions") {
    CHECK(w.get("b-1", "none") == "NoSuchKey");
    CHECK(w.get("none", "none") == "NoSuchBucket");
    CHECK(code_of(w.s3.head_object({.bucket = "b-1", .key = "none"})) == "404");
    CHECK(code_of(w.s3.put_object({.bucket = "b-1", .key = std::string(1025, 'k'), .body = "x"})) == "KeyTooLongError");
    w.put("b-1", "k", "x");
    CHECK(w.get("b-1", "k", "none") == "NoSuchVersion");
    CHECK(w.get("b-1", "k", "null") == "x");
  }
  SECTION("attributes") {
    const auto put = [&](put_object_request r) {
      r.bucket = "b-1";
      r.key = "k";
      r.body = "x";
      return code_of(w.s3.put_object(r));
    };
    CHECK(put({.storage_class = types::storage_class{"COLD"}}) == "InvalidStorageClass");
    CHECK(put({.server_side_encryption = types::server_side_encryption{"rot13"}}) == "InvalidArgument");
    CHECK(put({.sse_kms_key_id = "k"}) == "InvalidArgument");
    CHECK(put({.acl = types::object_canned_acl::public_read}) == "AccessControlListNotSupported");
    CHECK(put({.metadata = {{"big", std::string(2049, 'x')}}}) == "MetadataTooLarge");
    CHECK(put({.tagging = "a=1&a=2"}) == "InvalidTag");
    CHECK(put({.tagging = "a=%zz"}) == "InvalidArgument");
    CHECK(put({.object_lock_legal_hold_status = types::object_lock_legal_hold_status::on}) == "InvalidRequest");
    CHECK(put({.write_offset_bytes = 1}) == "NotImplemented");
    CHECK(put({.sse_customer_key = customer_key{std::string(31, 'k')}}) != "");
    CHECK(w.get("b-1", "k") == "NoSuchKey");
  }
  SECTION("sub-resources that it does not know are not taken for the object") {
    w.put("b-1", "k", "x");
    for (const char* const what : {"torrent", "renameObject", "annotation", "nonsense"}) {
      CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k"}, {.query = {{what, ""}}})) == "NotImplemented");
      CHECK(code_of(w.s3.put_object({.bucket = "b-1", .key = "k", .body = "no"}, {.query = {{what, ""}}})) == "NotImplemented");
      CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k"}, {.query = {{what, ""}}})) == "NotImplemented");
    }
    CHECK(code_of(w.s3.list_objects({.bucket = "b-1"}, {.query = {{"replication", ""}}})) == "NotImplemented");
    CHECK(w.get("b-1", "k") == "x");
  }
}

TEST_CASE("checksums that do not fit keep an object out", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto put = [&](put_object_request r) {
    r.bucket = "b-1";
    r.key = "k";
    r.body = "hello";
    return code_of(w.s3.put_object(r));
  };
  CHECK(put({.content_md5 = "XUFAKrxLKna5cZ2REBfFkQ=="}) == "BadDigest");
  CHECK(put({.content_md5 = "short"}) == "InvalidDigest");
  CHECK(put({.checksum_crc32 = "AAAAAA=="}) == "BadDigest");
  CHECK(put({.checksum_crc32 = "AAAA"}) == "InvalidRequest");
  CHECK(put({.checksum_sha512 = "AAAA"}) == "InvalidRequest");
  CHECK(put({.checksum_crc32 = "NhCmhg==", .checksum_crc32c = "mnG7TA=="}) == "InvalidRequest");
  CHECK(w.get("b-1", "k") == "NoSuchKey");

  // Values from Python: zlib.crc32, hashlib.
  CHECK(put({.checksum_crc32 = "NhCmhg=="}) == "");
  CHECK(put({.checksum_sha1 = "qvTGHdzF6KLavt4PO0gs2a6pQ00="}) == "");
  CHECK(put({.checksum_sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="}) == "");
  CHECK(put({.content_md5 = "XUFAKrxLKna5cZ2REBfFkg=="}) == "");
  CHECK(put({.checksum_md5 = "XUFAKrxLKna5cZ2REBfFkg=="}) == "");

  const auto head = w.s3.head_object({.bucket = "b-1", .key = "k", .checksum_mode = types::checksum_mode::enabled});
  REQUIRE(head);
  CHECK(head->checksum_md5 == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(head->checksum_type == types::checksum_type::full_object);
  CHECK(head->etag == "\"5d41402abc4b2a76b9719d911017c592\"");
}

TEST_CASE("an object comes back as it was put", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto put = w.s3.put_object({.bucket = "b-1",
                                    .key = "a/b",
                                    .body = "hello",
                                    .content_type = "text/plain",
                                    .metadata = {{"Author", "me"}, {"empty", ""}},
                                    .cache_control = "no-cache",
                                    .content_disposition = "attachment",
                                    .content_encoding = "identity",
                                    .content_language = "de",
                                    .expires = "Thu, 01 Dec 1994 16:00:00 GMT",
                                    .server_side_encryption = types::server_side_encryption::aws_kms,
                                    .storage_class = types::storage_class::standard_ia,
                                    .website_redirect_location = "/else",
                                    .sse_kms_key_id = "key-1",
                                    .bucket_key_enabled = true,
                                    .tagging = "a=1&b=2"});
  REQUIRE(put);
  CHECK(put->etag == "\"5d41402abc4b2a76b9719d911017c592\"");
  CHECK(put->server_side_encryption == types::server_side_encryption::aws_kms);
  CHECK(put->sse_kms_key_id == "key-1");
  CHECK(put->version_id.empty());
  CHECK(put.meta().status == 200);
  CHECK(!put.meta().request_id().empty());

  const auto got = w.s3.get_object({.bucket = "b-1", .key = "a/b"});
  REQUIRE(got);
  CHECK(got.meta().integrity == integrity::verified);
  const auto head = w.s3.head_object({.bucket = "b-1", .key = "a/b"});
  REQUIRE(head);
  const auto check = [](const auto& r) {
    CHECK(r.content_length == 5);
    CHECK(r.etag == "\"5d41402abc4b2a76b9719d911017c592\"");
    CHECK(r.cache_control == "no-cache");
    CHECK(r.content_disposition == "attachment");
    CHECK(r.content_encoding == "identity");
    CHECK(r.content_language == "de");
    CHECK(r.content_type == "text/plain");
    CHECK(r.expires == "Thu, 01 Dec 1994 16:00:00 GMT");
    CHECK(r.metadata == metadata{{"author", "me"}, {"empty", ""}});
    CHECK(r.storage_class == types::storage_class::standard_ia);
    CHECK(r.website_redirect_location == "/else");
    CHECK(r.tag_count == 2);
    CHECK(r.accept_ranges == "bytes");
    CHECK(r.last_modified == timestamp{std::chrono::seconds{1369353600}});
  };
  check(*got);
  check(*head);
  CHECK(got->body == "hello");

  const auto plain =
      w.s3.get_object({.bucket = "b-1", .key = "a/b", .response_cache_control = "public", .response_content_type = "x/y"});
  REQUIRE(plain);
  CHECK(plain->cache_control == "public");
  CHECK(plain->content_type == "x/y");
  CHECK(plain->content_language == "de");
}

TEST_CASE("keys are bytes", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::vector<std::string> keys{"a//b",  "a/../b", "./x", "../..", "t/",    "/lead", "p+q",      "50%",
                                      "%41",   "a=b",    "a?b", "a&b",   "a b",   " ",     "ä/ö/日本", "\x01\x7f",
                                      "tab\t", "#",      ";",   "a\\b",  "\"'<>", "~"};
  for (const auto& key : keys) w.put("b-1", key, "of " + key);
  for (const auto& key : keys) CHECK(w.get("b-1", key) == "of " + key);
  const auto listed = w.s3.list_objects_v2({.bucket = "b-1"});
  REQUIRE(listed);
  CHECK(listed->contents.size() == keys.size());
  for (const auto& key : keys) {
    CHECK(w.s3.copy_object({.bucket = "b-1", .key = "copy of " + key, .copy_source = {"b-1", key}}));
    CHECK(w.get("b-1", "copy of " + key) == "of " + key);
    CHECK(w.s3.delete_object({.bucket = "b-1", .key = key}));
    CHECK(w.get("b-1", key) == "NoSuchKey");
  }
}

TEST_CASE("ranges are those of RFC 9110, as S3 reads them", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.put("b-1", "k", "0123456789");
  w.put("b-1", "empty", "");
  const auto get = [&](const char* range, const char* key = "k") {
    auto r = w.s3.get_object({.bucket = "b-1", .key = key, .range = range});
    if (!r && r.error().kind == error_kind::range_mismatch) return "the whole, which the client refuses " + std::to_string(r.meta().status);
    return r ? r->body + " " + r->content_range + " " + std::to_string(r.meta().status) : r.error().code;
  };
  CHECK(get("bytes=10-") == "InvalidRange");
  CHECK(get("bytes=-0") == "InvalidRange");
  CHECK(get("bytes=0-", "empty") == "InvalidRange");
  CHECK(get("bytes=5-2") == "the whole, which the client refuses 200");  // no range at all
  CHECK(get("bytes=0 -5") == "the whole, which the client refuses 200");  // nor is this: no blanks are allowed
  CHECK(get("BYTES=2-3") == "23 bytes 2-3/10 206");  // the name of a unit is case-insensitive
  CHECK(get("bytes=0-1,3-4") == "the whole, which the client refuses 200");
  CHECK(get("lines=0-1") == "the whole, which the client refuses 200");
  CHECK(get("bytes=2-4") == "234 bytes 2-4/10 206");
  CHECK(get("bytes=7-") == "789 bytes 7-9/10 206");
  CHECK(get("bytes=7-100") == "789 bytes 7-9/10 206");
  CHECK(get("bytes=-3") == "789 bytes 7-9/10 206");
  CHECK(get("bytes=-100") == "0123456789 bytes 0-9/10 206");
  const auto head = w.s3.head_object({.bucket = "b-1", .key = "k", .range = "bytes=2-4"});
  REQUIRE(head);
  CHECK(head->content_length == 3);
  CHECK(head->content_range == "bytes 2-4/10");
}

TEST_CASE("conditions hold or fail as S3 says", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string etag = w.put("b-1", "k", "x").etag, other = "\"5d41402abc4b2a76b9719d911017c592\"";
  const auto now = w.clock.now().wall;
  const auto before = now - std::chrono::hours{1}, later = now + std::chrono::hours{1};

  SECTION("of a read") {
    const auto get = [&](get_object_request r) {
      r.bucket = "b-1";
      r.key = "k";
      auto out = w.s3.get_object(r);
      return out ? 200 : out.error().status;
    };
    CHECK(get({.if_match = other}) == 412);
    CHECK(get({.if_none_match = etag}) == 304);
    CHECK(get({.if_none_match = "*"}) == 304);
    CHECK(get({.if_modified_since = now}) == 304);
    CHECK(get({.if_unmodified_since = before}) == 412);
    CHECK(get({.if_match = etag}) == 200);
    CHECK(get({.if_match = "*"}) == 200);
    CHECK(get({.if_none_match = other}) == 200);
    CHECK(get({.if_modified_since = before}) == 200);
    CHECK(get({.if_unmodified_since = later}) == 200);
    CHECK(get({.if_match = etag, .if_unmodified_since = before}) == 200);
    CHECK(get({.if_modified_since = before, .if_none_match = etag}) == 304);
    CHECK(get({.if_modified_since = now, .if_none_match = other}) == 200);
    CHECK(code_of(w.s3.head_object({.bucket = "b-1", .key = "k", .if_none_match = etag})) == "304");
    CHECK(code_of(w.s3.head_object({.bucket = "b-1", .key = "k", .if_match = other})) == "412");
  }
  SECTION("of a write") {
    const auto put = [&](const char* key, std::optional<std::string> match, std::optional<std::string> none) {
      return code_of(w.s3.put_object(
          {.bucket = "b-1", .key = key, .body = "y", .if_match = std::move(match), .if_none_match = std::move(none)}));
    };
    CHECK(put("k", {}, "*") == "PreconditionFailed");
    CHECK(put("k", other, {}) == "PreconditionFailed");
    CHECK(put("none", etag, {}) == "NoSuchKey");
    CHECK(put("k", {}, etag) == "NotImplemented");
    CHECK(w.get("b-1", "k") == "x");
    CHECK(put("new", {}, "*") == "");
    CHECK(put("k", etag, {}) == "");
    CHECK(w.get("b-1", "k") == "y");
  }
  SECTION("of a deletion") {
    CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k", .if_match = other})) == "PreconditionFailed");
    CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "none", .if_match = "*"})) == "PreconditionFailed");
    CHECK(w.get("b-1", "k") == "x");
    CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k", .if_match = etag})) == "");
    CHECK(w.get("b-1", "k") == "NoSuchKey");
  }
  SECTION("of a copy's source and target") {
    const auto copy = [&](copy_object_request r) {
      r.bucket = "b-1";
      r.key = "copy";
      r.copy_source = {"b-1", "k"};
      return code_of(w.s3.copy_object(r));
    };
    CHECK(copy({.copy_source_if_match = other}) == "PreconditionFailed");
    CHECK(copy({.copy_source_if_none_match = etag}) == "PreconditionFailed");
    CHECK(copy({.copy_source_if_modified_since = now}) == "PreconditionFailed");
    CHECK(copy({.copy_source_if_unmodified_since = before}) == "PreconditionFailed");
    CHECK(copy({.if_match = etag}) == "NoSuchKey");
    CHECK(copy({.copy_source_if_match = etag, .if_none_match = "*"}) == "");
    CHECK(copy({.if_none_match = "*"}) == "PreconditionFailed");
  }
}

TEST_CASE("a copy takes what its directives say", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  REQUIRE(w.s3.put_object({.bucket = "b-1",
                           .key = "k",
                           .body = "hello",
                           .content_type = "text/plain",
                           .metadata = {{"a", "1"}},
                           .storage_class = types::storage_class::standard_ia,
                           .tagging = "t=1"}));

  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "none"}})) == "NoSuchKey");
  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"none", "k"}})) == "NoSuchBucket");
  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k", "nope"}})) == "NoSuchVersion");
  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "k", .copy_source = {"b-1", "k"}})) == "InvalidRequest");
  CHECK(
      code_of(w.s3.copy_object(
          {.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .metadata_directive = types::metadata_directive{"MERGE"}})) ==
      "InvalidArgument");
  CHECK(code_of(w.s3.copy_object(
            {.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .expected_source_bucket_owner = "1"})) == "AccessDenied");

  const auto copied = w.s3.copy_object({.bucket = "b-1", .key = "c", .content_type = "ignored/type", .copy_source = {"b-1", "k"}});
  REQUIRE(copied);
  REQUIRE(copied->copy_object_result);
  CHECK(copied->copy_object_result->etag == "\"5d41402abc4b2a76b9719d911017c592\"");
  CHECK(!copied->copy_object_result->checksum_crc64nvme.empty());
  const auto same = w.s3.head_object({.bucket = "b-1", .key = "c"});
  REQUIRE(same);
  CHECK(same->content_type == "text/plain");
  CHECK(same->metadata == metadata{{"a", "1"}});
  CHECK(same->storage_class.empty());
  CHECK(same->tag_count == 1);

  REQUIRE(w.s3.copy_object({.bucket = "b-1",
                            .key = "k",
                            .content_type = "new/type",
                            .metadata = {{"b", "2"}},
                            .copy_source = {"b-1", "k"},
                            .metadata_directive = types::metadata_directive::replace,
                            .tagging_directive = types::tagging_directive::replace}));
  const auto changed = w.s3.head_object({.bucket = "b-1", .key = "k"});
  REQUIRE(changed);
  CHECK(changed->content_type == "new/type");
  CHECK(changed->metadata == metadata{{"b", "2"}});
  CHECK_FALSE(changed->tag_count);
  CHECK(w.get("b-1", "k") == "hello");
}

TEST_CASE("an object under a customer's key is read with that key alone", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const customer_key key{std::string(32, 'k')}, wrong{std::string(32, 'w')};
  const auto put = w.s3.put_object({.bucket = "b-1", .key = "k", .body = "secret", .sse_customer_key = key});
  REQUIRE(put);
  CHECK(put->sse_customer_algorithm == "AES256");
  CHECK(!put->sse_customer_key_md5.empty());
  CHECK(w.get("b-1", "k") == "InvalidRequest");
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k", .sse_customer_key = wrong})) == "AccessDenied");
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k", .sse_customer_key = key, .sse_customer_key_md5 = "AAAA"})) ==
        "InvalidArgument");
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k", .sse_customer_algorithm = "AES128", .sse_customer_key = key})) ==
        "InvalidEncryptionAlgorithmError");
  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}})) == "InvalidRequest");
  const auto got = w.s3.get_object({.bucket = "b-1", .key = "k", .sse_customer_key = key});
  REQUIRE(got);
  CHECK(got->body == "secret");
  CHECK(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .copy_source_sse_customer_key = key}));
  CHECK(w.get("b-1", "c") == "secret");
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "c", .sse_customer_key = key})) == "InvalidRequest");
}

TEST_CASE("many objects are deleted at once, each with its own outcome", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  for (const char* const key : {"a", "b", "c"}) w.put("b-1", key, key);
  CHECK(code_of(w.s3.delete_objects({.bucket = "b-1"})) == "MalformedXML");
  CHECK(code_of(w.s3.delete_objects(
            {.bucket = "b-1", .delete_ = {.objects = std::vector<types::object_identifier>(1001, {.key = "a"})}})) ==
        "MalformedXML");

  const auto gone = w.s3.delete_objects(
      {.bucket = "b-1", .delete_ = {.objects = {{.key = "a"}, {.key = "none"}, {.key = "b", .etag = "\"other\""}}}});
  REQUIRE(gone);
  CHECK(gone->deleted.size() == 2);
  REQUIRE(gone->errors.size() == 1);
  CHECK(gone->errors[0].key == "b");
  CHECK(gone->errors[0].code == "PreconditionFailed");
  const auto quiet = w.s3.delete_objects({.bucket = "b-1", .delete_ = {.objects = {{.key = "c"}}, .quiet = true}});
  REQUIRE(quiet);
  CHECK(quiet->deleted.empty());
  CHECK(w.get("b-1", "c") == "NoSuchKey");
}

TEST_CASE("versions are kept, marked and deleted", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  using status = types::bucket_versioning_status;
  CHECK(code_of(w.s3.put_bucket_versioning({.bucket = "none", .versioning_configuration = {.status = status::enabled}})) ==
        "NoSuchBucket");
  CHECK(code_of(w.s3.put_bucket_versioning({.bucket = "b-1", .versioning_configuration = {.status = status{"Off"}}})) ==
        "MalformedXML");
  CHECK(w.s3.get_bucket_versioning({.bucket = "b-1"})->status.empty());
  w.put("b-1", "k", "zero");
  w.set_versioning("b-1", status::enabled);
  CHECK(w.s3.get_bucket_versioning({.bucket = "b-1"})->status == status::enabled);

  const auto one = w.put("b-1", "k", "one").version_id, two = w.put("b-1", "k", "two").version_id;
  REQUIRE(!one.empty());
  REQUIRE(!two.empty());
  CHECK(one != two);
  CHECK(w.get("b-1", "k") == "two");
  CHECK(w.get("b-1", "k", one) == "one");
  CHECK(w.get("b-1", "k", "null") == "zero");

  const auto marked = w.s3.delete_object({.bucket = "b-1", .key = "k"});
  REQUIRE(marked);
  CHECK(marked->delete_marker == true);
  const auto missing = w.s3.get_object({.bucket = "b-1", .key = "k"});
  CHECK(code_of(missing) == "NoSuchKey");
  CHECK(missing.meta().fields.get("x-amz-delete-marker") == "true");
  CHECK(w.get("b-1", "k", marked->version_id) == "MethodNotAllowed");
  CHECK(code_of(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k", marked->version_id}})) ==
        "InvalidRequest");
  CHECK(code_of(w.s3.delete_bucket({.bucket = "b-1"})) == "BucketNotEmpty");

  const auto listed = w.s3.list_object_versions({.bucket = "b-1"});
  REQUIRE(listed);
  REQUIRE(listed->versions.size() == 3);
  CHECK(listed->versions[0].version_id == two);
  CHECK(listed->versions[2].version_id == "null");
  CHECK(listed->versions[0].is_latest == false);
  REQUIRE(listed->delete_markers.size() == 1);
  CHECK(listed->delete_markers[0].is_latest == true);

  const auto unmarked = w.s3.delete_object({.bucket = "b-1", .key = "k", .version_id = marked->version_id});
  REQUIRE(unmarked);
  CHECK(unmarked->delete_marker == true);
  CHECK(w.get("b-1", "k") == "two");
  CHECK(w.s3.delete_object({.bucket = "b-1", .key = "k", .version_id = two}));
  CHECK(w.get("b-1", "k") == "one");

  w.set_versioning("b-1", status::suspended);
  CHECK(w.put("b-1", "k", "three").version_id == "");
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->version_id == "null");
  CHECK(w.get("b-1", "k") == "three");
  CHECK(w.get("b-1", "k", one) == "one");
  const auto null_marker = w.s3.delete_object({.bucket = "b-1", .key = "k"});
  REQUIRE(null_marker);
  CHECK(null_marker->version_id == "null");
  CHECK(w.get("b-1", "k") == "NoSuchKey");
  const auto left = w.s3.list_object_versions({.bucket = "b-1"});
  REQUIRE(left);
  CHECK(left->versions.size() == 1);
  CHECK(left->delete_markers.size() == 1);
}

TEST_CASE("a bucket that its owner creates again in us-east-1 keeps all but its access control list", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html, BucketAlreadyOwnedByYou: 200, and the list is reset.
  const embedded_world w;
  REQUIRE(w.s3.create_bucket({.bucket = "b-1", .acl = types::bucket_canned_acl::public_read,
                              .object_ownership = types::object_ownership::object_writer}));
  w.set_versioning("b-1", types::bucket_versioning_status::enabled);
  w.put("b-1", "k", "x");
  CHECK(w.s3.get_bucket_acl({.bucket = "b-1"})->grants.size() == 2);
  const auto again = w.s3.create_bucket({.bucket = "b-1"});
  REQUIRE(again);
  CHECK(again->location == "/b-1");
  CHECK(w.get("b-1", "k") == "x");
  CHECK(w.s3.get_bucket_versioning({.bucket = "b-1"})->status == types::bucket_versioning_status::enabled);
  CHECK(w.s3.get_bucket_acl({.bucket = "b-1"})->grants.size() == 1);
  REQUIRE(w.s3.create_bucket({.bucket = "b-1", .acl = types::bucket_canned_acl::authenticated_read}));
  CHECK(w.s3.get_bucket_acl({.bucket = "b-1"})->grants.size() == 2);
}

TEST_CASE("in a bucket whose versioning is suspended an upload's answer names no version, and a GET's does", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
  const embedded_world w{{.min_part_size = 1}};
  w.make_bucket("b-1", true);
  const auto complete = [&](const std::string& key) {
    const auto id = w.s3.create_multipart_upload({.bucket = "b-1", .key = key})->upload_id;
    const auto part = w.s3.upload_part({.bucket = "b-1", .key = key, .body = "x", .part_number = 1, .upload_id = id});
    REQUIRE(part);
    const auto done = w.s3.complete_multipart_upload({.bucket = "b-1", .key = key, .upload_id = id,
                                                      .multipart_upload = {{.parts = {{.etag = part->etag, .part_number = 1}}}}});
    REQUIRE(done);
    return done->version_id;
  };
  CHECK(w.put("b-1", "k", "x").version_id.size() == 32);
  CHECK(complete("m").size() == 32);
  w.set_versioning("b-1", types::bucket_versioning_status::suspended);
  CHECK(w.put("b-1", "k", "x").version_id == "");
  CHECK(complete("m") == "");
  CHECK(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}})->version_id == "");
  for (const char* const key : {"k", "m", "c"}) {
    CHECK(w.s3.get_object({.bucket = "b-1", .key = key})->version_id == "null");
    CHECK(w.s3.head_object({.bucket = "b-1", .key = key})->version_id == "null");
  }
  CHECK(w.s3.delete_object({.bucket = "b-1", .key = "k"})->version_id == "null");  // of the delete marker
}

TEST_CASE("GET and HEAD with the encryption of an upload are refused", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Encryption"
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1");
  w.put("b-1", "k", "x");
  for (const char* const name : {"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"})
    for (const char* const verb : {"GET", "HEAD"})
      CHECK(w.server.serve({verb, "/b-1/k", {{"Host", "s3.test"}, {name, "AES256"}}}).status == 400);
  CHECK(w.server.serve({"GET", "/b-1/k", {{"Host", "s3.test"}}}).status == 200);
}

TEST_CASE("aws-chunked is not kept in Content-Encoding, however the body was sent", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1");
  const auto kept = [&](const std::string& sent) {
    CHECK(w.server.serve({"PUT", "/b-1/k", {{"Host", "s3.test"}, {"Content-Length", "1"}, {"Content-Encoding", sent}}, "x"}).status == 200);
    return w.s3.head_object({.bucket = "b-1", .key = "k"})->content_encoding;
  };
  CHECK(kept("gzip, aws-chunked") == "gzip");
  CHECK(kept("aws-chunked,gzip") == "gzip");
  CHECK(kept("AWS-Chunked") == "");
  CHECK(kept("gzip, br") == "gzip, br");
  const auto id = w.s3.create_multipart_upload({.bucket = "b-1", .key = "m", .content_encoding = "gzip, aws-chunked"});
  REQUIRE(id);
  CHECK(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .content_encoding = "br, aws-chunked",
                          .metadata_directive = types::metadata_directive::replace}));
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "c"})->content_encoding == "br");
}
