// How is a listing read to its end? With a range that fetches each page when the loop gets to it.
//
//   for (auto& page : s3.pages(list_objects_v2_request{.bucket = "b"})) { if (!page) …; for (auto& object : page->contents) … }
//   for (auto& object : s3.items(list_objects_v2_request{.bucket = "b"})) …                  // throws s3_error if a page fails
//
// Nothing is fetched ahead. The range ends after a page that failed. If a page says that there are more but not where they start,
// the next page is an error: an incomplete listing must not look like a complete one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI {

/// What follows a page.
enum class page_turn : std::uint8_t {
  last,   ///< nothing
  next,   ///< another page; the request was changed to ask for it
  stuck,  ///< another page, but the server did not say where it starts
};

/// An operation with pages. Its request has two more functions: `items` returns the list in a page, and `next_page` changes the
/// request so that it asks for the page after the given one; it calls the functions of page_turner.
template <class R>
concept paged = requires(typename R::response& page) { R::items(page); };

inline error no_next_page() {
  return detail::fail(error_kind::malformed_response,
                      "the listing has more pages, but the server does not say where the next one starts, or names one that was there before");
}

/// The functions that a request's `next_page` calls. A page that is not `truncated` is the last. An object of this class follows one
/// listing, and finds a server whose pages go round in a circle.
class page_turner {
 public:
  /// For operations where a token means that there is another page.
  page_turn token(std::string& to, std::string from) {
    const bool more = !from.empty();
    return token(to, std::move(from), more);
  }
  page_turn token(std::string& to, std::string from, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (from.empty() || to == from) return page_turn::stuck;  // no token, or the same as for this page
    to = std::move(from);
    return go_to(to);
  }
  /// For a number, such as that of a part. `last_item`: that of the page's last item, for a server that names no next one.
  template <class T>
  page_turn token(std::optional<T>& to, std::optional<T> from, std::optional<T> last_item, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (!from) from = last_item;
    if (!from || to == from) return page_turn::stuck;
    to = from;
    return go_to(detail::decimal(*to));
  }
  /// For two markers, of which the second may be absent.
  page_turn markers(std::string& to, std::string from, std::string& to_part, std::string from_part, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (from.empty() || (to == from && to_part == from_part)) return page_turn::stuck;
    to = std::move(from);
    to_part = std::move(from_part);
    return go_to(detail::concat({to, std::string_view{"\0", 1}, to_part}));
  }
  /// A key that is sent back as a marker. If the caller asked for encoded keys ("url"), it is still encoded and is decoded here.
  static std::string key(std::string_view asked_for, const std::string& from) {
    return asked_for == "url" ? detail::uri_decode(from, true).value_or(from) : from;
  }

 private:
  /// Brent's algorithm: the position is compared with an earlier one, which is replaced after 1, 2, 4, 8… pages. So a circle of any
  /// length is found, and only one position is kept.
  page_turn go_to(std::string position) {
    if (pages_ != 0 && position == earlier_) return page_turn::stuck;
    if (++pages_ >= replace_after_) {
      earlier_ = std::move(position);
      pages_ = 1;
      replace_after_ *= 2;
    }
    return page_turn::next;
  }

  std::string earlier_{};
  std::uint64_t pages_{}, replace_after_{1};
};

/// The pages of a listing, as an input range of `result<response>`. The client must outlive it. For one thread at a time. A page is
/// valid until the iterator is incremented.
template <class Client, class R>
class page_range {
  static_assert(paged<R>, "this operation has no pages");

 public:
  using page = result<typename R::response>;

  page_range(const Client& from, R request, call_options options)
      : from_(&from), request_(std::move(request)), options_(std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = page;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(page_range* of) noexcept : of_(of) {}
    page& operator*() const noexcept { return *of_->current_; }
    iterator& operator++() {
      of_->turn();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !of_->current_; }

   private:
    page_range* of_{};
  };

  /// Fetches the first page. Call it only once.
  iterator begin() {
    current_.emplace(from_->send(request_, options_));
    return iterator{this};
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void turn() {
    switch (*current_ ? R::next_page(turner_, request_, **current_) : page_turn::last) {
      case page_turn::last: return current_.reset();
      case page_turn::next: return static_cast<void>(current_.emplace(from_->send(request_, options_)));
      case page_turn::stuck:
        current_.emplace(no_next_page());
    }
  }

  const Client* from_;
  R request_;
  call_options options_;
  page_turner turner_{};
  std::optional<page> current_{};
};

/// The items of all pages, as an input range. `begin` and `++` throw s3_error if a page fails. The client must outlive it. For one
/// thread at a time. An item is valid until the next page is fetched.
template <class Client, class R>
class item_range {
  using pages = page_range<Client, R>;
  using list = std::remove_cvref_t<decltype(R::items(std::declval<typename R::response&>()))>;

 public:
  item_range(const Client& from, R request, call_options options) : pages_(from, std::move(request), std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = typename list::value_type;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(typename pages::iterator at) : page_(at) { settle(); }
    value_type& operator*() const { return R::items((*page_).value())[at_]; }
    value_type* operator->() const { return &**this; }
    iterator& operator++() {
      ++at_;
      settle();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t end) const noexcept { return page_ == end; }

   private:
    /// Goes on to a page with items, because pages may be empty.
    void settle() {
      while (!(page_ == std::default_sentinel) && at_ == R::items((*page_).value()).size()) {
        ++page_;
        at_ = 0;
      }
    }
    typename pages::iterator page_{};
    std::size_t at_{};
  };

  iterator begin() { return iterator{pages_.begin()}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  pages pages_;
};

/// A base class of basic_client. The options hold for the request of each page.
template <class Client>
class pager_members {
 public:
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const& {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const& {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  /// Refused: a temporary client would be gone before the first page is fetched.
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const&& = delete;
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const&& = delete;
};

}  // namespace s3store::inline S3STORE_ABI
