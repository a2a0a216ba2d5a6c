// expect: policies::clock must have now() const -> instants
#include <s3store/client/client.hpp>

struct wrong {
  s3store::instants now();  // not const
};
struct policies : s3store::default_policies {
  using clock = wrong;
};

s3store::basic_client<policies> client;
