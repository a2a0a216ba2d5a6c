// How is a listing walked to its end? By a range that fetches the next page when it is asked for.
//
//   for (auto& page : s3.pages(list_objects_v2_request{.bucket = "b"})) { if (!page) …; for (auto& object : page->contents) … }
//   for (auto& object : s3.items(list_objects_v2_request{.bucket = "b"})) …                  // throws s3_error where a page fails
//
// Nothing is fetched ahead. A page that failed is the last one; so is one that says that it is not the last, but does not say how to go
// on: a listing that ends too soon is an error, and not a shorter listing.
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

namespace s3store::inline v0 {

/// What comes behind a page.
enum class page_turn : std::uint8_t {
  last,   ///< nothing
  next,   ///< another page, which the request is set up for
  stuck,  ///< another page, but nothing tells where it starts
};

/// An operation with pages. Its request has, beside the declaration, `items`, which gives a page's list, and `next_page`, which sets the
/// request up for the page behind the one that is given, in the words of page_turner.
template <class R>
concept paged = requires(typename R::response& page) { R::items(page); };

inline error no_next_page() {
  return fail(error_kind::malformed_response, "the listing has more pages, but the server does not say where the next one starts");
}

/// The words that `next_page` is written in. A page that is not `truncated` is the last.
struct page_turner {
  /// Where there is a token there is a page.
  static page_turn token(std::optional<std::string>& to, std::optional<std::string> from) {
    const bool more = from && !from->empty();
    return token(to, std::move(from), more);
  }
  template <class T>
  static page_turn token(std::optional<T>& to, std::optional<T> from, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (!from || to == from) return page_turn::stuck;  // no token, or the one that led here
    to = std::move(from);
    return page_turn::next;
  }
  /// A marker of two parts, of which the second may be absent.
  static page_turn markers(std::optional<std::string>& to, std::optional<std::string> from, std::optional<std::string>& to_part,
                           std::optional<std::string> from_part, std::optional<bool> truncated) {
    if (!truncated.value_or(false)) return page_turn::last;
    if (!from || (to == from && to_part == from_part)) return page_turn::stuck;
    to = std::move(from);
    to_part = std::move(from_part);
    return page_turn::next;
  }
  /// A key that is to be sent as a marker. It came encoded, and was left so, where the caller asked for the encoding.
  template <class Encoding>
  static std::optional<std::string> key(const std::optional<Encoding>& asked_for, const std::optional<std::string>& from) {
    if (!from || !asked_for || asked_for->str() != "url") return from;
    return uri_decode(*from, true);
  }
};

/// The pages of a listing, as an input range of `result<response>`. It borrows the client.
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

  /// Fetches the first page. To be called once.
  iterator begin() {
    current_.emplace(from_->send(request_, options_));
    return iterator{this};
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void turn() {
    page_turner turner;
    switch (*current_ ? R::next_page(turner, request_, **current_) : page_turn::last) {
      case page_turn::last: return current_.reset();
      case page_turn::next: return static_cast<void>(current_.emplace(from_->send(request_, options_)));
      case page_turn::stuck:
        current_.emplace(no_next_page());
    }
  }

  const Client* from_;
  R request_;
  call_options options_;
  std::optional<page> current_{};
};

/// The items of all pages, as an input range. Throws s3_error where a page fails.
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
    /// To the next item that there is: pages may be empty.
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

/// Mixed into basic_client.
template <class Client>
class pager_members {
 public:
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
};

}  // namespace s3store::inline v0
