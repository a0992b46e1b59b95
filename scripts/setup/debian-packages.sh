#!/usr/bin/env bash
# Finds out which system packages a purpose needs and lacks, and installs those.
# Usage: scripts/setup/debian-packages.sh run|dev|check|test|bench
# To add one: a line `needs PACKAGE "why" CHECK…` under the purpose that needs it.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

purpose="${1:-run}"
missing=()

# needs PACKAGES WHY CHECK…: the packages are missing when the check fails.
needs() {
  local packages="$1" why="$2"
  shift 2
  if ! "$@" >/dev/null 2>&1; then
    say "missing: $packages ($why)"
    read -ra names <<<"$packages"
    missing+=("${names[@]}")
  fi
}

links_programs() { has cc && echo 'int main(void){return 0;}' | cc -x c -include stdlib.h -o /dev/null -; }

has_broker() { rabbitmq_programs && has openssl; }
has_engine() { has podman && has runc && has iptables && [[ -x /usr/lib/podman/netavark && -x /usr/lib/podman/aardvark-dns ]]; }

needs "gcc libc6-dev" "the linker that Rust calls" links_programs
[[ $purpose != run ]] || needs "musl-tools" "the C compiler of the static program that hosts download" has musl-gcc
needs "postgresql" "the private database of the server and of the tests, version $POSTGRES_MINIMUM or newer" postgres_bin
if [[ $purpose != check && ! -x $TOOLS/bin/cargo-leptos ]]; then
  needs "libssl-dev pkg-config" "what cargo-leptos is linked with" pkg-config --exists openssl
fi
case "$purpose" in
  check | test) needs "git" "the checks look at tracked files only" has git ;;
esac
case "$purpose" in
  test | bench)
    needs "chromium fonts-liberation" "the browser of the journeys" chromium_path
    needs "podman runc netavark aardvark-dns iptables" "the engine of the container tests" has_engine
    needs "docker-compose" "what the agent brings stacks up with" has docker-compose
    needs "rabbitmq-server openssl" "the broker of the tests, also with TLS" has_broker
    ;;
esac
case "$purpose" in
  test) needs "redis-server" "the shared cache in the tests of Docker Hub; they start their own" has redis-server ;;
esac
case "$purpose" in
  bench) needs "wrk" "load for the REST measurements" has wrk ;;
esac

if ((${#missing[@]} > 0)); then
  "$ROOT/scripts/setup/apt-install.sh" "${missing[@]}"
  links_programs || fail "cc still cannot link a program: install a C compiler"
  postgres_bin >/dev/null || fail "PostgreSQL $POSTGRES_MINIMUM or newer is still missing: this system's package is too old"
  if [[ $purpose == test || $purpose == bench ]]; then
    chromium_path >/dev/null || fail "no Chromium that runs (Ubuntu's package is only a stub for a snap): install one and name it in CHROMIUM_PATH"
  fi
fi
