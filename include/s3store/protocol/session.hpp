// What do the calls of one client share? What was learned and what is costly to make: credentials, the regions of buckets, the offset
// to the server's clock, the retry budget, and work spaces with their buffers and hash contexts.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/cache.hpp>
#include <s3store/auth/credentials.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/version.hpp>
#include <s3store/protocol/encode.hpp>
#include <s3store/protocol/policies.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline v0 {

/// The instances behind the seams of a session.
template <class P>
struct session_values {
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// Pinned in memory, safe from any thread, and without I/O.
template <class P>
class session {
  static_assert(checked_policies<P>());

 public:
  /// Buffers that one call at a time uses.
  struct workspace {
    typename P::signer signer{};
    http::request wire{};
    encoded_request encoded{};
    std::string document{};
    crypto::digest sha256{crypto::digest_algorithm::sha256};
    owned<workspace> below{};  ///< the next one of those that nobody uses
  };

  explicit session(settings s) : session(std::move(s), session_values<P>{}) {}
  session(settings s, session_values<P> values)
      : settings_(std::move(s)), values_(std::move(values)), user_agent_(concat({"s3store/", version})) {
    if (!settings_.user_agent_suffix.empty()) user_agent_.append(" ").append(settings_.user_agent_suffix);
    if (!settings_.endpoint.empty()) {
      auto parsed = http::parse_url(settings_.endpoint);
      if (parsed) {
        custom_ = std::move(*parsed);
      } else {
        unusable_ = std::move(parsed.error());
      }
    }
    check("user_agent_suffix", user_agent_);
    check("expected_bucket_owner", settings_.expected_bucket_owner);
    check("request_payer", settings_.request_payer);
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const settings& configuration() const noexcept { return settings_; }
  std::string_view user_agent() const noexcept { return user_agent_; }
  /// Why no call can succeed, where a setting is wrong; its kind is `none` when all is well.
  const error& unusable() const noexcept { return unusable_; }

  typename P::retry& retry() noexcept { return values_.retry; }
  const typename P::checksums& checksums() const noexcept { return values_.checksums; }
  const typename P::observer& observer() const noexcept { return values_.observer; }

  instants now() const { return values_.clock.now(); }
  /// The server's time, as far as it is known.
  timestamp server_time(timestamp wall) const noexcept { return wall + std::chrono::microseconds{clock_offset_.load(std::memory_order_relaxed)}; }
  void set_server_time(timestamp server, timestamp wall) noexcept { clock_offset_.store((server - wall).count(), std::memory_order_relaxed); }

  result<endpoint> resolve(std::string_view bucket, std::string_view service = "s3") const {
    const std::string learned = region_of(bucket);
    return values_.endpoint_rules.resolve({.of = settings_,
                                           .custom = custom_ ? &*custom_ : nullptr,
                                           .bucket = bucket,
                                           .service = service,
                                           .region = learned.empty() ? std::string_view{settings_.region} : std::string_view{learned}});
  }
  /// A server said that the bucket is in that region.
  void learn_region(std::string_view bucket, std::string_view region) {
    const std::lock_guard lock{guard_};
    for (auto& known : regions_)
      if (known.bucket == bucket) return static_cast<void>(known.region = region);
    regions_.push_back({std::string(bucket), std::string(region)});
    has_regions_.store(true, std::memory_order_release);
  }

  /// Those that calls share; see auth/cache.hpp.
  auth::credentials_cache& identity() noexcept { return cache_; }
  /// Credentials for now; null: the asker should fetch some, and hand over what comes.
  shared<const auth::credentials> known_credentials(instants now) {
    auto known = cache_.get(now);
    return known.refresh ? nullptr : std::move(known.value);
  }
  /// What a fetch gave, even if that expires soon; where it failed, those from before if they are still valid.
  result<shared<const auth::credentials>> fetched(result<auth::credentials> c, instants now) {
    if (c) return cache_.put(std::move(*c));
    cache_.failed(now);
    if (auto still = cache_.get(now).value) return still;
    return std::move(c.error());
  }
  /// The machine that fetches credentials; see http/machine.hpp.
  auto fetch_credentials() const { return values_.credentials.fetch(); }

  owned<workspace> lease() {
    {
      const std::lock_guard lock{guard_};
      if (idle_) {
        auto out = std::move(idle_);
        idle_ = std::move(out->below);
        --idle_count_;
        return out;
      }
    }
    return make_owned<workspace>();
  }
  void give_back(owned<workspace> w) noexcept {
    const std::lock_guard lock{guard_};
    if (idle_count_ == most_idle) return;
    ++idle_count_;
    w->below = std::move(idle_);
    idle_ = std::move(w);
  }

 private:
  void check(std::string_view name, std::string_view value) {
    if (unusable_.kind == error_kind::none && !is_header_value(value))
      unusable_ = fail(error_kind::configuration, {name, " holds a control character (CR, LF or NUL), which no header may"});
  }

  static constexpr std::size_t most_idle = 64;
  struct known_region {
    std::string bucket{};
    std::string region{};
  };

  std::string region_of(std::string_view bucket) const {
    if (!has_regions_.load(std::memory_order_acquire)) return {};
    const std::lock_guard lock{guard_};
    for (const auto& known : regions_)
      if (known.bucket == bucket) return known.region;
    return {};
  }

  settings settings_;
  session_values<P> values_;
  std::string user_agent_;
  std::optional<http::url> custom_{};
  error unusable_{};
  auth::credentials_cache cache_{};
  std::atomic<std::int64_t> clock_offset_{0};  // microseconds
  std::atomic<bool> has_regions_{false};       // spares the lock while there is nothing to look up
  mutable std::mutex guard_{};
  std::vector<known_region> regions_{};
  owned<workspace> idle_{};  // a stack: what was used last is warm
  std::size_t idle_count_{};
};

}  // namespace s3store::inline v0
