// What is an HTTP exchange? A request whose body is read from a source, and a response whose body is written to a sink.
//
// Nothing here is specific to S3. All that an exchange points to must stay valid until it ends. Sources, sinks and receivers are
// called on the thread that performs the exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <s3store/core/cancel.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::http {

using s3store::headers;

enum class method : std::uint8_t { get, head, put, post, delete_ };

constexpr std::string_view to_string(method m) noexcept {
  switch (m) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::put: return "PUT";
    case method::post: return "POST";
    case method::delete_: return "DELETE";
  }
  return "GET";
}

constexpr std::optional<method> parse_method(std::string_view s) noexcept {
  for (const method m : {method::get, method::head, method::put, method::post, method::delete_})
    if (to_string(m) == s) return m;
  return std::nullopt;
}

namespace detail {
using namespace s3store::detail;
inline error more_than_its_room(std::string_view given, std::size_t room) {
  return detail::fail(error_kind::body_source, {"the body's source says that it wrote ", given, " bytes, and it had room for ", detail::decimal(room)});
}
}  // namespace detail

/// Bytes that can be read at several places at the same time, also by several threads: a file, memory.
struct random_access {
  /// Writes the bytes from `from` on to the front of `into` and returns how many, at most `into.size()`; 0 at the end.
  virtual result<std::size_t> read_at(std::uint64_t from, std::span<std::byte> into) const noexcept = 0;
  /// Fails if it can be told that the bytes are not those any more that there were when it was opened.
  virtual result<void> check_unchanged() const noexcept = 0;

 protected:
  ~random_access() = default;
};

/// Bytes to send. Not thread-safe; only one exchange at a time may use it.
struct source {
  /// Writes the next bytes to the front of `into` and returns how many, at most `into.size()`; 0 at the end.
  virtual result<std::size_t> read(std::span<std::byte> into) noexcept = 0;
  /// The next read starts at that offset, in bytes. False if that is not possible; a failed send is then not repeated.
  virtual bool seek(std::uint64_t from) noexcept = 0;
  /// Bytes from start to end; nothing if that is not known.
  virtual std::optional<std::uint64_t> size() const noexcept = 0;
  /// The same bytes, for whoever reads several places at once; valid as long as this. Null if they can only be read from start to end.
  virtual const random_access* anywhere() const noexcept { return nullptr; }

 protected:
  ~source() = default;
};

/// Reads from a source, and checks the number that it returns: one that is larger than its room fails with error_kind::body_source,
/// so that nobody uses bytes behind `into`. Whoever reads from a source (a transport, another source) does it with this function.
inline result<std::size_t> read_some(source& from, std::span<std::byte> into) noexcept {
  auto given = from.read(into);
  if (given && *given > into.size()) return detail::more_than_its_room(detail::decimal(*given), into.size());
  return given;
}

/// The same for bytes that are read at a place.
inline result<std::size_t> read_some_at(const random_access& of, std::uint64_t from, std::span<std::byte> into) noexcept {
  auto given = of.read_at(from, into);
  if (given && *given > into.size()) return detail::more_than_its_room(detail::decimal(*given), into.size());
  return given;
}

/// Where received bytes go. Not thread-safe; only one exchange at a time may use it.
struct sink {
  /// Takes all of the bytes or fails.
  virtual result<void> write(std::span<const std::byte> bytes) noexcept = 0;
  /// Removes what was written from that offset on, in bytes. False if that is not possible; what was written then stays, and an
  /// interrupted download continues after it.
  virtual bool seek(std::uint64_t from) noexcept = 0;

 protected:
  ~sink() = default;
};

struct request {
  method verb{};
  std::string url{};     ///< absolute and percent-encoded; sent unchanged
  headers fields{};      ///< all that are sent but `Content-Length`, which comes from `body`, and `Host`, which, if it is not here, is
                         ///< what `url` has, byte for byte
  source* body{};        ///< null: no body. A GET, HEAD or DELETE without a body sends no Content-Length
  bool no_expect{};      ///< send no `Expect: 100-continue`, whatever the transport's settings say: the server refused it
};

struct response {
  int status{};
  headers fields{};
};

/// Gets the response of an exchange.
struct receiver {
  /// Called with the final head (not a 1xx one), before any byte of the body. Returns where the body goes; null: it is read and
  /// dropped. An error ends the exchange at once, without reading the body, and is its outcome.
  virtual result<sink*> on_response(response&& head) noexcept = 0;

 protected:
  ~receiver() = default;
};

/// How long each stage may take. Zero: no limit.
struct limits {
  duration connect{};     ///< name look-up, TCP and TLS together
  duration first_byte{};  ///< from the last byte sent to the first one received
  duration idle{};        ///< without a byte in either direction, once connected
  steady_time deadline{(steady_time::max)()};  ///< when the whole exchange must have ended
};

/// What one exchange demands beyond its transport's settings, if for example it carries credentials to a service of the machine's
/// own network. A transport without a network has nothing to check.
struct connection_rules {
  /// No proxy is used, whatever the settings and the environment say.
  bool no_proxy{};
  /// Is asked for the numeric address (without brackets) that the socket is connected to, before anything is sent. False: the
  /// exchange fails with error_kind::connect. Null: any address is right.
  bool (*may_send_to)(std::string_view address) noexcept {};
  std::string client_certificate{};  ///< a PEM file; empty: that of the transport's settings
  std::string client_key{};          ///< a PEM file, if the key is not in `client_certificate`
};

/// What is known about a completed exchange.
struct transfer_stats {
  std::uint64_t sent{};      ///< body bytes
  std::uint64_t received{};  ///< body bytes
  bool reused_connection{};
};

/// Success means that the whole response arrived, whatever its status. An error's kind says whether the request may have taken
/// effect (core/error.hpp).
using outcome = result<transfer_stats>;

struct exchange {
  request* out{};
  receiver* in{};
  limits within{};
  cancel_token stop{};
  const connection_rules* rules{};  ///< null: none
};

}  // namespace s3store::inline S3STORE_ABI::http
