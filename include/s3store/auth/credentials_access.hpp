// How does one call come by the credentials that all calls of a client share? They are there, or this call fetches them, or it waits for
// another call that does.
#pragma once

#include <cstdint>
#include <utility>

#include <s3store/auth/cache.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Part of a machine. The cache must outlive it. If it is destroyed while it fetches, another call fetches.
class credentials_access {
 public:
  explicit credentials_access(credentials_cache& from) noexcept : from_(from) {}
  credentials_access(const credentials_access&) = delete;
  credentials_access& operator=(const credentials_access&) = delete;
  ~credentials_access();

  /// What the machine must do next: `need_credentials`, and then call `fetched`; or `wait`, and then call this again; or nothing (`done`),
  /// since there are credentials, or else a `failure`. The call ends at `deadline`, or when `stop` is cancelled.
  sans_io::step next(instants now, steady_time deadline, const cancel_token& stop) {
    if (value_ || failure_.kind != error_kind::none) return sans_io::done{};
    return look(now, deadline, stop);
  }
  void fetched(result<credentials> c, instants now);

  explicit operator bool() const noexcept { return static_cast<bool>(value_); }
  const credentials& operator*() const noexcept { return *value_; }
  const credentials* operator->() const noexcept { return value_.get(); }
  const credentials* get() const noexcept { return value_.get(); }
  error& failure() noexcept { return failure_; }

  /// Forgets the credentials, so that they are looked up again.
  void reset() noexcept { value_.reset(); }

 private:
  /// For the end of another call's fetch, or of this call.
  struct waiting {
    waiting(const credentials_cache::answer& other, const cancel_token& stop)
        : task(other.awaited), until(other.until), ended(other.ended), of_ended(ended, &either, wake), of_stop(stop, &either, wake) {}
    static void wake(void* source) { static_cast<cancel_source*>(source)->cancel(); }

    std::uint64_t task;
    steady_time until;
    cancel_token ended;
    cancel_source either{};
    cancel_waiter of_ended, of_stop;
  };
  sans_io::step look(instants now, steady_time deadline, const cancel_token& stop);

  credentials_cache& from_;
  detail::shared<const credentials> value_{};
  error failure_{};
  std::uint64_t task_{};              // ours
  detail::owned<waiting> waiting_{};  // for another call's
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/credentials_access_impl.hpp>
#endif
