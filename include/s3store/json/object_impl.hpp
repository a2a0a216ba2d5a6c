// Where does a member's value begin and end? The definitions for object.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/json/object.hpp>

namespace s3store::inline S3STORE_ABI::json {

S3STORE_INLINE result<object> object::parse(std::string_view text) {
  tokenizer tokens{text};
  object out;
  std::size_t begin = 0;
  auto t = tokens.next();
  if (t && t->kind != token_kind::begin_object) return detail::fail(error_kind::malformed_response, "JSON: expected an object at the top");
  for (; t; t = tokens.next()) {
    if (t->kind == token_kind::end) return out;
    if (t->kind == token_kind::key && tokens.depth() == 1) {
      member& added = out.members_.emplace_back();
      if (auto decoded = unescape(t->raw, added.name); !decoded) return std::move(decoded.error());
      begin = std::string_view::npos;
      continue;
    }
    if (out.members_.empty()) continue;
    if (begin == std::string_view::npos) begin = t->offset;
    // The last token at this depth ends the value.
    if (tokens.depth() == 1) out.members_.back().raw = text.substr(begin, t->offset + t->raw.size() - begin);
  }
  return std::move(t.error());
}

S3STORE_INLINE secret_string object::text(std::string_view name) const {
  const std::string_view value = raw(name);
  if (value.empty() || value == "null" || value.front() == '{' || value.front() == '[') return {};
  if (value.front() != '"') return secret_string{value};
  std::string out;
  out.reserve(value.size());  // so that no outgrown memory keeps a part of a secret
  static_cast<void>(unescape(value, out));  // it was read once already
  return secret_string{std::move(out)};
}

S3STORE_INLINE object object::child(std::string_view name) const {
  auto parsed = parse(raw(name));
  return parsed ? std::move(*parsed) : object{};
}

S3STORE_INLINE object_writer& object_writer::text(std::string_view name, std::string_view value) {
  std::string quoted;
  quoted.reserve(6 * value.size() + 2);
  if (!append_ascii_string(quoted, value)) quoted = "\"\"";
  raw(name, quoted);
  detail::wipe(quoted);
  return *this;
}

S3STORE_INLINE object_writer& object_writer::rest_of(const object& other, std::initializer_list<std::string_view> without) {
  for (const object::member& m : other.members()) {
    if (std::find(without.begin(), without.end(), std::string_view{m.name}) != without.end()) continue;
    std::string name;
    if (append_ascii_string(name, m.name)) out_.append({out_.size() == 0 ? "{" : ",", name, ":", m.raw});
  }
  return *this;
}

S3STORE_INLINE secret_string object_writer::finish() {
  out_.append(out_.size() == 0 ? "{}" : "}");
  return secret_string{std::string_view{out_}};
}

}  // namespace s3store::inline S3STORE_ABI::json
