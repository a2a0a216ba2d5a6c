// expect: deleted
#include <s3store/transfer/upload.hpp>

void start(const s3store::client& s3) { s3store::uploading machine{s3store::upload_request{}, s3.shared()}; }
