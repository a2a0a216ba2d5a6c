// expect: deleted
#include <string>

#include <s3store/http/body.hpp>

std::string made();
const s3store::http::body b = s3store::http::body::borrow(made());
