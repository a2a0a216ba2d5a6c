#include <s3store/s3store.hpp>

const char* const* version_seen_by_the_other();
const char* const* version_seen_by_the_other() { return &s3store::version; }
