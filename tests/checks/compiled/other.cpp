#include <s3store/client.hpp>

bool refused_in_the_other_unit(const s3store::client& s3);
bool refused_in_the_other_unit(const s3store::client& s3) {
  const auto got = s3.head_object({.bucket = "b", .key = "k"}, s3store::call_options{.max_attempts = 1});
  return !got && got.error().kind == s3store::error_kind::connect;
}
