// How does a request become something that can be sent? A visitor writes each member to where the request's `describe` says it
// goes.
//
// Encoding writes no URL yet. The endpoint decides whether the bucket goes into the path or the host name, and a call that learns
// of another region resolves its endpoint again without encoding again.
#pragma once

#include <string>
#include <string_view>

#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/xml_binding.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// Reads the host prefix from its header. As in botocore, only letters, digits, '-' and '.' may become part of a host name.
inline void take_host_prefix(encoded_request& e) {
  e.host = e.fields.value_or_empty(e.spec->host_prefix);
  for (const char c : e.host)
    if (!detail::is_alpha(c) && !detail::is_digit(c) && c != '-' && c != '.')
      return e.refuse(detail::concat({"\"", e.host, "\" cannot be part of a host name: that has letters, digits, '-' and '.'"}));
  e.host.push_back('.');
}

/// Is a required member empty? Without it the request could mean something else: S3 takes a copy without a source as an empty
/// upload.
template <class T>
bool is_missing(const T&) noexcept { return false; }  // a number, a flag, a date
inline bool is_missing(const std::string& m) noexcept { return m.empty(); }
inline bool is_missing(const enumeration_text& m) noexcept { return m.empty(); }
inline bool is_missing(const copy_source& m) noexcept { return m.bucket.empty() || m.key.empty(); }
template <class T>
bool is_missing(const std::vector<T>& m) noexcept { return m.empty(); }

/// Is an optional text present but empty? That is refused: a condition, version or owner set from an empty variable would otherwise
/// be left out, and the request would do more than the caller meant.
template <class T>
bool is_blank(const T&) noexcept { return false; }
inline bool is_blank(const std::optional<std::string>& m) noexcept { return m && m->empty(); }
inline bool is_blank(const copy_source& m) noexcept { return is_blank(m.version_id); }

/// The visitor that writes a request.
class request_writer {
 public:
  explicit request_writer(encoded_request& out) : out_(out) {
    // The part of the spec's URI after the question mark ("?uploads") belongs to every request of the operation.
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
      detail::append_uri_encoded(out_.key, m, detail::uri_part::path);
      out_.has_key = true;
    }
  }

  template <class T>
  void query(std::string_view name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if (is_blank(m)) return refuse_blank("the query parameter", name);
    if (const auto* v = present(m)) add_query(name, text_of(scratch_, *v, format));
  }
  template <class T>
  void query(std::string_view name, const T& m, required_t) {
    if (is_missing(m)) return refuse_missing("the query parameter", name);
    query(name, m);
  }
  template <class T>
  void query(std::string_view name, const T& m, by_default otherwise) {
    const auto* v = present(m);
    add_query(name, v ? text_of(scratch_, *v, timestamp_format::iso8601) : std::string_view{otherwise.value});
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
      if (is_blank(m)) return refuse_blank("the header", name);
      if (const auto* v = present(m)) {
        add_header(name, text_of(scratch_, *v, format));
        if constexpr (is_secret<std::remove_cvref_t<decltype(*v)>>) detail::wipe(scratch_);
      }
    }
  }
  template <class T>
  void header(std::string_view name, const T& m, required_t) {
    if (is_missing(m)) return refuse_missing("the header", name);
    header(name, m);
  }

  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) {
      if (!is_header_name(name)) return out_.refuse(detail::concat({"the metadata name \"", name, "\" is no header name"}));
      if (!is_ascii(value))
        return out_.refuse(detail::concat({"the value of the metadata \"", name, "\" is not ASCII; encode it before it is stored"}));
      scratch_.assign(prefix).append(name);
      add_header(scratch_, value);
    }
  }

  void status(const auto&) {}
  void stream(const http::body& m) {
    if (m.is_null()) out_.refuse("the body was made of a null pointer");
    if (m.present()) out_.stream = &m;
  }
  template <class T>
  void text(const T& m, auto...) {
    if (const auto* v = present(m)) out_.document = *v;
  }

  template <class T>
  void payload(const char* root, const T& m, auto...) {
    const auto* v = present(m);
    if (!v) return;
    xml::writer document{out_.document};
    document.open(root, s3_namespace);
    xml_members_writer members{document};
    std::remove_cvref_t<decltype(*v)>::describe(members, *v);
    document.close();
    refuse_faults(document, members, root);
  }

  void root(const char* name) {
    root_ = name;
    xml::writer document{out_.document};
    document.open(name, s3_namespace);
    document.text({});
  }
  template <class T>
  void element(const char* name, const T& m, auto... how) {
    xml::writer document{out_.document};
    xml_members_writer members{document};
    members.element(name, m, how...);
    refuse_faults(document, members, name);
  }
  /// Called after `describe`: closes the XML document, if there is one.
  void finish() {
    if (root_) out_.document.append("</").append(root_).append(">");
  }

 private:
  void refuse_faults(const xml::writer& document, const xml_members_writer& members, std::string_view where) {
    if (document.bad())
      out_.refuse(detail::concat({"a text in <", where, "> cannot stand in XML: it is not UTF-8, or holds a control character"}));
    if (!members.blank().empty()) refuse_blank("the element", members.blank());
  }
  void refuse_missing(std::string_view what, std::string_view name) {
    out_.refuse(detail::concat({what, " ", name, " is required, and empty"}));
  }
  void refuse_blank(std::string_view what, std::string_view name) {
    out_.refuse(detail::concat({what, " ", name, " is there, but empty; leave it out if nothing is meant"}));
  }
  void add_query(std::string_view name, std::string_view value) {
    append_query(out_.query, name, value);
  }
  void add_header(std::string_view name, std::string_view value) {
    if (!is_header_value(value))
      return out_.refuse(detail::concat({"the value of the header ", name, " holds a control character (CR, LF or NUL)"}));
    out_.fields.add(name, value);
  }

  encoded_request& out_;
  std::string scratch_{};
  const char* root_{};
};

/// Writes a request into `out`. If it is refused, `out.refused` says why.
template <operation_request R>
void encode(const R& request, encoded_request& out) {
  out.spec = &R::spec;
  request_writer writer{out};
  R::describe(writer, request);
  writer.finish();
  if constexpr (!R::spec.host_prefix.empty()) take_host_prefix(out);
  if constexpr (requires { request.encoding_type; }) out.decode_urls = request.encoding_type.empty();
}

}  // namespace s3store::inline S3STORE_ABI::wire
