// What does a structure of the API hold, as text? Its description says: a path for each value that is there. With it a test compares what
// was set with what came back, where the one is a part of a request and the other an answer, and names the members that were lost.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/types.hpp>
#include <s3store/protocol/operation.hpp>

namespace test {

using namespace s3store;

/// "Rule[0]/Filter/Prefix" to "tmp/"; of a list how long it is, too: "Rule[]" to "1". Tags are sorted: their order was never promised.
class leaves {
 public:
  template <class T>
  explicit leaves(const T& of) {
    T::describe(*this, of);
  }
  const std::map<std::string, std::string>& all() const { return all_; }

  void uri(std::string_view, const auto&) {}
  void query(std::string_view, const auto&, auto...) {}
  void header(std::string_view name, const auto& m, auto...) { at(detail::lower_case(name), m); }
  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) all_[detail::lower_case(prefix) + std::string(name)] = std::string(value);
  }
  void status(const auto&) {}
  void stream(const std::string& m) { at("the body", m); }
  void stream(const http::body&) {}
  void text(const auto& m, auto...) { at("the text", m); }
  void event(std::string_view, const auto&, auto...) {}
  void payload(std::string_view, const auto& m, auto...) { inside(m); }
  void root(std::string_view) {}
  void root_text(std::string_view name, const auto& m) { at(name, m); }
  void element(std::string_view name, const auto& m, auto...) { at(name, m); }
  void url_element(std::string_view name, const auto& m, auto...) { at(name, m); }
  void attribute(std::string_view name, const auto& m, auto...) { at("@" + std::string(name), m); }
  template <class T>
  void list(std::string_view name, std::string_view item, const std::vector<T>& m, auto...) {
    at(std::string(name) + "/" + std::string(item), m);
  }

 private:
  template <class T>
  void at(std::string_view step, const std::vector<T>& m) {
    all_[path_ + std::string(step) + "[]"] = std::to_string(m.size());
    std::vector<const T*> items;
    for (const T& each : m) items.push_back(&each);
    if constexpr (std::is_same_v<T, types::tag>)
      std::sort(items.begin(), items.end(), [](auto* a, auto* b) { return a->key < b->key; });
    for (std::size_t i = 0; i != items.size(); ++i) at(std::string(step) + "[" + std::to_string(i) + "]", *items[i]);
  }
  template <class T>
  void at(std::string_view step, const std::optional<T>& m) {
    if (!m) return;
    if constexpr (wire::scalar<T>) {
      put(step, *m);
    } else {
      at(step, *m);
    }
  }
  template <class T>
  void at(std::string_view step, const T& m) {
    if constexpr (wire::scalar<T>) {
      if (wire::present(m)) put(step, m);
    } else {
      const std::string parent = path_;
      path_.append(step).append("/");
      T::describe(*this, m);
      path_ = parent;
    }
  }
  template <class T>
  void put(std::string_view step, const T& m) {
    wire::to_wire(all_[path_ + std::string(step)], m, timestamp_format::iso8601);
  }
  template <class T>
  void inside(const std::optional<T>& m) {
    if (m) inside(*m);
  }
  template <class T>
  void inside(const T& m) {
    T::describe(*this, m);
  }

  std::map<std::string, std::string> all_{};
  std::string path_{};
};

/// What was set and did not come back, a line for each value; empty where all did. A server may add to what it was given.
inline std::string lost(const leaves& set, const leaves& got) {
  std::string out;
  for (const auto& [path, value] : set.all()) {
    const auto found = got.all().find(path);
    if (found == got.all().end())
      out += path + " is gone\n";
    else if (found->second != value)
      out += path + ": '" + value + "' became '" + found->second + "'\n";
  }
  return out;
}
template <class A, class B>
std::string lost(const A& set, const B& got) {
  return lost(leaves{set}, leaves{got});
}

}  // namespace test
