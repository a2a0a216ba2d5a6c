// A signed GET of 4 KiB: with all defaults, where the answer's checksum is asked for, computed and compared, and without one.
#include <s3store/operations/object.hpp>

#include "benchmarks.hpp"
#include "support/small_request.hpp"

namespace {

constexpr auto get = [](const auto& client) { return client.get_object({.bucket = "bucket", .key = "folder/object"}); };

struct unverified : s3store::default_policies {
  using checksums = s3store::checksums_when_required;
};

}  // namespace

bench::finding bench::get_4k() { return measure_small_request(four_kib(), get); }
bench::finding bench::get_4k_unverified() { return measure_small_request<unverified>(four_kib(), get); }
