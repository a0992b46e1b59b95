#!/usr/bin/env bash
# From a bare machine to a running server: installs what is missing, builds, and becomes the server.
# Only the server writes to stdout. Signals reach it directly; while building they end the build.
set -euo pipefail
export STACKER_PROFILE=release
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

run_stoppable "$ROOT/scripts/prepare-run.sh" >&2
# The server becomes this process: the build beside it ends with it.
("$ROOT/scripts/build-download.sh" $$ >"$TARGET/build-download.log" 2>&1 &)
exec "$ROOT/scripts/start-server.sh" "$@"
