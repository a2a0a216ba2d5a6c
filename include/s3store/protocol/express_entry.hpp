// When is a request signed with a session's credentials? When the endpoint rules say so, which they do for directory buckets. Calls and
// presigned URLs have this in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <s3store/core/owned.hpp>
#include <s3store/protocol/express_access.hpp>
#include <s3store/protocol/prepared_request.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// Part of the machine that sends or presigns `request`, which must outlive it.
template <class P>
class express_entry {
 public:
  explicit express_entry(prepared_request<P>& request) noexcept : request_(request) {}

  /// The next step, as `express_access` says it; `done` at once if no session is needed. `who`: the client's credentials, with which the
  /// request must have been located. `like`: whose limits and token CreateSession has. `attempts`: how often it is sent.
  step next(const auth::credentials& who, instants at_server, const http::exchange& like, int attempts) {
    if (!request_.needs_express_session(who)) return done{};
    return enter(who, at_server, like, attempts);
  }
  void sent(http::outcome o) { access_->sent(std::move(o)); }
  /// Is there no session, although one is needed?
  bool failed() const noexcept { return access_ && !*access_; }
  /// Why; and what can be told of the answer's head.
  error take_failure(http::response& head) {
    error e = std::move(access_->failure());
    e.message = detail::concat({"no session with the directory bucket: ", e.message});
    head.status = e.status;
    head.fields = std::move(access_->refusal_fields());
    return e;
  }
  /// The session; null if none is needed.
  express_access* session() noexcept { return access_ && *access_ ? access_.get() : nullptr; }
  /// Whose signature the request gets.
  const auth::credentials& signs(const auth::credentials& who) const noexcept { return access_ && *access_ ? **access_ : who; }
  /// Forgets the session, so that it is looked up again.
  void reset() noexcept { access_.reset(); }

 private:
  step enter(const auth::credentials& who, instants at_server, const http::exchange& like, int attempts) {
    if (!access_) access_ = detail::make_owned<express_access>(request_.shared().express_session(request_.encoded().bucket));
    auto needs = access_->next(at_server, like.within.deadline, like.stop);
    if (std::holds_alternative<need_credentials>(needs)) {
      auto asked = create_session(who, at_server.wall);
      if (asked) {
        asked->attempts = attempts;
        access_->ask(std::move(*asked), who);
      } else {
        access_->cannot_ask(std::move(asked.error()), at_server);
      }
      needs = access_->next(at_server, like.within.deadline, like.stop);
    }
    if (auto* const s = std::get_if<send>(&needs)) {
      s->what.within = like.within;
      s->what.stop = like.stop;
    }
    return needs;
  }
  result<small_request> create_session(const auth::credentials& who, timestamp now) {
    if (!who.session_token.empty()) request_.keeps_secret();
    constexpr std::string_view query = "session";
    const endpoint& where = request_.where();
    const std::string path = where.path + "/";
    small_request out{.verb = http::method::get, .url = detail::concat({where.origin(), path, "?", query})};
    out.fields.add("User-Agent", request_.shared().user_agent());
    auth::signing_scope scope = request_.scope();
    scope.plain_token = true;
    auto done = request_.signer().sign_headers(
        {.method = http::to_string(out.verb), .path = path, .query = query, .host = where.authority, .payload = auth::payload::empty},
        out.fields, who, scope, now);
    if (!done) return result<small_request>::failed_as(std::move(done));
    return out;
  }

  prepared_request<P>& request_;
  detail::owned<express_access> access_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
