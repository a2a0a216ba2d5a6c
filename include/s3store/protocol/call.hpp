// How does one operation run, from request to response? This machine is the protocol; everything else does I/O for it or is asked by it.
//
//   encode ─► resolve, rewind, sign ─► send ─► classify ─► parse
//                     ▲                            │
//                     └──────── back off ◄─────────┘
//
// The order inside an attempt matters: the endpoint before the signature, because the signature covers the host; the body's rewind
// before it, too, because a body that can't be read again must not be announced; credentials after the wait, because they may have
// expired meanwhile. `call_engine` is the same for all operations that have a body, and for all that have none, and instantiated once for a
// set of policies; `call` adds the two steps that know the operation's types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/download.hpp>
#include <s3store/protocol/encode.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/protocol/session.hpp>
#include <s3store/protocol/upload.hpp>

namespace s3store::inline v0 {

template <class P, class Body>  // upload_body, or no_upload_body
class call_engine : public http::receiver {
 public:
  call_engine(const call_engine&) = delete;
  call_engine& operator=(const call_engine&) = delete;

  /// What came of the exchange that was asked for.
  void sent(http::outcome o) {
    outcome_ = std::move(o);
    phase_ = phase::answered;
  }
  /// The credentials that were asked for.
  void credentials(result<auth::credentials> c) {
    auto got = shared_.fetched(std::move(c), at_server());
    if (!got) return conclude(std::move(got.error()));
    identity_ = std::move(*got);
  }

  http::sink* on_response(http::response&& head) noexcept override {
    head_ = std::move(head);
    work_->document.clear();
    if (head_.status / 100 != 2 || spec().answer != answer_body::stream) return &buffer_.emplace(work_->document, limit_);
    auto begun = download_.begin(head_, shared_.checksums().verify_downloads(), further_checksums(shared_.checksums()));
    if (!begun) {
      conclude_later_ = std::move(begun.error());
      return nullptr;
    }
    return &download_;
  }

 protected:
  enum class action { send, wait, credentials, finished };

  /// `sends` is false where the call ends before its first send.
  call_engine(session<P>& shared, const call_options& options, http::sink* into, bool sends = true)
      : shared_(shared),
        options_(options),
        sends_(sends),
        limits_(options.limits.value_or(shared.configuration().limits)),
        limit_(shared.configuration().max_document),
        work_(shared.lease()),
        collected_(body_),
        gives_away_(into != nullptr),
        download_(into ? *into : static_cast<http::sink&>(collected_)) {
    work_->encoded.clear();
  }
  ~call_engine() {
    if (holds_secret_) {  // the work space outlives the call
      work_->encoded.fields.wipe();
      work_->wire.fields.wipe();
    }
    shared_.give_back(std::move(work_));
  }

  encoded_request& encoded() noexcept { return work_->encoded; }
  const operation_spec& spec() const noexcept { return *work_->encoded.spec; }

  action advance(instants now) {
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
    if (phase_ == phase::waiting && options_.stop.cancelled()) conclude(fail(error_kind::cancelled, "the call was cancelled while it waited to try again"));
    if (phase_ == phase::waiting) return action::wait;
    if (phase_ == phase::ready) {
      if (options_.stop.cancelled()) {
        conclude(fail(error_kind::cancelled, "the call was cancelled before it was sent"));
      } else {
        if (!identity_) identity_ = shared_.known_credentials(at_server());
        if (!identity_) return action::credentials;
        if (auto ready = attempt(); !ready) conclude(std::move(ready.error()));
      }
    }
    return phase_ == phase::finished ? action::finished : action::send;
  }

  http::exchange exchange() noexcept {
    http::limits within{limits_.connect, limits_.first_byte, limits_.idle, (steady_time::max)()};
    if (limits_.total != duration::zero()) within.deadline = started_ + limits_.total;
    return {.out = &work_->wire, .in = this, .within = within, .stop = options_.stop};
  }
  wait pause() const { return {wait_until_, options_.stop}; }

  /// The end of the call: what the answer is decoded from, or an error.
  bool succeeded() const noexcept { return failure_.kind == error_kind::none; }
  received_answer answer() noexcept {
    return {.status = head_.status,
            .fields = &head_.fields,
            .body = spec().answer == answer_body::stream ? &body_ : &work_->document,
            .body_given_away = gives_away_,
            .operation = spec().name};
  }
  /// Everything known of a failure that is known here.
  error completed(error e) const {
    const encoded_request& r = work_->encoded;
    e.operation = spec().name;
    e.bucket = r.bucket;
    if (e.status == 0) e.status = head_.status;  // of an answer that was cut off, or whose bytes do not match
    if (e.request_id.empty()) e.request_id = head_.fields.value_or_empty("x-amz-request-id");
    if (e.host_id.empty()) e.host_id = head_.fields.value_or_empty("x-amz-id-2");
    if (r.has_key) e.key = uri_decode(r.key).value_or(std::string{});
    if (endpoint_) e.endpoint = endpoint_->origin();
    e.attempts = attempts_;
    e.elapsed = now_.steady - started_;
    return e;
  }
  error take_failure() { return completed(std::move(failure_)); }
  owned<response_meta> meta() {
    if (attempts_ == 0) return nullptr;
    auto out = make_owned<response_meta>();
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

  // --- what an attempt is made of ------------------------------------------------------------------------------------------------

  /// The URL, but for its query.
  result<void> locate() {
    auto found = shared_.resolve(work_->encoded.bucket, spec().service);
    if (!found) return result<void>::failed_as(std::move(found));
    endpoint_ = std::move(*found);
    endpoint_->authority.insert(0, work_->encoded.host);
    std::string& url = work_->wire.url;
    url.assign(endpoint_->secure ? "https://" : "http://").append(endpoint_->authority);
    origin_size_ = url.size();
    url.append(endpoint_->path);
    if (work_->encoded.has_key) {
      url.append("/").append(work_->encoded.key);
    } else {
      // An operation on neither bucket nor key has a path of its own ("/WriteGetObjectResponse"), or none.
      const std::string_view uri = spec().uri.substr(0, spec().uri.find('?'));
      if (!work_->encoded.has_bucket) url.append(uri);
    }
    if (url.size() == origin_size_) url.push_back('/');
    return {};
  }
  std::string_view origin() const noexcept { return std::string_view{work_->wire.url}.substr(0, origin_size_); }

  /// While the URL has no query yet.
  auth::signable signable(std::string_view payload) const noexcept {
    return {.method = http::to_string(spec().method),
            .path = std::string_view{work_->wire.url}.substr(origin_size_),
            .query = work_->encoded.query,
            .host = endpoint_->authority,
            .payload = payload};
  }
  auth::signing_scope scope() const { return {.region = endpoint_->region, .service = std::string(spec().service)}; }

  void append_to_url(std::string_view query) {
    if (!query.empty()) work_->wire.url.append("?").append(query);
  }
  const auth::credentials& identity() const noexcept { return *identity_; }
  auto& signer() noexcept { return work_->signer; }
  http::request& wire() noexcept { return work_->wire; }
  timestamp server_time() const noexcept { return shared_.server_time(now_.wall); }

  void finish() noexcept { phase_ = phase::finished; }

 private:
  enum class phase { fresh, ready, sending, answered, waiting, finished };

  /// Now, by the server's clock where it is known: expiry dates are the server's.
  instants at_server() const noexcept { return {now_.steady, server_time()}; }

  void conclude(error e) {
    failure_ = std::move(e);
    phase_ = phase::finished;
  }

  // --- once a call ---------------------------------------------------------------------------------------------------------------

  result<void> prepare() {
    if (shared_.unusable().kind != error_kind::none) return shared_.unusable();
    encoded_request& e = work_->encoded;
    const settings& s = shared_.configuration();
    for (const auto [name, value] : options_.fields) {
      if (!is_header_name(name) || !is_header_value(value))
        e.refuse(concat({"the header \"", name, "\" of the call's options has a malformed name or value"}));
      e.fields.set(name, value);
    }
    for (const auto [name, value] : options_.query) append_query(e.query, name, value);
    const auto otherwise = [&e](std::string_view name, std::string_view value) {
      if (!value.empty() && !e.fields.contains(name)) e.fields.add(name, value);
    };
    if (e.has_bucket && sends_) {
      otherwise("x-amz-expected-bucket-owner", s.expected_bucket_owner);
      otherwise("x-amz-request-payer", s.request_payer);
    }
    add_customer_key_digest("x-amz-server-side-encryption-customer-key");
    add_customer_key_digest("x-amz-copy-source-server-side-encryption-customer-key");
    if (e.refused.kind != error_kind::none) return std::move(e.refused);
    if (!sends_) return {};  // nothing is added that was not asked for
    otherwise("User-Agent", shared_.user_agent());
    if (spec().answer_checksum && shared_.checksums().verify_downloads()) otherwise("x-amz-checksum-mode", "ENABLED");
    return {};
  }

  /// S3 wants the MD5 of a customer's key beside the key, to know that it came whole; it is no security.
  void add_customer_key_digest(std::string_view field) {
    encoded_request& e = work_->encoded;
    const auto key = e.fields.get(field);
    if (!key) return;
    holds_secret_ = true;
    const std::string digest_field = concat({field, "-MD5"});
    if (e.fields.contains(digest_field)) return;
    const auto raw = from_base64(*key);
    if (!raw || raw->size() != 32) return e.refuse("a customer-provided encryption key has 32 bytes");
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    md5.update(as_bytes(*raw));
    if (!md5.usable()) return e.refuse("this OpenSSL offers no MD5, which S3 needs beside a customer-provided encryption key");
    e.fields.add(digest_field, md5.base64());
    const std::string algorithm = concat({field.substr(0, field.size() - 3), "algorithm"});
    if (!e.fields.contains(algorithm)) e.fields.add(algorithm, "AES256");
  }

  // --- once an attempt -----------------------------------------------------------------------------------------------------------

  /// Makes the next send ready.
  virtual result<void> attempt() {
    if (auto located = locate(); !located) return located;
    if (!planned_) {
      const auto mode = shared_.configuration().signing;
      const bool signs_by_itself = !endpoint_->secure && !spec().unsigned_payload;
      const upload_terms terms{.sign_payload = mode == payload_signing::always || (mode == payload_signing::automatic && signs_by_itself),
                               .anonymous = identity_->anonymous(),
                               .aws_chunked = shared_.configuration().profile.aws_chunked,
                               .content_md5 = shared_.configuration().profile.content_md5,
                               .checksum = shared_.checksums().for_upload(spec(), shared_.configuration().profile),
                               .further = further_checksums(shared_.checksums())};
      if (auto planned = body_to_send_.plan(work_->encoded, terms, work_->sha256); !planned) return planned;
      planned_ = true;
    }
    if (!body_to_send_.rewind()) return fail(error_kind::body_source, "the body cannot be read from its start");

    holds_secret_ = holds_secret_ || !identity_->session_token.empty();
    http::request& wire = work_->wire;
    wire.verb = spec().method;
    wire.fields = work_->encoded.fields;
    if (download_.resuming()) {
      wire.fields.set("Range", download_.range());
      wire.fields.set("If-Match", download_.etag());
    }
    if (auto signed_ = work_->signer.sign_headers(signable(body_to_send_.payload()), wire.fields, *identity_, scope(), server_time()); !signed_)
      return signed_;
    if (identity_->anonymous() && body_to_send_.has_unsigned_trailer()) wire.fields.set("x-amz-content-sha256", body_to_send_.payload());
    append_to_url(work_->encoded.query);
    wire.body = body_to_send_.start(work_->signer);

    ++attempts_;
    attempt_started_ = now_.steady;
    head_ = {};
    work_->document.clear();
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
    identity_.reset();  // asked for again after the wait: they may have expired
    waited_ += *wait;
    wait_until_ = now_.steady + *wait;
    phase_ = phase::waiting;
  }

  /// The attempt's error; its kind is `none` for a success.
  error attempt_failure() {
    if (conclude_later_.kind != error_kind::none) return conclude_later_;
    const bool refused = head_.status >= 300;
    // A server that refuses an upload may close the connection under it: its answer says more than the broken pipe.
    if (!outcome_ && !refused) {
      if (spec().answer == answer_body::stream || outcome_.error().kind != error_kind::body_sink) return std::move(outcome_.error());
      return conclude_later_ = fail(error_kind::malformed_response, {"the answer: ", outcome_.error().message});
    }
    if (refused || (spec().error_in_success && is_error_document(work_->document))) {
      error e = service_error(head_, std::move(work_->document));
      if (download_.resuming() && e.status == 412) e.message = "the object changed while it was downloaded";
      return e;
    }
    if (spec().error_in_success && trim(work_->document).empty())
      return fail(error_kind::malformed_response, "the answer is empty, and so does not say whether it was done");
    if (spec().answer == answer_body::stream) {
      auto checked = download_.finish();
      if (!checked) return std::move(checked.error());
      integrity_ = *checked;
    }
    return {};
  }
  static bool is_error_document(std::string_view body) {
    // Long copies are answered with white space first, to keep the connection alive.
    body = trim(body);
    if (body.starts_with("<?xml")) body = trim(body.substr((std::min)(body.find("?>"), body.size() - 2) + 2));
    return body.starts_with("<Error");
  }

  static bool may_be_own_success(const error& e) noexcept {
    return e.kind == error_kind::precondition_failed || e.kind == error_kind::not_found || e.code == "BucketAlreadyOwnedByYou";
  }
  static bool may_have_taken_effect(const error& e) noexcept {
    return e.status >= 500 || e.kind == error_kind::server || e.kind == error_kind::connection_lost || e.kind == error_kind::timeout ||
           e.kind == error_kind::transport || e.kind == error_kind::malformed_response;
  }

  /// How long until the next attempt; nothing: this was the last.
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
                                        .retry_after = retry_after(head_.fields, server_time()),
                                        .max_attempts = options_.max_attempts});
    }
    if (!wait) return std::nullopt;
    if (limits_.retry_waits != duration::zero() && waited_ + *wait > limits_.retry_waits) return std::nullopt;
    if (limits_.total != duration::zero() && now_.steady + *wait >= started_ + limits_.total) return std::nullopt;
    // Last, because these change what they look at.
    const bool may_resume = spec().method == http::method::get && e.kind != error_kind::integrity;
    if (!body_to_send_.rewind() || !download_.restart(may_resume)) return std::nullopt;
    return wait;
  }

  /// Does the failure tell what was wrong with the request, and can it be mended? Each lesson is taken once a call.
  bool learn(const error& e) {
    const bool about_region = head_.status == 301 || head_.status == 307 || e.code == "AuthorizationHeaderMalformed" ||
                              e.code == "PermanentRedirect" || e.code == "IncorrectEndpoint" || (spec().method == http::method::head && head_.status == 400);
    if (about_region && !learned_region_ && is_region_name(e.region) && e.region != endpoint_->region) {
      learned_region_ = true;
      shared_.learn_region(work_->encoded.bucket, e.region);
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
    const auto skew = *server - server_time();
    if (e.code != "RequestTimeTooSkewed" && (skew < tolerated_skew && skew > -tolerated_skew)) return false;
    learned_time_ = true;
    shared_.set_server_time(*server, now_.wall);
    return true;
  }

  void report(const error& e, std::optional<duration> wait) const {
    shared_.observer().attempt_ended({.operation = spec().name,
                                      .bucket = work_->encoded.bucket,
                                      .endpoint = origin(),
                                      .attempt = attempts_,
                                      .status = head_.status,
                                      .kind = e.kind,
                                      .code = e.code,
                                      .elapsed = now_.steady - attempt_started_,
                                      .wait = wait});
  }

  static constexpr timestamp::duration tolerated_skew = std::chrono::minutes{4};  // S3 itself tolerates 15

  session<P>& shared_;
  call_options options_;
  bool sends_;
  call_limits limits_;
  std::uint64_t limit_;
  owned<typename session<P>::workspace> work_;

  phase phase_{phase::fresh};
  instants now_{};
  steady_time started_{}, attempt_started_{}, wait_until_{};
  duration waited_{};
  int attempts_{};
  bool planned_{}, learned_region_{}, learned_identity_{}, learned_time_{}, answer_was_lost_{}, holds_secret_{};

  shared<const auth::credentials> identity_{};
  std::optional<endpoint> endpoint_{};
  std::size_t origin_size_{};  // how much of the URL is the endpoint's origin
  Body body_to_send_{};

  http::outcome outcome_{http::transfer_stats{}};
  http::response head_{};
  std::optional<http::string_sink> buffer_{};  // documents and errors
  std::string body_{};                         // a streamed answer that no sink was given for
  http::string_sink collected_;
  bool gives_away_;
  download download_;
  integrity integrity_{};
  error conclude_later_{};
  error failure_{};
};

/// One operation under way. It borrows the request, the session and the sink, and stays where it is.
template <operation_request R, class P>
class call final : private wire::with_path<R>, public call_engine<P, body_to_send<R>> {  // in this order: the engine writes into the path
  using engine = call_engine<P, body_to_send<R>>;
  using action = typename engine::action;

 public:
  using value_type = response_of<R>;

  /// `into` takes the body of an answer that is a stream; without one it is collected in the response.
  call(const R& request, session<P>& shared, const call_options& options, http::sink* into = nullptr)
      : wire::with_path<R>{{into}}, engine(shared, options, this->path.entrance()), request_(request) {
    encode(request, this->encoded());
  }

  step<value_type> next(instants now) {
    switch (this->advance(now)) {
      case action::send: return send{this->exchange()};
      case action::wait: return this->pause();
      case action::credentials: return need_credentials{};
      case action::finished: break;
    }
    result<value_type> out = this->succeeded() ? parse() : result<value_type>{this->take_failure()};
    out.attach(this->meta());
    return done<value_type>{std::move(out)};
  }

 private:
  result<value_type> parse() {
    received_answer from = this->answer();
    // Where the caller asked for the encoding, the keys are the caller's to decode.
    if constexpr (requires { request_.encoding_type; }) from.decode_urls = !request_.encoding_type;
    auto decoded = this->path.decoded(from);
    if (!decoded) decoded = this->completed(std::move(decoded.error()));
    return decoded;  // the only return: a response has some fifty members, and is not moved here
  }

  const R& request_;
};

}  // namespace s3store::inline v0
