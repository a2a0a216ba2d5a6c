// How much memory does a piece of work take, beside what the process has? Linux tells the peak, and forgets it when asked to.
#pragma once

#include <malloc.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "measure.hpp"

namespace bench {

/// In MiB: "VmHWM", the peak of the resident memory, or "VmRSS", the resident memory now.
inline double memory_of_process(const std::string& what) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what + ":")) return std::strtod(line.c_str() + what.size() + 1, nullptr) / 1024;
  throw std::runtime_error("/proc/self/status does not tell " + what);
}

/// Beside 16 MiB, which are to be enough for a transfer from file to file.
template <class Work>
finding measure_memory(Work&& work) {
  ::malloc_trim(0);
  std::ofstream{"/proc/self/clear_refs"} << 5;
  const double before = memory_of_process("VmRSS");
  work();
  const double more = memory_of_process("VmHWM") - before;
  return {more / 16, more, 16, "MiB", 1};
}

}  // namespace bench
