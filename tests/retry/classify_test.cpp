// Which failures are worth another attempt?
#include <s3store/retry/classify.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
retry_class of(error_kind kind, int status = 0, std::string code = {}) {
  error e;
  e.kind = kind;
  e.status = status;
  e.code = std::move(code);
  return classify(e);
}
}  // namespace

TEST_CASE("by code first", "[classify]") {
  for (const char* code : {"SlowDown", "Throttling", "ThrottlingException", "RequestThrottled", "TooManyRequestsException",
                           "RequestLimitExceeded", "BandwidthLimitExceeded", "ServiceUnavailable"})
    CHECK(of(error_kind::bad_request, 400, code) == retry_class::throttling);
  for (const char* code : {"RequestTimeout", "InternalError", "OperationAborted"})
    CHECK(of(error_kind::bad_request, 400, code) == retry_class::transient);
  CHECK(of(error_kind::bad_request, 400, "SlowDownX") == retry_class::never);
  CHECK(of(error_kind::bad_request, 400, "InvalidRequest") == retry_class::never);
}

TEST_CASE("by kind", "[classify]") {
  for (const error_kind k : {error_kind::resolve, error_kind::connect, error_kind::connection_lost, error_kind::timeout,
                             error_kind::transport, error_kind::malformed_response, error_kind::integrity})
    CHECK(of(k) == retry_class::transient);
  CHECK(of(error_kind::throttled, 429) == retry_class::throttling);
  for (const int status : {500, 502, 503, 504, 520, 521, 522, 523, 524}) CHECK(of(error_kind::server, status) == retry_class::transient);
  for (const int status : {505, 507, 511, 519, 525, 599}) CHECK(of(error_kind::server, status) == retry_class::never);
  for (const error_kind k : {error_kind::none,
                             error_kind::invalid_argument,
                             error_kind::configuration,
                             error_kind::credentials,
                             error_kind::cancelled,
                             error_kind::deadline_exceeded,
                             error_kind::body_source,
                             error_kind::body_sink,
                             error_kind::io,
                             error_kind::tls,
                             error_kind::bad_request,
                             error_kind::access_denied,
                             error_kind::not_found,
                             error_kind::method_not_allowed,
                             error_kind::conflict,
                             error_kind::precondition_failed,
                             error_kind::not_modified,
                             error_kind::range_not_satisfiable,
                             error_kind::redirect,
                             error_kind::not_implemented})
    CHECK(of(k) == retry_class::never);
}
