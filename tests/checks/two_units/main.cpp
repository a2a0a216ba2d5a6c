#include <s3store/s3store.hpp>

const char* const* version_seen_by_the_other();

int main() { return &s3store::version == version_seen_by_the_other() ? 0 : 1; }
