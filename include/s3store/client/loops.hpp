// Where do the loops come from on which a client runs transfers? It keeps those that it has made, with their open connections.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include <s3store/core/process.hpp>
#include <s3store/http/transport.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// May be used from several threads at once, and on both sides of a fork.
template <http::makes_loops T>
class loop_pool {
 public:
  using loop = decltype(std::declval<const T&>().make_loop());

  /// A loop for this thread alone. If it is not given back, its connections are closed with it.
  loop lease(const T& from) {
    {
      kept& k = kept_.get();
      const std::lock_guard lock{k.guard};
      if (!k.idle.empty()) {
        loop out = std::move(k.idle.back());
        k.idle.pop_back();
        return out;
      }
    }
    return from.make_loop();
  }
  /// No exchange may be under way on it.
  void give_back(loop used) {
    kept& k = kept_.get();
    const std::lock_guard lock{k.guard};
    if (k.idle.size() != most_idle) k.idle.push_back(std::move(used));
  }

 private:
  static constexpr std::size_t most_idle = 4;
  struct kept {
    void forked() noexcept { idle.clear(); }  // closes the child's copies of the sockets

    std::mutex guard{};
    std::vector<loop> idle{};
  };
  per_process<kept> kept_{};
};

/// For a client whose transport makes no loops.
struct no_loop_pool {};

template <class T>
struct loop_pool_for {
  using type = no_loop_pool;
};
template <http::makes_loops T>
struct loop_pool_for<T> {
  using type = loop_pool<T>;
};

}  // namespace s3store::inline S3STORE_ABI::detail
