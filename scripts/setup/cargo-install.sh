#!/usr/bin/env bash
# Compiles a program of the crate registry into the tool folder, quickly rather than well: it runs for seconds.
# Usage: scripts/setup/cargo-install.sh CRATE VERSION [OPTION…]   OPTION: of `cargo install`
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

(($# >= 2)) || fail "name a crate and its version"
crate="$1" version="$2"
shift 2

cd "$ROOT" # for rust-toolchain.toml
# The lints of our debug builds are for our code.
unset RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS
# OpenSSL from the system: compiling it takes longer than everything around it.
export OPENSSL_NO_VENDOR=1
settings=(--config 'profile.release.lto="off"' --config 'profile.release.codegen-units=4' --config 'profile.release.opt-level=0')
settings+=(--config 'profile.release.panic="abort"')
# These have megabytes to go through.
for busy in brotli walrus wasmparser wasm-encoder gimli wasm_split_cli_support; do
  settings+=(--config "profile.release.package.$busy.opt-level=2")
done
exec cargo "${settings[@]}" install "$crate" --version "$version" --root "$TOOLS" "$@" >&2
