// What leaves? The bytes of a key, the fields that a call adds, and nothing else.
#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> names(const headers& fields) {
  std::vector<std::string> out;
  for (const auto [name, value] : fields) out.push_back(detail::lower_case(name));
  std::sort(out.begin(), out.end());
  return out;
}
std::string path_of(test::world<>& w, std::size_t n = 0) { return test::url_parts{w.sent(n).url}.path; }
using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a key is bytes: encoded once, never normalised", "[call]") {
  test::world<> w{EACH_DRIVER};
  const std::pair<std::string_view, std::string_view> table[] = {{"a", "/a"},
                                                                 {"a//b", "/a//b"},
                                                                 {"a/../b", "/a/../b"},
                                                                 {"./x", "/./x"},
                                                                 {"..", "/.."},
                                                                 {"a/", "/a/"},
                                                                 {"/a", "//a"},
                                                                 {"/", "//"},
                                                                 {"a+b", "/a%2Bb"},
                                                                 {"a%20b", "/a%2520b"},
                                                                 {"a=b?c&d#e", "/a%3Db%3Fc%26d%23e"},
                                                                 {" ", "/%20"},
                                                                 {"a b", "/a%20b"},
                                                                 {"\xC3\xA4/\xE2\x82\xAC", "/%C3%A4/%E2%82%AC"},
                                                                 {"\xff\x01", "/%FF%01"},
                                                                 {"~-._", "/~-._"},
                                                                 {"!*'();:@$,[]", "/%21%2A%27%28%29%3B%3A%40%24%2C%5B%5D"},
                                                                 {"\r\n", "/%0D%0A"}};
  std::size_t n = 0;
  for (const auto& [key, path] : table) {
    w.server.answer(200);
    REQUIRE(w.send(get_object_request{.bucket = "b-1", .key = std::string(key)}));  // the harness verifies the signature
    CHECK(w.sent(n++).url == "https://b-1.s3.us-east-1.amazonaws.com" + std::string(path));
  }
  w.server.answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "b-1", .key = std::string("a\0b", 3)}));
  CHECK(path_of(w, n) == "/a%00b");
}

TEST_CASE("a copy's source goes through the same encoder", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.compute([](const recorded_request&) { return scripted_reply{.body = "<CopyObjectResult/>"}; }, true);
  REQUIRE(w.send(copy_object_request{.bucket = "b", .key = "k", .copy_source = {"from", "a+b c/\xC3\xA4?versionId=no"}}));
  CHECK(w.header("x-amz-copy-source") == "from/a%2Bb%20c/%C3%A4%3FversionId%3Dno");
  REQUIRE(w.send(copy_object_request{.bucket = "b", .key = "k", .copy_source = {"from", "k", "v/1+"}}));
  CHECK(w.header("x-amz-copy-source", 1) == "from/k?versionId=v%2F1%2B");
}

TEST_CASE("nothing is sent that is not due", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("a read") {
    w.server.answer(200);
    REQUIRE(w.send(head_object_request{.bucket = "b-1", .key = "k"}));
    CHECK(names(w.sent().fields) == list{"authorization", "user-agent", "x-amz-content-sha256", "x-amz-date"});
    CHECK(w.header("x-amz-content-sha256") == "UNSIGNED-PAYLOAD");
    CHECK_FALSE(w.sent().has_body);
  }
  SECTION("a download asks for its checksum") {
    w.server.answer(200);
    REQUIRE(w.send(get_object_request{.bucket = "b-1", .key = "k"}));
    CHECK(names(w.sent().fields) ==
          list{"authorization", "user-agent", "x-amz-checksum-mode", "x-amz-content-sha256", "x-amz-date"});
    CHECK(w.header("x-amz-checksum-mode") == "ENABLED");
  }
  SECTION("an upload brings one") {
    w.server.answer(200);
    REQUIRE(w.send(put_object_request{.bucket = "b-1", .key = "k", .body = "hello"}));
    CHECK(names(w.sent().fields) == list{"authorization", "user-agent", "x-amz-checksum-crc64nvme", "x-amz-content-sha256",
                                         "x-amz-date", "x-amz-sdk-checksum-algorithm"});
  }
  SECTION("each request is one exchange") {
    w.server.answer(204).answer(200);
    REQUIRE(w.send(delete_object_request{.bucket = "b-1", .key = "k"}));
    REQUIRE(w.send(create_bucket_request{.bucket = "b-1"}));
    CHECK(w.server.tried() == 2);
  }
  SECTION("a constructor does nothing at all") {
    w.client();
    CHECK(w.server.tried() == 0);
    CHECK(w.identity.fetched() == 0);
  }
}

TEST_CASE("the settings' defaults travel where the operation has none of its own", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.set.expected_bucket_owner = "123456789012";
  w.set.request_payer = "requester";
  w.set.user_agent_suffix = "vault/1.0 (test)";
  w.server.compute([](const recorded_request&) { return scripted_reply{.body = "<ListAllMyBucketsResult/>"}; }, true);
  REQUIRE(w.send(head_object_request{.bucket = "b", .key = "k"}));
  CHECK(w.header("x-amz-expected-bucket-owner") == "123456789012");
  CHECK(w.header("x-amz-request-payer") == "requester");
  CHECK(w.header("User-Agent") == "s3store/" + std::string(version) + " vault/1.0 (test)");
  REQUIRE(w.send(head_object_request{.bucket = "b", .key = "k", .expected_bucket_owner = "2"}));
  CHECK(w.header("x-amz-expected-bucket-owner", 1) == "2");
  REQUIRE(w.send(list_buckets_request{}));
  CHECK(w.header("x-amz-expected-bucket-owner", 2).empty());
  CHECK(w.header("x-amz-request-payer", 2).empty());
}

TEST_CASE("options add headers and parameters, which are signed", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200);
  const call_options o{.fields = {{"X-Own", "a  b"}, {"User-Agent", "mine"}, {"Range", "bytes=0-1"}},
                       .query = {{"x-id", "GetObject"}, {"a b", "c+d&e"}, {"empty", ""}}};
  REQUIRE(w.send(get_object_request{.bucket = "b", .key = "k", .version_id = "v1"}, o));
  CHECK(w.header("X-Own") == "a  b");
  CHECK(w.header("User-Agent") == "mine");
  CHECK(w.header("Range") == "bytes=0-1");
  CHECK(test::url_parts{w.sent().url}.query == "versionId=v1&x-id=GetObject&a%20b=c%2Bd%26e&empty=");
  CHECK(w.header("authorization").find("range;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date;x-own,") != std::string::npos);
  // For that call only.
  w.server.answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "b", .key = "k"}));
  CHECK(w.header("X-Own", 1).empty());
}

TEST_CASE("limits reach the exchange", "[call]") {
  test::world<> w{test::driver::blocking};
  w.set.limits.connect = 3s;
  sans_io::session<test::policies> shared{w.set, {.credentials = w.identity, .clock = w.clock}};
  const get_object_request r{.bucket = "b", .key = "k"};
  const auto exchange_of = [&](const call_options& o) {
    sans_io::call machine{r, shared, o};
    auto step = machine.next(w.clock.now());
    if (std::holds_alternative<sans_io::need_credentials>(step)) {
      machine.credentials(w.identity.load({}));
      step = machine.next(w.clock.now());
    }
    REQUIRE(std::get_if<sans_io::send>(&step));
    return std::get_if<sans_io::send>(&step)->what;
  };
  const auto usual = exchange_of({});
  CHECK(usual.within.connect == 3s);
  CHECK(usual.within.first_byte == 60s);
  CHECK(usual.within.idle == 30s);
  CHECK(usual.within.deadline == (steady_time::max)());
  CHECK(usual.in != nullptr);
  cancel_source stop;
  const auto own = exchange_of({.limits = call_limits{.first_byte = 1s, .total = 5s}, .stop = stop.token()});
  CHECK(own.within.connect == 10s);
  CHECK(own.within.first_byte == 1s);
  CHECK(own.within.deadline == w.clock.now().steady + 5s);
  CHECK(own.stop.can_cancel());
}

TEST_CASE("anonymous requests go unsigned", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put(auth::credentials{});
  w.server.answer(200).answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "b-1", .key = "k"}));
  CHECK(names(w.sent().fields) == list{"user-agent", "x-amz-checksum-mode"});
  REQUIRE(w.send(put_object_request{.bucket = "b-1", .key = "k", .body = "hello"}));
  CHECK(names(w.sent(1).fields) == list{"user-agent", "x-amz-checksum-crc64nvme", "x-amz-sdk-checksum-algorithm"});
}

TEST_CASE("a session token is sent and signed", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put("AKID", "secret", "token//+=");
  w.server.answer(200);
  REQUIRE(w.send(head_bucket_request{.bucket = "b"}));
  CHECK(w.header("x-amz-security-token") == "token//+=");
}

TEST_CASE("the digest of a customer's key is added, and the key is base64", "[call]") {
  test::world<> w{EACH_DRIVER};
  const std::string raw = "01234567890123456789012345678901";
  // python3 -c "import base64,hashlib;k=b'01234567890123456789012345678901';print(base64.b64encode(k),base64.b64encode(hashlib.md5(k).digest()))"
  const std::string key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", md5 = "KYvwGXoFFJ42a2u2GDWhwQ==";
  const std::string prefix = "x-amz-server-side-encryption-customer-",
                    source = "x-amz-copy-source-server-side-encryption-customer-";
  SECTION("of the object") {
    w.server.answer(200);
    REQUIRE(w.send(get_object_request{.bucket = "b", .key = "k", .sse_customer_key = secret_string{raw}}));
    CHECK(w.header(prefix + "key") == key);
    CHECK(w.header(prefix + "key-MD5") == md5);
    CHECK(w.header(prefix + "algorithm") == "AES256");
  }
  SECTION("of a copy's source") {
    w.server.answer(200, {}, "<CopyObjectResult/>");
    REQUIRE(w.send(copy_object_request{
        .bucket = "b", .key = "k", .copy_source = {"b", "s"}, .copy_source_sse_customer_key = secret_string{raw}}));
    CHECK(w.header(source + "key-MD5") == md5);
    CHECK(w.header(source + "algorithm") == "AES256");
    CHECK(w.header(prefix + "key").empty());
  }
  SECTION("what the caller gives stays") {
    w.server.answer(200);
    REQUIRE(w.send(get_object_request{.bucket = "b",
                                      .key = "k",
                                      .sse_customer_algorithm = "X",
                                      .sse_customer_key = secret_string{raw},
                                      .sse_customer_key_md5 = "own"}));
    CHECK(w.header(prefix + "key-MD5") == "own");
    CHECK(w.header(prefix + "algorithm") == "X");
  }
  SECTION("a key of another size is refused, and not told") {
    const auto out = w.send(get_object_request{.bucket = "b", .key = "k", .sse_customer_key = "short"});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
    CHECK(out.error().message.find("32 bytes") != std::string::npos);
    CHECK(out.error().message.find("short") == std::string::npos);
    CHECK(w.server.tried() == 0);
  }
}

TEST_CASE("listings ask for encoded keys and decode them, unless the caller asked", "[call]") {
  test::world<> w{EACH_DRIVER};
  const std::string answer =
      "<ListBucketResult><EncodingType>url</EncodingType><Prefix>a%2Bb/</Prefix><Delimiter>%2F</Delimiter><StartAfter>s+t</"
      "StartAfter>"
      "<NextContinuationToken>a+b%20c</NextContinuationToken>"
      "<Contents><Key>a%2Bb/c+d%0A%C3%A4</Key></Contents><CommonPrefixes><Prefix>a%2Bb/+/</Prefix></CommonPrefixes></"
      "ListBucketResult>";
  w.server.answer(200, {}, answer);
  SECTION("by default") {
    const auto out = w.send(list_objects_v2_request{.bucket = "b", .prefix = "a+b/"});
    REQUIRE(out);
    CHECK(test::url_parts{w.sent().url}.query == "list-type=2&encoding-type=url&prefix=a%2Bb%2F");
    CHECK(out->prefix == "a+b/");
    CHECK(out->delimiter == "/");
    CHECK(out->start_after == "s t");
    CHECK(out->contents[0].key == "a+b/c d\n\xC3\xA4");
    CHECK(out->common_prefixes[0].prefix == "a+b/ /");
    CHECK(out->next_continuation_token == "a+b%20c");  // is no key
  }
  SECTION("the caller's wish") {
    const auto out = w.send(list_objects_v2_request{.bucket = "b", .encoding_type = types::encoding_type::url});
    REQUIRE(out);
    CHECK(out->contents[0].key == "a%2Bb/c+d%0A%C3%A4");
    CHECK(out->common_prefixes[0].prefix == "a%2Bb/+/");
  }
}

TEST_CASE("a store that does not encode is taken at its word", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {}, "<ListBucketResult><Contents><Key>a%2Bb+c</Key></Contents></ListBucketResult>");
  CHECK(w.send(list_objects_v2_request{.bucket = "b"})->contents[0].key == "a%2Bb+c");
}
