// How does an embedded S3 change files and folders, so that a crash leaves the old or the new? By the calls of `system_files`.
//
// All that it ever changes on the disk goes through one of those calls. A test puts another class in its place, which ends the process
// at one of them, or lets it fail.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#ifdef _WIN32
#include <direct.h>
#include <io.h>
#else
#include <dirent.h>
#include <unistd.h>
#endif

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/file.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline error folder_failure(std::string_view what, const std::string& path, int code) {
  return detail::fail(error_kind::io, {"cannot ", what, " ", path, ": ", std::generic_category().message(code)});
}

/// The calls that change something on the disk. All fail with error_kind::io.
struct system_files {
  using file = http::detail::file;

  /// Succeeds if the folder exists; fails with `missing` set if the folder above it does not.
  static result<void> make_folder(const std::string& path, bool& missing) {
#ifdef _WIN32
    const int done = ::_mkdir(path.c_str());
#else
    const int done = ::mkdir(path.c_str(), 0777);
#endif
    if (done == 0 || errno == EEXIST) return {};
    missing = errno == ENOENT;
    return folder_failure("make the folder", path, errno);
  }
  /// Succeeds if there is none. Fails if it is not empty.
  static result<void> remove_folder(const std::string& path) {
#ifdef _WIN32
    const int done = ::_rmdir(path.c_str());
#else
    const int done = ::rmdir(path.c_str());
#endif
    if (done != 0 && errno != ENOENT) return folder_failure("remove the folder", path, errno);
    return {};
  }
  /// Makes the file, or empties it.
  static result<file> create(const std::string& path) { return file::open(path, O_WRONLY | O_CREAT | O_TRUNC); }
  static result<void> write(file& to, std::span<const std::byte> bytes) { return to.write(bytes); }
  static result<void> sync(file& of) { return of.sync(); }
  /// Returns once the disk has the names in the folder. Where the system has no such call, there is nothing to wait for.
  static result<void> sync_folder([[maybe_unused]] const std::string& path) {
#ifndef _WIN32
    auto opened = file::open(path, O_RDONLY | O_DIRECTORY);
    if (!opened) return std::move(opened.error());
    return opened->sync();
#else
    return {};
#endif
  }
  /// A file replaces one that has the new name; a folder does not.
  static result<void> rename(const std::string& from, const std::string& to) { return http::detail::rename_over(from, to); }
  /// Succeeds if there is none.
  static result<void> remove(const std::string& path) {
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) return folder_failure("remove", path, errno);
    return {};
  }
};

inline std::string folder_above(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
}

/// Makes the folder and its parents; succeeds if it exists.
template <class Files = system_files>
result<void> make_folder(const std::string& path) {
  bool missing = false;
  auto made = Files::make_folder(path, missing);
  if (made || !missing || path.find_last_of('/') == std::string::npos) return made;
  if (auto above = make_folder<Files>(folder_above(path)); !above) return above;
  return Files::make_folder(path, missing);
}

/// The names in a folder except "." and "..", in no particular order.
inline result<std::vector<std::string>> list_folder(const std::string& path) {
  std::vector<std::string> out;
  const auto take = [&out](std::string_view name) {
    if (name != "." && name != "..") out.emplace_back(name);
  };
#ifdef _WIN32
  _finddata_t found{};
  const auto handle = ::_findfirst((path + "/*").c_str(), &found);
  if (handle == -1) return folder_failure("list the folder", path, errno);
  do take(found.name);
  while (::_findnext(handle, &found) == 0);
  ::_findclose(handle);
#else
  DIR* const folder = ::opendir(path.c_str());
  if (!folder) return folder_failure("list the folder", path, errno);
  errno = 0;
  while (const dirent* const entry = ::readdir(folder)) {
    take(entry->d_name);
    errno = 0;  // the only sign of a failure: without it, half a folder would count as a whole one
  }
  const int code = errno;
  ::closedir(folder);
  if (code != 0) return folder_failure("list the folder", path, code);
#endif
  return out;
}

inline bool is_folder(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && (about.st_mode & S_IFMT) == S_IFDIR;
}
/// True also if there is nothing of that name. False for a pipe, whose opening would wait for a writer.
inline bool may_be_opened(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) != 0 || (about.st_mode & S_IFMT) == S_IFREG;
}

/// The name of a file that is being written, beside the one that it will replace. One that is found was left by a crash.
inline constexpr std::string_view next_ending = ".next";

/// Appends the bytes that the source had when it was opened.
inline result<void> read_all(http::file_source& from, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + static_cast<std::size_t>(from.length()));
  for (std::size_t at = before; at != out.size();) {
    auto got = from.read(std::as_writable_bytes(std::span{out.data() + at, out.size() - at}));
    if (!got) return std::move(got.error());
    if (*got == 0) return detail::fail(error_kind::io, {from.path(), " ends before its size says"});
    at += *got;
  }
  return {};
}

/// A file as it is now, so that a change can be undone. An open descriptor keeps the bytes of a file that is replaced or removed.
class earlier_file {
 public:
  explicit earlier_file(std::string path) : path_(std::move(path)), was_(http::file_source::open(path_)) {}

  template <class Files>
  void bring_back() {
    std::string text;
    if (!was_) {
      static_cast<void>(Files::remove(path_));
    } else if (read_all(*was_, text)) {
      static_cast<void>(write_anew<Files>(path_, text, false));
    }
  }

  /// Writes a file beside the one of that name, and renames it.
  template <class Files>
  static result<void> write_anew(const std::string& path, std::string_view text, bool sync) {
    const std::string next = path + std::string(next_ending);
    const auto write = [&]() -> result<void> {
      auto made = Files::create(next);
      if (!made) return std::move(made.error());
      if (auto written = Files::write(*made, detail::as_bytes(text)); !written) return written;
      if (sync)
        if (auto safe = Files::sync(*made); !safe) return safe;
      if (auto closed = made->close(); !closed) return closed;
      return Files::rename(next, path);
    };
    auto written = write();
    if (!written) static_cast<void>(Files::remove(next));
    return written;
  }

 private:
  std::string path_;
  result<http::file_source> was_;
};

/// Creates or replaces a file by renaming a new one, so that a reader, and whoever looks after this process has ended, sees the whole
/// old or the whole new text. If it fails, the old text stays, and nothing is left behind. `sync`: the same holds after a crash of
/// the system, and once this has returned, it is the new text.
template <class Files = system_files>
result<void> replace_file(const std::string& path, std::string_view text, bool sync = false) {
  if (!sync) return earlier_file::write_anew<Files>(path, text, false);
  earlier_file old{path};
  if (auto written = earlier_file::write_anew<Files>(path, text, true); !written) return written;
  auto safe = Files::sync_folder(folder_above(path));
  if (!safe) old.bring_back<Files>();
  return safe;
}

/// Succeeds if there is none. If it fails, the file is still there. `sync`: once this has returned, a crash of the system does not
/// bring it back.
template <class Files>
result<void> remove_file(const std::string& path, bool sync) {
  if (!sync) return Files::remove(path);
  earlier_file old{path};
  if (auto gone = Files::remove(path); !gone) return gone;
  auto safe = Files::sync_folder(folder_above(path));
  if (!safe) old.bring_back<Files>();
  return safe;
}

// --- numbered files --------------------------------------------------------------------------------------------------------------

/// No file of ours has a higher number, so that there is always a next one.
inline constexpr std::int64_t highest_number = 999'999'999'999'999'999;

/// True for the digits of a number as this server writes them, however large; other names are not ours.
constexpr bool is_file_number(std::string_view s) noexcept {
  for (const char c : s)
    if (!detail::is_digit(c)) return false;
  return !s.empty() && s.front() != '0';
}
/// Nothing if it is higher than the highest.
inline std::optional<std::int64_t> file_number(std::string_view digits) noexcept {
  const auto number = is_file_number(digits) ? detail::parse_integer<std::int64_t>(digits) : std::nullopt;
  return number && *number <= highest_number ? number : std::nullopt;
}

/// Gives each new file a number of its own, higher than those of all files that are known.
class numbering {
 public:
  /// Of a file that is whole.
  void found(std::int64_t number) { last_ = (std::max)(last_, number); }
  /// Of a file that is not used, and must not be overwritten. It does not count as the last one, since it may be anything.
  void avoid(std::int64_t number) { avoided_.insert(number); }
  result<std::int64_t> next() {
    do {
      if (last_ >= highest_number) return detail::fail(error_kind::io, "all numbers of files are used up");
      ++last_;
    } while (avoided_.contains(last_));
    return last_;
  }

 private:
  std::int64_t last_{};
  std::set<std::int64_t> avoided_{};
};

}  // namespace s3store::inline S3STORE_ABI::embedded
