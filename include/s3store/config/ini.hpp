// What is in ~/.aws/config and ~/.aws/credentials? Sections of settings, in the format that all AWS tools share.
//
//   [profile build]            # a comment
//   region = eu-central-1
//   s3 =
//     addressing_style = path
//
// The rules are those of the AWS SDKs and Tools Reference Guide (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html), as
// the SDKs other than botocore have them where botocore differs:
//   - A line that starts with # or ; is a comment, and so is what follows white space and one of these in the line of a key. (botocore
//     knows only the first.) In a line that continues a value they belong to the value.
//   - Between key and value stands =. (botocore takes a colon, too.)
//   - A property or section whose name has other characters than letters, digits and _-/.%@:+ is passed over. (botocore takes it.) The
//     name of a section may be quoted, and then have any.
//   - A section or key may occur several times; the last value counts. (botocore refuses the file.) Case does not count in the names of
//     keys, nested ones included. (For botocore it does in the latter.)
//   - Inside of the brackets there may be white space around kind and name, and behind them only a comment. (botocore wants the first
//     not to be there, and passes over whatever is behind them.) A kind is a whole word. (botocore takes [profiles x] for a profile.)
//   - [DEFAULT] is a name as any other, and not [default]. (For botocore its keys are in every section.)
//   - The file may begin with a byte order mark. (botocore refuses it.)
// And where all agree on the files that people write, as botocore, since the AWS CLI is made of it:
//   - A line that is indented deeper than its key continues that key's value, so that a whole section may be indented. If the key's own
//     line has no value, such lines are nested properties.
//   - A comment may be indented.
//   - The file is UTF-8. White space is blanks and tabs; other control characters are refused, and so is CR that is not before LF.
//     (botocore takes all that Unicode calls white space for it, and CR for the end of a line.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/utf8.hpp>

namespace s3store::inline S3STORE_ABI::config {

/// One `[...]` and what follows it. Values may be secrets, so their memory is overwritten with the section; case does not count in
/// the names of keys.
class ini_section {
 public:
  struct property {
    std::string key{};  ///< in lower case
    secret_string value{};
    std::vector<property> nested{};  ///< the indented properties, where the key's own line has no value
    std::size_t line{};              ///< of the key in the file, from 1
  };

  std::string kind{};  ///< "profile", "sso-session" or "services"; empty if the header is only a name
  std::string name{};  ///< without quotes
  std::vector<property> properties{};

  /// A value; empty for a key that has nested properties, nothing if the key is absent. Valid until the section changes.
  std::optional<std::string_view> get(std::string_view key) const noexcept { return value_of(find(key)); }

  /// The value of a nested property: get("s3", "addressing_style").
  std::optional<std::string_view> get(std::string_view key, std::string_view nested) const noexcept {
    return value_of(find(key, nested));
  }

  /// Adds an empty property, or empties the one of that key. Valid until the next one is added.
  static property& put(std::vector<property>& into, std::string_view key, std::size_t line) {
    for (property& p : into)
      if (detail::equal_ignoring_case(p.key, key)) return p = {.key = detail::lower_case(key), .line = line};
    return into.emplace_back(property{.key = detail::lower_case(key), .line = line});
  }
  /// Null if the key is absent; valid as a value is.
  const property* find(std::string_view key) const noexcept { return find_in(properties, key); }
  const property* find(std::string_view key, std::string_view nested) const noexcept {
    const property* const p = find_in(properties, key);
    return p ? find_in(p->nested, nested) : nullptr;
  }

 private:
  static const property* find_in(const std::vector<property>& in, std::string_view key) noexcept {
    for (const property& p : in)
      if (detail::equal_ignoring_case(p.key, key)) return &p;
    return nullptr;
  }
  static std::optional<std::string_view> value_of(const property* p) noexcept {
    if (!p) return std::nullopt;
    return p->value.reveal();
  }
};

/// A file's sections, in the order in which each occurs first.
class ini_document {
 public:
  std::vector<ini_section> sections{};

  /// The section with that header, where case counts; null if there is none. Valid until `sections` changes.
  const ini_section* find(std::string_view kind, std::string_view name) const noexcept {
    for (const ini_section& s : sections)
      if (s.kind == kind && s.name == name) return &s;
    return nullptr;
  }
  /// `[name]`, as the credentials file names a profile.
  const ini_section* find(std::string_view name) const noexcept { return find("", name); }
  /// `[profile name]`, as the config file names a profile; for "default" also `[default]`, if there is no `[profile default]`.
  const ini_section* profile(std::string_view name) const noexcept {
    const ini_section* const found = find("profile", name);
    return !found && name == "default" ? find("", name) : found;
  }
};

namespace detail {
using namespace s3store::detail;

class ini_parser {
 public:
  explicit ini_parser(std::string_view text) noexcept : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  result<ini_document> run() {
    detail::split(text_, '\n', [this](std::string_view line) {
      ++line_;
      if (!problem_) read(line);
    });
    if (!problem_) end_property();
    if (problem_)
      return detail::fail(error_kind::configuration, {"line ", detail::decimal(problem_line_), " must be ", problem_});
    return std::move(out_);
  }

 private:
  void refuse(const char* accepted, std::size_t line) noexcept {
    problem_ = accepted;
    problem_line_ = line;
  }

  static bool is_comment(std::string_view content) noexcept { return content.starts_with('#') || content.starts_with(';'); }

  /// One CR before the LF, or at the end of the file, is no part of the line.
  static bool is_text(std::string_view line) noexcept {
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (std::size_t size = 0; !line.empty(); line.remove_prefix(size)) {
      size = detail::utf8_length(line);
      if (size == 0 || (static_cast<unsigned char>(line.front()) < 0x20 && line.front() != '\t')) return false;
    }
    return true;
  }

  void read(std::string_view line) {
    if (!is_text(line)) return refuse("UTF-8 without control characters, and end with LF or CRLF", line_);
    const auto content = detail::trim(line);
    if (content.empty() || is_comment(content)) return;
    const std::size_t indent = line.find_first_not_of(" \t\r");
    if (value_.data() && indent > indent_) return extend_value(content);
    end_property();
    if (problem_) return;
    indent_ = indent;
    if (content.front() == '[') return header(content);
    if (section_ == none) return refuse("a section's name, as in [default]", line_);
    const auto equals = without_comment(content).find('=');
    key_ = detail::trim(content.substr(0, equals));
    if (equals == std::string_view::npos || key_.empty()) return refuse("key = value, a [section], or a # comment", line_);
    value_ = content.substr(equals + 1);
    key_line_ = line_;
  }

  /// A line of a key up to a comment at its end.
  static std::string_view without_comment(std::string_view content) noexcept {
    for (std::size_t i = 1; i < content.size(); ++i)
      if (detail::is_space(content[i - 1]) && (content[i] == '#' || content[i] == ';')) return content.substr(0, i);
    return content;
  }
  static bool is_name(std::string_view text) noexcept {
    for (const char c : text)
      if (!detail::is_alpha(c) && !detail::is_digit(c) && std::string_view{"_-/.%@:+"}.find(c) == std::string_view::npos) return false;
    return !text.empty();
  }

  /// The value goes on to the end of `content`, which stands in the same text.
  void extend_value(std::string_view content) noexcept {
    value_ = text_.substr(static_cast<std::size_t>(value_.data() - text_.data()),
                          static_cast<std::size_t>(content.data() - value_.data()) + content.size());
  }

  /// Makes a property of the lines since the last key.
  void end_property() {
    if (!value_.data()) return;
    const auto first_end = (std::min)(value_.find('\n'), value_.size());
    // Whether # begins a comment depends on the character before it, which may be the = before the value.
    const auto first = detail::trim(without_comment({value_.data() - 1, first_end + 1}).substr(1));
    const auto rest = value_.substr(first_end);
    value_ = {};
    const bool kept = section_ != passed_over && is_name(key_);
    ini_section::property ignored;
    ini_section::property& p = kept ? ini_section::put(out_.sections[section_].properties, key_, key_line_) : ignored;
    const bool nested = first.empty();
    std::string value;
    value.reserve(first.size() + rest.size());  // growing would leave copies of a secret in freed memory
    value.append(first);
    std::size_t number = key_line_;
    detail::split(rest, '\n', [&](std::string_view line) {
      const auto content = detail::trim(line);
      const std::size_t at = number++;
      if (problem_ || at == key_line_ || is_comment(content) || (nested && content.empty())) return;
      if (!nested) return static_cast<void>(value.append("\n").append(content));
      const auto equals = content.find('=');
      const auto key = detail::trim(content.substr(0, equals));
      if (equals == std::string_view::npos || key.empty()) return refuse("an indented key = value", at);
      ini_section::put(p.nested, key, at).value = detail::trim(content.substr(equals + 1));
    });
    if (!nested) p.value = secret_string{std::move(value)};
  }

  /// `[name]`, `[kind name]` or `[kind "a name"]`; only a comment may follow.
  void header(std::string_view line) {
    constexpr const char* accepted = "a section's name in brackets, as in [profile name], and behind it only a comment";
    std::size_t end = 1;
    for (char quote = '\0'; end != line.size() && (quote != '\0' || line[end] != ']'); ++end) {
      if (line[end] == quote) {
        quote = '\0';
      } else if (quote == '\0' && (line[end] == '"' || line[end] == '\'')) {
        quote = line[end];
      }
    }
    if (end == line.size()) return refuse(accepted, line_);
    const auto behind = detail::trim(line.substr(end + 1));
    const auto inside = detail::trim(line.substr(1, end - 1));
    if (inside.empty() || (!behind.empty() && behind.front() != '#' && behind.front() != ';')) return refuse(accepted, line_);
    const auto blank = inside.find_first_of(" \t");
    const auto kind = inside.substr(0, blank);
    const bool has_kind = blank != std::string_view::npos && (kind == "profile" || kind == "sso-session" || kind == "services");
    const auto name = section_name(has_kind ? detail::trim(inside.substr(blank)) : inside);
    if (name.empty()) return static_cast<void>(section_ = passed_over);
    enter(has_kind ? kind : std::string_view{}, name);
  }

  /// What is inside of one pair of quotes, or a name without quotes; empty if `s` is neither.
  static std::string_view section_name(std::string_view s) noexcept {
    if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.find(s.front(), 1) == s.size() - 1)
      return s.substr(1, s.size() - 2);
    return is_name(s) ? s : std::string_view{};
  }

  void enter(std::string_view kind, std::string_view name) {
    section_ = 0;
    for (const ini_section& s : out_.sections) {
      if (s.kind == kind && s.name == name) return;
      ++section_;
    }
    ini_section& added = out_.sections.emplace_back();
    added.kind = kind;
    added.name = name;
  }

  static constexpr std::size_t none = ~std::size_t{0}, passed_over = none - 1;

  std::string_view text_;
  ini_document out_{};
  std::size_t line_{};
  std::size_t section_{none};  // index in `out_.sections`
  std::string_view key_{};
  std::string_view value_{};  // of `key_`: the rest of its line, and the lines that continue it; null if there is no key yet
  std::size_t key_line_{};
  std::size_t indent_{};  // of the line of `key_`
  const char* problem_{};
  std::size_t problem_line_{};
};

}  // namespace detail

/// Reads the text of such a file. Fails with error_kind::configuration; the message names the line and what is accepted there, and
/// never quotes the file.
inline result<ini_document> parse_ini(std::string_view text) { return detail::ini_parser{text}.run(); }

}  // namespace s3store::inline S3STORE_ABI::config
