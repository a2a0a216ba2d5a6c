// What does a program use to talk to S3? A client. It holds a session and a transport, and has a function for each operation.
//
//   s3store::client s3{{.endpoint = "http://127.0.0.1:9000"}};
//   auto put = s3.put_object({.bucket = "b", .key = "k", .body = "hello"});
//   auto got = s3.get_object({.bucket = "b", .key = "k"});
//   if (got) use(got->body); else log(got.error().describe());
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

#include <chrono>
#include <concepts>
#include <exception>
#include <span>
#include <type_traits>
#include <utility>

#include <s3store/client/configuration_operations.hpp>
#include <s3store/client/loops.hpp>
#include <s3store/client/operations.hpp>
#include <s3store/client/pagers.hpp>
#include <s3store/client/post_signing.hpp>
#include <s3store/client/waiters.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/drive/blocking.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/protocol/call.hpp>
#include <s3store/protocol/environment_settings.hpp>
#include <s3store/protocol/presigning.hpp>
#include <s3store/protocol/store_profiles.hpp>
#include <s3store/transports/curl.hpp>

namespace s3store::inline S3STORE_ABI {

/// The policies of `client`. Derive from it to replace some of them; see protocol/policies.hpp.
struct default_policies : protocol_policies {
  using transport = curl_transport;
  using sleeper = thread_sleeper;
};

/// The policy objects that a client is constructed with; those not given are default-constructed.
template <class P>
struct policy_values {
  typename P::transport transport{};
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::sleeper sleeper{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// Move-only. Its const members may be called from several threads at once. A moved-from client can only be destroyed or assigned
/// to. The constructor does no I/O and reports no error: if a setting is malformed, every call fails with that error.
///
/// After fork, parent and child may both go on with it, whatever other threads did with it at the fork. The child opens connections of its
/// own and does nothing to its parent's. If a sink, source or other callback forks while bytes move, the call goes on in the parent; in the
/// child it fails with error_kind::cancelled, is not repeated, and nothing of it reaches the server. What is the caller's is shared as
/// always: a file that both processes have open has one position. With another transport than libcurl's, its own rules hold.
///
/// Failures are returned as errors. What a function of the caller's throws (a sink, a source, a progress callback) is thrown again
/// by the call. Otherwise only s3_error may be thrown, if libcurl can't be initialised; and std::bad_alloc by the constructor and by
/// what runs more than one call. A call that gets no memory ends with an error of kind out_of_memory, and others are not affected.
template <class P = default_policies>
class basic_client : public operation_members<basic_client<P>>,
                     public configuration_members<basic_client<P>>,
                     public pager_members<basic_client<P>>,
                     public waiter_members<basic_client<P>> {
  static_assert(http::transport<typename P::transport>, "policies::transport must have perform(http::exchange) -> http::outcome");
  static_assert(sleeper<typename P::sleeper>,
                "policies::sleeper must have sleep_until(steady_time, const cancel_token&) -> result<void>");

 public:
  using policies = P;

  explicit basic_client(settings s = {})
    requires std::default_initializable<typename P::credentials>
      : basic_client(std::move(s), sans_io::initial_values<policy_values<P>>()) {}
  basic_client(settings s, policy_values<P> values) : state_(detail::make_owned<state>(std::move(s), std::move(values))) {}

  /// Sends a request, blocks until the answer is complete, and returns the response or an error. A streamed body is collected in
  /// the response, up to `max_body` bytes.
  template <operation_request R>
  result<response_of<R>> send(const R& request, const call_options& options = {}) const {
    return call(request, nullptr, options);
  }
  /// The same, but the body goes to `into`, on this thread, and the response's body stays empty. If the result is an error, what
  /// the sink got must not be used.
  template <operation_request R>
  result<response_of<R>> send(const R& request, http::sink& into, const call_options& options = {}) const {
    static_assert(R::spec.answer == answer_body::stream, "this operation's answer is a document, not a stream for a sink");
    return call(request, &into, options);
  }
  /// The same for a function `void(std::span<const std::byte>)`, called on this thread. If it throws, the call ends and throws the
  /// same.
  template <operation_request R, class F>
    requires std::invocable<F&, std::span<const std::byte>>
  result<response_of<R>> send(const R& request, F&& write, const call_options& options = {}) const {
    http::function_sink into{[&write](std::span<const std::byte> bytes) { write(bytes); }};
    return send(request, into, options);
  }

  /// A URL with which anybody may send this one request, for `expires_in` (1 second to 7 days; else invalid_argument). Sends
  /// nothing, except what it takes to fetch credentials.
  template <operation_request R>
  result<presigned_url> presign(const R& request, std::chrono::seconds expires_in, const call_options& options = {}) const {
    sans_io::presigning<P> machine{request, state_->shared, options, expires_in};
    return run(machine);
  }

  /// A form with which a browser may upload to `key` for `expires_in` (1 second to 7 days). S3 puts the file's name in the place of
  /// "${filename}" in `key` or `fields`; the policy then holds what is before it. invalid_argument if `key` is empty, `expires_in` is
  /// any other time, or no form could meet `conditions`.
  result<auth::presigned_post> presign_post(std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
                                            std::vector<auth::post_condition> conditions = {},
                                            auth::form_fields fields = {}) const {
    sans_io::post_signing<P> machine{state_->shared, bucket, key, expires_in, std::move(conditions), std::move(fields)};
    return run(machine);
  }

  /// Runs a machine to its end on this thread, for example an upload (transfer/upload.hpp) or a machine of your own. The machines that
  /// it starts run beside it, on this thread, too; or one after another, if the transport makes no loops.
  template <sans_io::machine M>
  result<typename M::value_type> run(M& machine) const {
    if constexpr (sans_io::starts_machines<M> && http::makes_loops<typename P::transport>) {
      return rethrowing(run_on_loop(machine));
    } else {
      return rethrowing(drive(machine));
    }
  }

  const settings& configuration() const noexcept { return state_->shared.configuration(); }
  /// What the client's calls share; needed to run machines in your own driver (see drive/).
  sans_io::session<P>& shared() const noexcept { return state_->shared; }
  typename P::sleeper& sleeping() const noexcept { return state_->sleeping; }

 private:
  template <sans_io::machine M>
  result<typename M::value_type> drive(M& machine) const {
    return sans_io::drive(machine, state_->shared, state_->transport, state_->sleeping);
  }
  template <sans_io::machine M>
  result<typename M::value_type> run_on_loop(M& machine) const {
    auto loop = state_->loops.lease(state_->transport);
    result<typename M::value_type> out{detail::out_of_memory()};
    {
      loop_driver driver{state_->shared, loop};
      driver.start(machine, [&out](result<typename M::value_type> end) { out = std::move(end); });
      driver.run();
    }
    state_->loops.give_back(std::move(loop));
    return out;
  }
  template <operation_request R>
  result<response_of<R>> call(const R& request, http::sink* into, const call_options& options) const {
    const auto run = [&]() -> result<response_of<R>> {
      try {
        sans_io::call<R, P> machine{request, state_->shared, options, into};
        return machine.finish(drive(machine.engine()));
      } catch (const std::bad_alloc&) {
        return detail::out_of_memory();
      }
    };
    return rethrowing(run());
  }
  /// Throws what a function of the caller threw.
  template <class Result>
  static Result rethrowing(Result out) {
    if (!out && out.error().thrown) std::rethrow_exception(out.error().thrown);
    return out;
  }

  struct state {
    state(settings s, policy_values<P>&& v)
        : shared(std::move(s),
                 sans_io::session_values<P>{std::move(v.retry), std::move(v.credentials), std::move(v.clock),
                                            std::move(v.checksums), std::move(v.endpoint_rules), std::move(v.observer)}),
          transport(std::move(v.transport)),
          sleeping(std::move(v.sleeper)) {
      const std::string& authorities = shared.configuration().ca_bundle;
      if constexpr (requires { transport.trust(authorities); })
        if (!authorities.empty()) transport.trust(authorities);
    }
    sans_io::session<P> shared;
    typename P::transport transport;
    typename P::sleeper sleeping;
    typename detail::loop_pool_for<typename P::transport>::type loops{};
  };

  detail::owned<state> state_;
};

using client = basic_client<>;

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_COMPILED
#include <s3store/client/client_impl.hpp>
#endif

#endif  // S3STORE_UNSUPPORTED
