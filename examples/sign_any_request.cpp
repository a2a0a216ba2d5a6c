// The signer alone, for a request to another service of AWS: a presigned call of STS that tells who one is. A server sends the URL on, and
// so proves its identity to whoever asks STS with it; Kubernetes on EKS takes it as a token.
//
//   sign_any_request CLUSTER
#include <s3store/auth/environment.hpp>
#include <s3store/auth/sigv4.hpp>

#include <chrono>
#include <cstdio>
#include <string>

int main(int count, char** arguments) {
  namespace auth = s3store::auth;
  if (count != 2) return std::fprintf(stderr, "usage: sign_any_request CLUSTER\n"), 2;
  const auto who = auth::environment_credentials{}.load({});
  if (!who) return std::fprintf(stderr, "%s\n", who.error().describe().c_str()), 1;

  const auth::signable request{.method = "GET",
                               .path = "/",
                               .query = "Action=GetCallerIdentity&Version=2011-06-15",
                               .host = "sts.us-east-1.amazonaws.com",
                               .payload = auth::payload::empty,
                               .rules = auth::signing_rules::common};  // those of all services but S3
  const s3store::headers fields{{"x-k8s-aws-id", arguments[1]}};      // must be sent as it was signed
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  auth::signer signer;
  const auto made = signer.sign_query(request, fields, std::chrono::seconds{60}, *who, {.region = "us-east-1", .service = "sts"}, now);
  if (!made) return std::fprintf(stderr, "%s\n", made.error().describe().c_str()), 1;
  std::printf("https://%s%s?%s\n", std::string(request.host).c_str(), std::string(request.path).c_str(), made->query.c_str());
}
