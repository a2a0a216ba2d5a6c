// How is a URL made that lets whoever has it do one thing? By a call that is stopped before its first send.
#pragma once

#include <chrono>
#include <utility>

#include <s3store/protocol/call.hpp>

namespace s3store::inline v0 {

/// The first send of an operation, stopped before it happens.
template <operation_request R, class P>
class presigning final : public call_engine<P, no_upload_body> {
  using engine = call_engine<P, no_upload_body>;
  using action = typename engine::action;

 public:
  using value_type = presigned_url;

  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : engine(shared, options, nullptr) {
    encode(request, this->encoded());
    this->presign_for(expires_in);
  }

  step<value_type> next(instants now) {
    if (this->advance(now) == action::credentials) return need_credentials{};
    if (!this->succeeded()) return done<value_type>{this->take_failure()};
    return done<value_type>{std::move(this->presigned())};
  }
};

}  // namespace s3store::inline v0
