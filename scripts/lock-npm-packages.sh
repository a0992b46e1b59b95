#!/usr/bin/env bash
# Writes end2end/package-lock.json after a change of package.json: versions and checksums, without the addresses
# of the registry that this machine happens to use.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT/end2end"

npm install --package-lock-only --no-audit --no-fund >&2
node -e '
  const fs = require("node:fs");
  const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");
'
