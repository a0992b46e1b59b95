#!/usr/bin/env bash
# What `make run` needs before it starts the server: tools, programs and browser code. Says how long each took when it took long.
set -euo pipefail
export STACKER_PROFILE=release
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"
# shellcheck source=scripts/stages.sh
source "$(dirname "${BASH_SOURCE[0]}")/stages.sh"
cd "$ROOT"

stop_on_failure() { ((${#failed_stages[@]} == 0)) || fail "${failed_stages[*]} failed: see above"; }

stage packages scripts/setup.sh run packages
stop_on_failure
stage cache restore_dependencies
# The browser code keeps one core busy for minutes, its tools and the programs keep two: together they take less time.
# Where memory is short, one after the other.
browser_code() { scripts/setup.sh run tools && scripts/build.sh browser; }
if (($(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo) > 6000)); then
  browser_code &
  browser=$!
  trap 'end_tree "$browser"' EXIT
  stage programs scripts/build.sh programs
  stage browser wait "$browser"
  trap - EXIT
else
  stage programs scripts/build.sh programs
  stage browser browser_code
fi
stop_on_failure
stage cache save_dependencies
((SECONDS < 60)) || printf '%s\n' "${stage_times[@]}" "$(printf '%-18s %s' 'all together' "$(minutes $SECONDS)")"
