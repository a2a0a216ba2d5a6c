// How does a test ask Python? By a program and its standard input, with the interpreter that S3STORE_PYTHON names.
//
// An oracle that is missing is a failure: a comparison that silently does not happen proves nothing.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/catch.hpp"

namespace test {

/// A file that is gone with the object.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content = {}) {
    const char* directory = std::getenv("TMPDIR");
    path_ = std::string(directory && *directory ? directory : "/tmp") + "/s3store-test-XXXXXX";
    const int descriptor = ::mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    std::FILE* file = ::fdopen(descriptor, "wb");
    REQUIRE(file);
    REQUIRE(std::fwrite(content.data(), 1, content.size(), file) == content.size());
    REQUIRE(std::fclose(file) == 0);
  }
  ~temporary_file() { std::remove(path_.c_str()); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_{};
};

/// What the program writes to its standard output. Fails the test where Python is missing or the program fails.
inline std::string run_python(const std::string& program, const std::string& input = {}) {
  const char* python = std::getenv("S3STORE_PYTHON");
  if (!python || !*python) FAIL("S3STORE_PYTHON must name a Python that has botocore: this test compares with it");
  const temporary_file script{program}, standard_input{input};
  const std::string command = "\"" + std::string(python) + "\" " + script.path() + " < " + standard_input.path();
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::string out;
  char block[4096];
  for (std::size_t n; (n = std::fread(block, 1, sizeof block, pipe)) != 0;) out.append(block, n);
  const int status = ::pclose(pipe);
  INFO("the Python program failed; what it wrote to its standard output: " << out);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return out;
}

/// The same for a script of the project, whose arguments must need no quoting.
inline std::string run_python_script(const std::string& path, const std::string& arguments = {}, const std::string& input = {}) {
  const char* source = std::getenv("S3STORE_SOURCE_DIR");
  const std::string script = std::string(source ? source : ".") + "/" + path;
  const std::string program = "import runpy, sys\nsys.argv = '" + script + " " + arguments + "'.split()\nrunpy.run_path('" + script;
  return run_python(program + "', run_name='__main__')\n", input);
}

}  // namespace test
