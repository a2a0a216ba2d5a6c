// Is every harm to an event stream noticed before its bytes are believed, and is none that is whole refused?
#include <s3store/protocol/event_stream.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/python.hpp"

using namespace s3store;

namespace {

struct message {
  headers fields{};
  std::string payload{};
  friend bool operator==(const message&, const message&) = default;
};

std::string framed(const message& m) {
  std::string out;
  wire::append_event_message(out, {m.fields, m.payload});
  return out;
}
/// A message of which only the framing is right.
std::string framed(std::string_view fields, std::string_view payload = {}) {
  using namespace wire::event_framing;
  std::string out;
  append_big_endian(out, 16 + fields.size() + payload.size(), 4);
  append_big_endian(out, fields.size(), 4);
  append_big_endian(out, crc_of(out), 4);
  out.append(fields).append(payload);
  append_big_endian(out, crc_of(out), 4);
  return out;
}
/// Lengths of one's choice, with a CRC that is theirs.
std::string prelude(std::size_t total, std::size_t fields) {
  std::string out;
  wire::event_framing::append_big_endian(out, total, 4);
  wire::event_framing::append_big_endian(out, fields, 4);
  wire::event_framing::append_big_endian(out, wire::event_framing::crc_of(out), 4);
  return out;
}

struct reading {
  std::vector<message> messages{};
  result<void> outcome{};
  bool whole{};
};
/// Reads pieces of at most that size.
reading read(std::string_view stream, std::size_t piece = std::string_view::npos) {
  reading out;
  wire::event_stream_reader reader;
  while (!stream.empty() && out.outcome) {
    out.outcome = reader.write(detail::as_bytes(stream.substr(0, piece)), [&out](const wire::event_message& m) {
      out.messages.push_back({m.fields, std::string(m.payload)});
      return result<void>{};
    });
    stream.remove_prefix((std::min)(piece, stream.size()));
  }
  out.whole = reader.between_messages();
  return out;
}
error_kind kind_of(const reading& r) { return r.outcome ? error_kind::none : r.outcome.error().kind; }

const message records{{{":message-type", "event"}, {":event-type", "Records"}}, std::string("a,b\n\0c", 6)};
const message end{{{":message-type", "event"}, {":event-type", "End"}}, ""};

}  // namespace

TEST_CASE("every byte of a message is under one of its CRCs", "[event_stream]") {
  const std::string right = framed(records);
  for (std::size_t at = 0; at != right.size(); ++at)
    for (const int bit : {0x01, 0x80}) {
      std::string wrong = right;
      wrong[at] = static_cast<char>(wrong[at] ^ bit);
      CAPTURE(at, bit);
      const reading got = read(framed(end) + wrong + framed(end));
      CHECK(got.messages == std::vector{end});  // what came before it, and nothing else
      CHECK(kind_of(got) == error_kind::integrity);
    }
}

TEST_CASE("a stream that is cut off is seen to be", "[event_stream]") {
  const std::string all = framed(records) + framed(end);
  for (std::size_t size = 0; size != all.size() + 1; ++size) {
    const reading got = read(std::string_view{all}.substr(0, size));
    CAPTURE(size);
    CHECK(got.outcome);
    CHECK(got.messages.size() == (size < framed(records).size() ? 0u : size < all.size() ? 1u : 2u));
    CHECK(got.whole == (size == 0 || size == framed(records).size() || size == all.size()));
  }
}

TEST_CASE("lengths that cannot be are refused before anything is kept", "[event_stream]") {
  for (const auto& [total, fields] : {std::pair<std::size_t, std::size_t>{0, 0},
                                      {15, 0},
                                      {16, 1},
                                      {100, 85},
                                      {100, 0xffffffff},
                                      {0xffffffff, 0},
                                      {16 + (24u << 20) + 1, 0},
                                      {16 + (128u << 10) + 1, (128u << 10) + 1}}) {
    CAPTURE(total, fields);
    const reading got = read(prelude(total, fields));
    CHECK(kind_of(got) == error_kind::malformed_response);
    CHECK(got.messages.empty());
  }
  for (const auto& [total, fields] : {std::pair<std::size_t, std::size_t>{16 + (24u << 20), 0}, {16 + (128u << 10), 128u << 10}})
    CHECK(read(prelude(total, fields)).outcome);  // as large as they may be
  CHECK(kind_of(read("<html>A page of a proxy's</html>")) == error_kind::integrity);
}

TEST_CASE("headers that cannot be read", "[event_stream]") {
  const std::string name = std::string(1, '\3') + "abc";
  for (const std::string& fields : {std::string(1, '\3'),                              // no name
                                    name,                                              // no type
                                    name + '\x0a',                                     // a type that is none
                                    name + '\xff', name + '\7',                        // no length
                                    name + std::string("\7\0", 2),                     // half of one
                                    name + std::string("\7\0\2x", 4),                  // a text that is cut off
                                    name + std::string("\6\xff\xff" "x", 4),           // bytes, likewise
                                    name + std::string("\5\0\0\0\0\0\0\0", 8),         // seven bytes of a long
                                    name + std::string("\7\0\1x", 4) + std::string("\x01", 1)}) {  // a second one without a name
    const reading got = read(framed(fields));
    CHECK(kind_of(got) == error_kind::malformed_response);
    CHECK(got.messages.empty());
  }
}

TEST_CASE("headers of other types are passed over", "[event_stream]") {
  std::string fields;
  const auto add = [&fields](char type, std::string_view value) { fields.append("\1n").append(1, type).append(value); };
  for (const auto& [type, size] : {std::pair{0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 4}, {5, 8}, {8, 8}, {9, 16}})
    add(static_cast<char>(type), std::string(static_cast<std::size_t>(size), 'x'));
  add('\6', std::string("\0\2xy", 4));
  fields.append("\5:name").append(std::string("\7\0\5value", 8));
  const reading got = read(framed(fields, "p"));
  REQUIRE(got.messages.size() == 1);
  CHECK(got.messages[0] == message{{{":name", "value"}}, "p"});
}

TEST_CASE("a stream may be split anywhere", "[event_stream]") {
  const std::vector<message> sent{records, {{}, ""}, {{{"n", ""}}, std::string(3000, 'x')}, end};
  std::string stream;
  for (const message& m : sent) stream += framed(m);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const reading got = read(stream, piece);
    REQUIRE(got.outcome);
    REQUIRE(got.whole);
    REQUIRE(got.messages == sent);
  }
}

TEST_CASE("the first failure of whoever takes messages is the last call", "[event_stream]") {
  wire::event_stream_reader reader;
  int calls = 0;
  const auto refuse = [&calls](const wire::event_message&) -> result<void> { return ++calls, detail::fail(error_kind::body_sink, "full"); };
  CHECK(reader.write(detail::as_bytes(framed(end) + framed(end)), refuse).error().kind == error_kind::body_sink);
  CHECK(calls == 1);
  reader.reset();
  CHECK(reader.write(detail::as_bytes(framed(end)), [](const wire::event_message&) { return result<void>{}; }));
}

TEST_CASE("botocore reads what is written, and what Python packs is read", "[event_stream][oracle]") {
  const std::vector<message> sent{records, end, {{{":error-code", "InternalError"}, {"n", std::string(300, 'v')}}, std::string(70'000, 'y')}};
  std::string stream;
  for (const message& m : sent) stream += framed(m);
  const std::string theirs = test::run_python(R"(
import struct, sys, zlib
from botocore.eventstream import EventStreamBuffer
buffer, ours = EventStreamBuffer(), sys.stdin.buffer.read()
buffer.add_data(ours)
out = b''
for event in buffer:
    fields = b''
    for name, value in event.headers.items():
        name, value = name.encode(), value.encode()
        fields += struct.pack('>B', len(name)) + name + struct.pack('>BH', 7, len(value)) + value
    front = struct.pack('>II', 16 + len(fields) + len(event.payload), len(fields))
    front += struct.pack('>I', zlib.crc32(front)) + fields + event.payload
    out += front + struct.pack('>I', zlib.crc32(front))
sys.stdout.buffer.write(out)
)",
                                              stream);
  CHECK(theirs == stream);
}
