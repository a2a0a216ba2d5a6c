// How does a driver run a machine whose type it does not know? Through an interface. It is also what a machine names that starts another
// one (http/machine.hpp).
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/local_task.hpp>
#include <s3store/http/machine.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

class any_machine {
 public:
  any_machine(const any_machine&) = delete;
  any_machine& operator=(const any_machine&) = delete;

  virtual step next(instants now) = 0;
  virtual void sent(http::outcome o) = 0;
  virtual void credentials(result<auth::credentials> c) = 0;
  virtual void local_done(result<local_output> out) = 0;
  virtual void ended(any_machine& child) = 0;
  /// The driver cannot do its last step, for example because there is no memory. It is done as soon as its children have ended, and its
  /// result is this error.
  virtual void fail(error why) = 0;

 protected:
  any_machine() = default;
  ~any_machine() = default;
};

/// Does it start other machines? Then it also has `fail`, since it must not be done before its children.
template <class M>
concept starts_machines = machine<M> && requires(M& m, any_machine& child, error why) {
  m.ended(child);
  m.fail(std::move(why));
};

/// A machine behind that interface, by reference: it must outlive this. One that asks for a step whose outcome it cannot take ends with an
/// error.
template <machine M>
class machine_ref final : public any_machine {
 public:
  using value_type = typename M::value_type;

  explicit machine_ref(M& of) noexcept : of_(of) {}

  step next(instants now) override {
    if (failure_) return done{};
    step out = of_.next(now);
    std::string_view lacks;
    if (!takes_credentials && std::holds_alternative<need_credentials>(out)) lacks = "credentials";
    if (!does_local_tasks<M> && std::holds_alternative<local>(out)) lacks = "local_done";
    if (!starts_machines<M> && std::holds_alternative<start>(out)) lacks = "ended";
    if (lacks.empty()) return out;
    fail(unanswerable(lacks));
    return done{};
  }
  void sent(http::outcome o) override { of_.sent(std::move(o)); }
  void credentials([[maybe_unused]] result<auth::credentials> c) override {
    if constexpr (takes_credentials) of_.credentials(std::move(c));
  }
  void local_done([[maybe_unused]] result<local_output> out) override {
    if constexpr (does_local_tasks<M>) of_.local_done(std::move(out));
  }
  void ended([[maybe_unused]] any_machine& child) override {
    if constexpr (starts_machines<M>) of_.ended(child);
  }
  void fail(error why) override {
    if constexpr (starts_machines<M>) {
      of_.fail(std::move(why));
    } else {
      failure_ = std::move(why);
    }
  }
  result<value_type> finish() {
    if (failure_) return std::move(*failure_);
    return of_.finish();
  }

 private:
  static constexpr bool takes_credentials = requires(M& m, result<auth::credentials> c) { m.credentials(std::move(c)); };

  M& of_;
  std::optional<error> failure_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
