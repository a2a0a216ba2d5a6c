// How are credentials got from a program? `credential_process` of a profile names one, which prints them.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/fetching.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Splits a command line into words as a shell does, without its other features: blanks separate, a backslash takes the next character as
/// it is, and so do single and double quotes; within double quotes a backslash does so only before `"` and `\`. Fails with
/// error_kind::configuration if a quote is not closed, if a backslash is the last character, or if there is no word.
result<std::vector<std::string>> split_command(std::string_view line);

/// Runs the program at every fetch, without a shell. Fails with error_kind::credentials if it ends with another status than 0 (the
/// message has the beginning of its standard error), or prints something else than a document of version 1; and as run_program does
/// (http/local_task.hpp).
class process_credentials {
 public:
  explicit process_credentials(std::string command_line, duration limit = std::chrono::minutes{1})
      : command_line_(std::move(command_line)), limit_(limit) {}
  any_fetch fetch() const;

 private:
  std::string command_line_;
  duration limit_;
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/process_impl.hpp>
#endif
