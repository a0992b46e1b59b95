#!/usr/bin/env bash
# Installs the npm packages of end2end/package-lock.json: Tailwind, wasm-opt (binaryen) and Playwright.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

cd "$ROOT/end2end"
# Written last, so an install that was cut short is done again.
stamp=node_modules/.installed-lock
if [[ -f $stamp ]] && cmp -s package-lock.json "$stamp"; then
  exit 0
fi

say "npm install in end2end (Tailwind, wasm-opt, Playwright), as locked"
# Not `npm ci`: it insists on lock entries for all platforms, and not every registry has those of all platforms.
# The browser comes from the system: Playwright's own download is neither needed nor everywhere possible.
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --no-audit --no-fund --loglevel=error >&2
cp package-lock.json "$stamp"
