// What can be set for libcurl? TLS, proxies, connections and buffers, for all exchanges of a transport or loop.
#pragma once

#include <cstddef>
#include <string>

#include <s3store/core/secret.hpp>

namespace s3store::inline S3STORE_ABI {

/// An empty text means libcurl's default.
struct curl_settings {
  // --- TLS: 1.2 or later
  bool verify_tls{true};             ///< false accepts any certificate: for experiments only
  std::string ca_bundle{};           ///< a PEM file; only its authorities are trusted, not the system's
  std::string ca_path{};             ///< likewise, a directory prepared by `openssl rehash`
  std::string client_certificate{};  ///< a PEM file
  std::string client_key{};          ///< a PEM file, if the key is not in `client_certificate`
  secret_string client_key_password{};

  // --- Proxies and network
  /// Read `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as other S3 clients do. False: the environment is ignored.
  bool proxy_from_environment{true};
  std::string proxy{};              ///< "http://host:port", also https and socks5h; wins over the environment
  std::string no_proxy{};           ///< hosts without proxy, comma-separated; "*": all; wins over the environment
  std::string network_interface{};  ///< an interface, address or host name to connect from
  bool tcp_keepalive{true};

  // --- Connections and memory
  std::size_t max_idle_connections{32};  ///< kept open for later exchanges, per transport or loop
  long receive_buffer{64 * 1024};        ///< bytes, 1 KiB to 512 KiB: the most that a sink gets at once
  /// Bytes, 16 KiB to 2 MiB: the most that a source is asked for at once. Each exchange with a body longer than 64 KiB has as many.
  long send_buffer{512 * 1024};

  /// Send `Expect: 100-continue` and wait for the server's consent before the body, so that no body is sent in vain. Adds a round
  /// trip.
  bool expect_continue{false};
};

}  // namespace s3store::inline S3STORE_ABI
