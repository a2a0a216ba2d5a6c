// How does a protocol ask for I/O without doing any? It is a machine: it says which step it needs next, and is told the outcome.
//
// A driver calls `next(now)` again and again, and does what the returned step says:
//   send              perform the exchange, then call `sent(outcome)`
//   wait              wait until that time
//   need_credentials  get credentials, then call `credentials(result)`
//   local             do the task on this computer (http/local_task.hpp), then call `local_done(result)`
//   start             run that other machine beside this one, and call `ended(child)` once it is done
//   done              call `finish()` once, for the machine's result
// A machine has `credentials`, `local_done` and `ended` only if it can ask for these; one that asks all the same ends with an error.
// A machine must not be moved, because its steps point into it. Only one thread at a time may call it.
//
// A machine with children goes on at once after `start`. If it has nothing to do until a child ends, it says `wait`, which ends then, too;
// but while an exchange, a fetch or a task of its own is under way, it is only told of the end. It is done only once all of its children
// have ended, and owns them until then. A driver need not run children beside each other: one that can do only one thing at a time runs
// each to its end when it is started.
//
// Steps do not depend on the type of the result, so a driver handles all machines alike. A new kind of step becomes another alternative
// of `step`, and a driver that does not handle it does not compile. See docs/decisions/0008.
#pragma once

#include <concepts>
#include <string_view>
#include <utility>
#include <variant>

#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

struct send {
  http::exchange what{};
};
struct wait {
  steady_time until{(steady_time::max)()};
  cancel_token stop{};  ///< ends the wait early; `next` is then called as after any wait
};
struct need_credentials {
  steady_time deadline{(steady_time::max)()};  ///< of the call, so no fetch may go on longer
  cancel_token stop{};                         ///< of the call
};
struct local_task;  // http/local_task.hpp
struct local {
  const local_task* what{};  ///< the machine's, until `local_done` is called
};
class any_machine;  // protocol/any_machine.hpp
struct start {
  any_machine* child{};  ///< valid until `ended` is called
};
struct done {};

using step = std::variant<send, wait, need_credentials, local, start, done>;

/// The error of a machine that asked for a step whose outcome it has no member for (`credentials`, `local_done`, `ended`).
inline error unanswerable(std::string_view member) {
  return detail::fail(error_kind::configuration, {"a machine asked for a step, but has no member ", member, " that takes its outcome"});
}

template <class M>
concept machine = requires(M& m, instants now, http::outcome o) {
  typename M::value_type;
  { m.next(now) } -> std::same_as<step>;
  m.sent(std::move(o));
  { m.finish() } -> std::same_as<result<typename M::value_type>>;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
