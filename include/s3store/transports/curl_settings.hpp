// What can be set for libcurl? TLS, proxies, connections and buffers, for all exchanges of a transport or loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <s3store/core/secret.hpp>
#include <s3store/core/time.hpp>

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
  /// The most connections that a loop has at once, those that it keeps included; what is over waits its turn. 0: half of the descriptors
  /// that the process may have (RLIMIT_NOFILE) when the loop is made. A transport has one for each thread that uses it.
  std::size_t max_connections{0};
  std::size_t max_connections_per_host{256};  ///< likewise, to one host and port; at least 1
  /// Kept open for later exchanges, per transport or loop. A loop that ends many exchanges at once keeps more until others end.
  std::size_t max_idle_connections{256};
  duration max_idle_time{std::chrono::seconds{118}};  ///< unused for longer, a connection is closed and not used again; whole seconds
  duration max_connection_age{};  ///< a connection that is older is not used again; whole seconds, 0: however old
  long receive_buffer{64 * 1024};        ///< bytes, 1 KiB to 512 KiB: the most that a sink gets at once
  /// Bytes, 16 KiB to 2 MiB: the most that a source is asked for at once. Each exchange with a body longer than 64 KiB has as many.
  long send_buffer{512 * 1024};

  /// Send `Expect: 100-continue` and wait for the server's consent before the body, so that no body is sent in vain. Adds a round
  /// trip.
  bool expect_continue{false};

  /// Offer HTTP/2 to servers with TLS. Then exchanges share connections, and the limits above are those of exchanges under way. Off,
  /// because S3 itself does not speak it, and one lost packet delays all that share a connection.
  bool http2{false};
};

}  // namespace s3store::inline S3STORE_ABI
