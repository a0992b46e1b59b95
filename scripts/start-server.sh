#!/usr/bin/env bash
# Starts the server that scripts/build.sh has built for STACKER_PROFILE, with the settings that name its browser code.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

server="$PROGRAMS/server"
[[ -x $server ]] || fail "no $server: scripts/build.sh builds it"

# The names of the files in pkg/ contain hashes, which the server reads from hash.txt beside its binary.
export LEPTOS_OUTPUT_NAME=stacker
export LEPTOS_SITE_ROOT="$ROOT/target/site"
export LEPTOS_SITE_PKG_DIR=pkg
export LEPTOS_HASH_FILES=true
export LEPTOS_HASH_FILE_NAME=hash.txt

cd "$ROOT"
exec "$server" "$@"
