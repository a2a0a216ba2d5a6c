// What do the calls of one client share? Credentials, the regions of buckets and the clock offset that servers told, the retry
// budget, and workspaces: buffers and hash contexts that are used again.
#pragma once

#include <atomic>
#include <concepts>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/cache.hpp>
#include <s3store/auth/credentials.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/version.hpp>
#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/express_access.hpp>
#include <s3store/protocol/policies.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/retry/send_rate.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// The policy objects of a session.
template <class P>
struct session_values {
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// The values of a client that is given none: those that can be made of nothing. For other policies it is never called, since the
/// constructors that call it are constrained; but Clang 14 instantiates these, too, where it instantiates their class.
template <class Values>
Values initial_values() {
  if constexpr (std::default_initializable<decltype(Values::credentials)>) {
    return Values{};
  } else {
    std::terminate();
  }
}

/// May be used from any thread, and on both sides of a fork. Cannot be copied or moved. Does no I/O.
template <class P>
class session {
  static_assert(checked_policies<P>());

 public:
  /// Buffers for one call at a time.
  struct workspace {
    typename P::signer signer{};
    http::request wire{};
    wire::encoded_request encoded{};
    std::string document{};
    crypto::digest sha256{crypto::digest_algorithm::sha256};
    detail::owned<workspace> below{};  ///< the next in the list of unused workspaces
  };

  explicit session(settings s) requires std::default_initializable<typename P::credentials>
      : session(std::move(s), initial_values<session_values<P>>()) {}
  session(settings s, session_values<P> values)
      : settings_(std::move(s)),
        values_(std::move(values)),
        provider_(settings_.credentials ? settings_.credentials : auth::provider{values_.credentials}),
        cache_(settings_.refresh),
        user_agent_(detail::concat({"s3store/", version})) {
    if (!settings_.user_agent_suffix.empty()) user_agent_.append(" ").append(settings_.user_agent_suffix);
    if (!settings_.endpoint.empty()) {
      auto parsed = http::parse_url(settings_.endpoint);
      if (parsed) {
        custom_ = std::move(*parsed);
      } else {
        unusable_ = std::move(parsed.error());
      }
    }
    refuse_unless_sendable("user_agent_suffix", user_agent_);
    refuse_unless_sendable("expected_bucket_owner", settings_.expected_bucket_owner);
    refuse_unless_sendable("request_payer", settings_.request_payer);
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const settings& configuration() const noexcept { return settings_; }
  std::string_view user_agent() const noexcept { return user_agent_; }
  /// The error of every call if a setting is wrong; its kind is `none` if the settings are valid.
  const error& unusable() const noexcept { return unusable_; }

  typename P::retry& retry() noexcept { return values_.retry; }
  /// Null unless the settings want adaptive retries.
  send_rate* rate() noexcept { return rate_.get(); }
  const typename P::checksums& checksums() const noexcept { return values_.checksums; }
  const typename P::observer& observer() const noexcept { return values_.observer; }

  instants now() const { return values_.clock.now(); }
  /// Converts local wall time to the server's time; the same until a server told another time.
  timestamp server_time(timestamp wall) const noexcept { return detail::saturating_add(wall, clock_offset()); }
  /// What must be added to the local wall time.
  timestamp::duration clock_offset() const noexcept { return timestamp::duration{clock_offset_.load(std::memory_order_relaxed)}; }
  void set_clock_offset(timestamp::duration offset) noexcept { clock_offset_.store(offset.count(), std::memory_order_relaxed); }
  /// Sets the offset to `to` if it still is `from`, and no other call has learned another one meanwhile.
  void restore_clock_offset(timestamp::duration from, timestamp::duration to) noexcept {
    std::int64_t expected = from.count();
    clock_offset_.compare_exchange_strong(expected, to.count(), std::memory_order_relaxed);
  }

  /// `operation`: see `endpoint_query`.
  result<endpoint> resolve(std::string_view bucket, const operation_spec* operation = nullptr) const {
    const std::string learned = region_of(bucket);
    return values_.endpoint_rules.resolve(
        {.of = settings_,
         .custom = settings_.endpoint.empty() ? nullptr : &custom_,
         .bucket = bucket,
         .operation = operation,
         .region = learned.empty() ? std::string_view{settings_.region} : std::string_view{learned}});
  }
  /// Remembers the region that a server named for the bucket.
  void learn_region(std::string_view bucket, std::string_view region) {
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    for (auto& known : mine.regions)
      if (known.bucket == bucket) return static_cast<void>(known.region = region);
    mine.regions.push_back({std::string(bucket), std::string(region)});
    has_regions_.store(true, std::memory_order_release);
  }

  /// The credentials that all calls share; see auth/cache.hpp.
  auth::credentials_cache& identity() noexcept { return cache_; }
  /// The credentials of sessions with this directory bucket, which its calls share.
  detail::shared<auth::credentials_cache> express_session(std::string_view bucket) {
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    return mine.express.of(bucket, settings_.express_refresh);
  }
  /// The machine that fetches credentials; see http/machine.hpp.
  auto fetch_credentials(const need_credentials& within = {}) const { return provider_.fetch(within); }

  detail::owned<workspace> lease() {
    {
      own& mine = own_.get();
      const std::lock_guard lock{mine.guard};
      if (mine.idle) {
        auto out = std::move(mine.idle);
        mine.idle = std::move(out->below);
        --mine.idle_count;
        return out;
      }
    }
    return detail::make_owned<workspace>();
  }
  void give_back(detail::owned<workspace> w) noexcept try {
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    if (mine.idle_count == most_idle || !w->sha256.usable()) return;  // OpenSSL may have had no memory for that one
    ++mine.idle_count;
    w->below = std::move(mine.idle);
    mine.idle = std::move(w);
  } catch (const std::bad_alloc&) {  // a workspace less
  }

 private:
  void refuse_unless_sendable(std::string_view name, std::string_view value) {
    if (unusable_.kind == error_kind::none && !wire::is_header_value(value))
      unusable_ =
          detail::fail(error_kind::configuration, {name, " holds a control character (CR, LF or NUL), which no header may"});
  }

  static constexpr std::size_t most_idle = 64;
  struct known_region {
    std::string bucket{};
    std::string region{};
  };
  struct own {
    void forked() noexcept {}  // all of it is as good in the child

    std::mutex guard{};
    std::vector<known_region> regions{};
    express_sessions express{};
    detail::owned<workspace> idle{};  // a stack, so that the workspace used last, likely still in the CPU's cache, is used next
    std::size_t idle_count{};
  };

  std::string region_of(std::string_view bucket) const {
    if (!has_regions_.load(std::memory_order_acquire)) return {};
    own& mine = own_.get();
    const std::lock_guard lock{mine.guard};
    for (const auto& known : mine.regions)
      if (known.bucket == bucket) return known.region;
    return {};
  }

  settings settings_;
  session_values<P> values_;
  auth::provider provider_;  // from the settings, or else the policy's
  auth::credentials_cache cache_;
  detail::owned<send_rate> rate_{settings_.adaptive_retry ? new send_rate : nullptr};
  std::string user_agent_;
  http::url custom_{};  // the parsed `settings::endpoint`, if it is set
  error unusable_{};
  std::atomic<std::int64_t> clock_offset_{0};  // microseconds
  std::atomic<bool> has_regions_{false};       // avoids the lock while no region is known
  mutable detail::per_process<own> own_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
