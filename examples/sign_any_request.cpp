// The signer alone, for a request to another service of AWS: a presigned call of STS that tells who one is. A server sends the URL on, and
// so proves its identity to whoever asks STS with it; a Kubernetes cluster on EKS takes it as a token. Prints the URL and the token.
//
//   sign_any_request CLUSTER [REGION]
#include <s3store/auth/environment.hpp>
#include <s3store/auth/sigv4.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

// Base64 for URLs, without '=' at the end (RFC 4648, section 5).
std::string base64_url(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int count = 0;  // of the bits that are not written yet
  for (const char c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out.push_back(digits[bits >> (count - 6) & 63]);
  }
  if (count != 0) out.push_back(digits[bits << (6 - count) & 63]);
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  namespace auth = s3store::auth;
  if (count != 2 && count != 3) return std::fprintf(stderr, "usage: sign_any_request CLUSTER [REGION]\n"), 2;
  const std::string region = count == 3 ? arguments[2] : "us-east-1";
  const auto who = auth::environment_credentials{}.load({});
  if (!who) return std::fprintf(stderr, "%s\n", who.error().describe().c_str()), 1;

  const std::string host = "sts." + region + ".amazonaws.com";
  const auth::signable request{.method = "GET",
                               .path = "/",
                               .query = "Action=GetCallerIdentity&Version=2011-06-15",
                               .host = host,
                               .payload = auth::payload::empty,
                               .rules = auth::signing_rules::common};  // those of all services but S3
  const s3store::headers fields{{"x-k8s-aws-id", arguments[1]}};      // must be sent as it was signed; the cluster does
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  auth::signer signer;
  const auto made = signer.sign_query(request, fields, std::chrono::seconds{60}, *who, {.region = region, .service = "sts"}, now);
  if (!made) return std::fprintf(stderr, "%s\n", made.error().describe().c_str()), 1;
  const std::string url = "https://" + host + "/?" + made->query;
  std::printf("%s\nk8s-aws-v1.%s\n", url.c_str(), base64_url(url).c_str());
}
