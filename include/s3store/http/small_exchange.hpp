// How does a machine ask for a small document, as credentials services give them? With an exchange that is tried again if that may
// help, and whose answer is read into memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <s3store/core/error.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/body.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

struct small_answer {
  int status{};
  http::headers fields{};
  detail::wiped_text body{};
};

struct small_request {
  http::method verb{};
  std::string url{};
  http::headers fields{};
  secret_string body{};  ///< sent unless empty
  const http::connection_rules* rules{};  ///< must stay valid until the answer has come; null: none
  /// `deadline` is not used: each attempt may take as long as `attempt_limit`.
  http::limits within{.connect = std::chrono::seconds{5}, .first_byte = std::chrono::seconds{10}, .idle = std::chrono::seconds{5}};
  duration attempt_limit{std::chrono::seconds{20}};
  std::size_t max_bytes{std::size_t{1} << 20};  ///< of the answer; a longer one is an error of kind too_large
  int attempts{3};                              ///< the first time counts
  duration pause{std::chrono::milliseconds{250}};  ///< before the second attempt; twice as long before each further one
  /// Whether an answer says that trying again may help. By default 429 and 5xx do; so does a lost connection.
  bool (*worth_repeating)(const small_answer&){[](const small_answer& a) { return a.status == 429 || a.status / 100 == 5; }};
};

/// A part of a machine: it is started, asked for steps until it has none left, and told what came of each; then it has an answer. It
/// must not be moved while it is under way.
class small_exchange final : http::receiver, http::sink {
 public:
  void start(small_request what) {
    what_ = std::move(what);
    wire_.verb = what_.verb;
    wire_.url = what_.url;
    wire_.fields = what_.fields;
    wire_.no_expect = true;
    attempt_ = 0;
    stage_ = stage::ready;
  }

  /// Nothing: it has ended, or was never started.
  std::optional<step> next(instants now) {
    if (stage_ == stage::answered) settle(now);
    if (stage_ == stage::waiting && now.steady >= wait_until_) stage_ = stage::ready;
    if (stage_ == stage::waiting) return wait{wait_until_};
    if (stage_ == stage::idle) return std::nullopt;
    ++attempt_;
    answer_ = {};
    body_ = http::memory_source{what_.body.reveal()};
    wire_.body = what_.body.empty() ? nullptr : &body_;
    stage_ = stage::sending;
    http::limits within = what_.within;
    within.deadline = detail::saturating_add(now.steady, what_.attempt_limit);
    return send{{.out = &wire_, .in = this, .within = within, .rules = what_.rules}};
  }
  void sent(http::outcome o) {
    outcome_ = o ? result<void>{} : result<void>{std::move(o.error())};
    stage_ = stage::answered;
  }
  /// What came of the last attempt, whatever its status; call it once. An error's message names the host.
  result<small_answer> finish() {
    if (!outcome_) return std::move(outcome_.error());
    return std::move(answer_);
  }

 private:
  enum class stage : std::uint8_t { idle, ready, sending, answered, waiting };

  result<http::sink*> on_response(http::response&& head) noexcept override {
    answer_.status = head.status;
    answer_.fields = std::move(head.fields);
    return static_cast<http::sink*>(this);
  }
  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (bytes.size() > what_.max_bytes - (std::min)(what_.max_bytes, answer_.body.size()))
      return detail::fail(error_kind::too_large, {"the answer is longer than the ", detail::decimal(what_.max_bytes), " bytes accepted"});
    try {
      answer_.body.append(detail::as_text(bytes));
    } catch (const std::bad_alloc&) {
      return detail::out_of_memory();
    }
    return {};
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// The attempt is over: is there another one?
  void settle(instants now) {
    const bool again = attempt_ < what_.attempts && (outcome_ ? what_.worth_repeating(answer_) : may_help(outcome_.error().kind));
    stage_ = again ? stage::waiting : stage::idle;
    if (again) wait_until_ = detail::saturating_add(now.steady, what_.pause * (std::int64_t{1} << (std::min)(attempt_ - 1, 20)));
  }
  static bool may_help(error_kind k) noexcept {
    return k == error_kind::resolve || k == error_kind::connect || k == error_kind::connection_lost || k == error_kind::timeout ||
           k == error_kind::deadline_exceeded || k == error_kind::malformed_response;
  }

  small_request what_{};
  http::request wire_{};
  http::memory_source body_{};
  small_answer answer_{};
  result<void> outcome_{};
  int attempt_{};
  stage stage_{};
  steady_time wait_until_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
