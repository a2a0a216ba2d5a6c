// What does a list of the library's own types cost a compiler? A quarter of what the general std::vector does.
//
// A call needs lists of a dozen types, the S3 API of sixty, and at -O0 each costs GCC 12 some 60 functions where it is used. As with
// std::optional (core/optional.hpp), std::vector is specialised for types of the library's own, and keeps what the standard says of it:
// whoever uses one can't tell, but for two things that no standard header relies on. It is not constexpr, and its iterators are pointers.
// Its types move without throwing, so that they are moved when it grows.
#pragma once

#include <compare>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <s3store/core/own_type.hpp>

namespace s3store::inline v0::own {

/// Memory in which nothing lives, of `n` things of that size; none for none.
class memory {
 public:
  memory(std::size_t n, std::size_t size, std::size_t align) : n_(n), size_(size), align_(align) {
    if (n != 0) at_ = align > __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(n * size, std::align_val_t{align}) : ::operator new(n * size);
  }
  memory(const memory&) = delete;
  memory& operator=(const memory&) = delete;
  ~memory() { give_back(at_, align_); }

  std::size_t capacity() const noexcept { return n_; }
  /// Where the one behind `n` others is to stand.
  void* behind(std::size_t n) const noexcept { return static_cast<char*>(at_) + n * size_; }
  void* release() noexcept {
    void* const out = at_;
    at_ = nullptr;
    return out;
  }
  static void give_back(void* p, std::size_t align) noexcept {
    if (align > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
      ::operator delete(p, std::align_val_t{align});
    } else {
      ::operator delete(p);
    }
  }

 private:
  void* at_{};
  std::size_t n_, size_, align_;
};

/// The capacity with which there is room for `more` than `size`, of `max` at most.
inline std::size_t grown(std::size_t size, std::size_t more, std::size_t max) {
  if (more > max - size) throw std::length_error("vector: too many elements");
  const std::size_t twice = size > max / 2 ? max : 2 * size;
  return size + more > twice ? size + more : twice;
}

}  // namespace s3store::inline v0::own

template <class T>
  requires s3store::own::type<T>
class std::vector<T, std::allocator<T>> {
 public:
  using value_type = T;
  using allocator_type = std::allocator<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using pointer = T*;
  using const_pointer = const T*;
  using iterator = T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<T*>;
  using const_reverse_iterator = std::reverse_iterator<const T*>;

  vector() noexcept {}
  explicit vector(const allocator_type&) noexcept {}
  explicit vector(size_type n, const allocator_type& = allocator_type()) : vector() { resize(n); }
  vector(size_type n, const T& value, const allocator_type& = allocator_type()) : vector() { resize(n, value); }
  template <std::input_iterator I>
  vector(I from, I to, const allocator_type& = allocator_type()) : vector() { append(from, to); }
  vector(std::initializer_list<T> items, const allocator_type& = allocator_type()) : vector() { append(items.begin(), items.end()); }
  vector(const vector& other) : vector() { append(other.first_, other.last_); }
  vector(const vector& other, const allocator_type&) : vector(other) {}
  vector(vector&& other) noexcept { swap(other); }
  vector(vector&& other, const allocator_type&) noexcept { swap(other); }
  ~vector() {
    while (last_ != first_) (--last_)->~T();
    s3store::own::memory::give_back(first_, alignof(T));
  }

  /// Keeps the memory where it is enough: what is filled again for each call asks for none.
  vector& operator=(const vector& other) {
    if (this == &other) return *this;
    if (other.size() > capacity()) {
      vector made(other);
      swap(made);
      return *this;
    }
    T* into = first_;
    const T* from = other.first_;
    for (; into != last_ && from != other.last_; ++into, ++from) *into = *from;
    cut(into);
    for (; from != other.last_; ++from) emplace_back(*from);
    return *this;
  }
  vector& operator=(vector&& other) noexcept {
    vector mine(static_cast<vector&&>(other));
    swap(mine);
    return *this;
  }
  vector& operator=(std::initializer_list<T> items) { return assign(items), *this; }
  template <std::input_iterator I>
  void assign(I from, I to) {
    vector made(from, to);
    swap(made);
  }
  void assign(size_type n, const T& value) {
    vector made(n, value);
    swap(made);
  }
  void assign(std::initializer_list<T> items) { assign(items.begin(), items.end()); }
  allocator_type get_allocator() const noexcept { return {}; }

  iterator begin() noexcept { return first_; }
  const_iterator begin() const noexcept { return first_; }
  const_iterator cbegin() const noexcept { return first_; }
  iterator end() noexcept { return last_; }
  const_iterator end() const noexcept { return last_; }
  const_iterator cend() const noexcept { return last_; }
  reverse_iterator rbegin() noexcept { return reverse_iterator(last_); }
  const_reverse_iterator rbegin() const noexcept { return const_reverse_iterator(last_); }
  const_reverse_iterator crbegin() const noexcept { return const_reverse_iterator(last_); }
  reverse_iterator rend() noexcept { return reverse_iterator(first_); }
  const_reverse_iterator rend() const noexcept { return const_reverse_iterator(first_); }
  const_reverse_iterator crend() const noexcept { return const_reverse_iterator(first_); }

  bool empty() const noexcept { return first_ == last_; }
  size_type size() const noexcept { return static_cast<size_type>(last_ - first_); }
  size_type max_size() const noexcept { return most; }
  size_type capacity() const noexcept { return static_cast<size_type>(limit_ - first_); }
  void reserve(size_type n) {
    if (n > most) throw std::length_error("vector::reserve");
    if (n > capacity()) resettle(n);
  }
  void shrink_to_fit() {
    if (size() != capacity()) resettle(size());
  }

  T& operator[](size_type i) noexcept { return first_[i]; }
  const T& operator[](size_type i) const noexcept { return first_[i]; }
  T& at(size_type i) { return checked(i), first_[i]; }
  const T& at(size_type i) const { return checked(i), first_[i]; }
  T& front() noexcept { return *first_; }
  const T& front() const noexcept { return *first_; }
  T& back() noexcept { return last_[-1]; }
  const T& back() const noexcept { return last_[-1]; }
  T* data() noexcept { return first_; }
  const T* data() const noexcept { return first_; }

  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(static_cast<T&&>(value)); }
  template <class... A>
  T& emplace_back(A&&... a) {
    if (last_ != limit_) {
      ::new (static_cast<void*>(last_)) T(static_cast<A&&>(a)...);
    } else {
      s3store::own::memory room{s3store::own::grown(size(), 1, most), sizeof(T), alignof(T)};
      ::new (room.behind(size())) T(static_cast<A&&>(a)...);  // before the others move: it may be made of one of them
      move_to(room);
    }
    return *last_++;
  }
  void pop_back() noexcept { (--last_)->~T(); }
  void clear() noexcept { cut(first_); }
  void resize(size_type n) {
    if (n < size()) return cut(first_ + n);
    for (make_room(n - size()); size() < n;) emplace_back();
  }
  void resize(size_type n, const T& value) {
    if (n < size()) return cut(first_ + n);
    if (n > size()) insert(last_, n - size(), value);
  }

  template <class... A>
  iterator emplace(const_iterator where, A&&... a) {
    const difference_type at = where - first_;
    emplace_back(static_cast<A&&>(a)...);
    return turned(at, last_ - 1);
  }
  iterator insert(const_iterator where, const T& value) { return emplace(where, value); }
  iterator insert(const_iterator where, T&& value) { return emplace(where, static_cast<T&&>(value)); }
  iterator insert(const_iterator where, size_type n, const T& value) {
    const difference_type at = where - first_;
    const T copy(value);  // it may be one of ours
    make_room(n);
    const difference_type before = last_ - first_;
    for (; n != 0; --n) emplace_back(copy);
    return turned(at, first_ + before);
  }
  template <std::input_iterator I>
  iterator insert(const_iterator where, I from, I to) {
    const difference_type at = where - first_, before = last_ - first_;
    append(from, to);
    return turned(at, first_ + before);
  }
  iterator insert(const_iterator where, std::initializer_list<T> items) { return insert(where, items.begin(), items.end()); }
  iterator erase(const_iterator where) { return erase(where, where + 1); }
  iterator erase(const_iterator from, const_iterator to) {
    T* const hole = first_ + (from - first_);
    if (from == to) return hole;
    T* into = hole;
    for (T* p = first_ + (to - first_); p != last_; ++p, ++into) *into = static_cast<T&&>(*p);
    cut(into);
    return hole;
  }
  void swap(vector& other) noexcept {
    exchange(first_, other.first_);
    exchange(last_, other.last_);
    exchange(limit_, other.limit_);
  }

 private:
  static constexpr size_type most = static_cast<size_type>((std::numeric_limits<difference_type>::max)()) / sizeof(T);

  static void exchange(T*& a, T*& b) noexcept {
    T* const was = a;
    a = b;
    b = was;
  }

  void make_room(size_type more) {
    if (more > static_cast<size_type>(limit_ - last_)) resettle(s3store::own::grown(size(), more, most));
  }
  void resettle(size_type n) {
    s3store::own::memory room{n, sizeof(T), alignof(T)};
    move_to(room);
  }
  void move_to(s3store::own::memory& room) noexcept {
    T* const begin = static_cast<T*>(room.release());
    T* into = begin;
    for (T* p = first_; p != last_; ++p, ++into) {
      ::new (static_cast<void*>(into)) T(static_cast<T&&>(*p));
      p->~T();
    }
    s3store::own::memory::give_back(first_, alignof(T));
    first_ = begin;
    last_ = into;
    limit_ = begin + room.capacity();
  }
  template <class I>
  void append(I from, I to) {
    if constexpr (std::forward_iterator<I>) make_room(static_cast<size_type>(std::distance(from, to)));
    for (; from != to; ++from) emplace_back(*from);
  }
  /// Brings what was appended from `added` on to the place `at`.
  iterator turned(difference_type at, T* added) {
    reverse(first_ + at, added);
    reverse(added, last_);
    reverse(first_ + at, last_);
    return first_ + at;
  }
  static void reverse(T* from, T* to) {
    for (; from < to; ++from) std::swap(*from, *--to);
  }
  void cut(T* to) noexcept {
    while (last_ != to) (--last_)->~T();
  }
  void checked(size_type i) const {
    if (i >= size()) throw std::out_of_range("vector::at");
  }

  T* first_{};
  T* last_{};
  T* limit_{};
};
