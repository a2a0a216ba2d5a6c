// Keys are bytes: what a careless client normalises, decodes twice or not at all comes back here as it went.
#include <set>

#include "support/live.hpp"

using namespace s3store;

namespace {

const std::vector<std::string>& nasty_keys() {
  static const auto* const all = new std::vector<std::string>{
      "a//b", "a/../b", "./x", "x/.", "..", "dir/", "/lead", "//", "plus+plus", "per%cent", "per%20cent", "%", "a=b", "a?b", "a&b=c#d",
      " ", "two  spaces", " lead and trail ", "caf\xc3\xa9", "\xe6\x97\xa5\xe6\x9c\xac/\xe8\xaa\x9e", "\xf0\x9f\x98\x80", "e\xcc\x81", "~tilde-._",
      "quote\"'`", "semi;colon:at@$,!*()", "back\\slash", "[brackets]{braces}|^", "<xml>&amp;</xml>", "tab\there", std::string(900, 'k'),
  };
  return *all;
}

/// Servers that keep keys as files can't keep these; they must say so, and nothing may be stored under another name.
bool may_be_refused(const live::target& t, const std::string& key) {
  if (t.is("embedded")) return false;
  const bool dots = ("/" + key + "/").find("/./") != std::string::npos || ("/" + key + "/").find("/../") != std::string::npos;
  const bool slashes = key.find("//") != std::string::npos || key.starts_with('/');
  const bool long_segment = key.size() > 255 && key.find('/') == std::string::npos;
  return dots || slashes || long_segment || key == " " || key.find('\\') != std::string::npos;
}

}  // namespace

TEST_CASE("nasty keys round-trip wherever the server accepts them", "[live][keys]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    std::set<std::string> stored;
    for (const std::string& key : nasty_keys()) {
      CAPTURE(key);
      const std::string text = "text of " + key;
      const auto put = c.put_object({.bucket = b, .key = key, .body = key.ends_with('/') ? std::string{} : text});
      if (!put) {
        INFO(put.error().describe());
        CHECK(may_be_refused(t, key));
        CHECK(put.error().status >= 400);
        CHECK(put.error().code != "SignatureDoesNotMatch");
        continue;
      }
      const auto got = c.get_object({.bucket = b, .key = key});
      if (!got && may_be_refused(t, key)) continue;
      INFO((got ? std::string{} : got.error().describe()));
      REQUIRE(got.has_value());
      CHECK(got->body == (key.ends_with('/') ? std::string{} : text));
      stored.insert(key);

      const auto copied = c.copy_object({.bucket = b, .key = "copy", .copy_source = {b, key}});
      INFO((copied ? std::string{} : copied.error().describe()));
      CHECK((copied.has_value() || may_be_refused(t, key) || key.ends_with('/')));
    }
    (void)c.delete_object({.bucket = b, .key = "copy"});
    if (t.is("embedded")) CHECK(stored.size() == nasty_keys().size());
    CHECK(stored.size() >= 20);

    std::set<std::string> listed;
    for (const auto& o : c.items(list_objects_v2_request{.bucket = b})) listed.insert(o.key);
    for (const std::string& key : stored) {
      CAPTURE(key);
      CHECK((listed.contains(key) || may_be_refused(t, key)));
    }
    std::set<std::string> versions;
    for (const auto& o : c.items(list_object_versions_request{.bucket = b})) versions.insert(o.key);
    CHECK(versions == listed);
    std::set<std::string> by_marker;
    for (const auto& o : c.items(list_objects_request{.bucket = b, .max_keys = 3})) by_marker.insert(o.key);
    CHECK(by_marker == listed);

    types::delete_ doomed;
    for (const std::string& key : stored) doomed.objects.push_back({.key = key});
    const auto deleted = live::must(c.delete_objects({.bucket = b, .delete_ = doomed}));
    CHECK(deleted.deleted.size() == stored.size());
    for (const std::string& key : stored) {
      CAPTURE(key);
      CHECK(!c.head_object({.bucket = b, .key = key}));
    }
  }
}
