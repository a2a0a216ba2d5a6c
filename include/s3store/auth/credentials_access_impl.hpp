// What does a call do that finds no credentials it may use at once? The definitions for credentials_access.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include <s3store/auth/credentials_access.hpp>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE credentials_access::~credentials_access() {
  if (task_ != 0) from_.give_up(task_);
}

S3STORE_INLINE sans_io::step credentials_access::look(instants now, steady_time deadline, const cancel_token& stop) {
  for (;;) {
    if (task_ != 0) return sans_io::need_credentials{deadline, stop};
    if (waiting_) {
      const auto until = (std::min)(waiting_->until, deadline);
      if (!stop.cancelled() && !waiting_->ended.cancelled() && now.steady < until) return sans_io::wait{until, waiting_->either.token()};
      failure_ = from_.failure_of(waiting_->task);
      waiting_.reset();
      if (stop.cancelled()) failure_ = detail::fail(error_kind::cancelled, "the call was cancelled while it waited for credentials");
      if (now.steady >= deadline) failure_ = detail::fail(error_kind::deadline_exceeded, "no time was left after the wait for credentials");
      if (failure_.kind != error_kind::none) return sans_io::done{};
    }
    auto known = from_.get(now);
    if (known.awaited != 0) {
      waiting_ = detail::make_owned<waiting>(known, stop);
    } else if (known.task != 0) {
      task_ = known.task;
    } else {
      value_ = std::move(known.value);
      return sans_io::done{};
    }
  }
}

S3STORE_INLINE void credentials_access::fetched(result<credentials> c, instants now) {
  // Our task ends with these calls, and if there is no memory for one of them, in the destructor.
  if (c) {
    value_ = from_.put(task_, std::move(*c), now);
  } else if (auto still = from_.failed(task_, std::move(c.error()), now)) {
    value_ = std::move(*still);
  } else {
    failure_ = std::move(still.error());
  }
  task_ = 0;
}

}  // namespace s3store::inline S3STORE_ABI::auth
