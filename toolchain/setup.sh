#!/bin/sh
# Makes everything present that the commands of this repository need; quick and silent when it is.
# Usage: sh toolchain/setup.sh [lab|test]
#   lab: fail, not only remark, when this host cannot run the lab;  test: with what the tests need beside it
set -eu

say() { printf 'set-up: %s\n' "$*" >&2; }

fail() {
  printf 'set-up failed. %s\n' "$*" >&2
  exit 1
}

# One set-up at a time per checkout and per Pulumi home. The kernel drops the locks when their holder dies.
take_locks() {
  home=${PULUMI_HOME:-${HOME:?is not set, and PULUMI_HOME neither}/.pulumi}
  mkdir -p build "$home" || fail "Cannot write to $home."
  exec 8>build/setup.lock 9>"$home/logos-setup.lock"
  command -v flock >/dev/null || return 0
  flock -n 8 || { say "waiting for another set-up of this checkout"; flock 8; }
  flock -n 9 || { say "waiting for another set-up in $home"; flock 9; }
}

# node_modules equals the lock file if a copy of the lock file, made after the installation, still does.
ensure_node_modules() {
  stamp=node_modules/.logos-installed-lock
  cmp -s package-lock.json "$stamp" && [ -x node_modules/.bin/node ] && return
  rm -f "$stamp"
  if ! { command -v node && command -v npm; } >/dev/null; then
    fail "Node 20 or newer, with npm, is needed to begin with. Install it from https://nodejs.org or your distribution."
  fi
  if ! node toolchain/modules-installed.mjs; then
    say "installing npm packages into node_modules"
    # A node left here by a killed installation would be found before the system's.
    rm -rf node_modules/.bin
    npm ci --loglevel=error >&2 || fail "npm ci failed; its own message is above."
  fi
  # npm 10 installs the Node package of this platform, but does not link its program.
  [ -x node_modules/.bin/node ] || ln -sf "../node-linux-$(node -p process.arch)/bin/node" node_modules/.bin/node
  [ -x node_modules/.bin/node ] || fail "There is no Node 24 in node_modules for $(uname -sm); Linux on x64 or arm64 is needed."
  cp package-lock.json "$stamp.new"
  mv "$stamp.new" "$stamp"
}

# Said before anything is downloaded or compiled for a host that cannot run it.
ensure_lab_host() {
  [ "$(uname -s)" = Linux ] || fail "The lab runs machines on this host with systemd-nspawn, which needs Linux; this is $(uname -s)."
  [ "$(id -u)" = 0 ] || fail "The lab makes bridges, mounts and machines on this host, which needs root. Run the same command as root, with sudo for one."
}

unset CDPATH
cd "$(dirname "$0")/.."
[ "${1-}" != lab ] || ensure_lab_host
take_locks
ensure_node_modules
# Downloads go through the proxy and trust the certificates that this machine is set up with.
NODE_USE_ENV_PROXY=1 NODE_USE_SYSTEM_CA=1 exec node_modules/.bin/node toolchain/setup.ts "$@"
