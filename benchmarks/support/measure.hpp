// How is a ratio measured on a machine that does other things, too? By many short pairs of runs, ours and the floor in turn, in one
// process: what disturbs one disturbs the other, and the median of the pairs' ratios forgets the rest.
#pragma once

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

namespace bench {

/// What a benchmark found. `ratio` is the median of the pairs' ratios, and so not quite the quotient of the other two medians.
struct finding {
  double ratio{};
  double ours{};
  double floor{};
  const char* unit{};
  int runs{};  ///< pairs
};

/// CPU time of this thread so far, in seconds: the server's and other threads' is not in it.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

inline double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

struct effort {
  int pairs{};
  int calls{};  ///< of ours, and of the floor, in one run
};

/// Measures two functions that do the same work. What each does first (connections, buffers, keys) is left out by a run that is not
/// counted.
template <class Ours, class Floor>
finding measure(effort how, Ours&& ours, Floor&& floor) {
  const auto time = [&how](auto& call) {
    const double start = cpu_seconds();
    for (int i = 0; i != how.calls; ++i) call();
    return (cpu_seconds() - start) / how.calls * 1e6;
  };
  time(ours);
  time(floor);

  std::vector<double> ours_took, floor_took, ratios;
  for (int i = 0; i != how.pairs; ++i) {
    const bool ours_first = i % 2 == 0;
    double first = ours_first ? time(ours) : time(floor);
    double second = ours_first ? time(floor) : time(ours);
    if (!ours_first) std::swap(first, second);
    ours_took.push_back(first);
    floor_took.push_back(second);
    ratios.push_back(first / second);
  }
  return {median(ratios), median(ours_took), median(floor_took), "us", how.pairs};
}

/// Makes the compiler believe that a value is looked at, so that it must be computed.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace bench
