#!/usr/bin/env bash
# Installs what is missing for a purpose and says what and why; does nothing when all is there.
# Usage: scripts/setup.sh run|dev|check|test|bench
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

purpose="${1:-run}"
setup="$ROOT/scripts/setup"
case "$purpose" in
  run | dev | check | test | bench) ;;
  *) fail "unknown purpose '$purpose': one of run, dev, check, test, bench" ;;
esac

"$setup/debian-packages.sh" "$purpose"
"$setup/rust.sh" "$purpose"
case "$purpose" in
  check | test) "$setup/cargo-deny.sh" ;;
esac
if [[ $purpose != check ]]; then
  "$setup/node.sh"
  "$setup/npm-packages.sh"
  "$setup/wasm-bindgen.sh"
  "$setup/cargo-leptos.sh"
fi
