#!/usr/bin/env bash
# Everything that must hold: the checks, all Rust tests, the browser journeys against the programs that those have
# compiled. First installs what is missing; then one message broker serves all stages, and boots beside the first of them.
set -euo pipefail
export STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"
# shellcheck source=scripts/stages.sh
source "$(dirname "${BASH_SOURCE[0]}")/stages.sh"
cd "$ROOT"

stage setup scripts/setup.sh test packages
((${#failed_stages[@]} == 0)) || fail "set-up failed: nothing else can work"

export SETUP_TIME="${stage_times[0]}" SETUP_SECONDS=$SECONDS
run_stoppable scripts/with-test-rabbitmq.sh --while-booting scripts/test-stages.sh
