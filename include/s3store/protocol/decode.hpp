// How does an answer become a response? A visitor reads each member from where the response's `describe` says it is.
#pragma once

#include <string>
#include <string_view>

#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/received_answer.hpp>
#include <s3store/protocol/xml_binding.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// Reads a header that is not a list. An empty text leaves an optional member without a value, unless it is an optional string.
template <class T>
bool read_text(std::string_view text, T& m) {
  if constexpr (is_optional<T>)
    if (!std::is_same_v<typename T::value_type, std::string> && text.empty()) return true;
  return from_wire(text, value_of(m));
}

/// Reads a header into a member. Used for answers, and in the embedded S3 for requests.
template <class T>
void read_header(const headers& fields, std::string_view name, T& m, reading_failure& failure) {
  const auto text = fields.get(name);
  if (!text) return;
  if constexpr (is_list<T>) {
    detail::split(*text, ',', [&](std::string_view item) {
      if (!from_wire(detail::trim(item), m.emplace_back())) failure.note(name, "holds an item that cannot be read");
    });
  } else if (!read_text(*text, m)) {
    failure.note(name, "has a value that cannot be read");
  }
}

inline void read_headers(const headers& fields, std::string_view prefix, metadata& m) {
  for (const auto [name, value] : fields)
    if (name.size() > prefix.size() && detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      m.add(detail::lower_case(name.substr(prefix.size())), value);
}

/// The visitor that reads an answer.
class response_reader {
 public:
  /// `skip_dates`: see reading_failure.
  explicit response_reader(received_answer& from, bool skip_dates = false) noexcept
      : from_(from), failure_{.skipped = skip_dates ? &from.unreadable : nullptr} {}

  /// A value that can't be read leaves its member empty instead of failing the call: a store's odd date in a header must not lose
  /// the body. The header's text is still in the result's meta().
  template <class T>
  void header(std::string_view name, T& m, auto...) {
    if constexpr (is_list<T>) {
      reading_failure unreadable;
      read_header(*from_.fields, name, m, unreadable);
      if (unreadable.any()) skip(name, m);
    } else if (const auto text = from_.fields->get(name)) {
      if (!read_text(*text, m)) skip(name, m);
    }
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(*from_.fields, prefix, m); }
  template <class T>
  void status(T& m) { value_of(m) = from_.status; }
  void stream(std::string& m) {
    if (!from_.body_given_away) m = std::move(*from_.body);
  }
  template <class T>
  void text(T& m, auto...) {
    if (!from_.body->empty()) value_of(m) = std::move(*from_.body);
  }

  void event(const char*, const auto&, auto...) {}  // read by protocol/events.hpp

  void root(const char* name) {
    if (const xml::node top = parse(name)) at_.emplace(top, failure_, url_encoded(top));
  }
  template <class T>
  void root_text(const char* name, T& m, auto...) {
    const xml::node top = parse(name);
    if (top && !top.text().empty() && !from_wire(top.text(), value_of(m))) failure_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void payload(const char* name, T& m, auto...) {
    const xml::node top = parse(name);
    if (!top) return;
    xml_members_reader members{top, failure_, url_encoded(top)};
    auto& v = value_of(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  template <class T>
  void element(const char* name, T& m, auto...) {
    if (at_) at_->element(name, m);
  }
  template <class T>
  void list(const char* name, const char* item, T& m, auto...) {
    if (at_) at_->list(name, item, m);
  }
  void url_element(const char* name, std::string& m, auto...) {
    if (at_) at_->url_element(name, m);
  }

  const reading_failure& failure() const noexcept { return failure_; }

 private:
  /// An empty body in place of a document is an error: otherwise it would look like, for example, a bucket without objects.
  xml::node parse(const char* expected) {
    if (from_.body->empty()) return failure_.note(detail::concat({"the answer is empty where <", expected, ">"}), "is due"), xml::node{};
    const xml::limits within{.max_bytes = from_.body->size()};  // its size was already limited when it was received
    auto parsed = xml::document::parse(std::move(*from_.body), within);
    if (!parsed) {
      failure_.note(parsed.error().message, "");
      return {};
    }
    document_ = std::move(*parsed);
    const xml::node top = document_.root();
    if (top.name() == expected) return top;
    // Other stores use other root names: that of the API's shape ("GetObjectAttributesOutput", versitygw's "ObjectLockRetention"),
    // of the operation (moto's "GetBucketVersioningResponse"), or one that begins in lower case (MinIO).
    if (accepted_alias(top.name(), expected) || accepted_alias(top.name(), from_.operation)) return top;
    failure_.note(detail::concat({"the answer's root is <", top.name(), "> where <", expected, ">"}), "is due");
    return {};
  }
  template <class T>
  void skip(std::string_view name, T& m) {
    m = T{};
    from_.unreadable.emplace_back(name);
  }
  static bool accepted_alias(std::string_view name, std::string_view expected) {
    const auto stem = [](std::string_view s) {
      for (const std::string_view end : {"Response", "Output", "Result"})
        if (s.ends_with(end)) return s.substr(0, s.size() - end.size());
      return s;
    };
    constexpr std::string_view lock = "ObjectLock";  // begins the names of two shapes, but not of their roots
    return detail::equal_ignoring_case(stem(name), stem(expected)) || (name.starts_with(lock) && name.substr(lock.size()) == expected);
  }
  bool url_encoded(xml::node top) const { return from_.decode_urls && top.child("EncodingType").text() == "url"; }

  received_answer& from_;
  reading_failure failure_;
  xml::document document_{};  // what the members point into
  std::optional<xml_members_reader> at_{};
};

/// Reads an answer into a default-constructed response, which stays so after an error. Returns an error of kind malformed_response, or of
/// kind `none` for success.
template <operation_request R>
error decode_into(received_answer& from, response_of<R>& out) {
  constexpr bool is_listing = requires(response_of<R>& page) { R::items(page); };
  response_reader reader{from, is_listing};
  response_of<R>::describe(reader, out);
  if (!reader.failure().any()) return {};
  out = {};
  return detail::fail(error_kind::malformed_response, reader.failure().what);
}

/// The same, returning the response.
template <operation_request R>
result<response_of<R>> decode(received_answer& from) {
  result<response_of<R>> out{std::in_place};
  if (error e = decode_into<R>(from, *out); e.kind != error_kind::none) out = std::move(e);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::wire
