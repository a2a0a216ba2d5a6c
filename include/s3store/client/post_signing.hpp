// How is a form for browser uploads signed? By a machine, because credentials may have to be fetched first.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/post_policy.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/session.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

template <class P>
class post_signing {
 public:
  using value_type = auth::presigned_post;

  post_signing(session<P>& shared, std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
               std::vector<auth::post_condition> conditions, auth::form_fields fields)
      : shared_(shared), bucket_(bucket), key_(key), expires_in_(expires_in), conditions_(std::move(conditions)), fields_(std::move(fields)) {}

  step next(instants now) {
    if (shared_.unusable().kind != error_kind::none) refused_ = shared_.unusable();
    if (const auto fault = wire::bucket_name_fault(bucket_); !fault.empty() && !refused_)
      refused_ = detail::fail(error_kind::invalid_argument, fault);
    at_server_ = {now.steady, shared_.server_time(now.wall)};
    if (!refused_ && !identity_) identity_ = shared_.known_credentials(at_server_);
    if (!refused_ && !identity_) return need_credentials{};
    return done{};
  }
  result<auth::presigned_post> finish() {
    if (refused_) return std::move(*refused_);
    auto where = shared_.resolve(bucket_);
    if (!where) return std::move(where.error());
    auto work = shared_.lease();
    auto made = auth::presign_post(work->signer, where->origin() + where->path, bucket_, key_, std::move(fields_),
                                   {.expiration = at_server_.wall + expires_in_, .conditions = std::move(conditions_)}, *identity_,
                                   {.region = where->region}, at_server_.wall);
    shared_.give_back(std::move(work));
    return made;
  }
  void sent(http::outcome) noexcept {}
  void credentials(result<auth::credentials> c) {
    auto got = shared_.fetched(std::move(c), at_server_);
    if (got) {
      identity_ = std::move(*got);
    } else {
      refused_ = std::move(got.error());
    }
  }

 private:
  session<P>& shared_;
  std::string bucket_;
  std::string key_;
  std::chrono::seconds expires_in_;
  std::vector<auth::post_condition> conditions_;
  auth::form_fields fields_;
  instants at_server_{};
  detail::shared<const auth::credentials> identity_{};
  std::optional<error> refused_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
