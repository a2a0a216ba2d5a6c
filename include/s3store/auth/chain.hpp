// Which of several providers counts? The first that has credentials. One that fails ends the search: going on would use
// credentials that nobody meant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <s3store/auth/provider.hpp>

namespace s3store::inline v0::auth {

/// A provider made of providers; where none of them has any, the error names everything that was tried, and is itself a
/// `none_here`, so that chains nest.
template <credentials_provider... Ps>
class credentials_chain {
  static_assert(sizeof...(Ps) != 0, "a credentials_chain needs at least one provider");

  template <class P>
  struct start {  // makes a pinned machine in place
    const P& from;
    operator fetch_of<P>() const { return from.fetch(); }
  };

 public:
  credentials_chain() requires(std::default_initializable<Ps>&&...) = default;
  explicit credentials_chain(Ps... each) : each_(std::move(each)...) {}

  class machine_type {
   public:
    using value_type = credentials;

    explicit machine_type(const credentials_chain& of) noexcept : of_(&of) {}
    machine_type(const machine_type&) = delete;
    machine_type& operator=(const machine_type&) = delete;

    step<credentials> next(instants now) {
      for (;;) {
        if (at_ == sizeof...(Ps)) return done<credentials>{none_here("no credentials: " + tried_)};
        step<credentials> answer = visit([&](auto& m) { return m.next(now); });
        auto* const end = answer.as_done();
        if (!end || end->value || !is_none_here(end->value.error())) return answer;
        tried_.append(tried_.empty() ? "" : "; ").append(end->value.error().message);
        ++at_;
      }
    }

    void sent(http::outcome o) {
      visit([&](auto& m) { return m.sent(std::move(o)); });
    }

   private:
    /// Calls `f` with the current provider's machine, which starts when it is first asked.
    template <class F, std::size_t I = 0>
    auto visit(F&& f) {
      if constexpr (I + 1 != sizeof...(Ps))
        if (at_ != I) return visit<F, I + 1>(std::forward<F>(f));
      auto& m = std::get<I>(machines_);
      const auto& from = std::get<I>(of_->each_);
      if (!m) m.emplace(start<std::remove_cvref_t<decltype(from)>>{from});
      return f(*m);
    }

    const credentials_chain* of_;
    std::tuple<std::optional<fetch_of<Ps>>...> machines_{};
    std::size_t at_{};
    std::string tried_{};
  };

  auto fetch() const { return machine_type{*this}; }

 private:
  std::tuple<Ps...> each_{};
};

}  // namespace s3store::inline v0::auth
