// How does a transfer have several calls under way? It adds them here, and its steps are these calls (http/machine.hpp). What each of them
// gave is told to a function, on the thread that runs the transfer.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include <s3store/core/cancel.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/protocol/any_machine.hpp>
#include <s3store/protocol/call.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Part of the machine of a transfer; like it, it cannot be moved. The session must outlive it.
template <class P>
class transfer_calls {
 public:
  /// The options hold for each call. If their token is cancelled, so are the calls.
  transfer_calls(sans_io::session<P>& shared, const call_options& options)
      : shared_(shared), options_(options), by_caller_(options.stop, &stop_, [](void* source) { static_cast<cancel_source*>(source)->cancel(); }) {
    if (options_.stop.cancelled()) stop_.cancel();
    options_.stop = stop_.token();
  }

  sans_io::session<P>& shared() const noexcept { return shared_; }
  /// The options of the calls, with the token that `stop` cancels.
  const call_options& options() const noexcept { return options_; }
  /// The calls that are added from here on have these limits.
  void set_limits(const call_limits& limits) { options_.limits = limits; }

  /// Adds a call, which starts at the next step. `took(call, result<response_of<R>>)` is called when it has ended; `call` is the
  /// `sans_io::call`. A streamed body goes to `into`, which must outlive the call.
  template <operation_request R, class Took>
  void add(R request, Took took, http::sink* into = nullptr) {
    append(owned<any_call>{new one<R, Took>(std::move(request), shared_, options_, into, std::move(took))});
  }
  /// Adds a call that neither the caller's token nor `stop` ends: it clears up after a failure.
  template <operation_request R, class Took>
  void add_to_clear_up(R request, Took took) {
    call_options unstopped = options_;
    unstopped.stop = cancel_token{};
    append(owned<any_call>{new one<R, Took>(std::move(request), shared_, unstopped, nullptr, std::move(took))});
  }

  /// Cancels the calls that are under way. What they give is still told.
  void stop() const { stop_.cancel(); }
  bool stopped() const noexcept { return options_.stop.cancelled(); }
  /// How many calls have been added and have not ended.
  std::size_t size() const noexcept { return size_; }

  /// The transfer's next step: to start a call that was added, or to wait until one ends. Nothing if there is none.
  std::optional<sans_io::step> next() noexcept {
    if (to_start_) {
      auto begun = std::move(to_start_);
      to_start_ = std::move(begun->after);
      if (!to_start_) last_ = &to_start_;
      begun->after = std::move(running_);
      running_ = std::move(begun);
      return sans_io::start{&running_->machine()};
    }
    if (size_ != 0) return sans_io::wait{};
    return std::nullopt;
  }
  /// Tells what the call gave. It may add other calls.
  void ended(sans_io::any_machine& child) {
    owned<any_call>* at = &running_;
    while (&(*at)->machine() != &child) at = &(*at)->after;
    auto gone = std::move(*at);
    *at = std::move(gone->after);
    --size_;
    gone->tell();
  }

 private:
  struct any_call {
    virtual ~any_call() = default;
    virtual sans_io::any_machine& machine() noexcept = 0;
    virtual void tell() = 0;
    owned<any_call> after{};
  };
  template <class R, class Took>
  struct one final : any_call {
    one(R r, sans_io::session<P>& shared, const call_options& options, http::sink* into, Took f)
        : request(std::move(r)), call(request, shared, options, into), took(std::move(f)) {}
    sans_io::any_machine& machine() noexcept override { return ref; }
    void tell() override {
      auto end = ref.finish();
      took(call, call.finish(std::move(end)));
    }
    R request;
    sans_io::call<R, P> call;
    sans_io::machine_ref<std::remove_cvref_t<decltype(std::declval<sans_io::call<R, P>&>().engine())>> ref{call.engine()};
    Took took;
  };

  void append(owned<any_call> c) noexcept {
    *last_ = std::move(c);
    last_ = &(*last_)->after;
    ++size_;
  }

  sans_io::session<P>& shared_;
  call_options options_;
  cancel_source stop_{};
  cancel_waiter by_caller_;
  owned<any_call> to_start_{}, running_{};  // lists
  owned<any_call>* last_{&to_start_};
  std::size_t size_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
