#!/usr/bin/env bash
# Lets credentials of MinIO's STS really end, under a client that uses them all the time. Takes 17 minutes, so it is no part of the suite,
# which moves the clock of the embedded S3 instead. Run scripts/test.sh before: it builds the tests and the server.
#
#   scripts/real_expiry.sh
set -euo pipefail

case "${1:-}" in -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;; esac
cd "$(dirname "$0")/.."
export S3STORE_CACHE=${S3STORE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/s3store} S3STORE_SOURCE_DIR=$PWD
exec "$S3STORE_CACHE/venv/bin/python" scripts/with_servers.py --without=versitygw --without=moto -- build/dev/tests/s3store_live_tests "[real_expiry]"
