// Which functions does a client have? One for each operation; each only calls `send`. Here are buckets, objects, listings, uploads
// and versions; the others are in configuration_operations.hpp.
//
// They are members of a template, so that a program needs to include only the operations that it calls.
#pragma once

#include <type_traits>
#include <utility>

#include <s3store/core/result.hpp>
#include <s3store/http/message.hpp>
#include <s3store/operations/fwd.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
template <class T, class>
struct dependent {
  using type = T;
};
}  // namespace detail

/// A base class of basic_client. Each function returns the operation's response or an error. The request's members are in the
/// header that is named above each group. Threads and exceptions: as said of basic_client.
template <class Client>
class operation_members {
  /// A dependent type, so that a response may be an incomplete type until its function is called.
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- buckets: operations/bucket.hpp
  answer<list_buckets_response> list_buckets(const list_buckets_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_response> create_bucket(const create_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<head_bucket_response> head_bucket(const head_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_location_response> get_bucket_location(const get_bucket_location_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_response> delete_bucket(const delete_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- objects: operations/object.hpp
  answer<put_object_response> put_object(const put_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_response> get_object(const get_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  /// The body goes to `into`: an `http::sink&`, or a function `void(std::span<const std::byte>)`. It is used on this thread.
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_response> get_object(const get_object_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<head_object_response> head_object(const head_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_response> delete_object(const delete_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_objects_response> delete_objects(const delete_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<copy_object_response> copy_object(const copy_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_attributes_response> get_object_attributes(const get_object_attributes_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- listings: operations/listing.hpp
  answer<list_objects_response> list_objects(const list_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_objects_v2_response> list_objects_v2(const list_objects_v2_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_versions_response> list_object_versions(const list_object_versions_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- uploads in parts: operations/multipart.hpp
  answer<create_multipart_upload_response> create_multipart_upload(const create_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_response> upload_part(const upload_part_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_copy_response> upload_part_copy(const upload_part_copy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<complete_multipart_upload_response> complete_multipart_upload(const complete_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<abort_multipart_upload_response> abort_multipart_upload(const abort_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_multipart_uploads_response> list_multipart_uploads(const list_multipart_uploads_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_parts_response> list_parts(const list_parts_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- versions: operations/versioning.hpp
  answer<put_bucket_versioning_response> put_bucket_versioning(const put_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_versioning_response> get_bucket_versioning(const get_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  operation_members() = default;
  ~operation_members() = default;
  operation_members(operation_members&&) = default;
  operation_members& operator=(operation_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline S3STORE_ABI
