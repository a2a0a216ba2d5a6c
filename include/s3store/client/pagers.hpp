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
#include <s3store/operations/fwd.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline v0 {

/// What comes behind a page.
enum class page_turn : std::uint8_t {
  last,   ///< nothing
  next,   ///< another page, which the request is set up for
  stuck,  ///< another page, but nothing tells where it starts
};

/// How an operation is paged: `advance` sets the request up for the page behind `page`; `items` is its list.
template <class R>
struct pagination;

namespace detail {
/// Takes the token over, unless there is none, or it is the one that led here.
template <class To, class From>
page_turn take_token(To& to, From& from) {
  if (!from || to == from) return page_turn::stuck;
  to = std::move(from);
  return page_turn::next;
}

/// A key that is to be sent as a marker. It came encoded, and was left so, where the caller asked for the encoding.
template <class R>
std::optional<std::string> as_marker(const R& r, std::optional<std::string>& key) {
  if (!key || !r.encoding_type || r.encoding_type->str() != "url") return std::move(key);
  return uri_decode(*key, true);
}

/// A marker of two parts, of which the second may be absent.
template <class R, class Page, class Part>
page_turn take_markers(R& r, Page& page, std::optional<std::string> key, Part& to, Part& from) {
  if (!page.is_truncated.value_or(false)) return page_turn::last;
  if (!key || (r.key_marker == key && to == from)) return page_turn::stuck;
  r.key_marker = std::move(key);
  to = std::move(from);
  return page_turn::next;
}
}  // namespace detail

template <>
struct pagination<list_buckets_request> {
  static page_turn advance(auto& r, auto& page) {
    if (page.continuation_token.value_or("").empty()) return page_turn::last;
    return detail::take_token(r.continuation_token, page.continuation_token);
  }
  static auto& items(auto& page) { return page.buckets; }
};
template <>
struct pagination<list_objects_request> {
  /// NextMarker comes only with a delimiter; otherwise the last key is the marker.
  static page_turn advance(auto& r, auto& page) {
    if (!page.is_truncated.value_or(false)) return page_turn::last;
    auto last = page.next_marker || page.contents.empty() ? page.next_marker : page.contents.back().key;
    auto marker = detail::as_marker(r, last);
    return detail::take_token(r.marker, marker);
  }
  static auto& items(auto& page) { return page.contents; }
};
template <>
struct pagination<list_objects_v2_request> {
  static page_turn advance(auto& r, auto& page) {
    return page.is_truncated.value_or(false) ? detail::take_token(r.continuation_token, page.next_continuation_token) : page_turn::last;
  }
  static auto& items(auto& page) { return page.contents; }
};
template <>
struct pagination<list_object_versions_request> {
  static page_turn advance(auto& r, auto& page) {
    return detail::take_markers(r, page, detail::as_marker(r, page.next_key_marker), r.version_id_marker, page.next_version_id_marker);
  }
  static auto& items(auto& page) { return page.versions; }
};
template <>
struct pagination<list_multipart_uploads_request> {
  static page_turn advance(auto& r, auto& page) {
    return detail::take_markers(r, page, detail::as_marker(r, page.next_key_marker), r.upload_id_marker, page.next_upload_id_marker);
  }
  static auto& items(auto& page) { return page.uploads; }
};
template <>
struct pagination<list_parts_request> {
  static page_turn advance(auto& r, auto& page) {
    return page.is_truncated.value_or(false) ? detail::take_token(r.part_number_marker, page.next_part_number_marker) : page_turn::last;
  }
  static auto& items(auto& page) { return page.parts; }
};

/// The pages of a listing, as an input range of `result<response>`. It borrows the client.
template <class Client, class R>
class page_range {
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
    switch (*current_ ? pagination<R>::advance(request_, **current_) : page_turn::last) {
      case page_turn::last: return current_.reset();
      case page_turn::next: return static_cast<void>(current_.emplace(from_->send(request_, options_)));
      case page_turn::stuck:
        current_.emplace(fail(error_kind::malformed_response, "the listing has more pages, but the server does not say where the next one starts"));
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
  using list = std::remove_cvref_t<decltype(pagination<R>::items(std::declval<typename R::response&>()))>;

 public:
  item_range(const Client& from, R request, call_options options) : pages_(from, std::move(request), std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = typename list::value_type;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(typename pages::iterator at) : page_(at) { settle(); }
    value_type& operator*() const { return pagination<R>::items((*page_).value())[at_]; }
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
      while (!(page_ == std::default_sentinel) && at_ == pagination<R>::items((*page_).value()).size()) {
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
