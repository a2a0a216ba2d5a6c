// How does an answer become a response?
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/protocol/decode.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
template <class R>
result<response_of<R>> decoded(headers fields, std::string body = {}, bool given_away = false) {
  wire::received_answer from{.status = 200, .fields = &fields, .body = &body, .body_given_away = given_away, .decode_urls = true};
  return decode<R>(from);
}
}  // namespace

TEST_CASE("headers", "[decode]") {
  const auto out = decoded<head_object_request>({{"etag", "\"e\""},
                                                 {"Content-Length", "12"},
                                                 {"Last-Modified", "Fri, 24 May 2013 01:02:03 GMT"},
                                                 {"Expires", "never"},
                                                 {"X-Amz-Meta-Name", "v"},
                                                 {"x-amz-META-second", "w"},
                                                 {"x-amz-meta-", "nameless"},
                                                 {"x-amz-server-side-encryption-bucket-key-enabled", ""},
                                                 {"x-amz-delete-marker", "true"}});
  REQUIRE(out);
  CHECK(out->etag == "\"e\"");
  CHECK(out->content_length == 12);
  CHECK(out->last_modified == timestamp{std::chrono::seconds{1369357323}});
  CHECK(out->expires == "never");  // stays text
  REQUIRE(out->metadata.size() == 2);
  CHECK(out->metadata[0].name == "name");  // lower-case when read
  CHECK(out->metadata[1].name == "second");
  CHECK_FALSE(out->bucket_key_enabled);
  CHECK(out->delete_marker == true);
  CHECK(out->version_id.empty());
}

TEST_CASE("a body is handed over, or was", "[decode]") {
  CHECK(decoded<get_object_request>({}, "bytes")->body == "bytes");
  CHECK(decoded<get_object_request>({}, "bytes", true)->body.empty());
  CHECK(decoded<get_object_request>({}, std::string("\0\xff", 2))->body.size() == 2);
}

TEST_CASE("a document's root may be named after the API's shape", "[decode]") {
  CHECK(decoded<get_object_attributes_request>(
            {}, "<GetObjectAttributesResponse><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>")
            ->object_size == 5);
  CHECK(decoded<get_object_attributes_request>({},
                                               "<GetObjectAttributesOutput><ObjectSize>5</ObjectSize></GetObjectAttributesOutput>")
            ->object_size == 5);
  CHECK(decoded<get_object_retention_request>({}, "<ObjectLockRetention><Mode>GOVERNANCE</Mode></ObjectLockRetention>")->retention->mode ==
        types::object_lock_retention_mode::governance);
  CHECK(decoded<get_object_attributes_request>({}, "<Other/>").error().kind == error_kind::malformed_response);
}

TEST_CASE("a document's root may be named after its operation", "[decode]") {
  const auto versioning = [](std::string body) {
    const headers none;
    wire::received_answer from{.status = 200, .fields = &none, .body = &body, .operation = "GetBucketVersioning"};
    return decode<get_bucket_versioning_request>(from);
  };
  CHECK(versioning("<GetBucketVersioningResponse><Status>Enabled</Status></GetBucketVersioningResponse>")->status ==
        types::bucket_versioning_status::enabled);
  // of a server that takes the request for another operation
  CHECK(versioning("<ListBucketResult/>").error().kind == error_kind::malformed_response);
  CHECK(versioning("<Response/>").error().kind == error_kind::malformed_response);
}

TEST_CASE("a document that is one value", "[decode]") {
  CHECK(decoded<get_bucket_location_request>({}, "<LocationConstraint xmlns=\"x\">eu-west-1</LocationConstraint>")
            ->location_constraint.str() == "eu-west-1");
  CHECK(decoded<get_bucket_location_request>({}, "<LocationConstraint/>")->location_constraint.empty());  // us-east-1
}

TEST_CASE("lists, structures, and what is not there", "[decode]") {
  const auto out = decoded<list_buckets_request>(
      {}, R"(<x:ListAllMyBucketsResult xmlns:x="u"><x:Owner><x:ID>o</x:ID></x:Owner><x:Buckets><x:Bucket><x:Name>a</x:Name>
      <x:CreationDate>2013-05-24T01:02:03.000Z</x:CreationDate></x:Bucket><x:Bucket><x:Name><![CDATA[b<]]></x:Name></x:Bucket></x:Buckets></x:ListAllMyBucketsResult>)");
  REQUIRE(out);
  REQUIRE(out->buckets.size() == 2);
  CHECK(out->buckets[1].name == "b<");
  CHECK_FALSE(out->buckets[1].creation_date);
  CHECK(out->owner->id == "o");
  CHECK(out->owner->display_name.empty());
  CHECK(decoded<list_buckets_request>({}, "<ListAllMyBucketsResult/>")->buckets.empty());
}

TEST_CASE("members come in any order", "[decode]") {
  const auto out = decoded<list_objects_v2_request>(
      {},
      "<ListBucketResult><KeyCount>1</KeyCount><Contents><Size>5</Size><Key>k</Key></Contents><Name>b</Name>"
      "<Contents><ETag>e</ETag><Key>l</Key></Contents><IsTruncated>false</IsTruncated></ListBucketResult>");
  REQUIRE(out);
  CHECK(out->contents.size() == 2);
  CHECK(out->contents[0].size == 5);
  CHECK(out->contents[1].key == "l");
  CHECK(out->key_count == 1);
  CHECK(out->is_truncated == false);
}
