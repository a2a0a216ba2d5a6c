// expect: policies::checksums must have for_upload(const operation_spec&, const store_profile&) and verify_downloads()
#include <s3store/client/client.hpp>

struct wrong {
  bool verify_downloads() const;
};
struct policies : s3store::default_policies {
  using checksums = wrong;
};

s3store::basic_client<policies> client;
