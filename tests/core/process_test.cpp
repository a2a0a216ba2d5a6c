#include <s3store/core/process.hpp>

#include <atomic>
#include <thread>

#include "support/catch.hpp"
#include "support/child.hpp"

#include <s3store/core/cancel.hpp>

using namespace s3store;
using testing_support::child;

namespace {

struct counted {
  void forked() noexcept { ++forks; }
  std::mutex guard{};
  int value{};
  int forks{};
};

/// Calls `f` while another thread holds the lock.
template <class F>
void while_locked(std::mutex& guard, F&& f) {
  std::atomic<bool> held{false}, over{false};
  std::thread other{[&] {
    const std::lock_guard lock{guard};
    held = true;
    while (!over) std::this_thread::yield();
  }};
  while (!held) std::this_thread::yield();
  f();
  over = true;
  other.join();
}

}  // namespace

TEST_CASE("a process's id is the same for all of its life, and a child's is another", "[fork]") {
  const int here = detail::process_id();
  CHECK(here == ::getpid());
  CHECK(detail::process_id() == here);
  CHECK(child{[&] {
          if (detail::process_id() != ::getpid()) return 1;
          return child{[] { return detail::process_id() == ::getpid() ? 0 : 1; }}.wait();
        }}.wait() == 0);
  CHECK(detail::process_id() == here);
}

TEST_CASE("a child goes on with its copy of what nobody was changing at the fork", "[fork]") {
  detail::per_process<counted> of;
  of.get().value = 7;
  CHECK(child{[&] {
          if (of.get().value != 7 || of.get().forks != 1) return 1;
          of.get().value = 8;
          return child{[&] { return of.get().value == 8 && of.get().forks == 2 ? 0 : 2; }}.wait();
        }}.wait() == 0);
  CHECK(of.get().value == 7);
  CHECK(of.get().forks == 0);
}

TEST_CASE("a child does not wait for a lock that a thread of its parent held at the fork", "[fork]") {
  auto of = std::make_unique<detail::per_process<counted>>();
  of->get().value = 7;
  while_locked(of->get().guard, [&] {
    CHECK(child{[&] {
            {
              const std::lock_guard lock{of->get().guard};
              if (of->get().value != 0) return 1;  // the copy may have been half-changed
              of->get().value = 8;
            }
            if (of->get().value != 8) return 2;
            of.reset();
            return 0;
          }}.wait() == 0);
    CHECK(child{[&] {
            of.reset();  // without a use in the child
            return 0;
          }}.wait() == 0);
  });
  CHECK(of->get().value == 7);
}

TEST_CASE("after a fork, parent and child cancel their own waits", "[fork][cancel]") {
  const cancel_source source;
  int woken = 0;
  const auto wake = [](void* count) { ++*static_cast<int*>(count); };
  auto waits = std::make_unique<cancel_waiter>(source.token(), &woken, wake);
  CHECK(child{[&] {
          source.cancel();
          if (woken != 0 || !source.token().cancelled()) return 1;
          const cancel_waiter late{source.token(), &woken, wake};
          waits.reset();
          return 0;
        }}.wait() == 0);
  CHECK_FALSE(source.token().cancelled());
  source.cancel();
  CHECK(woken == 1);
}
