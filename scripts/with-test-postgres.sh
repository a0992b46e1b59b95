#!/usr/bin/env bash
# Runs a command with a temporary PostgreSQL cluster behind a unix socket, which is removed afterwards.
# DATABASE_URL names an empty database. New databases are created with all migrations (`template template0` creates empty ones).
# Existing services and clusters are not touched.
# Usage: scripts/with-test-postgres.sh COMMAND [ARGUMENT…]
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

(($# > 0)) || fail "name the command to run"
bin="$(postgres_bin)" || fail "PostgreSQL $POSTGRES_MINIMUM or newer is missing: scripts/setup.sh check installs it"

# The path of a socket is limited to 107 bytes, so a long TMPDIR cannot be used.
parent="${TMPDIR:-/tmp}"
((${#parent} < 60)) || parent=/tmp
folder="$(mktemp -d "$parent/stacker-pg.XXXXXX")"

# PostgreSQL refuses to run as root.
as_owner=()
if ((EUID == 0)); then
  as_owner=(setpriv --reuid=postgres --regid=postgres --init-groups)
  chown postgres: "$folder"
fi
in_cluster() { (cd "$folder" && "${as_owner[@]}" "$@"); }

remove_cluster() {
  if [[ -f $folder/data/postmaster.pid ]]; then
    in_cluster "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  rm -rf -- "$folder"
}
trap remove_cluster EXIT
trap 'exit 143' INT TERM HUP

in_cluster "$bin/initdb" -D "$folder/data" -U stacker -A trust -E UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 ||
  fail "initdb failed: $(tail -3 "$folder/initdb.log")"

# The data need not survive the run, so nothing waits for the disk. Each test opens its own pool, so many connections are
# allowed. Benchmarks count statements, which needs pg_stat_statements.
options="-k $folder -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
options+=" -c shared_preload_libraries=pg_stat_statements"
in_cluster "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/log" -o "$options" -w -t 60 start >/dev/null ||
  fail "PostgreSQL did not start: $(tail -3 "$folder/data/log")"
in_cluster "$bin/createdb" -h "$folder" -U stacker stacker

# Migrates the template from which tests create databases; otherwise each of hundreds of tests would run the migrations again.
DATABASE_URL="postgres://stacker@localhost/template1?host=$folder" "$ROOT/scripts/apply-migrations.sh" --recorded ||
  fail "the migrations do not apply"
export DATABASE_URL="postgres://stacker@localhost/stacker?host=$folder"
status=0
run_stoppable "$@" || status=$?
exit "$status"
