// How does a request become something that can be sent?
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/protocol/encode.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
template <class R>
wire::encoded_request encoded(const R& r) {
  wire::encoded_request out;
  encode(r, out);
  return out;
}
}  // namespace

TEST_CASE("members that are absent are not sent", "[encode]") {
  const auto e = encoded(put_object_request{.bucket = "b", .key = "k"});
  CHECK(e.fields.empty());
  CHECK(e.query.empty());
  CHECK(e.document.empty());
  CHECK(e.stream == nullptr);
  CHECK(e.refused.kind == error_kind::none);
  CHECK(encoded(create_bucket_request{.bucket = "b"}).document.empty());
}

TEST_CASE("an empty text is an absent one, and metadata and bodies may be empty", "[encode]") {
  const auto e =
      encoded(put_object_request{.bucket = "b", .key = "k", .body = "", .metadata = {{"empty", ""}}, .cache_control = "", .storage_class = ""});
  CHECK(e.stream != nullptr);
  CHECK_FALSE(e.fields.contains("Cache-Control"));
  CHECK_FALSE(e.fields.contains("x-amz-storage-class"));
  CHECK(e.fields.get("x-amz-meta-empty") == "");
  CHECK(encoded(list_objects_v2_request{.bucket = "b", .prefix = "", .delimiter = ""}).query == "list-type=2&encoding-type=url");
  CHECK(e.refused.kind == error_kind::none);
}

TEST_CASE("what is dangerous to forget is refused where it is there and empty", "[encode]") {
  const auto refused = [](const auto& request, std::string_view names) {
    const auto e = encoded(request);
    CAPTURE(names);
    CHECK(e.refused.kind == error_kind::invalid_argument);
    CHECK(e.refused.message.find(std::string(names) + " is there, but empty") != std::string::npos);
  };
  const head_object_response without_etag;
  refused(put_object_request{.bucket = "b", .key = "k", .if_match = without_etag.etag}, "If-Match");
  refused(put_object_request{.bucket = "b", .key = "k", .if_none_match = ""}, "If-None-Match");
  refused(put_object_request{.bucket = "b", .key = "k", .expected_bucket_owner = ""}, "x-amz-expected-bucket-owner");
  refused(get_object_request{.bucket = "b", .key = "k", .version_id = ""}, "versionId");
  refused(delete_object_request{.bucket = "b", .key = "k", .version_id = ""}, "versionId");
  refused(copy_object_request{.bucket = "b", .key = "k", .copy_source = {"b", "k", ""}}, "x-amz-copy-source");
  refused(copy_object_request{.bucket = "b", .key = "k", .copy_source = "b/k?versionId="}, "x-amz-copy-source");
  refused(copy_object_request{.bucket = "b", .key = "k", .copy_source = "b/k", .copy_source_if_match = ""}, "x-amz-copy-source-if-match");
  refused(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k", .version_id = ""}}}}, "VersionId");
  refused(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k"}, {.key = "l", .etag = ""}}}}, "ETag");
}

TEST_CASE("what the API requires is refused where it is missing in a path, a query or a header, and written in XML", "[encode]") {
  const auto refused = [](const auto& request, std::string_view names) {
    const auto e = encoded(request);
    CAPTURE(names);
    CHECK(e.refused.kind == error_kind::invalid_argument);
    CHECK(e.refused.message.find(names) != std::string::npos);
  };
  refused(get_object_request{.bucket = "b"}, "the key is empty");
  refused(get_object_request{.key = "k"}, "the bucket name is empty");
  refused(upload_part_request{.bucket = "b", .key = "k", .part_number = 1}, "uploadId is required");
  refused(copy_object_request{.bucket = "b", .key = "k"}, "x-amz-copy-source is required");
  refused(copy_object_request{.bucket = "b", .key = "k", .copy_source = "no-key"}, "x-amz-copy-source is required");
  refused(get_object_attributes_request{.bucket = "b", .key = "k"}, "x-amz-object-attributes is required");
  CHECK(encoded(put_bucket_tagging_request{.bucket = "b", .tagging = {{{"name", ""}}}}).document.find("<Key>name</Key><Value/>") !=
        std::string::npos);
}

TEST_CASE("the query has what the model's URI has, what is asked for, and defaults", "[encode]") {
  CHECK(encoded(get_bucket_location_request{.bucket = "b"}).query == "location");
  CHECK(encoded(list_objects_request{.bucket = "b"}).query == "encoding-type=url");
  CHECK(encoded(list_objects_request{.bucket = "b", .encoding_type = types::encoding_type{"other"}}).query ==
        "encoding-type=other");
  CHECK(encoded(list_objects_v2_request{.bucket = "b", .prefix = "a b&c=d/\xC3\xA4+", .max_keys = 5, .fetch_owner = true}).query ==
        "list-type=2&encoding-type=url&max-keys=5&prefix=a%20b%26c%3Dd%2F%C3%A4%2B&fetch-owner=true");
}

TEST_CASE("lists in headers and XML", "[encode]") {
  const auto e = encoded(list_objects_v2_request{
      .bucket = "b",
      .optional_object_attributes = {types::optional_object_attributes::restore_status, types::optional_object_attributes{"X"}}});
  CHECK(e.fields.get("x-amz-optional-object-attributes") == "RestoreStatus,X");
  const auto d =
      encoded(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "<a&b>"}, {.key = " "}}, .quiet = true}});
  CHECK(d.document ==
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>&lt;a&amp;b&gt;</Key></Object><Object><Key> "
        "</Key></Object><Quiet>true</Quiet></Delete>");
}

TEST_CASE("a list that is required is written when it is empty, others are not", "[encode]") {
  CHECK(encoded(put_object_tagging_request{.bucket = "b", .key = "k"}).document ==
        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet/></Tagging>");
  CHECK(encoded(create_bucket_request{.bucket = "b", .create_bucket_configuration = types::create_bucket_configuration{}}).document ==
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>");
}

TEST_CASE("the first thing that is refused is told", "[encode]") {
  const auto e = encoded(put_object_request{.bucket = "", .key = "", .cache_control = "\n"});
  CHECK(e.refused.kind == error_kind::invalid_argument);
  CHECK(e.refused.message == "the bucket name is empty");
}

TEST_CASE("names and values of headers", "[encode]") {
  for (const std::string_view good : {"a", "X-Amz_1", "!#$%&'*+-.^_`|~"}) CHECK(wire::is_header_name(good));
  for (const std::string_view bad : {"", "a b", "a:", "a\n", "(a)", "\xC3\xA4", "a\x7f"}) CHECK_FALSE(wire::is_header_name(bad));
  for (const std::string_view good : {"", "a\tb", "\xC3\xA4", " "}) CHECK(wire::is_header_value(good));
  for (const std::string_view bad : {"\r", "\n", "\x7f", "\x1f"}) CHECK_FALSE(wire::is_header_value(bad));
  CHECK_FALSE(wire::is_header_value(std::string_view{"\0", 1}));
}

TEST_CASE("nothing of a request is left for the next one in the same memory", "[encode]") {
  wire::encoded_request e;
  encode(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k"}}}, .mfa = "m\n"}, e);
  e.clear();
  encode(list_buckets_request{}, e);
  const auto fresh = encoded(list_buckets_request{});
  CHECK(e.spec == fresh.spec);
  CHECK(e.bucket == fresh.bucket);
  CHECK(e.has_bucket == fresh.has_bucket);
  CHECK(e.query == fresh.query);
  CHECK(e.fields == fresh.fields);
  CHECK(e.document.empty());
  CHECK(e.refused.kind == error_kind::none);

  const http::body body{"bytes"};
  encode(put_object_request{.bucket = "b", .key = "k", .body = body}, e);
  e.clear();
  encode(get_object_request{.bucket = "b", .key = "k2"}, e);
  CHECK(e.key == "k2");
  CHECK(e.stream == nullptr);
}
