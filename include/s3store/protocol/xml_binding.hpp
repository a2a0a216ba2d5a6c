// How does a structure become XML, and XML a structure? Two visitors do it, one for writing and one for reading.
//
// Both are used by the client and by the embedded S3: what one writes, the other reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/protocol/wire_value.hpp>
#include <s3store/xml/reader.hpp>
#include <s3store/xml/writer.hpp>

namespace s3store::inline S3STORE_ABI::wire {

inline constexpr const char* s3_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
inline constexpr const char* xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

/// A key as S3 writes it with encoding-type=url: a form's encoding (application/x-www-form-urlencoded), where a space is `+` and `*`
/// stays, with slashes kept: "a b/c+d~" is "a+b/c%2Bd%7E". AWS documents only which characters need it; MinIO, which follows AWS in this
/// (s3URLEncode in its cmd/api-utils.go), also leaves `/` and `*` and encodes `~`.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
inline std::string url_encoded(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 16);
  for (const char& c : s) {
    if (c == ' ') {
      out.push_back('+');
    } else if (c == '~') {
      out.append("%7E");
    } else if (c == '*') {
      out.push_back(c);
    } else {
      detail::append_uri_encoded(out, {&c, 1}, detail::uri_part::path);
    }
  }
  return out;
}

/// Writes the members of a structure into the element that is open.
class xml_members_writer {
 public:
  /// `encode_urls`: percent-encode the elements declared by `url_element`, for answers with encoding-type=url.
  explicit xml_members_writer(xml::writer& out, bool encode_urls = false) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (is_list<T>) {
      for (const auto& item : m) value(name, item, format);
    } else if (const auto* v = present(m)) {
      value(name, *v, format);
    }
  }
  template <class T>
  void element(const char* name, const T& m, required_t) { element_always(name, m); }
  template <class T>
  void element(const char* name, const T& m, even_if_empty_t) { element_always(name, m); }
  void element(const char* name, const std::optional<std::string>& m, never_empty_t) {
    if (!m) return;
    if (m->empty() && blank_.empty()) blank_ = name;
    value(name, *m, timestamp_format::iso8601);
  }

  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m) {
    if (!m.empty()) list_always(name, item_name, m);
  }
  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m, required_t) { list_always(name, item_name, m); }
  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m, even_if_empty_t) { list_always(name, item_name, m); }

  void url_element(const char* name, const std::string& m) {
    if (!m.empty()) url_element(name, m, even_if_empty);
  }
  void url_element(const char* name, const std::string& m, even_if_empty_t) {
    out_.element(name, encode_urls_ ? std::string_view{url_encoded(m)} : std::string_view{m});
  }

  template <class T>
  void attribute(const char* name, const T& m, required_t) {
    if (std::string_view{name}.starts_with("xsi:")) out_.attribute("xmlns:xsi", xsi_namespace);
    out_.attribute(name, text_of(scratch_, m, timestamp_format::iso8601));
  }

  /// The first element that is present but empty although that is not allowed; an empty view if there is none.
  std::string_view blank() const noexcept { return blank_; }

 private:
  template <class T>
  void element_always(const char* name, const T& m) {
    if constexpr (is_list<T>) {
      element(name, m);  // each item has an element of its own
    } else {
      value(name, m, timestamp_format::iso8601);
    }
  }
  template <class T>
  void list_always(const char* name, const char* item_name, const std::vector<T>& m) {
    out_.open(name);
    for (const T& item : m) value(item_name, item, timestamp_format::iso8601);
    out_.close();
  }
  template <class T>
  void value(const char* name, const T& v, timestamp_format format) {
    if constexpr (scalar<T>) {
      out_.element(name, text_of(scratch_, v, format));
    } else {
      out_.open(name);
      T::describe(*this, v);
      out_.close();
    }
  }

  xml::writer& out_;
  bool encode_urls_;
  std::string_view blank_{};
  std::string scratch_{};
};

/// What could not be read. Reading continues after it.
struct reading_failure {
  std::string what{};  ///< the first thing for which the whole is refused
  /// If set, a date that can't be read leaves its member empty, and its name is appended here: one odd date must not lose a listing's
  /// page of a thousand keys. Elsewhere a date may be that of a rule or a retention, which must not seem to have none.
  std::vector<std::string>* skipped{};

  void note(std::string_view where, std::string_view why) {
    if (what.empty()) what.append(where).append(" ").append(why);
  }
  bool any() const noexcept { return !what.empty(); }
};

/// Reads the members of a structure from an element. Unknown elements are ignored, and missing ones leave their member empty. An
/// empty element gives an empty string, and leaves an optional number, date or flag without a value.
class xml_members_reader {
 public:
  xml_members_reader(xml::node at, reading_failure& failure, bool decode_urls = false) noexcept
      : at_(at), failure_(failure), decode_urls_(decode_urls) {}

  template <class T>
  void element(const char* name, T& m, auto...) {
    if constexpr (is_list<T>) {
      for (const xml::node n : at_.children(name)) value(name, n, m.emplace_back());
    } else if (const xml::node n = at_.child(name)) {
      member(name, n, m);
    }
  }

  template <class T>
  void list(const char* name, const char* item_name, std::vector<T>& m, auto...) {
    if (const xml::node n = at_.child(name))
      for (const xml::node item : n.children(item_name)) value(item_name, item, m.emplace_back());
  }

  void url_element(const char* name, std::string& m, auto...) {
    const xml::node n = at_.child(name);
    if (!n) return;
    if (!decode_urls_) return static_cast<void>(m = n.text());
    // Some stores leave one element as it is (Ceph the Delimiter), although the answer says that all are encoded.
    if (auto decoded = detail::uri_decode(n.text(), true)) {
      m = std::move(*decoded);
    } else {
      m = n.text();
    }
  }

  template <class T>
  void attribute(const char* name, T& m, auto...) {
    if (const auto text = at_.parent().attribute(name))
      if (!from_wire(*text, value_of(m))) failure_.note(name, "has an attribute value that cannot be read");
  }

 private:
  template <class T>
  void member(const char* name, xml::node n, T& m) {
    if constexpr (is_optional<T>) {
      using inner = typename T::value_type;
      if constexpr (scalar<inner> && !std::is_same_v<inner, std::string>)
        if (n.text().empty()) return;
      if constexpr (std::is_same_v<inner, timestamp>) {
        if (failure_.skipped && !from_wire(n.text(), value_of(m))) {
          m.reset();
          return failure_.skipped->emplace_back(name), void();
        }
      }
    }
    value(name, n, value_of(m));
  }
  template <class T>
  void value(const char* name, xml::node n, T& v) {
    if constexpr (scalar<T>) {
      if (!from_wire(n.text(), v)) failure_.note(name, "has a value that cannot be read");
    } else {
      xml_members_reader inside{n, failure_, decode_urls_};
      T::describe(inside, v);
    }
  }

  xml::cursor at_;  // searches on from the last element found, because servers mostly keep the declared order
  reading_failure& failure_;
  bool decode_urls_;
};

}  // namespace s3store::inline S3STORE_ABI::wire
