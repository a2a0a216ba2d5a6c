// Which operation does a request ask for? The most specific one whose declaration matches.
//
// S3 distinguishes operations by the method, by whether there are a bucket and a key, by the fixed query of the declared URI
// (`?uploads`, `?list-type=2`), and by required parameters and headers (`uploadId`, `x-amz-copy-source`). All of that is in the
// declarations, so the table of routes is made from a list of operations.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/transports/embedded/serve.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// What a request for one operation looks like.
struct route_pattern {
  const operation_spec* spec{};
  bool has_bucket{};
  bool has_key{};
  std::vector<std::pair<std::string_view, std::string_view>> fixed{};  ///< parameters of the URI: name and value
  std::vector<std::string_view> parameters{};                          ///< parameters that it may have
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

  /// False if the query has a parameter without a value that the operation does not know: such a parameter ("?acl") names a
  /// sub-resource, so the request is for another operation.
  bool knows_all_of(const received_request& r) const {
    return std::all_of(r.query.begin(), r.query.end(), [this](const auto& p) {
      return !p.second.empty() || std::find(parameters.begin(), parameters.end(), p.first) != parameters.end();
    });
  }
};

/// The visitor that makes the pattern of an operation.
class pattern_writer {
 public:
  explicit pattern_writer(route_pattern& out) noexcept : out_(out) {}

  void uri(std::string_view label, const std::string&) { (label == "Bucket" ? out_.has_bucket : out_.has_key) = true; }
  void query(std::string_view name, const auto&, auto...) { out_.parameters.push_back(name); }
  void query(std::string_view name, const auto&, wire::required_t) {
    out_.parameters.push_back(name);
    out_.required_parameters.push_back(name);
  }
  void header(std::string_view, const auto&, auto...) {}
  template <class T>
  void header(std::string_view name, const T&, wire::required_t) {
    if constexpr (!wire::is_list<T>) out_.required_fields.push_back(name);  // not lists: an empty list sends no header
  }
  void headers(std::string_view, const auto&) {}
  void status(const auto&) {}
  void stream(const auto&) {}
  void text(const auto&, auto...) {}
  void payload(const char*, const auto&, auto...) {}
  void root(const char*) {}
  void element(const char*, const auto&, auto...) {}

 private:
  route_pattern& out_;
};

template <operation_request R>
route_pattern pattern_of() {
  route_pattern out{.spec = &R::spec};
  const std::string_view uri = R::spec.uri;
  if (const auto mark = uri.find('?'); mark != std::string_view::npos)
    detail::split(uri.substr(mark + 1), '&', [&out](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      out.fixed.emplace_back(piece.substr(0, equals), piece.substr((std::min)(equals + 1, piece.size())));
      out.parameters.push_back(out.fixed.back().first);
    });
  const R example{};
  pattern_writer writer{out};
  R::describe(writer, example);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
