// Where do credentials come from? From providers: objects whose `fetch()` gives a machine that ends with credentials.
//
// A machine may ask for exchanges and waits like any other (http/machine.hpp), so a provider that must ask a server never blocks a
// loop. Those that only look at memory or files are done at the first question.
//
//   struct my_vault {
//     result<auth::credentials> load(timestamp now) const;                  // local: this is all
//     auto fetch() const { return auth::local_fetch<my_vault>{*this}; }
//   };
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/machine.hpp>

namespace s3store::inline v0::auth {

/// The machine that a provider's `fetch()` gives. It is pinned, and borrows the provider.
template <class P>
using fetch_of = decltype(std::declval<const P&>().fetch());

/// A provider can be copied, and its `const` members called from any thread.
template <class P>
concept credentials_provider = std::copy_constructible<P> && requires(const P& p) {
  p.fetch();
} && machine<fetch_of<P>> && std::same_as<typename fetch_of<P>::value_type, credentials>;

/// What a provider answers that has nothing to say, which is no failure: a chain goes on with the next one. `why` names what it
/// looked for.
inline error none_here(std::string why) {
  error e = fail(error_kind::credentials, std::move(why));
  e.code = "NoCredentials";
  return e;
}
inline bool is_none_here(const error& e) noexcept { return e.kind == error_kind::credentials && e.code == "NoCredentials"; }

/// The machine of a provider with a function `result<credentials> load(timestamp now) const`.
template <class P>
class local_fetch {
 public:
  using value_type = credentials;

  explicit local_fetch(const P& from) noexcept : from_(&from) {}
  step<credentials> next(instants now) { return done<credentials>{from_->load(now.wall)}; }
  void sent(http::outcome) noexcept {}

 private:
  const P* from_;
};

/// Those that it was given.
class static_credentials {
 public:
  explicit static_credentials(credentials given) : given_(std::move(given)) {}
  static_credentials(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : given_{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)} {}

  auto fetch() const noexcept { return local_fetch<static_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    if (given_.access_key_id.empty() != given_.secret_access_key.empty())
      return fail(error_kind::credentials, "the credentials given need both an access key id and a secret access key");
    if (given_.anonymous()) return none_here("no credentials were given");
    return given_;
  }

 private:
  credentials given_{};
};

/// None, on purpose: requests go unsigned.
struct anonymous_credentials {
  auto fetch() const noexcept { return local_fetch<anonymous_credentials>{*this}; }
  result<credentials> load(timestamp) const { return credentials{}; }
};

}  // namespace s3store::inline v0::auth
