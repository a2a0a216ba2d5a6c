// How does a machine that signs but sends nothing get its credentials? Presigning a URL and signing a form have this in common.
#pragma once

#include <optional>
#include <utility>

#include <s3store/auth/credentials_access.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/session.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// The base of such machines. Ends with credentials, or with the error that `finish` must return. The session must outlive it.
template <class P>
class credentials_lookup {
 public:
  step next(instants now) {
    at_server_ = {now.steady, shared_.server_time(now.wall)};
    if (refused_) return done{};
    auto needs = found_.next(at_server_, (steady_time::max)(), {});
    if (std::holds_alternative<done>(needs) && !found_) refuse(std::move(found_.failure()));
    return needs;
  }
  void credentials(result<auth::credentials> c) { found_.fetched(std::move(c), at_server_); }
  void sent(http::outcome) noexcept {}

 protected:
  explicit credentials_lookup(session<P>& shared) : shared_(shared), found_(shared.identity()) {}

  /// Nothing can be signed, for this reason. Of several, the first counts.
  void refuse(error e) {
    if (!refused_) refused_.emplace(std::move(e));
  }
  session<P>& shared() const noexcept { return shared_; }
  std::optional<error>& refused() noexcept { return refused_; }
  const auth::credentials& found() const noexcept { return *found_; }
  timestamp server_time() const noexcept { return at_server_.wall; }

 private:
  session<P>& shared_;
  instants at_server_{};
  auth::credentials_access found_;
  std::optional<error> refused_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
