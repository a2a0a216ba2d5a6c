// What must a transport do, and what a loop? A transport performs one exchange at a time for each caller, a loop many at once.
#pragma once

#include <concepts>
#include <optional>

#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::http {

/// Performs one exchange on the caller's thread and returns when it has ended. Many threads may call it at once.
template <class T>
concept transport = requires(T& t, exchange x) {
  { t.perform(x) } -> std::same_as<outcome>;
};

/// An exchange that a loop has finished; `tag` is what was given to `start`.
struct completion {
  void* tag{};
  outcome what;
};

/// Performs many exchanges at once on one thread; only `wake` may be called from another thread.
///   start   begins an exchange
///   poll    waits, and returns one finished exchange, or nothing at `until` or after a `wake`
///   wake    ends a `poll` early
///   cancel  ends an exchange: what it points to is not used any more, and `poll` does not return it. (An exchange that is ended by
///           its cancel token, however, is returned by `poll`.)
template <class L>
concept loop = requires(L& l, exchange x, void* tag, steady_time until) {
  l.start(x, tag);
  l.cancel(tag);
  l.wake();
  { l.poll(until) } -> std::same_as<std::optional<completion>>;
};

/// A transport that makes loops which send as it does (to the same network, with the same settings). A client needs one to run transfers
/// with several exchanges at once; with any other transport they are sent one after another. Called from any thread.
template <class T>
concept makes_loops = transport<T> && requires(const T& t) {
  { t.make_loop() } -> loop;
};

}  // namespace s3store::inline S3STORE_ABI::http
