// The definitions of xml/reader.hpp, and the only include of pugixml.
#pragma once

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <pugixml.hpp>

#include <s3store/core/text.hpp>
#include <s3store/xml/reader.hpp>

namespace s3store::inline S3STORE_ABI::xml {

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

/// Gives each element its local name and its text in one piece, as `node` expects. Names and texts are in `buffer` in the order of
/// the document, so they only ever move towards the front, over markup that is not needed any more.
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
  /// In the order of the document. Not recursive, because the sender decides the depth.
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
    if (local.size() != name.size()) std::memmove(in_buffer(element.name()), local.data(), local.size() + 1);  // with its NUL
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
    // White space between elements is only layout.
    for (auto n = parent.first_child(); n;) {
      const auto following = n.next_sibling();
      if (is_text(n) && (following || n.previous_sibling()) && detail::trim(n.value()).empty()) parent.remove_child(n);
      n = following;
    }
  }

  std::string& buffer_;
  pugi::xml_node root_;
};

}  // namespace detail

// --- node ------------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE std::string_view node::name() const noexcept { return pugi::xml_node{at_}.name(); }
S3STORE_INLINE std::string_view node::text() const noexcept { return pugi::xml_node{at_}.child_value(); }
S3STORE_INLINE pugi::xml_node_struct* node::find(pugi::xml_node_struct* from, std::string_view name) noexcept {
  pugi::xml_node at{from};
  while (at && !detail::same_name(at.name(), name)) at = at.next_sibling();
  return at.internal_object();
}
S3STORE_INLINE node node::child(std::string_view name) const noexcept {
  return node{find(pugi::xml_node{at_}.first_child().internal_object(), name)};
}
S3STORE_INLINE std::optional<std::string_view> node::attribute(std::string_view name) const noexcept {
  const pugi::xml_node at{at_};
  for (auto a = at.first_attribute(); a; a = a.next_attribute())
    if (detail::same_name(a.name(), name)) return a.value();
  for (auto a = at.first_attribute(); a; a = a.next_attribute())
    if (detail::local_part(a.name()) == name) return a.value();
  return std::nullopt;
}
S3STORE_INLINE node_range node::children(std::string_view name) const noexcept {
  return {pugi::xml_node{at_}.first_child().internal_object(), name};
}
S3STORE_INLINE node_range node::children() const noexcept { return children({}); }

// --- node_range ------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE node_range::iterator& node_range::iterator::operator++() noexcept {
  at_ = pugi::xml_node{at_}.next_sibling().internal_object();
  settle();
  return *this;
}
S3STORE_INLINE void node_range::iterator::settle() noexcept {
  pugi::xml_node at{at_};
  while (at && !(name_.empty() ? at.type() == pugi::node_element : detail::same_name(at.name(), name_))) at = at.next_sibling();
  at_ = at.internal_object();
}

// --- cursor ----------------------------------------------------------------------------------------------------------------------

S3STORE_INLINE cursor::cursor(node parent) noexcept : parent_(parent) {
  pugi::xml_node rest = pugi::xml_node{parent.at_}.first_child();
  for (; rest && noted_ != most; rest = rest.next_sibling())
    if (const char* name = rest.name(); *name != '\0') children_[noted_++] = {rest.internal_object(), name};
  rest_ = rest.internal_object();
}
S3STORE_INLINE node cursor::child(std::string_view name) noexcept {
  for (std::size_t i = 0; i != noted_; ++i) {
    const std::size_t at = next_ + i < noted_ ? next_ + i : next_ + i - noted_;
    if (!detail::same_name(children_[at].name, name)) continue;
    next_ = at + 1;
    return node{children_[at].at};
  }
  return node{node::find(rest_, name)};
}
S3STORE_INLINE node_range cursor::children(std::string_view name) const noexcept {
  for (std::size_t i = 0; i != noted_; ++i)
    if (detail::same_name(children_[i].name, name)) return {children_[i].at, name};
  return {rest_, name};
}

// --- document --------------------------------------------------------------------------------------------------------------------

struct document::state {
  ~state() { s3store::detail::wipe(text); }  // CreateSession answers with keys
  std::string text{};
  pugi::xml_document tree{};
};
S3STORE_INLINE void document::state_deleter::operator()(state* s) const noexcept { delete s; }

S3STORE_INLINE document::document(std::string text) : state_(new state{}) { state_->text = std::move(text); }
S3STORE_INLINE node document::root() const noexcept { return node{state_->tree.document_element().internal_object()}; }

S3STORE_INLINE result<document> document::parse(std::string text, const limits& within) {
  const auto surveyed = detail::survey{text, within}.run();
  if (!surveyed) return surveyed.error();
  document out{std::move(text)};
  // If there are pieces, the tidier removes white space, after it has joined them.
  const unsigned keep_space = surveyed->pieces ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single;
  const auto parsed = out.state_->tree.load_buffer_inplace(
      out.state_->text.data(), out.state_->text.size(),
      pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_wconv_attribute | keep_space, pugi::encoding_utf8);
  if (parsed.status == pugi::status_out_of_memory) throw std::bad_alloc{};
  if (!parsed)
    return detail::fail(error_kind::malformed_response,
                        {"XML: ", detail::lower_case(parsed.description()), " at byte ", detail::decimal(parsed.offset)});
  if (surveyed->pieces || surveyed->prefixes) detail::tidier{out.state_->text, out.state_->tree.document_element()}.run();
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::xml
