// Calls from two units that leave the common part of a call to a third. Nobody listens on the port, so each must end with the
// transport's error, which only the whole of the machinery can make.
#include <s3store/client.hpp>

bool refused_in_the_other_unit(const s3store::client& s3);

int main() {
  const s3store::client s3{{.endpoint = "http://127.0.0.1:1"}};
  const auto got = s3.get_object({.bucket = "b", .key = "k"}, s3store::call_options{.max_attempts = 1});
  return !got && got.error().kind == s3store::error_kind::connect && refused_in_the_other_unit(s3) ? 0 : 1;
}
