// How does a server read a request and write an answer? With the same declarations as the client, in the other direction.
//
// Errors carry the code and status that S3 answers with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/transports/embedded/presented.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/event_stream.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/xml_binding.hpp>
#include <s3store/transports/embedded/service.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// A request as S3 sees it: split into its parts and decoded.
struct received_request {
  http::method verb{};
  std::string bucket{};
  bool bucket_in_host{};
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

/// The visitor that reads a request.
class request_reader {
 public:
  explicit request_reader(received_request& from) noexcept : from_(from) {}

  void uri(std::string_view label, std::string& m) { m = label == "Bucket" ? from_.bucket : from_.key; }

  template <class T>
  void query(std::string_view name, T& m, auto...) {  // no default here: the client sends its by_default value
    const std::string* const text = from_.parameter(name);
    if (text && !wire::read_text(*text, m)) arguments_.note(name, "has a value that cannot be read");
  }

  template <class T>
  void header(std::string_view name, T& m, auto...) {
    wire::read_header(from_.fields, name, m, arguments_);
  }
  void headers(std::string_view prefix, metadata& m) { wire::read_headers(from_.fields, prefix, m); }
  void status(const auto&) {}
  /// Borrows the body: `received_request` must outlive the request that is read.
  void stream(http::body& m) { m = http::body::borrow(from_.body); }
  template <class T>
  void text(T& m, auto...) {
    if (!from_.body.empty()) wire::value_of(m) = from_.body;
  }

  template <class T>
  void payload(const char* root, T& m, wire::required_t) {
    if (detail::trim(from_.body).empty()) return document_.note(root, "is missing: the request has no body");
    payload(root, m);
  }
  template <class T>
  void payload(const char* root, T& m) {
    if (detail::trim(from_.body).empty()) return;
    const xml::node top = parse(root);
    if (!top) return;
    wire::xml_members_reader members{top, document_};
    auto& v = wire::value_of(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  void root(const char* name) {
    if (const xml::node top = parse(name)) at_.emplace(top, document_);
  }
  template <class T>
  void element(const char* name, T& m, auto...) {
    if (at_) at_->element(name, m);
  }

  result<void> outcome() const {
    if (document_.any()) return refusal("MalformedXML", 400, document_.what);
    if (arguments_.any()) return refusal("InvalidArgument", 400, arguments_.what);
    return {};
  }

 private:
  xml::node parse(const char* expected) {
    auto parsed = xml::document::parse(from_.body);
    if (!parsed) return document_.note(parsed.error().message, ""), xml::node{};
    parsed_.emplace(std::move(*parsed));
    const xml::node top = parsed_->root();
    if (top.name() == expected) return top;
    document_.note(detail::concat({"the root is <", top.name(), "> where <", expected, ">"}), "is due");
    return {};
  }

  received_request& from_;
  wire::reading_failure arguments_{};
  wire::reading_failure document_{};
  std::optional<xml::document> parsed_{};
  std::optional<wire::xml_members_reader> at_{};
};

/// The visitor that writes an answer.
class response_writer {
 public:
  explicit response_writer(served_answer& out, bool encode_urls) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    std::string text;
    if constexpr (wire::is_list<T>) {
      if (m.empty()) return;
      for (const auto& item : m) {
        if (!text.empty()) text.push_back(',');
        wire::to_wire(text, item, format);
      }
    } else {
      const auto* const v = wire::present(m);
      if (!v) return;
      wire::to_wire(text, *v, format);
    }
    out_.fields.set(name, text);
  }
  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) out_.fields.add(std::string(prefix).append(name), value);
  }
  template <class T>
  void status(const T& m) {
    if (const auto* const v = wire::present(m)) out_.status = *v;
  }
  void stream(std::string& m) { out_.body = std::move(m); }
  template <class T>
  void text(const T& m, auto...) {
    if (const auto* const v = wire::present(m)) out_.body = *v;
  }

  /// A long text is split into messages of a size that every reader accepts.
  template <class T>
  void event(std::string_view name, const T& m, auto...) {
    if constexpr (std::is_same_v<T, std::string>) {
      for (std::string_view rest = m; !rest.empty(); rest.remove_prefix((std::min)(rest.size(), largest_event)))
        add_event(name, "application/octet-stream", rest.substr(0, largest_event));
    } else if (const auto* const v = wire::present(m)) {
      std::string text;
      if constexpr (!std::is_empty_v<std::remove_cvref_t<decltype(*v)>>) {
        xml::writer document{text};
        document.open(name);
        wire::xml_members_writer members{document};
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
    const auto* const v = wire::present(m);
    if (!v) return;
    std::string text;
    wire::to_wire(text, *v, timestamp_format::iso8601);
    if (!text.empty()) document_->text(text);
  }
  template <class T>
  void payload(const char* name, const T& m, auto...) {
    const auto* const v = wire::present(m);
    if (!v) return;
    open(name);
    std::remove_cvref_t<decltype(*v)>::describe(*members_, *v);
  }
  template <class T>
  void element(const char* name, const T& m, auto... how) {
    members_->element(name, m, how...);
  }
  template <class T>
  void list(const char* name, const char* item, const T& m, auto...) {
    members_->list(name, item, m, wire::even_if_empty);  // S3 writes an empty list too; users of boto3 rely on it
  }
  void url_element(const char* name, const std::string& m, auto... how) { members_->url_element(name, m, how...); }

  result<void> finish() {
    if (document_) {
      document_->close();
      bad_ = bad_ || document_->bad();
    }
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, encoding-type. AWS does not say what it answers without it.
    if (bad_)
      return refusal("InvalidRequest", 400,
                     "the answer holds a character that XML has no way to carry; a listing can be had with encoding-type=url");
    return {};
  }

 private:
  static constexpr std::size_t largest_event = 1u << 20;
  void add_event(std::string_view name, std::string_view content_type, std::string_view payload) {
    wire::event_message m{.fields = {{":message-type", "event"}, {":event-type", name}}, .payload = payload};
    if (!content_type.empty()) m.fields.add(":content-type", content_type);
    wire::append_event_message(out_.body, m);
  }
  void open(const char* name) {
    out_.fields.set("Content-Type", "application/xml");
    document_.emplace(out_.body);
    document_->declaration();
    document_->open(name, wire::s3_namespace);
    members_.emplace(*document_, encode_urls_);
  }

  served_answer& out_;
  bool encode_urls_;
  bool bad_{};
  std::optional<xml::writer> document_{};
  std::optional<wire::xml_members_writer> members_{};
};

/// Reads a request. Fails with MalformedXML or InvalidArgument. The result may borrow the body of `from`.
template <operation_request R>
result<R> decode_request(received_request& from) {
  R out{};
  request_reader reader{from};
  R::describe(reader, out);
  if (auto read = reader.outcome(); !read) return result<R>::failed_as(std::move(read));
  return out;
}

/// Writes the answer to a request of type R.
template <operation_request R>
result<served_answer> encode_response(response_of<R>&& response) {
  served_answer out{.status = R::spec.status};
  const bool encode_urls = [&] {
    if constexpr (requires { response.encoding_type; })
      return response.encoding_type == "url";
    else
      return false;
  }();
  response_writer writer{out, encode_urls};
  response_of<R>::describe(writer, response);
  if (auto written = writer.finish(); !written) return result<served_answer>::failed_as(std::move(written));
  return out;
}

/// Sets those members of a response that are headers and that `from` has a value for, by their names on the wire.
template <class T>
void assign_fields(T& to, const headers& from) {
  std::string none;
  wire::received_answer source{.status = 0, .fields = &from, .body = &none, .body_given_away = true};
  wire::response_reader reader{source};
  T::describe(reader, to);
}

/// Ignores everything that is not an element with a single value.
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

/// Sets elements from headers with the same name.
struct element_assigner : other_words {
  explicit element_assigner(const s3store::headers& fields) noexcept : from(fields) {}
  const s3store::headers& from;
  template <class T>
  void element(const char* name, T& m, auto...) {
    if constexpr (!wire::is_list<T>) {
      if constexpr (wire::scalar<std::remove_cvref_t<decltype(wire::value_of(m))>>)
        if (const auto text = from.get(name)) static_cast<void>(wire::from_wire(*text, wire::value_of(m)));
    }
  }
  void url_element(const char* name, std::string& m, auto...) { element(name, m); }
};

/// Collects elements as headers with the same name.
struct element_collector : other_words {
  explicit element_collector(s3store::headers& fields) noexcept : into(fields) {}
  s3store::headers& into;
  template <class T>
  void element(const char* name, const T& m, auto...) {
    if constexpr (!wire::is_list<T>) {
      const auto* const v = wire::present(m);
      if constexpr (wire::scalar<std::remove_cvref_t<decltype(*v)>>) {
        if (!v) return;
        std::string text;
        wire::to_wire(text, *v, timestamp_format::iso8601);
        into.add(name, text);
      }
    }
  }
  void url_element(const char* name, const std::string& m, auto...) { element(name, m); }
};

/// The same for the elements of a structure, or of a response's XML document.
template <class T>
void assign_elements(T& to, const headers& from) {
  element_assigner v{from};
  T::describe(v, to);
}
/// The elements of a structure that have a single value, by name.
template <class T>
headers elements_of(const T& of) {
  headers out;
  element_collector v{out};
  T::describe(v, of);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
