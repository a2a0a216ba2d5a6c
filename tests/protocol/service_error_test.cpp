// What does an answer that is no success say?
#include <s3store/protocol/service_error.hpp>

#include "support/catch.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {
error of(int status, std::string_view code) {
  return wire::service_error({.status = status}, code.empty() ? "" : "<Error><Code>" + std::string(code) + "</Code></Error>", http::method::get);
}
}  // namespace

TEST_CASE("the kind comes from the status; with a 200 from the code", "[service_error]") {
  CHECK(of(404, "NoSuchKey").kind == error_kind::not_found);
  CHECK(of(409, "BucketAlreadyExists").kind == error_kind::conflict);
  CHECK(of(400, "EntityTooSmall").kind == error_kind::bad_request);
  CHECK(of(500, "InternalError").kind == error_kind::server);
  CHECK(of(403, "RequestTimeTooSkewed").kind == error_kind::access_denied);
  for (const auto& [code, kind] : {std::pair{"InternalError", error_kind::server},
                                   {"SlowDown", error_kind::throttled},
                                   {"ServiceUnavailable", error_kind::throttled},
                                   {"NoSuchUpload", error_kind::not_found},
                                   {"PreconditionFailed", error_kind::precondition_failed},
                                   {"AccessDenied", error_kind::access_denied},
                                   {"OperationAborted", error_kind::conflict},
                                   {"NotImplemented", error_kind::not_implemented},
                                   {"NewInTheWorld", error_kind::bad_request},
                                   {"", error_kind::bad_request}})
    CHECK(of(200, code).kind == kind);
}

TEST_CASE("throttling is throttling, whatever its status", "[service_error]") {
  for (const int status : {200, 400, 429, 503})
    for (const char* code : {"SlowDown", "Throttling", "RequestLimitExceeded"})
      CHECK(of(status, code).kind == error_kind::throttled);
  CHECK(of(503, "").kind == error_kind::throttled);
  CHECK(of(429, "").kind == error_kind::throttled);
}

TEST_CASE("headers fill in what the body leaves out", "[service_error]") {
  const http::response head{403, {{"x-amz-request-id", "R"}, {"x-amz-id-2", "H"}, {"x-amz-bucket-region", "eu-west-1"}}};
  const error e = wire::service_error(head, "", http::method::get);
  CHECK(e.request_id == "R");
  CHECK(e.host_id == "H");
  CHECK(e.region == "eu-west-1");
  CHECK(e.message == "the answer names no reason");
  const error own =
      wire::service_error(head, "<Error><Code>X</Code><RequestId>B</RequestId><HostId>C</HostId><Region>us-west-2</Region></Error>",
                          http::method::get);
  CHECK(own.request_id == "B");
  CHECK(own.host_id == "C");
  CHECK(own.region == "us-west-2");
}

TEST_CASE("a HEAD's error has no text, so what the headers say is taken", "[service_error]") {
  const error minio = wire::service_error(
      {404, {{"x-minio-error-code", "NoSuchBucket"}, {"x-minio-error-desc", "\"The specified bucket does not exist\""}}}, "", http::method::head);
  CHECK(minio.code == "NoSuchBucket");
  CHECK(minio.message == "The specified bucket does not exist");
  const error bad = wire::service_error({.status = 400}, "", http::method::head);
  CHECK(bad.message.find("token may have expired") != std::string::npos);
  CHECK(bad.message.find("another region") != std::string::npos);
  CHECK(wire::service_error({.status = 404}, "", http::method::head).message == "the answer names no reason");
}

TEST_CASE("the documents that other stores send", "[service_error]") {
  const auto read = [](std::string_view body) { return wire::service_error({.status = 403}, body, http::method::get); };
  const error nested = read("<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>InvalidToken</Code><Message>m</Message></Error>"
                            "<RequestId>R</RequestId></ErrorResponse>");
  CHECK(nested.code == "InvalidToken");
  CHECK(nested.message == "m");
  CHECK(nested.request_id == "R");
  const error bare = read("<Error><Code>AccessDenied</Code><Message>Fish & Chips &amp; &#x41; &unknown; && a=1&b=2</Message></Error>");
  CHECK(bare.code == "AccessDenied");
  CHECK(bare.message == "Fish & Chips & A &unknown; && a=1&b=2");
  CHECK(read("<Error><Code>X</Code><Message><![CDATA[a & b]]></Message></Error>").message == "a & b");
  for (const std::string_view none : {"<Errors/>", "<Error", "Error", "{}", "<html/>", "<?xml ", "<!-- <Error>", "<DeleteResult><Error/></DeleteResult>"})
    CHECK(read(none).message == "the body is no error of S3's; did a proxy answer?");
}

TEST_CASE("Retry-After", "[service_error]") {
  const timestamp now = *parse_http_date("Fri, 24 May 2013 00:00:00 GMT");
  const auto wish = [now](std::string_view value) { return wire::retry_after({{"retry-after", value}}, now); };
  CHECK(wish("0") == 0s);
  CHECK(wish(" 120 ") == 120s);
  CHECK(wish("Fri, 24 May 2013 00:02:00 GMT") == 120s);
  for (const std::string_view bad : {"", "-1", "1.5", "soon", "86400", "Fri, 24 May 2013 00:00:00 GMT",
                                     "Sat, 25 May 2013 00:00:00 GMT", "Thu, 23 May 2013 00:00:00 GMT"})
    CHECK_FALSE(wish(bad));
  CHECK(wire::retry_after({{"x-amz-retry-after", "250"}, {"Retry-After", "9"}}, now) == 250ms);
  CHECK(wire::retry_after({{"x-amz-retry-after", "?"}, {"Retry-After", "9"}}, now) == 9s);
  CHECK(wire::retry_after({{"x-amz-retry-after", "-5"}, {"Retry-After", "9"}}, now) == 9s);
  CHECK(wire::retry_after({{"x-amz-retry-after", "86400000"}, {"Retry-After", "9"}}, now) == 9s);
  CHECK(wire::retry_after({{"x-amz-retry-after", "86399999"}}, now) == 86'399'999ms);
  CHECK_FALSE(wire::retry_after({{"Retry-After", "18446744073709551615"}}, now));
  CHECK_FALSE(wire::retry_after({}, now));
}

TEST_CASE("a code that observers log has no control characters", "[service_error]") {
  CHECK(wire::service_error({.status = 400}, "<Error><Code>Bad&#10;line \xc2\x9b</Code></Error>", http::method::get).code == "Bad\\nline \\u009b");
}

TEST_CASE("a secret that the server sends back is masked", "[service_error]") {
  const std::string token = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJH+/=", signature(64, 'f'), key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  const headers sent{{"Host", "s3.amazonaws.com"},
                     {"X-Amz-Security-Token", token},
                     {"x-amz-server-side-encryption-customer-key", key},
                     {"x-amz-copy-source-server-side-encryption-customer-key", key},
                     {"authorization", "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=" + signature},
                     {"x-amz-meta-short", "ab"}};
  const auto masked = [&](std::string_view text) {
    error e = detail::fail(error_kind::bad_request, std::string(text));
    e.code = e.host_id = e.request_id = text;
    wire::mask_secrets(e, sent, secret);
    CHECK(e.code == e.message);
    CHECK(e.host_id == e.message);
    CHECK(e.request_id == e.message);
    return e.message;
  };
  CHECK(masked("the token " + token + " is bad: " + token) == "the token [masked] is bad: [masked]");
  CHECK(masked(token) == "[masked]");
  CHECK(masked("Signature=" + signature + " Credential=AKID") == "Signature=[masked] Credential=AKID");
  CHECK(masked("key " + key + secret) == "key [masked][masked]");
  CHECK(masked("?t=" + detail::uri_encode(token, detail::uri_part::query) + "&x") == "?t=[masked]&x");
  CHECK(masked("{\"t\": \"IQoJb3JpZ2luX2VjEXAMPLE\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/wEaCXVzLWVhc3QtMSJH+\\/=\"}") == "{\"t\": \"[masked]\"}");
  CHECK(masked("cut off: " + token.substr(0, 20)) == "cut off: [masked]");
  CHECK(masked("cut off: " + secret.substr(0, 16) + "...") == "cut off: [masked]...");
  for (const std::string_view as_it_is : {"", "AKID", "wJalrXUtn", "IQoJb3", "nothing of that, not even ab"}) CHECK(masked(as_it_is) == as_it_is);

  error e = detail::fail(error_kind::bad_request, "a short secret is found in any text");
  wire::mask_secrets(e, {{"x-amz-security-token", "short"}}, "");
  CHECK(e.message == "a short secret is found in any text");
}
