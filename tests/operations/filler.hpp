// Fills every member of a request with a value that its type and its name on the wire tell, as botocore_serializes.py does.
#pragma once

#include <s3store/protocol/operation.hpp>

namespace test {

using namespace s3store;

class filler {
 public:
  void uri(std::string_view label, std::string& m) { m = label == "Bucket" ? "bucket-1" : key; }
  template <class T, class... How>
  void query(std::string_view name, T& m, How...) {
    value(name, m, true);
  }
  template <class T>
  void header(std::string_view name, T& m, timestamp_format = {}) {
    value(name, m, false);
  }
  void headers(std::string_view, metadata& m) { m = {{"first", "a b"}, {"second", "+/="}}; }
  void stream(http::body& m) { m = "the body"; }
  template <class T>
  void text(T& m) {
    value("", m, true);
  }
  template <class T>
  void attribute(const char* name, T& m) {
    value(name, m, true);
  }
  template <class T>
  void payload(const char*, T& m) {
    value("", m, true);
  }
  template <class T>
  void element(const char* name, T& m, timestamp_format = {}) {
    value(name, m, true);
  }
  template <class T>
  void url_element(const char* name, T& m) {
    value(name, m, true);
  }
  template <class T>
  void list(const char*, const char* item, std::vector<T>& m) {
    value(item, m, true);
  }

 private:
  static constexpr const char* key = "a b/\xC3\xA4+?//../%&=";

  template <class T>
  void value(std::string_view name, std::optional<T>& m, bool any_text) {
    value(name, m.emplace(), any_text);
  }
  template <class T>
  void value(std::string_view name, std::vector<T>& m, bool any_text) {
    for (int i = 0; i != 2; ++i) value(name, m.emplace_back(), any_text);
  }
  void value(std::string_view, bool& m, bool) { m = true; }
  void value(std::string_view, std::int32_t& m, bool) { m = 7; }
  void value(std::string_view, std::int64_t& m, bool) { m = 7; }
  void value(std::string_view, timestamp& m, bool) { m = timestamp{std::chrono::seconds{1369357323}}; }
  void value(std::string_view, customer_key& m, bool) { m = secret_string{std::string(32, 'k')}; }
  void value(std::string_view, copy_source& m, bool) { m = {"from", key, "v1"}; }
  void value(std::string_view name, std::string& m, bool any_text) {
    if (name.ends_with("Expires")) {
      m = "Fri, 24 May 2013 01:02:03 GMT";  // a date that stays text
    } else {
      m = name == "x-amz-request-route" ? "route-1" : words("v ", name, any_text);  // part of a host name
    }
  }
  template <class T>
  void value(std::string_view name, T& m, bool any_text) {
    if constexpr (wire::open_enumeration<T>) {
      m = T{words("E-", name, any_text)};
    } else {
      T::describe(*this, m);
    }
  }
  static std::string words(std::string_view front, std::string_view name, bool any_text) {
    return std::string(front).append(name).append(any_text ? " <&\xC3\xA4+/>" : "");
  }
};

}  // namespace test
