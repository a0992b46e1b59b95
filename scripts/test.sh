#!/usr/bin/env bash
# Everything that must hold: the checks, all Rust tests, the browser journeys against the programs that those have
# compiled.
# All stages run, so one round shows all that is wrong; the last line counts the tests.
set -euo pipefail
export STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"
cd "$ROOT"

logs="$TARGET/test-logs"
mkdir -p "$logs"
rm -f -- end2end/test-results/results.json
failed=()
times=()

# stage NAME COMMAND…: runs it, keeps its output, remembers time and failure. Of a function the last command counts: join
# several with &&.
stage() {
  local name="$1" begin=$SECONDS result=ok
  shift
  printf '\n==> %s\n' "$name"
  if ! "$@" 2>&1 | tee "$logs/$name.log"; then
    result=FAILED
    failed+=("$name")
  fi
  times+=("$(printf '%-10s %-7s %3d min %02d s' "$name" "$result" $(((SECONDS - begin) / 60)) $(((SECONDS - begin) % 60)))")
}

compile_tests() {
  cargo test --workspace --exclude frontend --no-run
}

rust_tests() {
  INSTA_UPDATE=no scripts/with-test-postgres.sh cargo test --workspace --exclude frontend --no-fail-fast
}

# The agent on real containers, in an engine of its own.
container_tests() {
  # Of the whole workspace, as it was compiled: for the agent alone much would be compiled again.
  scripts/with-test-podman.sh cargo test --workspace --exclude frontend --test containers -- --ignored --test-threads 4
}

# Few rounds of what make bench does at length: nothing lost, nothing twice.
kill_test() {
  export STACKER_ENDURE_ROUNDS=12
  scripts/with-test-postgres.sh node bench/endure.mjs &&
    scripts/with-test-podman.sh scripts/with-test-postgres.sh node bench/endure-host.mjs
}

# What the journeys need takes one core for minutes at a time: it is made beside the checks, while nothing is timed. When that
# fails, the journeys do it again and say why.
prepare_journeys() {
  scripts/setup.sh test tools && scripts/build.sh
}

stage setup scripts/setup.sh test packages
((${#failed[@]} == 0)) || fail "set-up failed: nothing else can work"

prepare_journeys >"$logs/build.log" 2>&1 &
build=$!
trap 'end_tree "$build"' EXIT
stage check scripts/check.sh
stage compile compile_tests
say "waiting for what the journeys need: $logs/build.log"
wait "$build" || say "that failed, and is done again before the journeys"
trap - EXIT

stage rust rust_tests
stage containers container_tests
# One journey deploys for real, into an engine of its own.
stage e2e scripts/with-test-podman.sh scripts/e2e.sh
stage kills kill_test

# cargo: "test result: ok. 12 passed; 0 failed; …" for each test program; Playwright: its JSON report.
read -r rust_passed rust_failed < <(awk '/^test result:/ { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1) } } END { print p + 0, f + 0 }' "$logs/rust.log" "$logs/containers.log")
read -r e2e_passed e2e_failed < <(node scripts/count-journeys.mjs end2end/test-results/results.json)

printf '\n%s\n' "${times[@]}"
printf '\nRust: %d passed, %d failed; journeys: %d passed, %d failed\n' "$rust_passed" "$rust_failed" "$e2e_passed" "$e2e_failed"
[[ -d $ROOT/../shared/corpus ]] || say "skipped: the tests over real files, because ../shared/corpus is not there (CONTRIBUTING.md)"
((${#failed[@]} == 0)) || say "failed: ${failed[*]} (output in $logs)"
printf '%d passed, %d failed\n' $((rust_passed + e2e_passed)) $((rust_failed + e2e_failed))

((${#failed[@]} == 0)) || exit 1
((rust_passed > 0 && e2e_passed > 0)) || fail "a stage ran no test"
