// How does a request to a directory bucket come by the credentials that sign it? They are those of a session with the bucket, which
// CreateSession gives for about 5 minutes. All calls of a client for that bucket share one.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-create-session.html
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/cache.hpp>
#include <s3store/auth/credentials_access.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/small_exchange.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// The sessions of a client, one a bucket. Not thread-safe. At most 100, as in botocore; the one that was not used for longest goes first.
class express_sessions {
 public:
  detail::shared<auth::credentials_cache> of(std::string_view bucket, const auth::refresh_windows& when);

 private:
  static constexpr std::size_t most = 100;
  struct kept {
    std::string bucket{};
    detail::shared<auth::credentials_cache> cache{};
    detail::owned<kept> older{};
  };
  detail::owned<kept> latest_{};  // a list, the one used last in front
};

/// Part of a machine. The machine signs CreateSession, because it has the client's credentials. If it is destroyed while it asks for a
/// session, another call asks.
class express_access {
 public:
  explicit express_access(detail::shared<auth::credentials_cache> from) : from_(std::move(from)), found_(*from_) {}
  express_access(const express_access&) = delete;
  express_access& operator=(const express_access&) = delete;

  /// `send`, and then call `sent`; `wait`; `need_credentials`: call `ask`, and then this again; or `done`: there is a session, or else a
  /// `failure`. The call ends at `deadline`, or when `stop` is cancelled.
  step next(instants at_server, steady_time deadline, const cancel_token& stop);
  /// CreateSession, signed by `who`.
  void ask(small_request create_session, const auth::credentials& who) {
    asking_ = true;
    sent_fields_ = create_session.fields;
    secret_ = who.secret_access_key;
    exchange_.start(std::move(create_session));
  }
  /// It could not be signed.
  void cannot_ask(error why, instants at_server) { found_.fetched(std::move(why), at_server); }
  void sent(http::outcome o) { exchange_.sent(std::move(o)); }

  explicit operator bool() const noexcept { return static_cast<bool>(found_); }
  const auth::credentials& operator*() const noexcept { return *found_; }
  error& failure() noexcept { return found_.failure(); }
  auth::credentials_cache& kept_in() noexcept { return *from_; }
  /// The header fields of the refusal, if CreateSession was refused.
  http::headers& refusal_fields() noexcept { return refusal_fields_; }

 private:
  result<auth::credentials> take_answer();
  static result<auth::credentials> read(std::string_view document);

  detail::shared<auth::credentials_cache> from_;
  auth::credentials_access found_;
  small_exchange exchange_{};
  http::headers sent_fields_{};  // and the secret: what is masked in a refusal
  secret_string secret_{};
  http::headers refusal_fields_{};
  bool asking_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/express_access_impl.hpp>
#endif
