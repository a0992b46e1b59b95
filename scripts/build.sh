#!/usr/bin/env bash
# Builds the programs, the browser code, or both; does nothing when no source has changed since the last time.
# STACKER_PROFILE=release: the programs that ship. debug: all programs and tests, linted (scripts/environment.sh).
# The browser code is always the one that ships: small, precompressed, with styles and files.
# With `download`, which is not part of "both": the static program that hosts download (scripts/build-download.sh).
# Usage: scripts/build.sh [browser|programs|download]
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

# Folders are compared too: their time changes when a file in them is removed.
shared=(app domain Cargo.toml Cargo.lock rust-toolchain.toml .cargo scripts/build.sh)
browser_sources=("${shared[@]}" frontend style public end2end/package-lock.json)
program_sources=("${shared[@]}" cli core server migrations .sqlx)
programs=(server console stacker)
if [[ $STACKER_PROFILE == debug ]]; then
  program_sources+=(bench clippy.toml fuzz)
  programs+=(load)
fi
browser_stamp="$TARGET/.browser-built"
program_stamp="$PROGRAMS/.programs-built"
download="$TARGET/release/stacker-linux-$(uname -m)"
# The names of the files in target/site/pkg carry hashes. The server reads them from the hash.txt beside its program.
hashes="$TARGET/release/hash.txt"

# is_newer_than_all STAMP SOURCE…: nothing has changed since the stamp was made.
is_newer_than_all() {
  local stamp="$1"
  shift
  [[ -e $stamp && -z "$(find "$@" -newer "$stamp" -print -quit)" ]]
}

# `make dev` puts its own, bigger files into target/site: ours are those that hash.txt names.
browser_is_fresh() {
  local wasm
  wasm="$(sed -n 's/^wasm: //p' "$hashes" 2>/dev/null)" || return 1
  [[ -e target/site/pkg/stacker.$wasm.wasm.br ]] && is_newer_than_all "$browser_stamp" "${browser_sources[@]}"
}

programs_are_fresh() {
  local program
  for program in "${programs[@]/#/$PROGRAMS/}"; do
    [[ -e $program ]] || return 1
  done
  is_newer_than_all "$program_stamp" "${program_sources[@]}"
}

# stamped STAMP COMMAND…: the stamp gets the time of the start, so that what is saved during the build counts as newer.
stamped() {
  local stamp="$1" started
  shift
  mkdir -p "${stamp%/*}"
  rm -f -- "$stamp"
  started="$(mktemp "$stamp.XXXXXX")"
  if "$@"; then
    mv "$started" "$stamp"
  else
    rm -f -- "$started"
    return 1
  fi
}

build_browser() {
  # What ships is compiled by rustc itself.
  env -u RUSTC_WORKSPACE_WRAPPER -u CLIPPY_ARGS cargo leptos build --release --precompress --frontend-only
}

build_programs() {
  if [[ $STACKER_PROFILE == release ]]; then
    # In one call: each would compile some dependencies with features of its own.
    cargo build --release --package server --package cli --bins
  else
    cargo build --workspace --exclude frontend --bins --tests --bench '*'
  fi
}

# Static: the C library is musl, for the parts in C as well. The server finds the file beside its own program.
build_download() {
  local triple
  triple="$(uname -m)-unknown-linux-musl"
  # Until the new one is there, hosts get the program of this build rather than one of before.
  rm -f -- "$download"
  env -u RUSTC_WORKSPACE_WRAPPER -u CLIPPY_ARGS "CC_${triple//-/_}=musl-gcc" \
    cargo build --release --package cli --bin stacker --target "$triple"
  # Replaced as a whole: a host may be downloading it.
  cp "$TARGET/$triple/release/stacker" "$download.new"
  mv "$download.new" "$download"
}

if [[ ${1:-browser} == browser ]] && ! browser_is_fresh; then
  say "building the browser code (a few minutes the first time)"
  stamped "$browser_stamp" build_browser
fi
if [[ ${1:-programs} == programs ]] && ! programs_are_fresh; then
  say "building the programs ($STACKER_PROFILE; some minutes the first time)"
  stamped "$program_stamp" build_programs
fi
if [[ ${1:-} == download ]] && ! is_newer_than_all "$download" cli domain Cargo.toml Cargo.lock rust-toolchain.toml .cargo scripts/build.sh; then
  say "building the static program for hosts (a few minutes the first time)"
  build_download
fi
if [[ -e $hashes && $PROGRAMS != "${hashes%/*}" ]] && ! cmp -s "$hashes" "$PROGRAMS/hash.txt"; then
  mkdir -p "$PROGRAMS"
  cp "$hashes" "$PROGRAMS/"
fi
