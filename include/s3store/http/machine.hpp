// How does a protocol ask for I/O without doing any? It is a machine that says what it needs, and is told what came of it.
//
// A driver asks `next(now)` until the machine is done, and between two questions does what the step says:
//   send              perform the exchange, then call `sent(outcome)`
//   wait              let time pass until then
//   need_credentials  get credentials, then call `credentials(result)`
//   done<T>           the end; `value` is what the call returns
// A machine is pinned: the steps that it gives point into it.
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include <s3store/http/message.hpp>

namespace s3store::inline v0 {

struct send {
  http::exchange what{};
};
struct wait {
  steady_time until{};
  cancel_token stop{};  ///< ends the wait early; the machine is then asked again, as after any wait
};
struct need_credentials {};
template <class T>
struct done {
  result<T> value;
};

/// One of the four; each function gives that one, or null where the step is another. (A std::variant would say the same, but every
/// operation has a step of its own, and it costs a compiler 80 functions a type.)
template <class T>
class step {
 public:
  step(send s) : kind_(kind::send), send_(std::move(s)) {}
  step(wait w) : kind_(kind::wait), wait_(std::move(w)) {}
  step(need_credentials) noexcept : kind_(kind::need_credentials) {}
  step(done<T> d) : kind_(kind::done), done_(std::move(d)) {}

  send* as_send() noexcept { return kind_ == kind::send ? &send_ : nullptr; }
  wait* as_wait() noexcept { return kind_ == kind::wait ? &wait_ : nullptr; }
  done<T>* as_done() noexcept { return kind_ == kind::done ? &done_ : nullptr; }
  bool needs_credentials() const noexcept { return kind_ == kind::need_credentials; }

 private:
  enum class kind : std::uint8_t { send, wait, need_credentials, done };

  kind kind_;
  send send_{};
  wait wait_{};
  done<T> done_{result<T>{detail::nothing_yet{}}};
};

template <class M>
concept machine = requires(M& m, instants now, http::outcome o) {
  typename M::value_type;
  { m.next(now) } -> std::same_as<step<typename M::value_type>>;
  m.sent(std::move(o));
};

}  // namespace s3store::inline v0
