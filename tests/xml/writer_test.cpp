#include <string>

#include <s3store/xml/reader.hpp>
#include <s3store/xml/writer.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

namespace xml = s3store::xml;

namespace {

std::string element_of(std::string_view text) {
  std::string out;
  xml::writer w{out};
  w.element("k", text);
  return w.bad() ? "bad" : out;
}

}  // namespace

TEST_CASE("what XML cannot carry is refused", "[xml]") {
  for (int c = 0; c != 0x20; ++c) {
    const bool carried = c == '\t' || c == '\n' || c == '\r';
    INFO(c);
    CHECK((element_of(std::string("a") + static_cast<char>(c)) == "bad") == !carried);
  }
  for (const char* wrong : {"\x80", "a\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
                            "\xFF", "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    INFO(wrong);
    CHECK(element_of(wrong) == "bad");
  }
  std::string out;
  xml::writer w{out};
  w.open("a");
  w.attribute("b", "\x01");
  CHECK(w.bad());
  w.close();
  REQUIRE_FALSE(w.finish());
  CHECK(w.finish().error().kind == s3store::error_kind::invalid_argument);
  CHECK(w.finish().error().message == "XML cannot be written with a control character, which XML 1.0 has no way to carry");
}

TEST_CASE("a document out of shape is refused", "[xml]") {
  std::string out;
  xml::writer w{out};
  SECTION("left open") {
    w.open("a");
    CHECK_FALSE(w.bad());
    CHECK(w.finish().error().message == "XML cannot be written with an element that was left open");
  }
  SECTION("closed once too often") {
    w.open("a");
    w.close();
    CHECK(w.finish());
    w.close();
    CHECK(w.bad());
  }
  SECTION("an attribute too late") {
    w.open("a");
    w.text("b");
    w.attribute("c", "d");
    CHECK(w.bad());
  }
}

TEST_CASE("elements, attributes and texts", "[xml]") {
  std::string out = "before ";
  xml::writer w{out};
  w.declaration();
  w.open("Delete", "http://s3.amazonaws.com/doc/2006-03-01/");
  w.open("Object");
  w.element("Key", "a<b>&\"c\"\r\n\t'd'");
  w.element("VersionId", "");
  w.close();
  w.open("Grantee");
  w.attribute("xsi:type", "a\"\n\t\r<b>&'");
  w.close();
  w.close();
  CHECK_FALSE(w.bad());
  CHECK(w.finish());
  CHECK(out ==
        "before <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object>"
        "<Key>a&lt;b&gt;&amp;&quot;c&quot;&#13;\n\t'd'</Key><VersionId/></Object>"
        "<Grantee xsi:type=\"a&quot;&#10;&#9;&#13;&lt;b&gt;&amp;'\"/></Delete>");
}

TEST_CASE("what is written is what is read", "[xml]") {
  std::string every;
  for (int c = 0x20; c != 0x80; ++c) every.push_back(static_cast<char>(c));
  for (const std::string& text :
       {every, std::string(" "), std::string("\r"), std::string("\r\n \t"), std::string("a//b/../c"),
        std::string("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), std::string("]]>"), std::string("&#13;"), std::string()}) {
    std::string out;
    xml::writer w{out};
    w.open("r");
    w.attribute("a", text);
    w.element("k", text);
    w.close();
    REQUIRE(w.finish());
    const auto parsed = xml::document::parse(out);
    REQUIRE(parsed);
    CHECK(parsed->root().child("k").text() == text);
    CHECK(parsed->root().attribute("a") == text);
  }
}

TEST_CASE("Python's parser reads the same texts", "[xml][oracle]") {
  const std::string text = "a<b>&\"'\r\n\t ]]> \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  std::string out;
  xml::writer w{out};
  w.declaration();
  w.open("r");
  w.attribute("a", text);
  w.element("k", text);
  w.close();
  const std::string printed = test::run_python(
      "import sys, xml.etree.ElementTree as t\n"
      "r = t.fromstring(sys.stdin.buffer.read())\n"
      "sys.stdout.buffer.write(r.get('a').encode() + b'\\x00' + r.find('k').text.encode())\n",
      out);
  CHECK(printed == text + '\0' + text);
}
