// What may a machine ask of the computer it runs on, besides the network? To read or replace a small file, and to run a program.
// Providers of credentials do.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/machine.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// Gives the file's bytes, or nothing if there is no such file. Fails with error_kind::io if it cannot be read, or is longer than
/// `max_bytes`.
struct read_file {
  std::string path{};
  std::size_t max_bytes{std::size_t{1} << 20};
};

/// Gives the file this content and mode 0600, and makes its folders (mode 0700) where they are missing. Whoever opens it meanwhile gets
/// the old content or the new one. Fails with error_kind::io.
struct replace_file {
  std::string path{};
  secret_string text{};
};

/// Runs a program, without a shell, with no input and with the environment of this process, and waits for its end. Gives what it wrote.
/// Fails with error_kind::io if it cannot be started or writes too much, and with error_kind::timeout if it takes too long; it is then
/// killed.
struct run_program {
  std::vector<std::string> command{};  ///< the program's path, or its name to be looked for in PATH; then its arguments
  duration limit{std::chrono::minutes{1}};
  std::size_t max_bytes{std::size_t{1} << 20};  ///< of its output
};

struct local_task {
  std::variant<read_file, replace_file, run_program> what{};
};

/// What came of a task.
struct local_output {
  std::optional<secret_string> text{};  ///< the file's content, or the program's standard output
  int exit_status{};                    ///< of the program; 128 and the signal's number if a signal ended it
  std::string errors{};                 ///< the first 4,096 bytes of what the program wrote to its standard error
};

/// May the machine ask for such tasks?
template <class M>
concept does_local_tasks = requires(M& m, result<local_output> out) { m.local_done(std::move(out)); };

}  // namespace s3store::inline S3STORE_ABI::sans_io
