// How does a test fork? The child runs a function and reports with its exit status; a child that hangs is ended by an alarm.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace testing_support {

class child {
 public:
  static constexpr unsigned longest = 15;  // seconds

  /// Forks, and runs `f` in the child; its number, from 0 to 255, is what `wait` gives.
  template <class F>
  explicit child(F&& f) : id_(::fork()) {
    if (id_ < 0) throw std::runtime_error("the test cannot fork");
    if (id_ == 0) exit_with(std::forward<F>(f));
  }
  /// Takes what fork has returned in the parent.
  explicit child(pid_t id) : id_(id) {}
  ~child() { wait(); }
  child(child&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  child& operator=(child&&) = delete;

  /// For the child: runs `f` and ends the process with its number, without what a normal end does; it is the parent's to do.
  template <class F>
  [[noreturn]] static void exit_with(F&& f) {
    ::alarm(longest);
    int status = 99;
    try {
      status = f();
    } catch (...) {
    }
    ::_exit(status);
  }

  /// The exit status, or 1000 and the signal that ended it; SIGALRM if it hung.
  int wait() {
    if (id_ < 0) return status_;
    int how = 0;
    while (::waitpid(id_, &how, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    return status_ = WIFEXITED(how) ? WEXITSTATUS(how) : 1000 + WTERMSIG(how);
  }

 private:
  pid_t id_;
  int status_{-1};
};

}  // namespace testing_support
