// A signed PUT of 4 KiB with all defaults. Over plain HTTP the body is hashed for the signature, and beside that it has a CRC.
#include <s3store/operations/object.hpp>

#include "benchmarks.hpp"
#include "support/small_request.hpp"

bench::finding bench::put_4k() {
  const std::string object = four_kib();
  return measure_small_request(object, [&object](const auto& client) {
    return client.put_object({.bucket = "bucket", .key = "folder/object", .body = s3store::http::body::borrow(object)});
  });
}
