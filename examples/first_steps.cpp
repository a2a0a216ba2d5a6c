// Put, get and list, on the S3 that S3_ENDPOINT_URL names (AWS without one), with the credentials of the environment or ~/.aws.
//
//   first_steps BUCKET
#include <s3store/s3store.hpp>

#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
  if (count != 2) return std::fprintf(stderr, "usage: first_steps BUCKET\n"), 2;
  const std::string bucket = arguments[1];
  const char* const endpoint = std::getenv("S3_ENDPOINT_URL");
  const s3store::client s3{{.endpoint = endpoint ? endpoint : ""}};

  // Each call gives a result: a value, or an error with all that is known of the failure.
  const auto put = s3.put_object({.bucket = bucket, .key = "first/steps.txt", .body = "Hello, S3!", .content_type = "text/plain"});
  if (!put) return std::fprintf(stderr, "%s\n", put.error().describe().c_str()), 1;
  std::printf("stored, ETag %s\n", put->etag.c_str());

  const auto got = s3.get_object({.bucket = bucket, .key = "first/steps.txt"});
  if (!got) return std::fprintf(stderr, "%s\n", got.error().describe().c_str()), 1;
  std::printf("read back: %s\n", got->body.c_str());

  // value(), and a range of items, throw s3_error instead.
  try {
    for (const auto& object : s3.items(s3store::list_objects_v2_request{.bucket = bucket, .prefix = "first/"}))
      std::printf("%10lld  %s\n", static_cast<long long>(object.size.value_or(0)), object.key.c_str());
  } catch (const s3store::s3_error& e) {
    return std::fprintf(stderr, "%s\n", e.what()), 1;
  }
}
