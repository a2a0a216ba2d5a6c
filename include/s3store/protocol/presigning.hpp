// How is a presigned URL made? The request is encoded and gets an endpoint as for a call, but the signature goes into the query.
// The request is not sent, and no default headers or checksums are added.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <s3store/auth/sigv4.hpp>
#include <s3store/protocol/credentials_lookup.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/express_entry.hpp>
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

/// A machine, because credentials may have to be fetched first. The session must outlive it. A directory bucket wants the signature of a
/// session, which lasts about 5 minutes, and the URL no longer.
template <class P>
class presigning : public credentials_lookup<P> {
 public:
  using value_type = presigned_url;

  presigning(const wire::operation_door& door, const void* request, session<P>& shared, const call_options& options,
             std::chrono::seconds expires_in)
      : credentials_lookup<P>(shared), request_(shared), expires_in_(expires_in), express_(request_) {
    door.encode(request, request_.encoded());
    if (auto applied = request_.apply(options); !applied) this->refuse(std::move(applied.error()));
  }
  template <operation_request R>
  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : presigning(wire::door<R>::value, &request, shared, options, expires_in) {}

  step next(instants now) {
    auto needs = credentials_lookup<P>::next(now);
    if (!std::holds_alternative<done>(needs) || this->refused()) return needs;
    if (!std::exchange(located_, true))
      if (auto located = request_.locate(this->found()); !located) {
        this->refuse(std::move(located.error()));
        return done{};
      }
    const call_limits& limits = this->shared().configuration().limits;
    needs = express_.next(this->found(), {now.steady, this->server_time()},
                          {.within = {.connect = limits.connect, .first_byte = limits.first_byte, .idle = limits.idle}}, 3);
    http::response head;
    if (std::holds_alternative<done>(needs) && express_.failed()) this->refuse(express_.take_failure(head));
    return needs;
  }
  void sent(http::outcome o) { express_.sent(std::move(o)); }

  result<presigned_url> finish() {
    auto out = this->refused() ? result<presigned_url>{std::move(*this->refused())} : sign();
    if (!out) out = request_.located(std::move(out.error()));
    return out;
  }

 private:
  result<presigned_url> sign() {
    auto made = request_.signer().sign_query(request_.signable(auth::payload::not_signed), request_.encoded().fields, expires_in_,
                                             express_.signs(this->found()), request_.scope(), this->server_time());
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
  bool located_{};
  express_entry<P> express_;
};

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI
