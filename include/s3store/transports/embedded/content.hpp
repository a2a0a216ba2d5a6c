// Where are the bytes of an object? In one or more pieces, each in memory or in its own file, shared by all objects that use them.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/file.hpp>
#include <s3store/transports/embedded/folder.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// A piece of content; it never changes.
class blob {
 public:
  explicit blob(std::string bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {}
  /// In a file, which the destructor deletes if `open` is set. It is not set while the store is loaded, or after it was closed.
  blob(std::int64_t number, std::string path, std::uint64_t size, std::shared_ptr<std::atomic<bool>> open)
      : number_(number), size_(size), path_(std::move(path)), open_(std::move(open)) {}
  blob(const blob&) = delete;
  blob& operator=(const blob&) = delete;
  ~blob() {
    if (open_ && *open_) std::remove(path_.c_str());
  }

  std::int64_t number() const noexcept { return number_; }
  std::uint64_t size() const noexcept { return size_; }

  result<void> append_to(std::string& out, std::uint64_t offset, std::uint64_t length) const {
    if (path_.empty()) {
      out.append(bytes_, static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
      return {};
    }
    auto opened = http::file_source::open(path_, offset, length);
    if (!opened) return std::move(opened.error());
    const std::size_t before = out.size();
    out.resize(before + static_cast<std::size_t>(length));
    for (std::size_t at = before; at != out.size();) {
      auto got = opened->read(std::as_writable_bytes(std::span{out.data() + at, out.size() - at}));
      if (!got) return std::move(got.error());
      at += *got;
    }
    return {};
  }

 private:
  std::int64_t number_{};
  std::uint64_t size_;
  std::string bytes_{};
  std::string path_{};
  std::shared_ptr<std::atomic<bool>> open_{};
};

class content {
 public:
  content() = default;
  explicit content(std::shared_ptr<const blob> one) : size_(one->size()) { pieces_.push_back(std::move(one)); }

  std::uint64_t size() const noexcept { return size_; }
  const std::vector<std::shared_ptr<const blob>>& pieces() const noexcept { return pieces_; }

  /// Appends the pieces of `other`; their bytes are shared, not copied.
  void append(const content& other) {
    pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
    size_ += other.size_;
  }

  /// Reads `length` bytes from `offset` on; all of them must exist.
  result<std::string> read(std::uint64_t offset, std::uint64_t length) const {
    std::string out;
    out.reserve(static_cast<std::size_t>(length));
    for (const auto& piece : pieces_) {
      if (offset >= piece->size()) {
        offset -= piece->size();
        continue;
      }
      const std::uint64_t n = (std::min)(length, piece->size() - offset);
      if (auto read = piece->append_to(out, offset, n); !read) return std::move(read.error());
      length -= n;
      offset = 0;
      if (length == 0) break;
    }
    return out;
  }

  /// Calls `update(span)` with all bytes, in several parts.
  template <class Update>
  result<void> each(Update&& update) const {
    std::string bytes;
    for (const auto& piece : pieces_) {
      bytes.clear();
      if (auto read = piece->append_to(bytes, 0, piece->size()); !read) return read;
      update(detail::as_bytes(bytes));
    }
    return {};
  }

 private:
  std::vector<std::shared_ptr<const blob>> pieces_{};
  std::uint64_t size_{};
};

/// Stores bytes in memory, or if `folder` is not empty, in files of that folder, which must exist.
class depot {
 public:
  explicit depot(std::string folder) : folder_(std::move(folder)) {}
  ~depot() { *open_ = false; }
  depot(const depot&) = delete;
  depot& operator=(const depot&) = delete;

  result<content> keep(std::string bytes) {
    if (bytes.empty()) return content{};
    if (folder_.empty()) return content{std::make_shared<const blob>(std::move(bytes))};
    const std::int64_t number = ++last_;
    auto file = http::detail::file::open(path_of(number), O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return std::move(file.error());
    auto made = std::make_shared<const blob>(number, path_of(number), bytes.size(), open_);  // deletes the file if writing fails
    if (auto written = file->write(detail::as_bytes(bytes)); !written) return std::move(written.error());
    if (auto closed = file->close(); !closed) return std::move(closed.error());
    return content{std::move(made)};
  }

  /// A piece that an earlier process stored.
  result<std::shared_ptr<const blob>> find(std::int64_t number) {
    auto& known = found_[number];
    if (known) return known;
    auto file = http::file_source::open(path_of(number));
    if (!file) return std::move(file.error());
    last_ = (std::max)(last_, number);
    auto made = std::make_shared<const blob>(number, path_of(number), file->size().value_or(0), open_);
    known = made;
    return known;
  }
  /// To be called after all `find`s. Deletes files that were not found: they were left by a process that ended before it wrote the
  /// record that uses them.
  result<void> open() {
    if (folder_.empty()) return {};
    auto names = list_folder(folder_);
    if (!names) return std::move(names.error());
    for (const std::string& name : *names)
      if (const auto number = detail::parse_integer<std::int64_t>(name); number && !found_.contains(*number))
        std::remove(path_of(*number).c_str());
    found_.clear();
    *open_ = true;
    return {};
  }

 private:
  std::string path_of(std::int64_t number) const { return detail::concat({folder_, "/", detail::decimal(number)}); }

  std::string folder_;
  std::int64_t last_{};
  std::map<std::int64_t, std::shared_ptr<const blob>> found_{};  // only used while the store is loaded
  std::shared_ptr<std::atomic<bool>> open_{std::make_shared<std::atomic<bool>>(false)};
};

}  // namespace s3store::inline S3STORE_ABI::embedded
