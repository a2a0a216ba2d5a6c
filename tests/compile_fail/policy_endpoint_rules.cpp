// expect: policies::endpoint_rules must have resolve(const endpoint_query&) const -> result<endpoint>
#include <s3store/client/client.hpp>

struct wrong {
  s3store::endpoint resolve(const s3store::endpoint_query&) const;  // without a way to fail
};
struct policies : s3store::default_policies {
  using endpoint_rules = wrong;
};

s3store::basic_client<policies> client;
