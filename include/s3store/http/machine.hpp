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
#include <utility>
#include <variant>

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

template <class T>
using step = std::variant<send, wait, need_credentials, done<T>>;

template <class M>
concept machine = requires(M& m, instants now, http::outcome o) {
  typename M::value_type;
  { m.next(now) } -> std::same_as<step<typename M::value_type>>;
  m.sent(std::move(o));
};

}  // namespace s3store::inline v0
