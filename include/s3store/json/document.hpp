// What does a flat JSON object hold? Names and simple values, which is enough to read documents with credentials.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/json/tokenizer.hpp>

namespace s3store::inline S3STORE_ABI::json {

using members = std::vector<std::pair<std::string, std::string>>;

/// The members of an object, in order: strings decoded, numbers and booleans as written. Members that are null, objects or arrays
/// are skipped. Fails with error_kind::malformed_response if the text is not one well-formed JSON object. Values may be secrets:
/// move those into a secret_string.
inline result<members> flat_object(std::string_view text) {
  tokenizer tokens{text};
  members out;
  std::string key;
  auto t = tokens.next();
  if (t && t->kind != token_kind::begin_object) return detail::fail(error_kind::malformed_response, "JSON: expected an object at the top");
  for (; t; t = tokens.next()) {
    if (t->kind == token_kind::end) return out;
    if (tokens.depth() != 1) continue;
    if (t->kind == token_kind::key) {
      key.clear();
      if (auto decoded = unescape(t->raw, key); !decoded) return std::move(decoded.error());
    } else if (t->kind == token_kind::string) {
      out.emplace_back(key, std::string{});
      out.back().second.reserve(t->raw.size());  // so that no outgrown memory keeps a part of a secret
      if (auto decoded = unescape(t->raw, out.back().second); !decoded) return std::move(decoded.error());
    } else if (t->kind == token_kind::number || t->kind == token_kind::true_ || t->kind == token_kind::false_) {
      out.emplace_back(key, t->raw);
    }
  }
  return std::move(t.error());
}

/// The value of a member; of several with that name the last, as in Python and JavaScript. Null if there is none. Valid until
/// `object` changes.
inline const std::string* find(const members& object, std::string_view name) noexcept {
  for (std::size_t i = object.size(); i-- != 0;)
    if (object[i].first == name) return &object[i].second;
  return nullptr;
}

}  // namespace s3store::inline S3STORE_ABI::json
