// Which blocks of an object were read lately? They are kept in memory, up to a limit; the one that was not used for the longest time goes
// first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include <s3store/core/process.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Bytes of an object.
struct extent {
  std::uint64_t first{};
  std::uint64_t length{};
  std::uint64_t end() const noexcept { return first + length; }
};

/// What must be asked for to get all of `wanted`: those that have at most `gap` bytes between them become one, and none is longer than
/// `most`. They are in order and do not overlap.
inline std::vector<extent> coalesced(std::vector<extent> wanted, std::uint64_t gap, std::uint64_t most) {
  std::sort(wanted.begin(), wanted.end(), [](const extent& a, const extent& b) { return a.first < b.first; });
  std::vector<extent> joined;
  for (const extent& next : wanted) {
    if (next.length == 0) continue;
    if (!joined.empty() && (next.first <= joined.back().end() || next.first - joined.back().end() <= gap)) {
      joined.back().length = (std::max)(joined.back().end(), next.end()) - joined.back().first;
    } else {
      joined.push_back(next);
    }
  }
  std::vector<extent> out;
  for (extent left : joined)
    for (; left.length != 0;) {
      const std::uint64_t n = (std::min)(left.length, most);
      out.push_back({left.first, n});
      left = {left.first + n, left.length - n};
    }
  return out;
}

/// A block's bytes, all of them.
struct held_block {
  std::uint64_t index{};
  std::shared_ptr<const std::byte[]> bytes{};
};

/// May be used from several threads at once, and on both sides of a fork. Whoever reads blocks takes the room for them first.
class block_cache {
 public:
  explicit block_cache(std::uint64_t limit) noexcept : limit_(limit) {}

  /// Null if it is not there.
  std::shared_ptr<const std::byte[]> find(std::uint64_t index) {
    state& s = state_.get();
    const std::lock_guard lock{s.guard};
    const auto found = s.at.find(index);
    if (found == s.at.end()) return {};
    s.order.splice(s.order.begin(), s.order, found->second);
    return found->second->bytes;
  }
  /// Room for so many bytes, which others cannot take then: blocks go for it. False if there is not as much.
  bool reserve(std::uint64_t bytes) {
    state& s = state_.get();
    const std::lock_guard lock{s.guard};
    if (bytes > limit_ || s.reserved > limit_ - bytes) return false;
    s.reserved += bytes;
    while (s.used + s.reserved > limit_) {
      s.used -= s.order.back().size;
      s.at.erase(s.order.back().index);
      s.order.pop_back();
    }
    return true;
  }
  /// Gives that room back, and puts in what was read; together the blocks must not be larger.
  void put(std::uint64_t reserved, std::vector<std::pair<held_block, std::uint64_t>> blocks) {
    state& s = state_.get();
    const std::lock_guard lock{s.guard};
    s.reserved -= (std::min)(reserved, s.reserved);  // in a child of a fork it was the parent's
    for (auto& [b, size] : blocks) {
      if (s.at.contains(b.index) || s.used + s.reserved + size > limit_) continue;
      s.order.push_front({b.index, size, std::move(b.bytes)});
      s.at[b.index] = s.order.begin();
      s.used += size;
    }
  }

 private:
  struct entry {
    std::uint64_t index{}, size{};
    std::shared_ptr<const std::byte[]> bytes{};
  };
  struct state {
    void forked() noexcept { reserved = 0; }  // those who read are in the parent

    std::mutex guard{};
    std::list<entry> order{};  // the one that was used last is first
    std::map<std::uint64_t, std::list<entry>::iterator> at{};
    std::uint64_t used{}, reserved{};
  };

  std::uint64_t limit_;
  per_process<state> state_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
