// Which operation does a request ask for? The most specific of the declarations that fit it.
//
// S3 tells operations apart by method, by whether there is a bucket and a key, by what stands in the model's URI behind the question
// mark (`?uploads`, `?list-type=2`), and by parameters and headers that only one of them must have (`uploadId`, `x-amz-copy-source`).
// All of that is in the declarations, so a table of routes is made of nothing but a list of operations.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/protocol/serve.hpp>

namespace s3store::inline v0 {

/// What a request of one operation looks like.
struct route_pattern {
  const operation_spec* spec{};
  bool has_bucket{};
  bool has_key{};
  std::vector<std::pair<std::string_view, std::string_view>> fixed{};  ///< parameters of the URI: name and value
  std::vector<std::string_view> parameters{};                          ///< that it may have
  std::vector<std::string_view> required_parameters{};
  std::vector<std::string_view> required_fields{};

  std::size_t specificity() const noexcept { return fixed.size() + required_parameters.size() + required_fields.size(); }

  bool fits(const received_request& r) const {
    const auto has = [&r](std::string_view name) { return r.parameter(name) != nullptr; };
    return spec->method == r.verb && has_bucket == !r.bucket.empty() && has_key == !r.key.empty() &&
           std::all_of(fixed.begin(), fixed.end(),
                       [&r](const auto& f) {
                         const std::string* const value = r.parameter(f.first);
                         return value && *value == f.second;
                       }) &&
           std::all_of(required_parameters.begin(), required_parameters.end(), has) &&
           std::all_of(required_fields.begin(), required_fields.end(),
                       [&r](std::string_view name) { return r.fields.contains(name); });
  }

  /// A parameter without a value that the operation does not know names a sub-resource ("?acl"): the request asks for something else.
  bool knows_all_of(const received_request& r) const {
    return std::all_of(r.query.begin(), r.query.end(), [this](const auto& p) {
      return !p.second.empty() || std::find(parameters.begin(), parameters.end(), p.first) != parameters.end();
    });
  }
};

namespace wire {

/// The visitor that makes a pattern.
class pattern_writer {
 public:
  explicit pattern_writer(route_pattern& out) noexcept : out_(out) {}

  void uri(std::string_view label, const std::string&) { (label == "Bucket" ? out_.has_bucket : out_.has_key) = true; }
  template <class T, class... More>
  void query(std::string_view name, const T&, More...) {
    out_.parameters.push_back(name);
    if constexpr (sizeof...(More) == 0 && !is_optional<T> && !is_list<T>) out_.required_parameters.push_back(name);
  }
  template <class T, class... More>
  void header(std::string_view name, const T&, More...) {
    if constexpr (!is_optional<T> && !is_list<T>) out_.required_fields.push_back(name);
  }
  void headers(std::string_view, const auto&) {}
  void status(const auto&) {}
  void stream(const auto&) {}
  void text(const auto&) {}
  void payload(const char*, const auto&) {}
  void root(const char*) {}
  void element(const char*, const auto&) {}

 private:
  route_pattern& out_;
};

}  // namespace wire

template <operation_request R>
route_pattern pattern_of() {
  route_pattern out{.spec = &R::spec};
  const std::string_view uri = R::spec.uri;
  if (const auto mark = uri.find('?'); mark != std::string_view::npos)
    split(uri.substr(mark + 1), '&', [&out](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      out.fixed.emplace_back(piece.substr(0, equals), piece.substr((std::min)(equals + 1, piece.size())));
      out.parameters.push_back(out.fixed.back().first);
    });
  const R example{};
  wire::pattern_writer writer{out};
  R::describe(writer, example);
  return out;
}

}  // namespace s3store::inline v0
