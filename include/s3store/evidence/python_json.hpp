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
#include <deque>
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

/// A JSON value as Python sees it. It borrows the text that it was read from, and the `python_json` that it is a part of.
struct python_value {
  json::token_kind kind{json::token_kind::null};
  std::string_view raw{};                    ///< the text of the whole value
  std::string key{};                         ///< of a member of an object
  std::string string{};                      ///< the text of a string; a lone surrogate is three bytes, which are not valid UTF-8
  std::vector<const python_value*> items{};  ///< of an object or array, in order

  /// The member with that key; null if there is none, or if this is no object.
  const python_value* find(std::string_view name) const noexcept {
    if (kind == json::token_kind::begin_object)
      for (const auto* const m : items)
        if (m->key == name) return m;
    return nullptr;
  }
};

/// It can be moved, and not copied: its values point to each other. (They do not own each other, since then a text that nests
/// deeply would need as much of the stack to be destroyed.)
struct python_json {
  python_value top{};
  std::deque<python_value> below{};  ///< all values inside of `top`
  std::size_t depth{};               ///< how many objects and arrays are nested
  /// One text for each, with its place: numbers that are not finite, integers too long for Python, lone surrogates, repeated keys.
  /// After the first hundred, one text tells how many there are besides.
  std::vector<std::string> oddities{};

  python_json() = default;
  python_json(python_json&&) = default;
  python_json& operator=(python_json&&) = default;
};

struct python_style {
  std::size_t indent{};         ///< spaces for each level; 0: all on one line
  bool sort_keys{};             ///< by code point
  bool keys_may_be_numbers{};   ///< sort the keys of an object by their values if all are numbers; see below
};

/// Python's default limit for recursion is 1,000, so its json module neither writes nor reads more levels than this.
inline constexpr std::size_t python_max_depth = 1'000;
/// Python (since 3.11) refuses to read an integer of more digits.
inline constexpr std::size_t python_max_digits = 4'300;

namespace detail {
using namespace s3store::detail;

/// The members of an object, sorted by key; equal keys stay in their order. Comparing bytes sorts UTF-8, and the three bytes of a
/// lone surrogate, in the order of code points.
inline std::vector<const python_value*> by_key(std::vector<const python_value*> members) {
  std::stable_sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  return members;
}

// In Python, keys may also be numbers and booleans, which json.dumps sorts as such (2 before 10) and writes as strings. An object
// has either strings or numbers as keys, since Python cannot sort a mixture.

/// Does json.dumps write a number or a boolean as this key?
inline bool is_number_key(std::string_view key) {
  if (key == "true" || key == "false") return true;
  json::tokenizer tokens{key, {.allow_non_finite = true}};
  const auto first = tokens.next();
  if (!first || first->kind != json::token_kind::number || first->raw.size() != key.size()) return false;
  std::string again;
  append_python_number(again, key);
  return again == key;
}
inline bool less_as_numbers(std::string_view a, std::string_view b) {
  if (!is_python_int(a) || !is_python_int(b)) {
    const auto value = [](std::string_view s) { return s == "true" ? 1.0 : s == "false" ? 0.0 : to_double(s); };
    return value(a) < value(b);
  }
  const bool negative = a.front() == '-';
  if (negative != (b.front() == '-')) return negative;
  if (negative) a.swap(b);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}
inline std::vector<const python_value*> by_number(std::vector<const python_value*> members) {
  const bool numbers = std::all_of(members.begin(), members.end(), [](const auto* m) { return is_number_key(m->key); });
  if (!numbers) return by_key(std::move(members));
  std::stable_sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return less_as_numbers(a->key, b->key); });
  return members;
}

/// It does not recurse, so no text can overflow the stack.
class python_reader {
 public:
  python_reader(std::string_view text, python_json& out)
      : text_(text), tokens_(text, {.max_depth = python_max_depth, .allow_non_finite = true}), out_(out) {}

  result<void> document() {
    do {
      auto t = tokens_.next();
      if (!t) return result<void>::failed_as(std::move(t));
      if (t->kind == json::token_kind::end_object || t->kind == json::token_kind::end_array) {
        close(*t);
      } else if (open_.empty()) {
        if (auto read = value(*t, out_.top); !read) return read;
      } else if (auto read = item(*t); !read) {
        return read;
      }
    } while (!open_.empty());
    auto end = tokens_.next();
    if (!end) return result<void>::failed_as(std::move(end));
    if (unlisted_ != 0) out_.oddities.push_back(detail::concat({"and ", detail::decimal(unlisted_), " more such places"}));
    return {};
  }

 private:
  /// An object or array whose end has not been read.
  struct open_container {
    python_value* value{};
    std::size_t start{};                       // offset in the text
    std::size_t path{};                        // length of its own path
    std::vector<const python_value*> items{};  // all, with repeated keys
    std::vector<std::size_t> places{};         // of the keys
  };

  /// `t` is the item's key in an object, and its value in an array.
  result<void> item(const json::token& t) {
    open_container& in = open_.back();
    python_value& out = out_.below.emplace_back();
    in.items.push_back(&out);
    path_.resize(in.path);
    if (in.value->kind == json::token_kind::begin_array) {
      path_.append("/").append(detail::decimal(in.items.size() - 1));
      return value(t, out);
    }
    in.places.push_back(t.offset);
    if (auto read = text(t, out.key); !read) return read;
    path_.append("/").append(out.key);
    auto v = tokens_.next();
    return v ? value(*v, out) : result<void>::failed_as(std::move(v));
  }

  result<void> value(const json::token& t, python_value& out) {
    out.kind = t.kind;
    out.raw = t.raw;
    if (t.kind == json::token_kind::begin_object || t.kind == json::token_kind::begin_array) {
      open_.push_back({.value = &out, .start = t.offset, .path = path_.size()});
      out_.depth = (std::max)(out_.depth, open_.size());
    } else if (t.kind == json::token_kind::string) {
      return text(t, out.string);
    } else if (t.kind == json::token_kind::number) {
      if (!is_python_int(t.raw)) {
        if (!is_finite(to_double(t.raw))) odd("a number that is not finite, or too large for a double,", t.offset);
      } else if (t.raw.size() - (t.raw.front() == '-' ? 1 : 0) > python_max_digits) {
        odd("an integer of more digits than Python reads,", t.offset);
      }
    }
    return {};
  }

  void close(const json::token& t) {
    open_container done = std::move(open_.back());
    open_.pop_back();
    path_.resize(done.path);
    done.value->raw = text_.substr(done.start, t.offset + 1 - done.start);
    if (t.kind == json::token_kind::end_object) drop_repeated(done);
    done.value->items = std::move(done.items);
  }

  /// As in a Python dict: of equal keys, the first one decides the position and the last one the value.
  void drop_repeated(open_container& in) {
    auto& members = in.items;
    std::vector<std::size_t> order(members.size());
    for (std::size_t i = 0; i != order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return members[a]->key < members[b]->key; });
    std::vector<const python_value*> kept = members;
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (members[order[i]]->key != members[order[first]]->key) {
        first = i;
        continue;
      }
      const std::size_t above = path_.size();
      path_.append("/").append(members[order[i]]->key);
      odd("a key that is there already", in.places[order[i]]);
      path_.resize(above);
      kept[order[first]] = members[order[i]];
      kept[order[i]] = nullptr;
    }
    std::erase(kept, nullptr);
    members = std::move(kept);
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
    if (out_.oddities.size() == 100) return static_cast<void>(++unlisted_);
    const auto before = text_.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    std::string message{what};
    message.append(" at ");
    append_place(message);
    message.append(", line ")
        .append(detail::decimal(line))
        .append(", column ")
        .append(detail::decimal(offset - (before.rfind('\n') + 1) + 1));
    out_.oddities.push_back(std::move(message));
  }
  /// The path in quotes, or if it is long, its end: keys may have any length.
  void append_place(std::string& message) const {
    constexpr std::size_t shown = 200;
    std::string_view path = path_;
    if (path.size() > shown) {
      path.remove_prefix(path.size() - shown);
      while ((static_cast<unsigned char>(path.front()) & 0xC0u) == 0x80u) path.remove_prefix(1);  // the rest of a code point
      message.append("a place that ends in ");
    }
    json::append_ascii_string(message, path, json::lone_surrogates::keep);
  }

  std::string_view text_;
  json::tokenizer tokens_;
  python_json& out_;
  std::vector<open_container> open_{};
  std::string path_{};  // keys and indices, each with a slash before it
  std::size_t unlisted_{};
};

/// Does not recurse either.
class python_writer {
 public:
  python_writer(std::string& out, const python_style& style) : out_(out), style_(style) {}

  void document(const python_value& top) {
    begin(top);
    while (!open_.empty()) {
      open_container& in = open_.back();
      if (in.next == in.items.size()) {
        if (!in.items.empty()) new_line(open_.size() - 1);
        out_.push_back(in.object ? '}' : ']');
        open_.pop_back();
        continue;
      }
      if (in.next != 0) out_.append(style_.indent != 0 ? "," : ", ");
      new_line(open_.size());
      const python_value& item = *in.items[in.next++];
      if (in.object) {
        json::append_ascii_string(out_, item.key, json::lone_surrogates::keep);
        out_.append(": ");
      }
      begin(item);
    }
  }

 private:
  struct open_container {
    std::vector<const python_value*> items{};
    std::size_t next{};
    bool object{};
  };

  /// Writes a value, or the start of an object or array.
  void begin(const python_value& v) {
    const bool object = v.kind == json::token_kind::begin_object;
    if (v.kind == json::token_kind::string) {
      json::append_ascii_string(out_, v.string, json::lone_surrogates::keep);
    } else if (v.kind == json::token_kind::number) {
      append_python_number(out_, v.raw);
    } else if (object || v.kind == json::token_kind::begin_array) {
      out_.push_back(object ? '{' : '[');
      const bool sorted = object && style_.sort_keys;
      open_.push_back({.items = !sorted                      ? v.items
                                : style_.keys_may_be_numbers ? by_number(v.items)
                                                             : by_key(v.items),
                       .object = object});
    } else {
      out_.append(v.raw);
    }
  }
  void new_line(std::size_t level) {
    if (style_.indent != 0) out_.append("\n").append(level * style_.indent, ' ');
  }

  std::string& out_;
  python_style style_;
  std::vector<open_container> open_{};
};

}  // namespace detail

/// json.loads. The result borrows the text. Fails with malformed_response if it is no JSON, or nested more than `python_max_depth`
/// levels deep.
inline result<python_json> python_loads(std::string_view text) {
  python_json out;
  if (auto read = detail::python_reader{text, out}.document(); !read) return result<python_json>::failed_as(std::move(read));
  return out;
}

/// json.dumps. The text that the value borrows must still exist.
inline std::string python_dumps(const python_value& v, const python_style& style = {}) {
  std::string out;
  detail::python_writer{out, style}.document(v);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
