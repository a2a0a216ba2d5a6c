// Which of several providers is used? The first that has credentials. If one fails, the search ends with its error, since
// credentials of a later one are not those that the user meant.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include <s3store/auth/provider.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

/// A list of providers; chained_machines is the list of their machines.
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

/// A provider made of providers. If none has credentials, it fails with an error that names all that was tried and is a `none_here`
/// itself, so that a chain can be part of another one. `fetch` makes the machines of all providers, but each runs only when its
/// turn comes. The chain must outlive its machine.
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

    sans_io::step next(instants now) {
      while (!unanswered_) {
        auto answer = machines_.visit(at_, [&](auto& m) { return m.next(now); });
        if (!std::holds_alternative<sans_io::done>(answer)) return answer;
        found_ = machines_.visit(at_, [](auto& m) { return m.finish(); });
        if (found_ || !is_none_here(found_.error())) return sans_io::done{};
        tried_.append(tried_.empty() ? "" : "; ").append(found_.error().message);
        if (++at_ != sizeof...(Ps)) continue;
        found_ = none_here(detail::concat({"no credentials: ", tried_}));
        return sans_io::done{};
      }
      return sans_io::done{};
    }
    result<credentials> finish() { return std::move(found_); }

    void sent(http::outcome o) {
      machines_.visit(at_, [&](auto& m) { return m.sent(std::move(o)); });
    }
    void local_done(result<sans_io::local_output> out) {
      machines_.visit(at_, [&]<class M>([[maybe_unused]] M& m) {
        if constexpr (sans_io::does_local_tasks<M>) {
          m.local_done(std::move(out));
        } else {
          found_ = sans_io::unanswerable("local_done");
          unanswered_ = true;
        }
      });
    }

   private:
    detail::chained_machines<Ps...> machines_;
    std::size_t at_{};
    std::string tried_{};
    bool unanswered_{};
    result<credentials> found_{s3store::detail::no_value_yet{}};
  };

  auto fetch() const { return machine_type{*this}; }

 private:
  detail::chained_providers<Ps...> each_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
