// What is in the bucket? Functions that list objects, sum up their number and size, and delete many of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <s3store/client/pagers.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object/delete_object.hpp>
#include <s3store/operations/object/delete_objects.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/store/store_settings.hpp>
#include <s3store/transfer/progress.hpp>
#include <s3store/xml/writer.hpp>

namespace s3store::inline S3STORE_ABI {

struct list_options {
  std::string prefix{};
  std::string delimiter{};                  ///< with "/", keys that share the part up to the next slash become one common prefix
  std::optional<std::uint64_t> max_keys{};  ///< objects and common prefixes together; empty: no limit
  std::string start_after{};                ///< list only keys after this one
  std::string continuation_token{};         ///< from an earlier listing that `max_keys` cut off: continue there
};

struct listed_object {
  std::string key{};
  std::uint64_t size{};  ///< bytes
  timestamp last_modified{};
  std::string etag{};
  std::string storage_class{};
};

/// Objects, in the byte order of their keys.
struct object_listing {
  std::vector<listed_object> objects{};
  std::vector<std::string> common_prefixes{};
  std::string continuation_token{};  ///< empty unless max_keys cut the listing off

  bool truncated() const noexcept { return !continuation_token.empty(); }
  std::size_t size() const noexcept { return objects.size(); }
  bool empty() const noexcept { return objects.empty(); }
  auto begin() const noexcept { return objects.begin(); }
  auto end() const noexcept { return objects.end(); }
  const listed_object& operator[](std::size_t i) const noexcept { return objects[i]; }
};

struct store_stats {
  std::string backend{};
  std::string bucket{};
  std::string region{};
  std::uint64_t object_count{};
  std::uint64_t total_size{};  ///< bytes
};

/// An object that could not be deleted.
struct failed_delete {
  std::string key{};
  std::string version_id{};  ///< empty if the call named none
  std::string code{};        ///< S3's: "AccessDenied"
  std::string message{};
};

struct deleted_objects {
  std::uint64_t deleted{};  ///< includes keys that did not exist: S3 does not tell them apart
  std::vector<failed_delete> failures{};
};

/// Mixed into basic_object_store.
template <class Store>
class listing_members {
 public:
  /// All objects that match the options, in memory; one request for each 1,000.
  object_listing list_objects(const list_options& options = {}, const call_options& call = {}) const {
    object_listing out;
    list_objects_v2_request request{.bucket = self().bucket_name(),
                                    .prefix = options.prefix,
                                    .delimiter = options.delimiter,
                                    .continuation_token = options.continuation_token,
                                    .start_after = options.start_after};
    const auto room = [&] {
      return *options.max_keys - (std::min)(*options.max_keys, std::uint64_t{out.objects.size() + out.common_prefixes.size()});
    };
    while (!options.max_keys || room() != 0) {
      if (options.max_keys) request.max_keys = static_cast<std::int32_t>((std::min)(room(), page_size));
      auto page = self().client().list_objects_v2(request, call).value();
      for (auto& o : page.contents) out.objects.push_back(entry(o));
      for (auto& p : page.common_prefixes) out.common_prefixes.push_back(std::move(p.prefix));
      page_turner turner;
      const page_turn turn = list_objects_v2_request::next_page(turner, request, page);
      if (turn == page_turn::stuck) detail::refuse(no_next_page(), request.bucket);
      out.continuation_token = turn == page_turn::next ? request.continuation_token : std::string{};
      if (turn == page_turn::last) break;
    }
    return out;
  }

  /// Number and total size of all objects, or of those whose keys begin with `prefix`; one request for each 1,000 objects.
  /// `progress` is called on this thread after each request, with the objects and the bytes counted so far.
  store_stats get_stats(const progress_callback& progress = {}, const std::string& prefix = {},
                        const call_options& call = {}) const {
    store_stats out{.backend = std::string(to_string(self().backend())),
                    .bucket = self().bucket_name(),
                    .region = self().client().configuration().region};
    list_objects_v2_request request{.bucket = out.bucket, .prefix = prefix};
    for (auto& page : self().client().pages(std::move(request), call)) {
      for (const auto& o : page.value().contents) {
        ++out.object_count;
        out.total_size += static_cast<std::uint64_t>(o.size.value_or(0));
      }
      progress(out.object_count, out.total_size);
    }
    return out;
  }

  /// Deletes any number of objects, 1,000 in each request. Keys that cannot be deleted are in `failures`. If a whole request fails,
  /// this throws; the error's message says how many objects were deleted before.
  deleted_objects delete_objects(const std::vector<std::string>& keys, const delete_objects_request& options = {},
                                 const call_options& call = {}) const {
    std::vector<types::object_identifier> objects;
    objects.reserve(keys.size());
    for (const auto& key : keys) objects.push_back({.key = key});
    return delete_object_versions(std::move(objects), options, call);
  }
  /// The same, for versions of objects, and with conditions on each.
  deleted_objects delete_object_versions(std::vector<types::object_identifier> objects, const delete_objects_request& options = {},
                                         const call_options& call = {}) const {
    // Name each only once: servers answer differently to one that is named twice.
    const auto names = [](const types::object_identifier& o) { return std::tie(o.key, o.version_id); };
    std::stable_sort(objects.begin(), objects.end(), [&](const auto& a, const auto& b) { return names(a) < names(b); });
    objects.erase(std::unique(objects.begin(), objects.end(), [&](const auto& a, const auto& b) { return names(a) == names(b); }),
                  objects.end());

    deleted_objects out;
    for (std::size_t from = 0; from < objects.size(); from += page_size) {
      const auto size = (std::min)(std::size_t{page_size}, objects.size() - from);
      const auto first = objects.begin() + static_cast<std::ptrdiff_t>(from);
      delete_batch({first, first + static_cast<std::ptrdiff_t>(size)}, options, call, out);
    }
    return out;
  }

 protected:
  listing_members() = default;
  ~listing_members() = default;
  listing_members(listing_members&&) = default;
  listing_members& operator=(listing_members&&) = default;

 private:
  static constexpr std::uint64_t page_size = 1000;

  const Store& self() const noexcept { return static_cast<const Store&>(*this); }

  static listed_object entry(types::object& o) {
    return {std::move(o.key), static_cast<std::uint64_t>(o.size.value_or(0)),
            o.last_modified.value_or(timestamp{}), std::move(o.etag),
            o.storage_class.str()};
  }

  void delete_batch(std::vector<types::object_identifier> objects, const delete_objects_request& options, const call_options& call,
                    deleted_objects& out) const {
    delete_objects_request request = detail::aimed(options, self().bucket_name());
    request.delete_.quiet = false;  // the answer then lists each deleted key; some servers ignore this
    // XML cannot hold control characters: keys that contain some are deleted one by one, with the key in the path.
    const auto single = std::stable_partition(objects.begin(), objects.end(), [](const auto& o) { return xml_carries(o.key); });
    for (auto o = single; o != objects.end(); ++o) delete_one(*o, request, call, out);
    objects.erase(single, objects.end());
    if (objects.empty()) return;

    request.delete_.objects = std::move(objects);
    auto answer = self().client().delete_objects(request, call);
    if (!answer && out.deleted != 0)
      answer.error().message.append("; " + detail::decimal(out.deleted) + " objects had been deleted before");
    const auto told = std::move(answer).value();
    out.deleted += told.deleted.size();
    for (const auto& e : told.errors)
      out.failures.push_back({e.key, e.version_id, e.code, e.message});
    if (told.deleted.size() + told.errors.size() >= request.delete_.objects.size()) return;
    for (const auto& o : request.delete_.objects) {
      const auto is_it = [&o](const auto& t) {
        return t.key == o.key && t.version_id == o.version_id.value_or(std::string{});
      };
      if (std::any_of(told.deleted.begin(), told.deleted.end(), is_it) ||
          std::any_of(told.errors.begin(), told.errors.end(), is_it))
        continue;
      out.failures.push_back({o.key, o.version_id.value_or(std::string{}), {}, "the server's answer does not mention it"});
    }
  }

  void delete_one(const types::object_identifier& o, const delete_objects_request& like, const call_options& call,
                  deleted_objects& out) const {
    const auto answer = self().client().delete_object({.bucket = like.bucket,
                                                       .key = o.key,
                                                       .mfa = like.mfa,
                                                       .version_id = o.version_id,
                                                       .request_payer = like.request_payer,
                                                       .bypass_governance_retention = like.bypass_governance_retention,
                                                       .expected_bucket_owner = like.expected_bucket_owner,
                                                       .if_match = o.etag,
                                                       .if_match_last_modified_time = o.last_modified_time,
                                                       .if_match_size = o.size},
                                                      call);
    if (answer) {
      ++out.deleted;
    } else {
      out.failures.push_back({o.key, o.version_id.value_or(std::string{}), answer.error().code, answer.error().message});
    }
  }

  static bool xml_carries(std::string_view s) {
    std::string scratch;
    xml::writer written{scratch};
    written.element("Key", s);
    return !written.bad();
  }
};

}  // namespace s3store::inline S3STORE_ABI
