// What does a call learn from a refusal? A region, the time, that its credentials have expired: each once, and never a host.
#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

const get_object_request get{.bucket = "bucket", .key = "k"};
const head_object_request head{.bucket = "bucket", .key = "k"};
std::string error_document(std::string_view code, std::string_view region = {}) {
  return "<Error><Code>" + std::string(code) + "</Code><Message>.</Message>" +
         (region.empty() ? "" : "<Region>" + std::string(region) + "</Region>") +
         "<Endpoint>evil.example</Endpoint><Bucket>bucket</Bucket></Error>";
}
std::string host(test::world<>& w, std::size_t n) { return test::url_parts{w.sent(n).url}.authority; }
std::string scope(test::world<>& w, std::size_t n) {
  return w.header("authorization", n).substr(0, w.header("authorization", n).find(','));
}

}  // namespace

TEST_CASE("a redirect teaches a region, once for the client, and never a host", "[call]") {
  const auto by = EACH_DRIVER;
  const auto teaches = [by](const auto& request, int status, headers fields, std::string body) {
    test::world<> w{by};
    fields.add("Location", "https://evil.example/bucket/k");
    w.server.answer(status, fields, body).answer(200).answer(200);
    const auto out = w.send(request);
    if (!out) return false;
    CHECK(out.meta().attempts == 2);
    CHECK(host(w, 0) == "bucket.s3.us-east-1.amazonaws.com");
    CHECK(host(w, 1) == "bucket.s3.eu-central-1.amazonaws.com");
    CHECK(scope(w, 1).find("/eu-central-1/s3/") != std::string::npos);
    CHECK(w.waits() == std::vector<duration>{0s});
    REQUIRE(w.send(request));  // the next call knows
    CHECK(host(w, 2) == "bucket.s3.eu-central-1.amazonaws.com");
    // Of this bucket; others are where they were.
    w.server.answer(404);
    CHECK_FALSE(w.send(get_object_request{.bucket = "other", .key = "k"}));
    CHECK(host(w, 3) == "other.s3.us-east-1.amazonaws.com");
    return true;
  };
  const headers named{{"x-amz-bucket-region", "eu-central-1"}};
  CHECK(teaches(get, 301, named, error_document("PermanentRedirect")));
  CHECK(teaches(get, 301, {}, error_document("PermanentRedirect", "eu-central-1")));
  CHECK(teaches(get, 307, named, error_document("TemporaryRedirect")));
  CHECK(teaches(get, 400, {}, error_document("AuthorizationHeaderMalformed", "eu-central-1")));
  CHECK(teaches(head, 301, named, ""));
  CHECK(teaches(head, 400, named, ""));
  CHECK(teaches(put_object_request{.bucket = "bucket", .key = "k", .body = "hello"}, 307, named,
                error_document("TemporaryRedirect")));
  // A GET's 400 is not about the region unless it says so.
  CHECK_FALSE(teaches(get, 400, named, error_document("InvalidArgument")));
  CHECK_FALSE(teaches(get, 403, named, error_document("AccessDenied")));
}

TEST_CASE("a redirect that teaches nothing is an error, and its location is not looked at", "[call]") {
  const auto by = EACH_DRIVER;
  const headers location{{"Location", "https://evil.example/"}};
  for (const std::string_view region : {"", "us-east-1", "evil.example/", "evil.example", "a b"}) {
    test::world<> w{by};
    w.server.answer(301, location, error_document("PermanentRedirect", region)).answer(200);
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::redirect);
    CHECK(out.error().region == region);
    CHECK(w.server.sent().size() == 1);
  }
  for (const int status : {302, 303, 308}) {
    test::world<> w{by};
    w.server.answer(status, location).answer(200);
    CHECK(w.send(get).error().kind == error_kind::redirect);
    CHECK(w.server.sent().size() == 1);
  }
}

TEST_CASE("two regions in a circle are not followed for ever", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(301, {}, error_document("PermanentRedirect", "eu-central-1"))
      .answer(301, {}, error_document("PermanentRedirect", "us-west-2"));
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::redirect);
  CHECK(out.error().region == "us-west-2");
  CHECK(out.error().attempts == 2);
}

TEST_CASE("an endpoint of one's own stays where it is: only the signature learns", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.set.endpoint = "https://minio.test:9000";
  w.server.answer(400, {}, error_document("AuthorizationHeaderMalformed", "eu-west-3")).answer(200);
  REQUIRE(w.send(get));
  CHECK(host(w, 1) == "minio.test:9000");
  CHECK(scope(w, 1).find("/eu-west-3/") != std::string::npos);
}

TEST_CASE("an operation without a bucket learns, too", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.set.endpoint = "https://minio.test:9000";
  w.server.answer(400, {}, error_document("AuthorizationHeaderMalformed", "eu-west-3"))
      .answer(200, {}, "<ListAllMyBucketsResult/>");
  REQUIRE(w.send(list_buckets_request{}));
  CHECK(scope(w, 1).find("/eu-west-3/") != std::string::npos);
}

TEST_CASE("a body that is read once is not sent to the right region after it was read", "[call]") {
  test::world<> w{EACH_DRIVER};
  int left = 1;
  http::function_source once{[&](std::span<std::byte>) { return static_cast<std::size_t>(left-- == 1 ? 1 : 0); }, 1};
  w.server.answer(307, {{"x-amz-bucket-region", "eu-central-1"}});
  CHECK(w.send(put_object_request{.bucket = "bucket", .key = "k", .body = once}).error().kind == error_kind::redirect);
}

TEST_CASE("a clock that is off is set right by the server's, once", "[call]") {
  test::world<> w{EACH_DRIVER};
  const headers date{{"Date", "Fri, 24 May 2013 02:00:00 GMT"}};
  SECTION("RequestTimeTooSkewed") { w.server.answer(403, date, error_document("RequestTimeTooSkewed")).answer(200).answer(200); }
  SECTION("a HEAD, which has no code") { w.server.answer(403, date).answer(200).answer(200); }
  SECTION("a store that calls it something else") {
    w.server.answer(403, date, error_document("AccessDenied")).answer(200).answer(200);
  }
  REQUIRE(w.send(get));
  CHECK(w.header("x-amz-date", 0) == "20130524T000000Z");
  CHECK(w.header("x-amz-date", 1) == "20130524T020000Z");
  CHECK(w.waits() == std::vector<duration>{0s});
  REQUIRE(w.send(get));
  CHECK(w.header("x-amz-date", 2) == "20130524T020000Z");
}

TEST_CASE("a clock that is right is not the reason of a refusal", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("a Date close by") { w.server.answer(403, {{"Date", "Fri, 24 May 2013 00:03:00 GMT"}}, error_document("AccessDenied")); }
  SECTION("no Date") { w.server.answer(403, {}, error_document("RequestTimeTooSkewed")); }
  SECTION("a Date that is none") { w.server.answer(403, {{"Date", "now"}}, error_document("AccessDenied")); }
  SECTION("another status") { w.server.answer(404, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}, error_document("NoSuchKey")); }
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK(out.error().attempts == 1);
}

TEST_CASE("a server that changes its mind about the time is not followed for ever", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}, error_document("RequestTimeTooSkewed"))
      .answer(403, {{"Date", "Fri, 24 May 2013 09:00:00 GMT"}}, error_document("RequestTimeTooSkewed"));
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::access_denied);
  CHECK(out.error().attempts == 2);
}

TEST_CASE("expired credentials are dropped, and fetched again once", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("and then it works") {
    w.identity.put("OLD", "s", "t").put("NEW", "s2", "t2");
    w.server.answer(400, {}, error_document("ExpiredToken")).answer(200).answer(200);
    REQUIRE(w.send(get));
    CHECK(w.header("authorization", 1).find("NEW") != std::string::npos);
    CHECK(w.identity.fetched() == 2);
    REQUIRE(w.send(get));
    CHECK(w.identity.fetched() == 2);
  }
  SECTION("or not") {
    w.server.answer(400, {}, error_document("ExpiredToken")).answer(400, {}, error_document("ExpiredToken"));
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "ExpiredToken");
    CHECK(out.error().attempts == 2);
  }
}

TEST_CASE("credentials are fetched once for many calls, and again before they expire", "[call]") {
  test::world<> w{EACH_DRIVER};
  const auto start = w.clock.now().wall;
  w.identity.put("FIRST", "s", {}, start + 1h).put("SECOND", "s", {}, start + 2h);
  const auto send = [&] {
    w.server.answer(200);
    REQUIRE(w.send(get));
  };
  send();
  send();
  CHECK(w.identity.fetched() == 1);
  w.clock.advance(56min);
  send();
  CHECK(w.identity.fetched() == 2);
  CHECK(w.header("authorization", 2).find("SECOND") != std::string::npos);
}

TEST_CASE("credentials that cannot be had are an error, and valid ones are used on", "[call]") {
  test::world<> w{EACH_DRIVER};
  const error none = detail::fail(error_kind::credentials, "the vault is closed");
  SECTION("none") {
    w.identity.put(none);
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::credentials);
    CHECK(out.error().message == "the vault is closed");
    CHECK(out.error().attempts == 0);
    CHECK(w.server.tried() == 0);
  }
  SECTION("old ones") {
    w.identity.put("FIRST", "s", {}, w.clock.now().wall + 4min).put(none);
    w.server.answer(200).answer(200);
    REQUIRE(w.send(get));
    REQUIRE(w.send(get));
    CHECK(w.identity.fetched() == 2);
    w.clock.advance(5min);
    CHECK(w.send(get).error().kind == error_kind::credentials);
  }
  SECTION("those that expire at once are tried") {
    w.identity.put("FIRST", "s", {}, w.clock.now().wall - 1min);
    w.server.answer(400, {}, error_document("ExpiredToken")).answer(400, {}, error_document("ExpiredToken"));
    CHECK(w.send(get).error().code == "ExpiredToken");
  }
}
