// Can a program say `using namespace s3store` beside the headers of POSIX, whose functions are named send, wait, read and close?
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include <s3store/s3store.hpp>

using namespace s3store;
using namespace std;

int main() {
  int status = 0;
  if (wait(&status) != -1 || send(-1, "x", 1, 0) != -1 || read(-1, &status, 1) != -1 || close(-1) != -1) return 1;
  const auto trimmed = [](string text) { return text.erase(0, text.find_first_not_of(' ')); };
  const string hex = "0f", fail = trimmed(" x"), concat = hex + fail;
  cout << std::hex << concat << '\n';
  put_object_request request{.bucket = "b", .key = "k", .body = "hello", .storage_class = "STANDARD_IA"};
  return request.storage_class == types::storage_class::standard_ia ? 0 : 1;
}
