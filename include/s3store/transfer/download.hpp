// How is an object of any size downloaded, in one call? Its parts come at the same time, are those of one object, and are verified
// together.
//
//   s3store::client s3;
//   auto got = s3store::download_file(s3, "big.bin", {.object = {.bucket = "b", .key = "big.bin"}}, {.sync = true, .resume = true});
//   if (got) use(got->size, got->integrity); else log(got.error().describe());
//
//   s3store::download_to_memory(s3, {.object = {.bucket = "b", .key = "k"}}).value().body;
//   s3store::download(s3, {.object = {.bucket = "b", .key = "k"}, .memory = 32 << 20},  // in order, 32 MiB of buffers
//                     [&](std::span<const std::byte> bytes) { out.write(bytes); });
//
// For a std::ostream see download_stream.hpp; for reads at any offset, as formats like Parquet need them, reader.hpp. A download is a
// machine (downloading.hpp), so any driver that runs calls can run it. A client whose transport makes no loops gets one part after
// another.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/http/body.hpp>
#include <s3store/transfer/download_target.hpp>
#include <s3store/transfer/downloading.hpp>
#include <s3store/transfer/partial_file.hpp>

namespace s3store::inline S3STORE_ABI {

// All of these block until the download is done, and call sinks and functions on this thread. What a function of the caller's throws,
// they throw, like the client's calls. Only a successful result vouches for the bytes: they are those of one object, all of them, and
// have its checksum if `integrity` says verified. If the object is replaced meanwhile, the download starts over once, if what came can
// be dropped; else the error is of kind object_changed.

/// To a sink, in order. Buffers for parts that come before their turn have `memory` bytes together; with fewer than a part's, one part
/// comes after another, without a buffer.
template <class P>
result<download_response> download(const basic_client<P>& from, const download_request& request, http::sink& into,
                                   const call_options& options = {}) {
  in_order_target to{into, request.memory};
  downloading<P> machine{request, from.shared(), to, options};
  return from.run(machine);
}

/// The same for a function `void(std::span<const std::byte>)`.
template <class P, class F>
  requires std::invocable<F&, std::span<const std::byte>>
result<download_response> download(const basic_client<P>& from, const download_request& request, F&& write,
                                   const call_options& options = {}) {
  http::function_sink into{[&write](std::span<const std::byte> bytes) { write(bytes); }};
  return download(from, request, into, options);
}

/// To a target of your own, or to one that is to be used otherwise than by the functions below.
template <class P>
result<download_response> download(const basic_client<P>& from, const download_request& request, download_target& to,
                                   const call_options& options = {}) {
  downloading<P> machine{request, from.shared(), to, options};
  return from.run(machine);
}

/// To `body` of the response. Fails with too_large, before anything but the HeadObject is sent, if it has more than `max_body` bytes
/// (`call_options::max_body`, else that of the settings).
template <class P>
result<download_response> download_to_memory(const basic_client<P>& from, const download_request& request,
                                             const call_options& options = {}) {
  std::string body;
  memory_target to{body, options.max_body.value_or(from.configuration().max_body)};
  auto got = download(from, request, to, options);
  if (got) got->body = std::move(body);
  return got;
}
/// To memory of the caller's. Fails with too_large if it is too small; `size` of the response says how many bytes came.
template <class P>
result<download_response> download_to_memory(const basic_client<P>& from, const download_request& request, std::span<std::byte> into,
                                             const call_options& options = {}) {
  memory_target to{into};
  return download(from, request, to, options);
}

/// To the file at `path`, which gets its name only when it is whole: an existing file stays as it is until then, and if this fails.
/// Nothing is buffered. Fails with io if the file cannot be written, before any byte comes if the disk has too little room and says so.
/// See `download_file_options` and file_target.
template <class P>
result<download_response> download_file(const basic_client<P>& from, const std::string& path, const download_request& request,
                                        const download_file_options& how = {}, const call_options& options = {}) {
  auto to = file_target::open(path, how);
  if (!to) return result<download_response>::failed_as(std::move(to));
  return download(from, request, *to, options);
}

}  // namespace s3store::inline S3STORE_ABI
