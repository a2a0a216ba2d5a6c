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
  CHECK(minio.message == "\"The specified bucket does not exist\"");
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
