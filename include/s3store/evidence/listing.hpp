// Which bundles are in the bucket? A listing tells, without reading the bundles.
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
#include <s3store/core/parallel.hpp>
#include <s3store/operations/listing.hpp>

namespace s3store::inline S3STORE_ABI {

/// What a listing and the key say about an object.
template <class Place>
struct listed {
  Place place{};
  std::string key{};
  std::uint64_t size{};  ///< bytes
  timestamp last_modified{};
  std::string etag{};
};
using listed_evidence = listed<evidence::bundle_place>;
using listed_attachment = listed<evidence::attachment_place>;

/// What to list. Without a year or month, all of them; a month needs a year.
struct evidence_filter {
  std::string evidence_type{"decision"};  ///< the whole name: "dec" does not match "decision". Empty: all
  std::optional<std::chrono::year> year{};
  std::optional<std::chrono::month> month{};
};

namespace evidence {

inline error located(error e, std::string_view bucket, std::string_view key) {
  e.bucket = bucket;
  e.key = key;
  return e;
}

/// Appends to `out` the objects below a prefix whose key `parse` accepts, in the order of their keys.
template <class P, class Place>
result<void> list_places(const basic_client<P>& s3, std::string bucket, std::string prefix,
                         std::optional<Place> (*parse)(std::string_view), const call_options& options,
                         std::vector<listed<Place>>& out) {
  for (auto& page : s3.pages(list_objects_v2_request{.bucket = std::move(bucket), .prefix = std::move(prefix)}, options)) {
    if (!page) return result<void>::failed_as(std::move(page));
    for (auto& object : page->contents) {
        auto place = parse(object.key);
      if (!place) continue;
      out.push_back({std::move(*place), std::move(object.key), static_cast<std::uint64_t>(object.size.value_or(0)),
                     object.last_modified.value_or(timestamp{}), std::move(object.etag)});
    }
  }
  return {};
}

/// The folders directly inside the folders `above`; all of them end in a slash. Up to `parallel` listings at once.
template <class P>
result<std::vector<std::string>> folders_in(const basic_client<P>& s3, const std::string& bucket,
                                            const std::vector<std::string>& above, unsigned parallel, const call_options& options) {
  using folders = std::vector<std::string>;
  std::vector<folders> found(above.size());
  std::vector<std::optional<error>> failed(above.size());
  s3store::detail::in_parallel(above.size(), parallel, [&](std::size_t i) {
    for (auto& page : s3.pages(list_objects_v2_request{.bucket = bucket, .prefix = above[i], .delimiter = "/"}, options)) {
      if (!page) return failed[i].emplace(std::move(page.error())), std::size_t{0};
      for (auto& folder : page->common_prefixes)
        if (!folder.prefix.empty()) found[i].push_back(std::move(folder.prefix));
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

/// The prefixes of the keys that match a filter. If it has a year but no type, there is a prefix for each type in the bucket.
template <class P>
result<std::vector<std::string>> prefixes_of(const basic_client<P>& s3, const std::string& bucket, const evidence_filter& filter,
                                             const call_options& options) {
  using prefixes = std::vector<std::string>;
  const auto refuse = [&](error e) { return located(std::move(e), bucket, {}); };
  std::string months;
  if (filter.month && !filter.year) return refuse(detail::fail(error_kind::invalid_argument, "listing a month needs its year"));
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

/// All bundles that match the filter, in the order of their keys. Fails with invalid_argument if the filter has a month without a
/// year, or a type or date that cannot be in a key.
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

}  // namespace s3store::inline S3STORE_ABI
