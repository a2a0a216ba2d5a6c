// How does Python read and write a JSON text? These functions give the same bytes as `json.dumps(json.loads(text))`, also with
// `indent` and `sort_keys`.
//
// The Python module writes and checks bundles that way, so every detail matters: only ASCII characters, floats as repr() writes
// them, all digits of an integer, the last one of two equal keys. Python also reads texts that JSON (RFC 8259, RFC 7493) does not
// allow or advises against. They are read here too, and each such place is noted as an oddity: storing refuses it, reading reports
// it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/utf8.hpp>
#include <s3store/evidence/python_number.hpp>
#include <s3store/json/string.hpp>
#include <s3store/json/tokenizer.hpp>

namespace s3store::inline S3STORE_ABI::evidence {

/// A JSON value as Python sees it. It borrows the text that it was read from.
struct python_value {
  json::token_kind kind{json::token_kind::null};
  std::string_view raw{};             ///< the text of the whole value
  std::string key{};                  ///< of a member of an object
  std::string string{};               ///< the text of a string; a lone surrogate is three bytes, which are not valid UTF-8
  std::vector<python_value> items{};  ///< of an object or array, in order

  /// The member with that key; null if there is none, or if this is no object.
  const python_value* find(std::string_view name) const noexcept {
    if (kind == json::token_kind::begin_object)
      for (const auto& m : items)
        if (m.key == name) return &m;
    return nullptr;
  }
};

struct python_json {
  python_value top{};
  /// One text for each, with its place: numbers that are not finite, lone surrogates, repeated keys.
  std::vector<std::string> oddities{};
};

struct python_style {
  std::size_t indent{};  ///< spaces for each level; 0: all on one line
  bool sort_keys{};      ///< by code point
};

namespace detail {
using namespace s3store::detail;

/// The members of an object, sorted by key; equal keys stay in their order. Comparing bytes sorts UTF-8, and the three bytes of a
/// lone surrogate, in the order of code points.
inline std::vector<const python_value*> by_key(const std::vector<python_value>& members) {
  std::vector<const python_value*> out;
  out.reserve(members.size());
  for (const python_value& m : members) out.push_back(&m);
  std::sort(out.begin(), out.end(), [](const python_value* a, const python_value* b) {
    const int keys = a->key.compare(b->key);
    return keys != 0 ? keys < 0 : a < b;
  });
  return out;
}

class python_reader {
 public:
  python_reader(std::string_view text, std::vector<std::string>& oddities)
      : text_(text), tokens_(text, {.allow_non_finite = true}), oddities_(oddities) {}

  result<void> document(python_value& top) {
    auto first = tokens_.next();
    if (!first) return result<void>::failed_as(std::move(first));
    if (auto read = value(*first, top); !read) return read;
    auto end = tokens_.next();
    return end ? result<void>{} : result<void>::failed_as(std::move(end));
  }

 private:
  result<void> value(const json::token& t, python_value& out) {
    out.kind = t.kind;
    out.raw = t.raw;
    if (t.kind == json::token_kind::begin_object || t.kind == json::token_kind::begin_array) return container(t, out);
    if (t.kind == json::token_kind::string) return text(t, out.string);
    if (t.kind == json::token_kind::number && !is_python_int(t.raw) && !is_finite(to_double(t.raw)))
      odd("a number that is not finite, or too large for a double,", t.offset);
    return {};
  }

  /// Recursive; the tokenizer limits the depth.
  result<void> container(const json::token& first, python_value& out) {
    const bool object = first.kind == json::token_kind::begin_object;
    std::vector<std::size_t> places;  // of the keys
    const std::size_t above = path_.size();
    for (;;) {
      auto t = tokens_.next();
      if (!t) return result<void>::failed_as(std::move(t));
      if (t->kind == json::token_kind::end_object || t->kind == json::token_kind::end_array) {
        out.raw = text_.substr(first.offset, t->offset + 1 - first.offset);
        break;
      }
      python_value item;
      if (object) {
        places.push_back(t->offset);
        if (auto read = text(*t, item.key); !read) return read;
        t = tokens_.next();
        if (!t) return result<void>::failed_as(std::move(t));
      }
      path_.append("/").append(object ? item.key : detail::decimal(out.items.size()));
      if (auto read = value(*t, item); !read) return read;
      path_.resize(above);
      out.items.push_back(std::move(item));
    }
    if (object) drop_repeated(out.items, places);
    return {};
  }

  /// As in a Python dict: of equal keys, the first one decides the position and the last one the value.
  void drop_repeated(std::vector<python_value>& members, const std::vector<std::size_t>& places) {
    std::vector<std::size_t> order;
    order.reserve(members.size());
    for (const python_value* m : by_key(members)) order.push_back(static_cast<std::size_t>(m - members.data()));
    std::string repeated(members.size(), '\0');
    bool any = false;
    for (std::size_t i = 0, first = 0; i != order.size(); ++i) {
      if (i == 0 || members[order[i]].key != members[order[first]].key) {
        first = i;
        continue;
      }
      const std::size_t above = path_.size();
      path_.append("/").append(members[order[i]].key);
      odd("a key that is there already", places[order[i]]);
      path_.resize(above);
      std::string key = std::move(members[order[first]].key);
      members[order[first]] = std::move(members[order[i]]);
      members[order[first]].key = std::move(key);
      repeated[order[i]] = 1;
      any = true;
    }
    if (!any) return;
    std::size_t at = 0;
    std::erase_if(members, [&](const auto&) { return repeated[at++] != 0; });
  }

  result<void> text(const json::token& t, std::string& out) {
    if (auto read = json::unescape(t.raw, out, json::lone_surrogates::keep); !read) return read;
    for (std::string_view rest = out; !rest.empty();) {
      const std::size_t size = detail::utf8_length(rest);
      if (size == 0) return odd("half of a surrogate pair, which is no character,", t.offset), result<void>{};
      rest.remove_prefix(size);
    }
    return {};
  }

  void odd(std::string_view what, std::size_t offset) {
    const auto before = text_.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    std::string message{what};
    message.append(" at ");
    if (!json::append_ascii_string(message, path_, json::lone_surrogates::keep)) message.append("\"");
    message.append(", line ")
        .append(detail::decimal(line))
        .append(", column ")
        .append(detail::decimal(offset - (before.rfind('\n') + 1) + 1));
    oddities_.push_back(std::move(message));
  }

  std::string_view text_;
  json::tokenizer tokens_;
  std::vector<std::string>& oddities_;
  std::string path_{};  // keys and indices, each with a slash before it
};

inline void write_python(std::string& out, const python_value& v, const python_style& style, std::size_t level) {
  const bool object = v.kind == json::token_kind::begin_object;
  if (v.kind == json::token_kind::string)
    return static_cast<void>(json::append_ascii_string(out, v.string, json::lone_surrogates::keep));
  if (v.kind == json::token_kind::number) return append_python_number(out, v.raw);
  if (!object && v.kind != json::token_kind::begin_array) return static_cast<void>(out.append(v.raw));

  std::vector<const python_value*> items;
  if (object && style.sort_keys) {
    items = by_key(v.items);
  } else {
    items.reserve(v.items.size());
    for (const auto& item : v.items) items.push_back(&item);
  }
  const auto new_line = [&](std::size_t at) {
    if (style.indent != 0) out.append("\n").append(at * style.indent, ' ');
  };
  out.push_back(object ? '{' : '[');
  bool first = true;
  for (const auto* item : items) {
    if (!std::exchange(first, false)) out.append(style.indent != 0 ? "," : ", ");
    new_line(level + 1);
    if (object) {
      json::append_ascii_string(out, item->key, json::lone_surrogates::keep);
      out.append(": ");
    }
    write_python(out, *item, style, level + 1);
  }
  if (!first) new_line(level);
  out.push_back(object ? '}' : ']');
}

}  // namespace detail

/// json.loads. The result borrows the text. Fails with malformed_response if it is no JSON, or nested more than 512 levels deep.
inline result<python_json> python_loads(std::string_view text) {
  python_json out;
  detail::python_reader from{text, out.oddities};
  if (auto read = from.document(out.top); !read) return result<python_json>::failed_as(std::move(read));
  return out;
}

/// json.dumps. The text that the value borrows must still exist.
inline std::string python_dumps(const python_value& v, const python_style& style = {}) {
  std::string out;
  detail::write_python(out, v, style, 0);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
