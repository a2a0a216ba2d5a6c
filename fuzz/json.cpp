// JSON: the tokenizer accepts what nlohmann/json accepts; its tokens, written again, are the same tokens; a string survives being decoded
// and encoded; and the canonical form is the canonical form of itself, and has the values of the text that it was made from.
#include <nlohmann/json.hpp>

#include <s3store/evidence/canonical_json.hpp>
#include <s3store/json/document.hpp>

#include "property.hpp"

namespace {

using namespace s3store;
using kind = json::token_kind;

struct reading {
  bool tokens_only{};   ///< it is a text of JSON's grammar
  bool in_full{};       ///< and its strings are characters, and its numbers finite
  std::string tokens{};  ///< each with a blank behind it
};

reading read(std::string_view text) {
  reading out{.tokens_only = false, .in_full = true, .tokens = {}};
  json::tokenizer tokens{text};
  for (auto t = tokens.next(); t; t = tokens.next()) {
    if (t->kind == kind::end) {
      out.tokens_only = true;
      return out;
    }
    const bool opens = t->kind == kind::begin_object || t->kind == kind::begin_array;
    const bool closes = t->kind == kind::end_object || t->kind == kind::end_array;
    // The commas and colons that the tokenizer has skipped.
    if (!opens && !closes) fuzz::hold(text.substr(t->offset, t->raw.size()) == t->raw, "a token is where it says that it is");
    if (t->kind == kind::string || t->kind == kind::key) {
      std::string value, again, once_more;
      const bool decoded = bool(json::unescape(t->raw, value));
      out.in_full = out.in_full && decoded;
      if (decoded) {
        fuzz::hold(json::append_ascii_string(again, value), "a decoded string is UTF-8");
        fuzz::hold(json::unescape(again, once_more) && once_more == value, "a string that is encoded decodes to itself");
      }
    } else if (t->kind == kind::number) {
      out.in_full = out.in_full && evidence::is_finite(evidence::to_double(t->raw));
    }
    out.tokens.append(t->raw).push_back(' ');
  }
  out.in_full = false;
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::input{data, size}.rest();
  const reading ours = read(text);

  // nlohmann/json takes a NUL for the end and skips a byte order mark, which RFC 8259 forbids to send; its depth has no limit.
  std::size_t deep = 0;
  for (const char c : text) deep += c == '[' || c == '{' ? 1 : 0;
  if (deep < json::options{}.max_depth && text.find('\0') == std::string_view::npos && !text.starts_with("\xEF\xBB\xBF"))
    fuzz::hold(ours.in_full == nlohmann::json::accept(text), "a text is JSON for this library as it is for nlohmann/json");

  if (const auto flat = json::flat_object(text)) {
    fuzz::hold(ours.tokens_only, "what has members is JSON");
    for (const auto& [name, value] : *flat) fuzz::hold(json::find(*flat, name) != nullptr, "a member is found by its name");
  }

  const auto value = json_text::parse(std::string(text));
  if (!value) return 0;
  const auto once = evidence::canonical(*value);
  fuzz::hold(bool(once), "a JSON text has a canonical form");
  const auto of_itself = json_text::parse(once->text);
  fuzz::hold(bool(of_itself), "a canonical form is JSON");
  const auto twice = evidence::canonical(*of_itself);
  fuzz::hold(twice && twice->text == once->text, "the canonical form of a canonical form is itself");
  fuzz::hold(twice->checksum() == once->checksum(), "equal texts have equal checksums");
  for (const char c : once->text) fuzz::hold(c >= ' ' && c <= '~', "a canonical form is printable ASCII");
  if (!once->oddities.empty() || !ours.in_full) return 0;
  fuzz::hold(nlohmann::json::parse(once->text) == nlohmann::json::parse(text), "a canonical form has the values of its text");
  return 0;
}
