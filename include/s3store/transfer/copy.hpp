// How is an object of any size copied inside S3? With one CopyObject if it takes that, else in parts, several at a time.
//
//   auto made = copy(s3, {.object = {.bucket = "archive", .key = "2026.tar", .copy_source = "live/2026.tar"}});
#pragma once

#include <s3store/client/client.hpp>
#include <s3store/transfer/copy_request.hpp>
#include <s3store/transfer/copying.hpp>

namespace s3store::inline S3STORE_ABI {

/// Copies, and blocks until it is done. On failure nothing is left of a copy in parts; if that fails too, the error's message says so.
/// Throws what the progress function threw.
template <class P>
result<copy_response> copy(const basic_client<P>& inside, const copy_request& request, const call_options& options = {}) {
  copying<P> machine{request, inside.shared(), options};
  return inside.run(machine);
}

}  // namespace s3store::inline S3STORE_ABI
