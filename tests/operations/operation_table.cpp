// Prints where every member of every operation travels, as the declarations say: one JSON object, operation name to method, uri,
// the bindings of request and response, and which of them are required.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/all.hpp>

#include "bindings.hpp"

using namespace s3store;

namespace {

std::string listed(const std::vector<std::string>& bindings) {
  std::string out = "[";
  for (const std::string& b : bindings) out.append(out.size() > 1 ? ", " : "").append("\"" + b + "\"");
  return out + "]";
}

template <class... Rs>
void print(operation_list<Rs...>) {
  const char* separator = "{\n";
  const auto line = [&]<class R>(const R*) {
    std::printf("%s\"%s\": {\"method\": \"%s\", \"uri\": \"%s\", \"request\": %s, \"response\": %s, "
                "\"request_required\": %s, \"response_required\": %s}", separator,
                std::string(R::spec.name).c_str(), std::string(http::to_string(R::spec.method)).c_str(),
                std::string(R::spec.uri).c_str(), listed(test::bindings_of<R>(false)).c_str(),
                listed(test::bindings_of<response_of<R>>(true)).c_str(), listed(test::required_of<R>(false)).c_str(),
                listed(test::required_of<response_of<R>>(true)).c_str());
    separator = ",\n";
  };
  (line(static_cast<const Rs*>(nullptr)), ...);
  std::puts("\n}");
}

}  // namespace

int main() { print(all_operations{}); }
