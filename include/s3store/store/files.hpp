// How do files get into an object store, and out of it? Uploads go in parts, with the MIME type that belongs to the file's name.
// Downloads go to a temporary file, which is renamed once it is complete.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/store/mime_types.hpp>
#include <s3store/store/objects.hpp>
#include <s3store/http/replacing_file.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline S3STORE_ABI {

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

  /// Writes the object, or a range of it, to a file. An existing file is replaced in one step once all has arrived; if this throws,
  /// it is left as it was. Others find the whole old file or the whole new one, also after a crash of the system (see
  /// `get_options::sync`). The new file has the owner, group and permissions of the old one as far as this process may set them, or
  /// those that the umask leaves. A symbolic link is followed; of several hard links only the one named is replaced. While it is
  /// written, the file is named ".s3store-….part", in the same folder. Throws (io) if the file cannot be written.
  object_metadata get_object_to_file(std::string_view key, const std::string& file_path, get_options options = {},
                                     const call_options& call = {}) const {
    const bool sync = options.sync;
    const auto request = detail::get_request(std::move(options), self().bucket_name(), key);
    auto file = detail::replacing_file::open(file_path).value();
    auto got = self().client().get_object(request, file.sink(), call).value();
    file.keep(sync).value();
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
