// A signed HEAD, whose answer becomes a struct of some fifty members.
#include <s3store/operations/object.hpp>

#include "benchmarks.hpp"
#include "support/small_request.hpp"

bench::finding bench::head() {
  return measure_small_request(four_kib(), [](const auto& client) { return client.head_object({.bucket = "bucket", .key = "folder/object"}); });
}
