#include <cstdio>

#include <s3store/s3store.hpp>

int main() { std::puts(s3store::version); }
