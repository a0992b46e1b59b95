#!/usr/bin/env bash
# Installs what is missing for a purpose and says what and why; does nothing when all is there.
# Usage: scripts/setup.sh run|dev|check|test|bench [packages|tools]
# With `packages`, only what comes ready; with `tools`, only what we compile, which takes minutes.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

purpose="${1:-run}" part="${2:-all}"
setup="$ROOT/scripts/setup"
case "$purpose" in
  run | dev | check | test | bench) ;;
  *) fail "unknown purpose '$purpose': one of run, dev, check, test, bench" ;;
esac
case "$part" in
  all | packages | tools) ;;
  *) fail "unknown part '$part': packages or tools, or leave it out" ;;
esac

if [[ $part != tools ]]; then
  "$setup/debian-packages.sh" "$purpose"
  "$setup/rust.sh" "$purpose"
  if [[ $purpose != check ]]; then
    "$setup/node.sh"
    "$setup/npm-packages.sh"
  fi
  if [[ $purpose == test || $purpose == bench ]]; then
    "$setup/compose-reference.sh"
  fi
fi
if [[ $part != packages ]]; then
  if [[ $purpose == check ]]; then
    "$setup/cargo-deny.sh"
  else
    "$setup/wasm-bindgen.sh"
    "$setup/cargo-leptos.sh"
  fi
fi
