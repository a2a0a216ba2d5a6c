// How is XML written? Element by element, appended to a string, with every text escaped.
//
// XML 1.0 cannot hold most control characters, nor bytes that are not UTF-8, but a key may have both. The writer refuses them:
// later calls still work, but the document is `bad()` and must not be sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/utf8.hpp>

namespace s3store::inline S3STORE_ABI::xml {

/// Appends one document to a string, which must outlive the writer and must not be changed by others. Names of elements and
/// attributes are not checked.
class writer {
 public:
  explicit writer(std::string& out) noexcept : out_(&out) {}

  /// Optional; to be called before anything else.
  void declaration() { out_->append(R"(<?xml version="1.0" encoding="UTF-8"?>)").push_back('\n'); }

  void open(std::string_view name) {
    end_start_tag();
    out_->push_back('<');
    open_.push_back({out_->size(), name.size()});
    out_->append(name);
    in_start_tag_ = true;
  }
  void open(std::string_view name, std::string_view xml_namespace) {
    open(name);
    attribute("xmlns", xml_namespace);
  }

  /// Adds an attribute to the element opened last; to be called before its text and children are written.
  void attribute(std::string_view name, std::string_view value) {
    if (!in_start_tag_) return refuse("an attribute that follows its element's content");
    out_->append(" ").append(name).append("=\"");
    escape<true>(value);
    out_->push_back('"');
  }

  void text(std::string_view value) {
    end_start_tag();
    escape<false>(value);
  }

  /// Ends the element opened last.
  void close() {
    if (open_.empty()) return refuse("an end without an open element");
    const auto [at, size] = open_.back();
    open_.pop_back();
    if (std::exchange(in_start_tag_, false)) {
      out_->append("/>");
    } else {
      out_->append("</").append(*out_, at, size).push_back('>');
    }
  }

  void element(std::string_view name, std::string_view value) {
    open(name);
    if (!value.empty()) text(value);
    close();
  }

  /// True once anything was refused; the string then holds no valid document.
  bool bad() const noexcept { return problem_ != nullptr; }

  /// To be called at the end. Fails with error_kind::invalid_argument if anything was refused or an element is still open.
  result<void> finish() const {
    const char* const problem = problem_ ? problem_ : !open_.empty() ? "an element that was left open" : nullptr;
    if (problem) return detail::fail(error_kind::invalid_argument, {"XML cannot be written with ", problem});
    return {};
  }

 private:
  struct open_element {  // where in the string its name is, for the end tag
    std::size_t at{};
    std::size_t size{};
  };

  void refuse(const char* problem) noexcept {
    if (!problem_) problem_ = problem;
  }

  void end_start_tag() {
    if (std::exchange(in_start_tag_, false)) out_->push_back('>');
  }

  /// What to write instead of a character; empty: the character itself. A carriage return would be read back as a line feed (XML
  /// 1.0, section 2.11), and in an attribute a line feed or tab as a space (section 3.3.3), so these are written as references.
  template <bool in_attribute>
  static constexpr std::string_view reference(char c) noexcept {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      case '\r': return "&#13;";
      case '\n': return in_attribute ? "&#10;" : "";
      case '\t': return in_attribute ? "&#9;" : "";
      default: return "";
    }
  }

  template <bool in_attribute>
  void escape(std::string_view s) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < s.size();) {
      const std::size_t length = detail::utf8_length(s.substr(i));
      if (length == 0) return refuse("bytes that are not UTF-8");
      if (length == 3 && (s.substr(i, 3) == "\xEF\xBF\xBE" || s.substr(i, 3) == "\xEF\xBF\xBF"))
        return refuse("U+FFFE or U+FFFF, which XML 1.0 has no way to carry");
      if (const auto instead = reference<in_attribute>(s[i]); !instead.empty()) {
        out_->append(s, written, i - written).append(instead);
        written = i + 1;
      } else if (static_cast<unsigned char>(s[i]) < 0x20 && s[i] != '\n' && s[i] != '\t') {
        return refuse("a control character, which XML 1.0 has no way to carry");
      }
      i += length;
    }
    out_->append(s, written);
  }

  std::string* out_;
  std::vector<open_element> open_{};
  bool in_start_tag_{};
  const char* problem_{};
};

/// True if a document can have this text.
inline bool can_hold(std::string_view text) {
  std::string out;
  writer document{out};
  document.element("t", text);
  return !document.bad();
}

}  // namespace s3store::inline S3STORE_ABI::xml
