// How can a test decide what the server answers? With this transport: it gives the answers of a script and records the requests.
//
//   scripted_transport server;
//   server.answer(503, {{"Retry-After", "1"}}).lose(error_kind::connection_lost).answer(200, {}, "hello");
//   client c{settings, {.transport = server}};          // copies share the script
//   …
//   REQUIRE(server.sent().size() == 3);
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/transports/scripted_time.hpp>

namespace s3store::inline S3STORE_ABI {

/// A request as it was sent, with its whole body.
struct recorded_request {
  http::method verb{};
  std::string url{};
  http::headers fields{};
  std::string body{};
  bool has_body{};
  bool no_expect{};
};

/// One answer of a script. `fails` says when `failure` happens, if at all.
struct scripted_reply {
  enum class moment : std::uint8_t {
    never,
    before_send,  ///< nothing is sent: the body is not read and the request not recorded (from `compute`: the same as before_head)
    before_head,  ///< the request is sent, but no answer comes
    within_body,  ///< the head and `whole` bytes of the body come, then the failure
  };
  http::response head{.status = 200};
  std::string body{};
  moment fails{moment::never};
  error failure{};
  std::size_t whole{(std::numeric_limits<std::size_t>::max)()};  ///< bytes of the body that come
  duration takes{};                                              ///< how long the answer takes, by the manual clock
};

/// Models `http::transport` and `http::loop`, without I/O and without waiting. Copies share the script, the recorded requests and
/// the exchanges that were started. May be used from several threads at once. `poll` performs exchanges in the order in which they were started. A HEAD gets no
/// body.
///
/// Limits hold: an answer that `takes` longer than `first_byte` or the deadline allows is an error of kind timeout or
/// deadline_exceeded. If there is a manual clock, it moves by the time that passes, and a `poll` with nothing to do moves it to
/// `until`.
class scripted_transport {
 public:
  using moment = scripted_reply::moment;

  scripted_transport() : shared_(std::make_shared<state>()) {}
  explicit scripted_transport(manual_clock clock) : shared_(std::make_shared<state>()), clock_(std::move(clock)) {}

  // --- The script ----------------------------------------------------------------------------------------------------------------

  scripted_transport& then(scripted_reply reply) { return add(std::unique_ptr<turn>{std::make_unique<fixed>(std::move(reply))}); }
  /// A complete answer.
  scripted_transport& answer(int status, http::headers fields = {}, std::string body = {}) {
    return then({.head = {status, std::move(fields)}, .body = std::move(body)});
  }
  /// Nothing is sent: as for an unknown host name, a refused connection or a bad certificate.
  scripted_transport& refuse(error_kind kind) { return then(failing(kind, moment::before_send)); }
  /// The request is sent, but no answer comes.
  scripted_transport& lose(error_kind kind = error_kind::connection_lost) { return then(failing(kind, moment::before_head)); }
  /// The head and the first `after` bytes of the body come, then the connection breaks.
  scripted_transport& cut(int status, http::headers fields, std::string body, std::size_t after,
                          error_kind kind = error_kind::connection_lost) {
    auto reply = failing(kind, moment::within_body);
    reply.head = {status, std::move(fields)};
    reply.body = std::move(body);
    reply.whole = after;
    return then(std::move(reply));
  }
  /// No answer ever comes: an error of kind timeout or deadline_exceeded, whichever limit comes first; transport if there is no
  /// limit.
  scripted_transport& hang() { return then({.takes = (duration::max)()}); }
  /// A function `scripted_reply(const recorded_request&)` that makes the next answer, or all further ones if `forever`. It is
  /// called on the thread of the exchange, so with `forever` possibly on several at once.
  template <class F>
  scripted_transport& compute(F f, bool forever = false) {
    auto made = std::make_unique<computed<F>>(std::move(f));
    made->forever = forever;
    return add(std::move(made));
  }

  // --- What happened -------------------------------------------------------------------------------------------------------------

  /// All requests that were sent, in order.
  std::vector<recorded_request> sent() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->sent;
  }
  /// How many exchanges took an answer from the script or found none left, including those where nothing was sent.
  std::size_t tried() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->tried;
  }
  /// How many answers of the script are left.
  std::size_t left() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->script.size() - shared_->next;
  }

  // --- The transport -------------------------------------------------------------------------------------------------------------

  http::outcome perform(http::exchange x) {
    if (x.stop.cancelled()) return cancelled();
    if (x.within.deadline <= now()) return late(error_kind::deadline_exceeded);
    turn* const now_due = next_turn();
    if (!now_due) return detail::fail(error_kind::transport, "the script has no more answers");
    if (now_due->refusal()) return *now_due->refusal();

    recorded_request request{x.out->verb, x.out->url, x.out->fields, {}, x.out->body != nullptr, x.out->no_expect};
    if (x.out->body)
      if (auto drained = drain(*x.out->body, request.body); !drained) return std::move(drained.error());
    http::transfer_stats moved{.sent = request.body.size()};
    scripted_reply reply = now_due->reply_to(request);
    {
      const std::lock_guard lock{shared_->guard};
      shared_->sent.push_back(std::move(request));
    }
    if (auto in_time = pass(reply.takes, x.within); !in_time) return std::move(in_time.error());
    if (reply.fails == moment::before_head || reply.fails == moment::before_send) return std::move(reply.failure);

    http::sink* into = nullptr;
    if (x.in) {
      auto taken = x.in->on_response(std::move(reply.head));
      if (!taken) return std::move(taken.error());
      into = *taken;
    }
    if (x.out->verb != http::method::head) {
      const auto body = detail::as_bytes(reply.body).first((std::min)(reply.body.size(), reply.whole));
      if (into && !body.empty())
        if (auto written = into->write(body); !written) return std::move(written.error());
      moved.received = body.size();
    }
    if (x.stop.cancelled()) return cancelled();
    if (reply.fails == moment::within_body) return std::move(reply.failure);
    return moved;
  }

  // --- The loop ------------------------------------------------------------------------------------------------------------------

  /// A loop with exchanges of its own; the script is shared.
  scripted_transport make_loop() const {
    scripted_transport out = *this;
    out.under_way_ = std::make_shared<queue>();
    return out;
  }

  void start(http::exchange x, void* tag) {
    const std::lock_guard lock{under_way_->guard};
    under_way_->started.push_back({std::move(x), tag});
  }
  void cancel(void* tag) {
    const std::lock_guard lock{under_way_->guard};
    std::erase_if(under_way_->started, [tag](const pending& p) { return p.tag == tag; });
  }
  void wake() {
    const std::lock_guard lock{under_way_->guard};
    under_way_->woken = true;
  }
  std::optional<http::completion> poll(steady_time until) {
    auto next = next_started();
    if (next) return http::completion{next->tag, perform(std::move(next->what))};
    const std::lock_guard lock{under_way_->guard};
    if (!std::exchange(under_way_->woken, false) && clock_ && until != (steady_time::max)()) clock_->advance_to(until);
    return std::nullopt;
  }

 private:
  struct turn {
    virtual ~turn() = default;
    virtual const error* refusal() const { return nullptr; }  ///< the error if nothing is sent; else null
    virtual scripted_reply reply_to(const recorded_request&) = 0;
    bool forever{};
  };
  struct fixed final : turn {
    explicit fixed(scripted_reply r) : reply(std::move(r)) {}
    const error* refusal() const override { return reply.fails == moment::before_send ? &reply.failure : nullptr; }
    scripted_reply reply_to(const recorded_request&) override { return reply; }
    scripted_reply reply;
  };
  template <class F>
  struct computed final : turn {
    explicit computed(F f) : function(std::move(f)) {}
    scripted_reply reply_to(const recorded_request& request) override { return function(request); }
    F function;
  };
  struct pending {
    http::exchange what{};
    void* tag{};
  };
  struct state {
    std::mutex guard{};
    std::vector<std::unique_ptr<turn>> script{};
    std::size_t next{};  // index of the next answer; those before it may still be in use
    std::vector<recorded_request> sent{};
    std::size_t tried{};
  };
  struct queue {
    std::mutex guard{};
    std::vector<pending> started{};
    bool woken{};
  };

  static error cancelled() { return detail::fail(error_kind::cancelled, "the caller cancelled the exchange"); }
  static error late(error_kind kind) { return detail::fail(kind, "no answer came in time"); }
  static scripted_reply failing(error_kind kind, moment when) {
    return {.fails = when, .failure = detail::fail(kind, {"the script says: ", to_string(kind)})};
  }

  scripted_transport& add(std::unique_ptr<turn> t) {
    const std::lock_guard lock{shared_->guard};
    shared_->script.push_back(std::move(t));
    return *this;
  }
  /// Null if the script has ended.
  turn* next_turn() {
    const std::lock_guard lock{shared_->guard};
    ++shared_->tried;
    if (shared_->next == shared_->script.size()) return nullptr;
    turn* const first = shared_->script[shared_->next].get();
    if (!first->forever) ++shared_->next;
    return first;
  }
  std::optional<pending> next_started() {
    const std::lock_guard lock{under_way_->guard};
    if (under_way_->started.empty()) return std::nullopt;
    pending first = std::move(under_way_->started.front());
    under_way_->started.erase(under_way_->started.begin());
    return first;
  }

  static result<void> drain(http::source& from, std::string& into) {
    std::byte block[16 * 1024];
    const auto promised = from.size();
    for (;;) {
      auto n = http::read_some(from, block);
      if (!n) return std::move(n.error());
      if (*n == 0) break;
      into.append(detail::as_text({block, *n}));
    }
    if (promised && *promised != into.size())
      return detail::fail(error_kind::body_source, {"the source gave ", detail::decimal(into.size()), " bytes and promised ", detail::decimal(*promised)});
    return {};
  }

  steady_time now() const noexcept { return clock_ ? clock_->now().steady : std::chrono::steady_clock::now(); }

  /// Moves the clock by the time an answer takes, or only up to a limit; then it fails.
  result<void> pass(duration takes, const http::limits& within) const {
    const duration left = detail::saturating_sub(within.deadline, now());
    const duration patience = within.first_byte > duration::zero() ? within.first_byte : (duration::max)();
    const duration most = (std::min)(left, patience);
    if (takes >= most && within.deadline == (steady_time::max)() && patience == (duration::max)())
      return detail::fail(error_kind::transport, "the script hangs, and the exchange has no limit that would end it");
    if (clock_) clock_->advance((std::min)(takes, most));
    if (takes < most) return {};
    return late(left <= patience ? error_kind::deadline_exceeded : error_kind::timeout);
  }

  std::shared_ptr<state> shared_;
  std::shared_ptr<queue> under_way_{std::make_shared<queue>()};
  std::optional<manual_clock> clock_{};  // nullopt: the real clock
};

static_assert(http::makes_loops<scripted_transport> && http::loop<scripted_transport>);

}  // namespace s3store::inline S3STORE_ABI
