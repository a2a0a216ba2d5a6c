// How is evidence_data kept? As JSON text, exactly as it was written: all digits of a number, members in their order.
//
// It is not kept as an nlohmann/json value, since that rounds integers of 30 digits and drops repeated keys. Programs use
// nlohmann/json to build the text and to read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/evidence/python_json.hpp>

namespace s3store::inline S3STORE_ABI {

/// A JSON value as text; by default an empty object.
///   json_text data = {{"verdict", "ALLOW"}, {"confidence", 0.95}};     the syntax of nlohmann::ordered_json
///   json_text data = some_nlohmann_json;
///   json_text data = json_text::parse(text).value();
/// Infinite numbers and NaN are accepted here, but refused when a bundle is stored; see evidence/python_json.hpp.
class json_text {
 public:
  json_text() = default;
  template <class Json = nlohmann::ordered_json>
  json_text(std::initializer_list<typename Json::initializer_list_t::value_type> items) : json_text(Json(items)) {}
  /// Throws s3_error (invalid_argument) if a string is not UTF-8, or a value is binary or discarded, which JSON cannot express.
  template <class Json>
    requires requires { typename Json::initializer_list_t; }
  json_text(const Json& value) {
    text_.clear();
    append(value);
  }
  /// Fails with invalid_argument if the text is no JSON value; the message says where.
  static result<json_text> parse(std::string text) {
    if (auto read = evidence::python_loads(text); !read)
      return detail::fail(error_kind::invalid_argument, std::move(read.error().message));
    json_text out;
    out.text_ = std::move(text);
    return out;
  }

  const std::string& str() const noexcept { return text_; }
  /// As an nlohmann/json value, which may round numbers and drop repeated keys. Throws s3_error (invalid_argument) if nlohmann/json
  /// cannot parse the text (NaN, a lone surrogate). nlohmann/json calls localeconv, so no other thread may call setlocale meanwhile.
  template <class Json = nlohmann::ordered_json>
  Json json() const {
    auto out = Json::parse(text_, nullptr, false);
    if (out.is_discarded())
      throw s3_error{detail::fail(error_kind::invalid_argument, "nlohmann/json does not take this JSON text")};
    return out;
  }

  /// Compares the texts: equal values in another order or spacing are different.
  friend bool operator==(const json_text&, const json_text&) = default;

 private:
  /// Does not recurse, so that no depth can overflow the stack.
  template <class Json>
  void append(const Json& top) {
    struct open_container {
      const Json* value;
      typename Json::const_iterator next;
    };
    std::vector<open_container> open;
    for (const Json* v = &top;;) {
      if (v->is_structured()) {
        text_.push_back(v->is_object() ? '{' : '[');
        open.push_back({v, v->cbegin()});
      } else {
        append_scalar(*v);
      }
      while (!open.empty() && open.back().next == open.back().value->cend()) {
        text_.push_back(open.back().value->is_object() ? '}' : ']');
        open.pop_back();
      }
      if (open.empty()) return;
      auto& [container, next] = open.back();
      if (next != container->cbegin()) text_.append(", ");
      if (container->is_object()) {
        append_string(next.key());
        text_.append(": ");
      }
      v = &*next++;
    }
  }
  template <class Json>
  void append_scalar(const Json& v) {
    if (v.is_string()) {
      append_string(v.template get_ref<const typename Json::string_t&>());
    } else if (v.is_number_float()) {  // dump() would write null for infinite numbers and NaN
      evidence::append_python_float(text_, static_cast<double>(v.template get<typename Json::number_float_t>()));
    } else if (v.is_binary() || v.is_discarded()) {
      throw s3_error{detail::fail(error_kind::invalid_argument, "a binary or discarded value has no text in JSON")};
    } else if (v.is_number_unsigned()) {  // no dump() here either: it calls localeconv, which is not for several threads
      detail::append_integer(text_, static_cast<std::uint64_t>(v.template get<typename Json::number_unsigned_t>()));
    } else if (v.is_number_integer()) {
      detail::append_integer(text_, static_cast<std::int64_t>(v.template get<typename Json::number_integer_t>()));
    } else {
      text_.append(v.is_null() ? "null" : v.template get<bool>() ? "true" : "false");
    }
  }
  void append_string(std::string_view s) {
    if (!json::append_ascii_string(text_, s))
      throw s3_error{detail::fail(error_kind::invalid_argument, "a string in the JSON value is not UTF-8")};
  }

  std::string text_{"{}"};
};

}  // namespace s3store::inline S3STORE_ABI
