// expect: policies::observer must have attempt_ended(const attempt_event&) const
#include <s3store/client/client.hpp>

struct wrong {
  void attempt_ended(const s3store::attempt_event&);  // not const
};
struct policies : s3store::default_policies {
  using observer = wrong;
};

s3store::basic_client<policies> client;
