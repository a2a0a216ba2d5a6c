// How does an answer that is a stream of events become a response? Event by event, as they come: text goes to the caller's sink, the rest
// into the response, and a stream that ends without an event that is due is no answer.
//
// An operation whose response declares events says so by `using answer_path = event_path<response>`, and includes this; see straight_path
// in decode.hpp for all others.
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

namespace s3store::inline v0 {

/// The error that a message carries in place of an event: `error` has a code and a text, `exception` a type and a payload.
inline error event_error(const event_message& m) {
  error e;
  e.code = m.fields.value_or_empty(":error-code");
  e.message = m.fields.value_or_empty(":error-message");
  if (e.code.empty()) e.code = m.fields.value_or_empty(":exception-type");
  if (e.message.empty()) e.message = m.payload.substr(0, 1024);
  settle_kind(e, 200);  // which the stream began with
  if (e.message.empty()) e.message = to_string(e.kind);
  return e;
}

/// Between the transport, which brings bytes, and `into`, which gets the text of text events; null: the response collects it.
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
      return fail(error_kind::body_sink, "out of memory");
    }
  }
  /// Back to the start, unless the caller's sink has got something that it can't take back.
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0 || (delivered_ && !into_->seek(0))) return false;
    reader_.reset();
    names_.clear();
    response_ = {};
    delivered_ = false;
    return true;
  }

  /// After the last byte. What the answer's headers say is added here.
  result<Response> decoded(received_answer& from) {
    if (!reader_.between_messages()) return fail(error_kind::malformed_response, "the event stream ends within a message");
    due events{*this};
    Response::describe(events, response_);
    if (!events.missing.empty())
      return fail(error_kind::malformed_response, {"the event stream ends without its event ", events.missing});
    wire::response_reader rest{from};
    Response::describe(rest, response_);
    return std::move(response_);
  }

 private:
  /// The words of a response that are none of an event's.
  struct other_words {
    void header(auto&&...) {}
    void headers(auto&&...) {}
    void status(auto&&...) {}
  };
  /// The visitor that reads one event. A later one takes the place of an earlier one; of text it goes on.
  struct taker : other_words {
    taker(event_path& to, std::string_view event_type, std::string_view bytes) noexcept : path(to), type(event_type), payload(bytes) {}
    template <class T>
    void event(const char* name, T& m) {
      if (type != name) return;
      path.note(name);
      if constexpr (std::is_same_v<T, std::string>) {
        outcome = path.deliver(m, payload);
      } else {
        m = T{};
        outcome = read(name, wire::place(m));
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
          failure.note(concat({"the payload's root is <", parsed->root().name(), ">"}), "");
        } else {
          wire::xml_members_reader members{parsed->root(), failure};
          T::describe(members, v);
        }
        if (failure.any()) return fail(error_kind::malformed_response, {"the event ", name, ": ", failure.what});
      }
      return {};
    }
    event_path& path;
    std::string_view type{}, payload{};
    result<void> outcome{};
  };
  /// The visitor that finds an event that is due and has not come: its member is neither optional nor text.
  struct due : other_words {
    explicit due(const event_path& of) noexcept : path(of) {}
    template <class T>
    void event(const char* name, const T&) {
      if constexpr (!wire::is_optional<T> && !std::is_same_v<T, std::string>)
        if (!path.came(name)) missing = name;
    }
    const event_path& path;
    std::string_view missing{};
  };

  /// Events without a member, of tomorrow's API, are passed over.
  result<void> take(const event_message& m) {
    const auto kind = m.fields.value_or_empty(":message-type");
    if (kind == "error" || kind == "exception") return event_error(m);
    taker v{*this, m.fields.value_or_empty(":event-type"), m.payload};
    Response::describe(v, response_);
    return std::move(v.outcome);
  }
  result<void> deliver(std::string& m, std::string_view text) {
    if (!into_) return m.append(text), result<void>{};
    if (text.empty()) return {};
    delivered_ = true;
    return into_->write(as_bytes(text));
  }
  bool came(std::string_view name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }
  void note(std::string_view name) {
    if (!came(name)) names_.push_back(name);
  }

  http::sink* into_;
  event_stream_reader reader_{};
  Response response_{};
  std::vector<std::string_view> names_{};  // of events that came, each once
  bool delivered_{};                       // `into_` was given something
};

/// Reads an answer that is in memory.
template <operation_request R>
  requires requires { typename R::answer_path; }
result<response_of<R>> decode(received_answer& from) {
  typename R::answer_path path{nullptr};
  if (auto taken = path.write(as_bytes(*from.body)); !taken) return result<response_of<R>>::failed_as(std::move(taken));
  return path.decoded(from);
}

}  // namespace s3store::inline v0
