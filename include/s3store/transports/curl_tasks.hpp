// How does a loop find the exchange that it needs next? By its turn, by its tag, or by the time at which a limit may be exceeded; each
// costs O(log n) or less with n exchanges, and none allocates memory for each exchange.
//
// An exchange is a `task` from `start` until `poll` has returned it. It is in one of three lists: waiting for a connection, running or
// finished. Beside that it is in the table of tags, and in the heap of times if it has a limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/owned.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

class handle;  // curl_handle.hpp
class multi;   // curl_loop_impl.hpp
struct host;
struct handle_owner {
  void operator()(handle* p) const noexcept;
};

struct task {
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  task(multi& m, http::exchange x, void* t) : what(std::move(x)), of(&m), tag(t) {}
  task(const task&) = delete;
  task& operator=(const task&) = delete;

  http::exchange what;
  multi* of;
  void* tag;
  enum class state : std::uint8_t { waiting, running, finished } is{};
  host* at{};            ///< null once it has finished
  std::uint64_t turn{};  ///< who was started first comes first
  std::size_t room{nowhere};  ///< how many sockets the loop had when this one found no descriptor, and nothing else ran

  detail::owned<handle, handle_owner> runs{};  ///< while it runs
  std::optional<http::outcome> outcome{};      ///< once it has finished

  task *next{}, *previous{};                      // in its list
  task *next_of_tag{}, *previous_of_tag{};        // in the table's list of one bucket
  steady_time due{};                              // no limit is exceeded before
  std::size_t place{nowhere};                     // in the heap
  task *next_cancelled{}, *previous_cancelled{};  // these under the loop's lock
  bool cancelled{};
  std::optional<cancel_waiter> alarm{};  // destroyed first
};

/// A list through `task::next`, which owns nothing.
class task_list {
 public:
  bool empty() const noexcept { return !first_; }
  std::size_t size() const noexcept { return size_; }
  task* front() const noexcept { return first_; }

  void push_back(task& t) noexcept { insert(nullptr, t); }
  /// Puts it where its turn is.
  void put_back(task& t) noexcept {
    task* before = first_;
    while (before && before->turn < t.turn) before = before->next;
    insert(before, t);
  }
  void remove(task& t) noexcept {
    (t.previous ? t.previous->next : first_) = t.next;
    (t.next ? t.next->previous : last_) = t.previous;
    t.next = t.previous = nullptr;
    --size_;
  }

 private:
  void insert(task* before, task& t) noexcept {
    t.next = before;
    t.previous = before ? before->previous : last_;
    (t.previous ? t.previous->next : first_) = &t;
    (before ? before->previous : last_) = &t;
    ++size_;
  }

  task *first_{}, *last_{};
  std::size_t size_{};
};

/// All tasks, by their tags, which need not differ.
class tag_table {
 public:
  std::size_t size() const noexcept { return size_; }

  /// For one more. Throws std::bad_alloc.
  void make_room() {
    if (size_ < buckets_.size()) return;
    std::vector<task*> wider((std::max)(buckets_.size() * 2, std::size_t{8}));
    wider.swap(buckets_);
    for (task* t : wider)
      while (task* const moved = t) {
        t = t->next_of_tag;
        link(*moved);
      }
  }
  void add(task& t) noexcept {
    link(t);
    ++size_;
  }
  void remove(task& t) noexcept {
    (t.previous_of_tag ? t.previous_of_tag->next_of_tag : buckets_[bucket(t.tag)]) = t.next_of_tag;
    if (t.next_of_tag) t.next_of_tag->previous_of_tag = t.previous_of_tag;
    --size_;
  }
  /// `f` may remove the task that it gets.
  template <class F>
  void each(void* tag, F&& f) {
    if (buckets_.empty()) return;
    for (task* t = buckets_[bucket(tag)]; t;) {
      task* const one = std::exchange(t, t->next_of_tag);
      if (one->tag == tag) f(*one);
    }
  }

 private:
  /// Their number is a power of two. Addresses differ in their middle bits, which the product brings to the top.
  std::size_t bucket(const void* tag) const noexcept {
    const auto mixed = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(tag)) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(mixed >> 32) & (buckets_.size() - 1);
  }
  void link(task& t) noexcept {
    task*& first = buckets_[bucket(t.tag)];
    t.previous_of_tag = nullptr;
    t.next_of_tag = first;
    if (first) first->previous_of_tag = &t;
    first = &t;
  }

  std::vector<task*> buckets_{};
  std::size_t size_{};
};

/// A heap of tasks, in which the one whose limits may be exceeded next is first.
class due_times {
 public:
  /// For so many tasks. Throws std::bad_alloc.
  void make_room(std::size_t tasks) {
    if (heap_.capacity() < tasks) heap_.reserve((std::max)(tasks, heap_.capacity() * 2));
  }
  task* first() const noexcept { return heap_.empty() ? nullptr : heap_.front(); }

  /// The largest time stands for none.
  void set(task& t, steady_time due) noexcept {
    t.due = due;
    if (due == (steady_time::max)()) return remove(t);
    if (t.place == task::nowhere) {
      t.place = heap_.size();
      heap_.push_back(&t);
    }
    settle(t);
  }
  void remove(task& t) noexcept {
    if (t.place == task::nowhere) return;
    task& last = *heap_.back();
    heap_.pop_back();
    const std::size_t at = std::exchange(t.place, task::nowhere);
    if (&last == &t) return;
    put(last, at);
    settle(last);
  }

 private:
  void put(task& t, std::size_t at) noexcept {
    heap_[at] = &t;
    t.place = at;
  }
  void settle(task& t) noexcept {
    std::size_t at = t.place;
    for (; at != 0 && t.due < heap_[(at - 1) / 2]->due; at = (at - 1) / 2) put(*heap_[(at - 1) / 2], at);
    for (;;) {
      std::size_t below = 2 * at + 1;
      if (below >= heap_.size()) break;
      if (below + 1 < heap_.size() && heap_[below + 1]->due < heap_[below]->due) ++below;
      if (heap_[below]->due >= t.due) break;
      put(*heap_[below], at);
      at = below;
    }
    put(t, at);
  }

  std::vector<task*> heap_{};
};

/// What runs and waits at one host and port.
struct host {
  using order = std::map<std::uint64_t, host*>;
  std::string_view name{};
  std::size_t running{};
  task_list waiting{};
  order::node_type unlisted{};  // in here while it is not in the order
  order::iterator listed{};
};

/// Who waits for a connection. Whoever was started first comes first, but for those whose host has as many as it may.
class turns {
 public:
  explicit turns(std::size_t most_at_a_host) : most_at_a_host_((std::max)(most_at_a_host, std::size_t{1})) {}
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  bool empty() const noexcept { return waiting_ == 0; }

  /// Throws std::bad_alloc. The host stays at least until a task of its leaves.
  host& of(std::string_view name) {
    if (const auto known = hosts_.find(name); known != hosts_.end()) return known->second;
    host::order one;
    one.emplace(0, nullptr);
    const auto made = hosts_.try_emplace(std::string(name)).first;
    host& h = made->second;
    h.name = made->first;
    h.unlisted = one.extract(one.begin());
    h.unlisted.mapped() = &h;
    return h;
  }

  void wait(task& t, host& at) noexcept {
    t.at = &at;
    t.turn = ++latest_;
    at.waiting.push_back(t);
    ++waiting_;
    if (at.waiting.front() == &t) list(at);
  }
  /// The first one that may run; null: none.
  task* next() const noexcept { return next_.empty() ? nullptr : next_.begin()->second->waiting.front(); }

  /// It no longer waits, but runs.
  void begin(task& t) noexcept {
    host& at = *t.at;
    t.is = task::state::running;
    at.waiting.remove(t);
    --waiting_;
    ++at.running;
    list(at);
  }
  /// It no longer runs, but waits again, in its old turn.
  void put_back(task& t) noexcept {
    host& at = *t.at;
    t.is = task::state::waiting;
    --at.running;
    at.waiting.put_back(t);
    ++waiting_;
    list(at);
  }
  /// It neither waits nor runs any more.
  void leave(task& t) noexcept {
    host& at = *std::exchange(t.at, nullptr);
    if (std::exchange(t.is, task::state::finished) == task::state::running) {
      --at.running;
    } else {
      at.waiting.remove(t);
      --waiting_;
    }
    list(at);
    if (at.running == 0 && at.waiting.empty() && hosts_.size() > remembered) hosts_.erase(hosts_.find(at.name));
  }
  /// Some task that waits; null: none does.
  task* any() const noexcept {
    for (const auto& [name, h] : hosts_)
      if (!h.waiting.empty()) return h.waiting.front();
    return nullptr;
  }

 private:
  static constexpr std::size_t remembered = 16;  // hosts at which nothing is under way

  void list(host& at) noexcept {
    if (at.unlisted.empty()) at.unlisted = next_.extract(at.listed);
    if (at.waiting.empty() || at.running >= most_at_a_host_) return;
    at.unlisted.key() = at.waiting.front()->turn;
    at.listed = next_.insert(std::move(at.unlisted)).position;
  }

  std::size_t most_at_a_host_;
  std::map<std::string, host, std::less<>> hosts_{};
  host::order next_{};  // hosts at which one may begin, by the turn of their first
  std::uint64_t latest_{};
  std::size_t waiting_{};
};

}  // namespace s3store::inline S3STORE_ABI::curl_detail
