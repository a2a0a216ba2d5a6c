// How does a file become a body, and a body a file? Read at offsets of its own, so that parts of one file can be sent at once.
//
// A source promises its size when it is opened. A file that is shorter or longer by the time it has been read is not what was
// promised, and is an error before its last byte is handed out.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#ifdef _WIN32
#include <io.h>

#include <mutex>
#else
#include <unistd.h>
#endif

#include <s3store/core/shared.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline v0::http {

namespace detail {

/// Calls again what a signal has interrupted.
template <class Call>
auto retried(Call&& call) {
  for (;;)
    if (const auto done = call(); done >= 0 || errno != EINTR) return done;
}

/// A file descriptor with the few calls that differ between systems. Every failure says what was tried and names the file.
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

  static result<file> open(const std::string& path, int flags) {
    if (path.find('\0') != std::string::npos) return fail(error_kind::io, "a file name must not hold a NUL character");
#ifdef _WIN32
    const int descriptor = ::_open(path.c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
#else
    const int descriptor = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); });
#endif
    file out{descriptor, path, true};
    if (descriptor < 0) return out.failed("open", errno);
    return out;
  }

  /// The size of a regular file in bytes; nothing where it is a pipe or a device.
  result<std::optional<std::uint64_t>> size() const {
#ifdef _WIN32
    struct ::_stat64 about {};
    if (::_fstat64(descriptor_, &about) != 0) return failed("stat", errno);
    const bool regular = (about.st_mode & _S_IFMT) == _S_IFREG;
#else
    struct ::stat about {};
    if (::fstat(descriptor_, &about) != 0) return failed("stat", errno);
    const bool regular = S_ISREG(about.st_mode);
#endif
    return regular ? std::optional{static_cast<std::uint64_t>(about.st_size)} : std::nullopt;
  }

  /// Does not move the file's own offset, so several sources may share the descriptor; 0 is the end of the file.
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
    while (!bytes.empty()) {
#ifdef _WIN32
      const auto n = ::_write(descriptor_, bytes.data(), static_cast<unsigned>(piece(bytes.size())));
#else
      const auto n = retried([&] { return ::write(descriptor_, bytes.data(), piece(bytes.size())); });
#endif
      if (n < 0) return failed("write to", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Where the next write goes; nothing where the file has no such place, as a pipe.
  std::optional<std::uint64_t> position() const noexcept {
#ifdef _WIN32
    const auto at = ::_lseeki64(descriptor_, 0, SEEK_CUR);
#else
    const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
#endif
    return at < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(at)};
  }

  /// Cuts the file off there and goes on writing from there.
  bool cut(std::uint64_t at) noexcept {
#ifdef _WIN32
    return ::_chsize_s(descriptor_, static_cast<__int64>(at)) == 0 &&
           ::_lseeki64(descriptor_, static_cast<__int64>(at), SEEK_SET) >= 0;
#else
    const auto to = static_cast<off_t>(at);
    return retried([&] { return ::ftruncate(descriptor_, to); }) == 0 && ::lseek(descriptor_, to, SEEK_SET) == to;
#endif
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

 private:
  error failed(std::string_view what, int code) const {
    return fail(error_kind::io, std::string("cannot ").append(what).append(" ").append(path_).append(": ").append(
                                    std::generic_category().message(code)));
  }
  /// One system call takes no more than an int's worth on some systems.
  static constexpr std::size_t piece(std::size_t size) noexcept { return (std::min)(size, std::size_t{1} << 30); }

  std::string path_{};
  int descriptor_{-1};
  bool owned_{};
#ifdef _WIN32
  owned<std::mutex> one_reader_{make_owned<std::mutex>()};
#endif
};

}  // namespace detail

/// A file, or a range of it, as the body of a request. Ranges of one file share its descriptor; different threads may
/// read them.
class file_source final : public source {
 public:
  /// Fails with `io` where the file cannot be read or is no regular file (a pipe has no size to promise).
  static result<file_source> open(const std::string& path) {
    auto opened = detail::file::open(path, O_RDONLY);
    if (!opened) return std::move(opened.error());
    auto size = opened->size();
    if (!size) return std::move(size.error());
    if (!*size) return fail(error_kind::io, {path, " is no regular file; a pipe or device is sent with a function_source"});
    return file_source{share<const detail::file>(std::move(*opened)), **size, 0, **size};
  }
  /// `length` bytes from `offset` on, as the body of one part; fails with `io` where the file is not that long.
  static result<file_source> open(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    auto whole = open(path);
    if (!whole) return whole;
    return whole->range(offset, length);
  }

  /// Another source over a part of this one, with a position of its own.
  result<file_source> range(std::uint64_t offset, std::uint64_t length) const {
    if (offset > length_ || length > length_ - offset)
      return fail(error_kind::io, {file_->path(), " has ", decimal(length_), " bytes, and not ", decimal(length), " from ",
                                   decimal(offset), " on"});
    return file_source{file_, file_size_, start_ + offset, length};
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(length_ - at_));
    if (into.empty()) return std::size_t{0};
    auto n = file_->read_at(start_ + at_, into);
    if (!n) return n;
    at_ += *n;
    if (*n == 0 || at_ == length_)
      if (auto same = still_as_long(*n == 0); !same) return std::move(same.error());
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }
  std::uint64_t length() const noexcept { return length_; }
  const std::string& path() const noexcept { return file_->path(); }

 private:
  file_source(shared<const detail::file> f, std::uint64_t file_size, std::uint64_t start, std::uint64_t length) noexcept
      : file_(std::move(f)), file_size_(file_size), start_(start), length_(length) {}

  result<void> still_as_long(bool ended) const {
    const auto size = file_->size();
    if (!size) return size.error();
    if (!ended && *size == file_size_) return {};
    return fail(error_kind::io, {file_->path(), " changed while it was read: it had ", decimal(file_size_), " bytes and has ",
                                 decimal(size->value_or(0))});
  }

  shared<const detail::file> file_;
  std::uint64_t file_size_;
  std::uint64_t start_;
  std::uint64_t length_;
  std::uint64_t at_{};
};

/// A file that takes the body of an answer. Move-only; closed when it goes, but only `close` says whether all is written.
class file_sink final : public sink {
 public:
  /// Makes the file, or empties the one that is there; fails with `io`.
  static result<file_sink> create(const std::string& path) { return open(path, O_TRUNC); }
  /// Makes the file; fails with `io`, too, where there is one of that name.
  static result<file_sink> create_new(const std::string& path) { return open(path, O_EXCL); }
  /// Writes to an open descriptor from where it stands, and leaves it open. A pipe or terminal will do.
  static file_sink to_descriptor(int descriptor) {
    return file_sink{detail::file{descriptor, concat({"descriptor ", decimal(descriptor)}), false}};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    auto written = file_.write(bytes);
    if (written) taken_ += bytes.size();
    return written;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > taken_ || (from != taken_ && !start_)) return false;
    // A write that failed halfway has left bytes behind that were never counted, so this is done for `from == taken_`, too.
    if (start_ && !file_.cut(*start_ + from)) return false;
    taken_ = from;
    return true;
  }

  /// Closes the file and reports what the system reports only then.
  result<void> close() { return file_.close(); }
  std::uint64_t written() const noexcept { return taken_; }
  const std::string& path() const noexcept { return file_.path(); }

 private:
  explicit file_sink(detail::file f) : file_(std::move(f)), start_(file_.position()) {}

  static result<file_sink> open(const std::string& path, int how) {
    auto opened = detail::file::open(path, O_WRONLY | O_CREAT | how);
    if (!opened) return std::move(opened.error());
    return file_sink{std::move(*opened)};
  }

  detail::file file_;
  std::optional<std::uint64_t> start_;  // nothing where bytes can't be taken back
  std::uint64_t taken_{};
};

}  // namespace s3store::inline v0::http
