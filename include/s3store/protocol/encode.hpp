// How does a request become something that can be sent?
//
// Encoding writes no URL yet: where a bucket goes, into the path or the host name, is the endpoint's matter, and a call that learns of
// another region asks for its endpoint anew without encoding again.
#pragma once

#include <string>
#include <string_view>

#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/xml_binding.hpp>

namespace s3store::inline v0 {

/// A request in the terms of HTTP, before endpoint and signature.
struct encoded_request {
  const operation_spec* spec{};
  std::string bucket{};
  std::string key{};         ///< percent-encoded, without a slash in front
  bool has_bucket{};
  bool has_key{};
  std::string host{};        ///< what stands in front of the endpoint's, with its dot
  std::string query{};       ///< percent-encoded, without its '?'
  headers fields{};
  std::string document{};    ///< the body, where it is XML or text
  const http::body* stream{};///< the body, where it is the caller's
  error refused{};           ///< its kind is `none` when all is well

  /// Forgets the request and keeps the memory.
  void clear() noexcept {
    for (std::string* const text : {&bucket, &key, &host, &query, &document}) text->clear();
    fields.clear();
    has_bucket = has_key = false;
    stream = nullptr;
    refused.kind = error_kind::none;
  }
  void refuse(std::string why) {
    if (refused.kind == error_kind::none) refused = fail(error_kind::invalid_argument, std::move(why));
  }
};

/// Appends a parameter to a query; the name is encoded as well.
inline void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query.push_back('&');
  append_uri_encoded(query, name, uri_part::query);
  query.push_back('=');
  append_uri_encoded(query, value, uri_part::query);
}

/// A header's value may hold no control character but tab (RFC 9110, section 5.5): a CR or LF would begin another header.
constexpr bool is_header_value(std::string_view s) noexcept {
  for (const char c : s)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return false;
  return true;
}
constexpr bool is_ascii(std::string_view s) noexcept {
  for (const char c : s)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}
/// A header's name is a token (RFC 9110, section 5.6.2).
constexpr bool is_header_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!is_alpha(c) && !is_digit(c) && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) == std::string_view::npos) return false;
  return !s.empty();
}

/// Why no request can be addressed to that bucket; empty where one can. Not AWS's naming rules, which other stores and old buckets do
/// not keep.
inline std::string bucket_name_fault(std::string_view name) {
  if (name.empty()) return "the bucket name is empty";
  if (name.size() > 255) return "the bucket name is longer than 255 bytes";
  for (const char c : name)
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '-' && c != '_')
      return concat({"the bucket name \"", name, "\" holds a character other than letters, digits, '.', '-' and '_'"});
  if (name == "." || name == "..") return concat({"the bucket name is \"", name, "\""});
  return {};
}

namespace wire {

/// botocore's rule; nothing else may come into a host name.
inline void take_host_prefix(encoded_request& e) {
  e.host = e.fields.value_or_empty(e.spec->host_prefix);
  for (const char c : e.host)
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.')
      return e.refuse(concat({"\"", e.host, "\" cannot be part of a host name: that has letters, digits, '-' and '.'"}));
  e.host.push_back('.');
}

/// A required member without which the request would be another one: S3 takes a copy without a source for an empty upload.
inline bool is_missing(const std::string& m) noexcept { return m.empty(); }
inline bool is_missing(const copy_source& m) noexcept { return m.bucket.empty() || m.key.empty(); }
template <class T>
concept may_be_missing = requires(const T& m) { is_missing(m); };

/// The visitor that writes a request.
class request_writer {
 public:
  explicit request_writer(encoded_request& out) : out_(out) {
    // What stands in the model's URI behind the question mark is part of the operation.
    const auto mark = out.spec->uri.find('?');
    if (mark != std::string_view::npos) out.query = out.spec->uri.substr(mark + 1);
  }

  void uri(std::string_view label, const std::string& m) {
    if (label == "Bucket") {
      if (auto fault = bucket_name_fault(m); !fault.empty()) out_.refuse(std::move(fault));
      out_.bucket = m;
      out_.has_bucket = true;
    } else {
      if (m.empty()) out_.refuse("the key is empty");
      append_uri_encoded(out_.key, m, uri_part::path);
      out_.has_key = true;
    }
  }

  template <class T>
  void query(std::string_view name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (may_be_missing<T>)
      if (is_missing(m)) return out_.refuse(concat({"the query parameter ", name, " is required, and empty"}));
    if (const auto* v = present(m)) add_query(name, text_of(*v, format));
  }
  template <class T>
  void query(std::string_view name, const T& m, by_default otherwise) {
    const auto* v = present(m);
    add_query(name, v ? text_of(*v, timestamp_format::iso8601) : std::string_view{otherwise.value});
  }

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    if constexpr (is_list<T>) {
      if (m.empty()) return;
      scratch_.clear();
      for (const auto& item : m) {
        if (!scratch_.empty()) scratch_.push_back(',');
        to_wire(scratch_, item, format);
      }
      add_header(name, scratch_);
    } else {
      if constexpr (may_be_missing<T>)
        if (is_missing(m)) return out_.refuse(concat({"the header ", name, " is required, and empty"}));
      if (const auto* v = present(m)) add_header(name, text_of(*v, format));
    }
  }

  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) {
      if (!is_header_name(name)) return out_.refuse(concat({"the metadata name \"", name, "\" is no header name"}));
      if (!is_ascii(value))
        return out_.refuse(concat({"the value of the metadata \"", name, "\" is not ASCII; encode it before it is stored"}));
      scratch_.assign(prefix).append(name);
      add_header(scratch_, value);
    }
  }

  void status(const auto&) {}
  void stream(const http::body& m) {
    if (m.present()) out_.stream = &m;
  }
  template <class T>
  void text(const T& m) {
    if (const auto* v = present(m)) out_.document = *v;
  }

  template <class T>
  void payload(const char* root, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    xml::writer document{out_.document};
    document.open(root, s3_namespace);
    xml_members_writer members{document};
    std::remove_cvref_t<decltype(*v)>::describe(members, *v);
    document.close();
    if (document.bad()) refuse_text(root);
  }

  void root(const char* name) {
    root_ = name;
    xml::writer document{out_.document};
    document.open(name, s3_namespace);
    document.text({});
  }
  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    xml::writer document{out_.document};
    xml_members_writer{document}.element(name, m, format);
    if (document.bad()) refuse_text(name);
  }
  /// After the last word.
  void finish() {
    if (root_) out_.document.append("</").append(root_).append(">");
  }

 private:
  template <class T>
  std::string_view text_of(const T& v, timestamp_format format) {
    scratch_.clear();
    to_wire(scratch_, v, format);
    return scratch_;
  }
  void refuse_text(std::string_view where) {
    out_.refuse(concat({"a text in <", where, "> cannot stand in XML: it is not UTF-8, or holds a control character"}));
  }
  void add_query(std::string_view name, std::string_view value) {
    append_query(out_.query, name, value);
  }
  void add_header(std::string_view name, std::string_view value) {
    if (!is_header_value(value))
      return out_.refuse(concat({"the value of the header ", name, " holds a control character (CR, LF or NUL)"}));
    out_.fields.add(name, value);
  }

  encoded_request& out_;
  std::string scratch_{};
  const char* root_{};
};

}  // namespace wire

/// Writes a request down. What it refuses stands in `refused`.
template <operation_request R>
void encode(const R& request, encoded_request& out) {
  out.spec = &R::spec;
  wire::request_writer writer{out};
  R::describe(writer, request);
  writer.finish();
  if constexpr (!R::spec.host_prefix.empty()) wire::take_host_prefix(out);
}

}  // namespace s3store::inline v0
