#!/usr/bin/env bash
# Builds for development and starts the server; does both again after every change. Data is stored in a scratch folder.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

"$ROOT/scripts/setup.sh" dev >&2
cd "$ROOT"

# If root runs this script, PostgreSQL runs as another user, who must be able to enter the folder.
if ((EUID == 0)); then scratch=/var/tmp/stacker-dev; else scratch="$ROOT/target/dev-data"; fi
export STACKER_DATA_DIR="${STACKER_DATA_DIR:-$scratch}"
export APP_HOST="${APP_HOST:-127.0.0.1}"
export APP_PORT="${APP_PORT:-8000}"
# cargo-leptos connects to this address to see whether the server is up before it tells the browser to reload.
export LEPTOS_SITE_ADDR="$APP_HOST:$APP_PORT"

# The agent of this machine and the operator commands are built only once: cargo-leptos watches the server and the browser code.
cargo build --package cli
cargo build --package server --bin console
say "data: $STACKER_DATA_DIR"
exec cargo leptos watch
