// What does a request, a response or a structure hold? Its members as JSON, each under the name of its binding, if it is there.
//
//   {"uri Bucket": "b", "headers x-amz-meta-*": {"name": "value"}, "xml Tagging": {"TagSet/Tag[]": [{"Key": "k", "Value": "v"}]}}
// Dates are microseconds since 1970, bytes are base64, and a copy source is [bucket, key, version]. As in the operation table, the
// root of a response is `*`.
#pragma once

#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/protocol/operation.hpp>

namespace test {

using namespace s3store;
using nlohmann::json;

class members {
 public:
  /// Throws std::logic_error where a member is described twice, or two under the same name.
  template <class T>
  static json of(const T& v, bool response) {
    std::set<const void*> seen;
    members visitor{seen, response};
    T::describe(visitor, v);
    return std::move(visitor.out_);
  }

  void uri(std::string_view label, const std::string& m) { put("uri ", label, m); }
  template <class T>
  void query(std::string_view name, const T& m, auto...) {
    put("query ", name, m);
  }
  template <class T>
  void query(std::string_view name, const T& m, wire::by_default otherwise) {
    if (!wire::present(m)) return add("query " + std::string(name), otherwise.value);
    put("query ", name, m);
  }
  template <class T>
  void header(std::string_view name, const T& m, auto...) {
    put("header ", detail::lower_case(name), m);
  }
  void headers(std::string_view prefix, const metadata& m) {
    json all = json::object();
    for (const auto [name, value] : m) all[std::string(name)] = std::string(value);
    note(m);
    if (!m.empty()) add("headers " + detail::lower_case(prefix) + "*", std::move(all));
  }
  template <class T>
  void status(const T& m) { put("status", "", m); }
  void stream(const http::body& m) { stream(std::string(m.text())); }
  void stream(const std::string& m) {
    if (!m.empty()) add("stream", detail::base64(detail::as_bytes(m)));
  }
  template <class T>
  void text(const T& m, auto...) { put("text", "", m); }
  template <class T>
  void event(std::string_view name, const T& m, auto...) { put("event ", name, m); }
  void host(const auto&) {}

  void root(const std::string& name) {
    into_ = &(out_["xml " + (response_ ? "*" : name)] = json::object());
  }
  void root(const std::string& name, const auto& parts) {
    root(name);
    parts(*this);
  }
  template <class T>
  void root_text(std::string_view name, const T& m) {
    root(std::string(name));
    put("", name, m);
  }
  template <class T>
  void payload(const std::string& name, const T& m, auto...) {
    put("xml ", response_ ? "*" : name, m);
  }
  template <class T>
  void attribute(std::string_view name, const T& m, auto... how) { put("@", name, m, how...); }
  template <class T>
  void element(std::string_view name, const T& m, auto... how) { put("", name, m, how...); }
  template <class T>
  void url_element(std::string_view name, const T& m, auto... how) { put("", name, m, how...); }
  template <class T>
  void list(std::string_view name, std::string_view item, const std::vector<T>& m, auto...) {
    put(std::string(name) + "/", item, m);
  }

 private:
  members(std::set<const void*>& seen, bool response) : seen_(seen), response_(response) {}

  /// An element that is written even if it is empty is there even if it is empty.
  template <class T, class... How>
  void put(std::string_view kind, std::string_view name, const T& m, How...) {
    constexpr bool always = ((std::is_same_v<How, wire::required_t> || std::is_same_v<How, wire::even_if_empty_t>) || ...);
    if constexpr (wire::is_list<T>) {
      note(m);
      json items = json::array();
      for (const auto& item : m) items.push_back(value(item));
      if (!m.empty()) add(std::string(kind).append(name).append(kind.starts_with("header") ? "" : "[]"), std::move(items));
    } else if constexpr (always) {
      add(std::string(kind).append(name), value(m));
    } else if (const auto* const v = wire::present(m)) {
      add(std::string(kind).append(name), value(*v));
    }
  }
  void add(const std::string& name, json v) {
    if (!into_->emplace(name, std::move(v)).second) throw std::logic_error("two members are described as " + name);
  }
  template <class T>
  void note(const T& m) {
    if (!seen_.insert(&m).second) throw std::logic_error("a member is described twice");
  }

  template <class T>
  json value(const T& v) {
    if constexpr (wire::scalar<T>) {
      note(v);
      return scalar(v);
    } else {
      members inside{seen_, response_};
      T::describe(inside, v);
      return std::move(inside.out_);
    }
  }
  static json scalar(const std::string& v) { return v; }
  static json scalar(bool v) { return v; }
  static json scalar(std::int32_t v) { return v; }
  static json scalar(std::int64_t v) { return v; }
  static json scalar(timestamp v) { return v.time_since_epoch().count(); }
  static json scalar(const secret_string& v) { return std::string(v.reveal()); }
  static json scalar(const customer_key& v) { return detail::base64(detail::as_bytes(v.raw().reveal())); }
  static json scalar(const copy_source& v) { return {v.bucket, v.key, v.version_id ? json(*v.version_id) : json()}; }
  template <class E>
  static json scalar(const enumeration<E>& v) { return v.str(); }

  std::set<const void*>& seen_;
  bool response_;
  json out_ = json::object();
  json* into_ = &out_;
};

/// The bindings that members are there for.
inline std::set<std::string> bindings_in(const json& all) {
  std::set<std::string> out;
  const auto walk = [&out](const auto& self, const json& at, const std::string& path) -> void {
    if (at.is_array()) {
      for (const json& item : at) self(self, item, path);
    } else if (at.is_object() && !at.empty()) {
      for (const auto& [name, child] : at.items()) self(self, child, path + "/" + name);
    } else {
      out.insert(path);
    }
  };
  for (const auto& [name, member] : all.items()) {
    if (name.starts_with("xml ")) {
      walk(walk, member, name);
    } else {
      out.insert(name);
    }
  }
  return out;
}

}  // namespace test
