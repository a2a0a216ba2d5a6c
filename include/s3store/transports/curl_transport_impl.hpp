// How does the pool of loops work? Idle loops are kept with the origin they are connected to. The definitions for
// curl_transport.hpp.
#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/process.hpp>
#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_transport.hpp>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {

/// Scheme, host and port: a connection can be reused for the same three.
inline std::string_view origin_of(std::string_view url) noexcept {
  const auto host = url.find("://");
  return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
}

class pool {
 public:
  struct kept {
    std::string origin;
    curl_loop loop;
  };

  explicit pool(curl_settings settings)
      : settings_(std::move(settings)), most_((std::max)(settings_.max_idle_connections, std::size_t{1})) {}

  const curl_settings& settings() const noexcept { return settings_; }

  /// Connections that trusted others are closed. No exchange may run.
  void trust(std::string ca_bundle) {
    if (!settings_.ca_bundle.empty() || !settings_.ca_path.empty()) return;
    settings_.ca_bundle = std::move(ca_bundle);
    idle_loops& idle = idle_.get();
    const std::lock_guard lock{idle.guard};
    idle.list.clear();
  }

  kept lease(std::string_view origin) {
    {
      idle_loops& idle = idle_.get();
      const std::lock_guard lock{idle.guard};
      for (std::size_t i = idle.list.size(); i-- != 0;)
        if (idle.list[i].origin == origin) {
          kept found = std::move(idle.list[i]);
          idle.list.erase(idle.list.begin() + static_cast<std::ptrdiff_t>(i));
          return found;
        }
    }
    curl_settings of_one = settings_;
    of_one.max_idle_connections = of_one.max_connections = 1;
    return {std::string(origin), curl_loop{std::move(of_one)}};
  }

  void give_back(kept used) {
    std::optional<kept> oldest;  // destroyed after the lock is released
    idle_loops& idle = idle_.get();
    const std::lock_guard lock{idle.guard};
    if (idle.list.size() == most_) {
      oldest.emplace(std::move(idle.list.front()));
      idle.list.erase(idle.list.begin());
    }
    idle.list.push_back(std::move(used));
  }

 private:
  struct idle_loops {
    void forked() noexcept { list.clear(); }  // closes the child's copies of the sockets

    std::mutex guard{};
    std::vector<kept> list{};  // the least recently used first
  };

  curl_settings settings_;
  std::size_t most_;
  detail::per_process<idle_loops> idle_{};
};

S3STORE_INLINE void pool_deleter::operator()(pool* p) const noexcept { delete p; }

}  // namespace curl_detail

S3STORE_INLINE curl_transport::curl_transport(curl_settings settings) : pool_(new curl_detail::pool{std::move(settings)}) {}

S3STORE_INLINE void curl_transport::trust(std::string ca_bundle) { pool_->trust(std::move(ca_bundle)); }

S3STORE_INLINE curl_loop curl_transport::make_loop() const { return curl_loop{pool_->settings()}; }

S3STORE_INLINE http::outcome curl_transport::perform(http::exchange what) {
  auto leased = pool_->lease(curl_detail::origin_of(what.out->url));
  leased.loop.start(std::move(what), nullptr);
  std::optional<http::completion> over;
  while (!over) over = leased.loop.poll((steady_time::max)());
  pool_->give_back(std::move(leased));
  return std::move(over->what);
}

}  // namespace s3store::inline S3STORE_ABI
