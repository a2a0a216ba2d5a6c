// What does an object store do with its bucket? Create it, check it, describe it, and delete it, if wanted with all its contents.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart/abort_multipart_upload.hpp>
#include <s3store/operations/multipart/list_multipart_uploads.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/store/listing.hpp>

namespace s3store::inline S3STORE_ABI {

struct store_bucket_info {
  std::string name{};
  std::string region{};
  std::uint64_t object_count{};
  std::optional<timestamp> creation_date{};  ///< empty if the bucket is not listed, or may not be
};

struct delete_bucket_options {
  bool force{};  ///< first delete all versions, delete markers, objects and unfinished uploads
  bool bypass_governance_retention{};
  progress_callback progress{};  ///< with `force`: gets the number of versions deleted so far, and 0
};

/// Whether the bucket can be reached and listed, and if not, why.
struct store_health {
  bool healthy{};
  duration latency{};     ///< of the one request that was made
  error_kind kind{};      ///< of the error; `none` if healthy, or if what was thrown is no s3_error
  int status{};           ///< HTTP status, or 0 if there was no answer
  std::string code{};     ///< S3's: "NoSuchBucket"
  std::string message{};  ///< the error in one line

  explicit operator bool() const noexcept { return healthy; }
};

/// Mixed into basic_object_store.
template <class Store>
class bucket_members {
 public:
  /// Throws (access_denied) if S3 does not let these credentials see whether the bucket exists.
  bool bucket_exists(const call_options& call = {}) const {
    const auto absent = detail::absence_of(self().client().head_bucket({.bucket = self().bucket_name()}, call));
    return !absent.value();
  }

  /// Creates the bucket in the region of the settings, unless the options name another. Throws (conflict) if the name is taken.
  void create_bucket(create_bucket_request options = {}, const call_options& call = {}) const {
    auto made = try_create(std::move(options), call);
    made.value();
  }
  /// True if this call created the bucket. If another program of the same account creates it meanwhile, the result is false.
  bool create_bucket_if_not_exists(create_bucket_request options = {}, const call_options& call = {}) const {
    if (bucket_exists(call)) return false;
    auto made = try_create(std::move(options), call);
    if (!made && made.error().code == "BucketAlreadyOwnedByYou") return false;
    made.value();
    return true;
  }

  /// Throws (conflict, code BucketNotEmpty) if the bucket is not empty and `force` is not set. With `force` it throws (conflict) if
  /// something cannot be deleted, such as a version under object lock; what was deleted before stays deleted.
  void delete_bucket(const delete_bucket_options& options = {}, const call_options& call = {}) const {
    if (options.force) {
      abort_uploads(call);
      delete_versions(options, call);
    }
    const delete_bucket_request request{.bucket = self().bucket_name()};
    auto gone = self().client().delete_bucket(request, call);
    const auto is_gone = [&] { return detail::absence_of(self().client().head_bucket({.bucket = request.bucket}, call)); };
    if (!detail::was_own_success(gone, is_gone)) gone.value();
  }

  /// Counts all objects, which takes one request for each 1,000 of them.
  store_bucket_info get_bucket_info(const call_options& call = {}) const {
    store_bucket_info out{.name = self().bucket_name(), .region = region(call)};
    out.creation_date = creation_date(call);
    out.object_count = self().get_stats({}, {}, call).object_count;
    return out;
  }

  /// Lists one key: one request, sent once unless `call.max_attempts` is set. Never throws.
  store_health health_check(call_options call = {}) const noexcept {
    store_health out;
    try {
      if (!call.max_attempts) call.max_attempts = 1;
      const auto page = self().client().list_objects_v2({.bucket = self().bucket_name(), .max_keys = 1}, call);
      out.healthy = page.has_value();
      out.latency = page.meta().elapsed;
      if (!page) tell(out, page.error());
    } catch (const s3_error& e) {
      tell(out, e.error());
    } catch (const std::exception& e) {
      out.message = detail::printable(e.what());
    } catch (...) {  // thrown by a policy of the caller's
      out.message = "something was thrown that is no std::exception";
    }
    return out;
  }

 protected:
  bucket_members() = default;
  ~bucket_members() = default;
  bucket_members(bucket_members&&) = default;
  bucket_members& operator=(bucket_members&&) = default;

 private:
  const Store& self() const noexcept { return static_cast<const Store&>(*this); }

  static void tell(store_health& out, const error& e) {
    out.latency = e.elapsed;
    out.kind = e.kind;
    out.status = e.status;
    out.code = e.code;
    out.message = e.describe();
  }

  result<create_bucket_response> try_create(create_bucket_request options, const call_options& call) const {
    const create_bucket_request request = in_region(detail::aimed(std::move(options), self().bucket_name()));
    auto out = self().client().create_bucket(request, call);
    const auto exists = [&]() -> result<bool> {
      auto absent = detail::absence_of(self().client().head_bucket({.bucket = request.bucket}, call));
      if (absent) *absent = !*absent;
      return absent;
    };
    if (!out && out.error().kind == error_kind::conflict && detail::was_own_success(out, exists)) return create_bucket_response{};
    return out;
  }
  /// For us-east-1 the request must not name a region: S3 refuses it, and that region is the default, also of the global endpoint.
  create_bucket_request in_region(create_bucket_request request) const {
    const std::string& region = self().client().configuration().region;
    if (region != "us-east-1" && region != "aws-global" && !request.create_bucket_configuration)
      request.create_bucket_configuration =
          types::create_bucket_configuration{.location_constraint = types::bucket_location_constraint{region}};
    return request;
  }

  // --- emptying ------------------------------------------------------------------------------------------------------------------

  // Always lists the first page, since servers differ in where later pages start. What was deleted must not be listed again.

  void abort_uploads(const call_options& call) const {
    for (std::string before;;) {
      const auto page = self().client().list_multipart_uploads({.bucket = self().bucket_name()}, call).value();
      if (page.uploads.empty()) return;
      const std::string first = page.uploads.front().upload_id;
      if (first == before) cannot_empty("the upload " + first + " was aborted, and is listed all the same");
      before = first;
      for (const auto& u : page.uploads) {
        auto ended = self().client().abort_multipart_upload({.bucket = self().bucket_name(),
                                                             .key = u.key,
                                                             .upload_id = u.upload_id},
                                                            call);
        if (!ended && ended.error().code != "NoSuchUpload") ended.value();
      }
    }
  }
  void delete_versions(const delete_bucket_options& options, const call_options& call) const {
    std::uint64_t gone = 0;
    const auto same = [](const auto& a, const auto& b) { return a.key == b.key && a.version_id == b.version_id; };
    for (std::vector<types::object_identifier> before;;) {
      const auto page = self().client().list_object_versions({.bucket = self().bucket_name()}, call).value();
      std::vector<types::object_identifier> all;
      all.reserve(page.versions.size() + page.delete_markers.size());
      for (const auto& v : page.versions) all.push_back({.key = v.key, .version_id = detail::optional_text(v.version_id)});
      for (const auto& m : page.delete_markers) all.push_back({.key = m.key, .version_id = detail::optional_text(m.version_id)});
      if (all.empty()) return;
      if (std::equal(all.begin(), all.end(), before.begin(), before.end(), same))
        cannot_empty("versions were deleted, and are listed all the same");
      before = all;
      delete_objects_request how;
      if (options.bypass_governance_retention) how.bypass_governance_retention = true;
      const auto done = self().delete_object_versions(std::move(all), how, call);
      gone += done.deleted;
      options.progress(gone, 0);
      if (done.deleted > 0) continue;
      const failed_delete& first = done.failures.front();
      cannot_empty("no version could be deleted; the first failure: " + first.message, first);
    }
  }
  [[noreturn]] void cannot_empty(const std::string& why, const failed_delete& what = {}) const {
    error e = detail::fail(error_kind::conflict, {"the bucket cannot be emptied: ", why});
    e.bucket = self().bucket_name();
    e.key = what.key;
    e.code = what.code;
    throw s3_error{std::move(e)};
  }

  // --- what is known of the bucket -----------------------------------------------------------------------------------------------

  std::string region(const call_options& call) const {
    auto head = self().client().head_bucket({.bucket = self().bucket_name()}, call).value();
    if (!head.bucket_region.empty()) return std::move(head.bucket_region);
    const auto location = self().client().get_bucket_location({.bucket = self().bucket_name()}, call).value().location_constraint;
    if (location.empty()) return "us-east-1";
    return location == types::bucket_location_constraint::eu ? "eu-west-1" : location.str();
  }
  std::optional<timestamp> creation_date(const call_options& call) const {
    for (auto& page : self().client().pages(list_buckets_request{.prefix = self().bucket_name()}, call)) {
      if (!page && page.error().kind == error_kind::access_denied) return std::nullopt;
      for (const auto& b : page.value().buckets)
        if (b.name == self().bucket_name()) return b.creation_date;
    }
    return std::nullopt;
  }
};

/// A free function like that of the Python module. True if this call created the bucket.
template <class Store>
  requires requires(const Store& s) { s.create_bucket_if_not_exists(); }
bool create_bucket_if_not_exists(const Store& store) { return store.create_bucket_if_not_exists(); }

}  // namespace s3store::inline S3STORE_ABI
