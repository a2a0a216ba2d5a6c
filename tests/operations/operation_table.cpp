// Prints where every member of every operation travels, as the declarations say: one JSON object, operation name to method, uri, and the
// bindings of request and response.
//
// A binding is `uri NAME`, `query NAME`, `header name`, `headers prefix*`, `status`, `stream`, `text`, `event NAME`, or `xml PATH`, where
// a repeated element ends in `[]` and an attribute begins with `@`. The root of a response is written `*`: its name is not the API's.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/all.hpp>

using namespace s3store;

namespace {

template <class T>
struct bare {
  using type = T;
};
template <class T>
struct bare<std::optional<T>> : bare<T> {};

class table_visitor {
 public:
  explicit table_visitor(bool response) : response_(response) {}

  void uri(std::string_view name, const auto&) { add("uri ", name); }
  void query(std::string_view name, const auto&, auto...) { add("query ", name); }
  void header(std::string_view name, const auto&, auto...) { add("header ", lower_case(name)); }
  void headers(std::string_view prefix, const auto&) { add("headers ", lower_case(prefix) + "*"); }
  void status(const auto&) { add("status", ""); }
  void stream(const auto&) { add("stream", ""); }
  void text(const auto&) { add("text", ""); }
  void event(std::string_view name, const auto&) { add("event ", name); }

  void root(std::string_view name) { path_ = response_ ? "*" : std::string(name); }
  void root_text(std::string_view name, const auto&) { add("xml */", name); }
  template <class T>
  void payload(std::string_view name, const T&) {
    path_ = response_ ? "*" : std::string(name);
    inside<typename bare<T>::type>();
  }
  template <class T>
  void element(std::string_view name, const T&, auto...) {
    if constexpr (wire::is_list<T>) {
      below<typename T::value_type>(std::string(name) + "[]");
    } else {
      below<typename bare<T>::type>(std::string(name));
    }
  }
  template <class T>
  void list(std::string_view name, std::string_view item, const std::vector<T>&) {
    below<T>(std::string(name) + "/" + std::string(item) + "[]");
  }
  void url_element(std::string_view name, const auto& m) { element(name, m); }
  void attribute(std::string_view name, const auto&) { add("xml ", path_ + "/@" + std::string(name)); }

  const std::vector<std::string>& bindings() const { return bindings_; }

 private:
  void add(std::string_view kind, std::string_view rest) { bindings_.push_back(std::string(kind) + std::string(rest)); }

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
  std::vector<std::string> bindings_{};
};

template <class T>
std::string bindings_of(bool response) {
  table_visitor v{response};
  T empty{};
  T::describe(v, empty);
  std::string out = "[";
  for (const std::string& b : v.bindings()) out.append(out.size() > 1 ? ", " : "").append("\"" + b + "\"");
  return out + "]";
}

template <class... Rs>
void print(operation_list<Rs...>) {
  const char* separator = "{\n";
  const auto line = [&]<class R>(const R*) {
    std::printf("%s\"%s\": {\"method\": \"%s\", \"uri\": \"%s\", \"request\": %s, \"response\": %s}", separator, std::string(R::spec.name).c_str(),
                std::string(http::to_string(R::spec.method)).c_str(), std::string(R::spec.uri).c_str(), bindings_of<R>(false).c_str(),
                bindings_of<response_of<R>>(true).c_str());
    separator = ",\n";
  };
  (line(static_cast<const Rs*>(nullptr)), ...);
  std::puts("\n}");
}

}  // namespace

int main() { print(all_operations{}); }
