// How do many exchanges run at once on one thread? On one multi handle of libcurl, which works while a thread is in `poll`.
#pragma once

#include <optional>

#include <s3store/core/owned.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/transports/curl_settings.hpp>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {
class multi;  // curl_loop_impl.hpp
struct multi_deleter {
  void operator()(multi* p) const noexcept;
};
}  // namespace curl_detail

/// Models `http::loop`. Only for one thread at a time; `wake`, and cancelling an exchange's token, may be done from other threads.
/// It starts no thread. Receivers, sources and sinks are called inside `poll`, and must not call the loop. Connections are reused.
/// Destroying it ends the exchanges that run or wait, without completions.
///
/// More exchanges than the settings allow connections wait their turn, in the order of their start; thousands may, at about 350 bytes
/// each. Their deadlines and tokens hold meanwhile, their other limits begin when they do. So does one for whose connection the process
/// has no descriptor left, as long as another of this loop's may become free; else it fails with error_kind::connect. See
/// docs/decisions/0015.
///
/// After fork, parent and child may both go on with it, and the child opens connections of its own. An exchange that was under way at the
/// fork goes on in the parent and ends in the child, with error_kind::cancelled, without a word to the server; so does one whose callback
/// forked.
class curl_loop {
 public:
  /// Throws std::bad_alloc, and s3_error of kind transport if libcurl can't be initialised.
  explicit curl_loop(curl_settings settings = {});

  /// Begins an exchange, or lets it wait its turn. What it points to must live until `poll` has returned its completion or `cancel` was
  /// called. If it can't be begun, `poll` returns that failure, too. Throws std::bad_alloc, and then nothing has changed.
  void start(http::exchange what, void* tag);

  /// Ends the exchanges with that tag. What they point to is not used any more, and `poll` returns no completion for them.
  void cancel(void* tag);

  /// Makes the current `poll` return early, or the next one if none is running. May be called from any thread.
  void wake() noexcept;

  /// Runs the exchanges until one has finished, and returns it; nullopt at `until` or after a wake. If `until` is in the past, it
  /// checks once and does not wait.
  std::optional<http::completion> poll(steady_time until);

 private:
  detail::owned<curl_detail::multi, curl_detail::multi_deleter> multi_;
};

static_assert(http::loop<curl_loop>);

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/transports/curl_loop_impl.hpp>
#endif
