// Which bundles are in the bucket? A listing tells, without reading the bundles.
#pragma once

#include <algorithm>
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
  /// If it is not empty: all that is stored under keys that begin so, and nothing else; type, year and month do not matter then.
  /// This is for bundles that were stored under keys of your own.
  std::string prefix{};
};

namespace evidence {

inline error located(error e, std::string_view bucket, std::string_view key) {
  e.bucket = bucket;
  e.key = key;
  return e;
}

/// Appends to `out` the objects below a prefix for whose key `parse` gives a place, in the order of their keys.
template <class P, class Place, class Parse>
result<void> list_places(const basic_client<P>& s3, const std::string& bucket, std::string prefix, Parse parse,
                         const call_options& options, std::vector<listed<Place>>& out) {
  for (auto& page : s3.pages(list_objects_v2_request{.bucket = bucket, .prefix = std::move(prefix)}, options)) {
    if (!page) return result<void>::failed_as(std::move(page));
    for (auto& object : page->contents) {
      std::optional<Place> place = parse(object.key);
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
      for (auto& folder : page->common_prefixes)  // one that is not inside would be listed again and again
        if (folder.prefix.size() > above[i].size() && folder.prefix.starts_with(above[i]))
          found[i].push_back(std::move(folder.prefix));
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

/// The folders of all years and months directly inside `root`: `{root}2024/01/`.
template <class P>
result<std::vector<std::string>> month_folders(const basic_client<P>& s3, const std::string& bucket, std::string root,
                                               unsigned parallel, const call_options& options) {
  const std::size_t start = root.size();
  std::vector<std::string> folders{std::move(root)};
  for (int years_then_months = 2; years_then_months != 0; --years_then_months) {
    auto below = folders_in(s3, bucket, folders, parallel, options);
    if (!below) return below;
    folders = std::move(*below);
  }
  std::erase_if(folders, [start](std::string_view folder) {
    folder.remove_prefix(start);
    return !detail::take_month(folder) || !folder.empty();
  });
  return folders;
}

/// The folders of all types, years and months: `evidence/{type}/2024/01/`. As a type may have slashes, each folder is looked into
/// that is not yet that of a month.
template <class P>
result<std::vector<std::string>> typed_month_folders(const basic_client<P>& s3, const std::string& bucket, unsigned parallel,
                                                     const call_options& options) {
  constexpr std::size_t longest_key = 1024;
  std::vector<std::string> out, folders{std::string(bundle_folder)};
  while (!folders.empty()) {
    auto below = folders_in(s3, bucket, folders, parallel, options);
    if (!below) return below;
    folders.clear();
    for (auto& folder : *below)
      if (parse_bundle_folder(folder)) {
        out.push_back(std::move(folder));
      } else if (folder.size() < longest_key) {
        folders.push_back(std::move(folder));
      }
  }
  return out;
}

/// True for the keys of bundles, and of other .json objects that are no attachments: older programs, and callers with keys of their
/// own, may have stored bundles there.
inline bool is_evidence(std::string_view key) {
  return parse_bundle_key(key) || (key.ends_with(".json") && !key.starts_with(attachment_folder));
}

/// What a key says, if it may be that of a bundle of this type; of any, if the type is empty.
inline std::optional<bundle_place> place_of(std::string_view key, const std::string& type) {
  constexpr std::string_view ending = ".json";
  if (const auto folder = detail::concat({bundle_folder, type, "/"}); !type.empty() && key.starts_with(folder)) {
    std::string_view rest = key.substr(folder.size());  // which can be read in one way only
    if (const auto month = detail::take_month(rest); month && rest.ends_with(ending) && rest.size() > ending.size())
      return bundle_place{std::string(rest.substr(0, rest.size() - ending.size())), *month, type};
  }
  auto place = parse_bundle_key(key);
  if (place) return type.empty() ? std::move(place) : std::nullopt;  // another type, which begins like this one
  return is_evidence(key) ? std::optional{bundle_place{.evidence_type = {}}} : std::nullopt;
}

/// The prefixes of the keys that match a filter. If it has a year but no type, there is a prefix for each type and month in the
/// bucket.
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
  if (!filter.evidence_type.empty()) {
    if (auto good = detail::check_name_to_find("evidence_type", filter.evidence_type); !good)
      return refuse(std::move(good.error()));
    return prefixes{detail::concat({bundle_folder, filter.evidence_type, "/", months})};
  }
  if (!filter.year) return prefixes{std::string(bundle_folder)};
  auto folders = typed_month_folders(s3, bucket, 1, options);
  if (!folders) return folders;
  std::erase_if(*folders, [&](const std::string& folder) {
    const auto month = parse_bundle_folder(folder)->month;
    return month.year() != *filter.year || (filter.month && month.month() != *filter.month);
  });
  std::sort(folders->begin(), folders->end());
  return folders;
}

}  // namespace evidence

/// All bundles that match the filter, in the order of their keys. Those whose key has another form, but ends in .json, are among
/// them if the filter has no year; a listing does not say of which decision they are, so their place is empty. Fails with
/// invalid_argument if the filter has a month without a year, or a type or date that cannot be in a key.
template <class P>
result<std::vector<listed_evidence>> list_evidence_bundles(const basic_client<P>& s3, const std::string& bucket,
                                                           const evidence_filter& filter = {}, const call_options& options = {}) {
  using failed = result<std::vector<listed_evidence>>;
  std::vector<listed_evidence> out;
  if (!filter.prefix.empty()) {
    const auto any = [](std::string_view key) -> std::optional<evidence::bundle_place> {
      auto place = evidence::parse_bundle_key(key);
      if (place || key.starts_with(evidence::attachment_folder)) return place;
      return evidence::bundle_place{.evidence_type = {}};
    };
    if (auto walked = evidence::list_places(s3, bucket, filter.prefix, any, options, out); !walked)
      return failed::failed_as(std::move(walked));
    return out;
  }
  auto prefixes = evidence::prefixes_of(s3, bucket, filter, options);
  if (!prefixes) return failed::failed_as(std::move(prefixes));
  const auto parse = [&filter](std::string_view key) {
    auto place = evidence::place_of(key, filter.evidence_type);
    if (place && filter.year && !place->month.ok()) place.reset();
    return place;
  };
  for (auto& prefix : *prefixes)
    if (auto walked = evidence::list_places(s3, bucket, std::move(prefix), parse, options, out); !walked)
      return failed::failed_as(std::move(walked));
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
