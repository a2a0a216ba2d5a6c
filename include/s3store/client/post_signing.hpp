// How is a form for browser uploads signed? By a machine, because credentials may have to be fetched first.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/post_policy.hpp>
#include <s3store/protocol/credentials_lookup.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// The session must outlive it.
template <class P>
class post_signing : public credentials_lookup<P> {
 public:
  using value_type = auth::presigned_post;

  post_signing(session<P>& shared, std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
               std::vector<auth::post_condition> conditions, auth::form_fields fields)
      : credentials_lookup<P>(shared),
        bucket_(bucket),
        key_(key),
        expires_in_(expires_in),
        conditions_(std::move(conditions)),
        fields_(std::move(fields)) {
    if (shared.unusable().kind != error_kind::none) this->refuse(shared.unusable());
    if (const auto fault = wire::bucket_name_fault(bucket_); !fault.empty())
      this->refuse(detail::fail(error_kind::invalid_argument, fault));
    if (auto good = auth::check_expiry(expires_in_); !good) this->refuse(std::move(good.error()));
  }

  result<auth::presigned_post> finish() {
    if (this->refused()) return std::move(*this->refused());
    auto where = this->shared().resolve(bucket_);
    if (!where) return std::move(where.error());
    if (where->scheme != signing_scheme::sigv4)
      return detail::fail(error_kind::invalid_argument, {"no form can be signed for the bucket \"", bucket_, "\", which takes no SigV4 signatures"});
    auto work = this->shared().lease();
    auto made = auth::presign_post(work->signer, where->origin() + where->path, bucket_, key_, std::move(fields_),
                                   {.expiration = detail::saturating_add(this->server_time(), expires_in_), .conditions = std::move(conditions_)},
                                   this->found(), {.region = where->region, .service = where->service.empty() ? "s3" : where->service},
                                   this->server_time());
    this->shared().give_back(std::move(work));
    return made;
  }

 private:
  std::string bucket_;
  std::string key_;
  std::chrono::seconds expires_in_;
  std::vector<auth::post_condition> conditions_;
  auth::form_fields fields_;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
