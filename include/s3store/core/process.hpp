// Does this code still run in the process that an object was made in? After fork, the child has a copy of all memory: of connections,
// which are the parent's, and of locks, which stay locked for ever if another thread held them, because only the thread that called
// fork is in the child.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <new>

#ifndef _WIN32
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::detail {

#if defined(__linux__) && defined(MADV_WIPEONFORK)

/// Remembers a process's id on a page of memory that the kernel empties in every child, however that was made; since Linux 4.14.
/// Asking the kernel each time would take a system call, several times in every request.
class remembered_process_id {
 public:
  remembered_process_id() noexcept {
    const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (::madvise(page, size, MADV_WIPEONFORK) == 0) {
      known_ = ::new (page) std::atomic<int>{0};
    } else {
      ::munmap(page, size);
    }
  }

  int get() const noexcept {
    if (!known_) return ::getpid();
    if (const int id = known_->load(std::memory_order_relaxed); id != 0) return id;
    const int id = ::getpid();
    known_->store(id, std::memory_order_relaxed);
    return id;
  }

 private:
  static_assert(std::atomic<int>::is_always_lock_free);  // then all bits zero is the number zero
  std::atomic<int>* known_{};                            // never unmapped; null: this kernel can't do it
};

/// The same number during all of a process's life, and another one in a child. Costs about as much as reading a variable.
inline int process_id() noexcept {
  static const remembered_process_id remembered;
  return remembered.get();
}

#elif !defined(_WIN32)
inline int process_id() noexcept { return ::getpid(); }
#else
inline int process_id() noexcept { return 0; }  // no fork
#endif

/// Keeps a `T` for the threads of a process, which lock its member `guard` while they use it. If no thread held the lock when a child
/// was forked off, the child goes on with its copy, of which `T::forked()` is called once, with the lock held. If one did, the copy
/// may be half-changed: the child leaves it alone, which leaks it, and begins with a new `T`.
template <class T>
class per_process {
 public:
  per_process() : now_(new kept) {}
  per_process(const per_process&) = delete;
  per_process& operator=(const per_process&) = delete;
  ~per_process() {
    kept* const last = now_.load(std::memory_order_relaxed);
    if (last->process.load(std::memory_order_relaxed) != process_id()) {
      if (!last->value.guard.try_lock()) return;
      last->value.guard.unlock();
    }
    delete last;
  }

  /// May be called from any thread. Throws std::bad_alloc, only in a child.
  T& get() {
    kept* const current = now_.load(std::memory_order_acquire);
    const int here = process_id();
    return current->process.load(std::memory_order_relaxed) == here ? current->value : inherited(current, here);
  }

 private:
  struct kept {
    std::atomic<int> process{process_id()};
    T value{};
  };

  T& inherited(kept* old, int here) {
    if (old->value.guard.try_lock()) {
      const std::lock_guard hold{old->value.guard, std::adopt_lock};
      if (old->process.load(std::memory_order_relaxed) != here) {
        old->value.forked();
        old->process.store(here, std::memory_order_relaxed);
      }
      return old->value;
    }
    auto* const fresh = new kept;
    if (now_.compare_exchange_strong(old, fresh, std::memory_order_acq_rel)) return fresh->value;
    delete fresh;  // another thread of this process was first
    return old->value;
  }

  std::atomic<kept*> now_;
};

}  // namespace s3store::inline S3STORE_ABI::detail
