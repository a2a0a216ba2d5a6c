// What is evidence_data made of? JSON as text, kept as it was written: a number has its digits, an object its order.
//
// nlohmann/json, which programs use to build and read it, rounds integers of 30 digits and forgets keys that are there twice, so it is a way
// in and out and not the keeper.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/evidence/python_json.hpp>

namespace s3store::inline v0 {

/// A JSON value as text; an empty object unless another one is given.
///   json_text data = {{"verdict", "ALLOW"}, {"confidence", 0.95}};     as nlohmann::ordered_json reads it
///   json_text data = some_nlohmann_json;
///   json_text data = json_text::parse(text).value();
/// Infinite numbers and NaN pass, and are refused when a bundle is stored; see evidence/python_json.hpp.
class json_text {
 public:
  json_text() = default;
  template <class Json = nlohmann::ordered_json>
  json_text(std::initializer_list<typename Json::initializer_list_t::value_type> items) : json_text(Json(items)) {}
  /// Throws s3_error where a string is not UTF-8, or the value is binary, which JSON has no text for.
  template <class Json>
    requires requires { typename Json::initializer_list_t; }
  json_text(const Json& value) {
    text_.clear();
    append(value);
  }
  /// Fails with invalid_argument, naming the place, where the text is no JSON value.
  static result<json_text> parse(std::string text) {
    if (auto read = evidence::python_loads(text); !read) return fail(error_kind::invalid_argument, std::move(read.error().message));
    json_text out;
    out.text_ = std::move(text);
    return out;
  }

  const std::string& str() const noexcept { return text_; }
  /// As nlohmann/json holds it, which may be less than the text says. Throws s3_error where it takes none of it (NaN, a lone surrogate).
  template <class Json = nlohmann::ordered_json>
  Json json() const {
    auto out = Json::parse(text_, nullptr, false);
    if (out.is_discarded()) throw s3_error{fail(error_kind::invalid_argument, "nlohmann/json does not take this JSON text")};
    return out;
  }

  /// As texts: the same values in another order or spacing differ.
  friend bool operator==(const json_text&, const json_text&) = default;

 private:
  template <class Json>
  void append(const Json& v) {
    if (v.is_object() || v.is_array()) {
      text_.push_back(v.is_object() ? '{' : '[');
      bool first = true;
      for (auto item = v.begin(); item != v.end(); ++item) {
        if (!std::exchange(first, false)) text_.append(", ");
        if (v.is_object()) {
          append_string(item.key());
          text_.append(": ");
        }
        append(*item);
      }
      text_.push_back(v.is_object() ? '}' : ']');
    } else if (v.is_string()) {
      append_string(v.template get_ref<const typename Json::string_t&>());
    } else if (v.is_number_float()) {  // dump() would write null for what is not finite
      evidence::append_python_float(text_, static_cast<double>(v.template get<typename Json::number_float_t>()));
    } else if (v.is_binary() || v.is_discarded()) {
      throw s3_error{fail(error_kind::invalid_argument, "a binary or discarded value has no text in JSON")};
    } else {
      text_.append(v.dump());
    }
  }
  void append_string(std::string_view s) {
    if (!json::append_ascii_string(text_, s)) throw s3_error{fail(error_kind::invalid_argument, "a string in the JSON value is not UTF-8")};
  }

  std::string text_{"{}"};
};

}  // namespace s3store::inline v0
