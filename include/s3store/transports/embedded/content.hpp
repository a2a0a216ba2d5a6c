// Where are the bytes of an object? In one or more pieces, each in memory or in its own file, shared by all objects that use them.
#pragma once

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

/// How the files of pieces are deleted that are no longer used.
struct shredder {
  std::atomic<bool> on{};  ///< not while the store is loaded, or after it was closed
  result<void> (*remove)(const std::string& path){};
};

/// A piece of content; it never changes.
class blob {
 public:
  explicit blob(std::string bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {}
  /// In a file, which the destructor deletes if the shredder is on.
  blob(std::int64_t number, std::string path, std::uint64_t size, std::shared_ptr<const shredder> unused)
      : number_(number), size_(size), path_(std::move(path)), unused_(std::move(unused)) {}
  blob(const blob&) = delete;
  blob& operator=(const blob&) = delete;
  ~blob() {
    // If that fails, the next process that loads the store deletes it.
    if (unused_ && unused_->on) static_cast<void>(unused_->remove(path_));
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
    return read_all(*opened, out);
  }

 private:
  std::int64_t number_{};
  std::uint64_t size_;
  std::string bytes_{};
  std::string path_{};
  std::shared_ptr<const shredder> unused_{};
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
template <class Files>
class basic_depot {
 public:
  /// `sync`: `keep` returns once the disk has the bytes.
  basic_depot(std::string folder, bool sync) : folder_(std::move(folder)), sync_(sync) { unused_->remove = &Files::remove; }
  ~basic_depot() { unused_->on = false; }
  basic_depot(const basic_depot&) = delete;
  basic_depot& operator=(const basic_depot&) = delete;

  result<content> keep(std::string bytes) {
    if (bytes.empty()) return content{};
    if (folder_.empty()) return content{std::make_shared<const blob>(std::move(bytes))};
    auto number = numbers_.next();
    if (!number) return std::move(number.error());
    const std::string path = path_of(*number);
    auto made = std::make_shared<const blob>(*number, path, bytes.size(), unused_);  // deletes the file if anything fails
    auto file = Files::create(path);
    if (!file) return std::move(file.error());
    if (auto written = Files::write(*file, detail::as_bytes(bytes)); !written) return std::move(written.error());
    if (sync_)
      if (auto safe = Files::sync(*file); !safe) return std::move(safe.error());
    if (auto closed = file->close(); !closed) return std::move(closed.error());
    if (sync_)
      if (auto safe = Files::sync_folder(folder_); !safe) return std::move(safe.error());
    return content{std::move(made)};
  }

  /// A piece that an earlier process stored.
  result<std::shared_ptr<const blob>> find(std::int64_t number) {
    if (number < 1 || number > highest_number)
      return detail::fail(error_kind::io, {"there are no bytes of the number ", detail::decimal(number)});
    const auto known = found_.find(number);
    if (known != found_.end()) return known->second;
    auto file = http::file_source::open(path_of(number));
    if (!file) return std::move(file.error());
    numbers_.found(number);
    return found_.emplace(number, std::make_shared<const blob>(number, path_of(number), file->size().value_or(0), unused_)).first->second;
  }
  /// To be called after all `find`s. Deletes the files that were not found, which were left by a process that ended before it wrote
  /// the record that uses them; but not if something is broken, since it may be what used them.
  result<void> open(bool all_is_whole) {
    if (folder_.empty()) return {};
    auto names = list_folder(folder_);
    if (!names) return std::move(names.error());
    for (const std::string& name : *names) {
      const auto number = file_number(name);
      if (!number || found_.contains(*number)) continue;
      if (!all_is_whole || !Files::remove(path_of(*number))) numbers_.avoid(*number);
    }
    found_.clear();
    unused_->on = true;
    return {};
  }

 private:
  std::string path_of(std::int64_t number) const { return detail::concat({folder_, "/", detail::decimal(number)}); }

  std::string folder_;
  bool sync_;
  numbering numbers_{};
  std::map<std::int64_t, std::shared_ptr<const blob>> found_{};  // only used while the store is loaded
  std::shared_ptr<shredder> unused_{std::make_shared<shredder>()};
};

}  // namespace s3store::inline S3STORE_ABI::embedded
