// What does one get who asks for a URL or a form that does one thing for a while?
#include "support/harness.hpp"

#include <s3store/transports/embedded/verify_post.hpp>
#include <s3store/json/document.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

/// The URL works: whoever sends these fields to it is let in.
void check_works(test::world<>& w, const presigned_url& made, timestamp at) {
  const test::url_parts url{made.url};
  const auto given = embedded::presented(url.query, {});
  REQUIRE(given);
  REQUIRE(*given);
  auth::signer with;
  const auth::signable what{.method = to_string(made.method), .path = url.path, .query = url.query, .host = url.authority};
  const auto right =
      embedded::verify_signature(with, **given, what, made.fields, *w.identity.find((*given)->access_key_id), {.region = "us-east-1"}, at);
  if (!right) FAIL(right.error().describe());
}
std::string_view parameter(const std::string& url, const std::string& name) {
  const auto at = url.find("&" + name + "=");
  if (at == std::string::npos) return {};
  const auto value = std::string_view{url}.substr(at + name.size() + 2);
  return value.substr(0, value.find('&'));
}

}  // namespace

TEST_CASE("presigning adds nothing that was not asked for", "[presign]") {
  test::world<> w{test::driver::blocking};
  w.set.expected_bucket_owner = "123456789012";
  w.set.request_payer = "requester";
  w.set.user_agent_suffix = "x";
  SECTION("a download") {
    const auto made = w.client().presign(get_object_request{.bucket = "bucket", .key = "a b/\xC3\xA4+"}, 15min);
    REQUIRE(made);
    CHECK(made->url.starts_with("https://bucket.s3.us-east-1.amazonaws.com/a%20b/%C3%A4%2B?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
    CHECK(parameter(made->url, "X-Amz-SignedHeaders") == "host");
    CHECK(parameter(made->url, "X-Amz-Expires") == "900");
    CHECK(made->method == http::method::get);
    CHECK(made->fields.empty());
    CHECK(made->expires == w.clock.now().wall + 15min);
    check_works(w, *made, w.clock.now().wall + 14min);
  }
  SECTION("an upload, whatever its body") {
    const auto made = w.client().presign(put_object_request{.bucket = "bucket", .key = "k", .body = "this is not sent"}, 1h);
    REQUIRE(made);
    CHECK(made->method == http::method::put);
    CHECK(made->fields.empty());
    check_works(w, *made, w.clock.now().wall);
  }
  SECTION("parameters of the request") {
    const auto made =
        w.client().presign(upload_part_request{.bucket = "bucket", .key = "k", .part_number = 3, .upload_id = "u/1"}, 1h);
    REQUIRE(made);
    CHECK(made->url.find("?partNumber=3&uploadId=u%2F1&X-Amz-Algorithm") != std::string::npos);
    check_works(w, *made, w.clock.now().wall);
  }
  CHECK(w.server.tried() == 0);
  CHECK(w.seen.events().empty());
}

TEST_CASE("what was asked for is signed, and handed back to be sent", "[presign]") {
  test::world<> w{test::driver::blocking};
  const put_object_request r{.bucket = "bucket",
                             .key = "k",
                             .content_type = "text/plain",
                             .metadata = {{"Name", "v"}},
                             .checksum_algorithm = types::checksum_algorithm::sha256,
                             .sse_customer_key = secret_string{std::string(32, 'k')}};
  const auto made = w.client().presign(r, 1h, {.fields = {{"x-own", "1"}}, .query = {{"x-id", "PutObject"}}});
  REQUIRE(made);
  CHECK(made->fields.get("content-type") == "text/plain");
  CHECK(made->fields.get("x-amz-meta-name") == "v");
  CHECK(made->fields.get("x-amz-sdk-checksum-algorithm") == "SHA256");
  CHECK(made->fields.get("x-own") == "1");
  CHECK(made->fields.contains("x-amz-server-side-encryption-customer-key-MD5"));
  CHECK_FALSE(made->fields.contains("x-amz-checksum-sha256"));
  CHECK(made->url.find("?x-id=PutObject&") != std::string::npos);
  check_works(w, *made, w.clock.now().wall);
}

TEST_CASE("a presigned URL is valid from a second to a week", "[presign]") {
  test::world<> w{test::driver::blocking};
  const get_object_request r{.bucket = "bucket", .key = "k"};
  for (const std::chrono::seconds bad : {0s, -5s, std::chrono::seconds{7 * 24h} + 1s}) {
    const auto made = w.client().presign(r, bad);
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == error_kind::invalid_argument);
    CHECK(made.error().operation == "GetObject");
  }
  CHECK(w.client().presign(r, 7 * 24h));
}

TEST_CASE("presigning needs a request that could be sent, and credentials", "[presign]") {
  test::world<> w{test::driver::blocking};
  CHECK(w.client().presign(get_object_request{.bucket = "", .key = "k"}, 1h).error().kind == error_kind::invalid_argument);
  test::world<> none{test::driver::blocking};
  none.identity.put(detail::fail(error_kind::credentials, "none"));
  CHECK(none.client().presign(get_object_request{.bucket = "b", .key = "k"}, 1h).error().kind == error_kind::credentials);
}

TEST_CASE("a session token is part of the URL", "[presign]") {
  test::world<> w{test::driver::blocking};
  w.identity.put("AKID", "s", "to/ken");
  const auto made = w.client().presign(get_object_request{.bucket = "b", .key = "k"}, 1h);
  REQUIRE(made);
  CHECK(parameter(made->url, "X-Amz-Security-Token") == "to%2Fken");
  check_works(w, *made, w.clock.now().wall);
}

TEST_CASE("a form for a browser's upload", "[presign]") {
  test::world<> w{test::driver::blocking};
  const auto made = w.client().presign_post(
      "bucket", "up/${filename}", 1h,
      {auth::post_condition::content_length_range(1, 1000), auth::post_condition::starts_with("Content-Type", "image/")},
      {{"acl", "public-read"}});
  REQUIRE(made);
  CHECK(made->url == "https://bucket.s3.us-east-1.amazonaws.com");
  const auto field = [&made](std::string_view name) { return std::string(embedded::find_field(made->fields, name).value_or("")); };
  CHECK(field("key") == "up/${filename}");
  CHECK(field("acl") == "public-read");
  CHECK(field("x-amz-date") == "20130524T000000Z");
  const auto policy = detail::from_base64(field("policy"));
  REQUIRE(policy);
  for (const std::string_view part : {"\"expiration\": \"2013-05-24T01:00:00Z\"", "[\"content-length-range\", 1, 1000]",
                                      "[\"starts-with\", \"$Content-Type\", \"image/\"]", "{\"acl\": \"public-read\"}",
                                      "{\"bucket\": \"bucket\"}", "[\"starts-with\", \"$key\", \"up/\"]"})
    CHECK(policy->find(part) != std::string::npos);
  auth::signer with;
  auto key = with.key_for(*w.identity.find("AKIDEXAMPLE"), {.region = "us-east-1"}, w.clock.now().wall);
  REQUIRE(key);
  CHECK(with.sign_policy(*key, field("policy")) == field("x-amz-signature"));
}

TEST_CASE("a form that could never be used is refused", "[presign]") {
  test::world<> w{test::driver::blocking};
  const auto kind = [&w](auto... arguments) { return w.client().presign_post(arguments...).error().kind; };
  CHECK(kind("", "k", 1h) == error_kind::invalid_argument);
  CHECK(kind("a/b", "k", 1h) == error_kind::invalid_argument);
  CHECK(kind("b", "", 1h) == error_kind::invalid_argument);
  CHECK(kind("b", "k", 0s) == error_kind::invalid_argument);
  CHECK(kind("b", "k", -1s) == error_kind::invalid_argument);
  for (const std::chrono::seconds s : {std::chrono::seconds{604'801}, (std::chrono::seconds::max)(), (std::chrono::seconds::min)()}) {
    const auto form = w.client().presign_post("b", "k", s);
    REQUIRE_FALSE(form);
    CHECK(form.error().message.find("1 to 604800 seconds (7 days)") != std::string::npos);  // as presign says
  }
  CHECK(w.client().presign_post("bucket", "k", 168h));
  test::world<> bad{test::driver::blocking};
  bad.set.endpoint = "nonsense";
  CHECK(bad.client().presign_post("b", "k", 1h).error().kind == error_kind::invalid_argument);
  CHECK(w.server.tried() == 0);
}

TEST_CASE("credentials that are about to expire are good enough for a form, and are not asked for again and again", "[presign]") {
  test::world<> w{test::driver::blocking};
  SECTION("soon") { w.identity.put("AKID", "s", {}, w.clock.now().wall + 1min); }
  SECTION("already") { w.identity.put("AKID", "s", {}, w.clock.now().wall - 1min); }
  CHECK(w.client().presign_post("bucket", "k", 1h));
  CHECK(w.identity.fetched() == 1);
}

TEST_CASE("valid credentials are used on where new ones cannot be had", "[presign]") {
  test::world<> w{test::driver::blocking};
  w.identity.put("AKID", "s", {}, w.clock.now().wall + 4min).put(detail::fail(error_kind::credentials, "the vault is closed"));
  CHECK(w.client().presign_post("bucket", "k", 1h));
  CHECK(w.client().presign_post("bucket", "k", 1h));
  w.clock.advance(5min);
  CHECK(w.client().presign_post("bucket", "k", 1h).error().message == "the vault is closed");
}
