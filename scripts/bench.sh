#!/usr/bin/env bash
# Measures, prints a table of results and goals, and writes target/bench/*.json. No time makes it fail.
# Usage: scripts/bench.sh [NAME…]   NAME: one of the programs bench/NAME.mjs that are listed below (default: all)
# To add a program: write bench/NAME.mjs, which writes rows with report() of bench/report.mjs, and add its name below.
set -euo pipefail
# Measures the build that is released.
export STACKER_PROFILE=release
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

"$ROOT/scripts/setup.sh" bench
run_stoppable "$ROOT/scripts/build.sh"
cd "$ROOT"
mkdir -p "$TARGET/bench"

all=(domain check edits policy rate-limit browser-code browser server rest timing dispatch progress endure endure-host broker)
(($# == 0)) || all=("$@")
for name in "${all[@]}"; do
  say "measuring: $name"
  measure=(scripts/with-test-postgres.sh node "bench/$name.mjs")
  case "$name" in
    endure-host) measure=(scripts/with-test-podman.sh "${measure[@]}") ;;
    progress | broker) measure=(scripts/with-test-rabbitmq.sh "${measure[@]}") ;;
  esac
  run_stoppable "${measure[@]}" || say "measuring $name failed; its rows are missing below"
done
node bench/table.mjs
