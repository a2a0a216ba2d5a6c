#include <string>
#include <vector>

#include <s3store/xml/reader.hpp>

#include "support/catch.hpp"

namespace xml = s3store::xml;
using s3store::error_kind;

namespace {

std::string repeated(std::string_view s, std::size_t times) {
  std::string out;
  out.reserve(s.size() * times);
  for (std::size_t i = 0; i != times; ++i) out.append(s);
  return out;
}

std::string refusal(std::string text, const xml::limits& within = {}) {
  const auto parsed = xml::document::parse(std::move(text), within);
  if (parsed) return "accepted";
  CHECK(parsed.error().kind == error_kind::malformed_response);
  return parsed.error().message;
}

std::string text_of(std::string text) {
  const auto parsed = xml::document::parse(std::move(text));
  if (!parsed) return "refused: " + parsed.error().message;
  return std::string(parsed->root().text());
}

}  // namespace

TEST_CASE("what is not well-formed is refused, and the message names the byte", "[xml]") {
  CHECK(refusal("") == "XML: no root element at byte 0");
  CHECK(refusal("  \n") == "XML: no root element at byte 3");
  CHECK(refusal("<?xml version='1.0'?><!-- only -->") == "XML: no root element at byte 34");
  CHECK(refusal("Internal Server Error") == "XML: text outside the root element at byte 0");
  CHECK(refusal("{\"a\": 1}") == "XML: text outside the root element at byte 0");
  CHECK(refusal("<a/>b") == "XML: text outside the root element at byte 4");
  CHECK(refusal("<a/><![CDATA[b]]>") == "XML: text outside the root element at byte 4");
  CHECK(refusal("<a/><b/>") == "XML: a second root element at byte 4");
  CHECK(refusal("</a>") == "XML: an end tag without its start tag at byte 0");
  CHECK(refusal("<a></a></a>") == "XML: an end tag without its start tag at byte 7");
  CHECK(refusal(std::string("<a>\0</a>", 8)) == "XML: a NUL byte at byte 3");
  for (const char* wrong : {"<a></b>", "<a", "<a x></a>", "<a x=1></a>", "<a x='1' y></a>", "<>x</>", "< a></a>", "<a><</a>",
                            "<a>< b/></a>", "<a 'x'></a>", "<a/ >", "<1/>", "<a><b></a></b>", "<a x='1'y='2' <b/>"}) {
    INFO(wrong);
    CHECK(refusal(wrong).find(" at byte ") != std::string::npos);
  }
}

TEST_CASE("a document that was cut off anywhere is refused", "[xml]") {
  const std::string whole =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ns:List xmlns:ns=\"u\" a='>'><!-- c --><Key>a&amp;b</Key><X><![CDATA[<]]></X><?p i?><Y/></ns:List>";
  REQUIRE(xml::document::parse(whole));
  for (std::size_t length = 0; length != whole.size(); ++length) {
    INFO(whole.substr(0, length));
    CHECK(refusal(whole.substr(0, length)) != "accepted");
  }
  CHECK(refusal("<a><b>").starts_with("XML: the document is cut off"));
}

TEST_CASE("hostile nesting is refused before it is parsed", "[xml]") {
  CHECK(refusal(repeated("<a>", 1'000'000)) == "XML: elements nested deeper than accepted at byte 192");
  CHECK(refusal(repeated("<a>", 1'000'000) + repeated("</a>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a b='/'>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a b='/>'>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a><b/>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a><!--</a>-->", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a><![CDATA[</a>]]>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a><?p </a>?>", 1'000'000)).starts_with("XML: elements nested deeper"));
  CHECK(refusal(repeated("<a>", 64) + repeated("</a>", 64)) == "accepted");
  CHECK(refusal(repeated("<a>", 65) + repeated("</a>", 65)).starts_with("XML: elements nested deeper"));
  CHECK(refusal("<a><b/></a>", {.max_depth = 1}).starts_with("XML: elements nested deeper"));
  SECTION("and even where it is accepted, neither reading nor destroying it recurses") {
    constexpr std::size_t deep = 200'000;
    const xml::limits within{.max_depth = deep};
    const auto parsed = xml::document::parse(repeated("<n:a><!-- -->", deep) + repeated("</n:a>", deep), within);
    REQUIRE(parsed);
    std::size_t depth = 0;
    for (xml::node n = parsed->root(); n; n = n.child("a")) ++depth;
    CHECK(depth == deep);
  }
}

TEST_CASE("hostile size is refused before it is parsed", "[xml]") {
  CHECK(refusal("<a>" + std::string(100'000'000, 'x') + "</a>") ==
        "XML: the document has 100000007 bytes; at most 67108864 are accepted");
  CHECK(refusal("<a>xxxx</a>", {.max_bytes = 10}).starts_with("XML: the document has 11 bytes"));
  CHECK(refusal("<a>xxxx</a>", {.max_bytes = 11}) == "accepted");
  CHECK(refusal("<a>" + repeated("<b/>", 1'000'000) + "</a>").starts_with("XML: more elements and attributes than accepted"));
  CHECK(refusal("<a " + repeated("b=\"\" ", 1'000'000) + "/>").starts_with("XML: more elements and attributes than accepted"));
  CHECK(
      refusal("<a>" + repeated("<![CDATA[]]>", 1'000'000) + "</a>").starts_with("XML: more elements and attributes than accepted"));
}

TEST_CASE("there are no entities but XML's own, and no document type", "[xml]") {
  CHECK(refusal("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>")
            .starts_with("XML: a document type declaration, which S3 never sends, at byte 0"));
  CHECK(refusal("<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>").find("at byte 21") != std::string::npos);
  for (const char* wrong : {"<a>&b;</a>", "<a>&</a>", "<a>a & b</a>", "<a>&amp</a>", "<a>&;</a>", "<a>&#;</a>", "<a>&#x;</a>",
                            "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#4294967297;</a>", "<a>&#X41;</a>",
                            "<a>&#-1;</a>", "<a>&#1a;</a>", "<a>&AMP;</a>", "<a b='&c;'/>"}) {
    INFO(wrong);
    CHECK(refusal(wrong).starts_with("XML: an '&' that starts no known reference at byte "));
  }
  CHECK(text_of("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;&#13;&#1;</a>") == "<>&\"'AB\xF0\x9F\x98\x80\r\x01");
  CHECK(text_of("<a>&amp;lt;</a>") == "&lt;");
  CHECK(text_of("<a><!-- & &x; --><?p & ?><![CDATA[&amp;&x;]]>&amp;</a>") == "&amp;&x;&");
}

TEST_CASE("white space is kept where it may be a key", "[xml]") {
  CHECK(text_of("<a> </a>") == " ");
  CHECK(text_of("<a>\n\t </a>") == "\n\t ");
  CHECK(text_of("<a>  b  </a>") == "  b  ");
  CHECK(text_of("<a>\r\n</a>") == "\n");  // XML 1.0, section 2.11
  CHECK(text_of("<a>&#13;\n</a>") == "\r\n");
  CHECK(text_of("<a></a>").empty());
  CHECK(text_of("<a/>").empty());
  CHECK(text_of("<a>\n  <b>x</b>\n</a>").empty());
  CHECK(text_of("<a>\n  <!-- c --><b>x</b>\n</a>").empty());
}

TEST_CASE("a text in pieces is one text", "[xml]") {
  CHECK(text_of("<a>x<!-- c -->y</a>") == "xy");
  CHECK(text_of("<a>x<![CDATA[<&>]]>y<?p i?> z</a>") == "x<&>y z");
  CHECK(text_of("<a><![CDATA[]]></a>").empty());
  CHECK(text_of("<a><![CDATA[]]>x</a>") == "x");
  CHECK(text_of("<a> <![CDATA[ ]]> </a>") == "   ");
  CHECK(text_of("<a> <!-- --> </a>") == "  ");
  CHECK(text_of("<a><![CDATA[]]]]><![CDATA[>]]></a>") == "]]>");
  const auto parsed = xml::document::parse("<a><!-- c --><b>1<!-- -->2</b>\n<b>3<![CDATA[4]]>5</b></a>");
  REQUIRE(parsed);
  std::vector<std::string> texts;
  for (xml::node b : parsed->root().children("b")) texts.emplace_back(b.text());
  CHECK(texts == std::vector<std::string>{"12", "345"});
}

TEST_CASE("names are local names, whatever prefix the server chose", "[xml]") {
  const auto parsed = xml::document::parse(
      "\xEF\xBB\xBF<?xml version=\"1.0\"?><s3:R xmlns:s3=\"http://s3\"><s3:Key>10:30</s3:Key><Grantee xmlns:xsi=\"i\" "
      "xsi:type=\"CanonicalUser\" "
      "other='a&quot;b'/><s3:Key>b</s3:Key></s3:R>");
  REQUIRE(parsed);
  const xml::node root = parsed->root();
  CHECK(root.name() == "R");
  CHECK(root.child("Key").text() == "10:30");
  CHECK_FALSE(root.child("s3:Key"));
  const xml::node grantee = root.child("Grantee");
  CHECK(grantee.attribute("xsi:type") == "CanonicalUser");
  CHECK(grantee.attribute("type") == "CanonicalUser");
  CHECK(grantee.attribute("other") == "a\"b");
  CHECK_FALSE(grantee.attribute("absent"));
}

TEST_CASE("children are found by name, in any order, and cheapest in the order of the document", "[xml]") {
  const auto parsed = xml::document::parse("<r><a>1</a>\n<b>2</b><a>3</a><ab>4</ab><c><a>5</a></c></r>");
  REQUIRE(parsed);
  const xml::node root = parsed->root();
  CHECK(root.child("a").text() == "1");
  CHECK(root.child("ab").text() == "4");
  CHECK_FALSE(root.child("d"));
  CHECK_FALSE(root.child(""));

  std::string names, values;
  for (xml::node n : root.children()) names.append(n.name()).append(" ");
  for (xml::node n : root.children("a")) values.append(n.text());
  CHECK(names == "a b a ab c ");
  CHECK(values == "13");
  for (xml::node n : root.children("d")) FAIL(n.name());

  SECTION("with a cursor") {
    xml::cursor members{root};
    CHECK(members.parent() == root);
    for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
             {"a", "1"}, {"b", "2"}, {"ab", "4"}, {"b", "2"}, {"a", "3"}, {"c", ""}, {"a", "1"}}) {
      INFO(name);
      CHECK_FALSE(members.child("d"));
      const xml::node n = members.child(name);
      REQUIRE(n);
      CHECK(n.name() == name);
      CHECK(n.text() == text);
    }
    CHECK_FALSE(members.child(""));
    std::string found;
    for (xml::node n : members.children("a")) found.append(n.text());
    CHECK(found == "13");
    for (xml::node n : members.children("d")) FAIL(n.name());
  }
  SECTION("nothing has no children") {
    xml::cursor members{xml::node{}};
    CHECK_FALSE(members.child("a"));
    for (xml::node n : members.children("a")) FAIL(n.name());
    const xml::node nothing;
    CHECK_FALSE(nothing);
    CHECK_FALSE(nothing.child("a"));
    CHECK(nothing.name().empty());
    CHECK(nothing.text().empty());
    CHECK_FALSE(nothing.attribute("a"));
    for (xml::node n : nothing.children()) FAIL(n.name());
  }
}

TEST_CASE("a cursor finds what it has no room to note", "[xml]") {
  std::string text = "<r>text";
  for (int i = 0; i != 40; ++i) text += "<k" + std::to_string(i) + ">" + std::to_string(i) + "</k" + std::to_string(i) + "><list/>";
  const auto parsed = xml::document::parse(text + "</r>");
  REQUIRE(parsed);
  xml::cursor members{parsed->root()};
  for (const int i : {39, 0, 15, 16, 7, 8, 9, 20, 39}) CHECK(members.child("k" + std::to_string(i)).text() == std::to_string(i));
  CHECK_FALSE(members.child("k40"));
  std::size_t items = 0;
  for (xml::node n : members.children("list")) items += n.name() == "list";
  CHECK(items == 40);
  for (xml::node n : members.children("k30")) CHECK(n.text() == "30");
}

TEST_CASE("a document can be moved, its views stay", "[xml]") {
  auto parsed = xml::document::parse("<a>b</a>");  // short enough to lie inside a std::string
  REQUIRE(parsed);
  const xml::node root = parsed->root();
  const xml::document moved = std::move(*parsed);
  CHECK(root.text() == "b");
  CHECK(moved.root() == root);
}

TEST_CASE("any single damage to a document is refused or read, and never more than that", "[xml]") {
  const std::string whole = "<?xml version=\"1.0\"?><n:a xmlns:n=\"u\"><b c='d&lt;'>e&#x41;<![CDATA[f]]></b><!-- g --> <h/></n:a>";
  const std::string bytes = std::string("<>/&;!?[]-'\"=: ax\x80") + '\0';
  for (std::size_t at = 0; at != whole.size(); ++at) {
    for (const char c : bytes) {
      std::string damaged = whole;
      damaged[at] = c;
      const auto parsed = xml::document::parse(damaged);
      if (!parsed) continue;
      std::size_t seen = 0;
      for (xml::node n : parsed->root().children()) seen += n.text().size() + n.name().size();
      CHECK(seen < whole.size());
    }
  }
}
