// How is a secret kept? In a string that overwrites its memory when destroyed and cannot be printed by accident. And what carries one on
// its way, such as header fields, overwrites whatever memory it gives back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
/// Overwrites memory with zeros in a way that the compiler may not optimise away.
inline void wipe(void* at, std::size_t size) noexcept {
#if defined(__GNUC__)
  if (size == 0) return;
  std::memset(at, 0, size);
  __asm__ __volatile__("" : : "r"(at) : "memory");  // to the compiler, this may read what was written
#else
  volatile auto* p = static_cast<volatile unsigned char*>(at);
  while (size-- != 0) *p++ = 0;
#endif
}

/// Empties the string and overwrites all its memory: up to the capacity, because bytes of an earlier, longer text may still be there.
inline void wipe(std::string& text) noexcept {
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

/// A key or another secret of fixed size, whose memory is overwritten when the scope is left, however that happens. Let it be initialised
/// by the call that makes the value, `const wiped<key> k{make()}`, which leaves no copy elsewhere; an assignment would leave one.
template <class T>
struct wiped {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  ~wiped() { wipe(&value, sizeof value); }
};

/// Wipes a string when the scope is left. If the string grows before that, its old memory is not overwritten: reserve ahead.
class wiped_at_end {
 public:
  explicit wiped_at_end(std::string& text) noexcept : text_(text) {}
  ~wiped_at_end() { wipe(text_); }
  wiped_at_end(const wiped_at_end&) = delete;
  wiped_at_end& operator=(const wiped_at_end&) = delete;

 private:
  std::string& text_;
};

/// A text that many small texts are appended to, some of which may be secrets. Like a std::string, but memory is overwritten before it
/// is given back, also when the text outgrows it.
class wiped_text {
 public:
  wiped_text() = default;
  wiped_text(const wiped_text& other) { append(other); }
  wiped_text(wiped_text&& other) noexcept { swap(other); }
  wiped_text& operator=(const wiped_text& other) {
    if (this == &other) return *this;
    clear();
    return append(other);
  }
  wiped_text& operator=(wiped_text&& other) noexcept {
    swap(other);
    return *this;
  }
  ~wiped_text() { give_back(data_, capacity_); }

  /// The texts may be parts of this one.
  wiped_text& append(std::initializer_list<std::string_view> more) {
    std::size_t size = 0;
    for (const std::string_view text : more) size += text.size();
    if (size > capacity_ - size_) return append_to_larger(more, size);
    for (const std::string_view text : more) add(text);
    return *this;
  }
  wiped_text& append(std::string_view more) {
    if (more.size() > capacity_ - size_) return append_to_larger({more}, more.size());
    add(more);
    return *this;
  }
  wiped_text& push_back(char c) {
    if (size_ == capacity_) return append_to_larger({std::string_view{&c, 1}}, 1);
    data_[size_++] = c;
    return *this;
  }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) append_to_larger({}, capacity - size_);
  }
  void pop_back() noexcept { --size_; }
  /// Keeps the memory and what is in it.
  void clear() noexcept { size_ = 0; }
  /// Like `clear`, and overwrites the memory.
  void wipe() noexcept {
    detail::wipe(data_, capacity_);
    size_ = 0;
  }

  char* data() noexcept { return data_; }
  const char* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  operator std::string_view() const noexcept { return {data_, size_}; }

 private:
  void add(std::string_view text) noexcept {
    if (text.empty()) return;  // memcpy must not get a null pointer
    std::memcpy(data_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  /// `size`: room for how many bytes more.
  wiped_text& append_to_larger(std::initializer_list<std::string_view> more, std::size_t size) {
    wiped_text larger;
    larger.capacity_ = (std::max)({std::size_t{64}, 2 * capacity_, size_ + size});
    larger.data_ = static_cast<char*>(::operator new(larger.capacity_));
    larger.add(*this);
    for (const std::string_view text : more) larger.add(text);
    swap(larger);  // the old memory goes last, because `more` may be in it
    return *this;
  }
  static void give_back(char* at, std::size_t capacity) noexcept {
    if (!at) return;
    detail::wipe(at, capacity);
    ::operator delete(at);
  }
  void swap(wiped_text& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  char* data_{};
  std::size_t size_{};
  std::size_t capacity_{};
};
}  // namespace detail

/// A string whose memory is overwritten on destruction, assignment and move. It has no operator<< on purpose: only `reveal()` gives
/// the text, as a view that is valid until the string changes.
class secret_string {
 public:
  secret_string() = default;
  secret_string(std::string text) : text_(text.size() < inline_limit ? std::string(text) : std::move(text)) {
    detail::wipe(text);
  }
  secret_string(std::string_view text) : text_(text) {}
  secret_string(const char* text) : text_(text) {}
  secret_string(const secret_string& other) = default;
  // Moving a short std::string copies its bytes and leaves them in `other`, so `other` is wiped.
  secret_string(secret_string&& other) noexcept : text_(other.text_.size() < inline_limit ? std::string(other.text_) : std::move(other.text_)) {
    other.clear();
  }
  secret_string& operator=(secret_string other) noexcept {
    clear();
    text_.swap(other.text_);
    return *this;
  }
  ~secret_string() { clear(); }

  std::string_view reveal() const noexcept { return text_; }
  const char* c_str() const noexcept { return text_.c_str(); }  ///< the same, with a NUL at its end
  bool empty() const noexcept { return text_.empty(); }

  void clear() noexcept { detail::wipe(text_); }

  friend bool operator==(const secret_string& a, const secret_string& b) noexcept { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t inline_limit = 32;  // no standard library keeps strings this long inside the object
  std::string text_{};
};

}  // namespace s3store::inline S3STORE_ABI
