// What does a program talk to? A client: a session, a transport, and a function for each operation.
//
//   s3store::client s3{{.endpoint = "http://127.0.0.1:9000"}};
//   auto put = s3.put_object({.bucket = "b", .key = "k", .body = "hello"});
//   auto got = s3.get_object({.bucket = "b", .key = "k"});
//   if (got) use(got->body); else log(got.error().describe());
#pragma once

#include <chrono>
#include <concepts>
#include <exception>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include <s3store/client/configuration_operations.hpp>
#include <s3store/client/operations.hpp>
#include <s3store/client/pagers.hpp>
#include <s3store/client/post_signing.hpp>
#include <s3store/client/waiters.hpp>
#include <s3store/drive/blocking.hpp>
#include <s3store/protocol/call.hpp>
#include <s3store/protocol/presigning.hpp>
#include <s3store/transports/curl.hpp>

namespace s3store::inline v0 {

/// What `client` is made of, and what bundles of one's own derive from; see protocol/policies.hpp.
struct default_policies : protocol_policies {
  using transport = curl_transport;
  using loop = curl_loop;
  using sleeper = thread_sleeper;
};

/// The instances behind the seams, each made by default where none is given.
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

/// Move-only. Its const members may be called from any thread; a moved-from client can only be destroyed or assigned to.
/// The constructor does no I/O: a malformed setting is the error of the first call.
template <class P = default_policies>
class basic_client : public operation_members<basic_client<P>>,
                     public configuration_members<basic_client<P>>,
                     public pager_members<basic_client<P>>,
                     public waiter_members<basic_client<P>> {
  static_assert(http::transport<typename P::transport>, "policies::transport must have perform(http::exchange) -> http::outcome");
  static_assert(sleeper<typename P::sleeper>, "policies::sleeper must have sleep_until(steady_time, const cancel_token&) -> result<void>");

 public:
  using policies = P;

  explicit basic_client(settings s = {}) : basic_client(std::move(s), policy_values<P>{}) {}
  basic_client(settings s, policy_values<P> values)
      : state_(make_owned<state>(std::move(s), std::move(values))) {}

  /// Sends a request and returns the response or an error. The body of an answer that is a stream is collected in the response.
  /// Throws only what a function of the caller's threw.
  template <operation_request R>
  result<response_of<R>> send(const R& request, const call_options& options = {}) const {
    call<R, P> machine{request, state_->shared, options};
    return run(machine);
  }
  /// The same; the body goes to `into`, and the response's own stays empty. Where the result is an error, so is what the sink was given.
  template <operation_request R>
  result<response_of<R>> send(const R& request, http::sink& into, const call_options& options = {}) const {
    static_assert(R::spec.answer == answer_body::stream, "this operation's answer is a document, not a stream for a sink");
    call<R, P> machine{request, state_->shared, options, &into};
    return run(machine);
  }
  /// The same, for a function that takes `std::span<const std::byte>` and may throw.
  template <operation_request R, class F>
    requires std::invocable<F&, std::span<const std::byte>>
  result<response_of<R>> send(const R& request, F&& write, const call_options& options = {}) const {
    http::function_sink into{[&write](std::span<const std::byte> bytes) { write(bytes); }};
    return send(request, into, options);
  }

  /// A URL for the one request, valid for `expires_in` (1 s to 7 days). Needs credentials, and sends nothing but what fetching them takes.
  template <operation_request R>
  result<presigned_url> presign(const R& request, std::chrono::seconds expires_in, const call_options& options = {}) const {
    presigning<R, P> machine{request, state_->shared, options, expires_in};
    return run(machine);
  }

  /// A form with which a browser may upload to `key` (a prefix, where it ends in "${filename}"). Valid for `expires_in`.
  result<auth::presigned_post> presign_post(std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
                                            std::vector<auth::post_condition> conditions = {}, auth::form_fields fields = {}) const {
    post_signing<P> machine{state_->shared, bucket, key, expires_in, std::move(conditions), std::move(fields)};
    return run(machine);
  }

  /// Runs a machine to its end on this thread: what a transfer, or a protocol of one's own, does its calls with.
  template <machine M>
  result<typename M::value_type> run(M& machine) const {
    auto out = drive(machine, state_->shared, state_->transport, state_->sleeping);
    if (!out && out.error().thrown) std::rethrow_exception(out.error().thrown);
    return out;
  }

  const settings& configuration() const noexcept { return state_->shared.configuration(); }
  /// What the client's calls share; for drivers of one's own (see drive/).
  session<P>& shared() const noexcept { return state_->shared; }
  typename P::sleeper& sleeping() const noexcept { return state_->sleeping; }

 private:
  struct state {
    state(settings s, policy_values<P>&& v)
        : shared(std::move(s), session_values<P>{std::move(v.retry), std::move(v.credentials), std::move(v.clock), std::move(v.checksums),
                                                 std::move(v.endpoint_rules), std::move(v.observer)}),
          transport(std::move(v.transport)),
          sleeping(std::move(v.sleeper)) {}
    session<P> shared;
    typename P::transport transport;
    typename P::sleeper sleeping;
  };

  owned<state> state_;
};

using client = basic_client<>;

// All of a call but the steps that know its operation, compiled once for a program whose files are many: every file defines
// S3STORE_PRECOMPILED, and one of them S3STORE_IMPLEMENTATION. (The CMake target s3store::precompiled does both.) Neither changes a type.
#if defined(S3STORE_IMPLEMENTATION) || defined(S3STORE_PRECOMPILED)
#ifdef S3STORE_IMPLEMENTATION
#define S3STORE_ELSEWHERE
#else
#define S3STORE_ELSEWHERE extern
#endif
S3STORE_ELSEWHERE template class session<default_policies>;
S3STORE_ELSEWHERE template class call_engine<default_policies, upload_body>;
S3STORE_ELSEWHERE template class call_engine<default_policies, no_upload_body>;
S3STORE_ELSEWHERE template class blocking_driver<session<default_policies>, curl_transport, thread_sleeper>;
S3STORE_ELSEWHERE template class basic_client<default_policies>;
#undef S3STORE_ELSEWHERE
#endif

}  // namespace s3store::inline v0
