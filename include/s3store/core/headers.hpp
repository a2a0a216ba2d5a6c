// How are HTTP header fields and user metadata kept? In the order in which they were added; case does not count in names.
//
// All text is in one buffer, so that a reused object allocates nothing. Views that `get` and iteration return are valid until the
// next change.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI {

/// A list of fields; a name may occur several times. Like a standard container it is not synchronised.
class headers {
 public:
  struct field {
    std::string_view name{};
    std::string_view value{};
  };

  headers() = default;
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  /// Both may be views of this object's own fields.
  void add(std::string_view name, std::string_view value) {
    const entry e{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                  static_cast<std::uint32_t>(value.size())};
    const std::uint64_t mark = mark_of(name);  // ahead, because the name may be in memory that is given back now
    text_.append({name, value});
    entries_.push_back(e);
    seen_ |= mark;
  }

  /// Replaces all fields of that name by one. Both may be views of this object's own fields.
  void set(std::string_view name, std::string_view value) {
    erase(name);
    add(name, value);
  }

  void erase(std::string_view name) noexcept {
    for (std::size_t i = entries_.size(); i-- != 0;)
      if (detail::equal_ignoring_case(name_of(entries_[i]), name)) entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  /// The first field of that name; nothing where there is none.
  std::optional<std::string_view> get(std::string_view name) const noexcept {
    const entry* const e = find(name);
    return e ? std::optional<std::string_view>{value_of(*e)} : std::nullopt;
  }

  /// The first field of that name, or an empty view: for fields where absent and empty mean the same.
  std::string_view value_or_empty(std::string_view name) const noexcept {
    const entry* const e = find(name);
    return e ? value_of(*e) : std::string_view{};
  }

  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  field operator[](std::size_t i) const noexcept { return {name_of(entries_[i]), value_of(entries_[i])}; }

  /// Allocates ahead. `text`: bytes of all names and values together; `fields`: how many fields.
  void reserve(std::size_t text, std::size_t fields) {
    text_.reserve(text);
    entries_.reserve(fields);
  }

  /// Removes all fields and keeps the memory.
  void clear() noexcept {
    text_.clear();
    entries_.clear();
    seen_ = 0;
  }

  /// Like `clear`, and overwrites the text, for fields that held a secret.
  void wipe() noexcept {
    text_.wipe();
    clear();
  }

  class iterator {
   public:
    using value_type = field;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    iterator(const headers* of, std::size_t at) noexcept : of_(of), at_(at) {}
    field operator*() const noexcept { return (*of_)[at_]; }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const iterator&) const = default;

   private:
    const headers* of_{};
    std::size_t at_{};
  };

  iterator begin() const noexcept { return {this, 0}; }
  iterator end() const noexcept { return {this, entries_.size()}; }

  friend bool operator==(const headers& a, const headers& b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i != a.size(); ++i)
      if (!detail::equal_ignoring_case(a[i].name, b[i].name) || a[i].value != b[i].value) return false;
    return true;
  }

 private:
  struct entry {  // in text_, the value directly follows the name
    std::uint32_t start{};
    std::uint32_t name{};
    std::uint32_t value{};
  };
  const entry* find(std::string_view name) const noexcept {
    if ((seen_ & mark_of(name)) == 0) return nullptr;
    for (const entry& e : entries_)
      if (e.name == name.size() && detail::equal_ignoring_case(name_of(e), name)) return &e;
    return nullptr;
  }
  std::string_view name_of(const entry& e) const noexcept { return {text_.data() + e.start, e.name}; }
  std::string_view value_of(const entry& e) const noexcept { return {text_.data() + e.start + e.name, e.value}; }

  /// One of 64 bits, chosen by the name's length and last letter.
  static constexpr std::uint64_t mark_of(std::string_view name) noexcept {
    return name.empty() ? 1 : std::uint64_t{1} << (name.size() + std::size_t{5} * static_cast<unsigned char>(detail::to_lower(name.back()))) % 64;
  }

  detail::wiped_text text_{};  // session tokens and customer keys travel in headers
  std::vector<entry> entries_{};
  std::uint64_t seen_{};  // the marks of all names added so far; most look-ups are for absent names, and end here
};

}  // namespace s3store::inline S3STORE_ABI
