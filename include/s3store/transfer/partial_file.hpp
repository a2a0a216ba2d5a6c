// How does a download become a file? Its parts are written to their places in a partial file in the same folder, which gets the final name
// only when it is whole.
//
// If it is to be possible to go on after a crash, the partial file is named "<file>.s3part", and a record beside it, "<file>.s3part.json",
// says which parts are complete (download_record.hpp). Parts that are there are read and compared with the checksums of the record before
// they count, so neither file needs to be synced.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#ifndef _WIN32
#include <sys/file.h>
#include <unistd.h>
#endif

#include <s3store/config/files.hpp>
#include <s3store/http/file.hpp>
#include <s3store/http/replacing_file.hpp>
#include <s3store/transfer/download_record.hpp>
#include <s3store/transfer/download_target.hpp>
#include <s3store/transfer/parts.hpp>

namespace s3store::inline S3STORE_ABI {

struct download_file_options {
  /// The disk has the file when the download ends: a crash of the system does not undo it. Takes as long as the disk needs.
  bool sync{};
  /// Keep what has come if the download fails, is cancelled, or this process ends; and go on with it the next time. False: it is removed.
  bool resume{};
};

/// The file at `path`. An existing file is replaced in one step when all has come; until then it stays as it is. The new one has the owner,
/// group and permissions of the old one, as far as this process may set them. A symbolic link is followed.
class file_target final : public download_target {
 public:
  /// Makes the partial file. Fails with error_kind::io: also if `path` is no regular file, or if another download that may be resumed
  /// writes to the same file.
  static result<file_target> open(const std::string& path, const download_file_options& options = {}) {
    auto name = detail::replaced_name::find(path);
    if (!name) return result<file_target>::failed_as(std::move(name));
    const std::string partial =
        options.resume ? detail::concat({name->path(), ".s3part"}) : name->temporary_name(&name);
    const int how = O_RDWR | O_CREAT | (options.resume ? 0 : O_EXCL);
    auto opened = http::detail::file::open(partial, how, name->first_mode());
    if (!opened) return result<file_target>::failed_as(std::move(opened));
    if (options.resume)
      if (auto own = lock(*opened); !own) return result<file_target>::failed_as(std::move(own));
    return file_target{std::move(*name), std::move(*opened), options};
  }
  file_target(file_target&& other) noexcept
      : name_(std::move(other.name_)),
        file_(std::move(other.file_)),
        options_(other.options_),
        record_path_(std::move(other.record_path_)),
        record_(std::move(other.record_)),
        unsaved_(other.unsaved_),
        begun_(other.begun_),
        recorded_(other.recorded_),
        gone_(std::exchange(other.gone_, true)) {}
  ~file_target() {
    if (!gone_) abandon(false);
  }

  bool needs_part_checksums() const noexcept override { return options_.resume; }

  result<std::uint64_t> begin(const download_outline& what) override {
    detail::download_record now{what.bucket, what.key, what.etag, what.version_id, what.first, what.size, what.part_size};
    begun_ = true;
    recorded_ = options_.resume && what.part_checksums;
    if (recorded_) {
      now.checksum = *what.part_checksums;
      // Not more than an upload has, so that the record stays small.
      if (what.size / now.part_size >= max_parts) now.part_size = what.size / max_parts + 1;
      auto text = config::read_file_if_present(record_path_, max_record);
      auto before = text && *text ? detail::download_record::parse(**text) : std::nullopt;
      if (before && before->same_bytes(now)) {
        now.part_size = before->part_size;
        now.parts = std::move(before->parts);
      }
    }
    record_ = std::move(now);
    unsaved_ = 0;
    if (record_.parts.empty()) {
      // First the old record, so that there is never one of other bytes.
      forget_record();
      if (auto cut = file_.set_size(0); !cut) return std::move(cut.error());
    }
    if (auto sized = file_.set_size(what.size); !sized) return std::move(sized.error());
    return record_.part_size;
  }
  bool start_over() noexcept override { return true; }

  std::string kept(const download_part& part) const override {
    const auto found = record_.parts.find(part.index);
    return found == record_.parts.end() ? std::string{} : found->second;
  }
  result<void> write(const download_part& part, std::uint64_t at, std::span<const std::byte> bytes) noexcept override {
    return file_.write_at(part.offset + at, bytes);
  }
  bool rewind(const download_part&) noexcept override { return true; }
  result<void> complete(const download_part& part, std::string_view checksum) override {
    if (!recorded_ || part.length == record_.size) return {};
    if (kept(part) == checksum) return {};  // it was there
    record_.parts[part.index] = checksum;
    // After each part; if there are very many, after each hundredth of them, since the whole record is written each time.
    ++unsaved_;
    return unsaved_ * 100 < record_.parts.size() ? result<void>{} : save();
  }
  result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    while (!into.empty()) {
      auto n = file_.read_at(offset, into);
      if (!n) return std::move(n.error());
      if (*n == 0) return detail::fail(error_kind::io, {file_.path(), " was cut while it was written"});
      offset += *n;
      into = into.subspan(*n);
    }
    return {};
  }

  result<void> finish() override {
    auto done = name_.pass_permissions(file_.descriptor(), file_.path());
    if (done && options_.sync) done = file_.sync();
    // Closed before it gets its name, since some file systems report a failed write only then. But its lock is held until it has the name,
    // so that nobody takes it for one that may be gone on with.
    const held_lock lock{file_.descriptor()};
    if (done) done = file_.close();
    if (done) done = name_.give_to(file_.path(), options_.sync, gone_);
    if (gone_) forget_record();
    return done;
  }
  void abandon(bool useless) noexcept override {
    if (std::exchange(gone_, true)) return;
    if (!options_.resume || useless || !worth_keeping()) {
      std::remove(file_.path().c_str());
      forget_record();
    } else if (unsaved_ != 0) {
      try {
        static_cast<void>(save());
      } catch (...) {  // these parts come again
      }
    }
    static_cast<void>(file_.close());
  }

 private:
  static constexpr std::size_t max_record = std::size_t{4} << 20;  // bytes; 10,000 parts need less

  file_target(detail::replaced_name name, http::detail::file file, const download_file_options& options)
      : name_(std::move(name)), file_(std::move(file)), options_(options), record_path_(detail::concat({file_.path(), ".json"})) {}

#ifdef _WIN32
  struct held_lock {
    explicit held_lock(int) noexcept {}
  };
  static result<void> lock(const http::detail::file&) { return {}; }
#else
  /// A second descriptor of the same open file: the lock goes with the last one.
  struct held_lock {
    explicit held_lock(int of) noexcept : second(::fcntl(of, F_DUPFD_CLOEXEC, 0)) {}
    held_lock(const held_lock&) = delete;
    held_lock& operator=(const held_lock&) = delete;
    ~held_lock() {
      if (second >= 0) ::close(second);
    }
    int second;
  };
  /// So that only one download at a time writes to the file, of this process or another.
  static result<void> lock(const http::detail::file& opened) {
    const auto busy = [&opened] {
      return detail::fail(error_kind::io, {opened.path(), " is written by another download"});
    };
    if (http::detail::retried([&] { return ::flock(opened.descriptor(), LOCK_EX | LOCK_NB); }) != 0 && errno == EWOULDBLOCK) return busy();
    // It may have got its final name between the two calls.
    struct ::stat mine {}, there {};
    const bool same = ::fstat(opened.descriptor(), &mine) == 0 && ::stat(opened.path().c_str(), &there) == 0 &&
                      mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
    return same ? result<void>{} : busy();
  }
#endif

  result<void> save() {
    auto file = detail::replacing_file::open(record_path_, 0600);
    auto done = file ? file->sink().write(detail::as_bytes(record_.json())) : result<void>{std::move(file.error())};
    if (done) done = file->keep(false);
    if (done) unsaved_ = 0;
    return done;
  }
  bool worth_keeping() const noexcept {
    if (begun_) return !record_.parts.empty();
    const auto size = file_.size();  // of an earlier download
    return size && size->value_or(0) != 0;
  }
  void forget_record() const noexcept {
    if (options_.resume) std::remove(record_path_.c_str());
  }

  detail::replaced_name name_;
  http::detail::file file_;
  download_file_options options_;
  std::string record_path_;
  detail::download_record record_{};
  std::size_t unsaved_{};  ///< complete parts that the record on the disk does not have
  bool begun_{};
  bool recorded_{};  ///< a record is kept
  bool gone_{};      ///< the partial file is not this object's any more
};

}  // namespace s3store::inline S3STORE_ABI
