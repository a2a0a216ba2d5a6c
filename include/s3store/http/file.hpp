// How is a file sent as a body, and a body written to a file? With a file_source and a file_sink.
//
// Each source has its own position in the file, so that parts of one file can be sent at the same time. A source takes the file's
// size when it is opened. If the file has another size by the time all has been read, the last read fails, so that a changed file
// is never sent completely. A file that says that it has no bytes, and has some (those in /proc), is read to its end.
//
// A sink takes bytes back, as a download that starts again needs it, only if they are the last ones of the file and nobody else
// wrote to it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#ifdef _WIN32
#include <io.h>

#include <mutex>

// From <windows.h>, whose macros (min, max, GetObject) no program should get from a header of ours.
extern "C" __declspec(dllimport) int __stdcall MoveFileExA(const char* from, const char* to, unsigned long how);
extern "C" __declspec(dllimport) unsigned long __stdcall GetLastError();
#else
#include <unistd.h>
#endif

#include <s3store/core/text.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::http {

namespace detail {
using namespace s3store::detail;

/// Repeats a system call that a signal has interrupted.
template <class Call>
auto retried(Call&& call) {
  for (;;)
    if (const auto done = call(); done >= 0 || errno != EINTR) return done;
}

/// A file descriptor, with the few calls that differ between systems. All fail with error_kind::io; the message says what was tried
/// and names the file.
class file {
 public:
  file() = default;
  file(int descriptor, std::string path, bool owned) noexcept : path_(std::move(path)), descriptor_(descriptor), owned_(owned) {}
  file(file&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), owned_(other.owned_) {}
  file& operator=(file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~file() { static_cast<void>(close()); }

  /// `mode`: the permissions of a file that this makes, without those that the process's umask takes away.
  static result<file> open(const std::string& path, int flags, [[maybe_unused]] unsigned mode = 0666) {
    if (path.find('\0') != std::string::npos) return detail::fail(error_kind::io, "a file name must not hold a NUL character");
#ifdef _WIN32
    const int descriptor = ::_open(path.c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
#else
    const int descriptor = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
#endif
    file out{descriptor, path, true};
    if (descriptor < 0) return out.failed("open", errno);
    return out;
  }

  /// The size in bytes; nothing if it is no regular file but a pipe or a device.
  result<std::optional<std::uint64_t>> size() const {
    const auto about = look();
    if (!about) return failed("stat", errno);
    return about->regular ? std::optional{about->size} : std::nullopt;
  }

  /// When it was last modified, in the system's smallest unit since 1970; 0 if that cannot be told.
  std::int64_t modified() const noexcept {
    const auto about = look();
    return about ? about->modified : 0;
  }

  /// Several sources and threads may use this at once, since it does not use the descriptor's position (on Windows it takes a
  /// lock). Returns 0 at the end of the file.
  result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const {
#ifdef _WIN32
    const std::lock_guard lock{*one_reader_};
    const bool there = ::_lseeki64(descriptor_, static_cast<__int64>(offset), SEEK_SET) >= 0;
    const auto n = there ? ::_read(descriptor_, into.data(), static_cast<unsigned>(piece(into.size()))) : -1;
#else
    const auto n = retried([&] { return ::pread(descriptor_, into.data(), piece(into.size()), static_cast<off_t>(offset)); });
#endif
    if (n < 0) return failed("read", errno);
    return static_cast<std::size_t>(n);
  }

  result<void> write(std::span<const std::byte> bytes) {
    std::uint64_t written{};
    return write(bytes, written);
  }
  /// Adds to `written` how many bytes were, which counts if it fails.
  result<void> write(std::span<const std::byte> bytes, std::uint64_t& written) {
    while (!bytes.empty()) {
#ifdef _WIN32
      const auto n = ::_write(descriptor_, bytes.data(), static_cast<unsigned>(piece(bytes.size())));
#else
      const auto n = retried([&] { return ::write(descriptor_, bytes.data(), piece(bytes.size())); });
#endif
      if (n < 0) return failed("write to", errno);
      written += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Writes to a place of the file. Like `read_at`, several threads may do this at once, and it does not use the descriptor's position.
  result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
#ifdef _WIN32
      const std::lock_guard lock{*one_reader_};
      const bool there = ::_lseeki64(descriptor_, static_cast<__int64>(offset), SEEK_SET) >= 0;
      const auto n = there ? ::_write(descriptor_, bytes.data(), static_cast<unsigned>(piece(bytes.size()))) : -1;
#else
      const auto n = retried([&] { return ::pwrite(descriptor_, bytes.data(), piece(bytes.size()), static_cast<off_t>(offset)); });
#endif
      if (n < 0) return failed("write to", errno);
      offset += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Makes the file that long, in bytes: it is cut there, or what it lacks are zeros. Takes the room for them on the disk at once, so that
  /// a disk without it is found out now and not later; where the file system cannot do that, only the length is set.
  result<void> set_size(std::uint64_t size) {
#ifdef _WIN32
    if (::_chsize_s(descriptor_, static_cast<__int64>(size)) != 0) return failed("set the size of", errno);
#else
    if (retried([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) != 0) return failed("set the size of", errno);
#ifdef __linux__
    // Not posix_fallocate, which writes to each block where the file system has no such call.
    if (size != 0 && retried([&] { return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)); }) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
      return failed("take the room for", errno);
#endif
#endif
    return {};
  }

  /// Where the next write goes, in bytes; nothing if there are no positions, as in a pipe.
  std::optional<std::uint64_t> position() const noexcept {
#ifdef _WIN32
    const auto at = ::_lseeki64(descriptor_, 0, SEEK_CUR);
#else
    const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
#endif
    return at < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(at)};
  }

  /// True if the next write goes to `at`, and the file ends there. Never for a file opened for appending: others append to such a
  /// file, too.
  bool ends_at(std::uint64_t at) const noexcept {
#ifndef _WIN32
    const int flags = ::fcntl(descriptor_, F_GETFL);
    if (flags < 0 || (flags & O_APPEND) != 0) return false;
#endif
    const auto about = look();
    return about && about->regular && about->size == at && position() == at;
  }

  /// Truncates the file to `at` bytes; the next write goes there.
  bool cut(std::uint64_t at) noexcept {
#ifdef _WIN32
    return ::_chsize_s(descriptor_, static_cast<__int64>(at)) == 0 &&
           ::_lseeki64(descriptor_, static_cast<__int64>(at), SEEK_SET) >= 0;
#else
    const auto to = static_cast<off_t>(at);
    return retried([&] { return ::ftruncate(descriptor_, to); }) == 0 && ::lseek(descriptor_, to, SEEK_SET) == to;
#endif
  }

  /// Returns once the disk has what was written, so that a crash of the system does not undo it. That takes milliseconds.
  result<void> sync() {
#ifdef _WIN32
    const int done = ::_commit(descriptor_);
#else
    int done = -1;
#ifdef F_FULLFSYNC
    done = ::fcntl(descriptor_, F_FULLFSYNC);  // on Apple's systems fsync leaves the bytes in the drive's cache
#endif
    if (done < 0) done = retried([&] { return ::fsync(descriptor_); });
#endif
    // Some file systems have no such call. Then there is nothing to wait for.
    if (done < 0 && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS) return failed("sync", errno);
    return {};
  }

  /// Some file systems report a failed write only here.
  result<void> close() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || !owned_) return {};
#ifdef _WIN32
    if (::_close(descriptor) != 0) return failed("close", errno);
#else
    if (::close(descriptor) != 0 && errno != EINTR) return failed("close", errno);
#endif
    return {};
  }

  const std::string& path() const noexcept { return path_; }
  int descriptor() const noexcept { return descriptor_; }

 private:
  struct facts {
    std::uint64_t size{};
    bool regular{};
    std::int64_t modified{};
  };
  /// Nothing on failure, with the reason in errno.
  std::optional<facts> look() const noexcept {
#ifdef _WIN32
    struct ::_stat64 about {};
    if (::_fstat64(descriptor_, &about) != 0) return std::nullopt;
    const bool regular = (about.st_mode & _S_IFMT) == _S_IFREG;
    const auto modified = static_cast<std::int64_t>(about.st_mtime);
#else
    struct ::stat about {};
    if (::fstat(descriptor_, &about) != 0) return std::nullopt;
    const bool regular = S_ISREG(about.st_mode);
#ifdef __APPLE__
    const ::timespec& when = about.st_mtimespec;
#else
    const ::timespec& when = about.st_mtim;
#endif
    const auto modified = static_cast<std::int64_t>(when.tv_sec) * 1'000'000'000 + static_cast<std::int64_t>(when.tv_nsec);
#endif
    return facts{static_cast<std::uint64_t>(about.st_size), regular, modified};
  }
  error failed(std::string_view what, int code) const {
    return detail::fail(error_kind::io, std::string("cannot ").append(what).append(" ").append(path_).append(": ").append(
                                    std::generic_category().message(code)));
  }
  /// On some systems, the size of one read or write must fit an int.
  static constexpr std::size_t piece(std::size_t size) noexcept { return (std::min)(size, std::size_t{1} << 30); }

  std::string path_{};
  int descriptor_{-1};
  bool owned_{};
#ifdef _WIN32
  std::unique_ptr<std::mutex> one_reader_{std::make_unique<std::mutex>()};
#endif
};

/// Gives the file `from` the name `to`, and replaces a file of that name, all in one call: whoever opens `to` meanwhile gets the old
/// file or the new one.
inline result<void> rename_over(const std::string& from, const std::string& to) {
#ifdef _WIN32
  constexpr unsigned long replace_existing = 1, write_through = 8;  // rename() of Windows refuses to replace a file
  const bool renamed = ::MoveFileExA(from.c_str(), to.c_str(), replace_existing | write_through) != 0;
  const std::error_code code{renamed ? 0 : static_cast<int>(::GetLastError()), std::system_category()};
#else
  const std::error_code code{::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno, std::generic_category()};
#endif
  if (code) return detail::fail(error_kind::io, {"cannot rename ", from, " to ", to, ": ", code.message()});
  return {};
}

}  // namespace detail

/// A file, or a range of it, as the body of a request. Ranges made of one source share its descriptor, which stays open until the
/// last of them is destroyed. Different threads may read different ranges at the same time.
class file_source final : public source, public random_access {
 public:
  /// Fails with error_kind::io if the file cannot be read or is no regular file, since a pipe has no size. A file of size 0 that has
  /// bytes nevertheless, as those in /proc, becomes a source of unknown size. If an empty file gets bytes later, `read` fails.
  static result<file_source> open(const std::string& path) {
#ifdef _WIN32
    constexpr int how = O_RDONLY;
#else
    constexpr int how = O_RDONLY | O_NONBLOCK;  // a pipe without a writer is refused below, instead of waited for here
#endif
    auto opened = detail::file::open(path, how);
    if (!opened) return std::move(opened.error());
    auto size = opened->size();
    if (!size) return std::move(size.error());
    if (!*size) return detail::fail(error_kind::io, {path, " is no regular file; a pipe or device is sent with a function_source"});
    auto f = std::make_shared<const detail::file>(std::move(*opened));
    std::optional<std::uint64_t> length = *size;
    if (length == 0) {
      auto filled = has_bytes(*f);
      if (!filled) return std::move(filled.error());
      if (*filled) {
        auto now = f->size();  // the file may also have grown
        length = now && *now != std::uint64_t{0} ? *now : std::nullopt;
      }
    }
    return file_source{std::move(f), length, 0, length};
  }
  /// `length` bytes from `offset` on; fails with error_kind::io also if the file is not that long.
  static result<file_source> open(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    auto whole = open(path);
    if (!whole) return whole;
    return whole->range(offset, length);
  }

  /// Another source over `length` bytes of this one, with its own position. Fails with error_kind::io if this one is not that long,
  /// or if its size is not known.
  result<file_source> range(std::uint64_t offset, std::uint64_t length) const {
    if (!length_)
      return detail::fail(error_kind::io, {file_->path(), " does not say how long it is, so no range of it can be taken"});
    if (offset > *length_ || length > *length_ - offset)
      return detail::fail(error_kind::io, {file_->path(), " has ", detail::decimal(*length_), " bytes, and not ", detail::decimal(length), " from ",
                                   detail::decimal(offset), " on"});
    return file_source{file_, file_size_, start_ + offset, length};
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ && *length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(*length_ - at_));
    if (into.empty()) {
      if (auto same = still_empty(); !same) return std::move(same.error());
      return std::size_t{0};
    }
    auto n = file_->read_at(start_ + at_, into);
    if (!n) return n;
    at_ += *n;
    if (length_ && (*n == 0 || at_ == *length_))
      if (auto same = still_as_long(*n == 0); !same) return std::move(same.error());
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (length_ && from > *length_) return false;
    at_ = from;
    return true;
  }
  /// The size when the file was opened. Of a file that was empty, the size that it has now: nobody would read it otherwise, and so
  /// nobody would learn that it has bytes.
  std::optional<std::uint64_t> size() const noexcept override {
    if (file_size_ != std::uint64_t{0}) return length_;
    const auto now = file_->size();
    if (now && now->value_or(0) != 0) return *now;
    const auto filled = has_bytes(*file_);
    return filled && !*filled ? length_ : std::nullopt;
  }
  /// Null if the size is not known.
  const random_access* anywhere() const noexcept override { return length_ ? this : nullptr; }
  result<std::size_t> read_at(std::uint64_t from, std::span<std::byte> into) const noexcept override {
    const std::uint64_t left = from < length() ? length() - from : 0;
    return file_->read_at(start_ + from, into.first(static_cast<std::size_t>((std::min)(left, std::uint64_t{into.size()}))));
  }
  /// Fails with error_kind::io if the file's size or the time when it was last modified is another one than when it was opened.
  result<void> check_unchanged() const noexcept override {
    try {
      if (auto same = still_as_long(false); !same) return same;
      if (file_->modified() != modified_) return detail::fail(error_kind::io, {file_->path(), " changed while it was read"});
      return still_empty();
    } catch (...) {
      return detail::out_of_memory();
    }
  }

  /// The size when the file was opened; 0 also if that is not known, which `size` tells apart.
  std::uint64_t length() const noexcept { return length_.value_or(0); }
  const std::string& path() const noexcept { return file_->path(); }

 private:
  file_source(std::shared_ptr<const detail::file> f, std::optional<std::uint64_t> file_size, std::uint64_t start,
              std::optional<std::uint64_t> length) noexcept
      : file_(std::move(f)), file_size_(file_size), start_(start), length_(length), modified_(file_->modified()) {}

  /// Whatever its size says.
  static result<bool> has_bytes(const detail::file& f) {
    std::byte one{};
    auto n = f.read_at(0, {&one, 1});
    if (!n) return std::move(n.error());
    return *n != 0;
  }
  result<void> still_as_long(bool ended) const {
    const auto size = file_->size();
    if (!size) return size.error();
    if (*size != file_size_) return changed(detail::decimal(size->value_or(0)));
    if (!ended) return {};
    return detail::fail(error_kind::io, {file_->path(), " ends after ", detail::decimal(start_ + at_), " bytes, and its size says ",
                                         detail::decimal(*file_size_)});
  }
  /// A range of no bytes of a file that has some is as it was asked for.
  result<void> still_empty() const {
    if (file_size_ != std::uint64_t{0}) return {};
    auto filled = has_bytes(*file_);
    if (!filled) return std::move(filled.error());
    if (!*filled) return {};
    const auto size = file_->size();
    return changed(size && size->value_or(0) != 0 ? detail::decimal(**size) : "some");
  }
  error changed(std::string_view has) const {
    return detail::fail(error_kind::io, {file_->path(), " changed while it was read: it had ", detail::decimal(file_size_.value_or(0)),
                                         " bytes and has ", has});
  }

  std::shared_ptr<const detail::file> file_;
  std::optional<std::uint64_t> file_size_;  // nothing: not known, the file is read to its end
  std::uint64_t start_;
  std::optional<std::uint64_t> length_;  // nothing where file_size_ is
  std::int64_t modified_;
  std::uint64_t at_{};
};

/// A file to which the body of an answer is written. Move-only. The destructor closes the file, but only `close` reports whether
/// all was written.
///
/// `seek` takes bytes back only if nothing but them is lost; otherwise it returns false, everything stays, and a download that broke
/// goes on after the last byte instead of starting again. What can be taken back depends on the file:
///
///   a new or emptied file                                      all
///   a descriptor of the caller's that stands at a file's end   what was written through this sink
///   one that stands elsewhere: bytes of the file follow        nothing
///   one opened for appending (`>>`)                            nothing
///   a pipe, a socket, a terminal or another device             nothing
///
/// And nothing of a file to which others wrote since, or whose descriptor was moved, as can happen when programs share it.
class file_sink final : public sink {
 public:
  /// Makes the file, or empties an existing one; fails with error_kind::io.
  static result<file_sink> create(const std::string& path) { return open(path, O_TRUNC); }
  /// Makes the file; fails with error_kind::io, also if it exists already. `mode`: its permissions, without those that the umask
  /// takes away.
  static result<file_sink> create_new(const std::string& path, unsigned mode = 0666) { return open(path, O_EXCL, mode); }
  /// Writes to an open descriptor from its current position on, over bytes that are there, as `write` of the system does. It may be
  /// a pipe or a terminal. The caller must keep it open as long as the sink is used, and close it.
  static file_sink to_descriptor(int descriptor) {
    return file_sink{detail::file{descriptor, detail::concat({"descriptor ", detail::decimal(descriptor)}), false}};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    auto written = file_.write(bytes, put_);
    if (written) taken_ += bytes.size();
    return written;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > taken_) return false;
    if (from == put_) return true;
    if (!start_ || !file_.ends_at(*start_ + put_) || !file_.cut(*start_ + from)) return false;
    taken_ = put_ = from;
    return true;
  }

  /// Returns once the disk has what was written; takes milliseconds. Fails with error_kind::io.
  result<void> sync() { return file_.sync(); }
  /// Fails with error_kind::io if the system reports only now that a write failed. Leaves a descriptor of the caller's open.
  result<void> close() { return file_.close(); }
  std::uint64_t written() const noexcept { return taken_; }
  const std::string& path() const noexcept { return file_.path(); }
  /// -1 once it is closed.
  int descriptor() const noexcept { return file_.descriptor(); }

 private:
  explicit file_sink(detail::file f) : file_(std::move(f)) {
    if (const auto at = file_.position(); at && file_.ends_at(*at)) start_ = at;
  }

  static result<file_sink> open(const std::string& path, int how, unsigned mode = 0666) {
    auto opened = detail::file::open(path, O_WRONLY | O_CREAT | how, mode);
    if (!opened) return std::move(opened.error());
    return file_sink{std::move(*opened)};
  }

  detail::file file_;
  std::optional<std::uint64_t> start_{};  // where the body starts in the file; nothing if written bytes cannot be taken back
  std::uint64_t taken_{};
  std::uint64_t put_{};  // more than taken_ after a write that failed halfway
};

}  // namespace s3store::inline S3STORE_ABI::http
