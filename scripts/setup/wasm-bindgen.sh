#!/usr/bin/env bash
# Installs wasm-bindgen, which makes the browser code loadable, in exactly the version of Cargo.lock.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

version="$(wasm_bindgen_version)"
[[ -n $version ]] || fail "Cargo.lock names no wasm-bindgen"
wasm_bindgen="$TOOLS/bin/wasm-bindgen"
if [[ -x $wasm_bindgen && "$("$wasm_bindgen" --version)" == "wasm-bindgen $version" ]]; then
  exit 0
fi

say "missing: wasm-bindgen $version, as in Cargo.lock; compiling it once into $TOOLS (about a minute)"
# Not --locked: the lock file it ships names a version that has been withdrawn.
exec "$ROOT/scripts/setup/cargo-install.sh" wasm-bindgen-cli "$version" --bin wasm-bindgen --force
