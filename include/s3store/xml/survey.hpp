// May this text be given to the parser? Only if it passes the checks that the parser does not make.
//
// The parser has no limits for depth and number of elements, keeps an unknown entity as text, and takes a NUL for the end. So one
// pass over the text counts tags and checks references, and refuses a hostile or damaged answer before anything is allocated for
// it. The parser itself refuses the rest: end tags that do not match, and malformed attributes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::xml {

/// What is accepted of a document. S3's largest answers have some ten thousand elements, nested six deep.
struct limits {
  std::size_t max_bytes{std::size_t{64} << 20};  ///< 64 MiB
  std::size_t max_depth{64};
  std::size_t max_nodes{1'000'000};  ///< elements, attributes, CDATA sections, comments and processing instructions
};

namespace detail {
using namespace s3store::detail;

/// Does the text begin with a reference to one of the five entities of XML 1.0, section 4.6, or to a code point?
inline bool is_reference(std::string_view s) noexcept {
  constexpr std::size_t longest = 12;
  const auto end = s.substr(0, longest).find(';');
  if (end == std::string_view::npos) return false;
  const auto name = s.substr(1, end - 1);
  if (!name.starts_with('#')) return name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos";
  const bool hex = name.starts_with("#x");
  const auto digits = name.substr(hex ? 2 : 1);
  std::uint64_t code{};
  return detail::read_digits(digits, hex ? 16 : 10, code) && code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

/// What the reader needs to know about the text.
struct survey_result {
  bool pieces{};    ///< a comment, CDATA section or processing instruction may split a text into pieces
  bool prefixes{};  ///< an element's name may have a namespace prefix
};

class survey {
 public:
  survey(std::string_view text, const limits& within) noexcept : text_(text), within_(within) {}

  result<survey_result> run() {
    if (text_.size() > within_.max_bytes)
      return detail::fail(error_kind::malformed_response, {"XML: the document has ", detail::decimal(text_.size()), " bytes; at most ",
                                                   detail::decimal(within_.max_bytes), " are accepted"});
    if (const auto nul = text_.find('\0'); nul != npos) refuse(nul, "a NUL byte");
    if (text_.starts_with("\xEF\xBB\xBF")) done_ = 3;
    ampersand_ = text_.find('&');
    while (!problem_) {
      const auto tag = text_.find('<', done_);
      check_text(tag == npos ? text_.size() : tag);
      if (tag == npos || problem_) break;
      markup(tag);
    }
    if (!problem_ && depth_ != 0) refuse(text_.size(), cut_off);
    if (!problem_ && !root_seen_) refuse(text_.size(), "no root element");
    if (problem_)
      return detail::fail(error_kind::malformed_response, {"XML: ", problem_, " at byte ", detail::decimal(problem_at_)});
    return found_;
  }

 private:
  static constexpr auto npos = std::string_view::npos;
  static constexpr auto structural = [] {  // characters with a meaning inside a start tag
    std::array<bool, 256> table{};
    for (const char c : {'>', ':', '"', '\''}) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  static constexpr const char* cut_off = "the document is cut off";

  void refuse(std::size_t at, const char* what) noexcept {
    if (problem_) return;
    problem_ = what;
    problem_at_ = at;
  }

  /// Checks the text between the last markup and `end`: only known references, and outside the root only white space.
  void check_text(std::size_t end) noexcept {
    for (; ampersand_ < end; ampersand_ = text_.find('&', ampersand_ + 1))
      if (!is_reference(text_.substr(ampersand_))) return refuse(ampersand_, "an '&' that starts no known reference");
    if (depth_ != 0) return;
    for (std::size_t i = done_; i < end; ++i)
      if (!detail::is_space(text_[i])) return refuse(i, "text outside the root element");
  }

  void markup(std::size_t at) noexcept {
    const auto rest = text_.substr(at);
    switch (rest.size() > 1 ? rest[1] : '\0') {
      case '/': return end_tag(at);
      case '?': return skip_piece(at, 2, "?>");
      case '!': break;
      default: return start_tag(at);
    }
    if (rest.starts_with("<!--")) return skip_piece(at, 4, "-->");
    if (!rest.starts_with("<![CDATA[")) return refuse(at, "a document type declaration, which S3 never sends,");
    if (depth_ == 0) return refuse(at, "text outside the root element");
    skip_piece(at, 9, "]]>");
  }

  void end_tag(std::size_t at) noexcept {
    if (depth_ == 0) return refuse(at, "an end tag without its start tag");
    done_ = at + 2;
    if (--depth_ != 0) return;  // the rest of the tag is taken for text here; the parser checks it
    const auto end = text_.find('>', done_);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + 1;
  }

  void skip_piece(std::size_t at, std::size_t opening, std::string_view closing) noexcept {
    count_node(at);
    found_.pieces |= depth_ != 0;
    const auto end = text_.find(closing, at + opening);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + closing.size();
    if (ampersand_ < done_) ampersand_ = text_.find('&', done_);  // an '&' in the skipped piece is no reference
  }

  void start_tag(std::size_t at) noexcept {
    count_node(at);
    if (depth_ == 0 && root_seen_) return refuse(at, "a second root element");
    root_seen_ = true;
    if (depth_ == within_.max_depth) return refuse(at, "elements nested deeper than accepted");
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (!structural[static_cast<unsigned char>(text_[i])]) continue;
      if (text_[i] == '>') {
        done_ = i + 1;
        if (text_[i - 1] != '/') ++depth_;
        return;
      }
      if (text_[i] == ':') {
        found_.prefixes = true;
        continue;
      }
      count_node(i);
      i = text_.find(text_[i], i + 1);  // skip the quoted value
      if (i == npos) break;
    }
    refuse(text_.size(), cut_off);
  }

  void count_node(std::size_t at) noexcept {
    if (++nodes_ > within_.max_nodes) refuse(at, "more elements and attributes than accepted");
  }

  std::string_view text_;
  limits within_;
  std::size_t done_{};       // everything before this has been checked
  std::size_t ampersand_{};  // the next '&' to check
  std::size_t depth_{};
  std::size_t nodes_{};
  bool root_seen_{};
  survey_result found_{};
  const char* problem_{};
  std::size_t problem_at_{};
};

}  // namespace detail
}  // namespace s3store::inline S3STORE_ABI::xml
