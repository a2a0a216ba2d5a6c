// How is a presigned URL made? The request is encoded and gets an endpoint as for a call, but the signature goes into the query.
// The request is not sent, and no default headers or checksums are added.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <s3store/auth/sigv4.hpp>
#include <s3store/protocol/credentials_lookup.hpp>
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

/// A machine, because credentials may have to be fetched first. The session must outlive it.
template <class P>
class presigning : public credentials_lookup<P> {
 public:
  using value_type = presigned_url;

  presigning(const wire::operation_door& door, const void* request, session<P>& shared, const call_options& options,
             std::chrono::seconds expires_in)
      : credentials_lookup<P>(shared), request_(shared), expires_in_(expires_in) {
    door.encode(request, request_.encoded());
    if (auto applied = request_.apply(options); !applied) this->refuse(std::move(applied.error()));
  }
  template <operation_request R>
  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : presigning(wire::door<R>::value, &request, shared, options, expires_in) {}

  result<presigned_url> finish() {
    auto out = this->refused() ? result<presigned_url>{std::move(*this->refused())} : sign();
    if (!out) out = request_.located(std::move(out.error()));
    return out;
  }

 private:
  result<presigned_url> sign() {
    if (auto located = request_.locate(this->found()); !located) return result<presigned_url>::failed_as(std::move(located));
    auto made = request_.signer().sign_query(request_.signable(auth::payload::not_signed), request_.encoded().fields, expires_in_,
                                             this->found(), request_.scope(), this->server_time());
    if (!made) return result<presigned_url>::failed_as(std::move(made));
    request_.keeps_secret();
    request_.append_to_url(made->query);
    detail::wipe(made->query);
    return presigned_url{.url = request_.wire().url,
                         .method = request_.spec().method,
                         .fields = std::move(made->signed_fields),
                         .expires = this->server_time() + expires_in_};
  }

  prepared_request<P> request_;
  std::chrono::seconds expires_in_;
};

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI
