// How does a server read a request and write an answer? With the declarations that the client uses, in the other direction.
//
// Errors carry the code and status that S3 answers with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/presented.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/event_stream.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/xml_binding.hpp>

namespace s3store::inline v0 {

/// A request in S3's terms: taken apart and decoded, and its signature no longer of interest.
struct received_request {
  http::method verb{};
  std::string bucket{};
  std::string key{};
  std::vector<std::pair<std::string, std::string>> query{};
  headers fields{};
  std::string body{};

  const std::string* parameter(std::string_view name) const noexcept {
    for (const auto& [parameter, value] : query)
      if (parameter == name) return &value;
    return nullptr;
  }
};

/// An answer in the terms of HTTP, with a body that fits into memory.
struct served_answer {
  int status{200};
  headers fields{};
  std::string body{};
};

namespace wire {

/// The visitor that reads a request.
class request_reader {
 public:
  explicit request_reader(received_request& from) noexcept : from_(from) {}

  void uri(std::string_view label, std::string& m) { m = label == "Bucket" ? from_.bucket : from_.key; }

  template <class T>
  void query(std::string_view name, T& m, timestamp_format = timestamp_format::iso8601) {
    const std::string* const text = from_.parameter(name);
    if (!text) return;
    if constexpr (is_optional<T> && !std::is_same_v<T, std::optional<std::string>>)
      if (text->empty()) return;
    if (!from_wire(*text, place(m))) arguments_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void query(std::string_view name, T& m, by_default) {  // what the client's default asks for it also says
    query(name, m);
  }

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = timestamp_format::http_date) {
    read_header(from_.fields, name, m, arguments_);
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(from_.fields, prefix, m); }
  void status(const auto&) {}
  /// Borrowed: the request outlives what is read of it.
  void stream(http::body& m) { m = http::body::borrow(from_.body); }
  template <class T>
  void text(T& m) {
    if (!from_.body.empty()) place(m) = from_.body;
  }

  template <class T>
  void payload(const char* root, T& m) {
    if (trim(from_.body).empty()) {
      if constexpr (!is_optional<T>) document_.note(root, "is missing: the request has no body");
      return;
    }
    const xml::node top = parse(root);
    if (!top) return;
    xml_members_reader members{top, document_};
    auto& v = place(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  void root(const char* name) {
    if (xml::node top = parse(name)) at_.emplace(top, document_);
  }
  template <class T>
  void element(const char* name, T& m, timestamp_format f = timestamp_format::iso8601) {
    if (at_) at_->element(name, m, f);
  }

  result<void> outcome() const {
    if (document_.any()) return auth::refusal("MalformedXML", 400, document_.what);
    if (arguments_.any()) return auth::refusal("InvalidArgument", 400, arguments_.what);
    return {};
  }

 private:
  xml::node parse(const char* expected) {
    auto parsed = xml::document::parse(from_.body);
    if (!parsed) return document_.note(parsed.error().message, ""), xml::node{};
    parsed_.emplace(std::move(*parsed));
    const xml::node top = parsed_->root();
    if (top.name() == expected) return top;
    document_.note(concat({"the root is <", top.name(), "> where <", expected, ">"}), "is due");
    return {};
  }

  received_request& from_;
  reading_failure arguments_{};
  reading_failure document_{};
  std::optional<xml::document> parsed_{};
  std::optional<xml_members_reader> at_{};
};

/// The visitor that writes an answer.
class response_writer {
 public:
  explicit response_writer(served_answer& out, bool encode_urls) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    std::string text;
    if constexpr (is_list<T>) {
      if (m.empty()) return;
      for (const auto& item : m) {
        if (!text.empty()) text.push_back(',');
        to_wire(text, item, format);
      }
    } else {
      const auto* const v = present(m);
      if (!v) return;
      to_wire(text, *v, format);
    }
    out_.fields.set(name, text);
  }
  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) out_.fields.add(std::string(prefix).append(name), value);
  }
  template <class T>
  void status(const T& m) {
    if (const auto* const v = present(m)) out_.status = *v;
  }
  void stream(std::string& m) { out_.body = std::move(m); }
  template <class T>
  void text(const T& m) {
    if (const auto* const v = present(m)) out_.body = *v;
  }

  /// A text in messages of a size that every reader takes.
  template <class T>
  void event(std::string_view name, const T& m) {
    if constexpr (std::is_same_v<T, std::string>) {
      for (std::string_view rest = m; !rest.empty(); rest.remove_prefix((std::min)(rest.size(), largest_event)))
        add_event(name, "application/octet-stream", rest.substr(0, largest_event));
    } else if (const auto* const v = present(m)) {
      std::string text;
      if constexpr (!std::is_empty_v<std::remove_cvref_t<decltype(*v)>>) {
        xml::writer document{text};
        document.open(name);
        xml_members_writer members{document};
        std::remove_cvref_t<decltype(*v)>::describe(members, *v);
        document.close();
        bad_ = bad_ || document.bad();
      }
      add_event(name, text.empty() ? "" : "text/xml", text);
    }
  }

  void root(const char* name) { open(name); }
  template <class T>
  void root_text(const char* name, const T& m) {
    open(name);
    const auto* const v = present(m);
    if (!v) return;
    std::string text;
    to_wire(text, *v, timestamp_format::iso8601);
    if (!text.empty()) document_->text(text);
  }
  template <class T>
  void payload(const char* name, const T& m) {
    const auto* const v = present(m);
    if (!v) return;
    open(name);
    std::remove_cvref_t<decltype(*v)>::describe(*members_, *v);
  }
  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    members_->element(name, m, format);
  }
  template <class T>
  void list(const char* name, const char* item, const T& m) {
    members_->list(name, item, m, even_if_empty{});  // S3 says that there are none; boto3's users rely on it
  }
  template <class T>
  void url_element(const char* name, const T& m) { members_->url_element(name, m); }

  result<void> finish() {
    if (document_) {
      document_->close();
      bad_ = bad_ || document_->bad();
    }
    if (bad_)
      return auth::refusal("InternalError", 500,
                           "the answer holds a character that XML has no way to carry; ask for it with encoding-type=url");
    return {};
  }

 private:
  static constexpr std::size_t largest_event = 1u << 20;
  void add_event(std::string_view name, std::string_view content_type, std::string_view payload) {
    event_message m{.fields = {{":message-type", "event"}, {":event-type", name}}, .payload = payload};
    if (!content_type.empty()) m.fields.add(":content-type", content_type);
    append_event_message(out_.body, m);
  }
  void open(const char* name) {
    out_.fields.set("Content-Type", "application/xml");
    document_.emplace(out_.body);
    document_->declaration();
    document_->open(name, s3_namespace);
    members_.emplace(*document_, encode_urls_);
  }

  served_answer& out_;
  bool encode_urls_;
  bool bad_{};
  std::optional<xml::writer> document_{};
  std::optional<xml_members_writer> members_{};
};

}  // namespace wire

/// Reads a request. What it cannot read is a MalformedXML or an InvalidArgument. The result may borrow the body.
template <operation_request R>
result<R> decode_request(received_request& from) {
  R out{};
  wire::request_reader reader{from};
  R::describe(reader, out);
  if (auto read = reader.outcome(); !read) return result<R>::failed_as(std::move(read));
  return out;
}

/// Writes the answer to an R.
template <operation_request R>
result<served_answer> encode_response(response_of<R>&& response) {
  served_answer out{.status = R::spec.status};
  bool encode_urls = false;
  if constexpr (requires { response.encoding_type; })
    encode_urls = response.encoding_type && response.encoding_type->str() == "url";
  wire::response_writer writer{out, encode_urls};
  response_of<R>::describe(writer, response);
  if (auto written = writer.finish(); !written) return result<served_answer>::failed_as(std::move(written));
  return out;
}

/// Sets those members of a response, or of a structure in XML, that a list of fields has a value for, by their names on the wire.
template <class T>
void assign_fields(T& to, const headers& from) {
  std::string none;
  received_answer source{.status = 0, .fields = &from, .body = &none, .body_given_away = true};
  wire::response_reader reader{source};
  T::describe(reader, to);
}

namespace wire {

/// Whatever is no element of one value.
struct other_words {
  template <class... T>
  void header(T&&...) {}
  template <class... T>
  void headers(T&&...) {}
  template <class... T>
  void root(T&&...) {}
  template <class... T>
  void list(T&&...) {}
  template <class... T>
  void attribute(T&&...) {}
};

/// Assigns elements by name.
struct element_assigner : other_words {
  explicit element_assigner(const s3store::headers& fields) noexcept : from(fields) {}
  const s3store::headers& from;
  template <class T>
  void element(const char* name, T& m, timestamp_format = timestamp_format::iso8601) {
    if constexpr (!is_list<T>) {
      if constexpr (scalar<std::remove_cvref_t<decltype(place(m))>>)
        if (const auto text = from.get(name)) static_cast<void>(from_wire(*text, place(m)));
    }
  }
  template <class T>
  void url_element(const char* name, T& m) { element(name, m); }
};

/// Collects elements under their names.
struct element_collector : other_words {
  explicit element_collector(s3store::headers& fields) noexcept : into(fields) {}
  s3store::headers& into;
  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (!is_list<T>) {
      const auto* const v = present(m);
      if constexpr (scalar<std::remove_cvref_t<decltype(*v)>>) {
        if (!v) return;
        std::string text;
        to_wire(text, *v, format);
        into.add(name, text);
      }
    }
  }
  template <class T>
  void url_element(const char* name, const T& m) { element(name, m); }
};

}  // namespace wire

/// The same for the elements of a structure, or of a response's document.
template <class T>
void assign_elements(T& to, const headers& from) {
  wire::element_assigner v{from};
  T::describe(v, to);
}
/// The elements of a structure that have a value of their own, by name.
template <class T>
headers elements_of(const T& of) {
  headers out;
  wire::element_collector v{out};
  T::describe(v, of);
  return out;
}

}  // namespace s3store::inline v0
