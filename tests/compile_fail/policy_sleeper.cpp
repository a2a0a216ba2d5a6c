// expect: policies::sleeper must have sleep_until(steady_time, const cancel_token&) -> result<void>
#include <s3store/client/client.hpp>

struct wrong {
  void sleep_until(s3store::steady_time, const s3store::cancel_token&);
};
struct policies : s3store::default_policies {
  using sleeper = wrong;
};

s3store::basic_client<policies> client;
