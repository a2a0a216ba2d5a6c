// expect: policies::retry must have next_wait(const failed_attempt&) -> std::optional<duration> and succeeded(int)
#include <s3store/client/client.hpp>

struct wrong {
  std::optional<s3store::duration> next_wait(const s3store::failed_attempt&);  // and no succeeded(int)
};
struct policies : s3store::default_policies {
  using retry = wrong;
};

s3store::basic_client<policies> client;
