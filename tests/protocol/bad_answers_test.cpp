// What becomes of an answer that S3 would not give, or gives tomorrow? Nothing crashes, nothing is invented, and what can be read is read.
//
// Each sample is a document of an operation, harmed in every way that is tried here. Two responses are the same where the server's side
// writes them down the same.
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/transports/embedded/serve.hpp>

#include "support/harness.hpp"

using namespace s3store;

namespace {

constexpr timestamp when{std::chrono::seconds{1369357323}};

template <class R>
result<response_of<R>> decoded(std::string body, headers fields = {}) {
  wire::received_answer from{.status = 200, .fields = &fields, .body = &body, .decode_urls = true};
  return decode<R>(from);
}

/// What was read, written down again: equal texts are equal responses.
struct reading {
  error_kind kind{};
  std::string text{};
  bool operator==(const reading&) const = default;
};
template <class R>
reading read(const std::string& body) {
  auto got = decoded<R>(body);
  if (!got) return {.kind = got.error().kind, .text = {}};
  auto written = s3store::embedded::encode_response<R>(std::move(*got));
  if (!written) return {.kind = error_kind::none, .text = "unwritable"};
  std::string fields;
  for (const auto [name, value] : written->fields) fields.append(name).append(": ").append(value).append("\n");
  return {.kind = error_kind::none, .text = fields + written->body};
}

struct sample {
  std::string name{};
  reading (*read)(const std::string&){};
  std::string root{};
  std::string inside{};
  std::string document() const { return "<" + root + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inside + "</" + root + ">"; }
};
template <class R>
sample of(std::string root, std::string inside) {
  return {std::string(R::spec.name), &read<R>, std::move(root), std::move(inside)};
}
const std::vector<sample>& samples() {
  static const auto* const all = new std::vector<sample>{
      of<list_objects_v2_request>("ListBucketResult",
                                  "<Name>b</Name><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><EncodingType>url"
                                  "</EncodingType><Contents><Key>a%2Bb</Key><LastModified>2013-05-24T01:02:03.000Z</LastModified><Size>5</Size>"
                                  "<StorageClass>STANDARD</StorageClass><Owner><ID>o</ID></Owner></Contents><CommonPrefixes><Prefix>p/</Prefix>"
                                  "</CommonPrefixes>"),
      of<list_buckets_request>("ListAllMyBucketsResult",
                               "<Buckets><Bucket><Name>b</Name><CreationDate>2013-05-24T01:02:03Z</CreationDate></Bucket></Buckets><Owner><ID>o"
                               "</ID></Owner>"),
      of<get_object_attributes_request>("GetObjectAttributesResponse",
                                        "<ETag>e</ETag><ObjectParts><PartsCount>2</PartsCount><Part><PartNumber>1</PartNumber><Size>5</Size></Part>"
                                        "</ObjectParts><ObjectSize>10</ObjectSize>"),
      of<get_bucket_lifecycle_configuration_request>(
          "LifecycleConfiguration",
          "<Rule><ID>r</ID><Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><Expiration><Date>2013-05-24T00:00:00.000Z</Date>"
          "</Expiration><Transition><Days>3</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>"),
      of<get_bucket_versioning_request>("VersioningConfiguration", "<Status>Enabled</Status>"),
      of<list_parts_request>("ListPartsResult",
                             "<UploadId>u</UploadId><Part><PartNumber>1</PartNumber><LastModified>2013-05-24T01:02:03Z</LastModified><Size>5</Size>"
                             "</Part>"),
      of<copy_object_request>("CopyObjectResult", "<LastModified>2013-05-24T01:02:03.000Z</LastModified><ETag>\"e\"</ETag>"),
      of<complete_multipart_upload_request>("CompleteMultipartUploadResult", "<Location>l</Location><Key>k</Key><ETag>e</ETag>"),
      of<get_object_retention_request>("Retention", "<Mode>GOVERNANCE</Mode><RetainUntilDate>2013-05-24T01:02:03Z</RetainUntilDate>"),
      of<delete_objects_request>("DeleteResult",
                                 "<Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>"),
      of<get_bucket_location_request>("LocationConstraint", "eu-west-1")};
  return *all;
}

/// The text of an element of a sample, exchanged.
std::string with(const sample& s, const std::string& element, const std::string& text) {
  std::string out = s.document();
  const auto start = out.find("<" + element + ">");
  REQUIRE(start != std::string::npos);
  const auto from = start + element.size() + 2;
  return out.replace(from, out.find("</", from) - from, text);
}
const sample& sample_of(std::string_view name) {
  for (const sample& s : samples())
    if (s.name == name) return s;
  FAIL(name);
  return samples()[0];
}

}  // namespace

TEST_CASE("a body that is no document, or another one, is no answer", "[bad_answers]") {
  for (const sample& s : samples()) {
    CAPTURE(s.name);
    for (const std::string& body :
         {std::string{}, std::string(" \r\n"), std::string("\xEF\xBB\xBF"), std::string("null"), std::string("{\"Contents\": []}"),
          std::string("<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome<br></body></html>"),
          std::string("<html><body><" + s.root + "/></body></html>"), std::string("<?xml version=\"1.0\"?>"),
          std::string("<Error><Code>InternalError</Code></Error>"), "x" + s.document(), s.document() + s.document(), s.document() + "x",
          std::string("<") + s.root, std::string("<Other>") + s.inside + "</Other>", std::string(100, '\0'), std::string("\x1f\x8b\x08\x00", 4),
          "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><" + s.root + ">&e;</" + s.root + ">",
          "<" + s.root + ">&unknown;</" + s.root + ">"}) {
      CAPTURE(body);
      CHECK(s.read(body) == reading{error_kind::malformed_response, {}});
    }
  }
}

TEST_CASE("a document that is cut off is no answer", "[bad_answers]") {
  for (const sample& s : samples()) {
    CAPTURE(s.name);
    const std::string whole = s.document();
    REQUIRE(s.read(whole).kind == error_kind::none);
    for (std::size_t size = 0; size != whole.size(); ++size)
      if (s.read(whole.substr(0, size)).kind != error_kind::malformed_response) FAIL(whole.substr(0, size));
  }
}

TEST_CASE("a document with a byte that is another one is read or refused", "[bad_answers]") {
  for (const sample& s : samples()) {
    const std::string whole = s.document();
    for (std::size_t at = 0; at != whole.size(); ++at)
      for (const char c : {'\0', '<', '>', '&', '"', '/', ' ', '9', '\x80', '\xff'}) {
        std::string harmed = whole;
        harmed[at] = c;
        const auto kind = s.read(harmed).kind;
        if (kind != error_kind::none && kind != error_kind::malformed_response) FAIL(harmed);
      }
  }
}

TEST_CASE("elements and attributes of tomorrow are passed over", "[bad_answers]") {
  for (const sample& s : samples()) {
    CAPTURE(s.name);
    const std::string whole = s.document();
    const reading right = s.read(whole);
    for (const std::string& news : {std::string("<Tomorrow/>"), std::string("<Tomorrow a=\"b\"><Key>x</Key><Size>none</Size>text</Tomorrow>"),
                                    std::string("<!-- remark --><?pi?>"), std::string("\n  ")}) {
      if (s.inside[0] != '<') continue;  // a text has no neighbours
      for (std::size_t at = whole.find('>') + 1; at != std::string::npos; at = whole.find('<', at + 1)) {
        // In front of every tag that follows no text.
        if (whole[at] != '<' || whole[at - 1] != '>') continue;
        const std::string more = whole.substr(0, at) + news + whole.substr(at);
        CAPTURE(more);
        CHECK(s.read(more) == right);
      }
    }
    std::string marked = whole;
    marked.insert(marked.find('>'), " tomorrow='1' xsi:type='x'");
    CHECK(s.read(marked) == right);
  }
}

TEST_CASE("what is not there stays absent", "[bad_answers]") {
  for (const sample& s : samples()) {
    CAPTURE(s.name);
    const reading none = s.read("<" + s.root + "/>");
    CHECK(none.kind == error_kind::none);
    CHECK(s.read("<" + s.root + "></" + s.root + ">") == none);
    CHECK(s.read("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + s.root + ">\n</" + s.root + ">\n").kind == error_kind::none);
  }
  const auto listed = decoded<list_objects_v2_request>("<ListBucketResult><Contents/></ListBucketResult>");
  REQUIRE(listed);
  CHECK(listed->name.empty());
  CHECK_FALSE(listed->is_truncated);
  CHECK_FALSE(listed->key_count);
  REQUIRE(listed->contents.size() == 1);
  CHECK(listed->contents[0].key.empty());
  CHECK_FALSE(listed->contents[0].size);
  CHECK_FALSE(listed->contents[0].last_modified);
  CHECK_FALSE(listed->contents[0].owner);
  CHECK(decoded<get_bucket_versioning_request>("<VersioningConfiguration/>")->status.empty());
  CHECK_FALSE(decoded<get_object_attributes_request>("<GetObjectAttributesResponse/>")->object_parts);
}

TEST_CASE("an enumeration's value of tomorrow passes through", "[bad_answers]") {
  for (const auto& [name, element] : {std::pair{"ListObjectsV2", "StorageClass"},
                                      {"GetBucketVersioning", "Status"},
                                      {"GetBucketLifecycleConfiguration", "Status"},
                                      {"GetObjectRetention", "Mode"}})
    for (const char* value : {"TOMORROW", "standard", "Enabled now", "1", "\xC3\xA4"}) {
      CAPTURE(name, value);
      const reading got = sample_of(name).read(with(sample_of(name), element, value));
      CHECK(got.text.find(std::string(">") + value + "</") != std::string::npos);
    }
  const auto listed = decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "StorageClass", "TOMORROW"));
  REQUIRE(listed);
  CHECK(listed->contents[0].storage_class.str() == "TOMORROW");
  CHECK_FALSE(listed->contents[0].storage_class == types::object_storage_class::standard);
  CHECK(decoded<get_bucket_location_request>("<LocationConstraint>mars-1</LocationConstraint>")->location_constraint.str() == "mars-1");
  CHECK(decoded<head_object_request>({}, {{"x-amz-storage-class", "TOMORROW"}})->storage_class.str() == "TOMORROW");
}

TEST_CASE("a number that is none", "[bad_answers]") {
  for (const auto& [name, element] : {std::pair{"ListObjectsV2", "Size"},
                                      {"ListObjectsV2", "KeyCount"},
                                      {"GetObjectAttributes", "PartsCount"},
                                      {"GetBucketLifecycleConfiguration", "Days"},
                                      {"ListParts", "PartNumber"}}) {
    const sample& s = sample_of(name);
    for (const char* value : {"many", "5 MiB", "0x5", "1.5", "1e3", "1,000", "--5", "+", "-", "5-", "\xD9\xA5", "99999999999999999999", "NaN", "true"}) {
      CAPTURE(name, element, value);
      CHECK(s.read(with(s, element, value)).kind == error_kind::malformed_response);
    }
    for (const char* value : {"", "  "}) {
      CAPTURE(name, element, value);
      const reading got = s.read(with(s, element, value));
      if (*value == '\0') CHECK(got.kind == error_kind::none);
      CHECK(got.text.find(std::string("<") + element + ">") == std::string::npos);  // no 0 in its place
    }
    CHECK(s.read(with(s, element, " 7\n")) == s.read(with(s, element, "7")));
  }
  for (const char* value : {"", "yes", "1", "many"}) {
    CAPTURE(value);
    const auto out = decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "IsTruncated", value));
    CHECK((out ? error_kind::none : out.error().kind) == (*value ? error_kind::malformed_response : error_kind::none));
    if (out) CHECK_FALSE(out->is_truncated);
  }
  // Beyond 32 bits, where the member has no more.
  CHECK(decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "Size", "5497558138880"))->contents[0].size == 5497558138880);
  CHECK(sample_of("ListParts").read(with(sample_of("ListParts"), "PartNumber", "5497558138880")).kind == error_kind::malformed_response);
}

TEST_CASE("a number or a flag in a header that is none leaves its member absent", "[bad_answers]") {
  for (const char* value : {"", "many", "5 MiB", "1.5", "99999999999999999999", "0x5", "5, 5", "-"}) {
    CAPTURE(value);
    const auto head = decoded<head_object_request>(
        {}, {{"Content-Length", value}, {"x-amz-mp-parts-count", value}, {"x-amz-delete-marker", value}, {"ETag", "\"e\""}});
    REQUIRE(head);
    CHECK_FALSE(head->content_length);
    CHECK_FALSE(head->parts_count);
    CHECK_FALSE(head->delete_marker);
    CHECK(head->etag == "\"e\"");
    const auto got = decoded<get_object_request>("bytes", {{"Content-Length", value}});
    REQUIRE(got);
    CHECK_FALSE(got->content_length);
    CHECK(got->body == "bytes");
  }
}

TEST_CASE("a date is read in each of its formats, wherever it stands", "[bad_answers]") {
  for (const char* text : {"2013-05-24T01:02:03Z", "2013-05-24T01:02:03.000Z", "2013-05-24T03:02:03+02:00", "20130524T010203Z",
                           "Fri, 24 May 2013 01:02:03 GMT", "Friday, 24-May-13 01:02:03 GMT", "Fri May 24 01:02:03 2013", "1369357323", "1369357323.000"}) {
    CAPTURE(text);
    CHECK(decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "LastModified", text))->contents[0].last_modified == when);
    CHECK(decoded<list_buckets_request>(with(sample_of("ListBuckets"), "CreationDate", text))->buckets[0].creation_date == when);
    CHECK(decoded<copy_object_request>(with(sample_of("CopyObject"), "LastModified", text))->copy_object_result->last_modified == when);
    CHECK(decoded<get_object_retention_request>(with(sample_of("GetObjectRetention"), "RetainUntilDate", text))->retention->retain_until_date == when);
    const auto head = decoded<head_object_request>({}, {{"Last-Modified", text}, {"x-amz-object-lock-retain-until-date", text}, {"Expires", text}});
    REQUIRE(head);
    CHECK(head->last_modified == when);
    CHECK(head->object_lock_retain_until_date == when);
    CHECK(head->expires == text);
  }
}

TEST_CASE("a date that is none", "[bad_answers]") {
  for (const char* text : {"yesterday", "2013-13-24T01:02:03Z", "2013-02-29T00:00:00Z", "2013-05-24T25:00:00Z", "2013-05-24T", "2013-05-24T01:02:03+99:00",
                           "Fri, 32 May 2013 01:02:03 GMT", "Fri, 24 Mai 2013 01:02:03 GMT", "Fri, 24 May 2013 01:02:03 CET",
                           "Friday, 24-May-13 01:02:03 CET", "13693573230000000000", "1e9", "0x1", "-", "T", "Z", ","}) {
    CAPTURE(text);
    for (const auto& [name, element] : {std::pair{"ListObjectsV2", "LastModified"}, {"ListBuckets", "CreationDate"}})
      CHECK(sample_of(name).read(with(sample_of(name), element, text)) == sample_of(name).read(with(sample_of(name), element, "")));
    // What is kept until a date, or expires then, must not seem to have none.
    for (const auto& [name, element] : {std::pair{"GetBucketLifecycleConfiguration", "Date"}, {"GetObjectRetention", "RetainUntilDate"}})
      CHECK(sample_of(name).read(with(sample_of(name), element, text)).kind == error_kind::malformed_response);
    const auto head = decoded<head_object_request>({}, {{"Last-Modified", text}, {"x-amz-object-lock-retain-until-date", text}, {"ETag", "e"}});
    REQUIRE(head);
    CHECK_FALSE(head->last_modified);
    CHECK_FALSE(head->object_lock_retain_until_date);
    CHECK(head->etag == "e");
  }
  const auto none = decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "LastModified", ""));
  REQUIRE(none);
  CHECK_FALSE(none->contents[0].last_modified);
}

TEST_CASE("a key that is not encoded as the answer says", "[bad_answers]") {
  for (const char* text : {"%", "%2", "%zz", "a%"}) {
    CAPTURE(text);
    CHECK(decoded<list_objects_v2_request>(with(sample_of("ListObjectsV2"), "Key", text))->contents[0].key == text);
  }
}

TEST_CASE("documents of a size or depth that no answer has", "[bad_answers]") {
  std::string deep = "<ListBucketResult>";
  for (int i = 0; i != 100'000; ++i) deep += "<a>";
  CHECK(decoded<list_objects_v2_request>(deep).error().kind == error_kind::malformed_response);
  for (int i = 0; i != 100'000; ++i) deep += "</a>";
  CHECK(decoded<list_objects_v2_request>(deep + "</ListBucketResult>").error().kind == error_kind::malformed_response);
  std::string bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c != 'm'; ++c) {
    bomb.append("<!ENTITY ").append(1, c).append(" \"");
    for (int i = 0; i != 10; ++i) bomb.append("&").append(1, static_cast<char>(c - 1)).append(";");
    bomb.append("\">");
  }
  CHECK(decoded<list_objects_v2_request>(bomb + "]><ListBucketResult><Name>&l;</Name></ListBucketResult>").error().kind ==
        error_kind::malformed_response);
}

TEST_CASE("a bad answer ends a call with an error that says what it was", "[bad_answers]") {
  const auto by = EACH_DRIVER;
  const auto error_of = [by](const auto& request, std::string body, headers fields = {}) {
    test::world<> w{by};
    for (int i = 0; i != 4; ++i) w.server.answer(200, fields, body);
    auto out = w.send(request);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(out.error().bucket == "b");
    CHECK(out.error().request_id == fields.value_or_empty("x-amz-request-id"));
    CHECK_FALSE(out.error().message.empty());
    CHECK(out.meta().status == 200);
    return out.error();
  };
  const std::string page = "<html><body>Sign in</body></html>";
  const list_objects_v2_request list{.bucket = "b"};
  CHECK(error_of(list, page, {{"x-amz-request-id", "id"}}).message.find("web page") != std::string::npos);
  CHECK(error_of(list, "").message.find("<ListBucketResult>") != std::string::npos);
  CHECK(error_of(list, "<ListBucketResult><Contents>").status == 200);
  CHECK(error_of(list, with(sample_of("ListObjectsV2"), "Size", "many")).message.find("Size") != std::string::npos);
  error_of(get_bucket_versioning_request{.bucket = "b"}, page);
  error_of(copy_object_request{.bucket = "b", .key = "l", .copy_source = {"b", "k"}}, page);
  error_of(copy_object_request{.bucket = "b", .key = "l", .copy_source = {"b", "k"}}, "");
  error_of(complete_multipart_upload_request{.bucket = "b", .key = "k", .upload_id = "u"}, page);
  error_of(complete_multipart_upload_request{.bucket = "b", .key = "k", .upload_id = "u"}, "   ");
}

TEST_CASE("a page in place of an error", "[bad_answers]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(403, {{"Content-Type", "text/html"}}, "<html><body>Blocked by the proxy</body></html>").answer(404).answer(403, {}, "<Error><Code>");
  const auto blocked = w.send(get_object_request{.bucket = "b", .key = "k"});
  REQUIRE_FALSE(blocked);
  CHECK(blocked.error().kind == error_kind::access_denied);
  CHECK(blocked.error().code.empty());
  CHECK(blocked.error().status == 403);
  CHECK(w.send(get_object_request{.bucket = "b", .key = "k"}).error().kind == error_kind::not_found);
  CHECK(w.send(get_object_request{.bucket = "b", .key = "k"}).error().kind == error_kind::access_denied);
}
