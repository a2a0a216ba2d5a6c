// How is a presigned URL made? The request is encoded and gets an endpoint as for a call, but the signature goes into the query.
// The request is not sent, and no default headers or checksums are added.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <s3store/auth/sigv4.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/prepared_request.hpp>

namespace s3store::inline S3STORE_ABI {

/// Whoever has this URL may send the one request it was made for, until it expires. So it is a secret.
struct presigned_url {
  std::string url{};
  http::method method{};
  headers fields{};      ///< headers that must be sent exactly as they are here, because the signature covers them
  timestamp expires{};
};

namespace sans_io {

/// A machine, because credentials may have to be fetched first. The session and the options must outlive it.
template <class P>
class presigning {
 public:
  using value_type = presigned_url;

  presigning(const wire::operation_door& door, const void* request, session<P>& shared, const call_options& options,
             std::chrono::seconds expires_in)
      : request_(shared), options_(options), expires_in_(expires_in) {
    door.encode(request, request_.encoded());
  }
  template <operation_request R>
  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : presigning(wire::door<R>::value, &request, shared, options, expires_in) {}

  step next(instants now) {
    if (!applied_) {
      applied_ = true;
      if (auto applied = request_.apply(options_); !applied) refused_ = std::move(applied.error());
    }
    at_server_ = {now.steady, request_.shared().server_time(now.wall)};
    if (!refused_ && !identity_) identity_ = request_.shared().known_credentials(at_server_);
    if (!refused_ && !identity_) return need_credentials{};
    return done{};
  }
  result<presigned_url> finish() {
    auto out = refused_ ? result<presigned_url>{std::move(*refused_)} : sign();
    if (!out) out = request_.located(std::move(out.error()));
    return out;
  }
  void sent(http::outcome) noexcept {}
  void credentials(result<auth::credentials> c) {
    auto got = request_.shared().fetched(std::move(c), at_server_);
    if (got) {
      identity_ = std::move(*got);
    } else {
      refused_ = std::move(got.error());
    }
  }

 private:
  result<presigned_url> sign() {
    if (auto located = request_.locate(); !located) return result<presigned_url>::failed_as(std::move(located));
    auto made = request_.signer().sign_query(request_.signable(auth::payload::not_signed), request_.encoded().fields, expires_in_,
                                             *identity_, request_.scope(), at_server_.wall);
    if (!made) return result<presigned_url>::failed_as(std::move(made));
    request_.append_to_url(made->query);
    return presigned_url{.url = request_.wire().url,
                         .method = request_.spec().method,
                         .fields = std::move(made->signed_fields),
                         .expires = at_server_.wall + expires_in_};
  }

  prepared_request<P> request_;
  const call_options& options_;
  std::chrono::seconds expires_in_;
  instants at_server_{};
  bool applied_{};
  detail::shared<const auth::credentials> identity_{};
  std::optional<error> refused_{};
};

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI
