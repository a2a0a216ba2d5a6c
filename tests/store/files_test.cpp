#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <s3store/config/files.hpp>

#include "support/python.hpp"
#include "support/store.hpp"

using namespace s3store;

namespace {

/// A folder that is gone with the object, and all in it.
class temporary_folder {
 public:
  temporary_folder() { REQUIRE(::mkdtemp(path_.data())); }
  ~temporary_folder() {
    for (const auto& name : names()) std::remove((path_ + "/" + name).c_str());
    ::rmdir(path_.c_str());
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    ::DIR* const folder = ::opendir(path_.c_str());
    REQUIRE(folder);
    while (const ::dirent* entry = ::readdir(folder))
      if (entry->d_name[0] != '.') out.emplace_back(entry->d_name);
    ::closedir(folder);
    return out;
  }
  std::string write(std::string_view name, const std::string& content) const {
    const std::string path = *this / name;
    std::FILE* const f = std::fopen(path.c_str(), "wb");
    REQUIRE(f);
    REQUIRE(std::fwrite(content.data(), 1, content.size(), f) == content.size());
    REQUIRE(std::fclose(f) == 0);
    return path;
  }

 private:
  std::string path_{"/tmp/s3store-test-XXXXXX"};
};

using strings = std::vector<std::string>;
const std::string not_there = "<Error><Code>NoSuchKey</Code></Error>";

}  // namespace

TEST_CASE("a file that cannot be read is an error, and nothing is sent", "[store][files]") {
  test::scripted_store f;
  CHECK(test::thrown_by([&] { f.store.put_object_from_file("k", "/nonexistent/file"); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.multipart_upload("k", "/nonexistent/file"); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.multipart_upload("k", "/etc/hostname", {.part_size = 1}); }).kind == error_kind::invalid_argument);
  CHECK(f.server.tried() == 0);
}

TEST_CASE("a file's type comes from its name, unless it is given", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const auto type_of_put = [&](std::string_view name, put_object_request options = {}) {
    f.server.answer(200, {{"ETag", "\"e\""}});
    const auto put = f.store.put_object_from_file("k", folder.write(name, "content"), std::move(options));
    CHECK(put.size == 7);
    const auto sent = f.server.sent().back();
    CHECK(sent.body.find("content") != std::string::npos);
    return std::string(sent.fields.value_or_empty("Content-Type"));
  };
  CHECK(type_of_put("evidence.JSON") == "application/json");
  CHECK(type_of_put("photo.png") == "image/png");
  CHECK(type_of_put("unknown") == "application/octet-stream");
  CHECK(type_of_put("a.json", {.content_type = "text/x-mine", .metadata = {{"a", "b"}}}) == "text/x-mine");
  CHECK(f.server.sent().back().fields.get("x-amz-meta-a") == "b");
}

TEST_CASE("a large file goes up in parts, and its progress is told", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const std::string path = folder.write("large.bin", std::string(min_part_size + 100, 'x'));
  const auto with_etag = [](const recorded_request&) { return scripted_reply{.head = {200, {{"ETag", "\"p\""}}}}; };
  f.server.answer(200, {}, "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>").compute(with_etag).compute(with_etag);
  f.server.answer(200, {{"x-amz-version-id", "v1"}}, "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>");
  std::uint64_t told = 0, total = 0;
  const auto put = f.store.multipart_upload("k", path, {.object = {.metadata = {{"dataset", "training-v1"}}},
                                                        .part_size = min_part_size,
                                                        .progress = [&](std::uint64_t done, std::uint64_t of) { told = done, total = of; }});
  CHECK(put.etag == "\"e-2\"");
  CHECK(put.version_id == "v1");
  CHECK(put.size == min_part_size + 100);
  CHECK(told == put.size);
  CHECK(total == put.size);
  const auto sent = f.server.sent();
  REQUIRE(sent.size() == 4);
  CHECK(sent[0].fields.get("Content-Type") == "application/octet-stream");
  CHECK(sent[0].fields.get("x-amz-meta-dataset") == "training-v1");
  CHECK(sent[2].url.find("partNumber=2") != std::string::npos);
}

TEST_CASE("a download replaces the file once it is whole", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const std::string path = folder.write("file.txt", "the old content");
  f.server.answer(200, {{"ETag", "\"e\""}, {"Content-Length", "3"}, {"Content-Type", "text/plain"}}, "new");
  const auto about = f.store.get_object_to_file("k", path);
  CHECK(about.size == 3);
  CHECK(about.content_type == "text/plain");
  CHECK(config::read_file(path).value() == "new");
  CHECK(folder.names() == strings{"file.txt"});

  f.server.answer(206, {{"Content-Range", "bytes 1-2/3"}}, "ew");
  f.store.get_object_to_file("k", folder / "part", {.byte_range = {{1, 2}}});
  CHECK(config::read_file(folder / "part").value() == "ew");
}

TEST_CASE("a download that fails leaves nothing behind, and the old file as it was", "[store][files]") {
  test::scripted_store f{{.max_retries = 1}};
  const temporary_folder folder;
  const std::string path = folder.write("file.txt", "the old content");
  f.server.answer(404, {}, not_there);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", path); }).code == "NoSuchKey");
  f.server.cut(200, {{"ETag", "\"e\""}, {"Content-Length", "10"}}, "0123456789", 4);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", path); }).kind == error_kind::connection_lost);
  f.server.answer(200, {{"x-amz-checksum-crc32", "AAAAAA=="}}, "altered on the way");
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", path); }).kind == error_kind::integrity);
  f.server.answer(404, {}, not_there);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / "new.txt"); }).status == 404);
  CHECK(folder.names() == strings{"file.txt"});
  CHECK(config::read_file(path).value() == "the old content");
}

TEST_CASE("a download that breaks begins again, and no byte is there twice", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  f.server.cut(200, {{"ETag", "\"e\""}, {"Content-Length", "10"}}, "0123456789", 4);
  f.server.answer(200, {{"ETag", "\"e\""}, {"Content-Length", "10"}}, "0123456789");
  f.store.get_object_to_file("k", folder / "file");
  CHECK(config::read_file(folder / "file").value() == "0123456789");
}

TEST_CASE("only a file is replaced, and only where one can be written", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {pipe, std::string("/dev/null"), std::string("/tmp"), std::string("/nonexistent/file"), std::string("a\0b", 3)})
    CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", path); }).kind == error_kind::io);
  CHECK(f.server.tried() == 0);
}
