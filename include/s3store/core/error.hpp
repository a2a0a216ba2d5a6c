// What can go wrong, and what does an error carry?
//
// An error is a value that holds all that is known about a failure. The code that sees the failure first sets `kind` and `message`;
// the layers above add where it happened. It never holds a secret: no key, signature, token or presigned URL is put into it, and
// those that a server sends back are masked (protocol/service_error.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/printable.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI {

/// What kind of failure it is. The comments say whether the request was sent, and whether it may have taken effect.
enum class error_kind : std::uint8_t {
  none,
  // Failures on this side.
  invalid_argument,     ///< refused before anything was sent; the same call fails again
  configuration,        ///< a setting, environment variable or file is missing or malformed
  credentials,          ///< no provider had credentials, or one failed
  cancelled,            ///< the caller's cancel token was cancelled
  deadline_exceeded,    ///< the call's total deadline has passed
  body_source,          ///< the caller's source failed or threw
  body_sink,            ///< the caller's sink failed or threw
  io,                   ///< a local file could not be read or written
  out_of_memory,        ///< this process has no memory left for what arrived
  too_large,            ///< what arrived is larger than the limit for bodies kept in memory; use a sink
  // The transport: no answer came, or only a part of one.
  resolve,              ///< host name not found; the request was not sent
  connect,              ///< no connection (refused, unreachable, timed out); the request was not sent
  tls,                  ///< handshake or certificate failed; the request was not sent
  connection_lost,      ///< sent in part or whole, and the answer is missing or cut off: it may have taken effect
  timeout,              ///< no first byte, or no progress, in time: it may have taken effect
  transport,            ///< any other failure of the transport
  // The protocol.
  malformed_response,   ///< an answer that S3 would not give: not XML, wrong root, cut off, too large or too deep
  integrity,            ///< bytes that do not match their checksum
  range_mismatch,       ///< the answer does not hold the range that was asked for
  object_changed,       ///< the object was replaced while it was read, so its parts do not belong together
  // The service's answer. `code` has the details.
  bad_request,          ///< 400 and anything not named below
  access_denied,        ///< 401 and 403
  not_found,            ///< 404: NoSuchKey, NoSuchBucket, NoSuchUpload, NoSuchVersion, or a bare 404 to a HEAD
  method_not_allowed,   ///< 405, for example where the version is a delete marker
  conflict,             ///< 409
  precondition_failed,  ///< 412
  not_modified,         ///< 304
  range_not_satisfiable,///< 416
  redirect,             ///< 301, 302, 307 or 308 that names no usable region
  throttled,            ///< 429, 503 SlowDown and the like
  server,               ///< 5xx
  not_implemented,      ///< 501
};

constexpr std::string_view to_string(error_kind k) noexcept {
  switch (k) {
    case error_kind::none: return "none";
    case error_kind::invalid_argument: return "invalid argument";
    case error_kind::configuration: return "configuration";
    case error_kind::credentials: return "credentials";
    case error_kind::cancelled: return "cancelled";
    case error_kind::deadline_exceeded: return "deadline exceeded";
    case error_kind::body_source: return "body source";
    case error_kind::body_sink: return "body sink";
    case error_kind::io: return "input/output";
    case error_kind::out_of_memory: return "out of memory";
    case error_kind::too_large: return "too large";
    case error_kind::resolve: return "host not found";
    case error_kind::connect: return "no connection";
    case error_kind::tls: return "TLS";
    case error_kind::connection_lost: return "connection lost";
    case error_kind::timeout: return "timeout";
    case error_kind::transport: return "transport";
    case error_kind::malformed_response: return "malformed response";
    case error_kind::integrity: return "integrity";
    case error_kind::range_mismatch: return "range mismatch";
    case error_kind::object_changed: return "object changed";
    case error_kind::bad_request: return "bad request";
    case error_kind::access_denied: return "access denied";
    case error_kind::not_found: return "not found";
    case error_kind::method_not_allowed: return "method not allowed";
    case error_kind::conflict: return "conflict";
    case error_kind::precondition_failed: return "precondition failed";
    case error_kind::not_modified: return "not modified";
    case error_kind::range_not_satisfiable: return "range not satisfiable";
    case error_kind::redirect: return "redirect";
    case error_kind::throttled: return "throttled";
    case error_kind::server: return "server";
    case error_kind::not_implemented: return "not implemented";
  }
  return "unknown";
}

/// All that is known about a failure; members that are not known are empty or 0. Texts of the server's are as it sent them, but for
/// secrets of the request, which are masked. Print them by `describe()`, which escapes what could forge a line of a log.
struct error {
  error_kind kind{};
  std::string message{};     ///< one sentence for a person
  std::string code{};        ///< S3's error code ("NoSuchKey"), or empty where no server answered with one
  int status{};              ///< HTTP status, or 0 where no answer came
  std::string request_id{};  ///< x-amz-request-id
  std::string host_id{};     ///< x-amz-id-2
  std::string operation{};   ///< "PutObject"
  std::string bucket{};
  std::string key{};
  std::string endpoint{};    ///< scheme, host and port; never a path or a query
  std::string region{};      ///< the region that the server named, where it named one
  int attempts{};            ///< how often it was sent
  duration elapsed{};        ///< from the start of the call to its end, waits included
  std::exception_ptr thrown{};  ///< what a function of the caller threw; the client throws it again
  bool maybe_own_success{};  ///< an earlier attempt, whose answer was lost, may have succeeded and caused this refusal

  /// One line for a log: operation, code or kind, message, and the details that are known. Control characters and the like are
  /// escaped (core/printable.hpp), so it is one line, in valid UTF-8, whatever the server sent. Of each text that is longer than 4,096
  /// bytes, only the beginning is shown; no name or message of S3's is that long.
  std::string describe() const {
    constexpr std::size_t most = 4096;
    std::string out;
    if (!operation.empty()) {
      detail::append_printable(out, operation);
      out.append(": ");
    }
    detail::append_abbreviated(out, code.empty() ? to_string(kind) : std::string_view{code}, most);
    if (!message.empty()) detail::append_abbreviated(out.append(": "), message, most);
    const char* before = " (";
    const auto detail = [&](std::string_view name, std::string_view value) {
      if (value.empty()) return;
      out.append(std::exchange(before, ", ")).append(name).append(" ");
      detail::append_abbreviated(out, value, most);
    };
    detail("status", status != 0 ? detail::decimal(status) : std::string{});
    detail("bucket", bucket);
    detail("key", key);
    detail("endpoint", endpoint);
    detail("request id", request_id);
    detail("attempts", attempts > 1 ? detail::decimal(attempts) : std::string{});
    if (*before == ',') out.append(")");
    return out;
  }
};

namespace detail {
/// Does the error say that what was asked for does not exist? NoSuchBucket and a denied access do not say so of an object. The
/// answer to a HEAD has no code, so there any 404 counts.
inline bool is_absent(const error& e) noexcept {
  return e.kind == error_kind::not_found && (e.code.empty() || e.code == "NoSuchKey" || e.code == "NoSuchVersion");
}
}  // namespace detail

/// What `result::value()` and the store layer throw. Its copies share the error, so copying it cannot fail.
class s3_error : public std::exception {
 public:
  explicit s3_error(s3store::error e) : shared_(detail::share<const state>(std::move(e))) {}

  const char* what() const noexcept override { return shared_->text.c_str(); }
  const s3store::error& error() const noexcept { return shared_->of; }
  error_kind kind() const noexcept { return shared_->of.kind; }
  const std::string& code() const noexcept { return shared_->of.code; }
  int status() const noexcept { return shared_->of.status; }

 private:
  struct state {
    explicit state(s3store::error e) : of(std::move(e)), text(of.describe()) {}
    s3store::error of;
    std::string text;
  };
  detail::shared<const state> shared_;
};

}  // namespace s3store::inline S3STORE_ABI
