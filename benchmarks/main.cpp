// Runs the benchmarks that are named, or all, and prints a line for each:
//   bench get_4k: ratio 1.23 (ours 30.1 us, floor 24.5 us, 151 runs)
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <vector>

#include "benchmarks.hpp"

namespace {

struct benchmark {
  const char* name{};
  const char* what{};
  bench::finding (*run)(){};
};

constexpr benchmark table[] = {
    {"get_4k", "a signed GET of 4 KiB, verified; floor: the same bytes on one bare easy handle of libcurl", bench::get_4k},
    {"get_4k_unverified", "the same without a checksum, neither asked for nor answered; floor: likewise", bench::get_4k_unverified},
    {"put_4k", "a signed PUT of 4 KiB with its CRC and SHA-256; floor: likewise", bench::put_4k},
    {"head", "a signed HEAD; floor: likewise", bench::head},
    {"in_flight", "2,000 signed GETs of 4 KiB at once on one loop; floor: a bare multi handle with as many connections", bench::in_flight},
    {"in_flight_growth", "the same with 10,000 started at once; floor: with 100", bench::in_flight_growth},
    {"sign", "a SigV4 signature; floor: SHA-256 of 300 bytes and an HMAC whose key is ready", bench::sign},
    {"download_plain", "512 MiB to a file, verified, over plain HTTP; floor: bare libcurl, no integrity", bench::download_plain},
    {"download_tls", "the same over TLS; floor: likewise", bench::download_tls},
    {"download_memory", "peak memory of a download of 512 MiB over that of an idle process; floor: 16 MiB", bench::download_memory},
    {"upload_plain", "512 MiB from a file, with a CRC, over plain HTTP, unsigned payload; floor: bare libcurl, no integrity", bench::upload_plain},
    {"upload_tls", "the same over TLS; floor: likewise", bench::upload_tls},
    {"upload_signed", "the same over plain HTTP, signed payload; floor: bare libcurl, and a SHA-256 of the file", bench::upload_signed},
    {"upload_memory", "peak memory of an upload of 512 MiB over that of an idle process; floor: 16 MiB", bench::upload_memory},
};

void list(std::FILE* out) {
  for (const auto& [name, what, run] : table) std::fprintf(out, "  %-18s %s\n", name, what);
}

void print(const char* name, const bench::finding& f, bool json) {
  if (json) {
    std::printf("{\"name\": \"%s\", \"ratio\": %.3f, \"ours\": %.4g, \"floor\": %.4g, \"unit\": \"%s\", \"runs\": %d}\n", name, f.ratio,
                f.ours, f.floor, f.unit, f.runs);
  } else {
    std::printf("bench %s: ratio %.2f (ours %.4g %s, floor %.4g %s, %d runs)\n", name, f.ratio, f.ours, f.unit, f.floor, f.unit, f.runs);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<const benchmark*> chosen;
  bool json = false;
  for (const std::string_view word : std::vector<std::string_view>(argv + 1, argv + argc)) {
    if (word == "--help" || word == "-h") {
      std::puts("usage: s3store_benchmarks [--json] [NAME...]\n\nMeasures each beside its floor, in CPU time of one thread. Without names, all:");
      list(stdout);
      return EXIT_SUCCESS;
    }
    if (word == "--json") {
      json = true;
      continue;
    }
    const auto before = chosen.size();
    for (const benchmark& b : table)
      if (word == b.name) chosen.push_back(&b);
    if (chosen.size() == before) {
      std::fprintf(stderr, "s3store_benchmarks: there is no benchmark \"%s\"; there are:\n", word.data());
      list(stderr);
      return EXIT_FAILURE;
    }
  }
  if (chosen.empty())
    for (const benchmark& b : table) chosen.push_back(&b);

  // The client finds its credentials as a program's would; these sign for a server that does not look. And no proxy is in the way.
  ::setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 1);
  for (const char* const name : {"AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  for (const benchmark* const b : chosen) try {
      print(b->name, b->run(), json);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "s3store_benchmarks: %s failed: %s\n", b->name, e.what());
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
