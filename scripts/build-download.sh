#!/usr/bin/env bash
# Builds the program that hosts download: `stacker` without any need for the host's libraries. The server offers it as soon as it is
# there; until then, and where it cannot be built, hosts get the program of this build.
# `make run` starts this beside the server, at the lowest priority, so that nobody waits for it. It ends with process SERVER.
# Usage: scripts/build-download.sh [SERVER]
set -euo pipefail
export STACKER_PROFILE=release
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"
cd "$ROOT"

server="${1:-$$}"
nice -n 19 scripts/build.sh download &
build=$!
trap 'end_tree "$build"' EXIT
while is_alive "$build"; do
  is_alive "$server" || exit 0
  sleep 1
done
trap - EXIT
wait "$build" || fail "the static program for hosts was not built; they get the one of this build, for the same distribution"
scripts/dependency-cache.sh save || say "no compiled dependencies are kept"
