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
// It does not know the operation's types: encoding and decoding go through two function pointers (protocol/door.hpp). A `call` (call.hpp)
// wraps it and gives the typed response.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/credentials_access.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/download.hpp>
#include <s3store/protocol/express_entry.hpp>
#include <s3store/protocol/lessons.hpp>
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
        lessons_(shared),
        identity_(shared.identity()),
        express_(request_),
        collected_(body_, options.max_body.value_or(shared.configuration().max_body)),
        gives_away_(into != nullptr),
        download_(into ? *into : static_cast<http::sink&>(collected_)) {
    door.encode(request, request_.encoded());
  }
  call_engine(const call_engine&) = delete;
  call_engine& operator=(const call_engine&) = delete;

  step next(instants now) {
    now_ = now;
    try {
      return advance();
    } catch (const s3_error& e) {  // this OpenSSL can't sign
      conclude(detail::fail(e.kind(), e.error().message));
    } catch (const std::bad_alloc&) {
      conclude(detail::out_of_memory());
    }
    return done{};
  }
  /// The result of the exchange that `next` asked for.
  void sent(http::outcome o) {
    outcome_ = std::move(o);
    phase_ = phase::answered;
  }
  /// The credentials that `next` asked for.
  void credentials(result<auth::credentials> c) {
    try {
      identity_.fetched(std::move(c), at_server());
    } catch (const std::bad_alloc&) {
      conclude(detail::out_of_memory());
    }
  }

  /// Called once, after `next` returned `done`.
  result<void> finish() {
    result<void> out;
    try {
      if (failure_.kind != error_kind::none) out = completed(std::move(failure_));
      out.attach(meta());
    } catch (const std::bad_alloc&) {
      if (out || failure_.kind != error_kind::none) out = detail::out_of_memory();
    }
    return out;
  }

  /// The checksum that was sent with the body; see `wire::upload_body::checksum`. Valid until `next` is called.
  std::string_view sent_checksum() const noexcept { return body_to_send_.checksum(); }

  result<http::sink*> on_response(http::response&& head) noexcept override {
    try {
      return take(std::move(head));
    } catch (const std::bad_alloc&) {
      return detail::out_of_memory();
    }
  }

 private:
  enum class phase { fresh, ready, sending, answered, waiting, finished };

  result<http::sink*> take(http::response&& head) {
    const bool to_document = asking_ || head.status / 100 != 2 || spec().answer != answer_body::stream;
    if (!to_document) {
      auto begun = download_.begin(head, request_.verifies_download(), further_checksums(shared_.checksums()));
      if (!begun) {
        head_ = std::move(head);
        return std::move(begun.error());
      }
    }
    // The response to a download that goes on is made of the first head: its length and range are those of all the bytes.
    if (to_document || !download_.resuming()) {
      head_ = std::move(head);
    } else {
      head_ = std::exchange(first_head_, {});
    }
    if (!to_document) return &download_;
    request_.document().clear();
    return &buffer_.emplace(request_.document(), shared_.configuration().max_document);
  }

  step advance() {
    if (phase_ == phase::fresh) {
      started_ = now_.steady;
      if (auto prepared = prepare(); !prepared) {
        conclude(std::move(prepared.error()));
      } else {
        phase_ = phase::ready;
      }
    }
    if (phase_ == phase::answered) classify_outcome();
    if (phase_ == phase::waiting && now_.steady >= wait_until_) phase_ = phase::ready;
    if (phase_ == phase::ready && !std::exchange(in_turn_, true)) wait_for_turn();
    if (phase_ == phase::waiting && options_.stop.cancelled())
      conclude(detail::fail(error_kind::cancelled, "the call was cancelled while it waited to be sent"));
    if (phase_ == phase::ready) {
      if (options_.stop.cancelled()) {
        conclude(detail::fail(error_kind::cancelled, "the call was cancelled before it was sent"));
      } else {
        if (auto needs = identity_.next(at_server(), deadline(), options_.stop); !std::holds_alternative<done>(needs)) return needs;
        if (!identity_) {
          conclude(std::move(identity_.failure()));
        } else if (auto located = request_.locate(*identity_); !located) {
          conclude(std::move(located.error()));
        } else if (auto needs = express_.next(*identity_, at_server(), exchange(), 1); !std::holds_alternative<done>(needs)) {
          entering_ = std::holds_alternative<send>(needs);
          if (entering_) start_exchange();
          return needs;
        } else if (express_.failed()) {
          failed(express_.take_failure(head_), true);
        } else if (auto ready = asking_ ? ask_for_region() : attempt(); !ready) {
          conclude(std::move(ready.error()));
        }
      }
    }
    if (phase_ == phase::waiting) return wait{wait_until_, options_.stop};
    if (phase_ != phase::finished) return send{exchange()};
    return done{};
  }
  /// Holds the next attempt back if the client sends as fast as it may.
  void wait_for_turn() {
    send_rate* const rate = shared_.rate();
    const steady_time turn = rate ? rate->take(now_.steady) : now_.steady;
    if (turn <= now_.steady) return;
    wait_until_ = (std::min)(turn, deadline());
    phase_ = phase::waiting;
  }
  const auth::credentials& signs() const noexcept { return express_.signs(*identity_); }
  const operation_spec& spec() const noexcept { return request_.spec(); }
  /// The current time by the server's clock, if that is known: expiry dates refer to the server's clock.
  instants at_server() const noexcept { return {now_.steady, shared_.server_time(now_.wall)}; }

  steady_time deadline() const noexcept {
    return limits_.total != duration::zero() ? detail::saturating_add(started_, limits_.total) : (steady_time::max)();
  }
  http::exchange exchange() noexcept {
    const http::limits within{limits_.connect, limits_.first_byte, limits_.idle, deadline()};
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
    if (spec().answer_checksum && request_.verifies_download()) request_.add_default("x-amz-checksum-mode", "ENABLED");
    return {};
  }

  // --- once an attempt -----------------------------------------------------------------------------------------------------------

  /// Prepares the next send: endpoint, body, signature.
  result<void> attempt() {
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

    if (!signs().session_token.empty()) request_.keeps_secret();
    http::request& wire = request_.wire();
    wire.verb = spec().method;
    wire.no_expect = lessons_.no_expect();
    wire.fields = request_.encoded().fields;
    if (download_.resuming()) {
      wire.fields.set("Range", download_.range());
      wire.fields.set("If-Match", download_.etag());
      if (download_.asked_for_part())
        request_.encoded().query = wire::requested_range::without_part_number(request_.encoded().query);
    } else if (spec().answer == answer_body::stream) {
      download_.asking_for({wire.fields, request_.encoded().query});
    }
    if (auto done = request_.signer().sign_headers(request_.signable(body_to_send_.payload()), wire.fields, signs(),
                                                   request_.scope(), at_server().wall);
        !done)
      return done;
    if (identity_->anonymous() && body_to_send_.has_unsigned_trailer())
      wire.fields.set("x-amz-content-sha256", body_to_send_.payload());
    request_.append_to_url(request_.encoded().query);
    wire.body = body_to_send_.start(request_.signer());

    ++attempts_;
    start_exchange();
    return {};
  }
  void start_exchange() {
    attempt_started_ = now_.steady;
    if (!download_.resuming()) {
      first_head_ = {};
    } else if (first_head_.status == 0) {
      first_head_ = std::move(head_);
    }
    head_ = {};
    request_.document().clear();
    phase_ = phase::sending;
  }

  /// Prepares a HeadBucket: whatever its status, its answer names the bucket's region.
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
  result<void> ask_for_region() {
    request_.aim_at_bucket();
    http::request& wire = request_.wire();
    wire.verb = http::method::head;
    wire.body = nullptr;
    wire.fields.clear();
    wire.fields.add("User-Agent", shared_.user_agent());
    if (auto done = request_.signer().sign_headers(request_.signable(auth::payload::empty, wire.verb, {}), wire.fields, signs(),
                                                   request_.scope(), at_server().wall);
        !done)
      return done;
    start_exchange();
    return {};
  }

  // --- after an attempt ----------------------------------------------------------------------------------------------------------

  void classify_outcome() {
    phase_ = phase::ready;
    if (std::exchange(entering_, false)) return express_.sent(std::move(outcome_));
    if (std::exchange(asking_, false)) return take_region();
    error e = attempt_failure();
    lessons_.answered(e);
    if (send_rate* const rate = shared_.rate())
      rate->answered(e.kind != error_kind::none && classify(e) == retry_class::throttling, now_.steady);
    wire::mask_secrets(e, request_.wire().fields, signs().secret_access_key.reveal());
    if (e.kind != error_kind::none) return failed(std::move(e), false);
    shared_.retry().succeeded(attempts_);
    report(e, std::nullopt);
    phase_ = phase::finished;
  }
  /// `of_session`: it was CreateSession that failed, and not the call's own request.
  void failed(error e, bool of_session) {
    e.maybe_own_success = !of_session && answer_was_lost_ && may_be_own_success(e);
    const auto wait = next_wait(e, of_session);
    if (!of_session) report(e, wait);
    if (!wait) return conclude(std::move(e));
    if (!of_session && spec().method != http::method::get && spec().method != http::method::head)
      answer_was_lost_ = answer_was_lost_ || detail::may_have_taken_effect(e);
    in_turn_ = false;
    identity_.reset();  // the credentials may expire during the wait, so they are looked up again
    express_.reset();
    waited_ += *wait;
    wait_until_ = detail::saturating_add(now_.steady, *wait);
    phase_ = phase::waiting;
    if (asking_) failure_ = std::move(e);
  }
  /// The answer to HeadBucket: the call goes on in the region that it names, or ends with the error it had before.
  void take_region() {
    if (!lessons_.told_region(request_.encoded().bucket, request_.where().region, head_)) return conclude(std::move(failure_));
    failure_ = {};
    phase_ = phase::ready;
  }

  /// The attempt's error; its kind is `none` for a success, whose response is then complete.
  error attempt_failure() {
    const bool refused = head_.status >= 300;
    const bool streamed = !refused && spec().answer == answer_body::stream;
    // A server that refuses an upload may answer and then close the connection. Its answer says more than the broken connection.
    if (!outcome_ && !refused) {
      if (streamed || outcome_.error().kind != error_kind::too_large) return std::move(outcome_.error());
      hopeless_ = true;
      return detail::fail(error_kind::malformed_response, {"the answer: ", outcome_.error().message});
    }
    if (refused || (!streamed && wire::is_error_document(request_.document()))) {
      error e = wire::service_error(head_, request_.document(), spec().method);
      if (download_.resuming() && e.status == 412) {
        error changed = download_.changed();
        e.kind = changed.kind;
        e.message = std::move(changed.message);
      }
      return e;
    }
    if (streamed) {
      auto checked = download_.finish();
      if (!checked) return std::move(checked.error());
      integrity_ = *checked;
    } else if (wire::is_web_page(request_.document())) {
      return detail::fail(error_kind::malformed_response, "a web page came in place of S3's answer; did a proxy answer?");
    }
    wire::received_answer answer{.status = head_.status,
                                 .fields = &head_.fields,
                                 .body = streamed ? &body_ : &request_.document(),
                                 .body_given_away = gives_away_,
                                 .decode_urls = request_.encoded().decode_urls,
                                 .operation = spec().name};
    error e = door_.decode(answer, response_);
    unreadable_ = std::move(answer.unreadable);
    return e;
  }

  static bool may_be_own_success(const error& e) noexcept {
    return e.kind == error_kind::precondition_failed || e.kind == error_kind::not_found || e.code == "BucketAlreadyOwnedByYou";
  }
  /// How long to wait before the next attempt; nullopt: there is none.
  std::optional<duration> next_wait(const error& e, bool of_session) {
    if (hopeless_) return std::nullopt;
    const bool may_resume = spec().method == http::method::get && e.kind != error_kind::integrity;
    const bool advanced = may_resume && download_.can_resume() && download_.delivered() > delivered_before_;
    fruitless_ = advanced ? 1 : fruitless_ + 1;
    std::optional<duration> wait = duration::zero();
    if (!learn(e, of_session)) {
      wait = shared_.retry().next_wait({.attempt = fruitless_,
                                        .failure = e,
                                        .kind = classify(e),
                                        .retry_after = wire::retry_after(head_.fields, at_server().wall),
                                        .max_attempts = options_.max_attempts ? options_.max_attempts
                                                                               : shared_.configuration().max_attempts});
    }
    if (!wait) return std::nullopt;
    if (limits_.retry_waits != duration::zero() && *wait > limits_.retry_waits - waited_) return std::nullopt;
    if (limits_.total != duration::zero() && *wait >= limits_.total - (now_.steady - started_)) return std::nullopt;
    // Checked last, because both calls change the state of body and download.
    if (!body_to_send_.rewind() || !download_.restart(may_resume)) return std::nullopt;
    delivered_before_ = download_.delivered();
    return wait;
  }

  /// Can the request succeed with what the failure says, without a wait?
  bool learn(const error& e, bool of_session) {
    express_access* const session = of_session ? nullptr : express_.session();
    const refusal what{.why = e,
                       .head = head_,
                       .method = of_session ? http::method::get : spec().method,
                       .bucket = request_.encoded().bucket,
                       .region = request_.where().region,
                       .identity = session ? &**session : identity_.get(),
                       .kept_in = session ? &session->kept_in() : &shared_.identity(),
                       .now = now_.wall};
    if (lessons_.learn(what)) return true;
    if (spec().name != "HeadBucket" && lessons_.should_ask_for_region(what)) return asking_ = true;
    // The object that was being read is gone, so it is read from the start, unless it is replaced each time.
    return e.kind == error_kind::object_changed && !std::exchange(started_over_, true);
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
    out->unreadable = std::move(unreadable_);
    return out;
  }

  const wire::operation_door& door_;
  void* response_;
  session<P>& shared_;
  call_options options_;
  call_limits limits_;
  prepared_request<P> request_;
  lessons<P> lessons_;

  phase phase_{phase::fresh};
  instants now_{};
  steady_time started_{}, attempt_started_{}, wait_until_{};
  duration waited_{};
  int attempts_{};
  int fruitless_{};                    // failed attempts since one that brought bytes with which the download goes on
  std::uint64_t delivered_before_{};   // bytes that came before this attempt
  bool in_turn_{}, planned_{}, answer_was_lost_{}, started_over_{};
  bool hopeless_{};  // the next attempt would end as this one
  bool asking_{};    // the exchange is a HeadBucket
  bool entering_{};  // the exchange is a CreateSession

  auth::credentials_access identity_;
  express_entry<P> express_;
  Body body_to_send_{};

  http::outcome outcome_{http::transfer_stats{}};
  http::response head_{};
  http::response first_head_{};                // of a download that was continued
  std::optional<http::string_sink> buffer_{};  // for XML documents and errors
  std::string body_{};                         // a streamed body, if the caller gave no sink
  http::string_sink collected_;
  bool gives_away_;
  wire::download download_;
  integrity integrity_{};
  std::vector<std::string> unreadable_{};
  error failure_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
