// Which bindings does a declaration have? Named as in the operation table.
//
// A binding is `uri NAME`, `query NAME`, `header name`, `headers prefix*`, `status`, `stream`, `text`, `event NAME`, or `xml PATH`,
// where a repeated element ends in `[]` and an attribute begins with `@`. The root of a response is written `*`: its name is not the
// API's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/protocol/operation.hpp>

namespace test {

using namespace s3store;

template <class T>
struct bare {
  using type = T;
};
template <class T>
struct bare<std::optional<T>> : bare<T> {};

class table_visitor {
 public:
  explicit table_visitor(bool response) : response_(response) {}

  void uri(std::string_view name, const auto&) { add("uri ", name, wire::required); }
  void query(std::string_view name, const auto&, auto... how) { add("query ", name, how...); }
  void header(std::string_view name, const auto&, auto... how) { add("header ", detail::lower_case(name), how...); }
  void headers(std::string_view prefix, const auto&) { add("headers ", detail::lower_case(prefix) + "*"); }
  void status(const auto&) { add("status", ""); }
  void stream(const auto&) { add("stream", ""); }
  void text(const auto&, auto... how) { add("text", "", how...); }
  void event(std::string_view name, const auto&, auto...) { add("event ", name); }

  void root(std::string_view name) { path_ = response_ ? "*" : std::string(name); }
  void root(std::string_view name, const auto& parts) {
    root(name);
    parts(*this);
  }
  void host(const auto&) {}  // the member is declared as a header, too
  void root_text(std::string_view name, const auto&) { add("xml */", name); }
  template <class T>
  void payload(std::string_view name, const T&, auto... how) {
    note("payload", how...);
    path_ = response_ ? "*" : std::string(name);
    inside<typename bare<T>::type>();
  }
  template <class T>
  void element(std::string_view name, const T&, auto... how) {
    note("xml " + path_ + "/" + std::string(name), how...);
    if constexpr (wire::is_list<T>) {
      below<typename T::value_type>(std::string(name) + "[]");
    } else {
      below<typename bare<T>::type>(std::string(name));
    }
  }
  template <class T>
  void list(std::string_view name, std::string_view item, const std::vector<T>&, auto... how) {
    note("xml " + path_ + "/" + std::string(name), how...);
    below<T>(std::string(name) + "/" + std::string(item) + "[]");
  }
  void url_element(std::string_view name, const auto& m, auto... how) { element(name, m, how...); }
  void attribute(std::string_view name, const auto&, auto... how) { add("xml ", path_ + "/@" + std::string(name), how...); }

  const std::vector<std::string>& bindings() const { return bindings_; }
  /// Those that the description calls required; of a list, the element around it.
  const std::vector<std::string>& required() const { return required_; }

 private:
  void add(std::string_view kind, std::string_view rest, auto... how) {
    bindings_.push_back(std::string(kind) + std::string(rest));
    note(bindings_.back(), how...);
  }
  template <class... How>
  void note(const std::string& name, How...) {
    if ((std::is_same_v<How, wire::required_t> || ...)) required_.push_back(name);
  }

  template <class T>
  void below(const std::string& step) {
    const std::string parent = path_;
    path_ += "/" + step;
    inside<T>();
    path_ = parent;
  }
  template <class T>
  void inside() {
    if constexpr (wire::scalar<T>) {
      add("xml ", path_);
    } else {
      const auto before = bindings_.size();
      T empty{};
      T::describe(*this, empty);
      if (bindings_.size() == before) add("xml ", path_);  // an empty structure is its own path
    }
  }

  bool response_;
  std::string path_{};
  std::vector<std::string> bindings_{}, required_{};
};

/// Of a request's or a response's type.
template <class T>
std::vector<std::string> bindings_of(bool response) {
  table_visitor v{response};
  T empty{};
  T::describe(v, empty);
  return v.bindings();
}
template <class T>
std::vector<std::string> required_of(bool response) {
  table_visitor v{response};
  T empty{};
  T::describe(v, empty);
  return v.required();
}

}  // namespace test
