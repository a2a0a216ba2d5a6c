// How does one operation run, from request to response? A state machine (http/machine.hpp) takes these steps, without I/O.
//
//   encode ─► resolve, rewind, sign ─► send ─► classify ─► parse
//                     ▲                            │
//                     └──────── back off ◄─────────┘
//
// The order inside an attempt matters. The endpoint is resolved before signing, because the signature covers the host. The body is
// rewound before signing, so that a body that can't be read again is never sent. Credentials are fetched after the wait, because
// they may have expired during it.
//
// `call_engine` does not know the operation's types: encoding and decoding go through two function pointers (protocol/door.hpp).
// `call` wraps it and gives the typed response.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/owned.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/download.hpp>
#include <s3store/protocol/prepared_request.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/protocol/session.hpp>
#include <s3store/protocol/upload.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// The request, the session and the sinks must outlive it. It cannot be copied or moved.
template <class P, class Body>  // upload_body, or no_upload_body
class call_engine final : public http::receiver {
 public:
  using value_type = void;

  /// `request` and `response` are passed to the functions of `door`. A streamed body goes to `into`; if that is null, it is
  /// collected.
  call_engine(const wire::operation_door& door, const void* request, void* response, http::sink* into, session<P>& shared,
              const call_options& options)
      : door_(door),
        response_(response),
        shared_(shared),
        options_(options),
        limits_(options.limits.value_or(shared.configuration().limits)),
        request_(shared),
        collected_(body_, options.max_body.value_or(shared.configuration().max_body)),
        gives_away_(into != nullptr),
        download_(into ? *into : static_cast<http::sink&>(collected_)) {
    door.encode(request, request_.encoded());
  }
  call_engine(const call_engine&) = delete;
  call_engine& operator=(const call_engine&) = delete;

  step next(instants now) {
    now_ = now;
    if (phase_ == phase::fresh) {
      started_ = now.steady;
      if (auto prepared = prepare(); !prepared) {
        conclude(std::move(prepared.error()));
      } else {
        phase_ = phase::ready;
      }
    }
    if (phase_ == phase::answered) classify_outcome();
    if (phase_ == phase::waiting && now.steady >= wait_until_) phase_ = phase::ready;
    if (phase_ == phase::waiting && options_.stop.cancelled())
      conclude(detail::fail(error_kind::cancelled, "the call was cancelled while it waited to try again"));
    if (phase_ == phase::waiting) return wait{wait_until_, options_.stop};
    if (phase_ == phase::ready) {
      if (options_.stop.cancelled()) {
        conclude(detail::fail(error_kind::cancelled, "the call was cancelled before it was sent"));
      } else {
        if (!identity_) identity_ = shared_.known_credentials(at_server());
        if (!identity_) return need_credentials{};
        if (auto ready = attempt(); !ready) conclude(std::move(ready.error()));
      }
    }
    if (phase_ != phase::finished) return send{exchange()};
    return done{};
  }
  /// The result of the exchange that `next` asked for.
  void sent(http::outcome o) {
    outcome_ = std::move(o);
    phase_ = phase::answered;
  }
  /// The credentials that `next` asked for.
  void credentials(result<auth::credentials> c) {
    auto got = shared_.fetched(std::move(c), at_server());
    if (!got) return conclude(std::move(got.error()));
    identity_ = std::move(*got);
  }

  /// Called once, after `next` returned `done`: decodes the answer into the response.
  result<void> finish() {
    if (failure_.kind == error_kind::none) {
      wire::received_answer answer{.status = head_.status,
                                   .fields = &head_.fields,
                                   .body = spec().answer == answer_body::stream ? &body_ : &request_.document(),
                                   .body_given_away = gives_away_,
                                   .decode_urls = request_.encoded().decode_urls,
                                   .operation = spec().name};
      failure_ = door_.decode(answer, response_);
    }
    result<void> out;
    if (failure_.kind != error_kind::none) out = completed(std::move(failure_));
    out.attach(meta());
    return out;
  }

  http::sink* on_response(http::response&& head) noexcept override {
    head_ = std::move(head);
    request_.document().clear();
    if (head_.status / 100 != 2 || spec().answer != answer_body::stream)
      return &buffer_.emplace(request_.document(), shared_.configuration().max_document);
    auto begun = download_.begin(head_, shared_.checksums().verify_downloads(), further_checksums(shared_.checksums()));
    if (!begun) {
      conclude_later_ = std::move(begun.error());
      return nullptr;
    }
    return &download_;
  }

 private:
  enum class phase { fresh, ready, sending, answered, waiting, finished };

  const operation_spec& spec() const noexcept { return request_.spec(); }
  /// The current time by the server's clock, if that is known: expiry dates refer to the server's clock.
  instants at_server() const noexcept { return {now_.steady, shared_.server_time(now_.wall)}; }

  http::exchange exchange() noexcept {
    http::limits within{limits_.connect, limits_.first_byte, limits_.idle, (steady_time::max)()};
    if (limits_.total != duration::zero()) within.deadline = started_ + limits_.total;
    return {.out = &request_.wire(), .in = this, .within = within, .stop = options_.stop};
  }

  void conclude(error e) {
    failure_ = std::move(e);
    phase_ = phase::finished;
  }

  // --- once a call ---------------------------------------------------------------------------------------------------------------

  result<void> prepare() {
    if (auto applied = request_.apply(options_); !applied) return applied;
    const settings& s = shared_.configuration();
    if (request_.encoded().has_bucket) {
      request_.add_default("x-amz-expected-bucket-owner", s.expected_bucket_owner);
      request_.add_default("x-amz-request-payer", s.request_payer);
    }
    request_.add_default("User-Agent", shared_.user_agent());
    if (spec().answer_checksum && shared_.checksums().verify_downloads()) request_.add_default("x-amz-checksum-mode", "ENABLED");
    return {};
  }

  // --- once an attempt -----------------------------------------------------------------------------------------------------------

  /// Prepares the next send: endpoint, body, signature.
  result<void> attempt() {
    if (auto located = request_.locate(); !located) return located;
    if (!planned_) {
      const auto mode = shared_.configuration().signing;
      const bool signs_by_itself = !request_.where().secure && !spec().unsigned_payload;
      const wire::upload_terms terms{
          .sign_payload = mode == payload_signing::always || (mode == payload_signing::automatic && signs_by_itself),
          .anonymous = identity_->anonymous(),
          .aws_chunked = shared_.configuration().profile.aws_chunked,
          .content_md5 = shared_.configuration().profile.content_md5,
          .checksum = shared_.checksums().for_upload(spec(), shared_.configuration().profile),
          .further = further_checksums(shared_.checksums())};
      if (auto planned = body_to_send_.plan(request_.encoded(), terms, request_.sha256()); !planned) return planned;
      planned_ = true;
    }
    if (!body_to_send_.rewind()) return detail::fail(error_kind::body_source, "the body cannot be read from its start");

    if (!identity_->session_token.empty()) request_.keeps_secret();
    http::request& wire = request_.wire();
    wire.verb = spec().method;
    wire.fields = request_.encoded().fields;
    if (download_.resuming()) {
      wire.fields.set("Range", download_.range());
      wire.fields.set("If-Match", download_.etag());
    }
    if (auto done = request_.signer().sign_headers(request_.signable(body_to_send_.payload()), wire.fields, *identity_,
                                                   request_.scope(), at_server().wall);
        !done)
      return done;
    if (identity_->anonymous() && body_to_send_.has_unsigned_trailer())
      wire.fields.set("x-amz-content-sha256", body_to_send_.payload());
    request_.append_to_url(request_.encoded().query);
    wire.body = body_to_send_.start(request_.signer());

    ++attempts_;
    attempt_started_ = now_.steady;
    head_ = {};
    request_.document().clear();
    body_.clear();
    phase_ = phase::sending;
    return {};
  }

  // --- after an attempt ----------------------------------------------------------------------------------------------------------

  void classify_outcome() {
    error e = attempt_failure();
    if (e.kind == error_kind::none) {
      shared_.retry().succeeded(attempts_);
      report(e, std::nullopt);
      phase_ = phase::finished;
      return;
    }
    e.maybe_own_success = answer_was_lost_ && may_be_own_success(e);
    const auto wait = next_wait(e);
    report(e, wait);
    if (!wait) return conclude(std::move(e));
    if (spec().method != http::method::get && spec().method != http::method::head)
      answer_was_lost_ = answer_was_lost_ || may_have_taken_effect(e);
    identity_.reset();  // the credentials may expire during the wait, so they are looked up again
    waited_ += *wait;
    wait_until_ = now_.steady + *wait;
    phase_ = phase::waiting;
  }

  /// The attempt's error; its kind is `none` for a success.
  error attempt_failure() {
    if (conclude_later_.kind != error_kind::none) return conclude_later_;
    const bool refused = head_.status >= 300;
    // A server that refuses an upload may answer and then close the connection. Its answer says more than the broken connection.
    if (!outcome_ && !refused) {
      if (spec().answer == answer_body::stream || outcome_.error().kind != error_kind::too_large)
        return std::move(outcome_.error());
      return conclude_later_ = detail::fail(error_kind::malformed_response, {"the answer: ", outcome_.error().message});
    }
    if (refused || (spec().error_in_success && is_error_document(request_.document()))) {
      error e = wire::service_error(head_, std::move(request_.document()));
      if (download_.resuming() && e.status == 412) e.message = "the object changed while it was downloaded";
      return e;
    }
    if (spec().error_in_success && detail::trim(request_.document()).empty())
      return detail::fail(error_kind::malformed_response, "the answer is empty, and so does not say whether it was done");
    if (spec().answer == answer_body::stream) {
      auto checked = download_.finish();
      if (!checked) return std::move(checked.error());
      integrity_ = *checked;
    }
    return {};
  }
  static bool is_error_document(std::string_view body) {
    // During a long copy S3 sends white space first, to keep the connection alive.
    body = detail::trim(body);
    if (body.starts_with("<?xml")) body = detail::trim(body.substr((std::min)(body.find("?>"), body.size() - 2) + 2));
    return body.starts_with("<Error");
  }

  static bool may_be_own_success(const error& e) noexcept {
    return e.kind == error_kind::precondition_failed || e.kind == error_kind::not_found || e.code == "BucketAlreadyOwnedByYou";
  }
  static bool may_have_taken_effect(const error& e) noexcept {
    return e.status >= 500 || e.kind == error_kind::server || e.kind == error_kind::connection_lost ||
           e.kind == error_kind::timeout || e.kind == error_kind::transport || e.kind == error_kind::malformed_response;
  }

  /// How long to wait before the next attempt; nullopt: there is none.
  std::optional<duration> next_wait(const error& e) {
    if (conclude_later_.kind != error_kind::none) return std::nullopt;
    const bool taught = learn(e);
    std::optional<duration> wait;
    if (taught) {
      wait = duration::zero();
    } else {
      wait = shared_.retry().next_wait({.attempt = attempts_,
                                        .failure = e,
                                        .kind = classify(e),
                                        .retry_after = wire::retry_after(head_.fields, at_server().wall),
                                        .max_attempts = options_.max_attempts});
    }
    if (!wait) return std::nullopt;
    if (limits_.retry_waits != duration::zero() && waited_ + *wait > limits_.retry_waits) return std::nullopt;
    if (limits_.total != duration::zero() && now_.steady + *wait >= started_ + limits_.total) return std::nullopt;
    // Checked last, because both calls change the state of body and download.
    const bool may_resume = spec().method == http::method::get && e.kind != error_kind::integrity;
    if (!body_to_send_.rewind() || !download_.restart(may_resume)) return std::nullopt;
    return wait;
  }

  /// Can the request be corrected with what the failure says (region, credentials, time)? Each of the three is corrected at most
  /// once in a call, so that a server that keeps refusing does not cause an endless loop.
  bool learn(const error& e) {
    const bool about_region = head_.status == 301 || head_.status == 307 || e.code == "AuthorizationHeaderMalformed" ||
                              e.code == "PermanentRedirect" || e.code == "IncorrectEndpoint" ||
                              (spec().method == http::method::head && head_.status == 400);
    if (about_region && !learned_region_ && is_region_name(e.region) && e.region != request_.where().region) {
      learned_region_ = true;
      shared_.learn_region(request_.encoded().bucket, e.region);
      return true;
    }
    if (!learned_identity_ && (e.code == "ExpiredToken" || e.code == "TokenRefreshRequired")) {
      learned_identity_ = true;
      shared_.identity().drop(identity_.get());
      return true;
    }
    if (learned_time_ || head_.status != 403) return false;
    const auto server = parse_http_date(head_.fields.value_or_empty("Date"));
    if (!server) return false;
    const auto skew = *server - at_server().wall;
    if (e.code != "RequestTimeTooSkewed" && (skew < tolerated_skew && skew > -tolerated_skew)) return false;
    learned_time_ = true;
    shared_.set_server_time(*server, now_.wall);
    return true;
  }

  void report(const error& e, std::optional<duration> wait) const {
    shared_.observer().attempt_ended({.operation = spec().name,
                                      .bucket = request_.encoded().bucket,
                                      .endpoint = request_.origin(),
                                      .attempt = attempts_,
                                      .status = head_.status,
                                      .kind = e.kind,
                                      .code = e.code,
                                      .elapsed = now_.steady - attempt_started_,
                                      .wait = wait});
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  /// Adds what is known about the call to an error.
  error completed(error e) const {
    if (e.status == 0) e.status = head_.status;  // the answer was cut off, or its checksum did not match
    if (e.request_id.empty()) e.request_id = head_.fields.value_or_empty("x-amz-request-id");
    if (e.host_id.empty()) e.host_id = head_.fields.value_or_empty("x-amz-id-2");
    e.attempts = attempts_;
    e.elapsed = now_.steady - started_;
    return request_.located(std::move(e));
  }
  detail::owned<response_meta> meta() {
    if (attempts_ == 0) return nullptr;
    auto out = detail::make_owned<response_meta>();
    out->status = head_.status;
    out->fields = std::move(head_.fields);
    out->attempts = attempts_;
    out->elapsed = now_.steady - started_;
    if (outcome_) {
      out->sent = outcome_->sent;
      out->received = outcome_->received;
    }
    out->integrity = integrity_;
    return out;
  }

  static constexpr timestamp::duration tolerated_skew = std::chrono::minutes{4};  // S3 itself tolerates 15

  const wire::operation_door& door_;
  void* response_;
  session<P>& shared_;
  call_options options_;
  call_limits limits_;
  prepared_request<P> request_;

  phase phase_{phase::fresh};
  instants now_{};
  steady_time started_{}, attempt_started_{}, wait_until_{};
  duration waited_{};
  int attempts_{};
  bool planned_{}, learned_region_{}, learned_identity_{}, learned_time_{}, answer_was_lost_{};

  detail::shared<const auth::credentials> identity_{};
  Body body_to_send_{};

  http::outcome outcome_{http::transfer_stats{}};
  http::response head_{};
  std::optional<http::string_sink> buffer_{};  // for XML documents and errors
  std::string body_{};                         // a streamed body, if the caller gave no sink
  http::string_sink collected_;
  bool gives_away_;
  wire::download download_;
  integrity integrity_{};
  error conclude_later_{};
  error failure_{};
};

/// One running operation. The request, the session and the sink must outlive it. It cannot be copied or moved.
template <operation_request R, class P>
class call {
 public:
  using value_type = response_of<R>;

  /// A streamed body goes to `into`; if that is null, it is collected in the response.
  call(const R& request, session<P>& shared, const call_options& options, http::sink* into = nullptr)
      : slot_(*out_, into), engine_(wire::door<R>::value, &request, &slot_, slot_.entrance(), shared, options) {}
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  step next(instants now) { return engine_.next(now); }
  void sent(http::outcome o) { engine_.sent(std::move(o)); }
  void credentials(result<auth::credentials> c) { engine_.credentials(std::move(c)); }
  result<value_type> finish() { return finish(engine_.finish()); }

  /// A driver may run `engine()`, whose type does not depend on the operation, and pass its result to `finish(end)` below.
  auto& engine() noexcept { return engine_; }
  result<value_type> finish(result<void> end) {
    if (!end) return result<value_type>::failed_as(std::move(end));
    out_.attach(end.release_meta());
    return std::move(out_);
  }

 private:
  result<value_type> out_{std::in_place};
  wire::response_slot<R> slot_;
  call_engine<P, wire::body_to_send<R>> engine_;
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
