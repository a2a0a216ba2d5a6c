// How is a caller told how far a transfer has come? By a function of its own, which hears of every byte once.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <s3store/core/result.hpp>
#include <s3store/http/body.hpp>

namespace s3store::inline v0 {

/// Holds a function `void(std::uint64_t done, std::uint64_t total)`, in bytes; `total` is 0 where it is not known. The function may throw:
/// that ends the transfer, and is thrown again where the transfer was started. Copies share the function.
class progress_callback {
 public:
  progress_callback() = default;
  template <class F>
    requires(!std::same_as<F, progress_callback> && std::invocable<F&, std::uint64_t, std::uint64_t>)
  progress_callback(F function)
      : function_(std::make_shared<F>(std::move(function))),
        call_([](void* f, std::uint64_t done, std::uint64_t total) { (*static_cast<F*>(f))(done, total); }) {}

  void operator()(std::uint64_t done, std::uint64_t total) const {
    if (call_) call_(function_.get(), done, total);
  }

 private:
  std::shared_ptr<void> function_{};
  void (*call_)(void*, std::uint64_t, std::uint64_t){};
};

/// Keeps a transfer's progress from going back: a part that is sent again is not told again.
class progress_tally {
 public:
  explicit progress_tally(const progress_callback& tell) noexcept : tell_(tell) {}

  void set_total(std::uint64_t total) noexcept { total_ = total; }
  /// So many bytes are done. Fails with body_source where the caller's function threw.
  result<void> reached(std::uint64_t done) noexcept {
    if (told_ && done <= *told_) return {};
    told_ = done;
    return http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return tell_(done, total_), result<void>{}; });
  }

 private:
  const progress_callback& tell_;
  std::uint64_t total_{};
  std::optional<std::uint64_t> told_{};
};

}  // namespace s3store::inline v0
