// How do many threads share libcurl? Each exchange leases a loop from a pool, and gives it back with its connection open.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/transports/curl_loop.hpp>

namespace s3store::inline v0 {

/// Models `http::transport`: `perform` may be called from any thread. Making one does nothing yet; it must not be moved in use.
/// A pooled loop keeps one connection and is leased for the host it is connected to; the most recently used one goes first, so that
/// a pool that was once busy lets its older connections age.
class curl_transport {
 public:
  explicit curl_transport(curl_settings settings = {}) : shared_(make_owned<pool>(std::move(settings))) {}

  /// Performs the exchange on this thread, and returns when it is over.
  http::outcome perform(http::exchange what) {
    const std::string_view origin = origin_of(what.out->url);
    kept leased = shared_->lease(origin);
    leased.loop->start(std::move(what), nullptr);
    std::optional<http::completion> over;
    while (!over) over = leased.loop->poll((steady_time::max)());
    shared_->give_back(std::move(leased));
    return std::move(over->what);
  }

 private:
  struct kept {
    std::string origin{};
    owned<curl_loop> loop{};
  };

  /// Scheme, host and port: what a connection is good for.
  static std::string_view origin_of(std::string_view url) noexcept {
    const auto host = url.find("://");
    return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
  }

  class pool {
   public:
    explicit pool(curl_settings settings)
        : settings_(std::move(settings)), most_((std::max)(settings_.max_idle_connections, std::size_t{1})) {
      settings_.max_idle_connections = 1;
    }

    kept lease(std::string_view origin) {
      {
        const std::lock_guard lock{guard_};
        for (std::size_t i = idle_.size(); i-- != 0;)
          if (idle_[i].origin == origin) {
            kept found = std::move(idle_[i]);
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            return found;
          }
      }
      return {std::string(origin), make_owned<curl_loop>(settings_)};
    }

    void give_back(kept used) {
      kept oldest;  // closed after the lock is gone
      const std::lock_guard lock{guard_};
      if (idle_.size() == most_) {
        oldest = std::move(idle_.front());
        idle_.erase(idle_.begin());
      }
      idle_.push_back(std::move(used));
    }

   private:
    curl_settings settings_;
    std::size_t most_;
    std::mutex guard_{};
    std::vector<kept> idle_{};  // the least recently used first
  };

  owned<pool> shared_;
};

static_assert(http::transport<curl_transport>);

}  // namespace s3store::inline v0
