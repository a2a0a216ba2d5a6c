// How does an answer become a response?
#pragma once

#include <string>
#include <string_view>

#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/xml_binding.hpp>

namespace s3store::inline v0 {

/// What an answer is decoded from.
struct received_answer {
  int status{};
  const headers* fields{};
  std::string* body{};     ///< a document to be read, or the bytes to be handed over; used up by decoding
  bool body_given_away{};  ///< the bytes went to the caller's sink
  bool decode_urls{};      ///< decode keys where the answer says encoding-type=url
  std::string_view operation{};  ///< whose answer it is: "GetBucketVersioning"
};

namespace wire {

/// Reads the text of a header that is no list. An empty one leaves an optional member absent, unless that is a text. An enumeration is made
/// of the text, and not assigned to: that is ten functions less for each of them.
template <class T>
bool read_text(std::string_view text, T& m) {
  if constexpr (is_optional<T>) {
    using value = typename T::value_type;
    if (!std::is_same_v<value, std::string> && text.empty()) return true;
    if constexpr (open_enumeration<value>) return m.emplace(text), true;
  }
  return from_wire(text, place(m));
}

/// Reads header values into members; shared by answers and, in the embedded S3, requests.
template <class T>
void read_header(const headers& fields, std::string_view name, T& m, reading_failure& failure) {
  const auto text = fields.get(name);
  if (!text) return;
  if constexpr (is_list<T>) {
    split(*text, ',', [&](std::string_view item) {
      if (!from_wire(trim(item), m.emplace_back())) failure.note(name, "holds an item that cannot be read");
    });
  } else if (!read_text(*text, m)) {
    failure.note(name, "has a value that cannot be read");
  }
}

inline void read_headers(const headers& fields, std::string_view prefix, metadata& m) {
  for (const auto [name, value] : fields)
    if (name.size() > prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      m.add(lower_case(name.substr(prefix.size())), value);
}

/// The visitor that reads an answer.
class response_reader {
 public:
  explicit response_reader(received_answer& from) noexcept : from_(from) {}

  /// A value that can't be read leaves its member absent: its text is still in the result's meta(), and a store's odd date in a header
  /// must not cost the body.
  template <class T>
  void header(std::string_view name, T& m, timestamp_format = timestamp_format::http_date) {
    if constexpr (is_optional<T>) {  // as nearly all are
      const auto text = from_.fields->get(name);
      if (text && !read_text(*text, m)) m.reset();  // and no assignment: each type of member would have one compiled
    } else {
      reading_failure unreadable;
      read_header(*from_.fields, name, m, unreadable);
      if (unreadable.any()) m = T{};
    }
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(*from_.fields, prefix, m); }
  template <class T>
  void status(T& m) { place(m) = from_.status; }
  void stream(std::string& m) {
    if (!from_.body_given_away) m = std::move(*from_.body);
  }
  template <class T>
  void text(T& m) {
    if (!from_.body->empty()) place(m) = std::move(*from_.body);
  }

  void event(const char*, const auto&) {}  // they come on a path of their own: protocol/events.hpp

  void root(const char* name) {
    if (xml::node top = parse(name)) at_.emplace(top, failure_, url_encoded(top));
  }
  template <class T>
  void root_text(const char* name, T& m) {
    xml::node top = parse(name);
    if (top && !top.text().empty() && !from_wire(top.text(), place(m))) failure_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void payload(const char* name, T& m) {
    xml::node top = parse(name);
    if (!top) return;
    xml_members_reader members{top, failure_, url_encoded(top)};
    auto& v = place(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  template <class T>
  void element(const char* name, T& m, timestamp_format f = timestamp_format::iso8601) {
    if (at_) at_->element(name, m, f);
  }
  template <class T>
  void list(const char* name, const char* item, T& m) {
    if (at_) at_->list(name, item, m);
  }
  template <class T>
  void url_element(const char* name, T& m) {
    if (at_) at_->url_element(name, m);
  }

  const reading_failure& failure() const noexcept { return failure_; }

 private:
  /// An empty body where a document is due is no answer: read as one, it would be a bucket without objects.
  xml::node parse(const char* expected) {
    if (from_.body->empty()) return failure_.note(concat({"the answer is empty where <", expected, ">"}), "is due"), xml::node{};
    const xml::limits within{.max_bytes = from_.body->size()};  // bounded when it was received
    auto parsed = xml::document::parse(std::move(*from_.body), within);
    if (!parsed) {
      failure_.note(parsed.error().message, "");
      return {};
    }
    document_.emplace(std::move(*parsed));
    xml::node top = document_->root();
    if (top.name() == expected) return top;
    // Some stores name the root after the API's shape ("GetObjectAttributesOutput", versitygw's "ObjectLockRetention"), moto after the
    // operation ("GetBucketVersioningResponse"), and MinIO writes one with a small letter.
    if (accepted_alias(top.name(), expected) || accepted_alias(top.name(), from_.operation)) return top;
    failure_.note(concat({"the answer's root is <", top.name(), "> where <", expected, ">"}), "is due");
    return {};
  }
  static bool accepted_alias(std::string_view name, std::string_view expected) {
    const auto stem = [](std::string_view s) {
      for (const std::string_view end : {"Response", "Output", "Result"})
        if (s.ends_with(end)) return s.substr(0, s.size() - end.size());
      return s;
    };
    constexpr std::string_view lock = "ObjectLock";  // in front of two shapes, and not of their roots
    return equal_ignoring_case(stem(name), stem(expected)) || (name.starts_with(lock) && name.substr(lock.size()) == expected);
  }
  bool url_encoded(xml::node top) const { return from_.decode_urls && top.child("EncodingType").text() == "url"; }

  received_answer& from_;
  reading_failure failure_{};
  std::optional<xml::document> document_{};
  std::optional<xml_members_reader> at_{};
};

}  // namespace wire

/// Reads an answer. A failure is of kind malformed_response: what S3 would not say is not guessed at.
template <operation_request R>
result<response_of<R>> decode(received_answer& from) {
  result<response_of<R>> out{response_of<R>{}};
  wire::response_reader reader{from};
  response_of<R>::describe(reader, *out);
  if (reader.failure().any()) out = fail(error_kind::malformed_response, reader.failure().what);
  return out;
}

/// What stands between the transport and the caller's sink, and makes the response in the end: nothing, and `decode`, unless the request
/// names an `answer_path` of its own.
template <operation_request R>
struct straight_path {
  http::sink* into{};
  http::sink* entrance() const noexcept { return into; }
  result<response_of<R>> decoded(received_answer& from) const { return decode<R>(from); }
};

namespace wire {
template <class R>
struct with_path {
  straight_path<R> path;
};
template <class R>
  requires requires { typename R::answer_path; }
struct with_path<R> {
  typename R::answer_path path;
};
}  // namespace wire

}  // namespace s3store::inline v0
