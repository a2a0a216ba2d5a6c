// How is a URL made that lets whoever has it do one thing? By a call that is stopped before its first send.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <s3store/protocol/call.hpp>

namespace s3store::inline v0 {

/// What a presigned URL is: who has it may do the one thing it says, until it expires.
struct presigned_url {
  std::string url{};
  http::method method{};
  headers fields{};      ///< headers that must be sent as they stand here, because the signature covers them
  timestamp expires{};
};

/// The first send of an operation, stopped before it happens: the signature goes into the query.
template <operation_request R, class P>
class presigning final : public call_engine<P, no_upload_body> {
  using engine = call_engine<P, no_upload_body>;
  using action = typename engine::action;

 public:
  using value_type = presigned_url;

  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : engine(shared, options, nullptr, false), expires_in_(expires_in) {
    encode(request, this->encoded());
  }

  step<value_type> next(instants now) {
    if (this->advance(now) == action::credentials) return need_credentials{};
    if (!this->succeeded()) return done<value_type>{this->take_failure()};
    return done<value_type>{std::move(presigned_)};
  }

 private:
  result<void> attempt() override {
    if (auto located = this->locate(); !located) return located;
    const timestamp when = this->server_time();
    auto made = this->signer().sign_query(this->signable(auth::payload::not_signed), this->encoded().fields, expires_in_, this->identity(),
                                          this->scope(), when);
    if (!made) return result<void>::failed_as(std::move(made));
    this->append_to_url(made->query);
    presigned_ = {.url = this->wire().url,
                  .method = this->spec().method,
                  .fields = std::move(made->signed_fields),
                  .expires = when + expires_in_};
    this->finish();
    return {};
  }

  std::chrono::seconds expires_in_;
  presigned_url presigned_{};
};

}  // namespace s3store::inline v0
