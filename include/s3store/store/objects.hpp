// What does an object store do with single objects? It puts, gets, copies and deletes them, and reads their metadata.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/byte_range.hpp>
#include <s3store/http/body.hpp>
#include <s3store/operations/object/copy_object.hpp>
#include <s3store/operations/object/delete_object.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/transfer/copy.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline S3STORE_ABI {

/// The result of an upload.
struct stored_object {
  std::string key{};
  std::string etag{};  ///< with its double quotes, as `if_match` expects it
  std::string version_id{};  ///< in a bucket with versions
  std::uint64_t size{};      ///< bytes
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, in base64, as the server stores it; empty if it stores none
  bool confirmed_by_head{};  ///< an answer was lost, and a HEAD showed that the object was stored
};

struct copied_object {
  std::string key{};
  std::string etag{};
  std::string version_id{};  ///< in a bucket with versions
  std::optional<timestamp> last_modified{};
  bool confirmed_by_head{};
};

struct object_metadata {
  std::string key{};
  std::uint64_t size{};  ///< bytes; if a range was requested, the length of that range
  std::string content_type{};
  std::string etag{};
  timestamp last_modified{};
  s3store::metadata metadata{};  ///< names in lower case
  std::string version_id{};  ///< in a bucket with versions
};

struct get_options {
  std::optional<s3store::byte_range> byte_range{};
  get_object_request object{};  ///< everything else that GetObject takes: `.object = {.version_id = …}`
  /// get_object_to_file waits until the disk has the file and its name. That takes some 10 ms for a file of any size; false spares
  /// them, and after a crash of the system (not of the program) the file may then be empty or cut off.
  bool sync{true};
};

namespace detail {

inline stored_object stored(std::string_view key, upload_response r) {
  return {.key = std::string(key),
          .etag = std::move(r.etag),
          .version_id = std::move(r.version_id),
          .size = r.size,
          .checksum_algorithm = r.checksum_algorithm,
          .checksum = std::move(r.checksum),
          .confirmed_by_head = r.confirmed_by_head};
}

/// From the answer to a GET or HEAD.
template <class Response>
object_metadata metadata_from(std::string_view key, Response r) {
  return {std::string(key),
          static_cast<std::uint64_t>(r.content_length.value_or(0)),
          std::move(r.content_type),
          std::move(r.etag),
          r.last_modified.value_or(timestamp{}),
          std::move(r.metadata),
          std::move(r.version_id)};
}

inline get_object_request get_request(get_options options, std::string_view bucket, std::string_view key) {
  get_object_request out = aimed(std::move(options.object), bucket, key);
  if (const auto& r = options.byte_range) {
    if (r->last < r->first)
      refuse(error_kind::invalid_argument, "byte_range ends before it starts: both its ends are included", bucket, key);
    out.range = detail::concat({"bytes=", detail::decimal(r->first), "-", detail::decimal(r->last)});
  }
  return out;
}

}  // namespace detail

/// Mixed into basic_object_store. The options are the request structures of the S3 API; the store sets their bucket, key and body.
template <class Store>
class object_members {
 public:
  /// Stores an object: in one request up to 5 GiB, in parts above. The data is borrowed and must live until this returns. If the
  /// options have no content type, it is application/octet-stream.
  stored_object put_object(std::string_view key, std::string_view data, put_object_request options = {},
                           const call_options& call = {}) const {
    return put(key, http::body::borrow(data), std::move(options), call);
  }
  stored_object put_object(std::string_view key, std::span<const std::byte> data, put_object_request options = {},
                           const call_options& call = {}) const {
    return put(key, http::body::borrow(data), std::move(options), call);
  }
  /// The source is read on this thread while it is sent, and must live until this returns. If it does not know its size, it is sent
  /// in parts of 8 MiB, each read into memory first.
  stored_object put_object(std::string_view key, http::source& data, put_object_request options = {},
                           const call_options& call = {}) const {
    return put(key, http::body{data}, std::move(options), call);
  }

  /// The object's bytes, or those of a range. Throws (not_found, code NoSuchKey) if there is no object.
  std::string get_object(std::string_view key, get_options options = {}, const call_options& call = {}) const {
    const auto request = detail::get_request(std::move(options), self().bucket_name(), key);
    return self().client().get_object(request, call).value().body;
  }
  /// The same; the bytes go to `into`, a sink or a function that takes `std::span<const std::byte>`, on this thread. If this
  /// throws, discard what `into` was given.
  template <class Into>
    requires(!std::same_as<std::remove_cvref_t<Into>, get_options>)
  object_metadata get_object(std::string_view key, Into&& into, get_options options = {}, const call_options& call = {}) const {
    const auto request = detail::get_request(std::move(options), self().bucket_name(), key);
    return detail::metadata_from(key, self().client().get_object(request, std::forward<Into>(into), call).value());
  }

  /// Size, type, metadata and so on. Empty if there is no object, or no bucket: the answer to a HEAD does not say which is missing.
  std::optional<object_metadata> get_object_metadata(std::string_view key, head_object_request options = {},
                                                     const call_options& call = {}) const {
    auto head = self().client().head_object(detail::aimed(std::move(options), self().bucket_name(), key), call);
    if (!head && head.error().kind == error_kind::not_found) return std::nullopt;
    return detail::metadata_from(key, std::move(head).value());
  }
  bool object_exists(std::string_view key, head_object_request options = {}, const call_options& call = {}) const {
    return get_object_metadata(key, std::move(options), call).has_value();
  }

  /// Deletes an object. In a bucket with versions it adds a delete marker, unless the options name a version. Deleting an object
  /// that does not exist succeeds.
  delete_object_response delete_object(std::string_view key, delete_object_request options = {},
                                       const call_options& call = {}) const {
    const auto request = detail::aimed(std::move(options), self().bucket_name(), key);
    auto out = self().client().delete_object(request, call);
    if (!out && out.error().code != "NoSuchBucket" && detail::was_own_success(out, [&] {
          return detail::absence_of(
              self().client().head_object({.bucket = request.bucket, .key = request.key, .version_id = request.version_id}, call));
        }))
      return {.version_id = request.version_id.value_or(std::string{})};
    return std::move(out).value();
  }

  /// Copies an object of any size inside the bucket, or from the bucket and version that `options.copy_source` names. If the
  /// options have metadata, it replaces the source's; S3 then also drops the source's content type and other headers, so set those
  /// too.
  copied_object copy_object(std::string_view source_key, std::string_view dest_key, copy_object_request options = {},
                            const call_options& call = {}) const {
    copy_object_request request = detail::aimed(std::move(options), self().bucket_name(), dest_key);
    if (request.copy_source.bucket.empty()) request.copy_source.bucket = request.bucket;
    detail::set_aim(request.copy_source.key, source_key, request.copy_source.bucket, source_key);
    if (!request.metadata.empty() && request.metadata_directive.empty()) request.metadata_directive = types::metadata_directive::replace;
    auto made = copy(self().client(), {.object = std::move(request)}, call).value();
    return {.key = std::string(dest_key),
            .etag = std::move(made.etag),
            .version_id = std::move(made.version_id),
            .last_modified = made.last_modified,
            .confirmed_by_head = made.confirmed_by_head};
  }

 protected:
  object_members() = default;
  ~object_members() = default;
  object_members(object_members&&) = default;
  object_members& operator=(object_members&&) = default;

 private:
  const Store& self() const noexcept { return static_cast<const Store&>(*this); }

  stored_object put(std::string_view key, http::body data, put_object_request options, const call_options& call) const {
    const http::source* const stream = data.stream();
    upload_request request{.object = detail::aimed(std::move(options), self().bucket_name(), key)};
    if (request.object.content_type.empty()) request.object.content_type = "application/octet-stream";
    request.object.body = std::move(data);
    if (!stream || stream->size() || request.object.content_length) request.part_size = max_part_size;
    return detail::stored(key, upload(self().client(), request, call).value());
  }
};

}  // namespace s3store::inline S3STORE_ABI
