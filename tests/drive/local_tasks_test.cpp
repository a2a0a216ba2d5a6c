// Are files read and replaced, and programs run, as a machine asks for it?
#include <s3store/drive/local_tasks.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>

#include <s3store/drive/loop.hpp>

#include "drive/machines.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using namespace std::chrono_literals;

namespace {

result<sans_io::local_output> shell(std::string script, duration limit = 30s, std::size_t max_bytes = 1 << 20) {
  return sans_io::perform({sans_io::run_program{{"/bin/sh", "-c", std::move(script)}, limit, max_bytes}});
}
std::string text_of(const result<sans_io::local_output>& out) {
  return out ? std::string(out->text ? out->text->reveal() : "nothing") : out.error().describe();
}
std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}
unsigned mode_of(const std::string& path) {
  struct ::stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

}  // namespace

TEST_CASE("a program's output, errors and exit status are told", "[drive]") {
  const auto out = shell("echo out; echo err >&2; exit 3");
  REQUIRE(out);
  CHECK(text_of(out) == "out\n");
  CHECK(out->errors == "err\n");
  CHECK(out->exit_status == 3);

  CHECK(shell("kill -9 $$")->exit_status == 128 + SIGKILL);
  CHECK(text_of(shell("cat")) == "");  // its input is empty
  // More than a pipe holds, and errors that nobody needs in full.
  const auto large = shell("head -c 300000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero | tr '\\0' e >&2");
  REQUIRE(large);
  CHECK(text_of(large) == std::string(300'000, 'x'));
  CHECK(large->errors == std::string(4096, 'e'));
}

TEST_CASE("a program that does not end, does not start or does not stop writing is an error", "[drive]") {
  const auto slow = shell("exec sleep 600", 20ms);
  REQUIRE_FALSE(slow);
  CHECK(slow.error().kind == error_kind::timeout);
  CHECK(slow.error().message == "/bin/sh did not end within 20 ms");

  const auto loud = shell("exec yes", 30s, 10'000);
  REQUIRE_FALSE(loud);
  CHECK(loud.error().kind == error_kind::io);
  CHECK(loud.error().message == "/bin/sh wrote more than the 10000 bytes accepted");
  CHECK(text_of(shell("printf 0123456789", 30s, 10)) == "0123456789");

  const auto none = sans_io::perform({sans_io::run_program{{"/nonexistent/program"}}});
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == error_kind::io);
  CHECK(none.error().message == "cannot run /nonexistent/program: No such file or directory");
  CHECK_FALSE(sans_io::perform({sans_io::run_program{}}));
}

TEST_CASE("a program's end counts, and not what it leaves behind or closes early", "[drive]") {
  CHECK(text_of(shell("sleep 600 & echo over; kill -9 $$")) == "over\n");  // the sleep still has the pipe
  CHECK(shell("exec >&- 2>&-; exit 7")->exit_status == 7);
}

TEST_CASE("a program gets this process's variables, and none of its files and signals", "[drive]") {
  ::setenv("S3STORE_LOCAL_TASK", "here", 1);
  CHECK(text_of(shell("printf %s \"$S3STORE_LOCAL_TASK\"")) == "here");
  ::unsetenv("S3STORE_LOCAL_TASK");

  const auto ignored = std::signal(SIGPIPE, SIG_IGN);
  // Ignored, it would be an error of the writer, and not its end.
  CHECK(text_of(shell("(while :; do echo x || exit; done) | head -1; echo over")) == "x\nover\n");
  std::signal(SIGPIPE, ignored);

  // The pipes of one program are not open in another.
  const std::string count = "ls /proc/self/fd | wc -l", alone = text_of(shell(count));
  const sans_io::local_task task{sans_io::run_program{{"/bin/sleep", "600"}}};
  const sans_io::running_task other{task};
  CHECK(text_of(shell(count)) == alone);
}

TEST_CASE("a task that is given up ends its program", "[drive]") {
  const testing_support::scratch_folder folder;
  const std::string id_file = folder.path() + "/id";
  long id = 0;
  {
    const sans_io::local_task task{sans_io::run_program{{"/bin/sh", "-c", "echo $$ > " + id_file + "; exec sleep 600"}}};
    sans_io::running_task running{task};
    CHECK_FALSE(running.ended((steady_time::min)()));
    while (content(id_file).empty()) CHECK_FALSE(running.ended(std::chrono::steady_clock::now() + 1ms));
    id = std::stol(content(id_file));
    CHECK(::kill(static_cast<::pid_t>(id), 0) == 0);
  }
  CHECK(::kill(static_cast<::pid_t>(id), 0) != 0);
}

TEST_CASE("small files are read whole or not at all", "[drive]") {
  const testing_support::scratch_folder folder;
  const std::string path = folder.path() + "/f";
  const auto read = [&](std::size_t most = 100) { return sans_io::perform({sans_io::read_file{path, most}}); };
  CHECK(text_of(read()) == "nothing");  // there is no such file
  std::ofstream(path) << "0123456789";
  CHECK(text_of(read()) == "0123456789");
  CHECK(text_of(read(10)) == "0123456789");
  const auto long_one = read(9);
  REQUIRE_FALSE(long_one);
  CHECK(long_one.error().kind == error_kind::io);
  CHECK(sans_io::perform({sans_io::read_file{folder.path()}}).error().kind == error_kind::io);
}

TEST_CASE("a file is replaced in one step, and is only for its owner", "[drive]") {
  const testing_support::scratch_folder folder;
  const std::string path = folder.path() + "/new/deep/f";
  const auto replace = [&](const char* text) { return sans_io::perform({sans_io::replace_file{path, text}}); };
  REQUIRE(replace("one"));
  CHECK(content(path) == "one");
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(folder.path() + "/new") == 0700);
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  REQUIRE(replace("two"));
  CHECK(content(path) == "two");
  CHECK(mode_of(path) == 0600);

  const auto into_a_file = sans_io::perform({sans_io::replace_file{path + "/below", "x"}});
  REQUIRE_FALSE(into_a_file);
  CHECK(into_a_file.error().kind == error_kind::io);
  CHECK(content(path) == "two");
}

namespace {

/// A machine that runs a program.
struct running_machine {
  using value_type = std::string;
  explicit running_machine(std::string script) : task{sans_io::run_program{{"/bin/sh", "-c", std::move(script)}}} {}
  sans_io::step next(instants) {
    if (!told) return sans_io::local{&task};
    return sans_io::done{};
  }
  void sent(http::outcome) {}
  void local_done(result<sans_io::local_output> out) { told = text_of(out); }
  result<std::string> finish() { return *told; }

  sans_io::local_task task;
  std::optional<std::string> told{};
};
static_assert(sans_io::does_local_tasks<running_machine> && !sans_io::does_local_tasks<test::planned>);

}  // namespace

TEST_CASE("a loop goes on with other machines while a program runs", "[drive][loop]") {
  const testing_support::scratch_folder folder;
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  test::small_session shared;
  scripted_transport server{shared.clock};
  server.answer(200);
  // The first program ends only once the second has written, so they must run at the same time.
  running_machine reads{"cat " + pipe}, writes{"echo hello > " + pipe};
  test::planned sends{"s"};
  std::string order;
  loop_driver<test::small_session, scripted_transport> loop{shared, server};
  loop.start(reads, [&](result<std::string> r) { order += "read " + r.value(); });
  loop.start(sends, [&](result<std::string> r) { order += r.value(); });
  loop.start(writes, [&](result<std::string> r) { order += r.value(); });
  loop.run();
  CHECK(order == "sent read hello\n");
}

TEST_CASE("the blocking driver runs a machine's program", "[drive]") {
  test::small_session shared;
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};
  running_machine m{"printf hello"};
  CHECK(*sans_io::drive(m, shared, server, sleeper) == "hello");
}
