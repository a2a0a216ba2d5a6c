#include <cstdio>

#include <s3store/s3store.hpp>

int main(int arguments, char**) {
  if (arguments > 1) {  // never: but a call has to link
    s3store::client s3{{.endpoint = "http://127.0.0.1:9"}};
    return s3.head_object({.bucket = "b", .key = "k"}).has_value();
  }
  std::puts(s3store::version);
}
