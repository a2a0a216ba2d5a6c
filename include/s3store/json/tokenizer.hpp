// What does a JSON text consist of? Tokens, which a strict and lossless reader returns as views of the text.
//
// Strict: it accepts RFC 8259 and nothing else. That is UTF-8 without a byte order mark, no comments, no trailing commas, and one
// value with only white space after it. Lossless: a number keeps its digits and a string its escapes, since a number's digits may
// not fit a double. It does not recurse, so deep nesting cannot overflow the stack. Messages say where the error is and what was
// expected, and never quote the text, which may be a secret.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/utf8.hpp>

namespace s3store::inline S3STORE_ABI::json {

enum class token_kind : std::uint8_t {
  begin_object,
  end_object,
  begin_array,
  end_array,
  key,
  string,
  number,
  true_,
  false_,
  null,
  end
};

struct token {
  token_kind kind{};
  std::string_view raw{};  ///< exactly as written; strings and keys with their quotes, empty at the end
  std::size_t offset{};    ///< in bytes from the start of the text
};

struct options {
  std::size_t max_depth{512};  ///< how many objects and arrays may be nested
  bool allow_non_finite{};     ///< accept NaN, Infinity and -Infinity as numbers, as Python's json module writes them
};

/// Reads one token after the other; a key is always followed by its value. The text must outlive the tokenizer and its tokens.
class tokenizer {
 public:
  explicit tokenizer(std::string_view text, const options& accept = {}) noexcept : text_(text), accept_(accept) {}

  /// The next token; at the end of the text `token_kind::end`, however often it is called. Fails with
  /// error_kind::malformed_response, and after that always with the same error.
  result<token> next() {
    if (expected_) return failure();
    skip_space();
    if (state_ == state::after_value) {
      if (open_.empty()) return at_ == text_.size() ? make(token_kind::end, at_) : expect("the end of the text");
      if (take(closing())) return close();
      if (!take(',')) return expect(in_object() ? "',' or '}'" : "',' or ']'");
      state_ = in_object() ? state::key : state::value;
      skip_space();
    }
    switch (state_) {
      case state::first_key:
        if (take('}')) return close();
        [[fallthrough]];
      case state::key: return key();
      case state::first_value:
        if (take(']')) return close();
        [[fallthrough]];
      default: return value();
    }
  }

  /// How many objects and arrays are open.
  std::size_t depth() const noexcept { return open_.size(); }

 private:
  enum class state : std::uint8_t { value, first_value, first_key, key, after_value };

  bool in_object() const noexcept { return open_.back() == '{'; }
  char closing() const noexcept { return in_object() ? '}' : ']'; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }  // NUL is accepted nowhere
  void skip_space() noexcept {
    while (at_ < text_.size() && detail::is_space(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) noexcept {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_digits() noexcept {
    const std::size_t start = at_;
    while (detail::is_digit(peek())) ++at_;
    return at_ != start;
  }

  token make(token_kind kind, std::size_t start) const noexcept { return {kind, text_.substr(start, at_ - start), start}; }

  result<token> close() {
    const auto kind = in_object() ? token_kind::end_object : token_kind::end_array;
    open_.pop_back();
    state_ = state::after_value;
    return make(kind, at_ - 1);
  }

  result<token> key() {
    const std::size_t start = at_;
    if (peek() != '"') return expect(state_ == state::first_key ? "a key in double quotes or '}'" : "a key in double quotes");
    if (!string()) return failure();
    const token name = make(token_kind::key, start);
    skip_space();
    if (!take(':')) return expect("':'");
    state_ = state::value;
    return name;
  }

  result<token> value() {
    const std::size_t start = at_;
    const char first = peek();
    if (first == '{' || first == '[') {
      if (open_.size() == accept_.max_depth) return expect("no deeper nesting, since this is the limit,");
      ++at_;
      open_.push_back(first);
      state_ = first == '{' ? state::first_key : state::first_value;
      return make(first == '{' ? token_kind::begin_object : token_kind::begin_array, start);
    }
    const char* const wanted = state_ == state::first_value ? "a value or ']'" : "a value";
    state_ = state::after_value;
    if (first == '"') return string() ? result<token>{make(token_kind::string, start)} : failure();
    if (take("true")) return make(token_kind::true_, start);
    if (take("false")) return make(token_kind::false_, start);
    if (take("null")) return make(token_kind::null, start);
    if (accept_.allow_non_finite && (take("NaN") || take("Infinity") || take("-Infinity"))) return make(token_kind::number, start);
    if (first != '-' && !detail::is_digit(first)) return expect(wanted);
    return number() ? result<token>{make(token_kind::number, start)} : failure();
  }

  /// RFC 8259, section 6. False after noting what was expected.
  bool number() noexcept {
    take('-');
    if (!take('0') && !take_digits()) return note("a digit");
    if (take('.') && !take_digits()) return note("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!take_digits()) return note("a digit");
    }
    return true;
  }

  /// RFC 8259, section 7. False after noting what was expected.
  bool string() noexcept {
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return note("an escape in place of a control character");
      if (c == '\\') {
        ++at_;
        if (take('u')) {
          for (int i = 0; i != 4; ++i, ++at_)
            if (detail::hex_digit(peek()) < 0) return note("four hexadecimal digits");
        } else if (peek() != '\0' && std::string_view{"\"\\/bfnrt"}.find(peek()) != std::string_view::npos) {
          ++at_;
        } else {
          return note("one of \" \\ / b f n r t u after the backslash");
        }
      } else {
        const std::size_t length = detail::utf8_length(text_.substr(at_));
        if (length == 0) return note("UTF-8");
        at_ += length;
      }
    }
    return note("a closing double quote");
  }

  bool note(const char* expected) noexcept {
    expected_ = expected;
    return false;
  }
  result<token> expect(const char* expected) {
    note(expected);
    return failure();
  }
  error failure() const {
    const auto before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto column = at_ - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return detail::fail(error_kind::malformed_response,
                {"JSON: expected ", expected_, (at_ == text_.size() ? " where the text ends, at line " : " at line "),
                 detail::decimal(line), ", column ", detail::decimal(column), " (byte ", detail::decimal(at_), ")"});
  }

  std::string_view text_;
  options accept_;
  std::size_t at_{};
  state state_{state::value};
  std::string open_{};      // the '{' and '[' that are not closed yet
  const char* expected_{};  // set once reading has failed
};

/// What to do with an escaped surrogate that is not one of a pair, and so stands for no character. Python writes such strings.
enum class lone_surrogates : std::uint8_t {
  refuse,
  keep,  ///< as three bytes, which are WTF-8 and not UTF-8
};

/// Appends the text of a string or key, escapes decoded. `raw` is a token's, with its quotes. Fails with
/// error_kind::malformed_response, naming the byte within `raw`; `out` then holds a part of the text.
inline result<void> unescape(std::string_view raw, std::string& out, lone_surrogates lone = lone_surrogates::refuse) {
  const auto broken = [](const char* what, std::size_t at) {
    return detail::fail(error_kind::malformed_response, {"JSON: ", what, " at byte ", detail::decimal(at), " of the string"});
  };
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return broken("no string in double quotes", 0);
  const auto inside = raw.substr(0, raw.size() - 1);
  const auto unit_at = [&](std::size_t at) -> int {  // the value of a \uXXXX, or -1 if there is none
    if (inside.size() - at < 6 || inside[at] != '\\' || inside[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char c : inside.substr(at + 2, 4)) {
      const int digit = detail::hex_digit(c);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  };
  for (std::size_t at = 1; at < inside.size();) {
    const std::size_t plain = (std::min)(inside.find('\\', at), inside.size());
    out.append(inside, at, plain - at);
    at = plain;
    if (at == inside.size()) break;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const auto letter = at + 1 < inside.size() ? letters.find(inside[at + 1]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      out.push_back(meanings[letter]);
      at += 2;
      continue;
    }
    const int unit = unit_at(at);
    if (unit < 0) return broken("no known escape", at);
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const int second = high ? unit_at(at + 6) : -1;
    const bool pair = second >= 0xDC00 && second <= 0xDFFF;
    if (lone == lone_surrogates::refuse && !pair && unit >= 0xD800 && unit <= 0xDFFF) return broken("half of a surrogate pair", at);
    detail::append_utf8(out, static_cast<char32_t>(pair ? 0x10000 + (unit - 0xD800) * 0x400 + (second - 0xDC00) : unit));
    at += pair ? 12 : 6;
  }
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::json
