// What must a transport be able to do, and a loop?
#pragma once

#include <concepts>
#include <optional>

#include <s3store/http/message.hpp>

namespace s3store::inline v0::http {

/// Performs one exchange on the caller's thread and returns when it is over. Safe to call from many threads at once.
template <class T>
concept transport = requires(T& t, exchange x) {
  { t.perform(x) } -> std::same_as<outcome>;
};

/// An exchange that a loop has finished; `tag` is the one that it was started with.
struct completion {
  void* tag{};
  outcome what;
};

/// Performs many exchanges at once for one thread. Only `wake` may be called from another one; it ends a `poll` early.
/// `poll` gives one finished exchange, or nothing at `until` at the latest, or after a wake.
/// `cancel` ends and forgets an exchange: nothing of it is touched any more, and no completion comes. (A cancel token completes it.)
template <class L>
concept loop = requires(L& l, exchange x, void* tag, steady_time until) {
  l.start(x, tag);
  l.cancel(tag);
  l.wake();
  { l.poll(until) } -> std::same_as<std::optional<completion>>;
};

}  // namespace s3store::inline v0::http
