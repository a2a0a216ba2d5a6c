#!/usr/bin/env bash
# Builds the fuzz targets with Clang, AddressSanitizer and UndefinedBehaviorSanitizer, runs them one after the other, and prints a table.
#
#   scripts/fuzz.sh [--seconds N] [--seed N] [TARGET...]
#
#   --seconds N   how long each target runs; 60 unless given
#   --seed N      of the random numbers; another one each time unless given
#   TARGET        json, xml, embedded, ...: the files in fuzz/ without .cpp; all unless named
#
# Inputs that reach new code are kept in build/fuzz/corpus, and the next run begins with them. An input that breaks a property ends the
# script with an error; it is kept in build/fuzz/found. Once the fault is mended, it goes into fuzz/corpus under a name that says what it is.
set -euo pipefail

seconds=60 seed=0 targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) [ $# -ge 2 ] || { echo "fuzz.sh: --seconds needs a value" >&2; exit 2; }; seconds=$2; shift 2 ;;
    --seed) [ $# -ge 2 ] || { echo "fuzz.sh: --seed needs a value" >&2; exit 2; }; seed=$2; shift 2 ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;;
    -*) echo "fuzz.sh: there is no option '$1'; see scripts/fuzz.sh --help" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done

cd "$(dirname "$0")/.."
source scripts/common.sh
install_packages "${library_packages[@]}" ccache clang-14 libclang-rt-14-dev
for target in "${targets[@]}"; do
  [ -f "fuzz/$target.cpp" ] || die "there is no target '$target'; they are the files of fuzz/"
done
[ ${#targets[@]} -gt 0 ] || for file in fuzz/*.cpp; do targets+=("$(basename "$file" .cpp)"); done

cmake --preset fuzz -Wno-dev >/dev/null </dev/null
cmake --build build/fuzz --target "${targets[@]/#/fuzz_}" </dev/null

failed=0
printf '%-14s %12s %10s %8s %8s\n' target executions 'a second' edges inputs
for target in "${targets[@]}"; do
  kept=build/fuzz/corpus/$target found=build/fuzz/found log=build/fuzz/$target.log
  mkdir -p "$kept" "$found"
  build/fuzz/fuzz/fuzz_"$target" -max_total_time="$seconds" -seed="$seed" -max_len=4096 -timeout=20 -print_final_stats=1 \
    -artifact_prefix="$found/$target-" "$kept" "fuzz/corpus/$target" >"$log" 2>&1 </dev/null || {
    failed=1
    echo "$target failed:" >&2
    grep -E 'This does not hold|ERROR|runtime error|Test unit written' "$log" >&2 || tail -20 "$log" >&2
  }
  awk -v target="$target" '
    match($0, /cov: [0-9]+/) { edges = substr($0, RSTART + 5, RLENGTH - 5) }
    match($0, /corp: [0-9]+/) { inputs = substr($0, RSTART + 6, RLENGTH - 6) }
    /number_of_executed_units/ { executions = $2 }
    /average_exec_per_sec/ { rate = $2 }
    END { printf "%-14s %12d %10d %8d %8d\n", target, executions, rate, edges, inputs }' "$log"
done
exit $failed
