// How is one operation run whose types are known? By an engine that does not know them, and a place for the response.
#pragma once

#include <utility>

#include <s3store/core/result.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/call_engine.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/session.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// One running operation. The request, the session and the sink must outlive it. It cannot be copied or moved.
template <operation_request R, class P>
class call {
 public:
  using value_type = response_of<R>;

  /// A streamed body goes to `into`; if that is null, it is collected in the response.
  call(const R& request, session<P>& shared, const call_options& options, http::sink* into = nullptr)
      : slot_(*out_, into), engine_(wire::door<R>::value, &request, &slot_, slot_.entrance(), shared, options) {}
  call(const R&&, session<P>&, const call_options&, http::sink* = nullptr) = delete;  // a temporary would be gone too early
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  step next(instants now) { return engine_.next(now); }
  void sent(http::outcome o) { engine_.sent(std::move(o)); }
  void credentials(result<auth::credentials> c) { engine_.credentials(std::move(c)); }
  result<value_type> finish() { return finish(engine_.finish()); }

  /// A driver may run `engine()`, whose type does not depend on the operation, and pass its result to `finish(end)` below.
  auto& engine() noexcept { return engine_; }
  result<value_type> finish(result<void> end) {
    if (!end) return result<value_type>::failed_as(std::move(end));
    out_.attach(end.release_meta());
    return std::move(out_);
  }

 private:
  result<value_type> out_{std::in_place};
  wire::response_slot<R> slot_;
  call_engine<P, wire::body_to_send<R>> engine_;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
