// How are the events of an answer framed? In messages with headers, a payload and two CRCs: one over the lengths, so that a wrong
// length is noticed before it is used, and one over the whole message.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
//
//   total length (4) | length of the headers (4) | CRC32 of both (4) | headers | payload | CRC32 of all before it (4)    big-endian
//   a header: length of its name (1) | name | type of its value (1) | value, for texts and bytes with its length (2) in front
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/crypto/crc.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// One message.
struct event_message {
  headers fields{};             ///< ":message-type", ":event-type", …: only text headers; S3 sends no others
  std::string_view payload{};
};

namespace event_framing {

inline constexpr std::size_t prelude_size = 12, crc_size = 4;
/// In bytes. botocore's limits; S3's own messages are smaller.
inline constexpr std::size_t largest_headers = 128u << 10, largest_payload = 24u << 20;

/// The size in bytes of a header's value, by type: true, false, byte, short, integer, long, bytes, text, time, UUID.
inline constexpr std::size_t its_own = ~std::size_t{0};  // variable: the value begins with its length
inline constexpr std::size_t value_sizes[] = {0, 0, 1, 2, 4, 8, its_own, its_own, 8, 16};
inline constexpr std::size_t text_type = 7;

inline std::uint32_t big_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}
inline void append_big_endian(std::string& out, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}
inline std::uint32_t crc_of(std::string_view bytes) noexcept {
  crypto::crc32 crc;
  crc.update(detail::as_bytes(bytes));
  return crc.value();
}

/// Moves `size` bytes from the front of `in` to `out`; false if there are fewer.
inline bool take(std::string_view& in, std::size_t size, std::string_view& out) noexcept {
  if (in.size() < size) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

inline bool read_headers(std::string_view in, headers& out) {
  while (!in.empty()) {
    std::string_view piece, name, value;
    if (!take(in, 1, piece) || !take(in, big_endian(piece), name) || !take(in, 1, piece)) return false;
    const std::size_t type = big_endian(piece);
    if (type >= std::size(value_sizes)) return false;
    std::size_t size = value_sizes[type];
    if (size == its_own) {
      if (!take(in, 2, piece)) return false;
      size = big_endian(piece);
    }
    if (!take(in, size, value)) return false;
    if (type == text_type) out.add(name, value);
  }
  return true;
}

}  // namespace event_framing

/// Splits a stream of bytes into messages and checks their CRCs. It stores at most one incomplete message.
class event_stream_reader {
 public:
  /// Calls `result<void> each(const event_message&)` for every message that is complete with these bytes. Stops at the first
  /// failure of `each` or of the framing: integrity for a wrong CRC, malformed_response for anything else.
  template <class Each>
  result<void> write(std::span<const std::byte> bytes, Each&& each) {
    const bool fresh = pending_.empty();
    if (!fresh) pending_.append(detail::as_text(bytes));
    std::string_view rest = fresh ? detail::as_text(bytes) : std::string_view{pending_};
    for (;;) {
      event_message next;
      auto size = first_of(rest, next);
      if (!size) return result<void>::failed_as(std::move(size));
      if (*size == 0) break;
      if (auto taken = each(std::as_const(next)); !taken) return taken;
      rest.remove_prefix(*size);
    }
    if (fresh) {
      pending_.assign(rest);
    } else {
      pending_.erase(0, pending_.size() - rest.size());
    }
    return {};
  }

  /// False if the bytes so far end inside a message; a stream must not end there.
  bool between_messages() const noexcept { return pending_.empty(); }
  /// Prepares for a new stream.
  void reset() noexcept { pending_.clear(); }

 private:
  /// Reads the message at the front and returns its size in bytes; 0 if it is not complete yet.
  static result<std::size_t> first_of(std::string_view in, event_message& out) {
    using namespace event_framing;
    if (in.size() < prelude_size) return std::size_t{0};
    const std::size_t total = big_endian(in.substr(0, 4)), fields = big_endian(in.substr(4, 4));
    if (crc_of(in.substr(0, 8)) != big_endian(in.substr(8, 4)))
      return broken(error_kind::integrity, "the lengths of a message do not match their CRC");
    if (total < prelude_size + crc_size || fields > total - prelude_size - crc_size)
      return broken(error_kind::malformed_response, "the lengths of a message contradict each other");
    const std::size_t payload = total - prelude_size - crc_size - fields;
    if (fields > largest_headers || payload > largest_payload)
      return broken(error_kind::malformed_response, "a message has more than 128 KiB of headers, or 24 MiB of payload");
    if (in.size() < total) return std::size_t{0};
    if (crc_of(in.substr(0, total - crc_size)) != big_endian(in.substr(total - crc_size, crc_size)))
      return broken(error_kind::integrity, "a message does not match its CRC");
    if (!read_headers(in.substr(prelude_size, fields), out.fields))
      return broken(error_kind::malformed_response, "the headers of a message cannot be read");
    out.payload = in.substr(prelude_size + fields, payload);
    return total;
  }
  static error broken(error_kind kind, std::string_view why) { return detail::fail(kind, {"the event stream is broken: ", why}); }

  std::string pending_{};
};

/// Appends a message to a stream. A header's name may have at most 255 bytes, its value 65,535.
inline void append_event_message(std::string& out, const event_message& m) {
  using namespace event_framing;
  std::string fields;
  for (const auto [name, value] : m.fields) {
    append_big_endian(fields, name.size(), 1);
    append_big_endian(fields.append(name), text_type, 1);
    append_big_endian(fields, value.size(), 2);
    fields.append(value);
  }
  const std::size_t start = out.size();
  const auto append_crc = [&] { append_big_endian(out, crc_of(std::string_view{out}.substr(start)), 4); };
  append_big_endian(out, prelude_size + fields.size() + m.payload.size() + crc_size, 4);
  append_big_endian(out, fields.size(), 4);
  append_crc();
  out.append(fields).append(m.payload);
  append_crc();
}

}  // namespace s3store::inline S3STORE_ABI::wire
