// Which bundles are there? What a listing says of each, without a look at its bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/parallel.hpp>
#include <s3store/operations/listing.hpp>

namespace s3store::inline v0 {

/// What a listing tells of an object, and what its key says.
template <class Place>
struct listed {
  Place place{};
  std::string key{};
  std::uint64_t size{};
  timestamp last_modified{};
  std::string etag{};
};
using listed_evidence = listed<evidence::bundle_place>;
using listed_attachment = listed<evidence::attachment_place>;

/// What to list. A type, year or month that is left out is any; a month needs its year.
struct evidence_filter {
  std::string evidence_type{"decision"};  ///< the whole name: "dec" lists no "decision". Empty: all
  std::optional<std::chrono::year> year{};
  std::optional<std::chrono::month> month{};
};

namespace evidence {

inline error located(error e, std::string_view bucket, std::string_view key) {
  e.bucket = bucket;
  e.key = key;
  return e;
}

/// The objects below a prefix whose key `parse` understands, behind what `out` has, in the order of their keys.
template <class P, class Place>
result<void> list_places(const basic_client<P>& s3, std::string bucket, std::string prefix,
                         std::optional<Place> (*parse)(std::string_view), const call_options& options,
                         std::vector<listed<Place>>& out) {
  for (auto& page : s3.pages(list_objects_v2_request{.bucket = std::move(bucket), .prefix = std::move(prefix)}, options)) {
    if (!page) return result<void>::failed_as(std::move(page));
    for (auto& object : page->contents) {
      if (!object.key) continue;
      auto place = parse(*object.key);
      if (!place) continue;
      out.push_back({std::move(*place), std::move(*object.key), static_cast<std::uint64_t>(object.size.value_or(0)),
                     object.last_modified.value_or(timestamp{}), object.etag.value_or(std::string{})});
    }
  }
  return {};
}

/// The folders that stand directly in those of `above`; all of them end in a slash. Up to `parallel` listings at once.
template <class P>
result<std::vector<std::string>> folders_in(const basic_client<P>& s3, const std::string& bucket,
                                            const std::vector<std::string>& above, unsigned parallel, const call_options& options) {
  using folders = std::vector<std::string>;
  std::vector<folders> found(above.size());
  std::vector<std::optional<error>> failed(above.size());
  in_parallel(above.size(), parallel, [&](std::size_t i) {
    for (auto& page : s3.pages(list_objects_v2_request{.bucket = bucket, .delimiter = "/", .prefix = above[i]}, options)) {
      if (!page) return failed[i].emplace(std::move(page.error())), std::size_t{0};
      for (auto& folder : page->common_prefixes)
        if (folder.prefix) found[i].push_back(std::move(*folder.prefix));
    }
    return above.size();
  });
  folders out;
  for (std::size_t i = 0; i != above.size(); ++i) {
    if (failed[i]) return std::move(*failed[i]);
    for (auto& folder : found[i]) out.push_back(std::move(folder));
  }
  return out;
}

/// The prefixes of the keys that a filter lets through. A year of all types is looked for in each type that there is.
template <class P>
result<std::vector<std::string>> prefixes_of(const basic_client<P>& s3, const std::string& bucket, const evidence_filter& filter,
                                             const call_options& options) {
  using prefixes = std::vector<std::string>;
  const auto refuse = [&](error e) { return located(std::move(e), bucket, {}); };
  std::string months;
  if (filter.month && !filter.year) return refuse(fail(error_kind::invalid_argument, "listing a month needs its year"));
  if (filter.year) {
    const year_month month{*filter.year, filter.month.value_or(std::chrono::January)};
    if (auto good = detail::check_month(month); !good) return refuse(std::move(good.error()));
    months = detail::month_folder(month);
    if (!filter.month) months.resize(months.size() - 3);  // `01/`
  }
  prefixes out{std::string(bundle_folder)};
  if (!filter.evidence_type.empty()) {
    if (auto good = detail::check_name("evidence_type", filter.evidence_type); !good) return refuse(std::move(good.error()));
    out.front().append(filter.evidence_type).append("/");
  } else if (filter.year) {
    auto types = folders_in(s3, bucket, out, 1, options);
    if (!types) return types;
    out = std::move(*types);
  }
  for (auto& prefix : out) prefix.append(months);
  return out;
}

}  // namespace evidence

/// All bundles that the filter lets through, in the order of their keys.
template <class P>
result<std::vector<listed_evidence>> list_evidence_bundles(const basic_client<P>& s3, const std::string& bucket,
                                                           const evidence_filter& filter = {}, const call_options& options = {}) {
  using failed = result<std::vector<listed_evidence>>;
  auto prefixes = evidence::prefixes_of(s3, bucket, filter, options);
  if (!prefixes) return failed::failed_as(std::move(prefixes));
  std::vector<listed_evidence> out;
  for (auto& prefix : *prefixes)
    if (auto walked = evidence::list_places(s3, bucket, std::move(prefix), &evidence::parse_bundle_key, options, out); !walked)
      return failed::failed_as(std::move(walked));
  return out;
}

}  // namespace s3store::inline v0
