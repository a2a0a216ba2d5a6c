#include <algorithm>
#include <string>

#include <s3store/store/mime_types.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

using namespace s3store;

TEST_CASE("a name without an extension tells nothing", "[store][mime]") {
  for (const char* name : {"", "file", "dir.json/file", ".json", "..json", "a/.json", "a.", "a.unheard-of", "a.json ", "/"}) {
    INFO(name);
    CHECK(mime_type_of(name).empty());
  }
}

TEST_CASE("the extension tells the type, in either case", "[store][mime]") {
  CHECK(mime_type_of("evidence.json") == "application/json");
  CHECK(mime_type_of("/a/b.c/PHOTO.JPG") == "image/jpeg");
  CHECK(mime_type_of("x.tar") == "application/x-tar");
  CHECK(mime_type_of(".a.txt") == "text/plain");
  CHECK(mime_type_of("app.js") == "text/javascript");
  CHECK(mime_type_of("a.json.gz") == "application/gzip");
  CHECK(mime_type_of("a.tgz") == "application/gzip");
}

TEST_CASE("the table is sorted, so that it can be searched", "[store][mime]") {
  const auto& table = detail::mime_types;
  CHECK(std::adjacent_find(std::begin(table), std::end(table), [](const auto& a, const auto& b) { return std::string_view{a.extension} >= b.extension; }) == std::end(table));
}

TEST_CASE("the types are those of Python's mimetypes", "[store][mime]") {
  const std::string table = test::run_python(R"(
import mimetypes, sys
print("newer" if sys.version_info >= (3, 12) else "known")
for extension, kind in mimetypes.MimeTypes().types_map[True].items():
    print(extension, kind)
)");
  bool newer = false;
  std::size_t compared = 0;
  detail::split(table, '\n', [&](std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return static_cast<void>(newer = newer || line == "newer");
    const std::string_view extension = line.substr(0, space), theirs = line.substr(space + 1);
    const std::string_view ours = mime_type_of("name" + std::string(extension));
    if (newer && (ours.empty() || extension == ".wav" || extension == ".rtf")) return;  // what later versions add or rename
    if (extension == ".js" || extension == ".mjs") return;                             // application/javascript before 3.12
    INFO(line);
    CHECK(ours == theirs);
    ++compared;
  });
  CHECK(compared > 130);
}
