// The main job: keeps evidence about a file in an S3, the file beside it, reads both back and verifies them.
//
//   evidence_vault FILE
//
// The S3 is embedded in this process, unless S3_ENDPOINT_URL names one: then S3_BUCKET_NAME (default "s3store-example"), AWS_REGION and the
// usual credentials count. Ends with 1 where anything failed, and above all a verification.
#include <nlohmann/json.hpp>

#include <s3store/s3store.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// Draws a bar over itself, whenever it has grown.
struct progress_bar {
  static constexpr std::uint64_t width = 40;
  std::uint64_t drawn{width + 1};

  void operator()(std::uint64_t done, std::uint64_t total) {
    const std::uint64_t filled = total ? done * width / total : width;
    if (std::exchange(drawn, filled) == filled) return;
    const std::string bar = std::string(filled, '#') + std::string(width - filled, '.');
    std::printf("\r  [%s] %.1f MiB", bar.c_str(), static_cast<double>(done) / 1048576);
    std::fflush(stdout);
  }
};

/// SHA-256 of what comes in pieces.
class sha256_stream {
 public:
  void operator()(std::span<const std::byte> bytes) { digest_.update(bytes); }
  std::string hex() {
    std::array<std::byte, s3store::crypto::digest::max_size> value{};
    std::string out;
    for (std::size_t i = 0, size = digest_.finish(value); i != size; ++i) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", std::to_integer<unsigned>(value[i]));
      out += digits;
    }
    return out;
  }

 private:
  s3store::crypto::digest digest_{s3store::crypto::digest_algorithm::sha256};
};

std::string sha256_of(s3store::http::source& file) {
  sha256_stream sum;
  std::vector<std::byte> block(1 << 16);
  while (const std::size_t n = file.read(block).value()) sum({block.data(), n});
  return sum.hex();
}

template <class P>
void create_if_absent(const s3store::basic_client<P>& s3, const std::string& bucket) {
  const auto there = s3.head_bucket({.bucket = bucket});
  if (there) return;
  if (there.error().kind != s3store::error_kind::not_found) throw s3store::s3_error{there.error()};
  s3store::create_bucket_request request{.bucket = bucket};
  if (const std::string& region = s3.configuration().region; region != "us-east-1")
    request.create_bucket_configuration = {.location_constraint = s3store::types::bucket_location_constraint{region}};
  s3.create_bucket(request).value();
  std::printf("Created the bucket %s\n", bucket.c_str());
}

void verify(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("VERIFICATION FAILED: ") + what);
  std::printf("  verified: %s\n", what);
}

/// The same for any client: what it is made of is its type's business. Every `value()` throws where there is none.
template <class P>
void keep_evidence(const s3store::basic_client<P>& s3, const std::string& bucket, const std::string& path, bool listens) {
  auto file = s3store::http::file_source::open(path).value();
  create_if_absent(s3, bucket);

  const std::uint64_t size = file.size().value();  // a pipe, say, or a file in /proc has none
  const std::string name = path.substr(path.rfind('/') + 1), sum = sha256_of(file);
  const auto now = s3store::system_clock{}.now().wall;
  const std::string id = "file-" + sum.substr(0, 12) + "-" + std::to_string(now.time_since_epoch().count());

  const auto stored = s3store::store_evidence_bundle(s3, bucket,
                                                     {.decision_id = id,
                                                      .evidence_data = {{"name", name}, {"size", size}, {"sha256", sum}},
                                                      .created_at = now,
                                                      .metadata = {{"source", "evidence_vault"}}}).value();
  std::printf("Stored the bundle      %s\n  checksum %s\n", stored.key.c_str(), stored.checksum.c_str());

  std::printf("Storing the attachment, in parts of 8 MiB\n");
  s3store::http::file_source body = file.range(0, size).value();
  const auto attached = s3store::store_attachment(s3, bucket, {.decision_id = id, .name = name, .body = body, .created_at = now, .progress = progress_bar{}}).value();
  std::printf("\nStored the attachment  %s\n", attached.key.c_str());

  std::printf("This month's evidence\n");
  const auto month = s3store::evidence::month_of(now);
  for (const auto& e : s3store::list_evidence_bundles(s3, bucket, {.year = month.year(), .month = month.month()}).value())
    std::printf("  %8llu bytes  %s\n", static_cast<unsigned long long>(e.size), e.key.c_str());
  for (const auto& a : s3store::list_attachments(s3, bucket, id).value())
    std::printf("  %8llu bytes  %s\n", static_cast<unsigned long long>(a.size), a.key.c_str());

  std::printf("Reading back\n");
  const auto found = s3store::retrieve_evidence_bundle(s3, bucket, id).value();
  verify(found.bundle.checksum == stored.checksum, "the bundle's checksum is the one that was stored");
  const auto data = found.bundle.evidence_data.json();
  sha256_stream received;
  const auto got = s3store::retrieve_attachment(s3, bucket, attached.key, received);
  got.value();
  verify(got.meta().integrity == s3store::integrity::verified, "the attachment has the checksum that the server keeps");
  verify(data["sha256"] == received.hex() && data["size"] == got.meta().received, "the attachment's bytes are those that the bundle tells of");

  const auto link = s3.presign(s3store::get_object_request{.bucket = bucket, .key = attached.key}, 1h).value();
  std::printf("For an hour, this downloads the attachment:\n  %s\n", link.url.c_str());
  const auto form = s3.presign_post(bucket, "inbox/${filename}", 1h, {s3store::auth::post_condition::content_length_range(0, 10 << 20)}).value();
  std::printf("For an hour, this uploads up to 10 MiB:\n  curl");
  for (const auto& [field, value] : form.fields) std::printf(" -F '%s=%s'", field.c_str(), value.c_str());
  std::printf(" -F file=@FILE %s\n", form.url.c_str());
  if (!listens) std::printf("(Neither can be tried: they need a server that listens, and the embedded S3 is in this process. Set S3_ENDPOINT_URL.)\n");
}

struct in_process : s3store::default_policies {
  using transport = s3store::embedded_transport;
  using credentials = s3store::auth::static_credentials;
};

}  // namespace

int main(int count, char** arguments) try {
  if (count != 2) return std::fprintf(stderr, "usage: evidence_vault FILE\n"), 2;
  const std::string endpoint = variable("S3_ENDPOINT_URL", ""), bucket = variable("S3_BUCKET_NAME", "s3store-example");
  if (endpoint.empty()) {
    const s3store::embedded_s3 server;
    const s3store::basic_client<in_process> s3{{.endpoint = "http://s3.embedded"},
                                               {.transport = s3store::embedded_transport{server},
                                                .credentials = s3store::auth::static_credentials{server.options().credentials.front()}}};
    keep_evidence(s3, bucket, arguments[1], false);
  } else {
    const s3store::client s3{{.endpoint = endpoint, .region = variable("AWS_REGION", "us-east-1")}};
    keep_evidence(s3, bucket, arguments[1], true);
  }
  std::printf("All verified.\n");
} catch (const std::exception& e) {
  return std::fprintf(stderr, "\nevidence_vault: %s\n", e.what()), 1;
}
