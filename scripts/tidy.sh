#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy over all headers: as the compiled library has them, and as a program that makes templates
# of them does. Takes a minute of CPU.
#
#   scripts/tidy.sh [FILE...]      more sources, which are compiled with -Iinclude -Itests
set -euo pipefail

case "${1:-}" in -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;; esac
cd "$(dirname "$0")/.."
source scripts/common.sh
install_packages "${library_packages[@]}" libcpp-httplib-dev clang-tidy-19 >/dev/null

failed=0
for file in src/s3store.cpp tests/checks/main_job.cpp "$@"; do
  say "$file"
  clang-tidy-19 --quiet "$file" -- -std=c++20 -Iinclude -Itests </dev/null || failed=1
done
exit $failed
