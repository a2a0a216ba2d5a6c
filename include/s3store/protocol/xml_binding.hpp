// How does a structure become XML, and XML a structure? The two visitors of elements, attributes and lists.
//
// They serve both sides: what the client writes the embedded S3 reads, and the other way round.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/protocol/wire_value.hpp>
#include <s3store/xml/reader.hpp>
#include <s3store/xml/writer.hpp>

namespace s3store::inline v0::wire {

inline constexpr const char* s3_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
inline constexpr const char* xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

/// Writes the members of a structure into the element that is open.
class xml_members_writer {
 public:
  /// `encode_urls`: percent-encode what `url_element` declares (the answer says encoding-type=url).
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
  void list(const char* name, const char* item_name, const std::vector<T>& m) {
    if (!m.empty()) list(name, item_name, m, even_if_empty{});
  }
  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m, even_if_empty) {
    out_.open(name);
    for (const T& item : m) value(item_name, item, timestamp_format::iso8601);
    out_.close();
  }

  template <class T>
  void url_element(const char* name, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    out_.element(name, encode_urls_ ? std::string_view{uri_encode(*v, uri_part::query)} : std::string_view{*v});
  }

  template <class T>
  void attribute(const char* name, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    if (std::string_view{name}.starts_with("xsi:")) out_.attribute("xmlns:xsi", xsi_namespace);
    out_.attribute(name, text_of(*v, timestamp_format::iso8601));
  }

 private:
  template <class T>
  void value(const char* name, const T& v, timestamp_format format) {
    if constexpr (scalar<T>) {
      out_.element(name, text_of(v, format));
    } else {
      out_.open(name);
      T::describe(*this, v);
      out_.close();
    }
  }
  template <class T>
  std::string_view text_of(const T& v, timestamp_format format) {
    scratch_.clear();
    to_wire(scratch_, v, format);
    return scratch_;
  }

  xml::writer& out_;
  bool encode_urls_;
  std::string scratch_{};
};

/// Where the first thing that could not be read is noted. Reading goes on, so that nothing depends on the order of members.
struct reading_failure {
  std::string what{};
  void note(std::string_view where, std::string_view why) {
    if (what.empty()) what.append(where).append(" ").append(why);
  }
  bool any() const noexcept { return !what.empty(); }
};

/// Reads the members of a structure from an element. What is unknown is passed over, what is missing stays absent, and an empty
/// element is an empty string or an absent number, date or flag.
class xml_members_reader {
 public:
  xml_members_reader(xml::node at, reading_failure& failure, bool decode_urls = false) noexcept
      : at_(at), failure_(failure), decode_urls_(decode_urls) {}

  template <class T>
  void element(const char* name, T& m, timestamp_format = timestamp_format::iso8601) {
    if constexpr (is_list<T>) {
      for (xml::node n : at_.children(name)) value(name, n, m.emplace_back());
    } else if (xml::node n = at_.child(name)) {
      member(name, n, m);
    }
  }

  template <class T>
  void list(const char* name, const char* item_name, std::vector<T>& m, even_if_empty = {}) {
    if (xml::node n = at_.child(name))
      for (xml::node item : n.children(item_name)) value(item_name, item, m.emplace_back());
  }

  template <class T>
  void url_element(const char* name, T& m) {
    xml::node n = at_.child(name);
    if (!n) return;
    if (!decode_urls_) return static_cast<void>(place(m) = n.text());
    if (auto decoded = uri_decode(n.text(), true)) {
      place(m) = std::move(*decoded);
    } else {
      failure_.note(name, "is not percent-encoded, although the answer says so");
    }
  }

  template <class T>
  void attribute(const char* name, T& m) {
    if (const auto text = at_.parent().attribute(name))
      if (!from_wire(*text, place(m))) failure_.note(name, "has an attribute value that cannot be read");
  }

 private:
  template <class T>
  void member(const char* name, xml::node n, T& m) {
    if constexpr (is_optional<T>) {
      using inner = typename T::value_type;
      if constexpr (scalar<inner> && !std::is_same_v<inner, std::string>)
        if (n.text().empty()) return;
    }
    value(name, n, place(m));
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

  xml::cursor at_;  // servers write members in the order in which they are declared
  reading_failure& failure_;
  bool decode_urls_;
};

}  // namespace s3store::inline v0::wire
