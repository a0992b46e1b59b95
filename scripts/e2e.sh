#!/usr/bin/env bash
# The browser journeys: builds what they look at and lets Playwright start it, each worker with a data folder of its own.
# The programs are those of the tests, unless STACKER_PROFILE=release: journeys in minutes instead of a release build.
# Usage: scripts/e2e.sh [PLAYWRIGHT ARGUMENT…]
set -euo pipefail
export STACKER_PROFILE="${STACKER_PROFILE:-debug}"
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

"$ROOT/scripts/setup.sh" test
run_stoppable "$ROOT/scripts/build.sh"

CHROMIUM_PATH="$(chromium_path)" || fail "no Chromium: scripts/setup.sh test installs it, or name one in CHROMIUM_PATH"
export CHROMIUM_PATH
cd "$ROOT/end2end"
run_stoppable playwright test "$@"
