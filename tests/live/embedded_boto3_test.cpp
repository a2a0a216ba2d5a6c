// Does boto3 find an S3 behind the embedded one? It runs every operation against it over HTTP, presigned URLs and forms included, so that
// the check of signatures is proven with botocore's own; and its forgeries are refused.
#include <cstdlib>
#include <string>

#include "support/catch.hpp"
#include "support/http_server.hpp"

namespace {

/// The status of a script of this folder, run against a new server.
int run(const std::string& script) {
  const char* const python = std::getenv("S3STORE_PYTHON");
  if (!python || !*python) FAIL("S3STORE_PYTHON must name a Python that has boto3: this test is driven by it");
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  if (!source || !*source) FAIL("S3STORE_SOURCE_DIR must name the folder of the project");
  testing_support::embedded_http_server server{s3store::embedded_s3{{.further_accounts = {"abc"}}}};
  const std::string command = "\"" + std::string(python) + "\" \"" + source + "/tests/live/" + script + "\" " + server.url();
  return std::system(command.c_str());
}

}  // namespace

TEST_CASE("boto3 works against the embedded S3", "[live][embedded]") { CHECK(run("boto3_drives_embedded.py") == 0); }

TEST_CASE("boto3 sets everything on the embedded S3 that can be set", "[live][embedded]") {
  CHECK(run("boto3_configures_embedded.py") == 0);
}
