// expect: policies::signer must be default-constructible and have sign_headers, sign_query and chunks like auth::signer
#include <s3store/client/client.hpp>

struct wrong {
  s3store::result<void> sign_headers();
};
struct policies : s3store::default_policies {
  using signer = wrong;
};

s3store::basic_client<policies> client;
