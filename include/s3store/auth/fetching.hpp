// How does a provider that needs several things, one after the other, get them? By a sequence: it says what it needs next, and reads
// what came of it.
//
//   class my_fetch final : public auth::sequence {
//     bool asked{};
//     void advance() override {
//       if (!std::exchange(asked, true)) return perform({sans_io::read_file{"/run/keys"}});  // and `advance` is called again
//       conclude(output() ? keys_of(*output()) : result<auth::credentials>{output().error()});
//     }
//   };
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/local_task.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/small_exchange.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// A machine that fetches credentials (http/machine.hpp), behind an interface.
class fetching {
 public:
  using value_type = credentials;

  fetching() = default;
  fetching(const fetching&) = delete;
  fetching& operator=(const fetching&) = delete;
  virtual ~fetching() = default;
  virtual sans_io::step next(instants now) = 0;
  virtual void sent(http::outcome o) = 0;
  virtual void local_done(result<sans_io::local_output> out) = 0;
  virtual result<credentials> finish() = 0;
};

/// Such a machine of any type. Null is not allowed.
class any_fetch {
 public:
  using value_type = credentials;

  explicit any_fetch(std::unique_ptr<fetching> of) noexcept : of_(std::move(of)) {}
  sans_io::step next(instants now) { return of_->next(now); }
  void sent(http::outcome o) { of_->sent(std::move(o)); }
  void local_done(result<sans_io::local_output> out) { of_->local_done(std::move(out)); }
  result<credentials> finish() { return of_->finish(); }
  /// The machine, which is the caller's to delete.
  fetching* release() && noexcept { return of_.release(); }

 private:
  std::unique_ptr<fetching> of_;
};

/// The base of machines that do one thing after the other. `advance` is called at the start, and whenever what it asked for has come. It
/// must ask for one thing more (`ask`, `perform`, `await`), or `conclude`. A failed allocation in it is the machine's result.
class sequence : public fetching {
 public:
  sans_io::step next(instants now) final {
    now_ = now;
    try {
      for (;;) {
        if (nested_) {
          if (auto needs = nested_->next(now); !std::holds_alternative<sans_io::done>(needs)) return needs;
          fetched_ = nested_->finish();
          nested_.reset();
        } else if (auto needs = exchange_.next(now)) {
          return *std::move(needs);
        } else if (asked_) {
          asked_ = false;
          answer_ = exchange_.finish();
        }
        if (result_) return sans_io::done{};
        advance();
        if (performing_) return sans_io::local{&task_};
      }
    } catch (const std::bad_alloc&) {
      nested_.reset();
      asked_ = performing_ = false;
      conclude(detail::out_of_memory());
      return sans_io::done{};
    }
  }
  void sent(http::outcome o) final {
    if (nested_) return nested_->sent(std::move(o));
    exchange_.sent(std::move(o));
  }
  void local_done(result<sans_io::local_output> out) final {
    if (nested_) return nested_->local_done(std::move(out));
    performing_ = false;
    task_ = {};
    output_ = std::move(out);
  }
  result<credentials> finish() final { return std::move(*result_); }

 protected:
  virtual void advance() = 0;

  /// Then `answer` has what came of it.
  void ask(sans_io::small_request what) {
    exchange_.start(std::move(what));
    asked_ = true;
  }
  result<sans_io::small_answer>& answer() noexcept { return *answer_; }

  /// Then `output` has what came of it.
  void perform(sans_io::local_task what) {
    task_ = std::move(what);
    performing_ = true;
  }
  result<sans_io::local_output>& output() noexcept { return *output_; }

  /// Runs another machine. Then `fetched` has what came of it.
  void await(std::unique_ptr<fetching> other) { nested_ = std::move(other); }
  result<credentials>& fetched() noexcept { return *fetched_; }

  void conclude(result<credentials> r) { result_.emplace(std::move(r)); }

  instants now() const noexcept { return now_; }

 private:
  instants now_{};
  sans_io::small_exchange exchange_{};
  bool asked_{};
  std::optional<result<sans_io::small_answer>> answer_{};
  sans_io::local_task task_{};
  bool performing_{};
  std::optional<result<sans_io::local_output>> output_{};
  std::unique_ptr<fetching> nested_{};
  std::optional<result<credentials>> fetched_{};
  std::optional<result<credentials>> result_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
