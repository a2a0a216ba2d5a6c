// How are files read and programs run? The definitions for local_tasks.hpp.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#ifdef _WIN32
#include <direct.h>
#else
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <s3store/config/files.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/text.hpp>
#include <s3store/drive/local_tasks.hpp>
#include <s3store/http/replacing_file.hpp>

#ifndef _WIN32
extern "C" char** environ;  // NOLINT(readability-redundant-declaration): not everywhere
#endif

namespace s3store::inline S3STORE_ABI::sans_io {

#ifdef _WIN32
struct running_task::program {
  program(const run_program&, result<local_output>& out) {
    out = detail::fail(error_kind::io, "programs cannot be run on Windows yet");
  }
  bool ended(steady_time, result<local_output>&) { return true; }
};
#else

/// A program with two pipes from it. Nothing here is inherited by other programs that this process starts.
struct running_task::program {
  /// On failure, `out` has the error.
  program(const run_program& what, result<local_output>& out) : max_bytes_(what.max_bytes) {
    name_ = what.command.empty() ? std::string{} : what.command.front();
    limit_ = what.limit;
    due_ = detail::saturating_add(std::chrono::steady_clock::now(), what.limit);
    if (name_.empty()) {
      out = detail::fail(error_kind::io, "the command that is to be run is empty");
      return;
    }
    if (const int code = start(what.command); code != 0) {
      out = detail::fail(error_kind::io, {"cannot run ", name_, ": ", std::generic_category().message(code)});
      return;
    }
    runs_ = true;
  }
  ~program() {
    if (!runs_ || process_ != detail::process_id()) return;
    ::kill(id_, SIGKILL);
    reap(0);
  }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  bool ended(steady_time until, result<local_output>& out) {
    for (int pause_ms = 1;; pause_ms = (std::min)(2 * pause_ms, 50)) {
      const bool exited = reap(WNOHANG);  // asked before the pipes, so that all that it wrote is in them
      if (!output_.take(max_bytes_)) {
        out = detail::fail(error_kind::io, {name_, " wrote more than the ", detail::decimal(max_bytes_), " bytes accepted"});
        return true;
      }
      errors_.take(shown_errors);
      if (exited) {
        out = local_output{.text = secret_string{std::string_view{output_.text}}, .exit_status = status_, .errors = std::string{std::string_view{errors_.text}}};
        return true;
      }
      const steady_time now = std::chrono::steady_clock::now();
      if (now >= due_) {
        out = detail::fail(error_kind::timeout, {name_, " did not end within ", detail::decimal(detail::whole_milliseconds(limit_)), " ms"});
        return true;
      }
      if (now >= until) return false;
      const auto left = detail::whole_milliseconds((std::min)(until, due_) - now);
      ::pollfd ends[] = {{output_.end.number, POLLIN, 0}, {errors_.end.number, POLLIN, 0}};  // a negative number is passed over
      ::poll(ends, 2, static_cast<int>((std::clamp)(left, std::int64_t{1}, std::int64_t{pause_ms})));
    }
  }

 private:
  static constexpr std::size_t shown_errors = 4096;

  struct descriptor {
    descriptor() = default;
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(); }
    void close() noexcept {
      if (const int open = std::exchange(number, -1); open >= 0) ::close(open);
    }
    int number{-1};
  };

  /// The reading end of a pipe, and what came out of it.
  struct stream {
    /// Reads what is there. False if that is more than `most` bytes in all; they are then dropped.
    bool take(std::size_t most) {
      char piece[4096];
      while (end.number >= 0) {
        const auto n = ::read(end.number, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (n <= 0) {
          end.close();
          break;
        }
        const auto got = static_cast<std::size_t>(n), room = most - (std::min)(most, text.size());
        text.append(std::string_view{piece, (std::min)(got, room)});
        detail::wipe(piece, got);
        if (got > room) whole = false;
      }
      return whole;
    }

    descriptor end{};
    detail::wiped_text text{};
    bool whole{true};
  };

  static int open_pipe(descriptor& from, descriptor& to) noexcept {
    int ends[2];
#ifdef __linux__
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
#else
    if (::pipe(ends) != 0) return errno;
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
    from.number = ends[0];
    to.number = ends[1];
    return ::fcntl(from.number, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  }

  /// Returns 0, or an error number.
  int start(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));  // POSIX promises not to write there
    arguments.push_back(nullptr);

    descriptor to_output, to_errors;
    if (const int code = open_pipe(output_.end, to_output); code != 0) return code;
    if (const int code = open_pipe(errors_.end, to_errors); code != 0) return code;

    ::posix_spawn_file_actions_t actions;
    ::posix_spawnattr_t attributes;
    if (const int code = ::posix_spawn_file_actions_init(&actions); code != 0) return code;
    if (const int code = ::posix_spawnattr_init(&attributes); code != 0) return ::posix_spawn_file_actions_destroy(&actions), code;
    ::sigset_t none, broken_pipe;
    ::sigemptyset(&none);
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    int code = ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0) code = ::posix_spawn_file_actions_adddup2(&actions, to_output.number, STDOUT_FILENO);
    if (code == 0) code = ::posix_spawn_file_actions_adddup2(&actions, to_errors.number, STDERR_FILENO);
    // What this process blocks or ignores is its own affair.
    if (code == 0) code = ::posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0) code = ::posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
    if (code == 0) code = ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (code == 0) code = ::posix_spawnp(&id_, arguments.front(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return code;
  }

  /// True once the program has ended. If this process has told the system to forget its children (SIGCHLD is ignored), how it ended
  /// is not known, and counts as success.
  bool reap(int how) noexcept {
    int status = 0;
    ::pid_t got = 0;
    do {
      got = ::waitpid(id_, &status, how);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    runs_ = false;
    status_ = got < 0 ? 0 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }

  std::string name_;
  std::size_t max_bytes_;
  duration limit_{};
  steady_time due_{};
  ::pid_t id_{};
  int process_{detail::process_id()};  // in a child of this process, the program is none of its own
  bool runs_{};
  int status_{};
  stream output_{}, errors_{};
};
#endif

S3STORE_INLINE running_task::running_task(const local_task& of) : out_(local_output{}) {
  if (const auto* const file = std::get_if<read_file>(&of.what)) {
    read(*file);
  } else if (const auto* const replacement = std::get_if<replace_file>(&of.what)) {
    replace(*replacement);
  } else {
    program_ = detail::make_owned<program>(std::get<run_program>(of.what), out_);
    if (!out_) program_.reset();
  }
}
S3STORE_INLINE running_task::~running_task() = default;

S3STORE_INLINE void running_task::read(const read_file& what) {
  auto text = config::read_file_if_present(what.path, what.max_bytes);
  if (!text) {
    out_ = std::move(text.error());
  } else if (*text) {
    out_->text = secret_string{std::move(**text)};
  }
}

S3STORE_INLINE void running_task::replace(const replace_file& what) {
  for (auto slash = what.path.find('/', 1); slash != std::string::npos; slash = what.path.find('/', slash + 1)) {
    const std::string folder = what.path.substr(0, slash);
#ifdef _WIN32
    static_cast<void>(::_mkdir(folder.c_str()));
#else
    static_cast<void>(::mkdir(folder.c_str(), 0700));  // if it cannot be made, and is not there, opening the file says so
#endif
  }
  auto file = detail::replacing_file::open(what.path, 0600);
  auto done = file ? file->sink().write(detail::as_bytes(what.text.reveal())) : result<void>{file.error()};
  if (done) done = file->keep(true);
  if (!done) out_ = std::move(done.error());
}

S3STORE_INLINE bool running_task::ended(steady_time until) { return !program_ || program_->ended(until, out_); }
S3STORE_INLINE result<local_output> running_task::finish() { return std::move(out_); }

S3STORE_INLINE result<local_output> perform(const local_task& what) {
  try {
    running_task task{what};
    static_cast<void>(task.ended((steady_time::max)()));
    return task.finish();
  } catch (const std::bad_alloc&) {
    return detail::out_of_memory();
  }
}

}  // namespace s3store::inline S3STORE_ABI::sans_io
