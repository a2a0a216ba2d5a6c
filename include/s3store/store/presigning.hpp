// How can someone without credentials read or write one object? With a URL or a form that the object store signs. Signing sends no
// request to S3.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/post_policy.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/http/message.hpp>
#include <s3store/operations/object/delete_object.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/protocol/presigning.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>

namespace s3store::inline S3STORE_ABI {

struct presigned_post_options {
  std::chrono::seconds expiration{3600};           ///< 1 s to 7 days
  std::vector<auth::post_condition> conditions{};  ///< in addition to those for bucket, key and signature
  auth::form_fields fields{};                      ///< further fields of the form; the upload must send them unchanged
};

/// Mixed into basic_object_store. Throws (invalid_argument) if the expiration is not 1 s to 7 days.
template <class Store>
class presigning_members {
 public:
  /// A URL for one kind of request: GET, PUT, DELETE or HEAD; other methods throw (invalid_argument). It expires after
  /// `expiration`, or with the credentials if that is earlier.
  presigned_url generate_presigned_url(std::string_view key, std::chrono::seconds expiration = std::chrono::hours{1},
                                       http::method method = http::method::get) const {
    switch (method) {
      case http::method::get: return generate_presigned_url(key, get_object_request{}, expiration);
      case http::method::head: return generate_presigned_url(key, head_object_request{}, expiration);
      case http::method::put: return generate_presigned_url(key, put_object_request{}, expiration);
      case http::method::delete_: return generate_presigned_url(key, delete_object_request{}, expiration);
      default: break;
    }
    detail::refuse(error_kind::invalid_argument,
                   "a URL can be presigned for GET, PUT, DELETE and HEAD; a POST has a form, see generate_presigned_post",
                   self().bucket_name(), key);
  }
  /// The same for any operation on an object, with all members of its request. Who uses the URL must send the headers in `fields`.
  ///   store.generate_presigned_url("k", put_object_request{.content_type = "text/plain"}, std::chrono::minutes{30});
  template <operation_request R>
  presigned_url generate_presigned_url(std::string_view key, R request,
                                       std::chrono::seconds expiration = std::chrono::hours{1}) const {
    checked(expiration, key);
    return self().client().presign(detail::aimed(std::move(request), self().bucket_name(), key), expiration).value();
  }

  /// A form with which a browser may upload to `key`. If `key` ends in "${filename}", to any key with the prefix before it.
  auth::presigned_post generate_presigned_post(std::string_view key, presigned_post_options options = {}) const {
    checked(options.expiration, key);
    auto form = self().client().presign_post(self().bucket_name(), key, options.expiration, std::move(options.conditions),
                                             std::move(options.fields));
    return std::move(form).value();
  }

 protected:
  presigning_members() = default;
  ~presigning_members() = default;
  presigning_members(presigning_members&&) = default;
  presigning_members& operator=(presigning_members&&) = default;

 private:
  const Store& self() const noexcept { return static_cast<const Store&>(*this); }

  void checked(std::chrono::seconds expiration, std::string_view key) const {
    if (auto good = auth::check_expiry(expiration); !good) detail::refuse(std::move(good.error()), self().bucket_name(), key);
  }
};

}  // namespace s3store::inline S3STORE_ABI
