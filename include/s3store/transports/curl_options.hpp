// Which options of libcurl do the settings become? Those that stay the same for all exchanges of an easy handle, and those that the
// rules of one exchange may change.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include <s3store/http/message.hpp>
#include <s3store/transports/curl_settings.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Sets options, and keeps the first failure, so that an option which this libcurl does not have is reported.
struct easy_options {
  CURL* easy{};
  CURLcode failure{CURLE_OK};

  void note(CURLcode code) noexcept {
    if (failure == CURLE_OK) failure = code;
  }
  template <class T>
  void set(CURLoption option, T value) noexcept {
    note(curl_easy_setopt(easy, option, value));
  }
  /// An empty text becomes libcurl's default.
  void set_text(CURLoption option, const std::string& text) noexcept { set(option, text.empty() ? nullptr : text.c_str()); }
};

/// For libcurl, to which 0 means no limit; what is less than a second is one.
inline long whole_seconds(duration d) noexcept {
  if (d <= duration::zero()) return 0;
  return static_cast<long>((std::min)((detail::whole_milliseconds(d) + 999) / 1000, std::int64_t{0x7fffffff}));
}

/// HTTP as S3 needs it, whatever the settings.
inline void set_protocol(easy_options& o) noexcept {
  o.set(CURLOPT_NOSIGNAL, 1L);
  o.set(CURLOPT_PATH_AS_IS, 1L);
  o.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  o.set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  o.set(CURLOPT_HTTP09_ALLOWED, 0L);
  o.set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  o.set(CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
  o.set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  o.set(CURLOPT_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
  o.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  o.set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});  // or `Authorization` would also go to the proxy
}

inline void set_network(easy_options& o, const curl_settings& s) noexcept {
  o.set(CURLOPT_HTTP_VERSION, s.http2 ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
  if (s.http2) o.set(CURLOPT_PIPEWAIT, 1L);  // or each exchange of a burst would open a connection of its own
  o.set(CURLOPT_FORBID_REUSE, s.max_idle_connections == 0 ? 1L : 0L);
  o.set(CURLOPT_MAXAGE_CONN, whole_seconds(s.max_idle_time));
  o.set(CURLOPT_MAXLIFETIME_CONN, whole_seconds(s.max_connection_age));
  o.set(CURLOPT_BUFFERSIZE, s.receive_buffer);
  o.set(CURLOPT_TCP_KEEPALIVE, s.tcp_keepalive ? 1L : 0L);
  o.set_text(CURLOPT_INTERFACE, s.network_interface);

  o.set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  o.set(CURLOPT_SSL_VERIFYPEER, s.verify_tls ? 1L : 0L);
  o.set(CURLOPT_SSL_VERIFYHOST, s.verify_tls ? 2L : 0L);
  if (!s.ca_bundle.empty() || !s.ca_path.empty()) {  // both are set, or the system's default for the other would stay
    o.set_text(CURLOPT_CAINFO, s.ca_bundle);
    o.set_text(CURLOPT_CAPATH, s.ca_path);
  }
  if (!s.client_key_password.empty()) o.set(CURLOPT_KEYPASSWD, s.client_key_password.c_str());
}

inline void set_proxy_and_identity(easy_options& o, const curl_settings& s, const http::connection_rules& rules) noexcept {
  // An empty text means no proxy. With a null pointer, libcurl reads the environment.
  const auto text = [&s](const std::string& t) { return t.empty() && s.proxy_from_environment ? nullptr : t.c_str(); };
  o.set(CURLOPT_PROXY, rules.no_proxy ? "" : text(s.proxy));
  o.set(CURLOPT_NOPROXY, rules.no_proxy ? "*" : text(s.no_proxy));

  const bool own = !rules.client_certificate.empty();
  o.set_text(CURLOPT_SSLCERT, own ? rules.client_certificate : s.client_certificate);
  o.set_text(CURLOPT_SSLKEY, own ? rules.client_key : s.client_key);
}

}  // namespace s3store::inline S3STORE_ABI::curl_detail
