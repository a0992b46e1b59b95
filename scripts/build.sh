#!/usr/bin/env bash
# Builds what ships: the server, the console and the agent (release), the browser code (small), styles and files, precompressed.
# With STACKER_PROFILE=debug the programs are those that the tests have compiled, with the load generator; all else is what ships.
# Does nothing when no source has changed since the last time.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

# Folders are compared too: their time changes when a file in them is removed.
sources=(app cli core domain frontend server style public migrations Cargo.toml Cargo.lock rust-toolchain.toml .cargo scripts/build.sh end2end/package-lock.json)
[[ ! -d .sqlx ]] || sources+=(.sqlx)
programs=(server console stacker)
if [[ $STACKER_PROFILE == debug ]]; then
  sources+=(bench)
  programs+=(load)
fi
stamp="$PROGRAMS/.stacker-built"

# `make dev` puts its own, bigger files into target/site: ours are those that hash.txt names.
is_fresh() {
  local product wasm
  wasm="$(sed -n 's/^wasm: //p' "$PROGRAMS/hash.txt" 2>/dev/null)" || return 1
  for product in "$stamp" "${programs[@]/#/$PROGRAMS/}" "target/site/pkg/stacker.$wasm.wasm.br"; do
    [[ -e $product ]] || return 1
  done
  [[ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]]
}

if is_fresh; then
  exit 0
fi

say "building the browser code and the server (some minutes the first time)"
mkdir -p "${stamp%/*}"
# Taken before the build, so that what is saved meanwhile counts as newer.
started="$(mktemp "$PROGRAMS/.stacker-build.XXXXXX")"
trap 'rm -f -- "$started"' EXIT
rm -f -- "$stamp"

if [[ $STACKER_PROFILE == release ]]; then
  cargo leptos build --release --precompress
  cargo build --release --package server --bins
  # Features of the one must not change the other.
  cargo build --release --package cli --bins
else
  cargo leptos build --release --precompress --frontend-only
  # A test program among them makes cargo take the features that the tests have, and so what was compiled for them. What is
  # fuzzed cannot be linked like this.
  cargo build --workspace --exclude frontend --exclude fuzz --bins --test telemetry
  cp "$TARGET/release/hash.txt" "$PROGRAMS/"
fi
mv "$started" "$stamp"
