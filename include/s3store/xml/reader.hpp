// How is an XML answer read? It is parsed into a document, whose elements are read through small views.
//
// The text is first checked (survey.hpp) and then parsed in place by pugixml. If it has comments, CDATA sections or namespace
// prefixes, the tree is then changed once, so that each element has its local name and its text in one piece; looking up needs no
// copies. White space is kept if it is all of an element's text, since a key may be a single space. Only reader_impl.hpp includes
// pugixml.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/xml/survey.hpp>

namespace pugi {
struct xml_node_struct;
}

namespace s3store::inline S3STORE_ABI::xml {

class node_range;
class cursor;

/// A view of an element, or of none. It and the views it returns are valid as long as the document. A node of no element has no
/// children and an empty text, so look-ups can be chained.
class node {
 public:
  node() = default;
  explicit operator bool() const noexcept { return at_ != nullptr; }
  friend bool operator==(node a, node b) noexcept { return a.at_ == b.at_; }

  /// The local name, without a namespace prefix.
  std::string_view name() const noexcept;

  /// The element's text, references decoded. If text and elements are mixed, which S3 never does, only the first piece of text.
  std::string_view text() const noexcept;

  /// The first child of that local name; an empty node if there is none.
  node child(std::string_view name) const noexcept;

  /// The value of an attribute; nothing if there is none. Looks for the qualified name as written ("xsi:type"), then for the local
  /// name ("type").
  std::optional<std::string_view> attribute(std::string_view name) const noexcept;

  /// `for (node c : n.children("Contents"))`: the children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;
  /// All child elements, in order.
  node_range children() const noexcept;

 private:
  friend class document;
  friend class node_range;
  friend class cursor;
  explicit node(pugi::xml_node_struct* at) noexcept : at_(at) {}

  static pugi::xml_node_struct* find(pugi::xml_node_struct* from, std::string_view name) noexcept;

  pugi::xml_node_struct* at_{};
};

/// Child elements as a range for `for`. An empty name means all.
class node_range {
 public:
  class iterator {
   public:
    using value_type = node;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    node operator*() const noexcept { return node{at_}; }
    iterator& operator++() noexcept;
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return at_ == nullptr; }

   private:
    friend class node_range;
    iterator(pugi::xml_node_struct* at, std::string_view name) noexcept : at_(at), name_(name) { settle(); }
    void settle() noexcept;
    pugi::xml_node_struct* at_{};
    std::string_view name_{};
  };

  iterator begin() const noexcept { return {from_, name_}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class node;
  friend class cursor;
  node_range(pugi::xml_node_struct* from, std::string_view name) noexcept : from_(from), name_(name) {}
  pugi::xml_node_struct* from_;
  std::string_view name_;
};

/// Looks up the children of one element, one after the other, as the members of a structure are read.
///
/// It notes the first 16 children once. If members are asked for in the order of the document, each takes one comparison; an absent
/// one does not walk the tree. This matters because most members are optional, and a page of a thousand keys asks for thousands
/// that are absent.
class cursor {
 public:
  cursor() = default;
  explicit cursor(node parent) noexcept;

  node parent() const noexcept { return parent_; }

  /// The next child of that local name after the one found last, else the first one; an empty node if there is none. Children after
  /// the first 16 are looked at only if none of those has that name.
  node child(std::string_view name) noexcept;

  /// All children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;

 private:
  static constexpr std::size_t most = 16;
  struct noted_child {
    pugi::xml_node_struct* at{};
    const char* name{};
  };
  node parent_{};
  std::array<noted_child, most> children_{};
  std::size_t noted_{};
  std::size_t next_{};             // the index after the one found last
  pugi::xml_node_struct* rest_{};  // the first child that is not noted
};

/// A parsed document, which owns its text. Movable; views of it stay valid when it is moved. Many threads may read one document.
class document {
 public:
  /// Holds no document, and can only be assigned to.
  document() = default;
  /// Parses UTF-8 text. Fails with error_kind::malformed_response if the text is not well-formed, exceeds the limits, or has a
  /// document type declaration, so that no entities but XML's own five exist. Throws std::bad_alloc.
  static result<document> parse(std::string text, const limits& within = {});

  node root() const noexcept;

 private:
  struct state;
  struct state_deleter {
    void operator()(state* s) const noexcept;
  };
  explicit document(std::string text);
  // On the heap, because the tree points into the text, and a short string's bytes would move with the object.
  detail::owned<state, state_deleter> state_{};
};

}  // namespace s3store::inline S3STORE_ABI::xml

#ifdef S3STORE_DEFINITIONS
#include <s3store/xml/reader_impl.hpp>
#endif
