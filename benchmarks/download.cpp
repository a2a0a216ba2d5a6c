// What does a download of 512 MiB to a file cost beside bare libcurl, which receives the same bytes, in one piece, without any check? And
// how much memory does it take?
#include <s3store/transfer/download.hpp>

#include "benchmarks.hpp"
#include "support/bare_transfer.hpp"
#include "support/peak_memory.hpp"
#include "support/scratch_file.hpp"
#include "support/transfer_server.hpp"

namespace {

constexpr std::uint64_t size = std::uint64_t{512} << 20;

void download(const s3store::client& client, const std::string& path) {
  const auto got = s3store::download_file(client, path, {.object = {.bucket = "bucket", .key = "object"}});
  if (!got) throw std::runtime_error(got.error().describe());
  if (got->integrity != s3store::integrity::verified || got->size != size) throw std::runtime_error("the download was not verified");
}

bench::finding measure_download(bool tls) {
  const bench::transfer_server server{size, tls};
  const bench::scratch_file ours{0}, others{0};
  const s3store::client client{{.endpoint = server.url(), .ca_bundle = server.authority()}};
  bench::bare_transfer bare{server.url() + "/bucket/object", server.authority()};
  return bench::measure({.pairs = 7, .calls = 1}, [&] { download(client, ours.path()); }, [&] { bare.get(others.path()); });
}

}  // namespace

bench::finding bench::download_plain() { return measure_download(false); }
bench::finding bench::download_tls() { return measure_download(true); }

bench::finding bench::download_memory() {
  const transfer_server server{size};
  const scratch_file file{0};
  const s3store::client client{{.endpoint = server.url()}};
  if (const auto there = client.head_object({.bucket = "bucket", .key = "object"}); !there) throw std::runtime_error(there.error().describe());
  return measure_memory([&] { download(client, file.path()); });
}
