// expect: deleted
#include <string>

#include <s3store/http/body.hpp>

std::string made();
s3store::http::memory_source from{made()};
