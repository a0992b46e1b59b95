#!/usr/bin/env bash
# Everything that must hold without running a test, except for the test that compares the OpenAPI document.
# All parts run, so one round shows all that is wrong. To add one: a script in scripts/check/ and a line below.
set -euo pipefail
export STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/stages.sh
source "$(dirname "${BASH_SOURCE[0]}")/stages.sh"

"$ROOT/scripts/setup.sh" check
cd "$ROOT"

stage "format" cargo fmt --all --check
stage "forbidden text" scripts/check/forbidden-text.sh
stage "browser crate's dependencies" scripts/check/browser-graph.sh
stage "dependencies" scripts/check/dependencies.sh
stage "advisories" scripts/check/advisories.sh
stage "scripts" scripts/check/scripts.sh
stage "documents" scripts/check/documents.sh
# The compile that the tests run is the one that lints.
stage "lints" scripts/build.sh programs
stage "lints, browser" cargo clippy --quiet --package frontend --target wasm32-unknown-unknown -- -D warnings
stage "query data" scripts/sqlx-prepare.sh --check
stage "OpenAPI document" scripts/check/openapi.sh

printf '%s\n' "${stage_times[@]}" >&2
((${#failed_stages[@]} == 0)) || fail "make check: $(printf '%s; ' "${failed_stages[@]}")"
say "check: all good"
