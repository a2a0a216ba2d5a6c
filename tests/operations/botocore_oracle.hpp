// What does botocore make of it? All questions of a test in one process of Python.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/core/text.hpp>

#include "support/python.hpp"

namespace test {

/// The answers to questions as botocore_oracle.py takes them, in their order.
inline std::vector<nlohmann::json> ask_botocore(const std::vector<nlohmann::json>& questions) {
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  const std::string script = std::string(source ? source : ".") + "/tests/operations/botocore_oracle.py";
  std::string input;
  for (const auto& question : questions) input += question.dump() + "\n";
  const std::string out = run_python("import runpy\nrunpy.run_path(r'''" + script + "''', run_name='__main__')\n", input);
  std::vector<nlohmann::json> answers;
  s3store::detail::split(out, '\n', [&](std::string_view line) {
    if (!line.empty()) answers.push_back(nlohmann::json::parse(line));
  });
  REQUIRE(answers.size() == questions.size());
  return answers;
}

}  // namespace test
