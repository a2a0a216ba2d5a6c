// How is a JSON object read and written that may hold secrets, such as a file of tokens? Its members are views of the text, and what is
// made of them is overwritten at the end.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/json/string.hpp>
#include <s3store/json/tokenizer.hpp>

namespace s3store::inline S3STORE_ABI::json {

/// The members of an object, in order. The text must outlive it.
class object {
 public:
  struct member {
    std::string name{};
    std::string_view raw{};  ///< the value as written: a number, a string with its quotes, a whole object
  };

  /// Holds no members.
  object() = default;
  /// Fails with error_kind::malformed_response if the text is not one well-formed JSON object.
  static result<object> parse(std::string_view text);

  const std::vector<member>& members() const noexcept { return members_; }
  /// A value as written; of several with that name the last, as in Python and JavaScript. Empty if there is none.
  std::string_view raw(std::string_view name) const noexcept {
    for (std::size_t i = members_.size(); i-- != 0;)
      if (members_[i].name == name) return members_[i].raw;
    return {};
  }
  /// A string's text; a number or boolean as written; empty if it is absent, null, an array or an object.
  secret_string text(std::string_view name) const;
  /// A member that is an object; without members if it is something else.
  object child(std::string_view name) const;

 private:
  std::vector<member> members_{};
};

/// `object_writer{}.text("a", "b").raw("n", "1").finish()` is {"a":"b","n":1}. Names need no escapes.
class object_writer {
 public:
  /// What is not UTF-8 is written as an empty text.
  object_writer& text(std::string_view name, std::string_view value);
  /// A value that is JSON already.
  object_writer& raw(std::string_view name, std::string_view value) {
    out_.append({out_.size() == 0 ? "{" : ",", "\"", name, "\":", value});
    return *this;
  }
  /// All members of `other` but those of these names.
  object_writer& rest_of(const object& other, std::initializer_list<std::string_view> without);
  secret_string finish();

 private:
  detail::wiped_text out_{};
};

}  // namespace s3store::inline S3STORE_ABI::json

#ifdef S3STORE_DEFINITIONS
#include <s3store/json/object_impl.hpp>
#endif
