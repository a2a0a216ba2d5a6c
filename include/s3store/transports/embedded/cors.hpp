// Which requests from other origins does a bucket allow? Those that match one of its CORS rules.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/website.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// True if the text matches a pattern, in which one "*" stands for any text.
inline bool fits_pattern(std::string_view pattern, std::string_view s) noexcept {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == s;
  const auto before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  return s.size() >= before.size() + behind.size() && s.starts_with(before) && s.ends_with(behind);
}
inline bool fits_one(const std::vector<std::string>& patterns, std::string_view s) noexcept {
  return std::any_of(patterns.begin(), patterns.end(), [s](const std::string& p) { return fits_pattern(p, s); });
}
inline std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out.append(out.empty() ? "" : ", ").append(one);
  return out;
}

/// A request to another origin: either this one, or one that the browser asks about first; then `headers` has its header names.
struct cross_origin {
  std::string_view origin{};
  std::string_view method{};
  std::string_view headers{};
};

inline bool allows(const types::cors_rule& rule, const cross_origin& r) {
  bool all = fits_one(rule.allowed_origins, r.origin) && fits_one(rule.allowed_methods, r.method);
  std::vector<std::string> names;
  names.reserve(rule.allowed_headers.size());
  for (const std::string& name : rule.allowed_headers) names.push_back(detail::lower_case(name));
  detail::split(r.headers, ',', [&](std::string_view name) {
    all = all && (detail::trim(name).empty() || fits_one(names, detail::lower_case(detail::trim(name))));
  });
  return all;
}

/// The headers for the browser, from the first rule that allows the request; none if no rule does.
inline result<headers> allow_origin(const bucket& in, const cross_origin& r) {
  auto set = configured<types::cors_configuration>(in, "cors");
  if (!set) return std::move(set.error());
  headers out;
  const auto& rules = set->cors_rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&r](const types::cors_rule& one) { return allows(one, r); });
  if (rule == rules.end()) return out;
  const bool anybody = std::find(rule->allowed_origins.begin(), rule->allowed_origins.end(), "*") != rule->allowed_origins.end();
  out.add("Access-Control-Allow-Origin", anybody ? std::string_view{"*"} : r.origin);
  if (!anybody) out.add("Access-Control-Allow-Credentials", "true");
  out.add("Access-Control-Allow-Methods", joined(rule->allowed_methods));
  if (!r.headers.empty()) out.add("Access-Control-Allow-Headers", detail::lower_case(r.headers));
  if (!rule->expose_headers.empty()) out.add("Access-Control-Expose-Headers", joined(rule->expose_headers));
  if (rule->max_age_seconds) out.add("Access-Control-Max-Age", detail::decimal(*rule->max_age_seconds));
  out.add("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
  return out;
}

/// The answer to a preflight request (OPTIONS).
inline result<served_answer> answer_preflight(const headers& fields, const bucket& in) {
  const cross_origin r{fields.value_or_empty("Origin"), fields.value_or_empty("Access-Control-Request-Method"),
                       fields.value_or_empty("Access-Control-Request-Headers")};
  if (r.origin.empty() || r.method.empty())
    return refusal("BadRequest", 400, "a preflight request has an Origin and an Access-Control-Request-Method");
  auto allowed = allow_origin(in, r);
  if (!allowed) return std::move(allowed.error());
  if (allowed->empty()) return refusal("AccessForbidden", 403, "CORSResponse: This CORS request is not allowed.");
  return served_answer{.fields = std::move(*allowed)};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
