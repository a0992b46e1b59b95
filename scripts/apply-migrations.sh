#!/usr/bin/env bash
# Applies all migrations, in order, to the empty database in DATABASE_URL. The server does this by itself at start;
# this is for tools that need the tables before anything of ours is compiled.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

: "${DATABASE_URL:?name the database, for instance through scripts/with-test-postgres.sh}"
psql="$(postgres_bin)/psql"
for migration in "$ROOT"/migrations/*.up.sql; do
  [[ -e $migration ]] || break
  "$psql" --no-psqlrc --quiet --single-transaction -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$migration"
done
