// How is a secret kept? In a string that overwrites its memory when destroyed and cannot be printed by accident.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
/// Overwrites memory with zeros in a way that the compiler may not optimise away.
inline void wipe(void* at, std::size_t size) noexcept {
  volatile auto* p = static_cast<volatile unsigned char*>(at);
  while (size-- != 0) *p++ = 0;
}
}  // namespace detail

/// A string whose memory is overwritten on destruction, assignment and move. It has no operator<< on purpose: only `reveal()` gives
/// the text, as a view that is valid until the string changes.
class secret_string {
 public:
  secret_string() = default;
  secret_string(std::string text) : text_(std::move(text)) {}
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
  bool empty() const noexcept { return text_.empty(); }

  void clear() noexcept {
    // Up to the capacity: bytes of an earlier, longer text may still be there.
    text_.resize(text_.capacity());
    detail::wipe(text_.data(), text_.size());
    text_.clear();
  }

  friend bool operator==(const secret_string& a, const secret_string& b) noexcept { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t inline_limit = 32;  // no standard library keeps strings this long inside the object
  std::string text_{};
};

}  // namespace s3store::inline S3STORE_ABI
