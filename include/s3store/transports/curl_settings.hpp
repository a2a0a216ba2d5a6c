// What can be set about libcurl? Everything that is not a property of one exchange.
#pragma once

#include <cstddef>
#include <string>

#include <s3store/core/secret.hpp>

namespace s3store::inline v0 {

/// Empty texts and zeros leave libcurl's own default in place.
struct curl_settings {
  // --- TLS: 1.2 or later
  bool verify_tls{true};             ///< false takes any certificate from anybody: for experiments only
  std::string ca_bundle{};           ///< a PEM file; with it only these authorities are trusted, not the system's
  std::string ca_path{};             ///< a directory prepared by `openssl rehash`; the same
  std::string client_certificate{};  ///< a PEM file
  std::string client_key{};          ///< a PEM file, where the key is not in `client_certificate`
  secret_string client_key_password{};

  // --- The way to the server
  /// Read `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as other S3 clients do. False: the environment is ignored.
  bool proxy_from_environment{true};
  std::string proxy{};              ///< "http://host:port", also https and socks5h; wins over the environment
  std::string no_proxy{};           ///< hosts reached directly, separated by commas; "*" is all; wins over the environment
  std::string network_interface{};  ///< an interface, address or host name to connect from
  bool tcp_keepalive{true};

  // --- Connections and memory
  std::size_t max_idle_connections{32};  ///< kept open for later exchanges, per transport or loop
  long receive_buffer{64 * 1024};        ///< bytes, 1 KiB to 512 KiB: the most that a sink is handed at once
  long send_buffer{64 * 1024};           ///< bytes, 16 KiB to 2 MiB: the most that a source is asked for at once

  /// Ask for leave (`Expect: 100-continue`) before a body is sent, so that a refused upload costs nothing. It adds a round trip.
  bool expect_continue{false};
};

}  // namespace s3store::inline v0
