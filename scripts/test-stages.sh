#!/usr/bin/env bash
# The stages of scripts/test.sh, with a message broker around them.
# All stages run, so one round shows all that is wrong; the last line counts the tests.
# Usage: scripts/with-test-rabbitmq.sh --while-booting scripts/test-stages.sh
set -euo pipefail
export STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"
# shellcheck source=scripts/stages.sh
source "$(dirname "${BASH_SOURCE[0]}")/stages.sh"
cd "$ROOT"

logs="$TARGET/test-logs"
mkdir -p "$logs"
rm -f -- end2end/test-results/results.json

# logged NAME COMMAND…: also keeps what it prints.
logged() {
  local name="$1"
  shift
  "$@" 2>&1 | tee "$logs/$name.log"
}

# More at once than there are cores: most tests wait for PostgreSQL, for processes or for the end of a long poll.
rust_tests() {
  RUST_TEST_THREADS=4 INSTA_UPDATE=no scripts/with-test-postgres.sh cargo test --workspace --exclude frontend --no-fail-fast
}

# These words select the tests of the User Service, of its webhook and of the check before a deployment. Each must select some. The
# programs are compiled already, so listing their tests takes a moment.
filters_match() {
  local listed filter status=0
  listed="$(cargo test --quiet --workspace --exclude frontend --lib -- --list)"
  for filter in user_service_client marketplace_webhook deployment_validator; do
    if ! grep -q "$filter.*: test$" <<<"$listed"; then
      say "cargo test $filter selects no test"
      status=1
    fi
  done
  return "$status"
}

# The agent on real containers.
container_tests() {
  # Of the whole workspace, as it was compiled: for the agent alone much would be compiled again.
  scripts/with-test-podman.sh cargo test --workspace --exclude frontend --test containers -- --ignored --test-threads 4
}

# Few rounds of what make bench does at length: nothing lost, nothing twice. Simulated agents and a real one side by side, each
# with a server and a database of its own.
kill_tests() {
  local simulated status=0
  export STACKER_ENDURE_ROUNDS=12
  scripts/with-test-postgres.sh node bench/endure.mjs &
  simulated=$!
  trap 'end_tree "$simulated"' EXIT
  scripts/with-test-podman.sh scripts/with-test-postgres.sh node bench/endure-host.mjs || status=1
  wait "$simulated" || status=1
  trap - EXIT
  return "$status"
}

# What needs an engine but no browser. Prints its own times, because it runs beside another stage.
engine_tests() {
  stage_times=() failed_stages=()
  stage containers container_tests
  stage kills kill_tests
  printf '%s\n' "${stage_times[@]}"
  ((${#failed_stages[@]} == 0))
}

# The browser code keeps one core busy for minutes at a time: it is built beside the checks, while nothing is timed. When that
# fails, the journeys do it again and say why.
prepare_journeys() {
  scripts/setup.sh test tools && scripts/build.sh browser
}

SECONDS=${SETUP_SECONDS:-0}
stage_times=("${SETUP_TIME:-}")
stage cache restore_dependencies

prepare_journeys >"$logs/browser.log" 2>&1 &
browser=$!
trap 'end_tree "$browser"' EXIT
stage check logged check scripts/check.sh
say "waiting for what the journeys need: $logs/browser.log"
stage browser wait "$browser"
trap - EXIT
stage cache save_dependencies

# The tests with an engine wait more than they work: beside the Rust tests they cost little time.
engine_tests >"$logs/engine.log" 2>&1 &
engine=$!
trap 'end_tree "$engine"' EXIT
stage rust logged rust rust_tests
stage filters filters_match
stage engine wait "$engine"
trap - EXIT
cat "$logs/engine.log"
# One journey deploys for real, into an engine of its own.
stage e2e logged e2e scripts/with-test-podman.sh scripts/e2e.sh

# cargo: "test result: ok. 12 passed; 0 failed; …" for each test program; Playwright: its JSON report.
read -r rust_passed rust_failed < <(awk '/^test result:/ { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1) } } END { print p + 0, f + 0 }' "$logs/rust.log" "$logs/engine.log")
read -r e2e_passed e2e_failed < <(node scripts/count-journeys.mjs end2end/test-results/results.json)

printf '\n'
printf '%s\n' "${stage_times[@]}" "$(printf '%-18s %s' 'all together' "$(minutes $SECONDS)")"
printf '\nRust: %d passed, %d failed; journeys: %d passed, %d failed\n' "$rust_passed" "$rust_failed" "$e2e_passed" "$e2e_failed"
[[ -x $TOOLS/compose-$COMPOSE_VERSION/docker-compose ]] || say "skipped: the comparison with Compose, because there is no docker-compose $COMPOSE_VERSION in the tool folder (scripts/setup/compose-reference.sh)"
[[ -d $ROOT/../shared/corpus ]] || say "skipped: the tests over real files, because ../shared/corpus is not there (CONTRIBUTING.md)"
((${#failed_stages[@]} == 0)) || say "failed: ${failed_stages[*]} (output in $logs)"
printf '%d passed, %d failed\n' $((rust_passed + e2e_passed)) $((rust_failed + e2e_failed))

((${#failed_stages[@]} == 0)) || exit 1
((rust_passed > 0 && e2e_passed > 0)) || fail "a stage ran no test"
