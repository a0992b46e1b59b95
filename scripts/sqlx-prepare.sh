#!/usr/bin/env bash
# Describes every compile-time checked query of core against a database with all migrations, and writes .sqlx/.
# Usage: scripts/sqlx-prepare.sh            refreshes .sqlx
#        scripts/sqlx-prepare.sh --check    fails when .sqlx is not what a refresh would write
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

# Only these files can change the result, so the same input is described only once.
fingerprint="$(find migrations core/src core/Cargo.toml Cargo.lock -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)"
fresh="$TARGET/sqlx-data/$fingerprint"

describe() {
  rm -rf -- "$TARGET/sqlx-data"
  mkdir -p "$fresh"
  # The fingerprint is passed as a cfg that no code reads. It makes cargo compile the crate again, without replacing what other
  # builds have compiled from the same sources.
  FRESH="$fresh" FINGERPRINT="$fingerprint" "$ROOT/scripts/with-test-postgres.sh" bash -euo pipefail -c '
    "$ROOT/scripts/apply-migrations.sh"
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$FRESH" \
      cargo rustc --quiet -p stacker --lib --profile check -- --cfg "sqlx_data=\"$FINGERPRINT\"" --cap-lints allow
  '
  touch "$fresh/complete"
}

[[ -f $fresh/complete ]] || describe

if [[ ${1:-} == --check ]]; then
  if ! diff -rq --exclude=complete .sqlx "$fresh" >&2; then
    fail ".sqlx is stale: run scripts/sqlx-prepare.sh and commit what it writes"
  fi
else
  mkdir -p .sqlx
  find .sqlx -name 'query-*.json' -delete
  find "$fresh" -name 'query-*.json' -exec cp -t .sqlx {} +
  say ".sqlx holds $(find .sqlx -name 'query-*.json' | wc -l) queries"
fi
