// A machine with nothing of S3 in it, for the drivers' own tests.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/auth/credentials.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/protocol/any_machine.hpp>

#include "support/harness.hpp"

namespace test {

/// Takes the steps that its plan names, one letter each: s(end), w(ait 5 s), c(redentials). Its value tells what came of them.
class planned final : public http::receiver {
 public:
  using value_type = std::string;

  explicit planned(std::string plan, cancel_token stop = {}) : plan_(std::move(plan)), stop_(std::move(stop)) {}

  sans_io::step next(instants now) {
    if (waits_until_ && now.steady < *waits_until_ && !stop_.cancelled()) return sans_io::wait{*waits_until_, stop_};
    if (waits_until_) told_ += stop_.cancelled() ? "stopped " : "waited ";
    waits_until_.reset();
    if (at_ == plan_.size()) return sans_io::done{};
    switch (plan_[at_++]) {
      case 's': return sans_io::send{http::exchange{.out = &request_, .in = this, .stop = stop_}};
      case 'c': return sans_io::need_credentials{};
      default: waits_until_ = now.steady + 5s; return sans_io::wait{*waits_until_, stop_};
    }
  }
  void sent(http::outcome o) { told_ += o ? "sent " : std::string(to_string(o.error().kind)) + " "; }
  void credentials(result<auth::credentials> c) { told_ += c ? c->access_key_id + " " : "none "; }
  result<std::string> finish() { return told_; }
  s3store::result<s3store::http::sink*> on_response(http::response&&) noexcept override { return nullptr; }

 private:
  std::string plan_;
  cancel_token stop_;
  std::size_t at_{};
  std::optional<steady_time> waits_until_{};
  http::request request_{.url = "http://test/"};
  std::string told_{};
};
static_assert(sans_io::machine<planned>);

/// Starts a `planned` machine for each of the plans, at most `at_once` at the same time. Its value tells what they gave, in the order in
/// which they ended.
class family {
 public:
  using value_type = std::string;

  family(std::vector<std::string> plans, std::size_t at_once, cancel_token stop = {})
      : plans_(std::move(plans)), at_once_(at_once), stop_(std::move(stop)) {}

  sans_io::step next(instants) {
    if (begun_ != plans_.size() && running_.size() != at_once_ && !failed_) {
      running_.push_back(std::make_unique<member>(plans_[begun_++], stop_));
      most_at_once = (std::max)(most_at_once, running_.size());
      return sans_io::start{&running_.back()->ref};
    }
    ++asked_to_go_on;
    if (!running_.empty()) return sans_io::wait{};
    return sans_io::done{};
  }
  void sent(http::outcome) {}
  void ended(sans_io::any_machine& child) {
    const auto at = std::find_if(running_.begin(), running_.end(), [&child](const auto& m) { return &m->ref == &child; });
    const auto out = (*at)->ref.finish();
    told_ += (out ? *out : out.error().message) + "| ";
    running_.erase(at);
  }
  void fail(error why) {
    failed_ = true;
    told_ += why.message;
  }
  result<std::string> finish() { return running_.empty() ? told_ : "not all have ended"; }

  std::size_t most_at_once{};
  std::size_t asked_to_go_on{};

 private:
  struct member {
    member(std::string plan, cancel_token stop) : machine(std::move(plan), std::move(stop)) {}
    planned machine;
    sans_io::machine_ref<planned> ref{machine};
  };
  std::vector<std::string> plans_;
  std::size_t at_once_;
  cancel_token stop_;
  std::size_t begun_{};
  std::vector<std::unique_ptr<member>> running_{};
  bool failed_{};
  std::string told_{};
};
static_assert(sans_io::starts_machines<family>);

/// Asks for the same step for ever, and takes no outcome. T is what it would give.
template <class T>
struct deaf {
  using value_type = T;
  sans_io::step asks_for{};
  sans_io::step next(instants) const { return asks_for; }
  void sent(http::outcome) const {}
  result<T> finish() const { return T{}; }
};
struct deaf_provider {
  sans_io::step asks_for{};
  auto fetch() const { return deaf<auth::credentials>{asks_for}; }
};

/// A provider that has to ask a server first: its machine is like any other.
struct asking_provider {
  class machine_type final : public http::receiver {
   public:
    using value_type = auth::credentials;
    sans_io::step next(instants now) {
      if (outcome_ && *outcome_ && !waited_) {
        waited_ = true;
        until_ = now.steady + 1s;
      }
      if (waited_ && now.steady < until_) return sans_io::wait{until_};
      if (!outcome_) return sans_io::send{http::exchange{.out = &request_, .in = this}};
      return sans_io::done{};
    }
    result<auth::credentials> finish() {
      if (!*outcome_) return detail::fail(error_kind::credentials, "the server of credentials is gone");
      return auth::credentials{"ASKED", secret_string{"s"}};
    }
    void sent(http::outcome o) { outcome_.emplace(std::move(o)); }
    s3store::result<s3store::http::sink*> on_response(http::response&&) noexcept override { return nullptr; }

   private:
    std::optional<http::outcome> outcome_{};
    bool waited_{};
    steady_time until_{};
    http::request request_{.url = "http://credentials/"};
  };
  auto fetch() const { return machine_type{}; }
};
static_assert(auth::credentials_provider<asking_provider>);

/// What the drivers need of a session.
struct small_session {
  manual_clock clock{};
  asking_provider provider{};
  instants now() const { return clock.now(); }
  auto fetch_credentials(const sans_io::need_credentials&) const { return provider.fetch(); }
};

}  // namespace test
