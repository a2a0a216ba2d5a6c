// What travels? A request with a body that is read, an answer whose body is written, and the limits of the exchange.
//
// This layer knows no S3. Views inside a request stay valid until its exchange ends.
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

namespace s3store::inline v0::http {

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

/// Bytes to send. Not thread-safe; used by one exchange at a time.
struct source {
  /// Fills the front of `into` and returns how many bytes it wrote; 0 is the end. Never throws.
  virtual result<std::size_t> read(std::span<std::byte> into) noexcept = 0;
  /// Goes to that offset, so that the next read starts there. False: it can be read once only, and a failed send is not repeated.
  virtual bool seek(std::uint64_t from) noexcept = 0;
  /// How many bytes there are from the start to the end, where that is known.
  virtual std::optional<std::uint64_t> size() const noexcept = 0;

 protected:
  ~source() = default;
};

/// Where received bytes go. Not thread-safe; used by one exchange at a time.
struct sink {
  /// Takes all of the bytes or fails. Never throws.
  virtual result<void> write(std::span<const std::byte> bytes) noexcept = 0;
  /// Forgets what was written from that offset on. False: what was written stays, and a broken download goes on behind it.
  virtual bool seek(std::uint64_t from) noexcept = 0;

 protected:
  ~sink() = default;
};

struct request {
  method verb{};
  std::string url{};     ///< absolute, encoded, sent as it is
  headers fields{};      ///< all that is sent, `Host` and `Content-Length` excepted, which follow from `url` and `body`
  source* body{};        ///< null: no body. A GET, HEAD or DELETE without one sends no Content-Length
};

struct response {
  int status{};
  headers fields{};
};

/// Who is told of the answer.
struct receiver {
  /// The final head, before any body byte. Returns where the body goes; null drops it.
  virtual sink* on_response(response&& head) noexcept = 0;

 protected:
  ~receiver() = default;
};

/// How long each stage may take. Zero: no limit.
struct limits {
  duration connect{};     ///< name look-up, TCP and TLS together
  duration first_byte{};  ///< from the last byte sent to the first received
  duration idle{};        ///< without a byte in either direction, once the connection stands
  steady_time deadline{(steady_time::max)()};  ///< of the whole exchange, and hard
};

/// What a completed exchange moved.
struct transfer_stats {
  std::uint64_t sent{};      ///< body bytes
  std::uint64_t received{};  ///< body bytes
  bool reused_connection{};
};

/// Success says that the answer arrived whole. An error's kind says what a retry may assume (see core/error.hpp).
using outcome = result<transfer_stats>;

struct exchange {
  request* out{};
  receiver* in{};
  limits within{};
  cancel_token stop{};
};

}  // namespace s3store::inline v0::http
