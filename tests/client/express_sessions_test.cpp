// Are requests to directory buckets signed with the credentials of a session, and how many sessions does that take?
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/directory.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object.hpp>

#include "support/harness.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

const std::string bucket = "mine--usw2-az1--x-s3";
const std::string host = "https://mine--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com";
const get_object_request get{.bucket = bucket, .key = "k"};

struct directory_world : test::world<> {
  explicit directory_world(test::driver by) : test::world<>(by) { set.region = "us-west-2"; }

  /// The next answer is a session that expires after `lifetime`.
  void gives_session(const std::string& id, duration lifetime = 5min) {
    sessions.push_back({id, "secret-of-" + id, "token-of-" + id});
    server.answer(200, {},
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CreateSessionResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Credentials>"
                  "<SessionToken>token-of-" + id + "</SessionToken><SecretAccessKey>secret-of-" + id + "</SecretAccessKey><AccessKeyId>" + id +
                      "</AccessKeyId><Expiration>" + format_iso8601(clock.now().wall + std::chrono::duration_cast<timestamp::duration>(lifetime)) +
                      "</Expiration></Credentials></CreateSessionResult>");
  }
  std::string signer_of(std::size_t n) const {
    const std::string given = header("authorization", n);
    const auto start = given.find("Credential=") + 11;
    return given.substr(start, given.find('/') - start);
  }
};

struct patient_policies : test::policies {
  using sleeper = test::patient_sleeper;
};

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("the first request to a directory bucket makes a session, and the next ones use it", "[express]") {
  directory_world w{EACH_DRIVER};
  w.identity.put(auth::credentials{"AKID", "secret", "client-token"});
  w.gives_session("S1");
  w.server.answer(200, {}, "hello").answer(200).answer(200, {}, "again");
  const auto first = w.send(get);
  REQUIRE(first);
  CHECK(first->body == "hello");
  CHECK(first.meta().attempts == 1);
  CHECK(w.sent(0).url == host + "/?session");
  CHECK(w.sent(0).verb == http::method::get);
  CHECK(w.signer_of(0) == "AKID");
  CHECK(holds(w.header("authorization", 0), "/us-west-2/s3express/aws4_request"));
  CHECK(w.header("x-amz-security-token", 0) == "client-token");  // it is no session's
  CHECK(w.header("x-amz-s3session-token", 0).empty());
  CHECK(w.sent(1).url == host + "/k");
  CHECK(w.signer_of(1) == "S1");
  CHECK(w.header("x-amz-s3session-token", 1) == "token-of-S1");
  CHECK(w.header("x-amz-security-token", 1).empty());
  CHECK(holds(w.header("authorization", 1), "x-amz-s3session-token"));

  REQUIRE(w.send(put_object_request{.bucket = bucket, .key = "k", .body = "b"}));
  REQUIRE(w.send(get));
  CHECK(w.signer_of(2) == "S1");
  CHECK(w.server.tried() == 4);
}

TEST_CASE("which requests to a directory bucket have no session", "[express]") {
  directory_world w{EACH_DRIVER};
  w.identity.put(auth::credentials{"AKID", "secret", "client-token"});
  w.server.answer(200).answer(200, {}, "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>").answer(200);
  REQUIRE(w.send(create_bucket_request{.bucket = bucket}));
  REQUIRE(w.send(copy_object_request{.bucket = bucket, .key = "k", .copy_source = {"b", "k"}}));
  CHECK(w.sent(0).url == "https://s3express-control.us-west-2.amazonaws.com/" + bucket);
  CHECK(w.sent(1).url == host + "/k");
  for (std::size_t n : {0u, 1u}) {
    CHECK(w.signer_of(n) == "AKID");
    CHECK(w.header("x-amz-security-token", n) == "client-token");
    CHECK(w.header("x-amz-s3session-token", n).empty());
  }
}

TEST_CASE("sessions are not used where the settings forbid it, nor by nobody", "[express]") {
  {
    directory_world w{EACH_DRIVER};
    w.set.disable_express_session_auth = true;
    w.server.answer(200);
    REQUIRE(w.send(get));
    CHECK(w.sent(0).url == host + "/k");
    CHECK(holds(w.header("authorization", 0), "/s3express/"));
  }
  directory_world w{EACH_DRIVER};
  w.identity.put(auth::credentials{});
  w.server.answer(200);
  REQUIRE(w.send(get));
  CHECK(w.server.tried() == 1);
  CHECK(w.header("authorization").empty());
}

TEST_CASE("each directory bucket has a session of its own, and so has each client", "[express]") {
  directory_world w{EACH_DRIVER};
  w.gives_session("S1");
  w.server.answer(200);
  REQUIRE(w.send(get));
  w.gives_session("S2");
  w.server.answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "other--usw2-az1--x-s3", .key = "k"}));
  CHECK(w.sent(2).url == "https://other--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com/?session");
  CHECK(w.signer_of(3) == "S2");
  w.server.answer(200);
  REQUIRE(w.send(get));
  CHECK(w.signer_of(4) == "S1");
}

TEST_CASE("a session is renewed shortly before it ends", "[express]") {
  directory_world w{EACH_DRIVER};
  const auto sends = [&w](const char* signer) {
    w.server.answer(200);
    REQUIRE(w.send(get));
    CHECK(w.signer_of(w.server.tried() - 1) == signer);
  };
  w.gives_session("S1");
  sends("S1");
  w.clock.advance(4min);
  sends("S1");
  CHECK(w.server.tried() == 3);
  w.clock.advance(20s);  // 40 s are left
  w.gives_session("S2");
  sends("S2");
  CHECK(w.server.tried() == 5);
  // One that can't be renewed is used to its end.
  w.clock.advance(4min + 20s);
  w.server.answer(503);
  sends("S2");
  CHECK(w.server.tried() == 7);
  w.clock.advance(41s);
  w.gives_session("S3");
  sends("S3");
}

TEST_CASE("a session that cannot be made is asked for again as the call would be, and then is the call's error", "[express]") {
  {
    directory_world w{EACH_DRIVER};
    w.server.answer(503, {}, "<Error><Code>SlowDown</Code><Message>slow</Message></Error>").lose();
    w.gives_session("S1");
    w.server.answer(200);
    const auto out = w.send(put_object_request{.bucket = bucket, .key = "k", .body = "b"});
    REQUIRE(out);
    CHECK(out.meta().attempts == 1);
    CHECK(w.server.tried() == 4);
    CHECK(w.signer_of(3) == "S1");
  }
  directory_world w{EACH_DRIVER};
  w.server.answer(403, {}, "<Error><Code>AccessDenied</Code><Message>not you</Message></Error>");
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::access_denied);
  CHECK(out.error().code == "AccessDenied");
  CHECK(out.error().status == 403);
  CHECK(holds(out.error().message, "no session with the directory bucket: not you"));
  CHECK(w.server.tried() == 1);
}

TEST_CASE("answers to CreateSession that are none", "[express]") {
  for (const char* body : {"", "x", "<html/>", "<CreateSessionResult/>", "<CreateSessionResult><Credentials/></CreateSessionResult>",
                           "<CreateSessionResult><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                           "<SessionToken>t</SessionToken><Expiration>soon</Expiration></Credentials></CreateSessionResult>"}) {
    directory_world w{EACH_DRIVER};
    w.set.max_attempts = 1;
    w.server.answer(200, {}, body);
    const auto out = w.send(get);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(w.server.tried() == 1);
  }
}

TEST_CASE("what CreateSession sends back of the client's secrets is masked", "[express]") {
  directory_world w{EACH_DRIVER};
  w.identity.put(auth::credentials{"AKID", "very-secret-access-key", "very-secret-token-of-the-client"});
  w.server.answer(403, {}, "<Error><Code>AccessDenied</Code><Message>very-secret-access-key very-secret-token-of-the-client</Message></Error>");
  const auto out = w.send(get);
  REQUIRE_FALSE(out);
  CHECK_FALSE(holds(out.error().describe(), "very-secret"));
}

TEST_CASE("a session that the server calls expired is replaced once", "[express]") {
  const std::string expired = "<Error><Code>ExpiredToken</Code><Message>.</Message></Error>";
  {
    directory_world w{EACH_DRIVER};
    w.gives_session("S1");
    w.server.answer(400, {}, expired);
    w.gives_session("S2");
    w.server.answer(200);
    REQUIRE(w.send(get));
    CHECK(w.signer_of(3) == "S2");
    CHECK(w.identity.fetched() == 1);  // the client's own are as good as before
  }
  {  // And here it is the client's own that have expired.
    directory_world w{EACH_DRIVER};
    w.server.answer(400, {}, expired);
    w.gives_session("S1");
    w.server.answer(200);
    REQUIRE(w.send(get));
    CHECK(w.identity.fetched() == 2);
  }
  directory_world w{EACH_DRIVER};
  w.gives_session("S1");
  w.server.answer(400, {}, expired);
  w.gives_session("S2");
  w.server.answer(400, {}, expired);
  CHECK_FALSE(w.send(get));
  CHECK(w.server.tried() == 4);
}

TEST_CASE("a retry keeps the session", "[express]") {
  directory_world w{EACH_DRIVER};
  w.gives_session("S1");
  w.server.answer(503).answer(200);
  const auto out = w.send(get);
  REQUIRE(out);
  CHECK(out.meta().attempts == 2);
  CHECK(w.signer_of(2) == "S1");
}

TEST_CASE("a download that goes on does so with a new session", "[express]") {
  directory_world w{EACH_DRIVER};
  w.gives_session("S1", 30s);
  w.server.compute([&w](const recorded_request&) {
    w.clock.advance(25s);  // what is left is in the window in which one call renews it
    scripted_reply half{.body = "helloworld", .fails = scripted_reply::moment::within_body, .whole = 5};
    half.failure.kind = error_kind::connection_lost;
    half.head.fields = {{"Content-Length", "10"}, {"ETag", "\"e\""}};
    return half;
  });
  w.gives_session("S2");
  w.server.answer(206, {{"Content-Length", "5"}, {"Content-Range", "bytes 5-9/10"}, {"ETag", "\"e\""}}, "world");
  const auto out = w.send(get);
  REQUIRE(out);
  CHECK(out->body == "helloworld");
  CHECK(out->etag == "\"e\"");
  CHECK(out.meta().status == 200);
  CHECK(w.signer_of(3) == "S2");
}

TEST_CASE("a presigned URL of a directory bucket has the token of a session", "[express]") {
  directory_world w{EACH_DRIVER};
  w.gives_session("S1");
  const auto made = w.client().presign(get, 1min);
  REQUIRE(made);
  CHECK(made->url.starts_with(host + "/k?"));
  CHECK(holds(made->url, "X-Amz-S3session-Token=token-of-S1"));
  CHECK(holds(made->url, "X-Amz-Credential=S1%2F"));
  CHECK_FALSE(holds(made->url, "X-Amz-Security-Token"));
  CHECK(w.server.tried() == 1);
  w.server.answer(403, {}, "<Error><Code>AccessDenied</Code><Message>not you</Message></Error>");
  const auto other = w.client().presign(get_object_request{.bucket = "other--usw2-az1--x-s3", .key = "k"}, 1min);
  REQUIRE_FALSE(other);
  CHECK(other.error().kind == error_kind::access_denied);
}

TEST_CASE("the sessions of a hundred buckets are kept, those that were used last", "[express]") {
  sans_io::express_sessions all;
  const auto of = [&all](int n) { return all.of("bucket-" + std::to_string(n), {}); };
  std::vector<detail::shared<auth::credentials_cache>> made;
  for (int n = 0; n != 100; ++n) made.push_back(of(n));
  for (int n = 0; n != 100; ++n) CHECK(of(n) == made[static_cast<std::size_t>(n)]);
  CHECK(of(0) == made[0]);  // so the oldest is that of bucket 1
  const auto another = of(100);
  CHECK(of(0) == made[0]);
  CHECK(of(2) == made[2]);
  CHECK(of(100) == another);
  CHECK_FALSE(of(1) == made[1]);
  CHECK_FALSE(of(3) == made[3]);  // which made way for the new one of bucket 1
}

TEST_CASE("calls that are under way on one loop wait for the one that makes the session", "[express]") {
  directory_world w{test::driver::loop};
  w.gives_session("S1");
  w.server.compute([](const recorded_request&) { return scripted_reply{}; }, true);
  loop_driver many{w.client().shared(), w.server};
  std::vector<std::unique_ptr<sans_io::call<get_object_request, test::policies>>> calls;
  int good = 0;
  for (int n = 0; n != 50; ++n) {
    calls.push_back(std::make_unique<sans_io::call<get_object_request, test::policies>>(get, w.client().shared(), call_options{}));
    many.start(*calls.back(), [&good](result<get_object_response> end) { good += end ? 1 : 0; });
  }
  many.run();
  CHECK(good == 50);
  REQUIRE(w.server.sent().size() == 51);
  CHECK(w.sent(0).url == host + "/?session");
  for (std::size_t n = 1; n != 51; ++n) CHECK(w.signer_of(n) == "S1");
}

TEST_CASE("many calls that begin at once make one session", "[express][threads]") {
  test::world<patient_policies> w{test::driver::blocking};
  w.set.region = "us-west-2";
  std::atomic<int> made{0};
  w.server.compute(
      [&made, &w](const recorded_request& r) {
        scripted_reply out;
        if (!r.url.ends_with("?session")) return out;
        ++made;
        out.body = "<CreateSessionResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey><AccessKeyId>S1</AccessKeyId>"
                   "<Expiration>" + format_iso8601(w.clock.now().wall + 5min) + "</Expiration></Credentials></CreateSessionResult>";
        return out;
      },
      true);
  const auto& client = w.client();
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i != 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n != 20; ++n)
        if (!client.send(get)) ++failed;
    });
  for (std::thread& t : threads) t.join();
  CHECK(failed == 0);
  CHECK(made == 1);
}
