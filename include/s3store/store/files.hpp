// How do files get into an object store, and out of it? Uploads go in parts, with the MIME type that belongs to the file's name.
// Downloads go to a temporary file, which is renamed once it is complete.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/http/file.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/store/mime_types.hpp>
#include <s3store/store/objects.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {

/// A temporary file next to the one that it will replace. The destructor deletes it, unless `keep` was called.
class replacing_file {
 public:
  /// Fails (io) if the temporary file cannot be created, or if `path` is something else than a regular file: a directory, a pipe.
  static result<replacing_file> open(const std::string& path) {
    struct ::stat about {};
    if (::stat(path.c_str(), &about) == 0 && (about.st_mode & S_IFMT) != S_IFREG)
      return detail::fail(error_kind::io, {path, " is there, and is no regular file that a download could replace"});
    auto opened = http::file_sink::create_new(path + ".part-" + some_name(&about));
    if (!opened) return result<replacing_file>::failed_as(std::move(opened));
    return replacing_file{path, std::move(*opened)};
  }
  replacing_file(replacing_file&& other) noexcept
      : path_(std::move(other.path_)), sink_(std::move(other.sink_)), kept_(std::exchange(other.kept_, true)) {}
  replacing_file& operator=(replacing_file&&) = delete;
  ~replacing_file() {
    if (kept_) return;
    static_cast<void>(sink_.close());
    std::remove(sink_.path().c_str());
  }

  http::sink& sink() noexcept { return sink_; }
  /// Closes the file and renames it to `path`. On POSIX a reader of `path` sees the whole old file or the whole new one.
  result<void> keep() {
    if (auto closed = sink_.close(); !closed) return closed;
#ifdef _WIN32
    std::remove(path_.c_str());  // rename() on Windows does not replace a file
#endif
    if (std::rename(sink_.path().c_str(), path_.c_str()) != 0)
      return detail::fail(error_kind::io, {"cannot rename ", sink_.path(), " to ", path_, ": ", std::generic_category().message(errno)});
    kept_ = true;
    return {};
  }

 private:
  replacing_file(std::string path, http::file_sink sink) : path_(std::move(path)), sink_(std::move(sink)) {}

  /// A name that no other download uses at the same time: made of the clock and an address on the stack.
  static std::string some_name(const void* here) {
    const auto ticks = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    return detail::decimal(ticks ^ (static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(here)) << 20));
  }

  std::string path_;
  http::file_sink sink_;
  bool kept_{};
};

}  // namespace detail

/// Mixed into basic_object_store.
template <class Store>
class file_members {
 public:
  /// Stores a file; in parts of 8 MiB if it is larger than that. If the options have no content type, it follows from the file's
  /// extension (mime_types.hpp), or is application/octet-stream. Throws (io) if the file cannot be read.
  stored_object put_object_from_file(std::string_view key, const std::string& file_path, put_object_request options = {},
                                     const call_options& call = {}) const {
    return send_file(key, file_path, {.object = std::move(options)}, call);
  }

  /// The same with a part size of your own (bytes), and a function void(std::uint64_t uploaded, std::uint64_t total) in bytes,
  /// which is called on this thread.
  ///   store.multipart_upload("big.bin", "/tmp/big.bin", {.object = {.metadata = …}, .part_size = 16 << 20, .progress = draw});
  stored_object multipart_upload(std::string_view key, const std::string& file_path, upload_request options = {},
                                 const call_options& call = {}) const {
    return send_file(key, file_path, std::move(options), call);
  }

  /// Writes the object, or a range of it, to a file. An existing file is replaced; if this throws, it is left as it was. Throws
  /// (io) if the file cannot be written.
  object_metadata get_object_to_file(std::string_view key, const std::string& file_path, get_options options = {},
                                     const call_options& call = {}) const {
    const auto request = detail::get_request(std::move(options), self().bucket_name(), key);
    auto file = detail::replacing_file::open(file_path).value();
    auto got = self().client().get_object(request, file.sink(), call).value();
    file.keep().value();
    return detail::metadata_from(key, std::move(got));
  }

 protected:
  file_members() = default;
  ~file_members() = default;
  file_members(file_members&&) = default;
  file_members& operator=(file_members&&) = default;

 private:
  const Store& self() const noexcept { return static_cast<const Store&>(*this); }

  stored_object send_file(std::string_view key, const std::string& path, upload_request request, const call_options& call) const {
    request.object = detail::aimed(std::move(request.object), self().bucket_name(), key);
    if (request.object.content_type.empty()) {
      const std::string_view told = mime_type_of(path);
      request.object.content_type = told.empty() ? "application/octet-stream" : told;
    }
    return detail::stored(key, upload_file(self().client(), path, std::move(request), call).value());
  }
};

}  // namespace s3store::inline S3STORE_ABI
