// How is a secret kept? In a string that is wiped when it goes, and that can't be printed by accident.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace s3store::inline v0 {

/// Overwrites memory in a way that the compiler may not drop.
inline void wipe(void* at, std::size_t size) noexcept {
  volatile auto* p = static_cast<volatile unsigned char*>(at);
  while (size-- != 0) *p++ = 0;
}

/// A string that is wiped on destruction and assignment. It has no operator<< on purpose; `reveal()` is easy to search for.
class secret_string {
 public:
  secret_string() = default;
  secret_string(std::string text) : text_(std::move(text)) {}
  secret_string(std::string_view text) : text_(text) {}
  secret_string(const char* text) : text_(text) {}
  secret_string(const secret_string& other) = default;
  // A move of a short string copies its bytes, so the one left behind is wiped, too.
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
    // Up to its capacity: an earlier, longer content may still stand behind the end.
    text_.resize(text_.capacity());
    wipe(text_.data(), text_.size());
    text_.clear();
  }

  friend bool operator==(const secret_string& a, const secret_string& b) noexcept { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t inline_limit = 32;  // no library keeps longer strings inside the object
  std::string text_{};
};

}  // namespace s3store::inline v0
