// expect: deleted
#include <s3store/client/client.hpp>

s3store::client twice(const s3store::client& client) { return client; }
