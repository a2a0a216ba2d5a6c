// Which of several providers counts? The first that has credentials. One that fails ends the search: going on would use
// credentials that nobody meant.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include <s3store/auth/provider.hpp>

namespace s3store::inline v0::auth {

namespace detail {

/// Providers, and below their machines, one behind the other. (A std::tuple is some sixty functions to a compiler.)
template <class... Ps>
struct chained_providers {};
template <class P, class... Rest>
struct chained_providers<P, Rest...> {
  chained_providers() = default;
  explicit chained_providers(P one, Rest... others) : first(std::move(one)), rest(std::move(others)...) {}
  P first;
  chained_providers<Rest...> rest;
};

template <class... Ps>
struct chained_machines {
  explicit chained_machines(const chained_providers<>&) noexcept {}
};
template <class P, class... Rest>
struct chained_machines<P, Rest...> {
  explicit chained_machines(const chained_providers<P, Rest...>& from) : first(from.first.fetch()), rest(from.rest) {}

  /// Calls `f` with the machine at that place.
  template <class F>
  auto visit(std::size_t at, F&& f) {
    if constexpr (sizeof...(Rest) != 0)
      if (at != 0) return rest.visit(at - 1, f);
    return f(first);
  }

  fetch_of<P> first;
  chained_machines<Rest...> rest;
};

}  // namespace detail

/// A provider made of providers; where none of them has any, the error names everything that was tried, and is itself a
/// `none_here`, so that chains nest. Each provider's machine is made at the start, and asked when its turn comes.
template <credentials_provider... Ps>
class credentials_chain {
  static_assert(sizeof...(Ps) != 0, "a credentials_chain needs at least one provider");

 public:
  credentials_chain() requires(std::default_initializable<Ps>&&...) = default;
  explicit credentials_chain(Ps... each) : each_(std::move(each)...) {}

  class machine_type {
   public:
    using value_type = credentials;

    explicit machine_type(const credentials_chain& of) : machines_(of.each_) {}
    machine_type(const machine_type&) = delete;
    machine_type& operator=(const machine_type&) = delete;

    step<credentials> next(instants now) {
      for (;;) {
        if (at_ == sizeof...(Ps)) return done<credentials>{none_here(concat({"no credentials: ", tried_}))};
        step<credentials> answer = machines_.visit(at_, [&](auto& m) { return m.next(now); });
        auto* const end = answer.as_done();
        if (!end || end->value || !is_none_here(end->value.error())) return answer;
        tried_.append(tried_.empty() ? "" : "; ").append(end->value.error().message);
        ++at_;
      }
    }

    void sent(http::outcome o) {
      machines_.visit(at_, [&](auto& m) { return m.sent(std::move(o)); });
    }

   private:
    detail::chained_machines<Ps...> machines_;
    std::size_t at_{};
    std::string tried_{};
  };

  auto fetch() const { return machine_type{*this}; }

 private:
  detail::chained_providers<Ps...> each_{};
};

}  // namespace s3store::inline v0::auth
