#!/usr/bin/env bash
# Installs cargo-leptos, which builds the browser code, the styles and the server together, into the tool folder.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

cargo_leptos="$TOOLS/bin/cargo-leptos"
if [[ -x $cargo_leptos && "$("$cargo_leptos" --version)" == "cargo-leptos $CARGO_LEPTOS_VERSION" ]]; then
  exit 0
fi

say "missing: cargo-leptos $CARGO_LEPTOS_VERSION; compiling it once into $TOOLS (five to ten minutes on two cores)"
# no_downloads: a helper that is missing is an error we can name, not a download of a program.
exec "$ROOT/scripts/setup/cargo-install.sh" cargo-leptos "$CARGO_LEPTOS_VERSION" --locked --features no_downloads
