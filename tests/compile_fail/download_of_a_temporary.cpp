// expect: deleted
#include <s3store/transfer/downloading.hpp>

void start(const s3store::client& s3, s3store::download_target& to) { s3store::downloading machine{s3store::download_request{}, s3.shared(), to}; }
