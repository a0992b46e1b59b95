#!/usr/bin/env bash
# Everything that must hold without running a test. All parts run, so one round shows all that is wrong.
# To add one: a script in scripts/check/ and a line below.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

"$ROOT/scripts/setup.sh" check
cd "$ROOT"
failed=()

part() {
  local name="$1"
  shift
  say "check: $name"
  "$@" || failed+=("$name")
}

part "format" cargo fmt --all --check
part "forbidden text" scripts/check/forbidden-text.sh
part "browser crate's dependencies" scripts/check/browser-graph.sh
part "dependencies" scripts/check/dependencies.sh
part "advisories" scripts/check/advisories.sh
part "scripts" scripts/check/scripts.sh
part "query data" scripts/sqlx-prepare.sh --check
part "lints" cargo clippy --quiet --workspace --exclude frontend --all-targets -- -D warnings
part "lints, browser" cargo clippy --quiet --package frontend --target wasm32-unknown-unknown -- -D warnings
part "OpenAPI document" scripts/check/openapi.sh

((${#failed[@]} == 0)) || fail "make check: $(printf '%s; ' "${failed[@]}")"
say "check: all good"
