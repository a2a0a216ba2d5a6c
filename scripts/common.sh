# What the scripts share. Read with `source`, from bash, in the project's folder.

say() { printf '\n==> %s\n' "$*"; }
die() { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "needs to be root for: $* (there is no sudo; run it as root once)"
  fi
}

# Installs those of the Debian packages that are missing.
install_packages() {
  command -v dpkg-query >/dev/null ||
    die "installs packages on Debian and Ubuntu only. Elsewhere, install the like of: $*; then configure with CMakePresets.json (see CONTRIBUTING.md)"
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "All packages are installed: $*"
    return
  fi
  say "Installing packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null
}

library_packages=(g++ cmake ninja-build libcurl4-openssl-dev libssl-dev libpugixml-dev nlohmann-json3-dev)
