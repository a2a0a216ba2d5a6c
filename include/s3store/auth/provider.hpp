// Where do credentials come from? From providers: objects whose `fetch()` returns a machine whose result are credentials.
//
// Such a machine may ask for exchanges and waits like any other (http/machine.hpp), so a provider that must ask a server does not
// block a loop. One that only reads memory or files is done at the first step.
//
//   struct my_vault {
//     result<auth::credentials> load(timestamp now) const;                  // all that a local provider needs
//     auto fetch() const { return auth::local_fetch<my_vault>{*this}; }
//   };
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/auth/fetching.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/local_task.hpp>
#include <s3store/http/machine.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// The machine that a provider's `fetch()` returns. It must not be moved, and the provider must outlive it.
template <class P>
using fetch_of = decltype(std::declval<const P&>().fetch());

namespace detail {
using namespace s3store::detail;
template <class P>
concept fetches_credentials = requires(const P& p) { p.fetch(); } && sans_io::machine<fetch_of<P>> &&
                              std::same_as<typename fetch_of<P>::value_type, credentials>;
}  // namespace detail

/// A provider can be copied, and its `const` members may be called from any thread.
template <class P>
concept credentials_provider = detail::fetches_credentials<P> && std::copy_constructible<P>;

/// The error of a provider that has no credentials. It is not taken for a failure: a chain goes on with the next provider. `why`
/// says what was looked for.
inline error none_here(std::string why) {
  error e = detail::fail(error_kind::credentials, std::move(why));
  e.code = "NoCredentials";
  return e;
}
inline bool is_none_here(const error& e) noexcept { return e.kind == error_kind::credentials && e.code == "NoCredentials"; }

/// What a provider's source calls the parts of credentials, for messages.
struct credential_names {
  std::string_view place;  ///< "the environment"
  std::string_view access_key_id, secret_access_key, session_token;
};

/// Fails with error_kind::credentials if there is one key without the other, or a part that is white space alone: whoever wrote
/// these meant to give credentials, and neither a signature with them nor other credentials would be what was meant. An empty part
/// is not there.
inline result<void> check_complete(const credentials& c, const credential_names& named) {
  const auto blank = [](std::string_view text) { return !text.empty() && detail::trim(text).empty(); };
  const auto secret = c.secret_access_key.reveal();
  const std::string_view wrong = blank(c.access_key_id)            ? named.access_key_id
                                 : blank(secret)                   ? named.secret_access_key
                                 : blank(c.session_token.reveal()) ? named.session_token
                                                                   : std::string_view{};
  if (!wrong.empty()) return detail::fail(error_kind::credentials, {wrong, " in ", named.place, " is set to white space alone"});
  if (c.access_key_id.empty() != secret.empty())
    return detail::fail(error_kind::credentials, {named.place, " must have both ", named.access_key_id, " and ",
                                                  named.secret_access_key, ", and has only one of them"});
  return {};
}

/// The machine of a provider with a function `result<credentials> load(timestamp now) const`, which must outlive it.
template <class P>
class local_fetch {
 public:
  using value_type = credentials;

  explicit local_fetch(const P& from) noexcept : from_(&from) {}
  explicit local_fetch(const P&&) = delete;
  sans_io::step next(instants now) noexcept {
    now_ = now.wall;
    return sans_io::done{};
  }
  void sent(http::outcome) noexcept {}
  result<credentials> finish() { return from_->load(now_); }

 private:
  const P* from_;
  timestamp now_{};
};

/// Returns the credentials that it was given.
class static_credentials {
 public:
  explicit static_credentials(credentials given) : given_(std::move(given)) {}
  static_credentials(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : given_{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)} {}

  auto fetch() const noexcept { return local_fetch<static_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    if (auto whole = check_complete(given_, {"the credentials given", "an access key id", "a secret access key", "a session token"}); !whole)
      return std::move(whole.error());
    if (given_.anonymous()) return none_here("no credentials were given");
    return given_;
  }

 private:
  credentials given_{};
};

/// For requests that are to be sent unsigned.
struct anonymous_credentials {
  auto fetch() const noexcept { return local_fetch<anonymous_credentials>{*this}; }
  result<credentials> load(timestamp) const { return credentials{}; }
};

namespace detail {
using namespace s3store::detail;
/// The machine of a provider, which must outlive it, behind the interface.
template <class P>
struct fetching_of final : fetching {
  explicit fetching_of(const P& p) : machine(p.fetch()) {}
  sans_io::step next(instants now) override { return unanswered ? sans_io::step{sans_io::done{}} : machine.next(now); }
  void sent(http::outcome o) override { machine.sent(std::move(o)); }
  void local_done([[maybe_unused]] result<sans_io::local_output> out) override {
    if constexpr (sans_io::does_local_tasks<fetch_of<P>>) {
      machine.local_done(std::move(out));
    } else {
      unanswered = true;
    }
  }
  result<credentials> finish() override {
    if (unanswered) return sans_io::unanswerable("local_done");
    return machine.finish();
  }
  fetch_of<P> machine;
  bool unanswered{};
};
}  // namespace detail

/// Holds a provider of any type: the type of `settings::credentials`. Copies share one provider.
///   .credentials = {"id", "secret"}                          given ones; a session token may follow
///   .credentials = auth::anonymous_credentials{}             none: requests are sent unsigned
///   .credentials = auth::profile_credentials{"work"}         anything that models credentials_provider
/// If it is empty (the default), the client uses the provider of its policies.
class provider {
  struct any {
    virtual ~any() = default;
    virtual detail::owned<fetching> fetch() const = 0;
  };
  using held = detail::owned<any>;

 public:
  provider() = default;
  provider(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : provider(static_credentials{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)}) {}
  provider(auth::credentials given) : provider(static_credentials{std::move(given)}) {}
  /// Whether `P` can be copied is no part of the constraint: for a provider that is made of a `provider` that would be a circle.
  template <class P>
    requires(!std::same_as<P, provider> && detail::fetches_credentials<P>)
  provider(P of) : of_(detail::share<const held>(new model<P>(std::move(of)))) {
    static_assert(std::copy_constructible<P>, "a provider of credentials must be copy-constructible");
  }

  explicit operator bool() const noexcept { return static_cast<bool>(of_); }

  /// Keeps the provider alive, and ends when the call that needs the credentials must.
  class machine_type {
   public:
    using value_type = auth::credentials;

    machine_type(detail::shared<const held> of, sans_io::need_credentials within)
        : of_(std::move(of)), within_(std::move(within)), under_way_(of_ ? (*of_)->fetch() : nullptr) {}
    sans_io::step next(instants now);
    void sent(http::outcome o) {
      if (under_way_) under_way_->sent(std::move(o));
    }
    void local_done(result<sans_io::local_output> out) {
      if (under_way_) under_way_->local_done(std::move(out));
    }
    result<auth::credentials> finish();

   private:
    detail::shared<const held> of_;
    sans_io::need_credentials within_;
    detail::owned<fetching> under_way_;  // refers to what of_ points to
    error_kind ended_{};
  };
  machine_type fetch(const sans_io::need_credentials& within = {}) const { return machine_type{of_, within}; }

 private:
  template <class P>
  struct model final : any {
    explicit model(P p) : of(std::move(p)) {}
    detail::owned<fetching> fetch() const override {
      if constexpr (std::same_as<fetch_of<P>, any_fetch>) {
        return detail::owned<fetching>{of.fetch().release()};
      } else {
        return detail::owned<fetching>{new detail::fetching_of<P>(of)};
      }
    }
    P of;
  };

  detail::shared<const held> of_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/provider_impl.hpp>
#endif
