// How does a caller learn how far a transfer has come? The transfer calls a function of the caller's; its numbers never decrease.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <s3store/core/result.hpp>
#include <s3store/http/body.hpp>

namespace s3store::inline S3STORE_ABI {

/// Holds a function `void(std::uint64_t done, std::uint64_t total)`, both in bytes; `total` is 0 if it is not known. It is called
/// on the thread that runs the transfer. If it throws, the transfer ends and throws the same to its caller. Copies share the
/// function.
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

/// Calls the callback only if progress increased, so a part that is sent again is not reported again.
class progress_tally {
 public:
  explicit progress_tally(progress_callback tell) noexcept : tell_(std::move(tell)) {}

  void set_total(std::uint64_t total) noexcept { total_ = total; }
  /// Reports that `more` bytes are transferred, beside those before.
  result<void> add(std::uint64_t more) noexcept { return reached(sum_ += more); }
  /// Reports that `done` bytes are transferred. Fails with body_source if the caller's function threw.
  result<void> reached(std::uint64_t done) noexcept {
    if (told_ && done <= *told_) return {};
    told_ = done;
    return http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return tell_(done, total_), result<void>{}; });
  }

 private:
  progress_callback tell_;
  std::uint64_t total_{}, sum_{};
  std::optional<std::uint64_t> told_{};
};

}  // namespace s3store::inline S3STORE_ABI
