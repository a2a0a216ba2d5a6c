// What does an upload of 512 MiB from a file cost beside bare libcurl, which sends the same file, in one piece, without any checksum? And
// how much memory does it take?
#include <s3store/transfer/upload.hpp>

#include "benchmarks.hpp"
#include "support/bare_transfer.hpp"
#include "support/peak_memory.hpp"
#include "support/scratch_file.hpp"
#include "support/transfer_server.hpp"

namespace {

constexpr std::uint64_t size = std::uint64_t{512} << 20;

bench::finding measure_upload(bool tls, s3store::payload_signing signing, bool hashed_floor = false) {
  const bench::transfer_server server{size, tls};
  const bench::scratch_file file{size};
  const s3store::client client{{.endpoint = server.url(), .signing = signing, .ca_bundle = server.authority()}};
  bench::bare_transfer bare{server.url() + "/bucket/object", server.authority()};
  return bench::measure({.pairs = 7, .calls = 1},
                        [&] {
                          const auto sent = s3store::upload_file(client, file.path(), {.object = {.bucket = "bucket", .key = "object"}});
                          if (!sent) throw std::runtime_error(sent.error().describe());
                        },
                        [&] {
                          if (hashed_floor) file.hash();
                          bare.put(file.path(), size);
                        });
}

}  // namespace

bench::finding bench::upload_plain() { return measure_upload(false, s3store::payload_signing::never); }
bench::finding bench::upload_tls() { return measure_upload(true, s3store::payload_signing::automatic); }
bench::finding bench::upload_signed() { return measure_upload(false, s3store::payload_signing::always, true); }

bench::finding bench::upload_memory() {
  const transfer_server server{size};
  const scratch_file file{size};
  const s3store::client client{{.endpoint = server.url(), .signing = s3store::payload_signing::never}};
  if (const auto there = client.head_object({.bucket = "bucket", .key = "object"}); !there) throw std::runtime_error(there.error().describe());
  return measure_memory([&] {
    const auto sent = s3store::upload_file(client, file.path(), {.object = {.bucket = "bucket", .key = "object"}});
    if (!sent) throw std::runtime_error(sent.error().describe());
  });
}
