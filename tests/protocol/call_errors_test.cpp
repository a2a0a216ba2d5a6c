// What is in an error of the service's, whatever way it comes?
#include "support/harness.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/policy.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {
const headers ids{{"x-amz-request-id", "REQ"}, {"x-amz-id-2", "HOST"}};
std::string error_document(std::string_view code, std::string_view more = {}) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + std::string(code) + "</Code><Message>Because.</Message>" +
         std::string(more) + "</Error>";
}
}  // namespace

TEST_CASE("an error has all that is known of the failure", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(404, ids, error_document("NoSuchKey", "<Key>a b</Key><RequestId>R2</RequestId><HostId>H2</HostId>"));
  const auto out = w.send(get_object_request{.bucket = "bucket", .key = "a b/\xC3\xA4"});
  REQUIRE_FALSE(out);
  const error& e = out.error();
  CHECK(e.kind == error_kind::not_found);
  CHECK(e.code == "NoSuchKey");
  CHECK(e.message == "Because.");
  CHECK(e.status == 404);
  CHECK(e.request_id == "R2");
  CHECK(e.host_id == "H2");
  CHECK(e.operation == "GetObject");
  CHECK(e.bucket == "bucket");
  CHECK(e.key == "a b/\xC3\xA4");
  CHECK(e.endpoint == "https://bucket.s3.us-east-1.amazonaws.com");
  CHECK(e.attempts == 1);
  CHECK_FALSE(e.maybe_own_success);
  CHECK(out.meta().status == 404);
  CHECK(out.meta().request_id() == "REQ");
  CHECK(out.meta().fields == ids);
  CHECK_THROWS_AS(out.value(), s3_error);
}

TEST_CASE("a HEAD error has no body: the kind comes from the status", "[call]") {
  const std::pair<int, error_kind> table[] = {{304, error_kind::not_modified},
                                              {400, error_kind::bad_request},
                                              {401, error_kind::access_denied},
                                              {403, error_kind::access_denied},
                                              {404, error_kind::not_found},
                                              {405, error_kind::method_not_allowed},
                                              {409, error_kind::conflict},
                                              {412, error_kind::precondition_failed},
                                              {416, error_kind::range_not_satisfiable},
                                              {301, error_kind::redirect},
                                              {307, error_kind::redirect},
                                              {418, error_kind::bad_request},
                                              {429, error_kind::throttled},
                                              {500, error_kind::server},
                                              {501, error_kind::not_implemented},
                                              {502, error_kind::server},
                                              {503, error_kind::throttled},
                                              {504, error_kind::server},
                                              {599, error_kind::server}};
  const auto by = EACH_DRIVER;
  for (const auto& [status, kind] : table) {
    test::world<> w{by};
    w.server.answer(status, ids);
    const auto out = w.send(head_object_request{.bucket = "b", .key = "k"}, {.max_attempts = 1});
    REQUIRE_FALSE(out);
    INFO(status);
    CHECK(out.error().kind == kind);
    CHECK(out.error().status == status);
    CHECK(out.error().request_id == "REQ");
    CHECK(out.error().host_id == "HOST");
    if (status != 400) CHECK(out.error().message == "the answer names no reason");
  }
}

TEST_CASE("an error without S3's document is told by its status", "[call]") {
  const auto by = EACH_DRIVER;
  for (const std::string_view body :
       {"<html><body>Bad gateway<br></body></html>", "no XML at all", "<NotAnError/>", "<Error><Code>x"}) {
    test::world<> w{by};
    w.server.answer(502, {}, std::string(body));
    const auto out = w.send(get_object_request{.bucket = "b", .key = "k"}, {.max_attempts = 1});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::server);
    CHECK(out.error().code.empty());
    CHECK(out.error().message.find("proxy") != std::string::npos);
  }
}

TEST_CASE("an error's body never reaches the sink", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(403, {}, error_document("AccessDenied"));
  std::string got;
  http::string_sink into{got};
  const auto out = w.send(get_object_request{.bucket = "b", .key = "k"}, into);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == "AccessDenied");
  CHECK(got.empty());
}

TEST_CASE("an error's body is bounded", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.set.max_document = 1000;
  w.server.answer(404, {}, error_document("NoSuchKey", std::string(5000, ' ')));
  const auto out = w.send(get_object_request{.bucket = "b", .key = "k"});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::not_found);
}

TEST_CASE("a 200 that holds an error is an error", "[call]") {
  const auto by = EACH_DRIVER;
  const auto check = [by](const auto& request, std::string_view good) {
    using response = response_of<std::remove_cvref_t<decltype(request)>>;
    const std::string spaces(20'000, ' ');
    const auto first_error = [&](std::string body) {
      test::world<> w{by};
      w.server.answer(200, ids, std::move(body));
      result<response> out = w.send(request);
      REQUIRE_FALSE(out);
      CHECK(w.server.sent().size() == 1);
      CHECK(out.error().status == 200);
      return out.error();
    };
    for (const auto& body : {error_document("AccessDenied"), spaces + error_document("AccessDenied"),
                             std::string{"<Error><Code>AccessDenied</Code></Error>"},
                             "\r\n \n" + std::string{"<Error xmlns=\"x\"><Code>AccessDenied</Code></Error>"}}) {
      const error e = first_error(body);
      CHECK(e.kind == error_kind::access_denied);
      CHECK(e.code == "AccessDenied");
      CHECK(e.request_id == "REQ");
    }
    CHECK(first_error(error_document("NoSuchUpload")).kind == error_kind::not_found);
    CHECK(first_error(error_document("PreconditionFailed")).kind == error_kind::precondition_failed);
    CHECK(first_error(error_document("InvalidPart")).kind == error_kind::bad_request);

    // Retried when the code is retryable, and then all is well.
    for (const std::string_view code : {"InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout"}) {
      test::world<> w{by};
      w.server.answer(200, {}, spaces + error_document(code)).answer(200, {}, spaces + std::string(good));
      const auto out = w.send(request);
      INFO(code);
      if (!out) FAIL(out.error().describe());
      CHECK(out.meta().attempts == 2);
      CHECK(w.waits().size() == 1);
    }
    // Nothing in the body does not say that it was done.
    test::world<> w{by};
    w.server.answer(200).answer(200, {}, "\n").answer(200, {}, std::string(good));
    const auto out = w.send(request);
    if (!out) FAIL(out.error().describe());
    CHECK(out.meta().attempts == 3);
    // And its repetition may find that it had been.
    test::world<> again{by};
    again.server.answer(200).answer(404, {}, error_document("NoSuchUpload"));
    const auto lost = again.send(request);
    REQUIRE_FALSE(lost);
    CHECK(lost.error().maybe_own_success);
  };
  check(copy_object_request{.bucket = "b", .key = "k", .copy_source = {"b", "s"}},
        "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
  check(upload_part_copy_request{.bucket = "b", .key = "k", .copy_source = {"b", "s"}, .part_number = 1, .upload_id = "u"},
        "<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>");
  check(
      complete_multipart_upload_request{
          .bucket = "b", .key = "k", .upload_id = "u", .multipart_upload = types::completed_multipart_upload{}},
      "<?xml version=\"1.0\"?><CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>");
}

TEST_CASE("an error in a 200 is an error of every operation whose answer is no stream", "[call]") {
  const auto by = EACH_DRIVER;
  const auto check = [by](const auto& request, std::string good) {
    INFO(std::remove_cvref_t<decltype(request)>::spec.name);
    for (const std::string& body :
         {error_document("SlowDown"), "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- late --> " + std::string("<Error><Code>SlowDown</Code></Error>"),
          std::string("<ErrorResponse xmlns=\"x\"><Error><Code>SlowDown</Code></Error><RequestId>REQ</RequestId></ErrorResponse>")}) {
      test::world<> w{by};
      w.server.answer(200, ids, body).answer(200, {}, good);
      const auto out = w.send(request);
      if (!out) FAIL(out.error().describe());
      CHECK(out.meta().attempts == 2);
      test::world<> once{by};
      once.server.answer(200, ids, body);
      const auto refused = once.send(request, call_options{.max_attempts = 1});
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code == "SlowDown");
      CHECK(refused.error().kind == error_kind::throttled);
      CHECK(refused.error().request_id == "REQ");
    }
    test::world<> proxy{by};
    proxy.server.answer(200, {}, "<!DOCTYPE html>\n<HTML><body>Sign in</body></HTML>");
    const auto page = proxy.send(request, call_options{.max_attempts = 1});
    REQUIRE_FALSE(page);
    CHECK(page.error().kind == error_kind::malformed_response);
  };
  check(put_object_request{.bucket = "b", .key = "k", .body = "hello"}, "");
  check(upload_part_request{.bucket = "b", .key = "k", .body = "hello", .part_number = 1, .upload_id = "u"}, "");
  check(delete_object_request{.bucket = "b", .key = "k"}, "");
  check(abort_multipart_upload_request{.bucket = "b", .key = "k", .upload_id = "u"}, "");
  check(create_multipart_upload_request{.bucket = "b", .key = "k"},
        "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
  check(list_objects_v2_request{.bucket = "b"}, "<ListBucketResult/>");
  check(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k"}}}},
        "<DeleteResult><Error><Key>k</Key><Code>SlowDown</Code></Error></DeleteResult>");  // of one key: no error of the call
  check(put_bucket_policy_request{.bucket = "b", .policy = "{}"}, "");
  check(get_bucket_policy_request{.bucket = "b"}, "{}");
}

TEST_CASE("an object that looks like an error is an object", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {}, error_document("SlowDown"));
  const auto got = w.send(get_object_request{.bucket = "b", .key = "k"});
  REQUIRE(got);
  CHECK(got->body == error_document("SlowDown"));
}

TEST_CASE("DeleteObjects reports each key's failure", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(
      200, {},
      R"(<DeleteResult><Deleted><Key>a&amp;b</Key></Deleted><Deleted><Key>c</Key><DeleteMarker>true</DeleteMarker></Deleted>
    <Error><Key>d</Key><Code>AccessDenied</Code><Message>No.</Message></Error></DeleteResult>)");
  const auto out =
      w.send(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "a&b"}, {.key = "c"}, {.key = "d"}}}});
  REQUIRE(out);
  REQUIRE(out->deleted.size() == 2);
  CHECK(out->deleted[0].key == "a&b");
  CHECK(out->deleted[1].delete_marker == true);
  REQUIRE(out->errors.size() == 1);
  CHECK(out->errors[0].key == "d");
  CHECK(out->errors[0].code == "AccessDenied");
  CHECK(w.sent().body.find("<Key>a&amp;b</Key>") != std::string::npos);
  // S3 refuses it without a checksum.
  CHECK_FALSE(w.header("x-amz-checksum-crc64nvme").empty());
}

TEST_CASE("result and meta tell what it took", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(500, ids).then({.head = {200, {{"x-amz-request-id", "SECOND"}, {"ETag", "\"e\""}}}, .takes = 3s});
  const auto out = w.send(put_object_request{.bucket = "b", .key = "k", .body = "hello"});
  REQUIRE(out);
  CHECK(out->etag == "\"e\"");
  CHECK(out.meta().status == 200);
  CHECK(out.meta().request_id() == "SECOND");
  CHECK(out.meta().attempts == 2);
  CHECK(out.meta().sent == 5);
  CHECK(out.meta().elapsed == w.passed());
  CHECK(out.meta().elapsed >= 3s);
}

TEST_CASE("an observer sees each attempt, and no secret", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put("AKIDEXAMPLE", "TOPSECRETKEY", "TOPSECRETTOKEN");
  w.server.then({.head = {503, {}}, .body = error_document("SlowDown"), .takes = 2s}).lose().answer(200);
  const call_options o{.fields = {{"x-own", "TOPSECRETHEADER"}}};
  REQUIRE(w.send(put_object_request{.bucket = "bucket", .key = "TOPSECRETNAME", .body = "TOPSECRETBODY"}, o));
  const auto events = w.seen.events();
  REQUIRE(events.size() == 3);
  CHECK(events[0].status == 503);
  CHECK(events[0].kind == error_kind::throttled);
  CHECK(events[0].code == "SlowDown");
  CHECK(events[0].elapsed == 2s);
  CHECK(events[0].wait);
  CHECK(events[1].status == 0);
  CHECK(events[1].kind == error_kind::connection_lost);
  CHECK(events[2].kind == error_kind::none);
  CHECK(events[2].status == 200);
  CHECK_FALSE(events[2].wait);
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK(events[i].attempt == static_cast<int>(i) + 1);
    CHECK(events[i].operation == "PutObject");
    CHECK(events[i].bucket == "bucket");
    CHECK(events[i].endpoint == "https://bucket.s3.us-east-1.amazonaws.com");
    CHECK((events[i].operation + events[i].bucket + events[i].endpoint + events[i].code).find("TOPSECRET") == std::string::npos);
  }
}

TEST_CASE("errors hold no secret", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put("AKIDEXAMPLE", "TOPSECRETKEY", "TOPSECRETTOKEN");
  w.set.endpoint = "http://s3.test:9000";
  w.server.answer(403, {},
                  error_document("SignatureDoesNotMatch",
                                 "<StringToSign>TOPSECRET</StringToSign><SignatureProvided>TOPSECRET</SignatureProvided>"));
  const std::string key(32, 'S');
  const auto out = w.send(put_object_request{.bucket = "b", .key = "k", .body = "x", .sse_customer_key = secret_string{key}});
  REQUIRE_FALSE(out);
  const auto text = out.error().describe() + out.error().message + out.error().endpoint;
  CHECK(text.find("TOPSECRET") == std::string::npos);
  CHECK(text.find(key) == std::string::npos);
  CHECK(text.find("Signature=") == std::string::npos);
  CHECK(out.error().endpoint == "http://s3.test:9000");
}

TEST_CASE("errors and observers hold no secret that the server sends back, and no control character", "[call]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put("AKIDEXAMPLE", "TOPSECRETKEY/TOPSECRETKEY+TOPSECRETKEY", "TOPSECRETTOKEN//TOPSECRETTOKEN==");
  w.set.endpoint = "https://s3.test:9000";
  const std::string key = "TOPSECRETCUSTOMERTOPSECRETCUSTOM";
  w.server.compute([](const recorded_request& sent) {
    std::string all = "TOPSECRETKEY/TOPSECRETKEY+TOPSECRETKEY";
    for (const auto [name, value] : sent.fields) all.append("\n\x1b[2J").append(name).append(": ").append(value);
    const auto signature = sent.fields.value_or_empty("Authorization");
    return scripted_reply{.head = {403, {{"x-amz-request-id", sent.fields.value_or_empty("x-amz-security-token")}}},
                          .body = "<Error><Code>No&#10;" + std::string(signature.substr(signature.find("Signature="))) + "</Code><Message>" +
                                  all.replace(all.find('\x1b'), 1, "\xc2\x9b") + "</Message></Error>"};
  });
  const auto out = w.send(put_object_request{.bucket = "b", .key = "k", .body = "x", .sse_customer_key = secret_string{key}}, {.max_attempts = 1});
  REQUIRE_FALSE(out);
  const auto sent = w.server.sent().at(0).fields;
  const std::string authorization{sent.value_or_empty("Authorization")};
  const std::string signature = authorization.substr(authorization.find("Signature=") + 10);
  REQUIRE(signature.size() == 64);
  const auto seen = w.seen.events().at(0).code;
  for (const auto& text : {out.error().describe(), out.error().message, out.error().code, out.error().request_id, seen}) {
    INFO(text);
    CHECK(text.find("TOPSECRET") == std::string::npos);
    CHECK(text.find(signature) == std::string::npos);
    CHECK(text.find(sent.value_or_empty("x-amz-server-side-encryption-customer-key")) == std::string::npos);
  }
  for (const auto& text : {out.error().describe(), seen}) CHECK(detail::printable(text) == text);
  CHECK(out.error().message.find("[masked]") != std::string::npos);
}
