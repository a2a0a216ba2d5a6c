#!/usr/bin/env bash
# The main job on this machine, in one command: stores evidence about a file in an S3, reads it back and verifies it.
#
#   scripts/quickstart.sh [FILE]      FILE is one of 20 MiB of random bytes unless given, so that it is uploaded in parts
#
# The S3 is the one that the library embeds, in the process itself. Set S3_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to use
# a real one. Works on Debian and Ubuntu; asks for root only if a package is missing.
set -euo pipefail

case "${1:-}" in -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;; esac

[ $# -le 1 ] || { echo "usage: scripts/quickstart.sh [FILE]" >&2; exit 2; }
[ $# -eq 0 ] || [ -r "$1" ] || { echo "quickstart.sh: cannot read the file '$1'" >&2; exit 2; }
file=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
source scripts/common.sh

install_packages "${library_packages[@]}" ca-certificates

say "Building the example examples/evidence_vault.cpp in build/quickstart"
cmake -S . -B build/quickstart -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DS3STORE_BUILD_TESTS=OFF -DS3STORE_BUILD_BENCHMARKS=OFF </dev/null
cmake --build build/quickstart --target evidence_vault </dev/null

if [ -z "$file" ]; then
  file=$PWD/build/quickstart/sample.bin
  head -c 20971520 /dev/urandom > "$file"
fi
say "Running build/quickstart/examples/evidence_vault $file, against ${S3_ENDPOINT_URL:-the embedded S3}"
exec build/quickstart/examples/evidence_vault "$file" </dev/null
