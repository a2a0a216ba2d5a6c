// How is an object of any size uploaded? With one PutObject if it fits into one part, else in parts, several at a time.
//
//   auto sent = upload_file(s3, "backup.tar", {.object = {.bucket = "b", .key = "backup.tar"}, .part_size = 16 << 20, .in_flight = 16});
//
// An upload is a machine (transfer/uploading.hpp), so any driver can run it. `upload` runs it on the caller's thread, where a loop of the
// client's sends the parts beside each other; it starts no thread.
//
// What it costs: of a file, or of bytes in memory, nothing is copied, and it needs about 60 KiB for each part that is under way, whatever
// the object's size, and 100 bytes for each part that was sent. A source that is read from start to end is read ahead into `memory` bytes.
#pragma once

#include <string>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/http/file.hpp>
#include <s3store/transfer/upload_request.hpp>
#include <s3store/transfer/uploading.hpp>

namespace s3store::inline S3STORE_ABI {

/// Uploads an object of up to 10,000 parts, and blocks until it is done. On failure the parts are deleted from the server; if that
/// fails too, the error's message says so. Throws what a function of the caller's threw, like the client's calls.
template <class P>
result<upload_response> upload(const basic_client<P>& to, const upload_request& request, const call_options& options = {}) {
  uploading<P> machine{request, to.shared(), options};
  return to.run(machine);
}

/// The same for a file, which becomes the body. Fails with io if the file can't be read.
template <class P>
result<upload_response> upload_file(const basic_client<P>& to, const std::string& path, upload_request request,
                                    const call_options& options = {}) {
  auto file = http::file_source::open(path);
  if (!file) return result<upload_response>::failed_as(std::move(file));
  request.object.body = http::body{*file};
  return upload(to, request, options);
}

}  // namespace s3store::inline S3STORE_ABI
