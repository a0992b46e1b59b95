#!/usr/bin/env bash
# Applies all migrations, in order, to the empty database in DATABASE_URL. The server does this by itself at start;
# this is for tools that need the tables before anything of ours is compiled.
# Usage: scripts/apply-migrations.sh [--recorded]   recorded as the server does, so that it finds nothing left to do
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

: "${DATABASE_URL:?name the database, for instance through scripts/with-test-postgres.sh}"
database=("$(postgres_bin)/psql" --no-psqlrc --quiet -v ON_ERROR_STOP=1 -d "$DATABASE_URL")
for migration in "$ROOT"/migrations/*.up.sql; do
  [[ -e $migration ]] || break
  "${database[@]}" --single-transaction -f "$migration"
done

if [[ ${1:-} == --recorded ]]; then
  {
    echo "create table _sqlx_migrations (version bigint primary key, description text not null,
      installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
      execution_time bigint not null);"
    for migration in "$ROOT"/migrations/*.up.sql; do
      name="$(basename "$migration" .up.sql)" sum="$(sha384sum <"$migration")"
      description="${name#*_}"
      echo "insert into _sqlx_migrations values (${name%%_*}, '${description//_/ }', default, true, '\\x${sum%% *}', 0);"
    done
  } | "${database[@]}"
fi
