// What does a failure of libcurl mean for a retry?
//
// A retry needs to know whether the request was sent, which libcurl's code alone does not say. So the kind depends on the code and
// on whether the connection was made: a reset is `connect` during the TLS or proxy handshake, and `connection_lost` afterwards.
#pragma once

#include <curl/curl.h>

#include <cerrno>
#include <string>
#include <string_view>

#include <s3store/core/result.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Host and port of a URL, for messages. Path and query are left out, because a presigned URL is a secret.
inline std::string_view host_of(std::string_view url) noexcept {
  if (const auto colon = url.find("://"); colon != std::string_view::npos) url.remove_prefix(colon + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return url;
}

/// For messages: "50 ms", "30 s".
inline std::string in_words(duration d) {
  const std::int64_t ms = detail::whole_milliseconds(d);
  return ms % 1000 == 0 ? detail::concat({detail::decimal(ms / 1000), " s"}) : detail::concat({detail::decimal(ms), " ms"});
}

struct progress {
  bool connected{};  ///< the connection was made, TLS included, and sending began
  bool answered{};   ///< the final answer's head was received
};

inline error_kind kind_of(CURLcode code, progress seen, std::string_view detail) noexcept {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return error_kind::resolve;

    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_OPERATION_TIMEDOUT:  // libcurl times only the connecting; other limits are timed here
      return error_kind::connect;

    case CURLE_SSL_CONNECT_ERROR:
      // The peer closed the connection in the handshake. That may be a busy server, and the request was not sent, so it can be
      // retried.
      for (const std::string_view text : {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"})
        if (detail.find(text) != std::string_view::npos) return error_kind::connect;
      return error_kind::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED: return error_kind::tls;

    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_INTERFACE_FAILED:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION: return error_kind::configuration;

    case CURLE_RECV_ERROR:
      if (seen.answered && detail.find("chunk") != std::string_view::npos) return error_kind::malformed_response;  // not as chunks are
      [[fallthrough]];
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND: return seen.connected ? error_kind::connection_lost : error_kind::connect;

    case CURLE_UNSUPPORTED_PROTOCOL:  // the URL's scheme, or an answer that is not HTTP/1
      return seen.connected ? error_kind::malformed_response : error_kind::invalid_argument;
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:  // a user name in the URL
      return error_kind::invalid_argument;

    case CURLE_BAD_FUNCTION_ARGUMENT:  // libcurl gives this for a trailer's field without a colon
      return seen.answered ? error_kind::malformed_response : error_kind::transport;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return error_kind::malformed_response;
    case CURLE_OUT_OF_MEMORY:  // libcurl also gives this for a header line over 100 KiB
      return seen.connected && !seen.answered ? error_kind::malformed_response : error_kind::out_of_memory;

    default: return error_kind::transport;
  }
}

/// What happened, to which host, and libcurl's own words. These repeat the URL of a proxy that is malformed, with its password, and
/// of a URL that is malformed even the host may be a part of a password.
inline error error_of(CURLcode code, progress seen, std::string_view url, std::string_view detail) {
  if (detail.empty() || detail.find_first_of("@?") != std::string_view::npos) detail = curl_easy_strerror(code);
  if (code == CURLE_URL_MALFORMAT)
    return detail::fail(error_kind::invalid_argument, std::string("the URL was refused: ").append(curl_easy_strerror(code)));
  const error_kind kind = kind_of(code, seen, detail);
  const std::string_view what = [kind]() -> std::string_view {
    switch (kind) {
      case error_kind::resolve: return "the host name was not found for ";
      case error_kind::connect: return "no connection to ";
      case error_kind::tls: return "TLS failed with ";
      case error_kind::configuration: return "a transport setting is wrong, so nothing was sent to ";
      case error_kind::connection_lost: return "the connection was lost to ";
      case error_kind::malformed_response: return "no valid HTTP answer came from ";
      case error_kind::invalid_argument: return "the URL was refused for ";
      default: return "the exchange failed with ";
    }
  }();
  return detail::fail(kind, std::string(what).append(host_of(url)).append(": ").append(detail));
}

/// There was no descriptor for a connection; `system` is EMFILE or ENFILE. The request was not sent, and a later try may succeed.
inline error no_descriptor(int system, std::size_t limit, std::string_view url) noexcept {
  if (system == ENFILE)
    return detail::fail(error_kind::connect, {"no connection to ", host_of(url), ": the system has no descriptor left"});
  return detail::fail(error_kind::connect, {"no connection to ", host_of(url), ": this process has all of the ", detail::decimal(limit),
                                            " descriptors that it may have (RLIMIT_NOFILE)"});
}

}  // namespace s3store::inline S3STORE_ABI::curl_detail
