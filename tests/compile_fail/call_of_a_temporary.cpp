// expect: deleted
#include <s3store/client/client.hpp>
#include <s3store/operations/object/put_object.hpp>

void start(const s3store::client& s3) { s3store::sans_io::call machine{s3store::put_object_request{}, s3.shared(), {}}; }
