#!/usr/bin/env bash
# The whole suite without servers, built and run by each compiler and library that is supported. Takes hours; CI compiles one file of every
# header and the main job for each instead (tests/checks/variant.py).
#
#   scripts/test_variants.sh [NAME...]      all unless named: header_only single_header debug_mode assertions cpp23 clang_14 clang_19
#                                           libcxx_14 libcxx_19
#
# libc++ 14 and 19 cannot be installed together: the one that is asked for is installed in the other's place.
set -euo pipefail

case "${1:-}" in -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;; esac
cd "$(dirname "$0")/.."
source scripts/common.sh

install_packages "${library_packages[@]}" catch2 libcpp-httplib-dev libxxhash-dev pkg-config ccache clang-14 clang-19

suite() {  # NAME CMAKE_ARGUMENT...
  local name=$1; shift
  say "Variant $name"
  cmake -S . -B "build/variant_$name" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DS3STORE_BUILD_EXAMPLES=OFF -DS3STORE_BUILD_BENCHMARKS=OFF \
    -DS3STORE_TESTS_AGAINST=header_only "$@" </dev/null
  cmake --build "build/variant_$name" --target s3store_tests s3store_secrets </dev/null
  ctest --test-dir "build/variant_$name" -L unit --output-on-failure --no-tests=error --parallel "$(nproc)" </dev/null
}
libcxx() {  # VERSION: Catch2 is built with libstdc++, so its header-only form is compiled anew
  local flags="-stdlib=libc++ -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE"
  install_packages "libc++-$1-dev" "libc++abi-$1-dev"
  suite "libcxx_$1" -DCMAKE_CXX_COMPILER="clang++-$1" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_EXE_LINKER_FLAGS=-stdlib=libc++
}

[ $# -gt 0 ] || set -- header_only single_header debug_mode assertions cpp23 clang_14 clang_19 libcxx_19 libcxx_14
for name in "$@"; do
  case "$name" in
    header_only) suite "$name" ;;
    single_header) suite "$name" -DS3STORE_TESTS_AGAINST=single_header ;;
    debug_mode) suite "$name" -DCMAKE_CXX_FLAGS=-D_GLIBCXX_DEBUG ;;
    assertions) suite "$name" -DCMAKE_CXX_FLAGS=-D_GLIBCXX_ASSERTIONS ;;
    cpp23) suite "$name" -DCMAKE_CXX_STANDARD=23 ;;
    clang_14 | clang_19) suite "$name" -DCMAKE_CXX_COMPILER="clang++-${name#clang_}" ;;
    libcxx_14 | libcxx_19) libcxx "${name#libcxx_}" ;;
    *) die "there is no variant '$name'; see scripts/test_variants.sh --help" ;;
  esac
done
