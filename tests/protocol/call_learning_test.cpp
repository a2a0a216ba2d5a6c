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
  CHECK(teaches(get, 400, named, error_document("IllegalLocationConstraintException")));
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
  for (const std::string_view region : {"", "us-east-1", "evil.example/", "evil example", "a b"}) {
    CAPTURE(region);
    test::world<> w{by};
    w.server.answer(301, location, error_document("PermanentRedirect", region)).answer(301, location).answer(200);
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::redirect);
    CHECK(out.error().code == "PermanentRedirect");
    CHECK(out.error().region == region);
    CHECK(out.error().attempts == 1);
    for (std::size_t i = 0; i != w.server.sent().size(); ++i) CHECK(host(w, i) == "bucket.s3.us-east-1.amazonaws.com");
    CHECK(w.server.sent().size() == (region == "us-east-1" ? 1 : 2));
  }
  for (const int status : {302, 303, 308}) {
    test::world<> w{by};
    w.server.answer(status, location).answer(200);
    CHECK(w.send(get).error().kind == error_kind::redirect);
    CHECK(w.server.sent().size() == 1);
  }
}

TEST_CASE("a redirect that names no region asks the bucket, once", "[call]") {
  test::world<> w{EACH_DRIVER};
  const auto asks = [&w](const auto& request, int status, std::string body, int answer) {
    const std::size_t first = w.server.sent().size();
    w.server.answer(status, {}, body).answer(answer, {{"x-amz-bucket-region", "eu-central-1"}}).answer(200);
    const auto out = w.send(request);
    if (!out) FAIL(out.error().describe());
    CHECK(out.meta().attempts == 2);
    const auto asked = w.sent(first + 1);
    CHECK(asked.verb == http::method::head);
    CHECK(asked.url == "https://bucket.s3.us-east-1.amazonaws.com/");
    CHECK_FALSE(asked.has_body);
    CHECK(asked.fields.get("User-Agent") == w.header("User-Agent", first));
    CHECK(w.sent(first + 2).verb == std::remove_cvref_t<decltype(request)>::spec.method);
    CHECK(host(w, first + 2) == "bucket.s3.eu-central-1.amazonaws.com");
    CHECK(w.waits() == std::vector<duration>{0s});
  };
  SECTION("301") { asks(get, 301, error_document("PermanentRedirect"), 200); }
  SECTION("307, whatever HeadBucket's status") { asks(get, 307, error_document("TemporaryRedirect"), 403); }
  SECTION("without a document") { asks(get, 301, "", 301); }
  SECTION("a HEAD") { asks(head, 301, "", 200); }
  SECTION("a body is sent again") { asks(put_object_request{.bucket = "bucket", .key = "k", .body = "hello"}, 307, "", 200); }
  SECTION("not where it would not help") {
    w.server.answer(301).answer(200, {{"x-amz-bucket-region", "us-east-1"}});
    CHECK(w.send(get).error().kind == error_kind::redirect);
    CHECK(w.server.sent().size() == 2);
  }
  SECTION("not for a HeadBucket, which would ask itself") {
    w.server.answer(301);
    CHECK(w.send(head_bucket_request{.bucket = "bucket"}).error().kind == error_kind::redirect);
    CHECK(w.server.sent().size() == 1);
  }
  SECTION("not for a body that cannot be sent again") {
    int left = 1;
    http::function_source once{[&](std::span<std::byte>) { return static_cast<std::size_t>(left-- == 1 ? 1 : 0); }, 1};
    w.server.answer(307);
    CHECK(w.send(put_object_request{.bucket = "bucket", .key = "k", .body = once}).error().kind == error_kind::redirect);
    CHECK(w.server.sent().size() == 1);
  }
}

TEST_CASE("a server that refuses Expect gets the request without", "[call]") {
  test::world<> w{EACH_DRIVER};
  std::vector<bool> refused;
  const auto note = [&](int status) {
    w.server.compute([&refused, status](const recorded_request& r) {
      refused.push_back(r.no_expect);
      return scripted_reply{.head = {status}};
    });
  };
  note(417), note(200), note(417), note(417);
  REQUIRE(w.send(put_object_request{.bucket = "bucket", .key = "k", .body = "hello"}));
  CHECK(refused == std::vector<bool>{false, true});
  CHECK(w.send(put_object_request{.bucket = "bucket", .key = "k", .body = "hello"}).error().status == 417);
  CHECK(refused == std::vector<bool>{false, true, false, true});

  refused.clear();
  note(417);
  CHECK(w.send(get).error().status == 417);
  CHECK(refused.size() == 1);  // a request without a body expects nothing
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
  const auto by = EACH_DRIVER;
  test::world<> w{by};
  w.set.endpoint = "https://minio.test:9000";
  w.server.answer(400, {}, error_document("AuthorizationHeaderMalformed", "eu-west-3")).answer(200);
  REQUIRE(w.send(get));
  CHECK(host(w, 1) == "minio.test:9000");
  CHECK(scope(w, 1).find("/eu-west-3/") != std::string::npos);
  // And may be called what no host can be called.
  test::world<> other{by};
  other.set.endpoint = "https://ceph.test";
  other.server.answer(400, {}, error_document("AuthorizationHeaderMalformed", "zone_1.north")).answer(200);
  REQUIRE(other.send(get));
  CHECK(scope(other, 1).find("/zone_1.north/") != std::string::npos);
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
  SECTION("RequestExpired") { w.server.answer(400, date, error_document("RequestExpired")).answer(200).answer(200); }
  SECTION("RequestInTheFuture") { w.server.answer(403, date, error_document("RequestInTheFuture")).answer(200).answer(200); }
  SECTION("and a refusal of another kind shows that it was right") {
    w.server.answer(403, date, error_document("RequestTimeTooSkewed")).answer(404).answer(200);
    CHECK(w.send(get).error().kind == error_kind::not_found);
    REQUIRE(w.send(get));
    CHECK(w.header("x-amz-date", 2) == "20130524T020000Z");
    return;
  }
  REQUIRE(w.send(get));
  CHECK(w.header("x-amz-date", 0) == "20130524T000000Z");
  CHECK(w.header("x-amz-date", 1) == "20130524T020000Z");
  CHECK(w.waits() == std::vector<duration>{0s});
  REQUIRE(w.send(get));
  CHECK(w.header("x-amz-date", 2) == "20130524T020000Z");
}

TEST_CASE("a HEAD's 403, which has no code, may be about the time if its Date is off by hours", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("and is, if the next attempt succeeds") {
    w.server.answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}).answer(200).answer(200);
    REQUIRE(w.send(head));
    REQUIRE(w.send(get));
    CHECK(w.header("x-amz-date", 2) == "20130524T020000Z");
  }
  SECTION("and is not, if that is refused as well: then the clock is put back") {
    w.server.answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}).answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}).answer(200);
    const auto out = w.send(head);
    REQUIRE_FALSE(out);
    CHECK(out.error().attempts == 2);
    REQUIRE(w.send(get));
    CHECK(w.header("x-amz-date", 1) == "20130524T020000Z");
    CHECK(w.header("x-amz-date", 2) == "20130524T000000Z");
  }
  SECTION("nor if it gets no answer") {
    w.server.answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}).lose(error_kind::tls).answer(200);
    CHECK_FALSE(w.send(head));
    REQUIRE(w.send(get));
    CHECK(w.server.sent().back().fields.get("x-amz-date") == "20130524T000000Z");
  }
  SECTION("but a day and more is no clock's") {
    for (const char* date : {"Sat, 25 May 2013 00:00:01 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
      w.server.answer(403, {{"Date", date}});
      CHECK(w.send(head).error().attempts == 1);
    }
  }
}

TEST_CASE("a server that says it is the year 9999 does not move the clock for good", "[call]") {
  test::world<> w{EACH_DRIVER};
  const headers far{{"Date", "Fri, 31 Dec 9999 23:59:59 GMT"}};
  w.server.answer(403, far, error_document("RequestTimeTooSkewed")).answer(403, far, error_document("RequestTimeTooSkewed")).answer(200);
  CHECK(w.send(get).error().attempts == 2);
  REQUIRE(w.send(get));
  CHECK(w.header("x-amz-date", 1) == "99991231T235959Z");
  CHECK(w.header("x-amz-date", 2) == "20130524T000000Z");
}

TEST_CASE("a clock that is right is not the reason of a refusal", "[call]") {
  test::world<> w{EACH_DRIVER};
  SECTION("a code that does not speak of time") {
    w.server.answer(403, {{"Date", "Fri, 24 May 2013 02:00:00 GMT"}}, error_document("AccessDenied"));
  }
  SECTION("a HEAD's Date close by") {
    w.server.answer(403, {{"Date", "Fri, 24 May 2013 00:03:00 GMT"}});
    CHECK(w.send(head).error().attempts == 1);
    w.server.answer(404);
  }
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
    w.clock.advance(3min + 30s);
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
