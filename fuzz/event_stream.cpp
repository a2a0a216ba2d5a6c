// Event streams: whatever pieces the bytes come in, the messages are the same; a message, written again, is read as the same; and a stream
// in which a bit is another one is refused.
//
// The input is lines: in how many bytes the stream comes at a time, which bit changes, and then the messages. One begins with "> ", has a
// line "name:value" for each header, an empty line, and a line of payload. Without such a line, the bytes are taken for a stream as they are.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/protocol/event_stream.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

struct message {
  headers fields{};
  std::string payload{};
  bool operator==(const message&) const = default;
};
struct reading {
  std::vector<message> messages{};
  bool failed{};
  bool complete{};
};

reading read(std::string_view stream, std::size_t piece) {
  reading out;
  wire::event_stream_reader reader;
  const auto keep = [&out](const wire::event_message& m) -> result<void> {
    out.messages.push_back({m.fields, std::string(m.payload)});
    return {};
  };
  for (; !stream.empty() && !out.failed; stream.remove_prefix((std::min)(piece, stream.size())))
    out.failed = !reader.write(detail::as_bytes(stream.substr(0, piece)), keep);
  out.complete = !out.failed && reader.between_messages();
  return out;
}

/// Those headers that the format has room for.
wire::event_message message_in(fuzz::input& in) {
  wire::event_message out;
  for (auto line = in.line(); !line.empty(); line = in.line()) {
    const auto colon = (std::min)(line.find(':', 1), line.size());
    out.fields.add(line.substr(0, (std::min)(colon, std::size_t{255})), line.substr((std::min)(colon + 1, line.size())));
  }
  out.payload = in.line();
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const std::size_t piece = 1 + in.number(64);
  const std::size_t bit = in.number(std::size_t{1} << 20);
  std::vector<message> sent;
  std::string stream{in.rest()};
  if (in.rest().starts_with("> ")) {
    stream.clear();
    while (in.until("> ").empty() && !in.empty()) {
      const auto m = message_in(in);
      sent.push_back({m.fields, std::string(m.payload)});
      wire::append_event_message(stream, m);
    }
  }
  const reading whole = read(stream, stream.size() + 1), in_pieces = read(stream, piece);
  fuzz::hold(whole.failed == in_pieces.failed && whole.complete == in_pieces.complete && whole.messages == in_pieces.messages,
             "in whatever pieces a stream comes, it is the same");
  if (!sent.empty()) fuzz::hold(whole.complete && whole.messages == sent, "what was written is read");

  std::string again;
  for (const message& m : whole.messages) wire::append_event_message(again, {m.fields, m.payload});
  fuzz::hold(read(again, piece).messages == whole.messages, "what was read, written and read again is the same");
  if (again.empty()) return 0;
  again[bit / 8 % again.size()] = static_cast<char>(again[bit / 8 % again.size()] ^ (1 << bit % 8));
  const reading changed = read(again, piece);
  fuzz::hold(!changed.complete, "a stream with a changed bit is refused, or does not end");
  fuzz::hold(changed.messages.size() < whole.messages.size() &&
                 std::equal(changed.messages.begin(), changed.messages.end(), whole.messages.begin()),
             "before a changed message, no message is lost or changed");
  return 0;
}
