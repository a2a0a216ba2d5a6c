// How does an answer that is a stream of events become a response? Each event is read as it arrives: text goes to the caller's
// sink, the rest into the response. If the stream ends without a required event, the call fails.
//
// An operation whose response declares events includes this file and has the member `using answer_path = event_path<response>`. All
// other operations have none; see response_slot in door.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <s3store/http/message.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/event_stream.hpp>
#include <s3store/protocol/service_error.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// The error in a message of type `error` (it has a code and a text) or `exception` (it has a type and a payload).
inline error event_error(const event_message& m) {
  error e;
  e.code = detail::printable(m.fields.value_or_empty(":error-code"));
  e.message = m.fields.value_or_empty(":error-message");
  if (e.code.empty()) e.code = detail::printable(m.fields.value_or_empty(":exception-type"));
  if (e.message.empty()) e.message = m.payload.substr(0, 1024);
  settle_kind(e, 200);  // the answer's status was 200 before the error occurred
  if (e.message.empty()) e.message = to_string(e.kind);
  return e;
}

/// A sink that reads events from the transport's bytes. The text of text events goes to `into`; if that is null, into the response.
template <class Response>
class event_path final : public http::sink {
 public:
  event_path(http::sink* into) noexcept : into_(into) {}
  event_path(const event_path&) = delete;
  event_path& operator=(const event_path&) = delete;
  http::sink* entrance() noexcept { return this; }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    try {
      return reader_.write(bytes, [this](const event_message& m) { return take(m); });
    } catch (...) {
      return detail::out_of_memory();
    }
  }
  /// Starts again from 0. False if the caller's sink already has bytes that it can't discard.
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0 || (delivered_ && !into_->seek(0))) return false;
    reader_.reset();
    names_.clear();
    response_ = {};
    delivered_ = false;
    return true;
  }

  /// Called after the last byte: the response, with the values of the answer's headers added. Fails with malformed_response if the
  /// stream is incomplete.
  result<Response> decoded(received_answer& from) {
    if (!reader_.between_messages()) return detail::fail(error_kind::malformed_response, "the event stream ends within a message");
    due events{*this};
    Response::describe(events, response_);
    if (!events.missing.empty())
      return detail::fail(error_kind::malformed_response, {"the event stream ends without its event ", events.missing});
    wire::response_reader rest{from};
    Response::describe(rest, response_);
    return std::move(response_);
  }

 private:
  /// Ignores the members of a response that are not events.
  struct other_words {
    void header(auto&&...) {}
    void headers(auto&&...) {}
    void status(auto&&...) {}
  };
  /// The visitor that reads one event. A later event of the same name replaces an earlier one, except text, which is appended.
  struct event_reader : other_words {
    event_reader(event_path& to, std::string_view event_type, std::string_view bytes) noexcept : path(to), type(event_type), payload(bytes) {}
    template <class T>
    void event(const char* name, T& m, auto...) {
      if (type != name) return;
      path.note(name);
      if constexpr (std::is_same_v<T, std::string>) {
        outcome = path.deliver(m, payload);
      } else {
        m = T{};
        outcome = read(name, wire::value_of(m));
      }
    }
    template <class T>
    result<void> read(const char* name, T& v) const {
      if constexpr (!std::is_empty_v<T>) {
        const auto parsed = xml::document::parse(std::string(payload));
        wire::reading_failure failure;
        if (!parsed) {
          failure.note(parsed.error().message, "");
        } else if (parsed->root().name() != name) {
          failure.note(detail::concat({"the payload's root is <", parsed->root().name(), ">"}), "");
        } else {
          wire::xml_members_reader members{parsed->root(), failure};
          T::describe(members, v);
        }
        if (failure.any()) return detail::fail(error_kind::malformed_response, {"the event ", name, ": ", failure.what});
      }
      return {};
    }
    event_path& path;
    std::string_view type{}, payload{};
    result<void> outcome{};
  };
  /// The visitor that finds a required event which did not arrive.
  struct due : other_words {
    explicit due(const event_path& of) noexcept : path(of) {}
    void event(const char*, const auto&) {}
    void event(const char* name, const auto&, required_t) {
      if (!path.came(name)) missing = name;
    }
    const event_path& path;
    std::string_view missing{};
  };

  /// Events for which there is no member are ignored: later versions of the API may add some.
  result<void> take(const event_message& m) {
    const auto kind = m.fields.value_or_empty(":message-type");
    if (kind == "error" || kind == "exception") return event_error(m);
    event_reader v{*this, m.fields.value_or_empty(":event-type"), m.payload};
    Response::describe(v, response_);
    return std::move(v.outcome);
  }
  result<void> deliver(std::string& m, std::string_view text) {
    if (!into_) return m.append(text), result<void>{};
    if (text.empty()) return {};
    delivered_ = true;
    return into_->write(detail::as_bytes(text));
  }
  bool came(std::string_view name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }
  void note(std::string_view name) {
    if (!came(name)) names_.push_back(name);
  }

  http::sink* into_;
  event_stream_reader reader_{};
  Response response_{};
  std::vector<std::string_view> names_{};  // names of the events that arrived, each once
  bool delivered_{};                       // `into_` has got some bytes
};

/// Reads a complete answer that is in memory.
template <operation_request R>
  requires requires { typename R::answer_path; }
result<response_of<R>> decode(received_answer& from) {
  typename R::answer_path path{nullptr};
  if (auto taken = path.write(detail::as_bytes(*from.body)); !taken) return result<response_of<R>>::failed_as(std::move(taken));
  return path.decoded(from);
}

}  // namespace s3store::inline S3STORE_ABI::wire
