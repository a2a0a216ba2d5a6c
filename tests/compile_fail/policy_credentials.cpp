// expect: policies::credentials must have fetch() that gives a machine whose value_type is auth::credentials
#include <s3store/client/client.hpp>

struct wrong {
  s3store::auth::credentials fetch() const;  // credentials, and no machine that gets them
};
struct policies : s3store::default_policies {
  using credentials = wrong;
};

s3store::basic_client<policies> client;
