// How is a call played through without a network and without waiting? Over a script, with a clock that stands until it is moved, by either
// driver: the same test runs once over the blocking one and once over the loop.
//
//   test::world<> w{EACH_DRIVER};
//   w.server.answer(503).answer(200, {}, "hello");
//   auto got = w.send(get_object_request{.bucket = "b", .key = "k"});
//
// Every request that is sent is looked at on the way, whatever the test is about: its signature must verify, and so must the hash or the
// chunks of its body.
#pragma once

#include <charconv>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

#include <s3store/transports/embedded/verify.hpp>
#include <s3store/client/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/transports/scripted.hpp>

/// The test case is run once for each driver.
#define EACH_DRIVER GENERATE(test::driver::blocking, test::driver::loop)

namespace test {

using namespace s3store;
using namespace std::chrono_literals;

enum class driver : std::uint8_t { blocking, loop };

/// Hands credentials out in the order in which they were put in; the last ones again and again. Copies share them.
class wallet {
 public:
  wallet() : shared_(std::make_shared<state>()) {
    put("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    shared_->is_default = true;
  }
  wallet& put(result<auth::credentials> next) {
    if (std::exchange(shared_->is_default, false)) shared_->all.clear();
    shared_->all.push_back(std::make_shared<const result<auth::credentials>>(std::move(next)));
    return *this;
  }
  wallet& put(std::string id, secret_string secret, secret_string token = {}, std::optional<timestamp> expires = {}) {
    return put(auth::credentials{std::move(id), std::move(secret), std::move(token), expires});
  }

  auto fetch() const noexcept { return auth::local_fetch<wallet>{*this}; }
  result<auth::credentials> load(timestamp) const {
    const std::lock_guard lock{shared_->guard};
    const auto& next = *shared_->all[(std::min)(shared_->fetched++, shared_->all.size() - 1)];
    if (!next) return next.error();
    return *next;
  }
  std::size_t fetched() const { return shared_->fetched; }
  const auth::credentials* find(std::string_view id) const {
    for (const auto& c : shared_->all)
      if (*c && (*c)->access_key_id == id) return &**c;
    return nullptr;
  }

 private:
  struct state {
    std::mutex guard{};
    std::vector<std::shared_ptr<const result<auth::credentials>>> all{};
    std::size_t fetched{};
    bool is_default{};
  };
  std::shared_ptr<state> shared_;
};

/// Keeps what an observer is told.
class recorder {
 public:
  struct event {
    std::string operation{}, bucket{}, endpoint{}, code{};
    int attempt{}, status{};
    error_kind kind{};
    duration elapsed{};
    std::optional<duration> wait{};
  };
  void attempt_ended(const attempt_event& e) const {
    const std::lock_guard lock{shared_->guard};
    shared_->all.push_back({std::string(e.operation), std::string(e.bucket), std::string(e.endpoint), std::string(e.code),
                            e.attempt, e.status, e.kind, e.elapsed, e.wait});
  }
  std::vector<event> events() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->all;
  }
  /// Before each attempt but the first.
  std::vector<duration> waits() const {
    std::vector<duration> out;
    for (const event& e : events())
      if (e.wait) out.push_back(*e.wait);
    return out;
  }

 private:
  struct state {
    std::mutex guard{};
    std::vector<event> all{};
  };
  std::shared_ptr<state> shared_{std::make_shared<state>()};
};

/// Waits for another thread, however long that takes: only the end of what is waited for ends a wait. The recording sleeper would move the
/// clock past the time at which whoever waits takes the other thread for lost.
struct patient_sleeper {
  explicit patient_sleeper(const manual_clock&) {}
  result<void> sleep_until(steady_time, const cancel_token& stop) const { return thread_sleeper{}.sleep_until((steady_time::max)(), stop); }
};

struct policies : protocol_policies {
  using transport = scripted_transport;
  using sleeper = recording_sleeper;
  using clock = manual_clock;
  using credentials = wallet;
  using observer = recorder;
};

/// `https://host/path?query` in its parts.
struct url_parts {
  std::string scheme{}, authority{}, path{}, query{};
  explicit url_parts(std::string_view url) {
    const auto colon = url.find("://");
    scheme = url.substr(0, colon);
    url.remove_prefix(colon + 3);
    const auto mark = (std::min)(url.find('?'), url.size());
    if (mark != url.size()) query = url.substr(mark + 1);
    const auto slash = (std::min)(url.find('/'), mark);
    authority = url.substr(0, slash);
    path = url.substr(slash, mark - slash);
  }
};

/// The body behind aws-chunked framing. Fails the test where the framing, a signature or the trailer's checksum is wrong.
struct dechunked {
  std::string body{};
  std::vector<std::size_t> chunks{};  ///< their sizes, the last one (0) included
  headers trailer{};

  dechunked(const recorded_request& r, std::optional<auth::chunk_signer> right) {
    std::string_view rest = r.body;
    const auto line = [&rest] {
      const auto end = rest.find("\r\n");
      REQUIRE(end != std::string_view::npos);
      const auto out = rest.substr(0, end);
      rest.remove_prefix(end + 2);
      return out;
    };
    do {
      const auto frame = line();
      const auto semicolon = frame.find(';');
      std::size_t size{};
      const auto digits = frame.substr(0, semicolon);
      REQUIRE(std::from_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr == digits.data() + digits.size());
      REQUIRE(rest.size() >= size);
      const auto bytes = rest.substr(0, size);
      REQUIRE((semicolon != std::string_view::npos) == right.has_value());
      if (right) {
        REQUIRE(frame.substr(semicolon).starts_with(";chunk-signature="));
        CHECK(frame.size() == semicolon + 17 + right->signature_size());
        CHECK(right->verifies_chunk(detail::as_bytes(bytes), frame.substr(semicolon + 17)));
      }
      body.append(bytes);
      chunks.push_back(size);
      rest.remove_prefix(size);
      if (size != 0) REQUIRE(line().empty());
    } while (chunks.back() != 0);
    std::string signed_part;
    for (auto field = line(); !field.empty(); field = line()) {
      const auto colon = field.find(':');
      REQUIRE(colon != std::string_view::npos);
      if (field.starts_with("x-amz-trailer-signature:")) {
        REQUIRE(right);
        CHECK(right->verifies_trailer(signed_part, field.substr(colon + 1)));
      } else {
        signed_part.append(field).append("\n");
      }
      trailer.add(field.substr(0, colon), field.substr(colon + 1));
    }
    CHECK(rest.empty());
    CHECK(r.fields.get("x-amz-decoded-content-length") == std::to_string(body.size()));
    const auto announced = r.fields.get("x-amz-trailer");
    CHECK(trailer.contains("x-amz-trailer-signature") == (right && announced));
    if (!announced) return;
    for (const auto& known : crypto::checksum_algorithms) {
      if (known.header != *announced) continue;
      crypto::checksum sum{known.algorithm};
      sum.update(detail::as_bytes(body));
      if (sum.usable()) CHECK(trailer.get(*announced) == sum.base64());
    }
    CHECK(trailer.contains(*announced));
  }
};

inline std::string sha256_of(std::string_view text) { return detail::hex(crypto::sha256(detail::as_bytes(text))); }

/// What must not be told of a request: its signature, tokens, and keys that customers encrypt with. Short ones are in any text.
inline std::vector<std::string> secrets_of(const recorded_request& r) {
  std::vector<std::string> out;
  for (const auto [name, value] : r.fields) {
    std::string_view secret;
    if (detail::equal_ignoring_case(name, "authorization")) secret = value.substr((std::min)(value.find("Signature="), value.size() - 10) + 10);
    for (const std::string_view one : {"x-amz-security-token", "x-amz-s3session-token", "x-amz-sso_bearer_token", "x-aws-ec2-metadata-token",
                                       "x-amz-server-side-encryption-customer-key", "x-amz-copy-source-server-side-encryption-customer-key"})
      if (detail::equal_ignoring_case(name, one)) secret = value;
    if (secret.size() >= 8) out.emplace_back(secret);
  }
  return out;
}

/// Fails the test where a request is signed wrongly. Gives its body without the framing.
inline std::string check_signed(const recorded_request& r, const auth::credentials& who) {
  const url_parts url{r.url};
  const auth::signable what{.method = to_string(r.verb), .path = url.path, .query = url.query, .host = url.authority};
  auto given = embedded::presented(url.query, r.fields);
  REQUIRE(given);
  const auto hash = r.fields.value_or_empty("x-amz-content-sha256");
  std::optional<auth::chunk_signer> chunks;
  if (who.anonymous()) {
    CHECK_FALSE(*given);
  } else {
    REQUIRE(*given);
    auth::signer with;
    auth::credentials known = who;
    known.expires.reset();  // whether they have expired is a matter of the script
    auth::signing_scope there = (*given)->scope;
    if (there.algorithm == auth::signing_algorithm::sigv4a) there.region = there.region_set.substr(0, there.region_set.find(','));
    auto right = embedded::verify_signature(with, **given, what, r.fields, known, there, (*given)->at);
    INFO(r.url);
    if (!right) FAIL(right.error().describe());
    // What S3 needs signed, and what must not be, since proxies change it.
    for (const auto [name, value] : r.fields) CHECK(embedded::detail::lists((*given)->signed_headers, name) == auth::is_signed(name));
    chunks.emplace(with.chunks());
  }
  const bool by_sigv4a = chunks && chunks->algorithm() == auth::signing_algorithm::sigv4a;
  if (hash == (by_sigv4a ? auth::payload::sigv4a_chunks : auth::payload::signed_chunks) ||
      hash == (by_sigv4a ? auth::payload::sigv4a_chunks_with_trailer : auth::payload::signed_chunks_with_trailer))
    return dechunked{r, std::move(chunks)}.body;
  if (hash == auth::payload::not_signed_with_trailer) return dechunked{r, std::nullopt}.body;
  // Nothing else may name the payload, or a body would go through unseen.
  if (hash.size() == 64) CHECK(hash == sha256_of(r.body));
  else CHECK((hash == auth::payload::not_signed || (hash.empty() && (who.anonymous() || (*given)->from == embedded::presented_signature::place::query))));
  for (const auto& known : crypto::checksum_algorithms) {
    const auto sent = r.fields.get(known.header);
    if (!sent || r.verb == http::method::get) continue;
    crypto::checksum sum{known.algorithm};
    sum.update(detail::as_bytes(r.body));
    INFO(known.header);
    if (sum.usable() && r.fields.get("x-amz-sdk-checksum-algorithm") == known.name) CHECK(*sent == sum.base64());
  }
  return r.body;
}

/// The same for a presigned URL, as whoever has it sends it. `body` is what is sent with it.
inline std::string check_presigned(const presigned_url& made, const auth::credentials& who, std::string body = {}) {
  return check_signed({.verb = made.method, .url = made.url, .fields = made.fields, .body = std::move(body)}, who);
}

/// A client with everything it is made of in the test's hands. `set`, `retry` and `identity` are to be changed before the first call.
template <class P = policies>
class world {
 public:
  explicit world(driver by) : by_(by) {}

  settings set{};
  manual_clock clock{};
  scripted_transport server{clock};
  typename P::sleeper sleeper{clock};
  wallet identity{};
  std::vector<auth::credentials> sessions{};  ///< that the script gives
  recorder seen{};
  typename P::retry retry{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};

  basic_client<P>& client() {
    if (!client_)
      client_.emplace(set, policy_values<P>{.transport = server,
                                            .retry = retry,
                                            .credentials = identity,
                                            .clock = clock,
                                            .sleeper = sleeper,
                                            .checksums = checksums,
                                            .endpoint_rules = endpoint_rules,
                                            .observer = seen});
    return *client_;
  }

  template <class R>
  result<response_of<R>> send(const R& r, const call_options& o = {}) {
    return run(r, nullptr, o);
  }
  template <class R>
  result<response_of<R>> send(const R& r, http::sink& into, const call_options& o = {}) {
    return run(r, &into, o);
  }
  /// The body goes to a function, which can't take back what it got and may throw.
  template <class R, class F>
  requires std::invocable<F&, std::span<const std::byte>> result<response_of<R>> send(const R& r, F&& write,
                                                                                      const call_options& o = {}) {
    http::function_sink into{[&](std::span<const std::byte> b) { write(b); }};
    return run(r, &into, o);
  }

  /// The request that was sent as the n-th, from 0.
  recorded_request sent(std::size_t n = 0) const {
    const auto all = server.sent();
    REQUIRE(n < all.size());
    return all[n];
  }
  std::string header(std::string_view name, std::size_t n = 0) const { return std::string(sent(n).fields.value_or_empty(name)); }
  std::vector<duration> waits() const { return seen.waits(); }
  duration passed() const { return clock.now().steady - start_; }

 private:
  template <class R>
  result<response_of<R>> run(const R& r, http::sink* into, const call_options& o) {
    const std::size_t before = server.sent().size();
    auto out = by_ == driver::blocking ? block(r, into, o) : loop(r, into, o);
    const auto sent = server.sent();
    for (std::size_t i = before; i != sent.size(); ++i) check(sent[i]);
    if (!out) CHECK(out.error().operation == R::spec.name);
    check_nothing_is_told(out ? std::string{} : out.error().describe(), {sent.begin() + static_cast<std::ptrdiff_t>(before), sent.end()});
    return out;
  }
  /// No secret of what was sent may be in a message, or in what an observer is told.
  void check_nothing_is_told(std::string told, const std::vector<recorded_request>& sent) const {
    for (const auto& e : seen.events()) told.append(e.operation).append("\n").append(e.bucket).append("\n").append(e.endpoint).append("\n").append(e.code);
    for (const recorded_request& r : sent)
      for (const std::string& secret : secrets_of(r)) CHECK(told.find(secret) == std::string::npos);
    for (const auth::credentials& c : sessions) CHECK((c.secret_access_key.reveal().size() < 8 || told.find(c.secret_access_key.reveal()) == std::string::npos));
    CHECK(told.find("wJalrXUtnFEMI") == std::string::npos);  // the wallet's
  }
  template <class R>
  result<response_of<R>> block(const R& r, http::sink* into, const call_options& o) {
    if constexpr (R::spec.answer == answer_body::stream)
      if (into) return client().send(r, *into, o);
    return client().send(r, o);
  }
  template <class R>
  result<response_of<R>> loop(const R& r, http::sink* into, const call_options& o) {
    sans_io::call<R, P> machine{r, client().shared(), o, into};
    loop_driver many{client().shared(), server};
    std::optional<result<response_of<R>>> out;
    many.start(machine, [&](result<response_of<R>> end) { out.emplace(std::move(end)); });
    many.run();
    REQUIRE(out);
    if (!*out && out->error().thrown) std::rethrow_exception(out->error().thrown);
    return std::move(*out);
  }
  void check(const recorded_request& r) const {
    const auto given = r.fields.value_or_empty("authorization");
    const auto at = given.find("Credential=");
    if (at == std::string_view::npos) return static_cast<void>(check_signed(r, {}));
    const auto id = given.substr(at + 11, given.find('/') - at - 11);
    const auto* who = identity.find(id);
    for (const auth::credentials& session : sessions)
      if (session.access_key_id == id) who = &session;
    REQUIRE(who);
    check_signed(r, *who);
  }

  driver by_;
  std::optional<basic_client<P>> client_{};
  steady_time start_{clock.now().steady};
};

}  // namespace test
