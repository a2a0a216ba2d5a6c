// Which types are the library's own? core/optional.hpp and core/vector.hpp make those cheap to compile.
//
// They are asked of every optional and every vector of a program, whatever it is of, so the question must not touch the type: it may be
// incomplete, and stay so. The name tells, as the compiler spells it. (Argument-dependent lookup would tell, too, but it completes a
// class that is made of a template.) Where a compiler has no such spelling no type counts as ours, and nothing is lost but time.
#pragma once

#include <cstddef>

namespace s3store::inline v0::own {

#if defined(__GNUC__) || defined(__clang__)
/// "… [with T = int]" or "… [T = int]"
template <class T>
constexpr const char* spelling() noexcept { return __PRETTY_FUNCTION__; }

constexpr std::size_t place_of_name() noexcept {
  const char* const text = spelling<int>();
  std::size_t at = 0;
  while (text[at] != '=') ++at;
  return at + 2;
}
inline constexpr std::size_t name_at = place_of_name();

template <class T>
concept type = __builtin_strncmp(spelling<T>() + name_at, "s3store::", 9) == 0;
#else
template <class T>
concept type = false;
#endif

}  // namespace s3store::inline v0::own
