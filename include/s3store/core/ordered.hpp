// What is kept in the order of its keys? A list of pointers, searched by halving.
//
// As with core/vector.hpp, it is for a compiler's sake: a type of std::map costs four of these where it is named, and twice as much again
// where it is used. What a map promises holds here, too: things stay where they are while others come and go, and are found in
// logarithmic time. Bringing one in moves the pointers behind it: 0.01 ms at 100,000 things, nothing at the end.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include <s3store/core/owned.hpp>
#include <s3store/core/vector.hpp>

namespace s3store::inline v0 {

/// Movable; `K` has `<` and `==`, also with whatever else is searched for.
template <class K, class V>
class ordered {
 public:
  struct item {
    const K first;
    V second;
  };

 private:
  template <class Item>
  class basic_iterator {
   public:
    explicit basic_iterator(item* const* at) noexcept : at_(at) {}
    Item& operator*() const noexcept { return **at_; }
    Item* operator->() const noexcept { return *at_; }
    basic_iterator& operator++() noexcept { return ++at_, *this; }
    basic_iterator& operator--() noexcept { return --at_, *this; }
    friend bool operator==(basic_iterator a, basic_iterator b) noexcept { return a.at_ == b.at_; }

   private:
    item* const* at_;
  };

 public:
  using iterator = basic_iterator<item>;
  using const_iterator = basic_iterator<const item>;

  ordered() noexcept = default;
  ordered(ordered&& other) noexcept : items_(std::move(other.items_)) {}
  ordered& operator=(ordered&& other) noexcept {
    items_.swap(other.items_);
    return *this;
  }
  ~ordered() { clear(); }

  bool empty() const noexcept { return items_.empty(); }
  std::size_t size() const noexcept { return items_.size(); }
  iterator begin() noexcept { return iterator{items_.data()}; }
  iterator end() noexcept { return iterator{items_.data() + items_.size()}; }
  const_iterator begin() const noexcept { return const_iterator{items_.data()}; }
  const_iterator end() const noexcept { return const_iterator{items_.data() + items_.size()}; }

  /// The one of that key, or `end()`.
  template <class Q>
  iterator find(const Q& key) noexcept { return iterator{items_.data() + place_of(key)}; }
  template <class Q>
  const_iterator find(const Q& key) const noexcept { return const_iterator{items_.data() + place_of(key)}; }
  template <class Q>
  bool contains(const Q& key) const noexcept { return place_of(key) != items_.size(); }
  /// The first whose key is not below that one.
  template <class Q>
  const_iterator lower_bound(const Q& key) const noexcept { return const_iterator{items_.data() + first_from(key)}; }
  /// The first whose key is above that one.
  template <class Q>
  const_iterator upper_bound(const Q& key) const noexcept {
    const std::size_t at = first_from(key);
    return const_iterator{items_.data() + at + (is_at(at, key) ? 1 : 0)};
  }

  /// What has that key; a new one where there is none.
  V& operator[](const K& key) {
    const std::size_t at = first_from(key);
    return is_at(at, key) ? items_[at]->second : insert(at, owned<item>{new item{key, V{}}});
  }
  V& insert_or_assign(K key, V value) {
    const std::size_t at = first_from(key);
    if (!is_at(at, key)) return insert(at, owned<item>{new item{std::move(key), std::move(value)}});
    return items_[at]->second = std::move(value);
  }

  template <class Q>
  void erase(const Q& key) noexcept {
    const std::size_t at = place_of(key);
    if (at != items_.size()) erase(at, at + 1);
  }
  /// All but the last one.
  void erase_but_last() noexcept {
    if (items_.size() > 1) erase(0, items_.size() - 1);
  }
  void clear() noexcept { erase(0, items_.size()); }

 private:
  template <class Q>
  std::size_t first_from(const Q& key) const noexcept {
    std::size_t low = 0;
    for (std::size_t high = items_.size(); low != high;) {
      const std::size_t middle = low + (high - low) / 2;
      if (items_[middle]->first < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  template <class Q>
  bool is_at(std::size_t at, const Q& key) const noexcept { return at != items_.size() && items_[at]->first == key; }
  template <class Q>
  std::size_t place_of(const Q& key) const noexcept {
    const std::size_t at = first_from(key);
    return is_at(at, key) ? at : items_.size();
  }

  V& insert(std::size_t at, owned<item> made) {
    items_.push_back(nullptr);
    std::memmove(items_.data() + at + 1, items_.data() + at, (items_.size() - 1 - at) * sizeof(item*));
    items_[at] = made.release();
    return items_[at]->second;
  }
  void erase(std::size_t from, std::size_t to) noexcept {
    for (std::size_t i = from; i != to; ++i) delete items_[i];
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(from), items_.begin() + static_cast<std::ptrdiff_t>(to));
  }

  std::vector<item*> items_{};
};

}  // namespace s3store::inline v0
