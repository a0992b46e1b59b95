#!/usr/bin/env bash
# Becomes the server that scripts/build.sh has built for STACKER_PROFILE, with what it must know about its browser code.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

server="$PROGRAMS/server"
[[ -x $server ]] || fail "no $server: scripts/build.sh builds it"

# The names of the files in pkg/ carry hashes, which the server reads from the hash.txt beside its program.
export LEPTOS_OUTPUT_NAME=stacker
export LEPTOS_SITE_ROOT="$ROOT/target/site"
export LEPTOS_SITE_PKG_DIR=pkg
export LEPTOS_HASH_FILES=true
export LEPTOS_HASH_FILE_NAME=hash.txt

cd "$ROOT"
exec "$server" "$@"
