// What does a call refuse before anything is sent, and what does an answer have to be?
#include "support/harness.hpp"

#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

/// The request is refused, and nothing of it has left.
template <class R>
error refused(test::world<>& w, const R& r, const call_options& o = {}, error_kind kind = error_kind::invalid_argument) {
  auto out = w.send(r, o);
  REQUIRE_FALSE(out);
  INFO(out.error().describe());
  CHECK(out.error().kind == kind);
  CHECK(out.error().attempts == 0);
  CHECK(out.meta().attempts == 0);
  CHECK(w.server.tried() == 0);
  CHECK(w.seen.events().empty());
  return std::move(out.error());
}

bool mentions(const error& e, std::string_view text) { return e.message.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("a bucket or key that cannot be addressed is refused", "[call]") {
  test::world<> w{EACH_DRIVER};
  CHECK(mentions(refused(w, get_object_request{.bucket = "", .key = "k"}), "bucket name is empty"));
  CHECK(mentions(refused(w, get_object_request{.bucket = "b", .key = ""}), "key is empty"));
  for (const std::string_view bad :
       {"a/b", "a b", "a?b", "a#b", "a%2fb", "a@evil.example", "a:80", "..", ".", "\xC3\xA4", "a\r\nHost: x", "a\\b"})
    CHECK(mentions(refused(w, get_object_request{.bucket = std::string(bad), .key = "k"}), "bucket name"));
  CHECK(mentions(refused(w, get_object_request{.bucket = std::string("a\0b", 3), .key = "k"}), "bucket name"));
  CHECK(mentions(refused(w, get_object_request{.bucket = std::string(256, 'a'), .key = "k"}), "255"));
}

TEST_CASE("a malformed setting is the error of the first call", "[call]") {
  test::world<> w{EACH_DRIVER};
  const get_object_request r{.bucket = "bucket", .key = "k"};
  SECTION("endpoints") {
    for (const std::string_view bad :
         {"localhost:9000", "ftp://x", "http://", "https://x?q", "http://x:99999", "http://x y", "http://[::1"}) {
      test::world<> each{test::driver::blocking};
      each.set.endpoint = bad;
      refused(each, r);
    }
  }
  SECTION("a password in an endpoint is in no message") {
    w.set.endpoint = "https://user:hunter2@host";
    CHECK_FALSE(mentions(refused(w, r), "hunter2"));
  }
  SECTION("no region") {
    w.set.region = "";
    refused(w, r, {}, error_kind::configuration);
  }
  SECTION("a region that would be another host") {
    w.set.region = "evil.example/";
    refused(w, r, {}, error_kind::configuration);
  }
  SECTION("headers that every request carries") {
    w.set.user_agent_suffix = "x\r\nEvil: 1";
    CHECK(mentions(refused(w, r, {}, error_kind::configuration), "user_agent_suffix"));
  }
  SECTION("the bucket's owner") {
    w.set.expected_bucket_owner = "1\nEvil: 1";
    CHECK(mentions(refused(w, r, {}, error_kind::configuration), "expected_bucket_owner"));
  }
  SECTION("the payer") {
    w.set.request_payer = std::string("r\0", 2);
    CHECK(mentions(refused(w, r, {}, error_kind::configuration), "request_payer"));
  }
}

TEST_CASE("a header that would become two is refused", "[call]") {
  test::world<> w{EACH_DRIVER};
  for (const std::string_view bad : {"a\rb", "a\nb", "a\r\nx-amz-acl: public-read", "a\x01", "a\x7f"}) {
    CHECK(mentions(refused(w, put_object_request{.bucket = "b", .key = "k", .cache_control = std::string(bad)}), "Cache-Control"));
    CHECK(mentions(refused(w, put_object_request{.bucket = "b", .key = "k", .metadata = {{"note", bad}}}), "note"));
    CHECK(mentions(refused(w, get_object_request{.bucket = "b", .key = "k"}, {.fields = {{"X-Own", bad}}}), "X-Own"));
  }
  refused(w, put_object_request{.bucket = "b", .key = "k", .cache_control = std::string("a\0b", 3)});
  for (const std::string_view bad : {"", "a b", "a:b", "a\r\n", "\xC3\xA4"}) {
    refused(w, put_object_request{.bucket = "b", .key = "k", .metadata = {{bad, "v"}}});
    refused(w, get_object_request{.bucket = "b", .key = "k"}, {.fields = {{bad, "v"}}});
  }
  CHECK(mentions(refused(w, put_object_request{.bucket = "b", .key = "k", .metadata = {{"name", "M\xC3\xBCller"}}}), "not ASCII"));
}

TEST_CASE("a required member that is empty is refused, because it would make another request", "[call]") {
  test::world<> w{EACH_DRIVER};
  CHECK(mentions(refused(w, abort_multipart_upload_request{.bucket = "b", .key = "k"}), "uploadId"));
  CHECK(mentions(refused(w, copy_object_request{.bucket = "b", .key = "k"}), "x-amz-copy-source"));
  CHECK(mentions(refused(w, copy_object_request{.bucket = "b", .key = "k", .copy_source = {"source", ""}}), "x-amz-copy-source"));
}

TEST_CASE("texts that cannot stand in XML are refused", "[call]") {
  test::world<> w{EACH_DRIVER};
  for (const std::string_view bad : {"a\x01", "\xff"})
    CHECK(mentions(refused(w, delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = std::string(bad)}}}}),
                   "<Delete>"));
}

TEST_CASE("an answer that S3 would not give is no response", "[call]") {
  test::world<> w{EACH_DRIVER};
  const auto list = [&w](std::string body) {
    for (int i = 0; i != 3; ++i) w.server.answer(200, {}, body);
    auto out = w.send(list_objects_v2_request{.bucket = "b"});
    REQUIRE_FALSE(out);
    INFO(out.error().describe());
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(out.error().attempts == 3);  // the next answer may be S3's
    CHECK(out.error().bucket == "b");
    CHECK(out.meta().status == 200);
    CHECK(w.server.left() == 0);
    return std::move(out.error());
  };
  SECTION("nothing where a document is due: it would read as a bucket without objects") {
    CHECK(mentions(list(""), "ListBucketResult"));
    list(" \n");
  }
  SECTION("cut off") { list("<ListBucketResult><Contents><Key>a</Key></Contents>"); }
  SECTION("another root") { CHECK(mentions(list("<ListVersionsResult/>"), "ListVersionsResult")); }
  SECTION("a page of a proxy's") { list("<html><head><title>Sign in</title></head><body>Welcome<br></body></html>"); }
  SECTION("JSON") { list("{\"keys\": []}"); }
  SECTION("nested too deep") {
    std::string deep = "<ListBucketResult>";
    for (int i = 0; i != 100'000; ++i) deep += "<a>";
    list(std::move(deep));
  }
  SECTION("an entity of its own") {
    list("<!DOCTYPE x [<!ENTITY e \"boom\">]><ListBucketResult><Name>&e;</Name></ListBucketResult>");
  }
  SECTION("a number that is none") {
    CHECK(mentions(list("<ListBucketResult><MaxKeys>many</MaxKeys></ListBucketResult>"), "MaxKeys"));
    list("<ListBucketResult><MaxKeys>99999999999</MaxKeys></ListBucketResult>");
    list("<ListBucketResult><Contents><Size>-</Size></Contents></ListBucketResult>");
  }
  SECTION("a flag that is none") { list("<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>"); }
}

TEST_CASE("after an answer that S3 would not give, the next one may be right", "[call]") {
  const auto by = EACH_DRIVER;
  for (const std::string bad : {"", "<ListBucketResult><Contents><Key>a</Key></Contents>", "<html><body>Sign in</body></html>",
                                "<ListBucketResult><Contents><Key>a</Key><Size>-</Size></Contents></ListBucketResult>"}) {
    CAPTURE(bad);
    test::world<> w{by};
    w.server.answer(200, {}, bad).answer(200, {}, "<ListBucketResult><Contents><Key>b</Key></Contents></ListBucketResult>");
    const auto out = w.send(list_objects_v2_request{.bucket = "b"});
    REQUIRE(out);
    REQUIRE(out->contents.size() == 1);  // and nothing of the first answer is left
    CHECK(out->contents[0].key == "b");
    CHECK(out.meta().attempts == 2);
    CHECK(w.waits().size() == 1);
  }
}

TEST_CASE("a date that cannot be read costs that date, and not the page", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {},
                  "<ListBucketResult><Contents><Key>a</Key><LastModified>yesterday</LastModified><Size>5</Size></Contents>"
                  "<Contents><Key>b</Key><LastModified>2013-05-24T01:02:03Z</LastModified></Contents></ListBucketResult>");
  const auto out = w.send(list_objects_v2_request{.bucket = "b"});
  REQUIRE(out);
  REQUIRE(out->contents.size() == 2);
  CHECK_FALSE(out->contents[0].last_modified);
  CHECK(out->contents[0].size == 5);
  CHECK(out->contents[1].last_modified);
  CHECK(out.meta().unreadable == std::vector<std::string>{"LastModified"});
}

TEST_CASE("an element that is not encoded, although the answer says so, is taken as it is", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {},
                  "<ListBucketResult><EncodingType>url</EncodingType><Prefix>100% sure/</Prefix><Delimiter>%</Delimiter>"
                  "<Contents><Key>100%25+sure%2Fa</Key></Contents></ListBucketResult>");
  const auto out = w.send(list_objects_v2_request{.bucket = "b"});
  REQUIRE(out);
  CHECK(out->prefix == "100% sure/");
  CHECK(out->delimiter == "%");
  CHECK(out->contents.at(0).key == "100% sure/a");
}

TEST_CASE("an answer longer than the client reads is refused, and not asked for again", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.set.max_document = 10'000;
  w.server.answer(200, {}, "<ListBucketResult><Name>" + std::string(10'000, 'x') + "</Name></ListBucketResult>");
  const auto out = w.send(list_objects_v2_request{.bucket = "b"});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::malformed_response);
  CHECK(mentions(out.error(), "10000"));
  CHECK(out.error().attempts == 1);
}

TEST_CASE("the size of an answer may be set beyond what a document has by default", "[call]") {
  test::world<> w{test::driver::blocking};
  w.set.max_document = 80u << 20;
  w.server.answer(200, {}, "<ListBucketResult><Name>" + std::string(65u << 20, 'x') + "</Name></ListBucketResult>");
  const auto out = w.send(list_objects_v2_request{.bucket = "b"});
  REQUIRE(out);
  CHECK(out->name.size() == 65u << 20);
}

TEST_CASE("a header whose value cannot be read costs its member, and not the body", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {{"Content-Length", "5"}, {"x-amz-mp-parts-count", "three"}, {"Last-Modified", "yesterday"}}, "hello");
  const auto out = w.send(get_object_request{.bucket = "b", .key = "k"});
  REQUIRE(out);
  CHECK(out->body == "hello");
  CHECK(out->content_length == 5);
  CHECK_FALSE(out->parts_count);
  CHECK_FALSE(out->last_modified);
  CHECK(out.meta().fields.get("Last-Modified") == "yesterday");
  CHECK(out.meta().unreadable == std::vector<std::string>{"Last-Modified", "x-amz-mp-parts-count"});
}

TEST_CASE("what is unknown is passed over, and tomorrow's values pass through", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {{"x-amz-new", "1"}, {"x-amz-request-charged", "somebody"}}, R"(<?xml version="1.0" encoding="UTF-8"?>
    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/" new="1"><New><Key>x</Key></New><MaxKeys/><Prefix/>
    <Contents><StorageClass>QUANTUM</StorageClass><Key>a</Key><LastModified>2013-05-24T01:02:03.000Z</LastModified></Contents>
    <Contents><Key>b</Key><LastModified>Fri, 24 May 2013 01:02:03 GMT</LastModified></Contents>
    <Contents><Key> </Key><LastModified>1369357323</LastModified></Contents></ListBucketResult>)");
  const auto out = w.send(list_objects_v2_request{.bucket = "b"});
  if (!out) FAIL(out.error().describe());
  REQUIRE(out->contents.size() == 3);
  CHECK(out->contents[0].storage_class.str() == "QUANTUM");
  CHECK(out->contents[0].key == "a");
  CHECK(out->contents[2].key == " ");
  for (const auto& each : out->contents) CHECK(each.last_modified == timestamp{1369357323s});
  CHECK_FALSE(out->max_keys);
  CHECK(out->prefix == "");
  CHECK(out->request_charged.str() == "somebody");
}
