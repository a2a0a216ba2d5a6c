// expect: policies::transport must have perform(http::exchange) -> http::outcome
#include <s3store/client/client.hpp>

struct wrong {
  int perform(s3store::http::exchange);
};
struct policies : s3store::default_policies {
  using transport = wrong;
};

s3store::basic_client<policies> client;
