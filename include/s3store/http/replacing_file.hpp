// How is a file replaced, so that nobody ever finds half of a new one? The new one is written under another name in the same folder,
// gets the permissions of the old one, and then its name, in one step.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/file.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// A name that will be given to another file, and what is there now.
class replaced_name {
 public:
  /// A symbolic link is followed: the file behind it is replaced, and the link stays. Fails (io) if `path` is something else than a
  /// regular file or a name that is free: a directory, a pipe.
  static result<replaced_name> find(const std::string& path) {
    if (path.find('\0') != std::string::npos) return detail::fail(error_kind::io, "a file name must not hold a NUL character");
    auto found = behind_links(path);
    if (!found) return result<replaced_name>::failed_as(std::move(found));
    replaced_name out{std::move(*found)};
    out.there_ = ::stat(out.path_.c_str(), &out.old_) == 0;
    // Found out now, and not when all has been downloaded: a name that is too long, or a folder that may not be entered.
    if (!out.there_ && errno != ENOENT) return failed("look at", out.path_, errno);
    if (!out.there_ && folder_of(out.path_).size() == out.path_.size())
      return detail::fail(error_kind::io, {"\"", path, "\" names no file that could be written"});
    if (out.there_ && (out.old_.st_mode & S_IFMT) != S_IFREG)
      return detail::fail(error_kind::io, {path, " is there, and is no regular file that could be replaced"});
    return out;
  }

  const std::string& path() const noexcept { return path_; }
  bool there() const noexcept { return there_; }
  /// The permissions of the new file until it has the old one's: it is readable for nobody else.
  unsigned first_mode() const noexcept { return there_ ? 0600 : 0666; }

  /// Another name in the same folder, since a rename cannot change the disk. It does not begin with the file's own name, which may
  /// already be as long as a name can be. It is made of the clock and an address on the stack, so that downloads do not meet.
  std::string temporary_name(const void* here) const {
    const auto ticks = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    const std::uint64_t some = ticks ^ (static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(here)) << 20);
    return detail::concat({folder_of(path_), ".s3store-", detail::decimal(some), ".part"});
  }

  /// The file `from`, which is closed, gets the name. With `sync`, also the folder is written to the disk. (If at the very end the disk
  /// fails to take the folder, this fails, although the new file is there.) `renamed` says whether it has the name.
  result<void> give_to(const std::string& from, bool sync, bool& renamed) const {
    auto done = http::detail::rename_over(from, path_);
    renamed = done.has_value();
    return done && sync ? sync_folder() : std::move(done);
  }

#ifdef _WIN32
  result<void> pass_permissions(int, const std::string&) { return {}; }
#else
  /// Gives the open file the owner, group and mode of the old one, as far as this process may set them. If it may not set the group, the
  /// group that the new file has gets no more rights than everybody. Bits that let a program run as somebody else are not kept, since
  /// this is another program; nor are access control lists.
  result<void> pass_permissions(int file, const std::string& name) {
    status now{};
    if (::stat(path_.c_str(), &now) == 0) {  // they may have changed during the download
      old_ = now;
      there_ = true;
    }
    if (!there_) return {};
    status mine{};
    if (::fstat(file, &mine) != 0) return failed("look at", name, errno);
    ::mode_t mode = old_.st_mode & 0777;
    if (mine.st_uid != old_.st_uid || mine.st_gid != old_.st_gid) {
      const bool group = ::fchown(file, old_.st_uid, old_.st_gid) == 0 || ::fchown(file, static_cast<::uid_t>(-1), old_.st_gid) == 0;
      if (!group) mode &= static_cast<::mode_t>(0707 | (mode & 07) << 3);
    }
    if (mode != (mine.st_mode & 0777) && ::fchmod(file, mode) != 0) return failed("set the permissions of", name, errno);
    return {};
  }
#endif

 private:
  using status = struct ::stat;

  explicit replaced_name(std::string path) : path_(std::move(path)) {}

  static error failed(std::string_view what, const std::string& path, int code) {
    return detail::fail(error_kind::io, {"cannot ", what, " ", path, ": ", std::generic_category().message(code)});
  }
  /// With its last slash; empty for a name in the current folder.
  static std::string_view folder_of(std::string_view path) noexcept {
#ifdef _WIN32
    return path.substr(0, path.find_last_of("/\\:") + 1);
#else
    return path.substr(0, path.rfind('/') + 1);
#endif
  }

#ifdef _WIN32
  static result<std::string> behind_links(std::string path) { return path; }
  result<void> sync_folder() const { return {}; }  // Windows has no such call
#else
  static result<std::string> behind_links(std::string path) {
    constexpr int most = 40;  // as Linux has it
    for (int links = 0; links != most; ++links) {
      status about{};
      if (::lstat(path.c_str(), &about) != 0 || !S_ISLNK(about.st_mode)) return path;
      std::string target(4096, '\0');  // no path is longer
      const auto size = ::readlink(path.c_str(), target.data(), target.size());
      if (size < 0) return failed("follow the link", path, errno);
      target.resize(static_cast<std::size_t>(size));
      path = target.starts_with('/') ? std::move(target) : detail::concat({folder_of(path), target});
    }
    return failed("follow the link", path, ELOOP);
  }

  /// A file system that cannot do this, or a folder that may not be opened, is no reason to fail: the file itself is whole.
  result<void> sync_folder() const {
    const std::string_view folder = folder_of(path_);
    auto opened = http::detail::file::open(folder.empty() ? "." : std::string(folder), O_RDONLY | O_DIRECTORY);
    return opened ? opened->sync() : result<void>{};
  }
#endif

  std::string path_;
  status old_{};
  bool there_{};  ///< an old file is there
};

/// A temporary file next to the one that it will replace. The destructor deletes it, unless `keep` was called.
class replacing_file {
 public:
  /// A symbolic link is followed: the file behind it is replaced, and the link stays. Fails (io) if the temporary file cannot be
  /// created, or if `path` is something else than a regular file: a directory, a pipe. `mode`: the permissions that the file gets; if
  /// not given, those of the old file.
  static result<replacing_file> open(const std::string& path, std::optional<unsigned> mode = {}) {
    auto name = replaced_name::find(path);
    if (!name) return result<replacing_file>::failed_as(std::move(name));
    auto opened = http::file_sink::create_new(name->temporary_name(&name), mode.value_or(name->first_mode()));
    if (!opened) return result<replacing_file>::failed_as(std::move(opened));
    return replacing_file{std::move(*name), std::move(*opened), !mode};
  }
  replacing_file(replacing_file&& other) noexcept
      : name_(std::move(other.name_)),
        sink_(std::move(other.sink_)),
        takes_permissions_(other.takes_permissions_),
        kept_(std::exchange(other.kept_, true)) {}
  replacing_file& operator=(replacing_file&&) = delete;
  ~replacing_file() {
    if (kept_) return;
    static_cast<void>(sink_.close());
    std::remove(sink_.path().c_str());
  }

  http::sink& sink() noexcept { return sink_; }

  /// Closes the file and gives it the name of the old one: whoever opens that name meanwhile gets the whole old file or the whole
  /// new one. With `sync`, that is also what is found after a crash of the system; and once this has returned, it is the new one. (If
  /// at the very end the disk fails to take the folder, this fails, although the new file is there.)
  result<void> keep(bool sync) {
    if (takes_permissions_)
      if (auto same = name_.pass_permissions(sink_.descriptor(), sink_.path()); !same) return same;
    if (sync)
      if (auto safe = sink_.sync(); !safe) return safe;
    if (auto closed = sink_.close(); !closed) return closed;
    return name_.give_to(sink_.path(), sync, kept_);
  }

 private:
  replacing_file(replaced_name name, http::file_sink sink, bool takes_permissions)
      : name_(std::move(name)), sink_(std::move(sink)), takes_permissions_(takes_permissions) {}

  replaced_name name_;
  http::file_sink sink_;
  bool takes_permissions_;
  bool kept_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
