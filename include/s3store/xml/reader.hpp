// What does an XML answer say? A document parsed in place, and light views of its elements.
//
// The only include of pugixml. The text is surveyed (survey.hpp), parsed in its own buffer, and, where comments, CDATA sections or
// namespace prefixes make it necessary, tidied once: afterwards an element's name is its local name and its text is one piece, so
// that looking up neither compares prefixes nor copies. White space is kept where it is all of an element's text: a key may be
// one space.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <pugixml.hpp>

#include <s3store/core/result.hpp>
#include <s3store/xml/survey.hpp>

namespace s3store::inline v0::xml {

namespace detail {

inline bool same_name(const char* name, std::string_view wanted) noexcept {
  for (const char c : wanted)
    if (*name++ != c) return false;
  return *name == '\0';
}

inline std::string_view local_part(std::string_view qualified) noexcept {
  return qualified.substr(qualified.find(':') + 1);  // npos + 1 is 0
}

inline bool is_text(pugi::xml_node n) noexcept { return n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata; }

/// Brings names and texts into the shape that `node` relies on. They lie in `buffer`, in the order of the document, so that what
/// is moved only ever moves towards the front, over markup that has been read.
class tidier {
 public:
  tidier(std::string& buffer, pugi::xml_node root) noexcept : buffer_(buffer), root_(root) {}

  void run() {
    for (pugi::xml_node at = root_; at;) {
      if (at.type() == pugi::node_element) {
        strip_prefix(at);
        join_texts(at);
      }
      at = next(at);
    }
  }

 private:
  /// In the order of the document, without recursion: the depth is the sender's choice.
  pugi::xml_node next(pugi::xml_node at) const noexcept {
    if (const auto child = at.first_child()) return child;
    while (at != root_) {
      if (const auto sibling = at.next_sibling()) return sibling;
      at = at.parent();
    }
    return {};
  }

  char* in_buffer(const char* view) noexcept { return buffer_.data() + (view - buffer_.data()); }

  void strip_prefix(pugi::xml_node element) noexcept {
    const std::string_view name = element.name(), local = local_part(name);
    if (local.size() != name.size()) std::memmove(in_buffer(name.data()), local.data(), local.size() + 1);
  }

  void join_texts(pugi::xml_node parent) {
    for (auto n = parent.first_child(); n; n = n.next_sibling()) {
      if (!is_text(n)) continue;
      char* end = in_buffer(n.value()) + std::strlen(n.value());
      for (auto more = n.next_sibling(); more && is_text(more); more = n.next_sibling()) {
        const std::size_t length = std::strlen(more.value());
        std::memmove(end, more.value(), length + 1);
        end += length;
        parent.remove_child(more);
      }
    }
    // White space beside elements is layout.
    for (auto n = parent.first_child(); n;) {
      const auto following = n.next_sibling();
      if (is_text(n) && (following || n.previous_sibling()) && trim(n.value()).empty()) parent.remove_child(n);
      n = following;
    }
  }

  std::string& buffer_;
  pugi::xml_node root_;
};

}  // namespace detail

class node_range;
class cursor;

/// An element, or nothing. A view: valid as long as its document. Asking nothing for its children or text gives nothing.
class node {
 public:
  node() = default;
  explicit operator bool() const noexcept { return static_cast<bool>(at_); }
  friend bool operator==(node a, node b) noexcept { return a.at_ == b.at_; }

  /// The local name, without a namespace prefix.
  std::string_view name() const noexcept { return at_.name(); }

  /// The element's text, references decoded. Of an element that mixes text and elements, which S3 has none of: the first piece.
  std::string_view text() const noexcept { return at_.child_value(); }

  /// The first child of that local name; nothing where there is none.
  node child(std::string_view name) const noexcept { return find(at_.first_child(), name); }

  /// The value of the attribute of that name: the qualified name as written ("xsi:type"), else the local name ("type").
  std::optional<std::string_view> attribute(std::string_view name) const noexcept {
    for (auto a = at_.first_attribute(); a; a = a.next_attribute())
      if (detail::same_name(a.name(), name)) return a.value();
    for (auto a = at_.first_attribute(); a; a = a.next_attribute())
      if (detail::local_part(a.name()) == name) return a.value();
    return std::nullopt;
  }

  /// `for (node c : n.children("Contents"))`: the children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;
  /// All child elements, in order.
  node_range children() const noexcept;

 private:
  friend class document;
  friend class node_range;
  friend class cursor;
  explicit node(pugi::xml_node at) noexcept : at_(at) {}

  static node find(pugi::xml_node from, std::string_view name) noexcept {
    for (; from; from = from.next_sibling())
      if (detail::same_name(from.name(), name)) return node{from};
    return {};
  }

  pugi::xml_node at_{};
};

/// Child elements as a range for `for`. An empty name stands for all.
class node_range {
 public:
  class iterator {
   public:
    using value_type = node;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    node operator*() const noexcept { return node{at_}; }
    iterator& operator++() noexcept {
      at_ = at_.next_sibling();
      settle();
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !at_; }

   private:
    friend class node_range;
    iterator(pugi::xml_node at, std::string_view name) noexcept : at_(at), name_(name) { settle(); }
    void settle() noexcept {
      while (at_ && !(name_.empty() ? at_.type() == pugi::node_element : detail::same_name(at_.name(), name_)))
        at_ = at_.next_sibling();
    }
    pugi::xml_node at_{};
    std::string_view name_{};
  };

  iterator begin() const noexcept { return {from_, name_}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class node;
  friend class cursor;
  node_range(pugi::xml_node from, std::string_view name) noexcept : from_(from), name_(name) {}
  pugi::xml_node from_;
  std::string_view name_;
};

inline node_range node::children(std::string_view name) const noexcept { return {at_.first_child(), name}; }
inline node_range node::children() const noexcept { return {at_.first_child(), {}}; }

/// An element whose children are about to be asked for one after the other, as a structure's members are.
///
/// It notes the first children once, so that a name that is there costs one comparison when members are asked for in the order in
/// which they stand, and a name that is not there costs comparisons of first letters and no walk: most members are optional, and
/// a page of a thousand keys asks for some thousands that are absent.
class cursor {
 public:
  cursor() = default;
  explicit cursor(node parent) noexcept : parent_(parent) {
    for (rest_ = parent.at_.first_child(); rest_ && noted_ != most; rest_ = rest_.next_sibling())
      if (const char* name = rest_.name(); *name != '\0') children_[noted_++] = {rest_, name};
  }

  node parent() const noexcept { return parent_; }

  /// The first child of that local name behind the one found last, else the first of all; nothing where there is none.
  node child(std::string_view name) noexcept {
    for (std::size_t i = 0; i != noted_; ++i) {
      const std::size_t at = next_ + i < noted_ ? next_ + i : next_ + i - noted_;
      if (!detail::same_name(children_[at].name, name)) continue;
      next_ = at + 1;
      return node{children_[at].at};
    }
    return node::find(rest_, name);
  }

  /// All children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept {
    for (std::size_t i = 0; i != noted_; ++i)
      if (detail::same_name(children_[i].name, name)) return {children_[i].at, name};
    return {rest_, name};
  }

 private:
  static constexpr std::size_t most = 16;
  struct noted_child {
    pugi::xml_node at{};
    const char* name{};
  };
  node parent_{};
  std::array<noted_child, most> children_{};
  std::size_t noted_{};
  std::size_t next_{};     // behind the one found last
  pugi::xml_node rest_{};  // the first child that is not noted
};

/// A parsed document, with its text. Movable; views of it stay valid when it is moved.
class document {
 public:
  /// Parses UTF-8 text. Fails with malformed_response, naming the byte, where the text is not well-formed, is larger or deeper than
  /// accepted, or declares a document type: entities other than XML's own five do not exist here.
  static result<document> parse(std::string text, const limits& within = {}) {
    const auto surveyed = detail::survey{text, within}.run();
    if (!surveyed) return surveyed.error();
    document out{std::move(text)};
    // With pieces, white space is judged by the tidier, once they are joined.
    const unsigned keep_space = surveyed->pieces ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single;
    const auto parsed = out.state_->tree.load_buffer_inplace(
        out.state_->text.data(), out.state_->text.size(),
        pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_wconv_attribute | keep_space, pugi::encoding_utf8);
    if (!parsed)
      return fail(error_kind::malformed_response, {"XML: ", lower_case(parsed.description()), " at byte ", decimal(parsed.offset)});
    if (surveyed->pieces || surveyed->prefixes) detail::tidier{out.state_->text, out.state_->tree.document_element()}.run();
    return out;
  }

  node root() const noexcept { return node{state_->tree.document_element()}; }

 private:
  struct state {
    std::string text{};
    pugi::xml_document tree{};
  };
  explicit document(std::string text) : state_(make_owned<state>()) { state_->text = std::move(text); }
  owned<state> state_;  // not inside the object: a short string's bytes move with it, and the tree points at them
};

}  // namespace s3store::inline v0::xml
