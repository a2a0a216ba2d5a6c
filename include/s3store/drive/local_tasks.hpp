// How does a driver do a machine's local tasks (http/local_task.hpp)? Files at once, since they are small and local. A program is
// started, and asked again and again whether it has ended, so that a loop can do other things meanwhile.
#pragma once

#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/local_task.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// A task under way. Not thread-safe. If it is destroyed before it has ended, its program is killed.
class running_task {
 public:
  /// Starts it. A failure is what `finish` returns. The task must outlive this.
  explicit running_task(const local_task& of);
  ~running_task();
  running_task(const running_task&) = delete;
  running_task& operator=(const running_task&) = delete;

  /// True once it has ended; then call `finish` once. Waits until then, but at most until `until`, by the steady clock.
  bool ended(steady_time until);
  result<local_output> finish();

 private:
  struct program;
  void read(const read_file& what);
  void replace(const replace_file& what);

  result<local_output> out_;
  detail::owned<program> program_{};  // null: no program runs
};

/// Does the task on this thread, and returns when it has ended. A failed allocation is an error, too.
result<local_output> perform(const local_task& what);

}  // namespace s3store::inline S3STORE_ABI::sans_io

#ifdef S3STORE_DEFINITIONS
#include <s3store/drive/local_tasks_impl.hpp>
#endif
