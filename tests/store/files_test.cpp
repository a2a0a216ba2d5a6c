#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

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
      if (std::string_view name = entry->d_name; name != "." && name != "..") out.emplace_back(name);
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

/// Sets the umask, and sets it back.
struct umask_of {
  explicit umask_of(::mode_t m) : before(::umask(m)) {}
  ~umask_of() { ::umask(before); }
  ::mode_t before;
};

::mode_t mode_of(const std::string& path) {
  struct ::stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return about.st_mode & 07777;
}
bool is_link(const std::string& path) {
  struct ::stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return S_ISLNK(about.st_mode);
}

using strings = std::vector<std::string>;

#ifdef __linux__
/// While it lives, it notes what is synced: the content of a file, or the names in a folder.
struct sync_log {
  sync_log() { current() = this; }
  ~sync_log() { current() = nullptr; }
  sync_log(const sync_log&) = delete;
  sync_log& operator=(const sync_log&) = delete;
  void note(int fd) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    if (::DIR* const folder = ::opendir(path.c_str())) {
      std::string names;
      while (const ::dirent* entry = ::readdir(folder))
        if (entry->d_name[0] != '.') names.append(entry->d_name);
      ::closedir(folder);
      seen.push_back("folder with " + names);
    } else {
      seen.push_back("file with " + config::read_file(path).value());
    }
  }
  static sync_log*& current() {
    static sync_log* it = nullptr;
    return it;
  }
  strings seen{};
};
#endif
const std::string not_there = "<Error><Code>NoSuchKey</Code></Error>";

}  // namespace

#ifdef __linux__
/// Takes the place of the C library's.
extern "C" int fsync(int fd) {
  if (auto* const log = sync_log::current()) log->note(fd);
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
#endif

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

TEST_CASE("a file whose name is as long as names can be is written, and replaced", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  for (const std::size_t length : {1u, 229u, 230u, 254u, 255u}) {
    const std::string path = folder / std::string(length, 'n');
    for (const std::string& text : {std::string("new"), std::string("newer")}) {
      f.server.answer(200, {}, text);
      f.store.get_object_to_file("k", path);
      CHECK(config::read_file(path).value() == text);
    }
  }
  CHECK(folder.names().size() == 5);
  // A name that is too long is found out before anything is sent.
  const auto before = f.server.tried();
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / std::string(256, 'n')); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", ""); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / "no such folder/"); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / "no such folder/file"); }).kind == error_kind::io);
  CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / std::string("a\0b", 3)); }).kind == error_kind::io);
  CHECK(f.server.tried() == before);
}

TEST_CASE("a replaced file keeps its permissions, and a new one has those that the umask leaves", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  for (const ::mode_t mask : {0000u, 0022u, 0077u}) {
    const umask_of set{mask};
    for (const ::mode_t mode : {0600u, 0640u, 0644u, 0666u, 0400u, 0755u}) {
      const std::string path = folder.write("old", "the old content");
      REQUIRE(::chmod(path.c_str(), mode) == 0);
      ::mode_t on_the_way = 0;
      f.server.compute([&](const recorded_request&) {
        for (const auto& name : folder.names())
          if (name.ends_with(".part")) on_the_way = mode_of(folder / name);
        return scripted_reply{.body = "new"};
      });
      f.store.get_object_to_file("k", path);
      CHECK(mode_of(path) == mode);
      CHECK(on_the_way == (0600 & ~mask));  // until it is whole it is nobody else's
      CHECK(config::read_file(path).value() == "new");
      REQUIRE(std::remove(path.c_str()) == 0);
    }
    f.server.answer(200, {}, "new");
    f.store.get_object_to_file("k", folder / "new");
    CHECK(mode_of(folder / "new") == (0666 & ~mask));
    REQUIRE(std::remove((folder / "new").c_str()) == 0);
  }
  // What was a program of somebody's is another one now.
  const std::string program = folder.write("program", "#!");
  REQUIRE(::chmod(program.c_str(), 06755) == 0);
  f.server.answer(200, {}, "#!");
  f.store.get_object_to_file("k", program);
  CHECK(mode_of(program) == 0755);
}

TEST_CASE("a replaced file keeps its owner and group where this process may set them", "[store][files]") {
  if (::geteuid() != 0) return;
  test::scripted_store f;
  const temporary_folder folder;
  const std::string path = folder.write("old", "the old content");
  REQUIRE(::chown(path.c_str(), 4321, 8765) == 0);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  f.server.answer(200, {}, "new");
  f.store.get_object_to_file("k", path);
  struct ::stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK(about.st_uid == 4321);
  CHECK(about.st_gid == 8765);
  CHECK((about.st_mode & 07777) == 0640);
}

TEST_CASE("a symbolic link is followed, and not replaced", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder, elsewhere;
  const std::string file = elsewhere.write("file", "the old content");
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  const auto link = [](const std::string& to, const std::string& path) {
    REQUIRE(::symlink(to.c_str(), path.c_str()) == 0);
    return path;
  };
  const std::string whole = link(file, folder / "whole"), second = link("whole", folder / "second"),
                    dangling = link(elsewhere / "not there yet", folder / "dangling");
  int n = 0;
  for (const auto& [path, behind] : {std::pair{whole, file}, {second, file}, {dangling, elsewhere / "not there yet"}}) {
    const std::string text = "new " + std::to_string(++n);
    f.server.answer(200, {}, text);
    f.store.get_object_to_file("k", path);
    CHECK(is_link(path));
    CHECK_FALSE(is_link(behind));
    CHECK(config::read_file(behind).value() == text);
  }
  CHECK(mode_of(file) == 0600);
  CHECK(elsewhere.names().size() == 2);
  CHECK(folder.names().size() == 3);

  link("round", folder / "round");
  link("/tmp", folder / "directory");
  for (const char* path : {"round", "directory"})
    CHECK(test::thrown_by([&] { f.store.get_object_to_file("k", folder / path); }).kind == error_kind::io);
}

#ifdef __linux__
TEST_CASE("old or new and both whole also after a crash: the file is synced before it gets its name, and the folder after", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const std::string path = folder.write("file", "old");
  {
    sync_log log;
    f.server.answer(200, {}, "new");
    f.store.get_object_to_file("k", path);
    CHECK(log.seen == strings{"file with new", "folder with file"});
  }
  {
    sync_log log;
    f.server.answer(200, {}, "newer");
    f.store.get_object_to_file("k", path, {.sync = false});
    CHECK(log.seen.empty());
    CHECK(config::read_file(path).value() == "newer");
  }
}
#endif

TEST_CASE("a file that grew after it was opened, or that has no length, is never stored empty", "[store][files]") {
  SECTION("one of /proc is stored to its end") {
    if (::access("/proc/self/status", R_OK) != 0) return;
    test::scripted_store f;
    f.server.answer(200, {{"ETag", "\"e\""}});
    const auto put = f.store.put_object_from_file("k", "/proc/self/status");
    const auto sent = f.server.sent();
    REQUIRE(sent.size() == 1);
    CHECK(put.size > 100);
    CHECK(sent[0].body.find("Name:") != std::string::npos);
    CHECK(sent[0].body.find("\nPid:\t" + std::to_string(::getpid())) != std::string::npos);
  }
  SECTION("one that grew is an error, and nothing is stored") {
    test::scripted_store f;
    const temporary_folder folder;
    const std::string path = folder.write("grows", "");
    auto source = http::file_source::open(path).value();
    folder.write("grows", "hello");
    f.server.answer(200, {{"ETag", "\"e\""}}).answer(200, {{"ETag", "\"e\""}});
    const auto put = f.store.client().put_object({.bucket = "b-1", .key = "k", .body = source});
    REQUIRE_FALSE(put);
    CHECK(put.error().kind == error_kind::io);
    CHECK(upload(f.store.client(), {.object = {.bucket = "b-1", .key = "k", .body = source}}).error().kind == error_kind::io);
    CHECK(f.server.sent().empty());
  }
  SECTION("an empty one is an empty object") {
    test::scripted_store f;
    const temporary_folder folder;
    f.server.answer(200, {{"ETag", "\"e\""}});
    CHECK(f.store.put_object_from_file("k", folder.write("empty", "")).size == 0);
    REQUIRE(f.server.sent().size() == 1);
    CHECK(f.server.sent()[0].fields.get("x-amz-decoded-content-length").value_or("0") == "0");
  }
}

TEST_CASE("a broken download to a descriptor opened for appending goes on, and what was there before stays", "[store][files]") {
  test::scripted_store f;
  const temporary_folder folder;
  const std::string path = folder.write("log", "what the user had\n");
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND);
  REQUIRE(fd >= 0);
  auto sink = http::file_sink::to_descriptor(fd);
  f.server.cut(200, {{"ETag", "\"e\""}, {"Content-Length", "10"}}, "0123456789", 4);
  f.server.answer(206, {{"ETag", "\"e\""}, {"Content-Length", "6"}, {"Content-Range", "bytes 4-9/10"}}, "456789");
  const auto got = f.store.client().get_object({.bucket = "b-1", .key = "k"}, sink);
  ::close(fd);
  REQUIRE(got);
  CHECK(f.server.sent()[1].fields.get("Range") == "bytes=4-9");
  CHECK(config::read_file(path).value() == "what the user had\n0123456789");
}
