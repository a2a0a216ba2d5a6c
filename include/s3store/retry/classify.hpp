// Is a failure worth another attempt? If the cause is likely to pass: the network, a server's failure, or too many requests.
#pragma once

#include <string_view>

#include <s3store/core/error.hpp>

namespace s3store::inline S3STORE_ABI {

enum class retry_class : std::uint8_t {
  never,       ///< the same request fails again
  transient,   ///< a failure of the network or server that may be over soon
  throttling,  ///< the server wants fewer requests
};

/// S3's error codes are checked before the status, because they say more: a 400 RequestTimeout is worth a retry, other 400s are
/// not. The lists are those of the AWS SDKs' "standard" mode:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
inline retry_class classify(const error& e) noexcept {
  for (const std::string_view code :
       {"SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "ServiceUnavailable",
        "PriorRequestNotComplete", "TransactionInProgressException", "EC2ThrottledException", "ProvisionedThroughputExceededException"})
    if (e.code == code) return retry_class::throttling;
  for (const std::string_view code : {"RequestTimeout", "RequestTimeoutException", "InternalError", "OperationAborted"})
    if (e.code == code) return retry_class::transient;

  switch (e.kind) {
    case error_kind::throttled: return retry_class::throttling;
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::connection_lost:
    case error_kind::timeout:
    case error_kind::transport:
    case error_kind::malformed_response:  // mostly a proxy's error page instead of S3's answer
    case error_kind::integrity: return retry_class::transient;
    case error_kind::server:
      switch (e.status) {
        case 500: case 502: case 503: case 504:
        case 520: case 521: case 522: case 523: case 524:  // of the proxies of Cloudflare, which stand before R2
          return retry_class::transient;
        default: return retry_class::never;
      }
    default: return retry_class::never;
  }
}

namespace detail {
/// After this failure, may the request have been carried out although no answer says so?
inline bool may_have_taken_effect(const error& e) noexcept {
  return e.status >= 500 || e.kind == error_kind::server || e.kind == error_kind::connection_lost || e.kind == error_kind::timeout ||
         e.kind == error_kind::transport || e.kind == error_kind::malformed_response;
}
}  // namespace detail

}  // namespace s3store::inline S3STORE_ABI
