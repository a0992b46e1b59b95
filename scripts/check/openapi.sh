#!/usr/bin/env bash
# Checks that the committed OpenAPI document matches the handlers. A test of the server compares them; this runs that test alone.
set -euo pipefail
export STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

# INSTA_UPDATE=no: a difference fails, and nothing is written.
output="$(INSTA_UPDATE=no scripts/with-test-postgres.sh cargo test --quiet --workspace --exclude frontend --test api -- openapi 2>&1)" || {
  say "$output"
  fail "the OpenAPI document is stale: see the difference above, accept it with INSTA_UPDATE=always cargo test -p server --test api openapi"
}
grep -qE 'running [1-9]' <<<"$output" || fail "no test named openapi in server/tests/api compares the OpenAPI document"
