#!/usr/bin/env bash
# Installs cargo-deny, which looks at the licences and origins of dependencies, into the tool folder.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

cargo_deny="$TOOLS/bin/cargo-deny"
if [[ -x $cargo_deny && "$("$cargo_deny" --version)" == "cargo-deny $CARGO_DENY_VERSION" ]]; then
  exit 0
fi

say "missing: cargo-deny $CARGO_DENY_VERSION; compiling it once into $TOOLS (about three minutes on two cores)"
exec "$ROOT/scripts/setup/cargo-install.sh" cargo-deny "$CARGO_DENY_VERSION" --locked --force
